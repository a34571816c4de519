"""The card: lots locked by an authorisation, increments, and the register that must allow each operation."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from tests.office.pilots.conftest import Acquirer

import salyq
from salyq.civil.days import kz_day
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import demo, events, jobs, permission
from salyq.office.pilots.card import lots, report, spec
from salyq.office.pilots.card.lots import Lot
from salyq.office.pilots.sandbox import contracts
from salyq.office.portal.verifying import verify_all
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed, write
from salyq.office.store.clock import FixedClock
from salyq.office.store.jobs import run_due
from salyq.office.store.store import Store

DAY = demo.LIMITS["client_day"]


def told(acquirer: Acquirer, number: str, event: str) -> None:
    """The register's keeper writes an event of the participant."""
    with acquirer.store.transaction() as tx:
        who = permission.asked(tx, permission.SANDBOX, number, kz_day(tx.now))
        ground = {"act": "nbk-law", "article": "51-5.6", "authority": "nbk", "text": "made up"}
        subject = Subject(who.subject, who.subject_name)
        write(tx, [Proposed(permission.SANDBOX, number, event, kz_day(tx.now), subject, {"reason": "test"}, ground)])


def test_what_the_register_says_is_asked_before_each_payment(acquirer: Acquirer) -> None:
    number = acquirer.cards[0].card.contract
    sent, reply = acquirer.pay(5_000)
    assert (reply["39"], reply["44"]) == ("00", "NBK special regime 51-5.2")  # the consumer is told
    with acquirer.store.transaction() as tx:
        meant = events.by_id(tx, f"auth/{spec.key(sent)}")
        assert meant is not None
        said = meant.body["allowed_by"]
    assert (said["register"], said["number"], said["status"]) == ("sandbox_participants", number, "active")
    assert said["proof"] == f"/api/v1/log/proof?position={said['entry']}"
    told(acquirer, number, "suspended")
    _, reply = acquirer.pay(5_000)
    assert (reply["39"], reply["44"]) == ("57", "contract_register_suspen"[:25] + "d")
    told(acquirer, number, "resumed")
    assert acquirer.pay(5_000)[1]["39"] == "00"
    told(acquirer, number, "revoked")
    assert acquirer.pay(5_000)[1]["39"] == "57"


def test_each_payment_is_a_sale_of_its_own_however_many_are_cleared_at_once(acquirer: Acquirer, tmp_path: Path) -> None:
    """A clearing file is carried out in an instant; gains and losses of its coffees must not net."""
    paid = [acquirer.pay(tiyn) for tiyn in (50_000, 50_000, 70_000)]
    acquirer.clear(*(acquirer.row(sent, said, int(sent["4"])) for sent, said in paid))
    holder = acquirer.cards[0].card.holder
    with acquirer.store.transaction() as tx:
        year = report.year_of(tx, holder, kz_day(tx.now).year)
    for name, text in report.files(year).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    sold = {report.name_of(x.event) for x in year.lines if x.kind == "sell"}
    assert len(sold) == 3
    assert len({x.event.at for x in year.lines if x.kind == "sell"}) == 1
    case = salyq.read_case(str(tmp_path))
    assert {row["disposal"] for row in salyq.matches(case, year.year)} == sold


def test_an_unregistered_contract_allows_nothing(acquirer: Acquirer) -> None:
    with acquirer.store.transaction() as tx:
        found = contracts.contract(tx, acquirer.cards[0].card.contract)
        assert found is not None
        other = found._replace(id="SB-NOWHERE")
        contracts.sign(tx, other, demo.LIMITS)
        state = contracts.state(tx, other, tx.now)
    assert state.name == "register_none"


def test_spans_of_purchases() -> None:
    bought = [Lot("a", 10, 101), Lot("b", 5, 50), Lot("c", 100, 1_000)]
    assert lots.span(bought, 0, 4) == [("a", 4, 40)]
    assert lots.span(bought, 4, 8) == [("a", 6, 61), ("b", 2, 20)]
    assert lots.span(bought, 12, 4) == [("b", 3, 30), ("c", 1, 10)]
    assert lots.span(bought, 115, 4) == []
    assert sum(x.tiyn for n in range(115) for x in lots.span(bought, n, 1)) == 1_151


