"""Every figure of the response pack for 2019/20, worked out again from the tables.

Nothing here asks the graph, or uses the code under test: the CSV files are read with
the csv module, the themes' hierarchy with a regular expression from its Turtle file,
and the rules are put in other words.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from cjigraph import consult, record
from cjigraph.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent
ID = "https://w3id.org/cjigraph/id/"
PROGRAMME = "2019-20"
YEARS, FOLLOW_UP, LEAST, ENTRIES = 5, 1, 4, 3

Rows = list[dict[str, str]]
Time = tuple[date | None, date | None]
NEVER: Time = (None, None)


def read() -> dict[str, Rows]:
    tables: dict[str, Rows] = defaultdict(list)
    for folder in sorted((ROOT / "data").iterdir()):
        if folder.name == "candidates":  # guesses, which nobody has accepted
            continue
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                tables[path.stem] += csv.DictReader(file)
    return tables


TABLES = read()


def pairs(table: str, *columns: str) -> list[tuple[str, ...]]:
    return sorted({tuple(row[column] for column in columns) for row in TABLES[table]})


# Themes


def themes() -> tuple[dict[str, str], dict[str, set[str]]]:
    text = (ROOT / "ontology" / "themes.ttl").read_text(encoding="utf-8")
    kinds: dict[str, str] = {}
    broader: dict[str, set[str]] = {}
    for name, kind, said in re.findall(
        r"^theme:(\S+) a cji:(\w+) ;(.*?)\.$", text, re.MULTILINE | re.DOTALL
    ):
        kinds[name] = kind
        above = re.findall(r"skos:broader ([^;]+?) ;", said)
        broader[name] = set(re.findall(r"theme:(\S+?)(?=[,\s]|$)", " ".join(above)))
    return kinds, broader


KINDS, BROADER = themes()
TOPS = {name for name, kind in KINDS.items() if kind != "Theme"}


def wider(theme: str) -> set[str]:
    found = {theme}
    while more := {up for each in found for up in BROADER[each]} - found:
        found |= more
    return found


# Time


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def side(text: str) -> Time:
    """The first and last days of a date, in the forms that the tables use."""
    exact = text.rstrip("?~%")
    numbers = [int(part) for part in exact.split("-")] if exact else []
    if not numbers:
        return NEVER
    if len(numbers) == 1:
        return date(numbers[0], 1, 1), date(numbers[0], 12, 31)
    year, month = numbers[:2]
    if len(numbers) == 3:
        return date(*numbers), date(*numbers)
    if month > 20:  # a season of three months, from spring
        start = 3 * (month - 21) + 3
        return date(year, start, 1), month_end(year, start + 2)
    return date(year, month, 1), month_end(year, month)


def bounds(text: str) -> Time:
    if "/" not in text:
        return side(text)
    start, end = ("" if each == ".." else each for each in text.split("/"))
    return side(start)[0], side(end)[1]


def around(times: Iterable[Time]) -> Time:
    known = list(times)
    firsts = [first for first, _ in known if first]
    lasts = [last for _, last in known if last]
    return min(firsts, default=None), max(lasts, default=None)


def meet(one: Time, other: Time) -> bool:
    low, high = date.min, date.max
    return (one[0] or low) <= (other[1] or high) and (other[0] or low) <= (
        one[1] or high
    )


def years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def age(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def took_place(table: str, thing: str) -> Time:
    texts = [r["took_place_during"] for r in TABLES[table] if r["id"] == thing]
    return around(bounds(text) for text in texts if text)


def expected(thing: str) -> list[tuple[str, Time]]:
    found = pairs("expectations", "thing", "expected_publication")
    return [(text, bounds(text)) for each, text in found if each == thing]


# Bodies


AFTER = pairs("changes", "original", "resulting")


@cache
def line(body: str) -> str:
    """The body that carries on another's work, or the first of several by name."""
    later = [each for original, each in AFTER if original == body]
    return min(map(line, later)) if later else body


# Work


def kind(work: str) -> str:
    found = {row["kind"] for row in TABLES["inspections"] if row["id"] == work}
    return min(found - {"Inspection"} or found)


WORKS = sorted({row["id"] for row in TABLES["inspections"]})
WHOLE = {row["part"]: row["whole"] for row in TABLES["parts"]}
ABOUT = pairs("subjects", "inspection", "theme")
EXAMINES = pairs("examinations", "inspection", "body")
CONDUCTS = pairs("participations", "inspection", "role", "body")
FOLLOWS = [
    (later, earlier.removeprefix("inspection/"))
    for later, earlier in pairs("lineage", "later", "earlier")
    if earlier.startswith("inspection/")
]


