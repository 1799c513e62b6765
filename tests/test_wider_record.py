"""Nothing of the wider record is lost: each of its cells is in the data, or left out.

The record is five tables of facts with the pages that show them, in the folder
`shared/record` beside the checkout. `fixtures/record/cells.csv` says of each cell that
holds something which row of `data/` it went into, or for which reason of `reasons.csv`
it was left out; `words.csv` says what a word of the record stands for here. Run this
file as a script to see the accounts.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import QuerySolutions

from cjigraph import vocab
from cjigraph.schemas import read_schema
from cjigraph.store import build, open_store
from cjigraph.tables import METADATA, read_sources, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
FIXTURES = Path(__file__).parent / "fixtures" / "record"
SHARED = Path(os.environ.get("CJIGRAPH_SHARED", ROOT.parent / "shared"))
RECORD = SHARED / "record"
FIRST, WIDER = "consultation-2019-20", "wider-record"

needs_record = pytest.mark.skipif(
    not RECORD.is_dir(), reason=f"needs the record at {RECORD}"
)

KEYS = {
    "inspections": "{id}",
    "lineage": "{earlier_id} {relation} {later_id}",
    "lineage_candidates": "{earlier_id} {relation} {later_id}",
    "plan_items": "{plan_id}: {item_title}",
    "plans": "{plan_id}",
}
"""The tables of the record, and what a row of each is called in the accounts."""

Place = tuple[str, str]
Cells = dict[str, str]


class Line(NamedTuple):
    """One line of the accounts; of the place and the reason, one is empty."""

    table: str
    row: str
    cell: str
    place: str
    key: str
    reason: str

    @property
    def of(self) -> tuple[str, str, str]:
        return self.table, self.row, self.cell

    @property
    def to(self) -> Place:
        return self.place, self.key


def read(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".tsv":
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            rows = csv.DictReader(file)
        return [dict(row) for row in rows]


@cache
def record(table: str) -> dict[str, Cells]:
    rows = read(RECORD / f"{table}.tsv")
    return {KEYS[table].format(**row): row for row in rows}


LINES = [Line(**row) for row in read(FIXTURES / "cells.csv")]
REASONS = {row["reason"]: row["meaning"] for row in read(FIXTURES / "reasons.csv")}
MEANS: dict[tuple[str, str], set[str]] = defaultdict(set)
for word in read(FIXTURES / "words.csv"):
    MEANS[word["cell"], word["said"]].add(word["means"])


@cache
def rows(folder: str, table: str) -> dict[str, Cells]:
    """The rows of a table of `data/` by their primary keys."""
    path = DATA / folder / f"{table}.csv"
    schema = DATA / "schema" / f"{table}.json"
    beside = path.with_suffix(".json")
    known = read_schema(schema if schema.is_file() else beside)
    return {
        "|".join(row[name] for name in known.primary_key): row for row in read(path)
    }


def row_at(place: Place) -> Cells:
    folder, table = place[0].split("/")
    return rows(folder, table)[place[1]]


def both(table: str) -> dict[str, Cells]:
    """The rows of a table in either source; what both say stands once."""
    return {
        key: row
        for folder in (FIRST, WIDER)
        if (DATA / folder / f"{table}.csv").is_file()
        for key, row in rows(folder, table).items()
    }


def of_cell() -> dict[tuple[str, str, str], list[Line]]:
    lines = defaultdict(list)
    for line in LINES:
        lines[line.of].append(line)
    return lines


def accounts() -> str:
    """How many lines of each table are in, and out by which reason."""
    said = []
    for table in KEYS:
        cells = {line.of for line in LINES if line.table == table}
        kept = {line.of for line in LINES if line.table == table and line.place}
        said.append(f"{table}: {len(cells)} cells, {len(kept)} of them in the data")
        why = Counter(line.reason for line in LINES if line.table == table)
        said += [
            f"  {count:4} left out in whole or part: {reason}, {REASONS[reason]}"
            for reason, count in sorted(why.items())
            if reason
        ]
    return "\n".join(said) + "\n"


class TestAccounts:
    """What the fixtures say of themselves and of the data."""

    def test_they_are_sorted_and_say_nothing_twice(self) -> None:
        assert sorted(set(LINES)) == LINES

    def test_a_line_names_a_place_or_a_reason(self) -> None:
        for line in LINES:
            assert bool(line.place) != bool(line.reason), line
            assert bool(line.place) == bool(line.key), line

    def test_every_reason_has_a_meaning_and_is_given(self) -> None:
        assert {line.reason for line in LINES} - {""} == set(REASONS)

    def test_every_place_is_a_row_of_the_data(self) -> None:
        for line in LINES:
            if line.place:
                assert row_at(line.to), line

    def test_they_can_be_printed(self) -> None:
        said = accounts()
        for each in (*KEYS, *REASONS):
            assert each in said

    def test_their_sums_are_known(self) -> None:
        assert Counter(table for table, _, _ in of_cell()) == {
            "inspections": 1244,
            "lineage": 261,
            "lineage_candidates": 108,
            "plan_items": 129,
            "plans": 111,
        }
        left_out = [
            lines for lines in of_cell().values() if all(line.reason for line in lines)
        ]
        assert len(left_out) == 166


@needs_record
class TestCells:
    """What the record says, against the accounts and against the data."""

    def test_every_one_is_accounted_for(self) -> None:
        full = {
            (table, name, cell)
            for table in KEYS
            for name, row in record(table).items()
            for cell, said in row.items()
            if said
        }
        assert {line.of for line in LINES} == full

    def test_no_two_rows_have_one_name(self) -> None:
        for table in KEYS:
            lines = (RECORD / f"{table}.tsv").read_text("utf-8").splitlines()
            assert len(record(table)) == len(lines) - 1

    def test_what_no_page_shows_is_left_out(self) -> None:
        lines = of_cell()
        for name, row in record("inspections").items():
            for cell, why in unverified(row):
                for line in lines["inspections", name, cell] if row[cell] else ():
                    if why == "seed":
                        assert line.place.startswith(FIRST), line
                    else:
                        assert line.reason == "unverified", line

    def test_nothing_else_is_left_out_as_unverified(self) -> None:
        for line in LINES:
            if line.reason == "unverified" and line.cell != "note":
                row = record(line.table)[line.row]
                assert line.cell in dict(unverified(row)), line

    def test_a_title_that_no_page_shows_is_no_title(self) -> None:
        titles = {plain(row["title"]) for row in both("reports").values()}
        for row in record("inspections").values():
            if dict(unverified(row)).get("title", "seed") != "seed":
                assert plain(row["title"]) not in titles

    def test_a_body_that_is_only_thought_to_lead_is_not_said_to(self) -> None:
        for name, row in record("inspections").items():
            thing = thing_of(name)
            if dict(unverified(row)).get("lead", "seed") != "seed":
                led = [
                    each
                    for each in rows(WIDER, "participations").values()
                    if (each["inspection"], each["role"]) == (thing, "isLedBy")
                ]
                assert not led, name

    def test_what_the_consultation_says_is_not_said_again(self) -> None:
        for table in KEYS:
            for line in LINES:
                row = record(table).get(line.row, {}) if line.table == table else {}
                if row.get("evidence") == "seed" and line.place:
                    assert line.place.startswith(FIRST), line

    def test_what_a_page_shows_is_of_the_wider_record(self) -> None:
        for line in LINES:
            if line.cell == "evidence" and record(line.table)[line.row][
                "evidence"
            ] not in ("seed", "memory"):
                assert line.place.startswith(WIDER), line

    @pytest.mark.parametrize(
        "cell", ["evidence_url", "report_url", "source_url", "url"]
    )
    def test_each_address_is_that_of_a_document(self, cell: str) -> None:
        for said, places, held in kept(cell):
            if "seed" in said:
                assert all(place[0].startswith(FIRST) for place in places), said
                continue
            for each in said.split():
                found = {address(row.get("address", "")) for row in held}
                assert address(each) in found, each

    @pytest.mark.parametrize("cell", ["lead", "others", "participants"])
    def test_each_body_is_named(self, cell: str) -> None:
        for said, places, held in kept(cell):
            for name in said.split(";"):
                (body,) = MEANS["body", name.strip()]
                assert any(
                    body in (row.get("body"), row.get("publisher"))
                    or name.strip() in row.get("description", "")
                    for row in held
                ), (said, places)

    def test_each_date_is_as_exact_as_it_was(self) -> None:
        for said, places, held in kept("published"):
            dates = {text for row in held for text in row.values()}
            dates |= {text.partition("/")[0] for text in dates}
            assert said in dates, places

    def test_each_theme_is_a_subject(self) -> None:
        for said, places, held in kept("theme"):
            for name in said.split(";"):
                assert any(
                    MEANS["theme", name.strip()]
                    & {text for each in row.values() for text in (each, slug(each))}
                    for row in held
                ), (name, places)

    def test_each_title_of_a_report_is_kept_to_the_letter(self) -> None:
        for said, places, held in kept("title"):
            titles = {plain(row["title"]) for row in held if "address" in row}
            assert not titles or plain(said) in titles, places

    @pytest.mark.parametrize("cell", ["item_title", "title"])
    def test_each_label_of_ours_can_be_known_by_its_words(self, cell: str) -> None:
        for said, places, held in kept(cell):
            texts = " ".join(plain(text) for row in held for text in row.values())
            name = plain(said.partition(" (")[0])
            long = [word for word in name.split() if len(word) > 3]
            shared = [word for word in long if word in texts]
            assert 2 * len(shared) >= len(long), places

    def test_each_type_is_a_kind_of_inspection(self) -> None:
        for said, places, held in kept("type"):
            assert {row["kind"] for row in held} == MEANS["type", said], places

    def test_one_piece_of_work_is_one_thing(self) -> None:
        things = {
            (line.row, line.key)
            for line in LINES
            if (line.table, line.cell) == ("inspections", "id")
        }
        assert len(record("inspections")) == len(things) == 116
        assert len({thing for _, thing in things}) == 116

    @pytest.mark.parametrize("table", ["lineage", "lineage_candidates"])
    def test_what_follows_what_is_between_those_things(self, table: str) -> None:
        for line in LINES:
            if line.table == table and line.place.endswith("/lineage"):
                said, made = record(table)[line.row], row_at(line.to)
                if line.cell not in ("note", "source_url"):
                    assert {made["relation"]} == MEANS["relation", said["relation"]]
                    assert made["later"] == thing_of(said["later_id"])
                    if said["relation"] != "plannedIn":
                        earlier = f"inspection/{thing_of(said['earlier_id'])}"
                        assert made["earlier"] == earlier


def unverified(row: Cells) -> Iterator[tuple[str, str]]:
    for each in filter(None, row["unverified_cells"].split(";")):
        cell, _, why = each.partition("=")
        yield cell, why


def thing_of(name: str) -> str:
    """What a row of the record's inspections is called here."""
    own = of_cell().get(("inspections", name, "id"))
    return own[0].key if own else name


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def address(text: str) -> str:
    text = re.sub(r"/+", "/", re.sub(r"^https?://", "", text.lower()))
    return text.rstrip("/")


