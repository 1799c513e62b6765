from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import cjigraph

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PARTS = ["ontology", "queries", "data"]

pytestmark = pytest.mark.skipif(
    not importlib.util.find_spec("hatchling"), reason="needs hatchling"
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a fresh checkout holds, with the toy in place of the data."""
    copy = tmp_path_factory.mktemp("tree")
    names = [
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
        "LICENCE-DATA.md",
    ]
    for name in names:
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
        else:
            (copy / name).touch()
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", copy / "src", ignore=ignore)
    mini = Path(__file__).parent / "fixtures" / "mini"
    shutil.copytree(mini / "ontology", copy / "ontology")
    shutil.copytree(mini / "data", copy / "data")
    (copy / "queries").mkdir()
    (copy / "queries" / "anything.rq").write_text("ASK {}\n")
    return copy


def run(*command: object, cwd: Path, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def build(tree: Path, target: str, folder: Path) -> Path:
    run("-m", "hatchling", "build", "-t", target, "-d", folder, cwd=tree)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    made = build(tree, "wheel", tmp_path_factory.mktemp("wheel"))
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(made).extractall(folder)  # noqa: S202 (our own)
    return folder


def test_a_wheel_holds_everything(wheel: Path) -> None:
    package = wheel / "cjigraph"
    assert (package / "py.typed").exists()
    assert (package / "ontology/cji.ttl").exists()
    assert (package / "queries/anything.rq").exists()
    assert (package / "data/harbour-plan/bodies.csv").exists()
    assert (package / "data/schema/bodies.json").exists()
    assert (package / "graph/cjigraph.nq").stat().st_size > 0


def test_a_wheel_holds_the_licences_of_code_and_data(wheel: Path) -> None:
    licences = next(wheel.glob("cjigraph-*.dist-info")) / "licenses"
    assert {path.name for path in licences.iterdir()} == {"LICENSE", "LICENCE-DATA.md"}


def test_an_installed_wheel_opens_its_graph_from_an_empty_folder(
    wheel: Path, tmp_path: Path
) -> None:
    code = (
        "from cjigraph import resources, store;"
        "print(len(store.open_store()) > 0, resources.checkout(), resources.is_stale())"
    )
    said = run("-W", "error", "-c", code, cwd=tmp_path, PYTHONPATH=str(wheel))
    assert said.split() == ["True", "None", "False"]
    assert list(tmp_path.iterdir()) == []


def test_a_wheel_made_from_the_sdist_holds_the_same(
    tree: Path, wheel: Path, tmp_path: Path
) -> None:
    archive = build(tree, "sdist", tmp_path / "sdist")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.glob("cjigraph-*")
    made = build(folder, "wheel", tmp_path / "wheel")
    names = {
        name for name in zipfile.ZipFile(made).namelist() if "dist-info" not in name
    }
    ours = {
        str(p.relative_to(wheel)) for p in wheel.rglob("cjigraph/**/*") if p.is_file()
    }
    assert names == {name for name in ours if "__pycache__" not in name}
    graph = zipfile.ZipFile(made).read("cjigraph/graph/cjigraph.nq")
    assert graph == (wheel / "cjigraph/graph/cjigraph.nq").read_bytes()


def test_a_wheel_can_be_built_without_any_source(tree: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    shutil.copytree(tree, empty)
    shutil.rmtree(empty / "data")
    (empty / "data").mkdir()
    made = build(empty, "wheel", tmp_path / "wheel")
    assert "cjigraph/graph/cjigraph.nq" in zipfile.ZipFile(made).namelist()


def test_an_editable_install_builds_nothing(tree: Path, tmp_path: Path) -> None:
    code = (
        "from hatch_build import GraphBuildHook as Hook; import sys; data = {};"
        "Hook('.', {}, None, None, sys.argv[1], 'wheel').initialize('editable', data);"
        "print(data)"
    )
    said = run("-c", code, tmp_path, cwd=tree, PYTHONPATH=str(tree))
    assert said == "{}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_said_once() -> None:
    assert PROJECT["project"]["version"] == cjigraph.__version__


def test_what_builds_the_graph_is_required_alike_to_build_and_to_run() -> None:
    requires = set(PROJECT["build-system"]["requires"])
    needed = {each for each in requires if not each.startswith("hatchling")}
    assert needed <= set(PROJECT["project"]["dependencies"])


def test_every_requirement_of_users_has_a_lower_and_an_upper_bound() -> None:
    project = PROJECT["project"]
    for each in project["dependencies"]:
        assert re.fullmatch(r"[\w.-]+>=[\d.]+,<[\d.]+", each)


def test_what_is_not_loaded_yet_is_still_there() -> None:
    assert cjigraph.__all__ == ["load"]
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        _ = cjigraph.lode
