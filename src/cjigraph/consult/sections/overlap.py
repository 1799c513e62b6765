"""The answer to the first question: what may duplicate, overlap or clash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjigraph.consult import overlap, rules
from cjigraph.consult.pack import Column, Row, Section, Table
from cjigraph.consult.writer import capital, count, listed

if TYPE_CHECKING:
    from cjigraph.consult.overlap import Pair
    from cjigraph.consult.writer import Writer

_PIECES = (
    Column("one", "Entry", "an entry of the programme"),
    Column("other", "Other work", "another entry, or recent work"),
)
_POINTS = Column("points", "Points", "the sum, of 10", "number")


def section(writer: Writer) -> Section:
    """Return the pairs that share something, and those that sources relate."""
    within = overlap.between_entries(writer.frame)
    beyond = overlap.with_recent(writer.frame)
    related = [pair for pair in (*within, *beyond) if pair.relations]
    within = [pair for pair in within if not pair.relations]
    beyond = [pair for pair in beyond if not pair.relations]
    text = (
        writer.question(1),
        "A pair is a question to the inspectorates, not a finding: it says what two "
        "pieces of work have in common on paper.",
    )
    return Section(
        name="overlap",
        title="Overlap",
        text=text,
        tables=(
            _pairs(writer, "within", "Entries that may overlap", within),
            _pairs(writer, "beyond", "Entries that may overlap recent work", beyond),
            _related(writer, related),
        ),
        finding=(
            f"Overlap. Between entries: {_natures(within)}. With recent work: "
            f"{_natures(beyond)}. Told apart, because sources relate them: "
            f"{count(len(related), 'pair')}."
        ),
    )


def _natures(pairs: list[Pair]) -> str:
    found = [pair.nature for pair in pairs]
    said = [
        count(found.count(one), f"possible {one}", f"possible {many}")
        for one, many in _MANY.items()
        if one in found
    ]
    return listed(said) if said else "nothing that sources leave unrelated"


_MANY = {"duplicate": "duplicates", "overlap": "overlaps", "clash": "clashes"}


def _pairs(writer: Writer, name: str, title: str, pairs: list[Pair]) -> Table:
    least = writer.frame.options.least
    return Table(
        name=name,
        title=title,
        meaning=(
            "Highest first. Points are given for subject (up to 4), agency (3), "
            "partners (2) and time (1), by the rules named."
        ),
        columns=(
            *_PIECES,
            Column("nature", "May be", "duplicate, overlap or clash, by the rule"),
            _POINTS,
            Column("subject", "Subject", "points for the subject, of 4", "number"),
            Column("agency", "Agency", "points for examined bodies, of 3", "number"),
            Column("partners", "Partners", "for inspecting bodies, of 2", "number"),
            Column("time", "Time", "points for the time, of 1", "number"),
            Column("reason", "Why", "what they share, in words"),
        ),
        rows=tuple(_pair(writer, pair) for pair in pairs),
        empty=f"No pair that sources leave unrelated has {least} points or more.",
    )


def _pair(writer: Writer, pair: Pair) -> Row:
    cells = (
        writer.ref(pair.one),
        writer.ref(pair.other),
        capital(pair.nature),
        pair.score,
        *(shared.points for shared in pair.shared),
        pair.reason,
    )
    used = (*pair.rules, *_lasting(pair), rules.NATURE)
    return Row(cells, writer.cite(pair.sources), used)


def _related(writer: Writer, pairs: list[Pair]) -> Table:
    return Table(
        name="related",
        title="Not duplicates: related by the sources",
        meaning="Pairs of which one comes of the other, or belongs to it.",
        columns=(
            *_PIECES,
            Column("relation", "How sources relate them", "in the sources' own terms"),
            _POINTS,
            Column("reason", "What they share", "in words"),
        ),
        rows=tuple(_relation(writer, pair) for pair in pairs),
        empty="Sources relate no entry to another or to recent work.",
    )


def _relation(writer: Writer, pair: Pair) -> Row:
    said = " ".join(dict.fromkeys(each.words for each in pair.relations))
    ends = (writer.ref(pair.one), writer.ref(pair.other))
    cells = (*ends, said, pair.score, pair.reason)
    used = (*pair.rules, *_lasting(pair), rules.RELATED)
    return Row(cells, writer.cite(pair.sources), used)


def _lasting(pair: Pair) -> tuple[str, ...]:
    """Return the rules about parts, and about how long the two last if that counted."""
    if not pair.time.points:
        return (rules.PARTS,)
    recent = () if pair.other.entry else (rules.LASTING,)
    return (rules.PARTS, rules.PLANNED, *recent)
