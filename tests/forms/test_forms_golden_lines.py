"""Golden forms, one file each in golden/: every line that stands in the form, every blank one and every row, with the
calculation or the source that was worked out by hand in the comment beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.forms.shipped import shipped_asked, texts

from salyq.forms.asked import Asked
from salyq.forms.fill import fill
from salyq.forms.load import editions

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.toml"))
TABLES = ("lines", "blank", "rows")
ENTRY = re.compile(r'^"(?P<name>[^"]+)" = (?P<value>"(?:[^"\\]|\\.)*"|true)(?:  # (?P<comment>.*))?$')


def entries(path: Path) -> list[re.Match[str]]:
    """The entries of lines, blank and rows, as they are written."""
    text = re.sub(r'"""\n.*?\n"""', '""', path.read_text(encoding="utf-8"), flags=re.S)
    found: list[re.Match[str]] = []
    table = ""
    for line in text.splitlines():
        if line.startswith("["):
            table = line.strip("[]")
        elif table in TABLES and line:
            match = ENTRY.match(line)
            assert match, f"{path.name}: {line}"
            found.append(match)
    return found


def asked_of(golden: dict[str, Any], made_up: Callable[..., Asked]) -> Asked:
    period = golden["period"]
    if "case" in golden:
        return shipped_asked(golden["case"], golden["year"], period)
    asked = made_up(golden["person"], golden["year"], golden["files"], period, **golden.get("options", {}))
    asked.settings = golden.get("settings", {})
    return asked


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_a_golden_form_is_as_it_was_worked_out(path: Path, made_up: Callable[..., Asked]) -> None:
    golden = tomllib.loads(path.read_text(encoding="utf-8"))
    made = fill(asked_of(golden, made_up), golden["form"])
    assert texts(made) == golden["lines"]
    assert dict.fromkeys((name for name, _ in made.by_hand()), True) == golden.get("blank", {})
    assert [n.text("en") for n in made.notes] == golden.get("notes", [])
    assert made.failed == []
    if "case" not in golden:  # rows of the shipped cases are those of their files: tests of the cases hold them
        rows = {
            f"{s.name}.{t.rows.code}.{n}": " | ".join(f"{k} {v}" for k, v in r.texts.items())
            for s in made.sheets
            for t in s.tables
            for n, r in enumerate(t.filled, 1)
        }
        assert rows == golden.get("rows", {})


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_every_line_of_a_golden_form_says_how_it_was_worked_out(path: Path) -> None:
    found = entries(path)
    golden = tomllib.loads(path.read_text(encoding="utf-8"))
    assert len(found) == sum(len(golden.get(t, {})) for t in TABLES)  # none is overlooked
    silent = [m["name"] for m in found if len((m["comment"] or "").strip()) < 5 or "TODO" in m["comment"]]
    assert silent == []


def test_every_return_and_every_kind_of_person_has_a_golden_form() -> None:
    forms = {tomllib.loads(p.read_text(encoding="utf-8"))["form"] for p in GOLDEN}
    assert forms == {e.form for e in editions()}
    names = " ".join(p.stem for p in GOLDEN)
    kinds = "aliya temir trader official heir non-resident individual company farm pool exchange proprietor"
    for kind in kinds.split():
        assert kind in names
