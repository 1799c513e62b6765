"""Read the tables of a source: CSV files checked against their schemas.

The files are RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), with line feeds, and so
regular that one changed fact is one changed line. Anything wrong is a `TableError` that
says where and how to cure it. As in `schemas`, `report` is called with each mistake
that leaves the rest readable; the first is raised by default.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from cjigraph import vocab
from cjigraph.errors import TableError, did_you_mean, shown
from cjigraph.schemas import (
    CANDIDATES,
    DOCUMENTS,
    PASSAGE_COLUMN,
    PASSAGE_TABLES,
    PASSAGES,
    UNSOURCED,
    Column,
    ForeignKey,
    JsonFile,
    Schema,
    Template,
    check_context,
    read_schema,
    read_text,
    stop,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from cjigraph.schemas import Report

__all__ = [
    "DOCUMENTS",
    "METADATA",
    "PASSAGES",
    "PASSAGE_COLUMN",
    "PASSAGE_TABLES",
    "UNSOURCED",
    "Column",
    "ForeignKey",
    "Row",
    "Schema",
    "Source",
    "Table",
    "Template",
    "check_references",
    "findings",
    "read_schema",
    "read_source",
    "read_sources",
    "read_table",
    "stop",
]

METADATA = "csv-metadata.json"
"""The name that CSVW gives to the file which describes a folder of tables."""


class Row(NamedTuple):
    """A row: the line of the file it begins on, and its cells by column."""

    line: int
    cells: dict[str, str]


class Table(NamedTuple):
    """The rows of one CSV file."""

    schema: Schema
    path: Path
    rows: tuple[Row, ...]


class Source(NamedTuple):
    """One folder of tables; its `slug` is the folder's name."""

    slug: str
    folder: Path
    metadata: dict[str, Any]
    tables: tuple[Table, ...]


def findings(data: Path) -> list[TableError]:
    """Return every mistake in the tables of all sources and in what describes them."""
    found: list[TableError] = []
    sources = read_sources(data, found.append)
    check_references(sources, found.append)
    return found


def read_sources(data: Path, report: Report = stop) -> list[Source]:
    """Return the sources in `data`, one folder each, by their slugs.

    A source that cannot be read at all is left out if `report` returns.
    """
    schemas: dict[Path, Schema | None] = {}
    sources = []
    if not data.is_dir():
        raise TableError("there is no such folder", "", data)
    for folder in _source_folders(data, report):
        try:
            sources.append(read_source(folder, report, schemas))
        except TableError as error:
            report(error)
    return sources


NO_SOURCES = frozenset({CANDIDATES, "schema"})
"""Folders beside those of the sources: what is only guessed, and the kinds of table."""


def _source_folders(data: Path, report: Report) -> Iterator[Path]:
    for folder in sorted(data.iterdir()):
        if folder.name in NO_SOURCES or folder.name[0] == "." or not folder.is_dir():
            continue
        if not is_source_name(folder.name):
            cure = "name it in small letters, digits and single hyphens"
            report(TableError("not a name for a source", cure, folder))
        yield folder


def is_source_name(name: str) -> bool:
    """Whether a folder may be called so."""
    return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) is not None


def read_source(
    folder: Path,
    report: Report = stop,
    schemas: dict[Path, Schema | None] | None = None,
) -> Source:
    """Return a source, its tables in the order in which the metadata list them.

    `schemas` keeps those that have been read for the next source: None for a bad one.
    """
    file = JsonFile(folder / METADATA, report)
    _check_metadata(file)
    listed = _listed_tables(file)
    _check_listed(file, {name for name, _ in listed})
    tables = _read_tables(folder, listed, report, {} if schemas is None else schemas)
    source = Source(folder.name, folder, file.value, tuple(tables))
    _check_source(source, report)
    return source


def _read_tables(
    folder: Path,
    listed: list[tuple[str, Path]],
    report: Report,
    schemas: dict[Path, Schema | None],
) -> Iterator[Table]:
    """Yield the tables that can be read at all."""
    for name, path in listed:
        try:
            if path not in schemas:
                schemas[path] = None
                schemas[path] = read_schema(path, report)
            schema = schemas[path]
            if schema is not None:
                yield read_table(folder / name, schema, report)
        except TableError as error:
            report(error)


_METADATA_KEYS = {
    "@context": (str, list),
    "@id": (str,),
    "@type": (str,),
    "tables": (list,),
}
_TABLE_KEYS = {"url": (str,), "tableSchema": (str,), "dc:title": (str,)}
_ANYTHING = (str, list, dict, int, float, bool)


def _check_metadata(file: JsonFile) -> None:
    """Report metadata that hold an unknown key, or lack a title or a licence."""
    notes = {key: _ANYTHING for key in file.value if _is_note(key)}
    file.check_keys(file.value, {**_METADATA_KEYS, **notes})
    check_context(file)
    for keys in (("dc:title", "dcterms:title"), ("dc:license", "dcterms:license")):
        if not any(file.value.get(key) for key in keys):
            file.report(file.fault(f'"{keys[0]}" is missing', "say it"))


