"""The version of Salyq, also where it runs from its source without being installed."""

from __future__ import annotations

from functools import cache

from salyq.civil.installed import version_of


@cache
def version() -> str:
    """As the package says; "0+source" where it is not installed."""
    found = version_of("salyq")
    if found is not None:
        return found
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("salyq")
    except PackageNotFoundError:
        return "0+source"