def slug(place: str) -> str:
    return place.rpartition("/")[2]


def kept(cell: str) -> Iterator[tuple[str, list[Place], list[Cells]]]:
    """What each cell of a name says, the places it went to, and what stands there."""
    for (table, name, each), lines in of_cell().items():
        places = [line.to for line in lines if line.place]
        if each == cell and places:
            held = [row_at(place) for place in places]
            yield record(table)[name][cell], places, held


class TestCandidates:
    """Guesses, which are kept apart from facts."""

    def test_there_are_twenty_two(self) -> None:
        assert len(guesses()) == 22

    def test_one_that_is_decided_says_when(self) -> None:
        for row in guesses():
            assert bool(row["decided"]) == (row["status"] != "proposed"), row

    def test_they_keep_their_schema(self) -> None:
        folder = DATA / "candidates"
        table = read_table(folder / "lineage.csv", read_schema(folder / "lineage.json"))
        assert len(table.rows) == len(guesses())

    def test_their_metadata_can_be_read_by_anybody(self) -> None:
        said = json.loads((DATA / "candidates" / METADATA).read_text("utf-8"))
        assert said["@id"] == vocab.BASE + "graph/candidates"
        for table in said["tables"]:
            assert (DATA / "candidates" / table["url"]).is_file()
            assert (DATA / "candidates" / table["tableSchema"]).is_file()

    def test_a_source_says_those_that_are_accepted_and_no_others(self) -> None:
        for row in guesses():
            key = f"{row['later']}|{row['relation']}|{row['earlier']}"
            assert (key in both("lineage")) == (row["status"] == "accepted"), key

    def test_they_are_no_source(self) -> None:
        assert [source.slug for source in read_sources(DATA)] == [FIRST, WIDER]

    def test_the_graph_says_none_that_is_not_accepted(self, graph: Store) -> None:
        for row in guesses():
            later, earlier = f"inspection/{row['later']}", row["earlier"]
            said = f"<{vocab.ID}{later}> cji:{row['relation']} <{vocab.ID}{earlier}>"
            assert row["status"] == "accepted" or not ask(graph, said), row

    def test_they_are_between_things_that_are_known_but_for_two(self) -> None:
        known = {f"inspection/{each}" for each in both("inspections")}
        named = {f"inspection/{row['later']}" for row in guesses()}
        named |= {row["earlier"] for row in guesses()}
        assert named - known == {
            "inspection/rape-2007",
            "inspection/violence-at-home-2004",
        }


