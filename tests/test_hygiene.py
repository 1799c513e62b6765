"""Every hygiene rule holds for the dataset, and fails on a small one made to break it.

Both are found by name: a rule `ontology/hygiene/x.rq` has a dataset
`tests/fixtures/hygiene/x.trig`, whose first line names the things that must fail. The
other things in it are near misses that must not.
"""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from cjigraph import vocab
from cjigraph.assemble import assemble
from cjigraph.errors import VocabularyError
from cjigraph.rules import Breach, Rule, breaches, read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
FIXTURES = Path(__file__).parent / "fixtures" / "hygiene"
RULES = read_rules(ONTOLOGY / "hygiene")
NAMES = [rule.name for rule in RULES]
OTHERS = {"vann": "http://purl.org/vocab/vann/"}
"""Prefixes that only rules about the ontology's own description need."""


@pytest.fixture(scope="module")
def real() -> Store:
    content, _ = assemble(ONTOLOGY, ROOT / "data", lambda _: None)
    return load(content, RdfFormat.N_QUADS)


def load(content: bytes, format_: RdfFormat) -> Store:
    store = Store()
    store.load(content, format_)
    return store


def fixture(name: str) -> tuple[list[str], Store]:
    """Return the things that must fail, and the dataset they fail in."""
    content = (FIXTURES / f"{name}.trig").read_bytes()
    first, _, _ = content.decode().partition("\n")
    prefixes = dict(re.findall(r"@prefix (\w+): <(.+)> \.", content.decode()))
    names = first.removeprefix("# fails: ").split()
    return [full(each, prefixes) for each in names], load(content, RdfFormat.TRIG)


def full(name: str, prefixes: dict[str, str]) -> str:
    if name[0] in "<_":
        return name.strip("<>")
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local


def failing(found: Iterable[Breach]) -> set[str]:
    """The things that fail; blank nodes have no name that could be told in advance."""
    return {each.thing if ":" in each.thing else "_:" for each in found}


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_dataset_keeps_the_rule(rule: Rule, real: Store) -> None:
    assert breaches(rule, real) == []


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_rule_fails_where_it_should_and_nowhere_else(rule: Rule) -> None:
    expected, store = fixture(rule.name)
    found = breaches(rule, store)
    assert expected
    assert failing(found) == set(expected)


