"""Reads a folder of law: acts.toml, and a folder a subject with params.toml, rules.py, labels.toml, provisions.toml and
worked cases (cases.toml, and cases_*.toml beside it). Cases and provisions are read only when somebody asks for them.
"""

from __future__ import annotations

import re
import tomllib
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from salyq.civil.compiled import toml_of
from salyq.civil.messages import Message
from salyq.rulebook.fault import Fault, LoadError, fault
from salyq.rulebook.law import BASES, Act, Kind, Law, Provision, Series, Value
from salyq.rulebook.rows import kinds_in
from salyq.rulebook.rules import RuleVersion, versions_in
from salyq.rulebook.units import LawError
from salyq.rulebook.values import data_of, unit_of_entries

T = TypeVar("T")
_LABEL = re.compile(r"""^(?:#.*|[ \t]*|(?:"([^"\n]+)"|([A-Za-z0-9_.-]+)) = (\{ .+\}))$\n?""", re.MULTILINE)
_DAY = re.compile(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}")
FILES = ("params", "labels", "provisions")


def load_law(
    package: str,
    subjects: Sequence[str],
    kinds: Mapping[str, Kind],
    roots: Sequence[str] = (),
    acts: Sequence[str] = ("acts.toml",),
) -> Law:
    """The law in a Python package. LoadError lists every file, line and entry that is wrong. `roots`: see Law; `acts`:
    the files of the acts that are cited."""
    root = files(package)
    try:
        return _load(package, root, subjects, kinds, roots, acts)
    except LoadError:
        raise
    except Exception as error:  # whatever it is: the models say it better
        found = file_faults(root, subjects)
        raise LoadError(found or [_as_fault(error, root)]) from error


def _load(
    package: str,
    root: Traversable,
    subjects: Sequence[str],
    kinds: Mapping[str, Kind],
    roots: Sequence[str],
    act_files: Sequence[str],
) -> Law:
    reading, acts = _acts(root, act_files)
    series: dict[str, Series] = {}
    rules: dict[str, list[RuleVersion]] = {}
    labels = Labels()
    all_kinds = dict(kinds)
    for subject in subjects:
        folder = root / subject
        for name, entry in _toml(folder / "params.toml").items():
            full = f"{subject}.{name}"
            series[full] = _series(full, entry, acts)
            labels[full] = series[full].label
        labels.read(folder / "labels.toml", subject)
        for module in _modules(folder):
            loaded = import_module(f"{package}.{subject}.{module}")
            for kind in kinds_in(loaded):
                if kind.name in all_kinds:
                    raise LawError(f"{subject}: a kind {kind.name!r} is declared twice")
                all_kinds[kind.name] = kind
            for version in versions_in(loaded, subject):
                rules.setdefault(version.name, []).append(version)
    for kind in all_kinds.values():
        _label_kind(kind, labels)
    for name, versions in rules.items():
        if len({(v.per, v.unit, v.role, v.date) for v in versions}) != 1:
            where = max(versions, key=lambda v: v.since)
            raise LoadError(
                [replace(fault(name, "", "law_versions_differ"), file=file_name(where.file), line=where.line)]
            )
    frozen = {n: tuple(sorted(vs, key=lambda v: v.since)) for n, vs in rules.items()}
    return Law(
        series,
        frozen,
        acts,
        labels,
        all_kinds,
        Later(lambda: {s: tuple(c for f in case_files(root / s) for c in _toml(f).get("case", ())) for s in subjects}),
        reading,
        tuple(roots),
        Later(lambda: _provisions(root, subjects)),
        root,
    )


def _acts(root: Traversable, names: Sequence[str]) -> tuple[Mapping[str, Any], dict[str, Act]]:
    """How far the law was read, and the acts of all files."""
    entries: dict[str, Any] = {}
    for name in names:
        entries |= _toml(root / name)
    reading = entries.pop("reading")
    return reading, {name: _act(name, entry) for name, entry in entries.items()}


