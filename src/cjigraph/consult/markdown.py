"""A response pack as Markdown, for documents that are written further."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cjigraph.consult.options import MEANINGS
from cjigraph.consult.pack import Ref, Row, Table
from cjigraph.consult.page import common, figure
from cjigraph.record.spans import words
from cjigraph.record.table import Thing, is_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cjigraph.consult.pack import Column, Pack, Section


def markdown(pack: Pack) -> str:
    """Return a pack as Markdown with tables and footnotes, as Pandoc takes it.

    Plots are left out: the tables say the same.
    """
    return "\n".join(_lines(pack)) + "\n"


def _lines(pack: Pack) -> Iterator[str]:
    yield f"# {_plain(pack.title)}"
    yield ""
    yield f"As of {words(pack.as_of)}, {_plain(pack.as_of_because)}."
    yield ""
    found = (section.finding for section in pack.sections if section.finding)
    yield from (f"- {_plain(finding)}" for finding in found)
    for section in pack.sections:
        yield from _section(section)
    yield from _method(pack)
    yield ""
    for number, source in enumerate(pack.sources, start=1):
        yield f"[^{number}]: {_link(source.label, source.address or source.iri)}"


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {_plain(section.title)}")
    for text in section.text:
        yield from ("", _plain(text))
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"### {_plain(table.title)}", "", _plain(table.meaning), "")
    if not table.rows:
        yield _plain(table.empty)
        return
    shared = common(table)
    if shared:
        yield from (f"*Worked out* by: {_rules(shared)}.", "")
    yield _row([_plain(column.title) for column in table.columns] + ["Sources"])
    yield _row([_ruler(column) for column in table.columns] + ["---"])
    for row in table.rows:
        cells = [
            _cell(value, column.form)
            for value, column in zip(row.cells, table.columns, strict=True)
        ]
        yield _row([*cells, _notes(row, shared)])


def _ruler(column: Column) -> str:
    return "---" if column.form == "text" else "---:"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _notes(row: Row, shared: tuple[str, ...]) -> str:
    notes = "".join(f"[^{number}]" for number in row.sources)
    own = [rule for rule in dict.fromkeys(row.rules) if rule not in shared]
    worked = f"*worked out* by {_rules(own)}" if own else ""
    return " ".join(filter(None, (notes, worked)))


def _rules(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _method(pack: Pack) -> Iterator[str]:
    yield from ("", "## Method", "", "Thresholds:", "")
    for name, value in pack.options.items():
        set_to = "not given" if value is None else str(value)
        yield f"- `--{name.replace('_', '-')}` {_plain(set_to)}: {MEANINGS[name]}"
    yield from ("", "Rules:", "")
    for rule in pack.rules:
        yield f"- `{rule.name}`: {_plain(rule.words)}"


def _cell(value: Any, form: str) -> str:
    if isinstance(value, Ref):
        return _plain(value.text)
    if isinstance(value, tuple):
        return "; ".join(_cell(each, form) for each in value)
    if isinstance(value, Thing):
        return _link(value, value.iri)
    return "" if value is None else _plain(figure(value, form))


def _link(text: str, iri: str) -> str:
    if not is_address(iri):
        return _plain(text)
    return f"[{_plain(text)}]({_UNSAFE.sub(lambda each: f'%{ord(each[0]):02X}', iri)})"


_UNSAFE = re.compile(r"[()<>\s\\]")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~])")


def _plain(text: str) -> str:
    r"""Return text on one line in which nothing is markup.

    >>> print(_plain("a | b"))
    a \| b
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
