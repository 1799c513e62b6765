"""Coverage, on a small graph written by hand: `fixtures/work.trig`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from cjigraph import coverage, record, vocab
from cjigraph.errors import InputError

if TYPE_CHECKING:
    from cjigraph.record import Record

WORK = Path(__file__).parent / "fixtures" / "work.trig"
DAY = date(2020, 6, 30)


def read(more: str = "") -> Record:
    store = Store()
    store.load(path=WORK, format=RdfFormat.TRIG)
    prefixes = "".join(f"PREFIX {p}: <{n}>\n" for p, n in vocab.PREFIXES.items())
    store.load(prefixes + more, RdfFormat.TRIG)
    for quad in list(store):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return record.read(store)


@pytest.fixture(scope="module")
def work() -> Record:
    return read()


def line(record_: Record, kind: str, thing: str, day: date = DAY) -> dict[str, Any]:
    table = coverage.when(record_, kind, day)
    return next(each for each in table.records() if each[kind] == thing)


def test_a_theme_is_covered_by_what_is_about_it_or_a_theme_within(work: Record) -> None:
    narrow = line(work, "theme", "Narrow")
    assert (narrow["times"], narrow["first"], narrow["last"]) == (3, 2010, 2017)
    assert narrow["works"] == ("First", "Second", "Pair, one")
    assert narrow["by"] == ("NEW", "OLD", "OTHER")
    assert "Rolling" in line(work, "theme", "Wide")["works"]
    assert line(work, "theme", "Wide")["running"] is True


def test_a_process_and_an_issue_are_covered_by_what_hangs_under_them(
    work: Record,
) -> None:
    process = line(work, "process", "Process")
    assert process["works"] == (
        "First", "Second", "Rolling", "Pair", "Late", "Visits"
    )  # fmt: skip
    assert process["times"] == 6
    assert line(work, "process", "Other process")["times"] == 0
    assert line(work, "issue", "Issue")["times"] == 3


def test_an_agency_is_covered_by_what_examines_it(work: Record) -> None:
    assert line(work, "agency", "Forces")["works"] == ("Rolling",)
    assert line(work, "agency", "Court")["last"] is None


def test_who_looks_at_a_group_looks_at_each_of_its_members(work: Record) -> None:
    force = line(work, "agency", "A force")
    assert force["works"] == ("First", "Rolling", "Visits")


def test_who_looked_at_a_body_looked_at_the_one_that_took_over_from_it() -> None:
    more = """GRAPH passage:one { body:tribunal a cji:Agency ; rdfs:label "Tribunal" ;
        dcterms:replaces body:court . inspection:first cji:examines body:court }"""
    after = read(more)
    assert line(after, "agency", "Tribunal")["works"] == ("First",)
    names = [each["agency"] for each in coverage.when(after, "agency").records()]
    assert "Court" not in names


def test_what_is_only_planned_is_no_look(work: Record) -> None:
    narrow = line(work, "theme", "Narrow")
    assert narrow["planned"] == ("Third",)
    assert "Third" not in narrow["works"]


def test_a_scoping_study_is_no_look(work: Record) -> None:
    near = line(work, "theme", "Near")
    assert near["works"] == ("Visit to court",)
    assert near["scoped"] == ("Study",)


def test_years_since_the_last_look_are_whole_years(work: Record) -> None:
    ended = read("inspection:rolling cji:tookPlaceTo '2018-07-01'^^xsd:date .")
    forces = line(ended, "agency", "Forces")
    assert (forces["last"], forces["years_since"]) == (2018, 1)


def test_what_began_later_than_the_day_is_not_counted(work: Record) -> None:
    early = line(work, "theme", "Narrow", date(2015, 1, 1))
    assert (early["times"], early["last"], early["years_since"]) == (2, 2012, 2)


def test_what_was_never_looked_at_comes_first(work: Record) -> None:
    table = coverage.when(work, "theme", DAY)
    assert next(table.records())["theme"] == "Empty"


def test_without_a_day_years_count_from_the_latest_report(work: Record) -> None:
    assert (
        "Years are counted back from 2017-01-31."
        in coverage.when(work, "theme").meaning
    )


def test_every_column_is_explained(work: Record) -> None:
    for kind in coverage.KINDS:
        table = coverage.when(work, kind, DAY)
        assert all(len(column.meaning) > 10 for column in table.columns)


def test_the_network_keeps_what_is_stated_apart_from_what_follows(work: Record) -> None:
    graph = coverage.network(work)
    first, narrow = vocab.iri("inspection:first"), vocab.iri("theme:narrow")
    [stated] = graph.get_edge_data(first, narrow).values()
    assert (stated["relation"], stated["inferred"]) == ("cji:isAbout", False)
    [follows] = graph.get_edge_data(first, vocab.iri("theme:process")).values()
    assert (follows["relation"], follows["inferred"]) == ("covers", True)
    assert [source.label for source in follows["sources"]] == ["Paper, part 1"]
    assert graph.nodes[narrow]["times"] == 4
    assert graph.nodes[vocab.iri("theme:near")]["scoped"] == 1


def test_years_narrow_the_network(work: Record) -> None:
    graph = coverage.network(work, "2010", "2012")
    assert graph.nodes[vocab.iri("theme:narrow")]["times"] == 2
    with pytest.raises(InputError, match="ends before it begins"):
        coverage.network(work, "2012", "2010")


def test_studies_that_no_inspection_is_said_to_follow(work: Record) -> None:
    found = {each["study"]: each for each in coverage.scoped_only(work).records()}
    assert set(found) == {"Survey", "Study"}
    assert found["Survey"]["years"] == "2018"


def test_a_later_inspection_on_the_theme_is_named_but_not_taken_for_the_outcome() -> (
    None
):
    more = """GRAPH passage:one { inspection:later a cji:Inspection ;
        rdfs:label "Later" ; cji:isAbout theme:apart ;
        cji:tookPlaceFrom "2019-01-01"^^xsd:date }"""
    found = {each["study"]: each for each in coverage.scoped_only(read(more)).records()}
    assert found["Survey"]["later"] == ("Later",)


def test_a_study_that_led_to_an_inspection_is_left_out() -> None:
    more = "GRAPH passage:one { inspection:third cji:arisesFrom inspection:study }"
    found = [each["study"] for each in coverage.scoped_only(read(more)).records()]
    assert found == ["Survey"]


def test_what_was_expected_and_has_no_report(work: Record) -> None:
    [late] = coverage.unreported(work, DAY).records()
    assert (late["work"], late["expected"], late["years_over"]) == (
        "Late",
        "2019-03",
        1,
    )


def test_what_is_not_yet_due_or_has_a_report_is_left_out(work: Record) -> None:
    assert coverage.unreported(work, date(2019, 3, 31)).rows == []
    more = """GRAPH passage:one { report:late a cji:Report ;
        cji:reportsOn inspection:late }"""
    assert coverage.unreported(read(more), DAY).rows == []


def test_a_record_without_work_gives_empty_tables() -> None:
    empty = record.read(Store())
    for kind in coverage.KINDS:
        assert coverage.when(empty, kind).rows == []
    assert coverage.scoped_only(empty).rows == []
    assert coverage.unreported(empty).rows == []
