"""Overlap: pieces of work that share subject, agency, partners and time.

The score of a pair is the sum of what `rules` gives for each, 10 at most.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from cjigraph import lineage
from cjigraph.consult import rules
from cjigraph.consult.frame import meet
from cjigraph.consult.writer import listed
from cjigraph.record import FOLLOWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cjigraph.consult.frame import Frame, Piece, Sourced
    from cjigraph.networks import Network, Source
    from cjigraph.record import Record

MAXIMUM = 10


class Shared(NamedTuple):
    """What a pair shares in one respect: points, words, passages, the rules."""

    points: int
    words: str
    sources: tuple[Source, ...]
    rules: tuple[str, ...]


NOTHING = Shared(0, "", (), ())


class Relation(NamedTuple):
    """How sources relate a pair: words, passages, and rules where it takes any."""

    words: str
    sources: tuple[Source, ...]
    rules: tuple[str, ...]


class Pair(NamedTuple):
    """Two pieces of work, what they share, and how sources relate them."""

    one: Piece
    other: Piece
    subject: Shared
    agency: Shared
    partners: Shared
    time: Shared
    relations: tuple[Relation, ...]

    @property
    def score(self) -> int:
        """The points of the pair, of `MAXIMUM`."""
        return sum(each.points for each in self.shared)

    @property
    def shared(self) -> tuple[Shared, ...]:
        """What it shares: subject, agency, partners, time."""
        return self.subject, self.agency, self.partners, self.time

    @property
    def nature(self) -> str:
        """What the pair may be."""
        if (
            self.subject.points == _SAME_THEME
            and self.agency.points
            and self.time.points
        ):
            return "duplicate"
        return "overlap" if self.subject.points else "clash"

    @property
    def reason(self) -> str:
        """What it shares, in words."""
        return " ".join(each.words for each in self.shared if each.words)

    @property
    def sources(self) -> set[Source]:
        """The passages that say what it shares and how it is related."""
        told = (each.sources for each in self._told())
        return {source for sources in told for source in sources}

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules it rests on, each once, in the order of `rules`."""
        told = (each.rules for each in self._told())
        return tuple(dict.fromkeys(rule for rules_ in told for rule in rules_))

    def _told(self) -> Iterator[Shared | Relation]:
        yield from self.shared
        yield from self.relations


_SAME_THEME, _WITHIN, _NEIGHBOURS = 4, 3, 1
_SAME_AGENCY, _IN_GROUP = 3, 2
_MOST_PARTNERS = 2


def between_entries(frame: Frame) -> list[Pair]:
    """Return the pairs of entries that share enough or are related, highest first."""
    return _ranked(frame, combinations(frame.entries, 2))


def with_recent(frame: Frame) -> list[Pair]:
    """Return the pairs of an entry and recent work, the highest first."""
    pairs = product(frame.entries, frame.recent)
    return _ranked(frame, (pair for pair in pairs if not _is_one(frame.record, *pair)))


def _is_one(record: Record, one: Piece, other: Piece) -> bool:
    """Whether one is a part of the other, which would be compared with itself."""
    return other.work in record.members(one.work) or one.work in record.members(
        other.work
    )


def _ranked(frame: Frame, pieces: Iterable[tuple[Piece, Piece]]) -> list[Pair]:
    chains = lineage.network(frame.record)
    pairs = [_pair(frame, one, other, chains) for one, other in pieces]
    kept = [pair for pair in pairs if pair.relations or _counts(frame, pair)]
    return sorted(
        kept, key=lambda pair: (-pair.score, _order(pair.one), _order(pair.other))
    )


def _order(piece: Piece) -> tuple[str, int, str]:
    number = piece.ref.text[1:]
    return piece.ref.text[0], int(number) if number.isdigit() else 0, piece.work


def _counts(frame: Frame, pair: Pair) -> bool:
    in_common = pair.subject.points or (pair.agency.points and _clashes(frame, pair))
    return bool(in_common) and pair.score >= frame.options.least


