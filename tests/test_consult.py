"""The response pack, on a small graph written by hand: `fixtures/work.trig`."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from cjigraph import consult, record, vocab
from cjigraph.consult import Options
from cjigraph.errors import InputError
from cjigraph.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cjigraph.consult import Pack
    from cjigraph.record import Record

WORK = Path(__file__).parent / "fixtures" / "work.trig"


def read(more: str = "") -> Record:
    store = Store()
    store.load(path=WORK, format=RdfFormat.TRIG)
    prefixes = "".join(f"PREFIX {p}: <{n}>\n" for p, n in vocab.PREFIXES.items())
    store.load(prefixes + more, RdfFormat.TRIG)
    for quad in list(store):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return record.read(store)


def made(more: str = "", **options: Any) -> Pack:
    return consult.pack(read(more), "2020/21", Options(**options))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return made()


@pytest.fixture(scope="module")
def page() -> str:
    """The page for 2019/20, as it is shown."""
    return consult.write(consult.pack(record.read(open_store())), "html").decode()


def lines(pack_: Pack, name: str) -> list[dict[str, Any]]:
    """The rows of a table as plain values: texts of links, and rules."""
    table = pack_.tables()[name]
    names = [column.name for column in table.columns]
    return [
        {**dict(zip(names, map(plain, row.cells), strict=True)), "rules": row.rules}
        for row in table.rows
    ]


def plain(cell: Any) -> Any:
    if hasattr(cell, "anchor"):
        return cell.text
    return tuple(map(plain, cell)) if isinstance(cell, tuple) else cell


def pair(pack_: Pack, table: str, one: str, other: str) -> dict[str, Any]:
    return next(
        line
        for line in lines(pack_, table)
        if line["one"].endswith(one) and line["other"].endswith(other)
    )


def has(pack_: Pack, table: str, one: str, other: str) -> bool:
    return any(
        line["one"].endswith(one) and line["other"].endswith(other)
        for line in lines(pack_, table)
    )


# The programme


def test_a_programme_is_found_by_slug_year_label_and_iri() -> None:
    work = read()
    for name in ("2020-21", "2020/21", "programme 2020/21", "programme:2020-21"):
        assert consult.pack(work, name).programme == "Programme 2020/21"
    assert consult.pack(work, vocab.iri("programme:2020-21")).title


def test_an_unknown_programme_names_the_nearest() -> None:
    with pytest.raises(
        InputError, match='no programme "2020-12"; did you mean "2020-2'
    ):
        consult.pack(read(), "2020-12")
    with pytest.raises(InputError, match='no programme "1066"; there are 2020-21'):
        consult.pack(read(), "1066")


def test_a_programme_without_entries_is_refused_with_those_that_have_some() -> None:
    more = """GRAPH passage:one { programme:2019-20 a cji:WorkProgramme ;
        rdfs:label "Programme 2019/20" }"""
    with pytest.raises(
        InputError, match='no entries of the programme "2019-20"; there'
    ):
        consult.pack(read(more), "2019-20")


def test_the_day_is_that_of_the_consultation_or_of_the_programme_or_as_asked(
    pack: Pack,
) -> None:
    assert (pack.as_of, pack.as_of_because[:30]) == (
        "2020-06-30",
        "the day on which its consultat",
    )
    assert made(as_of="2020-05").as_of == "2020-05-31"
    work = read()
    consultation = vocab.iri("consultation:2020-21")
    work.network.remove_node(consultation)
    assert consult.pack(work, "2020-21").as_of == "2020-04-01"


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match='"midsummer" is not a date; write it as'):
        made(as_of="midsummer")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"years": 0}, "--years is too small; use 1 or more"),
        ({"follow_up": -1}, "--follow-up is too small; use 0 or more"),
        ({"years": 2, "follow_up": 2}, "no time is left between"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(
    options: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        made(**options)


def test_entries_are_told_with_what_became_known_since() -> None:
    more = """GRAPH passage:one { report:third a cji:Report ;
        rdfs:label "Third report" ; cji:reportsOn inspection:third ;
        dcterms:issued "2022"^^xsd:gYear }"""
    entry = lines(made(more), "entries")[0]
    assert entry["since"] == ("Third report, 2022",)
    assert lines(made(more.replace("2022", "2019")), "entries")[0]["since"] == ()
    assert entry["expected"] == "December 2020"
    assert entry["rules"] == ()


def test_entries_without_places_are_numbered_in_order() -> None:
    more = """GRAPH passage:two { entry:unplaced cji:isEntryIn programme:2020-21 ;
        cji:plans inspection:late }"""
    assert [line["number"] for line in lines(made(more), "entries")] == [
        "E1", "E2", "E3", "E4"
    ]  # fmt: skip


PARTS = """GRAPH passage:two {
    inspection:early a cji:Inspection ; rdfs:label "Early visit" ;
        dcterms:isPartOf inspection:visits ; cji:isAbout theme:wide ;
        cji:isConductedBy body:new, body:other ;
        cji:tookPlaceFrom "2018-05-01"^^xsd:date ;
        cji:tookPlaceTo "2018-06-01"^^xsd:date .
    inspection:after a cji:Inspection ; rdfs:label "Later visit" ;
        dcterms:isPartOf inspection:visits ; cji:isAbout theme:empty ;
        cji:tookPlaceFrom "2023-05-01"^^xsd:date ;
        cji:tookPlaceTo "2023-06-01"^^xsd:date }"""


def test_only_parts_in_the_time_of_the_programme_count_for_an_entry() -> None:
    visits = lines(made(PARTS), "entries")[2]
    assert visits["themes"] == ("Apart", "Near")


def test_an_earlier_part_of_an_entry_is_recent_work_but_not_compared_with_it() -> None:
    found = made(PARTS)
    recent = [line["work"] for line in lines(found, "recent")]
    assert "Early visit" in recent
    assert "Later visit" not in recent
    assert pair(found, "beyond", "Third", "Early visit")["subject"] == 3
    assert not has(found, "beyond", "Visits", "Early visit")
    assert not has(found, "related", "Visits", "Early visit")


def test_what_was_only_planned_for_another_time_is_not_recent() -> None:
    more = """programme:2018-19 cji:tookPlaceFrom "%s"^^xsd:date ;
            cji:tookPlaceTo "2020-05-31"^^xsd:date .
        GRAPH passage:one { programme:2018-19 a cji:WorkProgramme ; rdfs:label "Past" .
        entry:plan cji:isEntryIn programme:2018-19 ; cji:plans inspection:plan .
        inspection:plan a cji:Inspection ; rdfs:label "Plan" }"""
    recent = [line["work"] for line in lines(made(more % "2018-04-01"), "recent")]
    assert "Plan" in recent  # for its time reaches into that of the programme
    ended = more.replace("2020-05-31", "2019-03-31") % "2018-04-01"
    assert "Plan" not in [line["work"] for line in lines(made(ended), "recent")]


def test_passages_at_odds_are_listed(pack: Pack) -> None:
    assert lines(pack, "odds")[0]["odds"] == "Two dates are given."


# Overlap


def test_a_theme_in_common_counts_four(pack: Pack) -> None:
    assert pair(pack, "within", "Study", "Visits")["subject"] == 4


def test_a_theme_within_a_theme_counts_three(pack: Pack) -> None:
    found = pair(pack, "beyond", "Third", "Rolling")
    assert found["subject"] == 3
    assert "Narrow lies within Wide." in found["reason"]


def test_neighbouring_themes_count_one(pack: Pack) -> None:
    found = pair(pack, "within", "Third", "Visits")
    assert found["subject"] == 1
    assert "Narrow and Near both lie within Wide." in found["reason"]


def test_processes_and_issues_are_too_wide_to_share() -> None:
    found = pair(made(LONELY), "within", "Third", "Visits")
    assert "Lonely" not in found["reason"]
    more = "GRAPH passage:two { inspection:third cji:isAbout theme:process }"
    assert pair(made(more), "within", "Third", "Visits")["subject"] == 1
    both = "inspection:visits cji:isAbout theme:process ."
    alike = made(more.replace("{", "{ " + both))
    assert pair(alike, "within", "Third", "Visits")["subject"] == 1


LONELY = """GRAPH passage:two { inspection:third cji:isAbout theme:lonely .
    theme:lonely a cji:Theme ; rdfs:label "Lonely" ; skos:broader theme:process }"""


def test_an_agency_counts_three_and_its_group_two(pack: Pack) -> None:
    assert pair(pack, "beyond", "Third", "Rolling")["agency"] == 3
    found = pair(pack, "within", "Third", "Visits")
    assert found["agency"] == 2
    assert "A force belongs to Forces." in found["reason"]


def test_partners_count_one_each_up_to_two_and_successors_as_one() -> None:
    more = """GRAPH passage:three { inspection:rolling cji:isConductedBy body:old .
        inspection:third cji:isSupportedBy body:third }"""
    found = pair(made(more), "beyond", "Third", "Rolling")
    assert found["partners"] == 2
    assert "NEW, OTHER and THIRD take part in both." in found["reason"]
    assert "successors-count-as-one" in found["rules"]


def test_times_less_than_a_year_apart_count_one(pack: Pack) -> None:
    assert pair(pack, "beyond", "Visits", "Pair")["time"] == 1
    assert pair(pack, "beyond", "Third", "Pair")["time"] == 0


def test_a_theme_and_an_agency_in_common_may_be_a_duplicate() -> None:
    more = "GRAPH passage:three { inspection:rolling cji:isAbout theme:narrow }"
    found = pair(made(more), "beyond", "Third", "Rolling")
    assert found["nature"] == "Duplicate"
    assert found["points"] == 4 + 3 + 1 + 1


CLASH = """GRAPH passage:three {
    theme:odd a cji:Theme ; rdfs:label "Odd" ; skos:broader theme:other-process .
    inspection:odd a cji:Inspection ; rdfs:label "Odd work" ; cji:isAbout theme:odd ;
        cji:examines body:forces ; cji:isConductedBy body:new, body:other ;
        cji:tookPlaceFrom "%s"^^xsd:date ; cji:tookPlaceTo "%s"^^xsd:date }"""


def test_an_agency_in_common_at_the_same_time_may_be_a_clash() -> None:
    found = pair(
        made(CLASH % ("2020-10-01", "2020-11-01")), "beyond", "Third", "Odd work"
    )
    assert (found["nature"], found["points"]) == ("Clash", 3 + 2 + 1)


def test_a_theme_and_an_agency_in_common_long_ago_is_no_duplicate() -> None:
    more = """GRAPH passage:three { inspection:pair-one cji:examines body:forces }"""
    found = pair(made(more), "beyond", "Third", "Pair")
    assert (found["subject"], found["agency"], found["time"]) == (4, 3, 0)
    assert found["nature"] == "Overlap"


def test_an_agency_in_common_before_the_programme_is_no_clash() -> None:
    earlier = made(CLASH % ("2019-10-01", "2019-11-01"))
    assert not has(earlier, "beyond", "Third", "Odd work")


def test_pairs_below_the_threshold_are_left_out(pack: Pack) -> None:
    assert has(pack, "within", "Third", "Visits")
    assert not has(made(least=6), "within", "Third", "Visits")


def test_pairs_come_highest_first(pack: Pack) -> None:
    for name in ("within", "beyond"):
        points = [line["points"] for line in lines(pack, name)]
        assert points == sorted(points, reverse=True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "Study draws on Rolling."),
        ("inspection:study cji:arisesFrom inspection:rolling",
         "Study arises from Rolling."),
        ("inspection:study cji:cites report:rolling . report:rolling a cji:Report ; "
         "cji:reportsOn inspection:rolling", "Study cites a report on Rolling."),
    ],
)  # fmt: skip
def test_a_pair_that_sources_relate_is_told_apart(more: str, said: str) -> None:
    found = made(f"GRAPH passage:one {{ {more} }}")
    assert said in pair(found, "related", "Study", "Rolling")["relation"]
    assert not has(found, "beyond", "Study", "Rolling")


def test_work_that_follows_at_a_remove_is_told_apart_by_a_rule(pack: Pack) -> None:
    found = pair(pack, "related", "Third", "Check")
    assert found["relation"] == "Both descend from First."
    assert "related-at-a-remove" in found["rules"]
    assert not has(pack, "beyond", "Third", "Check")


def test_a_part_with_an_entry_of_its_own_is_not_its_whole_s_duplicate() -> None:
    more = """GRAPH passage:two { entry:court cji:isEntryIn programme:2020-21 ;
        cji:plans inspection:visit-to-court ; cji:position 4 }"""
    found = pair(made(more), "related", "Visits", "Visit to court")
    assert found["relation"] == "Visit to court is part of Visits."


def test_a_cycle_of_lineage_does_no_harm() -> None:
    more = "GRAPH passage:one { inspection:first cji:follows inspection:third }"
    assert has(made(more), "related", "Third", "Check")


# Gaps


def test_a_subject_without_look_or_entry_is_a_gap(pack: Pack) -> None:
    assert [line["thing"] for line in lines(pack, "subjects")] == ["Empty"]


def test_a_subject_that_is_only_scoped_is_a_gap() -> None:
    more = """GRAPH passage:two { theme:new a cji:Theme ; rdfs:label "Newly" ;
        skos:broader theme:process . inspection:study cji:isAbout theme:new }"""
    [line] = [
        each for each in lines(made(more), "subjects") if each["thing"] == "Newly"
    ]
    assert line["scoping"] == ("E2 Study",)
    assert "scoping-is-no-look" in line["rules"]


OLD = """GRAPH passage:two { theme:old a cji:Theme ; rdfs:label "Older" ;
    skos:broader theme:process . inspection:first cji:isAbout theme:old }"""


def test_a_subject_last_looked_at_long_ago_is_a_gap_and_the_years_are_an_option() -> (
    None
):
    [line] = [each for each in lines(made(OLD), "subjects") if each["thing"] == "Older"]
    assert (line["look"], line["last"], line["years"]) == ("First", "1 May 2010", 10)
    found = [each["thing"] for each in lines(made(OLD, years=11), "subjects")]
    assert "Older" not in found


def test_what_the_record_speaks_of_only_later_is_no_gap() -> None:
    more = """GRAPH passage:two { theme:later a cji:Theme ; rdfs:label "Later" ;
        skos:broader theme:process . inspection:in-2023 a cji:Inspection ;
        rdfs:label "In 2023" ; cji:isAbout theme:later ;
        cji:tookPlaceFrom "2023-01-01"^^xsd:date }"""
    assert "Later" not in [each["thing"] for each in lines(made(more), "subjects")]


def test_an_agency_that_nothing_examines_is_a_gap(pack: Pack) -> None:
    assert [line["thing"] for line in lines(pack, "agencies")] == ["Court"]


def test_an_entry_that_examines_a_group_covers_its_members() -> None:
    more = """GRAPH passage:one {
        body:villages a cji:AgencyGroup ; rdfs:label "Villages" .
        body:village a cji:Agency ; rdfs:label "A village" ; org:memberOf body:villages
        %s }"""
    examined = more % ". inspection:third cji:examines body:villages"
    assert [each["thing"] for each in lines(made(more % ""), "agencies")] == [
        "A village", "Court", "Villages"
    ]  # fmt: skip
    assert [each["thing"] for each in lines(made(examined), "agencies")] == ["Court"]


def test_all_processes_and_issues_are_told(pack: Pack) -> None:
    found = {line["thing"]: line for line in lines(pack, "stages")}
    assert found["Other process"]["gap"] == "yes"
    assert found["Process"]["gap"] == "no"
    assert found["Process"]["scoping"] == ("E2 Study",)
    assert found["Issue"]["look"] == "Visits"


def test_a_report_that_nothing_follows_waits_for_a_follow_up(pack: Pack) -> None:
    [line] = lines(pack, "unfollowed")
    assert (line["work"], line["report"], line["years"]) == (
        "Pair",
        "Pair report, January 2017",
        3,
    )
    assert lines(made(follow_up=4), "unfollowed") == []


def test_a_core_programme_waits_for_no_follow_up() -> None:
    more = """GRAPH passage:one { report:roll a cji:Report ; rdfs:label "Roll" ;
        cji:reportsOn inspection:rolling ; dcterms:issued "2018"^^xsd:gYear }"""
    assert [line["work"] for line in lines(made(more), "unfollowed")] == ["Pair"]


def test_the_recommendations_and_what_followed_later_are_told() -> None:
    more = """GRAPH passage:one { report:pair cji:recommendationCount 9 .
        inspection:in-2023 a cji:Inspection ; rdfs:label "In 2023" ;
        cji:followsUp inspection:pair ; cji:tookPlaceFrom "2023-01-01"^^xsd:date }"""
    [line] = lines(made(more), "unfollowed")
    assert (line["recommendations"], line["since"]) == (("9",), ("In 2023",))


def test_work_announced_for_the_time_without_an_entry_is_told(pack: Pack) -> None:
    [line] = lines(pack, "unplanned")
    assert (line["work"], line["when"], line["who"], line["follows"]) == (
        "Check",
        "September 2020",
        ("LONE",),
        ("Second",),
    )


def test_reviews_and_work_to_come_are_calls_those_only_scoped_first(pack: Pack) -> None:
    found = [(line["source"], line["scoped"]) for line in lines(pack, "calls")]
    assert found == [("Full inspection", "yes"), ("Lecture", "yes"), ("Inquiry", "no")]
    assert lines(pack, "calls")[1]["by"] == ("OTHER",)


def test_a_milestone_of_an_inspection_is_no_call() -> None:
    more = "GRAPH passage:one { milestone:full cji:isMilestoneOf inspection:third }"
    found = [line for line in lines(made(more), "calls") if line["when"]]
    assert [line["answers"] for line in found] == [("E2 Study",)]


def test_studies_and_expectations_of_which_nothing_came(pack: Pack) -> None:
    found = [(line["work"], line["what"]) for line in lines(pack, "unfinished")]
    assert found == [
        ("Late", "Expected, and no report on record"),
        ("Survey", "Scoped, and no inspection on record"),
    ]


# Balance


def test_a_share_is_of_the_work_of_which_something_is_said(pack: Pack) -> None:
    *spread, sizes = lines(pack, "agency")
    force = next(line for line in spread if line["heading"] == "A force")
    assert (force["programme"], force["programme_share"]) == (1, 0.5)
    assert sizes["programme"] == 2


def test_earlier_programmes_are_compared_if_enough_of_them_is_on_record() -> None:
    entries = " ".join(
        f"entry:{work} cji:isEntryIn programme:2015-16 ; cji:plans inspection:{work} ."
        for work in ("first", "second", "pair")
    )
    more = f"""programme:2015-16 cji:tookPlaceFrom "2015-04-01"^^xsd:date .
        GRAPH passage:two {{ programme:2015-16 a cji:WorkProgramme ;
        rdfs:label "Programme 2015/16" . {entries} }}"""
    groups = [line["group"] for line in lines(made(more), "groups")]
    assert groups == ["This programme", "Recent record", "Programme 2015/16"]
    assert lines(made(more), "kind")[1]["2015-16"] == 1
    fewer = lines(made(more, entries=4), "groups")
    assert len(fewer) == 2


def test_a_plot_shows_the_shares_of_its_table(pack: Pack) -> None:
    table = pack.tables()["process"]
    assert table.plot is not None
    assert [(bar.label, bar.here, bar.there) for bar in table.plot.bars] == [
        ("Other process", 0.0, 0.0),
        ("Process", 1.0, 1.0),
    ]


def test_a_plot_does_not_compare_with_next_to_nothing(pack: Pack) -> None:
    plot = pack.tables()["lead"].plot
    assert plot is not None
    assert plot.there == ""
    assert "sources say too little" in plot.title


# Sources and rules


def test_every_line_has_a_source_or_a_rule(pack: Pack) -> None:
    for table in pack.tables().values():
        for row in table.rows:
            assert row.sources or row.rules


def test_every_rule_that_a_line_names_is_explained(pack: Pack) -> None:
    known = {rule.name for rule in pack.rules}
    used = {
        name
        for table in pack.tables().values()
        for row in table.rows
        for name in row.rules
    }
    assert used <= known
    assert all(rule.words.endswith(".") for rule in pack.rules)


def test_the_thresholds_stand_in_the_rules() -> None:
    words = {rule.name: rule.words for rule in made(years=7, least=5).rules}
    assert "7 years" in words["what-is-recent"]
    assert "fewer than 5 points" in words["what-a-pair-may-be"]


def test_sources_are_numbered_in_the_order_in_which_they_are_cited(pack: Pack) -> None:
    numbers = [
        number
        for section in pack.sections
        for table in section.tables
        for row in table.rows
        for number in row.sources
    ]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(pack.sources) + 1))


# What is written


@pytest.mark.parametrize("format_", consult.FORMATS)
def test_the_same_pack_gives_the_same_bytes(format_: str) -> None:
    assert consult.write(made(), format_) == consult.write(made(), format_)


def test_an_unknown_format_names_the_nearest(pack: Pack) -> None:
    with pytest.raises(InputError, match='no format "htm"; did you mean "html"'):
        consult.write(pack, "htm")


def test_json_holds_the_sources_with_locator_and_address(pack: Pack) -> None:
    data = json.loads(consult.write(pack, "json"))
    assert data["sources"][0] == {
        "number": 1,
        "iri": vocab.iri("passage:two"),
        "label": "Paper, part 2",
        "locator": "part 2",
        "address": "https://example.org/paper",
    }


class Page(HTMLParser):
    """What a page is made of: its elements, and the links and targets in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.elements if attribute in a]


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    found = Page(page)
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form"}
    assert not found.all("src")
    assert not found.all("style")
    assert "@import" not in page
    assert "url(" not in page


