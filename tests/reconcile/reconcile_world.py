"""Small worlds for the tests of reconciliation: records, payouts and readings with balanced books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day
from salyq.reconcile import reconcile
from salyq.reconcile.model import Ledger
from salyq.records.model import UNIT, Payout, Record, Source
from salyq.records.person import Account, Person
from salyq.records.reading import FileReport, Reading, Yields

START = datetime(2025, 3, 1, 6, 0, tzinfo=UTC)
PERSON = Person("900101300017", "individual")


def coins(text: str) -> int:
    """ "0.5" as 10⁻¹⁸ units."""
    whole, _, tail = text.partition(".")
    return int(whole) * UNIT + int(tail.ljust(18, "0") if tail else 0)


def rec(kind: str, asset: str, quantity: str, minutes: int = 0, account: str = "binance", **more: Any) -> Record:
    """A record `minutes` after START; amounts as text."""
    for name in ("value", "fee"):
        if isinstance(more.get(name), str):
            more[name] = coins(more[name])
    time = START + timedelta(minutes=minutes)
    return Record(time, kz_day(time), kind, asset, coins(quantity), account=account, **more)


def payout(day: date, asset: str, quantity: str, **more: Any) -> Payout:
    known: dict[str, Any] = {"pool": "MadePool", "pool_bin": None, "commission": None, "wallet": None, "licence": None}
    return Payout(day, asset, coins(quantity), **(known | more), source=Source("", 0))


def reading(files: Mapping[str, Sequence[Record]], payouts: Mapping[str, Sequence[Payout]] | None = None) -> Reading:
    """A reading of these files; rows get file and physical line (the header is line 1)."""
    found = Reading()
    for name, rows in files.items():
        found.records += placed(name, rows)
        found.files.append(FileReport(name, "records", name, read=len(rows), used=len(rows)))
    for name, given in (payouts or {}).items():
        found.payouts += placed(name, given)
        found.files.append(
            FileReport(name, "payouts", name, yields=frozenset({Yields.PAYOUTS}), read=len(given), used=len(given))
        )
    return found


def placed(name: str, rows: Sequence[Any]) -> list[Any]:
    return [r._replace(source=Source(name, n + 2, name)) for n, r in enumerate(rows)]


def settle(
    *rows: Record, payouts: Sequence[Payout] = (), person: Person = PERSON, files: Mapping[str, Sequence[Record]] = {}
) -> Ledger:
    """The ledger of one file of `rows` (and more `files`, and one of payouts)."""
    found = reading({"a.csv": rows, **files}, {"payouts.csv": payouts} if payouts else {})
    ledger = reconcile(found, person)
    assert all(report.balanced() for report in found.files)
    return ledger


def owner(*accounts: Account) -> Person:
    return Person("900101300017", "individual", accounts={a.name: a for a in accounts})


def bare(rows: Iterable[Record]) -> list[tuple[object, ...]]:
    """What records say, without where they stand."""
    return [r[:-1] for r in rows]


def codes(ledger: Ledger) -> list[str]:
    return [q.code for q in ledger.questions]
