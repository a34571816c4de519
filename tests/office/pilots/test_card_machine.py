"""The card against a model of a few lines, step by step; messages of another implementation; hostile bytes."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import iso8583
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.office.pilots.conftest import Acquirer

from salyq.civil.days import kz_day
from salyq.office.ledger.recount import recount
from salyq.office.pilots import demo
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.server import CardServer

OTHER = json.loads((Path(__file__).parent / "data" / "iso8583_other.json").read_text(encoding="utf-8"))
DAY = demo.LIMITS["client_day"]
POINTS = 50


def coins_for(tiyn: int, price: Decimal) -> int:
    """Whole units (a millionth) that pay `tiyn` and half a percent of it, upwards: said again in other words."""
    fee = (tiyn * POINTS + 5_000) // 10_000
    exact = Fraction(tiyn + fee, 100) / Fraction(price) * 10**6
    return -(-exact.numerator // exact.denominator)


@dataclass
class Held:
    """An authorisation of the model: what is held, at what price, on which day, until when."""

    tiyn: int
    units: int
    price: Decimal
    day: Any
    until: Any
    open: bool = True


class PlainCard:
    """One holder: coins, a limit of a day, authorisations."""

    def __init__(self, coins: int) -> None:
        self.coins = coins
        self.held: list[Held] = []
        self.settled = 0
        self.used: dict[Any, int] = {}

    def lapse(self, now: Any) -> None:
        for h in self.held:
            if h.open and h.until <= now:
                self.release(h)

    def release(self, h: Held) -> None:
        h.open = False
        self.used[h.day] -= h.tiyn

    def locked(self) -> int:
        return sum(h.units for h in self.held if h.open)

    def pay(self, tiyn: int, price: Decimal, day: Any, until: Any) -> str:
        units = coins_for(tiyn, price)
        if self.used.get(day, 0) + tiyn > DAY:
            return "61"
        if self.locked() + units > self.coins:
            return "51"
        self.used[day] = self.used.get(day, 0) + tiyn
        self.held.append(Held(tiyn, units, price, day, until))
        return "00"

    def clear(self, h: Held, tiyn: int) -> None:
        """Up to what is held, the rest released."""
        self.coins -= min(coins_for(tiyn, h.price), h.units)
        self.used[h.day] -= h.tiyn - tiyn
        self.settled += tiyn
        h.open = False


def machine(a: Acquirer) -> type[RuleBasedStateMachine]:
    class CardMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            a.store.move_clock(a.store.clock.now() + timedelta(days=9))  # what the last run held has lapsed
            self.prices()
            coins = a.coins()
            self.model = PlainCard(coins.credits - coins.debits)
            self.before = settled(a)
            self.sent: list[tuple[dict[str, str], dict[str, str], Held]] = []

        def prices(self) -> None:
            with a.store.transaction() as tx:
                demo.feed(tx, ["USDT", "BTC"], tx.now)

        @rule(tiyn=st.integers(1, DAY + 1) | st.integers(1, 200_000))
        def pay(self, tiyn: int) -> None:
            now = a.store.clock.now()
            price = demo.price("USDT", now)
            expected = self.model.pay(tiyn, price, kz_day(now), now + timedelta(days=7))
            sent, reply = a.pay(tiyn)
            assert reply["39"] == expected
            if expected == "00":
                self.sent.append((sent, reply, self.model.held[-1]))

        @precondition(lambda self: self.sent)
        @rule(data=st.data())
        def repeat(self, data: Any) -> None:
            sent, reply, _ = data.draw(st.sampled_from(self.sent))
            assert a.ask(sent)["39"] == "94"
            again = a.ask({**sent, "t": "0101"})
            assert (again["39"], again["38"]) == (reply["39"], reply["38"])

        @precondition(lambda self: any(h.open for _, _, h in self.sent))
        @rule(data=st.data())
        def reverse(self, data: Any) -> None:
            sent, _, h = data.draw(st.sampled_from([x for x in self.sent if x[2].open]))
            assert a.reverse(sent)["39"] == "00"
            self.model.release(h)

        @precondition(lambda self: any(h.open for _, _, h in self.sent))
        @rule(data=st.data(), part=st.integers(1, 100))
        def clear(self, data: Any, part: int) -> None:
            sent, reply, h = data.draw(st.sampled_from([x for x in self.sent if x[2].open]))
            tiyn = max(1, h.tiyn * part // 100)
            [row] = a.clear(a.row(sent, reply, tiyn)).rows
            assert (row.result, row.settled) == ("matched", tiyn)
            self.model.clear(h, tiyn)

        @rule(days=st.integers(1, 8))
        def wait(self, days: int) -> None:
            a.store.move_clock(a.store.clock.now() + timedelta(days=days))
            self.model.lapse(a.store.clock.now())
            self.prices()

        @invariant()
        def as_the_model(self) -> None:
            found = a.coins()
            assert (found.credits - found.debits, found.debits_held) == (self.model.coins, self.model.locked())
            used = self.model.used.get(kz_day(a.store.clock.now()), 0)
            assert used == 0 or a.left("client_day") == DAY - used
            assert settled(a) - self.before == self.model.settled

    return CardMachine


def settled(a: Acquirer) -> int:
    from salyq.office.ledger import books

    with a.store.transaction() as tx:
        found = books.account(tx, "acquirer/00000123456/KZT")
    return 0 if found is None else int(found.credits) - int(found.debits)


def test_the_card_is_its_model(acquirer: Acquirer) -> None:
    options = settings(
        max_examples=6, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(machine(acquirer), settings=options)
    assert recount(acquirer.store.url, acquirer.store.clock).differences == []


def test_messages_of_another_implementation(acquirer: Acquirer) -> None:
    """Over the wire, as they came; what is answered is read by the fields of the standard."""
    server = CardServer(acquirer.host)
    import threading

    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
            for case in OTHER["messages"]:
                raw = case["message"].encode()
                line.sendall(len(raw).to_bytes(2, "big") + raw)
                head = line.recv(2)
                reply = line.recv(int.from_bytes(head, "big"))
                fields = spec.decode(reply)
                assert fields["39"] == case["answer"], case["what"]
                assert fields["t"][:2] == case["message"][:2]
                assert fields["11"] in case["message"]
    finally:
        server.shutdown()
        server.server_close()
    assert acquirer.left("client_day") == DAY - 100  # the advice alone is still held


@pytest.mark.parametrize("echo", ["0627180510123456301", "0224200936083503002", "0516063439749039301"])
def test_echoes_as_java_and_php_packers_write_them(acquirer: Acquirer, echo: str) -> None:
    fields = spec.decode(f"08008220000000000000040000000000000{'0'}{echo}".encode())
    assert (fields["7"], fields["11"], fields["70"]) == (echo[:10], echo[10:16], echo[16:])
    assert acquirer.ask(fields)["39"] == "00"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.from_regex(rb"0[1248][0-2]0[0-9A-F]{16}[ -~]{0,200}", fullmatch=True))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        fields = spec.decode(raw)
    except spec.FormatError:
        return
    assert fields["t"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["2", "3", "4", "7", "11", "14", "18", "32", "37", "48", "49", "90", "95"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=42) | st.from_regex(r"[0-9]{1,42}"),
        max_size=8,
    ),
    st.sampled_from(["0100", "0101", "0120", "0400", "0420", "0800", "0200", "9999"]),
)
def test_any_fields_are_answered_and_hold_nothing_unasked(acquirer: Acquirer, more: dict[str, str], kind: str) -> None:
    """Whatever stands in the fields, there is one answer; only an approval holds anything."""
    before = acquirer.coins().debits_held
    message = {**acquirer.message(1_000), **more, "t": kind}
    message["37"] = acquirer.message(1)["37"] if "37" not in more else more["37"]
    try:
        read = spec.decode(spec.encode(message)[2:])
    except (spec.FormatError, iso8583.EncodeError):
        return
    [reply] = acquirer.host.handle([read])
    assert len(reply["39"]) == 2
    if reply["39"] not in ("00", "10") or kind in ("0400", "0420"):
        assert acquirer.coins().debits_held <= before
