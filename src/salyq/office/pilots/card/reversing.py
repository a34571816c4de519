"""Reversals: all of what an authorisation and its increments hold, or a part of it; or one that came too early."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from salyq.office.ledger.reading import request
from salyq.office.pilots import events
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.accounts import SQL, Card
from salyq.office.pilots.card.case import Case
from salyq.office.pilots.card.holding import Holding, fold, held_of, rehold, sold_for
from salyq.office.pilots.events import Event, New
from salyq.office.store.store import Transaction


def reverse(tx: Transaction, case: Case, card: Card | None) -> None:
    """Fills the case: what is given back, or the answer where nothing is."""
    f = case.fields
    name = f"reversal/{spec.key(f)}"
    of = spec.original(f)
    subjects: list[str] = []
    if of is not None:
        found = tx.values(SQL["by_original"], {"acquirer": of[0], "stan": of[1], "transmitted": of[2]})
        subjects = [row[0] for row in found]
    if not subjects and f.get("37") and f.get("2"):
        about = {"rrn": f["37"], "card": "" if card is None else card.shown, "holder": card and card.holder}
        subjects = [row[0] for row in tx.values(SQL["by_rrn"], about)]
    if not subjects:
        _reversal_first(case, of, name, tx.now)
        return
    case.subject = subjects[0]
    group = group_of(tx, case.subject)
    if any(e.id == name for found in group.values() for e in found):
        case.reply = spec.answer(f, spec.APPROVED)
        return
    every = [s for s in map(fold, group.values()) if s is not None]
    states = [s for s in every if s.open(tx.now)]
    case.card = card
    if not states:  # nothing is held any more: given back before, or sold, and then only a refund gives it back
        sold = any(s.ended == "cleared" for s in every)
        case.reply = spec.answer(f, spec.NOT_FOUND if sold else spec.APPROVED)
        return
    _give_back(case, states, name, tx.now)


def group_of(tx: Transaction, subject: str) -> dict[str, list[Event]]:
    """An authorisation and what was added to it, the first first."""
    found = events.of_subject(tx, subject)
    first = fold(found)
    if first is None or first.body.get("joins"):  # an increment stands for itself
        return {subject: found}
    about = {k: first.body[k] for k in ("rrn", "card", "holder")}
    others = [row[0] for row in tx.values(SQL["by_rrn"], about)]
    group = {subject: found} | events.of_subjects(tx, [s for s in others if s != subject])
    joined = {s: e for s, e in group.items() if s == subject or (e and e[0].body.get("joins") == first.approval)}
    return dict(sorted(joined.items(), key=lambda item: item[1][0].n))


def _reversal_first(case: Case, of: tuple[str, str, str] | None, name: str, now: datetime) -> None:
    """The reversal overtook what it reverses: that will find it and be refused."""
    case.reply = spec.answer(case.fields, spec.NOT_FOUND)
    if of is not None:
        subject = "auth/" + "/".join((case.fields.get("32", of[0]), of[1], of[2], case.fields.get("37", "")))
        case.done = [New(name, "card", "reversal_first", subject, now, {"fields": case.fields.get("90", "")})]


def _give_back(case: Case, states: Sequence[Holding], name: str, now: datetime) -> None:
    """All of the holds, or what field 4 (or 95) leaves of them: what was added last is given back first."""
    f, total = case.fields, sum(s.tiyn for s in states)
    left = 0
    if f.get("95", "").isdigit() and int(f["95"][:12]) > 0:
        left = min(int(f["95"][:12]), total)
    elif f.get("4") and 0 < int(f["4"]) < total:
        left = total - int(f["4"])
    steps: list[dict[str, Any]] = []
    case.done = []
    for state in states:
        keep = min(left, state.tiyn)
        left -= keep
        if keep < state.tiyn:
            case.done.append(_part_back(state, keep, steps, name, now))
    if not case.done:
        case.reply = spec.answer(f, spec.APPROVED)
        return
    case.request = request(name, linked=steps)
    changed = {e.subject for e in case.done}
    kept = sum(int(s["amount"]) for s in steps if s.get("code") == "card")
    freed = sum(state.coins for state in states if state.subject in changed) - kept
    case.body = {"reversal": True, "freed": freed}


def _part_back(state: Holding, left: int, steps: list[dict[str, Any]], name: str, now: datetime) -> New:
    """Adds the steps that leave `left` tiyn of a hold, and answers with its event."""
    steps += [{"void": state.request, "n": h.n} for h in state.holds]
    holds: list[list[object]] = []
    if left:
        asset, points = state.body["asset"], int(state.body["fee_points"])
        units = min(sold_for(left, points, state.price, asset).units, state.coins)
        kept = rehold(state, left, units, now)
        holds = held_of(kept, len(steps))
        steps += kept
    body = {"tiyn": str(state.tiyn - left), "holds": holds, "held_tiyn": str(left)}
    body["expires"] = state.expires.isoformat() if state.expires else ""
    kind = "part_reversed" if left else "reversed"
    contract, holder = state.body["contract"], state.body["holder"]
    own = name if state.body.get("joins", "") == "" else f"{name}/{state.subject}"
    return New(own, "card", kind, state.subject, now, body, holder, contract, name)
