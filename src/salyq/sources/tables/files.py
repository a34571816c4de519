"""Which files of a folder are read: any subfolder, in sorted order, nothing hidden, nothing that leads outside."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple, NoReturn

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.sources.mapping import SUFFIX

PERSON_FILE = "person.toml"
TABLES = (".csv", ".tsv", ".xlsx", ".json")  # of .json the lists that are known (json_lists.py)


class Found(NamedTuple):
    """Tables to read, person files, files of other kinds (told, not read), mapping files; all sorted by name."""

    tables: list[Path]
    persons: list[Path]
    others: list[Path]
    mappings: list[Path]


def shown_name(path: Path, base: Path) -> str:
    """How messages and records call a file: relative to the case where it lies in it, always with /."""
    try:
        name = path.relative_to(base).as_posix()
    except ValueError:
        name = path.as_posix()
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def find(folder: Path) -> Found:
    """The files of a case. InputError: no folder, a link that leads outside, nothing."""
    if not folder.is_dir():
        raise InputError(Message("folder_missing"), file=str(folder))
    found = Found([], [], [], [])
    root = folder.resolve()

    def fail(error: OSError) -> NoReturn:
        name = shown_name(Path(error.filename or folder), folder)
        raise InputError(Message("file_unreadable", {"why": error.strerror or str(error)}), file=name)

    linked: set[Path] = set()
    waiting = [folder]  # not os.walk: it calls itself for each folder, and folders nest without end
    while waiting:
        names = []
        try:
            entries = sorted(os.scandir(here := waiting.pop()), key=lambda entry: entry.name)
        except OSError as error:
            fail(error)
        for entry in entries:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                waiting.extend([path] if not entry.name.startswith(".") else [])
            elif entry.is_symlink() and path.is_dir():
                target = _check_link(path, root, folder)
                hidden = any(part.startswith(".") for part in target.relative_to(root).parts)
                if hidden and not entry.name.startswith(".") and target not in linked:
                    linked.add(target)
                    waiting.append(path)  # else its files are met where they really lie
            else:
                names.append(entry.name)
        for name in names:
            if not name.startswith((".", "~$")):
                _sort_in(Path(here, name), root, folder, found)
    for paths in found:
        paths.sort(key=lambda p: shown_name(p, folder))
    zipped = any(path.suffix.lower() == ".zip" for path in found.others)
    if not found.tables and not found.persons and not zipped:
        raise InputError(Message("folder_empty"), file=str(folder))
    return found


def _sort_in(path: Path, root: Path, folder: Path, found: Found) -> None:
    if path.is_symlink():
        _check_link(path, root, folder)
    table, mapping = path.suffix.lower() in TABLES, path.name.endswith(SUFFIX)
    if (table or mapping or path.name == PERSON_FILE) and not stat.S_ISREG(path.stat().st_mode):
        raise InputError(Message("file_not_regular"), file=shown_name(path, folder))
    if mapping:
        found.mappings.append(path)
    else:
        (found.tables if table else found.persons if path.name == PERSON_FILE else found.others).append(path)


def _check_link(path: Path, root: Path, folder: Path) -> Path:
    """Where a link leads: to something inside the case."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links
        raise InputError(Message("file_link_broken"), file=shown_name(path, folder)) from None
    if not target.is_relative_to(root):
        raise InputError(Message("file_link_outside"), file=shown_name(path, folder))
    return target