def _is_note(key: str) -> bool:
    prefix, colon, name = key.partition(":")
    return bool(colon and name and prefix in vocab.CSVW_PREFIXES)


def _listed_tables(file: JsonFile) -> list[tuple[str, Path]]:
    """Return the file name and the schema of each table that the metadata list."""
    listed: dict[str, Path] = {}
    for value in file.require(file.value, "tables"):
        said = file.check_keys(value, _TABLE_KEYS, "tables")
        name = file.require(said, "url", "tables")
        schema = file.require(said, "tableSchema", "tables")
        if not _FILE.fullmatch(name):
            raise file.fault(f'"{name}" is no file beside this one', "", name, "tables")
        if name in listed:
            file.report(file.fault(f'"{name}" is listed twice', "", name, "tables"))
        listed[name] = (file.path.parent / schema).resolve()
    return list(listed.items())


_FILE = re.compile(r"[a-z0-9][a-z0-9_-]*\.csv")


def _check_listed(file: JsonFile, listed: Collection[str]) -> None:
    """Report a table in the folder that the metadata do not list."""
    for path in sorted(file.path.parent.glob("*.csv")):
        if path.name not in listed:
            cure = f"list it in {METADATA}, or remove it"
            file.report(TableError("no source lists this table", cure, path))


def read_table(path: Path, schema: Schema, report: Report = stop) -> Table:
    """Return the table in a CSV file; one that lacks a column is read without rows."""
    text = read_text(path)
    _check_text(path, text, report)
    rows = tuple(_rows(path, text, schema, report))
    table = Table(schema, path, rows)
    for error in _wrong_cells(table):
        report(error)
    for error in _wrong_keys([table]):
        report(error)
    return table


_UNSEEN = re.compile(
    r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff]"
)
"""Characters that nobody can see or tell from a blank, and that break comparisons."""


def _check_text(path: Path, text: str, report: Report) -> None:
    """Report what no cell may hold; of each kind, the first."""
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        cure = "save it with line feeds alone (LF, Unix)"
        report(TableError("the line ends in a carriage return", cure, path, line))
    unseen = _UNSEEN.search(text.replace("\r", ""))
    if unseen:
        line = text.count("\n", 0, unseen.start()) + 1
        name = unicodedata.name(unseen[0], f"U+{ord(unseen[0]):04X}")
        report(
            TableError(f"holds the unseen character {name}", "remove it", path, line)
        )
    if not unicodedata.is_normalized("NFC", text):
        line = _first_unnormalized(text)
        cure = "write the accent and its letter as one character (NFC)"
        report(TableError("an accent stands apart from its letter", cure, path, line))
    if text and not text.endswith("\n"):
        cure, line = "add a line feed", text.count("\n") + 1
        report(TableError("the last line does not end", cure, path, line))


def _first_unnormalized(text: str) -> int:
    lines = enumerate(text.split("\n"), 1)
    return next(n for n, line in lines if not unicodedata.is_normalized("NFC", line))


def _rows(path: Path, text: str, schema: Schema, report: Report) -> Iterator[Row]:
    records = _records(path, text, report)
    _, header = next(records, (1, []))
    if not _has_columns(path, header, schema.header, report):
        return
    for line, cells in records:
        if len(cells) == len(header):
            yield Row(line, dict(zip(header, cells, strict=True)))
        else:
            report(_ragged(path, line, len(cells), len(header)))


