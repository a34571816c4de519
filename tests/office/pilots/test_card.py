"""The card: what a terminal is answered, what is held, sold and given back, and what the books say afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.office.pilots.conftest import Acquirer, programme

from salyq.civil.days import kz_day
from salyq.office.duties import tick
from salyq.office.ledger import seals
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import demo
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.holding import fee_of
from salyq.office.pilots.consequences import consequences, without_holder
from salyq.office.pilots.sandbox import contracts, reports
from salyq.office.pilots.scenario import NAMES, drive
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

DAY = demo.LIMITS["client_day"]


def code(reply: dict[str, str]) -> str:
    return reply["39"]


def test_a_payment_holds_and_clearing_sells(acquirer: Acquirer) -> None:
    before = acquirer.coins()
    sent, reply = acquirer.pay(150_000)
    assert (reply["t"], code(reply), reply["37"], len(reply["38"])) == ("0110", "00", sent["37"], 6)
    held = acquirer.coins().debits_held
    assert held > 0
    assert acquirer.left("client_day") == DAY - 150_000
    day = acquirer.clear(acquirer.row(sent, reply, 150_000))
    (row,) = day.rows
    assert (row.result, row.units, row.fee, row.settled) == ("matched", held, fee_of(150_000, 50), 150_000)
    after = acquirer.coins()
    assert (after.debits_held, after.debits - before.debits) == (0, held)
    assert acquirer.balance("acquirer/00000123456/KZT").credits == 150_000
    assert acquirer.left("client_day") == DAY - 150_000
    assert acquirer.clear(acquirer.row(sent, reply, 150_000)).rows[0].result == "duplicate"
    assert recount(acquirer.store.url, acquirer.store.clock).differences == []


@pytest.mark.parametrize(
    ("more", "answer", "reason"),
    [
        ({"f2": "4400431234567890"}, "14", ""),
        ({"f14": "2001"}, "54", ""),
        ({"f49": "840"}, "57", "currency"),
        ({"f18": "7995"}, "57", "merchant"),
        ({"f4": f"{DAY + 1:012d}"}, "61", "client_day"),
        ({"f4": f"{demo.LIMITS['payment'] + 1:012d}"}, "61", "payment"),
        ({"t": "0110"}, "30", ""),
    ],
)
def test_refusals_have_their_code(acquirer: Acquirer, more: dict[str, str], answer: str, reason: str) -> None:
    _, reply = acquirer.pay(100, **more)
    assert (code(reply), reply.get("44", "")) == (answer, reason)
    assert "38" not in reply
    assert acquirer.coins().debits_held == 0


def test_limits_and_coins_in_any_order(acquirer: Acquirer) -> None:
    assert code(acquirer.pay(DAY - 100)[1]) == "00"
    assert code(acquirer.pay(101)[1]) == "61"
    assert code(acquirer.pay(100)[1]) == "00"
    assert code(acquirer.pay(1)[1]) == "61"
    assert acquirer.left("client_day") == 0


def test_not_enough_coins_and_a_part_of_them(store: Store, gate: Gate, tmp_path: Path) -> None:
    wide = {**demo.LIMITS, "payment": 10**12, "client_day": 10**12, "client_month": 10**12}
    a = programme(store, gate, tmp_path, limits=wide)
    worth = a.coins().available
    assert code(a.pay(200_000_000)[1]) == "51"
    sent, reply = a.pay(200_000_000, f48="61051")
    assert code(reply) == "10"
    assert 0 < int(reply["4"]) < 200_000_000
    assert a.coins().debits_held <= worth
    assert a.coins().available <= 40  # a tiyn is worth about 20 units
    assert a.clear(a.row(sent, reply, int(reply["4"]))).rows[0].result == "matched"


def test_the_same_key_twice(acquirer: Acquirer) -> None:
    sent, reply = acquirer.pay(5_000)
    held = acquirer.coins().debits_held
    assert code(acquirer.ask(sent)) == "94"
    assert code(acquirer.ask({**sent, "4": f"{1:012d}"})) == "94"
    again = acquirer.ask({**sent, "t": "0101"})
    assert (again["t"], again["39"], again["38"]) == ("0110", "00", reply["38"])
    assert acquirer.coins().debits_held == held
    both = acquirer.message(700)
    assert [r["39"] for r in acquirer.host.handle([both, dict(both)])] == ["00", "94"]


def test_reversals_whole_in_part_early_and_late(acquirer: Acquirer) -> None:
    sent, _ = acquirer.pay(100_000)
    held = acquirer.coins().debits_held
    assert code(acquirer.reverse(sent, 40_000)) == "00"
    assert acquirer.left("client_day") == DAY - 60_000
    assert 0 < acquirer.coins().debits_held < held
    assert code(acquirer.reverse(sent)) == "00"
    assert acquirer.coins().debits_held == 0
    assert acquirer.left("client_day") == DAY
    assert code(acquirer.reverse(sent)) == "00"
    other = acquirer.message(3_000)
    assert code(acquirer.reverse(other)) == "25"  # overtook its payment
    assert code(acquirer.ask(other)) == "94"
    assert acquirer.coins().debits_held == 0
    sent, _ = acquirer.pay(100_000)
    replaced = f"{30_000:012d}".ljust(42, "0")
    assert code(acquirer.reverse(sent, f95=replaced)) == "00"
    assert acquirer.left("client_day") == DAY - 30_000


def test_more_and_less_than_held_in_parts_and_forced(acquirer: Acquirer) -> None:
    sent, reply = acquirer.pay(100_000)
    less = acquirer.clear(acquirer.row(sent, reply, 60_000))
    assert less.rows[0].result == "matched"
    assert (acquirer.coins().debits_held, acquirer.left("client_day")) == (0, DAY - 60_000)
    sent, reply = acquirer.pay(100_000)
    parts = [acquirer.row(sent, reply, 30_000, "partial"), acquirer.row(sent, reply, 30_000, "partial")]
    day = acquirer.clear(*parts, acquirer.row(sent, reply, 50_000, "final"))
    assert [r.result for r in day.rows] == ["matched", "matched", "forced"]  # 10,000 more than was held
    assert [r.settled for r in day.rows] == [30_000, 30_000, 50_000]
    assert acquirer.left("client_day") == DAY - 170_000
    unknown = [["NOBODY", "", sent["2"], "5000", "398", "2026-06-16", "Kofe", "5814", "forced"]]
    (row,) = acquirer.clear(*unknown).rows
    assert (row.result, row.settled, row.covered) == ("forced", 5_000, 0)
    assert acquirer.coins().debits_held == 0
    assert recount(acquirer.store.url, acquirer.store.clock).differences == []


def test_forced_beyond_a_limit_is_the_issuers(acquirer: Acquirer) -> None:
    pan = acquirer.cards[0].pan
    before = acquirer.coins()
    (row,) = acquirer.clear(["X", "", pan, str(DAY + 1), "KZT", "2026-06-16", "Shop", "5411", "forced"]).rows
    assert (row.result, row.settled, row.covered, row.units) == ("forced", DAY + 1, DAY + 1, 0)
    assert acquirer.coins() == before
    assert acquirer.left("day") <= demo.LIMITS["day"]


def test_refunds_and_chargebacks_come_in_tenge(acquirer: Acquirer) -> None:
    sent, reply = acquirer.pay(100_000)
    acquirer.clear(acquirer.row(sent, reply, 100_000))
    assert code(acquirer.ask({**acquirer.message(40_000), "3": "200000"})) == "00"
    day = acquirer.clear(acquirer.row(sent, reply, 40_000, "refund"), acquirer.row(sent, reply, 10_000, "chargeback"))
    assert [r.result for r in day.rows] == ["returned", "returned"]
    holder = acquirer.cards[0].card.holder
    assert acquirer.balance(f"card/{holder}/KZT").credits == 50_000


def test_a_hold_expires_and_clearing_after_it_is_forced(acquirer: Acquirer, clock: FixedClock) -> None:
    sent, reply = acquirer.pay(100_000)
    clock.move(clock.now() + timedelta(days=8))
    assert acquirer.coins().debits_held == 0
    (row,) = acquirer.clear(acquirer.row(sent, reply, 100_000)).rows
    assert (row.result, row.settled, row.covered) == ("forced", 100_000, 0)


def test_a_silent_exchange_and_standing_in_for_it(store: Store, gate: Gate, tmp_path: Path, clock: FixedClock) -> None:
    terms = {"stand_in": {"tiyn": 20_000, "seconds": 3600, "points": 300}}
    a = programme(store, gate, tmp_path, terms=terms)
    _, fresh = a.pay(10_000)
    held = a.coins().debits_held
    clock.move(clock.now() + timedelta(minutes=6))
    assert code(fresh) == "00"
    assert a.pay(20_001)[1]["44"] == "quote_stale"
    sent, reply = a.pay(10_000)
    assert code(reply) == "00"
    careful = a.coins().debits_held - held
    assert careful > held
    with store.transaction() as tx:
        demo.feed(tx, ["USDT", "BTC"], clock.now())
    (row,) = a.clear(a.row(sent, reply, 10_000)).rows
    assert row.result == "matched"
    assert row.units < careful
    clock.move(clock.now() + timedelta(hours=2))
    assert code(a.pay(100)[1]) == "91"


def test_a_stopped_contract_refuses_with_its_article(acquirer: Acquirer) -> None:
    number = acquirer.cards[0].card.contract
    with acquirer.store.transaction() as tx:
        contracts.say(tx, number, "stopped", "breach found")
    _, reply = acquirer.pay(100)
    assert (code(reply), reply["44"]) == ("57", "contract_stopped")
    with acquirer.store.transaction() as tx:
        contracts.say(tx, number, "resumed", "cured")
    assert code(acquirer.pay(100)[1]) == "00"


class Crash(Exception):
    """The host's process ended here."""


