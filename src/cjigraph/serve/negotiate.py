"""Which format an answer gets: RFC 9110 negotiation, or `?format=`."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Format(NamedTuple):
    """A way to write an answer: its registered media type and what else names it."""

    name: str
    media: str
    ending: str
    also: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


JSON = Format(
    "json",
    "application/sparql-results+json",
    "srj",
    ("application/json",),
    ("srj", "sparql-results+json"),
)
XML = Format(
    "xml",
    "application/sparql-results+xml",
    "srx",
    ("application/xml", "text/xml"),
    ("srx", "sparql-results+xml"),
)
CSV = Format("csv", "text/csv", "csv")
TSV = Format("tsv", "text/tab-separated-values", "tsv")
TURTLE = Format("ttl", "text/turtle", "ttl", (), ("turtle",))
NTRIPLES = Format(
    "nt", "application/n-triples", "nt", ("text/plain",), ("ntriples", "n-triples")
)
RDFXML = Format(
    "rdfxml",
    "application/rdf+xml",
    "rdf",
    ("application/xml", "text/xml"),
    ("rdf", "rdf+xml", "xml"),
)
JSONLD = Format(
    "jsonld",
    "application/ld+json",
    "jsonld",
    ("application/json",),
    ("json-ld", "ld+json", "json"),
)

OFFERS: dict[str, tuple[Format, ...]] = {
    "SELECT": (JSON, XML, CSV, TSV),
    "ASK": (JSON, XML),
    "CONSTRUCT": (TURTLE, NTRIPLES, RDFXML, JSONLD),
    "DESCRIBE": (TURTLE, NTRIPLES, RDFXML, JSONLD),
}
"""What each form of query can be answered in, what we like best first."""

HTML = Format("html", "text/html", "html", ("application/xhtml+xml",))
"""Offered only where somebody has given the endpoint pages."""

_RANGES = 64
"""Media ranges of an Accept header that are looked at."""


class Chosen(NamedTuple):
    """A format, and the media type to call it, which is one the client accepts."""

    format: Format
    media: str


def named(word: str, offers: tuple[Format, ...]) -> Chosen | None:
    """Return the format that `?format=` names, if it is offered."""
    word = word.lower()
    for offer in offers:
        if word in (offer.name, offer.media) or word in offer.words:
            return Chosen(offer, offer.media)
    return None


@lru_cache(maxsize=512)
def accepted(accept: str, offers: tuple[Format, ...]) -> Chosen | None:
    """Return the best of `offers` for an Accept header, or None if none will do.

    An empty header accepts anything. Equals are settled by the order of the offers.
    """
    ranges = _ranges(accept) or (("*", "*", (), 1.0),)
    best, chosen = 0.0, None
    for offer in offers:
        for media in (offer.media, *offer.also):
            quality = _quality(media, ranges, exact=media != offer.media)
            if quality > best:
                best, chosen = quality, Chosen(offer, media)
    return chosen


_Range = tuple[str, str, tuple[str, ...], float]


def _ranges(accept: str) -> tuple[_Range, ...]:
    found = (_range(part) for part in accept.split(",")[:_RANGES])
    return tuple(each for each in found if each)


def _range(part: str) -> _Range | None:
    media, *parameters = (each.strip().lower() for each in part.split(";"))
    kind, slash, subtype = media.partition("/")
    if not (kind and slash and subtype):
        return None
    quality, extra = 1.0, []
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            quality = _number(value.strip())
            break  # what follows q is about Accept itself
        if parameter:
            extra.append(parameter)
    return kind, subtype, tuple(extra), quality


def _number(text: str) -> float:
    """Return a quality, 0 for one that RFC 9110 (12.4.2) does not allow."""
    whole, _, part = text.partition(".")
    if whole not in ("0", "1") or len(part) > 3 or not (part or "0").isdecimal():
        return 0.0
    return min(1.0, float(text)) if text.isascii() else 0.0


def _quality(media: str, ranges: tuple[_Range, ...], *, exact: bool) -> float:
    """Return the quality of the most specific range that `media` falls in.

    If `exact`, as for a type's lesser names, only a range that names it counts.
    """
    kind, _, subtype = media.partition("/")
    best, quality = 2 if exact else 0, 0.0
    for its_kind, its_subtype, parameters, its_quality in ranges:
        specific = _fit(kind, subtype, its_kind, its_subtype, parameters)
        if specific > best:
            best, quality = specific, its_quality
    return quality


def _fit(
    kind: str, subtype: str, its_kind: str, its_subtype: str, extra: tuple[str, ...]
) -> int:
    """Return how specific a range is that covers a type, 0 if it does not cover it.

    Parameters other than our charset ask for something we do not have; they are let
    pass, at a lower rank, since clients mean the type more than the profile.
    """
    if (its_kind, its_subtype) == ("*", "*"):
        return 1
    if its_kind != kind or its_subtype not in ("*", subtype):
        return 0
    if its_subtype == "*":
        return 2
    return 3 if any(each != "charset=utf-8" for each in extra) else 4
