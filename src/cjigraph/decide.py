"""Decide on suggestions: accept one with the passage that says it, or refuse it.

A decision is kept in the table of suggestions: what was refused is not proposed again,
and what is accepted becomes a row of the source whose passage says it.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from cjigraph.candidates import ACCEPTED, KEY, PROPOSED, REFUSED, read_candidates
from cjigraph.errors import InputError, did_you_mean
from cjigraph.schemas import PASSAGE_TABLES
from cjigraph.store import write_whole
from cjigraph.tables import Table, read_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    Key = tuple[str, ...]
    Cells = dict[str, str]

LINEAGE = "lineage"


def listed(data: Path) -> Iterator[str]:
    """Yield the suggestions in words, those that wait first."""
    yield "None of these is a fact: no source says so."
    rows = [row.cells for row in _table(data).rows]
    for cells in sorted(rows, key=lambda each: each["status"] != PROPOSED):
        said = f"{cells['status']} {cells['decided']}".strip()
        later, earlier = _pair(cells)
        yield ""
        yield f"{later} {cells['relation']} {earlier}   ({said})"
        yield from (f"    {cells[name]}" for name in ("reason", "note") if cells[name])


def accept(data: Path, later: str, earlier: str, passage: str, day: date) -> Path:
    """Make a suggestion a fact of the source that holds `passage`.

    Returns the table that has the new row. Slugs name the two pieces of work. A
    suggestion, work or passage that is not known is an `InputError`, as is one that has
    been decided on.
    """
    table = _table(data)
    key = _open_key(table, later, earlier)
    target, rows = _with_fact(data, key, passage)
    decided = _decided(table, key, ACCEPTED, day)
    write_whole(target.path, _text(target, rows))
    write_whole(table.path, _text(table, decided))
    return target.path


def refuse(data: Path, later: str, earlier: str, note: str, day: date) -> Path:
    """Mark a suggestion as refused, and return the table that says so."""
    table = _table(data)
    key = _open_key(table, later, earlier)
    write_whole(table.path, _text(table, _decided(table, key, REFUSED, day, note)))
    return table.path


def _table(data: Path) -> Table:
    table = read_candidates(data)
    if table is None:
        cure = "work in a checkout, or name its data folder with --data"
        raise InputError("there are no suggestions here", cure, data)
    return table


def _open_key(table: Table, later: str, earlier: str) -> Key:
    """Return the key of the suggestion about two pieces of work, if it waits."""
    pairs = {_pair(row.cells): row.cells for row in table.rows}
    cells = pairs.get((later, earlier))
    if cells is None:
        known = [" ".join(pair) for pair in pairs]
        cure = did_you_mean(f"{later} {earlier}", known) or "list them first"
        raise InputError(f'nothing suggests that "{later}" follows "{earlier}"', cure)
    if cells["status"] != PROPOSED:
        problem = f"was {cells['status']} on {cells['decided']}"
        raise InputError(f'that "{later}" follows "{earlier}" {problem}')
    return tuple(cells[name] for name in KEY)


def _pair(cells: Cells) -> tuple[str, str]:
    return cells["later"], cells["earlier"].partition("/")[2]


def _with_fact(data: Path, key: Key, passage: str) -> tuple[Table, list[Cells]]:
    """Return the lineage table of the source that has a passage, and its rows."""
    sources = read_sources(data)
    passages = {
        row.cells["id"]: source
        for source in sources
        for table in source.tables
        if table.schema.name in PASSAGE_TABLES
        for row in table.rows
    }
    if passage not in passages:
        cure = did_you_mean(passage, passages) or "describe it in a source first"
        raise InputError(f'no passage "{passage}"', cure)
    source = passages[passage]
    for table in source.tables:
        if table.schema.name == LINEAGE:
            fact = dict(zip((*KEY, "passage"), (*key, passage), strict=True))
            return table, [*(row.cells for row in table.rows), fact]
    cure = f"add an empty {LINEAGE}.csv to it and to its metadata"
    raise InputError("this source has no table of lineage", cure, source.folder)


def _decided(
    table: Table, key: Key, status: str, day: date, note: str = ""
) -> list[Cells]:
    made = {"status": status, "decided": day.isoformat()} | (
        {"note": note} if note else {}
    )
    return [
        row.cells | made if tuple(row.cells[name] for name in KEY) == key else row.cells
        for row in table.rows
    ]


def _text(table: Table, rows: Iterable[Cells]) -> bytes:
    """Return rows as the file of a table has them: sorted, with line feeds."""
    file = StringIO()
    writer = csv.DictWriter(file, table.schema.header, lineterminator="\n")
    writer.writeheader()
    key = table.schema.primary_key
    writer.writerows(sorted(rows, key=lambda row: [row[name] for name in key]))
    return file.getvalue().encode("utf-8")
