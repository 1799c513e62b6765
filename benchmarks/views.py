"""How long pages of networks take, as ratios measured in one run.

    python benchmarks/views.py [--runs 5] [--skip-browser]

Compares, on one made-up network of inspections for each size:

- writing the page for 30 000 things and 60 000 links with writing the same network as
  plain JSON; laying it out is told apart;
- our layout of 3 000 things with networkx's `spring_layout` of as many rounds, which
  needs scipy;
- in headless Chromium, how soon 300 things are drawn and still on our page and on
  pyvis's own with its physics, and how soon 3 000 are, at first and all at once.

Every figure is the median of several runs, taken in turn. A ratio that misses what it
has to reach is marked, and the exit code is then 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from cjigraph import vocab
from cjigraph.networks import Fact, Source
from cjigraph.view import html
from cjigraph.view.layout.force import force
from cjigraph.view.pictures import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 50


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--skip-browser", action="store_true")
    asked = parser.parse_args()
    results = [writing(asked.runs), laying_out(max(1, asked.runs // 2))]
    if not asked.skip_browser:
        results += browsing(asked.runs)
    sys.exit(0 if all(results) else 1)


def made_up(things: int, links: int) -> Picture:
    """Return a picture of a network whose hubs are as hubs are."""
    chance = random.Random(things)  # noqa: S311 (the same network every time)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    source = Source(f"{vocab.PASSAGE}made-up", "Made up, row 1", "row 1", None)
    names = [f"{vocab.ID}inspection/work-{number}" for number in range(things)]
    for number, name in enumerate(names):
        fact = Fact("dcterms:description", "description", f"Work {number}", [source])
        graph.add_node(
            name,
            **{
                "kind": "inspection",
                "class": "Inspection",
                "class_label": "inspection",
            },
            label=f"Inspection of subject {number}",
            alt=[],
            facts=[fact],
            start=f"{2000 + number % 25}-01-01",
            end=f"{2000 + number % 25}",
        )
    for number in range(links):
        other = names[int(things * chance.random() ** 3)]
        graph.add_edge(
            names[number % things],
            other,
            f"cji:follows{number}",
            relation="cji:follows",
            label="follows",
            sources=[source],
        )
    return Picture("whole", "Made up", "A network that is made up.", graph)


def writing(runs: int) -> bool:
    """Compare writing a page with writing plain JSON."""
    picture = made_up(30_000, 60_000)
    start = time.perf_counter()
    placed = html.place(picture)
    print(f"layout of 30 000 things: {time.perf_counter() - start:.1f} s")
    html.write(made_up(10, 10), html.place(made_up(10, 10)))  # imports, once
    page, plain = in_turn(
        runs,
        lambda: html.write(picture, placed),
        lambda: json.dumps(nx.node_link_data(picture.graph, edges="edges")),
    )
    size = len(html.write(picture, placed).html) / 1e6
    print(
        f"page of 30 000 things: {page:.2f} s, {size:.0f} MB; plain JSON: {plain:.2f} s"
    )
    return judge("page over plain JSON", page / plain, most=20)


def laying_out(runs: int) -> bool:
    """Compare our layout with that of networkx."""
    graph = made_up(3000, 10_000).graph
    ours, theirs = in_turn(
        runs,
        lambda: force(graph),
        lambda: nx.spring_layout(graph, iterations=ROUNDS, seed=1),
    )
    print(f"layout of 3 000 things: {ours:.2f} s; networkx's: {theirs:.2f} s")
    return judge("networkx's layout over ours", theirs / ours, least=5)


def browsing(runs: int) -> list[bool]:
    """Compare pages in a browser."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    few, many = made_up(300, 600), made_up(3000, 10_000)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        few_page, many_page = Path(folder) / "few.html", Path(folder) / "many.html"
        html.draw(few).save(few_page)
        html.draw(many).save(many_page)
        own = Path(folder) / "pyvis.html"
        own.write_text(pyvis_page(few), encoding="utf-8")
        flags = ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        first, opening, whole = in_turn(
            runs,
            lambda: drawn(browser, few_page.as_uri()),
            lambda: drawn(browser, many_page.as_uri()),
            lambda: drawn(browser, many_page.as_uri() + "#all=1"),
            measured=True,
        )
        theirs = drawn(browser, own.as_uri())
        browser.close()
    print(
        f"300 things drawn after {first:.2f} s, by pyvis's page after {theirs:.2f} s; "
        f"3 000 open after {opening:.2f} s, all of them after {whole:.2f} s"
    )
    return [
        judge("pyvis's page over ours, 300 things", theirs / first, least=10),
        judge("3 000 things over 300, opening view", opening / first, most=4),
        judge("3 000 things over 300, all drawn", whole / first, most=4),
    ]


def pyvis_page(picture: Picture) -> str:
    """Return pyvis's own page, which notes when its picture is first drawn."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    for name in picture.graph:
        network.add_node(name, label=picture.graph.nodes[name]["label"])
    for one, other in picture.graph.edges():
        network.add_edge(one, other)
    noted = (
        "network.once('stabilizationIterationsDone', () => network.once('afterDrawing',"
        " () => performance.mark('drawn')));\nreturn network;"
    )
    return str(network.generate_html()).replace("return network;", noted, 1)


def drawn(browser: Any, address: str) -> float:
    """Return how many seconds after it was asked for a page's picture stands still."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    moment = None
    while moment is None:  # its policy forbids a page what `wait_for_function` does
        time.sleep(0.02)
        moment = page.evaluate("performance.getEntriesByName('drawn')[0]?.startTime")
    context.close()
    return float(moment) / 1000


def in_turn(runs: int, *jobs: Callable[[], Any], measured: bool = False) -> list[float]:
    """Return the median time of each job; jobs may measure themselves."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(runs):
        for job, known in zip(jobs, times, strict=True):
            start = time.perf_counter()
            result = job()
            known.append(result if measured else time.perf_counter() - start)
    return [statistics.median(known) for known in times]


def judge(
    what: str, ratio: float, least: float = 0, most: float = float("inf")
) -> bool:
    """Print a ratio with what it must reach, and return whether it does."""
    fine = least <= ratio <= most
    bound = f"at least {least:g}" if least else f"at most {most:g}"
    print(f"{'ok  ' if fine else 'MISS'} {what}: {ratio:.1f} ({bound})")
    return fine


if __name__ == "__main__":
    main()
