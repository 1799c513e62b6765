from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from cjigraph import guard, query
from cjigraph.errors import LimitError, QueryError
from cjigraph.vocab import ID, XSD

LED = """\
#+ summary: Which inspections did a body lead?
#+ description: One row for each.
#+ tags: [inspections]
#+ parameters:
#+   - name: body
#+     type: body
#+     example: hmicfrs
#+     description: the body that led
#+   - name: inspection
#+     type: inspection
#+     required: true
#+ columns:
#+   body: the body
SELECT DISTINCT ?body ?inspection { ?inspection cji:isLedBy ?body }
ORDER BY ?body ?inspection
"""

QUERIES = sorted((Path(__file__).parents[1] / "queries").glob("*.rq"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "who-led.rq").write_text(LED, "utf-8")
    (tmp_path / "bare.rq").write_text("ASK {}", "utf-8")
    (tmp_path / "notes.txt").write_text("not a query", "utf-8")
    return tmp_path


@pytest.fixture
def led(folder: Path) -> query.Question:
    return query.question("who-led", folder)


def typed(type_: str) -> query.Parameter:
    return query.Parameter({"name": "x", "type": type_})


def test_a_question_says_what_it_asks(led: query.Question) -> None:
    assert led.name == "who-led"
    assert led.summary == "Which inspections did a body lead?"
    assert led.tags == ("inspections",)
    assert led.columns == {"body": "the body"}
    assert led.parameters["body"].example == "hmicfrs"
    assert led.parameters["inspection"].required
    assert led.query.startswith("SELECT DISTINCT")


def test_the_questions_of_a_folder_are_its_rq_files(folder: Path) -> None:
    assert list(query.questions(folder)) == ["bare", "who-led"]


def test_an_unknown_question_brings_the_nearest(folder: Path) -> None:
    with pytest.raises(QueryError, match=r"did you mean .who-led."):
        query.question("who-lead", folder)
    with pytest.raises(QueryError, match=r"`cjigraph questions` lists them"):
        query.question("zzz", folder)
    with pytest.raises(QueryError, match=r'no question "\.\./who-led"'):
        query.question("../who-led", folder)


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("#+ sumary: x", 'no key "sumary" in a header; did you mean "summary"'),
        ("#+ tags: x", '"tags" is not a list'),
        ("#+ columns: x", '"columns" names nothing'),
        ("#+ parameters: [x]", "a parameter lacks its name or type"),
        ("#+ parameters:\n#+   - name: x", "a parameter lacks its name or type"),
        ("#+ parameters:\n#+   - name: x\n#+     type: bdy", 'no type "bdy"; did you'),
        ("#+ parameters:\n#+   - name: x\n#+     type: body\n#+     z: 1", 'key "z"'),
    ],
)
def test_a_header_that_says_something_else_is_refused(
    header: str, problem: str
) -> None:
    with pytest.raises(QueryError, match=problem):
        query.Question("q.rq", header + "\nASK {}")


def test_a_question_is_answered_with_its_parameters_bound(
    led: query.Question, asking: Store
) -> None:
    given = {"body": "HMICFRS", "inspection": "stalking-2019"}
    body, inspection = ID + "body/hmicfrs", ID + "inspection/stalking-2019"
    assert query.ask(led, given, asking).rows == [(body, inspection)]


def test_a_parameter_left_out_leaves_its_variable_free(
    led: query.Question, asking: Store
) -> None:
    rows = query.ask(led, {"inspection": "stalking-2019"}, asking).rows
    assert [row[0] for row in rows] == [ID + "body/hmi-probation", ID + "body/hmicfrs"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "inspection: a value is required; give one, such as inspection"),
        ({"inspection": "stalking-2019", "bdy": "x"}, 'no parameter "bdy" in who-led'),
        ({"inspection": "stalking-2019", "zzz": "x"}, "it has body, inspection"),
        ({"inspection": "stalking-2091"}, 'inspection: nothing is called "stalking-'),
        ({"inspection": "theme:stalking"}, "theme:stalking is not an inspection"),
        ({"inspection": "x\udce9"}, "inspection: not UTF-8"),
    ],
)
def test_a_parameter_that_does_not_fit_is_one_line(
    led: query.Question, asking: Store, given: dict[str, str], problem: str
) -> None:
    with pytest.raises(QueryError) as caught:
        query.bind(led, given, asking)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_question_without_parameters_says_so(folder: Path, asking: Store) -> None:
    with pytest.raises(QueryError, match="it has none"):
        query.bind(query.question("bare", folder), {"x": "y"}, asking)


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("date", "2019-06-11", Literal("2019-06-11", datatype=NamedNode(XSD + "date"))),
        ("year", "2019", Literal(2019)),
        ("integer", "-7", Literal(-7)),
        ("string", " a b ", Literal("a b")),
        ("label", "Stalking", Literal("Stalking")),
        ("thing", "theme:stalking", NamedNode(ID + "theme/stalking")),
    ],
)
def test_a_value_becomes_a_term(
    asking: Store, type_: str, text: str, expected: NamedNode | Literal
) -> None:
    assert query.term(typed(type_), text, asking) == expected


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("date", "2019"),
        ("date", "2019-02-30"),
        ("date", "11/06/2019"),
        ("date", "20190611"),
        ("year", "19"),
        ("year", "MMXIX"),
        ("integer", "1.5"),
        ("integer", "9" * 30),
        ("integer", ""),
    ],
)
def test_a_value_of_another_type_is_refused(
    asking: Store, type_: str, text: str
) -> None:
    with pytest.raises(QueryError, match=r"^x: .* is not a ") as caught:
        query.term(typed(type_), text, asking)
    assert caught.value.cure.startswith("write ")


