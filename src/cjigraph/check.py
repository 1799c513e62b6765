"""Hold tables, ontology and dataset against every rule, and list what is wrong.

Tables that break a rule are reported alone, for nothing sound can be built from them.
Otherwise the dataset is built in memory, and each failure in it is traced back to the
cell or the line of Turtle that made it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, RdfFormat, Store

from cjigraph import vocab
from cjigraph.assemble import PARTS, assemble, read_turtle
from cjigraph.candidates import candidate_schema, read_candidates
from cjigraph.documents import excerpt, read_document
from cjigraph.errors import (
    CjigraphError,
    DocumentError,
    QueryError,
    TableError,
    VocabularyError,
    one_line,
)
from cjigraph.lift import described, lift, undescribed
from cjigraph.reason import consistent
from cjigraph.rules import ERROR, WARNING, Breach, breaches, read_rules, shape_breaches
from cjigraph.schemas import DOCUMENTS, PASSAGES, read_schema
from cjigraph.tables import Row, Source, Table, check_references, read_sources
from cjigraph.usage import undeclared, unused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Triple

    from cjigraph.lift import Lifted

SHAPES = "shapes.ttl"
HYGIENE = "hygiene"


class Finding(NamedTuple):
    """Something to put right: where, what is wrong, and the cure.

    A finding of the severity "warning" leaves the graph sound.
    """

    place: str
    problem: str
    cure: str
    severity: str

    def __str__(self) -> str:
        said = ": ".join(part for part in (self.place, self.problem) if part)
        return one_line("; ".join(part for part in (said, self.cure) if part))


def findings(
    ontology: Path,
    data: Path,
    *,
    queries: Path | None = None,
    reason: bool = False,
    documents: Path | None = None,
) -> list[Finding]:
    """Return all that is wrong, by file and line.

    With `queries`, a folder of them is held against the vocabulary, and the vocabulary
    against them and the tables. `reason` asks HermiT whether everything can be true
    together, and is an `InputError` without the extra `[reason]`. `documents` is a
    folder of a reader's own copies of the sources.
    """
    errors: list[CjigraphError] = []
    sources = read_sources(data, errors.append)
    check_references(sources, errors.append)
    read_candidates(data, errors.append)
    if errors:
        return _in_order(map(_finding, errors))
    try:
        found = list(_built(ontology, data, queries, sources, reason=reason))
    except (QueryError, TableError, VocabularyError) as error:
        found = [_finding(error)]
    if documents is not None:
        found += map(_finding, misplaced(sources, documents))
    return _in_order(found)


def _finding(error: CjigraphError) -> Finding:
    return Finding(error.place, error.problem, error.cure, ERROR)


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    return sorted(set(found), key=lambda each: (_natural(each.place), each))


def _natural(place: str) -> list[tuple[str, int]]:
    """Return a key that puts line 9 before line 10."""
    pieces = re.split(r"(\d+)", place)
    return [(text, int(number or 0)) for text, number in _pairs(pieces)]


def _pairs(pieces: list[str]) -> Iterator[tuple[str, str]]:
    return zip(pieces[::2], [*pieces[1::2], ""], strict=True)


def _built(
    ontology: Path,
    data: Path,
    queries: Path | None,
    sources: list[Source],
    *,
    reason: bool,
) -> Iterator[Finding]:
    """Yield what is wrong with the dataset that sound tables make."""
    files = [ontology / name for name in PARTS]
    terms = [triple for path in files for triple in read_turtle(path)]
    lifted = [each for source in sources for each in lift(source)]
    known = described(terms) | described(each.quad.triple for each in lifted)
    unknown = list(undescribed(lifted, known))
    if unknown:
        yield from map(_finding, unknown)
        return
    store = _store(ontology, data)
    origins = Origins(sources, lifted, files)
    triples = [quad.triple for quad in store.quads_for_pattern(*_DEFAULT)]
    for rule in read_rules(ontology / HYGIENE):
        yield from map(origins.finding, breaches(rule, store))
    yield from map(origins.finding, shape_breaches(ontology / SHAPES, triples))
    schemas = [read_schema(path) for path in sorted(data.glob("schema/*.json"))]
    schemas += filter(None, [candidate_schema(data)])
    yield from map(_finding, undeclared(schemas, queries, triples))
    if queries is not None:
        yield from map(origins.finding, unused(schemas, queries, terms))
    if reason:
        yield from map(origins.finding, contradictions(triples))


_DEFAULT = (None, None, None, DefaultGraph())


def _store(ontology: Path, data: Path) -> Store:
    """Return the dataset as it would be built."""
    content, _ = assemble(ontology, data, lambda _: None)
    store = Store()
    store.load(content, RdfFormat.N_QUADS)
    return store


class Origins:
    """Where statements come from: a cell of a table, or a line of Turtle."""

    def __init__(
        self, sources: Iterable[Source], lifted: Iterable[Lifted], files: Iterable[Path]
    ) -> None:
        self._schemas = {t.path: t.schema for each in sources for t in each.tables}
        self._cells: dict[tuple[str, ...], Lifted] = {}
        self._lines: dict[str, tuple[Path, int]] = {}
        for each in lifted:
            self._add(each)
        for path in files:
            self._read(path)

    def _add(self, cell: Lifted) -> None:
        thing, property_, value = (term.value for term in cell.quad.triple)
        for key in ((thing, property_, value), (thing, property_), (thing,)):
            self._cells.setdefault(key, cell)

    def _read(self, path: Path) -> None:
        """Note the line on which each thing begins: its name stands at the margin."""
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            name = line.partition(" ")[0]
            if name and name[0] not in "@#[.)":
                self._lines.setdefault(name.strip("<>"), (path, number))

    def finding(self, breach: Breach) -> Finding:
        """Return a breach of a rule or shape, with the place to mend it."""
        name = vocab.shorten(breach.thing)
        error = TableError(
            f"{name} {breach.problem}", breach.cure, *self._place(breach)
        )
        return Finding(error.place, error.problem, error.cure, breach.severity)

    def _place(self, breach: Breach) -> tuple[Path | None, int | None, str | None]:
        """Return the cell that says it, or the row that describes the thing."""
        thing, property_, value = breach.thing, breach.property, breach.value
        cell = self._find((thing, property_, value), (thing, property_))
        if cell:
            return cell.path, cell.line, cell.column
        cell = self._find((thing, vocab.TYPE), (thing,))
        if cell:
            return cell.path, cell.line, self._column(cell.path, property_)
        name = vocab.shorten(thing)
        return *self._lines.get(name, self._lines.get(thing, (None, None))), None

    def _find(self, *keys: tuple[str, ...]) -> Lifted | None:
        return next((self._cells[key] for key in keys if key in self._cells), None)

    def _column(self, path: Path, property_: str) -> str | None:
        """Return the column that would say something, where no cell does."""
        for column in self._schemas[path].columns:
            template = column.property
            if template and not template.names and template.start == property_:
                return None if column.virtual else column.name
        return None


def contradictions(triples: Iterable[Triple]) -> list[Breach]:
    """Return what HermiT objects to: the whole, or classes that nothing can be in."""
    verdict = consistent(triples)
    if not verdict.consistent:
        problem = "contradicts the data: not everything in them can be true (HermiT)"
        cure = "take changes back one by one until it goes"
        return [Breach(vocab.ONTOLOGY, "", "", problem, cure, ERROR)]
    nothing = "is a class that nothing can be in (HermiT)"
    more = "is a <{}> by what HermiT finds, and the graph does not say so"
    return [
        Breach(iri, "", "", nothing, "mend its axioms", ERROR)
        for iri in verdict.unsatisfiable
    ] + [
        Breach(thing, vocab.TYPE, iri, more.format(iri), "assert it", WARNING)
        for thing, iri in verdict.memberships
    ]


def misplaced(sources: Iterable[Source], folder: Path) -> Iterator[CjigraphError]:
    """Yield where passages do not fit a reader's own copies of their documents.

    A passage must lie in the text, begin and end with whole words, and hold whatever a
    discrepancy in it quotes.
    """
    for source in sources:
        rows = {
            table.schema.name: [(table, row) for row in table.rows]
            for table in source.tables
        }
        texts: dict[str, str] = {}
        for _, row in rows.get(DOCUMENTS, ()):
            yield from _read_copy(row, folder, texts)
        passages: dict[str, str] = {}
        for table, row in rows.get(PASSAGES, ()):
            yield from _misplaced(table, row, texts, passages)
        for table, row in rows.get("discrepancies", ()):
            yield from _misquoted(table, row, passages)


def _read_copy(
    row: Row, folder: Path, texts: dict[str, str]
) -> Iterator[DocumentError]:
    """Put a reader's copy of a document in `texts`, or yield why not."""
    slug, digest = row.cells["id"], row.cells["sha256"]
    try:
        if digest:
            texts[slug] = read_document(folder, slug, digest)
    except DocumentError as error:
        yield error


