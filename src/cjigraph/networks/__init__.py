"""Answers become networks: things, and links that know where they are said.

Every function returns a `networkx.MultiDiGraph`. A node is an IRI, never a literal, and
has `kind` ("inspection"), `class` ("ThematicInspection", with `class_label`), `label`,
`alt` (other names, mistaken ones too), `facts` (a list of `Fact`) and, where known,
`start` and `end` (days, months or years as text; what has a start alone goes on).

A link is keyed by its relation, so that two things joined in two ways have two links.
It has `relation` ("cji:isLedBy"), `label` ("is led by"), `sources` (a list of `Source`)
and `inferred` (whether it only follows from what is said).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import networkx as nx
from pyoxigraph import BlankNode, Literal, NamedNode, Variable

from cjigraph import vocab

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Term = NamedNode | BlankNode | Literal
    Link = tuple[str, str, str]  # the IRIs of a subject, a relation and an object
    Network: TypeAlias = nx.MultiDiGraph[str]


class Engine(Protocol):
    """What answers SPARQL: an embedded store, or a service with the same manners."""

    def query(
        self, query: str, /, *, substitutions: dict[Variable, Any] | None = None
    ) -> Any:
        """Return the answer to a query in which some variables are bound."""


class Source(NamedTuple):
    """A passage: its IRI and label, where it stands, and its document's address."""

    iri: str
    label: str
    locator: str
    address: str | None


class Fact(NamedTuple):
    """What is said of a thing other than a link: property, its label, value, where."""

    relation: str
    label: str
    value: str
    sources: list[Source]


def network(
    store: Engine, links: Iterable[Link], things: Iterable[str] = ()
) -> Network:
    """Return the network of these links and things, with all that is said of them.

    A link the store does not state is kept, without sources: it is the caller's own.
    """
    stated = sorted(set(links))
    ends = {end for subject, _, value in stated for end in (subject, value)}
    names = sorted(ends | set(things))
    reader = Reader(store, names)
    graph: Network = nx.MultiDiGraph()
    graph.add_nodes_from((name, reader.thing(name)) for name in names)
    for subject, relation, value in stated:
        key = vocab.shorten(relation)
        graph.add_edge(subject, value, key, **reader.link(subject, relation, value))
    return graph


def whole(store: Engine) -> Network:
    """Return every stated link between things, passages and their selectors aside."""
    return network(store, stated_links(store))


def around(store: Engine, thing: str, steps: int = 1) -> Network:
    """Return what lies within so many links of a thing, in whichever direction.

    Links between two things of the outermost ring are part of it.
    """
    found, ring = {thing}, {thing}
    links: set[Link] = set()
    for _ in range(steps):
        new = {link for each in ring for link in stated_links(store, each)}
        links |= new
        ring = {end for link in new for end in (link[0], link[2])} - found
        found |= ring
    links |= {
        link for each in ring for link in _links(store, "subject", each)
        if link[2] in found
    }  # fmt: skip
    return network(store, links, found)


def among(store: Engine, groups: Iterable[Iterable[str]]) -> Network:
    """Return the stated links between things that stand in one group.

    The groups may be the rows of an answer: what a row brings together is joined as the
    graph joins it.
    """
    partners: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        members = {each for each in group if not each.startswith(_MACHINERY)}
        for member in members:
            partners[member] |= members
    links = [
        link
        for thing in partners
        for link in _links(store, "subject", thing)
        if link[2] in partners[thing]
    ]
    return network(store, links, partners)


def described(store: Engine, triples: Iterable[Any]) -> Network:
    """Return the network of an answer to `CONSTRUCT` or `DESCRIBE`.

    A statement about a literal becomes a fact of its thing; one about a type, nothing.
    """
    links, facts = [], []
    for triple in sorted(triples, key=str):
        if isinstance(triple.object, Literal):
            facts.append(triple)
        elif triple.predicate.value != vocab.TYPE:
            ends = _name(triple.subject), _name(triple.object)
            links.append((ends[0], triple.predicate.value, ends[1]))
    graph = network(store, links, [_name(fact.subject) for fact in facts])
    for fact in facts:
        _add_fact(graph.nodes[_name(fact.subject)], fact)
    return graph


