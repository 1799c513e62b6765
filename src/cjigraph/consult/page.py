"""A response pack as one HTML page that needs nothing but itself, not even a script."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cjigraph import __version__
from cjigraph.consult.options import MEANINGS
from cjigraph.consult.pack import Ref, Row, Table
from cjigraph.record.spans import words
from cjigraph.record.table import Thing, is_address

if TYPE_CHECKING:
    from cjigraph.consult.pack import Pack, Plot

_TEMPLATES = Path(__file__).with_name("templates")


def page(pack: Pack) -> str:
    """Return a pack as a whole HTML document."""
    style = (_TEMPLATES / "pack.css").read_text(encoding="utf-8")
    template = _environment().get_template("pack.html")
    text: str = template.render(
        pack=pack,
        style=Markup(style),  # noqa: S704 (our own file)
        style_hash=_hash(style),
        meanings=MEANINGS,
        version=__version__,
    )
    return text + "\n"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "beyond": _beyond,
        "common": common,
        "day": words,
        "figure": figure,
        "stated": lambda table: not any(row.rules for row in table.rows),
        "told": _told,
        "width": _width,
    }
    environment.tests |= {
        "address": is_address,
        "blank": lambda value: value is None or value in ("", ()),
        "ref": lambda value: isinstance(value, Ref),
        "short": _is_short,
        "several": lambda value: (
            isinstance(value, tuple) and not isinstance(value, Ref)
        ),
        "thing": lambda value: isinstance(value, Thing),
    }
    return environment


def _hash(text: str) -> str:
    """Return what a content security policy knows a piece of style by."""
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()


def common(table: Table) -> tuple[str, ...]:
    """Return the rules that all lines of a table rest on."""
    if not table.rows:
        return ()
    shared = set.intersection(*(set(row.rules) for row in table.rows))
    return tuple(rule for rule in dict.fromkeys(table.rows[0].rules) if rule in shared)


def _beyond(row: Row, known: tuple[str, ...]) -> list[str]:
    """Return the rules of a line that its table has not named already."""
    return [rule for rule in dict.fromkeys(row.rules) if rule not in known]


def figure(value: Any, form: str) -> str:
    """Return a value as people read it.

    >>> figure(0.3077, "share"), figure(3.88, "number")
    ('31%', '3.88')
    """
    return f"{value:.0%}" if form == "share" and value is not None else str(value)


def _is_short(value: object) -> bool:
    """Whether the items of a cell are so short that they can share a line."""
    return isinstance(value, tuple) and all(
        isinstance(each, Ref) and len(each.text) <= 4 for each in value
    )


def _width(share: float) -> str:
    """Return the length of a bar, which leaves room for its figure at the end."""
    return f"{share * 82:.2f}%"


def _told(plot: Plot) -> str:
    """Return a plot in words, for whoever does not see it."""
    said = (
        f"{bar.label}: {figure(bar.here, 'share')}"
        + ("" if bar.there is None else f" against {figure(bar.there, 'share')}")
        for bar in plot.bars
    )
    return f"Bar chart. {'; '.join(said)}."
