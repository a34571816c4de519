"""Matching against brute force, and the work it does on hostile input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile_world import PERSON, START, coins, rec

from salyq.reconcile import crowds
from salyq.reconcile.crowds import Crowd
from salyq.reconcile.matching import components, settle
from salyq.reconcile.transfers import Side, Transfers
from salyq.records.model import Record
from salyq.records.table import Records

SOME = settings(max_examples=150, deadline=None)
OUTS, INS = range(5), range(10, 15)


def all_ways(
    outs: list[int], edges: dict[int, list[int]], used: frozenset[int] = frozenset()
) -> Iterator[dict[int, int]]:
    """Every pairing of all `outs`, by brute force."""
    if not outs:
        yield {}
        return
    for i in edges[outs[0]]:
        if i not in used:
            for rest in all_ways(outs[1:], edges, used | {i}):
                yield {outs[0]: i, **rest}


GRAPHS = st.fixed_dictionaries({o: st.lists(st.sampled_from(INS), unique=True, max_size=4).map(sorted) for o in OUTS})


@SOME
@given(GRAPHS, st.lists(st.sampled_from("ABC"), min_size=15, max_size=15))
def test_settled_is_what_brute_force_finds_certain(edges: dict[int, list[int]], accounts: list[str]) -> None:
    answer = settle(edges, lambda n: accounts[n])
    settled = dict(answer.pairs)
    clusters = components(edges)
    assert sorted(o for c in clusters for o in c.outs) == [o for o in OUTS if edges[o]]
    for cluster in clusters:
        ways = list(all_ways(cluster.outs, edges)) if len(cluster.outs) == len(cluster.ins) else []
        flows = {frozenset(Counter((accounts[o], accounts[i]) for o, i in w.items()).items()) for w in ways}
        accepted = all(o in settled for o in cluster.outs)
        assert accepted or not any(o in settled for o in cluster.outs)
        assert accepted is (cluster not in answer.ambiguous)
        if accepted:
            assert {o: settled[o] for o in cluster.outs} in ways
            assert len(flows) == 1
        else:
            assert len(ways) != 1


TIMES = st.lists(st.integers(0, 60), max_size=12)


@SOME
@given(
    TIMES, TIMES, st.lists(st.sampled_from(["A", "B", "C", ""]), min_size=24, max_size=24), st.sampled_from([1, 4, 40])
)
def test_a_crowd_overlooks_no_possible_pair(outs: list[int], ins: list[int], accounts: list[str], cap: int) -> None:
    """Whatever size counts as small, each out that has a possible in is compared, settled or unclear."""
    events = sorted([(t, 0) for t in outs] + [(t, 1) for t in ins])
    sides = {n: Side(t, "BTC", 1, 0, False, accounts[n], None, None) for n, (t, _) in enumerate(events)}
    out_rows = [n for n, (_, side) in enumerate(events) if side == 0]
    in_rows = [n for n, (_, side) in enumerate(events) if side == 1]

    def could_be(o: int, i: int) -> bool:
        return accounts[o] != accounts[i] or not accounts[o]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crowds, "CAP", cap)
        crowd = Crowd(sides, could_be, before=2, after=9)
        crowd.look(out_rows, in_rows)
    unclear = {o: c.ins for c in crowd.unclear for o in c.outs}
    pairs = dict(crowd.pairs)
    for o in out_rows:
        possible = [i for i in in_rows if -2 <= sides[i].time - sides[o].time <= 9 and could_be(o, i)]
        if o in unclear:
            assert set(possible) <= set(unclear[o])
        elif o in pairs:
            assert pairs[o] in possible
        else:
            assert crowd.edges.get(o, []) == possible
    rows = [*pairs, *pairs.values(), *(n for c in crowd.unclear for n in (*c.outs, *c.ins))]
    assert len(rows) == len(set(rows))


def crowd_of(count: int, seconds: int, accounts: str, *, step: int = 0, hash_: str | None = None) -> list[Record]:
    """`count` transfers, out and in by turns, one every `seconds`, of one amount (or each smaller by `step`)."""
    model = {kind: rec(kind, "BTC", "1", hash=hash_) for kind in ("transfer_out", "transfer_in")}
    return [
        model["transfer_in" if n % 2 else "transfer_out"]._replace(
            time=START + timedelta(seconds=seconds * n),
            account=accounts[n * 7 // 3 % len(accounts)],
            quantity=coins("1") - n * step,
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        {"seconds": 1, "accounts": "AB"},
        {"seconds": 3600, "accounts": "AB"},
        {"seconds": 3600, "accounts": "ABC"},
        {"seconds": 1, "accounts": "".join(map(chr, range(1000, 3000)))},
        {"seconds": 1, "accounts": "ABC", "step": 10**6},
        {"seconds": 1, "accounts": "AB", "hash_": "ab"},
        {"seconds": 0, "accounts": "A"},
    ],
    ids=["one-day", "years", "three-accounts", "many-accounts", "near-amounts", "one-hash", "one-account"],
)
def test_many_equal_amounts_cost_no_more_than_their_number(hostile: dict[str, object]) -> None:
    """Comparisons are counted, not timed: at most as many a row as a small set or a neighbourhood has."""
    rows = crowd_of(50_000, **hostile)  # type: ignore[arg-type]
    transfers = Transfers(Records(rows), PERSON)
    transfers.by_hash()
    transfers.exact()
    transfers.near()
    assert transfers.compared <= 130 * len(rows)
    matched = [n for p in transfers.pairs for n in (p.out, p.in_)]
    assert len(matched) == len(set(matched))


def test_a_large_crowd_between_several_accounts_is_not_guessed() -> None:
    senders, receivers = "AC", "BD"
    rows = [
        r._replace(account=(receivers if r.kind == "transfer_in" else senders)[n // 2 % 2])
        for n, r in enumerate(crowd_of(2_000, 60, "A"))
    ]
    transfers = Transfers(Records(rows), PERSON)
    transfers.exact()
    assert transfers.pairs == []
    assert sum(len(c.outs) + len(c.ins) for c in transfers.ambiguous) == 2_000


def test_a_crowd_of_like_transfers_is_paired_off() -> None:
    rows = [r._replace(account="B" if r.kind == "transfer_in" else "A") for r in crowd_of(20_000, 60, "A")]
    transfers = Transfers(Records(rows), PERSON)
    transfers.exact()
    assert len(transfers.pairs) == 10_000
    assert transfers.compared <= 2 * len(rows)