def test_every_rule_has_a_dataset_that_breaks_it_and_the_reverse() -> None:
    assert sorted(path.stem for path in FIXTURES.glob("*.trig")) == NAMES
    assert len(NAMES) > 90


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_failure_says_what_is_wrong_and_how_to_cure_it(rule: Rule) -> None:
    _, store = fixture(rule.name)
    for each in breaches(rule, store):
        assert each.problem
        assert "<" not in each.problem
        assert each.cure == rule.cure
        assert not rule.cure.endswith(".")
        assert each.severity in ("error", "warning")


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_is_named_for_what_holds_and_says_it_in_a_sentence(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert re.match("[A-Z]|[a-z]+:", rule.summary)
    assert rule.summary.endswith(".")
    assert rule.after


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_stands_alone_and_orders_its_rows(rule: Rule) -> None:
    declared = re.findall(r"^PREFIX (\w+): <(.+)>$", rule.text, re.MULTILINE)
    query = re.sub(r"^(#\+|PREFIX) .*\n", "", rule.text, flags=re.MULTILINE)
    known = {**vocab.PREFIXES, **OTHERS}
    assert declared == [(prefix, known[prefix]) for prefix, _ in declared]
    names = [prefix for prefix, _ in declared]
    assert names == sorted(names, key=lambda each: (each != "cji", each))
    bare = re.sub(r'<[^<>\s]*>|"(\\.|[^"\\])*"', "", query)
    assert set(re.findall(r"(?<![\w?])([a-z]+):", bare)) == set(names)
    columns = re.findall(r"\?\w+", query.partition("WHERE")[0])
    assert columns[:2] == ["?thing", "?problem"]
    assert query.rstrip().endswith("ORDER BY " + " ".join(columns))


def test_rules_that_cannot_be_read_name_their_file(tmp_path: Path) -> None:
    header = "#+ summary: It holds.\n#+ after: Nobody\n#+ cure: mend it\n"
    path = tmp_path / "it-holds.rq"
    path.write_text(header + "SELECT ?thing ?problem WHERE {", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"it-holds\.rq"):
        breaches(read_rules(tmp_path)[0], Store())
    path.write_text(header + "ASK {}", encoding="utf-8")
    with pytest.raises(VocabularyError, match="not a SELECT"):
        breaches(read_rules(tmp_path)[0], Store())
    path.write_text("#+ summary: It holds.\nASK {}", encoding="utf-8")
    with pytest.raises(VocabularyError, match="after"):
        read_rules(tmp_path)


def test_a_warning_is_a_rule_that_says_so() -> None:
    warnings = {rule.name for rule in RULES if rule.severity == "warning"}
    assert warnings == {"bodies-act-in-their-time", "passages-are-used"}


# The catalogues. Each entry is either put into our words by a rule, which names it, or
# left out here for a reason.

ROBOT = {
    "annotation_whitespace": "",
    "deprecated_boolean_datatype": "",
    "deprecated_class_reference": "",
    "deprecated_property_reference": "",
    "duplicate_definition": "",
    "duplicate_exact_synonym": "",
    "duplicate_label": "",
    "duplicate_label_synonym": "",
    "duplicate_scoped_synonym": "",
    "equivalent_class_axiom_no_genus": "",
    "equivalent_pair": "",
    "illegal_use_of_built_in_vocabulary": "",
    "invalid_entity_uri": "",
    "invalid_xref": "there are no OBO cross-references",
    "label_formatting": "",
    "label_whitespace": "",
    "lowercase_definition": "",
    "missing_definition": "",
    "missing_label": "",
    "missing_obsolete_label": "",
    "missing_ontology_description": "",
    "missing_ontology_license": "",
    "missing_ontology_title": "",
    "missing_subset_declaration": "there are no OBO subsets",
    "missing_superclass": "",
    "missing_synonymtype_declaration": "there are no OBO types of synonym",
    "misused_obsolete_label": "",
    "misused_replaced_by": "",
    "multiple_definitions": "",
    "multiple_equivalent_class_definitions": "",
    "multiple_equivalent_classes": "",
    "multiple_labels": "",
}
"""https://robot.obolibrary.org/report_queries/: what `robot report` checks."""

OOPS = {
    "P01": "whether one word stands for two ideas is for a reader to judge",
    "P02": "",
    "P03": "",
    "P04": "",
    "P05": "",
    "P06": "",
    "P07": "",
    "P08": "",
    "P09": "what the domain lacks is for the questions to show",
    "P10": "",
    "P11": "",
    "P12": "terms_have_labels_of_their_own would show a pair; none is wanted",
    "P13": "we have no inverses on purpose",
    "P14": "we have no owl:allValuesFrom",
    "P15": "we have no owl:complementOf",
    "P16": "we have no defined classes, for the sources name the kinds",
    "P17": "test_ontology finds classes that nothing uses",
    "P18": "HermiT finds a domain or range that the data leave",
    "P19": "",
    "P20": "",
    "P21": "",
    "P22": "",
    "P23": "whether a class stands for a datatype is for a reader to judge",
    "P24": "",
    "P25": "",
    "P26": "",
    "P27": "",
    "P28": "",
    "P29": "",
    "P30": "alignments.ttl holds what is near, and nothing is the same",
    "P31": "",
    "P32": "",
    "P33": "",
    "P34": "",
    "P35": "",
    "P36": "",
    "P37": "the network is no part of a check",
    "P38": "",
    "P39": "",
    "P40": "",
    "P41": "",
}
"""https://oops.linkeddata.es/catalogue.jsp: the pitfalls of OOPS!."""

FIBO = {
    "annotations_comment": "",
    "annotations_definition": "",
    "annotations_label": "",
    "classes_subclassof_root": "",
    "classes_unique_concept": "",
    "cycles_subClass": "",
    "definitions_non-cricular": "",
    "equivalentClass": "",
    "iris_dots": "",
    "labels_single": "",
    "labels_unique": "",
    "literals_bad_chars": "",
    "literals_leading_blank": "",
    "literals_multiple_blank": "",
    "literals_trailing_blank": "",
    "long_IRIs": "",
    "ontologies_abstract": "",
    "ontologies_copyright": "the licence of ours says whose it is",
    "ontologies_label": "",
    "ontologies_license": "",
    "ontology_circular_imports": "",
    "opaque_iris": "the slugs hold years and acronyms on purpose",
    "performance": "HermiT takes seconds; there are no restrictions to slow it",
    "properties_inverse": "",
    "properties_iri": "",
    "properties_punning_chain": "",
    "properties_punning_declaration": "",
    "properties_punning_disjoint": "",
    "properties_punning_equivalent": "",
    "properties_punning_subproperty": "",
    "properties_subproperty_domain": "",
    "properties_subproperty_non-circular": "",
    "properties_subproperty_range": "",
    "obsolete_restrictions": "there are no restrictions",
    "resources_deprecated": "",
    "triples_owlThing": "",
    "triples_untyped_object": "",
    "triples_untyped_property": "",
    "triples_untyped_subject": "",
}
"""etc/testing/hygiene_parameterized of edmcouncil/fibo, without `testHygiene_`."""

QSKOS = {
    "Ambiguous Notation References": "there are no notations",
    "Broken Links": "the network is no part of a check",
    "Cyclic Hierarchical Relations": "",
    "Disconnected Concept Clusters": "",
    "Disjoint Labels Violation": "",
    "Empty Labels": "",
    "HTTP URI Scheme Violation": "our_iris_keep_the_pattern is stricter",
    "Hierarchical Redundancy": "",
    "Incomplete Language Coverage": "Welsh names stand where there are any",
    "Inconsistent Preferred Labels": "",
    "Mapping Clashes": "",
    "Mapping Relations Misuse": "matches lead out of the graph only",
    "Missing In-Links": "the network is no part of a check",
    "Missing Labels": "",
    "Missing Out-Links": "what others call a theme is for the links to say",
    "No Common Languages": "English is required of every label",
    "Omitted Top Concepts": "",
    "Omitted or Invalid Language Tags": "",
    "Orphan Concepts": "",
    "Overlapping Labels": "",
    "Reflexively Related Concepts": "",
    "Relation Clashes": "",
    "Solely Transitively Related Concepts": "",
    "Top Concepts Having Broader Concepts": "",
    "Undefined SKOS Resources": "properties_are_declared and test_ontology show them",
    "Undocumented Concepts": "",
    "Unidirectionally Related Concepts": "no inverses on purpose; a query reads both",
    "Unprintable Characters in Labels": "",
    "Valueless Associative Relations": "",
}
"""https://github.com/cmader/qSKOS: the quality issues of SKOS vocabularies."""


def after(catalogue: str) -> str:
    """What the rules say that they are after, in one catalogue."""
    parts = chain.from_iterable(rule.after.split("; ") for rule in RULES)
    return " ".join(part for part in parts if part.startswith(catalogue))


@pytest.mark.parametrize(
    ("catalogue", "entries"),
    [("ROBOT", ROBOT), ("OOPS!", OOPS), ("qSKOS", QSKOS), ("FIBO", FIBO)],
)
def test_the_catalogues_are_covered(catalogue: str, entries: dict[str, str]) -> None:
    said = after(catalogue)
    for name, reason in entries.items():
        named = re.search(rf"(?<![a-z_]){re.escape(name)}(?![a-z_])", said)
        assert bool(named) != bool(reason), f"{catalogue} {name}"


def test_blank_nodes_are_told_from_names() -> None:
    assert failing([Breach("b0", "", "", "", "", "error")]) == {"_:"}
    assert failing([Breach(NamedNode("a:b").value, "", "", "", "", "error")]) == {"a:b"}
