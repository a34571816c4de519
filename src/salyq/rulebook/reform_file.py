"""Reads a reform: a title, `[[value]]` with the keys of params.toml, `[[rule]]` with an expression (written.py)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.messages import LANGUAGES, Message
from salyq.civil.toml_files import load_toml, parse_toml
from salyq.rulebook.check_rules import ancestors
from salyq.rulebook.check_values import data_faults
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.graph import leaves
from salyq.rulebook.law import Law, Value
from salyq.rulebook.reform import ACT, BASIS, Reform, reformed
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.schema import File, ReformFile, ReformRule, ReformValue
from salyq.rulebook.units import LawError
from salyq.rulebook.values import Wrong, data_of
from salyq.rulebook.written import Written

_NO_NAME = re.compile(r"nothing is called '(\w+)'$")
MOST = 500  # values and rules in one file


def read_reform(path: str | Path, law: Law | Callable[[str], Law]) -> Reform:
    """The reform in a file. `law`: that which it is laid over, or what gives it for a name (the law where that name
    stands). InputError, one line with file, line and what would be right, for the first thing that is wrong."""
    text, _ = load_toml(Path(path), str(path))
    return parse_reform(text, str(path), law)


def parse_reform(text: str, shown: str, law: Law | Callable[[str], Law]) -> Reform:
    """The same from the text of a file; `shown` is how messages call it."""
    data = parse_toml(text, shown)
    file = File(shown, text, data)
    _refuse(file, file.entry(ReformFile, data, "", ""))
    if not 0 < sum(len(data.get(key, ())) for key in ("value", "rule")) <= MOST:
        raise _error(file, "", 0, "", "reform_empty", most=MOST)
    of = law if callable(law) else lambda _: law
    reader = _Reader(file, of)
    values = _grouped(reader.value(i, v) for i, v in enumerate(data.get("value", ())))
    rules = _grouped(reader.rule(i, v) for i, v in enumerate(data.get("rule", ())))
    reader.check_overlaps(values, rules)
    title = data["title"]
    said = dict(title) if isinstance(title, Mapping) else dict.fromkeys(LANGUAGES, title)
    reform = Reform(said, shown, text, hashlib.sha256(text.encode()).hexdigest(), values, rules)
    reader.check_rules(reform)
    return reform


# ---- reading -------------------------------------------------------------------------------------------------------
class _Reader:
    def __init__(self, file: File, law: Callable[[str], Law]) -> None:
        self.file, self.law = file, law
        self.places: dict[Value | RuleVersion, tuple[str, int]] = {}

    def value(self, index: int, entry: Any) -> tuple[str, Value]:
        _refuse(self.file, self.file.entry(ReformValue, entry, "", "value", index))
        name = entry["name"]
        law = self.law(name)
        if name not in law.series:
            raise self._no_name("value", index, name, law.series, law.rules)
        series = law.series[name]
        like = next((v.data for v in reversed(series.values) if v.data is not None), None)
        unit = "table" if isinstance(like, Mapping) and "upto" in like else series.unit
        try:
            data = data_of(unit, entry, series.unit)
        except Wrong as wrong:
            raise _error(self.file, "value", index, wrong.key, wrong.code, name, **wrong.params) from None
        self._same_form(index, name, like, data)
        start, until = self._span("value", index, entry)
        value = Value(start, until, date.min, ACT, data, ACT, BASIS, None, _note(entry))
        for wrong_data in data_faults(series, value):
            raise InputError(
                wrong_data.message, file=self.file.name, line=self.file.at("value", index, ""), column=name
            )
        self.places[value] = ("value", index)
        return name, value

    def _same_form(self, index: int, name: str, like: Any, data: Any) -> None:
        """A scale stays a scale, a table keeps its words, nothing is unknown; and what any value of law must be."""
        if data is None:
            raise _error(self.file, "value", index, "is", "reform_unknown", name)
        if like is not None and _keys(data) != _keys(like):
            right = ", ".join(sorted(_keys(like))) or "is"
            raise _error(self.file, "value", index, "", "reform_other_form", name, right=right)

    def rule(self, index: int, entry: Any) -> tuple[str, RuleVersion]:
        _refuse(self.file, self.file.entry(ReformRule, entry, "", "rule", index))
        name = entry["name"]
        law = self.law(name)
        if name not in law.rules:
            raise self._no_name("rule", index, name, law.rules, law.series)
        last = law.rules[name][-1]
        start, until = self._span("rule", index, entry)
        line = self.file.at("rule", index, "is")
        try:
            function = Written(name.rpartition(".")[2], entry["is"], self.file.name, line)
            version = replace(
                last, function=function, cite=ACT, by=ACT, since=start, until=until, basis=BASIS, until_by="",
                until_enacted=None,
            )  # fmt: skip
            Compiler(law).tree(version)
        except LawError as error:
            raise _error(
                self.file, "rule", index, "is", "reform_rule_wrong", name, why=_bare(error, law, last)
            ) from None
        self.places[version] = ("rule", index)
        return name, version

    def _no_name(
        self, table: str, index: int, name: str, own: Mapping[str, Any], others: Mapping[str, Any]
    ) -> InputError:
        if name in others:
            right = "[[value]]" if table == "rule" else "[[rule]]"
            return _error(self.file, table, index, "name", "reform_other_table", name, right=right)
        near = (
            get_close_matches(name, own, 3) or [n for n in own if n.rpartition(".")[2] == name.rpartition(".")[2]][:3]
        )
        right = ", ".join(near) or "salyq law list"
        return _error(self.file, table, index, "name", "reform_no_name", name, right=right)

    def _span(self, table: str, index: int, entry: Mapping[str, Any]) -> tuple[date, date | None]:
        start, until = entry.get("from") or date.min, entry.get("until")
        if until is not None and until < start:
            raise _error(self.file, table, index, "until", "law_ends_first", entry["name"], since=start, until=until)
        return start, until

    def check_overlaps(self, *found: Mapping[str, Sequence[Any]]) -> None:
        """Two entries of one name never hold on one day."""
        for name, versions in (x for group in found for x in group.items()):
            ordered = sorted(versions, key=_start)
            for a, b in pairwise(ordered):
                if a.until is None or a.until >= _start(b):
                    table, index = self.places[b]
                    raise _error(self.file, table, index, "from", "reform_twice", name, day=_start(b))

    def check_rules(self, reform: Reform) -> None:
        """No rule that is replaced comes to need itself."""
        for name, versions in reform.rules.items():
            path = _way_back(reformed(self.law(name), reform), name)
            if path:
                table, index = self.places[versions[0]]
                raise _error(self.file, table, index, "is", "law_circle", name, names=" → ".join(path))


def _way_back(law: Law, name: str) -> list[str]:
    """How a rule leads to itself, or nothing."""
    compiler = Compiler(law)
    seen: set[str] = set()
    queue = [[name]]
    while queue:
        path = queue.pop()
        for version in (*law.rules[path[-1]], *law.over.get(path[-1], ())):
            for other, _ in leaves(compiler.tree(version), "rule"):
                if other == name:
                    return [*path, name]
                if other not in seen:
                    seen.add(other)
                    queue.append([*path, other])
    return []


def _grouped(found: Iterator[tuple[str, Any]]) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for name, version in found:
        groups.setdefault(name, []).append(version)
    return {name: tuple(versions) for name, versions in groups.items()}


def _start(version: Value | RuleVersion) -> date:
    return version.since if isinstance(version, RuleVersion) else version.start


def _keys(data: Any) -> frozenset[str]:
    """Which form a value's data has: the keys of a scale, table, deadline, election or table by a word; none for a
    plain one."""
    return frozenset(data) if isinstance(data, Mapping) else frozenset()


def _note(entry: Mapping[str, Any]) -> Mapping[str, str] | None:
    note = entry.get("note")
    return note if note is None or isinstance(note, Mapping) else dict.fromkeys(LANGUAGES, note)


def _bare(error: LawError, law: Law, of: RuleVersion) -> str:
    """What is wrong, without the name of the rule, which the line says already, and with names that are near."""
    text = str(error).partition("): ")[2] or str(error)
    found = _NO_NAME.search(text)
    if found is None:
        return text
    kinds = (law.kinds[kind] for kind in ancestors(law, of.per))
    names = {n for k in kinds for n in (*k.columns, *k.rows, *k.refs)}
    names |= {n.rpartition(".")[2] for n in (*law.rules, *law.series)}
    near = ", ".join(get_close_matches(found[1], sorted(names), 3))
    return f"{text} ({near}?)" if near else text


# ---- what is wrong -------------------------------------------------------------------------------------------------
def _refuse(file: File, faults: Iterator[Fault]) -> None:
    found = next(faults, None)
    if found is not None:
        raise InputError(found.message, file=file.name, line=found.line or None)


def _error(file: File, table: str, index: int, key: str, code: str, name: str = "", /, **params: object) -> InputError:
    message: Message = fault(name, "", code, **params).message
    return InputError(message, file=file.name, line=file.at(table, index, key) or None, column=name or None)
