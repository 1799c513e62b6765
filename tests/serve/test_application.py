"""What else may be served: other routes, and pages for browsers at the endpoint."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from running import Server, soon

from cjigraph.serve import Limits, Settings, app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = """
import json, sys
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from cjigraph.serve import Bind, Limits, app, run
from cjigraph.serve.asked import Asked
from cjigraph.serve.negotiate import JSON, Chosen
from cjigraph.serve.problems import Problem
from cjigraph.serve.reading import Reading

async def page(request, asked, outcome):
    if outcome is None:
        return HTMLResponse("<p>editor")
    if isinstance(outcome, Problem):
        return HTMLResponse(f"<p>problem: {len(outcome.said)}", outcome.status)
    kind = dict(outcome.headers)[b"content-type"].decode()
    return HTMLResponse(f"<p>{asked.query} {kind} {outcome.cut} {len(outcome.body)}")

async def question(request):
    service = request.app.state.service
    asked = Asked("SELECT ?label { ?body rdfs:label ?label } ORDER BY ?label")
    values = {"body": ["iri", "https://w3id.org/cjigraph/id/body/" +
                       request.path_params["name"]]}
    query = asked._replace(query=asked.query.replace("?label {", "?body ?label {"))
    answer = await service.answer(
        query, Reading("SELECT", True), Chosen(JSON, JSON.media), "", values=values)
    return PlainTextResponse(answer.body)

async def broken(request):
    raise RuntimeError("a secret at /home/somebody")

given = json.loads(sys.argv[1])
routes = [Route("/", lambda _: PlainTextResponse("home")),
          Route("/question/{name}", question), Route("/broken", broken)]
run(Bind(*given["bind"][:2]), limits=Limits(**given["limits"]), **given["settings"],
    build=lambda settings: app(settings, routes=routes, page=page))
"""
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def site(asking_file: Path) -> Iterator[Server]:
    limits = {"rows": 2}
    with Server(asking_file, code=CODE, limits=limits) as running:
        yield running


def test_other_routes_are_served(site: Server) -> None:
    assert site.client.get("/").text == "home"


def test_a_browser_gets_pages(site: Server) -> None:
    browser = {"Accept": BROWSER}
    editor = site.client.get("/sparql", headers=browser)
    assert editor.text == "<p>editor"
    shown = site.get("ASK { ?s ?p ?o }", BROWSER)
    assert shown.text.startswith("<p>ASK { ?s ?p ?o } application/sparql-results+json")
    graph = site.get("DESCRIBE body:hmicfrs", BROWSER)
    assert "application/n-triples True" in graph.text
    table = site.get("SELECT * { ?s ?p ?o }", BROWSER)
    assert "True" in table.text
    problem = site.get("ASK {", BROWSER)
    assert problem.status_code == 400
    assert problem.text.startswith("<p>problem: ")


def test_a_program_gets_data_all_the_same(site: Server) -> None:
    assert site.get("ASK {}").json()["boolean"] is True
    assert site.client.get("/sparql").headers["content-type"].startswith("text/turtle")
    assert site.get("ASK {").headers["content-type"].startswith("text/plain")
    assert site.get("SELECT * { ?s ?p ?o }").status_code == 413
    assert site.get("ASK {}", BROWSER, format="json").json()["boolean"] is True


def test_a_question_is_asked_with_bound_terms(site: Server) -> None:
    body = site.client.get("/question/hmicfrs").json()
    found = body["results"]["bindings"]
    assert found
    assert {row["body"]["value"].rpartition("/")[2] for row in found} == {"hmicfrs"}


def test_our_own_faults_tell_nothing(site: Server) -> None:
    response = site.client.get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "it is not your fault" in response.text


def test_it_runs_inside_other_programs(asking_file: Path) -> None:
    """Such as this one, which may have threads and so must not be forked."""
    settings = Settings(str(asking_file), limits=Limits(workers=1))

    async def ask() -> list[httpx.Response]:
        application = app(settings)
        transport = httpx.ASGITransport(application)
        async with (
            application.router.lifespan_context(application),
            httpx.AsyncClient(transport=transport, base_url="http://any") as client,
        ):
            yes = await client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"})
            return [yes, await client.get("/sparql/")]

    found, nothing = asyncio.run(ask())
    assert found.json()["boolean"] is True
    assert nothing.status_code == 404


def test_a_graph_built_anew_is_another_version(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    versions = []
    for number in range(2):
        path.write_text(f"<a:s> <a:p> <a:{number}> .\n", encoding="utf-8")
        with Server(path) as server:
            assert soon(lambda: server.get("ASK {}").status_code == 200)
            answer = server.get("ASK {}")
            versions.append(
                (answer.headers["cjigraph-data-version"], answer.headers["etag"])
            )
    assert versions[0][0] != versions[1][0]
    assert versions[0][1] != versions[1][1]


def test_an_odd_dataset_is_served_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "odd.nq"
    path.write_text(
        "<a:s> <a:p> <a:o> _:graph .\n"
        "<https://w3id.org/cjigraph/> <http://www.w3.org/2002/07/owl#versionInfo>"
        ' "1\\r\\nSet-Cookie: a=b" .\n',
        encoding="utf-8",
    )
    with Server(path) as server:
        answer = server.get("ASK { ?s ?p ?o }")
        assert answer.json()["boolean"] is True
        assert "set-cookie" not in answer.headers
        assert answer.headers["cjigraph-data-version"].startswith("1--Set-Cookie--a-b+")
        assert server.client.get("/sparql").status_code == 200


def test_the_same_graph_is_the_same_version(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("<a:s> <a:p> <a:o> .\n", encoding="utf-8")
    tags = []
    for _ in range(2):
        with Server(path) as server:
            tags.append(server.get("ASK {}").headers["etag"])
    assert tags[0] == tags[1]
