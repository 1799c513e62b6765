from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

import cjigraph
from cjigraph.errors import InputError, QueryError
from cjigraph.vocab import ID, XSD

if TYPE_CHECKING:
    from cjigraph.graph import Graph


@pytest.fixture(scope="module")
def graph(asking_file: Path) -> Graph:
    return cjigraph.load(asking_file)


def test_a_graph_is_loaded_from_a_file(graph: Graph, asking_file: Path) -> None:
    assert repr(graph) == f"<Graph: {asking_file}, {len(graph)} quads>"
    assert len(graph) == len(graph.store)


def test_a_file_that_is_missing_is_our_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        cjigraph.load(tmp_path / "none.nq")


def test_a_query_gives_rows(graph: Graph) -> None:
    rows = graph.query("SELECT ?b { inspection:stalking-2017 cji:isLedBy ?b }").rows
    assert rows == [(ID + "body/hmicfrs",)]


def test_the_guard_holds_for_queries(graph: Graph) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused"):
        graph.query("ASK { SERVICE <http://127.0.0.1:9/> {} }")


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("body:hmic", NamedNode(ID + "body/hmic")),
        ("http://a/b", NamedNode("http://a/b")),
        ("HMIC", Literal("HMIC")),
        ("Report: custody", Literal("Report: custody")),
        (1, Literal(1)),
        (1.5, Literal(1.5)),
        (True, Literal(True)),
        (Decimal("1.5"), Literal("1.5", datatype=NamedNode(XSD + "decimal"))),
        (date(2019, 6, 1), Literal("2019-06-01", datatype=NamedNode(XSD + "date"))),
        (
            datetime(2019, 6, 1, tzinfo=UTC),
            Literal("2019-06-01T00:00:00Z", datatype=NamedNode(XSD + "dateTime")),
        ),
        (Literal("x", language="en"), Literal("x", language="en")),
        (NamedNode("a:b"), NamedNode("a:b")),
    ],
)
def test_python_values_become_terms(
    graph: Graph, value: object, term: NamedNode | Literal | BlankNode
) -> None:
    assert graph.query("SELECT ?x { VALUES ?y { 1 } }", x=value).terms == [(term,)]


def test_a_value_that_is_no_iri_is_refused(graph: Graph) -> None:
    with pytest.raises(QueryError, match="not an IRI: http://a/<b>"):
        graph.query("SELECT ?x {}", x="http://a/<b>")


def test_a_named_question_is_asked_with_names(graph: Graph) -> None:
    answer = graph.ask("inspections-led-by-body", body="HMI probation")
    assert "inspection" in answer.columns
    assert {row[0] for row in answer} == {ID + "body/hmi-probation"}


def test_questions_are_known_by_name(graph: Graph) -> None:
    assert graph.questions["inspections-led-by-body"].summary.endswith("?")
    assert graph.questions is graph.questions


def test_a_thing_is_shown_in_words(graph: Graph) -> None:
    assert graph.show("HMICFRS").startswith("HM Inspectorate of Constabulary\n")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_has_the_same_graphs(graph: Graph) -> None:
    dataset = graph.rdflib
    assert graph.rdflib is dataset
    named = {str(each.identifier) for each in dataset.graphs()}
    assert {ID + "passage/plan-stalking", ID + "passage/plan-annex"} <= named
    assert len(list(dataset.quads())) == len(graph)
    led = dataset.query("ASK { inspection:stalking-2017 cji:isLedBy body:hmicfrs }")
    assert led.askAnswer
