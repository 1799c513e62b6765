from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from cjigraph import errors
from cjigraph.errors import CjigraphError, TableError


def test_an_error_is_one_line_with_place_problem_and_cure() -> None:
    error = TableError('no body "x"', 'did you mean "y"?', "a.csv", 14, "lead")
    assert str(error) == 'a.csv:14: lead: no body "x"; did you mean "y"?'
    assert error.place == "a.csv:14: lead"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("broken",), "broken"),
        (("broken", "mend it"), "broken; mend it"),
        (("broken", "", "a.ttl", 3, 7), "a.ttl:3:7: broken"),
        (("broken", "", "a.ttl"), "a.ttl: broken"),
        (("broken", "", "a.ttl", None, "lead"), "a.ttl: lead: broken"),
    ],
)
def test_what_is_not_known_is_left_out(arguments: tuple[Any, ...], text: str) -> None:
    assert str(CjigraphError(*arguments)) == text


def test_nothing_in_an_error_can_break_the_line_or_steer_a_terminal() -> None:
    error = TableError("holds \x1b[2J\n\u202e", "remove\r it", "a\nb.csv")
    assert str(error) == "a\\nb.csv: holds \\x1b[2J\\n\\u202e; remove\\r it"


def test_a_path_within_the_current_folder_is_shown_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert errors.shown(tmp_path / "data" / "a.csv") == str(Path("data", "a.csv"))
    assert errors.shown("/elsewhere/a.csv") == "/elsewhere/a.csv"
    assert errors.shown(str(tmp_path) + "-other/a.csv") == f"{tmp_path}-other/a.csv"


def test_a_removed_current_folder_does_not_hide_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert errors.shown("/elsewhere/a.csv") == "/elsewhere/a.csv"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("TableError", 2),
        ("VocabularyError", 2),
        ("QueryError", 2),
        ("DocumentError", 2),
        ("InputError", 2),
        ("LimitError", 3),
        ("StoreError", 4),
    ],
)
def test_each_kind_has_its_exit_code(kind: str, code: int) -> None:
    assert getattr(errors, kind)("broken").exit_code == code


def test_an_error_survives_the_way_between_processes() -> None:
    error = TableError("broken", "mend it", "a.csv", 1, "lead")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301


def test_no_suggestion_is_made_when_nothing_is_near() -> None:
    assert errors.did_you_mean("xyz", ["hmcpsi"]) == ""
