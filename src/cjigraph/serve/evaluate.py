"""Answer one query from a store, within limits on how much comes out.

This runs in a worker process, which may be stopped at any moment.
"""

from __future__ import annotations

import difflib  # noqa: F401 (a worker can no longer open what this module needs)
import re
from io import BytesIO
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    Variable,
    serialize,
)

from cjigraph import vocab
from cjigraph.mistakes import syntax_error
from cjigraph.serve import rows, wire
from cjigraph.serve.wire import Reply

if TYPE_CHECKING:
    from typing import TypeGuard

    from pyoxigraph import QueryTriples, Store
    from typing_extensions import Buffer

    from cjigraph.serve.limits import Limits
    from cjigraph.serve.wire import Job

TABLES = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}

Term = NamedNode | BlankNode | Literal | Triple

_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NAMELESS = re.compile(rb"<oxprefix:[\s/>]")
_SAID = 300


def evaluate(store: Store, job: Job, limits: Limits) -> Reply:
    """Return the answer to a query that the guard has let pass."""
    try:
        return _write(_ask(store, job), job, limits)
    except SyntaxError as error:
        return Reply(wire.UNREADABLE, _syntax(job.text, error))
    except MemoryError:
        return Reply(wire.TOO_HUNGRY, b"", wire.RETIRING)
    except _TooMuchError as error:
        return Reply(error.status, b"")
    except (RuntimeError, ValueError) as error:
        return Reply(wire.UNREADABLE, _plain(str(error)))
    except OSError:  # its text may name what the query tried to reach
        return Reply(wire.FAILED, b"", wire.RETIRING)


class _TooMuchError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _ask(store: Store, job: Job) -> QuerySolutions | QueryBoolean | QueryTriples:
    default: list[NamedNode | BlankNode | DefaultGraph] | None = None
    named: list[NamedNode | BlankNode] | None = None
    if job.default is not None or job.named is not None:
        # What the request leaves out is then empty: SPARQL 1.1 Protocol, 2.1.4.
        default = [NamedNode(each) for each in job.default or ()]
        named = [NamedNode(each) for each in job.named or ()]
    return store.query(
        job.text,
        base_iri=vocab.BASE,
        prefixes=_prefixes(job.text),
        default_graph=default,
        named_graphs=named,
        substitutions=_values(job.values) if job.values else None,
    )


def _prefixes(text: str) -> dict[str, str]:
    """Return those of our prefixes that may be used; passing all of them is slow."""
    return {
        prefix: iri for prefix, iri in vocab.PREFIXES.items() if prefix + ":" in text
    }


def _values(given: dict[str, list[str]]) -> dict[Variable, Term]:
    return {Variable(name): _term(*parts) for name, parts in given.items()}


def _term(kind: str, value: str, datatype: str = "", language: str = "") -> Term:
    if kind == "iri":
        return NamedNode(value)
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype) if datatype else None)


def _write(
    answer: QuerySolutions | QueryBoolean | QueryTriples, job: Job, limits: Limits
) -> Reply:
    if isinstance(answer, QuerySolutions) and job.format in TABLES:
        return _fit_for_xml(_write_table(answer, job, limits), job)
    if isinstance(answer, QueryBoolean) and job.format in ("json", "xml"):
        return Reply(wire.OK, answer.serialize(format=TABLES[job.format]) or b"")
    if not isinstance(answer, QuerySolutions | QueryBoolean) and job.format in GRAPHS:
        return _fit_for_xml(_write_graph(answer, job, limits), job)
    return Reply(wire.UNFIT, b"the answer is of another form than the query seemed")


class _Sink(BytesIO):
    """A file that takes only so many bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.is_full = False
        self._room = limit

    def write(self, data: Buffer) -> int:
        taken = bytes(data)
        if self.is_full:  # the engine tries once more before it gives up
            raise _TooMuchError(wire.TOO_LONG)
        if len(taken) > self._room:
            self.is_full = True
            super().write(taken[: self._room])
            raise _TooMuchError(wire.TOO_LONG)
        self._room -= len(taken)
        return super().write(taken)


def _write_table(answer: QuerySolutions, job: Job, limits: Limits) -> Reply:
    sink = _Sink(limits.result_bytes)
    try:
        answer.serialize(sink, format=TABLES[job.format])
    except _TooMuchError:
        if not job.cut:
            raise
    body = sink.getvalue()
    if not sink.is_full and not rows.longer_than(body, job.format, limits.rows):
        return Reply(wire.OK, body)
    if not job.cut:
        raise _TooMuchError(wire.TOO_MANY)
    return Reply(wire.OK, rows.shortened(body, job.format, limits.rows), wire.CUT)


def _write_graph(answer: QueryTriples, job: Job, limits: Limits) -> Reply:
    triples, whole = _taken(answer, job, limits)
    if not (whole or job.cut):
        raise _TooMuchError(wire.TOO_MANY)
    sink = _Sink(limits.result_bytes)
    format_ = GRAPHS[job.format]
    serialize(triples, sink, format=format_, prefixes=_namespaces(triples))
    if whole:
        return Reply(wire.OK, sink.getvalue())
    remark = _REMARKS.get(job.format, b"")
    return Reply(wire.OK, remark + sink.getvalue(), wire.CUT)


_REMARKS = {"ttl": b"# truncated\n", "nt": b"# truncated\n"}


def _taken(answer: QueryTriples, job: Job, limits: Limits) -> tuple[list[Triple], bool]:
    """Return the statements of an answer up to the limits, and whether that is all."""
    # Written out, they take more room; if they are to fit, a quarter is a safe guess.
    room = limits.result_bytes // (4 if job.cut else 1)
    triples: list[Triple] = []
    for triple in answer:
        room -= _size(triple)
        if len(triples) == limits.rows or room < 0:
            return triples, False
        triples.append(triple)
    return triples, True


def _size(triple: Triple) -> int:
    return sum(len(getattr(term, "value", "")) for term in triple)


def _namespaces(triples: list[Triple]) -> dict[str, str]:
    """Return those of our prefixes that shorten something."""
    iris = {term.value for triple in triples for term in triple if _is_iri(term)}
    used = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris}
    return {
        prefix: namespace
        for prefix, namespace in vocab.PREFIXES.items()
        if namespace in used
    }


def _is_iri(term: object) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode)


def _fit_for_xml(reply: Reply, job: Job) -> Reply:
    """Replace what XML cannot hold, and keep the line ends it would change."""
    if job.format not in ("xml", "rdfxml"):
        return reply
    body, replaced = _NOT_XML.subn("\ufffd".encode(), reply.body)
    if _NAMELESS.search(body):
        said = b"a property's IRI does not end in a name, which RDF/XML needs"
        return Reply(wire.UNFIT, said)
    return reply._replace(body=body.replace(b"\r", b"&#13;"), replaced=replaced)


def _syntax(text: str, error: SyntaxError) -> bytes:
    wrong = syntax_error(text, str(error))
    place = f"line {wrong.line}, column {wrong.column}"
    return _plain(f"{place}: {wrong.problem}; {wrong.cure}")


def _plain(text: str) -> bytes:
    line = " ".join(text.split())
    return line[:_SAID].encode("utf-8", "replace")
