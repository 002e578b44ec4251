"""The result cache: keyed by data version and job, bounded in bytes, never holding errors."""

from __future__ import annotations

import pytest

from peru_asia_graph.web.result_cache import JobResult, ResultCache


def result(version: str = "one", body: bytes = b"x", status: int = 200) -> JobResult:
    """Return a result."""
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
