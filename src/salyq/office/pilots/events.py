"""What happened, in the order it happened. An event is kept once under its id; adding it again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from salyq.office.ledger.model import Written
from salyq.office.store.statements import Statements
from salyq.office.store.store import WORK, Transaction

SQL = Statements("salyq.office.pilots", "events")


class Event(NamedTuple):
    """Amounts in `body` are text: tiyn for tenge, whole units for assets, as each key says."""

    n: int
    id: str
    pilot: str
    kind: str
    subject: str
    holder: str | None
    contract: str | None
    request: str | None
    at: datetime
    body: Mapping[str, Any]


class New(NamedTuple):
    """An event to be kept."""

    id: str
    pilot: str
    kind: str
    subject: str
    at: datetime
    body: Mapping[str, Any]
    holder: str | None = None
    contract: str | None = None
    request: str | None = None


def add(tx: Transaction, events: Sequence[New]) -> None:
    """Keeps them; an id that is there already stays as it is."""
    if events:
        tx.run(SQL["add"], _rows(events))


def along(events: Sequence[New]) -> list[Written]:
    """As `add`, for the ledger to keep with what moved: both or neither."""
    return [Written(WORK, SQL["add"], _rows(events))] if events else []


def _rows(events: Sequence[New]) -> dict[str, str]:
    return {"rows": msgspec.json.encode([dict(zip(New._fields, e, strict=True)) for e in events]).decode()}


def by_id(tx: Transaction, event: str) -> Event | None:
    return tx.one(Event, SQL["by_id"], {"id": event})


def by_ids(tx: Transaction, ids: Sequence[str]) -> dict[str, Event]:
    return {e.id: e for e in tx.all(Event, SQL["by_ids"], {"ids": list(ids)})}


def of_subject(tx: Transaction, subject: str) -> list[Event]:
    return tx.all(Event, SQL["of_subject"], {"subject": subject})


def of_subjects(tx: Transaction, subjects: Sequence[str]) -> dict[str, list[Event]]:
    """Subject -> its events in order; a subject without any is there with none."""
    found: dict[str, list[Event]] = {s: [] for s in subjects}
    for event in tx.all(Event, SQL["of_subjects"], {"subjects": list(subjects)}):
        found[event.subject].append(event)
    return found


def of_holder(tx: Transaction, holder: str, first: datetime, until: datetime) -> list[Event]:
    return tx.all(Event, SQL["of_holder"], {"holder": holder, "first": first, "until": until})


def of_contract(tx: Transaction, contract: str, first: datetime, until: datetime) -> list[Event]:
    return tx.all(Event, SQL["of_contract"], {"contract": contract, "first": first, "until": until})


def latest(tx: Transaction, pilot: str, kinds: Sequence[str], limit: int = 100) -> list[Event]:
    """The last events of some kinds, newest first."""
    return tx.all(Event, SQL["latest"], {"pilot": pilot, "kinds": list(kinds), "limit": limit})


def of_contract_kind(tx: Transaction, contract: str, kinds: Sequence[str], limit: int = 100) -> list[Event]:
    """The last events of some kinds under a contract, newest first."""
    return tx.all(Event, SQL["of_contract_kind"], {"contract": contract, "kinds": list(kinds), "limit": limit})


def of_holder_kind(tx: Transaction, holder: str, kinds: Sequence[str], limit: int = 100) -> list[Event]:
    """The last events of some kinds of a holder, newest first."""
    return tx.all(Event, SQL["of_holder_kind"], {"holder": holder, "kinds": list(kinds), "limit": limit})
