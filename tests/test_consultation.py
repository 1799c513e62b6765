"""The consultation of 2019/20, counted by hand from its text.

Every number here was counted by a person reading the document, so that a row lost or
doubled on the way into the graph shows. The queries name the passages' document, so
that other sources cannot change the counts.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

import cjigraph

if TYPE_CHECKING:
    from cjigraph.graph import Graph

DOCUMENT = "https://w3id.org/cjigraph/id/document/consultation-2019-20"
PROGRAMME = "https://w3id.org/cjigraph/id/programme/2019-20"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return cjigraph.load()


def rows(graph: Graph, pattern: str, *columns: str) -> list[tuple[str, ...]]:
    """Rows of `pattern`, each statement of it in some passage of the consultation."""
    names = " ".join(f"?{column}" for column in columns)
    text = f"""
        SELECT DISTINCT {names} WHERE {{
            ?passage dcterms:isPartOf <{DOCUMENT}> .
            {pattern}
        }}"""
    return [
        tuple(str(value).rsplit("/", 1)[-1] for value in row)
        for row in graph.query(text).rows
    ]


def entries(graph: Graph, pattern: str, *columns: str) -> Counter[str]:
    """How many entries of the programme each value of the last column has."""
    found = rows(
        graph,
        f"""GRAPH ?passage {{ ?entry cji:isEntryIn <{PROGRAMME}> ;
                cji:plans ?inspection ; cji:hasStanding ?standing }}
            {pattern}""",
        "entry",
        *columns,
    )
    return Counter(row[-1] for row in found)


def test_the_programme_has_thirteen_entries_by_standing(graph: Graph) -> None:
    assert entries(graph, "", "standing") == {"continuing": 8, "new": 1, "scoping": 4}


def test_eight_continuing_commitments_are_four_core_and_four_thematic(
    graph: Graph,
) -> None:
    kinds = entries(
        graph,
        """FILTER(STRENDS(STR(?standing), "continuing"))
           GRAPH ?other { ?inspection a ?kind }
           ?other dcterms:isPartOf ?document .
           FILTER(?kind IN (cji:CoreProgramme, cji:ThematicInspection))""",
        "kind",
    )
    assert kinds == {"ontology#CoreProgramme": 4, "ontology#ThematicInspection": 4}


def test_the_programme_says_none_under_collaborative_work(
    graph: Graph,
) -> None:
    stated = rows(
        graph,
        f"""GRAPH ?passage {{ ?part dcterms:isPartOf <{PROGRAMME}> ;
                cji:statedEntryCount ?count }}""",
        "part",
        "count",
    )
    assert sorted(stated) == [("2019-20-collaborative", "0"), ("2019-20-new", "1")]


def test_leads_by_body(graph: Graph) -> None:
    leads = entries(graph, "GRAPH ?p { ?inspection cji:isLedBy ?body }", "body")
    assert leads == {
        "hmicfrs": 6,
        "hmi-prisons": 4,
        "hmi-probation": 4,
        "hmcpsi": 2,
        "cqc": 1,
        "ofsted": 1,
    }


def test_others_involved_by_body(graph: Graph) -> None:
    others = entries(graph, "GRAPH ?p { ?inspection cji:isSupportedBy ?body }", "body")
    assert others == {
        "hmicfrs": 6,
        "hmcpsi": 4,
        "hmi-probation": 3,
        "cqc": 3,
        "hmi-prisons": 1,
        "ciw": 1,
        "estyn": 1,
        "hiw": 1,
    }


def test_one_entry_has_two_leads_and_one_has_five_and_no_others(
    graph: Graph,
) -> None:
    several = entries(
        graph, "GRAPH ?p { ?inspection cji:isLedBy ?body }", "body", "inspection"
    )
    assert {each: count for each, count in several.items() if count > 1} == {
        "police-custody-inspections": 2,
        "mental-health-scoping-2019": 5,
    }


def test_three_partners_take_part_in_wales_only(graph: Graph) -> None:
    shares = rows(
        graph,
        """GRAPH ?passage { ?inspection prov:qualifiedAssociation ?share .
               ?share prov:agent ?body ; dcterms:spatial place:wales }""",
        "inspection",
        "body",
    )
    assert sorted(shares) == [
        ("youth-inspection-programme", body) for body in ("ciw", "estyn", "hiw")
    ]


def test_what_is_expected_when(graph: Graph) -> None:
    expected = rows(
        graph,
        "GRAPH ?passage { ?thing cji:expectedPublication ?when }",
        "thing",
        "when",
    )
    # EDTF intervals hold a slash; `rows` keeps what follows it.
    assert sorted(expected) == [
        ("2019-20", "2019-06"),
        ("2019-20", "2019-07"),
        ("2019-20-crimes-against-older-people", "2019-22"),
        ("2019-20-evidence-led-domestic-abuse-prosecutions", "2019-06"),
        ("2019-20-integrated-offender-management", "2020-04~"),
        ("2019-20-released-under-investigation", "2020-04~"),
        ("2019-20-welfare-and-dignity-in-custody-scoping", "2019-22"),
        ("terrorism-act-suites-2019", "2019-22"),
    ]


def test_reports_of_annex_c_by_date(graph: Graph) -> None:
    dated = rows(
        graph, "GRAPH ?passage { ?report dcterms:issued ?date }", "report", "date"
    )
    assert sorted(date for report, date in dated if report != "consultation") == sorted(
        [
            "2013",
            "2015",
            "2017-06",
            "2017-07-05",
            "2017-07-17",
            "2017-09",
            "2017-11-29",
            "2018-03-29",
            "2018-10-09",
            "2018-10-16",
            "2019-01-24",
            "2019-01-24",
            "2019-04-08",
            # not reports: three Acts and the Home Office's principles of 2015
            "2006",
            "2017",
            "2015",
            "2015",
        ]
    )
    reports = rows(graph, "GRAPH ?passage { ?report a cji:Report }", "report")
    assert len(reports) == 15


def test_the_lineage_that_the_text_states(graph: Graph) -> None:
    found = rows(
        graph,
        """GRAPH ?passage { ?later ?relation ?earlier }
           FILTER(?relation IN (cji:follows, cji:followsUp, cji:succeeds,
                                cji:continues, cji:arisesFrom))""",
        "later",
        "relation",
        "earlier",
    )
    up, takes_up = "ontology#followsUp", "ontology#succeeds"
    crime, warrants = "disability-hate-crime", "national-crime-agency-warrants"
    managed = "integrated-offender-management"
    assert sorted(found) == sorted(
        [
            (f"{managed}-2019", takes_up, f"{managed}-2014"),
            (
                "through-the-gate-phase-2",
                "ontology#continues",
                "through-the-gate-phase-1",
            ),
            ("harassment-and-stalking-sussex-2018", up, "harassment-and-stalking-2017"),
            (f"{crime}-2015", up, f"{crime}-2013"),
            (f"{crime}-2018", up, f"{crime}-2013"),
            (f"{crime}-2018", up, f"{crime}-2015"),
            (f"{crime}-follow-up-hmcpsi-2019", up, f"{crime}-2018"),
            (f"{crime}-follow-up-hmicfrs-2019", up, f"{crime}-2018"),
            (f"{warrants}-2019", up, f"{warrants}-2015"),
            ("postal-requisitions-scoping-2017", "ontology#arisesFrom", "2017-18"),
        ]
    )


def test_the_hate_crime_follow_ups_descend_from_the_review_of_2013(
    graph: Graph,
) -> None:
    ancestors = graph.query("""
        SELECT ?earlier WHERE {
            inspection:disability-hate-crime-follow-up-hmcpsi-2019
                cji:descendsFrom ?earlier }""").rows
    assert {str(row[0]).rsplit("-", 1)[-1] for row in ancestors} == {
        "2013",
        "2015",
        "2018",
    }


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("focus", 6),
        ("principle", 10),
        ("standing", 5),
        ("category", 2),
        ("theme", 7),  # four business processes and three cross-cutting issues
    ],
)
def test_concepts_that_the_text_sets_out(graph: Graph, kind: str, count: int) -> None:
    said = rows(
        graph,
        f"""GRAPH ?passage {{ ?concept cji:position ?position }}
            FILTER(STRSTARTS(STR(?concept), "https://w3id.org/cjigraph/id/{kind}/"))""",
        "concept",
        "position",
    )
    assert len(said) == count


def test_misspellings_by_what_is_written(graph: Graph) -> None:
    written = rows(
        graph,
        "GRAPH ?passage { ?slip a cji:Misspelling ; cji:asWritten ?written }",
        "slip",
        "written",
    )
    assert Counter(row[-1] for row in written) == {
        "HMCPsi": 4,
        "HMiCFRS": 3,
        "JTAls": 3,
        "HMIFRS": 1,
        "HMi Prisons": 1,
        "HiW": 1,
        "productions orders": 1,
    }


def test_a_misspelling_finds_the_body_it_means(graph: Graph) -> None:
    meant = graph.query(
        'SELECT ?body WHERE { ?body skos:hiddenLabel "HMIFRS"@en }'
    ).rows
    assert [str(row[0]) for row in meant] == [
        "https://w3id.org/cjigraph/id/body/hmicfrs"
    ]


def test_the_text_contradicts_itself_in_five_places(graph: Graph) -> None:
    found = rows(graph, "GRAPH ?passage { ?slip a cji:Contradiction }", "slip")
    assert len(found) == 5


def test_four_chief_inspectors_and_who_chairs(graph: Graph) -> None:
    held = rows(
        graph,
        "GRAPH ?passage { ?tenure cji:isTenureOf ?post ; org:member ?person }",
        "person",
        "post",
    )
    assert len(held) == 5
    assert ("kevin-mcginty", "chair-of-the-cj-chief-inspectors-group") in held


def test_the_consultation_closes_and_asks(graph: Graph) -> None:
    asked = graph.query("""
        SELECT ?closing ?law (COUNT(?question) AS ?questions) WHERE {
            consultation:2019-20 cji:closingDate ?closing ; cji:isRequiredBy ?law ;
                cji:asks ?question
        } GROUP BY ?closing ?law""").rows
    (closing, law, questions) = asked[0]
    assert (str(closing), str(law).rsplit("/", 1)[-1], int(str(questions))) == (
        "2019-06-11",
        "police-and-justice-act-2006",
        3,
    )


def test_no_sentence_of_the_source_is_in_the_graph(graph: Graph) -> None:
    """Titles apart, our words are few: nothing runs to a paragraph."""
    longest = graph.query("""
        SELECT ?text WHERE { ?thing dcterms:description ?text }
        ORDER BY DESC(STRLEN(?text)) LIMIT 1""").rows[0][0]
    assert len(str(longest)) < 200
