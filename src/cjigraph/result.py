"""Answers, and the formats they are written in.

An answer is a table (SELECT), a truth value (ASK) or triples (CONSTRUCT, DESCRIBE).
"""

from __future__ import annotations

import re

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from cjigraph.errors import InputError, QueryError, one_line
from cjigraph.vocab import PREFIXES, XSD, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from pyoxigraph import QueryTriples

    Term = NamedNode | BlankNode | Literal | Triple

FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld")

_TABLES = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
}
_FIT = {
    "SELECT": ("table", *_TABLES),
    "ASK": ("table", "json", "xml"),
    "CONSTRUCT": tuple(_GRAPHS),
}
_NAMES = {"SELECT": "a table", "ASK": "yes or no", "CONSTRUCT": "triples"}

_WHOLE = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger"),
    *("positiveInteger", "negativeInteger", "nonPositiveInteger", "unsignedInt"),
    *("unsignedLong", "unsignedShort", "unsignedByte"),
)


_MOST_ROWS = 200
"""The most rows that a notebook is asked to show."""
_NO_ROWS = (
    "No rows. Leave out a condition or a parameter, or look names up with graph.show."
)


class Result:
    """What a query answered: columns and rows, a truth value, or triples.

    `columns` are the variables in the order of the SELECT; `rows` are tuples of Python
    values, `terms` the same as RDF terms; both are empty for an ASK. Iterating gives
    the rows, and `bool` is the answer to an ASK, or whether there are rows at all.
    `labels` turns the IRI of a thing into what notebooks show for it.
    """

    labels: Callable[[str], str | None] | None = None

    def __init__(self, answer: QuerySolutions | QueryBoolean | QueryTriples) -> None:
        # The engine works while it writes, so that an error comes now and not later.
        if isinstance(answer, QuerySolutions):
            self.form = "SELECT"
            self.columns = tuple(each.value for each in answer.variables)
            self._json = answer.serialize(format=QueryResultsFormat.JSON) or b""
        elif isinstance(answer, QueryBoolean):
            self.form, self.columns = "ASK", ()
            self._json = answer.serialize(format=QueryResultsFormat.JSON) or b""
        else:
            self.form, self.columns = "CONSTRUCT", ("subject", "predicate", "object")
            self._triples = sorted(set(answer), key=str)
        self._terms: list[tuple[Term | None, ...]] | None = None

    @property
    def terms(self) -> list[tuple[Term | None, ...]]:
        """The rows as RDF terms of pyoxigraph, `None` where a column is unbound."""
        if self._terms is None:
            self._terms = list(self._read())
        return self._terms

    def _read(self) -> Iterator[tuple[Term | None, ...]]:
        if self.form == "CONSTRUCT":
            return (tuple(triple) for triple in self._triples)
        parsed = parse_query_results(self._json, QueryResultsFormat.JSON)
        return map(tuple, parsed) if isinstance(parsed, QuerySolutions) else iter(())

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """The rows as Python values: see `value`."""
        return [tuple(map(value, row)) for row in self.terms]

    @property
    def triples(self) -> list[Triple]:
        """What a CONSTRUCT or DESCRIBE answered, sorted."""
        return list(self._triples) if self.form == "CONSTRUCT" else []

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.terms)

    def __bool__(self) -> bool:
        if self.form == "ASK":
            return b'"boolean":true' in self._json
        return bool(self.terms)

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        """Return a table for a notebook, with labels that link to what they name."""
        if self.form == "ASK":
            return f"<p>{self.to_text()}</p>"

        def line(cell: str, texts: Iterable[str]) -> str:
            cells = "".join(f"<{cell}>{text}</{cell}>" for text in texts)
            return f"<tr>{cells}</tr>"

        shown_ = self.terms[:_MOST_ROWS]
        body = "".join(line("td", map(self._linked, row)) for row in shown_)
        more = len(self) - len(shown_)
        rest = f"<p>… and {more} more rows</p>" if more else ""
        if not self:
            rest = f"<p>{_NO_ROWS}</p>"
        return f"<table>{line('th', map(_escaped, self.columns))}{body}</table>{rest}"

    def _linked(self, term: Term | None) -> str:
        """Return a term in HTML: a thing by its label, with a link if that is safe."""
        text = shown(term)
        if not isinstance(term, NamedNode):
            return _escaped(text)
        said = _escaped((self.labels(term.value) if self.labels else None) or text)
        if not term.value.startswith(("https://", "http://")):
            return said
        iri = _escaped(term.value)
        return f'<a href="{iri}" title="{_escaped(text)}">{said}</a>'

    def _texts(self) -> list[tuple[str, ...]]:
        return [tuple(map(shown, row)) for row in self.terms]

    def write(self, format_: str | None = None, width: int | None = None) -> bytes:
        """Return the answer in a format, or a table (triples as Turtle) if none.

        One that does not fit the form of the query is a `QueryError`. `width` is that
        of the terminal a table is for; without one, no text is cut.
        """
        format_ = format_ or _FIT[self.form][0]
        if format_ not in _FIT[self.form]:
            raise QueryError(
                f"{format_} cannot hold {_NAMES[self.form]}",
                f"what fits is {', '.join(_FIT[self.form])}",
            )
        if format_ == "table":
            return self.to_text(width).encode("utf-8", "backslashreplace") + b"\n"
        return self._table(format_) if format_ in _TABLES else self._graph(format_)

    def _table(self, format_: str) -> bytes:
        if format_ == "json":
            return self._json + b"\n"
        parsed = parse_query_results(self._json, QueryResultsFormat.JSON)
        written = parsed.serialize(format=_TABLES[format_]) or b""
        if format_ == "xml":
            return _for_xml(written.decode()).encode() + b"\n"
        return written

    def _graph(self, format_: str) -> bytes:
        used = {
            name: namespace
            for name, namespace in PREFIXES.items()
            if any(f"<{namespace}" in str(triple) for triple in self._triples)
        }
        triples = self._triples
        written = serialize(triples, format=_GRAPHS[format_], prefixes=used) or b""
        return written if written.endswith(b"\n") else written + b"\n"

    def to_csv(self) -> str:
        """Return the rows as CSV, as SPARQL 1.1 defines it: IRIs whole, lines CRLF."""
        return self.write("csv").decode()

    def to_pandas(self) -> Any:
        """Return the rows as a data frame; pandas comes with the extra `pandas`.

        A column of one kind of value gets the type of that kind. One that pandas cannot
        type stays of Python objects, and `attrs["untyped"]` of the frame says why.
        """
        from cjigraph.frames import frame

        try:
            return frame(self.columns, self.rows)
        except ImportError:
            cure = "`pip install cjigraph[pandas]`"
            raise InputError("pandas is not installed", cure) from None

    def to_text(self, width: int | None = None) -> str:
        """Return the answer as aligned text, cut to `width` columns if there is one."""
        if self.form == "ASK":
            return "yes" if self else "no"
        return aligned([self.columns, *self._texts()], width)


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _for_xml(text: str) -> str:
    """Return XML with what XML 1.0, 2.2 forbids replaced by U+FFFD, and CR escaped."""
    unfit = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # the engine has no surrogates
    return re.sub(unfit, "\ufffd", text).replace("\r", "&#13;")


