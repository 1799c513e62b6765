"""The graph as it would have stood on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, RdfFormat, Store, parse

import cjigraph
from cjigraph import resources, vocab
from cjigraph.asof import Dataset, appearances, as_of
from cjigraph.assemble import RULES, assemble, canonical, compose, read_turtle
from cjigraph.cli import main
from cjigraph.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Quad

PREFIXES = """
    PREFIX body: <https://w3id.org/cjigraph/id/body/>
    PREFIX cji: <https://w3id.org/cjigraph/ontology#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX inspection: <https://w3id.org/cjigraph/id/inspection/>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

MADE_UP = """
@prefix body: <https://w3id.org/cjigraph/id/body/> .
@prefix cji: <https://w3id.org/cjigraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix document: <https://w3id.org/cjigraph/id/document/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix graph: <https://w3id.org/cjigraph/graph/> .
@prefix inspection: <https://w3id.org/cjigraph/id/inspection/> .
@prefix name: <https://w3id.org/cjigraph/id/name/> .
@prefix passage: <https://w3id.org/cjigraph/id/passage/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix report: <https://w3id.org/cjigraph/id/report/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

graph:sources {
    document:day a cji:SourceDocument ; dcterms:issued "2018-05-04"^^xsd:date .
    document:month a cji:SourceDocument ; dcterms:issued "2018-06"^^xsd:gYearMonth .
    document:year a cji:SourceDocument ; dcterms:issued "2019"^^xsd:gYear .
    document:undated a cji:SourceDocument ; cji:retrievedIn "2026"^^xsd:gYear .
    document:unknown a cji:SourceDocument .
    passage:day a cji:Passage ; dcterms:isPartOf document:day .
    passage:month a cji:Passage ; dcterms:isPartOf document:month .
    passage:year a cji:Passage ; dcterms:isPartOf document:year .
    passage:undated a cji:Passage ; dcterms:isPartOf document:undated .
}
passage:day {
    body:a a cji:Inspectorate ; rdfs:label "New name"@en .
    name:old a cji:NameUse ; cji:isNameOf body:a ; rdfs:label "Old name"@en ;
        cji:usedDuring "2001/2018-07"^^edtf:EDTF .
    inspection:one a cji:Inspection ; rdfs:label "One"@en .
}
passage:month {
    inspection:two a cji:Inspection ; rdfs:label "Two"@en ; cji:follows inspection:one .
}
passage:year {
    report:two a cji:Report ; rdfs:label "Report"@en ;
        dcterms:issued "2019-03-02"^^xsd:date ; cji:reportsOn inspection:two .
}
passage:undated {
    inspection:three a cji:Inspection ; rdfs:label "Three"@en ;
        cji:follows inspection:two .
}
"""


@pytest.fixture(scope="module")
def rules() -> Path:
    return resources.ontology() / RULES


@pytest.fixture(scope="module")
def made_up(rules: Path) -> list[Quad]:
    said = parse(MADE_UP, format=RdfFormat.TRIG)
    terms = read_turtle(resources.ontology() / "cji.ttl")
    return compose(said, terms, rules)[0]


def asked(quads: list[Quad], day: str, rules: Path, pattern: str) -> bool:
    store = Store()
    store.extend(as_of(quads, date.fromisoformat(day), rules))
    return bool(store.query(f"{PREFIXES} ASK {{ {pattern} }}"))


@pytest.mark.parametrize(
    ("document", "since"),
    [
        ("day", "2018-05-04"),
        ("month", "2018-06-01"),
        ("year", "2019-03-02"),  # it tells of a report of that day
        ("undated", "2026-01-01"),
        ("unknown", "9999-01-01"),
    ],
)
def test_a_document_counts_from_its_day(
    made_up: list[Quad], document: str, since: str
) -> None:
    found = appearances(Dataset(made_up))
    assert found[f"https://w3id.org/cjigraph/id/document/{document}"] == since


@pytest.mark.parametrize(
    ("day", "known"), [("2018-05-03", False), ("2018-05-04", True)]
)
def test_a_document_is_known_on_its_day_and_not_before(
    made_up: list[Quad], rules: Path, day: str, known: bool
) -> None:
    assert asked(made_up, day, rules, "inspection:one a cji:Inspection") is known
    in_passage = "GRAPH ?passage { inspection:one a cji:Inspection }"
    assert asked(made_up, day, rules, in_passage) is known


@pytest.mark.parametrize(
    ("day", "known"), [("2025-12-31", False), ("2026-01-01", True)]
)
def test_what_follows_is_worked_out_from_what_was_known(
    made_up: list[Quad], rules: Path, day: str, known: bool
) -> None:
    follows = "inspection:three cji:descendsFrom inspection:one"
    assert asked(made_up, day, rules, follows) is known


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2018-06-30", "Old name"),
        ("2018-07-31", "Old name"),
        ("2018-08-01", "New name"),
    ],
)
def test_a_body_goes_by_the_name_it_had(
    made_up: list[Quad], rules: Path, day: str, label: str
) -> None:
    assert asked(made_up, day, rules, f'body:a rdfs:label "{label}"@en')
    other = f'body:a rdfs:label ?other FILTER(?other != "{label}"@en)'
    assert not asked(made_up, day, rules, other)


def test_a_name_of_another_day_still_finds_the_body(
    made_up: list[Quad], rules: Path
) -> None:
    assert asked(made_up, "2018-06-30", rules, 'body:a skos:altLabel "New name"@en')


@pytest.fixture(scope="module")
def real() -> list[Quad]:
    content, _ = assemble(resources.ontology(), resources.data(), lambda _: None)
    return list(parse(content, format=RdfFormat.N_QUADS))


def test_on_the_last_day_the_graph_is_the_one_that_was_built(
    real: list[Quad], rules: Path
) -> None:
    """But for the candidates, which no source says and so no day knows."""
    facts = [
        each
        for each in real
        if getattr(each.graph_name, "value", "") != vocab.CANDIDATES_GRAPH
    ]
    assert canonical(as_of(real, date(9998, 12, 31), rules)) == canonical(facts)


@pytest.mark.parametrize("day", ["2019-06-01", "2014-03-31", "2021-12-31"])
def test_nothing_is_known_of_what_came_out_later(
    real: list[Quad], rules: Path, day: str
) -> None:
    """Walks every document, and every report, that is left."""
    left = as_of(real, date.fromisoformat(day), rules)
    assert all(since <= day for since in appearances(Dataset(left)).values())
    issued = "http://purl.org/dc/terms/issued"
    for quad in left:
        if quad.predicate.value == issued:
            assert isinstance(quad.object, Literal)
            assert quad.object.value <= day, quad


def test_python_and_the_command_line_know_the_day(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    """On the day before the consultation can have come out, nobody knew of it."""
    text = "SELECT ?entry WHERE { ?entry cji:isEntryIn programme:2019-20 }"
    for day, known in (("2019-04-07", False), ("2019-04-08", True)):
        assert bool(cjigraph.load(as_of=day).query(text)) is known
        assert main(["query", text, "--as-of", day, "--format", "csv"]) == 0
        assert (b"2019-20" in capfdbinary.readouterr().out) is known


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match='"summer" is no day; write it as YYYY-MM-DD'):
        cjigraph.load(as_of="summer")
