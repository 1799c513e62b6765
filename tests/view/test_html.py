"""A page as a file: whole, strict, and free of what it should not hold."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cjigraph import view
from cjigraph.view import html

if TYPE_CHECKING:
    from pyoxigraph import Store

UNSAFE = (
    "innerHTML|outerHTML|insertAdjacentHTML|document.write|eval\\(|new Function"
    "|fetch\\(|XMLHttpRequest|import\\("
)
SCRIPTS = Path(html.__file__).parent / "script"


class Parts(HTMLParser):
    """The elements of a page with their attributes, and the text of each script."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style") and data.strip():
            self.inline.append((*self.tags[-1], data))


@pytest.fixture(scope="module", params=["whole", "programme", "timeline", "flows"])
def parts(request: pytest.FixtureRequest, viewing: Store) -> Parts:
    text = view.page(viewing, request.param).html
    assert text.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    return Parts(text)


def test_a_page_has_a_title_and_says_its_encoding(parts: Parts) -> None:
    tags = Counter(tag for tag, _ in parts.tags)
    assert tags["title"] >= 1
    assert tags["h1"] == 1
    assert ("meta", {"charset": "utf-8"}) in parts.tags


def test_nothing_is_loaded_and_nothing_handles_events_inline(parts: Parts) -> None:
    for tag, attributes in parts.tags:
        assert not any(name.startswith("on") for name in attributes), tag
        assert "style" not in attributes
        assert "src" not in attributes
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        if tag in ("form", "button"):
            assert "action" not in attributes


def test_ids_are_unique_and_what_points_at_them_finds_them(parts: Parts) -> None:
    ids = [attributes["id"] for _, attributes in parts.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in parts.tags:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for wanted in (attributes.get(name) or "").split():
                assert wanted in ids


def test_the_policy_allows_what_is_there_and_no_more(parts: Parts) -> None:
    (policy,) = [
        attributes["content"]
        for tag, attributes in parts.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    there = {
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for _, attributes, text in parts.inline
        if attributes.get("type") != "application/json"
    }
    assert there == allowed


def test_no_style_or_script_names_an_address_to_load(parts: Parts) -> None:
    for tag, attributes, text in parts.inline:
        if tag == "style":
            assert "url(" not in text
            assert "@import" not in text
        assert "sourceMappingURL" not in text or attributes.get("type")


def test_names_of_our_scripts_do_not_collide() -> None:
    names = Counter(
        name
        for path in SCRIPTS.glob("*.js")
        for name in re.findall(
            r"^(?:function|const|let|class) ([A-Za-z_$]+)",
            path.read_text("utf-8"),
            re.MULTILINE,
        )
    )
    assert [name for name, number in names.items() if number > 1] == []


def test_every_script_is_in_the_page_and_needs_nothing_unsafe() -> None:
    assert {path.stem for path in SCRIPTS.glob("*.js")} == set(html._SCRIPTS)
    for path in SCRIPTS.glob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(UNSAFE, text), path


def test_a_page_is_saved_whole_or_not_at_all(viewing: Store, tmp_path: Path) -> None:
    from cjigraph.errors import CjigraphError

    page = view.page(viewing, "lineage")
    target = page.save(tmp_path / "lineage.html")
    assert target.read_text("utf-8") == page.html
    with pytest.raises(CjigraphError):
        page.save(target / "below-a-file.html")
    assert [path.name for path in tmp_path.iterdir()] == ["lineage.html"]


def test_a_script_that_would_end_early_is_refused() -> None:
    with pytest.raises(ValueError, match="end before its end"):
        html._inline("const x = '</script>';")


def test_things_are_linked_to_where_they_are_served(viewing: Store) -> None:
    text = view.page(viewing, "lineage", href=lambda iri: f"/at/{iri[-4:]}").html
    assert 'href="/at/2013"' in text
    assert '"href":"/at/2013"' in text


def test_the_page_holds_as_many_rows_as_things_without_scripts(viewing: Store) -> None:
    text = view.page(viewing, "lineage").html
    assert text.count("<tr><td>") == 5 + 4
    assert "Plan 2019, row 1</a>" in text


def test_importing_views_is_light() -> None:
    import subprocess
    import sys

    script = (
        "import sys; import cjigraph.view;"
        "print([n for n in ('networkx', 'pyvis', 'IPython', 'jinja2', 'numpy')"
        " if n in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True,
        env={"PYTHONPATH": str(Path(html.__file__).parents[2])},
    )  # fmt: skip
    assert run.stdout.strip() == "[]"
