"""What the National Bank's page of the corridor shows: volume, time to finality, failures, liquidity, limits used."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger import books
from salyq.office.ledger.assets import shown
from salyq.office.pilots import events
from salyq.office.pilots.corridor.accounts import LEG
from salyq.office.pilots.corridor.node import DECIDES_WITHIN, fold
from salyq.office.pilots.corridor.questions import questions
from salyq.office.pilots.events import Event
from salyq.office.pilots.sandbox import contracts, limits
from salyq.office.store.store import Transaction

_WINDOWS = 12


def monitor(tx: Transaction, limit: int = 5000) -> dict[str, Any]:
    """Over the last `limit` payments of this side."""
    begun = events.latest(tx, "corridor", ["payment"], limit)
    found = events.of_subjects(tx, [e.subject for e in begun])
    states: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    volume: Counter[str] = Counter()
    seconds: list[int] = []
    waiting: list[str] = []
    for rows in found.values():
        p = fold(rows)
        if p is None:
            continue
        states[p.state] += 1
        if not p.done and p.state != "held_for_data":
            waiting.append(next(iter(p.times.values())))
        if p.reason:
            causes[p.reason] += 1
        if p.state in ("fulfilled", "settled") and "send_amount" in p.body:
            volume[p.body["send_asset"]] += int(p.body["send_amount"])
            ended = datetime.fromisoformat(p.times["fulfilled"])
            seconds.append((ended - datetime.fromisoformat(p.times["payment"])) // timedelta(seconds=1))
    seconds.sort()
    finality = {"half": seconds[len(seconds) // 2], "most": seconds[-1]} if seconds else {}
    liquidity = {
        a.id: shown(int(a.credits) - int(a.debits) - int(a.debits_held), a.asset.removeprefix("limit:"))
        for a in _providers(tx)
    }
    used = _used(tx)
    told = {"states": dict(states), "volume": {k: shown(v, k) for k, v in volume.items()}, "finality_seconds": finality}
    told |= {"failures": dict(causes), "liquidity": liquidity, "limits_used": used}
    told |= {"waiting": _waiting(waiting, tx.now), "windows": _windows(tx)}
    return {**told, "questions": questions()}


def _waiting(since: list[str], now: datetime) -> dict[str, Any]:
    """Payments that neither side has ended: how many, the oldest, and whether the other side must be silent, for it
    decides within its time."""
    first = min(since, default="")
    late = bool(first) and now - datetime.fromisoformat(first) > 2 * DECIDES_WITHIN
    return {"payments": len(since), "since": first, "peer_silent": late}


def _windows(tx: Transaction) -> list[dict[str, Any]]:
    """The last windows of settlement: when it was asked for and when both sides settled it (empty: the other side has
    not agreed yet), how many payments, and the net of the leg."""
    found = events.latest(tx, "corridor", ["window"], _WINDOWS)
    ends = events.by_ids(tx, [_first_settled(e) for e in found])
    return [
        {
            "window": e.subject.removeprefix("window/"),
            "at": e.at.isoformat(),
            "settled_at": ends[_first_settled(e)].at.isoformat() if _first_settled(e) in ends else "",
            "payments": len(e.body["payments"]),
            "net": shown(int(e.body["net"]), LEG),
            "asset": LEG,
        }
        for e in found
    ]


def _first_settled(window: Event) -> str:
    """What says that a window is settled: it settles all of its payments or none."""
    return f"corridor/{window.body['payments'][0]}/settled"


def _used(tx: Transaction) -> dict[str, str]:
    """What was used today, this month and in all of the limits of the corridor's contracts; no client is named."""
    day = kz_day(tx.now)
    told = {}
    for contract in contracts.contracts(tx, "corridor"):
        for use in limits.uses(contract.id, "", day, contracts.limits(tx, contract.id, day)):
            if not use.limit.name.startswith("client"):
                account = books.account(tx, use.account)
                taken = 0 if account is None else int(account.debits) + int(account.debits_held)
                told[use.account] = shown(taken, "KZT")
    return told


def _providers(tx: Transaction) -> list[books.AccountRow]:
    places = ("provider", "transit", "unsettled")
    return [a for place in places for a in books.accounts(tx, f"corridor/{place}/")]
