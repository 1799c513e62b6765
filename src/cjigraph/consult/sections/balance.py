"""The answer to the third question: how the programme is spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cjigraph.consult import balance, rules
from cjigraph.consult.pack import Bar, Column, Plot, Ref, Row, Section, Table
from cjigraph.consult.writer import count
from cjigraph.record.table import Thing

if TYPE_CHECKING:
    from cjigraph.consult.balance import Count, Group, Spread
    from cjigraph.consult.writer import Writer

_MOST_BARS = 12
"""The most bars that a plot can hold and still be read at a glance."""


def section(writer: Writer) -> Section:
    """Return how the entries are spread, and how other work was."""
    compared = balance.groups(writer.frame)
    spreads = [
        balance.spread(writer.frame, heading, compared) for heading in balance.HEADINGS
    ]
    text = (
        writer.question(3),
        "A piece may fall under several headings or none, so shares need not add up to "
        "100%. Whether a spread is the right one is for the reader to judge.",
    )
    return Section(
        name="balance",
        title="Balance",
        text=text,
        tables=(
            _groups(writer, compared),
            *(_spread(writer, each, compared) for each in spreads),
            _evenness(spreads, compared),
        ),
        finding=_finding(writer, spreads[0]),
    )


def _finding(writer: Writer, processes: Spread) -> str:
    ranked = sorted(processes.counts, key=lambda each: -each.counts[balance.HERE])
    top = [f"{writer.record.label(e.value)} {e.counts[balance.HERE]}" for e in ranked]
    size = count(processes.sizes[balance.HERE], "entry", "entries")
    return (
        f"Balance. By process, of {size}: {', '.join(top)}; as even as "
        f"{processes.evenness(balance.HERE)} of {len(ranked)} equal processes would "
        f"be, against {processes.evenness(balance.RECENT)} in the recent record."
    )


def _groups(writer: Writer, compared: list[Group]) -> Table:
    entries = count(writer.frame.options.entries, "entry", "entries")
    return Table(
        name="groups",
        title="What is compared",
        meaning=f"Earlier programmes, too, if {entries} or more are on record.",
        columns=(
            Column("group", "Group", "a programme, or the recent record"),
            Column("pieces", "Pieces of work", "how many are on record", "number"),
        ),
        rows=tuple(_group(writer, group) for group in compared),
    )


def _group(writer: Writer, group: Group) -> Row:
    size = len(group.pieces)
    if group.name == balance.RECENT:
        return Row((Ref(group.title, "record"), size), (), (rules.RECENT,))
    sources = (source for piece in group.pieces for source in piece.sources)
    return Row((group.title, size), writer.cite(sources))


def _spread(writer: Writer, spread: Spread, compared: list[Group]) -> Table:
    heading = spread.heading
    columns = [Column("heading", heading.title, heading.meaning)]
    for group in compared:
        many = f"how many pieces: {group.title}"
        columns.append(Column(group.name, _short(group), many, "number"))
        share = f"as a share: {group.title}"
        columns.append(Column(f"{group.name}_share", "Share", share, "share"))
    columns.append(Column("which", "Which", "the entries (E) and recent work (R)"))
    rows = [_count(writer, spread, each, compared) for each in spread.counts]
    return Table(
        name=heading.name,
        title=heading.title,
        meaning=heading.meaning,
        columns=tuple(columns),
        rows=(*rows, _sizes(spread, compared)),
        plot=_plot(writer, spread),
    )


def _short(group: Group) -> str:
    """Return the title of a group that has to fit above a number."""
    is_fixed = group.name in (balance.HERE, balance.RECENT)
    return group.title if is_fixed else group.name


def _count(writer: Writer, spread: Spread, each: Count, compared: list[Group]) -> Row:
    cells: list[Any] = [_heading(writer, each.value)]
    for group in compared:
        cells += [each.counts[group.name], spread.share(each, group.name)]
    cells.append(tuple(piece.ref for piece in (*each.entries, *each.recent)))
    return Row(tuple(cells), writer.cite(each.sources), spread.heading.rules)


def _heading(writer: Writer, value: str) -> Thing | str:
    name = balance.named(writer.record, value)
    return Thing(name, value) if value in writer.record.network else name


def _sizes(spread: Spread, compared: list[Group]) -> Row:
    sizes = (cell for group in compared for cell in (spread.sizes[group.name], None))
    return Row(("Pieces of which it is said", *sizes, ()), (), spread.heading.rules)


def _plot(writer: Writer, spread: Spread) -> Plot:
    """Return the shares as bars: of many headings, those with the longest."""
    known = spread.sizes[balance.RECENT] >= writer.frame.options.entries
    bars = [
        Bar(
            balance.named(writer.record, each.value),
            spread.share(each, balance.HERE) or 0,
            spread.share(each, balance.RECENT) if known else None,
        )
        for each in spread.counts
    ]
    longest = sorted(bars, key=lambda bar: -max(bar.here, bar.there or 0))[:_MOST_BARS]
    kept = tuple(bar for bar in bars if bar in longest)
    some = "" if len(kept) == len(bars) else f", the {len(kept)} with most"
    title = (
        f"Share of the entries and of recent work{some}"
        if known
        else f"Share of the entries{some}; of recent work, sources say too little"
    )
    return Plot(title, kept, "This programme", "Recent record" if known else "")


def _evenness(spreads: list[Spread], compared: list[Group]) -> Table:
    rows = [
        Row(
            (
                spread.heading.title,
                len(spread.counts),
                *(spread.evenness(group.name) for group in compared),
            ),
            (),
            (rules.EVENNESS,),
        )
        for spread in spreads
    ]
    return Table(
        name="evenness",
        title="Evenness",
        meaning=(
            "How many headings would be as even if all were equal: 1 means that all "
            "work falls under one, the number of headings that it is spread equally."
        ),
        columns=(
            Column("heading", "Sorted by", "the kind of headings"),
            Column("headings", "Headings", "how many there are", "number"),
            *(
                Column(group.name, _short(group), "as many as are even", "number")
                for group in compared
            ),
        ),
        rows=tuple(rows),
    )
