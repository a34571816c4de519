"""A record's state is a fold of its entries (E2): what was so on each day of the world, as known at a time.

Corrections and annulments act on what they name and leave it standing in the log. An end that was known beforehand
(`until`) ends a record by itself on the day after, whether or not somebody writes it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from salyq.office.registry.model import (
    ACTIVE,
    ENDED,
    EXPIRED,
    REVOKED,
    SURRENDERED,
    SUSPENDED,
    RegisterEntry,
    State,
    Subject,
)

_DAY = timedelta(days=1)
# event -> (statuses that it may follow, the status that it makes; None: as it was)
STEPS: Mapping[str, tuple[tuple[str, ...], str | None]] = {
    "changed": ((ACTIVE, SUSPENDED), None),
    "re-issued": ((ACTIVE, SUSPENDED), None),
    "suspended": ((ACTIVE,), SUSPENDED),
    "resumed": ((SUSPENDED,), ACTIVE),
    "renewed": ((ACTIVE,), ACTIVE),
    "surrendered": ((ACTIVE, SUSPENDED), SURRENDERED),
    "revoked": ((ACTIVE, SUSPENDED), REVOKED),
    "expired": ((ACTIVE, SUSPENDED, EXPIRED), EXPIRED),
}
MENDS = ("corrected", "annulled")
_OF_ONE_STATUS = ("suspended_until",)  # fields that end with the status that they belong to


class Broken(ValueError):
    """Entries that do not follow one another: `entry` may not come where it stands; `found` is the status there."""

    def __init__(self, entry: RegisterEntry, found: str) -> None:
        super().__init__(f"{entry.event} after {found}")
        self.entry = entry
        self.found = found


def effective(entries: Iterable[RegisterEntry]) -> list[RegisterEntry]:
    """What holds of the entries (in order of position) after corrections and annulments, in the order of the world.

    A corrected entry keeps its place (the position of the first), and takes what the correction says.
    """
    held: dict[int, RegisterEntry] = {}
    stands_for: dict[int, int] = {}  # a correction's own position -> the entry it is about
    for entry in entries:
        if entry.event not in MENDS:
            held[entry.position] = entry
            continue
        about = stands_for.get(entry.corrects or 0, entry.corrects)
        if about is None or about not in held:
            raise Broken(entry, "none")
        if entry.event == "annulled":
            del held[about]
        else:
            was = held[about]
            fields = {k: v for k, v in {**was.fields, **entry.fields}.items() if v is not None}
            held[about] = replace(was, valid_from=entry.valid_from, fields=fields, subject=entry.subject or was.subject)
            stands_for[entry.position] = about
    return sorted(held.values(), key=lambda e: (e.valid_from, e.position))


def states(entries: Sequence[RegisterEntry]) -> list[State]:
    """The record through time, first day to last, without gaps. Broken where an entry may not stand where it does."""
    found: list[State] = []
    for entry in effective(entries):
        if not found:
            if entry.event != "granted":
                raise Broken(entry, "none")
            found = [_made(entry, ACTIVE, entry.subject, dict(entry.fields), entry.valid_from)]
            continue
        _expire(found, entry.valid_from, renewal=entry.event == "renewed")
        _follow(found, entry)
    _expire(found, None)
    return found


def _follow(found: list[State], entry: RegisterEntry) -> None:
    was = found[-1]
    may_follow, becomes = STEPS.get(entry.event, ((), None))
    if was.status not in may_follow:
        raise Broken(entry, was.status)
    status = becomes or was.status
    kept = {k: v for k, v in was.fields.items() if status == was.status or k not in _OF_ONE_STATUS}
    fields = {k: v for k, v in {**kept, **entry.fields}.items() if v is not None}
    state = _made(entry, status, entry.subject, fields, was.granted)
    if was.first == entry.valid_from:
        found[-1] = state
    else:
        found[-1] = replace(was, last=entry.valid_from - _DAY)
        found.append(state)


def _made(entry: RegisterEntry, status: str, subject: Subject, fields: Mapping[str, Any], granted: date) -> State:
    return State(status, subject, fields, entry.valid_from, None, granted, entry.position)


def _expire(found: list[State], before: date | None, renewal: bool = False) -> None:
    """Adds the state `expired` where the term of the last state is over on the day `before` (None: at any time).

    A renewal may begin on the very day after the term.
    """
    if not found:
        return
    was = found[-1]
    until = was.until
    if until is None or was.status in ENDED:
        return
    end = until + _DAY
    if before is not None and (end > before or (renewal and end == before)):
        return
    fields = {k: v for k, v in was.fields.items() if k not in _OF_ONE_STATUS}
    if end <= was.first:  # written after its own end
        found[-1] = replace(was, status=EXPIRED, fields=fields)
        return
    found[-1] = replace(was, last=until)
    found.append(replace(was, status=EXPIRED, fields=fields, first=end, last=None))


def state_on(found: Sequence[State], day: date) -> State | None:
    """The state on a day, or None before the first."""
    for state in reversed(found):
        if state.first <= day:
            return state
    return None
