"""A server over a small graph, and one over a graph big enough to be hostile to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from running import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ID = "https://w3id.org/cjigraph/id/"


@pytest.fixture(scope="package")
def server(asking_file: Path) -> Iterator[Server]:
    with Server(asking_file) as running:
        yield running


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand statements: the square of that is too much to ask for."""
    path = tmp_path_factory.mktemp("crowd") / "crowd.nq"
    path.write_text(
        "".join(
            f"<{ID}body/b{n}> <{ID}theme/t{n % 7}> <{ID}body/b{(n + 1) % 2000}> .\n"
            for n in range(2000)
        ),
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="package")
def crowded(crowd: Path) -> Iterator[Server]:
    """A server with little time and room for each query."""
    limits = {"seconds": 1.5, "rows": 1000, "result_bytes": 400_000}
    with Server(crowd, limits={**limits, "memory": 2**28}) as running:
        yield running
