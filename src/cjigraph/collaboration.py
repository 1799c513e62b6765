"""Who inspects with whom, how often, when and on what.

Two bodies work together when a source says that both carry out one piece of work, or
one part of it; a whole whose parts are done by one body each brings nobody together.
A piece counts once, however many of its parts two bodies share, and however many visits
a rolling programme makes.

A body that took over from another counts as the same one, so that HMIC and HMICFRS are
not strangers who each worked with HMCPSI; `successors=False` keeps them apart.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from cjigraph.record import CONDUCTS, LEADS, Record
from cjigraph.record.spans import Span, between
from cjigraph.record.table import Column, Table, Thing

if TYPE_CHECKING:
    from collections.abc import Iterator

MEANING = {
    "times": "pieces of work that the two carried out together",
    "partners": "other bodies that this one has worked with",
    "reach": (
        "share of all the other bodies with which this one has worked: "
        "1 is everybody, 0 nobody"
    ),
    "bridging": (
        "share of the pairs of other bodies whose shortest chain of acquaintance runs "
        "through this one (betweenness): 0 means that nobody needs it to reach "
        "another, 1 that everybody does"
    ),
    "holds_together": (
        "whether the bodies would fall into groups with no work in common if this one "
        "were left out (an articulation point)"
    ),
    "circle": (
        "how often two partners of this body have worked with each other too "
        "(clustering): 1 is always, 0 never"
    ),
    "density": "share of all possible pairs that have worked together at least once",
}
"""The measures in the words of people who study inspection."""


class _Shared(NamedTuple):
    work: str
    year: int | None


def network(
    record: Record,
    start: str | None = None,
    end: str | None = None,
    *,
    successors: bool = True,
) -> nx.Graph[str]:
    """Return the bodies that inspect, joined where they have done so together.

    `start` and `end` (`2015`, `2015-04`) narrow it to work of those years; a range that
    ends before it begins is an `InputError`. Every inspectorate is there, even one that
    works with nobody.

    A node has `label`, `short`, `works` (pieces of work), `leads` (those it is said to
    lead), and the measures that `MEANING` explains: `partners`, `reach`, `bridging`,
    `holds_together`, `circle`. A link has `times`, `works`, `first`, `last` (years) and
    `themes`. The graph has `density`.
    """
    asked = between(start, end)
    graph: nx.Graph[str] = nx.Graph()
    _add_bodies(graph, record, asked, successors=successors)
    for pair, shared in sorted(_shared(record, asked, successors=successors).items()):
        graph.add_edge(*pair, **_link(record, shared))
    _measure(graph)
    return graph


def _works(record: Record, asked: Span) -> list[str]:
    """Return the whole pieces of work of the years that somebody asks for."""
    return [work for work in record.wholes() if _within(record.lasted(work), asked)]


def _within(lasted: Span, asked: Span) -> bool:
    return lasted.meets(asked) if lasted.is_known else not asked.is_known


def _line(record: Record, body: str, successors: bool) -> str:
    return record.line(body) if successors else body


def _add_bodies(
    graph: nx.Graph[str], record: Record, asked: Span, *, successors: bool
) -> None:
    inspectorates = [
        body for body in record.things("body") if record.kind(body) == "Inspectorate"
    ]
    works: dict[str, set[str]] = defaultdict(set)
    leads: dict[str, set[str]] = defaultdict(set)
    for work in _works(record, asked):
        for link in record.said_within(work, *CONDUCTS):
            works[_line(record, link.value, successors)].add(work)
        for link in record.said_within(work, *LEADS):
            leads[_line(record, link.value, successors)].add(work)
    lines = {_line(record, body, successors) for body in inspectorates}
    for body in sorted(lines | works.keys()):
        names = {"label": record.label(body), "short": record.short(body)}
        graph.add_node(body, **names, works=len(works[body]), leads=len(leads[body]))


def _shared(
    record: Record, asked: Span, *, successors: bool
) -> dict[tuple[str, str], set[_Shared]]:
    found: dict[tuple[str, str], set[_Shared]] = defaultdict(set)
    for work in _works(record, asked):
        for pair in together(record, work, successors=successors):
            found[pair].add(_Shared(work, record.year(work)))
    return found


def together(
    record: Record, work: str, *, successors: bool = True
) -> set[tuple[str, str]]:
    """Return the pairs of bodies that a piece of work or a part of it joins."""
    pairs = set()
    for each in record.members(work):
        links = record.said(each, *CONDUCTS)
        bodies = {_line(record, link.value, successors) for link in links}
        pairs |= set(combinations(sorted(bodies), 2))
    return pairs


def _link(record: Record, shared: set[_Shared]) -> dict[str, Any]:
    years = sorted(each.year for each in shared if each.year is not None)
    works = sorted(shared, key=lambda each: (each.year or 0, each.work))
    themes = {
        link.value
        for each in works
        for link in record.said_within(each.work, "cji:isAbout")
    }
    return {
        "times": len(works),
        "works": [Thing(record.label(each.work), each.work) for each in works],
        "first": years[0] if years else None,
        "last": years[-1] if years else None,
        "themes": sorted(Thing(record.label(theme), theme) for theme in themes),
    }


def _measure(graph: nx.Graph[str]) -> None:
    bridging = nx.betweenness_centrality(graph)
    reach = nx.degree_centrality(graph)
    circle: Any = nx.clustering(graph)
    joints = set(nx.articulation_points(graph))
    for body, node in graph.nodes(data=True):
        node |= {
            "partners": graph.degree(body),
            "reach": round(reach[body], 3),
            "bridging": round(bridging[body], 3),
            "holds_together": body in joints,
            "circle": round(circle[body], 3),
        }
    graph.graph["density"] = round(nx.density(graph), 3)


def pairs(graph: nx.Graph[str]) -> Table:
    """Return who has worked with whom, the most frequent pair first."""
    rows = [
        (
            *_ends(graph, one, other),
            *(link["times"], link["first"], link["last"]),
            *(tuple(link["themes"]), tuple(link["works"])),
        )
        for one, other, link in graph.edges(data=True)
    ]
    columns = (
        *_PAIR,
        Column("times", MEANING["times"]),
        Column("first", "year of the first of them"),
        Column("last", "year of the last of them"),
        Column("themes", "what they were about"),
        Column("works", "what they were, in order of years"),
    )
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    share = f"{graph.graph['density']:.0%}"
    meaning = f"Of all possible pairs of these bodies, {share} have worked together."
    return Table("Who inspects with whom", meaning, columns, rows)


_PAIR = (
    Column("body", "a body that inspects"),
    Column("partner", "one that it has worked with"),
)


def _ends(graph: nx.Graph[str], one: str, other: str) -> tuple[Thing, Thing]:
    things = sorted(Thing(graph.nodes[each]["short"], each) for each in (one, other))
    return things[0], things[1]


def strangers(graph: nx.Graph[str]) -> Table:
    """Return the pairs of bodies that no work on record brings together."""
    rows = sorted(_ends(graph, *pair) for pair in nx.non_edges(graph))
    columns = (_PAIR[0], Column("stranger", "one that it has never worked with"))
    meaning = (
        "Pairs that no work on record brings together; the record is not complete."
    )
    return Table("Who has never inspected with whom", meaning, columns, rows)


def bridges(graph: nx.Graph[str]) -> Table:
    """Return the bodies by how far they bring others together, the first most."""
    rows = [
        (Thing(node["short"], body), *(node[name] for name in _MEASURES))
        for body, node in graph.nodes(data=True)
    ]
    rows.sort(key=lambda row: (-row[1], -row[3], row[0]))
    columns = (
        Column("body", "a body that inspects"),
        *(Column(name, _MEASURES[name]) for name in _MEASURES),
    )
    meaning = (
        "A bridge is a body through which others meet: high bridging with a low circle "
        "means that its partners would not otherwise work together."
    )
    return Table("Bodies that bridge", meaning, columns, rows)


_MEASURES = {
    **{name: MEANING[name] for name in ("bridging", "holds_together", "partners")},
    **{name: MEANING[name] for name in ("reach", "circle")},
    "works": "pieces of work it has a part in",
    "leads": "of these, the ones it is said to lead",
}


def by_year(record: Record, *, successors: bool = True) -> Table:
    """Return how collaboration changed: joint work and pairs, year by year.

    Work counts in the year of its first report, or else in its first year.
    """
    years: dict[int, list[set[tuple[str, str]]]] = defaultdict(list)
    for work in record.wholes():
        year = record.year(work)
        if year is not None and record.said_within(work, *CONDUCTS):
            years[year].append(together(record, work, successors=successors))
    columns = (
        Column("year", "calendar year"),
        Column("works", "pieces of work by a known body"),
        Column("joint", "of these, the ones that brought two or more bodies together"),
        Column("share", "the joint ones as a share of all"),
        Column("pairs", "different pairs of bodies that worked together"),
        Column(
            "new_pairs", "of these, the pairs that had not done so in an earlier year"
        ),
    )
    meaning = (
        "Each piece of work counts in one year, that of its first report if known."
    )
    return Table("Collaboration by year", meaning, columns, list(_by_year(years)))


def _by_year(years: dict[int, list[set[tuple[str, str]]]]) -> Iterator[tuple[Any, ...]]:
    known: set[tuple[str, str]] = set()
    for year, works in sorted(years.items()):
        joint = sum(bool(each) for each in works)
        met = set().union(*works)
        share = round(joint / len(works), 3)
        yield year, len(works), joint, share, len(met), len(met - known)
        known |= met
