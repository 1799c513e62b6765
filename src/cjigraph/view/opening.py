"""What a picture opens with, where it holds more than a reader can take in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cjigraph.view.pictures import Picture

LIMIT, FEWER = 300, 150
"""How many things the opening view holds at most, and how many of those that hold more.

Names cannot all be read among three hundred things; a picture that must choose anyway
chooses few enough that most can be.
"""


class Opening(NamedTuple):
    """The things of the opening view, and the rule that chose them, in words."""

    things: list[str]
    rule: str


def opening(picture: Picture, limit: int = LIMIT, fewer: int = FEWER) -> Opening:
    """Return what to show first: the things asked for, then the most linked.

    Kinds that the view leaves to the legend come later, by a reader's choice.
    """
    graph, off = picture.graph, picture.off
    shown = [name for name, node in graph.nodes(data=True) if node["kind"] not in off]
    if len(shown) <= limit:
        return Opening(sorted(shown), "")
    first = frozenset(picture.first)
    degree = dict(graph.degree())
    shown.sort(key=lambda name: (name not in first, -degree[name], name))
    rule = f"the {fewer} things with the most links, equals in order of their addresses"
    if first:
        rule = f"what was asked for, then those with the most links, {fewer} in all"
    return Opening(sorted(shown[:fewer]), rule)
