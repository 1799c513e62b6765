"""Turn rows into statements, as their schema says: a named subset of csv2rdf.

See https://www.w3.org/TR/csv2rdf/, minimal mode. Every statement goes into the graph
that is named after the passage its row cites, which csv2rdf knows nothing of. One thing
differs: a template that names an empty cell says nothing here, while there it makes an
IRI with a hole in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from cjigraph import vocab
from cjigraph.errors import TableError, did_you_mean
from cjigraph.tables import PASSAGE_COLUMN, UNSOURCED

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Triple

    from cjigraph.tables import Column, Row, Source, Table, Template


class Lifted(NamedTuple):
    """A statement, in its graph, with the cell that makes it."""

    quad: Quad
    path: Path
    line: int
    column: str


def lift(source: Source) -> Iterator[Lifted]:
    """Yield what the tables of a source say, row by row in the order of its tables."""
    for table in source.tables:
        yield from lift_table(table)


def lift_table(table: Table) -> Iterator[Lifted]:
    """Yield what one table says, row by row."""
    for row in table.rows:
        yield from _lift_row(table, row)


def _lift_row(table: Table, row: Row) -> Iterator[Lifted]:
    graph = _graph(table, row)
    for column in table.schema.columns:
        quad = _quad(table, row, column, graph)
        if quad is not None:
            yield Lifted(quad, table.path, row.line, column.name)


def _graph(table: Table, row: Row) -> NamedNode:
    if table.schema.is_sourced:
        return NamedNode(vocab.PASSAGE + row.cells[PASSAGE_COLUMN])
    if table.schema.name in UNSOURCED:
        return NamedNode(vocab.SOURCES_GRAPH)
    return NamedNode(vocab.CANDIDATES_GRAPH)


def _quad(table: Table, row: Row, column: Column, graph: NamedNode) -> Quad | None:
    """Return what a cell says, or None if it or one that a template names is empty."""
    if column.suppressed or column.property is None:
        return None
    try:
        subject = _node(column.about or table.schema.about, row)
        predicate = _node(column.property, row)
        value = _value(column, row)
    except ValueError as error:
        place = (table.path, row.line, column.name)
        raise TableError(f"makes no IRI: {error}", "", *place) from None
    if subject is None or predicate is None or value is None:
        return None
    return Quad(subject, predicate, value, graph)


def _node(template: Template, row: Row) -> NamedNode | None:
    iri = template.expand(row.cells)
    return None if iri is None else NamedNode(iri)


def _value(column: Column, row: Row) -> NamedNode | Literal | None:
    text = "" if column.virtual else row.cells[column.name]
    if not (text or column.virtual):
        return None
    if column.value is not None:
        return _node(column.value, row)
    if column.lang is not None:
        return Literal(text, language=column.lang)
    return Literal(text, datatype=NamedNode(column.datatype.iri))


def described(triples: Iterable[Triple]) -> set[str]:
    """Return the IRIs of what has a type, so that a reader knows what it is."""
    return {
        triple.subject.value
        for triple in triples
        if triple.predicate.value == vocab.TYPE
        and isinstance(triple.subject, NamedNode)
    }


def unknown(triple: Triple, known: Container[str]) -> Iterator[str]:
    """Yield the IRIs of ours in a statement, things and terms, that are not `known`."""
    for term in triple:
        iri = term.value if isinstance(term, NamedNode) else ""
        if iri.startswith((vocab.ID, vocab.CJI)) and iri not in known:
            yield iri


def undescribed(lifted: Iterable[Lifted], known: set[str]) -> Iterator[TableError]:
    """Yield a mistake for each cell that makes an IRI of ours that is not `known`."""
    for quad, path, line, column in lifted:
        for iri in unknown(quad.triple, known):
            problem = f'nothing says what "{_short(iri)}" is'
            yield TableError(problem, nearest(iri, known), path, line, column)


def nearest(iri: str, known: Iterable[str]) -> str:
    """Return `did you mean "…"?` for the nearest known IRI, of the same kind if any."""
    kind = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    alike = [each for each in known if each.startswith(kind)]
    if alike:
        names = (each.removeprefix(kind) for each in alike)
        return did_you_mean(iri.removeprefix(kind), names)
    return did_you_mean(_short(iri), (_short(each) for each in known))


def _short(iri: str) -> str:
    """Return an IRI as a cell of a table writes it, or with its prefix."""
    return (
        iri.removeprefix(vocab.ID) if iri.startswith(vocab.ID) else vocab.shorten(iri)
    )
