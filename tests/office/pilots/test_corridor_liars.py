"""Nodes that lie, repeat or are silent: money stays in exactly one place, and the other side cannot be made to lose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from tests.office.pilots.corridor_world import World, books_agree, quiet
from tests.office.pilots.test_corridor import pay

from salyq.office.ledger import books
from salyq.office.pilots.corridor import accounts, demo
from salyq.office.pilots.corridor.node import LostError, Reply

Lie = Callable[[str, str, Reply], Reply]


class Liar:
    """The wire of the world, whose answers are changed on their way; None is silence."""

    def __init__(self, true: Any, lie: Lie | None) -> None:
        self.true, self.lie = true, lie

    def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        if self.lie is None:
            raise LostError
        return self.lie(method, path, self.true.call(method, path, body))


@contextmanager
def lying(world: World, side: str, lie: Lie | None) -> Iterator[None]:
    """The node `side` hears lies, or nothing."""
    node = world.nodes[side]
    true = node.peer
    node.peer = Liar(true, lie)
    yield
    node.peer = true


def left(world: World, side: str, name: str) -> tuple[int, int]:
    """(what may be used, what is held) of an account."""
    with world.stores[side].transaction() as tx:
        found = books.balance(tx, name)
    return int(found.available), int(found.debits_held)


# --- the destination lies -------------------------------------------------------------------------------------------


QUOTES: list[dict[str, Any]] = [
    {"leg_amount": "99999999999"},
    {"leg_amount": "-5"},
    {"leg_amount": 5},
    {"receive_amount": "1.5"},
    {"receive_amount": None},
    {"receive_asset": "EUR"},
    {"expires": "never"},
    {"expires": "2026-11-29T00:00:00"},
    {"expires": 5},
    {"quote": "../x"},
    {"quote": ["q"]},
    {"rate": {}},
]


def test_a_quote_that_is_not_what_was_asked_is_refused(world: World) -> None:
    asked = {"send_asset": "KZT", "receive_asset": "AED", "send_amount": "5000000"}
    for change in QUOTES:
        with lying(world, "kz", lambda *x, change=change: (x[2][0], {**x[2][1], **change})):  # type: ignore[misc]
            reply = world.ask("kz", "POST", "/quotes", asked)
        assert reply is not None
        assert (reply[0], reply[1]["code"]) == (502, "peer_quote_wrong"), change
    fixed = {"send_asset": "KZT", "receive_asset": "AED", "receive_amount": "10000"}
    with lying(world, "kz", lambda *x: (x[2][0], {**x[2][1], "receive_amount": "9999"})):
        reply = world.ask("kz", "POST", "/quotes", fixed)
    assert reply is not None
    assert reply[1]["code"] == "peer_quote_wrong"


PREPARED = {
    "another leg": {"leg_amount": "1"},
    "another amount": {"receive_amount": "1"},
    "another currency": {"receive_asset": "EUR"},
    "another condition": {"condition": "0" * 64},
}


def test_a_payment_prepared_otherwise_is_given_up(world: World) -> None:
    for what in PREPARED:
        _prepared_otherwise(world, what)
    books_agree(world)


def _prepared_otherwise(world: World, what: str) -> None:
    def lie(method: str, path: str, reply: Reply) -> Reply:
        return (reply[0], {**reply[1], **PREPARED[what]}) if (method, path) == ("POST", "/payments") else reply

    demo.sender(world.gates["kz"], "KZ1", 10**9)
    before = left(world, "kz", accounts.sender("KZ1"))
    with lying(world, "kz", lie):
        pid, fulfilment, (_, told) = pay(world, f"otherwise {what}")
    assert (told["state"], told["reason"]) == ("rejected", "amounts_differ")
    reply = world.ask("abroad", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    assert reply is not None
    assert (reply[0], reply[1]["state"]) == (409, "rejected")
    assert left(world, "kz", accounts.sender("KZ1")) == before


WORDS: dict[str, Callable[[dict[str, Any]], Reply]] = {
    "rejected, of another payment": lambda told: (200, {**told, "payment": "pother", "state": "rejected"}),
    "expired, of no payment": lambda _: (200, {"state": "expired"}),
    "fulfilled, without its secret": lambda told: (200, {**told, "state": "fulfilled"}),
    "fulfilled, with another secret": lambda told: (200, {**told, "state": "fulfilled", "fulfilment": "00" * 32}),
    "fulfilled, of another payment": lambda told: (200, {**told, "payment": "pother", "state": "fulfilled"}),
    "a state nobody knows": lambda told: (200, {**told, "state": "banana"}),
    "a state that is no word": lambda told: (200, {**told, "state": ["rejected"]}),
    "nothing": lambda _: (200, {}),
    "a fault": lambda _: (500, {"code": "fault"}),
}


def test_what_is_no_decision_ends_nothing(world: World) -> None:
    for what in WORDS:
        _no_decision(world, what)
    books_agree(world)


def _no_decision(world: World, what: str) -> None:
    """What the destination says of another payment or without proof moves no money; the truth does, later."""
    demo.sender(world.gates["kz"], "KZ1", 10**9)
    free, _ = left(world, "kz", accounts.sender("KZ1"))
    with lying(world, "kz", lambda _, path, reply: WORDS[what](reply[1]) if "payments" in path else reply):
        pid, fulfilment, (_, told) = pay(world, f"words {what}")
        world.round("kz")
        assert told["state"] not in ("rejected", "expired", "fulfilled", "settled")
        assert left(world, "kz", accounts.sender("KZ1")) == (free - 50_000_00, 50_000_00)
    reply = world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    assert reply is not None
    assert reply[1]["state"] == "fulfilled"
    assert left(world, "kz", accounts.sender("KZ1")) == (free - 50_000_00, 0)


# --- the origin lies ------------------------------------------------------------------------------------------------


def test_a_quote_serves_one_payment_and_a_name_one_content(world: World) -> None:
    pid, _, _ = pay(world, "once")
    kz = world.payment("kz", pid)
    assert kz is not None
    names = ("condition", "sender", "receiver", "send_asset", "send_amount", "origin")
    asked = {**{k: kz.body[k] for k in names}, "payment": pid, "quote": kz.body["peer_quote"]}
    held = left(world, "abroad", accounts.provider("AED"))
    again = world.ask("abroad", "POST", "/payments", asked, peer=True)
    assert again is not None
    assert again[1]["state"] == "prepared"
    other = world.ask("abroad", "POST", "/payments", {**asked, "payment": "pother"}, peer=True)
    assert other is not None
    assert (other[0], other[1]["code"]) == (409, "quote_used")
    thief = demo.party("beneficiary", "AE666", "Thief")
    for change in ({"receiver": thief}, {"condition": "0" * 64}, {"quote": "other"}, {"send_amount": "1"}):
        said = world.ask("abroad", "POST", "/payments", {**asked, **change}, peer=True)
        assert said is not None
        assert (said[0], said[1]["code"]) == (409, "different_content"), change
    assert left(world, "abroad", accounts.provider("AED")) == held
    assert quiet(world, pid) == "expired"
    books_agree(world)


def test_a_payment_is_settled_in_one_window(world: World) -> None:
    done = []
    for n in range(2):
        pid, fulfilment, _ = pay(world, f"net {n}")
        world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
        done.append(pid)
    leg = int(world.payment("kz", done[0]).body["leg_amount"])  # type: ignore[union-attr]

    def settle(window: str, ids: list[str], net: int) -> tuple[int, str]:
        said = world.ask(
            "abroad", "POST", "/settlements", {"window": window, "payments": ids, "net": str(net)}, peer=True
        )
        assert said is not None
        return said[0], str(said[1].get("code", ""))

    assert settle("w1", [done[0], done[0]], 2 * leg) == (422, "field_wrong")
    assert settle("w1", [], 1) == (422, "field_wrong")
    assert settle("w1", [done[0]], leg + 1) == (409, "net_differs")
    assert settle("w1", [done[0], "pnothing"], leg) == (409, "not_fulfilled")
    assert settle("w1", [done[0]], leg) == (200, "")
    assert settle("w1", [done[0]], leg) == (200, "")  # told again, done once
    assert settle("w2", [done[0]], leg) == (409, "settled_before")
    assert settle("w1", [done[1]], leg + 1) == (409, "net_differs")
    other = int(world.payment("kz", done[1]).body["leg_amount"])  # type: ignore[union-attr]
    if other != leg:
        assert settle("w1", [done[1]], other) == (409, "different_content")
    with world.stores["abroad"].transaction() as tx:
        assert books.balance(tx, accounts.settled()).debits == leg
        assert (
            abs(books.balance(tx, accounts.transit()).credits - books.balance(tx, accounts.transit()).debits) == other
        )


def test_a_window_whose_answer_was_lost_is_asked_for_again_before_the_next(world: World) -> None:
    node: Any = world.nodes["kz"]
    legs = []

    def lost(method: str, path: str, reply: Reply) -> Reply:
        raise LostError

    for n, moment in enumerate(("20261129T0100", "20261129T0101")):
        pid, fulfilment, _ = pay(world, f"lost window {n}")
        world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
        legs.append(world.payment("kz", pid).body["leg_amount"])  # type: ignore[union-attr]
        if n == 0:
            with lying(world, "kz", lost), pytest.raises(LostError):
                node.settle_window(moment)  # settled abroad, and nobody here knows
    told = [node.settle_window(moment) for moment in ("20261129T0101", "20261129T0101", "20261129T0102")]
    assert [(status, said["net"], said["payments"]) for status, said in told] == [
        *((200, leg, 1) for leg in legs),
        (200, "0", 0),
    ]
    assert [said["window"][-4:] for _, said in told] == ["0100", "0101", "0102"]
    for side in world.stores:
        with world.stores[side].transaction() as tx:
            moved = books.balance(tx, accounts.transit())
        assert moved.debits == moved.credits, side
    books_agree(world)


def test_windows_of_two_contracts_at_one_moment_are_two(world: World) -> None:
    from salyq.office.pilots.corridor.origin import Origin

    first: Any = world.nodes["kz"]
    demo.origin(world.stores["kz"], world.gates["kz"], number="SB-TWO", key="two", ahead=20_000)
    second = Origin(world.stores["kz"], world.gates["kz"], first.peer, "SB-TWO")
    second.probe = world.probe  # type: ignore[method-assign]
    for n, node in enumerate((first, second)):
        world.nodes["kz"] = node
        pid, fulfilment, _ = pay(world, f"contract {n}")
        world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    world.nodes["kz"] = first
    told = [node.settle_window("20261129T0100") for node in (first, second)]
    assert [(status, said["payments"]) for status, said in told] == [(200, 1), (200, 1)]
    assert len({said["window"] for _, said in told}) == 2
    books_agree(world)


# --- silence --------------------------------------------------------------------------------------------------------


def test_a_silent_destination_keeps_money_held_until_it_speaks(world: World) -> None:
    demo.sender(world.gates["kz"], "KZ1", 10**9)
    free, _ = left(world, "kz", accounts.sender("KZ1"))
    pid, fulfilment, _ = pay(world, "silent")
    with lying(world, "kz", None):
        for _ in range(3):
            world.move(hours=30)
            world.round("kz")
            assert left(world, "kz", accounts.sender("KZ1")) == (free - 50_000_00, 50_000_00)
        reply = world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
        assert reply is not None
        assert (reply[0], reply[1]["code"]) == (503, "peer_silent")
        assert world.ask("kz", "POST", f"/payments/{pid}/reject", {"reason": "asked"})[1]["state"] == "prepared"  # type: ignore[index]
    assert quiet(world, pid) == "expired"
    assert left(world, "kz", accounts.sender("KZ1")) == (free, 0)
    books_agree(world)


def test_a_silent_origin_holds_nothing_abroad_for_ever(world: World) -> None:
    liquid = left(world, "abroad", accounts.provider("AED"))
    pid, fulfilment, _ = pay(world, "silent origin")
    assert left(world, "abroad", accounts.provider("AED")) != liquid
    world.move(minutes=31)
    world.round("abroad")
    assert left(world, "abroad", accounts.provider("AED")) == liquid
    reply = world.ask("abroad", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    assert reply is not None
    assert (reply[0], reply[1]["state"]) == (409, "expired")
    assert quiet(world, pid) == "expired"
    books_agree(world)
