"""Readers say everything about themselves; nobody else knows one by its name, and other packages bring their own."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.parsed import nodes, tree_of

from salyq.civil.messages import LANGUAGES
from salyq.records.reading import Tells, Yields
from salyq.sources import read_folder, registry
from salyq.sources.format import Format
from salyq.sources.habits.rules import COMMON

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "salyq"
SAMPLES = Path(__file__).parent / "samples"

PAGE = (ROOT / "docs" / "developer.md").read_text(encoding="utf-8")
SHOWN = PAGE.partition("## A new reader")[2]  # the page's own examples
PLUGIN, LISTS = re.findall(r"```python\n(.*?)```", SHOWN, re.DOTALL)[:2]
TABLE = """time,coin,change,state
2025-02-01 10:00:00,BTC,0.5,ok
2025-02-02 10:00:00,BTC,-0.1,frozen
2025-02-03 10:00:00,BTC,many,ok
"""


@pytest.fixture
def plugged(tmp_path: Path) -> Path:
    """A folder that looks like an installed package with a reader, and a case with its table beside it."""
    site, case = tmp_path / "site", tmp_path / "case"
    (site / "salyq_qalam-1.0.dist-info").mkdir(parents=True)
    (site / "salyq_qalam.py").write_text(PLUGIN, encoding="utf-8")
    info = site / "salyq_qalam-1.0.dist-info"
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: salyq-qalam\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[salyq.sources]\nqalam = salyq_qalam\n")
    case.mkdir()
    (case / "export.csv").write_text(TABLE, encoding="utf-8")
    return site


def run(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; from salyq.cli.main import main; sys.exit(main(sys.argv[1:]))"
    there = {**os.environ, "PYTHONPATH": str(site), "LC_ALL": "C.UTF-8"}
    return subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, env=there)


def test_a_reader_of_another_package_reads_its_table(plugged: Path) -> None:
    done = run(plugged, "read", str(plugged.parent / "case" / "export.csv"), "--lang", "ru")
    assert done.returncode == 0, done.stderr
    assert "qalam" in done.stdout
    assert "qalam_frozen — заморожено" in done.stdout
    assert "export.csv:4" in done.stdout
    assert "time, coin, change, state" in run(plugged, "sources", "list").stdout


def test_a_list_of_trades_needs_its_columns_alone(plugged: Path) -> None:
    (plugged / "salyq_qalam.py").write_text(LISTS, encoding="utf-8")
    export = plugged.parent / "case" / "trades.csv"
    export.write_text(
        "Date(UTC+5),Pair,Side,Amount,Total,Fee,Fee currency,Deal ID\n"
        "2026-02-01 10:00:00,BTC/USDT,buy,0.01,900.00,0.00001,BTC,1\n"
    )
    done = run(plugged, "read", str(export), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "read 1 = used 1" in done.stdout
    told = re.findall(r"(2026\S+) +(swap_\w+) +(\w+) +([\d.]+)", done.stdout)
    assert {row[0] for row in told} == {"2026-02-01T05:00:00+00:00"}
    assert sorted(row[1:] for row in told) == [("swap_in", "BTC", "0.01"), ("swap_out", "USDT", "900")]


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("x = 1", "salyq.sources"),
        (PLUGIN.replace('"qalam_history",\n    (C', '"binance_history",\n    (C'), "binance_history"),
    ],
)
def test_a_broken_package_is_one_line(plugged: Path, program: str, says: str) -> None:
    (plugged / "salyq_qalam.py").write_text(program, encoding="utf-8")
    done = run(plugged, "read", str(plugged.parent / "case" / "export.csv"))
    assert done.returncode == 4
    assert len(done.stderr.strip().splitlines()) == 1
    assert says in done.stderr
    assert "salyq_qalam" in done.stderr


def test_what_readers_share_is_listed_where_an_author_looks() -> None:
    listed = set(re.findall(r"\b(\w+)\.py", ast.get_docstring(tree_of(SRC / "sources" / "format.py")) or ""))
    assert {p.stem for p in (SRC / "sources" / "habits").glob("*.py")} - {"__init__"} <= listed


def test_every_reader_says_what_it_is() -> None:
    for form in registry.formats():
        assert form.page, form.name
        assert (ROOT / form.page).is_file(), form.name
        assert form.yields, form.name
        assert form.tells is not Tells.OWN or form.venue == "Salyq"
        named = {column.name for column in form.columns}
        moves = {*form.moves.assets, *form.moves.pairs} | ({form.moves.change} if form.moves.change else set())
        assert moves <= named, form.name
        for rule in form.ignores:
            assert all(rule.words.text(lang) for lang in LANGUAGES)
            assert rule.name not in {common.name for common in COMMON}


def test_the_order_of_modules_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = registry.formats()
    shipped = list(registry._shipped())
    monkeypatch.setattr(registry, "_shipped", lambda: iter(shipped[::-1]))
    assert registry.formats.__wrapped__() == asked


def test_no_sample_is_taken_by_two_readers_alike() -> None:
    """Where two readers fit one header, the one that needs more columns is asked first."""
    reading, _ = read_folder(SAMPLES)
    for report in reading.files:
        assert report.reader.split("_")[0] in report.file or report.reader.startswith("meter") or "pool" in report.file


def by_name(tree: ast.AST, names: set[str]) -> list[int]:
    """Lines that hold the name of a reader as a text, or compare something's `reader` with a text."""
    found = []
    for node in nodes(tree, ast.Constant, ast.Compare):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
            found.append(node.lineno)
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            if any(isinstance(p, ast.Attribute) and p.attr == "reader" for p in parts):
                found.append(node.lineno)
    return found


def test_no_reader_is_known_by_name_outside_its_own_room() -> None:
    # What offices receive has codes of its own, of which one is spelt alike. Names of our own formats are words of the
    # language too (records, energy): comparing `.reader` finds those.
    names = {form.name for form in registry.formats() if not form.own}
    assert len(names) > 20
    home = SRC / "sources" / "readers"
    found = [
        f"{path.relative_to(SRC)}:{line}"
        for path in sorted(SRC.rglob("*.py"))
        if not path.is_relative_to(home) and not path.is_relative_to(SRC / "office")
        for line in by_name(tree_of(path), names)
    ]
    assert not found, found
    assert by_name(ast.parse('x = "pool_table"\ny = report.reader == "energy"'), names) == [1, 2]  # planted faults


def test_formats_declare_what_nobody_can_guess() -> None:
    with pytest.raises(TypeError):
        Format("x", (), lambda book, facts: None)  # type: ignore[call-arg, arg-type, return-value]
    assert {Yields.RECORDS, Yields.ENERGY, Yields.PAYOUTS} <= {y for f in registry.formats() for y in f.yields}
