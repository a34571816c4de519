"""What the person says is held on a day, against what the records give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.facts.case import Case
from salyq.reconcile.holdings import holdings
from salyq.records.person import Declared


def holding_differences(case: Case, year: int) -> list[Message]:
    """Every [[holding]] of a day in `year` that the records do not bear out."""
    by_day: dict[date, list[Declared]] = defaultdict(list)
    for d in case.person.holdings:
        if d.on.year == year:
            by_day[d.on].append(d)
    return [m for day, rows in sorted(by_day.items()) for m in _differences(case, day, rows)]


def _differences(case: Case, day: date, rows: Sequence[Declared]) -> list[Message]:
    held: dict[tuple[str | None, str], int] = defaultdict(int)
    for h in holdings(case.ledger, day):
        held[h.account, h.asset] += h.quantity
        held[None, h.asset] += h.quantity
    found: list[Message] = []
    for d in rows:
        computed = held[d.account, d.asset]
        if computed != d.quantity:
            params = {
                "place": f"{case.person.file}:{d.line}",
                "day": day.isoformat(),
                "account": d.account or "*",
                "asset": d.asset,
                "declared": format_scaled(d.quantity),
                "computed": format_scaled(computed),
            }
            found.append(Message("check_holding_differs", params))
    return found
