from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store

from cjigraph import vocab
from cjigraph.errors import InputError

ROOT = Path(__file__).parents[1]


def test_every_prefix_goes_out_and_back() -> None:
    for prefix, namespace in vocab.PREFIXES.items():
        assert vocab.iri(f"{prefix}:some-name_1") == f"{namespace}some-name_1"
        assert vocab.shorten(f"{namespace}some-name_1") == f"{prefix}:some-name_1"


def test_no_two_prefixes_share_a_namespace() -> None:
    assert len(set(vocab.PREFIXES.values())) == len(vocab.PREFIXES)


def test_an_unknown_prefix_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match='did you mean "body"'):
        vocab.iri("bodi:hmcpsi")


def test_a_name_without_a_prefix_is_refused() -> None:
    with pytest.raises(InputError, match="has no prefix"):
        vocab.iri("hmcpsi")


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/x",
        vocab.ID + "body/",
        vocab.ID + "body/a/b",
        vocab.ID + "body/a.b",
        vocab.ID + "body/é",
        vocab.ID + "body/-a",
        vocab.ID + "body/a%20b",
        vocab.BASE,
        "",
    ],
)
def test_what_a_prefix_does_not_fit_safely_stays_whole(iri: str) -> None:
    assert vocab.shorten(iri) == iri


def test_engines_read_every_short_form_as_the_same_iri() -> None:
    prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in vocab.PREFIXES.items())
    for namespace in vocab.PREFIXES.values():
        short = vocab.shorten(namespace + "a-b_2")
        answer = Store().query(f"{prefixes} SELECT ({short} AS ?iri) {{}}")
        assert isinstance(answer, QuerySolutions)
        assert [row["iri"] for row in answer] == [NamedNode(namespace + "a-b_2")]


def test_csvw_fixes_the_prefixes_that_schemas_use() -> None:
    shared = vocab.CSVW_PREFIXES.keys() & vocab.PREFIXES.keys()
    for prefix in shared:
        assert vocab.CSVW_PREFIXES[prefix] == vocab.PREFIXES[prefix]


def test_every_kind_of_thing_in_the_data_has_a_prefix() -> None:
    files = [*ROOT.glob("data/schema/*.json"), *ROOT.glob("ontology/*.ttl")]
    text = "".join(path.read_text("utf-8") for path in files)
    kinds = set(re.findall(re.escape(vocab.ID) + r"([a-z]+)/", text))
    assert kinds <= set(vocab.KINDS)


def test_our_turtle_means_the_same_by_a_prefix_as_we_do() -> None:
    for path in ROOT.glob("ontology/*.ttl"):
        declared = re.findall(r"@prefix ([\w-]+): <([^>]+)>", path.read_text("utf-8"))
        for prefix, namespace in declared:
            assert vocab.PREFIXES.get(prefix, namespace) == namespace, path


def test_our_schemas_name_themselves_by_the_base() -> None:
    for path in ROOT.glob("data/schema/*.json"):
        said = json.loads(path.read_text("utf-8")).get("@id")
        assert said in (None, vocab.SCHEMA + path.stem)
