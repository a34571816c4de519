"""A year of the corridor as files, on the side that runs under the contract: what each carried out payment means for
reports. CARF lines and their users for `salyq carf`, and the operations that law wants told (threshold reports).

A payment carried out is two CARF operations of its sender: the leg bought for tenge, without the fee, and the leg sent
to the provider abroad. No law of Kazakhstan asks for CARF: the lines are ready, not due. Whether the provider abroad
reports under CARF is not known here, so the kind of the transfer stays open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from salyq.civil.days import kz_midnight
from salyq.civil.numbers import format_scaled
from salyq.office.ledger.assets import SCALES, shown
from salyq.office.pilots import asks, events
from salyq.office.pilots.corridor import ivms
from salyq.office.pilots.corridor.accounts import LEG
from salyq.office.pilots.corridor.node import fold
from salyq.office.pilots.events import Event
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.store.store import Transaction
from salyq.present.as_csv import table_csv

CARF = ("user", "time", "asset", "kind", "units", "amount", "currency", "transfer_type", "exchange", "wallet")
USERS = (
    "id",
    "kind",
    "first_name",
    "last_name",
    "name",
    "birth_date",
    "address",
    "city",
    "country",
    "residence",
    "tin",
)
_TAX_NUMBERS = ("TXID", "IDCD", "NIDN")  # in Kazakhstan the IIN is both; a passport is none; NIDN: kept before 2026-11
NOT_DUE = "no law or commitment of Kazakhstan on CARF was found (docs/carf.md)"


class Carried(NamedTuple):
    """A payment carried out: the event that says so, and what was agreed."""

    event: Event
    body: Mapping[str, Any]


def carried(tx: Transaction, contract: str, year: int) -> list[Carried]:
    """The payments of a contract that were carried out in a year, in order; what was refused moved nothing."""
    first, until = kz_midnight(date(year, 1, 1)), kz_midnight(date(year + 1, 1, 1))
    done = [
        e
        for e in events.of_contract(tx, contract, first, until)
        if e.kind == "done" and e.pilot == "corridor" and e.body.get("state") in ("fulfilled", "settled")
    ]
    stories = events.of_subjects(tx, [e.subject for e in done])
    folded = [(e, fold(stories[e.subject])) for e in done]
    return [Carried(e, p.body) for e, p in folded if p is not None]


def files(found: Sequence[Carried], contract: Contract, year: int) -> dict[str, str]:
    """Name -> text of every file."""
    users = {ivms.account_of(c.body["sender"]): _user(c.body["sender"]) for c in found}
    return {
        "carf.csv": table_csv(CARF, (row for c in found for row in _carf(c))),
        "users.csv": table_csv(USERS, users.values()),
        "reports.json": json.dumps(reports(found, contract, year), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    }


def reports(found: Sequence[Carried], contract: Contract, year: int) -> dict[str, Any]:
    """Payments that law wants told, each with article and due day; what law did not answer is unknown."""
    told: dict[str, list[dict[str, Any]]] = {"yes": [], "unknown": [], "no": []}
    for c in found:
        tiyn = int(c.body["send_amount"])
        asked = asks.threshold_report(contract.terms, tiyn, c.event.at)
        row = {"event": c.event.id, "at": c.event.at.isoformat(), "sender": ivms.account_of(c.body["sender"])}
        told[asked.verdict].append({**row, "amount_kzt": shown(tiyn, "KZT"), **asked.told()})
    about = {"contract": contract.id, "year": year, "payments": len(found), "carf": NOT_DUE}
    return {**about, "reports": told["yes"], "unknown": told["unknown"]}


def _carf(c: Carried) -> Iterable[dict[str, str]]:
    b = c.body
    paid = shown(int(b["send_amount"]) - int(b["fee"]), "KZT")
    row = {"user": ivms.account_of(b["sender"]), "time": c.event.at.isoformat(), "asset": LEG, "currency": "KZT"}
    row |= {"units": format_scaled(int(b["leg_amount"]), SCALES[LEG]), "amount": paid}
    return {**row, "kind": "crypto_fiat_in"}, {**row, "kind": "transfer_out"}


def _user(sender: Mapping[str, Any]) -> dict[str, str]:
    """What the sender's data (IVMS101) says; what it does not say is blank, for the provider to fill in."""
    persons = sender.get("originatorPersons")
    person = persons[0] if isinstance(persons, list) and persons and isinstance(persons[0], Mapping) else {}
    natural = person.get("naturalPerson")
    inner = _mapping(natural or person.get("legalPerson"))
    name = _first(_mapping(inner.get("name")).get("nameIdentifier"))
    place, number = _first(inner.get("geographicAddress")), _mapping(inner.get("nationalIdentification"))
    row = {"id": ivms.account_of(sender), "kind": "individual" if natural else "entity"}
    row |= {"first_name": _text(name, "secondaryIdentifier"), "last_name": _text(name, "primaryIdentifier")}
    numbered = _text(number, "nationalIdentifierType") in _TAX_NUMBERS
    row |= {"name": _text(name, "legalPersonName"), "tin": _text(number, "nationalIdentifier") if numbered else ""}
    row |= {"birth_date": _text(_mapping(inner.get("dateAndPlaceOfBirth")), "dateOfBirth")}
    row |= {"address": " ".join(filter(None, (_text(place, k) for k in ("streetName", "buildingNumber"))))}
    row |= {"city": _text(place, "townName"), "country": _text(place, "country")}
    return {**row, "residence": _text(inner, "countryOfResidence")}


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _first(found: object) -> Mapping[str, Any]:
    return _mapping(found[0]) if isinstance(found, list) and found else {}


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key, "")
    return value if isinstance(value, str) else ""
