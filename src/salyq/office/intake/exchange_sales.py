"""An exchange's file of what miners sold on it (2024 to January 2026), compared with the share that law required then.

Columns: miner,period,asset,sold,sold_on_aifc — a proposed form: the rules' own table was not found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from salyq.app.asking import ask_act
from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.office.intake.model import Fault, Received
from salyq.office.intake.pool_table import table_rows
from salyq.office.store.store import Transaction

COLUMNS = ("miner", "period", "asset", "sold", "sold_on_aifc")
REQUIRED = "mandatory_sale.required"


def read(path: Path, _kind: str) -> Received:
    """Every row, or every fault with its row."""
    rows = table_rows(path)
    head = [c.strip().lower() for c in rows[0][1]] if rows else []
    if missing := [c for c in COLUMNS if c not in head]:
        raise InputError(Message("import_no_column", {"column": missing[0]}), file=path.name, line=1)
    received = Received()
    for line, cells in rows[1:]:
        row = dict(zip(head, (c.strip() for c in cells), strict=False))
        before = len(received.faults)
        _check(line, row, received.faults)
        if len(received.faults) == before:
            received.rows.append({**row, "line": line})
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
    for name in ("sold", "sold_on_aifc"):
        try:
            if parse_scaled(row.get(name, "")) < 0:
                faults.append(Fault(f"{line}:{name}", row[name], Message("intake_not_above_zero")))
        except NumberError:
            faults.append(Fault(f"{line}:{name}", row.get(name, "")[:40], Message("registry_not_a_number")))


def compare(tx: Transaction, organisation: str, received: Received) -> list[dict[str, Any]]:  # noqa: ARG001
    """Where less was sold through the AIFC than law required for that month (law is asked row by row)."""
    found = []
    for row in received.rows:
        facts = {k: row[k] for k in ("period", "asset", "sold", "sold_on_aifc")}
        month = date.fromisoformat(row["period"] + "-01")
        answer = ask_act("mandatory_sale", facts, month, explain=False)
        required = answer.amount(REQUIRED)
        if required is not None and Fraction(row["sold_on_aifc"]) < Fraction(required):
            params = {"miner": row["miner"], "period": row["period"], "required": required, "sold": row["sold_on_aifc"]}
            words = Message("intake_sold_too_little", params).texts()
            cites = answer.cites
            found.append(
                {
                    "code": "intake_sold_too_little",
                    "line": row["line"],
                    "miner": row["miner"],
                    "words": words,
                    "cites": cites,
                }
            )
    return found
