"""Collaboration, on a small graph written by hand: `fixtures/work.trig`.

OTHER works with NEW (once OLD) and with THIRD, NEW with THIRD; LONE and IDLE work with
nobody.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from cjigraph import collaboration, record, vocab
from cjigraph.errors import InputError

if TYPE_CHECKING:
    from cjigraph.record import Record
    from cjigraph.record.table import Table

WORK = Path(__file__).parent / "fixtures" / "work.trig"
OLD, NEW, OTHER, THIRD, LONE, IDLE = (
    vocab.iri(f"body:{name}")
    for name in ("old", "new", "other", "third", "lone", "idle")
)
BRIDGE = """GRAPH passage:one {
    inspection:more a cji:Inspection ; rdfs:label "More" ;
        cji:isConductedBy body:third, body:lone ; cji:isAbout theme:wide }"""


def read(more: str = "") -> Record:
    store = Store()
    store.load(path=WORK, format=RdfFormat.TRIG)
    prefixes = "".join(f"PREFIX {p}: <{n}>\n" for p, n in vocab.PREFIXES.items())
    store.load(prefixes + more, RdfFormat.TRIG)
    for quad in list(store):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return record.read(store)


@pytest.fixture(scope="module")
def work() -> Record:
    return read()


def rows(table: Table, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(each[name] for name in names) for each in table.records()]


def test_a_pair_counts_its_work_years_and_themes(work: Record) -> None:
    link = collaboration.network(work).edges[NEW, OTHER]
    assert (link["times"], link["first"], link["last"]) == (2, 2010, 2020)
    assert link["works"] == ["First", "Third"]
    assert link["themes"] == ["Narrow"]


def test_successors_count_as_one_unless_asked_otherwise(work: Record) -> None:
    assert OLD not in collaboration.network(work)
    apart = collaboration.network(work, successors=False)
    assert apart.edges[OLD, OTHER]["times"] == 1
    assert apart.edges[NEW, OTHER]["times"] == 1


def test_parts_done_by_one_body_each_bring_nobody_together(work: Record) -> None:
    assert not collaboration.network(work).has_edge(NEW, LONE)


def test_two_bodies_in_several_parts_of_one_piece_count_once() -> None:
    more = """GRAPH passage:one {
        inspection:pair-one cji:isConductedBy body:lone .
        inspection:pair-two cji:isConductedBy body:new }"""
    assert collaboration.network(read(more)).edges[LONE, NEW]["times"] == 1


def test_every_inspectorate_is_there_even_an_idle_one(work: Record) -> None:
    graph = collaboration.network(work)
    assert set(graph) == {NEW, OTHER, THIRD, LONE, IDLE}
    assert graph.nodes[IDLE]["works"] == 0
    assert graph.nodes[NEW]["works"] == 6
    assert graph.nodes[NEW]["leads"] == 3


def test_measures_on_a_graph_small_enough_to_reckon_by_hand() -> None:
    """LONE hangs on THIRD, which with NEW and OTHER makes a triangle."""
    graph = collaboration.network(read(BRIDGE))
    third = graph.nodes[THIRD]
    # Of the 6 pairs of the other four, LONE-NEW and LONE-OTHER meet through THIRD.
    assert third["bridging"] == pytest.approx(2 / 6, abs=0.001)
    assert third["holds_together"] is True
    assert (third["partners"], third["reach"]) == (3, 0.75)
    assert third["circle"] == pytest.approx(1 / 3, abs=0.001)
    assert graph.nodes[NEW]["circle"] == 1
    assert graph.graph["density"] == pytest.approx(4 / 10)


def test_every_measure_is_explained_in_words() -> None:
    graph = collaboration.network(read(BRIDGE))
    tables = (collaboration.pairs(graph), collaboration.bridges(graph))
    for table in (*tables, collaboration.strangers(graph)):
        assert table.meaning.endswith(".")
        assert all(len(column.meaning) > 10 for column in table.columns)


def test_pairs_come_most_frequent_first(work: Record) -> None:
    table = collaboration.pairs(collaboration.network(work))
    assert rows(table, "body", "partner", "times") == [
        ("NEW", "OTHER", 2),
        ("NEW", "THIRD", 1),
        ("OTHER", "THIRD", 1),
    ]
    assert "30% have worked together" in table.meaning


def test_strangers_are_the_pairs_that_never_met(work: Record) -> None:
    found = rows(
        collaboration.strangers(collaboration.network(work)), *("body", "stranger")
    )
    assert ("LONE", "NEW") in found
    assert len(found) == 10 - 3


def test_bridges_come_first(work: Record) -> None:
    table = collaboration.bridges(collaboration.network(read(BRIDGE)))
    assert next(table.records())["body"] == "THIRD"


def test_change_over_time_counts_each_piece_in_one_year(work: Record) -> None:
    table = collaboration.by_year(work)
    assert rows(table, "year", "works", "joint", "pairs", "new_pairs") == [
        (2010, 1, 1, 1, 1),
        (2012, 1, 0, 0, 0),
        (2015, 1, 1, 1, 1),
        (2017, 1, 0, 0, 0),
        (2018, 3, 0, 0, 0),
        (2020, 3, 2, 2, 1),
    ]
    assert next(table.records())["share"] == 1


def test_years_narrow_the_work(work: Record) -> None:
    graph = collaboration.network(work, "2011", "2015")
    assert sorted(graph.edges) == [(OTHER, THIRD)]


def test_a_range_upside_down_is_refused(work: Record) -> None:
    with pytest.raises(InputError, match="ends before it begins; exchange"):
        collaboration.network(work, "2015", "2011")


def test_a_record_without_work_gives_empty_tables() -> None:
    graph = collaboration.network(record.read(Store()))
    assert collaboration.pairs(graph).rows == []
    assert collaboration.strangers(graph).rows == []
    assert collaboration.bridges(graph).rows == []
    assert collaboration.by_year(record.read(Store())).rows == []
