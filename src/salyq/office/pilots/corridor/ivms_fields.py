"""IVMS101 field by field: which types, lengths, codes and days each field of a person may have, and what it may not
lack once it is there.

Taken from the standard as TRISA's classes and test payloads (MIT) and the schema of the CODE protocol carry it. Not
held: that a legal person's number names an authority of GLEIF's list and no country (its C9 and C10: implementations
differ, and the list is not here). Fields that the standard does not know are kept and not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from salyq.civil.messages import Message
from salyq.forms.countries import countries

NATURAL_NAMES = ("ALIA", "BIRT", "MAID", "LEGL", "MISC")
LEGAL_NAMES = ("LEGL", "SHRT", "TRAD")
ADDRESSES = ("HOME", "BIZZ", "GEOG")
NUMBERS = ("ARNU", "CCPT", "RAID", "DRLC", "FIIN", "TXID", "SOCS", "IDCD", "LEIX", "MISC")
LEGAL_NUMBERS = ("RAID", "MISC", "LEIX", "TXID")
_MOST_LINES = 7
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AUTHORITY = re.compile(r"RA[0-9]{6}")
_LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z ._-]{0,33}")


class Fault(NamedTuple):
    """`field` is the path; `why` what would be right, or None where the field is not there and must be."""

    field: str
    why: Message | None


Check = Callable[[object, str, date], Iterator[Fault]]


def blank(value: object) -> bool:
    """Whether nothing was said."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def text(most: int) -> Check:
    def check(value: object, path: str, _: date) -> Iterator[Fault]:
        if not isinstance(value, str) or len(value) > most:
            yield Fault(path, Message("ivms_text", {"most": most}))

    return check


def one_of(known: Collection[str]) -> Check:
    def check(value: object, path: str, _: date) -> Iterator[Fault]:
        if value not in known:
            yield Fault(path, Message("ivms_code", {"known": ", ".join(known)}))

    return check


def country(value: object, path: str, _: date) -> Iterator[Fault]:
    if not isinstance(value, str) or (value != "XX" and value not in countries()):
        yield Fault(path, Message("ivms_country"))


def day(value: object, path: str, today: date) -> Iterator[Fault]:
    try:
        past = isinstance(value, str) and bool(_DAY.fullmatch(value)) and date.fromisoformat(value) < today
    except ValueError:
        past = False
    if not past:
        yield Fault(path, Message("ivms_day"))


def authority(value: object, path: str, _: date) -> Iterator[Fault]:
    if not isinstance(value, str) or not _AUTHORITY.fullmatch(value):
        yield Fault(path, Message("ivms_authority"))


def accounts(value: object, path: str, today: date) -> Iterator[Fault]:
    """The first is the one that the books use: a message of ISO 20022 must carry it whole (34 characters)."""
    first = value[0] if isinstance(value, list) and value else None
    if not isinstance(value, list) or not isinstance(first, str) or not _ACCOUNT.fullmatch(first.strip()):
        yield Fault(path, Message("ivms_account"))
        return
    yield from rows(text(100))(value, path, today)


def rows(each: Check, most: int | None = None) -> Check:
    def check(value: object, path: str, today: date) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(path, Message("ivms_list"))
            return
        if most is not None and len(value) > most:
            yield Fault(path, Message("ivms_most", {"most": most}))
        for n, row in enumerate(value):
            yield from each(row, f"{path}[{n}]", today)

    return check


@dataclass(frozen=True, slots=True)
class Table:
    """An object: its fields, those it may not lack, and what else must hold between them."""

    fields: Mapping[str, Check]
    required: tuple[str, ...] = ()
    more: Check | None = None

    def __call__(self, value: object, path: str, today: date) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault(path, Message("ivms_object"))
            return
        for name, check in self.fields.items():
            if not blank(value.get(name)):
                yield from check(value[name], f"{path}.{name}", today)
            elif name in self.required:
                yield Fault(f"{path}.{name}", None)
        if self.more is not None:
            yield from self.more(value, path, today)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _legal_name(type_of: str) -> Check:
    """C5, C6: one of the names is the legal one."""

    def check(value: object, path: str, _: date) -> Iterator[Fault]:
        found = _mapping(value).get("nameIdentifier")
        told = [_mapping(n).get(type_of) for n in found] if isinstance(found, list) else []
        if told and all(isinstance(x, str) and x for x in told) and "LEGL" not in told:
            yield Fault(f"{path}.nameIdentifier", Message("ivms_legal_name"))

    return check


