"""Lineage: which work follows which, which body took over from which.

Answers are `networkx` graphs whose links run from the later thing to the earlier, as
the vocabulary has it: `cji:followsUp`, `cji:succeeds`, `cji:continues`,
`cji:arisesFrom` and `cji:follows` between pieces of work, `dcterms:replaces` between
bodies. On a theme they run from each look at it to the look before.

Beside what `cjigraph.networks` puts there, a node has `years`, `who` and `reports`, and
a link has `years`: the calendar years between the two, or `None` if unknown.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from cjigraph import vocab
from cjigraph.errors import InputError, did_you_mean
from cjigraph.record import FOLLOWS, Record, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cjigraph.networks import Network, Source

REPLACES = "dcterms:replaces"
NEXT_LOOK = "next look"
"""The key of a link that no source states: one look at a theme comes after another."""

DIRECTIONS = ("both", "up", "down")
"""Up is to what is earlier, down to what is later."""


class Link(NamedTuple):
    """A later thing, how it relates to an earlier one, and who says so."""

    later: str
    relation: str
    earlier: str
    years: int | None
    sources: tuple[Source, ...]


def network(record: Record) -> Network:
    """Return the lineage of all work on record."""
    works = record.things("inspection")
    stated = [link for work in works for link in record.said(work, *FOLLOWS)]
    return _network(
        record, [(link.subject, link.relation, link.value) for link in stated]
    )


def of(
    record: Record, thing: str, depth: int | None = None, direction: str = "both"
) -> Network:
    """Return the lineage of a thing: its ancestors and descendants, and their links.

    An inspection has the work that leads up to it and the work that follows; a report
    has that of the inspection it is on, an entry or a programme that of the work it
    plans. A body has its predecessors and successors, a theme the looks at it. `depth`
    is the number of links to follow each way. `graph.graph["roots"]` names where the
    lineage starts from, `["near"]` the themes to try if it is empty. A thing of another
    kind is an `InputError`. A root is `alone` if nothing on record relates it to work.
    """
    if direction not in DIRECTIONS:
        cure = did_you_mean(direction, DIRECTIONS) or f"use {' or '.join(DIRECTIONS)}"
        raise InputError(f'no direction "{direction}"', cure)
    if depth is not None and depth < 0:
        raise InputError(f"the depth {depth} is less than none", "use 0 or more")
    kind = record.network.nodes[thing]["kind"] if thing in record.network else ""
    if kind == "theme":
        return _rooted(looks(record, thing), [], record.said(thing, "skos:broader"))
    roots = _roots(record, thing, kind)
    whole = succession(record) if kind == "body" else network(record)
    whole.add_nodes_from((root, _node(record, root)) for root in roots)
    about = record.said_within(roots[0], "cji:isAbout") if len(roots) == 1 else []
    return _rooted(_cut(whole, roots, depth, direction), roots, about)


def _roots(record: Record, thing: str, kind: str) -> list[str]:
    if kind in ("inspection", "body", "consultation"):
        return [thing]
    if kind == "report":
        return [link.value for link in record.said(thing, "cji:reportsOn")]
    if kind == "entry":
        return [link.value for link in record.said(thing, "cji:plans")]
    if kind == "programme":
        return [entry.work for entry in record.entries(thing)]
    name = vocab.shorten(thing)
    cure = "name an inspection, report, entry, programme, theme or body"
    raise InputError(f"{name} has no lineage", cure)


def _cut(
    whole: Network, roots: list[str], depth: int | None, direction: str
) -> Network:
    kept = set(roots)
    for root in roots:
        if direction != "down":
            kept.update(ancestors(whole, root, depth))
        if direction != "up":
            kept.update(descendants(whole, root, depth))
        whole.nodes[root]["alone"] = not whole.degree(root)
    found: Network = whole.subgraph(kept).copy()
    return found


def _rooted(graph: Network, roots: list[str], near: list[Said]) -> Network:
    """Return a lineage that knows where it starts, and where else to look."""
    graph.graph["roots"] = roots
    graph.graph["near"] = sorted({vocab.shorten(link.value) for link in near})
    return graph


def _network(record: Record, links: Iterable[tuple[str, str, str]]) -> Network:
    graph: Network = nx.MultiDiGraph()
    for later, relation, earlier in links:
        for thing in (later, earlier):
            if thing not in graph:
                graph.add_node(thing, **_node(record, thing))
        graph.add_edge(
            later, earlier, relation, **_edge(record, later, relation, earlier)
        )
    return graph


def _node(record: Record, thing: str) -> dict[str, Any]:
    reports = [
        (record.label(link.subject), next((d.words for d in dates), ""))
        for link in record.reports(thing)
        for dates in [record.issued(link.subject)]
    ]
    return dict(record.network.nodes[thing]) | {
        "years": record.years(thing),
        "who": record.who(thing),
        "reports": reports,
    }


def _edge(record: Record, later: str, relation: str, earlier: str) -> dict[str, Any]:
    stated = record.network.get_edge_data(later, earlier, relation)
    known = dict(stated) if stated else {"relation": relation, "label": relation}
    return known | {"years": years_between(record, earlier, later)}


def years_between(record: Record, earlier: str, later: str) -> int | None:
    """Return the difference of two works' calendar years, or `None` if unknown."""
    first, second = record.year(earlier), record.year(later)
    return second - first if first is not None and second is not None else None


