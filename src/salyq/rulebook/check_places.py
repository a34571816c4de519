"""Where what a fault speaks of is written: the file and line of a value, a rule, an act, a provision."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources.abc import Traversable

from salyq.civil.toml_lines import line_of
from salyq.rulebook.fault import Fault
from salyq.rulebook.law import Law
from salyq.rulebook.load import file_name


def placed(law: Law, fault: Fault) -> Fault:
    """The fault with its file and line, where it has none yet and they can be told."""
    if fault.file or law.root is None:
        return fault
    if fault.name in law.rules:
        versions = law.rules[fault.name]
        version = next((v for v in versions if v.cite == fault.place), versions[-1])
        return replace(fault, file=file_name(version.file), line=version.line)
    subject, _, name = fault.name.partition("/")
    if name:
        return _at(fault, law.root, (subject, "provisions.toml"), name, 0)
    if fault.name in law.series:
        subject, _, name = fault.name.rpartition(".")
        values = law.series[fault.name].values
        index = next((i for i, v in enumerate(values) if v.cite == fault.place), -1)
        table = name if index < 0 else f"{name}.value"
        return _at(fault, law.root, (subject, "params.toml"), table, max(index, 0))
    if fault.name in law.acts:
        return _at(fault, law.root, ("acts.toml",), fault.name, 0)
    return fault


def _at(fault: Fault, root: Traversable, path: tuple[str, ...], table: str, index: int) -> Fault:
    file = root.joinpath(*path)
    line = line_of(file.read_text(encoding="utf-8"), table, index, "") if file.is_file() else None
    return replace(fault, file=file_name(file), line=line or 0)
