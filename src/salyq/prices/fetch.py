"""Official exchange rates of the National Bank into the price store: only missing days, whole or not at all.

Raw answers are kept as they come, so a run that breaks off goes on where it stopped. The store is written once, at
the end, in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from salyq.civil.currencies import is_currency
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.prices.fetch_http import Bank
from salyq.prices.fetch_kept import KeptAnswers
from salyq.prices.fetch_xml import DayAnswer, FeedFault, NotRates, read_answer
from salyq.prices.rows import StoredRate, StoredSource
from salyq.prices.store import Imported, PriceStore, data_folder

# The bank answers every day, days off too; so many days in a row without a rate are before its first day or after
# its last, and asking on would only be a burden to it.
EMPTY_IN_A_ROW = 31

Progress = Callable[[str, int, int], None]


@dataclass
class Fetched:
    """What became of each day and each item.

    Every day is asked, kept (answered in an earlier run), stored (all wanted currencies were there) or `not_asked`;
    a day of `empty` has no rates at the bank. `absent`: wanted currencies that an answer does not hold.
    `left_out`: items in money that is no ISO 4217 currency. `faults`: items that cannot be used, with their address.
    """

    asked: int = 0
    kept: int = 0
    stored: int = 0
    empty: list[date] = field(default_factory=list)
    not_asked: list[date] = field(default_factory=list)
    absent: dict[str, list[date]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[str, FeedFault]] = field(default_factory=list)
    rates: list[StoredRate] = field(default_factory=list)
    imported: Imported = field(default_factory=lambda: Imported(0, 0, 0))


def kept_folder(bank: Bank) -> Path:
    """Where answers of this bank address are kept: below the person's data, a folder an address."""
    plain = "".join(c if c.isalnum() or c in ".-" else "_" for c in bank.base.partition("://")[2].lower())
    return data_folder() / "fetched" / plain[:100]


def fetch_rates(
    store: PriceStore,
    bank: Bank,
    kept: KeptAnswers,
    first: date,
    last: date,
    *,
    currencies: Sequence[str] = (),
    refresh: bool = False,
    progress: Progress | None = None,
) -> Fetched:
    """Rates of `currencies` (none named: all) for each day from `first` to `last`, both included, into the store.

    A rate that differs from one in the store is InputError `conflicting_quotes`; with `refresh` every day is asked
    anew and the bank's rate takes the place of the other. InputError also where the bank cannot be reached or its
    answer is no list of rates. Whatever the error, the store stays as it was.
    """
    wanted = frozenset(currencies)
    there = {(rate.currency, rate.day) for rate in store.load()[1] if rate.kind == "official"}
    found = Fetched()
    days = list(_days(first, last))
    in_a_row = 0
    for done, day in enumerate(days):
        if progress is not None:
            progress(day.isoformat(), done, len(days))
        if in_a_row == EMPTY_IN_A_ROW:
            found.not_asked = days[done:]
            break
        if wanted and not refresh and all((code, day) in there for code in wanted):
            found.stored += 1
            in_a_row = 0
            continue
        raw, answer = _answer(bank, kept, day, refresh, found)
        in_a_row = 0 if answer.rates or answer.faults else in_a_row + 1
        _take(bank.address(day), bank.origin(day), day, raw, answer, wanted, found)
    if progress is not None:
        progress(last.isoformat(), len(days), len(days))
    if found.rates:
        found.imported = store.import_rows((), found.rates, replace=refresh)
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _answer(bank: Bank, kept: KeptAnswers, day: date, refresh: bool, found: Fetched) -> tuple[bytes, DayAnswer]:
    """The kept answer if it is sound, else the bank's. A day without rates is not kept: they may be set later."""
    raw = None if refresh else kept.get(day)
    if raw is not None:
        try:
            answer = _read(raw, day)
        except NotRates:  # damaged on our disk: not the bank's fault, ask again
            pass
        else:
            found.kept += 1
            return raw, answer
    raw = bank.answer(day)
    try:
        answer = _read(raw, day)
    except NotRates as error:
        reason = Message("fetch_not_rates", {"reason": error.message})
        raise InputError(reason, file=bank.address(day)) from None
    found.asked += 1
    if answer.rates or answer.faults:
        kept.put(day, raw)
    return raw, answer


def _read(raw: bytes, day: date) -> DayAnswer:
    answer = read_answer(raw)
    if answer.day is not None and answer.day != day:
        raise NotRates("fetch_other_day", day=answer.day)
    return answer


def _take(
    url: str, origin: str, day: date, raw: bytes, answer: DayAnswer, wanted: frozenset[str], found: Fetched
) -> None:
    """Puts the wanted rates of one answer into `found`, and says what became of the other items."""
    digest = hashlib.sha256(raw).hexdigest()
    held = set()
    for fault in answer.faults:
        if not wanted or not fault.currency or fault.currency in wanted:
            held.add(fault.currency)
            found.faults.append((url, fault))
    for rate in answer.rates:
        held.add(rate.currency)
        if not is_currency(rate.currency) or rate.currency == "KZT":
            found.left_out[rate.currency] = found.left_out.get(rate.currency, 0) + 1
        elif not wanted or rate.currency in wanted:
            source = StoredSource(url, rate.line, digest)
            found.rates.append(StoredRate(day, rate.currency, rate.rate, rate.quantity, origin, "official", source))
    if not (answer.rates or answer.faults):
        found.empty.append(day)
        return
    for code in sorted(wanted - held):
        found.absent.setdefault(code, []).append(day)
