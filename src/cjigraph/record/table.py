"""A table that says what its columns mean."""

from __future__ import annotations

import csv
import html
import io
from typing import TYPE_CHECKING, Any, NamedTuple

from cjigraph.frames import frame

if TYPE_CHECKING:
    from collections.abc import Iterator


class Thing(str):
    """The label of a thing, which knows the thing's IRI."""

    __slots__ = ("iri",)
    iri: str

    def __new__(cls, label: str, iri: str) -> Thing:
        """Return the label of the thing with this IRI."""
        made = super().__new__(cls, label)
        made.iri = iri
        return made


def is_address(iri: object) -> bool:
    """Whether an IRI can safely be a link: a store from elsewhere may hold any.

    >>> is_address("javascript:alert(1)")
    False
    """
    return isinstance(iri, str) and iri.startswith(("https://", "http://"))


class Column(NamedTuple):
    """A column: its name, and what stands in it in words."""

    name: str
    meaning: str


class Table(NamedTuple):
    """Rows of plain values, with what the table and each column mean.

    A cell is a text, a number, `None`, a `Thing` or a tuple of texts or things.
    """

    title: str
    meaning: str
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def records(self) -> Iterator[dict[str, Any]]:
        """Return the rows as dictionaries."""
        for row in self.rows:
            yield dict(zip(self.names, row, strict=True))

    def to_csv(self) -> str:
        """Return the table as CSV (RFC 4180), values within a cell joined by `;`."""
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow(self.names)
        writer.writerows([_text(cell) for cell in row] for row in self.rows)
        return target.getvalue()

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame`; needs the extra `pandas`.

        Things become their labels, and the values within a cell are joined by `;`.
        """
        return frame(self.names, [tuple(map(_plain, row)) for row in self.rows])

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th title="{html.escape(each.meaning)}">{_escape(each.name)}</th>'
            for each in self.columns
        )
        body = "".join(
            f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>"
            for row in self.rows
        )
        caption = f"<b>{_escape(self.title)}</b><br>{_escape(self.meaning)}"
        return (
            f"<table><caption>{caption}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _text(cell: Any) -> str:
    if isinstance(cell, tuple):
        return "; ".join(map(_text, cell))
    return "" if cell is None else str(cell)


def _plain(cell: Any) -> Any:
    return _text(cell) if isinstance(cell, (str, tuple)) else cell


def _escape(text: str) -> str:
    return html.escape(text.replace("_", " "))


def _cell(cell: Any) -> str:
    if isinstance(cell, tuple):
        return "<br>".join(map(_cell, cell))
    if isinstance(cell, Thing) and is_address(cell.iri):
        return f'<a href="{html.escape(cell.iri)}">{html.escape(cell)}</a>'
    return html.escape(_text(cell))
