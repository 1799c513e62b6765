"""Honest and hostile requests at once, for as long as a test may take."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from running import Server, alive, soon

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = float(os.environ.get("CJIGRAPH_SOAK_SECONDS", "35"))
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"

HOSTILE = [
    (f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}", {504, 503}),
    (f"SELECT * {{ {CROSS} }} ORDER BY RAND() LIMIT 5", {504, 503}),
    (f"SELECT * {{ {CROSS} }}", {413, 503, 504}),
    ("SELECT * " + "{" * 3000, {413}),
    ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", {403}),
    ("SELECT * { ?s ?p", {400}),
    ('ASK { FILTER(REGEX("aaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")) }', {200, 503}),
    (
        'SELECT ?v40 { BIND("x" AS ?v0) '
        + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
        + "}",
        {503, 504},
    ),
]


class Tally(NamedTuple):
    """What became of requests: honest ones answered, and whatever went wrong."""

    answered: list[float]
    wrong: list[str]


def honest(server: Server, until: float, tally: Tally) -> None:
    """Ask what can be known, and check each answer."""
    number = int.from_bytes(os.urandom(4), "big")
    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        while time.monotonic() < until:
            number += 1
            body = f"https://w3id.org/cjigraph/id/body/b{number % 2000}"
            query = f"SELECT ?o {{ <{body}> ?p ?o }} # {number}"
            start = time.monotonic()
            response = client.get("/sparql", params={"query": query})
            if response.status_code != 200:
                tally.wrong.append(f"{response.status_code}: {response.text}")
                continue
            (row,) = response.json()["results"]["bindings"]
            if not row["o"]["value"].endswith(f"/b{(number + 1) % 2000}"):
                tally.wrong.append(f"{body}: {row}")
            tally.answered.append(time.monotonic() - start)
            time.sleep(0.005)


def hostile(server: Server, until: float, tally: Tally) -> None:
    """Ask what must not be answered, one after the other."""
    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        while time.monotonic() < until:
            for query, expected in HOSTILE:
                response = client.post("/sparql", data={"query": query})
                if response.status_code not in expected:
                    tally.wrong.append(f"{response.status_code} for {query[:60]}")
                tally.answered.append(0)


def rude(server: Server, until: float, tally: Tally) -> None:
    """Ask, and leave without waiting; or say half of something."""
    query = HOSTILE[0][0].replace(" ", "%20")
    whole = f"GET /sparql?query={query} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    while time.monotonic() < until:
        for content in (whole + "\r\n", whole, "POST /sparql HTTP/1.1\r\n", "\0\0"):
            with server.connect() as connection:
                connection.sendall(content.encode())
                time.sleep(0.2)
            tally.answered.append(0)


@pytest.mark.slow
def test_a_soak_loses_nothing(crowd: Path) -> None:
    limits = {"seconds": 1.0, "workers": 4, "memory": 2**28, "rows": 1000}
    with Server(crowd, limits=limits) as server:
        assert soon(lambda: len(server.family()) == 5)
        first = set(server.family())
        warm(server)
        before = server.memory()
        until = time.monotonic() + SECONDS
        tallies = {each: Tally([], []) for each in (honest, hostile, rude)}
        threads = [
            threading.Thread(target=each, args=(server, until, tallies[each]))
            for each in (honest, honest, hostile, rude)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [tally.wrong for tally in tallies.values()] == [[], [], []]
        assert len(tallies[honest].answered) > 5 * SECONDS
        assert len(tallies[hostile].answered) >= len(HOSTILE)
        assert len(tallies[rude].answered) > 4
        assert soon(lambda: len(server.family()) == 5)
        assert len(set(server.family()) & first) <= 2  # the zygote, and at most one
        assert server.memory() - before < 16 * 1024
        last = server.family()
        server.stop(signal.SIGTERM)
        assert server.process.returncode == 0
        assert soon(lambda: not alive(last))


def warm(server: Server) -> None:
    """Fill the cache, which is allowed to grow to its limit."""
    for number in range(3000):
        server.get(f"ASK {{}} # {number}")
