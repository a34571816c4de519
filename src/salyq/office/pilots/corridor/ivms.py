"""Sender's and receiver's data (IVMS101): what must be there, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from salyq.civil.ids import check_id
from salyq.office.pilots.corridor import ivms_fields
from salyq.office.pilots.corridor.ivms_fields import Fault, blank

_ORIGINATOR = "originator"
_BENEFICIARY = "beneficiary"
_EVER = date.max  # what is lacking does not depend on the day
ADDRESS_OR_ID = ("geographicAddress", "nationalIdentification", "dateAndPlaceOfBirth")
NUMBERS = {"naturalPerson": ("customerIdentification",), "legalPerson": ("customerNumber", "customerIdentification")}


def missing(sender: object, receiver: object) -> list[str]:
    """Which fields are not there, as paths; empty where the data is whole. Wrong types count as missing."""
    return _lacking(sender, _ORIGINATOR, more=True) + _lacking(receiver, _BENEFICIARY, more=False)


def wrong(sender: object, receiver: object, today: date) -> Fault | None:
    """The first field that holds what IVMS101 does not let it hold; what is not there is missing, not wrong."""
    for party, who, path in ((sender, _ORIGINATOR, "sender"), (receiver, _BENEFICIARY, "receiver")):
        for fault in ivms_fields.faults(party, who, path, today) if isinstance(party, Mapping) else ():
            if fault.why is not None:
                return fault
    return None


def _lacking(party: object, who: str, *, more: bool) -> list[str]:
    """What every party must tell, then what the fields that it tells may not lack."""
    found = _person(party, who, more=more)
    inside = ivms_fields.faults(party, who, who, _EVER) if isinstance(party, Mapping) else ()
    return found + [f.field for f in inside if f.why is None and not f.field.endswith(".name")]


def _person(found: object, who: str, *, more: bool) -> list[str]:
    if not isinstance(found, Mapping):
        return [who]
    absent: list[str] = []
    persons = found.get(f"{who}Persons")
    person = persons[0] if isinstance(persons, list) and persons and isinstance(persons[0], Mapping) else {}
    kind = "naturalPerson" if "naturalPerson" in person else "legalPerson"
    inner = person.get(kind)
    inner = inner if isinstance(inner, Mapping) else {}
    if not _named(inner, kind):
        absent.append(f"{who}.{who}Persons.{kind}.name")
    told = (*ADDRESS_OR_ID, *NUMBERS[kind])
    if more and all(blank(inner.get(key)) for key in told):
        absent.append(f"{who}.{who}Persons.{kind}.{'|'.join((*ADDRESS_OR_ID, NUMBERS[kind][0]))}")
    number = found.get("accountNumber")
    if not (isinstance(number, list) and number and isinstance(number[0], str) and number[0].strip()):
        absent.append(f"{who}.accountNumber")
    return absent


def _named(inner: Mapping[str, Any], kind: str) -> bool:
    """A primary identifier of at least one name."""
    name = inner.get("name")
    rows = name.get("nameIdentifier") if isinstance(name, Mapping) else name
    key = "primaryIdentifier" if kind == "naturalPerson" else "legalPersonName"
    if not isinstance(rows, list):
        return False
    return any(isinstance(r, Mapping) and isinstance(r.get(key), str) and r[key].strip() for r in rows)


def account_of(found: Mapping[str, Any]) -> str:
    """The account number that the books use."""
    number = found.get("accountNumber")
    return str(number[0]).strip() if isinstance(number, list) and number else ""


def client_of(sender: Mapping[str, Any]) -> str:
    """By whom limits count: the sender's IIN or BIN where the data tells a good one, whatever his accounts; else his
    account number."""
    persons = sender.get(f"{_ORIGINATOR}Persons")
    person = persons[0] if isinstance(persons, list) and persons and isinstance(persons[0], Mapping) else {}
    inner = person.get("naturalPerson") or person.get("legalPerson")
    told = inner.get("nationalIdentification") if isinstance(inner, Mapping) else None
    number = told.get("nationalIdentifier") if isinstance(told, Mapping) else None
    return number if isinstance(number, str) and check_id(number) is None else account_of(sender)


def name_of(found: Mapping[str, Any], who: str) -> str:
    """The name for messages."""
    persons = found.get(f"{who}Persons") or [{}]
    person = persons[0] if isinstance(persons, list) and isinstance(persons[0], Mapping) else {}
    inner = person.get("naturalPerson") or person.get("legalPerson") or {}
    name = inner.get("name") if isinstance(inner, Mapping) else None
    rows = name.get("nameIdentifier") if isinstance(name, Mapping) else None
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], Mapping) else {}
    parts = [row.get("secondaryIdentifier"), row.get("primaryIdentifier"), row.get("legalPersonName")]
    return " ".join(str(p) for p in parts if p)
