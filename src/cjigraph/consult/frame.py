"""What a response pack compares: the entries of a programme and the recent record."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cjigraph import vocab
from cjigraph.consult.pack import Notes, Ref
from cjigraph.errors import InputError, did_you_mean
from cjigraph.record import CONDUCTS, Entry, Record, Said
from cjigraph.record.spans import Span, day, spoken, years_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cjigraph.consult.options import Options
    from cjigraph.networks import Source

    Sourced = dict[str, tuple[Source, ...]]

_MOMENT = timedelta(days=1)


class Piece(NamedTuple):
    """A piece of work to compare, with its parts: an entry, or one of the record.

    `members` are the work itself and its parts; of an entry, only those whose time
    meets that of the programme. `themes`, `agencies` and `partners` are IRIs with the
    passages that say so; partners are named by the body that carries on their work, and
    `renamed` are those that a source calls by an earlier one.
    """

    work: str
    members: tuple[str, ...]
    ref: Ref
    themes: Sourced
    agencies: Sourced
    partners: Sourced
    renamed: frozenset[str]
    span: Span
    entry: Entry | None


class Frame(NamedTuple):
    """The programme, the day of the pack, and the pieces that it compares."""

    record: Record
    programme: str
    time: Span
    as_of: date
    as_of_because: str
    options: Options
    entries: list[Piece]
    recent: list[Piece]
    notes: Notes

    @property
    def since(self) -> date:
        """The first day of the recent record."""
        return years_before(self.as_of, self.options.years)

    def planned(self, work: str) -> bool:
        """Whether work, a part of it or what it is part of has an entry."""
        here = {piece.work for piece in self.entries}
        members = {each for work_ in here for each in self.record.members(work_)}
        return work in members or bool(here & set(self.record.members(work)))

    def is_entry(self, work: str) -> bool:
        """Whether work is an entry's, or a part of one that falls in its time."""
        return any(work in piece.members for piece in self.entries)


def frame(record: Record, name: str, options: Options) -> Frame:
    """Return what a pack on a programme compares.

    A programme that is not on record, or none of whose entries are, is an `InputError`
    that names the nearest.
    """
    programme = find(record, name)
    time = record.took_place(programme)
    as_of, because = _as_of(record, programme, time, options)
    numbered = _numbered(record.entries(programme))
    here = [_entry(record, each, number, time) for number, each in numbered]
    blank = Frame(record, programme, time, as_of, because, options, here, [], Notes())
    apart = (each for work in record.wholes() for each in _apart(blank, work))
    works = [work for work in apart if _is_recent(blank, work)]
    works.sort(key=lambda work: (record.lasted(work).last or as_of, work))
    recent = [_recent(record, work, number) for number, work in enumerate(works, 1)]
    return blank._replace(recent=recent)


def find(record: Record, name: str) -> str:
    """Return the IRI of a programme by slug, label, other name, `2019/20` or IRI."""
    programmes = [each for each in record.things("programme") if record.entries(each)]
    known = {
        word: iri for iri in record.things("programme") for word in _names(record, iri)
    }
    found = known.get(_folded(name))
    if found is None:
        slugs = [_slug(programme) for programme in programmes]
        cure = did_you_mean(_folded(name), slugs) or _those(slugs)
        raise InputError(f'no programme "{name}"', cure)
    if found not in programmes:
        problem = f'the record has no entries of the programme "{_slug(found)}"'
        raise InputError(problem, _those([_slug(each) for each in programmes]))
    return found


def _those(slugs: list[str]) -> str:
    return f"there are {', '.join(slugs)}" if slugs else "none is on record"


def _names(record: Record, programme: str) -> Iterable[str]:
    node = record.network.nodes[programme]
    slug = _slug(programme)
    names = (programme, vocab.shorten(programme), slug, node["label"], *node["alt"])
    return [_folded(name) for name in names]


