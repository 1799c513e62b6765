"""Gaps: what neither the programme nor the recent record looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cjigraph import coverage, lineage
from cjigraph.consult.frame import said
from cjigraph.record import FOLLOWS, Said
from cjigraph.record.spans import Span, spoken, whole_years, years_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cjigraph.consult.frame import Frame, Piece
    from cjigraph.networks import Source
    from cjigraph.record import Dated, Record


class Coverage(NamedTuple):
    """Something to cover: the entries that do, the last look, and who says so.

    `scoping` are the entries that are scoping studies. `last` is the day by which the
    last look had ended, and `years` the whole years since; `running` are the looks that
    were still going on.
    """

    thing: str
    entries: list[Piece]
    scoping: list[Piece]
    look: str | None
    last: date | None
    years: int | None
    running: list[str]
    sources: tuple[Source, ...]

    def is_gap(self, years: int) -> bool:
        """Whether no entry but a scoping study covers it, nor any late look."""
        return not self.entries and (self.years is None or self.years >= years)


class Unfollowed(NamedTuple):
    """Work that reported and that nothing has followed, and what followed it later."""

    work: str
    report: Dated
    title: str
    years: int
    recommendations: list[tuple[str, tuple[Source, ...]]]
    later: list[str]
    sources: tuple[Source, ...]


class Unplanned(NamedTuple):
    """Work of the programme's time that it does not plan, and why we think so."""

    work: str
    programmes: list[str]
    follows: list[Said]
    sources: tuple[Source, ...]


class Call(NamedTuple):
    """Something that a source names as a reason for work, and what answers it."""

    source: str
    publishers: list[str]
    answers: list[Piece]
    when: Span
    sources: tuple[Source, ...]

    def is_scoped_only(self, record: Record) -> bool:
        """Whether nothing but scoping studies answers it."""
        return all(
            record.kind(piece.work) == coverage.SCOPING for piece in self.answers
        )


class Unfinished(NamedTuple):
    """Work begun before and not finished: a study, or a report that was expected."""

    work: str
    what: str
    when: str
    sources: tuple[Source, ...]


def of(frame: Frame, kind: str) -> list[Coverage]:
    """Return everything of a kind in `coverage.KINDS` with what covers it.

    What has had no look at all comes first, then what was looked at longest ago.
    """
    found = [
        _coverage(frame, each)
        for each in coverage.covered(frame.record, kind)
        if _is_known(frame, each)
    ]
    label = frame.record.label
    return sorted(
        found,
        key=lambda each: (each.last is not None, each.last or 0, label(each.thing)),
    )


def _is_known(frame: Frame, each: coverage.Covered) -> bool:
    """Whether the record speaks of something by the end of the programme, if ever."""
    end = frame.time.last or frame.as_of
    return not each.looks or any(
        frame.planned(look.work) or _begun(frame.record, look.work, end)
        for look in each.looks
    )


def _coverage(frame: Frame, each: coverage.Covered) -> Coverage:
    record = frame.record
    here = [piece for piece in frame.entries if _covers(record, piece, each)]
    studies = [piece for piece in here if record.kind(piece.work) == coverage.SCOPING]
    look = each.last_look(frame.as_of)
    last = look.seen(frame.as_of) if look else None
    known = [
        found.work
        for found in each.looks
        if found.seen(frame.as_of) or frame.planned(found.work)
    ]
    sources = {
        source for work in known for source in coverage.reasons(record, work, each)
    }
    return Coverage(
        each.thing,
        [piece for piece in here if piece not in studies],
        studies,
        look.work if look else None,
        last,
        whole_years(last, frame.as_of) if last else None,
        [
            found.work
            for found in each.looks
            if found.is_look and found.seen(frame.as_of) == frame.as_of
        ],
        tuple(sorted(sources)),
    )


def _covers(record: Record, piece: Piece, each: coverage.Covered) -> bool:
    if each.kind == "agency":
        bodies = coverage.examined(record, each.thing)
        return any(body in piece.agencies for body in bodies)
    return any(theme in piece.themes for theme in record.narrower(each.thing))


# Follow-ups


def unfollowed(frame: Frame) -> list[Unfollowed]:
    """Return the work that waits for a follow-up, the longest first."""
    first = years_before(frame.as_of, frame.options.years)
    last = years_before(frame.as_of, frame.options.follow_up)
    found = []
    for work in frame.record.wholes():
        report = frame.record.first_report(work)
        runs_on = frame.record.kind(work) == "CoreProgramme"
        if runs_on or report is None or report.span.last is None:
            continue
        if first <= report.span.last < last and not _followed(frame, work):
            found.append(_unfollowed(frame, work, report))
    return sorted(found, key=lambda each: (each.report.span, each.work))


def _followed(frame: Frame, work: str) -> list[str]:
    """Return what follows a piece of work and has begun by the programme's end."""
    end = frame.time.last or frame.as_of
    return [
        each
        for each in lineage.followers(frame.record, work)
        if frame.planned(each) or _begun(frame.record, each, end)
    ]


def _begun(record: Record, work: str, by: date) -> bool:
    lasted = record.lasted(work)
    first = lasted.first or lasted.last
    return first is None or first <= by


