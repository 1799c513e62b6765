"""The ontology and the themes, as files that people read and as a vocabulary."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    PROV,
    VANN,
    VOID,
    ClosedNamespace,
    DefinedNamespace,
)

from cjigraph import vocab
from cjigraph.assemble import read_turtle
from cjigraph.candidates import candidate_schema
from cjigraph.schemas import read_schema
from cjigraph.usage import iris_of_query, iris_of_schema, undeclared, unused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
QUERIES = ROOT / "queries"
FILES = sorted(ONTOLOGY.glob("*.ttl"))
CJI = (ONTOLOGY / "cji.ttl").read_text(encoding="utf-8")
TERMS = Graph().parse(ONTOLOGY / "cji.ttl", format="turtle")
THEMES = Graph().parse(ONTOLOGY / "themes.ttl", format="turtle")
ALIGNMENTS = Graph().parse(ONTOLOGY / "alignments.ttl", format="turtle")
SCHEMAS = [read_schema(path) for path in sorted(ROOT.glob("data/schema/*.json"))]
SCHEMAS += filter(None, [candidate_schema(ROOT / "data")])

SECTIONS = {
    "Ontology": "",
    "Classes": "owl:Class",
    "Object properties": "owl:ObjectProperty",
    "Datatype properties": "owl:DatatypeProperty",
    "Annotation properties": "owl:AnnotationProperty",
    "Axioms that concern several terms": "",
    "External terms, with the labels under which this graph shows them": "",
}


def sections(text: str) -> dict[str, str]:
    """The parts of a Turtle file by the heading above each."""
    pieces = re.split(r"^# ([^.\n]+)$\n\n", text, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def subjects(text: str) -> list[str]:
    """The names at the margin, in their order."""
    return re.findall(r"^([a-z-]*:[\w-]+) ", text, re.MULTILINE)


def own() -> Iterator[URIRef]:
    for thing in sorted(set(TERMS.subjects(RDF.type)), key=str):
        if isinstance(thing, URIRef) and thing.startswith(vocab.CJI):
            yield thing


OWN = list(own())


def test_sections_come_in_order() -> None:
    assert list(sections(CJI)) == list(SECTIONS)


@pytest.mark.parametrize("name", [name for name, kind in SECTIONS.items() if kind])
def test_a_section_holds_terms_of_one_kind_in_order(name: str) -> None:
    text = sections(CJI)[name]
    found = subjects(text)
    assert found
    assert found == sorted(found)
    kind = SECTIONS[name]
    first_lines = re.findall(r"^cji:.*$", text, re.MULTILINE)
    assert all(re.match(rf"cji:\w+ a {kind}\b", line) for line in first_lines)
    assert all(each.startswith("cji:") for each in found)


def test_external_terms_come_last_and_in_order() -> None:
    found = subjects(list(sections(CJI).values())[-1])
    assert found == sorted(found)
    assert not any(each.startswith("cji:") for each in found)


def test_terms_stand_in_one_place() -> None:
    declared = re.findall(r"^([a-z]+:\w+) a ", CJI, re.MULTILINE)
    assert len(declared) == len(set(declared))
    ours = {vocab.iri(each) for each in declared if each.startswith("cji:")}
    assert ours == {str(each) for each in OWN}


def test_themes_come_scheme_by_scheme_and_in_order() -> None:
    text = (ONTOLOGY / "themes.ttl").read_text(encoding="utf-8")
    for part in list(sections(text).values()):
        assert subjects(part) == sorted(subjects(part))


def test_alignments_come_in_order() -> None:
    text = (ONTOLOGY / "alignments.ttl").read_text(encoding="utf-8")
    assert subjects(text) == sorted(subjects(text))


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_prefixes_agree_with_those_of_the_vocabulary(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix (.*?): <(.*)> \.$", text, re.MULTILINE)
    names = [prefix for prefix, _ in declared]
    first = "shape" if path.name == "shapes.ttl" else "cji"
    others = [each for each in names if each not in ("shape", "cji")]
    assert len(names) == len(set(names))
    assert others == sorted(others)
    assert names[0] in (first, others[0])
    for prefix, namespace in declared:
        assert vocab.PREFIXES.get(prefix, namespace) == namespace
    namespaces = {namespace: prefix for prefix, namespace in vocab.PREFIXES.items()}
    for prefix, namespace in declared:
        assert namespaces.get(namespace, prefix) == prefix


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_prefix_is_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    body = re.sub(r'^@prefix.*$|<[^>]*>|"[^"]*"|^#.*$', "", text, flags=re.MULTILINE)
    for prefix in re.findall(r"^@prefix (.*?):", text, re.MULTILINE):
        assert re.search(rf"(?<![\w-]){prefix}:", body), prefix


@pytest.mark.parametrize("term", OWN, ids=[each.fragment for each in OWN])
def test_a_term_has_a_label_a_definition_and_an_ontology(term: URIRef) -> None:
    for annotation in (RDFS.label, SKOS.definition):
        (text,) = TERMS.objects(term, annotation)
        assert text.language == "en"  # type: ignore[attr-defined]
    assert list(TERMS.objects(term, RDFS.isDefinedBy)) == [URIRef(vocab.ONTOLOGY)]


def test_the_ontology_has_the_version_of_the_package() -> None:
    ontology = URIRef(vocab.ONTOLOGY)
    (version,) = TERMS.objects(ontology, OWL.versionInfo)
    assert list(TERMS.objects(ontology, OWL.versionIRI)) == [ontology + f"/{version}"]
    shapes = Graph().parse(ONTOLOGY / "shapes.ttl", format="turtle")
    (licence,) = TERMS.objects(ontology, DCTERMS.license)
    assert list(shapes.objects(None, DCTERMS.license))[:1] == [licence]


OA = {"SpecificResource", "TextPositionSelector", "end", "hasSelector", "hasSource"}
"""Terms of https://www.w3.org/TR/annotation-vocab/, which rdflib does not know."""
OA |= {"start"}
VOCABULARIES: list[type[DefinedNamespace] | ClosedNamespace] = [
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    PROV,
    SKOS,
    VANN,
    VOID,
]


