"""SPARQL in notebooks, and the notebook of the documentation."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Store

import cjigraph
from cjigraph import notebook, vocab
from cjigraph.result import Result

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "docs" / "study.ipynb"


class Shell:
    """As much of IPython as the magic touches."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.magics: dict[str, Any] = {}

    def register_magic_function(self, function: Any, kind: str, name: str) -> None:
        assert kind == "line_cell"
        self.magics[name] = function


@pytest.fixture
def shell() -> Shell:
    made = Shell()
    notebook.load_ipython_extension(made)
    return made


def test_ipython_finds_the_extension() -> None:
    assert cjigraph.load_ipython_extension is notebook.load_ipython_extension


BODIES = "SELECT ?body WHERE { ?body a cji:Inspectorate } ORDER BY ?body LIMIT 2"


def test_a_cell_is_a_query_and_knows_our_prefixes(shell: Shell) -> None:
    answer = shell.magics["sparql"]("", BODIES)
    assert isinstance(answer, Result)
    assert len(answer) == 2
    assert "Care Inspectorate Wales</a>" in answer._repr_html_()


def test_an_answer_can_be_kept_under_a_name(shell: Shell) -> None:
    assert shell.magics["sparql"](" bodies ", BODIES) is None
    assert len(shell.user_ns["bodies"]) == 2


def test_a_line_asks_a_named_question(shell: Shell) -> None:
    answer = shell.magics["sparql"]("inspections-led-by-body --body HMICFRS")
    assert len(answer) > 0


def test_the_notebook_may_name_the_graph_to_ask(shell: Shell) -> None:
    store = Store()
    store.load(b"<a:x> a <a:Y> .", cjigraph_format())
    shell.user_ns[notebook.GRAPH] = cjigraph.graph.Graph(store)
    assert shell.magics["sparql"]("", "SELECT * { ?x a ?y }").rows == [("a:x", "a:Y")]


def cjigraph_format() -> Any:
    from pyoxigraph import RdfFormat

    return RdfFormat.TURTLE


@pytest.mark.parametrize(
    ("line", "cell", "said"),
    [
        ("", "SELECT ?x WHERE {", "query:1"),
        ("two words", BODIES, '"two words" cannot be a variable'),
        ("", None, "no question is asked; name one"),
        ("inspections-led-by-bodies", None, 'did you mean "inspections-led-by-body"'),
        ("inspections-led-by-body --body", None, "the parameters cannot be read"),
        ("inspections-led-by-body --body nobody", None, 'nothing is called "nobody"'),
    ],
)
def test_a_mistake_is_a_line(
    shell: Shell, line: str, cell: str | None, said: str
) -> None:
    from IPython.core.error import UsageError

    with pytest.raises(UsageError) as caught:
        shell.magics["sparql"](line, cell)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


# What a result looks like in a notebook


def test_things_are_shown_by_their_labels_and_link_to_their_iris() -> None:
    html = cjigraph.load().query(BODIES)._repr_html_()
    iri = vocab.iri("body:ciw")
    assert f'<a href="{iri}" title="body:ciw">Care Inspectorate Wales</a>' in html


def test_a_label_is_text_and_an_address_that_is_none_is_no_link() -> None:
    answer = cjigraph.load().query(
        'SELECT (<javascript:alert(1)> AS ?x) ("<b>" AS ?y) {}'
    )
    answer.labels = lambda _: "<i>evil</i>"
    html = answer._repr_html_()
    assert "<td>&lt;i&gt;evil&lt;/i&gt;</td>" in html
    assert "<td>&lt;b&gt;</td>" in html
    assert "href" not in html


def test_an_empty_answer_says_so_and_what_to_try() -> None:
    html = cjigraph.load().query("SELECT ?x WHERE { ?x a body:hmcpsi }")._repr_html_()
    assert "<th>x</th>" in html
    assert "No rows. Leave out a condition or a parameter" in html


def test_a_long_answer_is_cut_and_says_so() -> None:
    html = cjigraph.load().query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 203")._repr_html_()
    assert html.count("<tr>") == 201
    assert "and 3 more rows" in html


def test_yes_or_no_is_told() -> None:
    assert cjigraph.load().query("ASK { ?x ?y ?z }")._repr_html_() == "<p>yes</p>"


def test_a_label_is_looked_up_in_the_graph_that_answered() -> None:
    store = Store()
    thing = NamedNode("https://example.org/x")
    from pyoxigraph import Quad

    store.add(Quad(thing, NamedNode(vocab.LABEL), Literal("Something", language="en")))
    html = cjigraph.graph.Graph(store).query("SELECT ?s { ?s ?p ?o }")._repr_html_()
    assert '<a href="https://example.org/x"' in html
    assert ">Something</a>" in html


# The study


def study() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(STUDY.read_text(encoding="utf-8"))
    return found


def test_the_study_is_kept_without_outputs() -> None:
    for cell in study()["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Jupyter's, not ours
def test_the_study_runs_from_beginning_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbclient, nbformat = (
        pytest.importorskip(name) for name in ("nbclient", "nbformat")
    )
    pytest.importorskip("ipykernel")
    source = Path(cjigraph.__file__).parent.parent
    monkeypatch.setenv("PYTHONPATH", str(source))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    for name in ("HOME", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    document = nbformat.read(STUDY, as_version=4)
    client = nbclient.NotebookClient(document, timeout=120, kernel_name="python3")
    client.execute(cwd=os.fspath(tmp_path))
    shown = json.dumps([cell.get("outputs") for cell in document.cells])
    assert (
        "Disability hate crime, 2018 <- Disability hate crime, 2015: 3 years" in shown
    )
    assert "The programme has 13 entries" in shown
    assert "Bodies that bridge" in shown
    assert '"stderr"' not in shown
