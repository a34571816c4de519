"""One event, all consequences: what the ledger alone says is what was written, and the engine finds the same lots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.pilots.conftest import Acquirer
from tests.office.pilots.corridor_world import World
from tests.office.pilots.test_corridor import pay as send

from salyq.office.pilots import asks, demo
from salyq.office.pilots import consequences as told_by
from salyq.office.pilots.card import report as report_of
from salyq.office.pilots.card import spec
from salyq.office.pilots.consequences import consequences

_numbers = count()
KINDS = {"part": "partial", "last": "final", "forced": "forced", "refund": "refund", "charged back": "chargeback"}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*["pay", "clear"] * 2, "some", "more", "back", *KINDS, "wait", "stale"]),
        st.integers(1, 3_000_000),
    ),
    min_size=3,
    max_size=9,
)


def play(a: Acquirer, steps: list[tuple[str, int]]) -> set[str]:
    """Does these steps with one card; the names of every payment that was begun."""
    begun: list[tuple[dict[str, str], dict[str, str], int]] = []
    names: set[str] = set()
    for what, amount in steps:
        if what == "wait":
            a.store.move_clock(a.store.clock.now() + timedelta(days=amount % 9))
            with a.store.transaction() as tx:
                demo.feed(tx, ["USDT", "BTC"], tx.now)
        elif what == "stale":  # nobody gives a price: what is small is paid at the contract's careful one
            a.store.move_clock(a.store.clock.now() + timedelta(minutes=2))
        elif what in ("pay", "some") or not begun:
            sent, reply = a.pay(amount * 60, f48="61051") if what == "some" else a.pay(amount)
            names.add(f"auth/{spec.key(sent)}")
            if reply["39"] in ("00", "10"):
                begun.append((sent, reply, int(reply["4"])))
        elif what == "more":
            sent, _, _ = begun[-1]
            original = f"0100{sent['11']}{sent['7']}{sent['32']:>011}{'0' * 11}"
            a.pay(amount, f90=original, f37=sent["37"])
        elif what == "back":
            a.reverse(begun[-1][0], amount)
        else:
            sent, reply, whole = begun[-1]
            a.clear(a.row(sent, reply, whole if what == "clear" else amount, KINDS.get(what, "clear")))
    return names


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_from_the_ledger_alone_as_written_at_the_time(acquirer: Acquirer, steps: list[tuple[str, int]]) -> None:
    names = play(acquirer, steps)
    with acquirer.store.transaction() as tx:
        for name in names:
            told = consequences(tx, name)
            assert told is not None
            assert told["from_ledger"] == told["written"], told["happened"]
            assert told["agree"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(
                ["pay", "pay", "lacking", "too much", "fulfil", "fulfil", "reject", "data", "wait", "round"]
            ),
            st.integers(100_00, 4_000_000_00),
        ),
        min_size=3,
        max_size=9,
    )
)
def test_of_the_corridor_too_on_both_sides(world: World, steps: list[tuple[str, int]]) -> None:
    """In every state, here and abroad; also after the settlement of a window."""
    begun: dict[str, str] = {}
    for what, amount in steps:
        last = next(reversed(begun), "")
        if what in ("pay", "lacking", "too much") or not begun:
            amount *= 10**3 if what == "too much" else 1
            more = {"sender": demo_party(False)} if what == "lacking" else {}
            pid, fulfilment, _ = send(world, f"s{next(_numbers)}", amount, **more)
            begun[pid] = fulfilment
        elif what == "fulfil":
            world.ask("kz", "POST", f"/payments/{last}/fulfil", {"fulfilment": begun[last]})
        elif what == "reject":
            world.ask("kz", "POST", f"/payments/{last}/reject", {"reason": "asked"})
        elif what == "data":
            world.ask("kz", "POST", f"/payments/{last}/data", {"sender": demo_party(True)})
        elif what == "wait":
            world.move(minutes=amount % 90)
        else:
            world.round("abroad")
            world.round("kz")
    seen = _agree(world, begun)
    assert seen["kz"] == len(begun)
    world.nodes["kz"].settle_window(f"w{next(_numbers)}")  # type: ignore[attr-defined]
    assert _agree(world, begun) == seen


def _agree(world: World, payments: Mapping[str, str]) -> Counter[str]:
    """How many of the payments each side knows; of each, both its accounts of it are the same."""
    seen: Counter[str] = Counter()
    for side, store in world.stores.items():
        with store.transaction() as tx:
            for pid in payments:
                told = consequences(tx, f"corridor/{pid}/payment")
                if told is None:
                    continue
                seen[side] += 1
                assert told["from_ledger"] == told["written"], (side, told["happened"])
                moved = {k for k, v in told["from_ledger"].items() if v != "0"}
                state = world.payment(side, pid)
                assert state is not None
                ends = {"kz": {"sent", "leg", "fee"}, "abroad": {"received", "leg"}}[side]
                assert moved == (ends if state.state in ("fulfilled", "settled") else {"held"} & moved), state
    return seen


PLANTED = [
    # what was written, changed after
    "update pilots.event set body = body || '{\"settled\": \"60001\"}' where kind = 'clearing_done'",
    "update pilots.event set body = body || '{\"fee\": \"0\"}' where kind = 'clearing_done'",
    "update pilots.event set body = body || '{\"units\": \"1\"}' where kind = 'clearing_done'",
    "delete from pilots.event where kind = 'clearing_done'",
    "delete from pilots.event where kind = 'cleared'",
    "update pilots.event set body = jsonb_set(body, '{lots,0,1}', '\"7\"') where kind = 'answer'",
    "update pilots.event set body = jsonb_set(body, '{lots,0,0}', '\"buy/other\"') where kind = 'answer'",
    # what moved, changed after
    "update ledger.transfer set amount = amount + 1 where code = 'settle'",
    "update ledger.transfer set code = 'settle' where code = 'fee'",
    "delete from ledger.transfer where code = 'fee'",
    "update ledger.transfer set amount = amount - 1 where kind = 2 and amount > 100000",
    "delete from ledger.transfer where kind = 2",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_a_difference_between_what_moved_and_what_was_written_is_seen(acquirer: Acquirer, planted: str) -> None:
    sent, reply = acquirer.pay(100_000)
    acquirer.clear(acquirer.row(sent, reply, 60_000, "partial"))
    name = f"auth/{spec.key(sent)}"
    with acquirer.store.transaction() as tx:
        told = consequences(tx, name)
        assert told is not None
        assert told["agree"]
        assert Decimal(told["from_ledger"]["coins_held"]) > 0
    with psycopg.connect(acquirer.store.url, autocommit=True) as owner:
        owner.execute(b"set session_replication_role = replica")
        assert owner.execute(planted.encode()).rowcount > 0
    with acquirer.store.transaction() as tx:
        told = consequences(tx, name)
    assert told is not None
    assert not told["agree"]


def test_a_hold_and_a_reversal_of_one_batch_lock_what_the_books_say(acquirer: Acquirer) -> None:
    """The reversal after it gives back, and the hold after that takes again: each still has its own purchases."""
    demo.stock(acquirer.store, acquirer.gate, acquirer.cards[0].card, 1_000_000, "more")
    first, _ = acquirer.pay(20_000_000)
    second = acquirer.message(5_000_000)
    original = f"0100{first['11']}{first['7']}{first['32']:>011}{'0' * 11}"
    back = {**first, "t": "0400", "11": "900001", "90": original, "4": f"{8_000_000:012d}"}
    third = acquirer.message(1_000_000)
    replies = acquirer.host.handle([spec.decode(spec.encode(m)[2:]) for m in (second, back, third)])
    assert [r["39"] for r in replies] == ["00", "00", "00"]
    with acquirer.store.transaction() as tx:
        for sent in (first, second, third):
            told = consequences(tx, f"auth/{spec.key(sent)}")
            assert told is not None
            assert told["agree"], told["lots"]


def test_the_lots_of_the_books_are_those_of_the_engine(acquirer: Acquirer) -> None:
    card = acquirer.cards[0].card
    held = acquirer.coins().available
    sent, reply = acquirer.pay(20_000_000)
    acquirer.clear(acquirer.row(sent, reply, 20_000_000))
    for n in range(3):
        acquirer.store.move_clock(acquirer.store.clock.now() + timedelta(days=1))
        with acquirer.store.transaction() as tx:
            demo.feed(tx, ["USDT", "BTC"], tx.now)
        demo.stock(acquirer.store, acquirer.gate, card, 1_000_000, f"small {n}")
        last, reply = acquirer.pay(25_000_000)
        acquirer.clear(acquirer.row(last, reply, 25_000_000))
    with acquirer.store.transaction() as tx:
        told = consequences(tx, f"auth/{spec.key(last)}")
    assert told is not None
    ours = [(x["bought"], x["quantity"]) for x in told["lots"]["sold"]]
    assert ours == [(x["lot"], x["quantity"]) for x in told["tax"]["lots"]]
    assert {x["method"] for x in told["tax"]["lots"]} == {"fifo"}
    for mine, engine in zip(told["lots"]["sold"], told["tax"]["lots"], strict=True):
        assert abs(Decimal(mine["cost_kzt"]) - Decimal(engine["cost"])) <= Decimal("0.01")
    assert held > acquirer.coins().available
    gain = sum(Decimal(x["gain_kzt"]) for x in told["tax"]["lots"])
    assert gain != 0
    assert Decimal(told["tax"]["tax_so_far_kzt"]) >= 0
    assert told["tax"]["cites"]
    assert told["tax"]["law"]
    assert told["lots"]["locked"]
    assert [h["ended"] for h in told["holds"]] == ["posted"] * len(told["holds"])
    assert told["reports"][0]["verdict"] in ("yes", "no")


def test_a_threshold_report_has_its_article_and_day(store: Any, gate: Any, tmp_path: Any) -> None:
    from tests.office.pilots.conftest import programme

    wide = {**demo.LIMITS, "payment": 10**12, "client_day": 10**12, "client_month": 10**12}
    a = programme(store, gate, tmp_path, limits=wide)
    demo.stock(store, gate, a.cards[0].card, 10**10, "much")
    sent, reply = a.pay(600_000_000)
    a.clear(a.row(sent, reply, 600_000_000))
    with store.transaction() as tx:
        told = consequences(tx, f"auth/{spec.key(sent)}")
    assert told is not None
    [report] = told["reports"]
    [sale] = told["sales"]
    # the coins at their value, the fee with it
    assert (report["verdict"], report["amount_kzt"]) == ("yes", sale["proceeds_kzt"])
    assert report["cites"]
    assert report["due"] > "2026-06-15"
    with store.transaction() as tx:
        year = report_of.reports(report_of.year_of(tx, a.cards[0].card.holder, 2026))
    bought, sold = year["reports"]
    assert sold["event"] == report["event"]
    assert {k: sold[k] for k in ("amount_kzt", "cites", "due", "verdict")} == {
        k: report[k] for k in ("amount_kzt", "cites", "due", "verdict")
    }
    with store.transaction() as tx:
        page = consequences(tx, bought["event"])
    assert page is not None
    assert [r["amount_kzt"] for r in page["reports"] if r["event"] == bought["event"]] == [bought["amount_kzt"]]


@pytest.mark.parametrize(("tiyn", "verdict"), [(499_999_999, "no"), (500_000_000, "yes"), (500_000_001, "yes")])
def test_a_sale_at_the_threshold_is_told(store: Any, tiyn: int, verdict: str) -> None:
    """4(1)2) of the law on financial monitoring: five million tenge and more, of participants of the special regime."""
    at = datetime(2026, 6, 15, 6, tzinfo=UTC)
    asked = asks.threshold_report({"provider": "special_regime"}, tiyn, at)
    assert asked.verdict == verdict
    assert asked.cites


def test_a_payment_abroad_is_told_when_it_was_carried_out(world: Any) -> None:
    """A refused one moved nothing that law wants told."""
    found = {}
    for how in ("fulfil", "reject"):
        pid, fulfilment, _ = send(world, f"told {how}", amount=500_000_000)
        world.ask("kz", "POST", f"/payments/{pid}/{how}", {"fulfilment": fulfilment})
        with world.stores["kz"].transaction() as tx:
            told = consequences(tx, f"corridor/{pid}/payment")
        assert told is not None
        found[how] = told["reports"]
    assert found["reject"] == []
    [report] = found["fulfil"]
    assert (report["verdict"], report["amount_kzt"], report["event"][-5:]) == ("yes", "5000000.00", "/done")
    assert report["due"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_corridor_payment_shows_its_data_and_questions(world: Any, whole: bool) -> None:
    sender = demo_party(whole)
    pid, _, (status, _) = send(world, f"c{whole}", sender=sender)
    assert status == 200
    with world.stores["kz"].transaction() as tx:
        told = consequences(tx, f"corridor/{pid}/payment")
        assert told is not None
        assert told_by.recent(tx, world.clock.now().date())[0].subject == f"corridor/{pid}"
    assert told["travel_data"]["complete"] is whole
    assert bool(told["travel_data"]["held_until"]) is not whole
    assert {q["code"] for q in told["questions"]} == {"repatriation", "asset_leg", "digital_tenge"}
    assert told["allowed_by"]["status"] == "active"
    assert bool(told["holds"]) is whole
    if not whole:
        assert told["travel_data"]["cites"]


def demo_party(whole: bool) -> dict[str, Any]:
    from salyq.office.pilots.corridor import demo as corridor

    return corridor.party("originator", "KZ1", "Аскар", whole=whole)
