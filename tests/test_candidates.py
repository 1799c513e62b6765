"""What may follow what: kept apart, and decided on by a person."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Store

import cjigraph
from cjigraph import resources, vocab
from cjigraph.assemble import assemble
from cjigraph.candidates import read_candidates
from cjigraph.check import findings
from cjigraph.decide import accept, listed, refuse
from cjigraph.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2031, 2, 3)
LATER, EARLIER = "rape-phase-1-2021", "rape-2012"
PASSAGE = "consultation-2019-20-iom-4"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return shutil.copytree(resources.data(), tmp_path / "data")


def cells(data: Path, later: str, earlier: str) -> dict[str, str]:
    table = read_candidates(data)
    assert table
    wanted = later, f"inspection/{earlier}"
    found = [
        r.cells for r in table.rows if (r.cells["later"], r.cells["earlier"]) == wanted
    ]
    return found[0]


def test_no_question_takes_a_candidate_for_a_fact() -> None:
    graph = cjigraph.load()
    pair = f"inspection:{LATER} cji:follows inspection:{EARLIER}"
    assert not graph.query(f"ASK {{ {pair} }}")
    assert not graph.query(f"ASK {{ GRAPH ?graph {{ {pair} }} }}")
    assert not graph.query("ASK { ?candidate a cji:Candidate }")


def test_candidates_stand_in_their_own_graph_with_the_reason() -> None:
    answer = cjigraph.load().query("""
        SELECT ?reason WHERE {
            GRAPH <https://w3id.org/cjigraph/graph/candidates> {
                ?candidate a cji:Candidate ; dcterms:description ?reason ;
                    cji:decision "proposed" } }""")
    assert len(answer) == 22


def test_the_list_says_that_none_is_a_fact() -> None:
    lines = list(listed(resources.data()))
    assert lines[0].startswith("None of these is a fact")
    assert sum(line.endswith("(proposed)") for line in lines) == 22


def test_a_refused_candidate_is_kept_and_waits_no_more(data: Path) -> None:
    refuse(data, LATER, EARLIER, "They only share a word.", DAY)
    kept = cells(data, LATER, EARLIER)
    assert (kept["status"], kept["decided"]) == ("refused", "2031-02-03")
    assert kept["note"] == "They only share a word."
    with pytest.raises(InputError, match="was refused on 2031-02-03"):
        accept(data, LATER, EARLIER, PASSAGE, DAY)


def test_an_accepted_candidate_becomes_a_fact_of_its_passage(data: Path) -> None:
    path = accept(data, LATER, EARLIER, PASSAGE, DAY)
    assert path == data / "consultation-2019-20" / "lineage.csv"
    assert cells(data, LATER, EARLIER)["status"] == "accepted"
    store = Store()
    content, _ = assemble(resources.ontology(), data, lambda _: None)
    store.load(content, RdfFormat.N_QUADS)
    assert store.query(
        f"""ASK {{ GRAPH passage:{PASSAGE} {{
            inspection:{LATER} cji:succeeds inspection:{EARLIER} }} }}""",
        prefixes=vocab.PREFIXES,
    )
    assert not [
        each
        for each in findings(resources.ontology(), data)
        if each.severity == "error"
    ]


@pytest.mark.parametrize(
    ("later", "passage", "problem"),
    [
        ("rape-phase-1-2012", PASSAGE, 'nothing suggests that "rape-phase-1-2012"'),
        (
            LATER,
            "consultation-2019-20-iom-44",
            'no passage "consultation-2019-20-iom-44"',
        ),
    ],
)
def test_what_is_not_known_changes_nothing(
    data: Path, later: str, passage: str, problem: str
) -> None:
    before = {path: path.read_bytes() for path in data.glob("*/*.csv")}
    with pytest.raises(InputError, match=problem):
        accept(data, later, EARLIER, passage, DAY)
    assert {path: path.read_bytes() for path in data.glob("*/*.csv")} == before
