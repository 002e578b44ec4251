"""A pytest plugin that lists skipped tests at the end of the run; if ``CI`` is set, a skipped test fails the run.

The only exception is a test of something outside the repository, skipped by ``skip_outside``.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import NoReturn

import pytest

OUTSIDE = "not in the repository: "


def skip_outside(what: str) -> NoReturn:
    """Skip a test that needs something that cannot be installed, such as the paper's text."""
    pytest.skip(OUTSIDE + what)


def count_skips(reporter: pytest.TerminalReporter) -> Counter[tuple[str, str]]:
    """Return how many tests were skipped, by reason and file."""
    found: Counter[tuple[str, str]] = Counter()
    for report in reporter.stats.get("skipped", ()):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        found[reason.removeprefix("Skipped: "), report.nodeid.partition("::")[0]] += 1
    return found


def forbidden(skips: Counter[tuple[str, str]]) -> int:
    """Return the number of skips that count as failures."""
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return sum(count for (reason, _), count in skips.items() if in_ci and not reason.startswith(OUTSIDE))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if there is a forbidden skip."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and session.exitstatus == pytest.ExitCode.OK and forbidden(count_skips(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the table of skipped tests."""
    skips = count_skips(terminalreporter)
    if not skips:
        return
    terminalreporter.section(f"{sum(skips.values())} skipped")
    for (reason, file), count in sorted(skips.items()):
        terminalreporter.line(f"{count:>4}  {reason}  ({file})")
    if failures := forbidden(skips):
        terminalreporter.line(f"CI is set, where a skipped test is a failure: {failures}", red=True)
