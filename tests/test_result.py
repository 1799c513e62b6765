from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, Store

from cjigraph import result
from cjigraph.errors import InputError, QueryError
from cjigraph.query import run

if TYPE_CHECKING:
    from cjigraph.result import Result

VALUES = """
SELECT * {
  VALUES (?iri ?none ?text ?whole ?decimal ?double ?truth ?day ?time ?year
          ?bad ?worse) {
    (cji:Body UNDEF "a,b"@en 7 1.50 1e3 true "2019-06-11"^^xsd:date
     "2019-06-11T10:00:00Z"^^xsd:dateTime "2019"^^xsd:gYear "1_0"^^xsd:integer
     "soon"^^xsd:date)
  }
}
"""


def ask(text: str) -> Result:
    return run(Store(), text)


def test_rows_are_python_values_and_terms_are_rdf() -> None:
    answer = ask(VALUES)
    row = dict(zip(answer.columns, answer.rows[0], strict=True))
    assert row == {
        "iri": "https://w3id.org/cjigraph/ontology#Body",
        "none": None,
        "text": "a,b",
        "whole": 7,
        "decimal": Decimal("1.50"),
        "double": 1000.0,
        "truth": True,
        "day": date(2019, 6, 11),
        "time": datetime(2019, 6, 11, 10, tzinfo=UTC),
        "year": "2019",
        "bad": "1_0",
        "worse": "soon",
    }
    assert row["truth"] is True
    terms = dict(zip(answer.columns, answer.terms[0], strict=True))
    assert terms["iri"] == NamedNode("https://w3id.org/cjigraph/ontology#Body")
    assert terms["text"] == Literal("a,b", language="en")


def test_columns_are_in_the_order_of_the_select() -> None:
    assert ask("SELECT ?b ?a { VALUES (?a ?b) { (1 2) } }").columns == ("b", "a")


def test_a_result_is_a_sequence_of_rows() -> None:
    answer = ask("SELECT ?a { VALUES ?a { 1 2 } } ORDER BY ?a")
    assert list(answer) == [(1,), (2,)]
    assert len(answer) == 2
    assert answer
    assert not ask("SELECT * { FILTER(false) }")


def test_it_can_be_read_and_written_as_often_as_wanted() -> None:
    answer = ask("SELECT ?a { VALUES ?a { 1 } }")
    assert answer.rows == answer.rows == [(1,)]
    assert answer.to_csv() == answer.to_csv() == "a\r\n1\r\n"


def test_an_ask_is_true_or_false() -> None:
    assert ask("ASK {}")
    assert not ask("ASK { FILTER(false) }")
    assert ask("ASK {}").write() == b"yes\n"
    assert json.loads(ask("ASK {}").write("json"))["boolean"] is True
    assert b"<boolean>true</boolean>" in ask("ASK {}").write("xml")


GRAPH = "CONSTRUCT { cji:Body rdfs:label ?x } { VALUES ?x { 'b' 'd' 'a' 'c' 'a' } }"


def test_triples_are_sorted_and_written_with_the_prefixes_they_need() -> None:
    answer = ask(GRAPH)
    assert [row[2] for row in answer.rows] == ["a", "b", "c", "d"]
    turtle = answer.write().decode()
    assert turtle.count("@prefix") == 2
    assert turtle.endswith("\n")
    assert answer.write("nt").count(b"\n") == 4
    assert json.loads(answer.write("jsonld"))
    assert len(answer.rows) == 4
    assert answer.columns == ("subject", "predicate", "object")


@pytest.mark.parametrize(
    ("text", "format_", "fit"),
    [
        ("SELECT * {}", "ttl", "table, csv, tsv, json, xml"),
        ("ASK {}", "csv", "table, json, xml"),
        (GRAPH, "csv", "ttl, nt, jsonld"),
        (GRAPH, "table", "ttl, nt, jsonld"),
    ],
)
def test_a_format_that_does_not_fit_names_those_that_do(
    text: str, format_: str, fit: str
) -> None:
    with pytest.raises(QueryError, match=f"{format_} cannot hold") as caught:
        ask(text).write(format_)
    assert fit in caught.value.cure


def test_xml_is_well_formed_whatever_the_text_holds() -> None:
    answer = ask('SELECT ("a\\u0001<\\uFFFE\\u000Db" AS ?x) {}')
    parsed = ET.fromstring(answer.write("xml"))  # noqa: S314 (our own)
    said = parsed.find(".//{*}literal")
    assert said is not None
    assert said.text == "a\ufffd<\ufffd\rb"


def test_csv_and_tsv_are_exact() -> None:
    answer = ask("SELECT ('=1+1' AS ?a) ('x,\"y\"' AS ?b) (body:x AS ?c) {}")
    iri = "https://w3id.org/cjigraph/id/body/x"
    assert answer.to_csv() == f'a,b,c\r\n=1+1,"x,""y""",{iri}\r\n'
    assert answer.write("tsv").decode().split("\n")[1].split("\t")[2] == f"<{iri}>"


def test_a_table_is_aligned_and_shortens_iris() -> None:
    answer = ask("SELECT ?a ?b { VALUES (?a ?b) { (body:x 1) (UNDEF 22) } }")
    assert answer.to_text() == "a       b\n------  --\nbody:x  1\n        22"
    assert repr(answer) == answer.to_text()


def test_a_table_is_cut_only_for_a_terminal() -> None:
    answer = ask(f"SELECT ('{'x' * 100}' AS ?a) ('y' AS ?b) {{}}")
    assert "x" * 100 in answer.to_text()
    cut = answer.to_text(40)
    assert all(len(line) <= 40 for line in cut.split("\n"))
    assert "…" in cut


def test_nothing_in_a_table_steers_the_terminal() -> None:
    answer = ask('SELECT ("\\u001B[31m\\u202Ered\\u0085\\n" AS ?x) {}')
    assert answer.to_text().split("\n")[2] == "\\x1b[31m\\u202ered\\x85\\n"


def test_other_terms_are_shown_as_well() -> None:
    answer = ask("SELECT (BNODE() AS ?a) (<<( body:x rdfs:label 'z' )>> AS ?b) {}")
    blank, triple = answer.to_text().split("\n")[2].split("  ")
    assert blank.startswith("_:")
    assert triple == "<<( body:x rdfs:label z )>>"
    assert str(answer.rows[0][0]).startswith("_:")


def test_a_notebook_gets_a_table_with_its_text_escaped() -> None:
    html = ask("SELECT ('<b>' AS ?x) {}")._repr_html_()
    assert html == ("<table><tr><th>x</th></tr><tr><td>&lt;b&gt;</td></tr></table>")


def test_pandas_is_asked_for_only_when_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(InputError, match="pandas is not installed"):
        ask("SELECT * {}").to_pandas()


def test_the_values_of_no_term_and_of_an_iri() -> None:
    assert result.value(None) is None
    assert result.value(NamedNode("a:b")) == "a:b"
