"""A lineage as somebody asks for it: by a name, in a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjigraph import lineage, names, record
from cjigraph.lineage.formats import write
from cjigraph.lineage.tree import told

if TYPE_CHECKING:
    from pyoxigraph import Store


def answer(
    store: Store,
    name: str,
    format_: str = "tree",
    depth: int | None = None,
    direction: str = "both",
) -> tuple[bytes, list[str]]:
    """Return the lineage of what is called `name`, and a warning for every cycle.

    An unknown or ambiguous name is a `QueryError`, a thing without lineage, a wrong
    format, depth or direction an `InputError`.
    """
    thing = names.resolve(store, name).value
    graph = lineage.of(record.read(store), thing, depth, direction)
    circles = [told(graph, cycle) for cycle in lineage.cycles(graph)]
    return write(graph, format_, depth, direction), circles