def _add_fact(node: dict[str, Any], statement: Any) -> None:
    relation, value = vocab.shorten(statement.predicate.value), statement.object.value
    if statement.predicate.value == vocab.LABEL:
        node["label"] = value
    elif all(known[0] != relation or known[2] != value for known in node["facts"]):
        node["facts"].append(Fact(relation, _words(relation), value, []))


def stated_links(store: Engine, thing: str | None = None) -> list[Link]:
    """Return the stated links of a thing, from it and to it, or those of everything."""
    if thing is None:
        return sorted(_links(store))
    return sorted({*_links(store, "subject", thing), *_links(store, "object", thing)})


_MACHINERY = tuple(vocab.ID + kind + "/" for kind in ("passage", "selector"))
"""Passages are shown as the sources of links and facts, not as things."""


def _links(store: Engine, end: str = "", thing: str = "") -> Iterator[Link]:
    bound = {end: NamedNode(thing)} if end and _is_iri(thing) else {}
    if end and not bound:
        return
    for subject, relation, value in _rows(store, "links", bound):
        link = subject.value, relation.value, value.value
        if not link[0].startswith(_MACHINERY) and not link[2].startswith(_MACHINERY):
            yield link


class Reader:
    """Reads what a store says of things, and of links between them.

    `names` are the things that will be asked about: many are read in one query, few
    in a query each.
    """

    def __init__(self, store: Engine, names: Iterable[str] = ()) -> None:
        self._store = store
        wanted = set(names)
        self._said = self._all(wanted) if len(wanted) > _MANY else {}

    def thing(self, iri: str) -> dict[str, Any]:
        """Return the attributes of a node."""
        said = self._about(iri)
        labels = _values(said, vocab.LABEL)
        label = min(labels, key=lambda each: (-labels[each], each), default="")
        alt = {name for names in _NAMES for name in _values(said, names)} | set(labels)
        cls = self._type(said)
        attributes = {
            "kind": _kind(iri),
            "class": _local(cls),
            "class_label": self._label(cls) or _kind(iri),
            "label": label or vocab.shorten(iri),
            "alt": sorted(alt - {label}),
            "facts": list(self._facts(said)),
        }
        return attributes | _times(said)

    def link(self, subject: str, relation: str, value: str) -> dict[str, Any]:
        """Return the attributes of a link."""
        graphs = self._about(subject).get((relation, _IriText(value)), set())
        return {
            "relation": vocab.shorten(relation),
            "label": self._label(relation) or _words(vocab.shorten(relation)),
            "sources": self.sources(graphs),
            "inferred": graphs == {vocab.INFERRED_GRAPH},
        }

    def sources(self, graphs: Iterable[str]) -> list[Source]:
        """Return the passages among these graphs, in the order of their labels."""
        known = (self._passages.get(graph) for graph in graphs)
        return sorted(source for source in known if source is not None)

    def _facts(self, said: _Said) -> Iterator[Fact]:
        for (relation, value), graphs in sorted(said.items()):
            known = isinstance(value, _IriText) or relation in _SHOWN_OTHERWISE
            if not known and graphs != {vocab.INFERRED_GRAPH}:
                name = vocab.shorten(relation)
                label = self._label(relation) or _words(name)
                yield Fact(name, label, str(value), self.sources(graphs))

    def _type(self, said: _Said) -> str:
        types = {value for relation, value in said if relation == vocab.TYPE}
        known = {each for each in types if each in self._terms} or types
        wider = {up for each in known for up in self._ancestors(each) if up != each}
        narrow = sorted(known - wider or known, key=_ours_first)
        return narrow[0] if narrow else ""

    def _ancestors(self, cls: str) -> set[str]:
        found: set[str] = set()
        new = [cls]
        while new:
            parents = self._terms.get(new.pop(), _NO_TERM).parents - found
            found |= parents
            new.extend(parents)
        return found

    def _label(self, term: str) -> str:
        return self._terms.get(term, _NO_TERM).label

    @cached_property
    def _terms(self) -> dict[str, _Term]:
        terms: dict[str, _Term] = {}
        for term, label, parent in _rows(self._store, "terms"):
            known = terms.setdefault(term.value, _Term(label.value, set()))
            known.parents.update({parent.value} if parent else ())
        return terms

    @cached_property
    def _passages(self) -> dict[str, Source]:
        sources: dict[str, Source] = {}
        for passage, *said in _rows(self._store, "passages"):
            label, locator, address = (term.value if term else "" for term in said)
            iri = passage.value
            label = label or vocab.shorten(iri)
            sources[iri] = min(
                sources.get(iri, Source(iri, label, locator, address or None)),
                Source(iri, label, locator, address or None),
                key=str,
            )
        return sources

    def _about(self, iri: str) -> _Said:
        if iri not in self._said:
            self._said[iri] = {}
            bound = {"thing": NamedNode(iri)} if _is_iri(iri) else None
            if bound is not None:
                self._note(_rows(self._store, "about", bound))
        return self._said[iri]

    def _all(self, wanted: set[str]) -> dict[str, _Said]:
        self._said = {iri: {} for iri in wanted}
        self._note(_rows(self._store, "about"))
        return self._said

    def _note(self, rows: Iterable[list[Any]]) -> None:
        for thing, relation, value, graph in rows:
            said = self._said.get(thing.value)
            if said is not None:
                text = (
                    value.value if isinstance(value, Literal) else _IriText(value.value)
                )
                graphs = said.setdefault((relation.value, text), set())
                graphs.update({graph.value} if graph else ())