class Later(Mapping[str, T]):
    """A mapping that is made when somebody first looks into it."""

    def __init__(self, make: Callable[[], Mapping[str, T]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, T]:
        return self._make()

    def __getitem__(self, key: str) -> T:
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class Labels(MutableMapping[str, Mapping[str, str]]):
    """Words by what they name. A line of labels.toml is read when somebody asks for it: most runs ask for few."""

    def __init__(self) -> None:
        self._entries: dict[str, Mapping[str, str] | str] = {}

    def read(self, path: Any, subject: str) -> None:
        """The words of a subject: one a line; a file that is written otherwise is read at once."""
        if not path.is_file():
            return
        found = _LABEL.sub("", text := path.read_text(encoding="utf-8"))
        if found.strip():
            self._entries |= {_labelled(subject, name): words for name, words in _toml(path).items()}
        else:
            self._entries |= {_labelled(subject, m[1] or m[2]): m[3] for m in _LABEL.finditer(text) if m[3]}

    def __getitem__(self, name: str) -> Mapping[str, str]:
        found = self._entries[name]
        if isinstance(found, str):
            read: Mapping[str, str] = tomllib.loads(f"said = {found}")["said"]
            found = self._entries[name] = read
        return found

    def __setitem__(self, name: str, words: Mapping[str, str]) -> None:
        self._entries[name] = words

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _label_kind(kind: Kind, labels: Labels) -> None:
    """The words that a kind declared as a class brings with it."""
    if kind.label:
        labels[f"{kind.name}.row"] = kind.label
    for name, said in kind.facts.items():
        labels.setdefault(name if name in kind.rows else f"{kind.name}.{name}", said.label)


def _labelled(subject: str, name: str) -> str:
    """What an entry of labels.toml names: `rows.NAME` a set of rows, `kind.column`, or a rule of the subject."""
    first, _, rest = name.partition(".")
    return rest if first == "rows" else name if rest else f"{subject}.{name}"


def _modules(folder: Any) -> list[str]:
    """The modules of a subject: facts and rules first, then the others by name, so that figures keep one order."""
    names = sorted(p.name.removesuffix(".py") for p in folder.iterdir() if p.name.endswith(".py"))
    first = [n for n in ("facts", "rules") if n in names]
    return [*first, *(n for n in names if n not in ("__init__", *first))]


def _toml(path: Any) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return toml_of(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError([_no_toml(path, error)]) from None


def _no_toml(path: Any, error: Exception) -> Fault:
    """The line that TOML stops at, as it is written, and what would be right there."""
    why, _, where = str(error).partition(" (at line ")
    number = int(where.partition(",")[0]) if where else 0
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    found = lines[number - 1].strip() if number else ""
    right = "right_once" if "overwrite" in why else "right_day" if _DAY.search(found) else "right_toml"
    message = fault("", "", "law_no_toml", found=found, why=why, right=Message(right)).message
    return Fault("", "", message, file_name(path), number)


def case_files(folder: Traversable) -> list[Traversable]:
    """The files of a subject's worked cases: cases.toml first, then cases_*.toml by name."""
    if not folder.is_dir():
        return []
    return sorted((f for f in folder.iterdir() if re.fullmatch(r"cases(_\w+)?\.toml", f.name)), key=lambda f: f.name)


def _act(name: str, entry: Mapping[str, Any]) -> Act:
    where, points = entry.get("address", ""), entry.get("point", {})
    names = entry.get("short"), entry.get("read"), entry.get("code", ""), entry.get("divided", "")
    return Act(name, entry["kind"], entry["title"], entry.get("date"), where, points, *names)


def _series(full: str, entry: Mapping[str, Any], acts: Mapping[str, Act]) -> Series:
    unit, entries = entry["unit"], entry.get("entry_unit", "")
    found = (_value(unit, entries, v, acts) for v in entry["value"])
    values = tuple(sorted(found, key=lambda v: (v.start, v.enacted)))
    choices = {c: words["label"] for c, words in entry.get("choice", {}).items()}
    return Series(
        full,
        unit_of_entries(unit, entries),
        entry["label"],
        values,
        choices,
        entry.get("renews", ""),
        entry.get("read_until"),
    )


def _value(unit: str, entries: str, v: Mapping[str, Any], acts: Mapping[str, Act]) -> Value:
    data = data_of(unit, v, entries)
    reason = v.get("reason")
    days = [v["from"], v["enacted"], *(d for k in ("until", "until_enacted") if (d := v.get(k)) is not None)]
    if (data is None and not reason) or v["basis"] not in BASES or not all(isinstance(d, date) for d in days):
        raise LawError("unknown needs a reason, a basis is one of five, days are days")
    ended_by = v.get("until_by", "")
    ended = v.get("until_enacted") or (acts[ended_by].date if ended_by in acts else None)
    return Value(
        v["from"],
        v.get("until"),
        v["enacted"],
        v["by"],
        data,
        v["cite"],
        v["basis"],
        reason,
        v.get("note"),
        ended_by,
        ended,
    )


def _provisions(root: Traversable, subjects: Sequence[str]) -> dict[str, tuple[Provision, ...]]:
    """Of the subjects that list them."""
    found: dict[str, tuple[Provision, ...]] = {}
    for subject in subjects:
        path = root / subject / "provisions.toml"
        if path.is_file():
            found[subject] = tuple(_provision(subject, name, p) for name, p in _toml(path).items())
    return found


def _provision(subject: str, name: str, p: Mapping[str, Any]) -> Provision:
    encodes = tuple(n if "." in n else f"{subject}.{n}" for n in p.get("encodes", ()))
    return Provision(
        name,
        subject,
        p["act"],
        p.get("article", ""),
        p["from"],
        p.get("until"),
        p.get("until_by", ""),
        p.get("by") or p["act"],
        p["edition"],
        p["basis"],
        p["text"],
        encodes,
        p.get("gap", ""),
        p.get("reason"),
        p.get("note"),
        p.get("heading", ""),
    )


# ---- faults --------------------------------------------------------------------------------------------------------
def file_faults(root: Traversable, subjects: Sequence[str]) -> list[Fault]:
    """Everything that the models of schema.py refuse in the files of a law, with file and line."""
    from salyq.rulebook import schema

    found: list[Fault] = []
    paths = [(root / "acts.toml", schema.acts)]
    models = {"params": schema.values, "labels": schema.labels, "provisions": schema.provisions}
    for subject in subjects:
        paths += [(root / subject / f"{name}.toml", models[name]) for name in FILES]
        paths += [(file, schema.cases) for file in case_files(root / subject)]
    for path, model in paths:
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
            file = schema.File(file_name(path), text, tomllib.loads(text))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            found.append(_no_toml(path, error))
            continue
        found += model(file)
    return found


def file_name(path: Any) -> str:
    """A file of law as people name it: from the package's own folder on."""
    return "/".join(str(path).replace("\\", "/").split("/")[-3:])


def _as_fault(error: Exception, root: Any) -> Fault:
    """An error met while a module of law was imported: at its own line there."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(str(root))]
    if isinstance(error, SyntaxError) and error.filename:
        where, line = error.filename, error.lineno or 0
    elif frames:
        where, line = frames[-1].filename, frames[-1].lineno or 0
    else:
        where, line = str(root), 0
    message = fault("", "", "law_broken", why=str(error) or type(error).__name__).message
    return Fault("", "", message, file_name(where), line)
