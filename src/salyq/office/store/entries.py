"""The append-only entry and its audit tree (E1, E3): every act of the house is one leaf.

The hour after an entry ends with a signed checkpoint. `append` takes the next positions under one lock, hashes the
canonical bytes of each act and adds the nodes of the tree, all in the caller's transaction. Nothing is updated or
deleted; a correction is a further entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from salyq.office.store import jobs, tree
from salyq.office.store.clock import SystemClock
from salyq.office.store.errors import StoreError
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.store", "entries")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be written. `content` is JSON of texts, whole numbers, flags, lists and maps: no floats.

    `sealed` values do not stand in the entry; it holds their salted hashes, so that the rest can be shown and proven.
    """

    kind: str
    stream: str
    content: Mapping[str, Any]
    public: bool = False
    office: str | None = None
    organisation: str | None = None
    sealed: Mapping[str, Any] = field(default_factory=dict)


class Written(NamedTuple):
    position: int
    recorded_at: datetime
    body: str
    leaf: bytes


class Entry(NamedTuple):
    position: int
    kind: str
    stream: str
    public: bool
    recorded_at: datetime
    body: str
    leaf: bytes

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class _Head(NamedTuple):
    size: int
    last_at: datetime


class SignedNote(NamedTuple):
    size: int
    root: bytes
    note: str
    made_at: datetime


def canonical(value: object) -> str:
    """The one text of a JSON value: sorted keys, no blanks, UTF-8 as it is. Floats are refused."""
    _no_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _no_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("an entry holds no binary floats")
    if isinstance(value, Mapping):
        for part in value.values():
            _no_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _no_floats(part)


def seal(salt: str, value: object) -> str:
    """What the entry says of a value that it does not show."""
    return hashlib.sha256(f"{salt}\n{canonical(value)}".encode()).hexdigest()


def append(tx: Transaction, acts: Sequence[Act]) -> list[Written]:
    """Writes the acts in order and answers with their positions. The lock is held until the transaction ends."""
    if not acts:
        return []
    head = tx.one(_Head, SQL["lock_head"])
    if head is None:
        raise StoreError("store_not_made")
    moment = _moment(tx, head.last_at)
    written: list[Written] = []
    rows: list[dict[str, Any]] = []
    sealed: list[dict[str, Any]] = []
    for position, act in enumerate(acts, head.size):
        hidden = _sealed_rows(tx, position, act)
        sealed += hidden
        body = canonical(_content(tx, act, position, moment, hidden))
        leaf = tree.leaf_hash(body.encode())
        written.append(Written(position, moment, body, leaf))
        row = {"position": position, "kind": act.kind, "stream": act.stream, "public": act.public, "office": act.office}
        rows.append({**row, "organisation": act.organisation, "recorded_at": moment, "body": body, "leaf": leaf})
    tx.run_many(SQL["add_entry"], rows)
    if sealed:
        tx.run_many(SQL["add_sealed"], sealed)
    _add_nodes(tx, head.size, [w.leaf for w in written])
    tx.run(SQL["move_head"], {"size": head.size + len(acts), "last_at": moment})
    hour = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    jobs.put(tx, "checkpoint", {}, hour, key=f"checkpoint/{hour.isoformat()}")
    return written


def _moment(tx: Transaction, last: datetime) -> datetime:
    """The recorded time: never before the entry that was recorded last, so that `known` has one answer."""
    now = tx.now
    if now >= last:
        return now
    if isinstance(tx.store.clock, SystemClock):  # the machine's clock was set back a little
        return last
    raise StoreError("store_clock_behind", now=now.isoformat(), last=last.isoformat())


def _content(
    tx: Transaction, act: Act, position: int, moment: datetime, hidden: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    body: dict[str, Any] = {**act.content, "kind": act.kind, "position": position, "stream": act.stream}
    body |= {"recorded_at": moment.isoformat(), "by": tx.access.user or "salyq", "salt": tx.store.ids.salt()}
    if hidden:
        body["sealed"] = {row["name"]: seal(row["salt"], act.sealed[row["name"]]) for row in hidden}
    return body


def _sealed_rows(tx: Transaction, position: int, act: Act) -> list[dict[str, Any]]:
    salt = tx.store.ids.salt
    base = {"position": position, "office": act.office, "organisation": act.organisation}
    return [{**base, "name": n, "salt": salt(), "value": Jsonb(v)} for n, v in act.sealed.items()]


def _add_nodes(tx: Transaction, size: int, leaves: Sequence[bytes]) -> None:
    made = tree.grow(size, stored_nodes(tx, tree.peaks(size)), leaves)
    tx.run(
        SQL["add_nodes"],
        {"levels": [p[0] for p in made], "places": [p[1] for p in made], "hashes": list(made.values())},
    )


def stored_nodes(tx: Transaction, places: Sequence[tree.Place]) -> dict[tree.Place, bytes]:
    """The stored nodes of these places; one that is missing is a broken tree."""
    if not places:
        return {}
    params = {"levels": [p[0] for p in places], "places": [p[1] for p in places]}
    found = {(level, n): bytes(hash_) for level, n, hash_ in tx.values(SQL["nodes"], params)}
    if missing := [p for p in places if p not in found]:
        raise StoreError("store_tree_broken", place=f"{missing[0][0]}/{missing[0][1]}")
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


def size(tx: Transaction) -> int:
    """How many entries there are, seen or not."""
    head = tx.one(_Head, SQL["head"])
    return 0 if head is None else head.size


def entry(tx: Transaction, position: int) -> Entry | None:
    """The entry, or None where there is none or the asker may not see it."""
    return tx.one(Entry, SQL["entry"], {"position": position})


def stream(tx: Transaction, name: str) -> list[Entry]:
    return tx.all(Entry, SQL["stream"], {"stream": name})


def of_kind(tx: Transaction, kind: str, limit: int, before: int = 2**62) -> list[Entry]:
    """The newest entries of a kind that the asker may see."""
    return tx.all(Entry, SQL["of_kind"], {"kind": kind, "limit": limit, "before": before})


def inclusion(tx: Transaction, position: int, of_size: int) -> list[bytes]:
    """The path of RFC 6962 from the leaf at `position` to the root of the first `of_size` entries."""
    return tree.inclusion_path(position, of_size, lambda places: stored_nodes(tx, places))


def consistency(tx: Transaction, old: int, new: int) -> list[bytes]:
    return tree.consistency_path(old, new, lambda places: stored_nodes(tx, places))


def checkpoint(tx: Transaction) -> SignedNote:
    """The signed note of the tree as it is now: the last one if nothing was added since, else a new one."""
    count = size(tx)
    last = tx.one(SignedNote, SQL["checkpoint"])
    if last is not None and last.size == count:
        return last
    if tx.store.signer is None:
        raise StoreError("store_no_key")
    root = tree.root(count, lambda places: stored_nodes(tx, places))
    made = SignedNote(count, root, tx.store.signer.sign(count, root), tx.now)
    tx.run(SQL["add_checkpoint"], made._asdict())
    return made
