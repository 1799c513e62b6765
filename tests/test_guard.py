from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QueryBoolean, Store

from cjigraph import guard
from cjigraph.errors import CjigraphError, LimitError, QueryError

CLOSED = "<http://127.0.0.1:9/>"  # a port the engine never connects to, and says so

ACCEPTED = [
    "SELECT * WHERE { ?service ?p ?o }",
    'SELECT ?service $SERVICE { ?s ?p \'SERVICE\', "service", """a\nSERVICE""" }',
    "ASK { ?s <http://a/SERVICE> <http://a/#SERVICE> } # SERVICE <http://b/> {}",
    "PREFIX e: <http://e/> ASK { e:SERVICE e:service-x ?o . ?s ?p 'x'@en-service }",
    "ASK { FILTER(?a < ?b && ?b>?a) FILTER(?a<?b) FILTER(1<=2) }",
    "ASK { FILTER(?a<http://www.w3.org/ns/org#Role>) FILTER(?a = <urn:x#y>) }",
    "BASE <http://b/> ASK { ?s <#p> <it's> . (<a:b> <c:d>) ?p << ?s ?p ?o >> }",
    "ASK { ?s ?p 'it\\'s \\u00e9 \\U0001F600', '''a''b''', \"\", 1.5e3, -2, true }",
    "SELECT * FROM <https://w3id.org/cjigraph/graph/sources> FROM NAMED passage:x {}",
    "PREFIX g: <https://w3id.org/cjigraph/graph/> ASK FROM g:sources {}",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DESCRIBE body:hmcpsi",
    "ASK { VALUES ?x { " + "<http://a/b> " * 1500 + "} }",
    "ASK { VALUES (?x ?y) { " + "(<a:b> -1) " * 1500 + "} }",
    "CONSTRUCT { ?s ?p ?o " + ". ?s ?p ?o " * 500 + "} WHERE { ?s ?p ?o }",
    "ASK { FILTER(?x IN (" + "1," * 1500 + "1)) }",
    "ASK { ?insert ?load <http://a/INSERT> . ?s e:DELETE 'DROP' }",
    "#+ summary: SERVICE?\nASK {}",
]

REFUSED = {
    "ASK { SERVICE <http://a/> {} }": "SERVICE is refused",
    "ASK { sErViCe SILENT <http://a/> {} }": "SERVICE is refused",
    "ASK { SERVICE # comment\n <http://a/> {} }": "SERVICE is refused",
    "ASK { {}SERVICE<http://a/>{} }": "SERVICE is refused",
    "ASK { SERVICEe:x{} }": "SERVICE is refused",
    "ASK { ?s ?p 1SERVICE <http://a/> {} }": "SERVICE is refused",
    "ASK { ?s ?p trueSERVICE <http://a/> {} }": "SERVICE is refused",
    "ASK { S\\u0045RVICE <http://a/> {} }": "its escapes written out",
    "ASK { \\U00000053ERVICE <http://a/> {} }": "its escapes written out",
    "ASK { ?s ?p 'x\\u0027 } SERVICE <http://a/> {} #' }": "its escapes written out",
    "ASK { FILTER(?a<?b#>)\n) SERVICE <http://a/> {} }": "read in two ways",
    "ASK { FILTER(?a<'>' ) SERVICE <http://a/> {} #'\n}": "read in two ways",
    "ASK { FILTER(?a <<(x)#>) SERVICE <http://a/> {} #\n}": "read in two ways",
    'ASK { VALUES ?x { """ " } SERVICE <http://a/> {} #\\q """ \n}': "does not end",
    "ASK { ?s ?p '''\\uD800''' }": "does not end",
    "ASK { ?s ?p '\\U00110000' }": "does not end",
    "ASK { ?s ?p 'x }": "does not end",
    "ASK { ?s ?p \\x }": "stray backslash",
    "INSERT DATA { <a:a> <a:b> <a:c> }": "INSERT is refused",
    "PREFIX e: <http://e/> BASE <http://b/> delete where { ?s ?p ?o }": "DELETE is",
    "# x\nLOAD <http://a/>": "LOAD is refused",
    "CLEAR ALL": "CLEAR is refused",
    "DROP ALL": "DROP is refused",
    "CREATE GRAPH <a:b>": "CREATE is refused",
    "COPY <a:b> TO <a:c>": "COPY is refused",
    "MOVE <a:b> TO <a:c>": "MOVE is refused",
    "ADD <a:b> TO <a:c>": "ADD is refused",
    "WITH <a:b> DELETE {} WHERE {}": "WITH is refused",
    "ASK FROM <http://a/> {}": "not a graph of ours",
    "ASK FROM NAMED <file:///etc/passwd> {}": "not a graph of ours",
    "PREFIX g: <http://g/> ASK FROM g:x {}": "not a graph of ours",
    "ASK FROM nowhere:x {}": "not a graph of ours",
    "": "the query is empty",
    " \n# only this\n": "the query is empty",
    "ASK { ?s ?p 'a\x00b' }": "U+0000 has no place",
    "ASK { ?s ?p 'a\x1bb' }": "U+001B has no place",
    "ASK { ?s ?p 'a\udce9b' }": "U+DCE9 has no place",
}

