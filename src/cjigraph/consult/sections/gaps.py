"""The answer to the second question: what is not covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cjigraph.consult import gaps, rules
from cjigraph.consult.pack import Column, Row, Section, Table
from cjigraph.consult.writer import capital, count
from cjigraph.record.spans import spoken, words

if TYPE_CHECKING:
    from cjigraph.consult.gaps import Call, Coverage, Unfinished, Unfollowed, Unplanned
    from cjigraph.consult.writer import Writer

_FEW = 6
"""The most gaps that the summary names one by one."""

NONE = "There is none."


def section(writer: Writer) -> Section:
    """Return what neither the programme nor the recent record looks at."""
    frame, years = writer.frame, writer.frame.options.years
    subjects, agencies = gaps.of(frame, "theme"), gaps.of(frame, "agency")
    missed = [each for each in subjects if each.is_gap(years)]
    unseen = [each for each in agencies if each.is_gap(years)]
    waiting, left_out = gaps.unfollowed(frame), gaps.unplanned(frame)
    scoped = sum(bool(each.scoping) for each in missed)
    text = (
        writer.question(2),
        "A gap on record is not always one in fact: the record holds joint work best, "
        "and the work of single inspectorates less.",
    )
    return Section(
        name="gaps",
        title="Gaps",
        text=text,
        tables=(
            _missed(writer, "subjects", "Subjects not looked at", "Subject", missed),
            _stages(writer),
            _missed(writer, "agencies", "Agencies not looked at", "Agency", unseen),
            _unfollowed(writer, waiting),
            _unplanned(writer, left_out),
            _calls(writer, gaps.calls(frame)),
            _unfinished(writer, gaps.unfinished(frame)),
        ),
        finding=(
            f"Gaps. No look in {count(years, 'year')} and no inspection planned: "
            f"{len(missed)} of {count(len(subjects), 'subject')}"
            f"{_named(writer, missed)}, of which {scoped} with a scoping study, and "
            f"{len(unseen)} of {count(len(agencies), 'agency', 'agencies')}. Without a "
            f"follow-up: {count(len(waiting), 'report')}. Announced for the "
            f"programme's time, but no entry: {count(len(left_out), 'piece')} of work."
        ),
    )


def _named(writer: Writer, found: list[Coverage]) -> str:
    """Return the names of a few gaps, in brackets; of many, nothing."""
    names = sorted(writer.record.label(each.thing) for each in found)
    return f" ({', '.join(names)})" if 0 < len(names) <= _FEW else ""


# What is covered

_LOOKS = (
    Column("scoping", "Scoping studies", "entries that scope it"),
    Column("look", "Last look", "the work that looked last, by the day of the pack"),
    Column("last", "Until", "when that had ended"),
    Column("years", "Years since", "whole years since then", "number"),
)
_BY = (rules.GAP, rules.NO_LOOK, rules.PARTS, rules.UNDER, rules.LASTING)


def _missed(
    writer: Writer, name: str, title: str, first: str, found: list[Coverage]
) -> Table:
    years = count(writer.frame.options.years, "year")
    rows = [
        Row(
            (writer.thing(each.thing), *_looks(writer, each)), _cited(writer, each), _BY
        )
        for each in found
    ]
    columns = (Column("thing", first, "what may be covered"), *_LOOKS)
    meaning = f"Neither an inspection planned nor a look within {years}."
    return Table(name, title, meaning, columns, tuple(rows), NONE)


def _stages(writer: Writer) -> Table:
    found = [*gaps.of(writer.frame, "process"), *gaps.of(writer.frame, "issue")]
    return Table(
        name="stages",
        title="Processes and issues",
        meaning="All of them, so that those that are covered show too.",
        columns=(
            Column("thing", "Process or issue", "what may be covered"),
            Column("entries", "Entries", "entries that cover it, studies aside"),
            *_LOOKS,
            Column("gap", "Gap", "whether it is a gap by the rule"),
        ),
        rows=tuple(_stage(writer, each) for each in found),
    )


def _stage(writer: Writer, each: Coverage) -> Row:
    is_gap = each.is_gap(writer.frame.options.years)
    cells = (
        writer.thing(each.thing),
        writer.refs(each.entries),
        *_looks(writer, each),
        "yes" if is_gap else "no",
    )
    return Row(cells, _cited(writer, each), _BY)


def _cited(writer: Writer, each: Coverage) -> tuple[int, ...]:
    return writer.cite(each.sources)


def _looks(writer: Writer, each: Coverage) -> tuple[Any, ...]:
    """Return what scopes something, what looked at it last, and when that ended."""
    scoping = writer.refs(each.scoping)
    if len(each.running) > 1:
        return scoping, f"{len(each.running)} pieces of work", "Going on", each.years
    if each.running:
        return scoping, writer.thing(each.running[0]), "Going on", each.years
    look = writer.thing(each.look) if each.look else "None on record"
    until = words(each.last.isoformat()) if each.last else None
    return scoping, look, until, each.years


# What waits


def _unfollowed(writer: Writer, found: list[Unfollowed]) -> Table:
    return Table(
        name="unfollowed",
        title="Reports without a follow-up",
        meaning="Reports that no work follows up, succeeds or continues in good time.",
        columns=(
            Column("work", "Work", "the piece of work"),
            Column("report", "First report", "its title and date"),
            Column("years", "Years since", "whole years since the report", "number"),
            Column("recommendations", "Recommendations", "how many, where it is said"),
            Column("since", "Known since", "work that has followed by now"),
        ),
        rows=tuple(_waiting(writer, each) for each in found),
        empty=NONE,
    )


def _waiting(writer: Writer, each: Unfollowed) -> Row:
    cells = (
        writer.thing(each.work),
        f"{each.title}, {each.report.words}",
        each.years,
        tuple(number for number, _ in each.recommendations),
        writer.things(each.later),
    )
    return Row(cells, writer.cite(each.sources), (rules.UNFOLLOWED, rules.PARTS))


def _unplanned(writer: Writer, found: list[Unplanned]) -> Table:
    return Table(
        name="unplanned",
        title="Announced, but not an entry",
        meaning="Announced for the same time, and no entry of the programme.",
        columns=(
            Column("work", "Work", "what a source places in the programme's time"),
            Column("when", "When", "the time that the source gives"),
            Column("who", "Who", "who is to carry it out"),
            Column("follows", "What it follows", "earlier work, as the sources say"),
            Column("programmes", "Planned by", "another programme that has it"),
        ),
        rows=tuple(_announced(writer, each) for each in found),
        empty=NONE,
    )


def _announced(writer: Writer, each: Unplanned) -> Row:
    record = writer.record
    cells = (
        writer.thing(each.work),
        capital(spoken(record.took_place(each.work))),
        writer.bodies(record.conductors(each.work)),
        writer.things(dict.fromkeys(link.value for link in each.follows)),
        writer.things(each.programmes),
    )
    return Row(cells, writer.cite(each.sources), (rules.UNPLANNED,))


def _calls(writer: Writer, found: list[Call]) -> Table:
    return Table(
        name="calls",
        title="What other named sources call for",
        meaning="Calls that only a scoping study answers come first.",
        columns=(
            Column("source", "What is named", "a review, policy, law or possible work"),
            Column("by", "Whose it is", "who published it, where a source says"),
            Column("answers", "Entries that answer", "what it is a reason for"),
            Column("when", "When", "the time of possible work"),
            Column("scoped", "Scoped only", "whether only scoping studies answer"),
        ),
        rows=tuple(_call(writer, each) for each in found),
    )


def _call(writer: Writer, each: Call) -> Row:
    cells = (
        writer.thing(each.source),
        writer.bodies(each.publishers),
        writer.refs(each.answers),
        capital(spoken(each.when)),
        "yes" if each.is_scoped_only(writer.record) else "no",
    )
    return Row(cells, writer.cite(each.sources), (rules.CALL, rules.PARTS))


def _unfinished(writer: Writer, found: list[Unfinished]) -> Table:
    rows = [
        Row(
            (writer.thing(each.work), each.what, capital(each.when)),
            writer.cite(each.sources),
            (rules.NOTHING_CAME,),
        )
        for each in found
    ]
    return Table(
        name="unfinished",
        title="Scoped and not inspected, expected and not reported",
        meaning="Begun before the day of this pack, and not finished on record.",
        columns=(
            Column("work", "Work", "an earlier study, or work that was to report"),
            Column("what", "What is open", "what has not come of it"),
            Column("when", "When", "when it was done, or the report was expected"),
        ),
        rows=tuple(rows),
        empty=NONE,
    )
