"""Hold a dataset against the hygiene rules and the shapes, and list the breaches.

A hygiene rule is a query whose rows are the failures; it compares things with one
another. A shape says what must be told of one thing, and in what form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import QuerySolutions, RdfFormat, serialize

from cjigraph import header, vocab
from cjigraph.errors import VocabularyError, parser_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pyoxigraph import QuerySolution, Store, Triple
    from rdflib import Graph
    from rdflib.term import Node

ERROR, WARNING = "error", "warning"


class Rule(NamedTuple):
    """A hygiene rule; its `name` is that of its file and says what holds.

    `after` names the rules of other catalogues that this one puts in our own words.
    """

    path: Path
    name: str
    summary: str
    after: str
    cure: str
    severity: str
    text: str


class Breach(NamedTuple):
    """One failure: the IRI of a thing, and the statement about it that is at fault.

    `property` and `value` are IRIs or the text of a literal; either may be empty, as
    when something is missing.
    """

    thing: str
    property: str
    value: str
    problem: str
    cure: str
    severity: str


def read_rules(folder: Path) -> list[Rule]:
    """Return the rules of a folder in the order of their names."""
    return [_read_rule(path) for path in sorted(folder.glob("*.rq"))]


def _read_rule(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    said = header.read(text, path)
    return Rule(
        path=path,
        name=path.stem,
        summary=_said(said, "summary", path),
        after=_said(said, "after", path),
        cure=_said(said, "cure", path),
        severity=WARNING if said.get("severity") == WARNING else ERROR,
        text=text,
    )


def _said(said: Mapping[str, object], key: str, path: Path) -> str:
    if not said.get(key):
        raise VocabularyError(f'no "#+ {key}:"', "say it at the top", path, 1)
    return str(said[key]).strip()


def breaches(rule: Rule, store: Store) -> list[Breach]:
    """Return the failures of one hygiene rule, in the order that it gives them."""
    try:
        rows = store.query(rule.text)
    except SyntaxError as error:
        place = (rule.path, error.lineno, error.offset)
        raise VocabularyError(parser_problem(error), "", *place) from None
    if not isinstance(rows, QuerySolutions):
        raise VocabularyError("not a SELECT", "its rows are the failures", rule.path)
    names = {variable.value for variable in rows.variables}
    return [_breach(rule, row, names) for row in rows]


def _breach(rule: Rule, row: QuerySolution, names: set[str]) -> Breach:
    cells = {name: _text(row, name) for name in names}
    return Breach(
        thing=cells["thing"],
        property=cells.get("property", ""),
        value=cells.get("value", ""),
        problem=_in_short(cells["problem"]),
        cure=rule.cure,
        severity=rule.severity,
    )


def _text(row: QuerySolution, name: str) -> str:
    value = getattr(row[name], "value", "")
    return value if isinstance(value, str) else ""


def _in_short(sentence: str) -> str:
    """Return a sentence with each `<iri>` in it shortened, if a prefix fits it."""
    before, *rest = sentence.split("<")
    for piece in rest:
        iri, closed, after = piece.partition(">")
        before += vocab.shorten(iri) + after if closed else "<" + piece
    return before


def shape_breaches(shapes: Path, triples: Iterable[Triple]) -> list[Breach]:
    """Return where statements break the shapes of a file, by thing and property.

    What the statements entail must be among them.
    """
    import pyshacl  # brings rdflib, which takes longer to import than a query to run
    from rdflib import Graph

    graph, wanted = _graph(triples), _read_shapes(shapes)
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=wanted, inplace=True)
    except (RuntimeError, re.error) as error:
        problem = f"a shape cannot be read: {error}"
        raise VocabularyError(problem, "", shapes) from None
    return sorted(_results(report)) if isinstance(report, Graph) else []


def _graph(triples: Iterable[Triple]) -> Graph:
    from rdflib import Graph

    content = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return Graph().parse(data=content, format="nt")


def _read_shapes(path: Path) -> Graph:
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

    try:
        return Graph().parse(data=path.read_bytes(), format="turtle")
    except BadSyntax as error:
        raise VocabularyError(error.message, "", path, error.lines + 1) from None
    except OSError as error:
        raise VocabularyError(f"cannot be read: {error.strerror}", "", path) from None


def _results(report: Graph) -> Iterator[Breach]:
    from rdflib import SH
    from rdflib.namespace import RDF

    for result in report.subjects(RDF.type, SH.ValidationResult):
        messages = sorted(
            str(each) for each in report.objects(result, SH.resultMessage)
        )
        warns = report.value(result, SH.resultSeverity) != SH.Violation
        value = _plain(report.value(result, SH.value))
        constraint = _plain(report.value(result, SH.sourceConstraintComponent))
        yield Breach(
            thing=_plain(report.value(result, SH.focusNode)),
            property=_plain(report.value(result, SH.resultPath)),
            value=value,
            problem=f"breaks a shape: {'; '.join(messages)}",
            cure=_cure(constraint.removeprefix(vocab.SH), value),
            severity=WARNING if warns else ERROR,
        )


def _plain(node: Node | None) -> str:
    """Return the text of an IRI or a literal; a path of several steps has none."""
    from rdflib import BNode

    return "" if node is None or isinstance(node, BNode) else str(node)


def _cure(constraint: str, value: str) -> str:
    if constraint in _CURES:
        return _CURES[constraint]
    return f'mend "{vocab.shorten(value)}"' if value else "add it or mend it"


_CURES = {
    "HasValueConstraintComponent": "add it",
    "MaxCountConstraintComponent": "keep one",
    "MinCountConstraintComponent": "add it",
    "OrConstraintComponent": "add one of them",
    "UniqueLangConstraintComponent": "keep one in each language",
}
