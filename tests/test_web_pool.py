"""The worker pool: deadlines, limits, crashed workers, fairness between clients, and the cache."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store.load import load_files
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.pool import WorkerPool
from peru_asia_graph.web.result_cache import JobResult, ResultCache
from peru_asia_graph.web.worker_process import Unavailable


def job(text: str) -> bytes:
    fields = {"job": "query", "text": text, "default": None, "named": None, "rows": "csv", "graph": None}
    return json.dumps(fields).encode()


QUICK = job("SELECT ?l { id:block-8 rdfs:label ?l }")
BLOCK_8 = (200, "l\r\nBlock 8\r\n")
# Takes longer than any ``long_query`` here.
LONG = job("SELECT (COUNT(*) AS ?n) { SELECT ?a { ?a ?b ?c . ?d rdfs:label ?e } LIMIT 10000000 }")
# Takes far longer than any timeout here.
ENDLESS = job("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


def with_pool(work: Callable[[WorkerPool], Awaitable[Any]], where: str | None = None, **limits: Any) -> Any:
    """Return the result of work on a pool, in a separate thread: other tests may have an event loop in this one."""

    async def run() -> Any:
        pool = WorkerPool(where, Limits(**limits))
        await pool.open()
        try:
            return await work(pool)
        finally:
            await pool.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: uvloop.run(run())).result()


async def run_job(pool: WorkerPool, data: bytes, client: str = "a", is_cacheable: bool = False) -> tuple[int, str]:
    """Return the status and body of a job's result, or 503 and the reason if there is none."""
    try:
        result = await pool.submit(data, client, is_cacheable).result
    except Unavailable as error:
        return 503, str(error)
    return result.header["status"], result.body.decode()


def start_jobs(pool: WorkerPool, data: bytes, client: str, count: int = 1) -> list[asyncio.Task[tuple[int, str]]]:
    """Return a number of tasks that run a job."""
    return [asyncio.create_task(run_job(pool, data, client)) for _ in range(count)]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.01)


def workers() -> list[int]:
    """Return the worker processes started by this process."""
    found = []
    for file in Path("/proc/self/task").glob("*/children"):
        for child in file.read_text().split():
            with suppress(OSError):
                if b"peru_asia_graph.web.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


async def kill_workers(pool: WorkerPool) -> None:
    """Kill the workers and wait until the pool has noticed."""
    for child in workers():
        os.kill(child, signal.SIGKILL)
    await until(lambda: pool.counts["workers"] == 0)


@pytest.mark.slow
def test_query_is_stopped_at_its_deadline_and_the_worker_replaced() -> None:
    async def work(pool: WorkerPool) -> Any:
        (first,) = workers()
        stopped = await run_job(pool, ENDLESS)
        await until(lambda: first not in workers() and pool.counts["workers"] == 1)
        return stopped, await run_job(pool, QUICK)

    stopped, quick = with_pool(work, workers=1, timeout=1.5)
    assert stopped == (503, "the query was stopped after 1.5 s; narrow it or add LIMIT")
    assert quick == BLOCK_8


@pytest.mark.slow
def test_quick_queries_run_beside_a_slow_one() -> None:
    async def work(pool: WorkerPool) -> Any:
        (slow,) = start_jobs(pool, ENDLESS, "a")
        quick = await asyncio.gather(*start_jobs(pool, QUICK, "a", 8))
        still_runs = not slow.done()
        slow.cancel()
        return quick, still_runs, pool.counts["workers"]

    quick, still_runs, count = with_pool(work, workers=1, timeout=300.0)
    assert set(quick) == {BLOCK_8} and still_runs and count == 2


@pytest.mark.slow
def test_crash_fails_one_query_and_the_pool_recovers() -> None:
    async def work(pool: WorkerPool) -> Any:
        slow = start_jobs(pool, ENDLESS, "a")
        await until(lambda: pool.counts["busy"] == 1)
        quick = start_jobs(pool, QUICK, "a", 8)
        for child in workers():
            os.kill(child, signal.SIGKILL)
        return await asyncio.gather(*slow, *quick)

    slow, *quick = with_pool(work, workers=1, timeout=300.0)
    assert slow[0] == 503 and "(SIGKILL)" in slow[1] and set(quick) == {BLOCK_8}


