"""The inspection work on record, read once from a store for every analysis.

A `Record` answers small questions in terms of IRIs, and keeps the passages behind every
answer. It judges in few places, and each is a rule with a name that its users can cite.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from cjigraph import networks
from cjigraph.networks import Source
from cjigraph.record.spans import Span, around, span, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cjigraph.networks import Engine, Network

LEADS = ("cji:isLedBy",)
SUPPORTS = ("cji:isSupportedBy",)
CONDUCTS = ("cji:isLedBy", "cji:isSupportedBy", "cji:isConductedBy")
"""Being said to lead or support is being said to conduct."""
FOLLOWS = (
    "cji:followsUp",
    "cji:succeeds",
    "cji:continues",
    "cji:arisesFrom",
    "cji:follows",
)
"""The ways in which work follows earlier work, the most telling first."""

AGENCIES = frozenset({"Agency", "AgencyGroup", "PoliceForce"})
"""The classes of the bodies that are inspected."""


class Said(NamedTuple):
    """One stated link, and the passages that state it."""

    subject: str
    relation: str
    value: str
    sources: tuple[Source, ...]


class Dated(NamedTuple):
    """A thing with a date: as written, the days it covers, the passages."""

    thing: str
    text: str
    span: Span
    sources: tuple[Source, ...]

    @property
    def words(self) -> str:
        """The date as people write it."""
        return words(self.text)


_Links = dict[tuple[str, str], list[Said]]


class Odds(NamedTuple):
    """Passages that cannot both be right of a thing: in our words and as written."""

    thing: str
    words: str
    written: str
    sources: tuple[Source, ...]


def read(store: Engine) -> Record:
    """Read the record that a store holds."""
    things = (row["thing"].value for row in _answer(store, "things"))
    network = networks.network(store, networks.stated_links(store), things)
    return Record(network, list(_days(store)), list(_odds(store)))


def _days(store: Engine) -> Iterator[tuple[str, str, str]]:
    for row in _answer(store, "days"):
        bound = row["bound"].value.rpartition("#")[2]
        yield row["thing"].value, bound, row["day"].value


def _odds(store: Engine) -> Iterator[Odds]:
    found: dict[tuple[str, ...], set[Source]] = defaultdict(set)
    for row in _answer(store, "contradictions"):
        told = tuple(_text(row[name]) for name in ("odds", "thing", "words", "written"))
        iri, label, place = (
            _text(row[name]) for name in ("passage", "label", "locator")
        )
        found[told].add(Source(iri, label, place, _text(row["address"]) or None))
    for told, sources in sorted(found.items()):
        yield Odds(told[1], told[2], told[3], tuple(sorted(sources, key=str)))


def _text(term: Any) -> str:
    return str(term.value) if term else ""


def _answer(store: Engine, name: str) -> Any:
    path = Path(__file__).with_name(f"{name}.rq")
    return store.query(path.read_text(encoding="utf-8"))


class Record:
    """Work, bodies, themes, reports and programmes, with who says what of them.

    `network` is the whole as `cjigraph.networks` makes it. Things are named by their
    IRIs, and every list is in a fixed order.
    """

    def __init__(
        self,
        network: Network,
        days: Iterable[tuple[str, str, str]],
        contradictions: Iterable[Odds] = (),
    ) -> None:
        self.network = network
        self.contradictions = list(contradictions)
        # What is asked for again and again; a record does not change.
        self._members: dict[str, list[str]] = {}
        self._happened: dict[str, Span] = {}
        self._wider: dict[str, list[str]] = {}
        self._days: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for thing, bound, day in days:
            self._days[thing, bound].append(span(day))

    # Things and links

    def things(self, kind: str) -> list[str]:
        """Return all things of a kind, such as "inspection" or "theme"."""
        return self._kinds.get(kind, [])

    @cached_property
    def _kinds(self) -> dict[str, list[str]]:
        kinds: dict[str, list[str]] = defaultdict(list)
        for thing in sorted(self.network):
            kinds[self.network.nodes[thing]["kind"]].append(thing)
        return kinds

    def label(self, thing: str) -> str:
        """Return what readers see."""
        return str(self.network.nodes[thing]["label"])

    def short(self, body: str) -> str:
        """Return the name a body is known by among those who work with it.

        That is the shortest of its names that is or has an acronym, and that no other
        body has; or else its label.
        """
        known = (name for name in self._true_names(body) if _is_short(name))
        own = [name for name in known if self._bearers[name] == {body}]
        return min(own, key=lambda name: (len(name), name), default=self.label(body))

    @cached_property
    def _bearers(self) -> dict[str, set[str]]:
        """Bodies by their other names."""
        bearers: dict[str, set[str]] = defaultdict(set)
        for body in self.things("body"):
            for name in self._true_names(body):
                bearers[name].add(body)
        return bearers

    def _true_names(self, thing: str) -> Iterator[str]:
        for fact in self.network.nodes[thing]["facts"]:
            if fact.relation == "skos:altLabel":
                yield fact.value

    def kind(self, thing: str) -> str:
        """Return the class of a thing, without prefix: "ThematicInspection"."""
        return str(self.network.nodes[thing]["class"])

    def kind_label(self, thing: str) -> str:
        """Return the class of a thing in words."""
        return str(self.network.nodes[thing]["class_label"])

    def said(self, thing: str, *relations: str) -> list[Said]:
        """Return the stated links from a thing, in the order of the relations."""
        return [link for each in relations for link in self._links[0][thing, each]]

    def said_of(self, thing: str, *relations: str) -> list[Said]:
        """Return the stated links to a thing, in the order of the relations."""
        return [link for each in relations for link in self._links[1][thing, each]]

    @cached_property
    def _links(self) -> tuple[_Links, _Links]:
        """Links by their relation and their subject, and by their object."""
        forth, back = defaultdict(list), defaultdict(list)
        edges: Any = self.network.edges(keys=True, data="sources")
        for subject, value, relation, sources in sorted(
            edges, key=lambda each: each[:3]
        ):
            link = Said(subject, relation, value, tuple(sources))
            forth[subject, relation].append(link)
            back[value, relation].append(link)
        return forth, back

    def facts(self, thing: str, relation: str) -> list[tuple[str, tuple[Source, ...]]]:
        """Return the values of a property of a thing, with the passages of each."""
        return [
            (fact.value, tuple(fact.sources))
            for fact in self.network.nodes[thing]["facts"]
            if fact.relation == relation
        ]

    def mention(self, thing: str) -> tuple[Source, ...]:
        """Return passages that say something of a thing: what describes it, if any."""
        for relation in ("cji:tookPlaceDuring", "dcterms:description", "dcterms:title"):
            for _, sources in self.facts(thing, relation):
                if sources:
                    return sources
        links: Any = self.network.out_edges(thing, data="sources")
        return next((tuple(sources) for *_, sources in sorted(links) if sources), ())

    # Wholes and parts

    def parts(self, work: str) -> list[Said]:
        """Return what is said to be part of a piece of work."""
        return [
            link
            for link in self.said_of(work, "dcterms:isPartOf")
            if self._is_work(link.subject)
        ]

    def members(self, work: str) -> list[str]:
        """Return a piece of work and all its parts, itself first."""
        if work not in self._members:
            found = [work]
            for each in found:  # which grows while it is read
                parts = (part.subject for part in self.parts(each))
                found += [part for part in parts if part not in found]
            self._members[work] = found
        return self._members[work]

    def wholes(self) -> list[str]:
        """Return the pieces of work that are part of no other."""
        works = self.things("inspection")
        return [work for work in works if not self._whole(work)]

    def whole(self, work: str) -> str:
        """Return the widest piece of work that a piece is part of, or itself."""
        return (self._above(work) or [work])[-1]

    def _whole(self, work: str) -> str | None:
        links = self.said(work, "dcterms:isPartOf")
        return next((link.value for link in links if self._is_work(link.value)), None)

    def _is_work(self, thing: str) -> bool:
        return bool(self.network.nodes[thing]["kind"] == "inspection")

    def said_within(self, work: str, *relations: str) -> list[Said]:
        """Return the links from a piece of work and from its parts.

        This is the rule that parts count as the whole.
        """
        return [
            link for each in self.members(work) for link in self.said(each, *relations)
        ]

    # Time

    def took_place(self, thing: str) -> Span:
        """Return when a thing is said to have taken place, or to be going to."""
        return self._span(thing, "tookPlace")

    def expected(self, thing: str) -> Span:
        """Return when publication is expected, of an entry, work or a plan."""
        return self._span(thing, "expected")

    def _span(self, thing: str, stem: str) -> Span:
        first = around(self._days.get((thing, f"{stem}From"), ())).first
        return Span(first, around(self._days.get((thing, f"{stem}To"), ())).last)

    def reports(self, work: str) -> list[Said]:
        """Return the reports on a piece of work or on a part of it."""
        return [
            link
            for each in self.members(work)
            for link in self.said_of(each, "cji:reportsOn")
        ]

    def issued(self, report: str) -> list[Dated]:
        """Return the dates that sources give a report, the earliest first.

        Of a day and its month, the day comes first.
        """
        dates = [
            Dated(report, text, span(text), sources)
            for text, sources in self.facts(report, "dcterms:issued")
        ]
        known = (each for each in dates if each.span.is_known)
        return sorted(known, key=lambda each: (each.span[::-1], each.text))

    def published(self, work: str) -> list[Dated]:
        """Return the first date of every dated report on the work, in order of time."""
        dates = {link.subject: self.issued(link.subject) for link in self.reports(work)}
        found = [each[0] for each in dates.values() if each]
        return sorted(found, key=lambda each: (each.span, each.thing))

    def lasted(self, work: str) -> Span:
        """Return the time that a piece of work lasted, or else was to last.

        That is when it `happened`, or else the time of the programmes that plan it.
        """
        happened = self.happened(work)
        if happened.is_known:
            return happened
        return around(self.took_place(each) for each in self.programmes(work))

    def happened(self, work: str) -> Span:
        """Return the time that work lasted, with its parts and reports.

        A report closes what has no other end; this is the rule that reports close the
        work. Not so a core programme, which reports on every visit: it runs until a
        source says that it ended. Work of which no source says when takes the time of
        what it is part of.
        """
        if work not in self._happened:
            self._happened[work] = self._time_of(work)
        return self._happened[work]

    def _time_of(self, work: str) -> Span:
        stated = [self.took_place(each) for each in self.members(work)]
        reported = [each.span for each in self.published(work)]
        whole = around((*stated, *reported))
        if not whole.is_known:
            return around(self.took_place(each) for each in self._above(work))
        if self.kind(work) == "CoreProgramme":
            return Span(whole.first, self.took_place(work).last)
        return whole

    def is_only_planned(self, work: str) -> bool:
        """Whether a programme plans work, and nothing more is known of its time."""
        return bool(self.programmes(work)) and not self.happened(work).is_known

    def is_running(self, work: str) -> bool:
        """Whether work has begun, by a date, and nothing says that it ended."""
        lasted = self.lasted(work)
        return lasted.first is not None and lasted.last is None

    def first_report(self, work: str) -> Dated | None:
        """Return when a piece of work first reported, if that is known."""
        return next(iter(self.published(work)), None)

    def year(self, work: str) -> int | None:
        """Return the year of a piece of work: its first report's, or else its first."""
        reported = self.first_report(work)
        days = reported.span if reported else self.lasted(work)
        day = days.first or days.last
        return day.year if day else None

    def years(self, work: str) -> str:
        """Return the years that work lasted: "2018", "2018-2020", "since 2008"."""
        first, last = (day and str(day.year) for day in self.lasted(work))
        if first and last:
            return first if first == last else f"{first}-{last}"
        return f"since {first}" if first else f"until {last}" if last else ""

    def latest(self) -> date | None:
        """Return the last day on which a report is known to have come out."""
        dates = (
            each for report in self.things("report") for each in self.issued(report)
        )
        return max((each.span.last for each in dates if each.span.last), default=None)

    # Bodies and themes

    def leads(self, work: str) -> list[str]:
        """Return the bodies said to lead a piece of work."""
        return self.bodies(self.said(work, *LEADS))

    def others(self, work: str) -> list[str]:
        """Return the bodies that have a part in the work and are not said to lead."""
        leads = self.leads(work)
        conduct = self.bodies(self.said(work, *CONDUCTS))
        return [body for body in conduct if body not in leads]

    def conductors(self, work: str) -> list[str]:
        """Return who carries a piece of work, or a part of it, out.

        Where nothing is said of a part, it is those of the whole: the rule that the
        whole's bodies do its parts.
        """
        for each in (work, *self._above(work)):
            if links := self.said_within(each, *CONDUCTS):
                return self.bodies(links)
        return []

    def who(self, work: str) -> str:
        """Return in words who carries a piece of work out."""
        leads, others = (
            ", ".join(map(self.short, bodies))
            for bodies in (self.leads(work), self.others(work))
        )
        if leads and others:
            return f"led by {leads}, with {others}"
        return f"led by {leads}" if leads else others

    def bodies(self, links: Iterable[Said]) -> list[str]:
        """Return the bodies that links lead to, each once, in order of their names."""
        return sorted({link.value for link in links}, key=self.short)

    @cached_property
    def _lines(self) -> dict[str, str]:
        """Bodies by those that carry on their work now, or the first of several."""
        changes: nx.DiGraph[str] = nx.DiGraph()
        changes.add_edges_from(
            (each.earlier, each.later) for each in self.successions()
        )
        after = {body: nx.descendants(changes, body) for body in changes}
        last = {body for body in changes if not after[body] - {body}}
        return {body: min(after[body] & last, default=body) for body in changes}

    def line(self, body: str) -> str:
        """Return the body that carries on the work of this one; itself, if none does.

        This is the rule that successors count as one.
        """
        return self._lines.get(body, body)

    def successions(self) -> list[Succession]:
        """Return which body took over from which, as sources say, by names."""
        found = [*self._replacements(), *self._changes()]
        pairs = {(each.earlier, each.later): each for each in found}
        return [pairs[pair] for pair in sorted(pairs)]

    def _replacements(self) -> Iterator[Succession]:
        for body in self.things("body"):
            for link in self.said(body, "dcterms:replaces"):
                yield Succession(link.value, body, None, link.sources)

    def _changes(self) -> Iterator[Succession]:
        """Read change events, which name a body before and a body after."""
        for event in self.network.nodes:
            before = self.said(event, "org:originalOrganization")
            for after in (
                self.said(event, "org:resultingOrganization") if before else ()
            ):
                for link in before:
                    if link.value != after.value:
                        sources = tuple(sorted({*link.sources, *after.sources}))
                        yield Succession(link.value, after.value, event, sources)

    def is_agency(self, body: str) -> bool:
        """Whether a body is one of those that are inspected."""
        return self.kind(body) in AGENCIES

    def is_inspectorate(self, thing: str) -> bool:
        """Whether a thing is a body that inspects others."""
        return self.kind(thing) == "Inspectorate"

    def groups(self, body: str) -> list[Said]:
        """Return the groups of agencies to which an agency is said to belong."""
        return [
            link
            for link in self.said(body, "org:memberOf", "dcterms:isPartOf")
            if link.value in self.network and self.is_agency(link.value)
        ]

    def wider(self, theme: str) -> list[str]:
        """Return a theme and all wider ones, processes and issues too, in order."""
        if theme not in self._wider:
            found = [theme]
            for each in found:  # which grows while it is read
                above = (link.value for link in self.said(each, "skos:broader"))
                found += [up for up in above if up not in found]
            self._wider[theme] = found
        return self._wider[theme]

    def narrower(self, theme: str) -> list[str]:
        """Return a theme and every narrower one, itself first."""
        found = [theme]
        for each in found:  # which grows while it is read
            below = self.said_of(each, "skos:broader")
            found += [link.subject for link in below if link.subject not in found]
        return found

    def is_top(self, theme: str) -> bool:
        """Whether a theme is a business process or a cross-cutting issue."""
        return self.kind(theme) in ("BusinessProcess", "CrossCuttingIssue")

    def work_on(self, theme: str) -> list[str]:
        """Return the work said to be about a theme or about one within it.

        Where a piece and a part of it are both about the theme, the piece alone counts.
        """
        found = {
            link.subject
            for each in self.narrower(theme)
            for link in self.said_of(each, "cji:isAbout")
        }
        return sorted(work for work in found if not found & set(self._above(work)))

    def _above(self, work: str) -> list[str]:
        """Return the pieces of work that a piece is part of, the nearest first."""
        seen = [work]
        while (above := self._whole(seen[-1])) and above not in seen:
            seen.append(above)
        return seen[1:]

    def processes(self) -> list[str]:
        """Return the business processes."""
        return self._of_class("BusinessProcess")

    def issues(self) -> list[str]:
        """Return the cross-cutting issues."""
        return self._of_class("CrossCuttingIssue")

    def subjects(self) -> list[str]:
        """Return the themes that are neither process nor issue, by label."""
        return self._of_class("Theme")

    def _of_class(self, name: str) -> list[str]:
        themes = (each for each in self.things("theme") if self.kind(each) == name)
        return sorted(themes, key=lambda each: (self.label(each), each))

    # Programmes

    def programmes(self, work: str) -> list[str]:
        """Return the programmes that have an entry for a piece of work."""
        entries = [link.subject for link in self.said_of(work, "cji:plans")]
        links = [
            link for entry in entries for link in self.said(entry, "cji:isEntryIn")
        ]
        return sorted({link.value for link in links})

    def entries(self, programme: str) -> list[Entry]:
        """Return the entries of a programme, in its own order."""
        links = self.said_of(programme, "cji:isEntryIn")
        found = (self._entry(link) for link in links)
        known = [each for each in found if each is not None]
        return sorted(known, key=lambda each: (each.position, each.iri))

    def _entry(self, link: Said) -> Entry | None:
        plans = self.said(link.subject, "cji:plans")
        if not plans:
            return None
        standings = self.said(link.subject, "cji:hasStanding")
        positions = [int(text) for text, _ in self.facts(link.subject, "cji:position")]
        return Entry(
            link.subject,
            plans[0].value,
            standings[0].value if standings else None,
            min(positions, default=0),
            link.sources,
        )


class Entry(NamedTuple):
    """The place of a piece of work in a programme."""

    iri: str
    work: str
    standing: str | None
    position: int
    sources: tuple[Source, ...]


class Succession(NamedTuple):
    """One body taking over from another, with the change event where there is one."""

    earlier: str
    later: str
    event: str | None
    sources: tuple[Source, ...]


def _is_short(name: str) -> bool:
    """Whether a name is what people say for short: it holds an acronym.

    >>> [_is_short(name) for name in ("HMI Prisons", "HMCPSI", "joint inspectorates")]
    [True, True, False]
    """
    first = name.split()[0] if name.split() else ""
    return len(first) > 1 and first.isupper()
