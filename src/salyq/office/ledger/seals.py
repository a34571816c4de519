"""The books under the office's signed log: every hour one entry seals the positions that came since the last.

A seal is the root of a tree (RFC 6962) over the positions `first` to `last`; a position's leaf is its request and all
of its transfers as canonical JSON. Whoever holds the leaf's text, its path and the log's proof of the seal's entry
knows that nothing of that operation was changed since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from salyq.office.store import entries, tree
from salyq.office.store.entries import Act, canonical
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction
from salyq.office.store.verify import Difference

SQL = Statements("salyq.office.ledger", "seals")
KIND, STREAM = "ledger_sealed", "ledger"
SIZE = 1024  # positions of one seal at most: what a proof reads
_AT_ONCE = 4000  # seals of one run of the job; more wait for the next


class Seal(NamedTuple):
    """The entry of the log that holds it, and what it seals."""

    entry: int
    first: int
    last: int
    root: str
    recorded_at: datetime


class Proof(NamedTuple):
    """`body` is the leaf's text, `path` the hashes from the leaf to the seal's root, in hex."""

    position: int
    body: str
    leaf: str
    path: list[str]
    seal: Seal

    def told(self) -> dict[str, Any]:
        """With where the log proves the seal's entry."""
        seal = {"entry": self.seal.entry, "first": self.seal.first, "last": self.seal.last, "root": self.seal.root}
        row = {"position": self.position, "body": self.body, "leaf": self.leaf, "path": self.path, "seal": seal}
        return {**row, "log": f"/api/v1/log/proof?position={self.seal.entry}"}


def seals(tx: Transaction) -> list[Seal]:
    """Every seal, the first first."""
    found = entries.stream(tx, STREAM)
    return [_seal(e) for e in found if e.kind == KIND]


def _seal(e: entries.Entry) -> Seal:
    c = e.content
    return Seal(e.position, int(c["first"]), int(c["last"]), str(c["root"]), e.recorded_at)


def waiting(tx: Transaction) -> int:
    """How many positions no seal covers yet."""
    return int(tx.value(SQL["position"])) - _sealed(tx)


def _sealed(tx: Transaction) -> int:
    newest = entries.of_kind(tx, KIND, 1)
    return _seal(newest[0]).last if newest else 0


def seal(tx: Transaction) -> int:
    """Seals what came since the last seal; how many positions."""
    begin, end = _sealed(tx) + 1, int(tx.value(SQL["position"]))
    acts = [_act(tx, first, min(first + SIZE - 1, end)) for first in islice(range(begin, end + 1, SIZE), _AT_ONCE)]
    entries.append(tx, acts)
    return sum(int(a.content["last"]) - int(a.content["first"]) + 1 for a in acts)


def _act(tx: Transaction, first: int, last: int) -> Act:
    root = _root([tree.leaf_hash(body.encode()) for body in bodies(tx, first, last)])
    return Act(KIND, STREAM, {"first": first, "last": last, "root": root.hex()}, public=True)


def _root(leaves: Sequence[bytes]) -> bytes:
    made = tree.grow(0, {}, leaves)
    return tree.root_of([made[p] for p in tree.peaks(len(leaves))])


def bodies(tx: Transaction, first: int, last: int) -> Iterator[str]:
    """The text of each position's leaf. A position that the clock made (a hold that expired) has no request."""
    moves: dict[int, list[list[object]]] = defaultdict(list)
    for position, *move in tx.values(SQL["moves"], {"first": first, "last": last}):
        moves[position].append([_plain(v) for v in move])
    for position, name, digest in tx.values(SQL["positions"], {"first": first, "last": last}):
        asked = {"request": name, "digest": None if digest is None else bytes(digest).hex()}
        yield canonical({"position": position, **asked, "transfers": moves[position]})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)


def proofs(tx: Transaction, positions: Sequence[int]) -> dict[int, Proof]:
    """Of each position that is sealed already, that it stands under its seal."""
    found: dict[int, Proof] = {}
    wanted = sorted(set(positions))
    for s in seals(tx) if wanted else ():
        here = [p for p in wanted if s.first <= p <= s.last]
        if not here:
            continue
        texts = list(bodies(tx, s.first, s.last))
        nodes = tree.grow(0, {}, [tree.leaf_hash(t.encode()) for t in texts])
        for p in here:
            at = p - s.first
            path = tree.inclusion_path(at, len(texts), partial(_of, nodes))
            found[p] = Proof(p, texts[at], nodes[0, at].hex(), [x.hex() for x in path], s)
    return found


def _of(nodes: Mapping[tree.Place, bytes], places: Sequence[tree.Place]) -> dict[tree.Place, bytes]:
    return {p: nodes[p] for p in places}


def broken(tx: Transaction) -> Difference | None:
    """The first seal that the books do not come to any more, or that leaves a gap; None where all are right."""
    before = 0
    for s in seals(tx):
        if s.first != before + 1:
            return Difference("ledger seal", f"{s.first}", str(before + 1), str(s.first))
        root = _root([tree.leaf_hash(body.encode()) for body in bodies(tx, s.first, s.last)]).hex()
        if root != s.root:
            return Difference("ledger seal", f"{s.first}-{s.last}", s.root, root)
        before = s.last
    return None
