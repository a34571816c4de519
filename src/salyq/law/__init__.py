"""The law of Kazakhstan on digital assets: dated, cited values, small rules, worked examples; nothing else."""

from __future__ import annotations

from functools import cache

from salyq.law.facts import KINDS
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


@cache
def shipped() -> Law:
    """The law that this version of Salyq ships, read once."""
    return load_law(__name__, SUBJECTS, KINDS)
