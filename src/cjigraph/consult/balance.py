"""Balance: how the entries of a programme are spread, and how other work was."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cjigraph.consult import rules
from cjigraph.consult.frame import said, within
from cjigraph.record import CONDUCTS, LEADS, SUPPORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cjigraph.consult.frame import Frame, Piece
    from cjigraph.networks import Source
    from cjigraph.record import Record


HERE, RECENT = "programme", "recent"
"""The names of the two groups that there always are."""


class Heading(NamedTuple):
    """One way in which work is sorted: its name, its headings, and its rules.

    `sort` gives the headings of a piece of work, each with the passages that say so, as
    IRIs or words; `is_said` whether anything is known of it in this respect, and
    `all_of` the headings that are listed even if nothing falls under them.
    """

    name: str
    title: str
    meaning: str
    sort: Callable[[Record, Sorted], dict[str, tuple[Source, ...]]]
    is_said: Callable[[Record, Sorted], bool]
    all_of: Callable[[Record], list[str]]
    rules: tuple[str, ...]


class Sorted(NamedTuple):
    """What is sorted: work with its parts, and its entry's standing if it has one."""

    work: str
    members: tuple[str, ...]
    standing: str | None
    sources: tuple[Source, ...]


class Group(NamedTuple):
    """Pieces of work to compare, such as those of one programme, and what they are."""

    name: str
    title: str
    pieces: list[Sorted]


class Count(NamedTuple):
    """How many pieces of each group fall under a heading, and which ones.

    The passages are those that put the entries there.
    """

    value: str
    counts: dict[str, int]
    entries: list[Piece]
    recent: list[Piece]
    sources: tuple[Source, ...]


class Spread(NamedTuple):
    """The counts under the headings of one kind.

    `sizes` says of how many pieces of each group anything is known in this respect.
    """

    heading: Heading
    sizes: dict[str, int]
    counts: list[Count]

    def share(self, count: Count, group: str) -> float | None:
        """Return the part of a group that falls under a heading, if it has any."""
        size = self.sizes[group]
        return round(count.counts[group] / size, 4) if size else None

    def evenness(self, group: str) -> float | None:
        """Return how many headings would be as even if all were equal."""
        return evenness(count.counts[group] for count in self.counts)


def evenness(counts: Iterable[int]) -> float | None:
    """Return one by the sum of squared shares (inverse Simpson), or `None` of nothing.

    >>> evenness([2, 2, 0])
    2.0
    """
    known = [count for count in counts if count]
    total = sum(known)
    if not total:
        return None
    return round(total * total / sum(count * count for count in known), 2)


def groups(frame: Frame) -> list[Group]:
    """Return the programme, the recent record, and past programmes, in that order."""
    here = Group(HERE, "This programme", list(map(_planned, frame.entries)))
    recent = Group(RECENT, "Recent record", list(map(_planned, frame.recent)))
    return [here, recent, *_past(frame)]


def _planned(piece: Piece) -> Sorted:
    standing = piece.entry.standing if piece.entry else None
    sources = piece.entry.sources if piece.entry else ()
    return Sorted(piece.work, piece.members, standing, sources)


def _past(frame: Frame) -> list[Group]:
    """Return earlier programmes of which enough entries are on record, latest first."""
    found = []
    for programme in frame.record.things("programme"):
        first = frame.record.took_place(programme).first
        start = frame.time.first or frame.as_of
        if first is not None and first < start:
            group = _programme(frame.record, programme)
            if len(group.pieces) >= frame.options.entries:
                found.append((first, group))
    found.sort(key=lambda each: (each[0], each[1].name), reverse=True)
    return [group for _, group in found]


def _programme(record: Record, programme: str) -> Group:
    time = record.took_place(programme)
    pieces = [
        Sorted(each.work, within(record, each.work, time), each.standing, each.sources)
        for each in record.entries(programme)
    ]
    return Group(programme.rpartition("/")[2], record.label(programme), pieces)


def spread(frame: Frame, heading: Heading, compared: list[Group]) -> Spread:
    """Return how the pieces of some groups are spread over headings of one kind."""
    record = frame.record
    tallies = {
        group.name: Counter(
            value for piece in group.pieces for value in heading.sort(record, piece)
        )
        for group in compared
    }
    sizes = {
        group.name: sum(heading.is_said(record, piece) for piece in group.pieces)
        for group in compared
    }
    seen = {value for tally in tallies.values() for value in tally}
    fixed = heading.all_of(record)
    rest = sorted(seen - set(fixed), key=lambda value: named(record, value))
    counts = [_count(frame, heading, value, tallies) for value in (*fixed, *rest)]
    return Spread(heading, sizes, counts)


def _count(
    frame: Frame, heading: Heading, value: str, tallies: dict[str, Counter[str]]
) -> Count:
    record = frame.record
    told = [heading.sort(record, _planned(piece)) for piece in frame.entries]
    sources = {source for each in told for source in each.get(value, ())}
    return Count(
        value,
        {name: tally[value] for name, tally in tallies.items()},
        [
            piece
            for piece, each in zip(frame.entries, told, strict=True)
            if value in each
        ],
        [
            piece
            for piece in frame.recent
            if value in heading.sort(record, _planned(piece))
        ],
        tuple(sorted(sources)),
    )


