"""What may stand in the law's own data: typed models that know every key, for acts, values, cases, labels, provisions.

Reading is lenient and fast (load.py); these models say exactly what is wrong, where, and what would be right. They are
asked by `salyq law check`, whenever reading fails, and for every file that is not ours (a reform).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from salyq.civil.toml_lines import line_of
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.values import Wrong, data_of, unit_of_entries

Basis = Literal["statute", "official", "secondary", "reconstruction", "convention"]
Text = Annotated[str, Meta(min_length=1)]
Number = str | int
Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class _Model(Struct, forbid_unknown_fields=True):
    """Unknown keys are refused."""


class Said(_Model):
    kk: Text
    ru: Text
    en: Text


class Label(_Model):
    """Words of labels.toml; that none is empty is asked of every label together (check.py)."""

    kk: str
    ru: str
    en: str


class InForce(_Model):
    from_: date = field(name="from")
    until: date | None = None


class ActEntry(_Model):
    kind: Literal["act", "source", "convention"]
    title: Said
    date: date | None = None
    address: str = ""
    in_force: InForce | None = None
    short: Said | None = None
    code: str = ""  # how facts of acts name its articles ("uk" of UK:214.1)
    divided: Literal["", "rules", "points"] = ""
    read: Said | None = None
    point: dict[str, Said] = {}


class Reading(_Model):
    first_year: int
    last_year: int
    cite: Text
    note: Said
    read_until: date
    first_day: date | None = None


class Choice(_Model):
    label: Said
    cite: str = ""


class SeriesEntry(_Model):
    unit: Text
    label: Said
    value: Annotated[list[Any], Meta(min_length=1)]
    choice: dict[str, Choice] = {}
    entry_unit: str = ""
    renews: Literal["", "yearly"] = ""
    read_until: date | None = None


class ValueEntry(_Model):
    from_: date = field(name="from")
    enacted: date
    by: Text
    cite: Text
    basis: Basis
    is_: Any = field(name="is", default=None)
    until: date | None = None
    until_by: str = ""
    until_enacted: date | None = None
    reason: Said | None = None
    note: Said | None = None
    month: int | None = None
    day: int | None = None
    default: str | None = None
    choices: list[str] = []
    over: list[Number] = []
    rate: list[Number] = []
    upto: list[Number] = []


class CaseOfPerson(_Model):
    """A worked case: a person, files, and what the figures of a year are."""

    id: Text
    title: Text
    year: int
    rests_on: Text
    basis: Basis
    person: Text
    files: dict[str, str] = {}
    expect: dict[str, str] = {}
    expect_not: dict[str, str] = {}
    bounds: dict[str, Annotated[list[str], Meta(min_length=2, max_length=2)]] = {}
    alternatives: dict[str, str] = {}
    obligations: dict[str, str] = {}
    findings: dict[str, str] = {}


class CaseOfEvent(_Model):
    """A worked case without a person: the facts of one event, and what law answers."""

    id: Text
    title: Text
    kind: Text
    on: date
    rests_on: Text
    basis: Basis
    facts: dict[str, Any]
    answers: dict[str, str]
    known: date | None = None
    missing: dict[str, list[str]] = {}


class ProvisionEntry(_Model):
    act: Text
    from_: date = field(name="from")
    edition: date
    basis: Basis
    text: Said
    article: str = ""
    until: date | None = None
    until_by: str = ""
    by: str = ""
    encodes: list[Text] = []
    gap: Literal["", "no_fact", "not_built", "nothing_to_compute"] = ""
    reason: Said | None = None
    note: Said | None = None
    heading: str = ""


# ---- a reform (reform.py) ----
class ReformValue(_Model):
    name: Text
    is_: Any = field(name="is", default=None)
    from_: date | None = field(name="from", default=None)
    until: date | None = None
    month: int | None = None
    day: int | None = None
    default: str | None = None
    choices: list[str] = []
    over: list[Number] = []
    rate: list[Number] = []
    upto: list[Number] = []
    note: str | Said | None = None


class ReformRule(_Model):
    name: Text
    is_: Text = field(name="is")
    from_: date | None = field(name="from", default=None)
    until: date | None = None
    note: str | Said | None = None


class ReformFile(_Model):
    title: Said | Text
    value: list[Any] = []
    rule: list[Any] = []


Model = TypeVar("Model", bound=Struct)


# ---- files ---------------------------------------------------------------------------------------------------------
class File:
    """One data file of the law: its name, its text, what it says."""

    def __init__(self, name: str, text: str, data: Mapping[str, Any]) -> None:
        self.name, self.text, self.data = name, text, data

    def at(self, table: str, index: int = 0, key: str = "") -> int:
        """The line of a key, else of the table's header; 0 where it can't be told."""
        return line_of(self.text, table, index, key) or line_of(self.text, table, index, "") or 0

    def place(self, found: Fault, table: str, index: int = 0, key: str = "") -> Fault:
        return Fault(found.name, found.place, found.message, self.name, self.at(table, index, key))

    def entry(self, model: type[Model], data: Any, name: str, table: str, index: int = 0) -> Iterator[Fault]:
        """What is wrong with one entry."""
        try:
            msgspec.convert(data, model, builtin_types=(date, datetime))
        except msgspec.ValidationError as error:
            code, key, params = _meaning(str(error), model, data)
            yield self.place(fault(name, "", code, **params), table, index, key)


def acts(file: File) -> Iterator[Fault]:
    if "reading" not in file.data:
        yield Fault("", "", fault("", "", "law_key_missing", key="[reading]").message, file.name, 1)
    for name, entry in file.data.items():
        yield from file.entry(Reading if name == "reading" else ActEntry, entry, name, name)


def values(file: File) -> Iterator[Fault]:
    for name, entry in file.data.items():
        before = list(file.entry(SeriesEntry, entry, name, name))
        yield from before
        if before:
            continue
        unit = entry["unit"]
        try:
            unit_of_entries(unit, entry.get("entry_unit", ""))
        except Wrong as wrong:
            yield file.place(fault(name, "", wrong.code, **wrong.params), name, 0, wrong.key)
            continue
        for index, value in enumerate(entry["value"]):
            table = f"{name}.value"
            refused = list(file.entry(ValueEntry, value, name, table, index))
            yield from refused
            if not refused:
                yield from _data(file, name, unit, entry.get("entry_unit", ""), value, table, index)


def _data(
    file: File, name: str, unit: str, entry_unit: str, value: Mapping[str, Any], table: str, index: int
) -> Iterator[Fault]:
    try:
        data = data_of(unit, value, entry_unit)
    except Wrong as wrong:
        yield file.place(fault(name, value["cite"], wrong.code, **wrong.params), table, index, wrong.key)
        return
    if data is None and "reason" not in value:
        yield file.place(fault(name, value["cite"], "law_no_reason"), table, index, "is")


def cases(file: File) -> Iterator[Fault]:
    for index, entry in enumerate(file.data.get("case", ())):
        event = isinstance(entry, Mapping) and ("facts" in entry or "on" in entry)
        name = str(entry.get("id", "")) if isinstance(entry, Mapping) else ""
        yield from file.entry(CaseOfEvent if event else CaseOfPerson, entry, f"case {name}".strip(), "case", index)
    for key in file.data.keys() - {"case"}:
        yield file.place(fault("", "", "law_key_unknown", key=key, right="[[case]]"), key)


def labels(file: File) -> Iterator[Fault]:
    for name, entry in file.data.items():
        for found in file.entry(Label, entry, name, ""):
            yield Fault(found.name, found.place, found.message, file.name, file.at("", 0, name) or _quoted(file, name))


def _quoted(file: File, name: str) -> int:
    return next((i for i, line in enumerate(file.text.splitlines(), 1) if line.startswith(f'"{name}"')), 0)


def provisions(file: File) -> Iterator[Fault]:
    for name, entry in file.data.items():
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
            yield file.place(fault(name, "", "law_provision_id"), name)
        yield from file.entry(ProvisionEntry, entry, name, name)


# ---- what a message of the model layer means -------------------------------------------------------------------------
_UNKNOWN = re.compile(r"Object contains unknown field `(.+?)`")
_MISSING = re.compile(r"Object missing required field `(.+?)`")
_TYPE = re.compile(r"Expected `(.+?)`, got `(.+?)`")
_ENUM = re.compile(r"Invalid enum value (.+?)(?: - at|$)")
_PATH = re.compile(r" - at `\$\.?(.*?)`$")


def _meaning(text: str, model: type[Struct], data: Any) -> tuple[str, str, dict[str, str]]:
    """(message code, the key it stands at, its parameters)."""
    path = _PATH.search(text)
    where = path[1] if path else ""
    key = re.split(r"[.\[]", where)[0]
    inner = _model_at(model, where)
    if found := _UNKNOWN.search(text):
        known = list(_keys(inner))
        near = get_close_matches(found[1], known, 1)
        right = near[0] if near else ", ".join(known)
        return "law_key_unknown", key or found[1], {"key": _path(where, found[1]), "right": right}
    if found := _MISSING.search(text):
        return "law_key_missing", key, {"key": _path(where, found[1])}
    if found := _ENUM.search(text):
        return "law_not_one_of", key, {"key": where, "found": found[1], "right": ", ".join(_choices(model, key))}
    if found := _TYPE.search(text):
        right = _KINDS.get(found[1].replace(" | null", ""), found[1])
        got = _value_at(data, where)
        return "law_wrong_kind", key, {"key": where, "found": str(got), "right": right}
    return "law_wrong_entry", key, {"key": where, "why": text.partition(" - at")[0]}


_KINDS = {
    "date": "YYYY-MM-DD",
    "str": '"…"',
    "int": "123",
    "str | int": '"2.1", "2/37"',
    "int | str": '"2.1", "2/37"',
    "object": "{ kk = …, ru = …, en = … }",
    "array": "[ … ]",
}


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _keys(model: type[Struct]) -> Iterator[str]:
    return (f.encode_name for f in msgspec.structs.fields(model))


def _model_at(model: type[Struct], where: str) -> type[Struct]:
    """The model of a nested table: words are the only tables inside entries, points and choices aside."""
    if not where:
        return model
    inner: dict[str, type[Struct]] = {"in_force": InForce, "choice[...]": Choice}
    return inner.get(where, Said)


def _choices(model: type[Struct], key: str) -> list[str]:
    for f in msgspec.structs.fields(model):
        if f.encode_name == key:
            return [str(c) for c in getattr(f.type, "__args__", ()) if c]
    return []


def _value_at(data: Any, where: str) -> Any:
    for part in re.findall(r"[^.\[\]]+", where):
        try:
            data = data[int(part)] if isinstance(data, list) else data[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return "?"
    return data
