"""The law as one book: the tax subjects and the subjects of acts together, and the statistics beside them."""

from __future__ import annotations

from functools import cache

from salyq.law import shipped
from salyq.law.asked.checking import whole_law
from salyq.law.statistics import Statistic, statistics
from salyq.rulebook.law import Law

__all__ = ["Statistic", "statistics", "whole"]


@cache
def whole() -> Law:
    """Everything that this version ships, for reading: lists, provisions, coverage. Assessments and askings each use
    their own half."""
    tax, acts = shipped(), whole_law()
    return Law(
        {**tax.series, **acts.series},
        {**tax.rules, **acts.rules},
        {**tax.acts, **acts.acts},
        {**acts.labels, **tax.labels},
        {**tax.kinds, **acts.kinds},
        {**acts.cases, **tax.cases},
        tax.reading,
        (*tax.roots, *acts.roots),
        {**acts.provisions, **tax.provisions},
        tax.root,
    )