def above(work: str) -> list[str]:
    return [WHOLE[work], *above(WHOLE[work])] if work in WHOLE else []


def members(work: str) -> set[str]:
    return {work} | {each for each in WORKS if work in above(each)}


def about(works: Iterable[str]) -> set[str]:
    return {theme for each, theme in ABOUT if each in works}


def examines(works: Iterable[str]) -> set[str]:
    return {body for each, body in EXAMINES if each in works}


def conductors(works: Iterable[str]) -> set[str]:
    return {line(body) for each, _, body in CONDUCTS if each in works}


def roles(work: str, *names: str) -> set[str]:
    return {
        line(body) for each, role, body in CONDUCTS if each == work and role in names
    }


def issued(report: str) -> list[tuple[Time, str]]:
    rows = [row for row in TABLES["reports"] if row["id"] == report]
    rows += [row for row in TABLES["report_dates"] if row["report"] == report]
    columns = ("issued", "issued_month", "issued_year")
    texts = {row[column] for row in rows for column in columns if row[column]}
    return sorted(
        ((side(text), text) for text in texts), key=lambda each: each[0][::-1]
    )


def reports(work: str) -> list[str]:
    found = pairs("findings", "report", "inspection")
    return [report for report, each in found if each in members(work)]


def published(work: str) -> list[tuple[Time, str]]:
    dates = {report: issued(report) for report in reports(work)}
    return sorted((found[0][0], report) for report, found in dates.items() if found)


@cache
def happened(work: str) -> Time:
    stated = [took_place("inspections", each) for each in members(work)]
    known = around((*stated, *(when for when, _ in published(work))))
    if known == NEVER:
        return around(took_place("inspections", each) for each in above(work))
    if kind(work) == "CoreProgramme":
        return known[0], took_place("inspections", work)[1]
    return known


@cache
def lasted(work: str) -> Time:
    known = happened(work)
    if known != NEVER:
        return known
    return around(took_place("programmes", each) for each in programmes(work))


def only_planned(work: str) -> bool:
    return bool(programmes(work)) and happened(work) == NEVER


def is_look(work: str) -> bool:
    return kind(work) != "ScopingStudy" and not only_planned(work)


def programmes(work: str) -> set[str]:
    return {row["programme"] for row in TABLES["entries"] if row["inspection"] == work}


def begun(work: str, by: date) -> bool:
    first = lasted(work)[0] or lasted(work)[1]
    return first is None or first <= by


def seen(work: str, by: date) -> date | None:
    """The last day by then on which work is known to have looked at anything."""
    first, last = lasted(work)
    if (first, last) == NEVER or (first or last or by) > by:
        return None
    return min(last or by, by)


# The programme


ENTRY_ROWS = sorted(
    {
        row["id"]: row for row in TABLES["entries"] if row["programme"] == PROGRAMME
    }.values(),
    key=lambda row: int(row["position"]),
)
ENTRIES_BY_ID = {row["id"]: row["inspection"] for row in ENTRY_ROWS}
TIME = took_place("programmes", PROGRAMME)
START, END = TIME
AS_OF = min(
    date.fromisoformat(row["closing_date"])
    for row in TABLES["consultations"]
    if row["programme"] == PROGRAMME and row["closing_date"]
)


def within(work: str, time: Time) -> set[str]:
    """Work and those of its parts whose time, if it is known, meets another."""
    return {each for each in members(work) if each == work or meet(lasted(each), time)}


def planned(work: str) -> bool:
    here = set(ENTRIES_BY_ID.values())
    return any(work in members(each) for each in here) or bool(here & members(work))


HERE = {each for work in ENTRIES_BY_ID.values() for each in within(work, TIME)}


def stands_apart(work: str) -> bool:
    """Whether no entry holds any of it, and of what it is part of one holds some."""
    if members(work) & HERE:
        return False
    return all(members(each) & HERE for each in above(work)[:1])


def recent(work: str) -> bool:
    if only_planned(work):
        return meet(lasted(work), TIME)
    since = (years_before(AS_OF, YEARS), END)
    return happened(work) != NEVER and meet(happened(work), since)


RECENT = [work for work in WORKS if stands_apart(work) and recent(work)]


