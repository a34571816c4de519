"""A way to answer a question as a command to type: only this face knows how the command line is written."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salyq.app.api import Case, Way

# What stands where the person writes something.
_WANTED = {"cost": "AMOUNT", "document": "TEXT", "on": "YYYY-MM-DD", "kind": "KIND"}
_OTHER_ROW = "OTHER_ROW"


def command(way: Way, code: str, case: Case) -> str:
    """What to type to answer question `code` of a case in this way; empty where there is nothing to type."""
    if way.act == "answer":
        rows = " ".join(_OTHER_ROW if row is None else shlex.quote(row) for row in way.rows)
        return f"salyq answer {shlex.quote(case.name)} {code} {rows} {_options(way)}"
    if way.act == "rename":
        coin = shlex.quote(str(way.rows[0]))
        return f"salyq answer {shlex.quote(case.name)} renamed {coin} {_options(way)}"
    if way.act == "fill":
        return f"salyq prices missing {shlex.join(case.given)} --to {shlex.quote(str(way.label.params['file']))}"
    if way.act == "teach":
        return _teach(str(way.label.params["file"]), case)
    if way.act == "fetch":
        return _fetch(way, case)
    return ""


def _teach(file: str, case: Case) -> str:
    """A draft beside the table; nothing where it is no longer there."""
    folder = Path(case.name)
    path = folder / file if folder.is_dir() else Path(file)
    if not path.is_file():
        return ""
    to = path.with_name(f"{path.stem}.mapping.toml")
    return f"salyq sources guess {shlex.quote(path.as_posix())} --to {shlex.quote(to.as_posix())}"


def _options(way: Way) -> str:
    found: list[str] = []
    for f in way.fields:
        if f.value is True:
            found.append(f"--{f.name}")
        else:
            wanted = "KIND" if f.choices else _WANTED.get(f.name, "VALUE")  # the label names the choices
            found.append(f"--{f.name} {wanted if f.value is None else shlex.quote(str(f.value))}")
    return " ".join(found)


def _fetch(way: Way, case: Case) -> str:
    """Into the case's own files of quotes, where it is a folder."""
    said = {f.name: str(f.value) for f in way.fields}
    first, last, currency = said["from"], said["until"], said["currency"]
    until = "" if first == last else f" --until {last}"
    to = ""
    if len(case.given) == 1 and Path(case.name).is_dir():
        file = Path(case.name) / "prices" / f"{currency}-{first}-{last}.csv"
        to = f" --to {shlex.quote(file.as_posix())}"
    return f"salyq prices fetch --from {first}{until} --currency {currency}{to}"


def way_json(way: Way, code: str, case: Case) -> dict[str, object]:
    """A way as data, with its words and its command."""
    return {
        "label": way.label.texts(),
        "command": command(way, code, case) or None,
        "act": way.act,
        "rows": list(way.rows),
        "fields": [{"name": f.name, "value": f.value, "choices": list(f.choices)} for f in way.fields],
    }
