"""Salyq: Kazakhstan's digital-asset taxes as running law.

>>> import salyq
>>> case = salyq.read_case("examples/aliya")
>>> result = salyq.assess(case, year=2026)
>>> print(result.explain("personal_income_tax.tax_due"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salyq.assess.api import Assessment, Case, assess, holdings, matches, questions, read_case

__all__ = ["Assessment", "Case", "assess", "holdings", "matches", "questions", "read_case"]


def __getattr__(name: str) -> Any:
    """Loads the engine on first use, so that `import salyq` costs nothing."""
    if name in __all__:
        from salyq.assess import api

        return getattr(api, name)
    raise AttributeError(f"module 'salyq' has no attribute {name!r}")
