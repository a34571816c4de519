"""Salyq: Kazakhstan's digital-asset taxes as running law.

>>> import salyq
>>> case = salyq.read_case("examples/aliya")
>>> result = salyq.assess(case, year=2026)
>>> print(result.explain("personal_income_tax.tax_due"))

What can go wrong is `InputError` (a file or a fact that cannot be used) or `UsageError` (a year without law, an unknown
name); both are `SalyqError` and say in one line, in kk, ru and en, what would be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salyq.app.api import (
        Assessment,
        Case,
        assess,
        holdings,
        matches,
        missing_quotes,
        questions,
        read_case,
    )
    from salyq.app.read_back import read_result
    from salyq.civil.errors import InputError, SalyqError, UsageError

__all__ = [
    "Assessment",
    "Case",
    "InputError",
    "SalyqError",
    "UsageError",
    "__version__",
    "assess",
    "holdings",
    "matches",
    "missing_quotes",
    "questions",
    "read_case",
    "read_result",
]
_ERRORS = ("InputError", "SalyqError", "UsageError")


def __getattr__(name: str) -> Any:
    """Loads the engine on first use, so that `import salyq` costs nothing."""
    if name == "__version__":
        from salyq.version import version

        return version()
    if name in _ERRORS:
        from salyq.civil import errors

        return getattr(errors, name)
    if name == "read_result":
        from salyq.app.read_back import read_result

        return read_result
    if name in __all__:
        from salyq.app import api

        return getattr(api, name)
    raise AttributeError(f"module 'salyq' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
