"""Search of a register: by number or its part, by IIN or BIN, by a name however it is written.

A name is searched word by word. Words of the register's vocabulary that could be the asked one (same bones, or it as
their beginning; by likeness of letters only where there are none) are scored; the rarest asked word says which records
come into question, and the others order them. A word that is everywhere ("mining") never makes the database read all
its records unless it is all that was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from salyq.office.registry import names
from salyq.office.registry.book import register
from salyq.office.store.statements import Statements
from salyq.office.store.store import Row, Transaction

SQL = Statements("salyq.office.registry", "search")
RESTRICTED = Statements("salyq.office.registry", "records")
_ALIKE = "0.5"  # of an asked word to the best part of a word, where no bones agree
_ENOUGH = Decimal("0.3")  # of a word with the same bones
_WORDS = 60  # of the vocabulary for one asked word
_COMMON = 500  # records that have a word: beyond, it does not choose records while a rarer one does
MOST = 200  # what a search finds at most, the best first
_CANDIDATES = 250
_ALL = 1_000_000  # candidates where filters still take most of them away


@dataclass(frozen=True, slots=True)
class _Near:
    """Words of the vocabulary with the place of the asked word each could be, and how near it is."""

    words: list[str]
    places: list[int]
    scores: list[Decimal]
    asked: int

    def params(self) -> dict[str, Any]:
        return {"words": self.words, "places": self.places, "scores": self.scores, "asked": self.asked}


def search(tx: Transaction, row: type[Row], q: str, params: Mapping[str, Any]) -> list[Row]:
    """At most MOST records, the best first. `params`: register, on, known (None: now), status, region, kind."""
    base = {**params, "limit": MOST, "q": q}
    if not register(params["register"]).public:
        return _restricted(tx, row, q, base)
    if re.search(r"\d", q) and (found := _by_number(tx, row, q, base)):
        return found
    words = names.sought(q)[:12]
    near = _near(tx, params["register"], words) if words else None
    if near is None or not near.words:
        return []
    numbers, scores = _candidates(tx, near, base, _filtered(base))
    return _found(tx, row, base, numbers, scores, near.words)


def _filtered(base: Mapping[str, Any]) -> bool:
    """Whether candidates may fall away for more than not being of the day."""
    return any(base[name] is not None for name in ("status", "region", "kind", "known"))


def _by_number(tx: Transaction, row: type[Row], q: str, base: Mapping[str, Any]) -> list[Row]:
    far = {**base, "known": base["known"] or datetime.max.replace(tzinfo=UTC)}
    if re.fullmatch(r"[0-9]{12}", q) and (found := tx.all(row, SQL["of_subject_now"], far)):
        return found
    whole = {**base, "numbers": list({q, q.upper()}), "scores": [Decimal(1)] * len({q, q.upper()}), "words": None}
    if found := tx.all(row, SQL["found_now" if base["known"] is None else "found_known"], whole):
        return found
    like = _pattern(q)
    numbers = [n for (n,) in tx.values(SQL["numbers_like"], {**base, "like": like, "most": base["limit"]})]
    return _found(tx, row, base, numbers, [Decimal(1)] * len(numbers), None)


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


def _near(tx: Transaction, code: str, words: Sequence[str]) -> _Near:
    params = {"register": code, "words": list(words)}
    kept: dict[int, list[tuple[str, Decimal]]] = {}
    for n, word, score in tx.values(SQL["near"], params):
        if score >= _ENOUGH or words[n - 1] == word:
            kept.setdefault(n, []).append((word, score))
    if missing := [n for n in range(1, len(words) + 1) if n not in kept]:
        tx.run(SQL["set_similarity"], {"threshold": _ALIKE})
        for n, word, score in tx.values(SQL["alike"], {**params, "only": missing}):
            kept.setdefault(n, []).append((word, score))
    flat = [(word, n, score) for n, found in kept.items() for word, score in found[:_WORDS]]
    return _Near([f[0] for f in flat], [f[1] for f in flat], [f[2] for f in flat], len(words))


def _candidates(
    tx: Transaction, near: _Near, base: Mapping[str, Any], filtered: bool
) -> tuple[list[str], list[Decimal]]:
    """Numbers of records that come into question, with their scores, the best first."""
    params = {**near.params(), "register": base["register"]}
    counts = tx.values(SQL["how_many"], {**params, "most": _COMMON + 1})
    most = _ALL if filtered else _CANDIDATES
    rare = [n for n, count in counts if count <= _COMMON][:2]
    if len(counts) == 1 and counts[0][1] > _COMMON and not filtered:
        return _of_one_word(tx, near, params)
    numbers: list[str] = []
    if rare:
        numbers = [n for (n,) in tx.values(SQL["with_any"], {**params, "chosen": rare, "most": _ALL})]
    elif len(counts) > 1:
        pair = {"first": counts[0][0], "second": counts[1][0]}
        numbers = [n for (n,) in tx.values(SQL["with_every"], {**params, **pair, "most": max(most, _COMMON)})]
    if not numbers:
        numbers = [n for (n,) in tx.values(SQL["with_any"], {**params, "chosen": [counts[0][0]], "most": most})]
    scored = tx.values(SQL["scored"], {**params, "numbers": numbers, "most": most})
    return [n for n, _ in scored], [s for _, s in scored]


def _of_one_word(tx: Transaction, near: _Near, params: Mapping[str, Any]) -> tuple[list[str], list[Decimal]]:
    """Of a common word that stands alone: the records of the nearest spelling first, by number."""
    found: dict[str, Decimal] = {}
    for word, score in zip(near.words, near.scores, strict=True):
        rows = tx.values(SQL["with_word"], {"register": params["register"], "word": word, "most": _CANDIDATES})
        for (number,) in rows:
            found.setdefault(number, score)
        if len(found) >= _CANDIDATES:
            break
    return list(found), list(found.values())


def _found(
    tx: Transaction,
    row: type[Row],
    base: Mapping[str, Any],
    numbers: Sequence[str],
    scores: Sequence[Decimal],
    words: Sequence[str] | None,
) -> list[Row]:
    """The records of these numbers on the day, where the filters let them through and the name of that day fits."""
    if not numbers:
        return []
    query = SQL["found_now" if base["known"] is None else "found_known"]
    given = {"numbers": list(numbers), "scores": list(scores), "words": None if words is None else list(set(words))}
    return tx.all(row, query, {**base, **given})
