"""The record, on a small graph written by hand: `fixtures/work.trig`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from cjigraph import record, vocab
from cjigraph.errors import InputError
from cjigraph.record.spans import Span, between, day, span, whole_years, words
from cjigraph.record.table import Column, Table, Thing

if TYPE_CHECKING:
    from cjigraph.record import Record

WORK = Path(__file__).parent / "fixtures" / "work.trig"


def named(name: str) -> str:
    return vocab.iri(name)


def read(more: str = "") -> Record:
    store = Store()
    store.load(path=WORK, format=RdfFormat.TRIG)
    if more:
        prefixes = "".join(f"PREFIX {p}: <{n}>\n" for p, n in vocab.PREFIXES.items())
        store.load(prefixes + more, RdfFormat.TRIG)
    for quad in list(store):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return record.read(store)


@pytest.fixture(scope="module")
def work() -> Record:
    return read()


def test_links_keep_the_passages_that_state_them(work: Record) -> None:
    [link] = work.said(named("inspection:first"), "cji:isLedBy")
    assert link.value == named("body:old")
    assert [(each.label, each.address) for each in link.sources] == [
        ("Paper, part 1", "https://example.org/paper")
    ]


def test_who_carries_work_out_is_told_in_words(work: Record) -> None:
    assert work.who(named("inspection:first")) == "led by OLD, with OTHER"
    assert work.who(named("inspection:second")) == "OLD"
    assert work.who(named("inspection:rolling")) == "OTHER, THIRD"


def test_a_part_of_which_nothing_is_said_is_done_by_the_whole(work: Record) -> None:
    assert work.who(named("inspection:visit-to-court")) == ""
    assert work.conductors(named("inspection:visit-to-court")) == [named("body:new")]


def test_a_body_is_called_by_its_own_acronym_only() -> None:
    both = """GRAPH passage:one { body:old skos:altLabel "XY"@en .
                                  body:new skos:altLabel "XY"@en }"""
    work = read(both)
    assert work.short(named("body:old")) == "OLD"
    assert work.short(named("body:new")) == "NEW"
    assert work.short(named("body:idle")) == "Idle Inspectorate"


def test_a_successor_stands_for_those_before_it(work: Record) -> None:
    assert work.line(named("body:old")) == named("body:new")
    assert work.line(named("body:other")) == named("body:other")
    [change] = work.successions()
    assert (change.earlier, change.later) == (named("body:old"), named("body:new"))


def test_of_several_successors_the_first_by_name_stands_for_the_body() -> None:
    work = read("GRAPH passage:one { body:third dcterms:replaces body:old }")
    assert work.line(named("body:old")) == named("body:new")
    assert work.line(named("body:third")) == named("body:third")


def test_bodies_that_replace_each_other_are_not_walked_for_ever() -> None:
    work = read("GRAPH passage:one { body:old dcterms:replaces body:new }")
    assert work.line(named("body:old")) in {named("body:old"), named("body:new")}


def test_of_a_day_and_its_month_the_day_is_the_date() -> None:
    more = 'GRAPH passage:two { report:pair dcterms:issued "2017-01-20"^^xsd:date }'
    first = read(more).first_report(named("inspection:pair"))
    assert first is not None
    assert first.text == "2017-01-20"


def test_a_replacement_without_an_event_is_a_succession_too() -> None:
    work = read("GRAPH passage:one { body:third dcterms:replaces body:idle }")
    assert work.line(named("body:idle")) == named("body:third")


def test_a_report_closes_work_but_not_a_core_programme(work: Record) -> None:
    assert work.lasted(named("inspection:pair")) == Span(
        date(2016, 1, 1), date(2017, 1, 31)
    )
    assert work.is_running(named("inspection:rolling"))
    more = """GRAPH passage:one { report:visit cji:reportsOn inspection:visits ;
                                  a cji:Report ; dcterms:issued "2019"^^xsd:gYear }"""
    assert read(more).lasted(named("inspection:visits")) == Span(date(2018, 1, 1), None)


def test_work_without_a_time_takes_that_of_its_programme_or_whole(work: Record) -> None:
    programme = Span(date(2020, 4, 1), date(2021, 3, 31))
    assert work.lasted(named("inspection:study")) == programme
    assert work.lasted(named("inspection:visit-to-court")).first == date(2018, 1, 1)
    assert work.lasted(named("inspection:visit-to-court")).last is None


def test_the_year_of_work_is_that_of_its_first_report(work: Record) -> None:
    assert work.year(named("inspection:pair")) == 2017
    assert work.year(named("inspection:visits")) == 2018


def test_parts_count_as_the_whole_and_go_no_further(work: Record) -> None:
    pair = named("inspection:pair")
    assert work.whole(named("inspection:pair-two")) == pair
    assert len(work.members(pair)) == 3
    assert {link.value for link in work.said_within(pair, "cji:isAbout")} == {
        named("theme:narrow"),
        named("theme:apart"),
    }
    assert pair in work.wholes()
    assert named("inspection:pair-one") not in work.wholes()


def test_parts_that_are_parts_of_each_other_are_not_walked_for_ever() -> None:
    circle = """GRAPH passage:one {
        inspection:pair dcterms:isPartOf inspection:pair-one }"""
    work = read(circle)
    assert len(work.members(named("inspection:pair"))) == 3
    assert work.whole(named("inspection:pair-two")) == named("inspection:pair-one")
    assert work.lasted(named("inspection:pair-two")).is_known


def test_work_on_a_theme_is_that_on_themes_within_it(work: Record) -> None:
    wide = {each.rpartition("/")[2] for each in work.work_on(named("theme:wide"))}
    assert {"first", "rolling", "study", "visit-to-court"} <= wide
    assert "visits" not in wide


def test_a_whole_and_its_part_on_one_theme_count_once() -> None:
    more = "GRAPH passage:one { inspection:pair cji:isAbout theme:narrow }"
    about = read(more).work_on(named("theme:narrow"))
    assert named("inspection:pair") in about
    assert named("inspection:pair-one") not in about


def test_themes_that_lie_within_each_other_are_not_walked_for_ever() -> None:
    work = read("theme:wide skos:broader theme:narrow .")
    assert named("theme:wide") in work.wider(named("theme:narrow"))
    assert named("theme:narrow") in work.narrower(named("theme:wide"))


def test_contradictions_come_with_both_passages(work: Record) -> None:
    [odds] = work.contradictions
    assert odds.thing == named("programme:2020-21")
    assert [each.label for each in odds.sources] == ["Letter", "Paper, part 2"]


def test_work_that_nothing_links_to_is_on_record_too() -> None:
    more = 'GRAPH passage:one { inspection:lost a cji:Inspection ; rdfs:label "Lost" }'
    assert named("inspection:lost") in read(more).things("inspection")


def test_spans_of_dates_that_are_none_are_unknown() -> None:
    for text in ("", "soon", "2019-13", "2019-02-30", "0000"):
        assert not span(text).is_known


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2019-06-11", "11 June 2019"),
        ("2019-06", "June 2019"),
        ("2019", "2019"),
        ("2019-06-11Z", "11 June 2019"),
        ("summer 2019", "summer 2019"),
    ],
)
def test_dates_in_words(text: str, said: str) -> None:
    assert words(text) == said


def test_whole_years_are_counted_as_ages_are() -> None:
    assert whole_years(date(2014, 6, 11), date(2019, 6, 10)) == 4
    assert whole_years(date(2014, 6, 11), date(2019, 6, 11)) == 5


def test_a_range_upside_down_is_refused() -> None:
    with pytest.raises(InputError, match="from 2019 to 2018 ends before it begins"):
        between("2019", "2018")
    assert between("2019", "2019-06").last == date(2019, 6, 30)


def test_what_is_no_date_is_refused_with_an_example() -> None:
    with pytest.raises(InputError, match='"soon" is not a date; write it as 2019'):
        day("soon")


TABLE = Table(
    "A title",
    "What it means.",
    (Column("who", "a body"), Column("how_many", "a number"), Column("what", "work")),
    [
        (Thing("<b>", "https://example.org/b"), 2, ("x; y", "z")),
        (Thing("c", "javascript:alert(1)"), None, ()),
    ],
)


def test_a_table_is_written_as_csv() -> None:
    assert TABLE.to_csv() == "who,how_many,what\r\n<b>,2,x; y; z\r\nc,,\r\n"


def test_a_table_in_a_notebook_is_escaped_and_links_only_to_safe_addresses() -> None:
    html = TABLE._repr_html_()
    assert '<a href="https://example.org/b">&lt;b&gt;</a>' in html
    assert "javascript" not in html
    assert "What it means." in html


def test_a_table_becomes_a_data_frame_with_types() -> None:
    frame = TABLE.to_pandas()
    assert list(frame.columns) == ["who", "how_many", "what"]
    assert str(frame["how_many"].dtype) == "Int64"
    assert str(frame["who"].dtype) == "string"
