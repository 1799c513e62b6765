from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from cjigraph import resources
from cjigraph.errors import InputError

PACKAGE = Path(resources.__file__).parent


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, which may be changed."""
    package = tmp_path / "src" / "cjigraph"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    for name in ("ontology", "queries", "data/one"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data/one/a.csv").touch()
    monkeypatch.setattr(resources, "_PACKAGE", str(package))
    monkeypatch.setattr(resources, "_ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "site-packages" / "cjigraph"
    for name in ("ontology", "queries", "data"):
        (package / name).mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()  # somebody else's project
    (tmp_path / "ontology").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", str(package))
    monkeypatch.setattr(resources, "_ROOT", str(tmp_path))
    return package


def test_a_checkout_has_its_folders_at_the_top(checkout: Path) -> None:
    assert resources.checkout() == checkout
    assert resources.ontology() == checkout / "ontology"
    assert resources.queries() == checkout / "queries"
    assert resources.data() == checkout / "data"
    assert resources.bundled() == checkout / "build" / "cjigraph.nq"


def test_a_wheel_has_its_folders_within_the_package(wheel: Path) -> None:
    assert resources.checkout() is None
    assert resources.ontology() == wheel / "ontology"
    assert resources.queries() == wheel / "queries"
    assert resources.data() == wheel / "data"
    assert resources.bundled() == wheel / "graph" / "cjigraph.nq"


def test_the_graph_of_a_wheel_is_never_stale(wheel: Path) -> None:
    assert not resources.is_stale()


def test_a_missing_folder_says_so_in_one_line(wheel: Path) -> None:
    (wheel / "queries").rmdir()
    with pytest.raises(InputError, match='the folder "queries" is missing; install'):
        resources.queries()


def build(checkout: Path) -> None:
    graph = resources.bundled()
    graph.parent.mkdir(exist_ok=True)
    graph.touch()
    changed = resources.changed(str(checkout / "ontology"), str(checkout / "data"))
    os.utime(graph, ns=(changed, changed))


def test_a_missing_graph_is_stale(checkout: Path) -> None:
    assert resources.is_stale()


def test_a_graph_marked_with_the_last_change_is_fresh(checkout: Path) -> None:
    build(checkout)
    assert not resources.is_stale()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "data/one/a.csv").write_text("x"),
        lambda root: (root / "data/one/a.csv").unlink(),
        lambda root: (root / "data/two").mkdir(),
        lambda root: (root / "ontology/cji.ttl").touch(),
        lambda root: (root / "src/cjigraph/lift.py").touch(),
    ],
    ids=["edited", "removed", "added", "ontology", "code"],
)
def test_whatever_changes_later_makes_it_stale(
    checkout: Path, change: Callable[[Path], object]
) -> None:
    past = 1_000_000_000
    for path in (checkout, *checkout.rglob("*")):
        os.utime(path, (past, past))
    build(checkout)
    change(checkout)
    assert resources.is_stale()


def test_a_folder_that_leads_back_to_itself_is_not_followed(checkout: Path) -> None:
    (checkout / "data/loop").symlink_to(checkout / "data")
    assert resources.changed(str(checkout / "data")) > 0


HEAVY = """
    csv dataclasses edtf importlib.metadata importlib.resources inspect json networkx
    owlready2 pandas pathlib pyshacl pyvis rdflib re reasonable typing
"""


def test_opening_a_graph_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text("")
    code = (
        "import sys; sys.path[:0] = sys.argv[1:];"
        "from cjigraph.store import open_store; open_store('a.nq'); print(*sys.modules)"
    )
    places = [str(PACKAGE.parent), str(Path(pyoxigraph.__file__).parents[1])]
    run = subprocess.run(
        [sys.executable, "-S", "-I", "-c", code, *places],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(HEAVY.split()).isdisjoint(run.stdout.split())
