"""What inspection covers: which themes, stages and agencies, when, by whom, how lately.

The stages of the system are its four business processes. A theme belongs to the
processes and cross-cutting issues that it hangs under in the scheme of themes, which is
this graph's own judgement; that an inspection is about a theme is a source's statement.

A look is a piece of work that is more than a scoping study, and more than a plan. It
covers the years from its first day to its last, or to its report; a core programme goes
on until a source says that it ended. Who looks at a group of agencies looks at each of
them, and who looked at a body that another took over from looked at that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from cjigraph.record import FOLLOWS, Record
from cjigraph.record.spans import Span, between, whole_years
from cjigraph.record.table import Column, Table, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cjigraph.networks import Network, Source

KINDS = ("theme", "process", "issue", "agency")
"""What can be covered."""

SCOPING = "ScopingStudy"


class Look(NamedTuple):
    """A piece of work that covers something, and when it did; or a study, or a plan."""

    work: str
    lasted: Span
    is_scoping: bool
    is_planned: bool

    @property
    def is_look(self) -> bool:
        """Whether it is known to be more than a scoping study or a plan."""
        return not self.is_scoping and not self.is_planned

    def seen(self, as_of: date) -> date | None:
        """Return the last day by `as_of` on which it is known to have looked."""
        first, last = self.lasted
        if (first or last or as_of) > as_of:
            return None
        return min(last or as_of, as_of) if self.lasted.is_known else None


class Covered(NamedTuple):
    """Something that may be covered, and the looks at it, in order of time."""

    thing: str
    kind: str
    looks: list[Look]

    def last(self, as_of: date) -> date | None:
        """Return the last day by `as_of` on which a look is known."""
        days = (each.seen(as_of) for each in self.looks if each.is_look)
        return max((day for day in days if day), default=None)

    def last_look(self, as_of: date) -> Look | None:
        """Return the look that was the last by `as_of`."""
        seen = [
            (day, each.work, each)
            for each in self.looks
            if each.is_look and (day := each.seen(as_of))
        ]
        return max(seen, key=lambda one: one[:2])[2] if seen else None

    def years_since(self, as_of: date) -> int | None:
        """Return the whole years since the last look, or `None` if there was none."""
        last = self.last(as_of)
        return None if last is None else whole_years(last, as_of)


def covered(record: Record, kind: str, asked: Span = Span()) -> list[Covered]:  # noqa: B008
    """Return everything of a kind in `KINDS` with the looks at it.

    `asked` narrows the looks to those of some years. Themes, processes and issues are
    covered by what is about them or about a theme within them; for processes and
    issues, parts count as the whole. An agency is covered by what is said to examine
    it.
    """
    return [
        Covered(thing, kind, _looks(record, works, asked))
        for thing, works in _works(record, kind)
    ]


def _works(record: Record, kind: str) -> Iterator[tuple[str, list[str]]]:
    if kind == "agency":
        yield from _agencies(record)
    elif kind == "theme":
        for theme in record.subjects():
            yield theme, record.work_on(theme)
    else:
        for top in record.processes() if kind == "process" else record.issues():
            yield top, list(map(record.whole, record.work_on(top)))


def _agencies(record: Record) -> Iterator[tuple[str, list[str]]]:
    """Return the agencies that none took over from, with the work on each.

    That is work on those that it took over from, and on the groups it belongs to.
    """
    for body in filter(record.is_agency, record.things("body")):
        if record.line(body) == body:
            links = (
                link
                for each in examined(record, body)
                for link in record.said_of(each, "cji:examines")
            )
            yield body, [link.subject for link in links]


def examined(record: Record, agency: str) -> list[str]:
    """Return the bodies whose examination is one of an agency, itself first."""
    same = [body for body in record.things("body") if record.line(body) == agency]
    groups = [link.value for each in (agency, *same) for link in record.groups(each)]
    return list(dict.fromkeys((agency, *same, *groups)))


def _looks(record: Record, works: Iterable[str], asked: Span) -> list[Look]:
    found = [
        Look(
            work,
            record.lasted(work),
            record.kind(work) == SCOPING,
            record.is_only_planned(work),
        )
        for work in sorted(set(works))
    ]
    known = (each for each in found if _within(each.lasted, asked))
    return sorted(known, key=lambda each: (_first(each.lasted), each.work))


def _within(lasted: Span, asked: Span) -> bool:
    return lasted.meets(asked) if lasted.is_known else not asked.is_known


def _first(lasted: Span) -> str:
    first = lasted.first or lasted.last
    return first.isoformat() if first else ""


def network(
    record: Record, start: str | None = None, end: str | None = None
) -> Network:
    """Return work and what it covers, linked as the record says or as the rules do.

    Links run from a piece of work to a theme (`cji:isAbout`), to a body that it
    examines (`cji:examines`), and to the processes and issues that its themes hang
    under (`covers`, with `inferred` true). What is covered has `times`, `first` and
    `last` (years), `by` (names of bodies) and `scoped` (scoping studies, which are no
    looks). `start` and `end` narrow it to the work of some years.
    """
    asked = between(start, end)
    graph: Network = nx.MultiDiGraph()
    for kind in KINDS:
        for each in covered(record, kind, asked):
            graph.add_node(each.thing, **_node(record, each.thing), covered=kind)
            graph.nodes[each.thing].update(_summary(record, each))
            for look in each.looks:
                _add_look(graph, record, look.work, each)
    return graph


def _node(record: Record, thing: str) -> dict[str, Any]:
    return dict(record.network.nodes[thing])


def _summary(record: Record, each: Covered) -> dict[str, Any]:
    looks = [look for look in each.looks if look.is_look]
    years = sorted(
        {day.year for look in looks for day in look.lasted if day is not None}
    )
    return {
        "times": len(looks),
        "first": years[0] if years else None,
        "last": years[-1] if years else None,
        "by": by(record, (look.work for look in looks)),
        "scoped": sum(look.is_scoping for look in each.looks),
    }


def by(record: Record, works: Iterable[str]) -> list[Thing]:
    """Return who carried out some work, each body once, by name."""
    bodies = {body for work in works for body in record.conductors(work)}
    return sorted(Thing(record.short(body), body) for body in bodies)


def _add_look(graph: Network, record: Record, work: str, each: Covered) -> None:
    graph.add_node(work, **_node(record, work), years=record.years(work))
    relation = {"agency": "cji:examines", "theme": "cji:isAbout"}.get(each.kind, "")
    stated = record.network.get_edge_data(work, each.thing, relation)
    if stated:
        graph.add_edge(work, each.thing, relation, **stated)
    else:
        said = {"relation": "covers", "label": "covers", "inferred": True}
        graph.add_edge(
            work, each.thing, "covers", **said, sources=reasons(record, work, each)
        )


def reasons(record: Record, work: str, each: Covered) -> list[Source]:
    """Return the passages from which it follows that work covers something."""
    found_in = examined if each.kind == "agency" else Record.narrower
    things = found_in(record, each.thing)
    links = record.said_within(work, "cji:isAbout", "cji:examines")
    found = (
        source for link in links if link.value in things for source in link.sources
    )
    return sorted(set(found))


def when(
    record: Record,
    kind: str,
    as_of: date | None = None,
    asked: Span = Span(),  # noqa: B008
) -> Table:
    """Return when and by whom everything of a kind in `KINDS` was covered.

    `as_of` is the day from which years are counted back; without it, the day of the
    latest report on record. Work that began later is not counted. What was never looked
    at comes first, then what was looked at longest ago.
    """
    day = as_of or record.latest()
    rows = [_row(record, each, day) for each in covered(record, kind, asked)]
    rows.sort(key=lambda row: (row[1] > 0, -(row[5] or 0), row[0]))
    counted = f" Years are counted back from {day.isoformat()}." if day else ""
    meaning = f"{_SAYS[kind]} A scoping study is not counted as a look.{counted}"
    return Table(
        f"Coverage by {kind}", meaning, (Column(kind, _SAYS[kind]), *_WHEN), rows
    )


_SAYS = {
    "theme": "A subject of inspection, with the subjects within it.",
    "process": "A stage of the system, with all subjects that hang under it.",
    "issue": "A cross-cutting issue, with all subjects that hang under it.",
    "agency": "A body, or group of bodies, that is said to be examined.",
}
_WHEN = (
    Column("times", "pieces of work that looked at it"),
    Column("first", "the year of the first look"),
    Column("last", "the year in which the last look ended, or of the day counted from"),
    Column("running", "whether a look was going on at that day"),
    Column("years_since", "whole years since the last look ended"),
    Column("by", "who carried the looks out"),
    Column("works", "what they did, in order of time"),
    Column("scoped", "scoping studies, which are not counted as looks"),
    Column("planned", "work of which no more is known than that it was planned"),
)


def _row(record: Record, each: Covered, day: date | None) -> tuple[Any, ...]:
    known = [look for look in each.looks if _is_by(look, day)]
    looks = [look for look in known if look.is_look]
    firsts = [first.year for look in looks if (first := look.lasted.first)]
    last = each.last(day) if day else None
    return (
        _thing(record, each.thing),
        len(looks),
        min(firsts, default=None),
        last.year if last else None,
        any(_is_running(look, day) for look in looks),
        each.years_since(day) if day else None,
        tuple(by(record, (look.work for look in looks))),
        tuple(_thing(record, look.work) for look in looks),
        tuple(_thing(record, look.work) for look in known if look.is_scoping),
        tuple(_thing(record, look.work) for look in known if look.is_planned),
    )


def _is_by(look: Look, day: date | None) -> bool:
    """Whether work had begun by a day, as far as anything is known of its time."""
    return day is None or not look.lasted.is_known or look.seen(day) is not None


def _is_running(look: Look, day: date | None) -> bool:
    last = look.lasted.last
    return day is not None and look.seen(day) == day and (last is None or last > day)


def _thing(record: Record, thing: str) -> Thing:
    return Thing(record.label(thing), thing)


# What was begun and not finished


def scoped_only(record: Record) -> Table:
    """Return the scoping studies that no inspection on record follows.

    `later` names work on the same theme that came afterwards; that it came of the study
    is not said.
    """
    rows = [
        _scoped(record, work)
        for work in record.things("inspection")
        if record.kind(work) == SCOPING and not inspections_from(record, work)
    ]
    rows.sort(key=lambda row: (row[1], row[0]))
    columns = (
        Column("study", "a scoping study"),
        Column("years", "when it was done"),
        Column("who", "who did it"),
        Column("themes", "what it was about"),
        Column("later", "later inspections on the same theme, not said to come of it"),
    )
    meaning = "Studies of which no source says that an inspection came."
    return Table("Scoped and never inspected", meaning, columns, rows)


def inspections_from(record: Record, study: str) -> list[str]:
    """Return the work, other than studies, that is said to follow a study."""
    links = record.said_of(study, *FOLLOWS)
    return sorted(
        {link.subject for link in links if record.kind(link.subject) != SCOPING}
    )


def _scoped(record: Record, study: str) -> tuple[Any, ...]:
    themes = [link.value for link in record.said(study, "cji:isAbout")]
    begun = record.lasted(study).first
    later = {
        work
        for theme in themes
        for work in record.work_on(theme)
        if record.kind(work) != SCOPING and _after(record.lasted(work), begun)
    }
    return (
        _thing(record, study),
        record.years(study),
        record.who(study),
        tuple(_thing(record, theme) for theme in themes),
        tuple(sorted(_thing(record, work) for work in later)),
    )


def _after(lasted: Span, day: date | None) -> bool:
    return day is not None and lasted.first is not None and lasted.first > day


class Expectation(NamedTuple):
    """A report that a source expects, and what came of it."""

    work: str
    programme: str | None
    expected: str
    span: Span
    sources: tuple[Source, ...]


def expectations(record: Record) -> list[Expectation]:
    """Return what sources expect to be published on which work, the earliest first."""
    found = [*_of_entries(record), *_of_works(record)]
    return sorted(found, key=lambda each: (_first(each.span), each.work, each.expected))


def _of_entries(record: Record) -> Iterator[Expectation]:
    for entry in record.things("entry"):
        plans = record.said(entry, "cji:plans")
        within = record.said(entry, "cji:isEntryIn")
        for text, sources in (
            record.facts(entry, "cji:expectedPublication") if plans else ()
        ):
            programme = within[0].value if within else None
            when_ = record.expected(entry)
            yield Expectation(plans[0].value, programme, text, when_, sources)


def _of_works(record: Record) -> Iterator[Expectation]:
    for work in record.things("inspection"):
        for text, sources in record.facts(work, "cji:expectedPublication"):
            yield Expectation(work, None, text, record.expected(work), sources)


def unreported(record: Record, as_of: date | None = None) -> Table:
    """Return what was expected by a day and has no report on record.

    Without `as_of`, the day is that of the latest report on record.
    """
    day = as_of or record.latest()
    rows = [
        (
            _thing(record, each.work),
            _thing(record, each.programme) if each.programme else None,
            each.expected,
            whole_years(each.span.last, day),
        )
        for each in expectations(record)
        if day and each.span.last and each.span.last < day
        if not record.reports(each.work)
    ]
    columns = (
        Column("work", "what was to be reported on"),
        Column("programme", "the programme that says so, if one does"),
        Column("expected", "when, as the source has it, in EDTF"),
        Column("years_over", "whole years since the last day that allows"),
    )
    meaning = "No report is on record; that none exists does not follow."
    return Table("Expected and never reported", meaning, columns, rows)
