"""What each view shows, and what it says to those who ask for what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cjigraph import query, view, vocab
from cjigraph.errors import InputError
from cjigraph.view import opening, palette, pictures
from cjigraph.view.summary import summary

if TYPE_CHECKING:
    from pyoxigraph import Store

    from cjigraph.view.pictures import Picture


def slugs(picture: Picture) -> set[str]:
    return {iri.rpartition("/")[2] for iri in picture.graph}


def test_lineage_of_all_is_the_work_that_follows_work(viewing: Store) -> None:
    picture = pictures.lineage(viewing)
    assert slugs(picture) == {
        "hate-2013",
        "hate-2015",
        "hate-2018",
        "scoping",
        "c-2017",
    }
    assert picture.shape == "timed"


def test_lineage_of_one_is_what_it_goes_back_to_and_led_to(viewing: Store) -> None:
    assert slugs(pictures.lineage(viewing, of="hate-2015")) == {
        *("hate-2013", "hate-2015", "hate-2018"),
    }


def test_lineage_of_a_theme_links_each_look_to_the_one_before(viewing: Store) -> None:
    picture = pictures.lineage(viewing, of="theme:hate-crime")
    keys = {key for *_, key in picture.graph.edges(keys=True)}
    assert "next look" in keys
    assert "cji:followsUp" in keys


def test_collaboration_tells_lead_from_support_and_counts_work(viewing: Store) -> None:
    graph = pictures.collaboration(viewing).graph
    hmcpsi, hmicfrs = vocab.iri("body:hmcpsi"), vocab.iri("body:hmicfrs")
    assert vocab.iri("body:hmic") not in graph  # HMICFRS took over from it
    leads, other = "leads work supported by", "works together with"
    assert graph.edges[hmicfrs, hmcpsi, leads]["weight"] == 1
    assert graph.edges[hmcpsi, hmicfrs, leads]["weight"] == 1
    assert graph.edges[hmcpsi, hmicfrs, other]["weight"] == 1
    assert not graph.edges[hmcpsi, hmicfrs, other]["directed"]
    assert graph.edges[hmcpsi, hmicfrs, leads]["sources"]


def test_links_between_the_same_two_things_bow_apart(viewing: Store) -> None:
    import json
    import re

    text = view.page(viewing, "collaboration").html
    found = re.search(r'id="data">(.*?)</script>', text)
    assert found
    data = json.loads(found[1])
    pairs: dict[frozenset[int], list[float]] = {}
    for edge in data["edges"]:
        ends = frozenset((edge["from"], edge["to"]))
        # Which way a link bows depends on which way it runs.
        turn = 1 if edge["from"] == min(ends) else -1
        pairs.setdefault(ends, []).append(turn * edge["bend"])
    assert max(map(len, pairs.values())) == 3
    assert all(len(set(bends)) == len(bends) for bends in pairs.values())


def test_themes_hold_even_those_that_nothing_is_about(viewing: Store) -> None:
    assert "equality" in slugs(pictures.themes(viewing))


def test_a_programme_has_its_entries_work_and_reports(viewing: Store) -> None:
    picture = pictures.programme(viewing, of="p-2019")
    assert slugs(picture) == {
        *("p-2019", "e-hate", "e-custody", "e-study", "hate-2018", "custody"),
        *("scoping", "hate", "c-2017"),
    }
    assert picture.shape == "columns"


def test_around_reaches_as_far_as_it_is_told(viewing: Store) -> None:
    near, far = (pictures.around(viewing, of="act", steps=steps) for steps in (1, 3))
    assert slugs(near) == {"act", "custody"}
    assert len(far.graph) > len(near.graph)


def test_bodies_join_those_that_took_over(viewing: Store) -> None:
    graph = pictures.bodies(viewing).graph
    after, before = vocab.iri("body:hmicfrs"), vocab.iri("body:hmic")
    assert graph.edges[after, before, "dcterms:replaces"]["sources"]
    assert vocab.iri("body:cps") in graph


def test_a_named_question_is_a_view(viewing: Store) -> None:
    page = view.page(viewing, "inspections-led-by-body", body="hmcpsi")
    assert page.title == "Which inspections did a body lead?"
    assert "Hate crime, second look" in page.html


def test_an_answer_of_triples_is_a_view(viewing: Store) -> None:
    text = "CONSTRUCT { ?a cji:isAbout ?b } WHERE { ?a cji:isAbout ?b }"
    page = view.answer(viewing, query.run(viewing, text, {}), "What about what")
    assert "is about" in page.html
    assert page.title == "What about what"


# Asked for what is not there


def test_a_thing_nobody_knows_is_an_input_error_with_near_names(viewing: Store) -> None:
    with pytest.raises(InputError, match=r"nothing is called.*hmicfrs"):
        view.page(viewing, "around", of="hmicfr")


@pytest.mark.parametrize(
    ("name", "params", "said"),
    [
        ("colaboration", {}, "collaboration"),
        ("nonsense-xyz", {}, "views are whole"),
        ("around", {}, "needs a thing"),
        ("around", {"of": "cps", "steps": 4}, "not 1, 2 or 3"),
        ("whole", {"of": "cps"}, "it takes none"),
        ("lineage", {"off": "cps"}, "it takes of"),
        ("programme", {"of": "cps"}, "programme"),
        ("lineage", {"of": "act"}, "has no lineage"),
        ("matrix", {"rows": "pigs"}, "processes or themes"),
        ("matrix", {"by": "pigs"}, "year or inspectorate"),
    ],
)
def test_a_mistake_is_an_input_error_that_says_the_cure(
    viewing: Store, name: str, params: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        view.page(viewing, name, **params)


def test_yes_or_no_has_no_picture(viewing: Store) -> None:
    with pytest.raises(InputError, match="no picture"):
        view.answer(viewing, query.run(viewing, "ASK { ?a ?b ?c }", {}))


# The opening view


def test_a_small_picture_opens_whole(viewing: Store) -> None:
    picture = pictures.lineage(viewing)
    chosen = opening.opening(picture)
    assert set(chosen.things) == set(picture.graph)
    assert chosen.rule == ""


def test_a_large_one_opens_with_what_was_asked_for_and_the_most_linked(
    viewing: Store,
) -> None:
    act = vocab.iri("law:act")
    picture = pictures.whole(viewing)._replace(first=(act,))
    chosen = opening.opening(picture, limit=5, fewer=3)
    assert len(chosen.things) == 3
    assert act in chosen.things
    assert vocab.iri("inspection:hate-2018") in chosen.things
    assert "3 in all" in chosen.rule


# Looks and words


@pytest.mark.parametrize("side", ["light", "dark"])
def test_every_hue_has_contrast_enough(side: str) -> None:
    paper = {"light": "#ffffff", "dark": "#15181d"}[side]
    hues = {look.hue for look in palette._LOOKS.values()}
    hues |= {line.hue for line in palette._LINES.values()}
    for hue in hues:
        assert contrast(getattr(hue, side), paper) >= 4.5, hue


def contrast(one: str, other: str) -> float:
    bright, dull = sorted((brightness(one), brightness(other)), reverse=True)
    return (bright + 0.05) / (dull + 0.05)


def brightness(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_no_two_kinds_of_thing_are_told_by_colour_alone() -> None:
    hues: dict[str, set[palette.Hue]] = {}
    for kind, look in palette._LOOKS.items():
        assert look.hue not in hues.setdefault(look.shape, set()), kind
        hues[look.shape].add(look.hue)
    # Where a shape is shared, the letters in it are the other cue.
    marks = {palette.mark(kind) for kind in palette._LOOKS}
    assert len(marks) >= len(palette._LOOKS) - 3


def test_no_two_kinds_of_link_look_alike() -> None:
    looks = list(palette._LINES.values())
    named = set(palette._LINES) - {"leads work supported by", "prov:wasInformedBy"}
    assert len({palette.line(name) for name in named}) >= len(looks) - 6


def test_a_summary_says_how_many_what_and_when(viewing: Store) -> None:
    words = " ".join(summary(pictures.lineage(viewing).graph))
    assert "There are 5 things" in words
    assert "2 follow-up inspections" in words
    assert "“follows up” (3)" in words
    assert "from 2013 to 2019" in words
    assert summary(pictures.lineage(viewing).graph.subgraph([])) == [
        "There is nothing to show: no thing fits."
    ]