def test_a_value_is_never_read_as_sparql(asking: Store) -> None:
    text = "SELECT ?x { ?s rdfs:label ?l BIND(STR(?l) AS ?x) }"
    for value in (
        'x" } SERVICE <http://a/> { ?s ?p "',
        "\\u0022",
        "?l",
        "') || true #",
    ):
        assert not query.run(asking, text, {Variable("x"): Literal(value)})
    assert query.run(asking, text, {Variable("x"): Literal("Custody")})


def test_prefixes_are_known_without_being_told() -> None:
    assert query.run(Store(), "ASK { FILTER(STRSTARTS(STR(cji:x), 'https://w3id')) }")
    own = "PREFIX cji: <http://other/> ASK { FILTER(STR(cji:x) = 'http://other/x') }"
    assert query.run(Store(), own)


def test_the_guard_stands_before_the_engine() -> None:
    with pytest.raises(QueryError, match="SERVICE is refused"):
        query.run(Store(), "ASK { SERVICE <http://127.0.0.1:9/> {} }")
    with pytest.raises(LimitError):
        query.run(Store(), "SELECT * " + "{" * 3000)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT ?s { ?s ?p ?o }", r"\?x is given a value but is not among the col"),
        ("SELECT ?x { FILTER(BOUND(?x)) }", r"1:26: the engine takes \?x for unbound"),
        ("SELECT ?x { FILTER(?x) }", r"query:1:20: the engine takes \?x for unbound"),
        ("SELECT ?x { BIND(?x AS ?y) }", r"1:18: the engine takes \?x for unbound"),
        ("SELECT ?x (?x AS ?y) {}", "the engine takes"),
    ],
)
def test_a_variable_the_engine_would_ignore_is_refused(text: str, problem: str) -> None:
    with pytest.raises(QueryError, match=problem):
        query.run(Store(), text, {Variable("x"): Literal(1)})


def test_the_engine_does_ignore_a_given_variable_in_bound() -> None:
    # The reason for the refusal above: should this fail one day, that can go.
    text = "SELECT ?x ?y { VALUES ?y { 1 } FILTER(!BOUND(?x)) }"
    answer = Store().query(text, substitutions={Variable("x"): Literal(1)})
    assert isinstance(answer, QuerySolutions)
    assert list(answer)


def test_coalesce_sees_a_given_variable() -> None:
    text = "SELECT ?x ?y { VALUES ?y { 1 2 3 } FILTER(?y >= COALESCE(?x, 0)) }"
    given: query.Terms = {Variable("x"): Literal(2)}
    assert sorted(query.run(Store(), text, given).rows) == [(2, 2), (2, 3)]
    assert len(query.run(Store(), text)) == 3


def test_what_fails_while_it_runs_is_one_line() -> None:
    with pytest.raises(QueryError, match=r"the query failed: .*custom function"):
        query.run(Store(), "SELECT (<http://a/f>(1) AS ?x) {}")


def test_a_query_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_bytes(b"ASK {}\n# caf\xe9\n")
    with pytest.raises(QueryError, match=r"q\.rq:2: not UTF-8; save it as UTF-8"):
        query.read(path)


def test_a_byte_order_mark_and_windows_line_ends_are_taken_off() -> None:
    assert query.decoded(b"\xef\xbb\xbfASK {\r\n}", "q.rq") == "ASK {\n}"


def test_a_query_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="cannot be read: No such file"):
        query.read(tmp_path / "none.rq")


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_question_of_ours_is_fit_to_ask(path: Path) -> None:
    question = query.Question(path, path.read_text("utf-8"))
    found = guard.admit(question.text, path)
    assert question.summary.endswith("?")
    assert question.tags
    words = [token.text.upper() for token in found]
    first = words[words.index("SELECT") :] if "SELECT" in words else []
    columns = first[: first.index("{")]
    assert ("ORDER", "BY") in pairwise(words)
    for name in [*question.parameters, *question.columns]:
        assert f"?{name}".upper() in columns, "bound and described columns are selected"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_question_of_ours_can_be_given_its_parameters(
    path: Path, asking: Store
) -> None:
    question = query.Question(path, path.read_text("utf-8"))
    terms: query.Terms = {Variable(name): Literal("x") for name in question.parameters}
    query.run(asking, question.text, terms, path)
