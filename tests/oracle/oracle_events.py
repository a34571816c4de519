"""From record rows to what happened: assets that came in, assets that went out, fills of one order joined.

Semantics 3, 4, 24; architecture §5.5. Quadratic on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from oracle_days import kz_day, kz_midnight, moment
from oracle_quotes import Amount, Quotes

Row = dict[str, Any]
IN_KINDS = {"staked", "airdrop", "fork", "interest", "gift_in", "inherited", "contributed_in", "mined"}
OUT_KINDS = {"spend", "gift_out", "contributed_out", "lost"}
TRANSFER_WINDOW = timedelta(days=2)


@dataclass
class Gain:
    """An asset received. `money` is what was paid, `gave` what was swapped for it."""

    time: datetime
    asset: str
    quantity: Fraction
    kind: str
    account: str
    id: str
    money: Amount | None = None
    gave: tuple[str, Fraction] | None = None
    document: str | None = None
    note: str | None = None
    counterparty: str | None = None
    fee: Amount | None = None

    @property
    def day(self) -> date:
        return kz_day(self.time)


@dataclass
class Out:
    """An asset given up. `money` is what was received for it, `got` the asset received."""

    time: datetime
    asset: str
    quantity: Fraction
    kind: str
    account: str
    id: str
    money: Amount | None = None
    got: tuple[str, Fraction] | None = None
    join: tuple[Any, ...] | None = None
    fees: list[Amount] = field(default_factory=list)

    @property
    def day(self) -> date:
        return kz_day(self.time)


def _text(row: Row, name: str) -> str | None:
    return row.get(name) or None


def _amount(row: Row, value: str = "value", currency: str = "currency") -> Amount | None:
    return (Fraction(row[value]), row[currency]) if _text(row, value) and _text(row, currency) else None


def _base(row: Row) -> dict[str, Any]:
    return {
        "time": moment(row["time"]),
        "asset": row["asset"],
        "quantity": Fraction(row["quantity"]),
        "account": row.get("account") or "",
        "id": row.get("id") or "",
    }


def _gain(row: Row, kind: str, **more: Any) -> Gain:
    names = {n: _text(row, n) for n in ("document", "note", "counterparty")}
    return Gain(**{**_base(row), **names, "kind": kind, **more})


def _other_asset(row: Row, asset: str, quantity: Fraction) -> dict[str, Any]:
    return {**_base(row), "asset": asset, "quantity": quantity}


def read_events(case: Row, quotes: Quotes) -> tuple[list[Gain], list[Out]]:
    rows = _without_reversed(case.get("records", []))
    rows = _without_payout_twins(rows, case.get("payouts", []))
    gains = [_payout(row) for row in case.get("payouts", [])]
    outs: list[Out] = []
    matched = _matched_transfers(rows)
    for number, row in enumerate(rows):
        if number not in matched:
            _one_row(row, rows, quotes, gains, outs)
        fee = _amount(row, "fee", "fee_asset")
        if fee is not None and quotes.is_asset(fee[1]):
            outs.append(Out(**_other_asset(row, fee[1], fee[0]), kind="fee"))
    return gains, _joined(outs)


def _one_row(row: Row, rows: list[Row], quotes: Quotes, gains: list[Gain], outs: list[Out]) -> None:
    kind, money, base = row["kind"], _amount(row), _base(row)
    fee = _amount(row, "fee", "fee_asset")
    fee = fee if fee is not None and not quotes.is_asset(fee[1]) else None
    fees = [fee] if fee else []
    key = (
        row.get("group") or base["time"].replace(microsecond=0),
        base["account"],
        kind,
        row["asset"],
        money and money[1],
    )
    if kind == "buy" and money is not None and quotes.is_asset(money[1]):
        gains.append(_gain(row, "swap_in", gave=(money[1], money[0]), fee=fee))
        other = _other_asset(row, money[1], money[0])
        outs.append(Out(**other, kind="swap_out", got=(row["asset"], base["quantity"]), join=key))
    elif kind == "buy":
        gains.append(_gain(row, "buy", money=money, fee=fee))
    elif kind == "sell" and money is not None and quotes.is_asset(money[1]):
        outs.append(Out(**base, kind="swap_out", got=(money[1], money[0]), join=key, fees=fees))
        other_in = _other_asset(row, money[1], money[0])
        gains.append(Gain(**other_in, kind="swap_in", gave=(row["asset"], base["quantity"])))
    elif kind == "sell":
        outs.append(Out(**base, kind="sell", money=money, join=key, fees=fees))
    elif kind == "swap_in":
        twin = _twin(row, rows, "swap_out")
        gave = (twin["asset"], Fraction(twin["quantity"]))
        gains.append(_gain(row, "swap_in", gave=gave, money=_amount(twin) or money, fee=fee))
    elif kind == "swap_out":
        twin = _twin(row, rows, "swap_in")
        got = (twin["asset"], Fraction(twin["quantity"]))
        outs.append(Out(**base, kind="swap_out", got=got, money=money or _amount(twin), fees=fees))
    elif kind in IN_KINDS or kind == "transfer_in":
        gains.append(_gain(row, kind, money=money, fee=fee))
    elif kind in OUT_KINDS or kind == "fee":
        outs.append(Out(**base, kind=kind, money=money, fees=fees))
    elif kind != "transfer_out":  # unmatched: still owned, the lots stay (semantics 3)
        raise ValueError(f"the oracle does not know the kind {kind}")


def _twin(row: Row, rows: list[Row], kind: str) -> Row:
    (twin,) = [r for r in rows if r["kind"] == kind and r.get("group") == row["group"]]
    return twin


def _without_reversed(rows: list[Row]) -> list[Row]:
    undone = {r["group"] for r in rows if r["kind"] == "reversal"}
    return [r for r in rows if r["kind"] != "reversal" and r.get("id") not in undone]


def _payout(row: Row) -> Gain:
    when = kz_midnight(date.fromisoformat(row["date"]))
    quantity = Fraction(row["quantity"])
    return Gain(when, row["asset"], quantity, "mined", row.get("wallet") or "", "", counterparty=row.get("pool"))


def _without_payout_twins(rows: list[Row], payouts: list[Row]) -> list[Row]:
    """A mined or transfer_in of the same asset and quantity within 2 days of a payout is the same event."""
    dropped: set[int] = set()
    for payout in payouts:
        day = date.fromisoformat(payout["date"])
        near = []
        for number, row in enumerate(rows):
            same = row["kind"] in ("mined", "transfer_in") and row["asset"] == payout["asset"]
            away = abs((kz_day(moment(row["time"])) - day).days)
            if (
                same
                and number not in dropped
                and away <= 2
                and Fraction(row["quantity"]) == Fraction(payout["quantity"])
            ):
                near.append((away, number))
        if near:
            dropped.add(min(near)[1])
    return [r for n, r in enumerate(rows) if n not in dropped]


def _matched_transfers(rows: list[Row]) -> set[int]:
    """Own transfers, by hash, else by the exact amount shortly after: they change no lot (semantics 3)."""
    matched: set[int] = set()
    for out_number, out in enumerate(rows):
        if out["kind"] != "transfer_out":
            continue
        for in_number, into in enumerate(rows):
            same = into["kind"] == "transfer_in" and into["asset"] == out["asset"] and in_number not in matched
            if not same or Fraction(into["quantity"]) != Fraction(out["quantity"]):
                continue
            by_hash = bool(out.get("hash")) and out.get("hash") == into.get("hash")
            wait = moment(into["time"]) - moment(out["time"])
            if by_hash or timedelta(0) <= wait <= TRANSFER_WINDOW:
                matched |= {out_number, in_number}
                break
    return matched


def _joined(outs: list[Out]) -> list[Out]:
    """A disposal is one sale: fills of one order, or of one account, pair, side and second. It stands at the first."""
    done: list[Out] = []
    for out in sorted(outs, key=lambda o: (o.time, o.account, o.id)):
        first = next((d for d in done if out.join is not None and d.join == out.join and d.asset == out.asset), None)
        if first is None:
            done.append(out)
            continue
        first.quantity += out.quantity
        if first.money and out.money:
            first.money = (first.money[0] + out.money[0], first.money[1])
        if first.got and out.got:
            first.got = (first.got[0], first.got[1] + out.got[1])
        first.fees += out.fees
    return done