@pytest.mark.parametrize("kept", [False, True])
def test_a_crash_before_or_after_the_commit(acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    """What moved and what is told of it are kept together: the message that is repeated finds both or neither."""
    sent = acquirer.message(9_000)
    whole = acquirer.gate.send

    def fall(*asked: Any) -> Any:
        if kept:
            whole(*asked).result()
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(acquirer.gate, "send", fall)
        with pytest.raises(Crash):
            acquirer.host.handle([sent])
    with acquirer.store.transaction() as tx:
        told = consequences(tx, f"auth/{spec.key(sent)}")
    assert (told is not None) is kept
    assert acquirer.coins().debits_held == 0 if not kept else told is not None and told["agree"]
    assert code(acquirer.ask({**sent, "t": "0101"})) == "00"
    assert acquirer.left("client_day") == DAY - 9_000
    assert code(acquirer.ask(sent)) == "94"


def test_network_management_and_bad_bytes(acquirer: Acquirer) -> None:
    echo = {"h": "", "t": "0800", "7": "0615060000", "11": "000001", "70": "301"}
    reply = acquirer.ask(echo)
    assert (reply["t"], reply["39"], reply["70"]) == ("0810", "00", "301")
    for raw in (b"", b"0100", b"01" + b"\xff" * 40, b"0100" + b"F" * 16 + b"x"):
        with pytest.raises(spec.FormatError):
            spec.decode(raw)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "year"])
