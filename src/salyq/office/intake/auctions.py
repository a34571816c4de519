"""Power that miners bought at the centralised trades, as whoever holds them tells it, and the mining fee beside it.

Columns: miner,period,kwh (a proposed form: no act that names one was found). A miner's return of the fee (880.00)
is then compared: power bought at the trades is bought from a supplier, so at least so much stands in its sheets 880.01.
More may (import, other suppliers), and own plants are another sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from salyq.app.lawbook import whole
from salyq.civil.days import kz_day, period_days
from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, format_scaled, parse_scaled
from salyq.office.intake.model import Fault, Filing, Received
from salyq.office.intake.pool_table import table_rows
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.intake", "auctions")
COLUMNS = ("miner", "period", "kwh")
TRADES = "law-588-ii:19-1.3.2"
_RATES = ("mining_fee.rate", "mining_fee.rate_by_price")
_BOUGHT = re.compile(r"880\.01(\[[0-9]+\])?\.(011\.E|012\.D)")  # metered, and reckoned without a meter


def read(path: Path, _kind: str) -> Received:
    """Every row, or every fault with its row."""
    rows = table_rows(path)
    head = [c.strip().lower() for c in rows[0][1]] if rows else []
    if missing := [c for c in COLUMNS if c not in head]:
        raise InputError(Message("import_no_column", {"column": missing[0]}), file=path.name, line=1)
    received = Received()
    seen: set[tuple[str, str]] = set()
    for line, cells in rows[1:]:
        row = dict(zip(head, (c.strip() for c in cells), strict=False))
        before = len(received.faults)
        _check(line, row, received.faults)
        key = (row.get("miner", ""), row.get("period", ""))
        if key in seen:
            received.faults.append(Fault(f"{line}:period", " ".join(key)[:40], Message("intake_month_twice")))
        seen.add(key)
        if len(received.faults) == before:
            received.rows.append({**row, "kwh": format_scaled(parse_scaled(row["kwh"])), "line": line})
    periods = sorted({r["period"] for r in received.rows})
    received.period = periods[0] if len(periods) == 1 else None
    received.summary = {"rows": len(received.rows), "miners": len({r["miner"] for r in received.rows})}
    if not rows[1:]:
        received.faults.append(Fault("", "", Message("intake_no_rows")))
    return received


def _check(line: int, row: Mapping[str, str], faults: list[Fault]) -> None:
    if bad := check_id(row.get("miner", "")):
        faults.append(Fault(f"{line}:miner", row.get("miner", "")[:20], bad))
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", row.get("period", "")):
        faults.append(Fault(f"{line}:period", row.get("period", "")[:20], Message("intake_not_a_month"), "2025-03"))
    try:
        if parse_scaled(row.get("kwh", "")) < 0:
            faults.append(Fault(f"{line}:kwh", row["kwh"][:40], Message("intake_not_above_zero")))
    except NumberError:
        faults.append(Fault(f"{line}:kwh", row.get("kwh", "")[:40], Message("registry_not_a_number")))


def keep(tx: Transaction, made: Filing, received: Received) -> None:
    """The rows of an accepted table; of what it corrects and leaves out, nought."""
    rows = {(r["miner"], date.fromisoformat(r["period"] + "-01")): Decimal(r["kwh"]) for r in received.rows}
    if made.corrects is not None:
        for miner, month in tx.values(SQL["left_out"], {"corrects": made.corrects}):
            rows.setdefault((miner, month), Decimal(0))
    base = {"filer": made.organisation, "filing": made.id, "number": made.number, "entry": made.entry}
    tx.run_many(SQL["add"], [{**base, "miner": m, "month": month, "kwh": kwh} for (m, month), kwh in rows.items()])


def compare_fee(tx: Transaction, organisation: str, received: Received) -> list[dict[str, Any]]:
    """Where the return has less power bought than the trades say, whoever told it is named."""
    try:
        first, last = period_days(received.period or "")
    except ValueError:
        return []
    declared = sum(
        (Decimal(text) for row in received.rows for code, text in row.items() if _BOUGHT.fullmatch(code)), Decimal(0)
    )
    found = []
    for filer, kwh, numbers in tx.values(SQL["bought"], {"miner": organisation, "first": first, "last": last}):
        if kwh > declared:
            said = {"period": received.period, "bought": _plain(kwh), "declared": _plain(declared)}
            params = {**said, "missing": _plain(kwh - declared), "filer": filer, "numbers": ", ".join(numbers)}
            words = Message("intake_energy_not_declared", params).texts()
            cites = [TRADES, *_rate_cites(last, kz_day(tx.now))]
            found.append(
                {
                    "code": "intake_energy_not_declared",
                    "line": None,
                    "miner": organisation,
                    "words": words,
                    "cites": cites,
                }
            )
    return found


def _rate_cites(day: date, known: date) -> list[str]:
    """Where the rate of bought power stands on the day."""
    versions = [whole().value_at(name, day, known) for name in _RATES]
    return [v.cite for v in versions if v is not None][:1]


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