def _misplaced(
    table: Table, row: Row, texts: dict[str, str], passages: dict[str, str]
) -> Iterator[TableError]:
    """Put the text of a passage in `passages`, or yield why it is none."""
    text = texts.get(row.cells["document"])
    if text is None:
        return
    start, end = int(row.cells["start"]), int(row.cells["end"])
    try:
        said = passages[row.cells["id"]] = excerpt(text, start, end)
    except DocumentError as error:
        yield _wrong(table, row, "end", error.problem, error.cure)
        return
    if said != said.strip():
        problem = "the passage begins or ends with a blank"
        yield _wrong(table, row, "start", problem, "leave the blank out")
    for column, place in (("start", start), ("end", end)):
        if text[place - 1 : place].isalnum() and text[place : place + 1].isalnum():
            problem = f"{place} is in the middle of a word"
            yield _wrong(table, row, column, problem, "move it")


def _misquoted(
    table: Table, row: Row, passages: dict[str, str]
) -> Iterator[TableError]:
    passage, quoted = passages.get(row.cells["passage"]), row.cells["as_written"]
    if passage and quoted not in " ".join(passage.split()):
        problem = f'the passage does not say "{quoted}"'
        yield _wrong(table, row, "as_written", problem, "quote it as it stands")


def _wrong(table: Table, row: Row, column: str, problem: str, cure: str) -> TableError:
    return TableError(problem, cure, table.path, row.line, column)
