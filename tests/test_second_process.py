"""Splitting work between two processes: the second one fails, dies or returns a large value."""

from __future__ import annotations

import os
import signal

import pytest

from peru_asia_graph.files.second_process import do_both


def test_each_half_runs_in_its_own_process() -> None:
    here, there = do_both(os.getpid, os.getpid)
    assert here == os.getpid() != there


def test_large_result_is_returned() -> None:
    assert do_both(lambda: 1, lambda: {"file": b"x" * 5_000_000}) == (1, {"file": b"x" * 5_000_000})


def test_exception_is_raised_unchanged() -> None:
    def fail() -> int:
        raise ZeroDivisionError("there")

    with pytest.raises(ZeroDivisionError, match="there"):
        do_both(lambda: 1, fail)
    with pytest.raises(ZeroDivisionError, match="there"):
        do_both(fail, lambda: 1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed_process_only_costs_time(number: int) -> None:
    caller = os.getpid()

    def end() -> str:
        if os.getpid() != caller:
            os.kill(os.getpid(), number)
        return "made here"

    assert do_both(lambda: 1, end) == (1, "made here")


def test_unpicklable_result_is_computed_here() -> None:
    assert do_both(lambda: 1, lambda: lambda: 2)[1]() == 2


def test_single_cpu_uses_no_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert do_both(os.getpid, os.getpid) == (os.getpid(), os.getpid())