@pytest.mark.slow
def test_dead_idle_workers_are_replaced() -> None:
    async def work(pool: WorkerPool) -> Any:
        await kill_workers(pool)
        return await run_job(pool, QUICK)

    assert with_pool(work, workers=2, timeout=300.0) == BLOCK_8


@pytest.mark.slow
def test_only_the_query_over_its_memory_limit_fails() -> None:
    big = job("SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")

    async def work(pool: WorkerPool) -> Any:
        return await run_job(pool, big), await run_job(pool, QUICK)

    failed, quick = with_pool(work, workers=1, timeout=300.0, memory_bytes=50_000_000)
    assert failed[0] == 503 and "exceeded its memory limit" in failed[1] and quick == BLOCK_8


@pytest.mark.slow
def test_cancelled_job_frees_its_worker() -> None:
    async def work(pool: WorkerPool) -> Any:
        running, waiting = pool.submit(ENDLESS, "a"), pool.submit(ENDLESS, "a")
        await asyncio.sleep(0.1)
        pool.cancel(waiting)
        pool.cancel(running)
        counts = pool.counts
        return counts, running.result.cancelled(), waiting.result.cancelled(), await run_job(pool, QUICK, "b")

    counts, *cancelled, quick = with_pool(work, workers=1, max_workers=1, timeout=300.0)
    assert counts["busy"] == counts["waiting"] == 0 and cancelled == [True, True] and quick == BLOCK_8


@pytest.mark.slow
def test_slow_jobs_are_reported_once() -> None:
    async def work(pool: WorkerPool) -> Any:
        slow: list[str] = []
        quick = pool.submit(QUICK, "a", on_slow=lambda _: slow.append("quick"))
        await quick.result
        endless = pool.submit(ENDLESS, "a", on_slow=lambda _: slow.append("endless"))
        with suppress(Unavailable):
            await endless.result
        return slow.count("endless"), slow.count("quick")

    assert with_pool(work, workers=1, timeout=2.0) in [(1, 0), (1, 1)]


@pytest.mark.slow
def test_one_client_leaves_two_workers_to_others() -> None:
    async def work(pool: WorkerPool) -> Any:
        many = start_jobs(pool, ENDLESS, "a", 12)
        await until(lambda: pool.counts["workers"] == 4)
        await asyncio.sleep(0.1)
        counts, other = pool.counts, await run_job(pool, QUICK, "b")
        for one in many:
            one.cancel()
        return counts, other

    counts, other = with_pool(work, workers=2, max_workers=4, timeout=300.0, max_wait=60.0)
    assert (counts["workers"], counts["busy"], counts["waiting"]) == (4, 2, 10) and other == BLOCK_8


@pytest.mark.slow
def test_client_with_fewer_running_jobs_goes_first() -> None:
    done: list[str] = []
    # Takes a few tenths of a second.
    text = "SELECT (COUNT(*) AS ?n) { SELECT ?a { ?a ?b ?c . ?d rdfs:label ?e } LIMIT 300000 }"

    async def note(pool: WorkerPool, client: str) -> None:
        await run_job(pool, job(text), client)
        done.append(client)

    async def work(pool: WorkerPool) -> Any:
        await asyncio.gather(*(note(pool, client) for client in "aaaaaab"))

    with_pool(work, workers=2, max_workers=4, timeout=300.0)
    assert len(done) == 7 and done.index("b") <= 3


@pytest.mark.slow
def test_client_with_heavy_queries_leaves_the_last_idle_worker() -> None:
    async def work(pool: WorkerPool) -> Any:
        pool.cancel(pool.submit(ENDLESS, "a"))
        await until(lambda: pool.counts["workers"] == 2)
        heavy = [pool.submit(QUICK, "a") for _ in range(2)]
        busy = pool.counts["busy"]
        other = pool.submit(QUICK, "b")
        return busy, pool.counts["waiting"], [(await one.result).body for one in (*heavy, other)]

    busy, waiting, bodies = with_pool(work, workers=2, timeout=300.0)
    assert (busy, waiting) == (1, 1) and bodies == [b"l\r\nBlock 8\r\n"] * 3


