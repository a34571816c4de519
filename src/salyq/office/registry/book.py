"""The registers that are shipped, and the words of their fields, statuses, events, offices and regions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from salyq.civil.messages import Message, Words
from salyq.civil.reader import shown_day
from salyq.office.registry.model import Register
from salyq.office.store.errors import StoreError

# The order in which people look for them.
ORDER = (
    *("miners", "pools", "data_centres", "mining_hardware"),
    *("exchange_operators", "trading_platforms", "dfa_platforms", "dfa_issues"),
    *("aifc_participants", "sandbox_participants", "city_residents", "city_permits"),
    *("secured_issuers", "measures", "criminal_wallets"),
)


class UnknownRegister(StoreError):
    pass


@cache
def registers() -> Mapping[str, Register]:
    """Every register by its code. A file that says something unknown does not load (msgspec names the key)."""
    folder = files("salyq.office.registry") / "registers"
    read = {code: (folder / f"{code}.toml").read_bytes() for code in ORDER}
    return {code: msgspec.toml.decode(data, type=Register) for code, data in read.items()}


def register(code: str) -> Register:
    """The register, or UnknownRegister naming those there are."""
    found = registers().get(code)
    if found is None:
        raise UnknownRegister("registry_unknown_register", name=code, codes=", ".join(ORDER))
    return found


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads((files("salyq.office.registry") / "fields.toml").read_text(encoding="utf-8"))


def words(section: str, name: str) -> Words:
    """Words of a `field`, `choice`, `status`, `event`, `office` or `region`; the name itself where there are none."""
    found = _words()[section].get(name)
    return Words(name, name, name) if found is None else Words(found["kk"], found["ru"], found["en"])


def status_words(spec: Register, status: str) -> Words:
    """A register may call a status by its own name (a measure is performed, not surrendered)."""
    own = spec.status.get(status)
    return words("status", status) if own is None else Words(**own)


def regions(on: date | None = None) -> list[str]:
    """KATO codes of level 1, those that were regions on the day."""
    every = _words()["region"]
    return [code for code, said in every.items() if on is None or said.get("from", date.min) <= on]


def offices() -> list[str]:
    return list(_words()["office"])


def title(code: str, lang: str) -> str:
    return register(code).title().text(lang)


def value_shown(spec: Register, name: str, value: object, lang: str) -> str:
    """A field's value for people: words of a choice, a region's name, yes or no."""
    field = spec.field(name)
    if isinstance(value, bool):
        return Message("registry_yes" if value else "registry_no").text(lang)
    if isinstance(value, list):
        return ", ".join(value_shown(spec, name, part, lang) for part in value)
    if field is not None and field.type == "region":
        return words("region", str(value)).text(lang)
    if field is not None and field.choices:
        return words("choice", str(value)).text(lang)
    if field is not None and field.type == "day":
        return shown_day(date.fromisoformat(str(value)), lang)
    if field is not None and field.type == "register" and value in registers():
        return title(str(value), lang)
    return str(value)
