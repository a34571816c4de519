"""The audit tree against RFC 6962's recursive definition, and planted changes that `verify` must name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.office.test_store import act, written

from salyq.office.store import entries, tree
from salyq.office.store.notes import Signer, open_note
from salyq.office.store.store import Store
from salyq.office.store.verify import verify


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1 as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


class Kept:
    """A tree in memory, grown in steps."""

    def __init__(self) -> None:
        self.nodes: dict[tree.Place, bytes] = {}
        self.size = 0

    def add(self, leaves: Sequence[bytes]) -> None:
        known = {p: self.nodes[p] for p in tree.peaks(self.size)}
        self.nodes |= tree.grow(self.size, known, [tree.leaf_hash(x) for x in leaves])
        self.size += len(leaves)

    def of(self, places: Sequence[tree.Place]) -> dict[tree.Place, bytes]:
        return {p: self.nodes[p] for p in places}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.data())
def test_roots_and_proofs_are_those_of_the_rfc(steps: list[int], data: st.DataObject) -> None:
    kept, leaves = Kept(), list[bytes]()
    for step in steps:
        new = [f"{len(leaves) + i}".encode() for i in range(step)]
        kept.add(new)
        leaves += new
    n = len(leaves)
    size = data.draw(st.integers(1, n))
    position = data.draw(st.integers(0, size - 1))
    assert tree.root(size, kept.of) == mth(leaves[:size])
    proof = tree.inclusion_path(position, size, kept.of)
    assert proof == path(position, leaves[:size])
    leaf = tree.leaf_hash(leaves[position])
    assert tree.root_from_inclusion(leaf, position, size, proof) == mth(leaves[:size])
    assert tree.root_from_inclusion(tree.leaf_hash(b"other"), position, size, proof) != mth(leaves[:size])
    steps_between = tree.consistency_path(size, n, kept.of)
    roots = (mth(leaves[:size]), mth(leaves))
    assert tree.consistent(size, n, *roots, steps_between)
    assert not tree.consistent(size, n, mth([*leaves[: size - 1], b"other"]), roots[1], steps_between)
    assert n == size or not tree.consistent(size, n, *roots, [*steps_between, b"\0" * 32])


def test_a_note_is_signed_and_a_changed_one_is_not(store: Store) -> None:
    signer = Signer(b"k" * 32)
    note = signer.sign(3, b"r" * 32)
    assert open_note(note, signer.verifier).size == 3
    for wrong in (note.replace("\n3\n", "\n4\n"), note[:-9] + "AAAAAAA=\n", note.replace("—", "-"), "", "a\n\nb"):
        with pytest.raises(ValueError, match=r"no good signature|not a"):
            open_note(wrong, signer.verifier)
    with pytest.raises(ValueError, match="another log"):
        open_note(note, Signer(b"x" * 32).verifier)


def test_checkpoints_are_made_when_something_was_added(store: Store) -> None:
    written(store, act(0), act(1))
    with store.transaction() as tx:
        first = entries.checkpoint(tx)
        assert entries.checkpoint(tx) == first
    written(store, act(2))
    with store.transaction() as tx:
        second = entries.checkpoint(tx)
        between = entries.consistency(tx, first.size, second.size)
    assert tree.consistent(first.size, second.size, first.root, second.root, between)


PLANTED = {
    "a body and its leaf": (
        "alter table store.entry drop constraint entry_check; "
        "update store.entry set body = replace(body, '\"n\":4', '\"n\":5') where position = 4",
        "entry",
        "4",
    ),
    "a body with a leaf that fits": (
        "update store.entry set body = b, leaf = sha256('\\x00'::bytea || convert_to(b, 'UTF8')) from "
        "(select replace(body, '\"n\":4', '\"n\":5') b from store.entry where position = 4) x where position = 4",
        "entry",
        "4",
    ),
    "an inner node": ("update store.node set hash = sha256('x') where level = 1 and n = 2", "node", "1/2"),
    "an entry taken out": ("delete from store.sealed; delete from store.entry where position = 5", "order", "5"),
    "the last entry taken out": ("delete from store.entry where position = 7", "head", "size"),
    "a checkpoint": ("update store.checkpoint set root = sha256('x')", "checkpoint", "8"),
    "a signature": ("update store.checkpoint set note = replace(note, '— ', '— x')", "signature", "8"),
    "a sealed value": ("update store.sealed set value = '\"other\"'", "sealed", "2 serial"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_change_is_named(store: Store, database: str, name: str) -> None:
    written(store, *(act(n, **({"sealed": {"serial": "S19"}} if n == 2 else {})) for n in range(8)))
    with store.transaction() as tx:
        entries.checkpoint(tx)
        assert verify(tx) is None
    change, what, where = PLANTED[name]
    with psycopg.connect(database) as c:
        c.execute("set session_replication_role = replica")  # triggers sleep
        c.execute(change.encode())
    with store.transaction() as tx:
        found = verify(tx)
    assert found is not None
    assert (found.what, found.where) == (what, where)
    assert found.expected != found.found