@pytest.mark.slow
def test_burst_of_queries_leaves_the_last_idle_worker() -> None:
    async def work(pool: WorkerPool) -> Any:
        many = start_jobs(pool, ENDLESS, "a", 5)
        await asyncio.sleep(0)
        counts, other = pool.counts, await run_job(pool, QUICK, "b")
        for one in many:
            one.cancel()
        return counts["busy"], other

    assert with_pool(work, workers=2, max_workers=4, timeout=300.0, max_wait=60.0) == (1, BLOCK_8)


@pytest.mark.slow
def test_waiting_client_stops_the_longest_query_of_the_busiest_client() -> None:
    async def work(pool: WorkerPool) -> Any:
        many = [one for client in "aabd" for one in start_jobs(pool, ENDLESS, client, 1)]
        await until(lambda: pool.counts["busy"] == 4)
        other = await run_job(pool, QUICK, "c")
        stopped = [one.result() for one in many if one.done()]
        for one in many:
            one.cancel()
        return other, stopped

    other, stopped = with_pool(work, workers=4, max_workers=4, timeout=300.0, long_query=0.5, max_wait=0.2)
    assert other == BLOCK_8
    assert stopped and set(stopped) == {(503, "the query was stopped because others were waiting; try again later")}


@pytest.mark.slow
def test_client_with_heavy_queries_does_not_stop_the_only_query_of_another() -> None:
    async def work(pool: WorkerPool) -> Any:
        others = [one for client in "bcd" for one in start_jobs(pool, ENDLESS, client)]
        await asyncio.sleep(0)
        heavy, waiting = pool.submit(ENDLESS, "a"), pool.submit(QUICK, "a")
        await until(lambda: pool.counts["busy"] == 4)
        pool.cancel(heavy)
        await asyncio.sleep(1.5)
        stopped = sum(one.done() for one in others)
        for one in others:
            one.cancel()
        return stopped, (await waiting.result).body

    assert with_pool(work, workers=4, max_workers=4, timeout=300.0, long_query=0.5, max_wait=0.2) == (
        0,
        b"l\r\nBlock 8\r\n",
    )


@pytest.mark.slow
def test_long_query_gets_lower_priority_and_its_worker_is_replaced() -> None:
    async def work(pool: WorkerPool) -> Any:
        before = workers()
        long, other = pool.submit(LONG, "a"), pool.submit(ENDLESS, "b")
        await until(lambda: all(os.getpriority(os.PRIO_PROCESS, one) > usual for one in before))
        result = await long.result
        pool.cancel(other)
        await until(lambda: not {*before} & {*workers()})
        return result.body, await run_job(pool, QUICK), [os.getpriority(os.PRIO_PROCESS, one) for one in workers()]

    usual = os.getpriority(os.PRIO_PROCESS, 0)
    body, quick, priorities = with_pool(work, workers=2, long_query=0.1, timeout=300.0)
    assert body == b"n\r\n10000000\r\n" and quick == BLOCK_8 and set(priorities) == {usual}


@pytest.mark.slow
def test_long_query_keeps_its_priority_if_it_runs_alone() -> None:
    async def work(pool: WorkerPool) -> Any:
        (worker,) = workers()
        result = await run_job(pool, LONG)
        return result, workers()[0] == worker, os.getpriority(os.PRIO_PROCESS, worker)

    usual = os.getpriority(os.PRIO_PROCESS, 0)
    assert with_pool(work, workers=1, long_query=0.1, timeout=300.0) == ((200, "n\r\n10000000\r\n"), True, usual)


@pytest.mark.slow
def test_quick_query_on_a_busy_machine_does_not_count_as_long() -> None:
    async def work(pool: WorkerPool) -> Any:
        children = workers()
        for child in children:
            os.kill(child, signal.SIGSTOP)
        quick = [pool.submit(QUICK, client) for client in "ab"]
        await asyncio.sleep(0.5)
        priorities = {os.getpriority(os.PRIO_PROCESS, child) for child in children}
        for child in children:
            os.kill(child, signal.SIGCONT)
        return priorities, [(await one.result).body for one in quick]

    usual = os.getpriority(os.PRIO_PROCESS, 0)
    assert with_pool(work, workers=2, long_query=0.1, timeout=300.0) == ({usual}, [b"l\r\nBlock 8\r\n"] * 2)


