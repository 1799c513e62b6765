"""Where things stand: apart, in order of time, and the same every time."""

from __future__ import annotations

import itertools
import math
import os
import random
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from cjigraph.view.layout import HEIGHT, WIDTH, label_size
from cjigraph.view.layout import force as force_layout
from cjigraph.view.layout.columns import columns
from cjigraph.view.layout.force import force
from cjigraph.view.layout.timed import timed


def named(*names: str) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name in names:
        graph.add_node(name, label=f"The work called {name}")
    return graph


def tree(things: int) -> nx.MultiDiGraph[str]:
    chance = random.Random(1)  # noqa: S311 (the same tree every time)
    graph = named(*(f"n{number:05}" for number in range(things)))
    names = list(graph)
    for number in range(1, things):
        graph.add_edge(names[number], names[chance.randrange(number)])
    return graph


# Forces


@pytest.mark.parametrize("things", [0, 1, 2, 12, 40])
def test_labels_are_kept_apart_where_there_is_room(things: int) -> None:
    graph = tree(things)
    positions = force(graph).positions
    assert set(positions) == set(graph)
    for one, other in itertools.combinations(graph, 2):
        (x1, y1), (x2, y2) = positions[one], positions[other]
        width, height = label_size(graph.nodes[one]["label"])
        assert abs(x1 - x2) >= width or abs(y1 - y2) >= height


def test_no_two_of_three_hundred_things_coincide() -> None:
    positions = list(force(tree(300)).positions.values())
    for (x1, y1), (x2, y2) in itertools.combinations(positions, 2):
        assert abs(x1 - x2) > 18 or abs(y1 - y2) > 18


def test_everything_lies_in_the_frame() -> None:
    for x, y in force(tree(200)).positions.values():
        assert abs(x) <= WIDTH / 2
        assert abs(y) <= HEIGHT / 2


def test_what_is_linked_stands_nearer_than_what_is_not() -> None:
    graph = tree(80)
    positions = force(graph).positions

    def far(one: str, other: str) -> float:
        return math.dist(positions[one], positions[other])

    linked = [far(*edge) for edge in graph.edges()]
    others = [far(*pair) for pair in itertools.combinations(graph, 2)]
    assert sum(linked) / len(linked) < 0.4 * sum(others) / len(others)


def test_parts_stand_beside_one_another() -> None:
    other = nx.relabel_nodes(tree(10), lambda name: f"x{name}")
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(nx.union(tree(10), other))
    positions = force(graph).positions
    first = [positions[name] for name in graph if not name.startswith("x")]
    second = [positions[name] for name in graph if name.startswith("x")]
    apart = [
        max(first, key=at)[axis] <= min(second, key=at)[axis]
        or max(second, key=at)[axis] <= min(first, key=at)[axis]
        for axis, at in ((0, lambda p: p[0]), (1, lambda p: p[1]))
    ]
    assert any(apart)


def test_more_than_forces_can_place_are_set_around_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(force_layout, "_CORE", 300)
    graph = tree(3500)
    graph.add_node("lonely", label="Lonely")
    positions = force(graph).positions
    assert set(positions) == set(graph)
    assert len(set(positions.values())) > 3000


# Time

YEARS = {"a": 2010.0, "b": 2014.5, "c": 2014.6, "d": 2018.0}


def chain() -> nx.MultiDiGraph[str]:
    graph = named("a", "b", "c", "d")
    graph.add_edges_from([("b", "a"), ("c", "b"), ("d", "c")])
    return graph


def test_time_runs_to_the_right_in_proportion() -> None:
    x = {name: at[0] for name, at in timed(chain(), YEARS).positions.items()}
    assert x["a"] < x["b"] < x["c"] < x["d"]
    assert (x["b"] - x["a"]) / (x["d"] - x["a"]) == pytest.approx(4.5 / 8, abs=0.01)


def test_the_axis_has_the_years_where_they_are() -> None:
    layout = timed(chain(), YEARS)
    ticks = {tick.label: tick.x for tick in layout.axis}
    assert ticks["2010"] == pytest.approx(layout.positions["a"][0], abs=1)
    assert ticks["2018"] == pytest.approx(layout.positions["d"][0], abs=1)


def test_a_chain_is_level_where_labels_leave_room() -> None:
    graph = named("a", "b")
    graph.add_edge("b", "a")
    y = {at[1] for at in timed(graph, {"a": 2010, "b": 2018}).positions.values()}
    assert len(y) == 1


def test_what_is_close_in_time_has_a_row_each() -> None:
    positions = timed(chain(), YEARS).positions
    assert positions["b"][1] != positions["c"][1]


def test_no_chain_stands_within_another() -> None:
    graph = named("a", "b", "c", "d")
    graph.add_edges_from([("b", "a"), ("d", "c")])
    years = {"a": 2000.0, "b": 2020.0, "c": 2008.0, "d": 2012.0}
    positions = timed(graph, years).positions
    assert positions["a"][1] != positions["c"][1]


def test_what_has_no_date_stands_by_its_links_and_is_named() -> None:
    graph = chain()
    layout = timed(graph, {"a": 2010, "c": 2016})
    x = {name: at[0] for name, at in layout.positions.items()}
    assert x["a"] < x["b"] < x["c"] < x["d"]
    assert layout.guessed == {"b", "d"}


def test_parts_without_any_date_stand_apart_under_no_date() -> None:
    graph = chain()
    graph.add_node("e", label="Nobody knows when")
    layout = timed(graph, YEARS)
    assert layout.positions["e"][0] < layout.positions["a"][0]
    assert layout.axis[0].label == "No date"


def test_a_cycle_in_time_does_no_harm() -> None:
    graph = named("a", "b", "c")
    graph.add_edges_from([("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")])
    assert set(timed(graph, {}).positions) == set(graph)
    assert set(timed(graph, {"a": 2010}).positions) == set(graph)


# Columns


def test_columns_keep_their_order_and_no_two_things_coincide() -> None:
    graph = named("p", "e1", "e2", "e3", "w1", "w2")
    graph.add_edges_from(
        [("e1", "p"), ("e2", "p"), ("e3", "p"), ("e1", "w1"), ("e2", "w2")]
    )
    layout = columns(
        graph, lambda name: (2019, "pew".index(name[0])), str, lambda name: (0, 0, name)
    )
    at = layout.positions
    assert at["p"][0] < at["e1"][0] == at["e3"][0] < at["w1"][0]
    assert at["e1"][1] == at["w1"][1]
    assert len(set(at.values())) == len(at)
    assert [tick.x for tick in layout.axis] == [at["p"][0], at["e1"][0], at["w1"][0]]


# The same every time

SCRIPT = """
from pathlib import Path
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store
from cjigraph import view
import hashlib, sys
store = Store()
store.load(path=sys.argv[1], format=RdfFormat.TRIG)
for quad in list(store):
    store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
for name in ("whole", "lineage", "collaboration", "themes", "programme", "bodies"):
    page = view.page(store, name).html.encode()
    print(name, hashlib.sha256(page).hexdigest())
"""


def test_the_same_graph_gives_the_same_page_byte_for_byte() -> None:
    graph = Path(__file__).parent.parent / "fixtures" / "viewing.trig"
    digests = set()
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(graph)],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": "src"},
            check=True,
            capture_output=True,
            text=True,
        )
        digests.add(run.stdout)
    assert len(digests) == 1
