"""Put the whole dataset together: the ontology, what the sources say, what follows.

The default graph holds every statement once. Beside it, each passage has a graph of
what it says, one graph describes the sources, and one holds what the ontology entails.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from cjigraph import __version__, vocab
from cjigraph.candidates import lift_candidates
from cjigraph.derive import derive
from cjigraph.errors import TableError, VocabularyError, parser_problem
from cjigraph.lift import Lifted, described, lift, nearest, undescribed, unknown
from cjigraph.reason import infer
from cjigraph.tables import PASSAGE_TABLES, Source, check_references, read_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Say = Callable[[str], object]

PARTS = ("cji.ttl", "themes.ttl", "alignments.ttl")
"""The Turtle files that are part of the dataset; the shapes are about it."""

RULES = "rules"
"""The folder, beside the Turtle files, of the rules that `derive` runs."""


class Counts(NamedTuple):
    """How much there is: sources, rows, passages, and statements of each origin."""

    sources: int
    rows: int
    passages: int
    asserted: int
    inferred: int
    ontology: int


def assemble(ontology: Path, data: Path, say: Say) -> tuple[bytes, Counts]:
    """Return the dataset as canonical N-Quads (RDFC-1.0), and how much it holds.

    The bytes depend on nothing but what the files say. `say` is told of each part of
    the work when it is done, and how long it took.
    """
    timed = _Timer(say)
    files = {ontology / name: read_turtle(ontology / name) for name in PARTS}
    terms = [triple for triples in files.values() for triple in triples]
    timed("reads the ontology")
    sources = read_sources(data)
    check_references(sources)
    timed("reads the tables")
    lifted = [each for source in sources for each in lift(source)]
    _check_described(lifted, files)
    timed("lifts the rows")
    said = [*(each.quad for each in lifted), *_about_dataset()]
    quads, inferred = compose(said, terms, ontology / RULES)
    _refuse_circles(lifted, inferred)
    timed("reasons")
    content = canonical([*quads, *lift_candidates(data)])
    timed("puts in order")
    return content, _counts(sources, said, inferred, terms)


def _refuse_circles(lifted: Iterable[Lifted], inferred: set[Triple]) -> None:
    """Raise the error of the first row by which work descends from itself."""
    circular = {
        each.subject
        for each in inferred
        if each.predicate.value == vocab.CJI + "descendsFrom"
        and each.subject == each.object
    }
    for each in lifted:
        if {each.quad.subject, each.quad.object} <= circular:
            name = vocab.shorten(str(each.quad.subject).strip("<>"))
            problem = f"lineage runs in a circle: {name} descends from itself"
            place = (each.path, each.line, each.column)
            raise TableError(problem, "take one of its links out", *place)


def compose(
    said: Iterable[Quad], terms: Iterable[Triple], rules: Path
) -> tuple[list[Quad], set[Triple]]:
    """Return the whole dataset, and what of it is inferred.

    `said` are the statements of the sources, each in its named graph, `terms` those of
    the ontology, and `rules` the folder of what adds to what the ontology entails.
    """
    said = [quad for quad in said if quad.predicate.value != vocab.TRIPLES]
    stated = {quad.triple for quad in said}.union(terms)
    entailed = infer(stated)
    known = [*said, *in_graph(stated | entailed, DefaultGraph())]
    inferred = entailed | derive(known, rules) - stated
    size = _size(len(stated | inferred) + 1)
    quads = list(in_graph(stated | inferred | {size}, DefaultGraph()))
    quads += said
    quads += in_graph([size], NamedNode(vocab.SOURCES_GRAPH))
    quads += in_graph(inferred, NamedNode(vocab.INFERRED_GRAPH))
    return quads, inferred


def _size(number: int) -> Triple:
    """Say how many statements there are, so that a copy cut short can be told."""
    return Triple(NamedNode(vocab.DATASET), NamedNode(vocab.TRIPLES), Literal(number))


def in_graph(
    triples: Iterable[Triple], graph: NamedNode | DefaultGraph
) -> Iterator[Quad]:
    """Yield statements as they stand in a graph."""
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


class _Timer:
    def __init__(self, say: Say) -> None:
        self._say = say
        self._since = perf_counter()

    def __call__(self, work: str) -> None:
        now = perf_counter()
        self._say(f"{work:<20}{now - self._since:6.2f} s")
        self._since = now


def read_turtle(path: Path) -> list[Triple]:
    """Return what a Turtle file of ours says; its blank nodes clash with no others."""
    try:
        quads = parse(
            path.read_bytes(),
            format=RdfFormat.TURTLE,
            base_iri=vocab.BASE,
            rename_blank_nodes=True,
        )
        return [quad.triple for quad in quads]
    except SyntaxError as error:
        place = (path, error.lineno, error.offset)
        raise VocabularyError(parser_problem(error), "", *place) from None
    except OSError as error:
        raise VocabularyError(f"cannot be read: {error.strerror}", "", path) from None


def _check_described(lifted: list[Lifted], files: dict[Path, list[Triple]]) -> None:
    """Raise the error of the first IRI of ours that nothing says what it is."""
    known = described(triple for triples in files.values() for triple in triples)
    known |= described(each.quad.triple for each in lifted)
    for error in undescribed(lifted, known):
        raise error
    for path, triples in files.items():
        for iri in sorted(
            {iri for triple in triples for iri in unknown(triple, known)}
        ):
            problem = f"nothing says what {vocab.shorten(iri)} is"
            raise VocabularyError(problem, nearest(iri, known), path)


def _about_dataset() -> Iterator[Quad]:
    title = Literal("Criminal justice joint inspection graph", language="en")
    facts: dict[str, NamedNode | Literal] = {
        vocab.TYPE: NamedNode(vocab.DCAT + "Dataset"),
        vocab.LABEL: title,
        vocab.DCTERMS + "title": title,
        vocab.DCTERMS + "license": NamedNode(vocab.LICENCE),
        vocab.VERSION: Literal(__version__),
    }
    dataset, graph = NamedNode(vocab.DATASET), NamedNode(vocab.SOURCES_GRAPH)
    for property_, value in facts.items():
        yield Quad(dataset, NamedNode(property_), value, graph)


def canonical(quads: Iterable[Quad]) -> bytes:
    """Return quads as N-Quads, each once, sorted, and their blank nodes numbered.

    The numbers are those of RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), which depend
    only on the quads that hold blank nodes.
    """
    blank, plain = Dataset(), []
    for quad in quads:
        if any(isinstance(term, BlankNode) for term in quad):
            blank.add(quad)
        else:
            plain.append(quad)
    blank.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = serialize([*plain, *blank], format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(lines.splitlines(keepends=True))))


def _counts(
    sources: list[Source], said: list[Quad], inferred: set[Triple], terms: list[Triple]
) -> Counts:
    tables = [table for source in sources for table in source.tables]
    return Counts(
        sources=len(sources),
        rows=sum(len(table.rows) for table in tables),
        passages=sum(len(t.rows) for t in tables if t.schema.name in PASSAGE_TABLES),
        asserted=len({quad.triple for quad in said}),
        inferred=len(inferred),
        ontology=len(terms),
    )
