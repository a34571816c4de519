"""Whether what is to be written of a record is what its register holds: one message a fault, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.office.registry.book import ORDER, regions
from salyq.office.registry.model import Field, Register, Subject

_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,18})?")
_MONEY = re.compile(r"[0-9]{1,18}(\.[0-9]{1,2})?")
LONGEST = 2000


class Fault(NamedTuple):
    """`field` is number, event, subject, valid_from or a field's name."""

    field: str
    message: Message
    value: str = ""


def check_entry(
    spec: Register, number: str, event: str, valid_from: date, subject: Subject, fields: Mapping[str, Any]
) -> list[Fault]:
    """Faults of one entry by itself; whether it may follow what is there is the fold's to say."""
    found: list[Fault] = []
    if not re.fullmatch(spec.number.pattern, number):
        found.append(Fault("number", Message("registry_bad_number", {"example": spec.number.example}), number))
    if event not in spec.events:
        found.append(Fault("event", Message("registry_bad_event", {"events": ", ".join(spec.events)}), event))
    if valid_from < spec.first:
        found.append(Fault("valid_from", Message("registry_before_law", {"first": spec.first.isoformat()})))
    if subject.id and (wrong := check_id(subject.id)):
        found.append(Fault("subject", wrong, subject.id))
    if not 0 < len(subject.name.strip()) <= LONGEST:
        found.append(Fault("subject", Message("registry_no_name")))
    names = {f.name for f in spec.fields}
    found += [
        Fault(n, Message("registry_unknown_field", {"fields": ", ".join(sorted(names))})) for n in fields.keys() - names
    ]
    for field in spec.fields:
        found += _check_field(field, fields.get(field.name), event, valid_from)
    return found


def _check_field(field: Field, value: object, event: str, day: date) -> list[Fault]:
    in_force = (field.first is None or field.first <= day) and (field.last is None or day <= field.last)
    if value is None:
        wanted = field.required and in_force and event == "granted"
        return [Fault(field.name, Message("registry_field_missing"))] if wanted else []
    wrong = wrong_value(field, value)
    return [] if wrong is None else [Fault(field.name, wrong, str(value)[:100])]


def wrong_value(field: Field, value: object) -> Message | None:
    """None for a good value of the field, else what would be right."""
    if field.type == "flag":
        return None if isinstance(value, bool) else Message("registry_not_a_flag")
    if field.type == "whole":
        good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if good else Message("registry_not_whole")
    if field.type == "list":
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            return Message("registry_not_a_list")
        odd = [v for v in value if field.choices and v not in field.choices]
        return Message("registry_not_a_choice", {"choices": ", ".join(field.choices)}) if odd else None
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        return Message("registry_not_text", {"longest": LONGEST})
    return _wrong_text(field, value)


def _wrong_text(field: Field, value: str) -> Message | None:
    if field.type == "choice" and value not in field.choices:
        return Message("registry_not_a_choice", {"choices": ", ".join(field.choices)})
    if field.type == "day" and not _is_day(value):
        return Message("registry_not_a_day")
    if field.type == "decimal" and not _DECIMAL.fullmatch(value):
        return Message("registry_not_a_number")
    if field.type == "money" and not _MONEY.fullmatch(value):
        return Message("registry_not_money")
    if field.type == "region" and value not in regions():
        return Message("registry_not_a_region")
    if field.type == "register" and value not in ORDER:
        return Message("registry_not_a_choice", {"choices": ", ".join(ORDER)})
    if field.type == "bin":
        return check_id(value)
    return None


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
