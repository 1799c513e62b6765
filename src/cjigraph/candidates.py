"""What may follow what, though no source says so: suggestions that wait for a person.

They stand in a graph of their own, as statements about statements, so that no question
takes them for facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjigraph.lift import lift_table
from cjigraph.schemas import CANDIDATES, read_schema, stop
from cjigraph.tables import Table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Quad

    from cjigraph.schemas import Report, Schema

KEY = ("later", "relation", "earlier")
"""The columns that tell one suggestion from another."""
PROPOSED, ACCEPTED, REFUSED = "proposed", "accepted", "refused"


def read_candidates(data: Path, report: Report = stop) -> Table | None:
    """Return the table of suggestions, or None if there is none."""
    schema = candidate_schema(data)
    path = data / CANDIDATES / "lineage.csv"
    return None if schema is None else read_table(path, schema, report)


def candidate_schema(data: Path) -> Schema | None:
    """Return the schema of the table of suggestions, or None if there is none."""
    path = data / CANDIDATES / "lineage.json"
    return read_schema(path) if path.exists() else None


def lift_candidates(data: Path) -> Iterator[Quad]:
    """Yield what the suggestions say, in their own graph."""
    table = read_candidates(data)
    for lifted in lift_table(table) if table else ():
        yield lifted.quad