def test_the_page_s_policy_allows_its_own_style_and_nothing_else(page: str) -> None:
    elements = [a for tag, a in Page(page).elements if tag == "meta"]
    [policy] = [a["content"] for a in elements if "http-equiv" in a]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = hashlib.sha256(style[1].encode()).digest()
    expected = f"style-src 'sha256-{base64.b64encode(digest).decode()}'"
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert expected in policy


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    found = Page(page)
    ids = found.all("id")
    assert len(ids) == len(set(ids))
    inside = {href[1:] for href in found.all("href") if href.startswith("#")}
    assert inside <= set(ids)
    for reference in found.all("aria-labelledby"):
        assert reference in ids


def test_every_link_out_of_the_page_is_a_safe_address(page: str) -> None:
    outside = [href for href in Page(page).all("href") if not href.startswith("#")]
    assert all(href.startswith(("https://", "http://")) for href in outside)


def test_every_plot_has_its_table(page: str) -> None:
    parts = page.split("<section ")
    plots = [part for part in parts if "<figure" in part]
    assert len(plots) == 8
    assert all("<table" in part and 'aria-label="Bar chart. ' in part for part in plots)


HOSTILE = """GRAPH passage:one {
    inspection:third rdfs:label "<script>alert(1)</script>|[x](javascript:y)" .
    passage:two rdfs:label "<img onerror=x>" .
    document:paper foaf:page <javascript:alert(1)> }"""


