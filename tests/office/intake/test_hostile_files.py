"""Files of every kind, damaged in small ways: a fault in words or an acceptance, never a defect; heads that lie."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.intake.test_filings import HEAD, Filer, fee_return, filer
from tests.office.intake.test_order_tables import ROWS

from salyq.civil.errors import SalyqError
from salyq.office.intake.kinds import kinds, read_whole
from salyq.office.intake.receive import _came_to

__all__ = ["filer"]
MINER, POOL = "900101300017", "230440900503"
CARF = Path(__file__).parents[2] / "forms" / "samples_hmrc" / "valid-carf.xml"


def declaration(**changed: Any) -> dict[str, Any]:
    lines = {"270.00.1": MINER, "270.00.2": "2025", **changed.pop("lines", {})}
    return {"form": "270.00", "edition": "o927-2025", "draft": False, "year": 2025, "period": "2025", "person": MINER,
            "lines": lines, "rows": {}, "by_hand": [], "from": {}, **changed}  # fmt: skip


GOOD: list[tuple[str, bytes]] = [
    ("pool_table", f"{HEAD}\n1;ТОО;{MINER};Pool;{POOL};M-1;;bc1q;05.10.2026;BTC;0,5;BTC;0,005\n".encode()),
    ("exchange_sales", f"miner,period,asset,sold,sold_on_aifc\n{MINER},2024-03,BTC,10,5\n".encode()),
    ("auction_energy", f"miner,period,kwh\n{MINER},2025-01,1000.5\n".encode()),
    ("880.00", fee_return(MINER, **{"001.E": "3000.5", "011.E": "3000.5"}).encode()),
    ("270.00", json.dumps(declaration()).encode()),
    ("carf", CARF.read_bytes()),
    *((name, text.encode()) for name, text in ROWS.items()),
]
NASTY = (
    *(
        "",
        "\x00",
        "-1",
        "1e400",
        "NaN",
        "9" * 400,
        "²",
        "١٢٣",
        "2025-13",
        "2025-02-30",
        "0000-01-01",
        "𝔘",
        "<a>&",
        "'\"",
    ),
    *("=1+1", "1,2,3", "٩٠٠١٠١٣٠٠٠١٧", "\u202e", "-0", "0." + "0" * 30 + "1", "05.10.0000", "31.02.2026"),
)
_CELL = re.compile(r'[^;,\n<>"]+')
_VALUES: tuple[Any, ...] = (None, True, 0, -1, 10**30, 1.5, [], {}, [[]], {"a": 1}, *NASTY)


def damaged_json(chance: random.Random, value: Any) -> Any:
    """Somewhere in it something else, or nothing."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key, value = chance.choice(list(value)), dict(value)
        if chance.random() < 0.8:
            value[key] = damaged_json(chance, value[key])
        else:
            value.pop(key)
        return value
    if isinstance(value, list) and value and chance.random() < 0.85:
        place = chance.randrange(len(value))
        return [*value[:place], damaged_json(chance, value[place]), *value[place + 1 :]]
    return chance.choice(_VALUES)


def damaged(chance: random.Random, data: bytes) -> bytes:
    if data.startswith(b"{") and chance.random() < 0.8:
        return json.dumps(damaged_json(chance, json.loads(data))).encode()
    text = data.decode(errors="replace")
    if chance.random() < 0.7:
        start, end = chance.choice([m.span() for m in _CELL.finditer(text)])
        return (text[:start] + chance.choice(NASTY) + text[end:]).encode()
    place = chance.randrange(len(data))
    more = (data[:place], data[:place] + data[place + 30 :], data[:place] + b"\xff\x00" + data[place:])
    return chance.choice(more)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(GOOD), st.randoms(use_true_random=False))
def test_no_damaged_file_finds_a_defect(tmp_path: Path, good: tuple[str, bytes], chance: random.Random) -> None:
    kind, data = good
    path = tmp_path / "given"
    path.write_bytes(damaged(chance, data) or b" ")
    try:
        received = read_whole(kinds()[kind], path)
    except SalyqError:
        return
    for told in _came_to(received, []).values():
        text = json.dumps(getattr(told, "obj", told), ensure_ascii=False, allow_nan=False)
        text.encode()  # no halves of characters
        assert "\\u00" not in text
    if received.about and not received.faults:
        assert len(received.about) == 12


@pytest.mark.parametrize(("kind", "data"), GOOD, ids=[kind for kind, _ in GOOD])
def test_the_files_themselves_are_good(tmp_path: Path, kind: str, data: bytes) -> None:
    path = tmp_path / "given"
    path.write_bytes(data)
    assert [f.as_json() for f in read_whole(kinds()[kind], path).faults] == []


def test_a_character_that_no_database_keeps_is_a_fault_in_words(filer: Filer) -> None:
    made = filer.post("\n".join([HEAD, filer.row(n="0\x00,5", day="\x00")]))
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "refused"
    assert {f["value"] for f in made.json()["faults"]} == {"\ufffd", "0\ufffd,5"}


LIES: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({"period": "banana"}, {("period", "2025")}),
    ({"period": "2024"}, {("period", "2025")}),
    ({"person": ""}, {("person", "")}),
    ({"person": "211140900363"}, {("270.00.1", "211140900363")}),
    ({"lines": {"270.00.1": "211140900363"}}, {("270.00.1", MINER)}),
    ({"lines": {"270.00.2": "2024"}}, {("270.00.2", "2025")}),
    ({"lines": {"270.00.2": ""}}, {("270.00.2", "2025")}),
]


@pytest.mark.parametrize(("changed", "said"), LIES, ids=range(len(LIES)))
def test_a_head_that_is_none_or_not_that_of_its_lines_is_refused(
    tmp_path: Path, changed: dict[str, Any], said: set[tuple[str, str]]
) -> None:
    path = tmp_path / "given"
    path.write_text(json.dumps(declaration(**changed)), encoding="utf-8")
    faults = read_whole(kinds()["270.00"], path).faults
    assert {(f.where, f.right) for f in faults} == said


def test_a_quarter_that_its_lines_do_not_say_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "given"
    told = json.loads(fee_return(MINER, "2025-Q1"))
    for period, where in (
        ("2025-Q2", {"880.00.quarter"}),
        ("2025", {"period"}),
        ("2025-Q5", {"period", "880.00.quarter"}),
    ):
        path.write_text(json.dumps({**told, "period": period}), encoding="utf-8")
        assert {f.where for f in read_whole(kinds()["880.00"], path).faults} == where, period