class _Term(NamedTuple):
    label: str
    parents: set[str]


class _IriText(str):
    """The text of an IRI, told apart from a literal that reads the same."""

    __slots__ = ()


_Said = dict[tuple[str, str], set[str]]  # (property, value): graphs that say so
_NO_TERM = _Term("", set())
_MANY = 1000  # from here on, one query for everything is quicker than one for each
_NAMES = (vocab.SKOS + "altLabel", vocab.SKOS + "hiddenLabel")
_SHOWN_OTHERWISE = frozenset({vocab.LABEL, vocab.SKOS + "prefLabel"})
_TIMES = (
    *(
        (vocab.CJI + name + "From", vocab.CJI + name + "To")
        for name in ("tookPlace", "expected", "held", "used")
    ),
    *((name, name) for name in (vocab.DCTERMS + "issued", vocab.DCTERMS + "date")),
    (vocab.CJI + "closingDate", vocab.CJI + "closingDate"),
)
"""The properties that say when a thing was, the most telling first."""


def _times(said: _Said) -> dict[str, str]:
    """Return the first and the last day of the most telling dates there are."""
    for first, last in _TIMES:
        starts, ends = _values(said, first), _values(said, last)
        if starts or ends:
            known = {"start": min(starts, default=""), "end": max(ends, default="")}
            return {side: day for side, day in known.items() if day}
    return {}


def _values(said: _Said, relation: str) -> Counter[str]:
    """Return the values of a property, with how many graphs say each."""
    return Counter(
        {
            value: len(graphs)
            for (name, value), graphs in said.items()
            if name == relation
        }
    )


def _kind(iri: str) -> str:
    """Return the kind of a thing of ours, or "elsewhere"."""
    kind, slash, _ = iri.removeprefix(vocab.ID).partition("/")
    return kind if iri.startswith(vocab.ID) and slash else "elsewhere"


def _local(iri: str) -> str:
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]


def _ours_first(cls: str) -> tuple[bool, str]:
    return not cls.startswith(vocab.CJI), cls


def _words(name: str) -> str:
    """Return a name as words: the label of a relation that has none.

    >>> _words("ex:worksWith")
    'works with'
    """
    local = _local(name).rpartition(":")[2]
    spaced = "".join(f" {each.lower()}" if each.isupper() else each for each in local)
    return " ".join(spaced.replace("-", " ").replace("_", " ").split())


def _name(term: Any) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(term.value)


def _is_iri(name: str) -> bool:
    try:
        NamedNode(name)
    except ValueError:
        return False
    return not name.startswith("_:")


@cache
def _text(name: str) -> str:
    return Path(__file__).with_name(f"{name}.rq").read_text(encoding="utf-8")


def _rows(
    store: Engine, name: str, bound: Mapping[str, NamedNode] | None = None
) -> Iterator[list[Any]]:
    named = {Variable(variable): term for variable, term in (bound or {}).items()}
    answer = store.query(_text(name), substitutions=named or None)
    for solution in answer:
        yield list(solution)
