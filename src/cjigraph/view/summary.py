"""What a picture shows, in words: for those who cannot or would rather not look."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cjigraph.networks import Network


def summary(graph: Network) -> list[str]:
    """Return a few sentences on what a network holds."""
    if not len(graph):
        return ["There is nothing to show: no thing fits."]
    return [
        sentence
        for sentence in (_size(graph), _links(graph), _hubs(graph), _years(graph))
        if sentence
    ]


def _size(graph: Network) -> str:
    kinds = Counter(node["class_label"] for _, node in graph.nodes(data=True))
    things = listed(
        f"{number} {_plural(kind, number)}" for kind, number in ranked(kinds)
    )
    return f"There {_be(len(graph))} {_number(len(graph), 'thing')}: {things}."


def _links(graph: Network) -> str:
    number = graph.number_of_edges()
    if not number:
        return "No links join them."
    kinds = Counter(link["label"] for *_, link in graph.edges(data=True))
    named = listed(f"“{kind}” ({count})" for kind, count in ranked(kinds))
    join = "joins" if number == 1 else "join"
    return f"{_number(number, 'link')} {join} them: {named}."


def _hubs(graph: Network) -> str:
    if graph.number_of_edges() < 3:
        return ""
    most = sorted(graph.degree(), key=lambda each: (-each[1], each[0]))[:3]
    nodes = graph.nodes
    named = (f"{cut(nodes[name]['label'])} ({links})" for name, links in most if links)
    return f"The most linked are {listed(named)}."


def _years(graph: Network) -> str:
    spans = [(node.get("start"), node.get("end")) for _, node in graph.nodes(data=True)]
    days = [day for span in spans for day in span if day]
    if not days:
        return ""
    first, last = min(days)[:4], max(days)[:4]
    known = f"All dates are in {first}."
    if first != last:
        known = f"The dates known run from {first} to {last}."
    undated = sum(not any(span) for span in spans)
    return known + (
        f" {_number(undated, 'thing')} {_have(undated)} no date." * bool(undated)
    )


def ranked(counts: Counter[str], most: int = 6) -> list[tuple[str, int]]:
    """Return the commonest with their counts; what is left over counts as "others"."""
    order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    if len(order) <= most:
        return order
    rest = sum(number for _, number in order[most - 1 :])
    return [*order[: most - 1], ("other", rest)]


def listed(parts: Iterable[str]) -> str:
    """Return parts as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *before, last = [*parts] or [""]
    return f"{', '.join(before)} and {last}" if before else last


def cut(label: str, most: int = 60) -> str:
    """Return a label that a sentence can bear."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}".replace(",", " ")


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _plural(noun: str, number: int) -> str:
    """Return the plural of a class's name.

    >>> _plural("agency", 2), _plural("business process", 4), _plural("focus of law", 2)
    ('agencies', 'business processes', 'focuses of law')
    """
    head, of, rest = noun.partition(" of ")
    if number == 1 or head.endswith(("work", "other")):
        return noun
    if head.endswith("y"):
        return head[:-1] + "ies" + of + rest
    return head + ("es" if head.endswith(("s", "x", "ch")) else "s") + of + rest