# Questions to a lineage


def ancestors(graph: Network, thing: str, depth: int | None = None) -> list[str]:
    """Return what a thing descends from, the nearest first.

    Cycles do no harm: each thing is visited once.
    """
    return _reached(graph, thing, depth)


def descendants(graph: Network, thing: str, depth: int | None = None) -> list[str]:
    """Return what descends from a thing, the nearest first."""
    return _reached(graph.reverse(copy=False), thing, depth)


def _reached(graph: Network, thing: str, depth: int | None) -> list[str]:
    lengths = nx.single_source_shortest_path_length(graph, thing, cutoff=depth)
    return sorted(lengths.keys() - {thing}, key=lambda each: (lengths[each], each))


def chains(graph: Network) -> list[list[str]]:
    """Return the whole chains: everything that hangs together, the largest first.

    Within a chain the earliest comes first.
    """
    groups = [
        sorted(group, key=lambda each: (graph.nodes[each]["years"], each))
        for group in nx.weakly_connected_components(graph)
    ]
    return sorted(groups, key=lambda group: (-len(group), group))


def longest(graph: Network) -> list[str]:
    """Return the longest line of work, each piece following the one before it.

    Links in a cycle are left out: they have no beginning. Of lines of one length, the
    first by name is returned.
    """
    acyclic = nx.DiGraph(graph)
    acyclic.remove_nodes_from([each for cycle in cycles(graph) for each in cycle])
    backward: nx.DiGraph[str] = nx.DiGraph()
    backward.add_nodes_from(sorted(acyclic))
    backward.add_edges_from(
        sorted((earlier, later) for later, earlier in acyclic.edges)
    )
    order = list(nx.lexicographical_topological_sort(backward))
    line: list[str] = nx.dag_longest_path(backward, topo_order=order, weight="")
    return line


def cycles(graph: Network) -> list[list[str]]:
    """Return the groups of things that follow one another in a circle.

    No dataset built here holds any; a store from elsewhere may.
    """
    groups = [sorted(each) for each in nx.strongly_connected_components(graph)]
    return sorted(
        group
        for group in groups
        if len(group) > 1 or graph.has_edge(group[0], group[0])
    )


def links(graph: Network) -> list[Link]:
    """Return the links of a lineage, by the years of the later thing."""
    found = [
        Link(later, key, earlier, data["years"], tuple(data.get("sources", ())))
        for later, earlier, key, data in graph.edges(keys=True, data=True)
    ]
    years = graph.nodes(data="years")
    return sorted(found, key=lambda link: (years[link.later], link[:3]))


