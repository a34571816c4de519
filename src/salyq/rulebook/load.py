"""Reads a folder of law: acts.toml, and a folder a subject with params.toml, rules.py, cases.toml, labels.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from importlib import import_module
from importlib.resources import files
from typing import Any

from salyq.rulebook.law import BASES, LANGUAGES, Act, Kind, Law, Series, Value
from salyq.rulebook.nodes import LawError
from salyq.rulebook.rules import RuleVersion, versions_in

_TEXT_UNITS = ("text", "election")


def load_law(package: str, subjects: Sequence[str], kinds: Mapping[str, Kind], roots: Sequence[str] = ()) -> Law:
    """The law in a Python package. LawError names the file and the entry that is wrong. `roots`: see Law."""
    root = files(package)
    acts_file = _toml(root / "acts.toml")
    reading = acts_file.pop("reading")
    acts = {name: _act(name, a) for name, a in acts_file.items()}
    series: dict[str, Series] = {}
    rules: dict[str, list[RuleVersion]] = {}
    labels: dict[str, Mapping[str, str]] = {}
    cases: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for subject in subjects:
        folder = root / subject
        for name, entry in _toml(folder / "params.toml").items():
            full = f"{subject}.{name}"
            series[full] = _series(full, entry)
            labels[full] = series[full].label
        for name, words in _toml(folder / "labels.toml").items():
            labels[_labelled(subject, name)] = words
        cases[subject] = tuple(_toml(folder / "cases.toml").get("case", ()))
        for module in _modules(folder):
            for version in versions_in(import_module(f"{package}.{subject}.{module}"), subject):
                rules.setdefault(version.name, []).append(version)
    for name, versions in rules.items():
        if len({(v.per, v.unit, v.role, v.date) for v in versions}) != 1:
            raise LawError(f"{name}: its versions differ in per, unit, role or date")
    frozen = {n: tuple(sorted(vs, key=lambda v: v.since)) for n, vs in rules.items()}
    return Law(series, frozen, acts, labels, kinds, cases, reading, tuple(roots))


def _labelled(subject: str, name: str) -> str:
    """What an entry of labels.toml names: `rows.NAME` a set of rows, `kind.column`, or a rule of the subject."""
    first, _, rest = name.partition(".")
    return rest if first == "rows" else name if rest else f"{subject}.{name}"


def _modules(folder: Any) -> list[str]:
    """The modules of a subject: rules first, then the others by name, so that figures keep one order."""
    names = sorted(p.name.removesuffix(".py") for p in folder.iterdir() if p.name.endswith(".py"))
    others = [n for n in names if n not in ("__init__", "rules")]
    return [*(n for n in names if n == "rules"), *others]


def _toml(path: Any) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LawError(f"{path}: {error}") from None


def _act(name: str, entry: Mapping[str, Any]) -> Act:
    return Act(name, entry["kind"], entry["title"], entry.get("date"), entry.get("address", ""), entry.get("point", {}))


def _series(full: str, entry: Mapping[str, Any]) -> Series:
    unit, label = entry["unit"], entry["label"]
    unit = "ratio" if unit == "1" else unit
    values = tuple(sorted((_value(full, unit, v) for v in entry["value"]), key=lambda v: (v.start, v.enacted)))
    choices = {c: words["label"] for c, words in entry.get("choice", {}).items()}
    if unit == "table":
        unit = entry.get("entry_unit", "KZT/kWh")
    return Series(full, unit, label, values, choices)


def _value(full: str, unit: str, v: Mapping[str, Any]) -> Value:
    basis = v["basis"]
    if basis not in BASES:
        raise LawError(f"{full}: basis {basis!r} is none of {', '.join(BASES)}")
    data = None if v.get("is") == "unknown" else _data(full, unit, v)
    reason = v.get("reason")
    if data is None and not (reason and all(reason.get(x) for x in LANGUAGES)):
        raise LawError(f"{full} from {v['from']}: unknown needs a reason in kk, ru, en")
    return Value(v["from"], v.get("until"), v["enacted"], v["by"], data, v["cite"], basis, reason, v.get("note"))


def _data(full: str, unit: str, v: Mapping[str, Any]) -> Any:
    try:
        if "over" in v:
            return {"over": [Fraction(x) for x in v["over"]], "rate": [Fraction(x) for x in v["rate"]]}
        if "upto" in v:
            return {"upto": [Fraction(x) for x in v["upto"]], "is": [Fraction(x) for x in v["is"]]}
        if unit == "deadline":
            return {"month": int(v["month"]), "day": int(v["day"])}
        if unit == "election":
            return {"default": str(v["default"]), "choices": tuple(v["choices"])}
        if unit == "flag":
            return bool(v["is"])
        if unit in _TEXT_UNITS:
            return str(v["is"])
        if unit == "day":
            return v["is"] if isinstance(v["is"], date) else date.fromisoformat(v["is"])
        number = Fraction(v["is"])
    except (KeyError, ValueError, TypeError) as error:
        raise LawError(f"{full} from {v.get('from')}: {error!r}") from None
    if unit == "KZT":
        tiyn = number * 100
        if tiyn.denominator != 1:
            raise LawError(f"{full}: {v['is']} is finer than a tiyn")
        return int(tiyn)
    return number
