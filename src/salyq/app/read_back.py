"""An assessment read back from its JSON: the same figures, findings and verdict; it explains by making itself again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salyq.assessing.result import (
    Alternative,
    Assessment,
    Choice,
    Figure,
    Finding,
    Input,
    Obligation,
    Reason,
    RowCounts,
    Run,
    Verdict,
)
from salyq.civil.errors import InputError
from salyq.civil.messages import Message

if TYPE_CHECKING:
    from salyq.rulebook.explain import Why


@dataclass(frozen=True, slots=True)
class Told(Message):
    """A message as a result has it: its code, and its words as they were said."""

    said: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        return self.said[lang]


def read_result(path: str | Path) -> Assessment:
    """The assessment that `assess --format json` (or assessment_json) wrote to a file.

    `explain` reads the case again from where the result says it lies, and answers only where every input is still the
    same to the byte. InputError: no result, or (when explaining) an input that is other or gone.
    """
    try:
        told = json.loads(Path(path).read_bytes().decode("utf-8"))
        found = _assessment(told)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(Message("result_unreadable", {"why": reason}), file=str(path)) from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise InputError(Message("result_no_result", {}), file=str(path)) from None
    return found


def _assessment(j: Mapping[str, Any]) -> Assessment:
    rows, run = j["rows"], j["run"]
    settings = sorted((str(k), str(v)) for k, v in run["settings"].items())
    asked = Run(tuple(run["inputs"]), run["person"], _day(run["known"]), tuple(settings), _day(run.get("as_of")))
    inputs = tuple(
        Input(i["file"] or "", i["sha256"], i["reader"], _day(i["first"]), _day(i["last"]), i["rows"])
        for i in j["inputs"]
    )
    return Assessment(
        j["salyq"],
        j["law"]["fingerprint"],
        date.fromisoformat(j["law"]["known"]),
        j["person"]["id"] or "",
        j["person"]["kind"],
        int(j["year"]),
        tuple(figure_of(f) for f in j["figures"]),
        tuple(_finding(f) for f in j["findings"]),
        tuple(_obligation(o) for o in j["obligations"]),
        RowCounts(rows["read"], rows["used"], rows["ignored"], rows["rejected"]),
        None,
        Verdict(j["verdict"]["state"], tuple(_reason(r) for r in j["verdict"]["reasons"])),
        tuple(Choice(c["election"], c["choice"], c["stated"]) for c in j["choices"]),
        inputs,
        asked,
        _explainer(int(j["year"]), asked, inputs),
    )


def _explainer(year: int, run: Run, inputs: tuple[Input, ...]) -> Callable[[str, str, int | None], Why]:
    made: list[Assessment] = []

    def explain(name: str, period: str, rows: int | None) -> Why:
        if not made:
            made.append(_again(year, run, inputs))
        return made[0].explain(name, period, rows=rows)

    return explain


def _again(year: int, run: Run, inputs: tuple[Input, ...]) -> Assessment:
    from salyq.app.api import assess, read_case

    given = run.given[0] if len(run.given) == 1 else run.given
    case = read_case(given, person=run.person)
    now = {(i.file, i.reader): i.sha256 for i in case.inputs}
    for one in inputs:
        if now.pop((one.file, one.reader), None) != one.sha256:
            raise InputError(Message("result_input_changed", {}), file=one.file or one.reader)
    for file, reader in now:
        raise InputError(Message("result_input_changed", {}), file=file or reader)
    return assess(case, year, known=run.known, settings=dict(run.settings), as_of=run.as_of, alternatives=False)


def figure_of(f: Mapping[str, Any]) -> Figure:
    """A figure as the JSON of an assessment has it."""
    return Figure(
        f["name"],
        f["period"],
        _amount(f["value"]),
        f["unit"],
        f["status"],
        f["basis"],
        tuple(f["cites"]),
        f["label"],
        tuple(_told(m["code"], m["message"]) for m in f["missing"]),
        _bounds(f["bounds"]),
        tuple(_alternative(a) for a in f["alternatives"]),
        _note(f),
        _amount(f["so_far"]),
    )


def _alternative(a: Mapping[str, Any]) -> Alternative:
    ends, years = _bounds(a.get("bounds")), tuple(a.get("years", ()))
    return Alternative(a["election"], a["choice"], _amount(a["value"]), ends, years)


def _finding(f: Mapping[str, Any]) -> Finding:
    message = _told(f["code"], f["message"])
    return Finding(f["code"], f["severity"], message, tuple(f["cites"]), tuple(f["records"]), f["amount"])


def _obligation(o: Mapping[str, Any]) -> Obligation:
    why = None if o["why"] is None else _told(o["why"]["code"], o["why"]["message"])
    cites = tuple(o["cites"])
    return Obligation(
        o["name"],
        o["period"],
        _day(o["due"]),
        _amount(o["amount"]),
        cites,
        o["basis"],
        _note(o),
        o["status"],
        why,
        o.get("rule", ""),
    )


def _reason(r: Mapping[str, Any]) -> Reason:
    return Reason(r["code"], _told(r["code"], r["message"]), _amount(r["amount"]))


def _note(of: Mapping[str, Any]) -> Message | None:
    return None if of["note"] is None else _told(of["note"], of["note_text"])


def _told(code: str, texts: Mapping[str, str]) -> Told:
    return Told(code, {}, dict(texts))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _bounds(bounds: Mapping[str, Any] | None) -> tuple[Decimal | None, Decimal | None] | None:
    return None if bounds is None else (_amount(bounds["low"]), _amount(bounds["high"]))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