def test_names_from_elsewhere_are_text_in_html() -> None:
    text = consult.write(made(HOSTILE), "html").decode()
    assert "<script" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert "&lt;script&gt;" in text


def test_names_from_elsewhere_are_text_in_markdown() -> None:
    text = consult.write(made(HOSTILE), "md").decode()
    assert r"\<script\>alert(1)\</script\>\|\[x\]" in text
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    rows = [line for line in text.splitlines() if line.startswith("| E")]
    assert rows
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows[:3]}) == 1


def test_markdown_has_a_footnote_for_every_source(pack: Pack) -> None:
    text = consult.write(pack, "md").decode()
    cited = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    defined = set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE))
    assert cited == defined == {str(n) for n in range(1, len(pack.sources) + 1)}


def test_the_crown_is_credited(page: str) -> None:
    assert "Open Government Licence v3.0" in page
    assert "Crown copyright" in page


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs chromium")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        yield launched
        launched.close()


@pytest.mark.slow
def test_the_page_fits_any_screen(browser: Any, page: str, tmp_path: Path) -> None:
    path = tmp_path / "pack.html"
    path.write_text(page, encoding="utf-8")
    complaints: list[str] = []
    for width in (320, 390, 1280):
        shown = browser.new_page(viewport={"width": width, "height": 800})
        shown.on("console", lambda message: complaints.append(message.text))
        shown.goto(path.as_uri())
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        shown.close()
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_breaks_no_rule_of_access(
    browser: Any, pack: Pack, width: int, scheme: str, tmp_path: Path
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = tmp_path / "pack.html"
    path.write_bytes(consult.write(pack))
    shown = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        bypass_csp=True,  # for axe, which is a script
    )
    shown.goto(path.as_uri())
    found = axe.Axe().run(shown)
    shown.close()
    assert found.violations_count == 0, found.generate_report()
