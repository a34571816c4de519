"""Worked cases of acts (cases.toml): what the answer must be, said by hand from the articles."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from salyq.law.asked.asking import ask_act
from salyq.law.asked.model import Answer, Part

KEYS = {
    *("id", "act", "title", "on", "known", "rests_on", "basis", "facts", "verdict", "gate", "authority"),
    *("duties", "amounts", "needs", "absent", "findings", "quiet", "missing", "unsettled"),
}


def cases() -> list[Mapping[str, Any]]:
    """Every worked case, as written."""
    text = (files("salyq.law.asked") / "cases.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["case"])


def answered(case: Mapping[str, Any]) -> Answer:
    return ask_act(case["act"], case["facts"], case.get("on"), case.get("known"), explain=False)


def differences(case: Mapping[str, Any], answer: Answer) -> Iterator[tuple[str, object, object]]:
    """(what, as the case says, as answered) of everything that differs.

    `duties`, `amounts` and `needs` name what must be there with its value (an empty table: none at all); `absent` and
    `quiet` name duties and findings that must not be; `missing` lists all facts that are asked for.
    """
    for key in ("verdict", "gate", "authority"):
        if key in case and case[key] != (getattr(answer, key) or ""):
            yield key, case[key], getattr(answer, key)
    yield from _table(case, "duties", {d.name: d.until or d.due or "" for d in answer.duties})
    yield from _table(case, "amounts", {a.name: _value(a) for a in answer.amounts})
    yield from _table(case, "needs", {n.name: {True: "yes", False: "no", None: "?"}[n.met] for n in answer.needs})
    found = [f.name for f in answer.findings]
    for key, names, wanted in (("findings", found, True), ("quiet", found, False)):
        for name in case.get(key, ()):
            if (name in names) is not wanted:
                yield key, name, names
    for name in case.get("absent", ()):
        if answer.duty(name):
            yield "absent", name, answer.duty(name)
    missing = [m.fact for m in answer.missing]
    if "missing" in case and sorted(case["missing"]) != sorted(missing):
        yield "missing", case["missing"], missing
    unsettled = [u.name for u in answer.unsettled]
    for name in case.get("unsettled", ()):
        if name not in unsettled:
            yield "unsettled", name, unsettled


def _table(case: Mapping[str, Any], key: str, found: Mapping[str, str]) -> Iterator[tuple[str, object, object]]:
    wanted = case.get(key)
    if wanted == {} and found:
        yield key, wanted, found
    for name, value in (wanted or {}).items():
        if found.get(name) != value:
            yield f"{key}: {name}", value, found.get(name)


def _value(amount: Part) -> str:
    return "unknown" if amount.value is None else amount.value
