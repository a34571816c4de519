"""docs/security.md: every requirement of ASVS 5.0 levels 1 and 2 stands once, with a test or a reason; each named test
exists.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The requirements of levels 1 and 2 in ASVS 5.0.0, by section: how many there are, from 1 on (those of level 3 follow
# after them in each section, so the numbers have no gap).
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3
5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3
9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4
17.3:2
"""


def wanted() -> set[str]:
    pairs = (p.split(":") for p in SECTIONS.split())
    return {f"{section}.{n}" for section, count in pairs for n in range(1, int(count) + 1)}


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [c for c in cells if re.match(r"\d", c[0])]


def named_in(cell: str) -> list[str]:
    """`1.2.1–1.2.3, 1.3.2` → each of them; what is of level 3 is left out."""
    found = []
    for piece in cell.split(", "):
        if piece.endswith("(L3)"):
            continue
        first, _, last = piece.partition("–")
        section, _, start = first.rpartition(".")
        end = last.rpartition(".")[2] if last else start
        assert not last or last.startswith(f"{section}."), piece
        found += [f"{section}.{n}" for n in range(int(start), int(end) + 1)]
    return found


def test_every_requirement_stands_once_with_a_test_or_a_reason() -> None:
    told = Counter(name for row in rows() for name in named_in(row[0]))
    level_three = set(told) - wanted()
    assert not wanted() - set(told)
    assert not level_three
    assert max(told.values()) == 1
    bare = [row[0] for row in rows() if not (row[2] or row[3])]
    assert not bare
    assert not [row[0] for row in rows() if "NOT DONE" in row[2] or "PARTLY" in row[2]]


def functions(path: Path) -> set[str]:
    return {n.name for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)}


def test_every_named_test_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8"))
    assert len(named) > 60
    missing = [f"{file}::{name}" for file, name in named if name not in functions(ROOT / file)]
    assert not missing
