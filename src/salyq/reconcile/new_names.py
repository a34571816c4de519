"""Exchanges of a coin for its new name that may be no deal (semantics 42): asked about, never settled alone."""

from __future__ import annotations

from collections import defaultdict

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.model import Question
from salyq.reconcile.places import places
from salyq.records.model import Record
from salyq.records.swaps import two_legs
from salyq.records.table import Records
from salyq.records.tickers import NewName, new_names

MAYBE_RENAMED = "maybe_renamed"


def ask_renamed(records: Records) -> list[Question]:
    """One question for each old name that was exchanged for just as much of its new one (tickers.toml). Where the
    person, or the venue, says that it is one coin, no such rows are left."""
    known = new_names()
    if known.keys().isdisjoint(records.column("asset")):
        return []
    found: dict[str, list[Record]] = defaultdict(list)
    for swap in two_legs(records):
        name = known.get(swap.given.asset)
        if name is not None and swap.taken.asset == name.new and swap.at(name.ratio):
            found[name.old].append(swap.given)
    return [_question(known[old], own, records) for old, own in sorted(found.items())]


def _question(name: NewName, own: list[Record], records: Records) -> Question:
    last = max(day for day, asset in records.rows("day", "asset") if asset == name.old)
    quantity = sum(r.quantity for r in own)
    sources = tuple(dict.fromkeys(r.source for r in own))
    params = {
        "places": places(list(sources)),
        "count": len(own),
        "quantity": format_scaled(quantity),
        "old": name.old,
        "new": name.new,
        "ratio": format_scaled(name.ratio),
        "day": last.isoformat(),
    }
    year = min(r.day.year for r in own)
    return Question(MAYBE_RENAMED, "warning", Message(MAYBE_RENAMED, params), sources, name.old, quantity, year)
