"""Where things stand in a picture: computed beforehand, the same for the same graph.

Positions are whole pixels of the picture at its opening size on a desk. Labels keep
their size when a reader zooms, so it is at this size that they are kept apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Point = tuple[int, int]
    Positions = dict[str, Point]
    Array = NDArray[np.float64]

WIDTH, HEIGHT = 980, 600
"""The picture at its opening size on a desk."""

SYMBOL = 26
"""The room a symbol takes without its label."""

LETTERS, LINES = 22, 3
"""How many letters go on a line of a label, and how many lines it may have."""

_LETTER, _LINE = 6.3, 14


class Tick(NamedTuple):
    """A mark on the axis of a picture: where, and what it says."""

    x: int
    label: str


class Layout(NamedTuple):
    """Where things stand, the axis if there is one, and what has no date of its own."""

    positions: Positions
    axis: list[Tick]
    guessed: frozenset[str] = frozenset()


def label_size(label: str) -> tuple[float, float]:
    """Return about how wide and high a label is drawn.

    >>> label_size("CPS")
    (18.9, 14)
    """
    widths = _wrapped(label)
    return max(widths) * _LETTER, len(widths) * _LINE


def _wrapped(label: str) -> list[int]:
    """Return how many letters stand on each line, as the page breaks labels.

    >>> _wrapped("Disability hate crime follow-up by HMICFRS")
    [21, 20]
    """
    widths = [0]
    for word in label.split() or [""]:
        wider = widths[-1] + 1 + len(word) if widths[-1] else len(word)
        if wider <= LETTERS or not widths[-1]:
            widths[-1] = min(wider, LETTERS)
        elif len(widths) == LINES:
            break
        else:
            widths.append(min(len(word), LETTERS))
    return widths


def rounded(names: Sequence[str], points: Array) -> Positions:
    """Return points as whole numbers around a common middle."""
    if not names:
        return {}
    centred = points - (points.min(axis=0) + points.max(axis=0)) / 2
    return {
        name: (round(x), round(y))
        for name, (x, y) in zip(names, centred.tolist(), strict=True)
    }
