"""A lineage as a tree of lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from cjigraph.errors import one_line
from cjigraph.lineage import NEXT_LOOK, cycles
from cjigraph.record.spans import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cjigraph.networks import Network

_LATER_SAYS = {
    "cji:followsUp": "followed up by",
    "cji:succeeds": "succeeded by",
    "cji:continues": "continued by",
    "cji:arisesFrom": "gave rise to",
    "cji:follows": "followed by",
    "dcterms:replaces": "replaced by",
}
"""The relations read from the earlier thing: the ontology has no inverses."""


class _Step(NamedTuple):
    thing: str
    words: str


def tree(graph: Network, depth: int | None = None, direction: str = "both") -> str:
    """Return a lineage as text: each root, what came before it and what came after.

    `graph` is what `lineage.of` returns. What has been shown with all that follows is
    not shown so again, and a cycle is told of in a line of its own.
    """
    lines = list(_lines(graph, depth, direction))
    return "\n".join(one_line(line) for line in lines) + "\n"


def _lines(graph: Network, depth: int | None, direction: str) -> Iterator[str]:
    roots = graph.graph.get("roots", [])
    if not roots:
        yield from _timeline(graph)
    for number, root in enumerate(roots):
        if number:
            yield ""
        yield from _root(graph, root, depth, direction)
    for group in cycles(graph):
        yield ""
        yield f"cycle: {told(graph, group)}"


def told(graph: Network, cycle: list[str]) -> str:
    """Return a cycle in words."""
    names = ", ".join(graph.nodes[each]["label"] for each in cycle)
    return f"these follow one another in a circle, which cannot be right: {names}"


def _root(
    graph: Network, root: str, depth: int | None, direction: str
) -> Iterator[str]:
    yield _told(graph, root)
    if graph.nodes[root]["alone"]:
        yield f"nothing earlier or later on record{_try(graph)}"
        return
    ways = {"up": ("before it", graph), "down": ("after it", graph.reverse(copy=False))}
    for way, (heading, facing) in ways.items():
        if direction in ("both", way) and depth != 0:
            branch = list(_Branch(facing, depth, way).lines(root))
            yield f"{heading}:" if branch else f"{heading}: nothing on record"
            yield from branch


def _try(graph: Network) -> str:
    near = graph.graph.get("near", [])
    return f"; try {' or '.join(near)}" if near else ""


class _Branch:
    """One way through a lineage, which shows no thing twice with what follows it."""

    def __init__(self, graph: Network, depth: int | None, way: str) -> None:
        self._graph = graph
        self._depth = depth
        self._way = way
        self._shown: set[str] = set()

    def lines(self, thing: str, indent: str = "", level: int = 1) -> Iterator[str]:
        steps = self._steps(thing)
        if self._depth is not None and level > self._depth:
            return
        self._shown.add(thing)
        for step in steps:
            last = step is steps[-1]
            again = step.thing in self._shown and bool(self._steps(step.thing))
            mark = " (shown above)" if again else ""
            text = f"{step.words} {_told(self._graph, step.thing)}{mark}"
            yield f"{indent}{'└─ ' if last else '├─ '}{text}"
            if not again:
                inner = indent + ("   " if last else "│  ")
                yield from self.lines(step.thing, inner, level + 1)

    def _steps(self, thing: str) -> list[_Step]:
        found: dict[str, list[str]] = {}
        for _, other, key, data in self._graph.out_edges(thing, keys=True, data=True):
            said = data["label"] if self._way == "up" else _LATER_SAYS.get(key, key)
            when = f" ({words(data['when'])})" if data.get("when") else ""
            found.setdefault(other, []).append(f"{said}{when}")
        steps = [
            _Step(thing, " and ".join(sorted(each))) for thing, each in found.items()
        ]
        return sorted(steps, key=lambda step: (self._years(step), step.thing))

    def _years(self, step: _Step) -> str:
        return str(self._graph.nodes[step.thing].get("years", ""))


def _told(graph: Network, thing: str) -> str:
    """Return a thing in a line: name, years, who did it and what it reported."""
    node = graph.nodes[thing]
    known = (node.get("years"), node.get("who"), *_reports(graph, thing))
    return "; ".join(each for each in (node["label"], *known) if each)


def _reports(graph: Network, thing: str) -> Iterator[str]:
    for label, when in graph.nodes[thing].get("reports", ()):
        yield f'report "{label}"' + (f", {when}" if when else "")


def _timeline(graph: Network) -> Iterator[str]:
    """Return the looks at a theme, the earliest first, with the years between."""
    edges: Any = graph.edges(keys=True, data="years")
    waits = {later: years for later, _, key, years in edges if key == NEXT_LOOK}
    after = nx.DiGraph(
        [(b, a) for a, b, key in graph.edges(keys=True) if key == NEXT_LOOK]
    )
    after.add_nodes_from(sorted(graph))
    if not after:
        yield f"nothing on record is about it{_try(graph)}"
    for work in nx.lexicographical_topological_sort(after):
        years = waits.get(work)
        wait = f"  [{years} years later]" if years and years > 1 else ""
        yield f"{_told(graph, work)}{wait}"
