"""What transfers alone say of a payment: coins sold and held, tenge settled, fees, limits, the purchases it took; of a
payment abroad what left the sender, went through transit and reached the receiver (whole units of each asset)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from salyq.office.ledger import books
from salyq.office.ledger.assets import shown
from salyq.office.ledger.books import Moved
from salyq.office.pilots.card import lots
from salyq.office.pilots.events import Event
from salyq.office.store.store import Transaction

PLAIN, HOLD, POST = 0, 1, 2
WALLETS = ("card/", "city/")  # coins of holders, at the licensed exchange


def of_coins(m: Moved) -> bool:
    """Whether a holder's coins move to the exchange, or are held for it."""
    return m.debit.startswith(WALLETS) and m.credit.startswith("exchange/") and m.asset != "KZT"


def from_ledger(pilot: str, moves: Sequence[Moved], now: datetime) -> dict[str, str]:
    """What happened, from transfers alone: coins sold, tenge settled, fees, what is held at `now`."""
    return _corridor_moved(moves) if pilot == "corridor" else _sold(moves, now)


def as_written(pilot: str, story: Sequence[Event], now: datetime) -> dict[str, str]:
    """The same figures from what was written at the time; both must be equal."""
    return _corridor_written(story) if pilot == "corridor" else _sold_as_written(story, now)


def _corridor_moved(moves: Sequence[Moved]) -> dict[str, str]:
    """On either side: what left the sender or reached the receiver, the leg through transit, and what is held."""
    ended = {_end(m) for m in moves if m.kind not in (PLAIN, HOLD)}
    sums = {"sent": 0, "leg": 0, "received": 0, "held": 0, "fee": 0}
    for m in moves:
        side = _side(m)
        if m.kind == POST and side:
            sums[side] += m.amount
        elif m.kind == HOLD and side in ("sent", "received") and (m.position, m.debit, m.credit) not in ended:
            sums["held"] += m.amount
        elif m.kind == PLAIN and m.code == "fee":
            sums["fee"] += m.amount
    return {name: str(units) for name, units in sums.items()}


def _side(m: Moved) -> str:
    if m.debit.startswith("corridor/sender/"):
        return "sent"
    if m.credit.startswith("corridor/receiver/"):
        return "received"
    return "leg" if "corridor/transit/" in m.debit + m.credit else ""


def _corridor_written(story: Sequence[Event]) -> dict[str, str]:
    sums = {"sent": 0, "leg": 0, "received": 0, "held": 0, "fee": 0}
    body: Mapping[str, Any] = next((e.body for e in story if e.kind == "payment"), {})
    here = "sent" if "peer_quote" in body else "received"  # only the sender's side took a quote of its peer
    amount = int(body.get("send_amount" if here == "sent" else "receive_amount", 0))
    done = next((e for e in story if e.kind == "done"), None)
    if done is None and any(e.kind == "held" for e in story):
        sums["held"] = amount
    if done is not None and done.body["state"] == "fulfilled":
        sums |= {here: amount, "leg": int(body["leg_amount"]), "fee": int(body["fee"]) if here == "sent" else 0}
    return {name: str(units) for name, units in sums.items()}


def _sold(moves: Sequence[Moved], now: datetime) -> dict[str, str]:
    coins = settled = fees = held = covered = 0
    asset = ""
    ended = {_end(m) for m in moves if m.kind not in (PLAIN, HOLD)}
    for m in moves:
        if of_coins(m):
            asset = m.asset
            coins += m.amount if m.kind in (PLAIN, POST) else 0
            open_ = m.kind == HOLD and (m.position, m.debit, m.credit) not in ended
            held += m.amount if open_ and m.expires is not None and m.expires > now else 0
        elif m.code == "settle" and m.kind == PLAIN:
            settled += m.amount
        elif m.code == "guarantee" and m.kind == PLAIN:
            covered += m.amount
        elif m.code == "fee" and m.kind == PLAIN:
            fees += m.amount
    return {
        "asset": asset,
        "coins_sold": shown(coins, asset) if asset else "0",
        "coins_held": shown(held, asset) if asset else "0",
        "settled_kzt": shown(settled, "KZT"),
        "covered_kzt": shown(covered, "KZT"),
        "fees_kzt": shown(fees, "KZT"),
    }


