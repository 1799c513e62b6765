"""A response pack as JSON, for other programs."""

from __future__ import annotations

import json
from typing import Any

from cjigraph.consult.pack import Pack, Ref, Row, Table
from cjigraph.record.table import Thing


def data(pack: Pack) -> str:
    """Return a pack as JSON, with a line break at its end."""
    said = {
        "title": pack.title,
        "programme": _cell(pack.programme),
        "as_of": pack.as_of,
        "as_of_because": pack.as_of_because,
        "options": pack.options,
        "sections": [
            {
                "name": section.name,
                "title": section.title,
                "finding": section.finding,
                "text": list(section.text),
                "tables": list(map(_table, section.tables)),
            }
            for section in pack.sections
        ],
        "rules": {rule.name: rule.words for rule in pack.rules},
        "sources": [
            {"number": number, **source._asdict()}
            for number, source in enumerate(pack.sources, start=1)
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "meaning": table.meaning,
        "columns": [column._asdict() for column in table.columns],
        "rows": [_row(table, row) for row in table.rows],
    }


def _row(table: Table, row: Row) -> dict[str, Any]:
    names = (column.name for column in table.columns)
    cells = {name: _cell(cell) for name, cell in zip(names, row.cells, strict=True)}
    return {
        **cells,
        "sources": list(row.sources),
        "rules": list(dict.fromkeys(row.rules)),
    }


def _cell(cell: Any) -> Any:
    if isinstance(cell, Thing):
        return {"label": str(cell), "iri": cell.iri}
    if isinstance(cell, Ref):
        return {"text": cell.text, "row": cell.anchor}
    if isinstance(cell, tuple):
        return [_cell(each) for each in cell]
    return cell
