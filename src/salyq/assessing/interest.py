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
from salyq.facts.wording import label
from salyq.facts.world import World
from salyq.law.late_interest.facts import Overdue
from salyq.law.regimes import BASE_RATE
from salyq.records.model import UNIT, Payment
from salyq.rulebook.evaluate import RowSet, Scope
from salyq.rulebook.states import Missing, missing

ONE_DAY = timedelta(days=1)
PERCENT = 100


def add_overdue(world: World, figures: list[Figure], as_of: date | None = None) -> list[Finding]:
    """Gives the year its rows of arrears, from payments and what was due; says what payments do not tell. What is still
    unpaid bears interest to the end of the day `as_of`, where one is given."""
    paid: dict[tuple[str, str], list[Payment]] = defaultdict(list)
    for payment in world.case.ledger.payments:
        paid[_tax(payment.name), payment.period.strip()].append(payment)
    findings: list[Finding] = []
    rows: list[Scope] = []
    unknown: set[Missing] = set()
    duties = obligations(world, figures)
    findings += _for_nothing(world, paid, {(_tax(d.name), d.period) for d in duties if d.payment})
    for duty in duties:
        own = _share(duty, paid.get((_tax(duty.name), duty.period), []), duties)
        if not duty.payment or not (own or _overdue(duty, as_of)):
            continue
        said: dict[str, object] = {"name": label(world.graph.law, duty.name), "period": duty.period}
        if duty.amount is None or duty.due is None:
            findings.append(_finding("interest_amount_unknown", said, own))
            unknown.add(missing("interest_amount_unknown", name=duty.name, period=duty.period))
            continue
        rows += _rows(world, duty, own, as_of)
        open_amount = _due(duty) - sum(_tiyn(p) for p in own)
        if open_amount > 0:
            said["amount"] = format_tiyn(open_amount)
            code = "payment_still_open" if as_of is None else "unpaid_to_a_day"
            findings.append(_finding(code, said | ({} if as_of is None else {"day": as_of.isoformat()}), own))
    incomplete = world.rows.get("overdue", RowSet(())).incomplete
    world.rows["overdue"] = RowSet(rows, incomplete | unknown, adds=True)
    return findings


def _share(duty: Obligation, paid: list[Payment], duties: list[Obligation]) -> list[Payment]:
    """Of the payments of a tax and period those that pay this duty. A sole proprietor has two, of the business and of
    the rest: the one that falls due first (`duties` are in that order) is paid first."""
    alike = [d for d in duties if (d.name, d.period) == (duty.name, duty.period)]
    if len(alike) == 1 or any(d.amount is None for d in alike):
        return paid
    place = next(n for n, d in enumerate(alike) if d is duty)
    first = sum(_due(d) for d in alike[:place])
    last = first + _due(duty) if place + 1 < len(alike) else None
    found, total = [], 0
    for payment in sorted(paid, key=lambda p: (p.day, p.source)):
        start, total = total, total + _tiyn(payment)
        own = (total if last is None else min(total, last)) - max(start, first)
        if own > 0:
            found.append(payment._replace(amount=own * (UNIT // 100)))
    return found


def _overdue(duty: Obligation, as_of: date | None) -> bool:
    """Whether a duty of which nothing was paid bears interest by then."""
    return as_of is not None and duty.due is not None and duty.due < as_of and duty.amount != 0


def _rows(world: World, duty: Obligation, paid: list[Payment], as_of: date | None) -> Iterator[Scope]:
    """The arrears of a duty, in stretches with one base rate. What an additional return brought to light is arrears of
    its own, that its own payments end."""
    later = [p for p in paid if p.additional]
    extra = min(sum(_tiyn(p) for p in later), _due(duty))
    for amount, own, additional in (
        (_due(duty) - extra, [p for p in paid if not p.additional], False),
        (extra, later, True),
    ):
        for start, end, arrears, place in _arrears(duty, amount, own, as_of):
            for day, days in _spans(world, start, end):
                row = Overdue.given(
                    day=day,
                    arrears=arrears,
                    due=duty.due,
                    until=day + (days - 1) * ONE_DAY,
                    days=days,
                    tax=_tax(duty.name),
                    stated_rate=_stated_rate(world, day),
                    additional=additional,
                )
                yield Scope("overdue", row, world.year, place=place)


def _for_nothing(
    world: World, paid: dict[tuple[str, str], list[Payment]], owed: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Payments of the year for a tax that is not owed for that period: a slip of the pen, or money to ask back."""
    for (tax, period), own in sorted(paid.items()):
        if period.startswith(str(world.year_number)) and (tax, period) not in owed:
            yield _finding("payment_for_nothing_owed", {"name": tax, "period": period}, own)


def _arrears(
    duty: Obligation, amount: int, paid: list[Payment], as_of: date | None
) -> Iterator[tuple[date, date, int, str]]:
    """(first day, last day, amount in arrears, the payment that ended it or the duty) of an amount of a duty."""
    assert duty.due is not None
    left = amount
    start = duty.due + ONE_DAY
    for payment in sorted(paid, key=lambda p: (p.day, p.source)):
        if left <= 0:
            break
        if payment.day >= start:
            yield start, payment.day, left, str(payment.source)
            start = payment.day + ONE_DAY
        left -= _tiyn(payment)
    if left > 0 and as_of is not None and as_of >= start:
        yield start, as_of, left, f"{_tax(duty.name)} {duty.period}"


def _spans(world: World, start: date, end: date) -> Iterator[tuple[date, int]]:
    """Stretches of days with one base rate: (first day, number of days)."""
    changes = {*world.graph.law.changes, *(r.day for r in world.case.reading.base_rates)}
    edges = [start, *sorted(c for c in changes if start < c <= end), end + ONE_DAY]
    for first, after in pairwise(edges):
        yield first, (after - first).days


def _stated_rate(world: World, day: date) -> Fraction | None:
    """The base rate that the person gave, where it is of a later day than the one that law knows."""
    given = max((r for r in world.case.reading.base_rates if r.day <= day), key=lambda r: r.day, default=None)
    known = world.graph.value_at(BASE_RATE, day)
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
