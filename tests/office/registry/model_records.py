"""The registers in plain Python, written apart from the product: day by day, no folding of spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

MOVES = {
    ("", "granted"): "active",
    **{(s, e): s for s in ("active", "suspended") for e in ("changed", "re-issued")},
    ("active", "suspended"): "suspended",
    ("suspended", "resumed"): "active",
    ("active", "renewed"): "active",
    **{(s, "surrendered"): "surrendered" for s in ("active", "suspended")},
    **{(s, "revoked"): "revoked" for s in ("active", "suspended")},
    **{(s, "expired"): "expired" for s in ("active", "suspended", "expired")},
}


@dataclass
class Kept:
    at: datetime
    event: str
    day: date
    fields: dict[str, Any]
    about: int | None


@dataclass
class Model:
    """One record: every entry it was ever given; asked for a day and a moment, it walks the days one by one."""

    kept: list[Kept] = field(default_factory=list)

    def may(self, new: Kept) -> bool:
        return self._walk([*self.kept, new], None) is not None

    def add(self, new: Kept) -> None:
        self.kept.append(new)

    def status(self, day: date, known: datetime) -> tuple[str, dict[str, Any]] | None:
        """(status, fields) on the day as known at the moment; None: not there."""
        entries = [k for k in self.kept if k.at <= known]
        found = self._walk(entries, day)
        return None if found is None or found[0] == "" else found

    def _walk(self, entries: list[Kept], stop: date | None) -> tuple[str, dict[str, Any]] | None:
        """The state at the end of `stop` (None: at the end of all); None where an entry may not stand where it does."""
        alive: dict[int, tuple[str, date, dict[str, Any]]] = {}
        root: dict[int, int] = {}
        for n, e in enumerate(entries):
            if e.event in ("corrected", "annulled"):
                target = root.get(e.about, e.about) if e.about is not None else None
                if target not in alive:
                    return None
                if e.event == "annulled":
                    del alive[target]
                else:
                    was = alive[target]
                    merged = {**was[2], **e.fields}
                    alive[target] = (was[0], e.day, {k: v for k, v in merged.items() if v is not None})
                    root[n] = target
            else:
                alive[n] = (e.event, e.day, e.fields)
        if not alive:
            return ("", {})
        by_day: dict[date, list[tuple[str, dict[str, Any]]]] = {}
        for n in sorted(alive):
            event, day, fields = alive[n]
            by_day.setdefault(day, []).append((event, fields))
        status, now = "", dict[str, Any]()
        day = min(by_day)
        last = max(by_day) if stop is None else stop
        while day <= last:
            events = by_day.get(day, [])
            for event, fields in events:
                if event != "renewed":
                    status, now = _over(status, now, day)
                to = MOVES.get((status, event))
                if to is None:
                    return None
                if to != status and status:
                    now = _not_suspended(now)
                status = to
                now = {k: v for k, v in {**now, **fields}.items() if v is not None}
            status, now = _over(status, now, day)
            day += timedelta(days=1)
        return (status, now)


def _over(status: str, fields: dict[str, Any], day: date) -> tuple[str, dict[str, Any]]:
    """What the end of the term makes of a status by itself: a suspension's own end goes with the suspension."""
    until = fields.get("until")
    gone = until is not None and date.fromisoformat(until) < day
    if gone and status in ("active", "suspended"):
        return "expired", _not_suspended(fields)
    return status, fields


def _not_suspended(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in fields.items() if k != "suspended_until"}
