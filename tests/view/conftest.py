"""A small graph to look at, and a browser to look at it with."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from cjigraph import resources, view, vocab
from cjigraph.record.spans import Span
from cjigraph.view import html
from cjigraph.view.pictures import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cjigraph.view.html import View

VIEWING = Path(__file__).parent.parent / "fixtures" / "viewing.trig"


@pytest.fixture(scope="session")
def viewing() -> Store:
    """Return the graph, whose default graph says all that its others say."""
    store = Store()
    store.load(path=VIEWING, format=RdfFormat.TRIG)
    for quad in list(store):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    ontology = parse(path=resources.ontology() / "cji.ttl", format=RdfFormat.TURTLE)
    store.extend(ontology)
    return store


@pytest.fixture(scope="session")
def pages(
    viewing: Store, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., str]:
    """Return what makes a view of the graph, once, and gives its `file:` address."""
    folder = tmp_path_factory.mktemp("pages")
    known: dict[str, str] = {}

    def address(name: str, **params: Any) -> str:
        key = "-".join([name, *map(str, params.values())]).replace(":", "-")
        if key not in known:
            path = folder / f"{key}.html"
            view.page(viewing, name, **params).save(path)
            known[key] = path.as_uri()
        return known[key]

    return address


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[View], str]:
    """Return what saves a page and gives its `file:` address."""

    def address(page: View) -> str:
        return page.save(tmp_path / "page.html").as_uri()

    return address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a real browser: that of CHROMIUM, or `chromium` on the path."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="install the extra [browser]"
    )
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("install chromium, or name it in the variable CHROMIUM")
    flags = ["--no-sandbox", "--headless=new", "--disable-dev-shm-usage"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


class Reader:
    """Somebody at a browser, who notes what goes wrong and what is sent for."""

    def __init__(self, browser: Any, **options: Any) -> None:
        options = {"viewport": {"width": 1280, "height": 900}} | options
        self.context = browser.new_context(accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.wrong: list[str] = []
        self.sent: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.sent.append(request.url))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))

    def open(self, address: str) -> Any:
        """Open a page and wait until its picture is drawn."""
        self.page.goto(address)
        for _ in range(500):
            if self.ask("performance.getEntriesByName('drawn').length"):
                return self.page
            self.page.wait_for_timeout(20)
        raise AssertionError(f"nothing is drawn: {self.wrong}")

    def ask(self, script: str) -> Any:
        """Return what an expression comes to in the page."""
        return self.page.evaluate(script)

    def shown(self) -> set[str]:
        """Return the last parts of the IRIs of the things shown."""
        return {iri.rpartition("/")[2] for iri in self.ask("cjigraph.shown().things")}

    def lit(self) -> set[str]:
        """Return the last parts of the IRIs of the things highlighted."""
        iris = self.ask("cjigraph.highlighted()?.things ?? []")
        return {iri.rpartition("/")[2] for iri in iris}

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def settle(self) -> None:
        """Wait until what was changed is drawn."""
        self.page.wait_for_timeout(120)


@pytest.fixture
def reader(chromium: Any) -> Iterator[Reader]:
    """Return somebody at a browser on a desk, for whom nothing may go wrong."""
    someone = Reader(chromium)
    yield someone
    someone.context.close()
    assert someone.wrong == []
    assert [
        each for each in someone.sent if not each.startswith(("file:", "blob:"))
    ] == []


@pytest.fixture
def readers(chromium: Any) -> Iterator[Callable[..., Reader]]:
    """Return what makes readers with other screens and wishes."""
    known: list[Reader] = []

    def make(**options: Any) -> Reader:
        known.append(Reader(chromium, **options))
        return known[-1]

    yield make
    for someone in known:
        someone.context.close()
        assert someone.wrong == []


def _node(label: str, kind: str = "inspection") -> dict[str, Any]:
    named = {"class": "Inspection", "class_label": kind, "kind": kind}
    return {**named, "label": label, "alt": [], "facts": []}


def picture_of(graph: nx.MultiDiGraph[str]) -> Picture:
    return Picture("whole", "A picture", "What it is about.", graph)


@pytest.fixture(scope="session")
def star(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], str]:
    """Return what gives the address of a page of a hub with so many around it."""
    folder = tmp_path_factory.mktemp("stars")

    def address(points: int) -> str:
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        hub = f"{vocab.ID}body/hub"
        graph.add_node(hub, **_node("The hub", "body"))
        for number in range(points):
            point = f"{vocab.ID}inspection/point-{number}"
            graph.add_node(point, **_node(f"Point {number}"))
            graph.add_edge(point, hub, "cji:isLedBy", relation="cji:isLedBy",
                           label="is led by", sources=[])  # fmt: skip
        return html.draw(picture_of(graph)).save(folder / f"{points}.html").as_uri()

    return address


@pytest.fixture
def odd(saved: Callable[[View], str]) -> Callable[[str], str]:
    """Return what gives the address of a page of an odd network."""

    def address(kind: str) -> str:
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for number in range({"nothing": 0, "one": 1, "cycle": 3}[kind]):
            graph.add_node(f"{vocab.ID}inspection/{number}", **_node(f"Work {number}"))
        names = list(graph)
        if kind == "cycle":
            for one, other in zip(names, names[1:] + names[:1], strict=True):
                graph.add_edge(one, other, "cji:follows", relation="cji:follows",
                               label="follows", sources=[])  # fmt: skip
        return saved(html.draw(picture_of(graph)))

    return address


@pytest.fixture
def joint(saved: Callable[[View], str]) -> str:
    """Return the address of a page of two bodies with work of two years together."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    one, other = f"{vocab.ID}body/one", f"{vocab.ID}body/other"
    for name in (one, other):
        graph.add_node(name, **_node(name[-5:], "body"))
    works: list[tuple[str, str, list[Any], Span]] = [
        (f"{vocab.ID}inspection/{year}", f"Work of {year}", [], Span(first, first))
        for year in (2010, 2015)
        for first in [date(year, 1, 1)]
    ]
    graph.add_edge(one, other, "with", relation="with", label="works with", sources=[],
                   weight=2, works=works)  # fmt: skip
    return saved(html.draw(picture_of(graph)))
