"""The law of Kazakhstan on digital assets: dated, cited values, small rules, worked examples; nothing else."""

from __future__ import annotations

from functools import cache

from salyq.law.facts import KINDS, TAX_SUBJECTS, WALKS
from salyq.rulebook.law import Law
from salyq.rulebook.load import load_law

SUBJECTS = (
    "base",
    "valuation",
    "personal_income_tax",
    "corporate_income_tax",
    "value_added_tax",
    "mining_fee",
    "late_interest",
    "declarations",
)

# What is asked for from outside the graph: how lots are walked, and whom a tax concerns.
ROOTS = (
    *dict.fromkeys(name for walk in WALKS.values() for name in walk if name is not None),
    *(f"{subject}.{name}" for subject in TAX_SUBJECTS for name in ("applies", "not_covered")),
    "value_added_tax.not_applicable",
    "value_added_tax.note",
)


@cache
def shipped() -> Law:
    """The law that this version of Salyq ships, read once."""
    return load_law(__name__, SUBJECTS, KINDS, ROOTS)
