"""How fast the endpoint is, as ratios measured side by side in one run on loopback.

    pip install -e '.[bench]'
    python benchmarks/endpoint.py [--seconds 1] [--rounds 9] [--connections 8]

Serves the same ten thousand made-up statements four ways, and asks each the same:

- `cjigraph serve`, workers, guard and all (its limits per address lifted, since all the
  load comes from one);
- a bare ASGI application that calls pyoxigraph in its event loop;
- rdflib-endpoint over rdflib.

The look-ups all differ; the aggregate differs by a comment, so that no cache helps; one
query is repeated, so that one does. Then one client runs a query that never ends, and
the others' 99th percentile is compared with what it was.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

INSPECTIONS = 700
BASE = "https://w3id.org/cjigraph/"

OURS = """
import sys
from cjigraph.serve import Bind, Limits, run
run(Bind(port=int(sys.argv[1])), store=sys.argv[2], limits=Limits(
    address_seconds=1e9, address_errors=1e9, address_waiting=10**6, queue=10**6,
    address_connections=100))
"""

BARE = """
import sys
from urllib.parse import parse_qs
import pyoxigraph, uvicorn
store = pyoxigraph.Store()
store.load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
JSON = pyoxigraph.QueryResultsFormat.JSON
async def app(scope, receive, send):
    query = parse_qs(scope["query_string"].decode())["query"][0]
    body = store.query(query).serialize(format=JSON)
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"content-type", b"application/sparql-results+json"),
        (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", lifespan="off")
"""

RDFLIB = """
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Dataset(default_union=True)
graph.parse(sys.argv[2], format="nquads")
app = SparqlEndpoint(graph=graph, path="/sparql")
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""

SERVERS = {"ours": OURS, "bare": BARE, "rdflib-endpoint": RDFLIB}

LOOK_UP = "SELECT ?p ?o WHERE {{ <{base}id/inspection/inspection-{number}> ?p ?o }}"
AGGREGATE = """# {number}
PREFIX cji: <https://w3id.org/cjigraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?lead ?year (COUNT(?inspection) AS ?inspections) WHERE {{
  ?inspection a cji:Inspection ; cji:isLedBy ?lead ; dcterms:issued ?date .
  BIND(YEAR(?date) AS ?year)
}} GROUP BY ?lead ?year ORDER BY ?lead ?year"""
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Measured(NamedTuple):
    """What one burst of load showed."""

    rate: float
    tail: float
    """The 99th percentile, in milliseconds."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--connections", type=int, default=8)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        data = Path(folder) / "made-up.nq"
        data.write_text("".join(statements()), encoding="utf-8")
        ports = {
            name: stack.enter_context(served(code, data))
            for name, code in SERVERS.items()
        }
        compare(ports, given.seconds, given.rounds, given.connections)
        endure(ports["ours"], given.seconds, given.rounds)


def statements() -> Iterator[str]:
    """Yield ten thousand statements about inspections that never were."""
    of = {"a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
    for number in range(INSPECTIONS):
        subject = f"<{BASE}id/inspection/inspection-{number}>"
        day = f"{2000 + number % 25}-{1 + number % 12:02}-{1 + number % 28:02}"
        yield f"{subject} <{of['a']}> <{BASE}ontology#Inspection> .\n"
        yield f"{subject} <{BASE}ontology#isLedBy> <{BASE}id/body/b{number % 9}> .\n"
        yield (
            f'{subject} <http://purl.org/dc/terms/issued> "{day}"'
            "^^<http://www.w3.org/2001/XMLSchema#date> .\n"
        )
        for other in range(12):
            thing = f"<{BASE}id/theme/t{(number * other) % 97}>"
            yield f"{subject} <{BASE}ontology#p{other}> {thing} .\n"


@contextmanager
def served(code: str, data: Path) -> Iterator[int]:
    """Run a server on a free port until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", code, str(port), str(data)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        await_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def await_port(port: int) -> None:
    """Wait until something listens."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing listens on port {port}")


def request(query: str) -> bytes:
    """Return a query as bytes to send."""
    return (
        f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
        "Accept: application/sparql-results+json\r\n\r\n"
    ).encode()


def requests(kind: str) -> list[bytes]:
    """Return the requests of one kind, more than a burst can use up."""
    if kind == "repeated":
        return [request(LOOK_UP.format(base=BASE, number=1))]
    template = LOOK_UP if kind == "look-up" else AGGREGATE
    # A comment makes each differ from all before it, whatever is asked about.
    start = int.from_bytes(os.urandom(4), "big")
    return [
        request(f"#{start + n}\n" + template.format(base=BASE, number=n % INSPECTIONS))
        for n in range(20_000 if kind == "look-up" else 4_000)
    ]


class Client(asyncio.Protocol):
    """Sends a request as soon as the last is answered."""

    def __init__(self, wanted: Iterator[bytes], until: float) -> None:
        self.times: list[float] = []
        self.done = asyncio.get_running_loop().create_future()
        self._wanted, self._until = wanted, until
        self._got, self._sent = bytearray(), 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = transport
        self.send()

    def send(self) -> None:
        """Send the next request, or stop."""
        self._sent = time.perf_counter()
        following = next(self._wanted, None)
        if self._sent > self._until or following is None:
            self.transport.close()
        else:
            self.transport.write(following)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take an answer, and send another request when it is whole."""
        self._got += data
        head = self._got.find(b"\r\n\r\n")
        if head < 0:
            return
        lower = bytes(self._got[:head]).lower()
        length = int(lower.partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(self._got) < head + 4 + length:
            return
        if not self._got.startswith(b"HTTP/1.1 200"):
            raise SystemExit(bytes(self._got[:300]).decode())
        self.times.append(time.perf_counter() - self._sent)
        self._got.clear()
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Be done."""
        if not self.done.done():
            self.done.set_result(None)


def load(port: int, kind: str, seconds: float, connections: int) -> Measured:
    """Ask a server for a while, from a process of its own, and return what it took."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(burst, (port, kind, seconds, connections))


def burst(port: int, kind: str, seconds: float, connections: int) -> Measured:
    """Ask a server for a while over so many connections."""
    return asyncio.run(_burst(port, kind, seconds, connections))


async def _burst(port: int, kind: str, seconds: float, connections: int) -> Measured:
    wanted = [each.replace(b"PORT", b"%d" % port) for each in requests(kind)]
    many = iter(wanted * (20_000 if kind == "repeated" else 1))
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: Client(many, start + seconds), "127.0.0.1", port
        )
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    spent = time.perf_counter() - start
    times = sorted(each for client in clients for each in client.times)
    return Measured(len(times) / spent, 1000 * times[int(len(times) * 0.99)])


def compare(
    ports: dict[str, int], seconds: float, rounds: int, connections: int
) -> None:
    """Print the rates of all servers, and ours as a multiple of the others'."""
    for kind in ("look-up", "aggregate", "repeated"):
        found: dict[str, list[Measured]] = {name: [] for name in ports}
        for _ in range(rounds):
            for name, port in ports.items():
                found[name].append(load(port, kind, seconds, connections))
        print(f"\n{kind}")
        for name, several in found.items():
            rate = statistics.median(each.rate for each in several)
            tail = statistics.median(each.tail for each in several)
            print(f"  {name:16} {rate:8.0f} per second, 99th percentile {tail:6.1f} ms")
        for name in ("bare", "rdflib-endpoint"):
            # Each round is compared with itself: what else the machine does varies.
            pairs = zip(found["ours"], found[name], strict=True)
            ratio = statistics.median(a.rate / b.rate for a, b in pairs)
            print(f"  ours is {ratio:.2f} times {name}")


def endure(port: int, seconds: float, rounds: int) -> None:
    """Print what a query that never ends costs those who ask something else."""
    ratios = []
    for _ in range(rounds):
        before = load(port, "look-up", seconds, 4)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(request(ENDLESS).replace(b"PORT", b"%d" % port))
            time.sleep(0.3)
            during = load(port, "look-up", seconds, 4)
        ratios.append(during.tail / before.tail)
        print(
            f"\n99th percentile {before.tail:.1f} ms; beside a query without end"
            f" {during.tail:.1f} ms"
        )
    print(f"  that is {statistics.median(ratios):.2f} times as long")


if __name__ == "__main__":
    main()