def test_scenarios_leave_right_books(store: Store, gate: Gate, name: str) -> None:
    store.move_clock(datetime(2026, 8, 3, 6, tzinfo=UTC))
    told = drive(store, gate, name, seed=3, days=None, rate=8)
    assert told["differences"] == 0
    answers, cleared = Counter(told["answers"]), told["cleared"]
    expected = {
        "busy_day": (answers.get("00"), cleared.get("matched")) == (8, 8),
        "stale_quotes": (answers.get("00"), answers.get("91")) == (16, 8),
        "double_clearing": (cleared.get("matched"), cleared.get("duplicate")) == (9, 16),
        "forced_posts": cleared == {"forced": 8},
        "over_limit_crowd": answers == {"00": 4, "61": 4},
        "silent_exchange": (answers, cleared) == ({"00": 4, "91": 2}, {"matched": 4}),
        "crash_day": (answers["00"], cleared) == (8, {"matched": 8, "duplicate": 4}) and answers["deaths"] > 0,
        "city_month": answers["invoice"] == 60 and cleared["paid"] > 20 and cleared["already_paid"] > 0,
        "missing_data": answers == {"fulfilled": 7, "rejected data": 1},
    }
    assert expected[name], told
    assert name == "stale_quotes" or told["held_tiyn"] == "0" or answers["00"]


