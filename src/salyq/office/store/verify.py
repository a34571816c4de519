"""`office verify`: everything that can be recomputed is recomputed, and the first difference is named (E3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from salyq.office.store import tree
from salyq.office.store.entries import SQL, seal, size
from salyq.office.store.notes import open_note
from salyq.office.store.store import Transaction


class Difference(NamedTuple):
    """`what` is entry, order, node, head, checkpoint, signature or sealed; `expected` and `found` are hex or text."""

    what: str
    where: str
    expected: str
    found: str


def verify(tx: Transaction, progress: Callable[[int], None] = lambda _: None) -> Difference | None:
    """None where entries, tree, checkpoints and sealed values agree. Reads the log once, in memory O(log n)."""
    expected = _Replay()
    checkpoints = {row["size"]: row for row in tx.dicts(SQL["checkpoints"])}
    nodes = _Stored(tx)
    if problem := _check_root(tx, expected, checkpoints):
        return problem
    for row in tx.stream(SQL["all_entries"]):
        if problem := _check_entry(expected, row) or nodes.check(expected.add(row["body"].encode())):
            return problem
        if expected.size in checkpoints and (problem := nodes.flush() or _check_root(tx, expected, checkpoints)):
            return problem
        if expected.size % 10_000 == 0:
            progress(expected.size)
    if size(tx) != expected.size:
        return Difference("head", "size", str(expected.size), str(size(tx)))
    extra = nodes.left(expected.count)
    if extra is not None:
        return extra
    beyond = [s for s in checkpoints if s > expected.size]
    if beyond:
        return Difference("checkpoint", str(beyond[0]), f"at most {expected.size}", str(beyond[0]))
    return _check_sealed(tx)


class _Replay:
    """The tree again, from the bodies alone: of each level the node that still waits for its right neighbour."""

    def __init__(self) -> None:
        self.size = 0
        self.count = 0  # nodes made
        self._waiting: list[bytes] = []

    def add(self, body: bytes) -> list[bytes]:
        """The nodes that the entry completes, from its leaf upwards: one of each level."""
        value, index = tree.leaf_hash(body), self.size
        made = [value]
        while index & 1:
            value = tree.node_hash(self._waiting[len(made) - 1], value)
            made.append(value)
            index >>= 1
        self._waiting[len(made) - 1 : len(made)] = [value]
        self.size += 1
        self.count += len(made)
        return made

    def root(self) -> bytes:
        return tree.root_of([self._waiting[level] for level, _ in tree.peaks(self.size)])


class _Stored:
    """The stored nodes, fetched a block of leaves at a time: of each level one run of places, so that the database
    walks its index from where it stands however many there are.
    """

    def __init__(self, tx: Transaction, block: int = 4096) -> None:
        self._tx, self._block = tx, block
        self._wanted: list[list[bytes]] = []  # by level, in order
        self._done: list[int] = []  # by level, how many agree
        self._leaves = 0

    def check(self, made: list[bytes]) -> Difference | None:
        for level, value in enumerate(made):
            if level == len(self._wanted):
                self._wanted.append([])
                self._done.append(0)
            self._wanted[level].append(value)
        self._leaves += 1
        return self.flush() if self._leaves % self._block == 0 else None

    def flush(self) -> Difference | None:
        for level, wanted in enumerate(self._wanted):  # entries first: they are the cause
            first = self._done[level]
            if not wanted:
                continue
            params = {"level": level, "first": first, "end": first + len(wanted)}
            rows = self._tx.values(SQL["nodes_between"], params)
            if [(first + n, value) for n, value in enumerate(wanted)] != rows:
                return _first_of(level, first, wanted, dict(rows))
            self._done[level] += len(wanted)
            wanted.clear()
        return None

    def left(self, count: int) -> Difference | None:
        if problem := self.flush():
            return problem
        stored = self._tx.value(b"select count(*) from store.node")
        return None if stored == count else Difference("node", "count", str(count), str(stored))


def _first_of(level: int, first: int, wanted: list[bytes], stored: dict[int, bytes]) -> Difference:
    n, value = next((n, v) for n, v in enumerate(wanted, first) if stored.get(n) != v)
    what, where = ("entry", str(n)) if level == 0 else ("node", f"{level}/{n}")
    return Difference(what, where, _hex(stored.get(n)), value.hex())


def _hex(value: bytes | None) -> str:
    return "none" if value is None else value.hex()


def _check_entry(replay: _Replay, row: dict[str, Any]) -> Difference | None:
    if row["position"] != replay.size:
        return Difference("order", str(replay.size), str(replay.size), str(row["position"]))
    leaf = tree.leaf_hash(row["body"].encode())
    if leaf != bytes(row["leaf"]):
        return Difference("entry", str(row["position"]), bytes(row["leaf"]).hex(), leaf.hex())
    return None


def _check_root(tx: Transaction, replay: _Replay, checkpoints: dict[int, dict[str, Any]]) -> Difference | None:
    row = checkpoints.get(replay.size)
    if row is None:
        return None
    root = replay.root()
    if bytes(row["root"]) != root:
        return Difference("checkpoint", str(replay.size), bytes(row["root"]).hex(), root.hex())
    if tx.store.signer is None:
        return None
    try:
        opened = open_note(row["note"], tx.store.signer.verifier)
    except ValueError as error:
        return Difference("signature", str(replay.size), tx.store.signer.verifier, str(error))
    if (opened.size, opened.root) != (replay.size, root):
        return Difference("checkpoint", str(replay.size), opened.root.hex(), root.hex())
    return None


def _check_sealed(tx: Transaction) -> Difference | None:
    for row in tx.stream(SQL["all_sealed"]):
        found = seal(row["salt"], row["value"])
        if found != row["hash"]:
            return Difference("sealed", f"{row['position']} {row['name']}", str(row["hash"]), found)
    return None


def recomputed_root(bodies: Iterator[bytes]) -> bytes:
    """The root over these entries by the tree that grows (for a stranger who has the bodies)."""
    replay = _Replay()
    for body in bodies:
        replay.add(body)
    return replay.root()
