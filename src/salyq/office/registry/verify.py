"""`office verify` for registers: the spans that people read are what the entries in the log come to."""

from __future__ import annotations

from typing import Any

from salyq.office.registry.fold import states
from salyq.office.registry.model import RegisterEntry
from salyq.office.registry.read import SQL, entry_of
from salyq.office.store.entries import canonical
from salyq.office.store.store import Transaction
from salyq.office.store.verify import Difference

_BLOCK = 500


def verify_spans(tx: Transaction) -> Difference | None:
    """None, or the first record whose kept spans are not what its entries come to."""
    streams = [row[0] for row in tx.values(SQL["every_stream"])]
    kept: dict[str, list[Any]] = {}
    for row in tx.stream(SQL["every_open_span"]):
        kept.setdefault(f"{row['register']}/{row['number']}", []).append(_of_span(row))
    for start in range(0, len(streams), _BLOCK):
        block = streams[start : start + _BLOCK]
        entries: dict[str, list[RegisterEntry]] = {stream: [] for stream in block}
        for row in tx.dicts(SQL["entries_of"], {"streams": block, "known": None}):
            entry = entry_of(row)
            entries[f"{entry.register}/{entry.number}"].append(entry)
        for stream in block:
            wanted = [_of_state(s) for s in states(entries[stream])]
            found = kept.pop(stream, [])
            if wanted != found:
                return Difference("state", stream, canonical(wanted), canonical(found))
    if kept:
        stream, found = next(iter(kept.items()))
        return Difference("state", stream, "none", canonical(found))
    return None


def _of_state(state: Any) -> list[Any]:
    days = [state.first.isoformat(), state.last.isoformat() if state.last else None, state.granted.isoformat()]
    return [*days, state.status, state.subject.id, state.subject.name, dict(state.fields), state.entry]


def _of_span(row: dict[str, Any]) -> list[Any]:
    days = [row["first"].isoformat(), row["last"].isoformat() if row["last"] else None, row["granted"].isoformat()]
    return [*days, row["status"], row["subject_id"], row["subject_name"], row["fields"], row["entry"]]
