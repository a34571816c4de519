"""What the folders of installed packages say by themselves: importlib.metadata, which brings a reader of mail messages
along, is asked only where they do not say enough."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

_ABOUT = (".dist-info", ".egg-info")


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
