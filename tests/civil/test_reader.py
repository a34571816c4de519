"""Values of a message as readers of a language write them."""

from __future__ import annotations

import pytest

from salyq.civil.grammar import Speaker
from salyq.civil.messages import Message
from salyq.civil.reader import for_reader

ROWS = (
    ("amount", "0.05 ETH", "0,05 ETH", "0,05 ETH"),
    ("quantity", "-150", "-150", "-150"),
    ("form", "270.00", "270.00", "270.00"),
    ("value", "0.05", "0.05", "0.05"),
    ("file", "2025-01-31", "2025-01-31", "2025-01-31"),
    ("day", "2025-01-31", "31.01.2025", "31.01.2025"),
    ("place", "a-2025-01-31.csv:7", "a-2025-01-31.csv:7", "a-2025-01-31.csv:7"),
    ("period", "2025-Q1", "2025 ж. I тоқсан", "I кв. 2025 г."),
    ("period", "2025-H2", "2025 ж. II жартыжылдық", "II полугодие 2025 г."),
    ("period", "2025", "2025", "2025"),
    ("count", 12, 12, 12),
)


@pytest.mark.parametrize(("slot", "value", "kk", "ru"), ROWS)
def test_a_value_is_written_as_its_slot_asks(slot: str, value: object, kk: object, ru: object) -> None:
    assert [for_reader(slot, value, lang) for lang in ("kk", "ru", "en")] == [kk, ru, value]


def test_kazakh_endings_follow_the_year_that_is_said_last() -> None:
    """26 is said «алты», 25 «бес»: the ending is of what the reader reads."""
    assert _with_ending("2026-05-15") == "15.05.2026-ға"
    assert _with_ending("2025-05-30") == "30.05.2025-ке"


def _with_ending(day: str) -> str:
    return Speaker("kk").vformat("{day:kk:dative}", (), {"day": for_reader("day", day, "kk")})


def test_a_command_that_a_template_tells_keeps_its_days() -> None:
    params = {"place": "a.csv:2", "old": "MATIC", "new": "POL", "day": "2024-09-04"}
    for lang in ("kk", "ru"):
        assert Message("notice_maybe_renamed", params).shown(lang).endswith("--on 2024-09-04")


def test_files_and_calls_keep_what_machines_read() -> None:
    said = Message("obligation_cannot_be_told", {"name": "x", "period": "2025-Q1", "why": "y"})
    assert "2025-Q1" in said.texts()["ru"]
    assert "I кв. 2025 г." in said.shown("ru")
