"""What can go wrong that a person can put right.

Every kind says where it happened, what is wrong and how to cure it, in one line.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class CjigraphError(Exception):
    """A mistake somebody can put right; `str` is `file:line: column: problem; cure`.

    `line` and `column` count from 1. A `column` that is a word names a column of a
    table; one that is a number is a place on the line.
    """

    exit_code = 2

    def __init__(
        self,
        problem: str,
        cure: str = "",
        path: str | os.PathLike[str] | None = None,
        line: int | None = None,
        column: int | str | None = None,
    ) -> None:
        super().__init__(problem, cure, path, line, column)
        self.problem = problem
        self.cure = cure
        self.path = path
        self.line = line
        self.column = column

    @property
    def place(self) -> str:
        """Where it is, as `file:line: column`; empty if it is in no file."""
        number = self.column if isinstance(self.column, int) else None
        name = self.column if isinstance(self.column, str) else None
        parts = (self.path and shown(self.path), self.line, number)
        numbers = ":".join(str(part) for part in parts if part is not None)
        return ": ".join(part for part in (numbers, name) if part)

    def __str__(self) -> str:
        said = ": ".join(part for part in (self.place, self.problem) if part)
        return one_line("; ".join(part for part in (said, self.cure) if part))


class TableError(CjigraphError):
    """A CSV table, its schema or its metadata breaks a rule."""


class VocabularyError(CjigraphError):
    """A Turtle file cannot be read, or says what it must not."""


class QueryError(CjigraphError):
    """A query cannot be read, is refused, or lacks a parameter."""


class DocumentError(CjigraphError):
    """A reader's copy of a source is missing, or is not the text we describe."""


class InputError(CjigraphError):
    """An argument names nothing we know, or something we cannot take."""


class LimitError(CjigraphError):
    """A limit of time, memory or rows was hit."""

    exit_code = 3


class StoreError(CjigraphError):
    """The graph is in use, damaged, or could not be written."""

    exit_code = 4


def shown(path: str | os.PathLike[str]) -> str:
    """Return `path` relative to the current folder if it lies within, else as it is.

    >>> shown("/elsewhere/a.csv")
    '/elsewhere/a.csv'
    """
    text = os.fspath(path)
    try:
        here = os.path.join(os.getcwd(), "")  # noqa: PTH109, PTH118 (pathlib is slow)
    except OSError:  # the current folder has been removed
        return text
    return text[len(here) :] if text.startswith(here) and text != here else text


def one_line(text: str) -> str:
    r"""Return `text` with whatever could break a line or steer a terminal escaped.

    >>> one_line("a\nb\x1b[31m")
    'a\\nb\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def parser_problem(error: SyntaxError) -> str:
    """Return what pyoxigraph's parser found wrong, without its account of the place.

    >>> parser_problem(SyntaxError("Parser error at line 6 column 1: Unexpected end"))
    'unexpected end'
    """
    said = str(error.msg).partition(": ")[2] or str(error.msg)
    return said[0].lower() + said[1:]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "…"?` for the nearest of `known`, or an empty text.

    >>> did_you_mean("hmcpsii", ["hmic", "hmcpsi"])
    'did you mean "hmcpsi"?'
    """
    from difflib import get_close_matches  # slow to import, and only failures need it

    near = get_close_matches(word, list(known), n=1)
    return f'did you mean "{near[0]}"?' if near else ""
