"""Things in columns, in an order that is given: a layout for what becomes of plans."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cjigraph.view.layout import WIDTH, Layout, Tick, label_size, rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import networkx as nx

    from cjigraph.networks import Network

    Column = tuple[int, int]
    Turn = tuple[float, int, str]

_ROW = 46


def columns(
    graph: Network,
    column: Callable[[str], Column],
    heading: Callable[[Column], str],
    turn: Callable[[str], Turn],
) -> Layout:
    """Return a layout in columns, in the order of what `column` returns for things.

    Rows follow links: a thing stands as level as it can with what it is linked to; of
    what is not linked, what `turn` puts first stands above.
    """
    if not len(graph):
        return Layout({}, [])
    members: dict[Column, list[str]] = defaultdict(list)
    turns = {name: turn(name) for name in graph}
    for name in sorted(graph, key=turns.__getitem__):
        members[column(name)].append(name)
    order = sorted(members)
    rows = _levels(graph, [members[key] for key in order], turns)
    starts = _starts(graph, [members[key] for key in order])
    across = {
        name: x for key, x in zip(order, starts, strict=True) for name in members[key]
    }
    points = np.array([(across[name], rows[name] * _ROW) for name in graph])
    positions = rounded(list(graph), points)
    ticks = [Tick(positions[members[key][0]][0], heading(key)) for key in order]
    return Layout(positions, ticks)


def _starts(graph: Network, members: Sequence[Sequence[str]]) -> list[float]:
    """Return where each column stands, wide enough for its labels."""
    widths = [
        max(label_size(graph.nodes[name]["label"])[0] for name in names) + 24
        for names in members
    ]
    gaps = [max(90.0, (one + other) / 2) for one, other in pairwise(widths)]
    stretch = min(max(1.0, (WIDTH - 140) / max(sum(gaps), 1.0)), 2.0)
    starts = [0.0]
    for gap in gaps:
        starts.append(starts[-1] + gap * stretch)
    return starts


def _levels(
    graph: Network, members: Sequence[Sequence[str]], turns: Mapping[str, Turn]
) -> dict[str, float]:
    """Return a row for each thing, the fullest column first and outward from it."""
    near = graph.to_undirected(as_view=True)
    fullest = max(range(len(members)), key=lambda index: (len(members[index]), -index))
    order = [fullest, *range(fullest + 1, len(members)), *range(fullest - 1, -1, -1)]
    ladder = [turns[name] for name in members[fullest]]
    rows: dict[str, float] = {}
    for index in order:
        wished = {
            name: _wish(near, name, rows, bisect_left(ladder, turns[name]))
            for name in members[index]
        }
        rows |= _spaced(wished)
    return rows


def _wish(
    near: nx.MultiGraph[str], name: str, rows: Mapping[str, float], otherwise: float
) -> float:
    """Return the row that is level with what a thing is linked to."""
    known = [rows[other] for other in near[name] if other in rows]
    return sum(known) / len(known) if known else otherwise


def _spaced(wished: Mapping[str, float]) -> dict[str, float]:
    """Return rows near those wished for, of which no two are the same."""
    placed: dict[str, float] = {}
    low = -math.inf
    for name in sorted(wished, key=lambda name: wished[name]):
        low = placed[name] = max(low + 1, wished[name])
    drift = (sum(placed.values()) - sum(wished.values())) / len(wished)
    return {name: row - drift for name, row in placed.items()}
