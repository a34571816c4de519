"""The library (interfaces §6): read a case, assess a year, list matches, questions and holdings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from salyq.assessing.result import Assessment
from salyq.assessing.standing import open_in
from salyq.assessing.year import assess, matches, matches_of, row_counts, years_of
from salyq.civil.days import kz_day
from salyq.dialogue.questions import ask
from salyq.dialogue.quotes import Wanted, wanted
from salyq.facts.case import Case, read_case
from salyq.law import shipped
from salyq.reconcile.holdings import Holding
from salyq.reconcile.holdings import holdings as held_on
from salyq.reconcile.model import Question, Way
from salyq.records.keys import record_keys
from salyq.records.model import Record
from salyq.records.neutral import write_records

__all__ = [
    "Assessment",
    "Case",
    "Holding",
    "Question",
    "Record",
    "Way",
    "assess",
    "holdings",
    "last_year",
    "matches",
    "matches_of",
    "missing_quotes",
    "questions",
    "read_case",
    "record_keys",
    "row_counts",
    "shipped",
    "write_records",
]


def questions(case: Case, assessed: Iterable[Assessment] = (), *, year: int | None = None) -> list[Question]:
    """What needs a person's answer, with the money at stake where law can say it. `assessed`: years of the case that
    were assessed already, which are not worked out again. `year`: only what is open for this year; what came in
    earlier counts, for it may be sold now."""
    asked = ask(case, years_of(case, assessed), year)
    return asked if year is None else open_in(case, year, asked)


def last_year(case: Case) -> int | None:
    """The last year of the law that the case's records, readings or expenses tell of; None where they tell of none."""
    law = shipped().reading
    ledger = case.ledger
    years = ledger.records.years() | {x.day.year for x in ledger.expenses}
    years |= {kz_day(e.start).year for e in ledger.energy}
    return max((y for y in years if law["first_year"] <= y <= law["last_year"]), default=None)


def missing_quotes(case: Case) -> list[Wanted]:
    """Every quote and rate that some figure of the case's years needs and that is not there."""
    return wanted(years_of(case))


def holdings(case: Case, on: date) -> list[Holding]:
    """What is held where at the end of a day in Kazakhstan."""
    return held_on(case.ledger, on)
