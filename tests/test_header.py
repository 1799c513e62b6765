from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cjigraph import header
from cjigraph.errors import QueryError

QUERIES = sorted((Path(__file__).parents[1] / "queries").glob("*.rq"))

WHOLE = """\
#+ summary: Which inspections did a body lead?
#+ description: >
#+   One row for each inspection,
#+   first: the oldest.
#+
#+   And "so" on.
#+ tags: [inspections, "two words", 2019]
#+ parameters:
#+   - name: body
#+     type: body
#+     required: true
#+     example: hmicfrs
#+   - name: since
#+     type: date
#+     example: 2018-01-01
#+ columns:
#+   inspection: 'the inspection''s IRI'
#+   count: how many, at least
SELECT * {}
"""


def as_yaml(text: str) -> Any:
    lines = [line[3:] for line in text.split("\n") if line.startswith("#+")]
    return dates_as_text(yaml.safe_load("\n".join(lines) + "\n") or {})


def dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: dates_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [dates_as_text(each) for each in value]
    return value.isoformat() if type(value) is date else value


def test_the_whole_subset_is_read_as_yaml() -> None:
    assert header.read(WHOLE, "q.rq") == as_yaml(WHOLE)


def test_what_is_read_is_what_is_said() -> None:
    said = header.read(WHOLE, "q.rq")
    assert said["description"] == (
        'One row for each inspection, first: the oldest.\nAnd "so" on.\n'
    )
    assert said["tags"] == ["inspections", "two words", 2019]
    assert said["columns"] == {
        "inspection": "the inspection's IRI",
        "count": "how many, at least",
    }


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_query_of_ours_is_read_as_yaml(path: Path) -> None:
    text = path.read_text("utf-8")
    assert header.read(text, path) == as_yaml(text)


def test_a_query_without_a_header_says_nothing() -> None:
    assert header.read("SELECT * {} #+ summary: no", "q.rq") == {}


REFUSED = {
    "#+summary: x": "not",
    "#+ summary:\tx": "not",
    "#+ summary: x ": "not",
    "#+ summary": "not a `key: value`",
    "#+ summary:": "nothing is said",
    "#+ summary: x\n#+ summary: y": "said twice",
    "#+ summary: >": "nothing is said",
    "#+ summary: >\n#+     too far\n#+   back": "indent",
    "#+ summary: >\n#+   one\n#+     two": "indented further",
    "#+ columns:\n#+    a: b": "nothing is said",
    "#+ columns:\n#+   a: b\n#+     c: d": "indentation",
    "#+ tags: [a": 'end in "]"|end with "]"',
    "#+ tags: [a, ]": "may not be read as text",
    "#+ tags: {a: b}": "may not be read as text",
    "#+ example: yes": "may not be read as text",
    "#+ example: null": "may not be read as text",
    "#+ example: 1.5": "may not be read as text",
    "#+ example: 0x1f": "may not be read as text",
    "#+ example: a: b": "may not be read as text",
    "#+ example: a #b": "may not be read as text",
    "#+ example: '": "may not be read as text",
    "#+ example: &a b": "may not be read as text",
    "#+ example: |": "may not be read as text",
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.items())
def test_what_is_not_in_the_subset_is_refused_by_line(text: str, problem: str) -> None:
    with pytest.raises(QueryError, match=problem) as caught:
        header.read(text + "\nASK {}", "q.rq")
    assert caught.value.line
    assert caught.value.cure


SCALARS = st.sampled_from(
    [
        *("a", "yes", "no", "Null", "true", "12", "-1", "1.5", "2019-01-01", "2019-20"),
        *("0x1", "1e3", "~", "", "?", "- a", "a: b", "a #b", "#a", "'x'", '"x"', "="),
        *("{a: b}", "&a b", "!t", "%x", "@x", "`x", "a, b", "x]", "x:", '"a" b', "y"),
        *("é", "1_000", "12:30", ".5", "0o7", "00", "010", "<<", "a\\b", '"a\\b"'),
        *("[]", '[a, "b"]', "[1, true]", "''", '""', "08", "2018-06", "1,2", "it's"),
        *("abcdefg]h", "abcdefg #h", "abcdefg: h", "Truely so", "12abc", "1-2-3"),
        *("2018-01-01 10:00", "[a, b]"),
    ]
)
FOLDED = st.lists(
    st.sampled_from(["text", "more: x #y", "", "- a", "  in"]), max_size=3
).map(lambda lines: "\n".join([">", *(f"  {x}" if x else "" for x in lines)]))


@given(st.lists(SCALARS | FOLDED, max_size=3))
def test_what_is_accepted_means_what_it_means_in_yaml(values: list[str]) -> None:
    text = "\n".join(f"key{n}: {value}" for n, value in enumerate(values))
    lines = [f"#+ {line}" if line else "#+" for line in text.split("\n") if text]
    query = "\n".join([*lines, "ASK {}"])
    try:
        said = header.read(query, "q.rq")
    except QueryError:
        return
    assert said == as_yaml(query)