def _end(m: Moved) -> tuple[int | None, str, str]:
    """Which hold a transfer ends: its request's position and its two accounts."""
    return m.hold, m.debit, m.credit


def _sold_as_written(story: Sequence[Event], now: datetime) -> dict[str, str]:
    units = settled = fees = covered = 0
    asset = ""
    held: dict[str, int] = {}
    for e in story:
        b = e.body
        if e.kind in ("clearing_done", "paid") and b.get("result") in ("matched", "forced", "part", "ok"):
            units += int(b["units"])
            settled += int(b["settled"]) - int(b["covered"])
            covered += int(b["covered"])
            fees += int(b["fee"])
            asset = str(b["asset"]) if int(b["units"]) else asset
        if "holds" in b:
            open_ = bool(b.get("expires")) and datetime.fromisoformat(b["expires"]) > now
            held[e.subject] = sum(int(amount) for _, what, amount in b["holds"] if what == "coins") if open_ else 0
            asset = asset or str(next((x.body["asset"] for x in story if x.body.get("asset")), ""))
    return {
        "asset": asset,
        "coins_sold": shown(units, asset) if asset else "0",
        "coins_held": shown(sum(held.values()), asset) if asset else "0",
        "settled_kzt": shown(settled, "KZT"),
        "covered_kzt": shown(covered, "KZT"),
        "fees_kzt": shown(fees, "KZT"),
    }


def lots_of(tx: Transaction, holder: str, moves: Sequence[Moved]) -> dict[str, list[dict[str, str]]]:
    """The purchases that each hold locked and each sale took, in the order of the books."""
    told: dict[str, list[dict[str, str]]] = {"locked": [], "sold": []}
    for m in moves:
        if not of_coins(m) or m.kind not in (PLAIN, HOLD, POST) or not m.amount:
            continue
        bought = lots.bought(tx, holder, m.asset)
        debited, held = books.taken_before(tx, m.debit, m.position, m.n)
        what, first = ("locked", debited + held) if m.kind == HOLD else ("sold", debited)
        for lot in lots.span(bought, first, m.amount):
            row = {
                "from": shown(first, m.asset),
                "bought": lot.event,
                "quantity": shown(lot.units, m.asset),
                "cost_kzt": shown(lot.tiyn, "KZT"),
            }
            told[what].append({"position": f"{m.position}/{m.n}", **row})
    return told


def locked_as_written(story: Sequence[Event], locked: Sequence[Mapping[str, str]]) -> bool:
    """Whether the purchases that each authorisation wrote down are those that its hold covers in the books, and begin
    where it begins."""
    books_say: dict[str, list[tuple[str, str, str]]] = {}
    for row in locked:
        books_say.setdefault(row["position"], []).append((row["from"], row["bought"], row["quantity"]))
    asset = next((str(e.body["asset"]) for e in story if e.body.get("asset")), "")
    for e in story:
        first = shown(int(e.body.get("lots_from", 0)), asset) if asset else ""
        rows = [(first, str(b), shown(int(u), asset)) for b, u, _ in e.body.get("lots", ())]
        if rows and rows not in books_say.values():
            return False
    return True


def holds_of(moves: Sequence[Moved]) -> list[dict[str, Any]]:
    """Each hold, and how it ended: posted, voided, expired, or open."""
    ends = {_end(m): m for m in moves if m.kind not in (PLAIN, HOLD)}
    told = []
    for m in moves:
        if m.kind != HOLD:
            continue
        end = ends.get((m.position, m.debit, m.credit))
        row: dict[str, Any] = {"position": f"{m.position}/{m.n}", "account": m.debit, "code": m.code, "asset": m.asset}
        row |= {"amount": shown(m.amount, m.asset), "until": m.expires.isoformat() if m.expires else ""}
        row["ended"] = "open" if end is None else {2: "posted", 3: "voided", 4: "expired"}[end.kind]
        row["posted"] = "0" if end is None else shown(end.amount, m.asset)
        told.append(row)
    return told


def limits_of(moves: Sequence[Moved]) -> dict[str, int]:
    """What each limit account finally gave: posted, or still held; in tiyn."""
    used: dict[str, int] = {}
    for m in moves:
        if m.debit.startswith("limit/") and m.credit.endswith("/used"):
            used[m.debit] = used.get(m.debit, 0) + (m.amount if m.kind in (PLAIN, HOLD) else m.amount - m.released)
    return used
