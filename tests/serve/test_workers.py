"""Workers and the processes they are: none outlives its time, and none is missed."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from running import Server, alive, soon

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDLESS = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} # {}"
YES = "ASK { ?s ?p ?o }"


@pytest.fixture(params=[True, False], ids=["forked", "spawned"])
def patient(crowd: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server that gives each query four seconds."""
    with Server(crowd, limits={"seconds": 4.0}, fork=request.param) as running:
        assert soon(lambda: len(running.family()) >= 2)
        yield running


def workers(server: Server) -> set[int]:
    """The processes that answer: those that have no children."""
    return {each for each in server.family() if name_of(each) == "worker"}


def name_of(process: int) -> str:
    try:
        limits = Path(f"/proc/{process}/limits").read_text(encoding="ascii")
    except OSError:
        return ""
    (line,) = (each for each in limits.splitlines() if each.startswith("Max open"))
    return "worker" if line.split()[3] == "0" else "other"


def test_one_endless_query_hurts_nobody(patient: Server) -> None:
    with ThreadPoolExecutor(1) as threads:
        endless = threads.submit(patient.get, ENDLESS.format(1))
        time.sleep(0.5)
        start = time.monotonic()
        for number in range(50):
            assert patient.get(f"{YES} # {number}").status_code == 200
        assert time.monotonic() - start < 3
        assert endless.result().status_code == 504


def test_a_worker_that_is_stopped_is_replaced(patient: Server) -> None:
    assert soon(lambda: len(workers(patient)) == 2)
    before = workers(patient)
    assert patient.get(ENDLESS.format(2)).status_code == 504
    assert soon(lambda: len(workers(patient)) == 2 and workers(patient) != before)
    assert patient.get(YES).status_code == 200


def test_whoever_leaves_takes_the_query_along(patient: Server) -> None:
    assert soon(lambda: len(workers(patient)) == 2)
    before = workers(patient)
    query = ENDLESS.format(3).replace(" ", "%20").replace("#", "%23")
    request = f"GET /sparql?query={query} HTTP/1.1\r\nHost: 127.0.0.1:{patient.port}"
    with patient.connect() as connection:
        connection.sendall(request.encode() + b"\r\n\r\n")
        time.sleep(0.7)
        assert workers(patient) == before
    # Long before the clock would have stopped it:
    assert soon(lambda: not before <= workers(patient), 2)


def test_a_worker_that_dies_is_replaced(patient: Server) -> None:
    assert soon(lambda: len(workers(patient)) == 2)
    before = workers(patient)
    for process in before:
        os.kill(process, signal.SIGKILL)
    assert soon(lambda: len(workers(patient) - before) == 2)
    assert patient.get(YES).status_code == 200


def test_a_worker_that_dies_at_work_is_told_of(patient: Server) -> None:
    assert soon(lambda: len(workers(patient)) == 2)
    with ThreadPoolExecutor(1) as threads:
        endless = threads.submit(patient.get, ENDLESS.format(4))
        time.sleep(0.7)
        for process in workers(patient):
            os.kill(process, signal.SIGABRT)
        response = endless.result()
    assert response.status_code == 503
    assert "too much memory, or was too deeply nested" in response.text
    assert soon(lambda: patient.get(YES).status_code == 200)


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(patient: Server, with_signal: int) -> None:
    """Whichever way the server ends, even in the middle of a query."""
    asking = threading.Thread(target=ask_in_vain, args=(patient,))
    asking.start()
    time.sleep(0.7)
    family = patient.family()
    assert len(family) >= 2
    patient.stop(with_signal)
    assert soon(lambda: not alive(family), 15)
    asking.join()
    assert patient.process.returncode == (-9 if with_signal == signal.SIGKILL else 0)


def ask_in_vain(server: Server) -> None:
    with server.connect() as connection:
        query = ENDLESS.format(5).replace(" ", "%20").replace("#", "%23")
        host = f"Host: 127.0.0.1:{server.port}\r\n\r\n"
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\n{host}".encode())
        try:
            connection.recv(100)
        except OSError:
            return


def test_a_zygote_that_dies_is_replaced(crowd: Path) -> None:
    with Server(crowd) as server:
        assert soon(lambda: len(server.family()) == 3)
        before = server.family()
        (zygote,) = (each for each in before if name_of(each) == "other")
        os.kill(zygote, signal.SIGKILL)
        assert soon(lambda: not set(server.family()) & set(before))
        assert soon(lambda: is_answered(server))
        assert soon(lambda: not alive(before))


