"""The library of questions as data, in the vocabulary that endpoints publish theirs in.

See https://www.w3.org/TR/shacl/#sparql-executables; the shape is that of
https://github.com/sib-swiss/sparql-examples, which query editors read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from cjigraph import guard, vocab
from cjigraph.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cjigraph.query import Parameter, Question

QUERY = vocab.BASE + "query/"
"""The namespace of the questions; the last part of an IRI is the name."""

_PREFIXES = NamedNode(QUERY + "prefixes")
_KINDS = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct"}


def as_rdf(questions: Iterable[Question], endpoint: str | None = None) -> str:
    """Return questions as Turtle; `endpoint` is the address that answers them.

    A query that describes things without saying how is a `QueryError`: there is no
    word for such a one.
    """
    triples = [*_prefixes()]
    for question in questions:
        triples += _question(question, endpoint)
    prefixes = {name: vocab.PREFIXES[name] for name in ("rdfs", "schema", "sh", "xsd")}
    content = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""
    return content.decode()


def _prefixes() -> Iterator[Triple]:
    start = f"{_PREFIXES.value}#"
    nodes = {prefix: NamedNode(start + prefix) for prefix in vocab.PREFIXES}
    for node in nodes.values():
        yield Triple(_PREFIXES, _node("sh:declare"), node)
    for prefix, node in nodes.items():
        address = Literal(vocab.PREFIXES[prefix], datatype=_node("xsd:anyURI"))
        yield Triple(node, _node("rdf:type"), _node("sh:PrefixDeclaration"))
        yield Triple(node, _node("sh:prefix"), Literal(prefix))
        yield Triple(node, _node("sh:namespace"), address)


def _question(question: Question, endpoint: str | None) -> Iterator[Triple]:
    node, form = NamedNode(QUERY + question.name), _form(question)
    executable = _node(f"sh:SPARQL{_KINDS[form]}Executable")
    yield Triple(node, _node("rdf:type"), _node("sh:SPARQLExecutable"))
    yield Triple(node, _node("rdf:type"), executable)
    yield Triple(node, _node("rdfs:label"), _english(question.summary))
    yield Triple(node, _node("rdfs:comment"), _english(question.description))
    yield Triple(node, _node(f"sh:{form.lower()}"), Literal(question.query))
    yield Triple(node, _node("sh:prefixes"), _PREFIXES)
    for tag in question.tags:
        yield Triple(node, _node("schema:keywords"), Literal(tag))
    if endpoint:
        yield Triple(node, _node("schema:target"), NamedNode(endpoint))
    for parameter in question.parameters.values():
        yield from _parameter(node, parameter)


def _parameter(question: NamedNode, parameter: Parameter) -> Iterator[Triple]:
    # SHACL takes the last part of the path for the name of the variable.
    node = NamedNode(f"{question.value}#{parameter.name}")
    path = NamedNode(f"{QUERY}parameter#{parameter.name}")
    optional = Literal(not parameter.required)
    yield Triple(question, _node("sh:parameter"), node)
    yield Triple(node, _node("rdf:type"), _node("sh:Parameter"))
    yield Triple(node, _node("sh:path"), path)
    yield Triple(node, _node("sh:name"), _english(parameter.name))
    yield Triple(node, _node("sh:description"), _english(parameter.description))
    yield Triple(node, _node("sh:optional"), optional)


def _form(question: Question) -> str:
    for token in guard.tokens(question.query):
        if token.is_word(*_KINDS):
            return token.text.upper()
    problem = "neither SELECT, ASK nor CONSTRUCT"
    raise QueryError(problem, "write it as one of these", question.path)


def _node(curie: str) -> NamedNode:
    return NamedNode(vocab.iri(curie))


def _english(text: str) -> Literal:
    return Literal(text, language="en")
