"""What is unlawful has its fine where one was read; else it is said that none was, and who is to be asked."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from salyq.app.asking import ask_act
from salyq.law.asked.asking import FINES
from salyq.law.asked.working import cases

UNLAWFUL = [c for c in cases() if c.get("verdict") == "unlawful"]


def of_case(case: dict[str, Any], **more: str) -> Any:
    return ask_act(case["act"], {**case["facts"], **more}, case.get("on"), case.get("known"), explain=False)


def test_every_unlawful_act_tells_its_fine_or_that_none_was_read() -> None:
    said: Counter[str] = Counter()
    for case in UNLAWFUL:
        answer = of_case(case)
        fines = [p.name for p in (*answer.amounts, *answer.findings) if p.name.startswith(FINES)]
        none_read = [u for u in answer.unsettled if u.name.startswith(FINES) and u.cite == "koap"]
        assert bool(fines) is not bool(none_read) or "unknown" in case.get("amounts", {}).values(), case["id"]
        assert all(u.reason[lang] for u in none_read for lang in ("kk", "ru", "en"))
        said["fine" if fines else "none read"] += 1
    assert said["fine"] > 40
    assert said["none read"] > 30


@pytest.mark.parametrize("name", ["A26", "mine-suspended", "operate-suspended"])
def test_the_offence_is_named_before_the_class_is_known(name: str) -> None:
    (case,) = (c for c in cases() if c["id"] == name)
    answer = of_case(case)
    assert any(p.name.startswith("penalties.offence_") for p in answer.findings)
    assert "class" not in {m.fact for m in answer.missing}  # nobody must say it to have the rest
    with_class = of_case(case, **{"class": "large", "repeat": "no"})
    (fine,) = (p for p in with_class.amounts if p.name.startswith(FINES))
    assert fine.value is not None


def test_a_lawful_act_has_no_fine() -> None:
    for case in cases():
        if case.get("verdict") == "lawful":
            answer = of_case(case)
            assert not any(p.name.startswith("penalties.fine") for p in answer.amounts), case["id"]
