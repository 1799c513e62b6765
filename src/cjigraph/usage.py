"""Hold the table schemas and the questions against the vocabulary.

Whatever they name must be declared, and whatever is declared must be of use to them.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cjigraph import guard, vocab
from cjigraph.errors import QueryError, TableError, did_you_mean
from cjigraph.lift import described
from cjigraph.rules import ERROR, Breach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Triple

    from cjigraph.schemas import Column, Schema, Template


def undeclared(
    schemas: Iterable[Schema], queries: Path | None, triples: Iterable[Triple]
) -> Iterator[TableError | QueryError]:
    """Yield a mistake for each IRI in a schema or a query that nothing declares."""
    known = described(triples) | _NAMED
    for schema in schemas:
        for iri in sorted(iris_of_schema(schema) - known):
            if not iri.startswith(_BUILT_IN):
                yield TableError(*_undeclared(iri, known), schema.path)
    for path in sorted(queries.glob("*.rq")) if queries else ():
        text = path.read_text(encoding="utf-8")
        guard.admit(text, path)
        for iri, start in iris_of_query(text):
            if iri not in known and not iri.startswith(_BUILT_IN):
                place = guard.position(text, start)
                yield QueryError(*_undeclared(iri, known), path, *place)


_NAMED = {vocab.DATASET, vocab.SOURCES_GRAPH, vocab.INFERRED_GRAPH}
_BUILT_IN = (vocab.OWL, vocab.RDF, vocab.RDFS, vocab.XSD)


def _undeclared(iri: str, known: Iterable[str]) -> tuple[str, str]:
    return f"nothing declares {vocab.shorten(iri)}", did_you_mean(iri, known)


def unused(
    schemas: Iterable[Schema], queries: Path, terms: Iterable[Triple]
) -> Iterator[Breach]:
    """Yield each term of ours that no schema or query names, nor one named entails."""
    said = list(terms)
    used = {iri for schema in schemas for iri in iris_of_schema(schema)}
    for path in queries.glob("*.rq"):
        used |= {iri for iri, _ in iris_of_query(path.read_text(encoding="utf-8"))}
    used |= {triple.predicate.value for triple in said}
    used |= {_iri(t.object) for t in said if t.predicate.value == vocab.TYPE}
    for iri in sorted(described(said) - _entailed(used, said)):
        if iri.startswith(vocab.CJI):
            problem = "is a term that no table and no query uses"
            yield Breach(iri, "", "", problem, "use it, or take it out", ERROR)


def _entailed(used: set[str], said: list[Triple]) -> set[str]:
    """Return terms in use, with those that a statement in them brings with it."""
    while True:
        more = {
            _iri(triple.object)
            for triple in said
            if triple.predicate.value in _BRINGS and _iri(triple.subject) in used
        }
        if more <= used:
            return used
        used = used | more


_BRINGS = {
    vocab.LOWER_BOUND,
    vocab.UPPER_BOUND,
    vocab.RDFS + "domain",
    vocab.RDFS + "range",
    vocab.RDFS + "subClassOf",
    vocab.RDFS + "subPropertyOf",
}


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def iris_of_query(text: str) -> Iterator[tuple[str, int]]:
    """Yield each IRI of a query in full, with how many characters precede it.

    Namespaces by themselves, as in PREFIX, are left out.
    """
    found = list(guard.tokens(text))
    prefixes = guard.prefixes(found)
    for token in found:
        iri = token.text.strip("<>")
        if token.kind == "name":
            prefix, _, name = token.text.partition(":")
            iri = prefixes.get(prefix, "") + name
        if token.kind in ("iri", "name") and iri[-1:] not in ("", "#", "/"):
            yield iri, token.start


def iris_of_schema(schema: Schema) -> set[str]:
    """Return the IRIs that a schema names, or makes of a column with fixed choices.

    >>> _choices("Law|Policy")
    ['Law', 'Policy']
    """
    columns = {column.name: column for column in schema.columns}
    templates = [schema.about, *_templates(schema.columns)]
    iris = {iri for each in templates for iri in _expansions(each, columns)}
    return iris | {column.datatype.iri for column in schema.columns}


def _templates(columns: Iterable[Column]) -> Iterator[Template]:
    for column in columns:
        for each in (column.about, column.property, column.value):
            if each is not None:
                yield each


def _expansions(template: Template, columns: dict[str, Column]) -> Iterator[str]:
    formats = (columns[name].format for name in template.names)
    choices = [_choices(each.pattern if each else "") for each in formats]
    for cells in product(*choices):
        iri = template.expand(dict(zip(template.names, cells, strict=True)))
        if iri:
            yield iri


def _choices(pattern: str) -> list[str]:
    return pattern.split("|") if re.fullmatch(r"\w+(\|\w+)*", pattern) else []
