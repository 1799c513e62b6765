"""The library of named questions: its form, its answers, and that engines agree."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Variable,
    parse,
    serialize,
)
from rdflib.plugins.sparql import prepareQuery

from cjigraph import guard, query, resources, store, vocab

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib.term import Identifier

    from cjigraph.names import Term
    from cjigraph.query import Question

    Terms = Mapping[Variable, Term]
    Cell = tuple[str, ...]
    Rows = list[tuple[Cell, ...]]

# rdflib warns of what it uses itself.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

FIXTURE = Path(__file__).parent / "fixtures" / "competency.trig"
ANSWERS = Path(__file__).parent / "competency"
QUESTIONS = query.questions()

TAGS = {
    "agencies",
    "bodies",
    "collaboration",
    "consultations",
    "dataset",
    "expectations",
    "figures",
    "inspections",
    "law",
    "lineage",
    "people",
    "principles",
    "programmes",
    "reports",
    "sources",
    "themes",
}
"""All the topics there are; the first of a question is the one it is listed under."""

EMPTY = {
    "themes-never-inspected": "each theme was made for work that is about it",
    "unsourced-inspection-statements": "it proves that there are none",
    "work-in-several-programmes": "no two programmes are known to list the same work",
}
"""Questions that the whole graph answers with nothing, and why that is right."""

SLOW = {
    "bodies-by-kind": "asks each named graph what kind of thing anything is",
    "disagreements-between-sources": "compares all statements with one another",
    "find-by-name": "compares all names with one another",
    "statements-with-several-passages": "counts where all statements stand",
    "unsourced-inspection-statements": "seeks each statement in every named graph",
    "what-a-passage-says": "asks each named graph for all it says",
    "what-an-inspection-follows": "seeks each lead in every named graph",
    "where-a-thing-is-spoken-of": "asks each named graph for all it says",
}
"""Questions that take rdflib seconds without their parameters, and why.

