"""Interest on what was paid late: arrears by day, from the day after the due date to the day of payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from salyq.assessing.duties import obligations
from salyq.assessing.result import Figure, Finding, Obligation
from salyq.civil.messages import Message
from salyq.civil.numbers import format_tiyn
from salyq.facts.given import OverdueRow
from salyq.facts.wording import label
from salyq.facts.world import World
from salyq.records.model import UNIT, Payment
from salyq.rulebook.evaluate import RowSet, Scope
from salyq.rulebook.states import Missing, missing

ONE_DAY = timedelta(days=1)
PERCENT = 100


def add_overdue(world: World, figures: list[Figure]) -> list[Finding]:
    """Gives the year its rows of arrears, from payments and what was due; says what payments do not tell."""
    paid: dict[tuple[str, str], list[Payment]] = defaultdict(list)
    for payment in world.case.ledger.payments:
        paid[_tax(payment.name), payment.period.strip()].append(payment)
    findings: list[Finding] = []
    rows: list[Scope] = []
    unknown: set[Missing] = set()
    duties = obligations(world, figures)
    findings += _for_nothing(world, paid, {(_tax(d.name), d.period) for d in duties if d.name.endswith(".payment")})
    for duty in duties:
        own = paid.get((_tax(duty.name), duty.period))
        if not duty.name.endswith(".payment") or not own:
            continue
        said: dict[str, object] = {"name": label(world.graph.law, duty.name), "period": duty.period}
        if duty.amount is None or duty.due is None:
            findings.append(_finding("interest_amount_unknown", said, own))
            unknown.add(missing("interest_amount_unknown", name=duty.name, period=duty.period))
            continue
        for start, end, arrears, payment in _arrears(duty, own):
            for day, days in _spans(world, start, end):
                row = OverdueRow(day, arrears, days, duty.name, _stated_rate(world, day))
                rows.append(Scope("overdue", row, world.year, place=str(payment.source)))
        open_amount = _due(duty) - sum(_tiyn(p) for p in own)
        if open_amount > 0:
            findings.append(_finding("payment_still_open", said | {"amount": format_tiyn(open_amount)}, own))
    incomplete = world.rows.get("overdue", RowSet(())).incomplete
    world.rows["overdue"] = RowSet(rows, incomplete | unknown, adds=True)
    return findings


def _for_nothing(
    world: World, paid: dict[tuple[str, str], list[Payment]], owed: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Payments of the year for a tax that is not owed for that period: a slip of the pen, or money to ask back."""
    for (tax, period), own in sorted(paid.items()):
        if period.startswith(str(world.year_number)) and (tax, period) not in owed:
            yield _finding("payment_for_nothing_owed", {"name": tax, "period": period}, own)


def _arrears(duty: Obligation, paid: list[Payment]) -> Iterator[tuple[date, date, int, Payment]]:
    """(first day, last day, amount in arrears, the payment that ended it)."""
    assert duty.due is not None
    left = _due(duty)
    start = duty.due + ONE_DAY
    for payment in sorted(paid, key=lambda p: (p.day, p.source)):
        if left <= 0:
            break
        if payment.day >= start:
            yield start, payment.day, left, payment
            start = payment.day + ONE_DAY
        left -= _tiyn(payment)


def _spans(world: World, start: date, end: date) -> Iterator[tuple[date, int]]:
    """Stretches of days with one base rate: (first day, number of days)."""
    changes = {*world.graph.law.changes, *(r.day for r in world.case.reading.base_rates)}
    edges = [start, *sorted(c for c in changes if start < c <= end), end + ONE_DAY]
    for first, after in pairwise(edges):
        yield first, (after - first).days


def _stated_rate(world: World, day: date) -> Fraction | None:
    """The base rate that the person gave, where it is of a later day than the one that law knows."""
    given = max((r for r in world.case.reading.base_rates if r.day <= day), key=lambda r: r.day, default=None)
    known = world.graph.value_at("late_interest.base_rate", day)
    if given is None or (known is not None and known.data is not None and known.start > given.day):
        return None
    return Fraction(given.rate, UNIT * PERCENT)


def _due(duty: Obligation) -> int:
    assert duty.amount is not None
    return int(duty.amount.scaleb(2))


def _tiyn(payment: Payment) -> int:
    return payment.amount * 100 // UNIT


def _tax(name: str) -> str:
    return name.strip().partition(".")[0]


def _finding(code: str, params: dict[str, object], paid: list[Payment]) -> Finding:
    return Finding(code, "notice", Message(code, params), (), tuple(str(p.source) for p in paid))