def _place(value: object, path: str, _: date) -> Iterator[Fault]:
    """C8: a line of an address, or a street with a building."""
    found = _mapping(value)
    building = not blank(found.get("buildingName")) or not blank(found.get("buildingNumber"))
    if blank(found.get("addressLine")) and (blank(found.get("streetName")) or not building):
        yield Fault(f"{path}.addressLine|streetName", None)


def _number(value: object, path: str, _: date) -> Iterator[Fault]:
    """C11: a LEI has the check digits of ISO 17442."""
    found = _mapping(value)
    told = found.get("nationalIdentifier")
    if found.get("nationalIdentifierType") != "LEIX" or not isinstance(told, str):
        return
    if not _LEI.fullmatch(told) or int("".join(str(int(c, 36)) for c in told)) % 97 != 1:
        yield Fault(f"{path}.nationalIdentifier", Message("ivms_lei"))


def _names(kind: Mapping[str, Check], required: tuple[str, ...], type_of: str) -> Table:
    one = rows(Table(kind, required))
    fields = dict.fromkeys(("nameIdentifier", "localNameIdentifier", "phoneticNameIdentifier"), one)
    return Table(fields, (), _legal_name(type_of))


def _national(types: Collection[str]) -> Table:
    fields = {"nationalIdentifier": text(35), "nationalIdentifierType": one_of(types), "countryOfIssue": country}
    fields["registrationAuthority"] = authority
    return Table(fields, ("nationalIdentifier", "nationalIdentifierType"), _number)


_LENGTHS = {"department": 50, "subDepartment": 70, "streetName": 70, "buildingNumber": 16, "buildingName": 35}
_LENGTHS |= {"floor": 70, "postBox": 16, "room": 70, "postCode": 16, "postcode": 16, "townName": 35}
_LENGTHS |= {"townLocationName": 35, "districtName": 35, "countrySubDivision": 35}
_ADDRESS = Table(
    {
        "addressType": one_of(ADDRESSES),
        **{name: text(most) for name, most in _LENGTHS.items()},
        "addressLine": rows(text(70), _MOST_LINES),
        "country": country,
    },
    ("addressType", "country"),
    _place,
)
_NATURAL_NAME = {"primaryIdentifier": text(100), "secondaryIdentifier": text(100)}
_NATURAL_NAME["nameIdentifierType"] = one_of(NATURAL_NAMES)
_LEGAL_NAME = {"legalPersonName": text(100), "legalPersonNameIdentifierType": one_of(LEGAL_NAMES)}
NATURAL = Table(
    {
        "name": _names(_NATURAL_NAME, ("primaryIdentifier", "nameIdentifierType"), "nameIdentifierType"),
        "geographicAddress": rows(_ADDRESS),
        "nationalIdentification": _national(NUMBERS),
        "customerIdentification": text(50),
        "dateAndPlaceOfBirth": Table({"dateOfBirth": day, "placeOfBirth": text(70)}, ("dateOfBirth", "placeOfBirth")),
        "countryOfResidence": country,
    },
    ("name",),
)
LEGAL = Table(
    {
        "name": _names(
            _LEGAL_NAME, ("legalPersonName", "legalPersonNameIdentifierType"), "legalPersonNameIdentifierType"
        ),
        "geographicAddress": rows(_ADDRESS),
        "nationalIdentification": _national(LEGAL_NUMBERS),
        "customerNumber": text(50),
        "customerIdentification": text(50),
        "countryOfRegistration": country,
    },
    ("name",),
)


def _one_person(value: object, path: str, _: date) -> Iterator[Fault]:
    found = [k for k in ("naturalPerson", "legalPerson") if not blank(_mapping(value).get(k))]
    if len(found) > 1:
        yield Fault(path, Message("ivms_one_person"))


_PERSON = Table({"naturalPerson": NATURAL, "legalPerson": LEGAL}, (), _one_person)


def faults(party: object, who: str, path: str, today: date) -> Iterator[Fault]:
    """What is wrong or lacking in a party's fields; `who` is originator or beneficiary, `path` what fields begin with.
    That something is there at all is asked by `ivms.missing`."""
    yield from Table({"accountNumber": accounts, f"{who}Persons": rows(_PERSON)})(party, path, today)