def test_an_authorisation_locks_purchases_in_their_order(acquirer: Acquirer) -> None:
    card = acquirer.cards[0].card
    demo.stock(acquirer.store, acquirer.gate, card, 5_000_000, "second")
    with acquirer.store.transaction() as tx:
        first, second = lots.bought(tx, card.holder, card.asset)
    spans = []
    for amount in (100_000, 70_000, 40_000):
        sent, _ = acquirer.pay(amount)
        with acquirer.store.transaction() as tx:
            answer = events.by_id(tx, f"auth/{spec.key(sent)}/answer")
        assert answer is not None
        [[name, units, tiyn]] = answer.body["lots"]
        assert name == first.event
        assert 0 < int(tiyn) < first.tiyn
        spans.append((int(answer.body["lots_from"]), int(units)))
    assert [s for s, _ in spans] == [0, spans[0][1], spans[0][1] + spans[1][1]]
    assert sum(u for _, u in spans) == acquirer.coins().debits_held
    assert second.units > 0


def test_an_increment_is_one_payment_with_what_it_adds_to(acquirer: Acquirer, clock: FixedClock) -> None:
    sent, reply = acquirer.pay(100_000)
    original = f"0100{sent['11']}{sent['7']}{sent['32']:>011}{'0' * 11}"
    more, again = acquirer.pay(40_000, f90=original, f37=sent["37"])
    assert (again["39"], again["38"]) == ("00", reply["38"])
    third, _ = acquirer.pay(10_000, f90=original, f37=sent["37"])
    assert acquirer.left("client_day") == DAY - 150_000
    assert acquirer.reverse(third)["39"] == "00"  # an increment alone
    assert acquirer.left("client_day") == DAY - 140_000
    day = acquirer.clear(acquirer.row(sent, reply, 140_000))
    assert [(r.result, r.settled) for r in day.rows] == [("matched", 140_000)]
    assert (acquirer.coins().debits_held, acquirer.left("client_day")) == (0, DAY - 140_000)
    assert acquirer.pay(1_000, f90=original)[1]["39"] == "25"  # it has ended
    other, _ = acquirer.pay(60_000)
    original = f"0100{other['11']}{other['7']}{other['32']:>011}{'0' * 11}"
    acquirer.pay(20_000, f90=original)
    assert acquirer.pay(5_000, card=1, f90=original)[1]["39"] == "25"  # of another card
    acquirer.reverse(other, 30_000)  # the increment and a part of the first
    assert acquirer.left("client_day") == DAY - 190_000
    acquirer.reverse(other)
    assert (acquirer.coins().debits_held, acquirer.left("client_day")) == (0, DAY - 140_000)
    assert more["37"] == sent["37"]
    assert recount(acquirer.store.url, clock).differences == []


def test_the_clock_watches_contracts_and_makes_the_months_reports(
    acquirer: Acquirer, gate: Gate, store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    number = acquirer.cards[0].card.contract
    sent, reply = acquirer.pay(150_000)
    acquirer.clear(acquirer.row(sent, reply, 150_000))
    with store.transaction() as tx:
        jobs.begin(tx)
        jobs.begin(tx)
    ran = run_due(store, jobs.JOBS, clock.now() + timedelta(days=17))
    hourly, nights = 2, 17  # by the hour after the payment, then once after each night's count
    assert Counter(h.kind for h in ran) == {"pilots.watch": hourly + nights, "pilots.month": 1}
    with store.transaction() as tx:
        kept = events.by_id(tx, f"contract/{number}/report/2026-06")
        assert kept is not None
        assert (kept.body["payments"], kept.body["settled_kzt"]) == (1, "1500.00")
        assert verify_all(tx) is None
        demo.feed(tx, ["USDT", "BTC"], tx.now)
        contracts.amend(tx, number, "total", 160_000, "amendment", kz_day(tx.now))
    assert acquirer.pay(10_000)[1]["39"] == "00"
    with store.transaction() as tx:
        jobs.begin(tx)
    ran = run_due(store, jobs.JOBS, clock.now() + timedelta(hours=1))
    assert ran[0].told == f"ALARM: stopped {number}"
    assert number in caplog.text