def is_answered(server: Server) -> bool:
    return server.get(f"{YES} # {time.monotonic()}").status_code == 200


def test_one_address_never_has_every_worker(crowd: Path) -> None:
    limits = {"seconds": 4.0, "workers": 3}
    with Server(crowd, limits=limits) as server, ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(server.get, ENDLESS.format(n)) for n in range(3)]
        time.sleep(1.0)
        other = other_address(server, YES)
        assert other.startswith(b"HTTP/1.1 200")
        assert {each.result().status_code for each in asked} <= {504, 503}


def other_address(server: Server, query: str) -> bytes:
    """Ask from another of the addresses that all are this machine."""
    with socket.socket() as connection:
        connection.settimeout(3)
        connection.bind(("127.0.0.2", 0))
        connection.connect(("127.0.0.1", server.port))
        text = query.replace(" ", "%20").replace("{", "%7B").replace("}", "%7D")
        connection.sendall(
            f"GET /sparql?query={text} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{server.port}\r\n\r\n".encode()
        )
        return connection.recv(65536)


def test_only_so_many_wait(crowd: Path) -> None:
    limits = {"seconds": 2.0, "queue": 2, "address_waiting": 1000}
    with Server(crowd, limits=limits) as server:
        with ThreadPoolExecutor(8) as threads:
            asked = [threads.submit(server.get, ENDLESS.format(n)) for n in range(8)]
            found = [each.result() for each in asked]
        statuses = [each.status_code for each in found]
        assert 503 in statuses
        assert 504 in statuses
        busy = next(each for each in found if each.status_code == 503)
        assert busy.headers["retry-after"] == "5"
        assert busy.text == "all workers are busy\n"
        quick = [each for each in found if each.elapsed.total_seconds() < 1]
        assert [each.status_code for each in quick] == [503] * 4


def test_one_address_does_not_fill_the_queue(crowd: Path) -> None:
    limits = {"seconds": 2.0, "queue": 16, "address_waiting": 2}
    with Server(crowd, limits=limits) as server:
        with ThreadPoolExecutor(6) as threads:
            asked = [threads.submit(server.get, ENDLESS.format(n)) for n in range(6)]
            statuses = [each.result().status_code for each in asked]
        assert statuses.count(429) == 2


def test_what_a_worker_may_do_is_little(crowd: Path) -> None:
    with Server(crowd) as server:
        assert soon(lambda: len(workers(server)) == 2)
        for process in workers(server):
            limits = Path(f"/proc/{process}/limits").read_text(encoding="ascii")
            soft = {
                line[:25].strip(): line[25:].split()[0]
                for line in limits.splitlines()[1:]
            }
            assert soft["Max open files"] == "0"
            assert soft["Max file size"] == "0"
            assert soft["Max core file size"] == "0"
            assert soft["Max address space"].isdigit()
            open_files = list(Path(f"/proc/{process}/fd").iterdir())
            assert len(open_files) == 4  # nowhere, three times, and the parent


def test_a_store_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.nq"
    damaged.write_text("<a:b> <a:c>", encoding="utf-8")
    with pytest.raises(AssertionError, match="damaged or not N-Quads") as caught:
        Server(damaged)
    assert "StoreError" in str(caught.value)
    with pytest.raises(AssertionError, match="there is no such file") as caught:
        Server(tmp_path / "nothing.nq")
    assert "InputError" in str(caught.value)


def test_where_nothing_forks_a_damaged_store_is_told_of_too(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.nq"
    damaged.write_text("<a:b> <a:c>", encoding="utf-8")
    with pytest.raises(AssertionError, match="damaged or not N-Quads"):
        Server(damaged, fork=False)


def test_little_time_for_queries_is_enough_to_start(crowd: Path) -> None:
    for fork in (True, False):
        with Server(crowd, limits={"seconds": 0.1}, fork=fork) as server:
            assert soon(lambda: is_answered(server))


def test_a_worker_that_has_grown_is_replaced(crowd: Path) -> None:
    doubled = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(27))
    hungry = f'SELECT (STRLEN(?v27) AS ?n) {{ BIND("x" AS ?v0) {doubled} }}'
    with Server(crowd) as server:
        assert soon(lambda: len(workers(server)) == 2)
        before = workers(server)
        assert server.get(hungry).json()["results"]["bindings"]
        assert soon(lambda: len(workers(server)) == 2 and workers(server) != before)
