"""Extracts: a record on a day with its entries, their proofs and a signed checkpoint; a stranger checks it offline.

What the check proves: each entry stands in the log that the key's holder signed, unchanged, and the state shown is what
these entries come to. It cannot prove that no later entry exists: the checkpoint says up to when one may know.
"""

from __future__ import annotations

import contextlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from salyq.civil.messages import Message
from salyq.office.registry.book import register
from salyq.office.registry.fold import Broken, state_on, states
from salyq.office.registry.model import RegisterEntry, State, Subject
from salyq.office.registry.read import AsOf
from salyq.office.store import entries as log
from salyq.office.store import tree
from salyq.office.store.errors import StoreError
from salyq.office.store.notes import open_note
from salyq.office.store.store import Transaction

FORMAT = 1
LARGEST = 5_000_000  # bytes of an extract that is looked at


def extract(
    tx: Transaction, code: str, number: str, as_of: AsOf | None = None, made_up: bool = False
) -> dict[str, Any]:
    """The extract as JSON; StoreError where the asker sees no such record on that day."""
    spec = register(code)
    day = as_of or AsOf.now(tx)
    known = day.known or tx.now
    if "\x00" in number:
        raise StoreError("registry_no_record", register=code, number="")
    found = [e for e in log.stream(tx, f"{code}/{number}") if e.recorded_at <= known]
    shown = shown_state([_entry(e.body) for e in found], day.on)
    if shown is None:
        raise StoreError("registry_no_record", register=code, number=number)
    note = log.checkpoint(tx)
    signer = tx.store.signer
    return {
        "salyq_extract": FORMAT,
        "made_up": made_up,
        "register": code,
        "title": spec.words,
        "number": number,
        "on": day.on.isoformat(),
        "known": known.isoformat(),
        "state": shown,
        "entries": [
            {
                "position": e.position,
                "body": e.body,
                "path": [p.hex() for p in log.inclusion(tx, e.position, note.size)],
            }
            for e in found
        ],
        "checkpoint": note.note,
        "verifier": signer.verifier if signer else "",
    }


def shown_state(entries: Sequence[RegisterEntry], on: date) -> dict[str, Any] | None:
    """What an extract says of the record on a day."""
    state = state_on(states(entries), on)
    return None if state is None else _shown(state)


def _shown(state: State) -> dict[str, Any]:
    return {
        "status": state.status,
        "subject": {"id": state.subject.id, "name": state.subject.name},
        "fields": dict(state.fields),
        "valid_from": state.first.isoformat(),
        "valid_to": None if state.last is None else state.last.isoformat(),
        "granted": state.granted.isoformat(),
    }


def _entry(body: str) -> RegisterEntry:
    doc = json.loads(body)
    return RegisterEntry(
        position=doc["position"],
        recorded_at=datetime.fromisoformat(doc["recorded_at"]),
        register=doc["register"],
        number=doc["number"],
        event=doc["event"],
        valid_from=date.fromisoformat(doc["valid_from"]),
        ground=doc["ground"],
        subject=Subject(doc["subject"]["id"], doc["subject"]["name"]),
        fields=doc["fields"],
        corrects=doc.get("corrects"),
    )


# --- the check, which needs no office --------------------------------------------------------------------------------


class Checked(NamedTuple):
    """`why` says what is wrong; `own_key`: the signature was checked with the key inside the file, not a given one."""

    valid: bool
    why: Message | None
    own_key: bool
    at: datetime | None  # the last moment of the log that the file proves


class Wrong(Exception):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.message = Message(code, params)


def check(data: bytes, key: str | None = None) -> Checked:
    """Whether these bytes are an extract whose every statement is proven by the signed checkpoint in it."""
    own_key = key is None
    try:
        document = _parsed(data)
        checkpoint = _opened(document, key)
        entries = _proven(document, checkpoint.size, checkpoint.root)
        _same_state(document, entries)
    except Wrong as error:
        return Checked(False, error.message, own_key, None)
    return Checked(True, None, own_key, entries[-1].recorded_at)


def _parsed(data: bytes) -> Mapping[str, Any]:
    if len(data) > LARGEST:
        raise Wrong("extract_too_large")
    if data.startswith(b"%PDF-"):
        data = _attached(data)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Wrong("extract_not_json") from None
    if not isinstance(found, dict) or found.get("salyq_extract") != FORMAT:
        raise Wrong("extract_not_one")
    return found


def _attached(pdf: bytes) -> bytes:
    """The extract inside a paper of ours: the one stream of the PDF that holds it."""
    for found in re.finditer(rb"stream\r?\n", pdf):
        unpack = zlib.decompressobj()
        with contextlib.suppress(zlib.error):
            text = unpack.decompress(pdf[found.end() :], LARGEST)
            if text.startswith(b"{") and b'"salyq_extract"' in text:
                return text
    raise Wrong("extract_not_one")


def _opened(document: Mapping[str, Any], key: str | None) -> Any:
    verifier = key if key is not None else document.get("verifier")
    note = document.get("checkpoint")
    if not isinstance(verifier, str) or not isinstance(note, str):
        raise Wrong("extract_not_one")
    try:
        return open_note(note, verifier)
    except ValueError as error:
        raise Wrong("extract_bad_signature", why=str(error)) from None


def _proven(document: Mapping[str, Any], size: int, root: bytes) -> list[RegisterEntry]:
    rows = document.get("entries")
    if not isinstance(rows, list) or not rows:
        raise Wrong("extract_not_one")
    found: list[RegisterEntry] = []
    for row in rows:
        try:
            entry = _entry(row["body"])
            path = [bytes.fromhex(p) for p in row["path"]]
            leaf = tree.leaf_hash(row["body"].encode())
            previous = json.loads(row["body"])["previous"]
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            raise Wrong("extract_not_one") from None
        if tree.root_from_inclusion(leaf, entry.position, size, path) != root:
            raise Wrong("extract_not_in_log", position=entry.position)
        if (entry.register, entry.number) != (document.get("register"), document.get("number")):
            raise Wrong("extract_of_other", position=entry.position)
        if previous != (found[-1].position if found else None):
            raise Wrong("extract_gap", position=entry.position)
        found.append(entry)
    return found


def _same_state(document: Mapping[str, Any], entries: Sequence[RegisterEntry]) -> None:
    try:
        on = date.fromisoformat(document["on"])
        known = datetime.fromisoformat(document["known"]).astimezone(UTC)
        shown = shown_state(entries, on)
    except (KeyError, TypeError, ValueError, Broken):
        raise Wrong("extract_not_one") from None
    if any(e.recorded_at > known for e in entries):
        raise Wrong("extract_later_entry")
    if shown != document.get("state"):
        raise Wrong("extract_other_state")
