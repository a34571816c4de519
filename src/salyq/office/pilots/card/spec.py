"""ISO 8583:1987 in ASCII with a length of two bytes before each message, as the acquirer sends it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import iso8583
import iso8583.specs

from salyq.civil.messages import Message

SPEC: dict[str, Any] = copy.deepcopy(iso8583.specs.default_ascii)
LONGEST = 65_535  # what two bytes of length can say
TENGE = "398"
NOTICE = "NBK special regime 51-5.2"  # field 44 of an approval, for the slip: consumers are told (law on the NBK)
NUMERIC = frozenset({"2", "3", "4", "7", "11", "12", "13", "14", "18", "32", "49", "90"})

APPROVED, PARTIAL, NO_CARD, NOT_ENOUGH, EXPIRED, OVER_LIMIT = "00", "10", "14", "51", "54", "61"
NOT_PERMITTED, SILENT, DUPLICATE, NOT_FOUND, FORMAT, FAULT = "57", "91", "94", "25", "30", "96"
ANSWERS = {"0100": "0110", "0101": "0110", "0120": "0130", "0121": "0130", "0400": "0410", "0401": "0410"}
ANSWERS |= {"0420": "0430", "0421": "0430", "0800": "0810"}
_ECHOED = ("2", "3", "4", "7", "11", "12", "13", "32", "37", "41", "42", "49", "70", "90")


class FormatError(ValueError):
    """A message that cannot be read."""


def decode(raw: bytes) -> dict[str, str]:
    """The fields of a message; "t" is its type. FormatError for anything else."""
    try:
        found, _ = iso8583.decode(raw, SPEC)
    except iso8583.DecodeError as error:
        raise FormatError(str(error)) from error
    fields = {k: str(v) for k, v in found.items()}
    for name, value in fields.items():
        if not (value.isascii() and value.isprintable()):
            raise FormatError(f"field {name} has what cannot be printed")
    for name in NUMERIC & fields.keys():
        if not (fields[name].isascii() and fields[name].isdigit()):
            raise FormatError(f"field {name} is no number")
    return fields


def encode(fields: Mapping[str, str]) -> bytes:
    """The message with its two bytes of length."""
    raw, _ = iso8583.encode(dict(fields), SPEC)
    return len(raw).to_bytes(2, "big") + bytes(raw)


def answer(asked: Mapping[str, str], code: str, **more: str) -> dict[str, str]:
    """An answer that repeats what the acquirer needs to recognise it."""
    made = {"h": asked.get("h", ""), "t": ANSWERS.get(asked["t"], f"{asked['t'][:2]}10"), "39": code}
    made |= {name: asked[name] for name in _ECHOED if name in asked}
    return made | {name.removeprefix("f"): value for name, value in more.items()}


def key(fields: Mapping[str, str]) -> str:
    """What names an authorisation: (32, 11, 7, 37)."""
    return "/".join(fields.get(name, "").strip() for name in ("32", "11", "7", "37"))


def original(fields: Mapping[str, str]) -> tuple[str, str, str] | None:
    """(acquirer, STAN, time) of the message that field 90 speaks of; leading zeros of the acquirer are no content."""
    text = fields.get("90", "")
    if len(text) != 42:
        return None
    return text[20:31].lstrip("0"), text[4:10], text[10:20]


def tiyn_text(amount: int) -> str:
    """An amount of field 4: twelve digits."""
    return f"{amount:012d}"


def balance_text(amount: int) -> str:
    """Field 54: the available amount of a checking account in tenge."""
    return f"0002{TENGE}{'D' if amount < 0 else 'C'}{abs(amount):012d}"


WORDS = {
    APPROVED: Message("card_approved"),
    PARTIAL: Message("card_partial"),
    NO_CARD: Message("card_none"),
    NOT_ENOUGH: Message("card_not_enough"),
    EXPIRED: Message("card_expired"),
    OVER_LIMIT: Message("card_over_limit"),
    NOT_PERMITTED: Message("card_not_permitted"),
    SILENT: Message("card_silent"),
    DUPLICATE: Message("card_duplicate"),
    NOT_FOUND: Message("card_not_found"),
    FORMAT: Message("card_format"),
    FAULT: Message("card_fault"),
}