def named(record: Record, value: str) -> str:
    """Return what readers see of a heading: the label of a thing, or the words."""
    if value not in record.network:
        return value
    return record.short(value) if record.is_inspectorate(value) else record.label(value)


# The ways of sorting


Headings = dict[str, "tuple[Source, ...]"]


def _merged(found: Iterable[tuple[str, tuple[Source, ...]]]) -> Headings:
    """Return headings once each, with all the passages that put a piece under them."""
    merged: dict[str, set[Source]] = {}
    for heading, sources in found:
        merged.setdefault(heading, set()).update(sources)
    return {heading: tuple(sorted(sources)) for heading, sources in merged.items()}


def _tops(record: Record, piece: Sorted, tops: list[str]) -> Headings:
    links = said(record, piece.members, "cji:isAbout")
    return _merged(
        (theme, link.sources)
        for link in links
        for theme in record.wider(link.value)
        if theme in tops
    )


def _process(record: Record, piece: Sorted) -> Headings:
    return _tops(record, piece, record.processes())


def _issue(record: Record, piece: Sorted) -> Headings:
    return _tops(record, piece, record.issues())


def _roles(*relations: str) -> Callable[[Record, Sorted], Headings]:
    """Return how to sort by who has a role in the work itself, its parts aside."""

    def sort(record: Record, piece: Sorted) -> Headings:
        links = record.said(piece.work, *relations)
        return _merged((record.line(link.value), link.sources) for link in links)

    return sort


def _conductors(record: Record, piece: Sorted) -> Headings:
    links = said(record, piece.members, *CONDUCTS)
    return _merged((record.line(link.value), link.sources) for link in links)


def _agencies(record: Record, piece: Sorted) -> Headings:
    links = said(record, piece.members, "cji:examines")
    return _merged((link.value, link.sources) for link in links)


def _kind(record: Record, piece: Sorted) -> Headings:
    label = record.kind_label(piece.work)
    return {label[:1].upper() + label[1:]: piece.sources}


def _standing(record: Record, piece: Sorted) -> Headings:
    return {piece.standing: piece.sources} if piece.standing else {}


def _is_sorted(record: Record, piece: Sorted) -> bool:
    return True


def _has_standing(record: Record, piece: Sorted) -> bool:
    return piece.standing is not None


def _has_roles(record: Record, piece: Sorted) -> bool:
    return bool(record.said(piece.work, *LEADS, *SUPPORTS))


def _says(*relations: str) -> Callable[[Record, Sorted], bool]:
    return lambda record, piece: bool(said(record, piece.members, *relations))


def _none(record: Record) -> list[str]:
    return []


def _standings(record: Record) -> list[str]:
    standings = record.things("standing")
    order = {each: record.facts(each, "cji:position") for each in standings}
    return sorted(standings, key=lambda each: (order[each][:1], each))


HEADINGS = (
    Heading(
        "process",
        "Business processes",
        "The stages of the system that the work is about.",
        _process,
        _is_sorted,
        lambda record: record.processes(),
        (rules.PARTS, rules.UNDER, rules.SHARE),
    ),
    Heading(
        "issue",
        "Cross-cutting issues",
        "The concerns watched for in every process that the work is about.",
        _issue,
        _is_sorted,
        lambda record: record.issues(),
        (rules.PARTS, rules.UNDER, rules.SHARE),
    ),
    Heading(
        "standing",
        "Standing in the programme",
        "How the work comes into a programme. The record has no standing of its own.",
        _standing,
        _has_standing,
        _standings,
        (rules.SHARE,),
    ),
    Heading(
        "kind",
        "Kinds of work",
        "What sort of inspection or study the work is.",
        _kind,
        _is_sorted,
        _none,
        (rules.SHARE,),
    ),
    Heading(
        "lead",
        "Inspectorates that lead",
        "Who is said to lead the work; several may, or nobody be said to.",
        _roles(*LEADS),
        _has_roles,
        _none,
        (rules.SUCCESSORS, rules.SHARE),
    ),
    Heading(
        "support",
        "Inspectorates that support",
        "Who is said to take part without leading.",
        _roles(*SUPPORTS),
        _has_roles,
        _none,
        (rules.SUCCESSORS, rules.SHARE),
    ),
    Heading(
        "part",
        "Inspectorates that take part at all",
        "Who carries the work out, in whatever role.",
        _conductors,
        _says(*CONDUCTS),
        _none,
        (rules.PARTS, rules.SUCCESSORS, rules.SHARE),
    ),
    Heading(
        "agency",
        "Examined agencies",
        "Whose work is said to be looked at; of much work nothing is said.",
        _agencies,
        _says("cji:examines"),
        _none,
        (rules.PARTS, rules.SHARE),
    ),
)
