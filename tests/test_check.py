"""What `check` finds, and where it says that it is."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from cjigraph import check, reason, vocab
from cjigraph.check import Finding, Origins, findings
from cjigraph.errors import InputError
from cjigraph.lift import lift
from cjigraph.rules import Breach, shape_breaches
from cjigraph.schemas import read_schema
from cjigraph.tables import read_sources

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("CJIGRAPH_SHARED", ROOT.parent / "shared"))
COPIES = SHARED / "source"

TEXT = "Harbour plan. Lamps were looked at in June 2035. Six lampps were out."
DIGEST = sha256(TEXT.encode()).hexdigest()

P1, P2 = "plan-1", "plan-2"
TABLES: dict[str, list[dict[str, str]]] = {
    "bodies": [
        {
            "id": "harbour-watch",
            "kind": "Inspectorate",
            "label": "Watch",
            "passage": P1,
        },
        {"id": "sailors", "kind": "Agency", "label": "Sailors", "passage": P1},
    ],
    "citations": [{"inspection": "lamps", "thing": "law/lamps-act", "passage": P1}],
    "discrepancies": [
        {
            "id": "lampps",
            "kind": "Misspelling",
            "label": "A p too many.",
            "thing": "report/lamps",
            "as_written": "lampps",
            "passage": P2,
        }
    ],
    "documents": [
        {
            "id": "plan",
            "label": "Plan",
            "title": "Harbour plan",
            "publisher": "harbour-watch",
            "official": "true",
            "issued_year": "2035",
            "licence": "https://example.org/licence",
            "sha256": DIGEST,
        }
    ],
    "findings": [{"report": "lamps", "inspection": "lamps", "passage": P1}],
    "inspections": [
        {
            "id": "lamps",
            "kind": "ThematicInspection",
            "label": "Lamps",
            "took_place_during": "2035-06",
            "passage": P1,
        },
        {"id": "night", "kind": "Inspection", "label": "Night", "passage": P1},
    ],
    "laws": [{"id": "lamps-act", "label": "Lamps Act", "passage": P1}],
    "lineage": [
        {
            "later": "lamps",
            "relation": "followsUp",
            "earlier": "inspection/night",
            "passage": P1,
        }
    ],
    "names": [
        {"thing": "report/lamps", "use": "hiddenLabel", "name": "lampps", "passage": P2}
    ],
    "passages": [
        {
            "id": P1,
            "label": "Plan, sentence 2",
            "document": "plan",
            "locator": "Sentence 2",
            "start": "14",
            "end": "48",
        },
        {
            "id": P2,
            "label": "Plan, sentence 3",
            "document": "plan",
            "locator": "Sentence 3",
            "start": "49",
            "end": "69",
        },
    ],
    "reports": [
        {
            "id": "lamps",
            "label": "Lamps",
            "title": "The lamps of the harbour",
            "issued": "2035-07-01",
            "address": "https://example.org/lamps",
            "passage": P1,
        }
    ],
}

Place = tuple[Path, Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A small source with nothing wrong in it, and a copy of the ontology."""
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    shutil.copytree(ROOT / "data" / "schema", tmp_path / "data" / "schema")
    folder = tmp_path / "data" / "plan"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    for name, rows in TABLES.items():
        write(name, rows)
    listed = [
        {"url": f"{name}.csv", "tableSchema": f"../schema/{name}.json"}
        for name in TABLES
    ]
    metadata = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": "Harbour plan",
        "dc:license": {"@id": "https://example.org/licence"},
        "tables": listed,
    }
    (folder / "csv-metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    return Path("ontology"), Path("data")


def write(table: str, rows: list[dict[str, str]]) -> None:
    """Write a table with the columns that its schema has now."""
    schema = read_schema(Path("data/schema") / f"{table}.json")
    with (Path("data/plan") / f"{table}.csv").open("w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, schema.header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def say(table: str, **cells: str) -> None:
    """Change cells in the first row of a table."""
    first, *others = TABLES[table]
    write(table, [first | cells, *others])


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(place: Place) -> list[str]:
    return [str(each) for each in findings(*place)]


def test_a_good_source_has_nothing_wrong(place: Place) -> None:
    assert said(place) == []


def test_the_data_of_this_repository_have_nothing_wrong() -> None:
    found = findings(ROOT / "ontology", ROOT / "data", queries=ROOT / "queries")
    assert [str(each) for each in found] == []


@pytest.mark.skipif(not COPIES.is_dir(), reason="no copy of the sources at hand")
def test_the_passages_of_this_repository_fit_their_documents() -> None:
    found = findings(ROOT / "ontology", ROOT / "data", documents=COPIES)
    assert [str(each) for each in found] == []


def test_broken_tables_are_reported_alone(place: Place) -> None:
    say("reports", issued="1st of July", title="")
    say("bodies", kind="Inspectorat")
    found = said(place)
    assert [each.split(": ")[:2] for each in found] == [
        ["data/plan/bodies.csv:2", "kind"],
        ["data/plan/reports.csv:2", "issued"],
    ]


def test_a_reference_to_nothing_is_reported_with_its_cell(place: Place) -> None:
    say("citations", thing="law/lamp-act")
    (error,) = said(place)
    assert error.startswith("data/plan/citations.csv:2: thing: ")
    assert "lamps-act" in error.partition("did you mean")[2]


def test_every_reference_to_nothing_is_reported(place: Place) -> None:
    say("citations", thing="law/lamp-act")
    say("lineage", earlier="inspection/knight")
    found = said(place)
    assert [each.split(": ")[:2] for each in found] == [
        ["data/plan/citations.csv:2", "thing"],
        ["data/plan/lineage.csv:2", "earlier"],
    ]


def test_a_breach_of_a_rule_is_traced_to_its_cell(place: Place) -> None:
    say("reports", issued="2035-05-01")
    (error,) = said(place)
    assert error == (
        "data/plan/reports.csv:2: issued: report:lamps was issued before "
        "inspection:lamps began; mend the date, or the inspection that it reports on"
    )


def test_a_missing_value_is_traced_to_its_column(place: Place) -> None:
    say("discrepancies", as_written="")
    (error,) = said(place)
    assert error == (
        "data/plan/discrepancies.csv:2: as_written: discrepancy:lampps breaks a shape: "
        "a mistake is quoted as it is written; add it"
    )


def test_a_value_that_is_not_quoted_is_traced_to_the_first_cell_that_says_one(
    place: Place,
) -> None:
    ontology, data = place
    sources = read_sources(data)
    lifted = [each for source in sources for each in lift(source)]
    origins = Origins(sources, lifted, [ontology / "themes.ttl"])
    report = vocab.iri("report:lamps")
    breach = Breach(report, vocab.DCTERMS + "issued", "", "is wrong", "", "error")
    assert origins.finding(breach).place == "data/plan/reports.csv:2: issued"
    nobody = breach._replace(thing=vocab.iri("report:nobody"))
    assert origins.finding(nobody) == ("", "report:nobody is wrong", "", "error")


def test_a_missing_row_is_traced_to_the_thing_that_lacks_it(place: Place) -> None:
    write("findings", [])
    (error,) = said(place)
    assert error.startswith("data/plan/reports.csv:2: report:lamps breaks a shape: ")


def test_a_wrong_value_is_traced_to_its_cell_and_quoted(place: Place) -> None:
    say("passages", start="60")
    (error,) = said(place)
    assert error == (
        "data/plan/passages.csv:2: start: selector:plan-1 breaks a shape: a place in a "
        'text starts once, at 0 or later and before its end; mend "60"'
    )


def test_a_thing_of_the_wrong_kind_is_found_without_java(place: Place) -> None:
    say("lineage", earlier="law/lamps-act")
    found = said(place)
    assert any(
        "law:lamps-act is both a cji:Inspection and a cji:Law" in x for x in found
    )


def test_a_circle_in_the_lineage_is_traced_to_its_rows(place: Place) -> None:
    back = {"later": "night", "relation": "continues", "earlier": "inspection/lamps"}
    write("lineage", [*TABLES["lineage"], {**back, "passage": P1}])
    (error,) = said(place)
    assert error == (
        "data/plan/lineage.csv:2: earlier: lineage runs in a circle: "
        "inspection:lamps descends from itself; take one of its links out"
    )


def test_a_passage_from_which_nothing_is_taken_is_a_warning(place: Place) -> None:
    title = {"id": "plan-3", "label": "Title", "document": "plan", "locator": "Title"}
    third = {**title, "start": "0", "end": "13"}
    write("passages", [*TABLES["passages"], third])
    (finding,) = findings(*place)
    assert finding.severity == "warning"
    assert finding.place == "data/plan/passages.csv:4"


def test_a_fault_in_turtle_is_traced_to_the_line_of_its_term(place: Place) -> None:
    path = place[0] / "themes.ttl"
    change(path, '"Finding what justice', '"finding what justice')
    number = path.read_text(encoding="utf-8").split("focus:cost a ")[0].count("\n") + 1
    (error,) = said(place)
    assert error.startswith(
        f"ontology/themes.ttl:{number}: focus:cost has a definition"
    )


def test_turtle_that_cannot_be_read_is_one_finding(place: Place) -> None:
    change(
        place[0] / "cji.ttl",
        "cji:Agency a owl:Class ;",
        "cji:Agency a owl:Class ; ;;.,",
    )
    (error,) = said(place)
    assert re.match(r"ontology/cji\.ttl:\d+:\d+: ", error)


def test_a_term_that_nothing_uses_is_found(place: Place) -> None:
    change(
        place[0] / "cji.ttl",
        "cji:Commissioner a owl:Class ;",
        'cji:Comet a owl:Class ; rdfs:subClassOf cji:Body ; rdfs:label "comet"@en ;\n'
        '    skos:definition "A body that comes and goes."@en ;\n'
        "    rdfs:isDefinedBy <https://w3id.org/cjigraph/ontology> .\n\n"
        "cji:Commissioner a owl:Class ;",
    )
    found = [str(each) for each in findings(*place, queries=ROOT / "queries")]
    (error,) = (each for each in found if "cji:Comet" in each)
    assert re.match(r"ontology/cji\.ttl:\d+: cji:Comet is a term that no table", error)


def test_a_schema_that_names_no_term_is_found(place: Place) -> None:
    change(
        place[1] / "schema" / "reports.json",
        "dcterms:title",
        "https://w3id.org/cjigraph/ontology#titel",
    )
    found = said(place)
    assert any("nothing" in each and "cji:titel" in each for each in found)


def test_a_query_that_names_no_term_is_found_with_line_and_column(place: Place) -> None:
    queries = Path("queries")
    queries.mkdir()
    text = "PREFIX cji: <https://w3id.org/cjigraph/ontology#>\nASK { ?a cji:plan ?b }"
    (queries / "plans.rq").write_text(text, encoding="utf-8")
    found = findings(*place, queries=queries)
    (finding,) = (each for each in found if each.place.startswith("queries"))
    assert finding.place == "queries/plans.rq:2:10"
    assert finding.problem == "nothing declares cji:plan"
    assert "plan" in finding.cure


def test_a_query_that_cannot_be_read_is_one_finding(place: Place) -> None:
    queries = Path("queries")
    queries.mkdir()
    (queries / "plans.rq").write_text('ASK { ?a ?b "c }', encoding="utf-8")
    (finding,) = findings(*place, queries=queries)
    assert finding.place.startswith("queries/plans.rq:1:")


def test_shapes_that_cannot_be_read_are_one_finding(place: Place) -> None:
    path = place[0] / "shapes.ttl"
    change(path, "shape:Body a sh:NodeShape ;", "shape:Body a sh:NodeShape ;;; ,")
    (error,) = said(place)
    assert error.startswith("ontology/shapes.ttl:")
    shutil.copy(ROOT / "ontology" / "shapes.ttl", path)
    change(path, 'sh:pattern "^https', 'sh:pattern "(^https')
    (error,) = said(place)
    assert error.startswith("ontology/shapes.ttl: a shape cannot be read")
    path.unlink()
    (error,) = said(place)
    assert error.startswith("ontology/shapes.ttl: cannot be read")


def test_shapes_may_warn(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<a:s> a sh:NodeShape ; sh:targetNode <a:x> ; sh:severity sh:Warning ;\n"
        '    sh:nodeKind sh:Literal ; sh:message "it is a text" .',
        encoding="utf-8",
    )
    (breach,) = shape_breaches(tmp_path / "shapes.ttl", [])
    assert breach.severity == "warning"
    assert (breach.thing, breach.value) == ("a:x", "a:x")


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "plan.txt").write_text(TEXT, encoding="utf-8")
    return folder


def unfit(place: Place, copies: Path) -> list[str]:
    return [str(each) for each in findings(*place, documents=copies)]


def test_passages_that_fit_a_readers_copy_are_right(place: Place, copies: Path) -> None:
    assert unfit(place, copies) == []


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"end": "4800"}, "passages.csv:2: end: no passage from 14 to 4800"),
        ({"start": "15"}, "passages.csv:2: start: 15 is in the middle of a word"),
        ({"end": "46"}, "passages.csv:2: end: 46 is in the middle of a word; move it"),
        ({"start": "13"}, "passages.csv:2: start: the passage begins or ends"),
    ],
)
def test_a_passage_that_does_not_fit_is_found(
    place: Place, copies: Path, cells: dict[str, str], error: str
) -> None:
    say("passages", **cells)
    found = unfit(place, copies)
    assert len(found) == 1
    assert found[0].startswith(f"data/plan/{error}")


