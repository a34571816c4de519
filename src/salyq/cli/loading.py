"""From what the user named on the command line to a case."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message

if TYPE_CHECKING:
    from salyq.app.api import Case
    from salyq.cli.progress import Bar

PERSON_FILE = "person.toml"  # of a case folder


def load(inputs: Sequence[str], bar: Bar, person: str | None = None) -> Case:
    """Reads one case folder, or files. A name that is not there is exit 4, a folder among files exit 2."""
    paths = [existing(name) for name in inputs]
    who = None if person is None else existing(person)
    from salyq.app.api import read_case

    if len(paths) == 1:
        return read_case(paths[0], person=who, progress=bar.step)
    for path in paths:
        if path.is_dir():
            raise UsageError(Message("cli_folder_among_files", {}), value=str(path))
    return read_case(paths, person=who, progress=bar.step)


def typed(inputs: Sequence[str]) -> str:
    """The inputs as the user would type them again."""
    return shlex.join(inputs)


def beside(inputs: Sequence[str]) -> str:
    """What leads from here to a place outside the case, as a result's place begins; empty where one stands outside."""
    here = Path.cwd()
    around = [case for case in (Path(name).resolve() for name in inputs) if case == here or case in here.parents]
    return shlex.quote(f"{os.path.relpath(min(around).parent, here)}/") if around else ""


def existing(name: str) -> Path:
    path = Path(name)
    if not name.strip() or not path.exists():
        raise InputError(Message("cli_no_such_path", {}), file=name)
    return path