def test_terms_of_others_are_in_their_vocabularies() -> None:
    for term in set(TERMS.subjects(RDF.type)):
        name = str(term)
        if not isinstance(term, URIRef) or name.startswith(vocab.ONTOLOGY):
            continue
        if name.startswith(vocab.OA):
            assert name.removeprefix(vocab.OA) in OA
        elif name != vocab.EDTF:
            assert any(term in each for each in VOCABULARIES), name


def test_what_alignments_tie_is_ours() -> None:
    assert set(ALIGNMENTS.subjects()) <= set(OWN)
    kinds = {SKOS.broadMatch, SKOS.closeMatch, SKOS.exactMatch}
    assert set(ALIGNMENTS.predicates()) <= kinds
    assert not any(str(each).startswith(vocab.BASE) for each in ALIGNMENTS.objects())


def names_in(scheme: str, kind: str) -> set[str]:
    """The concepts of a kind in a scheme, by the last part of their IRIs."""
    scheme_iri, class_iri = URIRef(vocab.iri(scheme)), URIRef(vocab.iri(kind))
    found: set[Node] = set(THEMES.subjects(SKOS.topConceptOf, scheme_iri))
    return {
        str(each).rpartition("/")[2]
        for each in found
        if (each, RDF.type, class_iri) in THEMES
    }


def test_there_are_four_business_processes() -> None:
    assert names_in("scheme:themes", "cji:BusinessProcess") == {
        "bringing-offenders-to-justice",
        "community-safety",
        "custodial-conditions",
        "offender-management",
    }


def test_there_are_three_cross_cutting_issues() -> None:
    assert names_in("scheme:themes", "cji:CrossCuttingIssue") == {
        "equality-and-diversity",
        "value-for-money-and-efficiency",
        "victim-and-witness-experience",
    }


def test_there_are_ten_principles() -> None:
    assert names_in("scheme:principles", "cji:Principle") == {
        "continual-learning",
        "disclosed-criteria",
        "focus-on-outcomes",
        "impartial-evidence",
        "openness-about-processes",
        "proportionate-to-risk",
        "purpose-of-improvement",
        "self-assessment",
        "user-perspective",
        "value-for-money",
    }


