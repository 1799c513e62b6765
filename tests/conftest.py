"""A small graph to ask questions of, as an open store and as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

ASKING = Path(__file__).parent / "fixtures" / "asking.trig"


def asking_store() -> Store:
    """Return the graph, whose default graph says all that its others say."""
    store = Store()
    store.load(path=ASKING, format=RdfFormat.TRIG)
    for quad in list(store):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return store


@pytest.fixture(scope="session")
def asking() -> Store:
    return asking_store()


@pytest.fixture(scope="session")
def asking_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asking") / "asking.nq"
    asking_store().dump(str(path), RdfFormat.N_QUADS)
    return path
