"""Charts: when things happened, what was looked at, and what became of plans.

Each is SVG from a template of ours, with the same as a table beside it. `Chart.figure`
is a piece of HTML that any page can take in; it looks right with `style()`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cjigraph import lineage, record
from cjigraph.errors import InputError
from cjigraph.record.spans import words
from cjigraph.view import html
from cjigraph.view.pictures import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from markupsafe import Markup
    from pyoxigraph import Store

    from cjigraph.record import Entry, Record
    from cjigraph.record.spans import Span
    from cjigraph.view.html import Href, View


class Cell(NamedTuple):
    """What stands in a cell of a table, with the thing it names, if it names one."""

    text: str
    iri: str = ""


class Chart(NamedTuple):
    """A chart: what its template needs, and the same as a table."""

    name: str
    title: str
    about: str
    drawing: dict[str, object]
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]

    def svg(self, href: Href = str) -> Markup:
        """Return the drawing, which names and describes itself."""
        return html.render(f"{self.name}.svg.j2", chart=self, href=href, **self.drawing)

    def figure(self, href: Href = str) -> Markup:
        """Return the drawing and its table as a piece of a page."""
        return html.render("figure.html.j2", chart=self, href=href, svg=self.svg(href))


def style() -> Markup:
    """Return the style sheet that charts need in a page."""
    return html.style("chart.css")


def page(chart: Chart, href: Href = str) -> View:
    """Return a chart as a page of its own."""
    looks = html.style("chart.css")
    text = html.render(
        "chart.html.j2",
        chart=chart,
        figure=chart.figure(href),
        style=looks,
        policy=html.policy([], looks),
    )
    return html.View(chart.title, text)


# When: a row for each programme and each piece of work

_LEFT, _BREADTH, _ROW, _TOP = 12, 1160, 38, 34


def timeline(store: Store, of: str | None = None) -> Chart:
    """Return when work lasted, when its outcome was expected, and when reports came.

    What has no date at all is in the table only. `of` narrows it to one programme.
    """
    said = record.read(store)
    plans = [find(store, of, "programme")] if of else said.things("programme")
    works = _planned(said, plans) if of else said.things("inspection")
    rows = [_Row(said, each) for each in (*plans, *works)]
    dated = sorted((row for row in rows if row.days), key=_Row.order)
    undated = [row for row in rows if not row.days]
    scale = _Scale(day for row in dated for day in row.days)
    title = (
        f"Timeline: {said.label(plans[0])}" if of else "Timeline of programmes and work"
    )
    about = (
        "A bar is the time that a piece of work lasted, pointed where no end is known; "
        "a hollow bar is a programme. A dashed frame is when the outcome was expected; "
        "a diamond is a report, as wide as its date is uncertain."
    )
    drawing: dict[str, object] = {
        "width": scale.right + 44,
        "height": _TOP + _ROW * len(dated) + 10,
        "ticks": scale.ticks(),
        "rows": [row.drawn(at, scale) for at, row in enumerate(dated)],
        "tall": _ROW,
        "missing": len(undated),
    }
    columns = ("What", "Kind", "Lasted", "Outcome expected", "Reports")
    return Chart("timeline", title, about, drawing, columns,
                 [row.cells() for row in (*dated, *undated)])  # fmt: skip


def _planned(said: Record, plans: Iterable[str]) -> list[str]:
    return sorted({entry.work for plan in plans for entry in said.entries(plan)})


class _Row:
    """A programme or a piece of work with its times."""

    def __init__(self, said: Record, thing: str) -> None:
        self.thing = thing
        self.label = said.label(thing)
        self.kind = said.kind_label(thing)
        self.is_plan = said.network.nodes[thing]["kind"] == "programme"
        self.lasted = said.took_place(thing) if self.is_plan else said.lasted(thing)
        self.expected = list(_expected(said, thing))
        self.reports = [] if self.is_plan else said.published(thing)

    @property
    def days(self) -> list[date]:
        """All the days that are known."""
        spans = (self.lasted, *self.expected, *(each.span for each in self.reports))
        return [day for span in spans for day in span if day]

    def order(self) -> tuple[date, date, str]:
        """Return what puts rows in order: by when they begin."""
        return min(self.days), max(self.days), self.thing

    def drawn(self, at: int, scale: _Scale) -> dict[str, object]:
        """Return the row's label and its marks, in pixels."""
        bar = scale.stretch(self.lasted)
        start = scale.place(min(self.days))
        late = start > scale.right * 0.6
        return {
            "x": scale.place(max(self.days)) if late else start,
            "anchor": "end" if late else "start",
            "y": _TOP + _ROW * at,
            "iri": self.thing,
            "label": self.label,
            "tip": "; ".join(cell.text for cell in self.cells() if cell.text),
            "kind": "plan" if self.is_plan else "work",
            "bar": bar,
            "points": (0 if self.lasted.first else 8, 0 if self.lasted.last else 8),
            "expected": [scale.stretch(span) for span in self.expected],
            "reports": [scale.stretch(each.span) for each in self.reports],
        }

    def cells(self) -> tuple[Cell, ...]:
        """Return the row as the table has it."""
        expected = "; ".join(_spoken(span) for span in self.expected)
        reports = "; ".join(each.words for each in self.reports)
        lasted = _spoken(self.lasted)
        return (
            Cell(self.label, self.thing),
            *(Cell(text) for text in (self.kind, lasted, expected, reports)),
        )