class Piece(NamedTuple):
    anchor: str
    work: str
    works: frozenset[str]
    time: Time


def entry_piece(entry: str, work: str) -> Piece:
    first, last = lasted(work)
    if not (kind(work) == "CoreProgramme" and last is None):
        due = [end for thing in (f"entry/{entry}", f"inspection/{work}")
               for _, (_, end) in expected(thing) if end]  # fmt: skip
        last = due[0] if due else END
    works = frozenset(within(work, TIME))
    return Piece(f"entry-{entry}", work, works, (first or START, last))


PLANNED = [entry_piece(entry, work) for entry, work in ENTRIES_BY_ID.items()]
KNOWN = [
    Piece(f"recent-{work}", work, frozenset(members(work)), lasted(work))
    for work in RECENT
]


# Points


def subject(one: Piece, other: Piece) -> int:
    here, there = about(one.works), about(other.works)
    if here & there - TOPS:
        return 4
    either = [*product(here, there), *product(there, here)]
    if any(wide in wider(narrow) - TOPS - {narrow} for narrow, wide in either):
        return 3
    shared = (wider(a) & wider(b) - TOPS - {a, b} for a, b in product(here, there))
    return 1 if any(shared) else 0


GROUPED = set(pairs("memberships", "member", "group"))


def agency(one: Piece, other: Piece) -> int:
    here, there = examines(one.works), examines(other.works)
    if here & there:
        return 3
    either = [*product(here, there), *product(there, here)]
    return 2 if any(pair in GROUPED for pair in either) else 0


def near(one: Time, other: Time) -> bool:
    def longer(time: Time) -> Time:
        if time[1] is None:
            return time
        return time[0], time[1].replace(year=time[1].year + 1) - timedelta(days=1)

    return meet(one, longer(other)) or meet(longer(one), other)


def points(one: Piece, other: Piece) -> tuple[int, int, int, int]:
    partners = len(conductors(one.works) & conductors(other.works))
    return (
        subject(one, other),
        agency(one, other),
        min(partners, 2),
        int(near(one.time, other.time)),
    )


def ancestors(work: str) -> set[str]:
    found: set[str] = set()
    new = {work}
    while new := {early for late, early in FOLLOWS if late in new} - found:
        found |= new
    return found


INFORMS = pairs("influences", "inspection", "source")
CITES = pairs("citations", "inspection", "thing")
FOUND = pairs("findings", "report", "inspection")


def related(one: Piece, other: Piece) -> bool:
    here, there = one.works, other.works
    told = {*FOLLOWS, *INFORMS}
    told |= {(work, found) for work, thing in CITES
             for report, found in FOUND if thing == f"report/{report}"}  # fmt: skip
    if any(pair in told for pair in (*product(here, there), *product(there, here))):
        return True
    if one.work in above(other.work) or other.work in above(one.work):
        return True
    if set(above(one.work)) & set(above(other.work)):
        return True
    older = {each: {each} | ancestors(each) for each in here | there}
    return any(older[a] & older[b] - ({a} & {b}) for a, b in product(here, there))


def kept(one: Piece, other: Piece) -> bool:
    scores = points(one, other)
    both = (
        meet(one.time, other.time) and meet(one.time, TIME) and meet(other.time, TIME)
    )
    in_common = scores[0] > 0 or (scores[1] > 0 and both)
    return in_common and sum(scores) >= LEAST


def nature(scores: tuple[int, ...]) -> str:
    if scores[0] == 4 and scores[1] and scores[3]:
        return "Duplicate"
    return "Overlap" if scores[0] else "Clash"


Couples = list[tuple[Piece, Piece]]
WITHIN: Couples = list(combinations(PLANNED, 2))
BEYOND: Couples = [
    (one, other)
    for one, other in product(PLANNED, KNOWN)
    if one.work not in above(other.work) and other.work not in above(one.work)
]


# The pack


@pytest.fixture(scope="module")
def pack() -> dict[str, Any]:
    made = consult.pack(record.read(open_store()), PROGRAMME)
    loaded: dict[str, Any] = json.loads(consult.write(made, "json"))
    return loaded


