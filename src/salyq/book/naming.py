"""Names of worked cases in Kazakh and Russian, made of their facts: who, when, what happens. Their own titles are in
English."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from typing import Any

from salyq.app.words_of_law import word
from salyq.present.words import Words
from salyq.records.kinds import KINDS

EVENTS = 4  # kinds of event that a name tells
FACTS = 3  # facts of an act that a name tells


def of_person(case: Mapping[str, Any], say: Words) -> str:
    """«Физическое лицо, нерезидент, 2025: покупка, продажа»."""
    person = tomllib.loads(case["person"])
    who = [say.label(word("person_kind", str(person.get("kind", ""))), str(person.get("kind", "")))]
    if person.get("resident") is False:
        who.append(say("book_case_non_resident"))
    head = ", ".join([*who, str(case["year"])])
    found = _events(case.get("files", {}), say)
    return _capital(f"{head}: {', '.join(found)}" if found else head)


def _events(files: Mapping[str, str], say: Words) -> list[str]:
    """What the files of a case tell of, in the order of their rows."""
    found: dict[str, None] = {}
    for name, text in files.items():
        file = name.rpartition("/")[2]
        if file.startswith("records"):
            for row in csv.DictReader(io.StringIO(text.strip())):
                kind = KINDS.get(row.get("kind") or "")
                if kind is not None:
                    found[say.label(kind.label, kind.name)] = None
        for start in ("energy", "payouts", "expenses", "payments"):
            if file.startswith(start):
                found[say(f"book_case_{start}")] = None
    told = list(found)
    return [*told[:EVENTS], "…"] if len(told) > EVENTS else told


def of_act(case: Mapping[str, Any], title: str, say: Words) -> str:
    """«Перевод цифрового актива: необеспеченный, оператор обмена»: the facts that are words, the first of them."""
    told = [say.label(word(f"act.{n}", str(v)), "") for n, v in case["facts"].items()]
    found = list(dict.fromkeys(x for x in told if x))[:FACTS]
    return f"{title}: {', '.join(found)}" if found else title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
