"""The views: which things and links each shows, and how they are set out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
from pyoxigraph import NamedNode

from cjigraph import collaboration as together
from cjigraph import lineage as lines
from cjigraph import names, networks, record, vocab
from cjigraph.errors import InputError, QueryError
from cjigraph.record.spans import span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pyoxigraph import Store

    from cjigraph.networks import Network, Source
    from cjigraph.record import Record
    from cjigraph.result import Result


class Picture(NamedTuple):
    """What a page shows, before anything has its place.

    `first` are the things that the opening view must hold, `off` the kinds of thing it
    leaves to the legend. `shape` is "force", "timed", "columns" (years and stages) or
    "stages". `back` and `forth` say in words what following links, or following them
    the other way, leads to.
    """

    name: str
    title: str
    about: str
    graph: Network
    shape: str = "force"
    first: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    back: str = "Everything its links lead on to"
    forth: str = "Everything that leads to it"


def whole(store: Store) -> Picture:
    """Return everything: all things with all stated links."""
    said = record.read(store)
    about = "Every thing on record, with every link that a source states."
    graph = _finished(said.network, said)
    return Picture("whole", "The whole graph", about, graph, off=_APPARATUS)


_APPARATUS = frozenset(
    {
        *("category", "change", "consultee", "discrepancy", "document", "figure"),
        *("event", "focus"),
        *("milestone", "name", "part", "participation", "place", "post", "principle"),
        *("question", "role", "scheme", "standing", "tenure"),
    }
)
"""What the whole leaves to the legend at first: who said it how, and small print."""


def lineage(store: Store, of: str | None = None) -> Picture:
    """Return what follows what: all of it, or that of one thing or theme."""
    said = record.read(store)
    if of is None:
        about = (
            "Inspections and the earlier work they follow, from left to right in time."
        )
        return _line("Lineage of inspections", about, lines.network(said), said)
    thing = find(store, of)
    label = said.label(thing)
    about = f"What “{label}” goes back to, and what came of it."
    if said.network.nodes[thing]["kind"] == "theme":
        about = f"Work on the theme “{label}”, each look linked to the one before it."
    graph = lines.of(said, thing)
    return _line(f"Lineage: {label}", about, graph, said, (thing,))


def _line(
    title: str, about: str, graph: Network, said: Record, first: tuple[str, ...] = ()
) -> Picture:
    return Picture(
        *("lineage", title, about, _finished(graph, said), "timed", first),
        back="Everything it goes back to",
        forth="Everything that came of it",
    )


def collaboration(store: Store) -> Picture:
    """Return bodies, joined by the work they carried out together."""
    said = record.read(store)
    shared = _shared(said)
    graph: Network = nx.MultiDiGraph()
    bodies = sorted({body for key in shared for body in key[:2]})
    graph.add_nodes_from((body, dict(said.network.nodes[body])) for body in bodies)
    for (one, other, relation), works in sorted(shared.items()):
        graph.add_edge(one, other, relation, **_joint(said, relation, works))
    about = (
        "Bodies that carried out work together; a thicker line means more work. "
        "A body that took over from another counts as the same."
    )
    graph = _finished(graph, said)
    return Picture("collaboration", "Who inspects with whom", about, graph)


_LEADS = "leads work supported by"
_WITH = "works together with"
_Works = dict[str, list["Source"]]


def _shared(said: Record) -> dict[tuple[str, str, str], _Works]:
    """Return the work that joins two bodies, by how it joins them, with its sources.

    A lead and a supporter are joined from lead to supporter; any other two, without
    direction, from the first by name.
    """
    shared: dict[tuple[str, str, str], _Works] = {}
    for work in said.wholes():
        leads = {
            said.line(link.value) for link in said.said_within(work, *record.LEADS)
        }
        for pair in sorted(together.together(said, work)):
            key = _directed(pair, leads)
            shared.setdefault(key, {})[work] = _who_says(said, work, pair)
    return shared


def _directed(pair: tuple[str, str], leads: set[str]) -> tuple[str, str, str]:
    one, other = pair
    if (one in leads) == (other in leads):
        return one, other, _WITH
    return (one, other, _LEADS) if one in leads else (other, one, _LEADS)


def _who_says(said: Record, work: str, pair: tuple[str, str]) -> list[Source]:
    links = said.said_within(work, *record.CONDUCTS)
    both = (link.sources for link in links if said.line(link.value) in pair)
    return sorted({source for sources in both for source in sources})


def _joint(said: Record, relation: str, works: _Works) -> dict[str, Any]:
    return {
        "relation": relation,
        "label": relation,
        "weight": len(works),
        "directed": relation == _LEADS,
        "works": [
            (work, said.label(work), works[work], said.lasted(work))
            for work in sorted(works)
        ],
        "sources": sorted({source for sources in works.values() for source in sources}),
        "inferred": False,
    }


def themes(store: Store) -> Picture:
    """Return processes, issues and themes, and the work on them."""
    said = record.read(store)
    graph = _only(said.network, ("skos:broader", "cji:isAbout"))
    tops = [*said.processes(), *said.issues()]
    graph = _with(graph, said, [*tops, *said.subjects()])
    about = (
        "Business processes and cross-cutting issues, the themes under them, and work."
    )
    graph = _finished(graph, said)
    return Picture(
        *("themes", "Themes and the work on them", about, graph), first=tuple(tops)
    )


def _only(network: Network, relations: Iterable[str]) -> Network:
    wanted = frozenset(relations)
    only: Network = nx.MultiDiGraph()
    for one, other, relation, link in network.edges(keys=True, data=True):
        if relation in wanted:
            only.add_edge(one, other, relation, **link)
    only.add_nodes_from((name, network.nodes[name]) for name in only)
    return only


def _with(graph: Network, said: Record, things: Iterable[str]) -> Network:
    """Return a graph with things that it may lack."""
    whole: Network = nx.MultiDiGraph(graph)
    nodes = said.network.nodes
    whole.add_nodes_from((thing, dict(nodes[thing])) for thing in sorted(things))
    return whole


def programme(store: Store, of: str | None = None) -> Picture:
    """Return the entries of a programme, or of all, and what became of them."""
    said = record.read(store)
    chosen = [find(store, of, "programme")] if of else said.things("programme")
    kept = set(chosen)
    for plan in chosen:
        works = {entry.work for entry in said.entries(plan)}
        kept |= works.union(entry.iri for entry in said.entries(plan))
        for report in (link for work in works for link in said.reports(work)):
            kept |= {report.subject, report.value}
        kept |= {link.subject for link in said.said_of(plan, "cji:isConsultationOn")}
    graph = _with(_only(said.network, _PROGRAMME).subgraph(kept), said, kept)
    title = said.label(chosen[0]) if of else "Work programmes and what became of them"
    about = "From left to right: a programme, its entries, the work, and the reports."
    graph = _finished(graph, said)
    shape = "columns" if of else "stages"
    return Picture("programme", title, about, graph, shape, tuple(sorted(chosen)))


def when(node: Mapping[str, Any]) -> float | None:
    """Return the first day of a thing, or else its last, in years and fractions."""
    day = span(node.get("start", "")).first or span(node.get("end", "")).last
    return day.year + (day.timetuple().tm_yday - 1) / 366 if day else None


_PROGRAMME = (
    *("cji:isEntryIn", "cji:plans", "cji:reportsOn", "cji:isConsultationOn"),
    "dcterms:isPartOf",
)


def around(store: Store, of: str, steps: int = 1) -> Picture:
    """Return a thing with what lies within one to three links of it."""
    if steps not in (1, 2, 3):
        raise InputError(f"{steps} steps are not 1, 2 or 3", "choose one of these")
    said = record.read(store)
    thing = find(store, of)
    near = _finished(networks.around(store, thing, steps), said)
    label = near.nodes[thing]["label"]
    within = {1: "one link", 2: "two links", 3: "three links"}[steps]
    about = f"“{label}” and what lies within {within} of it."
    off = _PAPERS - {near.nodes[thing]["kind"]}
    return Picture("around", label, about, near, first=(thing,), off=off)


_PAPERS = frozenset({"discrepancy", "document", "name"})
"""What surrounds a thing and is left to the legend at first: papers and small print."""


def bodies(store: Store) -> Picture:
    """Return bodies, which took over from which, and which belong to which."""
    said = record.read(store)
    graph = _only(said.network, ("org:memberOf", "cji:hasSecretariat"))
    changes = lines.succession(said)
    graph.add_nodes_from(changes.nodes(data=True))
    for later, earlier, relation, link in changes.edges(keys=True, data=True):
        graph.add_edge(later, earlier, relation, **link)
    graph = _with(graph, said, said.things("body"))
    _date_bodies(graph)
    linked = tuple(sorted(body for body in graph if graph.degree(body)))
    about = (
        "Bodies in criminal justice: who took over from whom, and who belongs to whom."
    )
    graph = _finished(graph, said)
    return Picture("bodies", "Bodies and their succession", about, graph, first=linked)


def _date_bodies(graph: Network) -> None:
    """Let a body begin, and the one before it end, when the one took over."""
    for later, earlier, link in graph.edges(data=True):
        if when := link.get("when"):
            link["start"] = when
            graph.nodes[later].setdefault("start", when)
            graph.nodes[earlier].setdefault("end", when)


def answer(store: Store, result: Result, title: str, about: str = "") -> Picture:
    """Return an answer as a picture: the things in it, and the links between them.

    Triples are the links themselves. Things in one row of a table are linked as the
    graph links them.
    """
    if result.form == "ASK":
        raise InputError("yes or no has no picture", "ask for things or for links")
    if result.form == "CONSTRUCT":
        graph = networks.described(store, result.triples)
    else:
        rows = (_ours(row) for row in result.terms)
        graph = networks.among(store, rows)
    return Picture("answer", title, about, _finished(graph, record.read(store)))


def _ours(row: Iterable[object]) -> list[str]:
    """Return the things of ours that a row of an answer names."""
    iris = (term.value for term in row if isinstance(term, NamedNode))
    return [iri for iri in iris if iri.startswith(vocab.ID)]


VIEWS: dict[str, Callable[..., Picture]] = {
    view.__name__: view
    for view in (whole, lineage, collaboration, themes, programme, around, bodies)
}
"""The views by their names."""


def find(store: Store, name: str, kind: str = names.ANY) -> str:
    """Return the IRI of what a name means; none is an `InputError` with near ones."""
    try:
        return names.resolve(store, name, kind).value
    except QueryError as error:
        raise InputError(error.problem, error.cure) from None


def _finished(graph: Network, said: Record) -> Network:
    """Return a graph of its own in which work is dated and bodies have short names."""
    finished: Network = nx.MultiDiGraph(graph)
    for thing, node in finished.nodes(data=True):
        if thing in said.network and node["kind"] == "body":
            node["short"] = said.short(thing)
        if thing in said.network and node["kind"] == "inspection":
            first, last = said.lasted(thing)
            known = {"start": first, "end": last}
            node |= {side: str(day) for side, day in known.items() if day is not None}
    return finished
