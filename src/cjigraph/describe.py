"""Say in words what the graph holds about a thing, each fact with its source."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Literal, NamedNode

from cjigraph import vocab
from cjigraph.errors import QueryError, one_line
from cjigraph.names import Thing, find, kind_of, label, unknown
from cjigraph.vocab import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad, Store

    from cjigraph.names import Term

    Path = str | os.PathLike[str]

_ORDER = [
    vocab.iri(name)
    for name in (
        *("rdf:type", "rdfs:label", "skos:prefLabel", "dcterms:title"),
        *("skos:altLabel", "skos:hiddenLabel", "dcterms:description"),
        *("skos:definition", "cji:outcome", "cji:followsUp", "cji:succeeds"),
        *("cji:continues", "cji:arisesFrom", "cji:follows", "cji:descendsFrom"),
        *("dcterms:replaces", "org:originalOrganization"),
        *("org:resultingOrganization", "cji:isLedBy", "cji:isSupportedBy"),
        *("cji:isConductedBy", "cji:isCommissionedBy", "cji:isRunBy"),
        *("cji:examines", "org:heldBy", "org:postIn", "cji:isAbout"),
        *("skos:broader", "skos:related", "cji:cites", "dcterms:spatial"),
        *("cji:tookPlaceDuring", "cji:tookPlaceFrom", "cji:tookPlaceTo"),
        *("cji:expectedPublication", "cji:expectedFrom", "cji:expectedTo"),
        *("cji:heldDuring", "cji:heldFrom", "cji:heldTo", "dcterms:issued"),
        *("dcterms:publisher", "cji:reportsOn", "cji:recommendationCount"),
        *("foaf:page", "foaf:homepage", "cji:isEntryIn", "cji:plans"),
        *("cji:hasStanding", "cji:position"),
    )
]
"""Kinds and names, lineage, roles, subjects, dates, reports; then all the others."""

_PLAIN_WORDS = {
    vocab.iri("rdf:type"): "is a kind of",
    vocab.iri("rdfs:label"): "is called",
    vocab.iri("rdfs:isDefinedBy"): "is defined by",
    vocab.iri("rdfs:subClassOf"): "is a kind of",
}
_TURNED = {
    vocab.iri(name): words
    for name, words in {
        "cji:arisesFrom": "gave rise to",
        "cji:cites": "is cited by",
        "cji:continues": "is continued by",
        "cji:descendsFrom": "is an ancestor of",
        "cji:examines": "is examined by",
        "cji:follows": "is followed by",
        "cji:followsUp": "is followed up by",
        "cji:isAbout": "is the subject of",
        "cji:isCommissionedBy": "commissions",
        "cji:isConductedBy": "conducts",
        "cji:isEntryIn": "lists",
        "cji:isLedBy": "leads",
        "cji:isRunBy": "runs",
        "cji:isSupportedBy": "supports",
        "cji:plans": "is planned by",
        "cji:reportsOn": "is reported on by",
        "cji:succeeds": "is succeeded by",
        "dcterms:isPartOf": "has as a part",
        "dcterms:publisher": "publishes",
        "dcterms:replaces": "is replaced by",
        "skos:broader": "is broader than",
    }.items()
}
_START, _END = vocab.iri("oa:start"), vocab.iri("oa:end")
_SELECTOR, _PART = vocab.iri("oa:hasSelector"), vocab.iri("dcterms:isPartOf")
_SHA256, _LOCATOR = vocab.iri("cji:sha256"), vocab.iri("cji:locator")
_TYPE, _SUB_CLASS = vocab.iri("rdf:type"), vocab.iri("rdfs:subClassOf")
_SUB_PROPERTY = vocab.iri("rdfs:subPropertyOf")
_MORE = "follow from the rules and say the same in general terms"
_DEFAULT = DefaultGraph()


class Fact:
    """A statement about a thing: a sentence, and the passages that say it.

    `is_inferred` if no passage says it and it follows from the rules; `is_turned` if
    the thing is what the statement points to.
    """

    __slots__ = ("is_inferred", "is_turned", "other", "passages", "property", "text")

    def __init__(self, store: Store, quad: Quad, thing: NamedNode) -> None:
        graphs = _graphs(store, quad)
        self.property = quad.predicate.value
        self.passages = sorted(each for each in graphs if kind_of(each) == "passage")
        self.is_inferred = not self.passages and vocab.INFERRED_GRAPH in graphs
        self.is_turned = quad.subject != thing
        self.other = quad.subject if self.is_turned else quad.object
        self.text = _sentence(store, quad.predicate, self.other, turned=self.is_turned)

    @property
    def order(self) -> tuple[object, ...]:
        """What to sort facts by."""
        known = self.property in _ORDER
        place = _ORDER.index(self.property) if known else len(_ORDER)
        return self.is_turned, place, self.property, self.is_inferred, self.text


def _graphs(store: Store, quad: Quad) -> set[str]:
    """Return the names of the graphs that say what `quad` says."""
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    names = (quad.graph_name for quad in found)
    return {each.value for each in names if isinstance(each, NamedNode)}


def _sentence(store: Store, property_: NamedNode, other: Term, *, turned: bool) -> str:
    """Return a statement in words, without the thing it is about."""
    plain = _PLAIN_WORDS.get(property_.value) or label(store, property_)
    words = one_line(plain or shorten(property_.value))
    shown = _shown(store, other)
    if turned:
        known = _TURNED.get(property_.value)
        return f"{known} {shown}" if known else f"{shown} — {words} it"
    return f"{words}: {shown}" if isinstance(other, Literal) else f"{words} {shown}"


def _shown(store: Store, term: Term) -> str:
    """Return a term in words: a thing's label, with its year if that tells more."""
    if isinstance(term, Literal):
        return one_line(term.value)
    if not isinstance(term, NamedNode):
        return "something without a name"
    thing = Thing(store, term.value)
    name = one_line(thing.label or shorten(term.value))
    tells = thing.year and thing.year.split()[-1] not in name
    return f"{name} ({thing.year})" if tells else name


