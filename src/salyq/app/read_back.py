"""An assessment read back from its JSON: the same figures, findings and verdict; it explains by making itself again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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

RESULT = "assessment.json"  # the name of a result in the folder that `assess --out` writes
_SAYS = {"salyq", "law", "year", "figures", "run"}  # keys that tell a result from other JSON
Inputs = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Told(Message):
    """A message as a result has it: its code, and its words as they were said."""

    said: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        return self.said[lang]


def read_result(path: str | Path, case: str | Path | Inputs | None = None) -> Assessment:
    """The assessment that `assess --format json` (or assessment_json) wrote to a file, or `assess --out` to a folder.

    `explain` reads the case again from where the result says it lies (`case`: from where it lies now), and answers only
    where every input is still the same to the byte, and the figure too. InputError: no result, or (when explaining) an
    input or a figure that is other or gone.
    """
    file = Path(path) / RESULT if Path(path).is_dir() else Path(path)
    given = None if case is None else (case,) if isinstance(case, str | Path) else tuple(case)
    try:
        found = _assessment(json.loads(file.read_bytes().decode("utf-8")), file, given)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(Message("result_unreadable", {"why": reason}), file=str(file)) from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise InputError(Message("result_no_result", {}), file=str(file)) from None
    return found


def result_in(path: str | Path, year: int | None = None) -> Path | None:
    """The file of the result that lies there: the file itself, that of a folder without a case, or of several years
    that of `year`. None where there is none."""
    place = Path(path)
    if place.is_dir():
        if (place / "person.toml").exists():
            return None
        file = next((f for f in (place / RESULT, place / str(year) / RESULT) if f.is_file()), None)
    else:
        file = place if place.suffix == ".json" else None
    try:
        told = None if file is None else json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return file if isinstance(told, dict) and told.keys() >= _SAYS else None


def lies(name: str, result: Path) -> str:
    """An input as it was named; where that is not there, seen from the result's own folder."""
    beside = result.parent / name
    return str(beside) if not Path(name).exists() and beside.exists() else name


def _assessment(j: Mapping[str, Any], file: Path, given: Inputs | None) -> Assessment:
    rows, run = j["rows"], j["run"]
    settings = sorted((str(k), str(v)) for k, v in run["settings"].items())
    asked = Run(tuple(run["inputs"]), run["person"], _day(run["known"]), tuple(settings), _day(run.get("as_of")))
    inputs = tuple(
        Input(i["file"] or "", i["sha256"], i["reader"], _day(i["first"]), _day(i["last"]), i["rows"])
        for i in j["inputs"]
    )
    figures = tuple(figure_of(f) for f in j["figures"])
    return Assessment(
        j["salyq"],
        j["law"]["fingerprint"],
        date.fromisoformat(j["law"]["known"]),
        j["person"]["id"] or "",
        j["person"]["kind"],
        int(j["year"]),
        figures,
        tuple(_finding(f) for f in j["findings"]),
        tuple(_obligation(o) for o in j["obligations"]),
        RowCounts(rows["read"], rows["used"], rows["ignored"], rows["rejected"]),
        None,
        Verdict(j["verdict"]["state"], tuple(_reason(r) for r in j["verdict"]["reasons"])),
        tuple(Choice(c["election"], c["choice"], c["stated"]) for c in j["choices"]),
        inputs,
        asked,
        _Again(int(j["year"]), asked, inputs, figures, file, given),
    )


@dataclass(slots=True)
class _Again:
    """Explains by making the assessment again, once, of the same input."""

    year: int
    run: Run
    inputs: tuple[Input, ...]
    figures: tuple[Figure, ...]
    file: Path
    given: Inputs | None
    made: Assessment | None = None

    def __call__(self, name: str, period: str, rows: int | None) -> Why:
        if self.made is None:
            self.made = self.again()
        return self.made.explain(name, period, rows=rows)

    def again(self) -> Assessment:
        from salyq.app.api import assess, read_case

        run = self.run
        given = [lies(name, self.file) for name in run.given] if self.given is None else self.given
        gone = next((str(x) for x in given if not Path(x).exists()), None)
        if gone is not None:
            raise InputError(Message("result_case_gone", {}), file=gone)
        person = None if run.person is None else lies(run.person, self.file)
        case = read_case(given[0] if len(given) == 1 else given, person=person)
        now = {(i.file, i.reader): i.sha256 for i in case.inputs}
        for one in self.inputs:
            if now.pop((one.file, one.reader), None) != one.sha256:
                raise InputError(Message("result_input_changed", {}), file=one.file or one.reader)
        for file, reader in now:
            raise InputError(Message("result_input_changed", {}), file=file or reader)
        settings = dict(run.settings)
        made = assess(case, self.year, known=run.known, settings=settings, as_of=run.as_of, alternatives=False)
        before, after = _values(self.figures), _values(made.figures)
        for figure in (f for f in {**before, **after} if before.get(f) != after.get(f)):
            raise InputError(Message("result_figure_changed", {"figure": " ".join(figure)}), file=str(self.file))
        return made


def _values(figures: Sequence[Figure]) -> dict[tuple[str, str], tuple[object, ...]]:
    return {(f.name, f.period): (f.value, f.status, f.bounds, f.cites) for f in figures}


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
