"""The graph as the sources published by a day would have it.

Whatever later documents say is left out, and what follows is worked out anew from what
is left. Bodies go by the name they bore on that day, where a source gives it.

A document counts from the day it came out. Where only a month or a year is known, it
counts from the first day of that, but not before any report whose publication it tells
of. An undated page counts from the year in which we read it, since nobody can say that
it was there before.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Store,
    Triple,
)

from cjigraph import resources, vocab
from cjigraph.assemble import RULES, compose, in_graph
from cjigraph.datatypes import is_day
from cjigraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Term = NamedNode | BlankNode | Literal | Triple

_ISSUED = vocab.DCTERMS + "issued"
_PART_OF = vocab.DCTERMS + "isPartOf"
_RETRIEVED = vocab.CJI + "retrievedIn"
_NEVER = "9999"
"""After any day that somebody may ask for."""


class Dataset:
    """A built dataset taken apart: what each passage says, and all the rest."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.passages: dict[str, list[Quad]] = {}
        self.sources: list[Triple] = []
        default: set[Triple] = set()
        inferred: set[Triple] = set()
        for quad in quads:
            graph = quad.graph_name
            if isinstance(graph, DefaultGraph):
                default.add(quad.triple)
            elif graph.value == vocab.INFERRED_GRAPH:
                inferred.add(quad.triple)
            elif graph.value == vocab.SOURCES_GRAPH:
                self.sources.append(quad.triple)
            elif graph.value.startswith(vocab.PASSAGE):
                self.passages.setdefault(graph.value, []).append(quad)
        said = {quad.triple for quads in self.passages.values() for quad in quads}
        self.terms = default - said - inferred - set(self.sources)


def on_day(store: Store, day: date | str) -> Store:
    """Return a dataset in memory as it would have stood on a day.

    A `day` that is none, written as YYYY-MM-DD, is an `InputError`.
    """
    if isinstance(day, str):
        if not is_day(day):
            raise InputError(f'"{day}" is no day', "write it as YYYY-MM-DD")
        day = date.fromisoformat(day)
    restricted = Store()
    restricted.extend(as_of(store, day, resources.ontology() / RULES))
    return restricted


def as_of(quads: Iterable[Quad], day: date, rules: Path) -> list[Quad]:
    """Return the dataset as it would have stood on a day, from one that is built."""
    dataset = Dataset(quads)
    known = {
        document
        for document, since in appearances(dataset).items()
        if since <= day.isoformat()
    }
    hidden = _hidden(dataset, known)
    said = [
        quad
        for passage, quads in dataset.passages.items()
        if passage not in hidden
        for quad in quads
    ]
    described = [each for each in dataset.sources if _text(each.subject) not in hidden]
    said += in_graph(described, NamedNode(vocab.SOURCES_GRAPH))
    composed, _ = compose(said, dataset.terms, rules)
    return list(_with_names_of(composed, day.isoformat()))


def appearances(dataset: Dataset) -> dict[str, str]:
    """Return the first day, in ISO 8601, from which each document counts."""
    issued = _values(dataset.sources, _ISSUED)
    retrieved = _values(dataset.sources, _RETRIEVED)
    tells = _latest_publication(dataset)
    return {
        document: max(
            _first_day(issued.get(document) or retrieved.get(document, _NEVER)),
            tells.get(document, "") if document in issued else "",
        )
        for document in _documents(dataset)
    }


def _documents(dataset: Dataset) -> set[str]:
    kind = vocab.CJI + "SourceDocument"
    return {
        _text(triple.subject)
        for triple in dataset.sources
        if triple.predicate.value == vocab.TYPE and _text(triple.object) == kind
    }


def _values(triples: Iterable[Triple], property_: str) -> dict[str, str]:
    return {
        _text(triple.subject): _text(triple.object)
        for triple in triples
        if triple.predicate.value == property_
    }


def _latest_publication(dataset: Dataset) -> dict[str, str]:
    """Return the latest day on which a document says that a report came out."""
    whole = _values(dataset.sources, _PART_OF)
    latest: dict[str, str] = {}
    for passage, quads in dataset.passages.items():
        for quad in quads:
            if quad.predicate.value == _ISSUED and passage in whole:
                day = _first_day(_text(quad.object))
                latest[whole[passage]] = max(latest.get(whole[passage], ""), day)
    return latest


def _first_day(moment: str) -> str:
    """Return the first day of a year, a month or a day.

    >>> _first_day("2019"), _first_day("2019-06"), _first_day("2019-06-11")
    ('2019-01-01', '2019-06-01', '2019-06-11')
    """
    return moment + "-01-01"[len(moment) - 4 :] if len(moment) < 10 else moment


def _hidden(dataset: Dataset, known: set[str]) -> set[str]:
    """Return the documents that are not known, their passages and selectors."""
    hidden = _documents(dataset) - known
    parts = _values(dataset.sources, _PART_OF)
    hidden |= {part for part, whole in parts.items() if whole in hidden}
    selectors = _values(dataset.sources, vocab.OA + "hasSelector")
    return hidden | {each for part, each in selectors.items() if part in hidden}


def _text(term: Term) -> str:
    """Return the IRI or the text of a term; empty for a blank node."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _with_names_of(quads: Iterable[Quad], day: str) -> Iterator[Quad]:
    """Yield quads, in whose default graph bodies are called what they were on a day."""
    quads = list(quads)
    names = _names_of([quad.triple for quad in quads if _is_plain(quad)], day)
    label = NamedNode(vocab.LABEL)
    for quad in quads:
        name = names.get(_text(quad.subject)) if _is_plain(quad) else None
        if name is None or quad.predicate != label or quad.object == name:
            yield quad
        else:
            also = NamedNode(vocab.SKOS + "altLabel")
            yield Quad(quad.subject, also, quad.object, DefaultGraph())
            yield Quad(quad.subject, label, name, DefaultGraph())


def _is_plain(quad: Quad) -> bool:
    return isinstance(quad.graph_name, DefaultGraph)


def _names_of(triples: list[Triple], day: str) -> dict[str, Literal]:
    """Return what each body was called on a day, by the uses of names that say so."""
    bearer = _values(triples, vocab.CJI + "isNameOf")
    since = _values(triples, vocab.CJI + "usedFrom")
    until = _values(triples, vocab.CJI + "usedTo")
    labels = {
        _text(triple.subject): triple.object
        for triple in triples
        if triple.predicate.value == vocab.LABEL
        and _text(triple.subject) in bearer
        and isinstance(triple.object, Literal)
    }
    return {
        bearer[use]: label
        for use, label in sorted(labels.items())
        if since.get(use, "") <= day <= until.get(use, _NEVER)
        and (use in since or use in until)
    }
