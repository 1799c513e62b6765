from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjigraph import tables
from cjigraph.datatypes import DATATYPES, edtf_days, is_edtf
from cjigraph.errors import TableError

ROOT = Path(__file__).parents[1]
Edit = Callable[[dict[str, Any]], object]

MINI = Path(__file__).parent / "fixtures" / "mini"

BODIES = "harbour-plan/bodies.csv"
INSPECTIONS = "harbour-plan/inspections.csv"
LINKS = "harbour-plan/links.csv"
METADATA = "harbour-plan/csv-metadata.json"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tables of the toy, which may be broken."""
    shutil.copytree(MINI / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return Path("data")


def change(path: Path, old: str, new: str) -> None:
    content = path.read_bytes()
    assert old.encode() in content, f"{old} is not in {path}"
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


def said(data: Path) -> list[str]:
    return [str(error) for error in tables.findings(data)]


def test_the_toy_has_nothing_wrong(data: Path) -> None:
    assert said(data) == []


def test_sources_come_in_order_with_their_tables_and_lines(data: Path) -> None:
    plan, review = tables.read_sources(data)
    assert (plan.slug, review.slug) == ("harbour-plan", "harbour-review")
    inspections = plan.tables[2]
    assert inspections.schema.name == "inspections"
    assert [row.line for row in inspections.rows] == [2, 3]
    assert inspections.rows[1].cells["label"] == "Lamps\nagain"
    assert plan.metadata["dc:title"] == "Harbour plan"


def test_a_row_after_a_cell_of_two_lines_knows_its_line(data: Path) -> None:
    path = data / INSPECTIONS
    row = "lamps-2035,Lamps,,2035-02-30,,,harbour-plan-1\n"
    path.write_text(path.read_text("utf-8") + row, "utf-8")
    assert said(data)[0].startswith(f"{path}:5: expected: ")


NEW = "z,Body,Z,,harbour-plan-1\n"

BROKEN_CELLS = [
    (INSPECTIONS, "2030-02-28", "2030-02-30", ':2: opened: "2030-02-30" is no date; write'),
    (INSPECTIONS, "2030-02-28", "2030-2-28", ':2: opened: "2030-2-28" is no date'),
    (INSPECTIONS, ",12,", ",012,", ':2: visits: "012" is no nonNegativeInteger'),
    (INSPECTIONS, ",12,", ",-1,", ':2: visits: "-1" is no nonNegativeInteger'),
    (INSPECTIONS, "2031-22", "2031-13", ':2: expected: "2031-13" is no EDTF; write it as'),
    (INSPECTIONS, "2031-22", "2031/2030", ':2: expected: "2031/2030" is no EDTF'),
    (INSPECTIONS, "2031-22", "2031-02-29", ':2: expected: "2031-02-29" is no EDTF'),
    (INSPECTIONS, "2031-22", "summer", ':2: expected: "summer" is no EDTF'),
    (INSPECTIONS, "2031-22", "/..", ':2: expected: "/.." is no EDTF'),
    (INSPECTIONS, ",Lamps,", ",,", ":2: label: is empty; every row must say it"),
    (INSPECTIONS, "lamps-2030,", ",", ":2: id: is empty"),
    (BODIES, "Lamp Office", " Lamp Office", ":2: label: \" Lamp Office\" begins or ends"),
    (BODIES, "Lamp Office", "Lamp Office ", ":2: label: \"Lamp Office \" begins or ends"),
    (BODIES, "lamp-office", "Lamp_Office", ':2: id: "Lamp_Office" does not match [a-z0-9]'),
    (BODIES, "https://example.org/lamps#top", "www.example.org", "page: \"www.example.org\" is no anyURI"),
    (BODIES, "https://example.org/lamps#top", "https://e.org/a b", "is no anyURI; write"),
    (BODIES, "https://example.org/lamps#top", "https://e.org/100%", "is no anyURI; write"),
    ("harbour-plan/documents.csv", "2031", "31", ':2: issued: "31" is no gYear'),
    (INSPECTIONS, "lamp-office", "lampoffice", ':2: lead: no id "lampoffice" in bodies.csv; did you mean "lamp-office"?'),
    (LINKS, "lamps-2030", "lamps-2039", ':2: earlier: no id "lamps-2039" in inspections.csv; did you mean'),
    (LINKS, "harbour-plan-2", "harbour-plan-3", ':2: passage: no passage "harbour-plan-3" in'),
    (LINKS, "harbour-plan-2", "harbour-review-1", ':2: passage: no passage "harbour-review-1"'),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "problem"), BROKEN_CELLS)
def test_a_wrong_cell_is_named_by_line_and_column(
    data: Path, file: str, old: str, new: str, problem: str
) -> None:
    change(data / file, old, new)
    found = said(data)
    assert any(str(data / file) in one and problem in one for one in found), found


BROKEN_FILES = [
    ("id,kind", "\ufeffid,kind", ":1:1: begins with a byte order mark; save it as UTF-8"),
    ("harbour-plan-1\n", "harbour-plan-1\r\n", ":2: the line ends in a carriage return; save"),
    ("Lamp Office", "Lamp\0Office", ":2: holds the unseen character U+0000; remove it"),
    ("Lamp Office", "Lamp\u200bOffice", ":2: holds the unseen character ZERO WIDTH SPACE"),
    ("Lamp Office", "Lamp\u00a0Office", ":2: holds the unseen character NO-BREAK SPACE"),
    ("Lamp Office", "Lamp\tOffice", ":2: holds the unseen character U+0009"),
    ("Écluse", "E\u0301cluse", ":3: an accent stands apart from its letter"),
    ("id,kind,label,page,passage", "id,kind,label,passage", ":1: page: this column is missing"),
    ("id,kind,label", "id,kind,lable", ":1: lable: the schema knows no such column; did you mean \"label\"?"),
    ("id,kind,label,page,passage", "id,kind,label,page,passage,note", ":1: note: the schema knows no such column"),
    ("id,kind,label", "kind,id,label", ":1: the columns are out of order; write id,kind,"),
    ("id,kind,label", "id,id,kind,label", ":1: a column stands twice"),
    ("lamp-office,Inspectorate", "lamp-office", ":2: 4 cells, not 5; add commas"),
    ("lamp-office,Inspectorate", "lamp-office,Inspectorate,x", ":2: 6 cells, not 5; quote a cell"),
    ("pier-trust", "\npier-trust", ":3: an empty line; remove it"),
    ("pier-trust", "lamp-office", ':3: id: "lamp-office" is already on line 2 of bodies.csv'),
    ("pier-trust", "a", ':3: id: "a" is out of order; sort the rows: it comes before "lamp-office"'),
    ("Lamp Office", 'Lamp "Old" Office', ":2: a quotation mark in a bare cell; quote"),
    ("Lamp Office", '"Lamp "Old" Office"', ":2: a quoted cell does not end where it should"),
    ("Lamp Office", '"Lamp Office', ":2: a quoted cell does not end where it should"),
    ("Co\",,harbour-plan-2\n", "Co\",,harbour-plan-2", ":3: the last line does not end; add"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "problem"), BROKEN_FILES)
def test_a_wrong_file_is_named_by_line(
    data: Path, old: str, new: str, problem: str
) -> None:
    path = data / BODIES
    change(path, old, new)
    found = said(data)
    assert any(one.startswith(str(path)) and problem in one for one in found), found


def test_what_is_not_utf8_is_named_by_its_place(data: Path) -> None:
    path = data / BODIES
    path.write_bytes(path.read_bytes().replace("É".encode(), b"\xc9"))
    line = path.read_bytes().splitlines()[2]
    column = line.index(b"\xc9") + 1
    assert said(data)[0] == f"{path}:3:{column}: not UTF-8; save it as UTF-8"


def test_utf16_is_not_utf8(data: Path) -> None:
    path = data / BODIES
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    assert f"{path}:1:1: not UTF-8; save it as UTF-8" in said(data)


def test_an_empty_file_lacks_its_columns(data: Path) -> None:
    (data / BODIES).write_bytes(b"")
    assert f"{data / BODIES}:1: id: this column is missing; add it" in said(data)


def test_a_huge_cell_is_refused(data: Path) -> None:
    change(data / BODIES, "Lamp Office", "x" * 200_000)
    assert any("a cell is too long" in one for one in said(data))


METADATA_CHANGES = [
    ('"dc:title": "Harbour plan",', "", 'csv-metadata.json: "dc:title" is missing'),
    ('"dc:license": {"@id": "https://example.org/licence"},', "", '"dc:license" is missing'),
    ('"tables": [', '"tablez": [', '"tablez" is outside the subset of CSVW that is read; did you mean "tables"?'),
    ('"tables": [', '"tables": [], "dc:x": [', '"tables" is missing'),
    ('"tables": [', '"tables": [7,', "tables must be an object"),
    ('"url": "bodies.csv"', '"url": "../bodies.csv"', '"../bodies.csv" is no file beside'),
    ('"url": "bodies.csv"', '"url": "links.csv"', '"links.csv" is listed twice'),
    ('"url": "bodies.csv"', '"href": "bodies.csv"', '"href" is outside the subset'),
    ('"url": "bodies.csv"', '"url": "absent.csv"', "absent.csv: the file is missing"),
    ("schema/bodies.json", "schema/bodys.json", "bodys.json: the file is missing"),
    ('{"url": "bodies.csv", "tableSchema": "../schema/bodies.json"},', "", "bodies.csv: no source lists this table; list it in csv-metadata.json"),
    ('"@context": [', '"context": [', "does not name the context of CSVW"),
    ('"dc:title": "Harbour plan",', '"dc:title": "Harbour plan"', "csv-metadata.json:5:3: not JSON: expecting ',' delimiter"),
    ('"dc:title"', '"dc:title": "x", "dc:title"', 'csv-metadata.json:4: "dc:title" is said twice'),
    ('"dc:title"', '"dialect": {}, "dc:title"', 'csv-metadata.json:4: "dialect" is outside the subset'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "problem"), METADATA_CHANGES)
def test_wrong_metadata_are_refused(
    data: Path, old: str, new: str, problem: str
) -> None:
    change(data / METADATA, old, new)
    found = said(data)
    assert any(problem in one for one in found), found


def test_metadata_that_are_no_object_or_too_deep_are_refused(data: Path) -> None:
    (data / METADATA).write_text("[]")
    assert any("not a JSON object" in one for one in said(data))
    (data / METADATA).write_text("[" * 100_000)
    assert any("nested too deeply" in one for one in said(data))


def test_a_folder_without_metadata_is_refused(data: Path) -> None:
    (data / METADATA).unlink()
    assert f"{data / METADATA}: the file is missing" in said(data)


def test_a_folder_is_named_as_a_slug(data: Path) -> None:
    (data / "harbour-plan").rename(data / "Harbour Plan")
    assert any("not a name for a source; name it in small" in one for one in said(data))


def test_hidden_folders_and_stray_files_are_no_sources(data: Path) -> None:
    (data / ".ipynb_checkpoints").mkdir()
    (data / "README.md").touch()
    assert said(data) == []


def test_a_source_may_not_use_a_key_twice_in_two_files(data: Path) -> None:
    shutil.copy(data / BODIES, data / "harbour-plan/more.csv")
    entry = '{"url": "more.csv", "tableSchema": "../schema/bodies.json"},\n'
    change(data / METADATA, '{"url": "bodies.csv"', entry + '{"url": "bodies.csv"')
    found = '"lamp-office" is already on line 2 of more.csv; remove one'
    assert f"{data / BODIES}:2: id: {found}" in said(data)


def test_a_key_may_be_described_by_several_sources(data: Path) -> None:
    labels = [
        row.cells["label"]
        for source in tables.read_sources(data)
        for table in source.tables
        if table.schema.name == "bodies"
        for row in table.rows
        if row.cells["id"] == "lamp-office"
    ]
    assert labels == ["Lamp Office", "Lamp Office"]


def test_a_reference_resolves_in_the_union_of_all_sources(data: Path) -> None:
    assert "pier-trust" in (data / "harbour-review/inspections.csv").read_text()
    assert "pier-trust" not in (data / "harbour-review/bodies.csv").read_text()
    tables.check_references(tables.read_sources(data))


def edit_schema(data: Path, edit: Edit, name: str = "bodies") -> Path:
    path = data / "schema" / f"{name}.json"
    value = json.loads(path.read_text("utf-8"))
    edit(value)
    path.write_text(json.dumps(value, indent=1), "utf-8")
    return path


def column(value: dict[str, Any], name: str) -> dict[str, Any]:
    columns: list[dict[str, Any]] = value["columns"]
    return next(each for each in columns if each["name"] == name)


SCHEMA_CHANGES = [
    (lambda s: s.update(rowTitle="x"), '"rowTitle" is outside the subset of CSVW that is read; did you mean "rowTitles"?'),
    (lambda s: s.update(url="x"), '"url" is outside the subset'),
    (lambda s: s.update(aboutUrl=7), '"aboutUrl" is of a wrong kind; write a text'),
    (lambda s: s.pop("aboutUrl"), '"aboutUrl" is missing'),
    (lambda s: s.pop("primaryKey"), '"primaryKey" is missing'),
    (lambda s: s.pop("columns"), '"columns" is missing'),
    (lambda s: s.update(primaryKey="ide"), 'primaryKey: no column "ide"; did you mean "id"?'),
    (lambda s: s.update(aboutUrl="https://x.org/{di}"), 'aboutUrl: no column "di"'),
    (lambda s: s.update(aboutUrl="https://x.org/{page}"), "page: may be empty but is named by aboutUrl; add"),
    (lambda s: s.update(aboutUrl="https://x.org/{id,kind}"), "is no template; use {column} and {+column} only"),
    (lambda s: s.update(aboutUrl="https://x.org/{#id}"), "is no template"),
    (lambda s: s.update(aboutUrl="body/{id}"), "is no full IRI, and CSVW fixes no such prefix"),
    (lambda s: s.update({"@context": "x"}), "does not name the context of CSVW"),
    (lambda s: s["columns"].append(dict(s["columns"][0])), "id: two columns have this name"),
    (lambda s: s["columns"].insert(0, {"name": "v", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "skos:Concept"}), "a virtual column stands before a real one"),
    (lambda s: s["columns"].append({"name": "v", "virtual": True, "propertyUrl": "rdf:type"}), "v: a virtual column without valueUrl"),
    (lambda s: s["columns"].append({"titles": "v"}), "a column has no proper name"),
    (lambda s: s["columns"].append({"name": "Bad-Name"}), "a column has no proper name"),
    (lambda s: s["columns"].pop(), 'no column "passage"; add it, for every row says'),
    (lambda s: column(s, "label").update(separator=";"), 'label: "separator" is outside the subset'),
    (lambda s: column(s, "label").update(requird=True), 'label: "requird" is outside the subset of CSVW that is read; did you mean "required"?'),
    (lambda s: column(s, "label").update(required="yes"), 'label: "required" is of a wrong kind; write true or false'),
    (lambda s: column(s, "label").pop("propertyUrl"), 'label: no propertyUrl; add it, or "suppressOutput": true'),
    (lambda s: column(s, "label").update(propertyUrl="rdsf:label"), 'CSVW fixes no such prefix; did you mean "rdf'),
    (lambda s: column(s, "label").update(propertyUrl="cji:label"), 'label: "cji:label" is no full IRI'),
    (lambda s: column(s, "label").update(lang="English!"), 'label: "English!" is no language tag'),
    (lambda s: column(s, "kind").update(lang="en", datatype="gYear"), "kind: only a string can be in a language"),
    (lambda s: column(s, "kind").update(datatype="year"), 'kind: unknown datatype "year"; did you mean'),
    (lambda s: column(s, "kind").update(datatype={"base": "date", "format": "dd.MM"}), 'kind: "format" is read for texts only'),
    (lambda s: column(s, "kind").update(datatype={"format": "(a"}), 'kind: "format" is no regular expression'),
    (lambda s: column(s, "kind").update(datatype={"minLength": 1}), 'kind: "minLength" is outside the subset'),
    (lambda s: column(s, "kind").update(datatype={"@id": "https://x.org/T"}), "kind: unknown datatype; only http://id.loc.gov"),
    (lambda s: column(s, "kind").update(valueUrl="{+label}"), 'kind: a whole IRI is taken from a text; give it the datatype "anyURI"'),
    (lambda s: column(s, "kind").update(valueUrl="https://x.org/{knid}"), 'kind: no column "knid"; did you mean "kind"?'),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "problem"), SCHEMA_CHANGES)
def test_a_wrong_schema_is_refused(data: Path, edit: Edit, problem: str) -> None:
    path = edit_schema(data, edit)
    found = said(data)
    hits = [
        one for one in found if one.startswith(str(path.resolve())) or "schema" in one
    ]
    assert any(problem in one for one in hits), found


FOREIGN_KEYS = [
    ({"columnReference": "leader", "reference": {"schemaReference": "bodies.json", "columnReference": "id"}}, 'foreignKeys: no column "leader"; did you mean "lead"?'),
    ({"columnReference": "lead", "reference": {"schemaReference": "body.json", "columnReference": "id"}}, 'no schema "body.json"; did you mean'),
    ({"columnReference": "lead", "reference": {"resource": "bodies.csv", "columnReference": "id"}}, 'foreignKeys: "resource" is outside the subset'),
    ({"columnReference": "lead"}, 'foreignKeys: "reference" is missing'),
    ({"columnReference": ["lead", "id"], "reference": {"schemaReference": "bodies.json", "columnReference": "id"}}, "the two sides of a foreign key differ in length"),
    ({"columnReference": "lead", "reference": {"schemaReference": "bodies.json", "columnReference": "ide"}}, 'foreignKeys: bodies.json has no column "ide"; did you mean "id"?'),
]  # fmt: skip


@pytest.mark.parametrize(("key", "problem"), FOREIGN_KEYS)
def test_a_wrong_foreign_key_is_refused(
    data: Path, key: dict[str, object], problem: str
) -> None:
    edit_schema(data, lambda schema: schema.update(foreignKeys=[key]), "inspections")
    found = said(data)
    assert any(problem in one for one in found), found


def test_a_schema_mistake_names_its_line(data: Path) -> None:
    path = data / "schema" / "bodies.json"
    change(path, '"lang": "en"', '"seperator": ";"')
    number = path.read_text("utf-8")[: path.read_text("utf-8").index("seperator")]
    line = number.count("\n") + 1
    assert any(f"bodies.json:{line}: label:" in one for one in said(data))


def test_everything_wrong_is_found_at_once(data: Path) -> None:
    change(data / BODIES, "Lamp Office", " Lamp Office")
    change(data / INSPECTIONS, "2030-02-28", "2030-02-30")
    change(data / "harbour-review/links.csv", "lamps-2031", "lamps-2032")
    change(data / "harbour-review/csv-metadata.json", '"dc:title"', '"dc:titel"')
    assert len(said(data)) == 4


def test_the_first_mistake_is_raised(data: Path) -> None:
    change(data / BODIES, "Lamp Office", " Lamp Office")
    with pytest.raises(
        TableError, match=f"^{re.escape(str(data / BODIES))}:2: label: "
    ):
        tables.read_sources(data)


def test_every_mistake_is_one_line(data: Path) -> None:
    change(data / BODIES, "Lamp Office", '" Lamp\n\x1b[31m Office"')
    assert said(data)
    assert all(one.isprintable() for one in said(data))


def test_an_unreadable_file_is_a_mistake_too(data: Path) -> None:
    (data / BODIES).unlink()
    (data / BODIES).mkdir()
    assert any(f"{data / BODIES}: cannot be read" in one for one in said(data))


def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="there is no such folder"):
        tables.read_sources(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("boolean", "true false", "True 1 0 yes"),
        ("date", "2020-02-29 1999-12-31", "2019-02-29 2019-13-01 2019-1-1 20190101"),
        ("dateTime", "2019-01-01T23:59:59 2019-01-01T00:00:00.5Z 2019-01-01T00:00:00+01:00",
         "2019-01-01 2019-01-01T24:00:00 2019-02-30T00:00:00 2019-01-01T00:00:00+15:00"),
        ("decimal", "0 -1 1.5 0.05 -0.5", "-0 01 1. .5 1.50 1,5 1e3 +1"),
        ("duration", "P1Y P2M3D PT4H -P1D P1DT0.5S", "P PT P1DT 1Y P1S"),
        ("gYear", "2019 0001", "0000 19 20190 -2019 ٢٠١٩"),
        ("gYearMonth", "2019-02 2019-12", "2019-13 2019-00 2019-2 0000-01"),
        ("integer", "0 7 -7", "-0 +7 07 7.0"),
        ("nonNegativeInteger", "0 7", "-1 07"),
        ("positiveInteger", "1 70", "0 -1 01"),
        ("anyURI", "https://e.org/a?b=c#d urn:isbn:1 mailto:a@e.org", "e.org/a https://e.org/%zz javascript:x"),
        ("string", "anything ☃", ""),
    ],
)  # fmt: skip
def test_a_datatype_takes_its_canonical_texts_only(
    name: str, right: str, wrong: str
) -> None:
    holds = DATATYPES[name].holds
    assert all(holds(text) for text in right.split())
    assert not any(holds(text) for text in wrong.split())


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_plain_dates_are_edtf_in_the_library_too(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    assert is_edtf(text)
    first, last = edtf_days(text)
    assert first is not None
    assert last is not None
    assert first <= day <= last


@given(st.text("0123456789-/.~?XY", max_size=12))
def test_no_text_crashes_the_check_of_edtf(text: str) -> None:
    is_edtf(text)


@pytest.mark.parametrize(
    "text", ["", " 2019-22", "2019-22 ", "open", "2019-22\n", "199x"]
)
def test_what_is_only_nearly_edtf_is_refused(text: str) -> None:
    assert not is_edtf(text)


def real_tables() -> list[Path]:
    return sorted((ROOT / "data").glob("*/csv-metadata.json"))


@pytest.mark.skipif(not real_tables(), reason="no data yet")
def test_the_real_tables_have_nothing_wrong() -> None:
    assert [str(error) for error in tables.findings(ROOT / "data")] == []


def test_thousands_of_rows_are_read_in_well_under_a_second(data: Path) -> None:
    path = data / "harbour-plan/bodies.csv"
    head, *_ = path.read_text("utf-8").splitlines()
    rows = [
        f"body-{n:05},Body,Body {n},https://e.org/{n},harbour-plan-1"
        for n in range(5000)
    ]
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    began = perf_counter()
    tables.read_table(path, tables.read_schema(data / "schema/bodies.json"))
    assert perf_counter() - began < 1
