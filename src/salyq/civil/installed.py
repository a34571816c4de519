"""This program as it lies on the disk, and what the folders of installed packages say by themselves:
importlib.metadata, which brings a reader of mail messages along, is asked only where they do not say enough."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

_PROGRAM = (".py", ".toml", ".csv", ".so", ".pyd")
_ABOUT = (".dist-info", ".egg-info")


@cache
def program() -> tuple[tuple[str, int, int], ...]:
    """This program and its law: where it lies, and name, size and time of each of its files, by which Python too tells
    whether a module must be compiled anew. OSError where it lies in no files."""
    root = str(Path(__file__).resolve().parents[1])
    found = [(root, sys.hexversion, 0)]
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        with os.scandir(f"{root}/{inner}") as entries:
            own = sorted(entries, key=lambda e: e.name)
        for entry in own:
            if entry.name.endswith(_PROGRAM):
                about = entry.stat()
                found.append((inner + entry.name, about.st_size, about.st_mtime_ns))
            elif entry.is_dir() and entry.name != "__pycache__":
                waiting.append(f"{inner}{entry.name}/")
    return tuple(found)


def of_program(what: str) -> str:
    """A name for something that hangs on this program and its law alone; "" where that cannot be said."""
    try:
        return hashlib.sha256(f"{what}\n{_state()}".encode("utf-8", "surrogatepass")).hexdigest()
    except OSError:
        return ""


@cache
def _state() -> str:
    return repr(program())


def version_of(package: str) -> str | None:
    """The version in the name of the folder that tells of a package, of the first place where one is; None: ask."""
    for folder in _about():
        name, _, version = folder.name.removesuffix(".dist-info").partition("-")
        if folder.name.endswith(".dist-info") and name == package and version:
            return version
    return None


def may_have_entry_points(groups: Sequence[str]) -> bool:
    """Whether some package names one of `groups` among its entry points; also where this cannot be seen."""
    if any(os.path.isfile(place) for place in sys.path) or any(
        hasattr(finder, "find_distributions") and getattr(finder, "__module__", "") != "_frozen_importlib_external"
        for finder in sys.meta_path
    ):
        return True
    names = [group.encode() for group in groups]
    for folder in _about():
        with suppress(OSError):
            told = folder.joinpath("entry_points.txt").read_bytes()
            if any(name in told for name in names):
                return True
    return False


def _about() -> Iterator[Path]:
    """Folders that tell of packages, as importlib.metadata would meet them."""
    for place in dict.fromkeys(sys.path):
        folder = Path(place or ".")
        with suppress(OSError):
            names = os.listdir(folder)
            egg = folder.suffix == ".egg"
            yield from (folder / n for n in names if n.endswith(_ABOUT) or (egg and n.lower() == "egg-info"))
