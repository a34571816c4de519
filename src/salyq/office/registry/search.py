"""Search of a register: by number or its part, by IIN or BIN, by a name however it is written.

A name is searched word by word, in the database and in one call (`registry.candidates` of migrations/0005 says how);
the records that come into question are read under their policies, and only those of the asked page leave the database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from salyq.office.registry import names
from salyq.office.registry.book import register
from salyq.office.store.statements import Statements
from salyq.office.store.store import Row, Transaction

SQL = Statements("salyq.office.registry", "search")
RESTRICTED = Statements("salyq.office.registry", "records")
MOST = 200  # what a search finds at most, the best first
_WORDS = 12  # of a question, at most


def search(tx: Transaction, row: type[Row], q: str, params: Mapping[str, Any]) -> tuple[list[Row], int]:
    """A page of what is found, the best first, and how many there are (at most MOST).

    `params`: register, on, known (None: now), status, region, kind, start, limit.
    """
    base = {**params, "q": q}
    start, limit = base["start"], base["limit"]
    if not register(params["register"]).public:
        rows = _restricted(tx, row, q, {**base, "limit": MOST})
        return rows[start : start + limit], len(rows)
    if re.search(r"\d", q) and (rows := _by_number(tx, row, q, {**base, "limit": MOST})):
        return rows[start : start + limit], len(rows)
    words = names.sought(q)[:_WORDS]
    if not words:
        return [], 0
    asked = {**base, "asked": words, "filtered": _filtered(base)}
    return _page(tx, row, asked)


def _page(tx: Transaction, row: type[Row], asked: Mapping[str, Any]) -> tuple[list[Row], int]:
    query = SQL["by_words_now" if asked["known"] is None else "by_words_known"]
    limit = max(0, min(asked["limit"], MOST - asked["start"]))
    found = tx.values(query, {**asked, "limit": limit})
    if not found and asked["start"]:  # a page behind the last one: how many there are, all the same
        first = tx.values(query, {**asked, "start": 0, "limit": 1})
        return [], min(MOST, first[0][-1]) if first else 0
    return [row(*values[:-1]) for values in found], min(MOST, found[0][-1]) if found else 0


def _filtered(base: Mapping[str, Any]) -> bool:
    """Whether candidates may fall away for more than not being of the day."""
    return any(base[name] is not None for name in ("status", "region", "kind", "known"))


def _by_number(tx: Transaction, row: type[Row], q: str, base: Mapping[str, Any]) -> list[Row]:
    far = {**base, "known": base["known"] or datetime.max.replace(tzinfo=UTC)}
    if re.fullmatch(r"[0-9]{12}", q) and (found := tx.all(row, SQL["of_subject_now"], far)):
        return found
    whole = {**base, "numbers": list({q, q.upper()}), "scores": [Decimal(1)] * len({q, q.upper()})}
    if found := tx.all(row, SQL["found_now" if base["known"] is None else "found_known"], whole):
        return found
    like = _pattern(q)
    numbers = [n for (n,) in tx.values(SQL["numbers_like"], {**base, "like": like, "most": base["limit"]})]
    return _found(tx, row, base, numbers, [Decimal(1)] * len(numbers))


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


def _found(
    tx: Transaction,
    row: type[Row],
    base: Mapping[str, Any],
    numbers: Sequence[str],
    scores: Sequence[Decimal],
) -> list[Row]:
    """The records of these numbers on the day, where the filters let them through."""
    if not numbers:
        return []
    query = SQL["found_now" if base["known"] is None else "found_known"]
    given = {"numbers": list(numbers), "scores": list(scores)}
    return tx.all(row, query, {**base, **given})