def guesses() -> list[Cells]:
    return read(DATA / "candidates" / "lineage.csv")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The dataset, built once."""
    path = tmp_path_factory.mktemp("built") / "graph.nq"
    build(ROOT / "ontology", DATA, path)
    return open_store(path)


def with_prefixes(text: str) -> str:
    prefixes = (f"PREFIX {name}: <{iri}>\n" for name, iri in vocab.PREFIXES.items())
    return "".join(prefixes) + text


def ask(graph: Store, pattern: str) -> bool:
    return bool(graph.query(with_prefixes(f"ASK {{ {pattern} }}")))


def column(graph: Store, pattern: str) -> list[str]:
    """What `?x` may be, each once, by the last part of its IRI or as it is written."""
    text = with_prefixes(f"SELECT DISTINCT ?x WHERE {{ {pattern} }} ORDER BY STR(?x)")
    return [slug(row["x"].value) for row in select(graph, text)]


def select(graph: Store, text: str) -> QuerySolutions:
    rows = graph.query(text)
    assert isinstance(rows, QuerySolutions)
    return rows


class TestAnchors:
    """Counted by hand from the record and the consultation."""

    def test_there_are_a_hundred_and_twenty_four_inspections(
        self, graph: Store
    ) -> None:
        # 41 of the consultation; 113 of the record's 116 rows are inspections, of which
        # 34 are among those 41; and 4 pieces of work that a plan names and no row.
        assert len(rows(FIRST, "inspections")) == 41
        assert len(both("inspections")) == 41 + 113 - 34 + 4 == 124
        assert len(column(graph, "?x a cji:Inspection")) == 124

    def test_eighty_eight_of_ninety_nine_reports_have_a_date(
        self, graph: Store
    ) -> None:
        assert len(column(graph, "?x a cji:Report")) == 99
        assert len(column(graph, "?x a cji:Report ; dcterms:issued ?day")) == 88

    def test_a_report_with_a_date_has_one_on_which_the_graph_settles(
        self, graph: Store
    ) -> None:
        pattern = "?x cji:settledDate ?day"
        dated = column(graph, "?x a cji:Report ; dcterms:issued ?day")
        assert column(graph, pattern) == dated
        days = with_prefixes(f"SELECT ?x ?day WHERE {{ {pattern} }}")
        assert len(list(select(graph, days))) == len(dated)

    @pytest.mark.parametrize(
        ("report", "day"),
        [
            # The later of two official documents.
            ("stalking-and-harassment-sussex", "2019-04-10"),
            ("out-of-court-disposal-work", "2018-03-29"),
            # What was only expected for the next day does not count.
            ("making-it-fair", "2017-07-17"),
            # An official month goes before a newspaper's day.
            ("stolen-freedom", "2017-09"),
            # The inspectorate that led goes before the one that helped.
            ("pre-charge-bail-and-released-under-investigation", "2020-12-08"),
            # A month that a day bears out gives way to it.
            ("social-care-in-prisons-in-england-and-wales", "2018-10-16"),
        ],
    )
    def test_the_best_date_follows_the_rule(
        self, graph: Store, report: str, day: str
    ) -> None:
        assert column(graph, f"<{vocab.ID}report/{report}> cji:settledDate ?x") == [day]

    def test_thirty_three_statements_say_what_follows_what(self) -> None:
        # 29 of the record, of which 6 are the consultation's too; 10 of the latter.
        assert len(rows(WIDER, "lineage")) == 29
        assert len(rows(FIRST, "lineage")) == 10
        assert len(both("lineage")) == 29 + 10 - 6 == 33

    def test_forty_three_forces_have_an_area_each_which_is_another_thing(
        self, graph: Store
    ) -> None:
        forces = column(graph, "?x a cji:PoliceForce ; org:memberOf body:police-forces")
        areas = column(graph, "?f org:memberOf body:police-forces ; dcterms:spatial ?x")
        assert len(forces) == len(areas) == 43
        assert not ask(graph, "?x a cji:PoliceForce, cji:Place")

    @pytest.mark.parametrize(
        ("later", "relation", "earlier"),
        [
            ("disability-hate-crime-2015", "followsUp", "disability-hate-crime-2013"),
            ("disability-hate-crime-2018", "followsUp", "disability-hate-crime-2015"),
            (
                "integrated-offender-management-2019",
                "succeeds",
                "integrated-offender-management-2014",
            ),
            ("rape-phase-2-2022", "continues", "rape-phase-1-2021"),
            (
                "multi-agency-public-protection-arrangements-2015",
                "followsUp",
                "multi-agency-public-protection-arrangements-2011",
            ),
            (
                "multi-agency-public-protection-arrangements-2022",
                "succeeds",
                "multi-agency-public-protection-arrangements-2015",
            ),
            ("sexual-offenders-2010", "succeeds", "sexual-offenders-2005"),
            (
                "men-convicted-of-sexual-offences-2019",
                "succeeds",
                "sexual-offenders-2010",
            ),
            (
                "disclosure-of-unused-material-2020",
                "followsUp",
                "disclosure-of-unused-material-2017",
            ),
            (
                "disclosure-of-unused-material-follow-up-2020",
                "followsUp",
                "disclosure-of-unused-material-2020",
            ),
            ("electronic-monitoring-2012", "followsUp", "electronic-monitoring-2008"),
            ("electronic-monitoring-2022", "succeeds", "electronic-monitoring-2012"),
            ("mental-health-2021", "succeeds", "offenders-with-mental-disorders-2009"),
        ],
    )
    def test_one_follows_the_other(
        self, graph: Store, later: str, relation: str, earlier: str
    ) -> None:
        assert ask(graph, f"inspection:{later} cji:{relation} inspection:{earlier}")
        assert ask(graph, f"inspection:{later} cji:follows inspection:{earlier}")

    def test_what_was_scoped_in_2019_is_not_said_to_have_led_anywhere(
        self, graph: Store
    ) -> None:
        scoped = "inspection:mental-health-scoping-2019"
        assert not ask(graph, f"?later cji:descendsFrom {scoped}")

    def test_the_work_of_2019_has_its_report_of_2020(self, graph: Store) -> None:
        told = "?x cji:reportsOn inspection:integrated-offender-management-2019"
        assert column(graph, f"{told} ; cji:settledDate ?day") == [
            "integrated-offender-management-2020"
        ]


if __name__ == "__main__":
    sys.stdout.write(accounts())
