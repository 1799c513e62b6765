"""Rows as a data frame of pandas, each column with a type where it can have one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_TYPES = {
    ("bool",): "boolean",
    ("date",): "datetime64[s]",
    ("float",): "Float64",
    ("float", "int"): "Float64",
    ("int",): "Int64",
    ("str",): "string",
}
"""What pandas calls the type of a column, by the kinds of Python values in it."""


def frame(columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Any:
    """Return a `pandas.DataFrame`, in which what is missing is missing, not a text.

    Numbers, truth values, texts and dates get the type of their kind. A column that
    pandas cannot type stays of Python objects: one of several kinds, such as dates of
    which some are only a year, or of decimal numbers, which are exact. The frame's
    `attrs["untyped"]` says which columns those are, and why.
    """
    import pandas

    found: dict[str, Any] = {}
    untyped: dict[str, str] = {}
    for number, name in enumerate(columns):
        values = [row[number] for row in rows]
        found[name], reason = _column(pandas, values)
        if reason:
            untyped[name] = reason
    made = pandas.DataFrame(found, columns=list(columns))
    if untyped:
        made.attrs["untyped"] = untyped
    return made


def _column(pandas: Any, values: list[object]) -> tuple[Any, str]:
    """Return a column, and why it has no type if it has none."""
    kinds = tuple(sorted({type(each).__name__ for each in values if each is not None}))
    if not kinds:
        return pandas.Series(values, dtype="object"), ""
    if kinds in _TYPES:
        try:
            return pandas.Series(values, dtype=_TYPES[kinds]), ""
        except (OverflowError, TypeError, ValueError) as error:
            return pandas.Series(values, dtype="object"), str(error)
    return pandas.Series(values, dtype="object"), f"holds {' and '.join(kinds)}"
