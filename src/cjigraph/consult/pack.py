"""What a response pack is made of, whatever it is written as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cjigraph.networks import Source
    from cjigraph.record.table import Thing


class Ref(NamedTuple):
    """A link to another line of the pack: what it says and where it goes."""

    text: str
    anchor: str


class Column(NamedTuple):
    """A column: a name for programs, a title for people, what stands in it.

    `form` is "text", "number" or "share", which is a part of one.
    """

    name: str
    title: str
    meaning: str
    form: str = "text"


class Row(NamedTuple):
    """A line: its cells, the numbers of its sources, and the rules it follows from.

    A line without rules says what sources say. A cell is a text, a number, `None`, a
    `Thing`, a `Ref` or a tuple of things or refs.
    """

    cells: tuple[Any, ...]
    sources: tuple[int, ...]
    rules: tuple[str, ...] = ()
    anchor: str = ""


class Bar(NamedTuple):
    """A share of the programme and one of the recent record, if that has any."""

    label: str
    here: float
    there: float | None


class Plot(NamedTuple):
    """Bars that compare the programme with the recent record.

    Without `there`, too little is known of the record to compare.
    """

    title: str
    bars: tuple[Bar, ...]
    here: str
    there: str


class Table(NamedTuple):
    """Lines under columns, what they are, and what to say where there is none.

    A `plot` shows what the lines say.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = "Nothing on record."
    plot: Plot | None = None


class Section(NamedTuple):
    """A part of the pack: what it answers, in words and tables.

    `finding` is its sentence in the summary, if it has one.
    """

    name: str
    title: str
    text: tuple[str, ...]
    tables: tuple[Table, ...]
    finding: str = ""


class Rule(NamedTuple):
    """How something that no source says was worked out: its name and its words."""

    name: str
    words: str


class Pack(NamedTuple):
    """A response pack: what it is about, what it says, by which rules, from where."""

    title: str
    programme: Thing
    as_of: str
    as_of_because: str
    options: dict[str, Any]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    sources: tuple[Source, ...]

    def tables(self) -> dict[str, Table]:
        """Return all tables by name."""
        return {
            table.name: table for section in self.sections for table in section.tables
        }


class Notes:
    """Numbers passages in the order in which they are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[Source, int] = {}

    def cite(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """Return the numbers of some passages, each once, in order."""
        numbers = {
            self._numbers.setdefault(source, len(self._numbers) + 1)
            for source in sorted(set(sources))
        }
        return tuple(sorted(numbers))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The passages cited so far, in the order of their numbers."""
        return tuple(self._numbers)