@pytest.mark.slow
def test_results_are_cached_by_data_version(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    query, random = job("SELECT ?o { ?s ?p ?o }"), job("SELECT (RAND() AS ?o) {}")

    async def work(pool: WorkerPool) -> Any:
        old = await run_job(pool, query, is_cacheable=True)
        await run_job(pool, random, is_cacheable=False)
        await run_job(pool, job("SELECT {"), is_cacheable=True)
        cached = [pool.find_cached(one) for one in (query, random, job("SELECT {"))]
        version = pool.version
        file.write_text('<http://x/a> <http://x/b> "newer" .\n')
        await until(lambda: pool.version != version)
        return old, cached, pool.find_cached(query), await run_job(pool, query, is_cacheable=True)

    file.write_text('<http://x/a> <http://x/b> "old" .\n')
    old, (cached, *others), afterwards, new = with_pool(work, str(file), timeout=300.0)
    assert old == (200, "o\r\nold\r\n") and cached.body == b"o\r\nold\r\n" and others == [None, None]
    assert afterwards is None and new == (200, "o\r\nnewer\r\n")


@pytest.mark.slow
def test_partially_written_file_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, query = tmp_path / "data.nt", job("SELECT ?o { ?s ?p ?o }")
    versions: Iterator[str]

    def write(value: str, told: Iterator[str]) -> None:
        nonlocal versions
        file.write_text(f'<http://x/a> <http://x/b> "{value}" .\n')
        versions = told

    async def work(pool: WorkerPool) -> Any:
        write("partial", map(str, itertools.count()))
        await asyncio.sleep(0.5)
        # The first worker is replaced, by one that reads the copy.
        await kill_workers(pool)
        before = await run_job(pool, query)
        write("new", itertools.repeat("new"))
        await until(lambda: pool.version == "new")
        return before, await run_job(pool, query)

    write("old", itertools.repeat("old"))
    for module in ("store.snapshot", "web.served_store"):
        monkeypatch.setattr(f"peru_asia_graph.{module}.find_version", lambda _: next(versions))
    monkeypatch.setattr("peru_asia_graph.web.served_store._LOOK_SECONDS", 0.1)
    before, after = with_pool(work, str(file), workers=1, timeout=300.0)
    assert before == (200, "o\r\nold\r\n") and after == (200, "o\r\nnew\r\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_text("rubbish"),
        Path.unlink,
        lambda file: os.truncate(file, 9),
        lambda file: os.truncate(file, 0),
        lambda file: (file.unlink(), file.symlink_to(file)),
    ],
)
def test_old_data_is_served_while_the_file_is_damaged(
    damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, query = tmp_path / "data.nt", job("SELECT ?o { ?s ?p ?o }")

    async def work(pool: WorkerPool) -> Any:
        damage(file)
        await until(lambda: pool.store.problem != "")
        problem, before = pool.store.problem, await run_job(pool, query)
        await kill_workers(pool)
        after = await run_job(pool, query)
        file.unlink(missing_ok=True)
        file.write_text('<http://x/a> <http://x/b> "newer" .\n')
        await until(lambda: pool.store.problem == "")
        return problem, before, after, await run_job(pool, query)

    file.write_text('<http://x/a> <http://x/b> "old" .\n')
    problem, *values = with_pool(work, str(file), workers=2, timeout=300.0)
    assert values == [(200, f"o\r\n{value}\r\n") for value in ("old", "old", "newer")]
    logged = [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()]
    assert str(file) in problem and len(logged) == 2 and problem in logged[0] and logged[1] == "the store is open again"


@pytest.mark.slow
def test_removed_store_is_reported_at_once_and_found_again(tmp_path: Path) -> None:
    file, folder, query = tmp_path / "data.nt", tmp_path / "store", job("SELECT ?o { ?s ?p ?o }")

    async def work(pool: WorkerPool) -> Any:
        folder.rename(tmp_path / "away")
        await until(lambda: pool.store.problem != "")
        before = await run_job(pool, query)
        await kill_workers(pool)
        # With no workers left, and none that can start, nobody waits for the deadline.
        async with asyncio.timeout(60):
            gone = await run_job(pool, query)
        (tmp_path / "away").rename(folder)
        await until(lambda: pool.store.problem == "")
        return before, gone, await run_job(pool, query)

    file.write_text('<http://x/a> <http://x/b> "old" .\n')
    load_files([file], folder, lambda _: None)
    before, gone, after = with_pool(work, str(folder), workers=2, timeout=300.0)
    assert before == after == (200, "o\r\nold\r\n") and gone[0] == 503 and "there is no file or folder" in gone[1]


@pytest.mark.slow
def test_too_many_waiting_jobs_are_rejected_at_once() -> None:
    async def work(pool: WorkerPool) -> Any:
        many = start_jobs(pool, ENDLESS, "a", 4)
        await until(lambda: pool.counts["waiting"] == 3)
        refused = await run_job(pool, QUICK)
        return refused, await asyncio.gather(*many)

    refused, many = with_pool(work, workers=1, max_workers=1, max_waiting=3, timeout=1.0)
    assert refused == (503, "too many requests are waiting; try again later")
    assert {status for status, _ in many} == {503}
    assert {reason.partition(";")[0] for _, reason in many} == {"the query was stopped after 1 s", "the server is busy"}


@pytest.mark.slow
def test_large_results_are_rejected_while_clients_hold_too_many() -> None:
    long = job("SELECT * { ?s ?p ?o } LIMIT 5000")

    async def work(pool: WorkerPool) -> Any:
        pool.unsent = pool.limits.unsent_bytes
        held = await run_job(pool, long), await run_job(pool, QUICK)
        pool.unsent = 0
        return *held, await run_job(pool, long)

    refused, quick, served = with_pool(work, workers=1, timeout=300.0)
    assert refused[0] == 503 and "unread results" in refused[1] and quick == BLOCK_8 and served[0] == 200


def test_unopenable_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="there is no file or folder"):
        with_pool(lambda pool: run_job(pool, QUICK), str(tmp_path / "none.ttl"))


