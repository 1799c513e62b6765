"""Times as sources give them: a day, a month, a year, or a stretch between two."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cjigraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Span(NamedTuple):
    """The first and the last day that a time may cover; `None` where it is open."""

    first: date | None = None
    last: date | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return self.first is not None or self.last is not None

    def meets(self, other: Span) -> bool:
        """Whether the two have a day in common, an open side reaching without end.

        >>> Span(date(2019, 1, 1)).meets(Span(last=date(2018, 1, 1)))
        False
        """
        return _before(self.first, other.last) and _before(other.first, self.last)


def _before(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)  # not the calendar module's, which speak the language of the machine
_EXACT = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?(Z|[+-].*)?")


def span(text: str) -> Span:
    """Return the days that a date covers: `2017`, `2017-09` or `2017-09-30`.

    Anything else, such as a date of a foreign store that is none, is a `Span` of which
    nothing is known.

    >>> span("2017-09").last
    datetime.date(2017, 9, 30)
    """
    match = _EXACT.fullmatch(text)
    if not match:
        return Span()
    year, month, day = (int(match[part] or 0) for part in ("year", "month", "day"))
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or _length(year, month or 12))
    except ValueError:
        return Span()
    return Span(first, last)


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def around(spans: Iterable[Span]) -> Span:
    """Return the span from the first known start to the last known end."""
    known = list(spans)
    firsts = [each.first for each in known if each.first]
    lasts = [each.last for each in known if each.last]
    return Span(min(firsts, default=None), max(lasts, default=None))


def between(start: str | None, end: str | None) -> Span:
    """Return the span from the first day of `start` to the last day of `end`.

    Either may be left out. What is no date, or a range that ends before it begins, is
    an `InputError`.
    """
    asked = Span(_asked(start).first, _asked(end).last)
    if asked.first and asked.last and asked.last < asked.first:
        problem = f"the range from {start} to {end} ends before it begins"
        raise InputError(problem, "exchange the two dates")
    return asked


def _asked(text: str | None) -> Span:
    found = span(text) if text else Span()
    if text and not found.is_known:
        cure = "write it as 2019, 2019-06 or 2019-06-11"
        raise InputError(f'"{text}" is not a date', cure)
    return found


def day(text: str) -> date:
    """Return the last day of a date somebody asks for; what is none is an `InputError`.

    >>> day("2019-06")
    datetime.date(2019, 6, 30)
    """
    found = _asked(text).last
    if found is None:
        raise InputError("no date is given", "write it as 2019, 2019-06 or 2019-06-11")
    return found


def years_before(end: date, years: int) -> date:
    """Return the same day some years earlier, or 28 February for a leap day.

    >>> years_before(date(2020, 2, 29), 1)
    datetime.date(2019, 2, 28)
    """
    try:
        return end.replace(year=end.year - years)
    except ValueError:
        return end.replace(year=end.year - years, day=28)


def whole_years(first: date, last: date) -> int:
    """Return how many birthdays lie between two days, as one counts somebody's age.

    >>> whole_years(date(2014, 3, 31), date(2020, 2, 1))
    5
    """
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def words(text: str) -> str:
    """Return a date as people write it; anything else as it is.

    >>> words("2017-09-05")
    '5 September 2017'
    >>> words("2017-09")
    'September 2017'
    """
    match = _EXACT.fullmatch(text)
    if not match or not span(text).is_known:
        return text
    parts = [match["day"] and str(int(match["day"])), match["month"] and _month(match)]
    return " ".join(part for part in (*parts, match["year"]) if part)


def _month(match: re.Match[str]) -> str:
    return _MONTHS[int(match["month"]) - 1]


def spoken(when: Span) -> str:
    """Return a span in words, by its months.

    >>> spoken(Span(date(2018, 4, 1)))
    'since April 2018'
    """
    first, last = (each and f"{_name(each)} {each.year}" for each in when)
    if first and last:
        return first if first == last else f"{first} to {last}"
    if first:
        return f"since {first}"
    return f"until {last}" if last else ""


def _name(when: date) -> str:
    return _MONTHS[when.month - 1]
