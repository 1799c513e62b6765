from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Store

from cjigraph import names
from cjigraph.errors import QueryError
from cjigraph.vocab import ID

HMICFRS = ID + "body/hmicfrs"


@pytest.mark.parametrize(
    "name",
    [
        "hmicfrs",
        "HMICFRS",
        "HMIFRS",
        "hm inspectorate  of CONSTABULARY",
        "body:hmicfrs",
        HMICFRS,
        f"<{HMICFRS}>",
    ],
)
@pytest.mark.parametrize("kind", ["body", "thing"])
def test_a_thing_goes_by_all_its_names(asking: Store, name: str, kind: str) -> None:
    assert names.find(asking, name, kind) == [HMICFRS]


def test_a_slug_or_label_goes_before_another_name(asking: Store) -> None:
    assert names.find(asking, "hmic") == [ID + "body/hmic"]
    assert names.find(asking, "HMIC") == [ID + "body/hmic"]
    assert names.find(asking, "Constabulary") == [ID + "body/hmic"]


def test_a_slug_of_a_kind_needs_no_look_at_labels(
    asking: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(names, "names")
    assert names.find(asking, "hmicfrs", "body") == [HMICFRS]


def test_a_kind_narrows_what_a_name_means(asking: Store) -> None:
    both = [ID + "inspection/stalking-2017", ID + "theme/stalking"]
    assert names.find(asking, "Stalking") == both
    assert names.find(asking, "Stalking", "theme") == both[1:]
    assert names.find(asking, "Stalking", "body") == []


def test_parts_give_way_to_what_people_ask_for(asking: Store) -> None:
    assert names.find(asking, "Police custody") == [ID + "inspection/custody"]
    assert names.find(asking, "Visits") == [ID + "inspection/custody"]
    assert names.find(asking, "Visits", "entry") == [ID + "entry/custody"]


def test_an_iri_must_be_known_and_of_the_kind(asking: Store) -> None:
    assert names.find(asking, "body:nobody") == []
    assert names.find(asking, "https://example.org/a b") == []
    assert names.find(asking, "body:hmicfrs", "theme") == []
    with pytest.raises(QueryError, match="body:hmicfrs is not a theme"):
        names.resolve(asking, "body:hmicfrs", "theme")


def test_a_term_of_the_ontology_is_a_thing_too(asking: Store) -> None:
    found = names.resolve(asking, "cji:isLedBy")
    assert found == NamedNode("https://w3id.org/cjigraph/ontology#isLedBy")


def test_several_alike_are_listed_with_kind_and_year(asking: Store) -> None:
    with pytest.raises(QueryError) as caught:
        names.resolve(asking, "stalking ")
    assert str(caught.value) == (
        '"stalking " may mean inspection:stalking-2017 (Stalking, inspection, 2017) or'
        " theme:stalking (Stalking, theme); give one of these"
    )


def test_a_name_nothing_has_brings_what_comes_near(asking: Store) -> None:
    with pytest.raises(QueryError, match='nothing is called "hmicfr" that is a body'):
        names.resolve(asking, "hmicfr", "body")
    near = names.nearest(asking, "hmicfr", "body")
    assert near[0] == "body:hmicfrs (HM Inspectorate of Constabulary, body)"
    assert names.nearest(asking, "sussex")[0].startswith("inspection:stalking-2019")
    assert names.nearest(asking, "zzzzzzzz") == []
    assert str(names.unknown(asking, "zzzzzzzz")).endswith("try another name for it")


@pytest.mark.parametrize("name", ["", " ", "<", "a:b:c", "body:", "\x00", "é" * 300])
def test_odd_names_are_unknown(asking: Store, name: str) -> None:
    assert names.find(asking, name) == []
    assert "nothing is called" in str(names.unknown(asking, name))


def test_the_year_is_that_of_the_report_or_of_the_work(asking: Store) -> None:
    years = {
        slug: names.Thing(asking, f"{ID}inspection/{slug}").year
        for slug in ("stalking-2017", "stalking-2019", "stalking-2024")
    }
    assert years == {
        "stalking-2017": "2017",  # reported then, though the work began in 2016
        "stalking-2019": "from 2018",
        "stalking-2024": "",
    }
