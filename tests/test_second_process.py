"""Work in two halves: the second process fails, ends, or returns something large."""

from __future__ import annotations

import os
import signal

import pytest

from peru_asia_graph.files.second_process import do_both


def test_each_half_has_a_process_of_its_own() -> None:
    here, there = do_both(os.getpid, os.getpid)
    assert here == os.getpid() != there


def test_much_comes_back() -> None:
    assert do_both(lambda: 1, lambda: {"file": b"x" * 5_000_000}) == (1, {"file": b"x" * 5_000_000})


def test_an_error_is_raised_as_it_was() -> None:
    def fail() -> int:
        raise ZeroDivisionError("there")

    with pytest.raises(ZeroDivisionError, match="there"):
        do_both(lambda: 1, fail)
    with pytest.raises(ZeroDivisionError, match="there"):
        do_both(fail, lambda: 1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_is_ended_costs_nothing_but_time(number: int) -> None:
    caller = os.getpid()

    def end() -> str:
        if os.getpid() != caller:
            os.kill(os.getpid(), number)
        return "made here"

    assert do_both(lambda: 1, end) == (1, "made here")


def test_what_cannot_be_sent_is_made_here() -> None:
    assert do_both(lambda: 1, lambda: lambda: 2)[1]() == 2


def test_one_processor_needs_no_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert do_both(os.getpid, os.getpid) == (os.getpid(), os.getpid())
