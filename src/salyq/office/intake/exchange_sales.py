"""An exchange's file of what miners sold on it (2024 to January 2026), compared with the share that law required then.

Columns: miner,period,asset,sold,sold_on_aifc — a proposed form: the rules' own table was not found.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from salyq.app.asking import ask_act
from salyq.civil.messages import Message
from salyq.law.named import AIFC_SALES, AIFC_SALES_REQUIRED
from salyq.office.intake.miner_months import read_months
from salyq.office.intake.model import Received
from salyq.office.store.store import Transaction

COLUMNS = ("miner", "period", "asset", "sold", "sold_on_aifc")


def read(path: Path, _kind: str) -> Received:
    """Every row, or every fault with its row."""
    return read_months(path, COLUMNS, ("sold", "sold_on_aifc"))


def compare(tx: Transaction, organisation: str, received: Received) -> list[dict[str, Any]]:  # noqa: ARG001
    """Where less was sold through the AIFC than law required for that month (law is asked row by row)."""
    found = []
    for row in received.rows:
        facts = {k: row[k] for k in ("period", "asset", "sold", "sold_on_aifc")}
        month = date.fromisoformat(row["period"] + "-01")
        answer = ask_act(AIFC_SALES, facts, month, explain=False)
        required = answer.amount(AIFC_SALES_REQUIRED)
        if required is not None and Fraction(row["sold_on_aifc"]) < Fraction(required):
            params = {"miner": row["miner"], "period": row["period"], "required": required, "sold": row["sold_on_aifc"]}
            words = Message("intake_sold_too_little", params).told()
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
