"""What a holder is shown: coins, tenge, holds, limits, and each payment with its rate, fee, gain and tax so far."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger import books
from salyq.office.ledger.assets import shown
from salyq.office.pilots import events
from salyq.office.pilots.card import accounts, report
from salyq.office.pilots.card.holding import fold
from salyq.office.pilots.sandbox import contracts, limits, reports
from salyq.office.pilots.tax import Taxed, taxed
from salyq.office.store.store import Transaction


def statement(tx: Transaction, holder: str, year: int) -> dict[str, Any]:
    """The holder's page of a year. InputError where nobody of this name has a card or coins."""
    found = report.year_of(tx, holder, year)
    tax = taxed(year, report.files(found))
    told = {
        "holder": holder,
        "name": found.card.name,
        "year": year,
        "cards": [
            {"card": c.shown, "asset": c.asset, "expires": c.expires, "contract": c.contract}
            | {"blocked": c.digest.hex() in accounts.blocked(tx, c.contract)}
            for c in accounts.cards(tx, holder)
        ],
        "contract": found.contract.id,
        "state": contracts.state(tx, found.contract, tx.now).name,
        "balances": _balances(tx, holder),
        "owed_kzt": shown(int(tx.value(accounts.SQL["owed"], {"holder": holder}) or 0), "KZT"),
        "holds": _holds(tx, holder),
        "limits": _limits(tx, found.contract.id, holder),
        "lines": _lines(found, tax),
        "tax": {"so_far_kzt": tax.tax, "cites": list(tax.cites), "verdict": tax.verdict, "why": dict(tax.why)},
        "reports": report.reports(found)["reports"],
        "notice": reports.notice(),
    }
    sold = [x for x in found.of_year() if x.kind == "sell"]
    told["totals"] = {
        "payments": len(sold),
        "spent_kzt": shown(sum(x.tiyn for x in sold), "KZT"),
        "fees_kzt": shown(sum(x.fee for x in sold), "KZT"),
        "gain_kzt": f"{sum((_gain(tax, x) or Decimal(0)) for x in sold):.2f}",
    }
    return told


def _balances(tx: Transaction, holder: str) -> list[dict[str, str]]:
    told = []
    for prefix in (f"card/{holder}/", f"city/{holder}/"):
        for a in books.accounts(tx, prefix):
            b = books.balance(tx, a.id)
            whole = b.credits - b.debits
            if not whole and not b.debits and not b.debits_held:
                continue
            row = {"account": a.id, "asset": b.asset, "whole": shown(whole, b.asset)}
            told.append({**row, "held": shown(b.debits_held, b.asset), "free": shown(b.available, b.asset)})
    return told


def _holds(tx: Transaction, holder: str) -> list[dict[str, str]]:
    """What is authorised and not cleared yet."""
    begun = events.of_holder_kind(tx, holder, ["authorisation"], 200)
    found = events.of_subjects(tx, [e.subject for e in begun])
    told = []
    for e in begun:
        state = fold(found[e.subject])
        if state is None or not state.open(tx.now):
            continue
        row = {"event": e.id, "at": e.at.isoformat(), "place": str(e.body.get("place", ""))}
        row |= {"amount_kzt": shown(state.tiyn, "KZT"), "coins": shown(state.coins, str(e.body["asset"]))}
        until = state.expires.isoformat() if state.expires else ""
        told.append({**row, "asset": str(e.body["asset"]), "price": str(e.body["price"]), "until": until})
    return told


def _limits(tx: Transaction, contract: str, holder: str) -> list[dict[str, str]]:
    """The holder's own limits of today, and what is left of each."""
    day = kz_day(tx.now)
    told = []
    for use in limits.uses(contract, holder, day, contracts.limits(tx, contract, day)):
        if not use.limit.name.startswith("client"):
            continue
        account = books.account(tx, use.account)
        left = use.limit.amount if account is None else books.balance(tx, use.account).available
        row = {"limit": use.limit.name, "of_kzt": shown(use.limit.amount, "KZT"), "left_kzt": shown(int(left), "KZT")}
        told.append({**row, "cite": use.limit.cite})
    return told


def _gain(tax: Taxed, line: report.Line) -> Decimal | None:
    """The gain of a sale over its lots, where every part of it is known."""
    gains = [row.get("gain_kzt", "") for row in tax.lots.get(report.name_of(line.event), ())]
    return sum((Decimal(g) for g in gains), Decimal(0)) if gains and all(gains) else None


def _lines(found: report.Year, tax: Taxed) -> list[dict[str, str]]:
    """The year's purchases and sales, the newest first."""
    told = []
    for x in reversed(found.of_year()):
        gain = _gain(tax, x) if x.kind == "sell" else None
        b = x.event.body
        row = {
            "event": x.event.id,
            "at": x.event.at.isoformat(),
            "kind": x.kind,
            "where": x.counterparty,
            "note": x.note,
        }
        row |= {"quantity": report.quantity(x), "asset": str(b["asset"]), "price": str(b.get("price", ""))}
        row |= {"value_kzt": shown(x.tiyn, "KZT"), "fee_kzt": shown(x.fee, "KZT")}
        told.append({**row, "gain_kzt": "" if gain is None else f"{gain:.2f}"})
    return told
