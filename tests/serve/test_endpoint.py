"""The endpoint as clients meet it, over real HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import pytest
from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

if TYPE_CHECKING:
    import httpx
    from running import Server

ROWS = "SELECT ?s WHERE { ?s a cji:Inspection } ORDER BY ?s"
YES = "ASK { ?s ?p ?o }"
STATEMENTS = "CONSTRUCT { ?s a cji:Body } WHERE { ?s a cji:Body }"
DESCRIBED = "DESCRIBE body:hmicfrs"

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv; charset=utf-8"
TSV = "text/tab-separated-values; charset=utf-8"
TURTLE = "text/turtle; charset=utf-8"

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def media(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    return response.headers["content-type"]


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (ROWS, "", JSON),
        (ROWS, "*/*", JSON),
        (ROWS, JSON, JSON),
        (ROWS, "application/json", "application/json"),
        (ROWS, XML, XML),
        (ROWS, "text/xml", "text/xml; charset=utf-8"),
        (ROWS, "text/csv", CSV),
        (ROWS, "text/tab-separated-values", TSV),
        (ROWS, "text/*", CSV),
        (ROWS, f"text/csv;q=0.5, {XML};q=0.8", XML),
        (ROWS, f"text/csv;q=0.9, {XML};q=0.8", CSV),
        (ROWS, f"*/*, {JSON};q=0", XML),
        (ROWS, BROWSER, "application/xml"),
        (YES, "text/csv, */*;q=0.1", JSON),
        (YES, XML, XML),
        (STATEMENTS, "", TURTLE),
        (STATEMENTS, "application/n-triples", "application/n-triples"),
        (STATEMENTS, "application/rdf+xml", "application/rdf+xml"),
        (STATEMENTS, "application/ld+json", "application/ld+json"),
        (DESCRIBED, "application/json", "application/json"),
        (
            DESCRIBED,
            "text/turtle;q=0.2, application/ld+json;q=0.3",
            "application/ld+json",
        ),
    ],
)
def test_accept_chooses_the_format(
    server: Server, query: str, accept: str, expected: str
) -> None:
    response = server.get(query, accept)
    assert media(response) == expected
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("query", "word", "expected"),
    [
        (ROWS, "json", JSON),
        (ROWS, "xml", XML),
        (ROWS, "csv", CSV),
        (ROWS, "tsv", TSV),
        (STATEMENTS, "ttl", TURTLE),
        (STATEMENTS, "turtle", TURTLE),
        (STATEMENTS, "nt", "application/n-triples"),
        (STATEMENTS, "rdfxml", "application/rdf+xml"),
        (STATEMENTS, "jsonld", "application/ld+json"),
        (STATEMENTS, "json-ld", "application/ld+json"),
    ],
)
def test_a_parameter_chooses_the_format_over_accept(
    server: Server, query: str, word: str, expected: str
) -> None:
    assert media(server.get(query, "image/png", format=word)) == expected


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (ROWS, "image/png"),
        (ROWS, "*/*;q=0"),
        (ROWS, "text/turtle"),
        (YES, "text/csv"),
        (STATEMENTS, JSON),
        (ROWS, f"{JSON};q=0"),
    ],
)
def test_what_cannot_be_had_is_406(server: Server, query: str, accept: str) -> None:
    response = server.get(query, accept)
    assert response.status_code == 406
    assert "what fits is" in response.text


@pytest.mark.parametrize("word", ["csv", "n3", "html"])
def test_a_format_that_does_not_fit_is_406(server: Server, word: str) -> None:
    assert server.get(YES, format=word).status_code == 406


def test_all_formats_of_a_table_hold_the_same(server: Server) -> None:
    formats = {
        "json": QueryResultsFormat.JSON,
        "xml": QueryResultsFormat.XML,
        "tsv": QueryResultsFormat.TSV,
    }
    query = (
        "SELECT ?s ?label WHERE { ?s a cji:Inspection ; rdfs:label ?label }"
        " ORDER BY ?s ?label"
    )
    found = []
    for word, format_ in formats.items():
        solutions = parse_query_results(server.get(query, format=word).content, format_)
        assert isinstance(solutions, QuerySolutions)
        found.append([tuple(row) for row in solutions])
    assert found[0]
    assert found[0] == found[1] == found[2]
    lines = server.get(query, format="csv").text.splitlines()
    assert lines[0] == "s,label"
    assert len(lines) == len(found[0]) + 1


def test_all_formats_of_statements_hold_the_same(server: Server) -> None:
    formats = {
        "ttl": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
    }
    found = [
        {quad.triple for quad in parse(server.get(STATEMENTS, format=w).content, f)}
        for w, f in formats.items()
    ]
    assert found[0]
    assert all(each == found[0] for each in found)


def test_our_prefixes_need_not_be_declared(server: Server) -> None:
    assert len(server.get(ROWS).json()["results"]["bindings"]) > 1


def test_a_relative_name_is_one_of_ours(server: Server) -> None:
    query = "ASK { <id/body/hmicfrs> ?p ?o }"
    assert server.get(query).json()["boolean"] is True


def test_the_same_is_answered_by_every_way_of_asking(server: Server) -> None:
    form = server.client.post("/sparql", data={"query": ROWS})
    direct = server.client.post(
        "/sparql",
        content=ROWS.encode(),
        headers={"Content-Type": "application/sparql-query; charset=UTF-8"},
    )
    assert form.content == direct.content == server.get(ROWS).content


def test_head_says_what_get_would(server: Server) -> None:
    head = server.client.head("/sparql", params={"query": ROWS})
    get = server.get(ROWS)
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]


def test_parameters_are_decoded_once(server: Server) -> None:
    query = 'SELECT ("%2541" AS ?text) {}'
    for response in (
        server.get(query),
        server.client.post("/sparql", data={"query": query}),
    ):
        (row,) = response.json()["results"]["bindings"]
        assert row["text"]["value"] == "%2541"


def test_a_byte_order_mark_is_no_part_of_a_query(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    content = b"\xef\xbb\xbf" + YES.encode()
    response = server.client.post("/sparql", content=content, headers=headers)
    assert response.json()["boolean"] is True


# The dataset of a query


def test_a_default_graph_is_the_only_one(server: Server) -> None:
    graphs = server.get("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    names = [row["g"]["value"] for row in graphs.json()["results"]["bindings"]]
    assert len(names) > 1
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def counted(**given: Any) -> int:
        (row,) = server.get(count, **given).json()["results"]["bindings"]
        return int(row["n"]["value"])

    each = [counted(**{"default-graph-uri": name}) for name in names]
    assert all(0 < number < counted() for number in each)
    both = counted(**{"default-graph-uri": names[:2]})
    assert max(each[:2]) <= both <= sum(each[:2])
    named = "ASK { GRAPH ?g { ?s ?p ?o } }"
    answer = server.get(named, **{"default-graph-uri": names[0]})
    assert answer.json()["boolean"] is False
    answer = server.get(YES, **{"named-graph-uri": names[0]})
    assert answer.json()["boolean"] is False


def test_a_graph_of_ours_that_nothing_is_in_is_empty(server: Server) -> None:
    name = "https://w3id.org/cjigraph/graph/no-such-graph"
    answer = server.get(YES, **{"default-graph-uri": name})
    assert answer.json()["boolean"] is False


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_elsewhere_is_refused_with_advice(server: Server, name: str) -> None:
    response = server.get(YES, **{name: "http://127.0.0.1:9/data.ttl"})
    assert response.status_code == 403
    assert "none is fetched" in response.text
    assert "GRAPH ?g" in response.text


@pytest.mark.parametrize("name", ["relative", "", "a b:c", "http://a/<script>"])
def test_a_graph_must_have_a_name(server: Server, name: str) -> None:
    assert server.get(YES, **{"default-graph-uri": name}).status_code == 400


# What the protocol forbids


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"query": ""}, 400),
        ({"query": "   "}, 400),
        ({"default-graph-uri": "https://w3id.org/cjigraph/graph/sources"}, 400),
        ({"query": [YES, ROWS]}, 400),
        ({"query": YES, "format": ["json", "xml"]}, 400),
        ({"query": YES, "truncate": "perhaps"}, 400),
        ({"query": "ASK {"}, 400),
        ({"query": "ASKK {}"}, 400),
        ({"query": "ASK { ?s nope:p ?o }"}, 400),
        ({"query": "ASK { FILTER(<http://a/f>(1)) }"}, 400),
        ({"update": "CLEAR ALL"}, 403),
        ({"query": YES, "update": "CLEAR ALL"}, 403),
        ({"query": "INSERT DATA { <a:a> <a:b> 1 }"}, 403),
        ({"query": "DROP ALL"}, 403),
        ({"query": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, 403),
        ({"query": "ASK FROM <http://127.0.0.1:9/> { ?s ?p ?o }"}, 403),
    ],
)
def test_a_request_that_is_wrong_is_told_so(
    server: Server, parameters: dict[str, Any], status: int
) -> None:
    response = server.client.get("/sparql", params=parameters)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert 10 < len(response.text) < 500
    assert "Traceback" not in response.text
    assert "/home" not in response.text


def test_a_refusal_says_what_to_do_instead(server: Server) -> None:
    service = server.get("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }").text
    assert "ask the other service by itself" in service
    assert "line 1, column 7" in service
    update = server.client.get("/sparql", params={"update": "CLEAR ALL"}).text
    assert "change your own copy" in update


@pytest.mark.parametrize(
    ("media", "content", "status"),
    [
        ("text/plain", b"ASK {}", 415),
        ("application/json", b'{"query": "ASK {}"}', 415),
        (None, b"query=ASK%20%7B%7D", 415),
        ("application/sparql-update", b"CLEAR ALL", 403),
        ("application/sparql-query; charset=UTF-16", "ASK {}".encode("utf-16"), 400),
        ("application/sparql-query; charset=latin-1", b"ASK {}", 400),
        ("application/sparql-query", "ASK {}".encode("utf-16"), 400),
        ("application/sparql-query", b'ASK { ?s ?p "\xff" }', 400),
        ("application/x-www-form-urlencoded", b"query=%ff", 400),
        ("application/x-www-form-urlencoded", b"", 400),
        ("application/sparql-query", b"", 400),
    ],
)
def test_a_body_that_is_wrong_is_told_so(
    server: Server, media: str | None, content: bytes, status: int
) -> None:
    headers = {"Content-Type": media} if media else {}
    response = server.client.post("/sparql", content=content, headers=headers)
    assert response.status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_405(server: Server, method: str) -> None:
    response = server.client.request(method, "/sparql", params={"query": YES})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_problem_is_json_where_that_is_asked_for(server: Server) -> None:
    response = server.get("ASK {", "application/problem+json, */*;q=0.1")
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code == 400
    assert problem["detail"].startswith("line 1, column ")


def test_there_is_nothing_elsewhere(server: Server) -> None:
    for path in ("/", "/sparql/", "/docs", "/openapi", "/..%2f..%2fetc%2fpasswd"):
        response = server.client.get(path)
        assert response.status_code == 404
        assert response.text == "there is nothing here\n"


# Headers


def test_any_page_may_read_the_answers_but_not_as_its_user(server: Server) -> None:
    headers = {"Origin": "http://evil.example"}
    for response in (
        server.client.get("/sparql", params={"query": YES}, headers=headers),
        server.client.get("/sparql", params={"query": "ASK {"}, headers=headers),
        server.client.get("/.well-known/void", headers=headers),
    ):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers


def test_a_preflight_allows_no_more_than_there_is(server: Server) -> None:
    response = server.client.options(
        "/sparql",
        headers={
            "Origin": "http://evil.example",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "Authorization",
        },
    )
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    allowed = response.headers["access-control-allow-methods"]
    assert allowed == "GET, HEAD, POST, OPTIONS"
    assert "Authorization" not in response.headers["access-control-allow-headers"]


def test_every_answer_says_its_licence_and_version(server: Server) -> None:
    for response in (
        server.get(YES),
        server.get("ASK {"),
        server.client.get("/sparql"),
    ):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cjigraph-data-version"]
        assert "server" not in response.headers


def test_the_tag_is_of_the_query_its_dataset_and_its_format(server: Server) -> None:
    graph = {"default-graph-uri": "https://w3id.org/cjigraph/graph/sources"}
    tags = [
        server.get(ROWS).headers["etag"],
        server.get(ROWS + " # else").headers["etag"],
        server.get(ROWS, "text/csv").headers["etag"],
        server.get(ROWS, **graph).headers["etag"],
        server.get(ROWS, truncate="true").headers["etag"],
    ]
    assert len(set(tags)) == len(tags)
    assert server.get(ROWS, JSON).headers["etag"] == tags[0]
    posted = server.client.post("/sparql", data={"query": ROWS})
    assert posted.headers["etag"] == tags[0]


@pytest.mark.parametrize("form", ["{}", '"x", {}', "*"])
def test_what_a_client_has_is_not_sent_again(server: Server, form: str) -> None:
    first = server.get(ROWS)
    again = server.client.get(
        "/sparql",
        params={"query": ROWS},
        headers={"If-None-Match": form.format(first.headers["etag"])},
    )
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == "Accept"


def test_another_tag_does_not_match(server: Server) -> None:
    headers = {"If-None-Match": 'W/"0"'}
    response = server.client.get("/sparql", params={"query": ROWS}, headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_does_not_last_is_not_kept(server: Server, call: str) -> None:
    query = f"SELECT ({call.lower()} AS ?x) {{}}"
    response = server.get(query)
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers
    assert server.get(query).content != response.content


def test_a_word_in_a_text_does_not_hinder_keeping(server: Server) -> None:
    response = server.get('ASK { ?rand rdfs:label "NOW() # UUID" }')
    assert response.headers["cache-control"] == "public, max-age=300"


def test_a_table_of_text_is_saved_and_not_shown(server: Server) -> None:
    response = server.get(ROWS, "text/csv")
    assert response.headers["content-disposition"].startswith("attachment")


# Limits on answers


def test_an_answer_with_too_many_rows_is_refused_whole(crowded: Server) -> None:
    query = "SELECT * { ?s ?p ?o }"
    for word in ("json", "xml", "csv", "tsv"):
        response = crowded.get(query, format=word)
        assert response.status_code == 413
        assert "add LIMIT" in response.text
    assert crowded.get(query + " LIMIT 1000").status_code == 200
    assert crowded.get(query + " LIMIT 1001").status_code == 413


def test_an_answer_with_too_many_statements_is_refused_whole(crowded: Server) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    for word in ("ttl", "nt", "rdfxml", "jsonld"):
        assert crowded.get(query, format=word).status_code == 413
        assert crowded.get(query + " LIMIT 500", format=word).status_code == 200


def test_an_answer_with_too_many_bytes_is_refused_whole(crowded: Server) -> None:
    doubled = "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1}) " for n in range(19))
    query = f'SELECT ?v19 {{ BIND("x" AS ?v0) {doubled} }}'
    for accept in (JSON, XML, "text/csv", "text/tab-separated-values"):
        response = crowded.get(query, accept)
        assert response.status_code == 413
        assert "400000 bytes" in response.text


def test_a_part_is_given_to_whoever_asks_for_a_part(crowded: Server) -> None:
    query = "SELECT * { ?s ?p ?o }"
    part = crowded.get(query, truncate="true")
    assert part.headers["x-truncated"] == "rows"
    found = part.json()
    assert len(found["results"]["bindings"]) == 1000
    assert found["head"]["link"] == ["limits#rows"]
    whole = crowded.get(query + " LIMIT 10", truncate="true")
    assert "x-truncated" not in whole.headers
    assert "link" not in whole.json()["head"]


@pytest.mark.parametrize("word", ["xml", "csv", "tsv"])
def test_a_part_is_well_formed(crowded: Server, word: str) -> None:
    response = crowded.get("SELECT * { ?s ?p ?o }", format=word, truncate="true")
    assert response.headers["x-truncated"] == "rows"
    if word == "xml":
        expat.ParserCreate().Parse(response.content, True)
        assert response.text.count("<result>") == 1000
        assert '<link href="limits#rows"/>' in response.text
    else:
        assert response.text.count("\n") == 1001


def test_a_part_of_statements_says_so(crowded: Server) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    response = crowded.get(query, format="nt", truncate="true")
    assert response.headers["x-truncated"] == "rows"
    assert response.text.startswith("# truncated\n")
    assert 300 < response.text.count("\n") <= 1001
    assert all(line.endswith(" .") for line in response.text.splitlines()[1:])


# Descriptions


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/n-triples", RdfFormat.N_TRIPLES),
    ],
)
def test_there_are_descriptions_in_four_formats(
    server: Server, path: str, accept: str, format_: RdfFormat
) -> None:
    response = server.client.get(path, headers={"Accept": accept})
    assert media(response).startswith(accept)
    ours = {str(quad.triple) for quad in parse(response.content, format_)}
    turtle = server.client.get(path, params={"format": "ttl"}).content
    assert ours == {str(quad.triple) for quad in parse(turtle, RdfFormat.TURTLE)}
    assert server.client.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_the_limits_are_shown(server: Server) -> None:
    text = server.client.get("/limits").text
    assert "seconds a query may run" in text
    found = server.client.get("/limits", headers={"Accept": "application/json"}).json()
    assert found["rows"] == 10_000
    assert found["workers"] == 2
    assert json.dumps(found)