def _records(path: Path, text: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on."""
    lines = text.split("\n")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            record = "\n".join(lines[line - 1 : reader.line_num])
            if '"' in record and not _QUOTED.fullmatch(record):
                cure = "quote the whole cell, and double the marks in it"
                report(TableError("a quotation mark in a bare cell", cure, path, line))
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(path, line, str(error)) from None


_CELL = r'(?:"(?:[^"]|"")*"|[^",\n]*)'
_QUOTED = re.compile(f"{_CELL}(?:,{_CELL})*\r?")


def _unreadable(path: Path, line: int, reason: str) -> TableError:
    if reason.startswith("field larger"):
        return TableError("a cell is too long", "is a quotation mark open?", path, line)
    problem = "a quoted cell does not end where it should"
    return TableError(problem, "close it, and double the marks in it", path, line)


def _ragged(path: Path, line: int, number: int, expected: int) -> TableError:
    if number == 0:
        return TableError("an empty line", "remove it", path, line)
    cure = "quote a cell that holds a comma" if number > expected else "add commas"
    return TableError(f"{number} cells, not {expected}", cure, path, line)


def _has_columns(
    path: Path, header: list[str], expected: list[str], report: Report
) -> bool:
    if header == expected:
        return True
    for name in expected:
        if name not in header:
            report(TableError("this column is missing", "add it", path, 1, name))
    for name in header:
        if name not in expected:
            cure = did_you_mean(name, expected) or "remove it"
            report(TableError("the schema knows no such column", cure, path, 1, name))
    if sorted(header) == sorted(expected):
        cure = f"write {','.join(expected)}"
        report(TableError("the columns are out of order", cure, path, 1))
    elif len(set(header)) < len(header):
        report(TableError("a column stands twice", "remove one", path, 1))
    return False


def _wrong_cells(table: Table) -> Iterator[TableError]:
    key = table.schema.primary_key
    columns = [column for column in table.schema.columns if not column.virtual]
    for row in table.rows:
        for column in columns:
            text = row.cells[column.name]
            needed = column.required or column.name in key
            problem, cure = _wrong_cell(text, column) if text else _empty(needed)
            if problem:
                yield TableError(problem, cure, table.path, row.line, column.name)


_RIGHT = ("", "")


def _empty(needed: bool) -> tuple[str, str]:
    return ("is empty", "every row must say it") if needed else _RIGHT


def _wrong_cell(text: str, column: Column) -> tuple[str, str]:
    if text != text.strip():
        return f"{_quoted(text)} begins or ends with a blank", "remove it"
    if not column.datatype.holds(text):
        name = re.split("[#/]", column.datatype.iri)[-1]
        return f"{_quoted(text)} is no {name}", column.datatype.cure
    if column.format and not column.format.fullmatch(text):
        return f"{_quoted(text)} does not match {column.format.pattern}", ""
    return _RIGHT


def _quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:59]}…"'


def _wrong_keys(tables: Iterable[Table]) -> Iterator[TableError]:
    """Yield keys used twice in tables of one kind, and rows out of order in each."""
    seen: dict[tuple[str, ...], str] = {}
    for table in tables:
        last: tuple[str, ...] = ()
        for row in table.rows:
            key = _values(row, table.schema.primary_key)
            said = ", ".join(key)
            place = (table.path, row.line, ",".join(table.schema.primary_key))
            if key in seen:
                yield TableError(
                    f'"{said}" is already {seen[key]}', "remove one", *place
                )
            elif key < last:
                cure = f'sort the rows: it comes before "{", ".join(last)}"'
                yield TableError(f'"{said}" is out of order', cure, *place)
            seen.setdefault(key, f"on line {row.line} of {table.path.name}")
            last = max(key, last)


def _check_source(source: Source, report: Report) -> None:
    """Report keys used in two tables of one kind, and passages nobody describes."""
    kinds: dict[Path, list[Table]] = {}
    for table in source.tables:
        kinds.setdefault(table.schema.path, []).append(table)
    for tables in kinds.values():
        if len(tables) > 1:
            for error in _wrong_keys(tables):
                report(error)
    for error in _unknown_passages(source):
        report(error)


def _unknown_passages(source: Source) -> Iterator[TableError]:
    tables = [each for each in source.tables if each.schema.name in PASSAGE_TABLES]
    key = [name for table in tables for name in table.schema.primary_key]
    passages = {row.cells[key[0]] for table in tables for row in table.rows}
    name = next((table.schema.name for table in tables), PASSAGES)
    file = f"{shown(source.folder / name)}.csv"
    for table in source.tables:
        for row in table.rows if table.schema.name not in UNSOURCED else ():
            slug = row.cells[PASSAGE_COLUMN]
            if slug not in passages:
                place = (table.path, row.line, PASSAGE_COLUMN)
                cure = did_you_mean(slug, passages)
                yield TableError(f'no passage "{slug}" in {file}', cure, *place)


def check_references(sources: Iterable[Source], report: Report = stop) -> None:
    """Report foreign keys that name no row of that kind of table in any source."""
    tables = [table for source in sources for table in source.tables]
    kinds: dict[Path, list[Table]] = {}
    for table in tables:
        kinds.setdefault(table.schema.path, []).append(table)
    for table in tables:
        for key in table.schema.foreign_keys:
            for error in _wrong_references(table, key, kinds.get(key.schema, [])):
                report(error)


def _wrong_references(
    table: Table, key: ForeignKey, targets: list[Table]
) -> Iterator[TableError]:
    header = targets[0].schema.header if targets else key.keys
    missing = next((name for name in key.keys if name not in header), None)
    if missing is not None:
        problem = f'{key.schema.name} has no column "{missing}"'
        place = (table.schema.path, None, "foreignKeys")
        yield TableError(problem, did_you_mean(missing, header), *place)
        return
    known = {_values(row, key.keys) for target in targets for row in target.rows}
    for row in table.rows:
        value = _values(row, key.columns)
        if all(value) and value not in known:
            said = ", ".join(value)
            problem = f'no {", ".join(key.keys)} "{said}" in {key.schema.stem}.csv'
            cure = did_you_mean(said, (", ".join(each) for each in known))
            yield TableError(problem, cure, table.path, row.line, ",".join(key.columns))


def _values(row: Row, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row.cells[name] for name in names)
