"""What a person must answer, gathered from files, reconciliation, lots and quotes, with the money at stake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from salyq.assess.case import Case
from salyq.assess.coverage import GAP, OVERLAP, ask_meters, meters, silent_accounts
from salyq.assess.quotes import GAIN, ask_quotes, wanted
from salyq.assess.stakes import with_tax
from salyq.assess.ways import Ways
from salyq.assess.world import World
from salyq.civil.errors import place
from salyq.civil.messages import Message
from salyq.reconcile.answers_later import without
from salyq.reconcile.model import Question
from salyq.records.model import Source
from salyq.records.reading import Rejection, Yields
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.states import Unknown

SEVERITIES = ("error", "warning", "notice")


def ask(case: Case, worlds: list[World]) -> list[Question]:
    """All questions, by severity and place. `income_at_stake` is the income that the answer could add, in tiyn."""
    stakes: dict[Source, int] = defaultdict(int)
    found: list[Question] = []
    for world in worlds:
        found += _shortages(world, stakes)
    found += ask_quotes(wanted(worlds))
    found = without(found, case.ledger.left)
    found += [replace(q, income_at_stake=_stake(q, stakes)) for q in of_files(case)]
    found = with_tax(case, worlds, found)
    ways = Ways(case)
    found = [replace(q, ways=ways.of(q)) for q in found]
    return sorted(found, key=lambda q: (SEVERITIES.index(q.severity), q.sources[:1], q.code, q.asset or ""))


def of_files(case: Case) -> list[Question]:
    """What files alone leave open, before law is asked: rows and files that could not be read, what reconciliation
    asks, meters that leave time out, accounts that fall silent; without what the person leaves as it is."""
    found = [_rejected(r) for f in case.reading.files if f.event for r in f.rejected]
    found += [_unread(source, reason) for source, reason in case.reading.unread]
    found += [*case.ledger.questions, *case.ledger.balances]
    found += ask_meters(meters(case.ledger.energy))
    found += silent_accounts(case.ledger.records)
    return without(found, case.ledger.left)


def open_in(case: Case, year: int, asked: Sequence[Question]) -> list[Question]:
    """The questions that are open for a year. One of an earlier year counts, for what came in then is sold now; but a
    row that moves no asset touches its own year alone (semantics 5)."""
    moving = {f.file for f in case.reading.files if f.yields & {Yields.RECORDS, Yields.PAYOUTS}}

    def counts(q: Question) -> bool:
        stays = q.code in (GAP, OVERLAP) or (q.code == "row_rejected" and q.sources[0].file not in moving)
        return q.year is None or q.year == year or (q.year < year and not stays)

    return [q for q in asked if counts(q)]


def _unread(source: Source, reason: Message) -> Question:
    message = Message("unread_file", {"file": source.file, "reason": reason})
    return Question("unread_file", "warning", message, (source,))


def _rejected(rejection: Rejection) -> Question:
    where = place(rejection.source.file, rejection.source.line, rejection.column, rejection.value)
    params = {"place": where.removesuffix(": "), "reason": rejection.reason}
    return Question(
        "row_rejected", "error", Message("row_rejected_why", params), (rejection.source,), year=rejection.year
    )


def _shortages(world: World, stakes: dict[Source, int]) -> list[Question]:
    """Sales with no known purchase; what rests on an unmatched transfer is added to that transfer's own question."""
    rule = GAIN.get(world.person.kind)
    found: list[Question] = []
    for disposal in world.rows["disposals"].rows:
        missing = [m for m in disposal.rows["matches"].rows if not m.given.found]
        moved = [
            m for m in disposal.rows["matches"].rows if m.given.found and m.refs["lot"].given.kind == "transfer_in"
        ]
        if not rule or not (missing or moved):
            continue
        stake = _spread(world.evaluator.value(rule, disposal))
        for match in moved:
            stakes[_source(world, match.refs["lot"])] += stake or 0
        if missing:
            quantity = sum(m.given.x1 - m.given.x0 for m in missing)
            event = world.event_of[id(disposal.refs["sale"])]
            params = {"place": str(event.record.source), "asset": event.asset}
            message = Message("no_known_purchase", params)
            found.append(
                Question(
                    "missing_acquisition", "warning", message, (event.record.source,), event.asset, quantity,
                    world.year_number, stake,
                )
            )  # fmt: skip
    return found


def _source(world: World, scope: Scope) -> Source:
    """The row of an acquisition, or of a disposal's sale."""
    return world.event_of[id(scope.refs.get("sale", scope))].record.source


def _spread(value: Any) -> int | None:
    if type(value) is not Unknown or value.low is None or value.high is None:
        return None
    return abs(int(value.high - value.low))


def _stake(question: Question, stakes: dict[Source, int]) -> int | None:
    own = [stakes[s] for s in question.sources if s in stakes]
    return sum(own) if own else question.income_at_stake
