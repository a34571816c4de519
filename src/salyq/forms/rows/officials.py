"""Rows of 270.05: an official's purchases and sales stand here, not in 270.04 (`--official`)."""

from __future__ import annotations

from salyq.civil.messages import Message
from salyq.forms.asked import Asked
from salyq.forms.filled import Row
from salyq.forms.model import Edition
from salyq.forms.rows.operations import deals_of_the_year

BOUGHT, SOLD = ("buy", "swap_in"), ("sell", "swap_out", "spend")


def purchases_of_an_official(asked: Asked, edition: Edition) -> list[Row]:
    """Section B. Where the money came from is the person's to say."""
    rows = _rows(asked, edition, BOUGHT)
    for row in rows:
        row.blanks["funds"] = Message("form_no_funds")
    return rows


def sales_of_an_official(asked: Asked, edition: Edition) -> list[Row]:
    """Section C. The form wants tenge; a price in another currency is left to the person."""
    rows = _rows(asked, edition, SOLD)
    for row in rows:
        if row.values.get("currency") == "KZT":
            row.values["value_kzt"] = row.values["value"]
        elif "value" in row.values:
            params = {"currency": row.values["currency"], "value": row.values["value"]}
            row.blanks["value_kzt"] = Message("form_not_in_tenge", params)
    return rows


def _rows(asked: Asked, edition: Edition, kinds: tuple[str, ...]) -> list[Row]:
    if not asked.options.get("official"):
        return []
    rows = [r for r in deals_of_the_year(asked, edition) if r.extra["kind"] in kinds]
    for number, row in enumerate(rows, start=1):
        row.values |= {"number": f"{number:08d}", "place": row.extra["account"] or None}
    return rows
