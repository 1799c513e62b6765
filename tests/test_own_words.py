"""The repository carries facts and our own words, never a source's sentences."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CJIGRAPH_SHARED", ROOT.parent / "shared"))
SOURCE = SHARED / "source" / "consultation-2019-20.txt"
RUN = 9
"""As many words in a row that are the source's are a sentence and no accident."""

TITLES = {"title", "label", "name", "locator"}
"""Columns that hold names, titles and headings, which are facts."""


def words(text: str) -> list[str]:
    without_addresses = re.sub(r"\S*/\S*/\S*", " ", text.lower())
    return re.findall(r"[a-z0-9]+", without_addresses)


def runs(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[i : i + RUN]) for i in range(len(said) - RUN + 1)}


def our_texts() -> Iterator[tuple[str, str]]:
    """Every text of the repository that might have been copied, with its place."""
    for path in sorted(ROOT.glob("data/*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for column, cell in row.items():
                    if column not in TITLES and " " in cell:  # no slug, no address
                        yield f"{path.relative_to(ROOT)}: {column}", cell
    for path in sorted([*ROOT.glob("ontology/**/*"), *ROOT.glob("*.md")]):
        if path.is_file():
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


@pytest.mark.skipif(not SOURCE.exists(), reason=f"needs the source text at {SOURCE}")
def test_no_sentence_of_the_source_is_in_the_repository() -> None:
    theirs = runs(SOURCE.read_text(encoding="utf-8"))
    copied = [
        f'{place}: "{" ".join(run)}"'
        for place, text in our_texts()
        for run in sorted(runs(text) & theirs)
    ]
    assert not copied
