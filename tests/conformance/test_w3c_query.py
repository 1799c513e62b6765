"""The W3C's SPARQL 1.1 query and results-format suites, against a worker's evaluation.

Each query must pass the guard, as a stranger's would. Federation, entailment regimes
and updates are other suites: the endpoint has none of them.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from manifest import BASE, MF, MISSING, QT, SUITE, Case, cases
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from cjigraph.serve import reading, wire
from cjigraph.serve.evaluate import GRAPHS, evaluate
from cjigraph.serve.limits import Limits
from cjigraph.serve.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

QUERY = (
    "aggregates",
    "bind",
    "bindings",
    "cast",
    "construct",
    "exists",
    "functions",
    "grouping",
    "negation",
    "project-expression",
    "property-path",
    "subquery",
    "syntax-query",
)
RESULTS = ("csv-tsv-res", "json-res")

_LANGUAGE = "the engine gives GROUP_CONCAT the language that its parts share"
_GRAPH = "the engine loses the graph's name where nothing inside GRAPH ?g binds it"
_ABSENT = "the engine does not count a node that is in no statement as its own end"
_SPELLING = "the engine keeps a number's value, not its spelling or narrower type"
EXPECTED_FAILURES = {
    "syntax-query/test_4": "read, but it calls a function that we do not have",
    "aggregates/agg-groupconcat-04": _LANGUAGE,
    "aggregates/agg-groupconcat-06": _LANGUAGE,
    "aggregates/agg-empty-group-count-graph": _GRAPH,
    "bindings/graph": _GRAPH,
    "negation/graph-minus": "the engine takes the graph's name for a shared variable",
    "functions/bnode01": "the engine takes BNODE's argument for the label itself",
    "property-path/zero_or_more_set_start": _ABSENT,
    "property-path/zero_or_more_set_end": _ABSENT,
    "property-path/zero_or_one_set_start": _ABSENT,
    "property-path/zero_or_one_set_end": _ABSENT,
    "csv-tsv-res/csv03": _SPELLING,
    "csv-tsv-res/tsv03": _SPELLING,
}
"""Tests that fail, and why; one that passes all the same is an error."""

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}

ALL = list(cases(*QUERY, *RESULTS))
"""All of them, in the order of the manifests."""


def parameters(kinds: Sequence[str]) -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=EXPECTED_FAILURES[case.name], strict=True)]
            if case.name in EXPECTED_FAILURES
            else [],
        )
        for case in ALL
        if case.kind in kinds
    ] or [pytest.param(None, id="none", marks=pytest.mark.skip(reason=MISSING))]


@pytest.mark.parametrize(
    "case", parameters(["PositiveSyntaxTest11", "PositiveSyntaxTest"])
)
def test_what_is_sparql_is_read(case: Case) -> None:
    reply = answer(case, Store(), case.manifest.path(case.node, MF + "action"))
    assert reply.status == wire.OK, reply.body


@pytest.mark.parametrize(
    "case", parameters(["NegativeSyntaxTest11", "NegativeSyntaxTest"])
)
def test_what_is_not_sparql_is_refused(case: Case) -> None:
    reply = answer(case, Store(), case.manifest.path(case.node, MF + "action"))
    assert reply.status == wire.UNREADABLE


@pytest.mark.parametrize(
    "case", parameters(["QueryEvaluationTest", "CSVResultFormatTest"])
)
def test_the_answer_is_the_one_of_the_suite(case: Case) -> None:
    action = case.manifest.value(case.node, MF + "action")
    expected = case.manifest.path(case.node, MF + "result")
    assert expected is not None
    query = case.manifest.path(action, QT + "query")
    assert query is not None
    ending = expected.suffix
    reply = answer(case, loaded(case, action), query, ending)
    assert reply.status == wire.OK, reply.body
    if ending == ".csv":
        assert csv_rows(reply.body) == csv_rows(expected.read_bytes())
    elif asks_for_graph(query):
        assert same(parse(reply.body, RdfFormat.TURTLE), triples(expected))
    else:
        ordered = "order by" in query.read_text(encoding="utf-8").lower()
        ours = table(reply.body, FORMATS.get(ending, QueryResultsFormat.JSON))
        assert normal(ours, ordered) == normal(expected_table(expected), ordered)


def test_every_expected_failure_is_a_test() -> None:
    if not SUITE.is_dir():
        pytest.skip(MISSING)
    assert {case.name for case in ALL} >= set(EXPECTED_FAILURES)


def test_no_kind_of_test_is_left_out() -> None:
    if not SUITE.is_dir():
        pytest.skip(MISSING)
    assert {case.kind for case in ALL} == {
        "PositiveSyntaxTest11",
        "NegativeSyntaxTest11",
        "QueryEvaluationTest",
        "CSVResultFormatTest",
    }
    assert len(ALL) > 300


FORMATS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
NAMES = {".srx": "xml", ".srj": "json", ".tsv": "tsv", ".csv": "csv"}


def answer(
    case: Case, store: Store, query: Path | None, ending: str = ".srj"
) -> wire.Reply:
    """Read a query as the endpoint does, and answer it as a worker does."""
    assert query is not None
    text = query.read_text(encoding="utf-8")
    found = reading.read(text, 64 * 1024, ("",))
    if not isinstance(found, Reading):
        return wire.Reply(wire.UNREADABLE, found.said.encode())
    graph = found.form in ("CONSTRUCT", "DESCRIBE")
    name = "ttl" if graph else NAMES.get(ending, "json")
    assert not graph or name in GRAPHS
    return evaluate(store, wire.Job(wire.QUERY, text, name), Limits())


def asks_for_graph(query: Path | None) -> bool:
    assert query is not None
    found = reading.read(query.read_text(encoding="utf-8"), 64 * 1024, ("",))
    return isinstance(found, Reading) and found.form in ("CONSTRUCT", "DESCRIBE")


def loaded(case: Case, action: object) -> Store:
    store = Store()
    for name in case.manifest.values(action, QT + "data"):
        assert isinstance(name, NamedNode)
        load(store, case, name)
    for name in case.manifest.values(action, QT + "graphData"):
        assert isinstance(name, NamedNode)
        load(store, case, name, name)
    return store


def load(
    store: Store, case: Case, name: NamedNode, graph: NamedNode | None = None
) -> None:
    path = case.manifest.folder / name.value.removeprefix(BASE)
    format_ = RdfFormat.RDF_XML if path.suffix == ".rdf" else RdfFormat.TURTLE
    store.load(path.read_bytes(), format_, base_iri=name.value, to_graph=graph)


def triples(path: Path) -> Iterable[Quad]:
    format_ = RdfFormat.RDF_XML if path.suffix == ".rdf" else RdfFormat.TURTLE
    return parse(path.read_bytes(), format_, base_iri=BASE)


def same(ours: Iterable[Quad], theirs: Iterable[Quad]) -> bool:
    return canonical(ours) == canonical(theirs)


def canonical(quads: Iterable[Quad]) -> list[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def csv_rows(content: bytes) -> list[list[tuple[str, str]]]:
    """Return rows by column; one blank node is as good as another."""
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    plain = (["_:" if each.startswith("_:") else each for each in row] for row in rows)
    return sorted(sorted(zip(head, row, strict=True)) for row in plain)


Term = NamedNode | BlankNode | Literal | Triple
Table = tuple[tuple[str, ...], list[dict[str, Term]]] | bool


def table(content: bytes, format_: QueryResultsFormat) -> Table:
    parsed = parse_query_results(content, format_)
    if isinstance(parsed, QueryBoolean):
        return bool(parsed)
    assert isinstance(parsed, QuerySolutions)
    names = [variable.value for variable in parsed.variables]
    rows = [
        {name: term for name, term in zip(names, row, strict=True) if term is not None}
        for row in parsed
    ]
    return tuple(sorted(names)), rows


def expected_table(path: Path) -> Table:
    if path.suffix in FORMATS:
        return table(path.read_bytes(), FORMATS[path.suffix])
    return described_table(Store(), path)


def described_table(store: Store, path: Path) -> Table:
    """Read a result that is written in RDF."""
    store.extend(triples(path))
    found = store.query(f"SELECT ?b {{ ?set <{RS}boolean> ?b }}")
    assert isinstance(found, QuerySolutions)
    for row in found:
        return str(row["b"].value) == "true"
    names = column(store, f"SELECT ?n {{ ?set <{RS}resultVariable> ?n }}", "n")
    rows: dict[str, dict[str, Term]] = {}
    cells = store.query(
        f"SELECT ?row ?name ?value {{ ?set <{RS}solution> ?row ."
        f" OPTIONAL {{ ?row <{RS}binding> ?cell ."
        f" ?cell <{RS}variable> ?name ; <{RS}value> ?value }} }}"
    )
    assert isinstance(cells, QuerySolutions)
    for cell in cells:
        row = rows.setdefault(str(cell["row"]), {})
        if cell["name"] is not None and cell["value"] is not None:
            row[cell["name"].value] = cell["value"]
    return tuple(sorted(names)), list(rows.values())


def column(store: Store, query: str, name: str) -> list[str]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return [row[name].value for row in found]


def normal(found: Table, ordered: bool) -> object:
    """Return a table so that equal ones are equal, whatever blank nodes are called."""
    if isinstance(found, bool):
        return found
    names, rows = found
    quads = []
    for number, row in enumerate(rows):
        node = BlankNode()
        place = str(number) if ordered else "row"
        quads.append(Quad(node, NamedNode("x:row"), Literal(place)))
        for name, term in row.items():
            quads.append(Quad(node, NamedNode(f"x:{name}"), by_value(term)))
    return names, canonical(quads)


def by_value(term: Term) -> Term:
    """Return numbers, and yes and no, in one spelling."""
    if isinstance(term, Literal) and term.datatype.value == XSD + "boolean":
        value = {"1": "true", "0": "false"}.get(term.value, term.value)
        return Literal(value, datatype=term.datatype)
    if isinstance(term, Literal) and term.datatype.value in NUMBERS:
        try:
            value = str(Decimal(str(float(term.value))).normalize())
        except ValueError:
            return term
        return Literal(value, datatype=term.datatype)
    return term
