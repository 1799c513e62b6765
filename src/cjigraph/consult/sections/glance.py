"""What is compared: the entries of the programme, and the recent record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjigraph.consult import balance, rules
from cjigraph.consult.frame import when
from cjigraph.consult.pack import Column, Row, Section, Table
from cjigraph.consult.writer import capital, count, listed
from cjigraph.record.spans import spoken, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cjigraph.consult.frame import Piece
    from cjigraph.consult.writer import Writer
    from cjigraph.networks import Source
    from cjigraph.record import Odds


def glance(writer: Writer) -> Section:
    """Return the entries of the programme, and where its sources are at odds."""
    entries = _entries(writer)
    text = (
        f"The day of this pack is {words(writer.frame.as_of.isoformat())}, "
        f"{writer.frame.as_of_because}. What has become known since stands in a column "
        "of its own and is not used. Entries that no source on record names are "
        "missing.",
    )
    return Section(
        name="glance",
        title="The programme at a glance",
        text=text,
        tables=(entries, _odds(writer)),
        finding=f"The programme has {_by_standing(writer)}.",
    )


def _by_standing(writer: Writer) -> str:
    heading = next(each for each in balance.HEADINGS if each.name == "standing")
    spread = balance.spread(writer.frame, heading, balance.groups(writer.frame))
    here = {
        balance.named(writer.record, each.value): each.counts[balance.HERE]
        for each in spread.counts
    }
    size = count(len(writer.frame.entries), "entry", "entries")
    some = [f"{number} under {label}" for label, number in here.items() if number]
    none = [label for label, number in here.items() if not number]
    if not some:
        return f"{size} on record, and no source says how they come into it"
    without = [f"and none under {listed(none, 'or')}"] if none else []
    return f"{size}: {', '.join([*some, *without])}"


def recent(writer: Writer) -> Section:
    """Return the recent record, with which the entries are compared."""
    return Section(
        name="record",
        title="The recent record",
        text=("What the entries are compared with, each piece by its number (R).",),
        tables=(_recent(writer),),
    )


# The programme


def _entries(writer: Writer) -> Table:
    return Table(
        name="entries",
        title="Entries",
        meaning="As the programme has them.",
        columns=(
            Column("number", "No.", "the place in the programme"),
            Column("work", "Work", "the piece of work that is planned"),
            Column("kind", "Kind", "what sort of work it is"),
            Column("standing", "Standing", "how it comes into the programme"),
            Column("lead", "Led by", "who is said to lead it"),
            Column("others", "With", "who else takes part"),
            Column("themes", "About", "its themes and those of its parts"),
            Column("expected", "Report expected", "when, as the source has it"),
            Column("since", "Known since", "reports on it that are on record by now"),
        ),
        rows=tuple(_entry(writer, piece) for piece in writer.frame.entries),
    )


def _entry(writer: Writer, piece: Piece) -> Row:
    record, entry = writer.record, piece.entry
    standing = writer.thing(entry.standing) if entry and entry.standing else None
    expected = spoken(record.expected(entry.iri)) if entry else ""
    cells = (
        piece.ref.text,
        writer.thing(piece.work),
        capital(record.kind_label(piece.work)),
        standing,
        writer.bodies(record.leads(piece.work)),
        writer.bodies(record.others(piece.work)),
        writer.things(piece.themes),
        capital(expected),
        writer.reports(piece, after=writer.frame.as_of),
    )
    own = entry.sources if entry else ()
    return Row(cells, writer.cite((*own, *_told(piece))), (), piece.ref.anchor)


def _told(piece: Piece) -> Iterator[Source]:
    """Return the passages that say what a piece is about and who carries it out."""
    said: Iterable[tuple[Source, ...]]
    said = (*piece.themes.values(), *piece.partners.values())
    return (source for sources in said for source in sources)


def _odds(writer: Writer) -> Table:
    works = [piece.work for piece in writer.frame.entries]
    rows = [
        _contradiction(writer, each)
        for thing in (writer.frame.programme, *works)
        for each in writer.record.contradictions
        if each.thing == thing
    ]
    return Table(
        name="odds",
        title="Where the sources are at odds",
        meaning="Two passages that cannot both be right. Both are kept.",
        columns=(
            Column("thing", "Of what", "the programme, or an entry's work"),
            Column("odds", "What is at odds", "in this graph's own words"),
            Column("written", "As written", "the words of the source in question"),
        ),
        rows=tuple(rows),
        empty="There is none on record.",
    )


def _contradiction(writer: Writer, each: Odds) -> Row:
    cells = (writer.thing(each.thing), each.words, each.written or None)
    return Row(cells, writer.cite(each.sources))


# The recent record


def _recent(writer: Writer) -> Table:
    since = words(writer.frame.since.isoformat())
    return Table(
        name="recent",
        title="Recent work",
        meaning=(
            f"Work that is no entry and was going on after {since}, up to the end of "
            "the programme."
        ),
        columns=(
            Column("number", "No.", "its number in this pack, by when it ended"),
            Column("work", "Work", "the piece of work"),
            Column("when", "When", "the time it lasted"),
            Column("who", "Who", "who carried it out, as far as is said"),
            Column("themes", "About", "its themes and those of its parts"),
            Column("reports", "Reports", "reports on it, with their dates"),
        ),
        rows=tuple(_piece(writer, piece) for piece in writer.frame.recent),
    )


def _piece(writer: Writer, piece: Piece) -> Row:
    record = writer.record
    cells = (
        piece.ref.text,
        writer.thing(piece.work),
        capital(when(piece)),
        writer.bodies(record.conductors(piece.work)),
        writer.things(piece.themes),
        writer.reports(piece),
    )
    dated = (s for each in record.published(piece.work) for s in each.sources)
    sources = writer.cite((*_told(piece), *dated)) or writer.cite(
        record.mention(piece.work)
    )
    return Row(cells, sources, (rules.RECENT, rules.LASTING), piece.ref.anchor)