# One way each to make the engine's parser crash or its planner hang (THREATS, 2.2).
KILLERS = {
    "groups": "SELECT * " + "{" * 2300 + "}" * 2300,
    "functions": "SELECT (" + "STR(" * 1000 + "1" + ")" * 1000 + " AS ?x) {}",
    "parentheses": "SELECT (" + "(" * 4700 + "1" + ")" * 4700 + " AS ?x) {}",
    "functions after less than": "ASK { FILTER(?a<"
    + "STR(" * 999
    + "?b"
    + ")" * 999
    + ">1) }",
    "nots": "SELECT (" + "!" * 9400 + "1 AS ?x) {}",
    "sums": "SELECT (1" + "+1" * 7200 + " AS ?x) {}",
    "alternatives": "ASK { FILTER(1" + "||1" * 9400 + ") }",
    "unions": "ASK { {}" + "UNION{}" * 6600 + " }",
    "ifs": "SELECT (" + "IF(1,1," * 980 + "1" + ")" * 980 + " AS ?x) {}",
    "not exists": "ASK {" + "FILTER NOT EXISTS {" * 860 + "}" * 861,
    "subselects": "SELECT * {" + "{SELECT * " * 1220 + "{}" + "}" * 1221,
    "minus": "ASK {" + "MINUS {" * 2700 + "}" * 2701,
    "optional": "ASK {" + "OPTIONAL {" * 3000 + "}" * 3001,
    "paths": "ASK { ?s " + "(" * 14400 + "<a:p>" + ")*" * 14400 + " ?o }",
    "triple terms": "ASK { ?s ?p "
    + "<<( <a:b> <a:b> " * 6100
    + "1"
    + ")>>" * 6100
    + " }",
    "filters": "ASK {" + "FILTER(1)" * 9000 + "}",
    "binds": "ASK {" + "".join(f"BIND(1 AS ?x{n})" for n in range(4000)) + "}",
    "columns": "SELECT " + "".join(f"(1 AS ?x{n})" for n in range(5000)) + "{}",
    "described": "DESCRIBE " + "<a:b>" * 15000,
    "objects": "ASK { ?s ?p 1" + ",1" * 40000 + " }",
    "list": "ASK { ?s ?p (" + "1 " * 40000 + ") }",
    "patterns": "ASK {" + "".join(f"?s ?p ?o{n} ." for n in range(1500)) + "}",
    "optionals": "ASK {" + "OPTIONAL{?s ?p ?o}" * 1200 + "}",
    "blank nodes": "ASK {" + "[ <a:p> " * 1000 + "]" * 1000 + "}",
    "anonymous": "ASK { ?s ?p 1" + ",[]" * 1000 + "}",
    "graphs": "ASK {" + "GRAPH ?g{}" * 1000 + "}",
    "values": "ASK {" + "VALUES ?x{1}" * 1000 + "}",
    "steps": "ASK { ?s <a:p>" + "/<a:p>" * 1000 + " ?o }",
    "annotations": "ASK { ?s ?p ?o " + "{|<a:p> 1|}" * 200 + " }",
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_honest_queries_pass(text: str) -> None:
    guard.admit(text)


@pytest.mark.parametrize(("text", "problem"), REFUSED.items())
def test_what_is_refused_says_why_and_how_to_cure_it(text: str, problem: str) -> None:
    with pytest.raises(QueryError, match=problem.replace("+", r"\+")) as caught:
        guard.admit(text)
    assert caught.value.exit_code == 2
    assert caught.value.cure
    assert caught.value.line


@pytest.mark.parametrize("text", KILLERS.values(), ids=KILLERS)
def test_killers_hit_a_limit(text: str) -> None:
    with pytest.raises(LimitError) as caught:
        guard.admit(text, size=10_000_000)
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)