def facts(store: Store, iri: str) -> list[Fact]:
    """Return what is said of a thing, then what is said of others that points to it.

    In order: kinds and names, lineage, roles, subjects, dates, reports, all the others.
    """
    thing = NamedNode(iri)
    about = store.quads_for_pattern(thing, None, None, _DEFAULT)
    of_it = store.quads_for_pattern(None, None, thing, _DEFAULT)
    pointing = (quad for quad in of_it if isinstance(quad.subject, NamedNode))
    found = [Fact(store, quad, thing) for quad in (*about, *pointing)]
    return sorted(found, key=lambda fact: fact.order)


def telling(store: Store, found: list[Fact]) -> list[Fact]:
    """Return the facts without those that say another in more general terms.

    Where a body leads an inspection, the rules also say that it conducts it.
    """
    said = {
        (fact.is_turned, fact.other, general)
        for fact in found
        if not fact.is_inferred
        for general in _more_general(store, fact.property, _SUB_PROPERTY)
    }
    kinds = {
        general
        for fact in found
        if fact.property == _TYPE and not fact.is_inferred and not fact.is_turned
        for general in _more_general(store, _iri(fact.other), _SUB_CLASS)
    }
    return [
        fact
        for fact in found
        if not fact.is_inferred
        or (
            (fact.is_turned, fact.other, fact.property) not in said
            and not (fact.property == _TYPE and _iri(fact.other) in kinds)
        )
    ]


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _more_general(store: Store, iri: str, relation: str) -> set[str]:
    """Return what is above a property or a class, at any remove."""
    found: set[str] = set()
    waiting = [iri] if iri else []
    while waiting:
        node, above = NamedNode(waiting.pop()), NamedNode(relation)
        quads = store.quads_for_pattern(node, above, None, _DEFAULT)
        fresh = {_iri(quad.object) for quad in quads} - found - {""}
        found |= fresh
        waiting += fresh
    return found