def test_there_are_six_foci() -> None:
    assert names_in("scheme:foci", "cji:Focus") == {
        "cost",
        "end-to-end-process",
        "public-confidence",
        "risk-and-public-safety",
        "standards-and-constraints",
        "systemic-issues",
    }


def test_there_are_five_standings() -> None:
    assert names_in("scheme:standings", "cji:Standing") == {
        "collaborative",
        "continuing",
        "new",
        "other",
        "scoping",
    }


def test_there_are_two_categories_and_two_roles() -> None:
    categories = names_in("scheme:categories", "cji:InspectionCategory")
    assert categories == {"core-programme", "joint-thematic"}
    assert names_in("scheme:roles", "cji:Role") == {"lead", "support"}


def test_every_theme_hangs_under_a_process_or_an_issue() -> None:
    top = set(THEMES.subjects(SKOS.topConceptOf, URIRef(vocab.iri("scheme:themes"))))
    for theme in THEMES.subjects(RDF.type, URIRef(vocab.iri("cji:Theme"))):
        assert top & set(THEMES.transitive_objects(theme, SKOS.broader)), theme


def test_every_iri_in_a_schema_or_a_query_is_declared() -> None:
    triples = [
        triple
        for name in ("cji.ttl", "themes.ttl")
        for triple in read_turtle(ONTOLOGY / name)
    ]
    assert [str(each) for each in undeclared(SCHEMAS, QUERIES, triples)] == []


def test_every_term_of_ours_is_used() -> None:
    triples = [
        triple
        for name in ("cji.ttl", "themes.ttl")
        for triple in read_turtle(ONTOLOGY / name)
    ]
    assert [each.thing for each in unused(SCHEMAS, QUERIES, triples)] == []


def test_iris_of_a_schema_include_those_of_each_choice() -> None:
    (bodies,) = (schema for schema in SCHEMAS if schema.name == "bodies")
    iris = iris_of_schema(bodies)
    assert {vocab.CJI + "PoliceForce", vocab.TYPE, vocab.LABEL} <= iris
    assert not any("{" in each for each in iris)


def test_iris_of_a_query_are_in_full_and_know_their_place() -> None:
    text = """PREFIX x: <https://example.org/>
        # x:comment
        SELECT ?a WHERE { ?a x:b <https://example.org/c> ; cji:plans "x:text" }"""
    found = dict(iris_of_query(text))
    assert set(found) == {
        "https://example.org/b",
        "https://example.org/c",
        vocab.CJI + "plans",
    }
    assert text[found["https://example.org/b"] :].startswith("x:b ")


def test_a_term_is_used_if_what_is_under_it_is(tmp_path: Path) -> None:
    text = """
        @prefix cji: <https://w3id.org/cjigraph/ontology#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        cji:kind a owl:Class ; rdfs:subClassOf cji:parent .
        cji:parent a owl:Class .
        cji:stray a owl:Class .
        cji:when a owl:DatatypeProperty ; cji:lowerBound cji:first ;
            rdfs:domain cji:event .
        cji:event a owl:Class .
        cji:first a owl:DatatypeProperty .
        cji:lowerBound a owl:AnnotationProperty ."""
    (tmp_path / "terms.ttl").write_text(text, encoding="utf-8")
    (tmp_path / "kinds.rq").write_text(
        "PREFIX cji: <https://w3id.org/cjigraph/ontology#>\n"
        "SELECT * WHERE { ?a a cji:kind ; cji:when ?b }",
        encoding="utf-8",
    )
    triples = read_turtle(tmp_path / "terms.ttl")
    found = [each.thing for each in unused([], tmp_path, triples)]
    assert found == [vocab.CJI + "stray"]


def test_a_query_that_names_no_term_is_told_its_place(tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_text(
        "PREFIX cji: <https://w3id.org/cjigraph/ontology#>\n"
        "SELECT * WHERE { ?a cji:isLeadBy ?b }",
        encoding="utf-8",
    )
    triples = read_turtle(ONTOLOGY / "cji.ttl")
    (error,) = undeclared([], tmp_path, triples)
    assert "who.rq:2:21: nothing declares cji:isLeadBy; did you mean" in str(error)
    assert "isLedBy" in str(error)