def never_followed_up(record: Record) -> list[str]:
    """Return the work that has reported and that no later work follows, oldest first.

    A piece counts with its parts, and work that follows a part follows the whole.
    """
    reported = [work for work in record.wholes() if record.reports(work)]
    open_ended = [work for work in reported if not followers(record, work)]
    return sorted(open_ended, key=lambda work: (record.year(work) or 0, work))


def followers(record: Record, work: str) -> list[str]:
    """Return the work that follows a piece, or a part of it, from outside it."""
    members = record.members(work)
    found = {
        link.subject for each in members for link in record.said_of(each, *FOLLOWS)
    }
    return sorted(found - set(members))


# Themes


class Look(NamedTuple):
    """Work on a theme, with its first and last years; no last if it is running."""

    first: int
    last: int | None
    work: str


class Return(NamedTuple):
    """A theme that was dropped and taken up again, with the looks on either side."""

    theme: str
    before: Look
    after: Look
    years: int


def history(record: Record, theme: str) -> list[Look]:
    """Return the work on a theme or on one within it, in order of years.

    Work without a year is left out.
    """
    return sorted(
        (look for work in record.work_on(theme) if (look := _look(record, work))),
        key=lambda look: (look.first, look.last or look.first, look.work),
    )


def _look(record: Record, work: str) -> Look | None:
    first, last = record.lasted(work)
    known = first or last
    if known is None:
        return None
    return Look(known.year, last.year if last else None, work)


def looks(record: Record, theme: str) -> Network:
    """Return the work on a theme, each look linked to the one before it.

    That one look comes after another is no source's statement; that one work follows
    another is, and those links are there too.
    """
    found = history(record, theme)
    works = {look.work for look in found}
    graph = network(record)
    graph.add_nodes_from((work, _node(record, work)) for work in works)
    graph = graph.subgraph(works).copy()
    for before, after in pairwise(found):
        said = {"relation": NEXT_LOOK, "label": NEXT_LOOK, "sources": []}
        years = after.first - before.first
        graph.add_edge(
            after.work, before.work, NEXT_LOOK, **said, inferred=True, years=years
        )
    return graph


def taken_up_again(record: Record, years: int = 5) -> list[Return]:
    """Return where a theme was left for more than so many years and taken up again.

    A scoping study is no look. Processes and issues are left out: something is always
    about them. The longest gap comes first.
    """
    found = [gap for theme in record.subjects() for gap in _gaps(record, theme, years)]
    return sorted(found, key=lambda each: (-each.years, each.theme, each.after.work))


def _gaps(record: Record, theme: str, years: int) -> Iterator[Return]:
    before: Look | None = None
    for look in history(record, theme):
        if record.kind(look.work) == "ScopingStudy":
            continue
        if before and before.last is not None and look.first - before.last > years:
            yield Return(theme, before, look, look.first - before.last)
        if before is None or _reaches(look) > _reaches(before):
            before = look


def _reaches(look: Look) -> float:
    return float("inf") if look.last is None else look.last


# Bodies


def succession(record: Record) -> Network:
    """Return which body took over from which, the links from later to earlier."""
    graph: Network = nx.MultiDiGraph()
    for later, earlier, attributes in _successions(record):
        graph.add_nodes_from((body, _node(record, body)) for body in (later, earlier))
        graph.add_edge(later, earlier, REPLACES, **attributes)
    return graph


def _successions(record: Record) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for each in record.successions():
        said = {"relation": REPLACES, "label": "replaces", "inferred": False}
        said |= {"sources": list(each.sources), "years": None, "event": each.event}
        yield each.later, each.earlier, said | {"when": _when(record, each.event)}


def _when(record: Record, event: str | None) -> str:
    """Return the date of a change as its source writes it."""
    if event is None:
        return ""
    for relation in ("cji:tookPlaceDuring", "dcterms:date"):
        for text, _ in record.facts(event, relation):
            return text
    return ""
