"""The facts of a case's person as a form: what is asked most; every other key of person.toml stays as it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.law.facts import STATED, Year
from salyq.records.person import INDIVIDUAL, PERSON_KINDS
from salyq.records.person_file import person_from
from salyq.rulebook.rows import kind_of

MONEY = ("employment_income_taxable", "personal_income_tax_withheld", "base_deduction", "social_deduction")
MONEY_OTHER = ("other_income",)
NAME = "person.toml"
_PLACES = ("KZ", "other")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form shows: `accounts` (name, facts) and `years` (year, money by fact)."""

    kind: str
    name: str
    resident: bool
    region: str
    accounts: Sequence[tuple[str, Mapping[str, Any]]]
    years: Sequence[tuple[int, Mapping[str, Any]]]


def money_of(kind: str) -> list[str]:
    """The sums of a year that law asks of this kind of person."""
    told = kind_of(Year).facts
    return [m for m in MONEY + MONEY_OTHER if not told[m].of or kind in told[m].of]


def first_text(subject: str, kind: str, name: str) -> str:
    """The facts of a new case."""
    data: dict[str, Any] = {"kind": kind if kind in PERSON_KINDS else INDIVIDUAL, "resident": True}
    if subject:
        data = {"id": subject, **data}
    if name:
        data["name"] = name
    return dump(data)


def facts(text: str, accounts: Sequence[str], years: Sequence[int]) -> Facts:
    """The form of a person.toml, with the accounts and years that the files tell of."""
    data = loads(text)
    stated = {str(a.get("name")): a for a in data.get("account", []) if isinstance(a, dict)}
    told = {a: stated.get(a, {}) for a in (*stated, *accounts)}
    by_year = {y.get("year"): y for y in data.get("year", []) if isinstance(y, dict)}
    shown = sorted({*years, *(y for y in by_year if isinstance(y, int))})
    return Facts(
        str(data.get("kind", INDIVIDUAL)),
        str(data.get("name", "")),
        data.get("resident") is not False,
        str(data.get("region", "")),
        list(told.items()),
        [(y, by_year.get(y, {})) for y in shown],
    )


def changed(text: str, form: Mapping[str, str]) -> str:
    """The person.toml with what the form says. InputError as the reader of the engine says it."""
    data = loads(text)
    data["kind"] = form.get("kind", data.get("kind", INDIVIDUAL))
    data["resident"] = form.get("resident", "yes") == "yes"
    for key in ("name", "region"):
        _set(data, key, form.get(key, "").strip())
    accounts = {str(a.get("name")): dict(a) for a in data.get("account", [])}
    for n in range(40):
        name = form.get(f"a{n}.name", "").strip()
        if name:
            mine = accounts.setdefault(name, {"name": name})
            _set(mine, "country", form.get(f"a{n}.country", "").strip().upper())
            for flag in ("own", "aifc_exchange"):
                value = form.get(f"a{n}.{flag}", "")
                if value or flag in mine:
                    mine[flag] = value == "yes"
    if accounts:
        data["account"] = list(accounts.values())
    years = {int(y["year"]): dict(y) for y in data.get("year", []) if isinstance(y.get("year"), int)}
    for n in range(20):
        year = form.get(f"y{n}.year", "")
        if year.isascii() and year.isdigit() and len(year) == 4:
            money = {k: form.get(f"y{n}.{k}", "").strip() for k in MONEY + MONEY_OTHER}
            if any(money.values()) or int(year) in years:
                mine = years.setdefault(int(year), {"year": int(year)})
                for key, value in money.items():
                    _set(mine, key, value)
    if years:
        data["year"] = [years[y] for y in sorted(years)]
    return checked(dump(data))


def elected(text: str, election: str, choice: str) -> str:
    """The person.toml with another choice taken."""
    data = loads(text)
    data["elections"] = {**data.get("elections", {}), election: choice}
    return checked(dump(data))


def checked(text: str) -> str:
    """The text, if the engine takes it for a person."""
    person_from(loads(text), NAME, STATED, text)
    return text


def loads(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Message("portal_not_toml", {"why": str(error)}), file=NAME) from None


def _set(table: dict[str, Any], key: str, value: str) -> None:
    if value:
        table[key] = value
    else:
        table.pop(key, None)


def dump(data: Mapping[str, Any]) -> str:
    """TOML of what a person.toml holds: plain values first, then tables, then lists of tables."""
    lines = [f"{_key(k)} = {_value(v)}" for k, v in data.items() if not _is_table(v) and not _is_tables(v)]
    for name, table in data.items():
        if _is_table(table):
            lines += ["", f"[{_key(name)}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
    for name, tables in data.items():
        if _is_tables(tables):
            for table in tables:
                lines += ["", f"[[{_key(name)}]]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
    return "\n".join(lines).lstrip("\n") + "\n"


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _quoted(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return "[" + ", ".join(map(_value, value)) + "]" if isinstance(value, list) else str(value)


def _quoted(text: str) -> str:
    out = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in out) + '"'
