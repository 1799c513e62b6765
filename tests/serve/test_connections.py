"""HTTP itself, used badly."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest
from running import Server, received, soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASK = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
QUERY = b"Content-Type: application/sparql-query\r\n"
CLOSE = b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def hasty(asking_file: Path) -> Iterator[Server]:
    """A server that waits for nobody."""
    limits = {
        "head_seconds": 1.0,
        "body_seconds": 1.0,
        "send_seconds": 2.0,
        "idle_seconds": 1.0,
        "connections": 12,
        "address_connections": 8,
    }
    with Server(asking_file, limits=limits) as running:
        yield running


def send(server: Server, content: bytes) -> bytes:
    return server.send(content.replace(b"PORT", str(server.port).encode()))


def status(response: bytes) -> int:
    return int(response.split(b" ", 2)[1])


def test_a_slow_head_is_not_waited_for(hasty: Server) -> None:
    with hasty.connect() as connection:
        start = time.monotonic()
        connection.sendall(ASK[:20])
        assert status(received(connection)) == 408
        assert time.monotonic() - start < 4


def test_a_head_in_drops_is_not_waited_for(hasty: Server) -> None:
    with hasty.connect() as connection:
        start = time.monotonic()
        head = ASK.replace(b"PORT", str(hasty.port).encode())
        try:
            for number in range(100):
                connection.sendall(head[number : number + 1])
                time.sleep(0.1)
        except OSError:
            pass
        assert time.monotonic() - start < 5


def test_empty_lines_are_not_waited_for(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(ASK.replace(b"PORT", str(hasty.port).encode()) + b"\r\n")
        assert status(connection.recv(65536)) == 200
        start = time.monotonic()
        try:
            for _ in range(100):
                connection.sendall(b"\r\n")
                time.sleep(0.1)
        except OSError:
            pass
        assert time.monotonic() - start < 5


def test_silence_is_not_waited_for(hasty: Server) -> None:
    with hasty.connect() as connection:
        start = time.monotonic()
        assert status(received(connection)) == 408
        assert time.monotonic() - start < 4


def test_a_slow_second_request_is_not_waited_for(hasty: Server) -> None:
    with hasty.connect() as connection:
        request = ASK.replace(b"PORT", str(hasty.port).encode()) + b"\r\n"
        connection.sendall(request)
        assert status(connection.recv(65536)) == 200
        connection.sendall(request[:30])
        start = time.monotonic()
        assert b" 408 " in received(connection)
        assert time.monotonic() - start < 4


def test_an_idle_connection_is_closed(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(ASK.replace(b"PORT", str(hasty.port).encode()) + b"\r\n")
        start = time.monotonic()
        assert received(connection).startswith(b"HTTP/1.1 200")
        assert 0.5 < time.monotonic() - start < 5


def test_a_slow_body_is_not_waited_for(hasty: Server) -> None:
    with hasty.connect() as connection:
        head = POST + QUERY + b"Content-Length: 100\r\n\r\n"
        connection.sendall(head.replace(b"PORT", str(hasty.port).encode()))
        start = time.monotonic()
        connection.sendall(b"ASK")
        assert status(received(connection)) == 408
        assert time.monotonic() - start < 4


def test_whoever_does_not_read_is_let_go(crowd: Path) -> None:
    """Answers that nobody reads must not fill the server's memory for ever."""
    limits = {"send_seconds": 1.0, "result_bytes": 2**23}
    with Server(crowd, limits=limits) as server, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        query = b"SELECT%20*%20%7B?s%20?p%20?o.?a%20?b%20?c%7DLIMIT%2010000"
        host = b"Host: 127.0.0.1:%d\r\n\r\n" % server.port
        connection.sendall(b"GET /sparql?query=" + query + b" HTTP/1.1\r\n" + host)
        connection.recv(1)
        time.sleep(4)
        start = time.monotonic()
        got = len(received(connection))
        assert time.monotonic() - start < 5
        assert got < 4_000_000


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET /sparql?query=" + b"a" * 20_000 + b" HTTP/1.1\r\n", 414),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n", 414),
        (ASK + b"X-Long: " + b"a" * 40_000 + b"\r\n", 431),
        (ASK + b"Accept: " + b"text/csv," * 8_000 + b"\r\n", 431),
        (ASK + b"X-Many: a\r\n" * 101, 431),
    ],
)
def test_a_head_that_is_too_big_is_refused(
    server: Server, head: bytes, expected: int
) -> None:
    response = send(server, head + CLOSE)
    assert status(response) == expected
    assert b"Connection: close" in response or b"connection: close" in response


def test_a_head_that_has_no_end_is_refused(server: Server) -> None:
    with server.connect() as connection:
        start = time.monotonic()
        connection.sendall(ASK + b"X-Endless: " + b"a" * 300_000)
        assert status(received(connection)) == 431
        assert time.monotonic() - start < 5  # and not when its time is over


def test_a_head_that_is_big_enough_is_taken(server: Server) -> None:
    head = ASK + b"X-Long: " + b"a" * 30_000 + b"\r\n" + b"X-Many: a\r\n" * 50
    assert status(send(server, head + CLOSE)) == 200
    query = b"ASK%20%7B%7D%23" + b"a" * 16_000
    head = b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
    assert status(send(server, head + CLOSE)) == 200


