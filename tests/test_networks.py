"""Answers become networks whose links know where they are said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from cjigraph import networks, resources, vocab

if TYPE_CHECKING:
    from cjigraph.networks import Network

HATE_2013, HATE_2015, HATE_2018, HMCPSI, HMICFRS, THEME = (
    vocab.iri(name)
    for name in (
        "inspection:hate-2013",
        "inspection:hate-2015",
        "inspection:hate-2018",
        "body:hmcpsi",
        "body:hmicfrs",
        "theme:hate-crime",
    )
)


@pytest.fixture(scope="module")
def viewing() -> Store:
    store = Store()
    fixture = Path(__file__).parent / "fixtures" / "viewing.trig"
    store.load(path=fixture, format=RdfFormat.TRIG)
    for quad in list(store):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    ontology = resources.ontology() / "cji.ttl"
    store.extend(parse(path=ontology, format=RdfFormat.TURTLE))
    return store


@pytest.fixture(scope="module")
def whole(viewing: Store) -> Network:
    return networks.whole(viewing)


def test_a_node_is_named_and_classed(whole: Network) -> None:
    node = whole.nodes[HATE_2013]
    assert node["kind"] == "inspection"
    assert node["class"] == "ThematicInspection"
    assert node["class_label"] == "thematic inspection"
    assert node["label"] == "Hate crime, first look"


def test_other_names_include_mistaken_ones(whole: Network) -> None:
    assert whole.nodes[HMICFRS]["alt"] == ["HMICFRS", "HMIFCRS"]


def test_literals_are_facts_with_sources_and_never_nodes(whole: Network) -> None:
    assert all(name.startswith("https://") for name in whole)
    facts = whole.nodes[HATE_2015]["facts"]
    took_place = next(each for each in facts if each.relation == "cji:tookPlaceDuring")
    assert took_place.label == "took place during"
    assert took_place.value == "2015-03/2015-09"
    assert [source.label for source in took_place.sources] == ["Plan 2019, row 1"]


def test_what_only_follows_is_no_fact(whole: Network) -> None:
    relations = {fact.relation for fact in whole.nodes[HATE_2015]["facts"]}
    assert "cji:tookPlaceFrom" not in relations


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("inspection:hate-2015", "2015-03-01", "2015-09-30"),
        ("inspection:custody", "2008-01-01", None),
        ("entry:e-hate", "2019-06-01", "2019-08-31"),
        ("report:hate", "2018-10-09", "2018-10-09"),
        ("report:old", "2013", "2013"),
        ("inspection:scoping", None, None),
    ],
)
def test_a_node_has_the_times_that_are_known(
    whole: Network, name: str, start: str | None, end: str | None
) -> None:
    node = whole.nodes[vocab.iri(name)]
    assert (node.get("start"), node.get("end")) == (start, end)


def test_a_link_knows_every_passage_that_states_it(whole: Network) -> None:
    link = whole.edges[HATE_2018, HMICFRS, "cji:isLedBy"]
    assert (link["relation"], link["label"]) == ("cji:isLedBy", "is led by")
    assert [source.locator for source in link["sources"]] == ["row 1", "row 2"]
    assert link["sources"][0].iri == vocab.iri("passage:plan-1")
    assert link["sources"][0].address == "https://example.org/plan"
    assert not link["inferred"]


def test_two_relations_between_two_things_are_two_links(whole: Network) -> None:
    keys = set(whole[HATE_2018][HMCPSI])
    assert keys == {"cji:isSupportedBy", "cji:isConductedBy"}


def test_the_whole_leaves_out_what_only_follows(whole: Network) -> None:
    assert not whole.has_edge(HATE_2015, HATE_2013, "cji:follows")
    assert not whole.has_edge(HATE_2015, HMCPSI, "cji:isConductedBy")


def test_passages_are_sources_and_not_things(whole: Network) -> None:
    assert {"passage", "selector"}.isdisjoint(
        kind for _, kind in whole.nodes(data="kind")
    )


def test_a_link_that_only_follows_says_so(viewing: Store) -> None:
    links = [(HATE_2015, vocab.iri("cji:follows"), HATE_2013)]
    graph = networks.network(viewing, links)
    link = graph.edges[HATE_2015, HATE_2013, "cji:follows"]
    assert link["inferred"]
    assert link["sources"] == []


def test_a_link_of_the_callers_own_is_kept_without_sources(viewing: Store) -> None:
    relation = "https://example.org/worksWith"
    graph = networks.network(viewing, [(HMCPSI, relation, HMICFRS)])
    link = graph.edges[HMCPSI, HMICFRS, relation]
    assert link["label"] == "works with"
    assert link["sources"] == []
    assert not link["inferred"]


def test_a_thing_nobody_knows_still_has_every_attribute(viewing: Store) -> None:
    node = networks.network(viewing, [], ["https://example.org/odd"]).nodes
    known = node["https://example.org/odd"]
    assert known["kind"] == "elsewhere"
    assert known["label"] == "https://example.org/odd"
    assert (known["alt"], known["facts"]) == ([], [])


def test_around_goes_both_ways_and_no_further_than_asked(viewing: Store) -> None:
    near = networks.around(viewing, HATE_2015)
    assert HATE_2013 in near  # a link from it
    assert HATE_2018 in near  # a link to it
    assert vocab.iri("report:hate") not in near
    assert vocab.iri("report:hate") in networks.around(viewing, HATE_2015, 2)


def test_around_holds_the_links_between_what_it_reaches(viewing: Store) -> None:
    near = networks.around(viewing, HATE_2015)
    assert near.has_edge(HATE_2018, HATE_2013, "cji:followsUp")


def test_things_of_one_row_are_linked_as_the_graph_links_them(viewing: Store) -> None:
    passage = vocab.iri("passage:plan-1")
    graph = networks.among(viewing, [[HATE_2013, THEME, passage], [HATE_2015, HMCPSI]])
    assert set(graph) == {HATE_2013, HATE_2015, THEME, HMCPSI}
    assert set(graph.edges(keys=True)) == {
        (HATE_2013, THEME, "cji:isAbout"),
        (HATE_2015, HMCPSI, "cji:isLedBy"),
    }


def test_triples_become_links_and_facts(viewing: Store) -> None:
    triples: Any = viewing.query(
        "CONSTRUCT { ?work <https://example.org/by> ?body ; <https://example.org/n> 7 ;"
        " a <https://example.org/Odd> . [] <https://example.org/of> ?work }"
        " WHERE { ?work <https://w3id.org/cjigraph/ontology#isLedBy> ?body }"
    )
    graph = networks.described(viewing, triples)
    assert graph.has_edge(HATE_2013, HMCPSI, "https://example.org/by")
    facts = graph.nodes[HATE_2013]["facts"]
    assert ("n", "7") in {(fact.label, fact.value) for fact in facts}
    assert any(name.startswith("_:") for name in graph)
    assert not any("Odd" in name or name == "7" for name in graph)


def test_many_things_read_the_same_as_few(
    viewing: Store, whole: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "_MANY", 0)
    again = networks.whole(viewing)
    assert list(again.nodes(data=True)) == list(whole.nodes(data=True))
    assert list(again.edges(data=True)) == list(whole.edges(data=True))


def test_the_label_most_passages_give_is_the_label(viewing: Store) -> None:
    store = Store()
    store.extend(viewing)
    label, graph = NamedNode(vocab.LABEL), NamedNode(vocab.iri("passage:notes"))
    odd = Literal("A hate crime look", language="en")
    store.add(Quad(NamedNode(HATE_2013), label, odd, graph))
    store.add(Quad(NamedNode(HATE_2013), label, odd))
    known = Literal("Hate crime, first look", language="en")
    store.add(
        Quad(NamedNode(HATE_2013), label, known, NamedNode(vocab.iri("passage:plan-2")))
    )
    node = networks.network(store, [], [HATE_2013]).nodes[HATE_2013]
    assert node["label"] == "Hate crime, first look"
    assert node["alt"] == ["A hate crime look"]
