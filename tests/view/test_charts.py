"""Charts: what they draw is what their tables say."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from cjigraph import vocab
from cjigraph.view import charts

if TYPE_CHECKING:
    from pyoxigraph import Store

    from cjigraph.view.charts import Chart

SVG = "{http://www.w3.org/2000/svg}"


def parsed(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg())  # noqa: S314 (our own drawing)


def row(chart: Chart, label: str) -> list[str]:
    return next(
        [c.text for c in cells] for cells in chart.rows if cells[0].text == label
    )


@pytest.mark.parametrize("name", list(charts.CHARTS))
def test_a_drawing_is_well_formed_and_names_itself(viewing: Store, name: str) -> None:
    chart = charts.CHARTS[name](viewing)
    root = parsed(chart)
    title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert about is not None
    assert title.text == chart.title
    assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"


def test_the_timeline_sets_what_was_expected_against_what_came(viewing: Store) -> None:
    chart = charts.timeline(viewing)
    assert row(chart, "Hate crime, third look") == [
        *("Hate crime, third look", "follow-up inspection", "9 October 2018"),
        *("1 June 2019 to 31 August 2019", "9 October 2018"),
    ]
    assert row(chart, "Custody visits")[2] == "from 1 January 2008"
    root = parsed(chart)
    marks = {name: len(root.findall(f".//*[@class='{name}']")) for name in
             ("work", "plan", "expected", "report")}  # fmt: skip
    assert marks["expected"] == 1
    assert marks["report"] == 2
    assert marks["plan"] == 1


def test_an_uncertain_date_is_drawn_as_wide_as_it_is(viewing: Store) -> None:
    reports = {
        each["label"]: each["reports"]
        for each in charts.timeline(viewing).drawing["rows"]  # type: ignore[attr-defined]
    }
    (year,), (day,) = (
        reports["Hate crime, first look"],
        reports["Hate crime, third look"],
    )
    assert year[1] - year[0] > 10 * (day[1] - day[0])


def test_a_timeline_can_be_that_of_one_programme(viewing: Store) -> None:
    chart = charts.timeline(viewing, of="p-2019")
    labels = {cells[0].text for cells in chart.rows}
    assert "Hate crime, first look" not in labels
    assert {"Programme 2019", "Custody visits"} <= labels


def test_the_matrix_counts_work_by_year(viewing: Store) -> None:
    chart = charts.matrix(viewing)
    at = {name: place for place, name in enumerate(chart.columns)}
    safety = row(chart, "Community safety")
    assert (safety[at["2013"]], safety[at["2014"]], safety[at["All"]]) == ("1", "", "4")
    drawn = [text.text for text in parsed(chart).iter(f"{SVG}text")]
    assert drawn.count("1") == sum(text == "1" for text in safety[1:-1])


def test_the_matrix_counts_work_by_inspectorate(viewing: Store) -> None:
    chart = charts.matrix(viewing, rows="themes", by="inspectorate")
    hate = row(chart, "Hate crime")
    assert hate[chart.columns.index("HMCPSI")] == "3"
    assert "HMIC" not in chart.columns  # counts as HMICFRS


def test_flows_lead_from_programme_to_what_is_on_record(viewing: Store) -> None:
    chart = charts.flows(viewing)
    said = {cells[1].text: cells[3].text for cells in chart.rows}
    assert said["Hate crime, third look"] == charts.REPORTED
    assert said["Custody visits"] == charts.GOING
    tips = [title.text for title in parsed(chart).iter(f"{SVG}title")]
    assert "New inspection to a report is on record: 1" in tips


def test_a_chart_of_nothing_is_still_a_chart(viewing: Store) -> None:
    from pyoxigraph import Store as Empty

    for name in charts.CHARTS:
        chart = charts.CHARTS[name](Empty())
        parsed(chart)
        assert charts.page(chart).html.startswith("<!DOCTYPE html>")


def test_a_figure_fits_into_another_page_and_links_by_its_rules(viewing: Store) -> None:
    figure = charts.flows(viewing).figure(
        lambda iri: f"../doc/{iri.rpartition('/')[2]}"
    )
    assert 'href="../doc/custody"' in figure
    assert "<script" not in figure
    assert "style=" not in figure
    harmful = charts.flows(viewing).figure(lambda _: "javascript:alert(1)")
    assert "javascript:" not in harmful
    assert vocab.ID not in harmful
