from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import cjigraph
from cjigraph import fence
from cjigraph.errors import LimitError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def settle(work: Callable[[], int]) -> int:
    try:
        return work()
    except ValueError:
        return 7


def call(work: Callable[[int], int], seconds: float = 60, memory: int = 1 << 28) -> int:
    return fence.call(lambda: 20, work, lambda done: done + 2, settle, seconds, memory)


def test_work_is_prepared_done_and_finished() -> None:
    assert call(lambda ready: ready + 20) == 42


def test_an_error_of_the_work_is_settled() -> None:
    def fail(_: int) -> int:
        raise ValueError

    assert call(fail) == 7


def test_a_bug_keeps_its_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    assert call(lambda _: [][1]) == 1
    assert "IndexError" in capfd.readouterr().err


def test_work_that_lasts_too_long_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"no answer within 0\.2 seconds"):
        call(lambda _: sleep(30), 0.2)
    assert time.monotonic() - started < 10


def test_only_the_work_is_timed() -> None:
    slow = fence.call(
        lambda: sleep(0.4),
        lambda _: 0,
        lambda _: sleep(0.4),
        settle,
        0.3,
    )
    assert slow == 0


def test_no_time_is_as_long_as_it_likes() -> None:
    assert call(lambda _: sleep(0.1), 0) == 2


def test_work_that_takes_too_much_memory_is_ended() -> None:
    assert call(lambda _: len(bytearray(1 << 20)) - (1 << 20)) == 2
    with pytest.raises(LimitError, match="more memory"):
        fence.call(
            lambda: 0,
            lambda _: len(bytearray(1 << 30)),
            lambda done: done,
            work_or_die,
            memory=1 << 26,
        )


def sleep(seconds: float) -> int:
    time.sleep(seconds)
    return 0


def crash() -> int:
    raise LimitError("as the engine does when it gets no memory")


def work_or_die(work: Callable[[], int]) -> int:
    try:
        return work()
    except LimitError:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0


def test_a_crash_is_a_limit() -> None:
    with pytest.raises(LimitError, match="nested too deep") as caught:
        call(lambda _: work_or_die(crash))
    assert caught.value.exit_code == 3


def test_limits_are_lifted_before_the_end() -> None:
    import resource

    def limits(_: object = None) -> tuple[int, int]:
        return resource.getrlimit(resource.RLIMIT_AS)

    before = limits()
    finished = fence.call(
        lambda: None,
        limits,
        lambda during: int(during != before and limits() == before),
        settle,
    )
    assert finished == 1
    assert limits() == before


def test_the_engines_last_words_are_not_heard(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert call(lambda _: os.write(2, b"memory allocation failed")) == 26
    assert capfd.readouterr().err == ""


SLOW = """
import sys, time
from cjigraph import fence
def work(_):
    print("working", flush=True)
    time.sleep(60)
try:
    fence.call(lambda: 0, work, lambda _: 0, lambda work: work())
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_ctrl_c_ends_the_work_at_once() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(cjigraph.__file__).parents[1])}
    command = [sys.executable, "-c", SLOW]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert process.stdout
    assert process.stdout.readline() == b"working\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stdout.read() == b"", "the child has gone as well"
    process.stdout.close()