def test_a_quotation_that_a_passage_does_not_hold_is_found(
    place: Place, copies: Path
) -> None:
    say("discrepancies", as_written="lamppps")
    say("names", name="lamppps")
    (error,) = unfit(place, copies)
    assert error == (
        "data/plan/discrepancies.csv:2: as_written: the passage does not say "
        '"lamppps"; quote it as it stands'
    )


def test_a_copy_that_is_not_the_text_is_found(place: Place, copies: Path) -> None:
    (copies / "plan.txt").write_text(TEXT.upper(), encoding="utf-8")
    (error,) = unfit(place, copies)
    assert error.startswith("copies/plan.txt: not the text that the graph describes")


def test_findings_come_by_file_and_by_line() -> None:
    places = ["a.csv:10", "b.csv:1", "a.csv:9: title", "a.csv:9"]
    found = [Finding(each, "is wrong", "", "error") for each in places]
    ordered = [each.place for each in check._in_order([*found, *found])]
    assert ordered == ["a.csv:9", "a.csv:9: title", "a.csv:10", "b.csv:1"]


def test_a_finding_is_one_line_whatever_it_quotes() -> None:
    finding = Finding("a.csv:2", 'says "x\n\x1b[31m"', "mend it", "error")
    assert str(finding) == 'a.csv:2: says "x\\n\\x1b[31m"; mend it'


