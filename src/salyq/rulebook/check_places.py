"""Where what a fault speaks of is written: the file and line of a value, a rule, an act, a provision."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources.abc import Traversable

from salyq.civil.toml_lines import line_of
from salyq.rulebook.fault import Fault
from salyq.rulebook.law import Law
from salyq.rulebook.load import case_files, file_name


def placed(law: Law, fault: Fault) -> Fault:
    """The fault with its file and line, where it has none yet and they can be told."""
    if fault.file or law.root is None:
        return fault
    subject, _, case = fault.name.partition(", case ")
    if case:
        return _of_case(fault, law.root.joinpath(subject), case)
    if fault.name in law.rules:
        versions = law.rules[fault.name]
        since = str(dict(fault.message.params).get("since", ""))
        cited = [v for v in versions if v.cite == fault.place] or [versions[-1]]
        version = next((v for v in cited if str(v.since) == since), cited[0])
        return replace(fault, file=file_name(version.file), line=version.line)
    subject, _, name = fault.name.partition("/")
    if name:
        return _at(fault, law.root, (subject, "provisions.toml"), name, 0)
    if fault.name in law.series:
        values = law.series[fault.name].values
        subject, _, name = fault.name.rpartition(".")
        params = dict(fault.message.params)
        since, act = str(params.get("since", "")), params.get("act")
        if act and not since:  # an act that there is not: the version that names it
            since = next((str(v.start) for v in values if act in (v.by, v.until_by, v.cite.partition(":")[0])), "")
        if since and (line := _version(law.root.joinpath(subject, "params.toml"), f"{name}.value", since)):
            return replace(fault, file=file_name(law.root.joinpath(subject, "params.toml")), line=line)
        index = next((i for i, v in enumerate(values) if v.cite == fault.place), -1)
        table = name if index < 0 else f"{name}.value"
        return _at(fault, law.root, (subject, "params.toml"), table, max(index, 0))
    if fault.name in law.acts:
        return _at(fault, law.root, ("acts.toml",), fault.name, 0)
    return fault


def _of_case(fault: Fault, folder: Traversable, case: str) -> Fault:
    """The line of a worked case's id."""
    for file in case_files(folder):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if line.split("=")[0].strip() == "id" and line.partition("=")[2].strip().strip("\"'") == case:
                return replace(fault, file=file_name(file), line=number)
    return fault


def _version(file: Traversable, table: str, since: str) -> int:
    """The line of the version of a value that is in force from a day; 0 where there is none."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = text.splitlines()
    index = 0
    while line := line_of(text, table, index, "from"):
        if lines[line - 1].partition("=")[2].split("#")[0].strip() == since:
            return line
        index += 1
    return 0


def _at(fault: Fault, root: Traversable, path: tuple[str, ...], table: str, index: int) -> Fault:
    file = root.joinpath(*path)
    line = line_of(file.read_text(encoding="utf-8"), table, index, "") if file.is_file() else None
    return replace(fault, file=file_name(file), line=line or 0)
