"""The acceptance rows of regulation, row by row: each names the worked cases that hold it; fines are asked figure by
figure, every part of an article and every class of business."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salyq.app.asking import ask_act
from salyq.law import shipped
from salyq.law.asked.working import cases as asked_cases

ROWS = {  # rows of cases: worked cases by id. A22 is one of the valuation subject, the others are asked of acts
    "A1": ("A1-2023", "A1-2024", "A1-2025", "A1-2026-03"),
    "A2": ("A2", "A2-short", "A2-29.99999999", "A2-30.00000001"),
    "A22": ("A22",),
    "A23": ("A23-0", "A23-1", "A23-2"),
    "A24": (
        *(f"A24-dfa-1-{side}" for side in ("below", "at", "above")),
        *(f"A24-dfa-2-{side}" for side in ("below", "at", "above")),
        *(f"A24-dfa-3-other-{side}" for side in ("below", "at", "above")),
        *(f"A24-dfa-3-share-{side}" for side in ("below", "at", "above")),
    ),
    "A25": ("A25-2026-07-10", "A25-2026-12-04", "A25-2026-12-15"),
    "A26": ("A26", "A26-before", "A26-dfa"),
    "A27": ("A27",),
    "A28": ("A28", "A28-repeat", "A28-large"),
    "A29": ("A29-before", "A29"),
    "7.1": ("fine-report", "fine-rules", "fine-third"),
}
MCI_2026 = 4325
CLASSES = ("person", "small", "medium", "large")
MONITORING = {  # article 214 in the edition of 12.07.2026
    1: (30, 70, 210, 280),
    2: (65, 180, 290, 520),
    3: (75, 210, 330, 600),
    4: (40, 110, 280, 420),
    5: (45, 120, 300, 450),
    6: (40, 100, 250, 400),
    7: (45, 110, 280, 420),
    8: (40, 110, 280, 420),
    9: (75, 195, 330, 600),
    10: (40, 110, 280, 420),
    11: (30, 70, 210, 280),
    12: (40, 100, 260, 400),
    13: (45, 120, 300, 450),
    14: (75, 210, 330, 600),
    15: (110, 180, 320, 700),
    16: (120, 195, 345, 750),
    17: (75, 210, 330, 640),
    18: (150, 225, 375, 900),
    19: (200, 450, 900, 1800),
}
WARNED = {2, 4, 6, 12, 15}
REPEATED = {1, 3, 5, *range(7, 12), 13, 14, 16, 17}
OTHERS = {
    "KOAP:463.1": (15, 25, 40, 150),
    "KOAP:463.2": (30, 50, 80, 500),
    "KOAP:464.1": (15, 45, 80, 150),
    "KOAP:464.2": (40, 100, 150, 300),
    "KOAP:462.1": (3, 100, 150, 200),
    "KOAP:462.2": (7, 200, 300, 400),
    "KOAP:462.3": (5, 100, 200, 500),
    "KOAP:462.4": (20, 20, 20, 20),
    "KOAP:272.2": (15, 30, 45, 70),
    "KOAP:288.2": (15, 15, 15, 15),
}
BEFORE = {  # article 214 until March 2026
    2: (50, 140, 220, 400),
    4: (30, 80, 200, 300),
    5: (50, 140, 220, 400),
    9: (50, 140, 220, 400),
    10: (80, 130, 230, 500),
    12: (100, 150, 250, 600),
    13: (150, 300, 600, 1200),
}
ENTITY = (750, 1000, 2000)


def fine(article: str, size: str, on: date, **facts: str) -> str | None:
    answer = ask_act("breach", {"article": article, "class": size, **facts}, on=on).as_json()
    assert answer["verdict"] == "unlawful"
    (found,) = [a for a in answer["amounts"] if a["name"] == "penalties.fine"]
    return found["value"]


def tenge(multiple: int) -> str:
    return f"{Decimal(multiple * MCI_2026):.2f}"


def test_every_row_names_worked_cases() -> None:
    """That each of them holds is asked by `salyq law check` and the tests of worked cases."""
    known = {str(c["id"]) for c in asked_cases()} | {str(c["id"]) for found in shipped().cases.values() for c in found}
    assert sorted({i for ids in ROWS.values() for i in ids} - known) == []


@pytest.mark.parametrize("part", MONITORING)
@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 7, 12)])
def test_article_214_as_it_is(part: int, on: date) -> None:
    for size, multiple in zip(CLASSES, MONITORING[part], strict=True):
        assert fine(f"KOAP:214.{part}", size, on, repeat="no") == tenge(multiple), (part, size)
        again = MONITORING[18 if part in REPEATED else part][CLASSES.index(size)]
        assert fine(f"KOAP:214.{part}", size, on, repeat="yes") == tenge(again), (part, size)


@pytest.mark.parametrize("part", MONITORING)
def test_a_late_report_may_end_in_a_warning_a_missing_one_not(part: int) -> None:
    answer = ask_act("breach", {"article": f"KOAP:214.{part}", "class": "medium", "repeat": "no"}, on=date(2026, 7, 12))
    warned = "penalties.warning_possible" in {f.name for f in answer.findings}
    assert warned is (part in WARNED)


@pytest.mark.parametrize("part", BEFORE)
def test_article_214_as_it_was(part: int) -> None:
    for size, multiple in zip(CLASSES, BEFORE[part], strict=True):
        assert fine(f"KOAP:214.{part}", size, date(2026, 2, 28), repeat="no") == tenge(multiple), (part, size)


@pytest.mark.parametrize("article", OTHERS)
def test_other_articles(article: str) -> None:
    for size, multiple in zip(CLASSES, OTHERS[article], strict=True):
        assert fine(article, size, date(2026, 7, 12), repeat="no") == tenge(multiple), (article, size)


def test_an_entity_in_laundering() -> None:
    for size, multiple in zip(CLASSES[1:], ENTITY, strict=True):
        assert fine("KOAP:214-1", size, date(2026, 7, 12)) == tenge(multiple), size
