from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, RDFS, SDO, SH, Graph, Literal, URIRef

from cjigraph import library, query, resources, vocab
from cjigraph.errors import QueryError

if TYPE_CHECKING:
    from rdflib.term import Node

FORMS = {
    SH.SPARQLSelectExecutable: SH.select,
    SH.SPARQLAskExecutable: SH.ask,
    SH.SPARQLConstructExecutable: SH.construct,
}


@pytest.fixture(scope="module")
def published() -> Graph:
    turtle = library.as_rdf(query.questions().values(), "https://example.org/sparql")
    return Graph().parse(data=turtle, format="turtle")


def of_text(folder: Path, text: str) -> Graph:
    (folder / "a-question.rq").write_text(text, encoding="utf-8")
    turtle = library.as_rdf(query.questions(folder).values())
    return Graph().parse(data=turtle, format="turtle")


def executables(graph: Graph) -> list[Node]:
    return list(graph.subjects(RDF.type, SH.SPARQLExecutable))


def test_each_file_is_published_under_its_name(published: Graph) -> None:
    files = resources.queries().glob("*.rq")
    names = {URIRef(f"{library.QUERY}{path.stem}") for path in files}
    assert set(executables(published)) == names
    assert len(names) >= 40


def test_each_question_holds_its_query_once_in_the_property_of_its_form(
    published: Graph,
) -> None:
    said = query.questions()
    for node in executables(published):
        kinds = [kind for kind in FORMS if (node, RDF.type, kind) in published]
        texts = [text for form in FORMS.values() for text in published[node:form]]
        assert len(kinds) == 1
        assert texts == list(published[node : FORMS[kinds[0]]])
        assert texts == [Literal(said[str(node).rpartition("/")[2]].query)]


def test_each_question_says_what_it_asks_and_where(published: Graph) -> None:
    for node in executables(published):
        assert str(published.value(node, RDFS.label)).endswith("?")
        assert published.value(node, RDFS.comment)
        assert published.value(node, SDO.keywords)
        assert published.value(node, SDO.target) == URIRef("https://example.org/sparql")


def test_the_prefixes_are_those_of_the_project(published: Graph) -> None:
    (prefixes,) = set(published.objects(None, SH.prefixes))
    declared = {
        str(published.value(each, SH.prefix)): str(published.value(each, SH.namespace))
        for each in published.objects(prefixes, SH.declare)
    }
    assert declared == vocab.PREFIXES


def test_each_parameter_is_described(published: Graph) -> None:
    node = URIRef(library.QUERY + "inspections-led-by-body")
    (parameter,) = published.objects(node, SH.parameter)
    assert published.value(parameter, SH.name) == Literal("body", "en")
    assert published.value(parameter, SH.description)
    assert published.value(parameter, SH.optional) == Literal(True)
    assert str(published.value(parameter, SH.path)).endswith("#body")


def test_all_terms_are_terms_of_shacl(published: Graph) -> None:
    used = {term for triple in published for term in triple if isinstance(term, URIRef)}
    of_shacl = {term for term in used if term.startswith(vocab.SH)}
    assert of_shacl
    assert all(term in SH for term in of_shacl)


def test_another_parser_reads_the_same_and_no_node_is_blank(published: Graph) -> None:
    turtle = library.as_rdf(query.questions().values())
    found = list(parse(turtle, format=RdfFormat.TURTLE))
    targets = list(published.triples((None, SDO.target, None)))
    assert len(set(found)) == len(published) - len(targets)
    assert "_:" not in " ".join(str(quad.subject) for quad in found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PREFIX select: <https://example.org/> ASK { ?s ?p ?o }", "Ask"),
        ("construct { ?s ?p ?o } where { ?s ?p ?o }", "Construct"),
        ("# ASK\nSELECT ?ask { ?ask ?p 'CONSTRUCT' }", "Select"),
    ],
)
def test_the_form_is_told_from_the_query(tmp_path: Path, text: str, kind: str) -> None:
    graph = of_text(tmp_path, text)
    (node,) = executables(graph)
    assert (node, RDF.type, SH[f"SPARQL{kind}Executable"]) in graph
    assert graph.value(node, SH[kind.lower()]) == Literal(text)
    assert graph.value(node, SDO.target) is None


def test_a_description_of_things_cannot_be_published(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"neither SELECT, ASK nor CONSTRUCT"):
        of_text(tmp_path, "DESCRIBE <https://example.org/>")
