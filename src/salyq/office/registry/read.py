"""Reading registers: any day of the world, as known at any time (E2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from salyq.civil.days import kz_day
from salyq.office.registry.book import ORDER, register, registers
from salyq.office.registry.model import RegisterEntry, Subject
from salyq.office.registry.search import MOST, WHOLE, search
from salyq.office.store.errors import StoreError
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.registry", "records")
PAGE, LARGEST = 25, 500
BY = ("month", "region", "kind", "status")


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day in the world, and the moment of knowing (None: now)."""

    on: date
    known: datetime | None = None

    @classmethod
    def now(cls, tx: Transaction) -> AsOf:
        return cls(kz_day(tx.now))


class Record(NamedTuple):
    """A record on a day. The columns of sql/search.sql come in this order."""

    register: str
    number: str
    status: str
    subject_id: str
    subject_name: str
    fields: dict[str, Any]
    valid_from: date
    valid_to: date | None
    granted: date
    entry: int
    score: object = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a register: words or a number `q`, a status, a region (KATO), a kind; a page after `cursor`."""

    q: str = ""
    status: str | None = None
    region: str | None = None
    kind: str | None = None
    limit: int = PAGE
    cursor: str = ""


class Found(NamedTuple):
    """`total` is exact for a list; of a search, what was found, at most search.MOST, and `more` says that there are
    more than these. `next` is the next cursor.
    """

    items: list[Record]
    total: int
    next: str | None
    more: bool = False


class Listed(NamedTuple):
    code: str
    active: int
    total: int


def entry_of(row: Mapping[str, Any]) -> RegisterEntry:
    """From the log's row (position, recorded_at, doc, office) to an entry of a register."""
    doc = row["doc"]
    return RegisterEntry(
        position=row["position"],
        recorded_at=row["recorded_at"],
        register=doc["register"],
        number=doc["number"],
        event=doc["event"],
        valid_from=date.fromisoformat(doc["valid_from"]),
        ground=doc["ground"],
        subject=Subject(doc["subject"]["id"], doc["subject"]["name"]),
        fields=doc["fields"],
        corrects=doc.get("corrects"),
        office=row.get("office") or "",
        by=doc.get("by", ""),
    )


def listed(tx: Transaction, on: date | None = None) -> list[Listed]:
    """Every register that the asker may see, with how many records there are."""
    day = on or AsOf.now(tx).on
    counted = tx.store.remembered.get(tx, ("counts", day), lambda: tx.values(SQL["counts"], {"on": day}))
    rows = {r: (active, total) for r, active, total in counted}
    mine = set(tx.access.offices)
    shown = [c for c in ORDER if registers()[c].public or c in rows or mine & set(registers()[c].offices())]
    return [Listed(c, *rows.get(c, (0, 0))) for c in shown]


def record(tx: Transaction, code: str, number: str, as_of: AsOf | None = None) -> Record | None:
    """The record's state on the day, or None: not there, not there yet, or not to be seen."""
    register(code)
    if "\x00" in number:
        return None
    day = as_of or AsOf.now(tx)
    query = SQL["record_now"] if day.known is None else SQL["record"]
    return tx.one(Record, query, {"register": code, "number": number, "on": day.on, "known": day.known})


def history(tx: Transaction, code: str, number: str, known: datetime | None = None) -> list[RegisterEntry]:
    """Its entries in the order in which they were recorded."""
    if "\x00" in number:
        return []
    rows = tx.dicts(SQL["entries_of"], {"streams": [f"{code}/{number}"], "known": known})
    return [entry_of(row) for row in rows]


def records(tx: Transaction, code: str, wanted: Wanted, as_of: AsOf | None = None) -> Found:
    """A page of the register: a list by number, or what a search finds, the best first."""
    register(code)
    day = as_of or AsOf.now(tx)
    limit = max(1, min(wanted.limit, LARGEST))
    params = _params(code, wanted, day) | {"after": wanted.cursor, "limit": limit + 1}
    if wanted.q.strip():
        return _search(tx, wanted.q.strip()[:200], params, limit)
    suffix = "now" if day.known is None else "known"
    rows = tx.all(Record, SQL[f"records_{suffix}"], params)
    total = _total(tx, f"count_{suffix}", params)
    return Found(rows[:limit], total, rows[limit - 1].number if len(rows) > limit else None)


def _params(code: str, wanted: Wanted, day: AsOf) -> dict[str, Any]:
    filters = {"status": wanted.status, "region": wanted.region, "kind": wanted.kind}
    return {"register": code, "on": day.on, "known": day.known, **filters}


def _total(tx: Transaction, query: str, params: Mapping[str, Any]) -> int:
    """How many there are, counted once for each state of the log: a million take a second."""
    about = (query, *(params[k] for k in ("register", "on", "known", "status", "region", "kind")))
    return tx.store.remembered.get(tx, about, lambda: int(tx.value(SQL[query], params)))


def _search(tx: Transaction, q: str, params: dict[str, Any], limit: int) -> Found:
    after = str(params["after"])
    start = min(int(after), MOST) if re.fullmatch("[0-9]{1,6}", after) else 0
    page, total, more = search(tx, Record, q, {**params, "start": start, "limit": limit})
    return Found(page, total, str(start + limit) if start + limit < total else None, more)


def every_record(tx: Transaction, code: str, wanted: Wanted, as_of: AsOf) -> Iterator[Record]:
    """Everything that the filters let through, for a file: a list by number, all that a search finds by rank."""
    if q := wanted.q.strip()[:200]:
        params = _params(code, wanted, as_of)
        yield from search(tx, Record, q, {**params, "start": 0, "limit": WHOLE}, WHOLE).rows
        return
    cursor: str | None = ""
    while cursor is not None:
        page = records(tx, code, replace(wanted, limit=LARGEST, cursor=cursor), as_of)
        yield from page.items
        cursor = page.next


def statistics(tx: Transaction, code: str, by: str, as_of: AsOf | None = None) -> list[tuple[str, int]]:
    """How many records: by status on the day; active ones by region, kind, or at the end of each month."""
    register(code)
    if by not in BY:
        raise StoreError("registry_bad_by", by=by, choices=", ".join(BY))
    day = as_of or AsOf.now(tx)
    known = day.known or datetime.max.replace(tzinfo=UTC)
    about = (f"by_{by}", code, day.on, day.known)
    return tx.store.remembered.get(tx, about, lambda: _counted(tx, code, by, day.on, known))


def _counted(tx: Transaction, code: str, by: str, on: date, known: datetime) -> list[tuple[str, int]]:
    first = tx.value(SQL["first_day"], {"register": code})
    params = {"register": code, "on": on, "known": known, "first": first or on}
    return [(what, count) for what, count in tx.values(SQL[f"by_{by}"], params)]


def of_subjects(
    tx: Transaction, ids: Sequence[str], first: date | None = None, last: date | None = None
) -> list[Record]:
    """Every record of these organisations that the asker may see: today, on a day, or each state that a record had
    between two days. Whose a record is may change, too.
    """
    start = first or AsOf.now(tx).on
    return tx.all(Record, SQL["of_subject"], {"ids": list(ids), "first": start, "last": last or start})
