"""Explanations kept between two calls, so that `explain` after `assess` need not work the year out again.

An entry is found only by what it was made from: every file of the case, the person, the user's quotes, choices, day of
law, and the program itself with its law (docs/decisions/0013). It is data (JSON) and never runs; whatever does not
check is no entry. Nothing here ever fails: without a cache all is as it is, only slower.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from salyq.app.read_back import figure_of
from salyq.app.steps import Steps, pack, unpack
from salyq.assessing.result import Assessment, Figure
from salyq.civil.caches import cache_folder, clear, private_bytes, private_folder, write_private
from salyq.civil.installed import program
from salyq.prices.folders import FILE_NAME, data_folder

if TYPE_CHECKING:
    from salyq.rulebook.explain import Why

MAGIC = b"salyq-explained 1 "
FOLDER = "explained"
SUFFIX = ".json"
MOST_ENTRY = 32 * 2**20  # bytes
MOST_BYTES = 128 * 2**20  # of all entries together
MOST_ENTRIES = 200
MOST_FILES = 10_000  # a folder of more is not looked through


class Spoiled(Exception):
    """What was kept cannot be used after all: work it out again."""


class CitedAct(msgspec.Struct, frozen=True):
    """An act that an explanation cites, as law names it."""

    title: Mapping[str, str]
    address: str
    kind: str
    short: Mapping[str, str] | None
    read: Mapping[str, str] | None = None
    divided: str = ""


class Entry(msgspec.Struct, frozen=True):
    """`roots`: name and period of a figure or an obligation, and the number of its step; `duties`: name, period and day
    of each obligation."""

    key: str
    acts: dict[str, CitedAct]
    figures: list[dict[str, Any]]
    roots: list[tuple[str, str, int]]
    steps: Steps
    duties: list[tuple[str, str, str]] = []


@dataclass(frozen=True, slots=True)
class Explained:
    """Figures of a year and why they are what they are, as an assessment has them; `acts` are those cited, by id."""

    figures: tuple[Figure, ...]
    acts: Mapping[str, CitedAct]
    _roots: Mapping[tuple[str, str], int] = field(repr=False)
    _steps: Steps = field(repr=False)
    duties: tuple[tuple[str, str, str], ...] = ()

    def explain(self, name: str, period: str | None = None) -> Why:
        """The tree of a figure, as `Assessment.explain` gives it. Spoiled: what was kept is no tree, or not that of
        this name."""
        if period is None:
            (period,) = (p for n, p in self._roots if n == name)
        if (name, period) not in self._roots:
            raise Spoiled
        try:
            return unpack(self._steps, self._roots[name, period])
        except (ValueError, IndexError):
            raise Spoiled from None


# --- the key ----------------------------------------------------------------------------------------------------------


def key_of(
    inputs: Sequence[str],
    person: str | None,
    year: int,
    known: date | None,
    settings: Mapping[str, str],
) -> str | None:
    """What an explanation is made from, as one hash. None where that cannot be said (a link, a device, a name that is
    not there): then nothing is kept and nothing recalled."""
    try:
        parts: list[object] = [list(inputs), year, str(known), sorted(settings.items())]
        single = len(inputs) == 1 and Path(inputs[0]).is_dir()
        parts.append([(n, _digest(p)) for n, p in (_of_folder(Path(inputs[0])) if single else _named(inputs))])
        parts.append(None if single else os.getcwd())  # files are called by how they lie to it
        parts.append(None if person is None else [person, _digest(Path(person))])
        store = data_folder() / FILE_NAME
        parts.append([_digest(p) for p in (store, Path(f"{store}-wal")) if p.exists()])
        parts += [program(), _packages()]
    except (OSError, ValueError):
        return None
    told = msgspec.json.encode(parts, enc_hook=str)
    return hashlib.sha256(told).hexdigest()


def _named(inputs: Sequence[str]) -> Iterator[tuple[str, Path]]:
    for name in inputs:
        yield name, Path(name)


def _of_folder(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file that reading could look at: all but hidden ones. A link could lead to a hidden one: ValueError."""
    waiting, count = [(folder, "")], 0
    while waiting:
        here, said = waiting.pop()
        with os.scandir(here) as found:
            entries = sorted(found, key=lambda e: e.name)
        for entry in entries:
            count += 1
            if entry.is_symlink() or count > MOST_FILES:
                raise ValueError(entry.name)
            if entry.name.startswith((".", "~$")):
                continue
            name = f"{said}/{entry.name}"
            if entry.is_dir():
                waiting.append((Path(entry.path), name))
            else:
                yield os.fsencode(name).hex(), Path(entry.path)


def _digest(path: Path) -> str:
    """SHA-256 of a regular file."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError(str(path))
        return hashlib.file_digest(file, "sha256").hexdigest()


def _packages() -> list[tuple[str, int]]:
    """The folders of installed packages and when something was last put there: a reader may be another package's."""
    return [(p, os.stat(p).st_mtime_ns) for p in sys.path if p and Path(p).is_dir()]


