"""Search of a register: by number or its part, by IIN or BIN, by a name however it is written.

A name is searched word by word, in the database and in one call (`registry.candidates` of migrations/0005 says how);
the records that come into question are read under their policies, and only those of the asked page leave the database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple

from salyq.civil.days import kz_day
from salyq.office.registry import names
from salyq.office.registry.book import register
from salyq.office.store.statements import Statements
from salyq.office.store.store import Row, Transaction

SQL = Statements("salyq.office.registry", "search")
RESTRICTED = Statements("salyq.office.registry", "records")
MOST = 200  # what a page of a search knows of, the best first
WHOLE = 1_000_000  # what a file of a search holds at most
_WORDS = 12  # of a question, at most


class Hits(NamedTuple, Generic[Row]):
    """`total`: how many there are, `most` of the question at most; `more` says that there are more than these."""

    rows: list[Row]
    total: int
    more: bool


def search(tx: Transaction, row: type[Row], q: str, params: Mapping[str, Any], most: int = MOST) -> Hits[Row]:
    """A page of what is found, the best first, of `most` at most.

    `params`: register, on, known (None: now), status, region, kind, start, limit.
    """
    base = {**params, "q": q}
    all_of_it = {**base, "limit": most + 1}  # one more: whether there are more
    if not register(params["register"]).public:
        return _cut(_restricted(tx, row, q, all_of_it), base, most)
    if re.search(r"\d", q) and (rows := _by_number(tx, row, q, all_of_it)):
        return _cut(rows, base, most)
    words = names.sought(q)[:_WORDS]
    if not words:
        return Hits([], 0, False)
    return _page(tx, row, {**base, "asked": words, "filtered": most > MOST or _filtered(tx, base)}, most)


def _cut(rows: list[Row], base: Mapping[str, Any], most: int) -> Hits[Row]:
    kept = rows[:most]
    return Hits(kept[base["start"] : base["start"] + base["limit"]], len(kept), len(rows) > most)


def _page(tx: Transaction, row: type[Row], asked: Mapping[str, Any], most: int) -> Hits[Row]:
    query = SQL["by_words_now" if asked["known"] is None else "by_words_known"]
    limit = max(0, min(asked["limit"], most - asked["start"]))
    found = tx.values(query, {**asked, "limit": limit})
    if not found and asked["start"]:  # a page behind the last one: how many there are, all the same
        first = tx.values(query, {**asked, "start": 0, "limit": 1})
        count = first[0][-1] if first else 0
    else:
        count = found[0][-1] if found else 0
    return Hits([row(*values[:-1]) for values in found], min(most, count), count > most)


def _filtered(tx: Transaction, base: Mapping[str, Any]) -> bool:
    """Whether more candidates than a few may fall away: for a filter, or because they are not of the day."""
    return base["on"] < kz_day(tx.now) or any(base[name] is not None for name in ("status", "region", "kind", "known"))


def _by_number(tx: Transaction, row: type[Row], q: str, base: Mapping[str, Any]) -> list[Row]:
    suffix = "now" if base["known"] is None else "known"
    if re.fullmatch(r"[0-9]{12}", q) and (found := tx.all(row, SQL[f"of_subject_{suffix}"], base)):
        return found
    whole = {**base, "numbers": list({q, q.upper()}), "scores": [Decimal(1)] * len({q, q.upper()})}
    if found := tx.all(row, SQL[f"found_{suffix}"], whole):
        return found
    return tx.all(row, SQL[f"by_part_{suffix}"], {**base, "like": _pattern(q)})


def _pattern(q: str) -> str:
    return q.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _restricted(tx: Transaction, row: type[Row], q: str, base: Mapping[str, Any]) -> list[Row]:
    """Of a register that is not public nothing stands outside its policies: its spans are read one by one."""
    far = {**base, "known": base["known"] or datetime.max.replace(tzinfo=UTC)}
    words = names.sought(q)
    like = _pattern(q)
    if re.search(r"\d", q) and (found := tx.all(row, RESTRICTED["restricted_by_number"], {**far, "like": like})):
        return found
    rarest = sorted(words, key=len, reverse=True)[:2]
    return tx.all(row, RESTRICTED["search_restricted"], {**far, "words": words, "must": rarest}) if words else []
