from __future__ import annotations

import json
import re
import shutil
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from cjigraph import tables, vocab
from cjigraph.errors import TableError
from cjigraph.lift import Lifted, described, lift, undescribed
from cjigraph.schemas import template
from cjigraph.tables import NO_SOURCES

ROOT = Path(__file__).parents[1]
MINI = Path(__file__).parent / "fixtures" / "mini"
Said = tuple[object, ...]

SOURCES = [
    path.parent
    for data in (MINI / "data", ROOT / "data")
    for path in sorted(data.glob("*/csv-metadata.json"))
    if path.parent.name not in NO_SOURCES
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(MINI / "data", tmp_path / "data")
    return tmp_path / "data"


def plan(data: Path) -> list[Lifted]:
    return list(lift(tables.read_source(data / "harbour-plan")))


def quads(data: Path) -> set[Quad]:
    return {each.quad for each in plan(data)}


def thing(name: str) -> NamedNode:
    return NamedNode(vocab.ID + name)


def passage(number: int) -> NamedNode:
    return NamedNode(vocab.PASSAGE + f"harbour-plan-{number}")


def term(name: str) -> NamedNode:
    return NamedNode(vocab.iri(name))


def test_a_row_is_said_in_the_graph_of_its_passage(data: Path) -> None:
    label = Literal("Lamp Office", language="en")
    quad = Quad(thing("body/lamp-office"), term("rdfs:label"), label, passage(1))
    assert quad in quads(data)


def test_documents_and_passages_are_said_in_the_graph_of_sources(data: Path) -> None:
    graphs = {
        each.quad.graph_name
        for each in plan(data)
        if each.path.stem in ("documents", "passages")
    }
    assert graphs == {NamedNode(vocab.SOURCES_GRAPH)}


def test_a_statement_knows_the_cell_it_comes_from(data: Path) -> None:
    lead = next(each for each in plan(data) if each.column == "lead")
    assert (lead.path.name, lead.line) == ("inspections.csv", 2)


@pytest.mark.parametrize(
    ("property_", "value"),
    [
        ("dcterms:date", Literal("2030-02-28", datatype=term("xsd:date"))),
        ("dcterms:extent", Literal("12", datatype=term("xsd:nonNegativeInteger"))),
        ("cji:expectedPublication", Literal("2031-22", datatype=term("edtf:EDTF"))),
        ("cji:isLedBy", thing("body/lamp-office")),
        ("rdf:type", term("cji:Inspection")),
    ],
)
def test_a_cell_becomes_what_its_column_says(
    data: Path, property_: str, value: Any
) -> None:
    quad = Quad(thing("inspection/lamps-2030"), term(property_), value, passage(1))
    assert quad in quads(data)


def test_an_empty_cell_says_nothing(data: Path) -> None:
    said = {
        quad.predicate.value
        for quad in quads(data)
        if quad.subject == thing("inspection/lamps-2031")
    }
    assert vocab.iri("dcterms:extent") not in said
    assert vocab.iri("dcterms:date") not in said


def test_a_virtual_column_that_names_an_empty_cell_says_nothing(data: Path) -> None:
    plan_, review = tables.read_sources(data)
    mirrored = [each.column == "mirror" for each in lift(plan_)]
    assert sum(mirrored) == 1
    assert not any(each.column == "mirror" for each in lift(review))


def test_a_name_with_a_kind_may_hold_a_slash(data: Path) -> None:
    quad = Quad(
        thing("inspection/lamps-2031"),
        term("dcterms:subject"),
        thing("theme/lamps"),
        passage(2),
    )
    assert quad in quads(data)


@pytest.mark.parametrize(
    ("text", "cells", "iri"),
    [
        ("https://e.org/{a}", {"a": "x/y?z#é %"}, "https://e.org/x%2Fy%3Fz%23%C3%A9%20%25"),
        ("https://e.org/{+a}", {"a": "x/y?z#é!"}, "https://e.org/x/y?z#%C3%A9!"),
        ("{+a}", {"a": "https://e.org/?q=(1)"}, "https://e.org/?q=(1)"),
        ("https://e.org/{a}/{b}.", {"a": "1", "b": "~_-."}, "https://e.org/1/~_-.."),
        ("https://e.org/{a}/{b}", {"a": "1", "b": ""}, None),
        ("rdf:type", {}, vocab.TYPE),
        ("skos:{a}", {"a": "note"}, vocab.iri("skos:note")),
    ],
)  # fmt: skip
def test_a_template_expands_as_rfc_6570_says(
    text: str, cells: dict[str, str], iri: str
) -> None:
    assert template(text).expand(cells) == iri


def test_a_cell_that_makes_no_iri_is_a_mistake_at_its_place(data: Path) -> None:
    links = data / "harbour-plan/links.csv"
    links.write_text(links.read_text().replace("theme/lamps", "theme/[lamps"))
    with pytest.raises(TableError, match=r"links\.csv:2: thing: makes no IRI"):
        plan(data)


def test_what_nothing_describes_is_a_mistake_with_the_nearest_name(data: Path) -> None:
    links = data / "harbour-plan/links.csv"
    links.write_text(links.read_text().replace("theme/lamps", "theme/lamp"))
    lifted = [each for source in tables.read_sources(data) for each in lift(source)]
    theme = Triple(thing("theme/lamps"), NamedNode(vocab.TYPE), term("cji:Theme"))
    known = described([*(each.quad.triple for each in lifted), theme])
    known |= {vocab.CJI + name for name in TERMS}
    found = [str(error) for error in undescribed(lifted, known)]
    problem = 'nothing says what "theme/lamp" is; did you mean "lamps"?'
    assert found == [
        f"{links}:2: thing: {problem}",
        f"{links}:2: mirror: {problem}",
    ]


def test_a_term_of_ours_that_is_not_declared_is_a_mistake(data: Path) -> None:
    lifted = plan(data)
    known = described(each.quad.triple for each in lifted) | {
        vocab.CJI + name for name in TERMS - {"isLedBy"}
    }
    known |= {vocab.ID + "theme/lamps"}
    found = {
        str(error).partition(": lead: ")[2] for error in undescribed(lifted, known)
    }
    assert found == {'nothing says what "cji:isLedBy" is'}


TERMS = {
    "Body", "Inspection", "Inspectorate", "Passage", "SourceDocument",
    "expectedPublication", "follows", "isLedBy",
}  # fmt: skip


def triples_of(text: str) -> set[Said]:
    """Read N-Triples; csvw_functions leaves line ends in literals as they are."""
    mended = re.sub(r"(?<! \.)\n", r"\\n", text.strip() + "\n")
    return {
        same_iris(quad.triple) for quad in parse(mended, format=RdfFormat.N_TRIPLES)
    }


def same_iris(triple: Triple) -> Said:
    """Undo percent-encoding: csvw_functions encodes too much in `{+column}`."""
    return tuple(
        unquote(each.value) if isinstance(each, NamedNode) else each for each in triple
    )


def without_foreign_keys(data: Path, to: Path) -> Path:
    """Copy a folder of sources, whose references reach beyond one group of tables."""
    shutil.copytree(data, to)
    for path in (to / "schema").glob("*.json"):
        schema = json.loads(path.read_text("utf-8"))
        schema.pop("foreignKeys", None)
        path.write_text(json.dumps(schema), "utf-8")
    return to


@pytest.mark.parametrize("folder", SOURCES, ids=lambda folder: folder.name)
def test_csvw_functions_makes_the_same_triples(folder: Path, tmp_path: Path) -> None:
    csvw_functions = pytest.importorskip("csvw_functions")
    copy = without_foreign_keys(folder.parent, tmp_path / "data") / folder.name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        group = csvw_functions.create_annotated_table_group(
            f"file://localhost{copy / 'csv-metadata.json'}"
        )
        theirs = triples_of(csvw_functions.create_rdf(group, mode="minimal"))
    source = tables.read_source(folder)
    ours = {same_iris(each.quad.triple) for each in lift(source)}
    assert ours <= theirs
    assert all(has_a_hole(triple) for triple in theirs - ours)


def has_a_hole(triple: Said) -> bool:
    """Whether a term was made from an empty cell, of which we say nothing."""
    return any(
        isinstance(each, BlankNode) or (isinstance(each, str) and each.endswith("/"))
        for each in triple
    )


@pytest.mark.parametrize("folder", SOURCES, ids=lambda folder: folder.name)
def test_the_csvw_library_takes_the_tables(folder: Path, tmp_path: Path) -> None:
    csvw = pytest.importorskip("csvw")
    copy = without_foreign_keys(folder.parent, tmp_path / "data") / folder.name
    path = copy / "csv-metadata.json"
    metadata = json.loads(path.read_text("utf-8"))
    for table in metadata["tables"]:
        schema = json.loads((copy / table["tableSchema"]).read_text("utf-8"))
        table["tableSchema"] = schema
    path.write_text(json.dumps(metadata), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert csvw.CSVW(str(path), validate=True).is_valid
