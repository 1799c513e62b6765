"""A new source: made empty, filled in, and taken away without a trace."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Store

from cjigraph import resources
from cjigraph.assemble import assemble
from cjigraph.blank import new_source
from cjigraph.check import findings
from cjigraph.errors import InputError, TableError
from cjigraph.tables import read_source

if TYPE_CHECKING:
    from pathlib import Path

LICENCE = "https://example.org/licence"
ROWS = {
    "documents": {
        "id": "plan-2031",
        "label": "A made-up plan for 2031",
        "title": "A made-up plan for 2031",
        "publisher": "cjji",
        "official": "true",
        "issued_year": "2031",
        "licence": LICENCE,
    },
    "passages": {
        "id": "plan-2031-1",
        "label": "Plan 2031, row 1",
        "document": "plan-2031",
        "locator": "Row 1",
        "start": "0",
        "end": "40",
    },
    "programmes": {
        "id": "2031",
        "label": "Made-up programme 2031",
        "took_place_during": "2031",
        "passage": "plan-2031-1",
    },
    "inspections": {
        "id": "integrated-offender-management-2031",
        "kind": "ThematicInspection",
        "label": "Integrated offender management, 2031",
        "passage": "plan-2031-1",
    },
    "lineage": {
        "later": "integrated-offender-management-2031",
        "relation": "continues",
        "earlier": "inspection/integrated-offender-management-2019",
        "passage": "plan-2031-1",
    },
    "entries": {
        "id": "2031-integrated-offender-management",
        "programme": "2031",
        "inspection": "integrated-offender-management-2031",
        "standing": "new",
        "position": "1",
        "label": "Integrated offender management, in the programme 2031",
        "passage": "plan-2031-1",
    },
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return shutil.copytree(resources.data(), tmp_path / "data")


def fill(folder: Path) -> None:
    """Put a row into each of a few tables, as somebody with an editor would."""
    for name, cells in ROWS.items():
        path = folder / f"{name}.csv"
        header = path.read_text(encoding="utf-8").strip().split(",")
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, header, lineterminator="\n").writerow(cells)


def built(data: Path) -> bytes:
    return assemble(resources.ontology(), data, lambda _: None)[0]


def test_a_new_source_has_every_kind_of_table_and_no_row(data: Path) -> None:
    source = read_source(new_source(data, "plan-2031", "A plan", LICENCE))
    schemas = {path.stem for path in data.glob("schema/*.json")}
    assert {table.schema.name for table in source.tables} == schemas
    assert not any(table.rows for table in source.tables)


def test_an_empty_source_changes_nothing(data: Path) -> None:
    before = built(data)
    new_source(data, "plan-2031", "A plan", LICENCE)
    assert built(data) == before


def test_a_new_source_without_title_or_licence_is_not_built_from(data: Path) -> None:
    folder = new_source(data, "plan-2031")
    with pytest.raises(TableError, match=r'csv-metadata.json.*"dc:title" is missing'):
        read_source(folder)


def test_a_document_is_added_with_a_folder_and_removed_with_it(data: Path) -> None:
    before = built(data)
    folder = new_source(data, "plan-2031", "A plan", LICENCE)
    fill(folder)
    errors = [
        each for each in findings(resources.ontology(), data) if not is_warning(each)
    ]
    assert not errors
    store = Store()
    store.load(built(data), RdfFormat.N_QUADS)
    assert store.query("""
        PREFIX cji: <https://w3id.org/cjigraph/ontology#>
        PREFIX inspection: <https://w3id.org/cjigraph/id/inspection/>
        ASK { inspection:integrated-offender-management-2031
                  cji:descendsFrom inspection:integrated-offender-management-2014 }""")
    shutil.rmtree(folder)
    assert built(data) == before


def is_warning(finding: object) -> bool:
    return getattr(finding, "severity", "") == "warning"


def test_a_source_that_is_there_is_left_alone(data: Path) -> None:
    before = sorted(path.read_bytes() for path in data.glob("*/*.csv"))
    with pytest.raises(InputError, match="there is such a folder already"):
        new_source(data, "consultation-2019-20")
    assert sorted(path.read_bytes() for path in data.glob("*/*.csv")) == before


@pytest.mark.parametrize("name", ["Plan", "a_b", "../a", "", "a--b", "-a"])
def test_a_name_that_is_none_for_a_source_is_refused(data: Path, name: str) -> None:
    with pytest.raises(InputError, match="no name for a source"):
        new_source(data, name)


def test_a_folder_that_cannot_be_written_leaves_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.rename", full)
    with pytest.raises(Exception, match="no space left on device"):
        new_source(data, "plan-2031")
    assert sorted(path.name for path in data.iterdir()) == sorted(
        path.name for path in resources.data().iterdir()
    )


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("disability-hate-crime-2013", "disability-hate-crime-2018"),
        ("disability-hate-crime-2013", "disability-hate-crime-2013"),
    ],
)
def test_work_that_descends_from_itself_is_not_built(
    data: Path, later: str, earlier: str
) -> None:
    path = data / "consultation-2019-20" / "lineage.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    link = f"{later},followsUp,inspection/{earlier},consultation-2019-20-c-hate-crime-2"
    path.write_text("\n".join([header, *sorted([*rows, link]), ""]), encoding="utf-8")
    place = r"lineage.csv:\d+: .*circle: inspection:disability-hate-crime-\d+ descends"
    with pytest.raises(TableError, match=place):
        built(data)