def test_size_is_counted_in_bytes() -> None:
    guard.admit("ASK {} #" + "x" * (guard.SIZE - 8))
    with pytest.raises(LimitError, match="100000 bytes"):
        guard.admit("ASK {} #" + "é" * (guard.SIZE // 2))


def test_limits_are_arguments() -> None:
    guard.admit("ASK {{{}}}", depth=3)
    with pytest.raises(LimitError, match="more than 2 deep"):
        guard.admit("ASK {{{}}}", depth=2)
    with pytest.raises(LimitError, match="more than 3 patterns"):
        guard.admit("ASK { ?s ?p 1, 2, 3, 4 }", patterns=3)
    with pytest.raises(LimitError, match="more than 4 operators"):
        guard.admit("ASK { FILTER(1+1+1) }", steps=4)


def test_brackets_that_are_closed_again_are_not_nested() -> None:
    guard.admit("ASK {" + "{}" * 200 + "}")


def test_a_refusal_names_file_line_and_column() -> None:
    with pytest.raises(QueryError, match=r"^my\.rq:2:3: SERVICE"):
        guard.admit("ASK {\n  SERVICE <http://a/> {} }", "my.rq")


def test_tokens_leave_out_comments_and_know_their_place() -> None:
    found = list(guard.tokens("ASK # e:x\n { ?s e:p 'a' }"))
    assert [(token.kind, token.text) for token in found] == [
        ("word", "ASK"),
        ("open", "{"),
        ("variable", "?s"),
        ("name", "e:p"),
        ("string", "'a'"),
        ("close", "}"),
    ]
    assert guard.position("ASK # e:x\n { ?s", found[2].start) == (2, 4)


# The engine itself is the judge: what it fetches, the guard must have refused.

SERVICES = st.sampled_from(
    [
        *("SERVICE ", "SERVICE", "service#\n", "Service SILENT ", "SERVICE#>\n"),
        *("SERVICE#'\n", 'SERVICE#"""\n', "S\\u0045RVICE ", "\tSERVICE\r"),
    ]
)
PIECES = st.sampled_from(
    [
        *(
            "'",
            '"',
            "'''",
            '"""',
            "'>'",
            '"x"',
            "''",
            '""',
            r"\q",
            r"\uD800",
            "\\",
            "\n",
        ),
        *("?a", "<", ">", "#>", "#", "?b", "1", "(", ")", "<<(", ")>>", "<<", ">>"),
        *("||", "<=", "<?b", "<x>", "<urn:a#b>", "<http://x/#", "<http://x/'>", "!"),
        *("-", " ", ",", "e:f", r"e:x\#", r"e:x\'", "true", "IN", "EXISTS{", "}"),
        *("{", "é", "#'", '#"""', r'#\q"""', ".", ";", "[", "]", "@en", "\\u0027"),
        *("\\u003E", "%41", "_:"),
    ]
)
MESS = st.lists(PIECES, max_size=5).map("".join)
STARTS = st.sampled_from(["", "?a", "1", "STR(1)", "e:x"])
ENDS = st.sampled_from(["", ",true", "||true"])
ADDRESSES = st.sampled_from([CLOSED, "e:x", ":x"])


@st.composite
def hidden_services(draw: st.DrawFn) -> str:
    values = f"VALUES ?x {{1 {draw(MESS)}}} " if draw(st.booleans()) else ""
    test = f"{draw(STARTS)}{draw(MESS)}{draw(ENDS)}"
    filter_ = f"FILTER(COALESCE({test})) " if draw(st.booleans()) else draw(MESS)
    call = f"{draw(SERVICES)}{draw(ADDRESSES)}{{}}"
    return f"BASE <http://b/> SELECT * {{{values}{filter_}{call} {draw(MESS)}\n}}"


def fetches(text: str) -> bool:
    """Whether the engine tries to reach the closed port."""
    store = Store()
    store.add(Quad(*[NamedNode("a:b")] * 3))
    prefixes = {"e": CLOSED[1:-1], "": CLOSED[1:-1]}
    try:
        answer = store.query(text, prefixes=prefixes)
        if not isinstance(answer, QueryBoolean):
            next(iter(answer), None)
    except OSError as error:
        return "port 9 is not allowed" in str(error)
    except (SyntaxError, ValueError, RuntimeError, UnicodeError):
        pass
    return False


@settings(max_examples=1500, deadline=None)
@given(hidden_services())
@example(f"ASK {{ FILTER(COALESCE(1<'>',true)) SERVICE {CLOSED} {{}} #'\n}}")
@example(f'ASK {{ VALUES ?x {{ """ " }} SERVICE {CLOSED} {{}} #\\q """ \n}}')
@example("ASK { SERVICEe:x{} }")
def test_no_service_gets_past_the_guard(text: str) -> None:
    try:
        guard.admit(text)
    except CjigraphError:
        return
    assert not fetches(text)


def test_the_judge_sees_what_is_fetched() -> None:
    assert fetches(f"SELECT * {{ SERVICE {CLOSED} {{}} }}")
    assert fetches("SELECT * { SERVICEe:x{} }")
    assert not fetches("SELECT * {}")


QUIET = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="'\\>")
)


