"""What a cell may hold: the datatypes a table schema can name.

Each takes one way of writing a value only, the canonical one, so that two cells say the
same if and only if they read the same.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cjigraph import vocab

if TYPE_CHECKING:
    from collections.abc import Callable


class Datatype(NamedTuple):
    """A datatype: its IRI, which texts are its values, and how to write one."""

    iri: str
    holds: Callable[[str], bool]
    cure: str


def _pattern(pattern: str) -> Callable[[str], bool]:
    matches = re.compile(pattern, re.ASCII).fullmatch
    return lambda text: matches(text) is not None


_DAY = _pattern(r"\d{4}-\d{2}-\d{2}")
_CLOCK = _pattern(
    r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
)
_DURATION = _pattern(
    r"-?P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
)


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar.

    >>> is_day("2020-02-29"), is_day("2019-02-29"), is_day("20190228")
    (True, False, False)
    """
    try:
        return _DAY(text) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    day, _, clock = text.partition("T")
    return is_day(day) and _CLOCK(clock)


def is_edtf(text: str) -> bool:
    """Whether `text` is an EDTF expression whose days are real and in order.

    >>> is_edtf("2020-01/2020-04~"), is_edtf("2019-13"), is_edtf("2019/2018")
    (True, False, False)
    """
    if any(DATATYPES[plain].holds(text) for plain in ("gYear", "gYearMonth", "date")):
        return True  # level 0: the same as ISO 8601, and by far the most frequent
    try:
        edtf_days(text)
    except ValueError:
        return False
    return True


DATATYPES: dict[str, Datatype] = {
    name: Datatype(vocab.XSD + name, holds, cure)
    for name, holds, cure in (
        (
            "anyURI",
            _pattern(r"(https?://|urn:|mailto:)([^\s<>\"{}|\\^`%]|%[0-9A-Fa-f]{2})+"),
            "write it in full, as https://example.org/page",
        ),
        ("boolean", _pattern("true|false"), "write true or false"),
        ("date", is_day, "write a day of the calendar as YYYY-MM-DD"),
        ("dateTime", _is_moment, "write it as YYYY-MM-DDThh:mm:ss"),
        (
            "decimal",
            _pattern(r"(?!-0$)-?(0|[1-9]\d*)(\.\d*[1-9])?"),
            "write it as 1234.5, without needless zeros",
        ),
        ("duration", _DURATION, "write it as P1Y2M3D or PT4H"),
        ("gYear", _pattern(r"(?!0000)\d{4}"), "write a year as YYYY"),
        (
            "gYearMonth",
            _pattern(r"(?!0000)\d{4}-(0[1-9]|1[0-2])"),
            "write a month as YYYY-MM",
        ),
        (
            "integer",
            _pattern(r"0|-?[1-9]\d*"),
            "write it as 1234, without needless zeros",
        ),
        (
            "nonNegativeInteger",
            _pattern(r"0|[1-9]\d*"),
            "write zero or a positive whole number",
        ),
        ("positiveInteger", _pattern(r"[1-9]\d*"), "write a positive whole number"),
        ("string", lambda _: True, ""),
    )
}
"""The datatypes of the subset by the names CSVW gives them."""

EDTF = Datatype(
    vocab.EDTF, is_edtf, "write it as 2019-22 (summer 2019) or 2020-01/2020-04~"
)
"""The Extended Date/Time Format: https://www.loc.gov/standards/datetime/."""


@cache
def edtf_days(text: str) -> tuple[date | None, date | None]:
    """Return the first and last day that an EDTF expression allows.

    A side that is open, unknown or outside the years 1 to 9999 is None. What is only
    approximate counts as if it were exact. Whatever is no EDTF is a ValueError.

    >>> edtf_days("2020-01/2020-04~")
    (datetime.date(2020, 1, 1), datetime.date(2020, 4, 30))
    """
    expression = _parse_edtf(text)
    first = _edtf_day(expression, "lower", expression.lower_strict())
    last = _edtf_day(expression, "upper", expression.upper_strict())
    if first and last and first > last:
        raise ValueError(f"{text} ends before it begins")
    return first, last


def _edtf_day(expression: Any, side: str, moment: Any) -> date | None:
    section = type(getattr(expression, side, None)).__name__
    if isinstance(moment, float) or section == "UnspecifiedIntervalSection":
        return None  # an unknown side is padded by ten years in the library
    year, month, day = moment[:3]
    return date(year, month, day) if 1 <= year <= 9999 else None


_EDTF_LETTERS = _pattern(r"[0-9XYESTZ:+?~%/.,{}\[\]-]+")


def _parse_edtf(text: str) -> Any:
    import warnings
    from contextlib import redirect_stdout
    from io import StringIO

    if not _EDTF_LETTERS(text):
        raise ValueError(f"{text} is no EDTF expression")
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")  # pyparsing warns of the library's grammar
        from edtf import parse_edtf  # takes 0.1 s, and few tables need it
        from edtf.parser.edtf_exceptions import EDTFParseException

        try:
            return parse_edtf(text)
        except (EDTFParseException, TypeError) as error:  # TypeError: "/.."
            raise ValueError(f"{text} is no EDTF expression") from error
