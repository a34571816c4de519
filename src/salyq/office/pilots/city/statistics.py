"""The city in figures: what was asked, paid and refused, by month; nobody is named."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger.assets import shown
from salyq.office.pilots import events
from salyq.office.pilots.city.rules import rules
from salyq.office.pilots.sandbox import contracts
from salyq.office.store.store import Transaction

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def statistics(tx: Transaction) -> dict[str, Any]:
    """Every contract of the city together; the law of today beside it."""
    months: dict[str, Counter[str]] = defaultdict(Counter)
    refusals: Counter[str] = Counter()
    assets: Counter[str] = Counter()
    merchants: set[str] = set()
    payers: set[str] = set()
    for contract in contracts.contracts(tx, "city"):
        for e in events.of_contract(tx, contract.id, _BEGAN, datetime.max.replace(tzinfo=UTC)):
            month = f"{kz_day(e.at):%Y-%m}"
            if e.kind == "invoice":
                months[month]["invoices"] += 1
                merchants.add(str(e.body["merchant_id"]))
            elif e.kind == "paid":
                months[month]["paid"] += 1
                months[month]["tiyn"] += int(e.body["settled"])
                assets[str(e.body["asset"])] += int(e.body["units"])
                payers.add(e.holder or "")
            elif e.kind in ("decision", "payment_done") and e.body.get("reason"):
                months[month]["refused"] += 1
                refusals[str(e.body["reason"])] += 1
    rows = [
        {
            "month": month,
            "invoices": found["invoices"],
            "paid": found["paid"],
            "refused": found["refused"],
            "volume_kzt": shown(found["tiyn"], "KZT"),
        }
        for month, found in sorted(months.items())
    ]
    return {
        "months": rows,
        "merchants": len(merchants),
        "payers": len(payers),
        "assets": {a: shown(u, a) for a, u in sorted(assets.items())},
        "refusals": dict(sorted(refusals.items())),
        "rules": rules(kz_day(tx.now)).told(),
    }
