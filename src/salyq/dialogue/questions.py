"""What a person must answer, gathered from files, reconciliation, lots and quotes, with the money at stake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from salyq.assessing.standing import of_files
from salyq.civil.days import quarter
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.dialogue.quotes import ask_quotes, wanted
from salyq.dialogue.stakes import with_tax
from salyq.dialogue.ways import Ways
from salyq.facts.case import Case
from salyq.facts.coverage import NO_READINGS
from salyq.facts.taken import matches_of
from salyq.facts.world import World
from salyq.law.regimes import FEE_DUE
from salyq.reconcile.answers_later import without
from salyq.reconcile.balances import DUST, OF_BALANCES
from salyq.reconcile.model import Question
from salyq.records.keys import RecordKeys, key_of
from salyq.records.model import Record, Source
from salyq.rulebook.states import Unknown

SEVERITIES = ("error", "warning", "notice")


def ask(case: Case, worlds: list[World], year: int | None = None) -> list[Question]:
    """All questions, by severity and place. `income_at_stake` is the income that the answer could add, in tiyn.
    `year`: as `of_files` has it."""
    stakes: dict[Source, int] = defaultdict(int)
    found: list[Question] = []
    short = _shortages(worlds, stakes)
    found += short
    found += ask_quotes(wanted(worlds))
    found += _unmetered(worlds)
    found = without(found, case.ledger.left)
    of_case = _without_doubles(_together(of_files(case, year)), short)
    found += [replace(q, income_at_stake=_stake(q, stakes)) for q in of_case]
    found = with_tax(case, worlds, found)
    ways = Ways(case)
    names = _Names(case)
    found = [replace(q, ways=ways.of(q), key=names.of(q)) for q in found]
    return sorted(found, key=lambda q: (SEVERITIES.index(q.severity), q.sources[:1], q.code, q.asset or ""))


def _together(asked: Sequence[Question]) -> list[Question]:
    """Rejected rows of one file, year and cause are one question; what differs between them is their value."""
    causes: dict[tuple[object, ...], list[Question]] = defaultdict(list)
    for q in asked:
        why = _why_rejected(q)
        causes[(q.sources[0].file, q.year, why) if why else (id(q),)].append(q)
    return [own[0] if len(own) == 1 else _one(own) for own in causes.values()]


def _why_rejected(q: Question) -> str:
    """The code of the reason of rejected rows; empty for another question."""
    first = q.message.params.get("first", q.message)  # of several as one question
    reason = first.params.get("reason") if isinstance(first, Message) else None
    return reason.code if q.code == "row_rejected" and isinstance(reason, Message) else ""


def _one(own: Sequence[Question]) -> Question:
    sources = tuple(dict.fromkeys(s for q in own for s in q.sources))
    return replace(
        own[0], message=Message("and_more", {"first": own[0].message, "more": len(own) - 1}), sources=sources
    )


class _Names:
    """Keys of questions: of what they ask and of the keys of their rows, never of where rows stand."""

    def __init__(self, case: Case) -> None:
        self.records = case.reading.records

    @cached_property
    def keys(self) -> RecordKeys:
        return RecordKeys(self.records)

    @cached_property
    def rows(self) -> dict[tuple[str, int], list[int]]:
        own: dict[tuple[str, int], list[int]] = defaultdict(list)
        for n, place in enumerate(self.records.rows("file", "line")):
            own[place].append(n)
        return own

    def of(self, q: Question) -> str:
        rows: list[str] = []
        for s in q.sources:
            own = self.rows.get((s.file, s.line))
            rows += [s.file] if own is None else [self.keys[n] for n in own]
        why = _why_rejected(q)  # rejected rows have no record: only the file and the reason tell them apart
        return key_of(q.code, q.asset, q.year, *([why] if why else []), *sorted(rows))


def _shortages(worlds: Sequence[World], stakes: dict[Source, int]) -> list[Question]:
    """Sales with no known purchase, those of one account and asset together: one purchase told before the first of
    them can mend them all. What rests on an unmatched transfer is added to that transfer's own question."""
    short: dict[tuple[str, str], list[_Short]] = defaultdict(list)
    for world in worlds:
        disposals = world.rows["disposals"].rows
        for n, taken, numbers in matches_of(disposals):
            own = [(m, taken.newest(m)) for m in numbers if m in taken.short]
            if not own:
                continue
            disposal = disposals[n]
            stake = _spread(world.evaluator.value(world.regime.gain, disposal))
            for _, came in own:
                if came is not None:
                    stakes[came.record.source] += stake or 0
            missing = [(int(taken.x1[m]) - int(taken.x0[m])) * taken.grain for m, came in own if came is None]
            if missing:
                event = world.event_of[id(disposal.refs["sale"])]
                short[event.record.account, event.asset].append(_Short(event.record, sum(missing), stake))
    return [_missing(account, asset, own) for (account, asset), own in short.items()]


def _unmetered(worlds: Sequence[World]) -> list[Question]:
    """Quarters in which coins were mined and no reading tells of power, a question a year."""
    found: list[Question] = []
    for world in worlds:
        periods = [q.group for q in world.quarters if _lacks_readings(world.evaluator.value(FEE_DUE, q))]
        mined = [row for row in world.rows["payouts"].rows if quarter(row.given.day) in periods]
        if mined:
            message = Message(NO_READINGS, {"period": ", ".join(periods)})
            source = world.event_of[id(mined[0])].record.source
            found.append(Question(NO_READINGS, "warning", message, (source,), year=world.year_number))
    return found


def _lacks_readings(fee: Any) -> bool:
    return type(fee) is Unknown and any(m.code == NO_READINGS for m in fee.missing)


class _Short(NamedTuple):
    record: Record
    quantity: int
    stake: int | None


def _missing(account: str, asset: str, own: list[_Short]) -> Question:
    own.sort(key=lambda s: (s.record.time, s.record.source))
    first, quantity = own[0].record, sum(s.quantity for s in own)
    known = [s.stake for s in own if s.stake is not None]
    params: dict[str, object] = {"place": str(first.source), "account": account or "-", "asset": asset}
    code = "no_known_purchase"
    if len(own) > 1:
        code, params = "no_known_purchases", params | {"count": len(own), "quantity": format_scaled(quantity)}
    return Question(
        "missing_acquisition",
        "warning",
        Message(code, params),
        tuple(dict.fromkeys(s.record.source for s in own)),
        asset,
        quantity,
        first.day.year,
        sum(known) if known else None,
    )


def _without_doubles(asked: list[Question], short: Sequence[Question]) -> list[Question]:
    """Without the balances that are wrong for the same coins: what was sold with no known purchase from an account
    takes that account below zero, or below what its export says."""
    missing = {(q.message.params["account"], q.asset): q.quantity or 0 for q in short}
    rows = {(s, q.asset) for q in short for s in q.sources}

    def same(q: Question) -> bool:
        of_coins = missing.get((q.message.params["account"], q.asset), -1) + DUST
        return (q.quantity or 0) <= of_coins or (q.sources[0], q.asset) in rows

    return [q for q in asked if q.code not in OF_BALANCES or not same(q)]


def _spread(value: Any) -> int | None:
    if type(value) is not Unknown or value.low is None or value.high is None:
        return None
    return abs(int(value.high - value.low))


def _stake(question: Question, stakes: dict[Source, int]) -> int | None:
    own = [stakes[s] for s in question.sources if s in stakes]
    return sum(own) if own else question.income_at_stake