def _clashes(frame: Frame, pair: Pair) -> bool:
    """Whether both go on at the same time, and within the time of the programme."""
    meet_at_all = pair.one.span.meets(pair.other.span)
    return meet_at_all and all(
        piece.span.meets(frame.time) for piece in (pair.one, pair.other)
    )


def _pair(frame: Frame, one: Piece, other: Piece, chains: Network) -> Pair:
    record = frame.record
    return Pair(
        one,
        other,
        _subject(record, one.themes, other.themes),
        _agency(record, one.agencies, other.agencies),
        _partners(record, one, other),
        _time(one, other),
        tuple(_relations(record, one, other, chains)),
    )


# What is shared


def _subject(record: Record, here: Sourced, there: Sourced) -> Shared:
    same = [theme for theme in here if theme in there and not record.is_top(theme)]
    if same:
        sources = [each for theme in same for each in (*here[theme], *there[theme])]
        words = f"Both are about {_named(record, same)}."
        return Shared(_SAME_THEME, words, tuple(sources), (rules.SUBJECT,))
    return _within(record, here, there) or _near(record, here, there) or NOTHING


def _within(record: Record, here: Sourced, there: Sourced) -> Shared | None:
    found = [
        (narrow, wide)
        for narrow, wide in (*product(here, there), *product(there, here))
        if wide in record.wider(narrow)[1:] and not record.is_top(wide)
    ]
    if not found:
        return None
    words = " ".join(
        f"{_name(record, narrow)} lies within {_name(record, wide)}."
        for narrow, wide in sorted(found)
    )
    themes = {theme for pair in found for theme in pair}
    sources = _of(themes, here, there)
    return Shared(_WITHIN, words, sources, (rules.SUBJECT, rules.UNDER))


def _near(record: Record, here: Sourced, there: Sourced) -> Shared | None:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in product(here, there):
        for wide in record.wider(one)[1:]:
            if wide in record.wider(other)[1:] and not record.is_top(wide):
                found[wide] |= {one, other}
    if not found:
        return None
    words = " ".join(
        f"{_named(record, themes)} both lie within {_name(record, wide)}."
        for wide, themes in sorted(found.items())
    )
    sources = _of({each for themes in found.values() for each in themes}, here, there)
    return Shared(_NEIGHBOURS, words, sources, (rules.SUBJECT, rules.UNDER))


def _agency(record: Record, here: Sourced, there: Sourced) -> Shared:
    same = [body for body in here if body in there]
    if same:
        sources = _of(same, here, there)
        words = f"Both examine {_named(record, same)}."
        return Shared(_SAME_AGENCY, words, sources, (rules.AGENCY,))
    found = [
        (body, link)
        for body, others in (*((b, there) for b in here), *((b, here) for b in there))
        for link in record.groups(body)
        if link.value in others
    ]
    if not found:
        return NOTHING
    words = " ".join(
        f"{_name(record, body)} belongs to {_name(record, link.value)}."
        for body, link in found
    )
    ends = {end for body, link in found for end in (body, link.value)}
    sources = (*_of(ends, here, there), *(s for _, link in found for s in link.sources))
    return Shared(_IN_GROUP, words, sources, (rules.AGENCY,))


def _partners(record: Record, here: Piece, there: Piece) -> Shared:
    shared = here.partners.keys() & there.partners.keys()
    same = sorted(shared, key=record.short)
    if not same:
        return NOTHING
    names = listed([record.short(body) for body in same])
    points = min(len(same), _MOST_PARTNERS)
    words = f"{names} {'takes' if len(same) == 1 else 'take'} part in both."
    renamed = any(record.line(each) in same for each in here.renamed | there.renamed)
    rests = (rules.PARTNERS, *((rules.SUCCESSORS,) if renamed else ()))
    sources = _of(same, here.partners, there.partners)
    return Shared(points, words, sources, rests)


def _time(one: Piece, other: Piece) -> Shared:
    if one.span.meets(other.span):
        return Shared(1, "They go on at the same time.", (), (rules.TIME,))
    if meet(one.span, other.span):
        return Shared(1, "Less than a year lies between them.", (), (rules.TIME,))
    return NOTHING