def test_what_followed_from_a_payment_is_what_the_ledger_says(acquirer: Acquirer) -> None:
    sent, reply = acquirer.pay(150_000)
    acquirer.clear(acquirer.row(sent, reply, 60_000, "partial"), acquirer.row(sent, reply, 90_000, "final"))
    with acquirer.store.transaction() as tx:
        early = consequences(tx, f"auth/{spec.key(sent)}")
        assert early is not None
        assert {m["entry"] for m in early["transfers"]} == {None}
        seals.seal(tx)
        told = consequences(tx, f"auth/{spec.key(sent)}")
        assert consequences(tx, "nothing") is None
    assert told is not None
    assert {p["position"] for p in told["proofs"]} == {int(m["position"].split("/")[0]) for m in told["transfers"]}
    assert all(m["entry"] is not None and m["cite"] for m in (*told["transfers"], *told["holds"]))
    assert {m["cite"] for m in told["holds"]} >= {x["cite"] for x in told["limits_used"]}
    assert all("body" not in p for p in without_holder(told)["proofs"])
    assert [h["kind"] for h in told["happened"]][:2] == ["authorisation", "answer"]
    ledger, sales = told["from_ledger"], told["sales"]
    assert sum(Decimal(s["quantity"]) for s in sales) == Decimal(ledger["coins_sold"])
    assert sum(Decimal(s["proceeds_kzt"]) for s in sales) == Decimal(ledger["settled_kzt"]) + Decimal(
        ledger["fees_kzt"]
    )
    assert (ledger["settled_kzt"], ledger["coins_held"]) == ("1500.00", "0")
    assert {x["used_kzt"] for x in told["limits_used"]} == {"1500.00"}
    assert (told["allowed_by"]["state"], told["allowed_by"]["status"]) == ("active", "active")
    assert told["agree"]
    assert [r["verdict"] for r in told["reports"]] == ["no", "no"]


def test_the_month_the_stop_and_the_way_out(store: Store, gate: Gate, tmp_path: Path, clock: FixedClock) -> None:
    a = programme(store, gate, tmp_path, limits={**demo.LIMITS, "total": 200_000})
    sent, reply = a.pay(150_000)
    assert a.pay(50_001)[1]["44"] == "total"
    a.clear(a.row(sent, reply, 150_000))
    number = a.cards[0].card.contract
    with store.transaction() as tx:
        month = reports.monthly(tx, number, kz_day(clock.now()))
        assert (month["payments"], month["settled_kzt"], month["refusals"]) == (1, "1500.00", {"total": 1})
        assert {"limit": "total", "granted_kzt": "2000.00", "left_kzt": "500.00"}.items() <= month["limits"][-1].items()
        assert reports.stop_where_due(tx) == []
    assert a.pay(50_000)[1]["39"] == "00"
    with store.transaction() as tx:
        assert reports.stop_where_due(tx) == [number]
        assert reports.stop_where_due(tx) == []
    assert a.pay(1)[1]["44"] == "contract_stopped"
    with store.transaction() as tx:
        contracts.say(tx, number, "ended", "term")
        way_out = reports.exit_report(tx, number, "end")
    assert way_out["state"] == "ended"
    assert len(way_out["wind_down"]) == 5
    assert set(reports.notice()) == {"kk", "ru", "en"}


def test_a_row_changed_in_the_night_stops_the_contract(acquirer: Acquirer, clock: FixedClock) -> None:
    """Of what only the whole count of the night sees, while nobody pays; samples of the hours around it see nothing,
    and the alarm stands."""
    assert code(acquirer.pay(100)[1]) == "00"
    with psycopg.connect(acquirer.store.url, autocommit=True) as owner:
        owner.execute(b"set session_replication_role = replica")
        assert owner.execute(b"update ledger.open_hold set expires = expires + interval '1 day'").rowcount > 0
    told = [h.told or "" for h in tick(acquirer.store, clock.now() + timedelta(hours=30))]
    number = acquirer.cards[0].card.contract
    assert any(t.startswith("ALARM: the books differ") for t in told)
    assert f"ALARM: stopped {number}" in told
    with acquirer.store.transaction() as tx:
        demo.feed(tx, ["USDT", "BTC"], tx.now)
        assert reports.monthly(tx, number, kz_day(tx.now))["alarms"] > 0
    _, reply = acquirer.pay(100)
    assert (code(reply), reply["44"]) == ("57", "contract_stopped")


def test_a_limit_that_changes_keeps_what_was_used(acquirer: Acquirer) -> None:
    number = acquirer.cards[0].card.contract
    acquirer.pay(100_000)
    today = kz_day(acquirer.store.clock.now())
    with acquirer.store.transaction() as tx:
        contracts.amend(tx, number, "client_day", 120_000, "amendment 1", today)
    assert acquirer.pay(20_001)[1]["44"] == "client_day"
    assert acquirer.pay(20_000)[1]["39"] == "00"
    assert acquirer.pay(1)[1]["39"] == "61"
