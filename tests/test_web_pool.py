"""Who gets a worker, and what becomes of jobs whose worker is slow, killed or broken; the frames and turns below it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import urllib.parse
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from peru_asia_graph.web.frames import Answer, Frames, Job, NoRoom, frame
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.pool import Pool
from peru_asia_graph.web.protocol import unquote
from peru_asia_graph.web.turns import Turn, Turns, Unavailable

HEADER = Job.of(job="query", default=None, named=None, rows="csv", graph=None).header
QUICK = Job(HEADER, b"SELECT ?l { id:block-8 rdfs:label ?l }")
SLOW = Job(HEADER, b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


def with_pool(work: Callable[[Pool], Awaitable[Any]], **limits: Any) -> Any:
    """Return what work makes of a pool; in a thread of its own, as other tests may have a loop running in this one."""

    async def run() -> Any:
        pool = Pool(None, Limits(**limits))
        await pool.open()
        try:
            return await work(pool)
        finally:
            # Processes that are just being started are in nobody's hands yet.
            await asyncio.sleep(1)
            await pool.close()

    with ThreadPoolExecutor(1) as alone:
        return alone.submit(lambda: uvloop.run(run())).result()


async def timed(pool: Pool, job: Job, client: str = "a") -> tuple[int, str, float]:
    """Return status, answer or reason, and seconds."""
    started = time.monotonic()
    try:
        header, body = await pool.run(job, client)
    except Unavailable as error:
        return 503, str(error), time.monotonic() - started
    return header["status"], body.decode(), time.monotonic() - started


async def warm(pool: Pool) -> None:
    """Let the pool learn that jobs are quick, so that it gives some ahead."""
    for _ in range(30):
        await timed(pool, QUICK)


def test_what_stands_behind_a_slow_query_is_done_by_others() -> None:
    async def work(pool: Pool) -> Any:
        await warm(pool)
        return await asyncio.gather(timed(pool, SLOW), *(timed(pool, QUICK) for _ in range(8)))

    slow, *quick = with_pool(work, ready=1, timeout=6.0)
    assert slow[0] == 503 and "stopped after 6 s" in slow[1] and slow[2] < 6.5
    assert {one[:2] for one in quick} == {(200, "l\r\nBlock 8\r\n")} and max(one[2] for one in quick) < 4


def test_a_broken_worker_fails_only_the_query_it_was_at() -> None:
    async def work(pool: Pool) -> Any:
        await warm(pool)
        asked = [asyncio.ensure_future(timed(pool, job)) for job in (SLOW, *[QUICK] * 8)]
        await asyncio.sleep(0)
        # Before the first look round, some of them are with the one worker there is.
        assert pool.counts["waiting"] < 8 and pool.counts["workers"] == 1
        for child in children():
            os.kill(child, signal.SIGKILL)
        return await asyncio.gather(*asked)

    slow, *quick = with_pool(work, ready=1, timeout=10.0)
    assert slow[0] == 503 and "(SIGKILL)" in slow[1]
    assert {one[:2] for one in quick} == {(200, "l\r\nBlock 8\r\n")}


def children() -> list[int]:
    """Return the processes of this one that run workers."""
    found = []
    for file in Path("/proc/self/task").glob("*/children"):
        for child in file.read_text().split():
            if b"peru_asia_graph.web.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def test_who_leaves_frees_the_worker_and_takes_nobody_along() -> None:
    async def work(pool: Pool) -> Any:
        await warm(pool)
        leaving = asyncio.ensure_future(pool.run(SLOW, "a"))
        others = [asyncio.ensure_future(timed(pool, QUICK)) for _ in range(4)]
        await asyncio.sleep(0)
        leaving.cancel()
        return await asyncio.gather(*others, timed(pool, QUICK, "b"))

    answers = with_pool(work, ready=1, timeout=10.0)
    assert {one[0] for one in answers} == {200} and max(one[2] for one in answers) < 5


def test_one_client_leaves_workers_to_others() -> None:
    async def work(pool: Pool) -> Any:
        many = [asyncio.ensure_future(timed(pool, SLOW)) for _ in range(12)]
        await asyncio.sleep(2.5)
        workers = pool.counts["workers"]
        other = await timed(pool, QUICK, "b")
        return workers, other, await asyncio.gather(*many)

    workers, other, many = with_pool(work, ready=1, most=4, timeout=5.0, patience=60.0)
    assert workers <= 4 and other[0] == 200 and other[2] < 0.5
    assert {one[0] for one in many} == {503}


def test_taken_back_jobs_are_passed_over_once() -> None:
    async def work(pool: Pool) -> Any:
        # Long enough to have those behind it taken back, and over in time; then all are done by the same worker.
        job = Job(HEADER, b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?c ?d ?e }")
        await warm(pool)
        return await asyncio.gather(*(timed(pool, one) for one in (job, QUICK, QUICK, job, QUICK) * 4))

    answers = with_pool(work, ready=1, most=3, timeout=20.0)
    assert {one[0] for one in answers} == {200}


@given(st.lists(st.tuples(st.integers(0, 2**64 - 1), st.binary(max_size=40), st.binary(max_size=90))), st.data())
def test_frames_come_whole_however_they_are_cut(sent: list[tuple[int, bytes, bytes]], data: st.DataObject) -> None:
    stream = b"".join(frame(*one) for one in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=9)))
    frames, found = Frames(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += frames.take(stream[start:end])
    assert found == sent


def test_a_body_without_room_is_not_waited_for() -> None:
    with pytest.raises(NoRoom):
        Frames().take(frame(1, b"{}", b"x" * 100)[:40], lambda size: size < 100)


@given(st.binary(max_size=60) | st.text("%=Aa0zZ9+ \t\r\n.é", max_size=40).map(str.encode))
def test_percent_encoding_is_read_as_the_library_reads_it(encoded: bytes) -> None:
    assert unquote(encoded) == urllib.parse.unquote_to_bytes(encoded)


@given(st.text(max_size=60))
def test_what_is_percent_encoded_comes_back(text: str) -> None:
    assert unquote(urllib.parse.quote(text, safe="").encode()).decode() == text


def test_clients_take_turns_and_keep_their_order() -> None:
    heard: list[tuple[str, Answer | Unavailable]] = []
    turns = Turns()
    made = [
        Turn(QUICK, client, 0.0, float(n), lambda said: heard.append(("", said))) for n, client in enumerate("aaabbc")
    ]
    for turn in made:
        turns.add(turn)
    first = [cast(Turn, turns.next(lambda client: client != "c")) for _ in range(2)]
    assert [turn.client for turn in first] == ["a", "b"] and len(turns) == 4
    turns.put_back(first[:1])
    assert [turn.deadline for turn in turns.firsts() if turn.client == "a"] == [0.0]
    assert [turn.deadline for turn in turns.expired(1.0)] == [0.0, 1.0] and len(turns) == 3
    taken = [turns.next(lambda client: True) for _ in range(4)]
    assert sorted(turn.client for turn in taken if turn) == ["a", "b", "c"] and taken[-1] is None
    assert not turns and "a" not in turns and heard == []


def test_a_worker_set_back_at_a_long_job_is_as_quick_as_others_afterwards() -> None:
    """What it has read for the one answer, it has for the next."""
    text = b"SELECT (COUNT(*) AS ?n) { SELECT ?a { ?a ?b ?c . ?d rdfs:label ?e } LIMIT 2000000 }"

    async def work(pool: Pool) -> tuple[Any, ...]:
        (worker,) = pool._crew.all
        first = worker._thread
        asking = asyncio.ensure_future(timed(pool, Job(HEADER, text)))
        during = 0
        while not asking.done():
            await asyncio.sleep(0.02)
            with suppress(ProcessLookupError):
                during = max(during, os.getpriority(os.PRIO_PROCESS, first))
        quick = await timed(pool, QUICK)
        after = os.getpriority(os.PRIO_PROCESS, worker._thread)
        return await asking, quick, during, after, worker in pool._crew.all and worker.alive, worker._thread != first

    usual = os.getpriority(os.PRIO_PROCESS, 0)
    asked, quick, during, after, stays, other = with_pool(work, ready=1, grace=0.1, timeout=60.0)
    assert asked[:2] == (200, "n\r\n2000000\r\n") and quick[0] == 200
    assert during > usual and after == usual
    assert stays and other
