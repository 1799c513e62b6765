"""Lineage, on a small graph written by hand: `fixtures/work.trig`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from cjigraph import lineage, record, vocab
from cjigraph.errors import InputError, QueryError
from cjigraph.lineage import formats
from cjigraph.lineage.asked import answer
from cjigraph.lineage.tree import tree

if TYPE_CHECKING:
    from cjigraph.record import Record

WORK = Path(__file__).parent / "fixtures" / "work.trig"
FIRST, SECOND, THIRD, CHECK = (
    vocab.iri(f"inspection:{name}") for name in ("first", "second", "third", "check")
)


def store(more: str = "") -> Store:
    made = Store()
    made.load(path=WORK, format=RdfFormat.TRIG)
    prefixes = "".join(f"PREFIX {p}: <{n}>\n" for p, n in vocab.PREFIXES.items())
    made.load(prefixes + more, RdfFormat.TRIG)
    for quad in list(made):
        made.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return made


CIRCLE = "GRAPH passage:one { inspection:first cji:follows inspection:third }"


@pytest.fixture(scope="module")
def work() -> Record:
    return record.read(store())


def test_links_run_from_later_to_earlier_with_years_and_passages(work: Record) -> None:
    graph = lineage.network(work)
    assert isinstance(graph, nx.DiGraph)
    assert [(link[:3], link.years) for link in lineage.links(graph)] == [
        ((SECOND, "cji:followsUp", FIRST), 2),
        ((CHECK, "cji:followsUp", SECOND), 8),
        ((THIRD, "cji:succeeds", SECOND), 8),
    ]
    [source] = graph.edges[THIRD, SECOND, "cji:succeeds"]["sources"]
    assert source.label == "Paper, part 2"


def test_a_node_tells_when_by_whom_and_with_what_report(work: Record) -> None:
    node = lineage.network(work).nodes[FIRST]
    assert (node["years"], node["who"]) == ("2010", "led by OLD, with OTHER")
    assert node["reports"] == [("First report", "1 May 2010")]


def test_ancestors_and_descendants_come_nearest_first(work: Record) -> None:
    graph = lineage.network(work)
    assert lineage.ancestors(graph, THIRD) == [SECOND, FIRST]
    assert lineage.ancestors(graph, THIRD, 1) == [SECOND]
    assert lineage.descendants(graph, FIRST) == [SECOND, CHECK, THIRD]


def test_whole_chains_and_the_longest_line(work: Record) -> None:
    graph = lineage.network(work)
    assert lineage.chains(graph) == [[FIRST, SECOND, CHECK, THIRD]]
    assert lineage.longest(graph) == [FIRST, SECOND, CHECK]


def test_what_has_reported_and_never_been_followed(work: Record) -> None:
    assert lineage.never_followed_up(work) == [vocab.iri("inspection:pair")]


def test_following_a_part_is_following_the_whole() -> None:
    more = """GRAPH passage:one {
        inspection:third cji:succeeds inspection:pair-two .
        inspection:pair-one cji:follows inspection:pair-two }"""
    work = record.read(store(more))
    assert lineage.followers(work, vocab.iri("inspection:pair")) == [THIRD]
    assert lineage.never_followed_up(work) == []


def test_the_lineage_of_a_thing_goes_both_ways_or_one_as_far_as_asked(
    work: Record,
) -> None:
    assert set(lineage.of(work, SECOND)) == {FIRST, SECOND, THIRD, CHECK}
    assert set(lineage.of(work, SECOND, direction="up")) == {FIRST, SECOND}
    assert set(lineage.of(work, SECOND, direction="down")) == {SECOND, THIRD, CHECK}
    assert set(lineage.of(work, FIRST, 1)) == {FIRST, SECOND}
    assert set(lineage.of(work, FIRST, 0)) == {FIRST}


@pytest.mark.parametrize(
    ("name", "roots"),
    [
        ("report:second", ["second"]),
        ("entry:third", ["third"]),
        ("programme:2020-21", ["third", "study", "visits"]),
        ("consultation:2020-21", ["2020-21"]),
    ],
)
def test_reports_entries_and_programmes_stand_for_their_work(
    work: Record, name: str, roots: list[str]
) -> None:
    graph = lineage.of(work, vocab.iri(name))
    assert [each.rpartition("/")[2] for each in graph.graph["roots"]] == roots


def test_a_body_has_those_before_it_and_the_day_of_the_change(work: Record) -> None:
    graph = lineage.of(work, vocab.iri("body:new"))
    [(later, earlier, link)] = graph.edges(data=True)
    assert (later, earlier) == (vocab.iri("body:new"), vocab.iri("body:old"))
    assert link["when"] == "2017-07"
    assert "replaces (July 2017) Old Inspectorate" in tree(graph)


def test_a_theme_has_the_looks_at_it_in_order(work: Record) -> None:
    graph = lineage.of(work, vocab.iri("theme:narrow"))
    lines = tree(graph).splitlines()
    assert [line.partition(";")[0] for line in lines] == [
        "First", "Second", "Pair, one", "Check", "Third"
    ]  # fmt: skip
    assert lines[2].endswith("[5 years later]")
    [inferred] = {d["inferred"] for *_, k, d in graph.edges(keys=True, data=True)
                  if k == lineage.NEXT_LOOK}  # fmt: skip
    assert inferred is True


def test_where_a_theme_was_dropped_and_taken_up_again(work: Record) -> None:
    [gap] = [each for each in lineage.taken_up_again(work, 3)
             if each.theme == vocab.iri("theme:narrow")]  # fmt: skip
    assert (gap.before.work, gap.years) == (SECOND, 5)
    assert lineage.taken_up_again(work, 5) == []


def test_a_running_programme_leaves_no_gap_and_a_study_is_no_look() -> None:
    more = """GRAPH passage:one {
        inspection:again a cji:Inspection ; rdfs:label "Again" .
        inspection:again cji:isAbout theme:wide .
        report:again a cji:Report ; cji:reportsOn inspection:again ;
          dcterms:issued "2030"^^xsd:gYear .
        inspection:old-study a cji:ScopingStudy ; rdfs:label "Old study" ;
          cji:isAbout theme:apart . inspection:old-study cji:tookPlaceFrom
          "2000-01-01"^^xsd:date ; cji:tookPlaceTo "2000-12-31"^^xsd:date }"""
    gaps = lineage.taken_up_again(record.read(store(more)), 3)
    assert vocab.iri("theme:apart") not in {each.theme for each in gaps}
    assert not [each for each in gaps if each.theme == vocab.iri("theme:wide")
                and each.after.first == 2030]  # fmt: skip


def test_other_kinds_of_thing_have_no_lineage(work: Record) -> None:
    with pytest.raises(InputError, match="review:inquiry has no lineage; name an insp"):
        lineage.of(work, vocab.iri("review:inquiry"))


def test_a_wrong_direction_and_depth_are_refused(work: Record) -> None:
    with pytest.raises(InputError, match='no direction "upp"; did you mean "up"'):
        lineage.of(work, FIRST, direction="upp")
    with pytest.raises(InputError, match="the depth -1"):
        lineage.of(work, FIRST, -1)


# The tree


def test_the_tree_shows_both_ways(work: Record) -> None:
    assert tree(lineage.of(work, SECOND)) == (
        'Second; 2012; OLD; report "Second report", 2012\n'
        "before it:\n"
        "└─ follows up First; 2010; led by OLD, with OTHER; "
        'report "First report", 1 May 2010\n'
        "after it:\n"
        "├─ followed up by Check; 2020; LONE\n"
        "└─ succeeded by Third; 2020-2021; led by NEW, with OTHER\n"
    )


def test_what_has_been_shown_with_all_before_it_is_not_shown_so_again() -> None:
    more = """GRAPH passage:one { inspection:check cji:follows inspection:third }"""
    graph = lineage.of(record.read(store(more)), CHECK)
    text = tree(graph, direction="up")
    assert text.count("First") == 2  # the line and its report, once
    assert 'Second; 2012; OLD; report "Second report", 2012 (shown above)' in text


def test_the_depth_limits_the_tree(work: Record) -> None:
    text = tree(lineage.of(work, THIRD, 1), 1)
    assert "Second" in text
    assert "First" not in text


def test_the_depth_limits_what_hangs_on_what_is_shown() -> None:
    more = "GRAPH passage:one { inspection:third cji:follows inspection:first }"
    graph = lineage.of(record.read(store(more)), THIRD, 1, "up")
    assert tree(graph, 1, "up").count("follows up First") == 0
    assert tree(graph, 2, "up").count("follows up First") == 1


def test_work_that_nothing_relates_says_so_and_what_to_try(work: Record) -> None:
    text = tree(lineage.of(work, vocab.iri("inspection:study")))
    assert text == (
        "Study; 2020-2021; led by THIRD, with NEW\n"
        "nothing earlier or later on record; try theme:near\n"
    )
    text = tree(lineage.of(work, vocab.iri("theme:empty")))
    assert text == "nothing on record is about it; try theme:other-process\n"


def test_a_name_from_elsewhere_cannot_steer_the_terminal() -> None:
    more = "GRAPH passage:one { inspection:evil a cji:Inspection ; "
    more += 'rdfs:label "a\\u001b[31mb\\nc" ; cji:follows inspection:first }'
    text = tree(lineage.of(record.read(store(more)), FIRST))
    assert "\x1b" not in text
    assert "a\\x1b[31mb\\nc" in text


# Cycles, which only a store from elsewhere can hold


def test_a_cycle_is_told_of_and_not_walked_for_ever() -> None:
    graph = lineage.of(record.read(store(CIRCLE)), FIRST)
    assert lineage.cycles(graph) == [[FIRST, SECOND, THIRD]]
    assert lineage.longest(graph) == [CHECK]
    text = tree(graph)
    assert "cycle: these follow one another in a circle" in text
    assert "First, Second, Third" in text
    assert text.count("(shown above)") == 2


def test_work_that_follows_itself_is_a_cycle() -> None:
    more = "GRAPH passage:one { inspection:first cji:follows inspection:first }"
    graph = lineage.network(record.read(store(more)))
    assert lineage.cycles(graph) == [[FIRST]]


def test_whoever_asks_is_warned_of_a_cycle() -> None:
    _, [warning] = answer(store(CIRCLE), "inspection:first", "dot")
    assert "follow one another in a circle" in warning


# Formats


def test_each_format_gives_the_same_bytes_twice(work: Record) -> None:
    for name in formats.FORMATS:
        once = formats.write(lineage.of(work, FIRST), name)
        assert once == formats.write(lineage.of(work, FIRST), name)
        assert once.endswith(b"\n")
        assert b"date=" not in once  # GEXF would bear the day on which it was written


def test_the_table_has_a_line_for_each_link(work: Record) -> None:
    lines = formats.write(lineage.of(work, FIRST), "table").decode().splitlines()
    assert lines[0].split() == ["later", "relation", "earlier", "years", "sources"]
    assert lines[1].split("  ")[0] == "Second"
    assert len(lines) == 4


def test_json_holds_nodes_links_and_their_sources(work: Record) -> None:
    data = json.loads(formats.write(lineage.of(work, SECOND), "json"))
    assert data["roots"] == [SECOND]
    assert {node["id"] for node in data["nodes"]} == {FIRST, SECOND, THIRD, CHECK}
    assert data["links"][0]["sources"][0]["address"] == "https://example.org/paper"
    assert data["cycles"] == []


def test_graphml_and_gexf_are_read_back_whole(work: Record) -> None:
    graph = lineage.of(work, FIRST)
    graphml = nx.read_graphml(io.BytesIO(formats.write(graph, "graphml")))
    gexf = nx.read_gexf(io.BytesIO(formats.write(graph, "gexf")))
    for read in (graphml, gexf):
        assert set(read) == set(graph)
        assert read.number_of_edges() == 3
    assert graphml.nodes[FIRST]["who"] == "led by OLD, with OTHER"


def test_xml_formats_bear_what_xml_cannot() -> None:
    more = "GRAPH passage:one { inspection:evil a cji:Inspection ; "
    more += 'rdfs:label "a\\u0001<&>" ; cji:follows inspection:first }'
    graph = lineage.of(record.read(store(more)), FIRST)
    for name in ("graphml", "gexf"):
        found = ET.fromstring(formats.write(graph, name))  # noqa: S314
        texts = {
            each for node in found.iter() for each in (node.text, node.get("label"))
        }
        assert "a\ufffd<&>" in texts


def test_quotes_and_markup_are_harmless_in_dot_and_mermaid() -> None:
    more = "GRAPH passage:one { inspection:evil a cji:Inspection ; "
    more += 'rdfs:label "a\\"]; <b> \\\\" ; cji:follows inspection:first }'
    graph = lineage.of(record.read(store(more)), FIRST)
    assert r'[label="a\"]; <b> \\"]' in formats.write(graph, "dot").decode()
    mermaid = formats.write(graph, "mermaid").decode()
    assert '["a#34;#93;#59; #60;b#62; #92;"]' in mermaid


def test_an_unknown_format_names_the_nearest(work: Record) -> None:
    with pytest.raises(InputError, match='no format "jason"; did you mean "json"'):
        formats.write(lineage.of(work, FIRST), "jason")


# By name


def test_a_thing_is_found_by_any_of_its_names() -> None:
    content, warnings = answer(store(), "OLD")
    assert content.decode().startswith("Old Inspectorate")
    assert warnings == []


def test_an_unknown_or_ambiguous_name_is_refused() -> None:
    with pytest.raises(QueryError, match='nothing is called "thrid"; did you mean'):
        answer(store(), "thrid")
    both = 'GRAPH passage:one { theme:twin a cji:Theme ; rdfs:label "Third" }'
    with pytest.raises(QueryError, match=r'"Third" may mean inspection:third .* or th'):
        answer(store(both), "Third")


# The real graph


def test_the_longest_line_of_the_tables_is_the_longest_of_the_graph() -> None:
    """Reckoned from the tables alone: each row of lineage.csv is a step."""
    from cjigraph import resources
    from cjigraph.store import open_store

    steps: dict[str, set[str]] = {}
    for path in resources.data().glob("*/lineage.csv"):
        if path.parent.name == "candidates":
            continue
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
            steps.setdefault(row["earlier"], set()).add(f"inspection/{row['later']}")

    def length(thing: str) -> int:
        return 1 + max(map(length, steps.get(thing, ())), default=0)

    expected = max(map(length, steps))
    graph = lineage.network(record.read(open_store()))
    assert len(lineage.longest(graph)) == expected
    assert graph.number_of_edges() >= sum(map(len, steps.values())) > 0
    assert lineage.cycles(graph) == []