def _unfollowed(frame: Frame, work: str, report: Dated) -> Unfollowed:
    record = frame.record
    reports = record.reports(work)
    counts = [
        each
        for link in reports
        for each in record.facts(link.subject, "cji:recommendationCount")
    ]
    sources = {
        *report.sources,
        *(source for link in reports for source in link.sources),
        *(source for _, each in counts for source in each),
    }
    waited = whole_years(report.span.last or frame.as_of, frame.as_of)
    return Unfollowed(
        work,
        report,
        record.label(report.thing),
        waited,
        counts,
        lineage.followers(record, work),
        tuple(sorted(sources)),
    )


def unplanned(frame: Frame) -> list[Unplanned]:
    """Return the work of the programme's time that the programme has no entry for."""
    return [
        _unplanned(frame, piece.work)
        for piece in frame.recent
        if _in_its_time(frame, piece.work)
    ]


def _in_its_time(frame: Frame, work: str) -> bool:
    """Whether a source places work, or another programme plans it, in that time."""
    stated = frame.record.took_place(work)
    planned = [frame.record.took_place(each) for each in frame.record.programmes(work)]
    times = [stated] if stated.is_known else planned
    return any(_lies_within(time, frame.time) for time in times)


def _lies_within(time: Span, whole: Span) -> bool:
    if not (time.first and time.last and whole.first and whole.last):
        return False
    return whole.first <= time.first and time.last <= whole.last


def _unplanned(frame: Frame, work: str) -> Unplanned:
    record = frame.record
    follows = record.said(work, *FOLLOWS)
    sources = {
        *(
            source
            for _, each in record.facts(work, "cji:tookPlaceDuring")
            for source in each
        ),
        *(source for link in follows for source in link.sources),
        *(
            source
            for link in record.said_of(work, "cji:plans")
            for source in link.sources
        ),
    }
    return Unplanned(work, record.programmes(work), follows, tuple(sorted(sources)))


# What other sources call for


_NAMED = ("review", "policy", "law")


def calls(frame: Frame) -> list[Call]:
    """Return the reviews, policies and laws that sources name as reasons for entries.

    So is work that may come of a study. Calls that only a scoping study answers come
    first.
    """
    answers: dict[str, list[tuple[Piece, Said]]] = {}
    for piece in frame.entries:
        for link in said(frame.record, piece.members, "cji:cites"):
            if frame.record.network.nodes[link.value]["kind"] in _NAMED:
                answers.setdefault(link.value, []).append((piece, link))
    named = [_call(frame.record, thing, found) for thing, found in answers.items()]
    every = [*named, *_to_come(frame)]
    record = frame.record
    return sorted(
        every,
        key=lambda call: (not call.is_scoped_only(record), record.label(call.source)),
    )


def _call(record: Record, thing: str, found: list[tuple[Piece, Said]]) -> Call:
    publishers = record.said(thing, "dcterms:publisher")
    sources = {source for _, link in found for source in link.sources}
    sources |= {source for link in publishers for source in link.sources}
    return Call(
        thing,
        [link.value for link in publishers],
        list({piece.work: piece for piece, _ in found}.values()),
        Span(),
        tuple(sorted(sources)),
    )


def _to_come(frame: Frame) -> Iterator[Call]:
    """Return the work that sources say may come of a study."""
    end = frame.time.last or frame.as_of
    for piece in frame.entries:
        if frame.record.kind(piece.work) == coverage.SCOPING:
            for link in frame.record.said_of(piece.work, "cji:isMilestoneOf"):
                time = frame.record.took_place(link.subject)
                if time.first and time.first > end:
                    yield Call(link.subject, [], [piece], time, link.sources)


# What was begun and not finished


def unfinished(frame: Frame) -> list[Unfinished]:
    """Return earlier studies without inspection, and reports that are overdue."""
    return sorted(
        (*_studies(frame), *_overdue(frame)), key=lambda each: (each.what, each.work)
    )


def _studies(frame: Frame) -> Iterator[Unfinished]:
    record = frame.record
    for work in record.things("inspection"):
        if record.kind(work) != coverage.SCOPING or frame.planned(work):
            continue
        lasted = record.lasted(work)
        came = coverage.inspections_from(record, work)
        begun = [
            each
            for each in came
            if _begun(record, each, frame.time.last or frame.as_of)
        ]
        if lasted.last and lasted.last < frame.as_of and not begun:
            what = "Scoped, and no inspection on record"
            yield Unfinished(work, what, spoken(lasted), _told(record, work))


def _told(record: Record, work: str) -> tuple[Source, ...]:
    """Return the passages that say what came of a study, or else that there was one."""
    outcomes = record.facts(work, "cji:outcome")
    said = {source for _, sources in outcomes for source in sources}
    return tuple(sorted(said)) or record.mention(work)


def _overdue(frame: Frame) -> Iterator[Unfinished]:
    for each in coverage.expectations(frame.record):
        due = each.span.last is not None and each.span.last < frame.as_of
        if due and not _reported(frame.record, each.work, frame.as_of):
            what = "Expected, and no report on record"
            yield Unfinished(each.work, what, spoken(each.span), each.sources)


def _reported(record: Record, work: str, by: date) -> bool:
    dates: Iterable[Dated] = record.published(work)
    return any(each.span.first and each.span.first <= by for each in dates)
