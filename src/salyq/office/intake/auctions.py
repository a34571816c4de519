"""Power that miners bought at the centralised trades, as whoever holds them tells it, and the mining fee beside it.

Columns: miner,period,kwh (a proposed form: no act that names one was found). A miner's return of the fee (880.00)
is then compared: power bought at the trades is bought from a supplier, so at least so much stands in its sheets 880.01.
More may (import, other suppliers), and own plants are another sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from salyq.app.lawbook import whole
from salyq.civil.days import kz_day, period_days
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled, parse_scaled
from salyq.law.named import LEVY_RATES
from salyq.office.intake.miner_months import read_months
from salyq.office.intake.model import Filing, Received
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.intake", "auctions")
COLUMNS = ("miner", "period", "kwh")
KWH = "bought_kwh"  # in the summary of a return
TRADES = "law-588-ii:19-1.3.2"
_BOUGHT = re.compile(r"880\.01(\[[0-9]+\])?\.(011\.E|012\.D)")  # metered, and reckoned without a meter


def read(path: Path, _kind: str) -> Received:
    """Every row, or every fault with its row."""
    received = read_months(path, COLUMNS, ("kwh",), once=True)
    received.rows = [{**row, "kwh": format_scaled(parse_scaled(row["kwh"]))} for row in received.rows]
    return received


def keep(tx: Transaction, made: Filing, received: Received) -> None:
    """The rows of an accepted table; of what it corrects and leaves out, nought."""
    rows = {(r["miner"], date.fromisoformat(r["period"] + "-01")): Decimal(r["kwh"]) for r in received.rows}
    if made.corrects is not None:
        for miner, month in tx.values(SQL["left_out"], {"corrects": made.corrects}):
            rows.setdefault((miner, month), Decimal(0))
    base = {"filer": made.organisation, "filing": made.id, "number": made.number, "entry": made.entry}
    tx.run_many(SQL["add"], [{**base, "miner": m, "month": month, "kwh": kwh} for (m, month), kwh in rows.items()])


def bought_kwh(rows: Sequence[Mapping[str, Any]]) -> str:
    """The power bought from a supplier that a return has in its sheets, in kWh."""
    cells = (Decimal(text) for row in rows for code, text in row.items() if _BOUGHT.fullmatch(code))
    return _plain(sum(cells, Decimal(0)))


def compare_fee(tx: Transaction, organisation: str, received: Received) -> list[dict[str, Any]]:
    """Where the return has less power bought than the trades say, whoever told it is named."""
    return _short(tx, organisation, received.period or "", Decimal(bought_kwh(received.rows)))


def compare_later(tx: Transaction, made: Filing) -> list[dict[str, Any]]:
    """The same of a return that stands, with what the trades told since: whichever is handed in first."""
    declared = made.summary.get(KWH)
    if declared is None or made.corrected_by is not None:
        return []
    return _short(tx, made.organisation, made.period or "", Decimal(declared))


def _short(tx: Transaction, organisation: str, period: str, declared: Decimal) -> list[dict[str, Any]]:
    try:
        first, last = period_days(period)
    except ValueError:
        return []
    found = []
    for filer, kwh, numbers in tx.values(SQL["bought"], {"miner": organisation, "first": first, "last": last}):
        if kwh > declared:
            said = {"period": period, "bought": _plain(kwh), "declared": _plain(declared)}
            params = {**said, "missing": _plain(kwh - declared), "filer": filer, "numbers": ", ".join(numbers)}
            words = Message("intake_energy_not_declared", params).told()
            cites = [TRADES, *_rate_cites(last, kz_day(tx.now))]
            about = {"code": "intake_energy_not_declared", "line": None, "miner": organisation}
            found.append({**about, "words": words, "cites": cites})
    return found


def _rate_cites(day: date, known: date) -> list[str]:
    """Where the rate of bought power stands on the day."""
    versions = [whole().value_at(name, day, known) for name in LEVY_RATES]
    return [v.cite for v in versions if v is not None][:1]


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
