"""Whatever a pilot refuses or stops with has words in three languages, and an operator reads what to do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from salyq.office.pilots import reasons
from salyq.office.pilots.card import spec
from salyq.office.pilots.sandbox.contracts import LIMITS

PILOTS = Path(reasons.__file__).parent
FINE = {spec.APPROVED, spec.PARTIAL, reasons.MATCHED, reasons.FORCED, reasons.DUPLICATE, reasons.RETURNED}
OTHER = {"prepared", "fulfilled", "expired", "rejected", "code", "reason"}


def given() -> set[str]:
    """The reasons that the pilots' code writes: second text of a refusal of the card, third of a decision, first of
    CityRefused, third of `say(…, "stopped", …)`."""
    places = {"_refuse": 2, "decide": 2, "CityRefused": 0, "_give_up": 1}
    found: set[str] = set()
    for path in PILOTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                at = places.get(name)
                if at is not None and len(node.args) > at:
                    found |= {x.value for x in ast.walk(node.args[at]) if isinstance(x, ast.Constant) and x.value}
            elif isinstance(node, ast.Return) and path.name == "host.py" and isinstance(node.value, ast.Tuple):
                last = node.value.elts[-1]
                found |= {last.value} if isinstance(last, ast.Constant) and last.value else set()
    return {x for x in found if isinstance(x, str) and not x.startswith("limit:")} - OTHER


EVERY = {*given(), *LIMITS, *reasons.CARD, *reasons.CAUSES, *reasons.CITY, *reasons.GROUNDS, *spec.WORDS}
EVERY |= {*reasons.CLEARED, *(f"contract_{s}" for s in reasons.STATES), *(f"limit:{x}" for x in LIMITS)}


def test_the_code_gives_reasons() -> None:
    assert {"quote_stale", "field_missing", "original", "data", "rate", "already_paid"} <= given()


@pytest.mark.parametrize("code", sorted(EVERY))
def test_every_reason_has_words_and_a_remedy(code: str) -> None:
    words = [reasons.said(code, lang) for lang in ("kk", "ru", "en")]
    assert code not in words[:2]
    assert len(set(words)) == 3
    todo = [reasons.remedy(code, lang) for lang in ("kk", "ru", "en")]
    assert all(todo) is (code not in FINE and code != reasons.REJECTED)
    assert len(set(todo)) == 3 or code in FINE or code == reasons.REJECTED


def test_what_another_program_made_up_stays_as_it_is() -> None:
    assert reasons.said("because<b>", "ru") == "because<b>"
    assert reasons.remedy("because<b>", "ru") == ""


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_network_code_and_its_reason_are_one_cause_in_one_wording(lang: str) -> None:
    assert reasons.said("51", lang) == reasons.said("coins", lang)