def _folded(name: str) -> str:
    """Return a name as names are compared: `2019/20` is the slug `2019-20`."""
    folded = " ".join(name.split()).casefold()
    return folded.replace("/", "-") if folded[:1].isdigit() else folded


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def _as_of(
    record: Record, programme: str, time: Span, options: Options
) -> tuple[date, str]:
    if options.as_of:
        return day(options.as_of), "the day that was asked for"
    closing = [
        (text, link.subject)
        for link in record.said_of(programme, "cji:isConsultationOn")
        for text, _ in record.facts(link.subject, "cji:closingDate")
    ]
    if closing:
        return day(min(closing)[0]), "the day on which its consultation closes"
    if time.first:
        return time.first, "the day on which the programme begins"
    problem = f'no source says when the programme "{_slug(programme)}" begins'
    raise InputError(problem, "give a day with --as-of")


def _entry(record: Record, entry: Entry, number: int, time: Span) -> Piece:
    lasted = record.lasted(entry.work)
    due = record.expected(entry.iri).last or record.expected(entry.work).last
    runs_on = record.kind(entry.work) == "CoreProgramme" and lasted.last is None
    first = lasted.first or time.first
    span = Span(first, None if runs_on else due or time.last)
    ref = Ref(f"E{number}", f"entry-{_slug(entry.iri)}")
    members = within(record, entry.work, time)
    return _piece(record, entry.work, members, ref, span)._replace(entry=entry)


def _numbered(entries: list[Entry]) -> list[tuple[int, Entry]]:
    """Return entries with their places in the programme, or in order of their names."""
    places = [entry.position for entry in entries]
    if all(places) and len(set(places)) == len(places):
        return list(zip(places, entries, strict=True))
    return list(enumerate(entries, start=1))


def within(record: Record, work: str, time: Span) -> tuple[str, ...]:
    """Return work and those of its parts whose time, if known, meets another."""
    parts = record.members(work)[1:]
    return (work, *(part for part in parts if record.lasted(part).meets(time)))


def _recent(record: Record, work: str, number: int) -> Piece:
    ref = Ref(f"R{number}", f"recent-{_slug(work)}")
    members = tuple(record.members(work))
    return _piece(record, work, members, ref, record.lasted(work))


def _piece(
    record: Record, work: str, members: tuple[str, ...], ref: Ref, span: Span
) -> Piece:
    conducts = said(record, members, *CONDUCTS)
    return Piece(
        work=work,
        members=members,
        ref=ref,
        themes=_sourced(said(record, members, "cji:isAbout")),
        agencies=_sourced(said(record, members, "cji:examines")),
        partners=_partners(record, conducts),
        renamed=frozenset(
            link.value for link in conducts if link.value != record.line(link.value)
        ),
        span=span,
        entry=None,
    )


def said(record: Record, members: Iterable[str], *relations: str) -> list[Said]:
    """Return the links from several pieces of work, such as a whole and its parts."""
    return [link for each in members for link in record.said(each, *relations)]


def _sourced(links: Iterable[Said]) -> Sourced:
    found: dict[str, set[Source]] = defaultdict(set)
    for link in links:
        found[link.value].update(link.sources)
    return {thing: tuple(sorted(found[thing])) for thing in sorted(found)}


def _partners(record: Record, links: Iterable[Said]) -> Sourced:
    return _sourced(link._replace(value=record.line(link.value)) for link in links)


def _apart(frame: Frame, work: str) -> Iterator[str]:
    """Return work that is no entry's; of work that is in part, the other parts."""
    members = frame.record.members(work)
    if not any(map(frame.is_entry, members)):
        yield work
    elif len(members) > 1:
        for part in frame.record.parts(work):
            yield from _apart(frame, part.subject)


def _is_recent(frame: Frame, work: str) -> bool:
    """Whether work lasted into the recent years, or to the time of the programme.

    What is only planned counts in the time of the programme alone: no source says that
    it was done.
    """
    record = frame.record
    end = frame.time.last or frame.as_of
    if record.is_only_planned(work):
        return record.lasted(work).meets(Span(frame.time.first or frame.as_of, end))
    happened = record.happened(work)
    return happened.is_known and happened.meets(Span(frame.since, end))


def when(piece: Piece) -> str:
    """Return in words how long a piece lasts."""
    return spoken(piece.span)


def meet(one: Span, other: Span) -> bool:
    """Whether two times meet, or lie less than a year apart."""
    return one.meets(_wider(other)) or _wider(one).meets(other)


def _wider(span: Span) -> Span:
    """Return a span with the year after its end, less the day on which it is up."""
    if span.last is None:
        return span
    return Span(span.first, years_before(span.last, -1) - _MOMENT)
