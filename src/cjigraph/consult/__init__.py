"""A response to the consultation on a programme: overlap, gaps and balance.

A statutory consultee is asked whether the proposed work duplicates, overlaps or clashes
with other work, what else deserves a place, and whether the programme is balanced. A
response pack answers from the record, with its sources beside every line. What no
source says is worked out by a rule, and the line names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjigraph.consult import rules
from cjigraph.consult.frame import frame
from cjigraph.consult.options import Options
from cjigraph.consult.pack import Pack
from cjigraph.consult.sections import balance, gaps, glance, overlap
from cjigraph.consult.writer import Writer
from cjigraph.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from cjigraph.consult.pack import Section
    from cjigraph.record import Record

__all__ = ["FORMATS", "PROGRAMME", "Options", "Pack", "pack", "write"]

PROGRAMME = "2019-20"
"""The programme that is answered for if none is named."""

FORMATS = ("html", "md", "json")


def pack(
    record: Record, programme: str = PROGRAMME, options: Options | None = None
) -> Pack:
    """Return the response pack for a programme.

    The programme is named by slug, `2019/20`, label or IRI; one that is not on record,
    or none of whose entries are, is an `InputError` that names the nearest.
    """
    writer = Writer(frame(record, programme, (options or Options()).checked()))
    compared = writer.frame
    programme_ = writer.thing(compared.programme)
    return Pack(
        title=f"{programme_}: overlap, gaps and balance",
        programme=programme_,
        as_of=compared.as_of.isoformat(),
        as_of_because=compared.as_of_because,
        options=compared.options._asdict(),
        sections=_sections(writer),
        rules=rules.rules(compared.options),
        sources=compared.notes.sources,
    )


def _sections(writer: Writer) -> tuple[Section, ...]:
    """Return the sections in order, in which their sources are numbered too."""
    return (
        glance.glance(writer),
        overlap.section(writer),
        gaps.section(writer),
        balance.section(writer),
        glance.recent(writer),
    )


def write(pack_: Pack, format_: str = "html") -> bytes:
    """Return a pack as HTML, Markdown or JSON, the same bytes for the same pack."""
    if format_ not in FORMATS:
        cure = did_you_mean(format_, FORMATS) or f"known are {', '.join(FORMATS)}"
        raise InputError(f'a pack has no format "{format_}"', cure)
    return _writer(format_)(pack_).encode()


def _writer(format_: str) -> Callable[[Pack], str]:
    if format_ == "html":
        from cjigraph.consult.page import page

        return page
    if format_ == "md":
        from cjigraph.consult.markdown import markdown

        return markdown
    from cjigraph.consult.data import data

    return data
