"""The last word of a run: how many tests did not run for want of a browser."""

from __future__ import annotations

import sys

import pytest

NO_BROWSER = "no browser"
_missed: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and NO_BROWSER in str(report.longrepr):
        _missed.append(report.nodeid)


def pytest_unconfigure(config: pytest.Config) -> None:
    """After pytest's own summary, so that nobody takes a green line for the whole."""
    if _missed and not hasattr(config, "workerinput"):
        sys.stdout.write(
            f"\nBROWSER TESTS NOT RUN ({len(_missed)} tests): no Chromium was found; see docs/developer.md, "
            "or set SALYQ_REQUIRE_BROWSER=1 to make this a failure\n"
        )
        sys.stdout.flush()
