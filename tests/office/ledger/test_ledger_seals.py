"""The books under the log: what a stranger can check of one operation, and what is seen when a row is changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.office.conftest import START
from tests.office.ledger.test_ledger_guards import fill
from tests.office.ledger.test_ledger_requests import move

from salyq.office.ledger import jobs as ledger_jobs
from salyq.office.ledger import seals
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.reading import request
from salyq.office.store import entries, jobs, tree
from salyq.office.store.store import Store


def proved(store: Store, found: seals.Proof) -> bool:
    """As somebody outside does it: the leaf's text to the seal's root, the seal's entry to the signed root."""
    leaf = tree.leaf_hash(found.body.encode())
    of = found.seal.last - found.seal.first + 1
    root = tree.root_from_inclusion(leaf, found.position - found.seal.first, of, [bytes.fromhex(x) for x in found.path])
    with store.transaction() as tx:
        entry = entries.entry(tx, found.seal.entry)
        note, size = entries.checkpoint(tx), entries.size(tx)
        path = entries.inclusion(tx, found.seal.entry, size)
    assert entry is not None
    assert root is not None
    assert entry.content["root"] == root.hex()
    return tree.root_from_inclusion(tree.leaf_hash(entry.body.encode()), found.seal.entry, size, path) == note.root


@pytest.mark.parametrize("size", [2, 1024])
def test_every_operation_is_proved_by_its_seal(
    store: Store, gate: Gate, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(seals, "SIZE", size)
    fill(gate)
    with store.transaction() as tx:
        assert seals.waiting(tx) == 5
        assert seals.seal(tx) == 5
        assert (seals.seal(tx), seals.waiting(tx)) == (0, 0)
    gate.ask(request("later", transfers=[move("1")]))
    with store.transaction() as tx:
        found = seals.proofs(tx, [1, 2, 3, 4, 5, 6])
        assert seals.broken(tx) is None
        assert [(s.first, s.last) for s in seals.seals(tx)] == ([(1, 2), (3, 4), (5, 5)] if size == 2 else [(1, 5)])
    assert sorted(found) == [1, 2, 3, 4, 5]  # the last one waits for its hour
    assert all(proved(store, p) for p in found.values())
    assert '"request":"p"' in found[5].body
    assert '"digest":' in found[5].body
    other = found[5]._replace(body=found[5].body.replace('"3"', '"4"'))
    assert other.body != found[5].body
    with pytest.raises(AssertionError):
        proved(store, other)


PLANTED = [
    "update ledger.transfer set code = 'other' where position = 3",
    "update ledger.transfer set effective = effective - interval '1 day' where position = 2",
    "update ledger.request set id = 'hh' where id = 'h'",
    "delete from ledger.transfer where position = 5",
    "delete from store.entry where kind = 'ledger_sealed' and position = (select min(position) from store.entry)",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_what_was_sealed_cannot_be_changed_unseen(
    store: Store, gate: Gate, database: str, monkeypatch: pytest.MonkeyPatch, planted: Any
) -> None:
    """Rows that sums say nothing of, too."""
    monkeypatch.setattr(seals, "SIZE", 3)
    fill(gate)
    with store.transaction() as tx:
        seals.seal(tx)
        assert seals.broken(tx) is None
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(b"set session_replication_role = replica")
        owner.execute(planted.encode())
    with store.transaction() as tx:
        assert seals.broken(tx) is not None


def test_the_clock_seals_what_moved_in_its_hour(store: Store, gate: Gate) -> None:
    fill(gate)
    with store.transaction() as tx:
        ledger_jobs.begin(tx)
    told = [h.told for h in jobs.run_due(store, ledger_jobs.JOBS, START + timedelta(hours=5))]
    assert "positions of the books sealed: 5" in told
    assert told.count("positions of the books sealed: 1") == 1  # the hold that expired; then nothing more moves
    with store.transaction() as tx:
        found = seals.proofs(tx, [6])
        assert '"request":null' in found[6].body
        assert seals.broken(tx) is None