def find_one(store: Store, name: str) -> str:
    """Return the IRI of the one thing that `name` means.

    A name that means several things alike is a `QueryError` that lists them, each with
    its kind and year; one that means none lists what comes near.
    """
    found = find(store, name)
    if not found:
        raise unknown(store, name)
    if len(found) > 1:
        things = [Thing(store, iri) for iri in found]
        means = ", ".join(map(str, sorted(things, key=lambda each: each.year)))
        raise QueryError(f'"{name}" may mean {means}', "name one of these")
    return found[0]


def describe(store: Store, name: str, documents: Path | None = None) -> str:
    """Return in words what is said of the thing that `name` means.

    With `documents`, a folder of a reader's own copies of the sources, each passage's
    sentence stands beneath the first fact that is taken from it; a copy that is absent
    or another text is a `DocumentError`.
    """
    iri = find_one(store, name)
    every = facts(store, iri)
    found = telling(store, every)
    copies = _Copies(store, documents)
    own = [fact for fact in found if not fact.is_turned]
    others = [fact for fact in found if fact.is_turned]
    lines = [one_line(label(store, NamedNode(iri)) or shorten(iri)), iri, ""]
    lines += _lines(store, own, copies)
    if others:
        lines += ["", "And of other things:", "", *_lines(store, others, copies)]
    if len(every) > len(found):
        fewer = len(every) - len(found)
        lines += ["", f"{fewer} more {_MORE}"]
    return "\n".join(lines)


def _lines(store: Store, found: Iterable[Fact], copies: _Copies) -> Iterator[str]:
    for fact in found:
        cited = "  ".join(f"[{_citation(store, each)}]" for each in fact.passages)
        cited = "(follows from the rules)" if fact.is_inferred else cited
        yield f"{fact.text}   {cited}".rstrip()
        for passage in fact.passages:
            yield from (f"    “{each}”" for each in copies.sentences(passage))


def _citation(store: Store, passage: str) -> str:
    node = NamedNode(passage)
    return one_line(label(store, node) or _value(store, node, _LOCATOR) or passage)


def _value(store: Store, thing: NamedNode, property_: str) -> str:
    quads = store.quads_for_pattern(thing, NamedNode(property_), None, _DEFAULT)
    quad = next(quads, None)
    found = quad.object if quad else None
    return found.value if isinstance(found, (Literal, NamedNode)) else ""


class _Copies:
    """A reader's own copies of the sources, each read once and each passage once."""

    def __init__(self, store: Store, folder: Path | None) -> None:
        self._store = store
        self._folder = folder
        self._texts: dict[str, str] = {}
        self._seen: set[str] = set()

    def sentences(self, passage: str) -> Iterator[str]:
        """Yield the text of a passage, the first time it is asked for."""
        if self._folder is None or passage in self._seen:
            return
        self._seen.add(passage)
        node = NamedNode(passage)
        selector = _value(self._store, node, _SELECTOR)
        document = _value(self._store, node, _PART)
        digest = document and _value(self._store, NamedNode(document), _SHA256)
        if selector and digest:
            yield self._excerpt(NamedNode(selector), document, digest)

    def _excerpt(self, selector: NamedNode, document: str, digest: str) -> str:
        from cjigraph.documents import excerpt

        start = int(_value(self._store, selector, _START))
        end = int(_value(self._store, selector, _END))
        text = excerpt(self._text(document, digest), start, end)
        return one_line(" ".join(text.split()))

    def _text(self, document: str, digest: str) -> str:
        from pathlib import Path

        from cjigraph.documents import read_document

        if document not in self._texts:
            slug = document.rpartition("/")[2]
            folder = Path(self._folder or "")
            self._texts[document] = read_document(folder, slug, digest)
        return self._texts[document]
