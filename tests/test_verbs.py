"""The verbs `lineage` and `consult`, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from cjigraph import vocab
from cjigraph.check import Finding
from cjigraph.cli import main

WORK = Path(__file__).parent / "fixtures" / "work.trig"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("work") / "work.nq")


def written(path: Path, more: str = "") -> str:
    made = Store()
    made.load(path=WORK, format=RdfFormat.TRIG)
    prefixes = "".join(f"PREFIX {p}: <{n}>\n" for p, n in vocab.PREFIXES.items())
    made.load(prefixes + more, RdfFormat.TRIG)
    for quad in list(made):
        made.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    made.dump(str(path), RdfFormat.N_QUADS)
    return str(path)


def test_lineage_shows_a_tree(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["lineage", "inspection:second", "--store", store]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("Second; 2012; OLD;")
    assert "└─ follows up First" in out
    assert err == ""


def test_lineage_takes_depth_direction_and_format(
    store: str, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["lineage", "Third", "--depth", "1", "--direction", "up"]
    assert main([*words, "--format", "json", "--store", store]) == 0
    found = json.loads(capfd.readouterr().out)
    assert len(found["nodes"]) == 2


def test_a_file_is_written_in_the_format_it_ends_in(store: str, tmp_path: Path) -> None:
    dot, page = tmp_path / "a.dot", tmp_path / "a.md"
    assert main(["lineage", "Third", "--store", store, "-o", str(dot)]) == 0
    assert dot.read_text(encoding="utf-8").startswith("digraph lineage {")
    assert main(["consult", "2020/21", "--store", store, "-o", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("# Programme 2020/21")


def test_a_cycle_is_told_of_and_the_rest_is_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    more = "GRAPH passage:one { inspection:first cji:follows inspection:third }"
    path = written(tmp_path / "circle.nq", more)
    assert main(["lineage", "Third", "--format", "dot", "--store", path]) == 0
    out, err = capfd.readouterr()
    assert out.count("->") == 4
    assert "follow one another in a circle" in err


def test_consult_writes_a_page(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["consult", "2020-21", "--store", store]) == 0
    assert capfd.readouterr().out.startswith("<!doctype html>")


def test_the_thresholds_are_options(
    store: str, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["consult", "2020-21", "--format", "json", "--store", store]
    assert main([*words, "--years", "7", "--least", "5", "--as-of", "2020-05"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["options"]["years"], found["options"]["least"]) == (7, 5)
    assert found["as_of"] == "2020-05-31"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["consult", "2020-12"], 'no programme "2020-12"; did you mean "2020-21"?'),
        (["consult", "2020-21", "--years", "0"], "--years is too small"),
        (["consult", "2020-21", "--as-of", "soon"], '"soon" is not a date'),
        (["lineage", "nothing"], 'nothing is called "nothing"'),
        (["lineage", "review:inquiry"], "review:inquiry has no lineage"),
        (["lineage", "Third", "--depth", "-1"], "the depth -1"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    store: str, words: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--store", store]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_nothing_is_built_from_what_breaks_a_rule(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    broken = Finding("data/a.csv:2", "is wrong", "mend it", "error")
    monkeypatch.setattr("cjigraph.check.findings", lambda *_: [broken])
    target = tmp_path / "graph.nq"
    target.write_text("as it was")
    assert main(["build", "-o", str(target)]) == 1
    assert target.read_text() == "as it was"
    said = capsys.readouterr()
    assert said.out == "error: data/a.csv:2: is wrong; mend it\n"
    assert said.err == "1 errors; nothing is built\n"
