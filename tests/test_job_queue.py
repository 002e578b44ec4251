"""The order in which waiting jobs start."""

from __future__ import annotations

import asyncio

from peru_asia_graph.web.job_queue import JobQueue
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.worker_process import PendingJob


def queue_of(clients: str) -> JobQueue:
    """Return a queue with a waiting job for each letter, submitted a millisecond apart."""
    queue, loop = JobQueue(Limits(workers=2, max_workers=4)), asyncio.new_event_loop()
    for number, client in enumerate(clients):
        queue.add(PendingJob(b"", client, number / 1000, 30 + number, False, loop.create_future()))
    loop.close()
    return queue


def take_all(queue: JobQueue, idle: int) -> str:
    """Return the clients whose jobs start on a number of idle workers, in order."""
    taken = [queue.take(number) for number in range(idle, 0, -1)]
    return "".join("-" if job is None else job.client for job in taken)


def test_first_in_first_out() -> None:
    assert take_all(queue_of("abcd"), 4) == "abcd"


def test_client_with_fewer_running_and_waiting_jobs_goes_first() -> None:
    assert take_all(queue_of("aaab"), 3) == "ba-"


def test_one_client_leaves_two_workers_to_others() -> None:
    queue = queue_of("aaaaaa")
    assert take_all(queue, 4) == "aa--" and len(queue) == 4


def test_last_idle_worker_is_for_a_client_with_few_jobs_and_none_running() -> None:
    queue = queue_of("a" * 7 + "b" * 6)
    assert take_all(queue, 1) == "b"
    assert take_all(queue, 1) == "-"


def test_last_idle_worker_is_not_for_a_client_with_a_long_query_lately() -> None:
    queue = queue_of("ab")
    queue.note_heavy("a", 5.0)
    assert take_all(queue, 1) == "b" and take_all(queue, 1) == "-"
    queue.forget_heavy(16.0)
    assert take_all(queue, 1) == "a"


def test_expired_jobs_are_removed() -> None:
    queue = queue_of("aba")
    assert [job.client for job in queue.pop_expired(31.0)] == ["a", "b"] and len(queue) == 1
