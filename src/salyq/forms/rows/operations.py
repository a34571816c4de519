"""Rows of 270.04 section B: every purchase, swap, sale and gift of the year, one a deal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.facts.events import Event, money
from salyq.forms.asked import Asked, is_known, reason
from salyq.forms.filled import Row
from salyq.forms.model import Edition
from salyq.law.named import SALE_WORTH
from salyq.law.regimes import PERSONAL
from salyq.records.model import UNIT
from salyq.rulebook.states import Unknown

OTHER_PARTY = "-"  # accepted where the other side has no identifier
FINEST = 4  # decimals the form keeps of a quantity
Worth = tuple[int, str]


def operations_of_the_year(asked: Asked, edition: Edition) -> list[Row]:
    """Section B of 270.04, which officials do not fill (they have 270.05)."""
    return [] if asked.options.get("official") else deals_of_the_year(asked, edition)


def deals_of_the_year(asked: Asked, edition: Edition) -> list[Row]:
    """One row a deal, in order of time. Transfers between own accounts and fees are no deals."""
    deals: dict[Any, list[Event]] = {}
    events = asked.world.events
    for e in events.made(events.of_year(asked.year)):
        if e.kind in edition.codes.get("way", {}):
            deals.setdefault(_deal(e), []).append(e)
    return [_row(asked, edition, n, fills) for n, fills in enumerate(deals.values(), start=1)]


def _deal(e: Event) -> Any:
    """Fills of one sale are one deal, as law sees them; so are purchases of one second on one account."""
    if not e.acquisition:
        return e.sale, e.kind, e.asset
    r = e.record
    against = e.counter_asset or r.currency
    same = (r.time, r.account, r.counterparty, against) if e.kind in ("buy", "swap_in") else e.key
    return "in", e.kind, e.asset, same


def _row(asked: Asked, edition: Edition, number: int, fills: list[Event]) -> Row:
    first = fills[0]
    r = first.record
    quantity = sum(e.quantity for e in fills)
    account = asked.case.person.accounts.get(r.account)
    worth = _worth(asked, fills)
    row = Row(
        {
            "number": f"{number:08d}",
            "way": edition.codes["way"][first.kind],
            "way_words": edition.codes.get("way_words", {}).get(first.kind),
            "property": edition.codes["property"]["digital_asset"],
            "quantity": Fraction(quantity, UNIT),
            "document": _document(first),
            "day": r.day,
            "counterparty": r.counterparty or OTHER_PARTY,
            "country": account.country if account else None,
        },
        {
            "asset": first.asset,
            "quantity": format_scaled(quantity),
            "kind": first.kind,
            "account": r.account,
            "place": ", ".join(dict.fromkeys(str(e.record.source) for e in fills)),
        },
    )
    if isinstance(worth, tuple):
        row.values |= {"currency": worth[1], "value": Fraction(worth[0], UNIT)}
    else:
        row.blanks |= {"currency": worth, "value": worth}
    if row.values["country"] is None:
        row.blanks["country"] = Message("form_no_country", {"account": r.account or "?"})
    if 0 < quantity * 2 * 10**FINEST < UNIT:
        row.blanks["quantity"] = Message("form_too_small", {"quantity": format_scaled(quantity), "asset": first.asset})
        row.values["quantity"] = None
    return row


def _document(e: Event) -> str:
    """What identifies the property: the asset's code, and the contract where there is one."""
    document = e.record.document
    return f"{e.asset}, {document}" if document and document != "none" else e.asset


def _worth(asked: Asked, fills: list[Event]) -> Worth | Message:
    """What the deal was worth: money stated, else as law values it; or why that is not known."""
    first = fills[0]
    stated = [e.value for e in fills]
    known = [v for v in stated if v is not None]
    if known and len(known) == len(stated) and len({c for _, c in known}) == 1:
        return sum(v[0] for v in known), known[0][1]
    pegged = money(sum(e.quantity for e in fills), first.asset, asked.case.person)
    if pegged is not None:
        return pegged
    if first.kind in ("swap_in", "swap_out") and first.counter_asset in asked.case.person.stablecoins:
        counters = [e.counter_quantity or 0 for e in fills]
        return sum(counters), asked.case.person.stablecoins[first.counter_asset]
    if first.kind in ("sell", "swap_out", "spend"):
        return _told(asked, [asked.law(SALE_WORTH, asked.world.sales[_sale_key(asked, fills)])])
    if first.kind in ("buy", "swap_in"):
        scopes = [asked.world.acquisition(e) for e in fills]
        return _told(asked, [asked.law(PERSONAL.cost, s) for s in scopes])
    return Message("form_no_value")


def _sale_key(asked: Asked, fills: list[Event]) -> int:
    return next(e.key for e in fills if e.key in asked.world.sales)


def _told(asked: Asked, values: list[Any]) -> Worth | Message:
    for value in values:
        if isinstance(value, Unknown):
            told: Message = reason(asked, value)
            return told
    if not all(is_known(v) for v in values) or len({v[1] for v in values}) != 1:
        return Message("form_no_value")
    return sum(v[0] for v in values), str(values[0][1])
