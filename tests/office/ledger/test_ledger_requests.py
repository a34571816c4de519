"""Every corner of a request, written out: what is answered, and that it is answered again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.office.conftest import START

from salyq.office.ledger.model import Fault, Request
from salyq.office.ledger.reading import Unnamed, read_line, request
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store.clock import FixedClock

OPEN = {
    "request": "open",
    "accounts": [
        {"id": "bank", "asset": "KZT", "code": "bank"},
        {"id": "a1", "asset": "KZT", "code": "client", "limit": "debits_must_not_exceed_credits"},
        {"id": "a2", "asset": "KZT"},
        {"id": "rest", "asset": "KZT", "rounding": True},
        {"id": "coins", "asset": "BTC"},
    ],
}
FUND = {"request": "fund", "transfers": [{"debit": "bank", "credit": "a1", "amount": "1000"}]}


def ask(sequencer: Sequencer, *asked: dict[str, Any]) -> list[str]:
    lines = [read_line(json.dumps(r).encode()) for r in asked]
    assert all(isinstance(line, Request) for line in lines)
    return [a.result.value for a in sequencer.submit([x for x in lines if isinstance(x, Request)])]


def move(amount: object, debit: str = "a1", credit: str = "a2", **more: object) -> dict[str, Any]:
    return {"debit": debit, "credit": credit, "amount": amount, **more}


@pytest.fixture
def begun(sequencer: Sequencer) -> Sequencer:
    assert ask(sequencer, OPEN, FUND) == ["ok", "ok"]
    return sequencer


@pytest.mark.parametrize(
    ("content", "result"),
    [
        ({"transfers": [move("0")]}, "ok"),
        ({"transfers": [move("1000")]}, "ok"),
        ({"transfers": [move("1001")]}, "exceeds_credits"),
        ({"transfers": [move("9" * 1000)]}, "exceeds_credits"),
        ({"transfers": [move("9" * 1000, "bank", "a2")]}, "ok"),
        ({"transfers": [move("9" * 1001, "bank", "a2")]}, "invalid"),
        ({"transfers": [move(5)]}, "invalid"),
        ({"transfers": [move("-5")]}, "invalid"),
        ({"transfers": [move("1.5")]}, "invalid"),
        ({"transfers": [move("1e3")]}, "invalid"),
        ({"transfers": [move("٣")]}, "invalid"),
        ({"transfers": [move(None)]}, "invalid"),
        ({"transfers": [{"debit": "a1", "credit": "a2"}]}, "invalid"),
        ({"transfers": []}, "invalid"),
        ({"transfers": move("1")}, "invalid"),
        ({"transfers": [move("1")], "note": "x"}, "invalid"),
        ({"transfers": [move("1", memo="x")]}, "invalid"),
        ({"transfers": [move("1")], "void": "r1"}, "invalid"),
        ({}, "invalid"),
        ({"transfers": [move("1", "nobody")]}, "account_not_found"),
        ({"transfers": [move("1", "nobody", "nobody")]}, "account_not_found"),
        ({"transfers": [move("1", "a1", "a1")]}, "same_account"),
        ({"transfers": [move("1", "a1", "coins")]}, "different_assets"),
        ({"transfers": [move("1", "bank", "rest")]}, "ok"),
        ({"transfers": [move("2", "bank", "rest")]}, "invalid"),
        ({"transfers": [move("600"), move("600")]}, "exceeds_credits"),
        ({"transfers": [move("600"), move("400", "a2", "a1"), move("600")]}, "ok"),
        ({"transfers": [move("1"), move("1", hold="PT1H")]}, "invalid"),
        ({"transfers": [move("1", hold="PT30M")]}, "ok"),
        ({"transfers": [move("1", hold="PT0S")]}, "invalid"),
        ({"transfers": [move("1", hold="P1M")]}, "invalid"),
        ({"transfers": [move("1", hold="P999999999W")]}, "invalid"),
        ({"transfers": [move("5000", balancing="debit")]}, "ok"),
        ({"post": "fund"}, "hold_not_found"),
        ({"post": "nothing"}, "hold_not_found"),
        ({"post": "r"}, "hold_not_found"),
        ({"void": "fund", "amount": "1"}, "invalid"),
        ({"post": 5}, "invalid"),
        (
            {"accounts": [{"id": "a1", "asset": "KZT", "code": "client", "limit": "debits_must_not_exceed_credits"}]},
            "exists",
        ),
        ({"accounts": [{"id": "a1", "asset": "USD"}]}, "different_content"),
        ({"accounts": [{"id": "a2", "asset": "KZT"}, {"id": "new", "asset": "KZT"}]}, "different_content"),
        ({"accounts": [{"id": "n", "asset": "KZT"}, {"id": "n", "asset": "KZT"}]}, "invalid"),
        ({"accounts": [{"id": "n", "asset": "KZT", "limit": "most"}]}, "invalid"),
        ({"accounts": [{"id": "", "asset": "KZT"}]}, "invalid"),
        ({"accounts": [{"id": "n\u0000", "asset": "KZT"}]}, "invalid"),
        ({"accounts": [{"id": "n"}]}, "invalid"),
        ({"close": ["nobody"]}, "account_not_found"),
        ({"close": []}, "invalid"),
        ({"transfers": [move("1")], "effective": "2026-06-01"}, "invalid"),
        ({"transfers": [move("1")], "effective": "2026-06-01T00:00:00+05:00"}, "ok"),
    ],
)
def test_one_answer_for_ever(begun: Sequencer, content: dict[str, Any], result: str) -> None:
    asked = {"request": "r", **content}
    other = {"request": "r", "transfers": [move("77")]}
    again = "exists" if result == "ok" else result
    assert ask(begun, asked, asked, other, asked) == [result, again, "different_content", again]
    assert ask(begun, asked, other) == [again, "different_content"]


def test_a_refusal_stays_even_when_it_would_pass_now(begun: Sequencer) -> None:
    too_much = {"request": "r", "transfers": [move("1500")]}
    more = {"request": "more", "transfers": [move("900", "bank", "a1")]}
    assert ask(begun, too_much, more, too_much) == ["exceeds_credits", "ok", "exceeds_credits"]
    assert ask(begun, {**too_much, "request": "r2"}) == ["ok"]


def test_holds_count_and_end_once(begun: Sequencer, clock: FixedClock) -> None:
    hold = {"request": "h", "transfers": [move("700", hold="PT30M")]}
    assert ask(begun, hold, {"request": "r", "transfers": [move("301")]}) == ["ok", "exceeds_credits"]
    assert ask(begun, {"request": "p0", "post": "h", "amount": "701"}) == ["exceeds_hold"]
    assert ask(begun, {"request": "p", "post": "h", "amount": "650"}) == ["ok"]
    assert ask(begun, {"request": "v", "void": "h"}, {"request": "p2", "post": "h"}) == ["hold_already_ended"] * 2
    assert ask(begun, {"request": "r2", "transfers": [move("350")]}, {"request": "r3", "transfers": [move("1")]}) == [
        "ok",
        "exceeds_credits",
    ]
    assert ask(begun, hold) == ["exists"]


def test_a_hold_lapses_at_its_moment(begun: Sequencer, clock: FixedClock) -> None:
    from datetime import timedelta

    hold = {"request": "h", "transfers": [move("1000", hold="PT30M")]}
    late = {"request": "late", "transfers": [move("1000", hold="PT60M")]}
    assert ask(begun, hold) == ["ok"]
    clock.move(START + timedelta(minutes=29, seconds=59))
    assert ask(begun, late) == ["exceeds_credits"]
    clock.move(START + timedelta(minutes=30))
    assert ask(begun, {"request": "p", "post": "h"}) == ["hold_already_ended"]
    assert ask(begun, {**late, "request": "late2"}, hold) == ["ok", "exists"]


def test_a_closed_account_lets_go_but_moves_nothing(begun: Sequencer) -> None:
    holds = [{"request": f"h{n}", "transfers": [move("10", hold="PT30M")]} for n in range(2)]
    assert ask(begun, *holds, {"request": "c", "close": ["a1"]}) == ["ok"] * 3
    assert (
        ask(begun, {"request": "t", "transfers": [move("1")]}, {"request": "p", "post": "h0"}) == ["account_closed"] * 2
    )
    assert ask(begun, {"request": "v", "void": "h0"}, {"request": "o", "reopen": ["a1"]}) == ["ok", "ok"]
    assert ask(begun, {"request": "p1", "post": "h1"}, {"request": "t1", "transfers": [move("980")]}) == ["ok", "ok"]


def test_exchange_is_one_chain_through_the_providers_two_accounts(begun: Sequencer) -> None:
    made = [{"id": n, "asset": "BTC"} for n in ("provider.btc", "a1.btc")] + [{"id": "provider.kzt", "asset": "KZT"}]
    legs = [move("900", "a1", "provider.kzt"), move("3", "provider.btc", "a1.btc")]
    too_much = [legs[1], move("101", "a1", "provider.kzt")]
    assert ask(begun, {"request": "m", "accounts": made}, {"request": "fx", "transfers": legs}) == ["ok", "ok"]
    assert ask(begun, {"request": "fx2", "transfers": too_much}) == ["exceeds_credits"]
    assert ask(begun, {"request": "all", "transfers": [move("9", "a1.btc", "coins", balancing="debit")]}) == ["ok"]
    assert begun.submit([request("all", transfers=[move("9", "a1.btc", "coins", balancing="debit")])])[0].moved == 3


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"x", None),
        (b"[]", None),
        (b"{}", None),
        (b"5", None),
        (b'{"request": ""}', ""),
        (b'{"request": 7, "void": "r"}', 7),
        (b'{"request": "a\\nb", "void": "r"}', "a\nb"),
        (b'{"request": "r", "request": "r", "void": "h"}', None),
        (b'{"request": "r1"}{"request": "r2"}', None),
        (b'{"request": "r", "amount": NaN}', None),
        (b"[" * 100_000, None),
        (b'{"request": "r", "void": ' + b"[" * 600 + b"]" * 600 + b"}", None),
        (b'{"request": "r", "void": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}", None),
        (b'{"request": "r", "void": ' + b"[" * 600 + b"]" * 600 + b', "void": "h"}', None),
        (b'{"request": "r\xff"}', None),
        (b'{"request": "\\ud800", "void": "h"}', "\ud800"),
    ],
)
def test_a_line_that_names_no_request(line: bytes, name: object) -> None:
    found = read_line(line)
    assert isinstance(found, Unnamed)
    assert found.request == name


@pytest.mark.parametrize(
    "line",
    [
        b'{"request": "r", "void": "h", "void": "i"}',
        b'{"request": "r", "transfers": [{"debit": "a", "credit": "b", "amount": "1", "amount": "2"}]}',
        b'{"request": "r", "void": "\\ud800"}',
        b'{"request": "r", "amount": 1e400, "post": "h"}',
        b'\xef\xbb\xbf{"request": "r", "void": 5}',
    ],
)
def test_wrong_content_under_a_good_name(line: bytes) -> None:
    found = read_line(line)
    assert isinstance(found, Request)
    assert found.id == "r"
    assert isinstance(found.content, Fault)
    assert found.content.message.text("kk")
    other = read_line(line.replace(b'"r"', b'"r" ', 1))
    assert isinstance(other, Request)
    assert other.digest == found.digest


def test_the_order_of_keys_and_blanks_are_no_content() -> None:
    one = read_line(b'{"request":"r:1","transfers":[{"debit":"a","credit":"b","amount":"1"}]}')
    two = read_line(b' {"transfers" : [{"amount":"1","credit":"b","debit":"a"}], "request":"r:1"}\r\n')
    assert one == two
    assert isinstance(one, Request)
    assert not isinstance(one.content, Fault)
