"""The close checklist of a year, which an accountant signs off: rows, transfers, balances, quotes, holdings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from salyq.assess.case import Case
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.holdings import holdings
from salyq.reconcile.model import Question
from salyq.records.person import Declared

CLEAN, OPEN, NOT_STATED = "clean", "open", "not_stated"
ASKED = {
    "transfers": ("unmatched_transfer_in", "unmatched_transfer_out", "ambiguous_transfer"),
    "balances": ("negative_balance", "balance_differs"),
    "quotes": ("missing_quote", "year_mean"),
    "answers": ("answer_does_not_fit",),
}  # points that are questions of their own, worth whatever they are: beginnings of their codes
SHOWN = 20  # of the details of one point


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list. `state`: clean | open | not_stated. `title`: what must be true; `details`: what is not."""

    name: str
    state: str
    title: Message
    count: int = 0
    details: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """The points of a year; `clean` when none is open."""

    year: int
    name: str
    points: tuple[Point, ...]

    @property
    def clean(self) -> bool:
        return all(p.state != OPEN for p in self.points)


def checklist(case: Case, year: int, asked: Sequence[Question], threshold: int = 0) -> Checklist:
    """The checklist of a case: `asked` are its questions, `threshold` is in tiyn: questions worth no more are passed.

    A question of an earlier year counts: what came in then is sold now.
    """
    own = [q for q in asked if q.year is None or q.year <= year]
    told = {name: [q for q in own if q.code.startswith(codes)] for name, codes in ASKED.items()}
    elsewhere = {id(q) for found in told.values() for q in found}
    others = [q for q in own if id(q) not in elsewhere and q.code != "row_rejected"]
    points = (
        _rows(case, year),
        *(_asked(name, found) for name, found in told.items()),
        _questions(others, threshold),
        _holdings(case, year),
    )
    return Checklist(year, case.name, points)


def _point(name: str, details: Sequence[Message], **params: object) -> Point:
    shown = list(details[:SHOWN])
    if len(details) > SHOWN:
        shown[-1] = Message("and_more", {"first": shown[-1], "more": len(details) - SHOWN})
    return Point(name, OPEN if details else CLEAN, Message(f"check_{name}", params), len(details), tuple(shown))


def _rows(case: Case, year: int) -> Point:
    """Read = used + ignored by a named rule + rejected, in each file; nothing rejected that could be this year's."""
    files = [f for f in case.reading.files if f.event]
    details = [Message("check_unbalanced", {"file": f.file}) for f in files if not f.balanced()]
    details += [
        Message("row_rejected_why", {"place": str(r.source), "reason": r.reason})
        for f in files
        for r in f.rejected
        if r.year in (None, year)
    ]
    return _point("rows", details, read=sum(f.read for f in files))


def _asked(name: str, own: Sequence[Question]) -> Point:
    return _point(name, [q.message for q in own])


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
    declared = [d for d in case.person.holdings if d.on.year == year]
    if not declared:
        return Point("holdings", NOT_STATED, Message("check_holdings", {"count": 0}))
    details: list[Message] = []
    by_day: dict[date, list[Declared]] = defaultdict(list)
    for d in declared:
        by_day[d.on].append(d)
    for day, rows in sorted(by_day.items()):
        details += _differences(case, day, rows)
    return _point("holdings", details, count=len(declared))


def _differences(case: Case, day: date, rows: Sequence[Declared]) -> list[Message]:
    held: dict[tuple[str | None, str], int] = defaultdict(int)
    for h in holdings(case.ledger, day):
        held[h.account, h.asset] += h.quantity
        held[None, h.asset] += h.quantity
    found: list[Message] = []
    for d in rows:
        computed = held[d.account, d.asset]
        if computed != d.quantity:
            params = {
                "place": f"{case.person.file}:{d.line}",
                "day": day.isoformat(),
                "account": d.account or "*",
                "asset": d.asset,
                "declared": format_scaled(d.quantity),
                "computed": format_scaled(computed),
            }
            found.append(Message("check_holding_differs", params))
    return found
