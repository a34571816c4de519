"""The close checklist of a year, which an accountant signs off: rows, transfers, balances, quotes, holdings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from salyq.assessing.result import COMPLETE, INCOMPLETE, Assessment, Figure, Verdict
from salyq.assessing.standing import open_in
from salyq.civil.messages import Message, Words
from salyq.civil.numbers import format_scaled
from salyq.facts.case import Case
from salyq.facts.coverage import OF_MINING
from salyq.facts.declared import holding_differences
from salyq.reconcile.balances import OF_BALANCES, by_rejected_row
from salyq.reconcile.model import Question

CLEAN, OPEN, NOT_STATED, NOTHING = "clean", "open", "not_stated", "nothing"
UNREAD = "unread_file"
ASKED = {
    "transfers": ("unmatched_transfer_in", "unmatched_transfer_out", "ambiguous_transfer"),
    "balances": OF_BALANCES,
    "quotes": ("missing_quote", "year_mean"),
    "answers": ("answer_does_not_fit",),
    "meters": OF_MINING,
    "histories": ("silent_account", "unread_file"),
}  # points that are questions of their own, worth whatever they are: beginnings of their codes
SHOWN = 20  # of the details of one point


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list. `state`: clean | open | not_stated | nothing (there is nothing to check). `title`: what
    must be true; `details`: what is not."""

    name: str
    state: str
    title: Message
    count: int = 0
    details: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """The points of a year, and the verdict on it; `clean` when the year is complete and no point is open."""

    year: int
    name: str
    points: tuple[Point, ...]
    verdict: Verdict

    @property
    def clean(self) -> bool:
        return self.verdict.complete and all(p.state != OPEN for p in self.points)


def checklist(case: Case, result: Assessment, asked: Sequence[Question], threshold: int = 0) -> Checklist:
    """The checklist of a year: `asked` are the questions of the case, `threshold` is in tiyn: questions,
    unknown figures and reasons worth no more are passed.

    A question of an earlier year counts: what came in then is sold now.
    """
    year = result.year
    own = open_in(case, year, asked)
    told = {name: [q for q in own if q.code.startswith(codes)] for name, codes in ASKED.items()}
    told["balances"] += _folded(case, year, asked)
    elsewhere = {id(q) for found in told.values() for q in found}
    others = [q for q in own if id(q) not in elsewhere and q.code not in ("row_rejected", UNREAD)]
    passed = Decimal(threshold).scaleb(-2)
    reasons = tuple(r for r in result.verdict.reasons if r.amount is None or r.amount > passed)
    points = (
        _rows(case, year, [q.message for q in own if q.code == UNREAD]),
        _figures(result, passed),
        *(_asked(name, found, _there(case, name)) for name, found in told.items()),
        _questions(others, threshold),
        _holdings(case, year),
    )
    return Checklist(year, case.name, points, Verdict(INCOMPLETE if reasons else COMPLETE, reasons))


def _folded(case: Case, year: int, asked: Sequence[Question]) -> list[Question]:
    """Balances that are wrong, though another question is asked of their cause: of a purchase, or of a rejected row."""
    there = {(q.code, q.sources) for q in asked}
    short = {(q.message.params["account"], q.asset) for q in asked if q.code == "missing_acquisition"}
    rejected = any(q.code == "row_rejected" for q in asked)
    return [
        q
        for q in open_in(case, year, case.ledger.balances)
        if (q.code, q.sources) not in there
        and ((q.message.params["account"], q.asset) in short or (rejected and by_rejected_row(q)))
    ]


def _point(name: str, details: Sequence[Message], **params: object) -> Point:
    shown = list(details[:SHOWN])
    if len(details) > SHOWN:
        shown[-1] = Message("and_more", {"first": shown[-1], "more": len(details) - SHOWN})
    return Point(name, OPEN if details else CLEAN, Message(f"check_{name}", params), len(details), tuple(shown))


def _rows(case: Case, year: int, unread: Sequence[Message]) -> Point:
    """Every file is read; read = used + ignored by a named rule + rejected, in each; nothing rejected that could be
    this year's."""
    files = [f for f in case.reading.files if f.event]
    details = [*unread, *(Message("check_unbalanced", {"file": f.file}) for f in files if not f.balanced())]
    details += [
        Message("row_rejected_why", {"place": str(r.source), "reason": r.reason})
        for f in files
        for r in f.rejected
        if r.year in (None, year)
    ]
    found = _point("rows", details, read=sum(f.read for f in files))
    return replace(found, state=NOTHING) if found.state == CLEAN and not files else found


def _figures(result: Assessment, passed: Decimal) -> Point:
    """Every figure of the year is known, or its ends are no further apart than what is passed."""
    open_ = [f for f in result.figures if f.status == "unknown" and not _near(f, passed)]
    told = [Message("check_figure", {"name": f.name, "period": f.period, "label": _label(f)}) for f in open_]
    return _point("figures", told, count=len(result.figures))


def _near(f: Figure, passed: Decimal) -> bool:
    """Whether it is no money to be paid (then what is to be paid says it), or within what is passed."""
    low, high = f.bounds or (None, None)
    return low is not None and high is not None and passed > 0 and (not f.payable or high - low <= passed)


def _label(f: Figure) -> Words | str:
    return Words(f.label["kk"], f.label["ru"], f.label["en"]) if f.label else f.name


def _asked(name: str, own: Sequence[Question], there: bool) -> Point:
    """A point of which nothing is asked is clean only where there was something to ask of."""
    found = _point(name, [q.message for q in own])
    return replace(found, state=NOTHING) if found.state == CLEAN and not there else found


def _there(case: Case, name: str) -> bool:
    """Whether the files hold anything that a point of `ASKED` looks at."""
    if name == "meters":
        return bool(case.ledger.energy)
    if name in ("transfers", "balances", "histories"):
        return bool(case.ledger.records)
    return True


def _questions(own: Sequence[Question], threshold: int) -> Point:
    """Other questions that are worth more than the threshold; one whose worth law cannot say counts."""
    open_ = [q for q in own if _worth(q) is None or (_worth(q) or 0) > threshold]
    return _point("questions", [q.message for q in open_], threshold=format_scaled(threshold, 2))


def _worth(question: Question) -> int | None:
    """Tiyn at stake: of tax where it is known, else of income; None where nothing is known."""
    if question.tax is not None:
        return question.tax[1] - question.tax[0]
    return question.income_at_stake


def _holdings(case: Case, year: int) -> Point:
    """What the person says is held on days of this year against what the records give."""
    count = sum(d.on.year == year for d in case.person.holdings)
    if not count:
        return Point("holdings", NOT_STATED, Message("check_holdings", {"count": 0}))
    return _point("holdings", holding_differences(case, year), count=count)
