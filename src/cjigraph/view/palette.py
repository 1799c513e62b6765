"""How kinds of things and links look: shape, mark, colour and line, each telling alone.

The hues are Okabe and Ito's, which readers with any colour vision tell apart. They are
darkened until they on white, and white letters on them, reach the contrast that WCAG
2.2 asks for; for dark pages they are lightened likewise.
"""

from __future__ import annotations

from typing import NamedTuple


class Hue(NamedTuple):
    """A colour on light pages, and the one that stands for it on dark pages."""

    light: str
    dark: str


BLUE = Hue("#0067a8", "#6cbcf0")
ORANGE = Hue("#b34700", "#ff9f5e")
GREEN = Hue("#00714f", "#4ed1a4")
PINK = Hue("#a0326f", "#f09bc8")
YELLOW = Hue("#7a5a00", "#e6c54d")
SKY = Hue("#356b85", "#8fd0ec")
RED = Hue("#b3261e", "#ff9d94")
GREY = Hue("#5c6470", "#b4bcc8")


class Look(NamedTuple):
    """How a kind of thing is drawn: one of vis-network's shapes, and a colour."""

    shape: str
    hue: Hue


_LOOKS: dict[str, Look] = {
    "inspection": Look("dot", BLUE),
    "body": Look("square", ORANGE),
    "theme": Look("hexagon", GREEN),
    "report": Look("diamond", PINK),
    "programme": Look("triangle", YELLOW),
    "entry": Look("triangleDown", YELLOW),
    "part": Look("triangleDown", GREY),
    "consultation": Look("star", YELLOW),
    "law": Look("triangle", RED),
    "policy": Look("triangleDown", RED),
    "review": Look("star", RED),
    "person": Look("dot", SKY),
    "post": Look("square", SKY),
    "tenure": Look("hexagon", SKY),
    "place": Look("diamond", GREEN),
    "document": Look("diamond", GREY),
    "discrepancy": Look("triangle", GREY),
    "milestone": Look("star", GREY),
    "figure": Look("square", GREY),
}
_OTHER = Look("hexagon", GREY)


def look(kind: str) -> Look:
    """Return how things of a kind are drawn."""
    return _LOOKS.get(kind, _OTHER)


def mark(name: str) -> str:
    """Return the one or two letters that stand in a symbol, from the name of a class.

    >>> mark("cross-cutting issue"), mark("report"), mark("")
    ('CI', 'Re', '')
    """
    words = [word for word in name.replace("-", " ").split() if word not in _SMALL]
    if len(words) < 2:
        return name[:2].capitalize()
    return (words[0][0] + words[-1][0]).upper()


_SMALL = frozenset({"of", "in", "a", "the"})


class Line(NamedTuple):
    """How a kind of link is drawn: a colour, and the dashes it is made of."""

    hue: Hue
    dashes: tuple[int, ...]


_SOLID: tuple[int, ...] = ()
_DASHED, _DOTTED, _DASH_DOT, _LONG = (8, 5), (2, 4), (10, 4, 2, 4), (16, 6)
_LINES: dict[str, Line] = {
    "cji:isLedBy": Line(BLUE, _SOLID),
    "cji:isSupportedBy": Line(BLUE, _DASHED),
    "cji:isConductedBy": Line(BLUE, _DOTTED),
    "leads work supported by": Line(BLUE, _SOLID),
    "works together with": Line(ORANGE, _DASHED),
    "cji:examines": Line(ORANGE, _SOLID),
    "cji:isAbout": Line(GREEN, _SOLID),
    "skos:broader": Line(GREEN, _DASHED),
    "cji:followsUp": Line(BLUE, _SOLID),
    "cji:succeeds": Line(ORANGE, _DASHED),
    "cji:continues": Line(GREEN, _LONG),
    "cji:arisesFrom": Line(PINK, _DOTTED),
    "cji:follows": Line(GREY, _DASH_DOT),
    "next look": Line(GREY, _DOTTED),
    "prov:wasInformedBy": Line(GREY, _DOTTED),
    "cji:reportsOn": Line(PINK, _SOLID),
    "cji:isEntryIn": Line(YELLOW, _SOLID),
    "cji:plans": Line(YELLOW, _DASHED),
    "cji:isConsultationOn": Line(YELLOW, _DOTTED),
    "dcterms:replaces": Line(ORANGE, _SOLID),
    "org:memberOf": Line(SKY, _DASHED),
    "cji:hasSecretariat": Line(SKY, _DOTTED),
    "cji:cites": Line(RED, _DASHED),
    "cji:isCommissionedBy": Line(RED, _DOTTED),
}
_PLAIN = Line(GREY, _SOLID)


def line(relation: str) -> Line:
    """Return how links of a kind are drawn."""
    return _LINES.get(relation, _PLAIN)