@given(QUIET, QUIET)
def test_the_word_is_accepted_in_strings_iris_and_comments(
    before: str, after: str
) -> None:
    said = before + "SERVICE" + after
    plain = "".join(each for each in said if each.isalnum())
    guard.admit(f"ASK {{ ?s ?p '{said}' }} # {said}\n")
    guard.admit(f"ASK {{ ?s <http://a/{plain}> ?{plain} }}")


@given(st.text() | st.lists(PIECES).map("".join) | hidden_services())
def test_nothing_but_our_own_errors_is_raised(text: str) -> None:
    try:
        guard.admit(text)
    except CjigraphError as error:
        assert "\n" not in str(error)  # noqa: PT017 (no error is right as well)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://a/> {} }",
        "ASK { S\\u0045RVICE <http://a/> {} }",
        "DROP ALL",
        "ASK FROM <http://a/> {}",
    ],
)
def test_what_is_not_allowed_is_told_from_what_is_wrong(text: str) -> None:
    with pytest.raises(guard.ForbiddenError):
        guard.admit(text)
    with pytest.raises(QueryError) as caught:
        guard.admit("ASK { 'a }")
    assert not isinstance(caught.value, guard.ForbiddenError)


def test_others_may_have_graphs_of_their_own() -> None:
    text = "ASK FROM <http://a/1> FROM NAMED <http://b/2> {}"
    guard.admit(text, graphs=("http://a/", "http://b/"))
    with pytest.raises(guard.ForbiddenError, match="http://b/2"):
        guard.admit(text, graphs=("http://a/",))


def test_the_pieces_of_what_is_admitted_are_returned() -> None:
    assert [token.text for token in guard.admit("ASK{?s ?p 1}")] == [
        *("ASK", "{", "?s", "?p", "1", "}")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p '''" + "a'" * 30_000,
        'ASK { ?s ?p """' + 'a"' * 30_000,
        "ASK { ?s ?p '''" + "''a" * 20_000,
        "ASK " + "FROM <https://w3id.org/cjigraph/g> " * 2_500 + "{}",
        "ASK { " + "<a " * 30_000,
    ],
    ids=["quotes", "double quotes", "pairs of quotes", "graphs", "half IRIs"],
)
def test_no_text_takes_long_to_judge(text: str) -> None:
    start = process_time()
    with pytest.raises(CjigraphError):
        guard.admit(text)
    assert process_time() - start < 2