# --- what is kept -----------------------------------------------------------------------------------------------------


def recall(key: str | None) -> Explained | None:
    """What was kept under this key, or nothing."""
    if key is None:
        return None
    try:
        path = cache_folder() / FOLDER / f"{key}{SUFFIX}"
        entry = _entry(private_bytes(path, MOST_ENTRY), key)
        figures = tuple(figure_of(f) for f in entry.figures)
        roots = {(name, period): number for name, period, number in entry.roots}
        if not {(f.name, f.period) for f in figures} <= roots.keys() <= _told(figures, entry.duties):
            return None
        found = Explained(figures, entry.acts, roots, entry.steps, tuple(entry.duties))
        os.utime(path)
    except (OSError, msgspec.MsgspecError, ValueError, KeyError, TypeError, ArithmeticError, AttributeError):
        return None
    return found


def _told(figures: Iterable[Figure], duties: Iterable[tuple[str, str, str]]) -> set[tuple[str, str]]:
    return {(f.name, f.period) for f in figures} | {(name, period) for name, period, _ in duties}


def _entry(data: bytes, key: str) -> Entry:
    """ValueError (msgspec's among them) where the bytes are not, to the last one, what was written for this key."""
    head, _, body = data.partition(b"\n")
    if head != MAGIC + hashlib.sha256(body).hexdigest().encode():
        raise ValueError(key)
    entry = msgspec.json.decode(body, type=Entry)
    if entry.key != key:
        raise ValueError(key)
    return entry


def keep(key: str | None, result: Assessment) -> None:
    """Keeps the explanations of a result under its key; in silence nothing where that cannot be."""
    from salyq.assessing.explaining import Explainer

    if key is None or not isinstance(result.explainer, Explainer) or _other_readers():
        return
    figures = [replace(f, alternatives=()) for f in result.figures]
    asked = {(f.name, f.period): (f.name, f.period) for f in figures} | _of_duties(result)
    whys, own = result.explainer.together(asked.values())
    steps, numbers = pack(whys, own)
    roots = [(name, period, n) for (name, period), n in zip(asked, numbers, strict=True)]
    acts = _cited(figures, steps)
    duties = duties_of(result)
    body = msgspec.json.encode(Entry(key, acts, [_figure(f) for f in figures], roots, steps, duties))
    if len(body) + 100 > MOST_ENTRY:
        return
    try:
        folder = private_folder(FOLDER)
        write_private(folder, f"{key}{SUFFIX}", MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        clear(folder, MOST_BYTES, MOST_ENTRIES)
    except (OSError, ValueError):
        return


def _of_duties(result: Assessment) -> dict[tuple[str, str], tuple[str, str]]:
    """The rule of each obligation that its name and period tell alone."""
    named = Counter((o.name, o.period) for o in result.obligations)
    names = {f.name for f in result.figures}
    return {
        (o.name, o.period): (o.duty, o.period)
        for o in result.obligations
        if named[o.name, o.period] == 1 and o.name not in names
    }


def duties_of(result: Assessment | Explained) -> list[tuple[str, str, str]]:
    """(name, period, due day or nothing) of each obligation that can be explained."""
    if isinstance(result, Explained):
        return list(result.duties)
    return [(o.name, o.period, "" if o.due is None else o.due.isoformat()) for o in result.obligations]


def _cited(figures: Iterable[Figure], steps: Steps) -> dict[str, CitedAct]:
    from salyq.law import shipped

    names = {c.partition(":")[0] for f in figures for c in f.cites}
    for p in steps.steps:
        names.add(steps.texts[p.cite].partition(":")[0])
        names.add(steps.texts[p.by])
    acts = shipped().acts
    return {
        n: CitedAct(dict(a.title), a.address, a.kind, a.short and dict(a.short), a.read and dict(a.read), a.divided)
        for n, a in acts.items()
        if n in names
    }


def _other_readers() -> bool:
    """Whether readers of other packages are installed: what they do is not in the key."""
    from salyq.sources.registry import other_readers

    return other_readers()


def _figure(f: Figure) -> dict[str, Any]:
    low, high = f.bounds or (None, None)
    return {
        "name": f.name,
        "period": f.period,
        "value": _text(f.value),
        "unit": f.unit,
        "status": f.status,
        "basis": f.basis,
        "cites": list(f.cites),
        "label": dict(f.label),
        "missing": [{"code": m.code, "message": m.texts()} for m in f.missing],
        "bounds": None if f.bounds is None else {"low": _text(low), "high": _text(high)},
        "so_far": _text(f.so_far),
        "alternatives": [],
        "note": None if f.note is None else f.note.code,
        "note_text": None if f.note is None else f.note.texts(),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
