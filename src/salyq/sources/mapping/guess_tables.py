"""Which own table an unknown one is, by its titles and by what stands in its cells; and what a column without a known
title holds. It only serves to draft a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salyq.civil.currencies import is_currency
from salyq.records.kinds import KINDS as OWN_KINDS
from salyq.sources.habits.pairs import QUOTES, known_coins
from salyq.sources.habits.time_pattern import month_of
from salyq.sources.habits.words import meant
from salyq.sources.habits.written_number import written_number
from salyq.sources.mapping.guess_words import KINDS, TABLES, listed, plain
from salyq.sources.readers.own.expenses import CATEGORIES

_MOST = 9  # of ten cells must be so

Rows = Sequence[Sequence[str]]


def table_of(titles: Sequence[str], rows: Rows) -> tuple[str, dict[str, int]]:
    """(own table, its fields -> places); ("records", {}) where no other table is told."""
    for table, (needed, fields) in TABLES.items():
        found = _fields(fields, titles)
        if table == "expenses" and "category" not in found:
            place = _only_place(titles, rows, found, is_category)
            if place is not None:
                found["category"] = place
        if table == "exchange_rates" and not _most(_cells(rows, found.get("currency")), is_currency_code):
            continue
        if all(any(name in found for name in any_of.split("|")) for any_of in needed.split()):
            return table, found
    return "records", {}


def by_contents(field: str, titles: Sequence[str], rows: Rows, taken: Mapping[str, int]) -> int | None:
    """The one column, among those that no title told, whose cells can be this field."""
    tests = {"kind": is_kind, "asset": is_coin, "currency": is_currency_code, "quantity": is_number}
    return _only_place(titles, rows, taken, tests[field]) if field in tests else None


def is_category(text: str) -> bool:
    """A word of the list of expenses."""
    return meant(text, "category", CATEGORIES) is not None


def is_kind(text: str) -> bool:
    """A word for an operation."""
    known = {word for words in KINDS.values() for word in listed(words)}
    return plain(text) in known or meant(text, "kind", OWN_KINDS) is not None


def is_coin(text: str) -> bool:
    """A code of a coin that is known."""
    code = text.upper()
    return code in known_coins() or (code in QUOTES.split() and not is_currency(code))


def is_currency_code(text: str) -> bool:
    """An ISO 4217 code."""
    return len(text) == 3 and is_currency(text.upper())


def is_number(text: str) -> bool:
    """A number by some habit, with decimals or without."""
    for decimal, thousands in ((".", ","), (",", " "), (".", " ")):
        try:
            written_number(text, "", decimal, thousands)
        except Exception:  # noqa: S112  whatever it is, it is no number by this habit
            continue
        return True
    return False


def is_month(text: str) -> bool:
    """A month of a year."""
    return month_of(text) is not None


def _fields(fields: Mapping[str, str], titles: Sequence[str]) -> dict[str, int]:
    names = [plain(title) for title in titles]
    found: dict[str, int] = {}
    for field, words in fields.items():
        for word in listed(words):
            place = next((n for n, name in enumerate(names) if name == word and n not in found.values()), None)
            if place is not None:
                found[field] = place
                break
    return found


def _cells(rows: Rows, place: int | None) -> list[str]:
    return [] if place is None else [row[place] for row in rows if row[place]]


def _most(cells: Sequence[str], test: object) -> bool:
    return bool(cells) and callable(test) and 10 * sum(bool(test(cell)) for cell in cells) >= _MOST * len(cells)


def _only_place(titles: Sequence[str], rows: Rows, taken: Mapping[str, int], test: object) -> int | None:
    fitting = [
        n for n, title in enumerate(titles) if n not in taken.values() and title and _most(_cells(rows, n), test)
    ]
    return fitting[0] if len(fitting) == 1 else None