def rows(pack: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = [
        table["rows"]
        for section in pack["sections"]
        for table in section["tables"]
        if table["name"] == name
    ]
    [only] = found
    assert isinstance(only, list)
    return only


def slug(cell: Any) -> str:
    iri: str = cell["iri"]
    return iri.rpartition("/")[2]


def anchors(cells: list[dict[str, str]]) -> set[str]:
    return {cell["row"] for cell in cells}


def numbers(pack: dict[str, Any], section: str) -> list[str]:
    said = next(each["finding"] for each in pack["sections"] if each["name"] == section)
    plain = re.sub(
        r"\(.*?\)", "", said
    )  # without the names of gaps, which may have some
    return re.findall(r"\d+(?:\.\d+)?", plain)


def test_the_day_is_that_on_which_the_consultation_closes(pack: dict[str, Any]) -> None:
    assert pack["as_of"] == AS_OF.isoformat() == "2019-06-11"
    assert pack["options"] == {
        "as_of": None,
        "years": YEARS,
        "follow_up": FOLLOW_UP,
        "least": LEAST,
        "entries": ENTRIES,
    }


def test_the_entries(pack: dict[str, Any]) -> None:
    found = [(row["number"], slug(row["work"])) for row in rows(pack, "entries")]
    assert found == [(f"E{row['position']}", row["inspection"]) for row in ENTRY_ROWS]
    for row in rows(pack, "entries"):
        work = slug(row["work"])
        leads = {slug(body) for body in row["lead"]}
        assert {line(body) for body in leads} == roles(work, "isLedBy")
        assert {slug(theme) for theme in row["themes"]} == about(within(work, TIME))


def test_the_recent_record(pack: dict[str, Any]) -> None:
    assert {slug(row["work"]) for row in rows(pack, "recent")} == set(RECENT)
    assert [row["number"] for row in rows(pack, "recent")] == [
        f"R{number}" for number in range(1, len(RECENT) + 1)
    ]
    for row in rows(pack, "recent"):
        assert len(row["reports"]) == len(published(slug(row["work"])))
        assert all(each.rpartition(", ")[2][-4:].isdigit() for each in row["reports"])


@pytest.mark.parametrize(("name", "couples"), [("within", WITHIN), ("beyond", BEYOND)])
def test_pairs_that_may_overlap_and_their_points(
    pack: dict[str, Any], name: str, couples: Couples
) -> None:
    expected_ = {
        (one.anchor, other.anchor): (nature(points(one, other)), *points(one, other))
        for one, other in couples
        if kept(one, other) and not related(one, other)
    }
    found = {
        (row["one"]["row"], row["other"]["row"]): (
            row["nature"], row["subject"], row["agency"], row["partners"], row["time"]
        )
        for row in rows(pack, name)
    }  # fmt: skip
    assert found == expected_
    totals = [row["points"] for row in rows(pack, name)]
    assert totals == sorted(totals, reverse=True)
    for row in rows(pack, name):
        parts = (row["subject"], row["agency"], row["partners"], row["time"])
        assert row["points"] == sum(parts)


def test_pairs_that_sources_relate(pack: dict[str, Any]) -> None:
    expected_ = {
        (one.anchor, other.anchor): sum(points(one, other))
        for one, other in (*WITHIN, *BEYOND)
        if related(one, other)
    }
    assert {
        (row["one"]["row"], row["other"]["row"]): row["points"]
        for row in rows(pack, "related")
    } == expected_


def test_the_summary_of_overlaps(pack: dict[str, Any]) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for name in ("within", "beyond"):
        found.update((name, row["nature"]) for row in rows(pack, name))
    expected_ = [
        str(found[name, one])
        for name in ("within", "beyond")
        for one in ("Duplicate", "Overlap", "Clash")
        if found[name, one]
    ]
    assert numbers(pack, "overlap") == [*expected_, str(len(rows(pack, "related")))]


# Gaps


def stand_for(agency_: str) -> set[str]:
    """The bodies whose examination is one of an agency: former ones, and groups."""
    same = {row["id"] for row in TABLES["bodies"] if line(row["id"]) == agency_}
    kinds = {row["id"]: row["kind"] for row in TABLES["bodies"]}
    groups_ = {group for member, group in GROUPED
               if member in same and kinds[group] in AGENCY_KINDS}  # fmt: skip
    return same | groups_


AGENCY_KINDS = {"Agency", "AgencyGroup", "PoliceForce"}


def looks(kind_: str, thing: str) -> set[str]:
    """The work that covers something; for processes and issues, whole pieces."""
    if kind_ == "agency":
        return {work for work, body in EXAMINES if body in stand_for(thing)}
    on = {work for work, theme in ABOUT if thing in wider(theme)}
    if kind_ == "theme":
        return {work for work in on if not on & set(above(work))}
    return {(above(work) or [work])[-1] for work in on}


class Cover(NamedTuple):
    entries: set[str]
    scoping: set[str]
    years: int | None
    going_on: int
    gap: bool


def cover(kind_: str, thing: str) -> Cover | None:
    found = looks(kind_, thing)
    end = END or AS_OF
    if found and not any(planned(work) or begun(work, end) for work in found):
        return None
    here = {
        piece.anchor: piece.work
        for piece in PLANNED
        if (
            bool(stand_for(thing) & examines(piece.works))
            if kind_ == "agency"
            else any(thing in wider(theme) for theme in about(piece.works))
        )
    }
    entries = {anchor for anchor, work in here.items() if kind(work) != "ScopingStudy"}
    days = [day for work in found if is_look(work) and (day := seen(work, AS_OF))]
    years = age(max(days), AS_OF) if days else None
    going_on = sum(day == AS_OF for day in days)
    gap = not entries and not going_on and (years is None or years >= YEARS)
    return Cover(entries, set(here) - entries, years, going_on, gap)


def agencies() -> list[str]:
    found = {row["id"] for row in TABLES["bodies"] if row["kind"] in AGENCY_KINDS}
    return sorted(each for each in found if line(each) == each)


SUBJECTS = sorted(set(KINDS) - TOPS)


def covers(kind_: str, things: Iterable[str]) -> Iterator[tuple[str, Cover]]:
    for thing in things:
        if (found := cover(kind_, thing)) is not None:
            yield thing, found


@pytest.mark.parametrize(
    ("name", "kind_", "things"),
    [("subjects", "theme", SUBJECTS), ("agencies", "agency", agencies())],
)
def test_what_is_not_looked_at(
    pack: dict[str, Any], name: str, kind_: str, things: list[str]
) -> None:
    expected_ = {
        thing: (found.scoping, found.years)
        for thing, found in covers(kind_, things)
        if found.gap
    }
    assert {
        slug(row["thing"]): (anchors(row["scoping"]), row["years"])
        for row in rows(pack, name)
    } == expected_


def test_processes_and_issues(pack: dict[str, Any]) -> None:
    for row in rows(pack, "stages"):
        thing = slug(row["thing"])
        found = cover("process", thing)
        assert found is not None
        assert anchors(row["entries"]) == found.entries
        assert anchors(row["scoping"]) == found.scoping
        assert row["years"] == found.years
        assert row["gap"] == ("yes" if found.gap else "no")
        if found.going_on > 1:
            assert row["look"] == f"{found.going_on} pieces of work"
    assert {slug(row["thing"]) for row in rows(pack, "stages")} == TOPS


def followed(work: str, by: date) -> bool:
    inside = members(work)
    return any(
        early in inside and late not in inside and (planned(late) or begun(late, by))
        for late, early in FOLLOWS
    )


def waiting() -> dict[str, int]:
    found = {}
    first, last = years_before(AS_OF, YEARS), years_before(AS_OF, FOLLOW_UP)
    for work in WORKS:
        out = published(work)
        if work in WHOLE or kind(work) == "CoreProgramme" or not out:
            continue
        day = out[0][0][1]
        assert day is not None
        if first <= day < last and not followed(work, END or AS_OF):
            found[work] = age(day, AS_OF)
    return found


def test_reports_without_a_follow_up(pack: dict[str, Any]) -> None:
    assert {
        slug(row["work"]): row["years"] for row in rows(pack, "unfollowed")
    } == waiting()
    counts = pairs("recommendation_counts", "report", "recommendation_count")
    for row in rows(pack, "unfollowed"):
        own = [
            count for report, count in counts if report in reports(slug(row["work"]))
        ]
        assert sorted(row["recommendations"]) == sorted(own)


def lies_within(time: Time, whole: Time) -> bool:
    (first, last), (start, end) = time, whole
    if not (first and last and start and end):
        return False
    return start <= first and last <= end


def left_out() -> set[str]:
    found = set()
    for piece in KNOWN:
        stated = took_place("inspections", piece.work)
        times = [took_place("programmes", each) for each in programmes(piece.work)]
        times = [stated] if stated != NEVER else times
        if any(lies_within(time, TIME) for time in times):
            found.add(piece.work)
    return found


def test_work_that_is_announced_and_no_entry(pack: dict[str, Any]) -> None:
    assert {slug(row["work"]) for row in rows(pack, "unplanned")} == left_out()


def test_what_named_sources_call_for(pack: dict[str, Any]) -> None:
    expected_: dict[str, set[str]] = defaultdict(set)
    for piece in PLANNED:
        for work, thing in CITES:
            if work in piece.works and not thing.startswith("report/"):
                expected_[thing].add(piece.anchor)
        for row in TABLES["milestones"]:
            of = row["thing"].removeprefix("inspection/")
            first = bounds(row["took_place_during"])[0]
            is_study = of == piece.work and kind(of) == "ScopingStudy"
            if is_study and first and END and first > END:
                expected_[f"milestone/{row['id']}"].add(piece.anchor)
    found = {row["source"]["iri"].removeprefix(ID): row for row in rows(pack, "calls")}
    assert {thing: anchors(row["answers"]) for thing, row in found.items()} == expected_
    works = {piece.anchor: piece.work for piece in PLANNED}
    for thing, row in found.items():
        only = all(kind(works[each]) == "ScopingStudy" for each in expected_[thing])
        assert row["scoped"] == ("yes" if only else "no")


def unfinished() -> set[tuple[str, str]]:
    found = set()
    for work in WORKS:
        last = lasted(work)[1]
        came = [late for late, early in FOLLOWS
                if early == work and kind(late) != "ScopingStudy"
                and begun(late, END or AS_OF)]  # fmt: skip
        over = last is not None and last < AS_OF
        if kind(work) == "ScopingStudy" and over and not planned(work) and not came:
            found.add((work, "Scoped, and no inspection on record"))
    plans = {f"entry/{row['id']}": row["inspection"] for row in TABLES["entries"]}
    for row in TABLES["expectations"]:
        thing = row["thing"]
        work = plans.get(thing, thing.removeprefix("inspection/"))
        due = max((end for _, (_, end) in expected(thing) if end), default=None)
        out = any(first and first <= AS_OF for (first, _), _ in published(work))
        if work in WORKS and due and due < AS_OF and not out:
            found.add((work, "Expected, and no report on record"))
    return found


def test_what_was_begun_and_not_finished(pack: dict[str, Any]) -> None:
    rows_ = rows(pack, "unfinished")
    assert {(slug(row["work"]), row["what"]) for row in rows_} == unfinished()


def test_the_summary_of_gaps(pack: dict[str, Any]) -> None:
    subjects = dict(covers("theme", SUBJECTS))
    bodies = dict(covers("agency", agencies()))
    missed = [found for found in subjects.values() if found.gap]
    unseen = [found for found in bodies.values() if found.gap]
    assert numbers(pack, "gaps") == list(map(str, [
        YEARS, len(missed), len(subjects), sum(bool(each.scoping) for each in missed),
        len(unseen), len(bodies), len(waiting()), len(left_out()),
    ]))  # fmt: skip


# Balance


class Sorted(NamedTuple):
    work: str
    works: frozenset[str]
    standing: str | None


def sorted_(row: dict[str, str], time: Time) -> Sorted:
    work = row["inspection"]
    return Sorted(work, frozenset(within(work, time)), row["standing"] or None)


def groups() -> dict[str, list[Sorted]]:
    made = {
        "programme": [sorted_(row, TIME) for row in ENTRY_ROWS],
        "recent": [Sorted(piece.work, piece.works, None) for piece in KNOWN],
    }
    for programme in sorted({row["id"] for row in TABLES["programmes"]}):
        time = took_place("programmes", programme)
        entries = {row["id"]: row for row in TABLES["entries"]
                   if row["programme"] == programme}  # fmt: skip
        if time[0] and START and time[0] < START and len(entries) >= ENTRIES:
            made[programme] = [sorted_(row, time) for row in entries.values()]
    return made


GROUPS = groups()


def under(piece: Sorted, name: str) -> set[str]:
    tops = {"process": "BusinessProcess", "issue": "CrossCuttingIssue"}
    if name in tops:
        up = {wide for theme in about(piece.works) for wide in wider(theme)}
        return {each for each in up if KINDS[each] == tops[name]}
    if name == "standing":
        return {piece.standing} if piece.standing else set()
    if name == "kind":
        return {kind(piece.work)}
    if name == "part":
        return conductors(piece.works)
    if name == "agency":
        return examines(piece.works)
    return roles(piece.work, {"lead": "isLedBy", "support": "isSupportedBy"}[name])


def is_said(piece: Sorted, name: str) -> bool:
    if name in ("process", "issue", "kind"):
        return True
    if name in ("lead", "support"):
        return bool(roles(piece.work, "isLedBy", "isSupportedBy"))
    return bool(under(piece, name))


HEADINGS = ("process", "issue", "standing", "kind", "lead", "support", "part", "agency")


def evenness(counts: Iterable[int]) -> float | None:
    shares = [count for count in counts if count]
    total = sum(shares)
    return round(1 / sum((each / total) ** 2 for each in shares), 2) if total else None


def tally(name: str, group: str) -> Counter[str]:
    return Counter(heading for piece in GROUPS[group] for heading in under(piece, name))


def said(name: str, group: str) -> int:
    return sum(is_said(piece, name) for piece in GROUPS[group])


def heading(cell: Any) -> str:
    """The last part of a thing's IRI, or the class whose words a heading is."""
    if isinstance(cell, str):
        words = cell.replace("-", " ").split()
        return "".join(word.capitalize() for word in words)
    return slug(cell)


@pytest.mark.parametrize("name", HEADINGS)
def test_how_the_programme_is_spread(pack: dict[str, Any], name: str) -> None:
    *lines, last = rows(pack, name)
    for group in GROUPS:
        counts, size = tally(name, group), said(name, group)
        assert {
            heading(row["heading"]): row[group] for row in lines if row[group]
        } == counts
        assert last[group] == size
        for row in lines:
            share = round(row[group] / size, 4) if size else None
            assert row[f"{group}_share"] == share
    for row in lines:
        assert len(row["which"]) == row["programme"] + row["recent"]


def test_how_many_pieces_are_compared(pack: dict[str, Any]) -> None:
    found = [row["pieces"] for row in rows(pack, "groups")]
    assert sorted(found) == sorted(len(pieces) for pieces in GROUPS.values())
    assert found[:2] == [len(ENTRY_ROWS), len(RECENT)]


def test_evenness(pack: dict[str, Any]) -> None:
    for name, row in zip(HEADINGS, rows(pack, "evenness"), strict=True):
        assert row["headings"] == len(rows(pack, name)) - 1
        for group in GROUPS:
            assert row[group] == evenness(tally(name, group).values())


def test_the_summaries_of_the_programme_and_its_balance(pack: dict[str, Any]) -> None:
    standings = tally("standing", "programme")
    assert sorted(numbers(pack, "glance"), key=int) == sorted(
        map(str, [len(ENTRY_ROWS), *standings.values()]), key=int
    )
    processes = tally("process", "programme")
    every = sorted((processes[top] for top in TOPS if KINDS[top] == "BusinessProcess"),
                   reverse=True)  # fmt: skip
    assert numbers(pack, "balance") == list(map(str, [
        len(ENTRY_ROWS), *every, evenness(processes.values()), len(every),
        evenness(tally("process", "recent").values()),
    ]))  # fmt: skip


# What a reader sees


def test_the_page_shows_the_figures_of_the_data(pack: dict[str, Any]) -> None:
    """Every number in a cell of the data stands in the same cell of the page."""
    made = consult.pack(record.read(open_store()), PROGRAMME)
    page = consult.write(made, "html").decode()
    for section in pack["sections"]:
        for table in section["tables"]:
            shown = shown_rows(page, table["name"])
            assert len(shown) == len(table["rows"])
            for row, cells in zip(table["rows"], shown, strict=True):
                for column, cell in zip(table["columns"], cells, strict=False):
                    value = row[column["name"]]
                    if isinstance(value, (int, float)):
                        assert cell == as_shown(value, column["form"])


def as_shown(value: float, form: str) -> str:
    return f"{value * 100:.0f}%" if form == "share" else str(value)


def shown_rows(page: str, name: str) -> list[list[str]]:
    start = page.index(f'<h3 id="{name}">')
    part = page[start : page.index("</section>", start)]
    body = re.search(r"<tbody.*?</tbody>", part, re.DOTALL)
    lines = re.findall(r"<tr.*?</tr>", body[0], re.DOTALL) if body else []
    return [
        [re.sub(r"<[^>]+>", "", cell).strip()
         for cell in re.findall(r"<(?:td|th)\b.*?</(?:td|th)>", line_, re.DOTALL)]
        for line_ in lines
    ]  # fmt: skip
