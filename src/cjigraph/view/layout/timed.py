"""Time runs to the right: a layout for what follows what."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from cjigraph.view.layout import SYMBOL, WIDTH, Layout, Tick, label_size, rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cjigraph.networks import Network

_ROW = 64
_STEP = 0.9  # years that something without a date is set from what it is linked to


def timed(graph: Network, year: Mapping[str, float]) -> Layout:
    """Return a layout along the years, in which chains read as lines.

    `year` says when each thing was, in years and fractions; a thing without one stands
    where its links suggest, and is named among the guessed. A link points to what is
    earlier.
    """
    if not len(graph):
        return Layout({}, [])
    when, undated = _estimated(graph, year)
    scale, first = _scale(when)
    across = {name: (when[name] - first) * scale for name in graph}
    rows = _lanes(graph, across)
    points = np.array([(across[name], rows[name] * _ROW) for name in graph])
    positions = rounded(list(graph), points)
    shift = min(x for x, _ in positions.values()) - min(across.values())
    ticks = _years(when, undated, lambda moment: (moment - first) * scale + shift)
    return Layout(positions, ticks, frozenset(set(graph) - set(year)))


def _estimated(
    graph: Network, year: Mapping[str, float]
) -> tuple[dict[str, float], frozenset[str]]:
    """Return a year for everything; parts without any date stand before the rest."""
    when = {name: year[name] for name in graph if name in year}
    while True:
        new = {
            name: guess
            for name in graph
            if name not in when and (guess := _guess(graph, name, when)) is not None
        }
        if not new:
            break
        when |= new
    undated = frozenset(set(graph) - set(when))
    start = math.floor(min(when.values(), default=0.0))
    for name in sorted(undated):
        when[name] = start - 1.5 - _STEP * _depth(graph, name, undated)
    return when, undated


def _guess(graph: Network, name: str, when: Mapping[str, float]) -> float | None:
    before = [when[other] + _STEP for other in graph.successors(name) if other in when]
    after = [when[other] - _STEP for other in graph.predecessors(name) if other in when]
    if before and after:
        return (max(before) + min(after)) / 2
    return max(before) if before else min(after, default=None)


def _depth(graph: Network, name: str, among: Iterable[str]) -> int:
    """Return how many steps of later work follow a thing; a cycle counts once."""
    known = frozenset(among)
    steps, ring, seen = 0, {name}, {name}
    while ring := _later(graph, ring) & known - seen:
        seen |= ring
        steps += 1
    return steps


def _later(graph: Network, things: Iterable[str]) -> set[str]:
    return {later for thing in things for later in graph.predecessors(thing)}


def _scale(when: Mapping[str, float]) -> tuple[float, float]:
    """Return how many pixels a year takes, and the year at the left edge."""
    first, last = min(when.values()), max(when.values())
    breadth = WIDTH * max(1.0, math.sqrt(len(when) / 70)) - 120
    return min(breadth / max(last - first, 1.0), 220.0), first


def _lanes(graph: Network, across: Mapping[str, float]) -> dict[str, int]:
    """Return a row for each thing: chains keep theirs, and no labels overlap."""
    parts = [sorted(part) for part in nx.weakly_connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), min(across[name] for name in part), part))
    taken = _Rows(graph, across)
    rows: dict[str, int] = {}
    for part in parts:
        local = _part_lanes(graph, part, across)
        runs = _runs(part, local)
        start = next(
            row
            for row in range(len(graph) + 1)
            if all(taken.free(row + at, *run) for at, run in runs.items())
        )
        for at, run in runs.items():
            taken.take(start + at, *run)
        rows |= {name: start + row for name, row in local.items()}
    return rows


def _runs(part: Sequence[str], lanes: Mapping[str, int]) -> dict[int, list[str]]:
    """Return what stands in each row of a part.

    Nothing else may stand between them, or it would seem to belong to their line.
    """
    runs: dict[int, list[str]] = defaultdict(list)
    for name in part:
        runs[lanes[name]].append(name)
    return runs


def _part_lanes(
    graph: Network, part: Sequence[str], across: Mapping[str, float]
) -> dict[str, int]:
    """Return rows within a part: a thing takes the row of what it follows, if free."""
    taken = _Rows(graph, across)
    lanes: dict[str, int] = {}
    for name in sorted(part, key=lambda name: (across[name], name)):
        known = [other for other in graph.successors(name) if other in lanes]
        latest = max(known, key=lambda other: (across[other], other), default=None)
        wished = 0 if latest is None else lanes[latest]
        outward = (
            wished + way * far for far in range(len(part) + 1) for way in (1, -1)
        )
        lanes[name] = next(row for row in outward if taken.free(row, name))
        taken.take(lanes[name], name)
    top = min(lanes.values())
    return {name: row - top for name, row in lanes.items()}


class _Rows:
    """Which stretches of which rows are taken by symbols and their labels."""

    def __init__(self, graph: Network, across: Mapping[str, float]) -> None:
        self._half = {
            name: max(label_size(node["label"])[0], SYMBOL) / 2 + 5
            for name, node in graph.nodes(data=True)
        }
        self._across = across
        self._taken: dict[int, list[tuple[float, float]]] = defaultdict(list)

    def free(self, row: int, *names: str) -> bool:
        """Whether things have room in a row, with all that lies between them."""
        left, right = self._stretch(names)
        return all(right <= start or end <= left for start, end in self._taken[row])

    def take(self, row: int, *names: str) -> None:
        """Keep the room of things in a row, with all that lies between them."""
        self._taken[row].append(self._stretch(names))

    def _stretch(self, names: Iterable[str]) -> tuple[float, float]:
        ends = [(self._across[name], self._half[name]) for name in names]
        return min(x - half for x, half in ends), max(x + half for x, half in ends)


def _years(
    when: Mapping[str, float], undated: frozenset[str], place: Callable[[float], float]
) -> list[Tick]:
    """Return a tick for each year, or for each fifth where there are many."""
    ticks = []
    if undated:
        middle = sum(when[name] for name in undated) / len(undated)
        ticks.append(Tick(round(place(middle)), "No date"))
    dated = [moment for name, moment in when.items() if name not in undated]
    if dated:
        first, last = math.floor(min(dated)), math.floor(max(dated)) + 1
        step = 1 if last - first <= 24 else 5
        marked = (year for year in range(first, last + 1) if year % step == 0)
        ticks += [Tick(round(place(year)), str(year)) for year in marked]
    return ticks
