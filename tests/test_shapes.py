"""The shapes are sound, the data keep them, and each of their constraints can fail.

Each constraint is found in the file of shapes, and tried on the good things of
`fixtures/shapes/good.ttl` broken in the one way that it forbids, so that a new one gets
its test by being written.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from pyshacl import validate
from pyshacl.entrypoints import meta_validate
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef

from cjigraph import vocab
from cjigraph.assemble import assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib.term import Node

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
PATH = ONTOLOGY / "shapes.ttl"
GOOD = Path(__file__).parent / "fixtures" / "shapes" / "good.ttl"
CJI = vocab.CJI
SHAPES = Graph().parse(PATH, format="turtle")
THINGS = Graph().parse(GOOD, format="turtle")


class Constraint(NamedTuple):
    """A constraint of a shape on the things of a class, and where in them it bites."""

    target: URIRef
    shape: Node
    path: Node | None
    name: str
    value: Node

    @property
    def id(self) -> str:
        return f"{self.target.fragment}-{self.place}-{self.name}"

    @property
    def place(self) -> str:
        if self.path is None:
            return "itself"
        step, inverse = steps(self.path)
        return "^" * inverse + step.n3(SHAPES.namespace_manager)


@pytest.fixture(scope="module")
def real() -> Graph:
    """What the built dataset says, entailments and all."""
    content, _ = assemble(ONTOLOGY, ROOT / "data", lambda _: None)
    lines = (quad.triple for quad in parse(content, format=RdfFormat.N_QUADS))
    return Graph().parse(
        data=serialize(lines, format=RdfFormat.N_TRIPLES) or b"", format="nt"
    )


def steps(path: Node) -> tuple[URIRef, bool]:
    inverse = SHAPES.value(path, SH.inversePath)
    step = inverse if inverse is not None else path
    assert isinstance(step, URIRef)
    return step, inverse is not None


DESCRIBING = {RDF.type, SH.targetClass, SH.property, SH.path, SH.message}


def local(name: Node) -> str:
    return str(name).removeprefix(str(SH))


def constraints() -> Iterator[Constraint]:
    for target, shape in sorted(
        (target, shape) for shape, target in SHAPES.subject_objects(SH.targetClass)
    ):
        assert isinstance(target, URIRef)
        for name, value in SHAPES.predicate_objects(shape):
            if name not in DESCRIBING:
                yield Constraint(target, shape, None, local(name), value)
        for each in SHAPES.objects(shape, SH.property):
            path = SHAPES.value(each, SH.path)
            for name, value in SHAPES.predicate_objects(each):
                if name not in DESCRIBING:
                    yield Constraint(target, each, path, local(name), value)


CONSTRAINTS = sorted(constraints(), key=lambda each: each.id)


STRANGER = URIRef("https://example.org/stranger")


def focus(each: Constraint) -> Node:
    """A thing of the class that says what the constraint is about."""
    things = sorted(THINGS.subjects(RDF.type, each.target), key=str)
    assert things, f"good.ttl has no {each.target}"
    if each.path is None or each.name in ("minCount", "hasValue"):
        return things[0]
    step, inverse = steps(each.path)
    said = [
        thing
        for thing in things
        if ((None, step, thing) if inverse else (thing, step, None)) in THINGS
    ]
    assert said, f"no {each.target.fragment} in good.ttl says {step}"
    return said[0]


def put(graph: Graph, each: Constraint, thing: Node, *values: Node) -> None:
    """Let the path of a constraint lead to these values and no others."""
    assert each.path is not None
    step, inverse = steps(each.path)
    graph.remove((None, step, thing) if inverse else (thing, step, None))
    for value in values:
        graph.add((value, step, thing) if inverse else (thing, step, value))


def values(graph: Graph, each: Constraint, thing: Node) -> list[Node]:
    assert each.path is not None
    step, inverse = steps(each.path)
    found = graph.subjects(step, thing) if inverse else graph.objects(thing, step)
    return sorted(found, key=str)


def another(value: Node) -> Node:
    """A second value that is as good as the first."""
    if isinstance(value, Literal) and value.language:
        return Literal(f"{value} too", lang=value.language)
    if isinstance(value, Literal) and value.datatype == XSD.boolean:
        return Literal(not value.value)
    if isinstance(value, Literal) and isinstance(value.value, str):
        return Literal(f"{value} too", datatype=value.datatype)
    if isinstance(value, Literal):
        return Literal(value.value + 0, datatype=XSD.double)
    return STRANGER


def break_min_count(graph: Graph, each: Constraint, thing: Node) -> None:
    put(graph, each, thing)


def break_max_count(graph: Graph, each: Constraint, thing: Node) -> None:
    first, *_ = values(graph, each, thing)
    put(graph, each, thing, first, another(first))


def break_text(graph: Graph, each: Constraint, thing: Node) -> None:
    """Say it with a datatype that nobody asks for."""
    put(graph, each, thing, Literal("2035-06-01", datatype=XSD.token))


def break_class(graph: Graph, each: Constraint, thing: Node) -> None:
    put(graph, each, thing, STRANGER)


def break_language(graph: Graph, each: Constraint, thing: Node) -> None:
    put(graph, each, thing, Literal("Wort", lang="de"))


def break_unique_lang(graph: Graph, each: Constraint, thing: Node) -> None:
    put(graph, each, thing, Literal("one", lang="en"), Literal("two", lang="en"))


def break_inclusive(graph: Graph, each: Constraint, thing: Node) -> None:
    put(graph, each, thing, Literal(-1))


def break_order(graph: Graph, each: Constraint, thing: Node) -> None:
    put(graph, each, thing, Literal(1000))


def break_length(graph: Graph, each: Constraint, thing: Node) -> None:
    text = "x" * 1000 if each.name == "maxLength" else ""
    put(graph, each, thing, Literal(text))


def break_pattern(graph: Graph, each: Constraint, thing: Node) -> None:
    if each.path is not None:
        put(graph, each, thing, URIRef("javascript:alert"))
        return
    bad = URIRef(f"{thing}_")
    for predicate, value in list(graph.predicate_objects(thing)):
        graph.remove((thing, predicate, value))
        graph.add((bad, predicate, value))
    for subject, predicate in list(graph.subject_predicates(thing)):
        graph.remove((subject, predicate, thing))
        graph.add((subject, predicate, bad))


def break_node_kind(graph: Graph, each: Constraint, thing: Node) -> None:
    put(graph, each, thing, Literal("https://example.org/"))


def break_or(graph: Graph, each: Constraint, thing: Node) -> None:
    """Say what none of the alternatives takes, or nothing that any of them asks for."""
    if each.path is not None:
        break_text(graph, each, thing)
        return
    for choice in SHAPES.items(each.value):
        graph.remove((thing, SHAPES.value(choice, SH.path), None))


BREAKS: dict[str, Callable[[Graph, Constraint, Node], None]] = {
    "class": break_class,
    "datatype": break_text,
    "equals": break_class,
    "hasValue": break_min_count,
    "languageIn": break_language,
    "lessThan": break_order,
    "lessThanOrEquals": break_order,
    "maxCount": break_max_count,
    "maxLength": break_length,
    "minCount": break_min_count,
    "minInclusive": break_inclusive,
    "minLength": break_length,
    "node": break_text,
    "nodeKind": break_node_kind,
    "or": break_or,
    "pattern": break_pattern,
    "uniqueLang": break_unique_lang,
}


def around(thing: Node) -> Graph:
    """Return what good.ttl says of a thing, and what kinds of thing that leads to."""
    graph = Graph()
    for triple in [
        *THINGS.triples((thing, None, None)),
        *THINGS.triples((None, None, thing)),
    ]:
        graph.add(triple)
    for other in {each for triple in graph for each in triple[::2]}:
        for kind in THINGS.objects(other, RDF.type):
            graph.add((other, RDF.type, kind))
    return graph


def test_shapes_keep_the_shapes_of_shacl() -> None:
    conforms, _, text = meta_validate(SHAPES, max_validation_depth=60)
    assert conforms, text


def test_good_things_keep_every_shape() -> None:
    assert validate(THINGS, shacl_graph=SHAPES)[0]


@pytest.mark.parametrize("each", CONSTRAINTS, ids=[each.id for each in CONSTRAINTS])
def test_each_constraint_can_fail(each: Constraint) -> None:
    thing = focus(each)
    graph = around(thing)
    BREAKS[each.name](graph, each, thing)
    _, report, _ = validate(graph, shacl_graph=SHAPES, inplace=True)
    assert hasattr(report, "subjects")
    component = URIRef(f"{SH}{each.name[0].upper()}{each.name[1:]}ConstraintComponent")
    assert component in {
        report.value(result, SH.sourceConstraintComponent)
        for result in report.subjects(SH.sourceShape, each.shape)
    }


def test_each_constraint_speaks_a_persons_words() -> None:
    for each in CONSTRAINTS:
        message = SHAPES.value(each.shape, SH.message)
        assert message, each.id
        assert str(message)[0].islower(), each.id
        assert not str(message).endswith("."), each.id


def test_every_class_of_ours_that_has_things_has_a_shape(real: Graph) -> None:
    targets = set(SHAPES.objects(None, SH.targetClass))
    for kind in set(real.objects(None, RDF.type)):
        # Candidates are no part of what shapes look at: they are no facts.
        if str(kind).startswith(CJI) and kind != URIRef(CJI + "Candidate"):
            above = set(real.transitive_objects(kind, RDFS.subClassOf))
            assert targets & above, f"no shape for {kind}"


def test_shapes_repeat_nothing_that_owl_says(real: Graph) -> None:
    functional = set(real.subjects(RDF.type, OWL.FunctionalProperty))
    for each in CONSTRAINTS:
        if each.name == "maxCount":
            assert each.path not in functional, each.id
        if each.name == "class" and each.path is not None:
            step, inverse = steps(each.path)
            said = real.value(step, RDFS.domain if inverse else RDFS.range)
            assert said != each.value, each.id


def test_the_data_keep_the_shapes(real: Graph) -> None:
    _, _, text = validate(real, shacl_graph=SHAPES, inplace=True)
    assert "Conforms: True" in text, text


def test_shapes_of_one_sort_come_in_alphabetical_order() -> None:
    text = PATH.read_text(encoding="utf-8")
    classes, shared = text.split("\n# Classes\n")[1].split("\n# What several")
    for part in (classes, shared):
        names = re.findall(r"^shape:(\w+)", part, re.MULTILINE)
        assert names == sorted(names)


def test_prefixes_are_those_of_the_ontology() -> None:
    for prefix, namespace in SHAPES.namespaces():
        if prefix in vocab.PREFIXES:
            assert str(namespace) == vocab.PREFIXES[prefix]
