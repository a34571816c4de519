"""Reversals: a record of kind `reversal` undoes the record whose id stands in its `group` (interfaces §3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.model import Question, Undone
from salyq.records.model import Record
from salyq.records.table import Records


class Settled(NamedTuple):
    """Records without reversals and what they undid. A reversal that undoes nothing is `idle` and leaves a question."""

    records: Records
    undone: list[Undone]
    idle: list[Record]
    questions: list[Question]


def undo(records: Records) -> Settled:
    """Take reversals and their targets out of `records` (in the order of semantics 4)."""
    places = records.of_kinds("reversal")
    if not places:
        return Settled(records, [], [], [])
    reversals = list(records.take(places))
    by_id: dict[str, list[int]] = defaultdict(list)
    for n, (own_id, kind) in enumerate(records.rows("id", "kind")):
        if own_id is not None and kind != "reversal":
            by_id[own_id].append(n)
    taken: set[int] = set()
    undone: list[Undone] = []
    idle: list[Record] = []
    questions: list[Question] = []
    for reversal in reversals:
        found = _targets(reversal, [n for n in by_id.get(reversal.group or "", ()) if n not in taken], records)
        code = _trouble(reversal, [records[n] for n in found])
        if code:
            idle.append(reversal)
            questions.append(_ask(code, reversal, [records[n] for n in found]))
            continue
        taken.add(found[0])
        undone.append(Undone(records[found[0]], reversal))
    rest = records.where([n not in taken and kind != "reversal" for n, kind in enumerate(records.column("kind"))])
    return Settled(rest, undone, idle, questions)


def _targets(reversal: Record, found: list[int], records: Sequence[Record]) -> list[int]:
    """Records of that id which the reversal can mean: its own account where it names one, its own asset."""
    if reversal.account:
        found = [n for n in found if records[n].account == reversal.account]
    return [n for n in found if records[n].asset == reversal.asset]


def _trouble(reversal: Record, found: list[Record]) -> str | None:
    if not found:
        return "unknown_reversal_target"
    if len(found) > 1:
        return "ambiguous_reversal"
    return None if found[0].quantity == reversal.quantity else "reversal_differs"


def _ask(code: str, reversal: Record, found: list[Record]) -> Question:
    params = {
        "place": str(reversal.source),
        "id": reversal.group or "",
        "quantity": format_scaled(reversal.quantity),
        "asset": reversal.asset,
        "places": ", ".join(str(r.source) for r in found),
        "other": format_scaled(found[0].quantity) if found else "",
    }
    sources = (reversal.source, *(r.source for r in found))
    return Question(code, "error", Message(code, params), sources, reversal.asset, reversal.quantity, reversal.day.year)