def test_hermit_is_asked_when_told_to(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = reason.Verdict(True, ("https://w3id.org/cjigraph/ontology#Law",), ())
    monkeypatch.setattr(check, "consistent", lambda _: verdict)
    (finding,) = findings(*place, reason=True)
    assert finding.place.startswith("ontology/cji.ttl:")
    assert finding.problem == "cji:Law is a class that nothing can be in (HermiT)"


def test_what_hermit_adds_is_a_warning(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = "https://w3id.org/cjigraph/"
    more = ((f"{base}id/inspection/lamps", f"{base}ontology#FollowUpInspection"),)
    monkeypatch.setattr(check, "consistent", lambda _: reason.Verdict(True, (), more))
    (finding,) = findings(*place, reason=True)
    assert finding.severity == "warning"
    assert finding.place == "data/plan/inspections.csv:2: kind"


def test_a_contradiction_is_a_finding(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "consistent", lambda _: reason.Verdict(False, (), ()))
    (finding,) = findings(*place, reason=True)
    assert "contradicts the data" in finding.problem
    assert finding.severity == "error"


def test_asking_hermit_without_the_extra_is_the_users_mistake(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: object) -> reason.Verdict:
        raise InputError("needs owlready2", "pip install 'cjigraph[reason]'")

    monkeypatch.setattr(check, "consistent", missing)
    with pytest.raises(InputError, match="reason"):
        findings(*place, reason=True)
