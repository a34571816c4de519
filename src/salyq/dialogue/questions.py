"""What a person must answer, gathered from files, reconciliation, lots and quotes, with the money at stake."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from salyq.assessing.standing import of_files
from salyq.civil.messages import Message
from salyq.dialogue.quotes import ask_quotes, wanted
from salyq.dialogue.stakes import with_tax
from salyq.dialogue.ways import Ways
from salyq.facts.case import Case
from salyq.facts.world import World
from salyq.reconcile.answers_later import without
from salyq.reconcile.model import Question
from salyq.records.keys import key_of, record_keys
from salyq.records.model import Source
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
    names = _Names(case)
    found = [replace(q, ways=ways.of(q), key=names.of(q)) for q in found]
    return sorted(found, key=lambda q: (SEVERITIES.index(q.severity), q.sources[:1], q.code, q.asset or ""))


class _Names:
    """Keys of questions: of what they ask and of the keys of their rows, never of where rows stand."""

    def __init__(self, case: Case) -> None:
        own: dict[str, list[str]] = defaultdict(list)
        for r, key in zip(case.reading.records, record_keys(case.reading.records), strict=True):
            own[r.source.place].append(key)
        self.rows = own

    def of(self, q: Question) -> str:
        rows = sorted(key for s in q.sources for key in self.rows.get(s.place, [s.file]))
        return key_of(q.code, q.asset, q.year, *rows)


def _shortages(world: World, stakes: dict[Source, int]) -> list[Question]:
    """Sales with no known purchase; what rests on an unmatched transfer is added to that transfer's own question."""
    found: list[Question] = []
    for disposal in world.rows["disposals"].rows:
        missing = [m for m in disposal.rows["matches"].rows if not m.given.found]
        moved = [
            m for m in disposal.rows["matches"].rows if m.given.found and m.refs["lot"].given.kind == "transfer_in"
        ]
        if not (missing or moved):
            continue
        stake = _spread(world.evaluator.value(world.regime.gain, disposal))
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