def _of(things: Iterable[str], here: Sourced, there: Sourced) -> tuple[Source, ...]:
    return tuple(
        source
        for thing in things
        for source in (*here.get(thing, ()), *there.get(thing, ()))
    )


def _name(record: Record, thing: str) -> str:
    return record.label(thing)


def _named(record: Record, things: Iterable[str]) -> str:
    return listed(sorted(_name(record, thing) for thing in things))


# What sources say of the two


def _relations(
    record: Record, one: Piece, other: Piece, chains: Network
) -> Iterator[Relation]:
    here, there = list(one.members), list(other.members)
    direct = [*_direct(record, here, there), *_direct(record, there, here)]
    yield from direct
    yield from _parts(record, one.work, other.work)
    if not direct:
        yield from _at_a_remove(record, here, there, chains)


_INFORMED = (*FOLLOWS, "prov:wasInformedBy")
_SAYS = {
    "cji:followsUp": "follows up",
    "cji:succeeds": "takes up again the subject of",
    "cji:continues": "continues",
    "cji:arisesFrom": "arises from",
    "cji:follows": "follows",
    "prov:wasInformedBy": "draws on",
}


def _direct(record: Record, here: list[str], there: list[str]) -> Iterator[Relation]:
    for work in here:
        for link in record.said(work, *_INFORMED):
            if link.value in there:
                yield _relation(
                    record, work, _SAYS[link.relation], link.value, link.sources
                )
        for link in record.said(work, "cji:cites"):
            for found in record.said(link.value, "cji:reportsOn"):
                if found.value in there:
                    sources = (*link.sources, *found.sources)
                    yield _relation(
                        record, work, "cites a report on", found.value, sources
                    )


def _relation(
    record: Record, work: str, verb: str, other: str, sources: Iterable[Source]
) -> Relation:
    words = f"{record.label(work)} {verb} {record.label(other)}."
    return Relation(words, tuple(sources), ())


def _parts(record: Record, one: str, other: str) -> Iterator[Relation]:
    for part, whole in ((one, other), (other, one)):
        if part != whole and part in record.members(whole):
            links = record.said(part, "dcterms:isPartOf")
            sources = [source for link in links for source in link.sources]
            yield _relation(record, part, "is part of", whole, sources)
    if record.whole(one) == record.whole(other) not in (one, other):
        links = [
            *record.said(one, "dcterms:isPartOf"),
            *record.said(other, "dcterms:isPartOf"),
        ]
        words = f"Both are part of {record.label(record.whole(one))}."
        sources = [source for link in links for source in link.sources]
        yield Relation(words, tuple(sources), (rules.PARTS,))


def _at_a_remove(
    record: Record, here: list[str], there: list[str], chains: Network
) -> Iterator[Relation]:
    for work, other in (*product(here, there), *product(there, here)):
        if work in chains and other in chains and nx.has_path(chains, work, other):
            path = nx.shortest_path(chains, work, other)
            yield _remote(record, path, chains, "descends from")
            return
    for work, other in product(here, there):
        shared = _ancestry(chains, work) & _ancestry(chains, other)
        if shared:
            root = min(shared)
            paths = [nx.shortest_path(chains, each, root) for each in (work, other)]
            told = [_remote(record, path, chains, "descends from") for path in paths]
            words = f"Both descend from {record.label(root)}."
            sources = [source for each in told for source in each.sources]
            yield Relation(words, tuple(sources), (rules.REMOVE,))
            return


def _ancestry(chains: Network, work: str) -> set[str]:
    return set(lineage.ancestors(chains, work)) if work in chains else set()


def _remote(record: Record, path: list[str], chains: Network, verb: str) -> Relation:
    sources = {
        source
        for later, earlier in pairwise(path)
        for link in chains[later][earlier].values()
        for source in link["sources"]
    }
    by_way = listed([record.label(each) for each in path[1:-1]]) if path[1:-1] else ""
    words = f"{record.label(path[0])} {verb} {record.label(path[-1])}"
    words += f" by way of {by_way}." if by_way else "."
    return Relation(words, tuple(sorted(sources)), (rules.REMOVE,))
