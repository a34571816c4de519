"""Quotes that are missing: as a page, as JSON, and as tables of our own to fill in and put into the case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salyq.present.as_csv import table_csv
from salyq.present.as_json import Json
from salyq.present.page import Page
from salyq.present.words import Words

if TYPE_CHECKING:
    from salyq.dialogue.quotes import Wanted

VALUES = "asset_values"
VALUE_COLUMNS = ("date", "asset", "value", "currency", "source", "kind", "needed_for", "published")
RATE_COLUMNS = ("date", "currency", "rate", "quantity", "source", "kind", "needed_for", "published")
_ROWS = 3  # of those that need one quote


def missing_page(found: Sequence[Wanted], lang: str) -> Page:
    """A line a quote: the day, what it is, what needs it, where it is published."""
    say = Words(lang)
    page = Page(lang=lang)
    if not found:
        page.line(say("quotes_all_there"))
        return page
    page.title(say("quotes_missing_heading", count=len(found)))
    head = [say(f"col_{name}") for name in ("day", "asset", "kind", "needed_for", "published")]
    page.table(head, ([_day(w), w.name, say(_what(w)), _needed(w, say), published(w, say)] for w in found))
    return page


def missing_json(found: Sequence[Wanted]) -> Json:
    """`table` asset_values | exchange_rates; `first` and `last` differ for the mean of a year alone."""
    return {
        "missing": [
            {
                "table": w.table,
                "kind": w.kind,
                "name": w.name,
                "first": w.first.isoformat(),
                "last": w.last.isoformat(),
                "year": w.for_year,
                "records": [str(s) for s in w.sources],
            }
            for w in found
        ]
    }


def templates(found: Sequence[Wanted], lang: str) -> list[str]:
    """One CSV for values of assets and one for rates, each only where something of it is missing. A row a quote; the
    cell of the value is empty, and says nothing until somebody fills it. Excel of a Kazakh or Russian locale opens
    semicolons as columns, and Kazakh letters after a byte order mark."""
    mark, delimiter = ("", ",") if lang == "en" else ("\ufeff", ";")
    say = Words(lang)
    tables: list[str] = []
    for columns, own in (
        (VALUE_COLUMNS, [w for w in found if w.table == VALUES]),
        (RATE_COLUMNS, [w for w in found if w.table != VALUES]),
    ):
        rows: dict[tuple[str, str, str], dict[str, str]] = {}
        for w in own:
            key = (_day(w), w.kind, w.name)
            needed = _needed(w, say)
            if key in rows:
                rows[key]["needed_for"] += "; " + needed
                continue
            name = {"asset": w.name} if w.table == VALUES else {"currency": w.name, "quantity": "1"}
            told = {"date": _day(w), "kind": w.kind, "needed_for": needed, "published": published(w, say)}
            rows[key] = dict.fromkeys(columns, "") | name | told
        if rows:
            tables.append(mark + table_csv(columns, list(rows.values()), delimiter))
    return tables


def published(w: Wanted, say: Words) -> str:
    """Where such a quote is published, as the orders on valuation and the National Bank's rules have it."""
    return say(f"published_{w.kind}_{'value' if w.table == VALUES else 'rate'}")


def _what(w: Wanted) -> str:
    return f"quote_{w.kind}_{'value' if w.table == VALUES else 'rate'}"


def _day(w: Wanted) -> str:
    return w.last.isoformat() if w.kind == "year_mean" else w.first.isoformat()


def _needed(w: Wanted, say: Words) -> str:
    places = ", ".join(str(s) for s in w.sources[:_ROWS]) + (" …" if len(w.sources) > _ROWS else "")
    return say("quote_needed", year=w.for_year, places=places) if places else str(w.for_year)