The whole graph is asked them with their examples only, if they have any; the small one
without.
"""

ALL = pytest.mark.parametrize("name", sorted(QUESTIONS))


# Form


@ALL
def test_a_header_says_all_there_is_to_say(name: str) -> None:
    question = QUESTIONS[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert question.summary.endswith("?")
    assert question.description.endswith(".")
    assert question.tags
    assert set(question.tags) <= TAGS
    assert len(question.tags) == len(set(question.tags))
    assert all(question.columns.values())
    for each in question.parameters.values():
        assert each.example
        assert each.description


def test_no_topic_is_unused() -> None:
    assert {tag for each in QUESTIONS.values() for tag in each.tags} == TAGS


def test_no_two_questions_are_the_same() -> None:
    said = Counter(each.summary for each in QUESTIONS.values())
    assert [summary for summary, number in said.items() if number > 1] == []


@ALL
def test_the_header_describes_each_column_in_order(name: str) -> None:
    question = QUESTIONS[name]
    columns = [str(each) for each in prepareQuery(question.text).algebra["PV"]]
    assert list(question.columns) == columns


@ALL
def test_parameters_are_the_first_columns(name: str) -> None:
    question = QUESTIONS[name]
    first = list(question.columns)[: len(question.parameters)]
    assert set(first) == set(question.parameters)


@ALL
def test_prefixes_are_those_of_the_project_and_all_used(name: str) -> None:
    text = QUESTIONS[name].query
    declared = re.findall(r"^PREFIX (\S*): <(\S*)>$", text, re.MULTILINE)
    assert declared == sorted(declared)
    for prefix, namespace in declared:
        assert vocab.PREFIXES[prefix] == namespace
        assert re.search(rf"[^\w<]{prefix}:\w", text.partition("\n\n")[2])


@ALL
def test_a_query_is_plain_and_safe(name: str) -> None:
    guard.admit(QUESTIONS[name].text, QUESTIONS[name].path)


@ALL
def test_each_term_of_ours_is_declared(name: str) -> None:
    used = set(re.findall(r"\bcji:(\w+)", QUESTIONS[name].query))
    assert used <= _declared()


@cache
def _declared() -> set[str]:
    path = resources.ontology() / "cji.ttl"
    found = parse(path.read_bytes(), format=RdfFormat.TURTLE)
    iris = {each.subject.value for each in found if isinstance(each.subject, NamedNode)}
    return {iri.removeprefix(vocab.CJI) for iri in iris if iri.startswith(vocab.CJI)}


@ALL
def test_a_query_orders_its_rows(name: str) -> None:
    assert "\nORDER BY " in QUESTIONS[name].query


# Answers on the small graph


def test_each_question_has_an_answer_and_each_answer_a_question() -> None:
    assert {path.stem for path in ANSWERS.glob("*.csv")} == set(QUESTIONS)


@ALL
def test_the_small_graph_answers_as_written_down(name: str) -> None:
    answer = _ask(_small(), QUESTIONS[name], {})
    expected = (ANSWERS / f"{name}.csv").read_text(encoding="utf-8")
    assert _as_csv(answer) == expected


@ALL
def test_no_answer_on_the_small_graph_is_empty(name: str) -> None:
    # Only so do the answers above show anything.
    assert _ask(_small(), QUESTIONS[name], {}).rows


def test_the_small_graph_uses_declared_terms_only() -> None:
    terms = {term for quad in _small() for term in quad if isinstance(term, NamedNode)}
    used = {each.value for each in terms if each.value.startswith(vocab.CJI)}
    assert {iri.removeprefix(vocab.CJI) for iri in used} <= _declared()


_LITERALS = {"date", "integer", "label", "string", "year"}
_PARAMETERS = [
    (each.name, parameter.name, parameter.type in _LITERALS)
    for each in QUESTIONS.values()
    for parameter in each.parameters.values()
]


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(name, parameter) for name, parameter, literal in _PARAMETERS if not literal],
)
def test_a_thing_narrows_the_answer_to_the_rows_that_have_it(
    name: str, parameter: str
) -> None:
    question = QUESTIONS[name]
    everything = _ask(_small(), question, {})
    column = everything.columns.index(parameter)
    values = {row[column] for row in everything.rows}
    for value in sorted(values - {()}):
        bound = _ask(_small(), question, {Variable(parameter): NamedNode(value[0])})
        assert bound.rows == [r for r in everything.rows if r[column] == value]


@pytest.mark.parametrize(
    ("name", "parameter", "value", "fewer"),
    [
        ("collaboration-by-year", "since", 2017, 5),
        ("collaboration-by-year", "until", 2016, 2),
        ("expected-but-not-reported", "by", "2020-12-31", 1),
        ("find-by-name", "name", "COURT", 9),
        ("milestones", "since", "2015-01-01", 1),
        ("milestones", "until", "2015-01-01", 1),
        ("reports-by-date", "since", "2017-06-15", 1),
        ("reports-by-date", "since", "2017-05-31", 2),
        ("reports-by-date", "until", "2017-05-01", 3),
        ("reports-by-year", "since", 2015, 2),
        ("reports-by-year", "until", 2017, 3),
        ("themes-by-year", "since", 2022, 1),
        ("themes-by-year", "until", 2012, 1),
        ("what-is-expected-when", "since", "2020-09-01", 1),
        ("what-is-expected-when", "until", "2020-05-31", 1),
        ("who-held-a-post-on-a-day", "day", "2014-12-31", 0),
        ("who-held-a-post-on-a-day", "day", "2019-03-31", 2),
        ("who-held-a-post-on-a-day", "day", "2019-04-01", 2),
        ("who-held-a-post-on-a-day", "day", "2030-01-01", 2),
    ],
)
def test_a_day_a_year_or_a_text_narrows_the_answer(
    name: str, parameter: str, value: str | int, fewer: int
) -> None:
    question = QUESTIONS[name]
    bound = query.bind(question, {parameter: str(value)}, _small())
    answer = _ask(_small(), question, bound)
    assert len(answer.rows) == fewer < len(_ask(_small(), question, {}).rows)
    assert _ask_rdflib(_small_rdflib(), question, bound) == answer


def test_each_day_year_and_text_is_tried() -> None:
    literal = {(name, each) for name, each, literal in _PARAMETERS if literal}
    tried = test_a_day_a_year_or_a_text_narrows_the_answer.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {(name, parameter) for name, parameter, *_ in tried} == literal


@ALL
def test_engines_agree_on_the_small_graph(name: str) -> None:
    question = QUESTIONS[name]
    assert _ask_rdflib(_small_rdflib(), question, {}) == _ask(_small(), question, {})


@ALL
def test_the_order_does_not_depend_on_that_of_the_statements(name: str) -> None:
    answers = [_ask(each, QUESTIONS[name], {}) for each in (_small(), *_shuffled())]
    assert answers.count(answers[0]) == len(answers)


# Answers on the whole graph


@ALL
def test_the_whole_graph_answers_for_the_examples(name: str) -> None:
    question = QUESTIONS[name]
    bound = query.bind(question, _examples(question), _whole())
    assert bool(_ask(_whole(), question, bound).rows) == (name not in EMPTY)


@ALL
@pytest.mark.parametrize("size", ["small", "whole"])
def test_no_two_rows_have_the_same_place_in_the_order(name: str, size: str) -> None:
    # So the order is total, whatever the engine makes of the rest.
    question = QUESTIONS[name]
    answer = _ask(_small() if size == "small" else _whole(), question, {})
    order = question.query.rpartition("ORDER BY")[2]
    keys = [answer.columns.index(each) for each in re.findall(r"\?(\w+)", order)]
    places = Counter(tuple(row[key][:1] for key in keys) for row in answer.rows)
    assert [place for place, rows in places.items() if rows > 1] == []


@ALL
def test_engines_agree_on_the_whole_graph(name: str) -> None:
    question = QUESTIONS[name]
    wanted = [_examples(question), {}] if question.parameters else [{}]
    if name in SLOW:
        wanted.remove({})
    for values in wanted:
        bound = query.bind(question, values, _whole()) if values else {}
        answer = _ask(_whole(), question, bound)
        assert _ask_rdflib(_whole_rdflib(), question, bound) == answer


def test_exceptions_are_questions() -> None:
    assert {*EMPTY, *SLOW} <= set(QUESTIONS)


def _examples(question: Question) -> dict[str, str]:
    return {name: each.example for name, each in question.parameters.items()}


# Graphs and engines


class Answer(NamedTuple):
    columns: tuple[str, ...]
    rows: Rows


@cache
def _quads() -> tuple[Quad, ...]:
    """The small graph, in whose default graph is all that the others say."""
    found = list(parse(FIXTURE.read_bytes(), format=RdfFormat.TRIG))
    plain = (Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in found)
    return tuple(dict.fromkeys([*found, *plain]))


def _store(quads: Iterable[Quad]) -> Store:
    made = Store()
    made.extend(quads)
    return made


@cache
def _small() -> Store:
    return _store(_quads())


@cache
def _whole() -> Store:
    return store.open_store()


@cache
def _shuffled() -> tuple[Store, ...]:
    """The small graph, its quads in several orders."""
    orders = [random.Random(seed).sample(_quads(), len(_quads())) for seed in range(4)]  # noqa: S311
    return tuple(_store(each) for each in orders)


@cache
def _small_rdflib() -> rdflib.Dataset:
    return _rdflib(_quads())


@cache
def _whole_rdflib() -> rdflib.Dataset:
    return _rdflib(_whole())


def _rdflib(quads: Iterable[Quad]) -> rdflib.Dataset:
    content, made = serialize(quads, format=RdfFormat.N_QUADS) or b"", rdflib.Dataset()
    made.parse(data=content, format="nquads")
    return made


def _ask(graph: Store, question: Question, bound: Terms) -> Answer:
    answer = graph.query(question.text, substitutions=dict(bound))
    assert isinstance(answer, QuerySolutions)
    columns = tuple(each.value for each in answer.variables)
    return Answer(columns, [tuple(map(_cell, row)) for row in answer])


def _cell(term: object) -> Cell:
    """Return a term as plain text: its value, language and datatype."""
    if isinstance(term, Literal):
        return term.value, term.language or "", _kept(term.datatype.value)
    return (term.value,) if isinstance(term, NamedNode | BlankNode) else ()


_WHOLE_NUMBERS = {
    vocab.XSD + name for name in ("nonNegativeInteger", "positiveInteger", "integer")
}


def _kept(datatype: str) -> str:
    """Return a datatype as Oxigraph keeps it: whole numbers are of one."""
    return vocab.XSD + "integer" if datatype in _WHOLE_NUMBERS else datatype


def _ask_rdflib(graph: rdflib.Dataset, question: Question, bound: Terms) -> Answer:
    given = {each.value: _to_rdflib(term) for each, term in bound.items()}
    answer = graph.query(question.text, initBindings=given)
    columns = tuple(map(str, answer.vars or ()))
    return Answer(columns, [tuple(map(_cell_of_rdflib, row)) for row in answer])  # type: ignore[arg-type]


def _to_rdflib(term: Term) -> Identifier:
    if isinstance(term, Literal):
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
    assert isinstance(term, NamedNode)
    return rdflib.URIRef(term.value)


def _cell_of_rdflib(term: Identifier | None) -> Cell:
    if isinstance(term, rdflib.Literal):
        plain = vocab.iri("rdf:langString" if term.language else "xsd:string")
        return str(term), term.language or "", _kept(str(term.datatype or plain))
    return () if term is None else (str(term),)


def _as_csv(answer: Answer) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([list(map(_in_short, row)) for row in answer.rows])
    return text.getvalue()


def _in_short(cell: Cell) -> str:
    return vocab.shorten(cell[0]) if len(cell) == 1 else "".join(cell[:1])
