from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cjigraph import describe
from cjigraph.errors import DocumentError, QueryError
from cjigraph.vocab import ID

if TYPE_CHECKING:
    from pyoxigraph import Store

TEXT = "HMICFRS led the stalking review.\nNothing else is said here.\n"


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    (tmp_path / "plan.txt").write_text(TEXT, "utf-8", newline="\n")
    return tmp_path


def lines(store: Store, name: str, documents: Path | None = None) -> list[str]:
    return describe.describe(store, name, documents).split("\n")


def test_a_thing_is_described_whole(asking: Store) -> None:
    assert lines(asking, "inspection:stalking-2019") == [
        "Stalking in Sussex",
        ID + "inspection/stalking-2019",
        "",
        "is a kind of inspection   [Plan 2019, row 1]",
        "is called: Stalking in Sussex   [Plan 2019, row 1]",
        "succeeds Stalking (2017)   [Plan 2019, row 1]",
        "is led by HM Inspectorate of Constabulary   [Plan 2019, row 1]",
        "is led by HMI Probation   [Plan 2019, row 1]",
        "took place during: 2018-04/..   [Plan 2019, row 1]",
        "",
        "And of other things:",
        "",
        "is followed by Stalking, third look   [Plan 2019, row 1]",
        "",
        "5 more follow from the rules and say the same in general terms",
    ]


def test_several_sources_are_all_named(asking: Store) -> None:
    said = lines(asking, "inspection:stalking-2017")
    led = "is led by HM Inspectorate of Constabulary"
    assert f"{led}   [Plan 2019, annex]  [Plan 2019, row 1]" in said


def test_what_follows_from_the_rules_is_marked(asking: Store) -> None:
    said = lines(asking, "inspection:stalking-2024")
    assert "descends from Stalking (2017)   (follows from the rules)" in said


def test_what_says_another_fact_in_general_terms_is_left_out(asking: Store) -> None:
    said = "\n".join(lines(asking, "hmicfrs"))
    assert "leads Stalking in Sussex (from 2018)   [Plan 2019, row 1]" in said
    assert "conducts" not in said
    assert "is a kind of inspectorate" in said
    assert "is a kind of body" not in said


def test_other_things_point_to_it_in_words(asking: Store) -> None:
    said = "\n".join(lines(asking, "body:hmic"))
    odd = "\\x1b[31mOdd\\u202e \\x01name\\x85"
    assert f"{odd} — watches it   [Plan 2019, annex]" in said


def test_nothing_steers_the_terminal(asking: Store) -> None:
    said = describe.describe(asking, "body:odd")
    assert said.replace("\n", "").isprintable()


def test_a_name_that_means_several_things_lists_them(asking: Store) -> None:
    with pytest.raises(QueryError) as caught:
        describe.describe(asking, "Stalking")
    assert str(caught.value) == (
        '"Stalking" may mean theme:stalking (Stalking, theme),'
        " inspection:stalking-2017 (Stalking, inspection, 2017); name one of these"
    )


def test_a_name_that_means_nothing_lists_what_is_near(asking: Store) -> None:
    with pytest.raises(QueryError, match=r"did you mean .*body:hmicfrs"):
        describe.describe(asking, "hmicfsr")


def test_the_order_of_facts_is_the_same_every_time(asking: Store) -> None:
    facts = describe.facts(asking, ID + "body/hmicfrs")
    assert [fact.order for fact in facts] == sorted(fact.order for fact in facts)
    assert not facts[0].is_turned
    assert facts[-1].is_turned


def test_a_source_is_quoted_from_the_readers_own_copy(
    asking: Store, copies: Path
) -> None:
    said = lines(asking, "inspection:stalking-2019", copies)
    quoted = "    “HMICFRS led the stalking review.”"
    assert said[4] == quoted
    assert said.count(quoted) == 1


def test_a_passage_whose_text_is_not_held_is_only_named(
    asking: Store, copies: Path
) -> None:
    assert "“" not in describe.describe(asking, "report:stalking", copies)


def test_an_absent_copy_is_one_clear_error(asking: Store, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no copy of plan"):
        describe.describe(asking, "hmicfrs", tmp_path)


def test_a_changed_copy_is_one_clear_error(asking: Store, copies: Path) -> None:
    (copies / "plan.txt").write_text(TEXT + "More.", "utf-8")
    with pytest.raises(DocumentError, match="not the text that the graph describes"):
        describe.describe(asking, "hmicfrs", copies)


def test_a_term_of_the_ontology_can_be_shown(asking: Store) -> None:
    assert lines(asking, "cji:isLedBy")[:2] == [
        "is led by",
        "https://w3id.org/cjigraph/ontology#isLedBy",
    ]
