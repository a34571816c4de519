"""A year, or an answer, as the law stands and under a reform: what would be other, figure by figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from salyq.assessing.result import Assessment, Figure
from salyq.assessing.year import assess
from salyq.facts.case import Case
from salyq.law.asked.model import Answer
from salyq.law.reforms import Reform, read

__all__ = [
    "Compared",
    "Reform",
    "Said",
    "answers_compared",
    "answers_json",
    "assess_reformed",
    "compared",
    "read",
    "reform_json",
]


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure twice. `difference`: reform less baseline, None unless both are known (a figure that only one of them
    has counts as nought in the other)."""

    name: str
    period: str
    unit: str
    label: Mapping[str, str]
    baseline: Figure | None
    reform: Figure | None
    difference: Decimal | None

    @property
    def same(self) -> bool:
        """Nothing about the figure is other."""
        a, b = self.baseline, self.reform
        return a is not None and b is not None and (a.status, a.value, a.bounds) == (b.status, b.value, b.bounds)


def assess_reformed(
    case: Case,
    year: int,
    reform: Reform,
    *,
    known: date | None = None,
    settings: Mapping[str, str] | None = None,
    as_of: date | None = None,
) -> Assessment:
    """The year under a reform, with the choices taken; other choices are not worked out."""
    return assess(case, year, known=known, settings=settings, as_of=as_of, alternatives=False, reform=reform)


def compared(before: Assessment, after: Assessment) -> list[Compared]:
    """Every figure of both, in the order of the baseline."""
    return figures_compared(before.figures, after.figures)


def figures_compared(before: Iterable[Figure], after: Iterable[Figure]) -> list[Compared]:
    """Every figure of both, in the order of the first."""
    was, now = ({(f.name, f.period): f for f in figures} for figures in (before, after))
    return [_one(was.get(key), now.get(key)) for key in dict.fromkeys([*was, *now])]


def _one(a: Figure | None, b: Figure | None) -> Compared:
    shown = a or b
    assert shown is not None
    ends = (_number(a), _number(b))
    difference = None if ends[0] is None or ends[1] is None else ends[1] - ends[0]
    if not any(f is not None and f.status == "known" for f in (a, b)):
        difference = None
    return Compared(shown.name, shown.period, shown.unit, shown.label, a, b, difference)


def _number(f: Figure | None) -> Decimal | None:
    """What does not apply is nothing owed; what is not known is not known."""
    if f is None or f.status == "not_applicable":
        return Decimal(0)
    return f.value if f.status == "known" else None


def reform_json(reform: Reform, after: Assessment, rows: Iterable[Compared]) -> dict[str, Any]:
    """What JSON says beside the baseline: the reform, its law, and each figure twice."""
    return {
        **reform.as_json(),
        "fingerprint": after.fingerprint,
        "verdict": after.verdict.state,
        "figures": [figure_json(r) for r in rows],
    }


def figure_json(r: Compared, ends: tuple[str, str] = ("baseline", "reform")) -> dict[str, Any]:
    """A figure twice, under the names `ends`."""
    return {
        "name": r.name,
        "period": r.period,
        "unit": r.unit,
        "label": dict(r.label),
        ends[0]: _text(r.baseline),
        ends[1]: _text(r.reform),
        "difference": None if r.difference is None else str(r.difference),
        "status": {ends[0]: _status(r.baseline), ends[1]: _status(r.reform)},
    }


def _text(f: Figure | None) -> str | None:
    return None if f is None or f.value is None else str(f.value)


def _status(f: Figure | None) -> str:
    return "not_applicable" if f is None else f.status


# ---- an answer of `ask` --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Said:
    """One thing that an answer says, twice; "" where an answer does not say it, None where it is not known. `part`:
    verdict, gate, authority, needs, duties, amounts or findings; `difference` of amounts that are numbers."""

    part: str
    name: str
    label: Mapping[str, str]
    unit: str
    baseline: str | None
    reform: str | None
    difference: Decimal | None

    @property
    def same(self) -> bool:
        return self.baseline == self.reform


def answers_compared(before: Answer, after: Answer) -> list[Said]:
    """All that either answer says, in the order of the baseline."""
    was, now = (dict(_parts_said(a)) for a in (before, after))
    found = []
    for key in dict.fromkeys([*was, *now]):
        a, b = (said[key][0] if key in said else "" for said in (was, now))
        _, label, unit = was.get(key) or now[key]
        found.append(Said(*key, label, unit, a, b, _less(a, b) if key[0] == "amounts" else None))
    return found


def _parts_said(answer: Answer) -> Iterator[tuple[tuple[str, str], tuple[str | None, Mapping[str, str], str]]]:
    for part in ("verdict", "gate", "authority"):
        yield (part, part), (getattr(answer, part) or "", {}, "")
    for need in answer.needs:
        met = None if need.met is None else "yes" if need.met else "no"
        yield ("needs", need.name), (met, need.label, "")
    for duty in answer.duties:
        days = [d for d in (duty.due, duty.until) if d]
        yield ("duties", duty.name), (" ".join(days) or "yes", duty.label, "")
    for amount in answer.amounts:
        yield ("amounts", amount.name), (amount.value, amount.label, amount.unit)
    for finding in answer.findings:
        yield ("findings", finding.name), ("yes", finding.text or finding.label, "")


def _less(a: str | None, b: str | None) -> Decimal | None:
    try:
        return None if a is None or b is None else Decimal(b or 0) - Decimal(a or 0)
    except InvalidOperation:  # a code, not a number
        return None


def answers_json(reform: Reform, after: Answer, rows: Iterable[Said]) -> dict[str, Any]:
    """What JSON says beside the baseline's answer."""
    return {
        **reform.as_json(),
        "fingerprint": after.fingerprint,
        "verdict": after.verdict,
        "figures": [said_json(r) for r in rows],
        "answer": after.as_json(),
    }


def said_json(r: Said, ends: tuple[str, str] = ("baseline", "reform")) -> dict[str, Any]:
    """One thing that an answer says, twice, under the names `ends`."""
    return {
        "part": r.part,
        "name": r.name,
        "unit": r.unit,
        ends[0]: r.baseline,
        ends[1]: r.reform,
        "difference": None if r.difference is None else str(r.difference),
    }
