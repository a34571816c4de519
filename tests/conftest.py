"""What holds for every test: which examples the property tests take, how garbage is collected, the last word of a run.

`make test` takes the same examples every time, so that a red run means that the change is at fault; `make hunt` takes
others each time, and many more hours of them when asked. What a hunt finds becomes a case of its own.
"""

from __future__ import annotations

import gc
import os
import sys

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("hunt", derandomize=False, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("SALYQ_EXAMPLES", "same"))

NO_BROWSER = "no browser"
_missed: list[str] = []


def pytest_collection_finish() -> None:
    """What was collected lives as long as the run. Left to itself, the collector of garbage looks at these millions of
    objects some sixty times in a thousand tests: two fifths of their time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


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
