"""The parts of the endpoint that can be tried without a server."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store, parse_query_results

from cjigraph import serve
from cjigraph.errors import InputError
from cjigraph.serve import reading, rows
from cjigraph.serve.application import hosts
from cjigraph.serve.cache import Cache
from cjigraph.serve.connection import Door
from cjigraph.serve.evaluate import TABLES
from cjigraph.serve.limits import MEANINGS, Limits, listed
from cjigraph.serve.meter import Meter, client
from cjigraph.serve.negotiate import OFFERS, accepted, named
from cjigraph.serve.reading import Reading, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = OFFERS["SELECT"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/*", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/csv; q=0.5 , application/sparql-results+xml ; q=0.6", "xml"),
        ("text/csv;q=0.001", "csv"),
        ("*/*;q=0.1, text/csv;q=0", "json"),
        ("text/*;q=0.9, text/csv;q=0.1", "tsv"),
        ("application/sparql-results+xml;charset=utf-8", "xml"),
        ("application/json;profile=x;q=0.5, text/csv;q=0.4", "json"),
        ("nonsense", "json"),
        ("text/csv;q=2, text/tab-separated-values;q=0.1", "tsv"),
        ("text/csv;q=nan", None),
        ("text/csv;q=0", None),
        ("image/png", None),
        ("*/*;q=0", None),
        ("image/png," * 64 + "text/csv", None),
    ],
)
def test_negotiation_follows_rfc_9110(accept: str, expected: str | None) -> None:
    chosen = accepted(accept, TABLE)
    assert (chosen.format.name if chosen else None) == expected


@given(st.text(alphabet="tex/csv*;q=01., -", max_size=60))
def test_no_accept_header_is_too_odd(accept: str) -> None:
    chosen = accepted(accept, TABLE)
    assert chosen is None or chosen.format in TABLE


def test_words_name_formats_that_fit() -> None:
    assert named("CSV", TABLE) is not None
    assert named("text/csv", TABLE) is not None
    assert named("ttl", TABLE) is None
    xml = named("xml", OFFERS["CONSTRUCT"])
    assert xml is not None
    assert xml.media == "application/rdf+xml"


# What is kept


def test_the_cache_keeps_what_was_used_last() -> None:
    cache: Cache[bytes] = Cache(16 * 10_000)
    for number in range(40):
        cache.put(number, b"%d" % number, 5000)
        cache.get(0)
    assert cache.get(0) == b"0"
    assert cache.get(39) == b"39"
    assert cache.get(1) is None


def test_the_cache_keeps_nothing_that_is_too_big() -> None:
    cache: Cache[bytes] = Cache(160_000)
    cache.put("big", b"", 10_001)
    cache.put("small", b"", 5_000)
    assert cache.get("big") is None
    assert cache.get("small") is not None


# Who has had enough


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_query_time_comes_back_with_time() -> None:
    clock = Clock()
    meter = Meter(Limits(address_seconds=60, address_errors=30), clock)
    meter.took("a", 59)
    assert meter.wait("a") == 0
    meter.took("a", 11)
    assert meter.wait("a") == pytest.approx(10)
    assert meter.wait("b") == 0
    clock.now += 11
    assert meter.wait("a") == 0


def test_errors_are_forgiven_with_time() -> None:
    clock = Clock()
    meter = Meter(Limits(address_errors=30), clock)
    for _ in range(30):
        meter.erred("a")
    assert meter.wait("a") >= 1
    clock.now += 4
    assert meter.wait("a") == 0


def test_a_flood_of_addresses_is_not_remembered_for_ever() -> None:
    meter = Meter(Limits())
    for number in range(12_000):
        meter.erred(str(number))
    assert len(meter._buckets) == 10_000


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:9:9:9:9", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
    ],
)
def test_a_network_of_version_6_is_one_client(host: str, expected: str) -> None:
    assert client(host) == expected


def test_the_door_counts_who_comes_and_goes() -> None:
    door = Door(Limits(connections=5, address_connections=2), frozenset({"proxy"}))
    assert [door.enter("a") for _ in range(3)] == [0, 0, 429]
    assert [door.enter("proxy") for _ in range(4)] == [0, 0, 0, 503]
    door.leave("a")
    assert door.enter("a") == 0


# Cutting answers


TEXTS = st.text(alphabet='a"\\{}[],:<>/&\r\n\t\x01é', max_size=12)
CELLS = st.one_of(st.none(), TEXTS)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.data())
def test_answers_are_counted_and_cut_exactly(
    table: list[tuple[str | None, str | None]], data: st.DataObject
) -> None:
    limit = data.draw(st.integers(0, 7))
    for name, format_ in TABLES.items():
        body = written(table, format_)
        assert rows.longer_than(body, name, limit) == (len(table) > limit)
        begins = rows._begins(body, name)
        end = data.draw(st.integers(begins, len(body)))
        cut = rows.shortened(body[:end], name, limit)
        whole = rows.shortened(body, name, limit)
        if name == "csv":
            assert body.startswith(whole)
            assert whole.startswith(cut)
            text = io.StringIO(whole.decode(), newline="")
            assert len(list(csv.reader(text))) == min(limit, len(table)) + 1
        else:
            expected = read(body, format_)[:limit]
            assert read(whole, format_) == expected
            part = read(cut, format_)
            assert part == expected[: len(part)]


def written(
    table: list[tuple[str | None, str | None]], format_: QueryResultsFormat
) -> bytes:
    def cell(text: str | None) -> str:
        if text is None:
            return "UNDEF"
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        escaped = escaped.replace("\r", "\\r").replace("\n", "\\n")
        return '"' + escaped + '"'

    values = " ".join(f"({cell(a)} {cell(b)})" for a, b in table)
    found = Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
    assert isinstance(found, QuerySolutions)
    return found.serialize(format=format_) or b""


def read(body: bytes, format_: QueryResultsFormat) -> list[tuple[object, ...]]:
    if format_ == QueryResultsFormat.XML:  # which cannot hold this one
        body = body.replace(b"\x01", b"!")
    found = parse_query_results(body, format_)
    assert isinstance(found, QuerySolutions)
    return [tuple(row) for row in found]


# Reading queries


@pytest.mark.parametrize(
    ("query", "form", "lasts"),
    [
        ("SELECT * {}", "SELECT", True),
        ("PREFIX a: <a:> BASE <b:> ask {}", "ASK", True),
        ("# SELECT\nDESCRIBE <a:b>", "DESCRIBE", True),
        ("CONSTRUCT {} WHERE {}", "CONSTRUCT", True),
        ("SELECT (now() AS ?x) {}", "SELECT", False),
        ("SELECT (STRUUID ( ) AS ?x) {}", "SELECT", False),
        ("SELECT ?now { ?now <a:rand> 'UUID()' }", "SELECT", True),
        ("SELEKT * {}", "SELECT", True),
    ],
)
def test_a_query_is_known_by_its_text(query: str, form: str, lasts: bool) -> None:
    assert reading.read(query, 1000, ("",)) == Reading(form, lasts)


def test_readings_and_refusals_are_sent_whole() -> None:
    refused = reading.read("ASK { SERVICE <a:b> {} }", 1000, ("",))
    assert isinstance(refused, Refusal)
    assert refused.kind == reading.FORBIDDEN
    for found in (refused, Reading("ASK", False)):
        assert reading.unpack(reading.pack(found)) == found


# Settings


def test_every_limit_is_a_setting_and_says_what_it_means() -> None:
    assert set(MEANINGS) == {*Limits._fields, "address_running"}
    assert listed(Limits(rows=3))["rows"][0] == 3


def test_no_address_can_have_all_workers_by_default() -> None:
    assert Limits().address_running < Limits().workers


def test_a_server_is_known_by_its_names() -> None:
    assert hosts("https://example.org", "192.0.2.7", 80) >= {
        "example.org",
        "192.0.2.7",
        "192.0.2.7:80",
        "localhost",
    }
    assert "[::1]:8000" in hosts("http://a", "::1", 8000)


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda: serve.main(host="192.0.2.1"), "--public-url"),
        (lambda: serve.main(host="::"), "--public-url"),
        (lambda: serve.main(host="example.org"), "--public-url"),
        (lambda: serve.main(public_url="example.org"), "is no address"),
        (lambda: serve.main(public_url="ftp://example.org"), "is no address"),
        (lambda: serve.main(public_url="http://example.org/a"), "has a path"),
        (lambda: serve.main(workers=0), "--workers 0 is not from 1 to 64"),
        (lambda: serve.main(timeout=0), "--timeout 0 is not from 0.1 to 60"),
        (lambda: serve.main(timeout=61), "--timeout 61"),
        (lambda: serve.main(port=65536), "--port 65536"),
        (
            lambda: serve.run(
                serve.Bind("192.0.2.1"), public_url="http://a", fork=False
            ),
            "only this machine can be served",
        ),
    ],
)
def test_what_cannot_be_served_is_said(attempt: Callable[[], None], said: str) -> None:
    with pytest.raises(InputError, match=said):
        attempt()


def test_a_port_in_use_is_said() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match="address already in use"):
            serve.main(port=port)