def test_a_body_that_says_it_is_too_big_is_refused_at_once(server: Server) -> None:
    start = time.monotonic()
    head = POST + QUERY + b"Content-Length: 1000000000\r\n\r\n"
    assert status(send(server, head)) == 413
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("length", [b"-1", b"+5", b"0x10", b"1e9", b"9" * 40])
def test_a_length_that_is_none_is_refused(server: Server, length: bytes) -> None:
    head = POST + QUERY + b"Content-Length: " + length + b"\r\n\r\nASK {}"
    assert status(send(server, head)) in (400, 413)


def test_a_body_that_turns_out_too_big_is_refused(server: Server) -> None:
    chunk = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
    head = POST + QUERY + b"Transfer-Encoding: chunked\r\n\r\n"
    response = send(server, head + chunk * 5 + b"0\r\n\r\n")
    assert status(response) == 413
    assert b"the body is longer than" in response


def test_too_many_parameters_are_refused(server: Server) -> None:
    graphs = b"&default-graph-uri=https://w3id.org/cjigraph/graph/sources"
    head = ASK.replace(b" HTTP", graphs * 3000 + b" HTTP")
    assert status(send(server, head + CLOSE)) == 414
    form = "&".join(["default-graph-uri=a:b"] * 3000) + "&query=ASK%20%7B%7D"
    response = server.client.post(
        "/sparql",
        content=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert response.status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50,
        b"NOT HTTP\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nBad Header: a\r\n\r\n",
        b"GET /sparql?query=\xff HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n" + CLOSE,
        POST + QUERY + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\nASK {}",
        POST + QUERY + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}",
    ],
)
def test_what_is_not_http_is_refused(server: Server, content: bytes) -> None:
    response = send(server, content)
    assert response == b"" or status(response) == 400
    assert server.get("ASK {}").status_code == 200


# Hosts, proxies and clients


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (b"127.0.0.1:PORT", 200),
        (b"localhost:PORT", 200),
        (b"LOCALHOST:PORT", 200),
        (b"evil.example", 421),
        (b"127.0.0.1:1", 421),
        (b"", 421),
        (b"127.0.0.1:PORT\r\nHost: evil.example", 421),
    ],
)
def test_only_our_own_names_are_answered_for(
    server: Server, host: bytes, expected: int
) -> None:
    head = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: " + host + b"\r\n"
    assert status(send(server, head + CLOSE)) == expected


def test_a_request_for_no_host_is_misdirected(server: Server) -> None:
    assert status(send(server, b"GET /sparql HTTP/1.0\r\n\r\n")) == 421


def test_the_public_address_is_the_one_that_is_told(asking_file: Path) -> None:
    with Server(asking_file, public_url="https://graph.example.org/") as server:
        head = b"GET /sparql HTTP/1.1\r\nHost: graph.example.org\r\n" + CLOSE
        assert b"<https://graph.example.org/sparql>" in server.send(head)


def test_forwarded_headers_are_not_believed(server: Server) -> None:
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.1",
    }
    response = server.client.get("/sparql", headers=headers)
    assert "evil.example" not in response.text
    assert f"<{server.url}/sparql>" in response.text


def test_one_address_has_only_so_many_connections(hasty: Server) -> None:
    assert soon(lambda: hasty.get("ASK {}").status_code == 200)
    held = [hasty.connect() for _ in range(12)]
    try:
        time.sleep(0.2)
        refused = 0
        for connection in held:
            connection.settimeout(0.2)
            try:
                refused += b" 429 " in connection.recv(65536)
            except TimeoutError:
                continue
        assert 4 <= refused <= 6  # the client of the tests may hold one or two itself
    finally:
        for connection in held:
            connection.close()
    assert soon(lambda: hasty.get("ASK {}").status_code == 200)


def test_one_address_makes_only_so_many_errors(asking_file: Path) -> None:
    with Server(asking_file, limits={"address_errors": 5}) as server:
        answers = [err(server, f"192.0.2.{number}") for number in range(8)]
        assert answers[:5] == [400] * 5
        assert answers[-1] == 429
        refused = server.get("ASK {}")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1


def test_a_proxy_that_is_named_is_believed(asking_file: Path) -> None:
    limits = {"address_errors": 5}
    with Server(asking_file, limits=limits, proxies=("127.0.0.1",)) as server:
        assert [err(server, f"192.0.2.{n}") for n in range(8)] == [400] * 8
        assert [err(server, "192.0.2.99") for n in range(8)][-1] == 429


def err(server: Server, address: str) -> int:
    """Ask something wrong, and say that it was somebody else."""
    headers = {"X-Forwarded-For": address}
    response = server.client.get("/sparql?query=ASK", headers=headers)
    return response.status_code


def test_one_address_has_only_so_much_query_time(crowd: Path) -> None:
    limits = {"address_seconds": 0.8, "seconds": 1.0}
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with Server(crowd, limits=limits) as server:
        assert server.get("ASK {}").status_code == 200
        assert server.get(endless).status_code == 504
        refused = server.get("ASK { }")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 10
        assert server.get("ASK {}").status_code == 200  # it is kept, and costs nothing
