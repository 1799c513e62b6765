from __future__ import annotations

import pytest
from pyoxigraph import Store

from cjigraph import query
from cjigraph.errors import QueryError

MISTAKES = {
    "SELECT * { ?s f:p ?o }": '1:15: no prefix "f"; `cjigraph prefixes` lists',
    "SELECT * {\n  ?s cjj:p ?o }": '2:6: no prefix "cjj"; did you mean "cji"?',
    "SELEC * {}": '1:1: a query does not begin with "SELEC"; did you mean "SELECT"?',
    "WHERE {}": '1:1: a query does not begin with "WHERE"; begin with SELECT, ASK',
    "SELECT DISTINC ?s {}": '1:8: "DISTINC" is not SPARQL; did you mean "DISTINCT"?',
    "SELECT s {}": '1:8: "s" is not SPARQL; a variable begins with ?',
    "SELECT * { ?s foo ?o }": '1:15: "foo" is not SPARQL; a variable begins with ?',
    "SELECT * {": '1:10: "{" is not closed; brackets go in pairs',
    "SELECT * { FILTER(1 }": '1:21: "}" closes nothing; brackets go in pairs',
    "SELECT * {}}": '1:12: "}" closes nothing',
    "SELECT * { ?s ?p ?o } ORDER ?s": "1:29: cannot be read as SPARQL from here on",
    "SELECT ?x { ?x ?p 1 } LIMIT -1": "cannot be read as SPARQL from here on",
    "SELECT ?x ?y { ?x ?p ?y } GROUP BY ?x": "variable that is unbound; name it in GR",
    "SELECT * { ?s ?p ?o } GROUP BY ?s": "SELECT * is not authorized with GROUP BY",
    "ASK { ?s ?p <b> }": "IRI parsing failed; an IRI has no spaces",
    "SELECT * { ?s ?p ?o } LIMIT": "the query ends too early; it needs a pattern",
    "ASK": "1:4: the query ends too early",
    "SELECT ?s { ?s ?p ?o BIND(1 AS ?o) }": "somewhere before its end; look",
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.items())
def test_a_mistake_has_its_place_and_its_cure(text: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        query.run(Store(), text, path="my.rq")
    assert said in str(caught.value)
    assert str(caught.value).startswith("my.rq:")
    assert caught.value.cure


def test_a_prefix_declared_anywhere_is_known() -> None:
    with pytest.raises(QueryError, match="is not SPARQL"):
        query.run(Store(), "PREFIX f: <http://f/> SELECT * { ?s f:p oops }")


def test_a_complaint_in_other_words_is_passed_on() -> None:
    from cjigraph.mistakes import syntax_error

    assert (
        str(syntax_error("ASK {}", "no idea")) == "query:1:1: no idea; mend the query"
    )
