"""The law of Kazakhstan on digital assets: dated, cited values, small rules, worked examples; nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from salyq.law.facts import KINDS
from salyq.law.regimes import CORPORATE, PERSONAL, TAX_SUBJECTS
from salyq.rulebook.law import Law
from salyq.rulebook.load import load_law

if TYPE_CHECKING:
    from salyq.rulebook.asking import Answer, Asked, Door

SUBJECTS = (
    "base",
    "valuation",
    "personal_income_tax",
    "corporate_income_tax",
    "value_added_tax",
    "mining_fee",
    "late_interest",
    "small_business",
    "declarations",
)

# What is asked for from outside the graph: how lots are walked, and whom a tax concerns.
ROOTS = (
    *dict.fromkeys((*PERSONAL.rules(), *CORPORATE.rules())),
    *(f"{subject}.{name}" for subject in TAX_SUBJECTS for name in ("applies", "not_covered")),
    "value_added_tax.not_applicable",
    "value_added_tax.note",
)


@cache
def shipped() -> Law:
    """The law that this version of Salyq ships, read once."""
    return load_law(__name__, SUBJECTS, KINDS, ROOTS)


# ---- asking without files ------------------------------------------------------------------------------------------
@cache
def door(known: date | None = None, acts: bool = False) -> Door:
    """The shipped law as known on a day (default: the newest), ready to be asked; `acts`: what `salyq ask` asks of."""
    from salyq.rulebook.asking import Door

    if acts:
        from salyq.law.asked.asking import whole_law

        return Door(whole_law(), known)
    return Door(shipped(), known)


def ask(
    name: str,
    facts: Mapping[str, Any],
    on: date,
    known: date | None = None,
    choices: Mapping[str, str] | None = None,
) -> Answer:
    """What law says under `name` on a day, from facts alone: `ask("travel_rule.refuse", {"amount_kzt": "500000"}, on)`.

    `facts` are texts or typed values, rows are lists of mappings; `choices` are elections taken. KeyError for a name
    that law has not; FactError (rulebook.asking), with what would be right, for a fact that it does not know or cannot
    read. A fact that is not given is named in `missing`, never assumed.
    """
    return door(known, name not in shipped().rules).ask(name, facts, on, choices)


def about(
    kind: str,
    facts: Mapping[str, Any],
    on: date,
    known: date | None = None,
    choices: Mapping[str, str] | None = None,
) -> Asked:
    """The facts of one event, to be asked any number of names."""
    return door(known, kind not in shipped().kinds).about(kind, facts, on, choices)