def value(term: Term | None) -> object:
    """Return a term as a Python value.

    Whole numbers, decimals, doubles, truth values, dates and times become their Python
    kind; IRIs, other literals and dates that are less exact than a day become `str`.
    """
    if not isinstance(term, Literal):
        return _name(term)
    read = _READERS.get(term.datatype.value)
    try:
        return read(term.value) if read else term.value
    except (ValueError, ArithmeticError):  # the text is not one of its datatype
        return term.value


def _name(term: Term | None) -> str | None:
    if isinstance(term, NamedNode):
        return term.value
    return None if term is None else str(term)


def _whole(text: str) -> object:
    return int(text) if text.isascii() and "_" not in text else text


def _decimal(text: str) -> object:
    from decimal import Decimal

    return Decimal(text)


def _date(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def _time(text: str) -> object:
    from datetime import datetime

    return datetime.fromisoformat(text)


_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_READERS: dict[str, Callable[[str], object]] = {
    **{XSD + name: _whole for name in _WHOLE},
    XSD + "boolean": lambda text: _TRUTH.get(text, text),
    XSD + "date": _date,
    XSD + "dateTime": _time,
    XSD + "decimal": _decimal,
    XSD + "double": float,
    XSD + "float": float,
}


def shown(term: Term | None) -> str:
    """Return a term as people read it: no datatype, and a prefix for its namespace."""
    if isinstance(term, NamedNode):
        return one_line(shorten(term.value))
    if isinstance(term, Literal):
        return one_line(term.value)
    if isinstance(term, Triple):
        return f"<<( {' '.join(map(shown, term))} )>>"
    return "" if term is None else one_line(_blank(term))


def _blank(term: BlankNode) -> str:
    return f"_:{term.value}"


def aligned(rows: Sequence[Sequence[str]], width: int | None = None) -> str:
    """Return rows as columns two spaces apart, the first row underlined as their names.

    With a `width`, the widest columns are cut until a line fits.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    fitted = _fit(widths, width - 2 * len(widths) + 2) if width else widths
    lines = [_line(row, fitted) for row in rows]
    rule = "  ".join("-" * each for each in fitted)
    return "\n".join([lines[0], rule, *lines[1:]])


def _fit(widths: list[int], room: int) -> list[int]:
    """Take from the widest columns what is over, leaving none narrower than 8."""
    fitted = list(widths)
    while sum(fitted) > room and max(fitted, default=0) > 8:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _line(row: Sequence[str], widths: list[int]) -> str:
    cells = (_cut(text, width) for text, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()


def _cut(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