def _expected(said: Record, thing: str) -> Iterator[Span]:
    entries = [link.subject for link in said.said_of(thing, "cji:plans")]
    spans = {said.expected(each) for each in (thing, *entries)}
    yield from sorted((span for span in spans if span.is_known), key=str)


def _spoken(span: Span) -> str:
    first, last = (day and words(day.isoformat()) for day in span)
    if first and last:
        return first if first == last else f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""


class _Scale:
    """Where days stand on the axis."""

    def __init__(self, days: Iterable[date]) -> None:
        years = [day.year for day in days] or [date.min.year]
        self.first, self.last = min(years), max(years) + 1
        self._year = max(18, min(110, _BREADTH // (self.last - self.first)))
        self.right = _LEFT + self._year * (self.last - self.first)

    def place(self, day: date) -> float:
        """Return where a day stands."""
        into = (day.timetuple().tm_yday - 1) / 366
        return round(_LEFT + self._year * (day.year - self.first + into), 1)

    def stretch(self, span: Span) -> tuple[float, float] | None:
        """Return from where to where a span reaches; an open side goes to the edge."""
        if not span.is_known:
            return None
        left = self.place(span.first) if span.first else float(_LEFT)
        right = self.place(span.last) if span.last else float(self.right)
        return left, max(right, left + 2)

    def ticks(self) -> list[tuple[float, int]]:
        """Return the years to mark, and where."""
        step = 1 if self._year >= 40 else 5
        years = range(self.first, self.last + 1)
        return [(_LEFT + self._year * (year - self.first), year)
                for year in years if year % step == 0]  # fmt: skip


# What was looked at: themes or processes by year or by inspectorate

_ROWS = {"processes": "Business process or issue", "themes": "Theme"}
_BY = {"year": "year", "inspectorate": "inspectorate"}


def matrix(store: Store, rows: str = "processes", by: str = "year") -> Chart:
    """Return how many pieces of work were on each theme, by year or by inspectorate.

    `rows` is "processes" (with the cross-cutting issues) or "themes"; `by` is "year" or
    "inspectorate". Work counts in the year of its first report, or else in which it
    began; work on a narrower theme counts for the wider one.
    """
    if rows not in _ROWS:
        raise InputError(f'the rows cannot be "{rows}"', "use processes or themes")
    if by not in _BY:
        raise InputError(f'it cannot go by "{by}"', "use year or inspectorate")
    said = record.read(store)
    subjects = [*said.processes(), *said.issues()]
    if rows == "themes":
        subjects = said.subjects()
    heads = _years if by == "year" else _inspectorates
    counts = {theme: _tally(said, theme, heads) for theme in subjects}
    if rows == "themes":
        subjects = [theme for theme in subjects if counts[theme]]
    columns = _columns(counts.values(), by, said)
    about = f"How many pieces of work on record deal with each, by {_BY[by]}."
    if by == "year":
        about += " Work counts in the year of its first report, or else when it began."
    title = "Work by theme" if rows == "themes" else "Work by process and issue"
    return Chart(
        *("matrix", f"{title}, by {_BY[by]}", about),
        _cells(said, subjects, counts, columns),
        (_ROWS[rows], *columns, "All"),
        [
            (
                Cell(said.label(theme), theme),
                *(
                    Cell(str(len(counts[theme].get(column, ())) or ""))
                    for column in columns
                ),
                Cell(str(len(set().union(*counts[theme].values())))),
            )
            for theme in subjects
        ],
    )


_Counts = dict[str, set[str]]


def _tally(
    said: Record, theme: str, heads: Callable[[Record, str], Iterable[str]]
) -> _Counts:
    """Return the pieces of work on a theme by what heads their column."""
    found: _Counts = defaultdict(set)
    for work in said.work_on(theme):
        for head in heads(said, work):
            found[head].add(work)
    return dict(found)


def _years(said: Record, work: str) -> list[str]:
    year = said.year(work)
    return [str(year) if year else _UNDATED]


_UNDATED = "no date"


def _inspectorates(said: Record, work: str) -> list[str]:
    conductors = (said.line(body) for body in said.conductors(work))
    return sorted(
        {said.short(body) for body in conductors if said.is_inspectorate(body)}
    )


def _columns(counts: Iterable[_Counts], by: str, said: Record) -> list[str]:
    known = {head for each in counts for head in each}
    if by == "inspectorate":
        return sorted(known)
    years = [int(head) for head in known if head != _UNDATED]
    run = range(min(years), max(years) + 1) if years else range(0)
    return [*map(str, run), *([_UNDATED] if _UNDATED in known else [])]


_HEAD, _BOX, _TALL = 230, 46, 26


def _cells(
    said: Record,
    subjects: Sequence[str],
    counts: dict[str, _Counts],
    columns: Sequence[str],
) -> dict[str, object]:
    most = max(
        (len(works) for each in counts.values() for works in each.values()), default=1
    )
    cells = [
        {
            "x": _HEAD + _BOX * across,
            "y": _TOP + 40 + _TALL * down,
            "number": len(works),
            "shade": 1 + round(3 * (len(works) - 1) / max(most - 1, 1)),
            "tip": f"{said.label(theme)}, {column}: "
            + "; ".join(sorted(said.label(work) for work in works)),
        }
        for down, theme in enumerate(subjects)
        for across, column in enumerate(columns)
        if (works := counts[theme].get(column))
    ]
    return {
        "width": _HEAD + _BOX * len(columns) + 20,
        "height": _TOP + 40 + _TALL * len(subjects) + 10,
        "heads": [(_HEAD + _BOX * (at + 0.5), head) for at, head in enumerate(columns)],
        "names": [
            (_TOP + 40 + _TALL * (at + 0.5), said.label(theme), theme)
            for at, theme in enumerate(subjects)
        ],
        "cells": cells,
        "box": (_BOX, _TALL),
        "head": _HEAD,
        "top": _TOP + 40,
    }


# What became of plans: from programme by standing to outcome

_WIDE, _GAP, _HIGH = 900, 14, 20
_AT = (10, 380, 740)
REPORTED, FOLLOWED, GOING = (
    "a report is on record",
    "later work follows it",
    "it goes on",
)
NOTHING = "nothing more is on record"


def flows(store: Store, of: str | None = None) -> Chart:
    """Return what became of the entries of programmes, by the standing they had.

    Work has an outcome if a report on it is on record; failing that, if later work
    follows it; failing that, it may be said to go on. `of` narrows it to one programme.
    """
    said = record.read(store)
    plans = [find(store, of, "programme")] if of else said.things("programme")
    entries = [(plan, entry) for plan in plans for entry in said.entries(plan)]
    entries.sort(key=lambda each: (said.label(each[0]), each[1].position, each[1].iri))
    stages = [
        (said.label(plan), _standing(said, entry), outcome(said, entry.work))
        for plan, entry in entries
    ]
    title = f"What became of: {said.label(plans[0])}" if of else "What became of plans"
    about = (
        "From each programme, by the standing of its entries, to what is on record of "
        "the work. That nothing is on record does not mean that nothing was done."
    )
    rows = [
        (Cell(stage[0], plan), Cell(said.label(entry.work), entry.work),
         Cell(stage[1]), Cell(stage[2]))
        for (plan, entry), stage in zip(entries, stages, strict=True)
    ]  # fmt: skip
    columns = ("Programme", "Work", "Standing", "Outcome")
    return Chart("flows", title, about, _ribbons(stages), columns, rows)


def _standing(said: Record, entry: Entry) -> str:
    return said.label(entry.standing) if entry.standing else "Standing not said"


def outcome(said: Record, work: str) -> str:
    """Return in words what is on record of what a plan led to."""
    if said.reports(work):
        return REPORTED
    if lineage.followers(said, work):
        return FOLLOWED
    return GOING if said.is_running(work) else NOTHING


def _ribbons(stages: Sequence[tuple[str, str, str]]) -> dict[str, object]:
    """Return boxes and ribbons of an alluvial diagram, in pixels."""
    boxes = [_boxes([stage[at] for stage in stages], at) for at in range(3)]
    ribbons = []
    for at in range(2):
        leaving, coming = Counter[str](), Counter[str]()
        pairs = Counter((stage[at], stage[at + 1]) for stage in stages)
        order = sorted(
            pairs, key=lambda pair: (boxes[at][pair[0]][0], boxes[at + 1][pair[1]][0])
        )
        for one, other in order:
            number = pairs[one, other]
            left = boxes[at][one][0] + leaving[one] * _HIGH
            right = boxes[at + 1][other][0] + coming[other] * _HIGH
            leaving[one] += number
            coming[other] += number
            ribbons.append(
                _ribbon(at, left, right, number, f"{one} to {other}: {number}")
            )
    deepest = max(
        (top + tall for column in boxes for top, tall in column.values()), default=0
    )
    drawn = [
        {"x": _AT[at], "y": top, "tall": tall, "label": label, "number": tall // _HIGH}
        for at, column in enumerate(boxes)
        for label, (top, tall) in column.items()
    ]
    heads = zip(_AT, ("Programme", "Standing", "Outcome"), strict=True)
    return {"width": _WIDE + 160, "height": deepest + 20, "boxes": drawn,
            "ribbons": ribbons, "heads": list(heads)}  # fmt: skip


def _boxes(labels: Sequence[str], at: int) -> dict[str, tuple[int, int]]:
    """Return the top and the height of each label's box in a column."""
    known = (REPORTED, FOLLOWED, GOING, NOTHING)
    counts = Counter(labels)
    order = [label for label in known if label in counts] if at == 2 else list(counts)
    heights = [counts[label] * _HIGH for label in order]
    tops = accumulate((height + _GAP for height in heights), initial=_TOP)
    return dict(zip(order, zip(tops, heights, strict=False), strict=False))


def _ribbon(at: int, left: int, right: int, number: int, tip: str) -> dict[str, object]:
    x, end = _AT[at] + 12, _AT[at + 1]
    middle, tall = (x + end) / 2, number * _HIGH
    path = (
        f"M{x} {left}C{middle} {left} {middle} {right} {end} {right}"
        f"V{right + tall}C{middle} {right + tall} {middle} {left + tall} "
        f"{x} {left + tall}Z"
    )
    return {"path": path, "tip": tip}


CHARTS: dict[str, Callable[..., Chart]] = {
    "timeline": timeline,
    "matrix": matrix,
    "flows": flows,
}
"""The charts by their names."""
