"""Rows of 270.04 section E: what is owned on 31 December, one a venue or wallet and asset."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.forms.asked import Asked
from salyq.forms.filled import Row
from salyq.forms.model import Edition
from salyq.reconcile.holdings import holdings
from salyq.records.model import UNIT


def year_end_holdings(asked: Asked, edition: Edition) -> list[Row]:
    """Positive balances at the end of the year. A place that no record names is left to the person."""
    found: list[Row] = []
    accounts = asked.case.person.accounts
    for h in holdings(asked.case.ledger, date(asked.year, 12, 31)):
        if h.quantity <= 0:
            continue
        unnamed = h.account.startswith("(") or not h.account
        account = accounts.get(h.account)
        row = Row(
            {
                "number": f"{len(found) + 1:08d}",
                "property": edition.codes.get("property", {}).get("digital_asset"),
                "asset": h.asset,
                "quantity": Fraction(h.quantity, UNIT),
                "country": account.country if account else None,
                "place": None if unnamed else h.account,
            },
            {"asset": h.asset, "quantity": format_scaled(h.quantity), "account": h.account},
        )
        if unnamed:
            row.blanks["country"] = row.blanks["place"] = Message("form_no_place", {"asset": h.asset})
        elif row.values["country"] is None:
            row.blanks["country"] = Message("form_no_country", {"account": h.account})
        found.append(row)
    return found