@pytest.mark.slow
def test_closing_leaves_no_processes() -> None:
    async def work(pool: WorkerPool) -> list[int]:
        running = start_jobs(pool, ENDLESS, "a", 3)
        await asyncio.sleep(0.3)
        for one in running:
            one.cancel()
        # Some workers are being killed, others are starting.
        return workers()

    assert with_pool(work, workers=2, timeout=300.0)
    deadline = time.monotonic() + 10
    while left := workers():
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def result(version: str = "one", body: bytes = b"x", status: int = 200) -> JobResult:
    return JobResult({"status": status}, body, version)


def test_result_is_found_by_version_and_job() -> None:
    cache = ResultCache(100_000)
    cache.put(b"job", result())
    assert cache.get("one", b"job") == result()
    assert cache.get("two", b"job") is None and cache.get("one", b"other") is None


@pytest.mark.parametrize(
    "one", [result(status=400), result(status=503), result(version=""), result(body=b"x" * 300_000)]
)
def test_errors_large_results_and_unversioned_data_are_not_cached(one: JobResult) -> None:
    cache = ResultCache(10_000_000)
    cache.put(b"job", one)
    assert cache.get(one.version, b"job") is None


def test_least_recently_used_entries_are_evicted() -> None:
    cache = ResultCache(3 * 11_000)
    for name in (b"a", b"b", b"c"):
        cache.put(name, result(body=b"x" * 9_900))
    cache.get("one", b"a")
    cache.put(b"d", result(body=b"x" * 9_900))
    assert [name for name in (b"a", b"b", b"c", b"d") if cache.get("one", name)] == [b"a", b"c", b"d"]


def test_replacing_an_entry_counts_its_size_once() -> None:
    cache = ResultCache(3 * 11_000)
    for name in (b"a", b"b", b"b", b"b", b"c"):
        cache.put(name, result(body=b"x" * 9_900))
    assert all(cache.get("one", name) for name in (b"a", b"b", b"c"))
