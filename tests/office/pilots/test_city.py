"""The city: what law lets be paid on which day, one payment an invoice, both legs or none, and the tax that follows."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from salyq.cli.main import main
from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import consequences as told_by
from salyq.office.pilots import demo as card_demo
from salyq.office.pilots import permission
from salyq.office.pilots.card import report
from salyq.office.pilots.city import accounts, code, demo
from salyq.office.pilots.city.invoices import City, CityRefused, read
from salyq.office.pilots.city.rules import CITY, NATIONAL, NOT_BEGUN, WHOLE, merchant, rules
from salyq.office.pilots.city.statistics import statistics
from salyq.office.pilots.sandbox import contracts
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed, write
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

TERM = (date(2026, 1, 1), date(2029, 1, 1))


class Place:
    """A city on a day of its own."""

    def __init__(self, store: Store, gate: Gate, at: datetime, **more: Any) -> None:
        self.store, self.gate = store, gate
        store.move_clock(at)
        self.shops, self.people = demo.programme(store, gate, days=TERM, **more)
        self.city = City(store, gate, "SB-2026-CITY")

    def at(self, moment: datetime) -> None:
        self.store.move_clock(moment)
        with self.store.transaction() as tx:
            card_demo.feed(tx, ["USDT", "BTC"], tx.now)

    def balance(self, name: str) -> int:
        with self.store.transaction() as tx:
            found = books.balance(tx, name)
            return found.credits - found.debits

    def refused(self, call: Any, *args: Any, **more: Any) -> tuple[str, str]:
        with pytest.raises(CityRefused) as caught:
            call(*args, **more)
        return caught.value.reason, caught.value.cite


@pytest.fixture
def gate(store: Store) -> Iterator[Gate]:
    with Gate(store.url, store.clock) as made:
        yield made


@pytest.fixture
def place(store: Store, gate: Gate) -> Place:
    return Place(store, gate, datetime(2026, 8, 3, 6, tzinfo=UTC))


@pytest.mark.parametrize(
    ("on", "stage", "may"),
    [
        (date(2025, 1, 1), NOT_BEGUN, []),
        (date(2026, 6, 30), NOT_BEGUN, []),
        (date(2026, 7, 1), NATIONAL, ["two_legs"]),
        (date(2026, 12, 31), NATIONAL, ["two_legs"]),
        (date(2027, 1, 1), CITY, ["two_legs"]),
        (date(2027, 6, 30), CITY, ["two_legs"]),
        (date(2027, 7, 1), WHOLE, ["two_legs"]),
    ],
)
def test_law_says_from_which_day(on: date, stage: str, may: list[str]) -> None:
    found = rules(on).told()
    assert (found["stage"], found["may"]) == (stage, may)
    assert bool(found["questions"]) is (stage in (CITY, WHOLE))  # the city's act was not found: never "allowed"
    assert found["cites"]


def test_the_made_up_city_is_made_again_at_any_time_and_a_refusal_names_its_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Store
) -> None:
    """`--demo` again a month later: its payers bought their coins at another price then."""
    monkeypatch.setenv("SALYQ_DATABASE_URL", store.url)
    asked = ["pilot", "city", "invoice", "--demo", "--merchant", "240196413490", "--amount", "1500.00"]
    for now, lang, ended, words in (
        ("2026-06-30T12:00:00+05:00", "en", 3, "has not begun"),
        ("2026-08-03T12:00:00+05:00", "kk", 0, ""),
        ("2027-01-15T12:00:00+05:00", "ru", 0, ""),
    ):
        assert main([*asked, "--now", now, "--lang", lang]) == ended, capsys.readouterr().err
        assert words in capsys.readouterr().err
    stranger = ["pilot", "city", "invoice", "--merchant", "990140000136", "--amount", "1", "--lang", "en"]
    assert main([*stranger, "--now", "2027-01-15T12:00:00+05:00"]) == 3
    assert "286-VIII, art. 38" in capsys.readouterr().err


def test_nothing_before_the_regime(store: Store, gate: Gate) -> None:
    place = Place(store, gate, datetime(2026, 6, 30, 6, tzinfo=UTC))
    shop = place.shops[0].id
    assert place.refused(place.city.invoice, shop, 100, "x", "k") == ("not_begun", "law-286-viii:90")
    place.at(datetime(2026, 7, 1, 6, tzinfo=UTC))
    made = place.city.invoice(shop, 100, "x", "k")
    assert made.state == "open"


def test_two_legs_in_one_request(place: Place) -> None:
    shop, payer = place.shops[0].id, place.people[0]
    made = place.city.invoice(shop, 150_000, "coffee", "k1")
    assert place.city.invoice(shop, 150_000, "coffee", "k1").number == made.number
    assert place.refused(place.city.invoice, shop, 150_001, "coffee", "k1")[0] == "different_content"
    offer = place.city.offer(made.number, "USDT")
    before = place.balance(accounts.wallet(payer, "USDT"))
    paid = place.city.pay(made.number, payer, "USDT", "p1")
    assert (paid.state, place.balance(accounts.merchant(shop))) == ("paid", 150_000)
    assert before - place.balance(accounts.wallet(payer, "USDT")) == offer.units
    assert place.balance(accounts.fees("SB-2026-CITY")) == offer.fee == 600
    assert place.city.pay(made.number, payer, "USDT", "p1").state == "paid"  # asked again: the same answer
    assert place.refused(place.city.pay, made.number, place.people[1], "USDT", "p2")[0] == "already_paid"
    assert place.balance(accounts.merchant(shop)) == 150_000
    with place.store.transaction() as tx:
        told = told_by.consequences(tx, f"city/{made.number}")
        assert told is not None
        assert told["agree"], (told["from_ledger"], told["written"])
        assert told["from_ledger"]["settled_kzt"] == "1500.00"
        year = report.year_of(tx, payer, 2026)
    assert [x.kind for x in year.lines] == ["buy", "sell"]
    assert told["allowed_by"]["city"]["stage"] == NATIONAL
    assert told["allowed_by"]["register"] == permission.SANDBOX
    assert {x["limit"] for x in told["limits_used"]} >= {"client_day", "day", "total"}
    assert recount(place.store.url, place.store.clock).differences == []


def test_two_payers_at_once_pay_it_once(place: Place) -> None:
    shop = place.shops[0].id
    made = place.city.invoice(shop, 90_000, "", "both")
    said: list[str] = []

    def pay(payer: str) -> None:
        try:
            City(place.store, place.gate, "SB-2026-CITY").pay(made.number, payer, "USDT", payer)
            said.append("paid")
        except CityRefused as refused:
            said.append(refused.reason)

    threads = [threading.Thread(target=pay, args=(p,)) for p in place.people[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["already_paid", "paid"]
    assert place.balance(accounts.merchant(shop)) == 90_000


def test_a_crash_after_what_was_meant_is_gone_on_from(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    made = place.city.invoice(place.shops[0].id, 70_000, "", "crash")
    monkeypatch.setattr(place.gate, "ask", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        place.city.pay(made.number, place.people[0], "USDT", "c")
    monkeypatch.undo()
    assert place.city.pay(made.number, place.people[0], "USDT", "c").state == "paid"
    assert place.balance(accounts.merchant(place.shops[0].id)) == 70_000


def test_every_refusal_has_its_reason_and_article(place: Place) -> None:
    shop, payer = place.shops[0].id, place.people[0]
    assert place.refused(place.city.invoice, "240190000000", 100, "", "k") == ("merchant_not_listed", "nbk-law:51-5.2")
    big = place.city.invoice(shop, demo.LIMITS["payment"] + 1, "", "big").number
    assert place.refused(place.city.pay, big, payer, "USDT", "k")[0] == "over_limit"
    near = place.city.invoice(shop, demo.LIMITS["client_day"] + 1, "", "near").number
    why, cite = place.refused(place.city.pay, near, payer, "USDT", "k")
    assert (why, "51-5.2" in cite) == ("over_limit", True)
    small = place.city.invoice(shop, 1_000, "", "small").number
    assert place.refused(place.city.pay, small, payer, "DOGE", "k")[0] == "asset"
    assert place.refused(place.city.pay, small, payer, "BTC", "k")[0] == "not_enough"
    assert place.refused(place.city.pay, small, payer, "USDT", "m", most=1)[0] == "price_moved"
    assert place.refused(place.city.pay, "nothing", payer, "USDT", "k")[0] == "no_invoice"
    place.store.move_clock(place.store.clock.now() + timedelta(minutes=6))
    assert place.refused(place.city.pay, small, payer, "USDT", "s")[0] == "quote_stale"
    place.at(place.store.clock.now() + timedelta(days=2))
    assert place.refused(place.city.pay, small, payer, "USDT", "t")[0] == "invoice_late"
    with place.store.transaction() as tx:
        contracts.say(tx, "SB-2026-CITY", "stopped", "test")
    assert place.refused(place.city.invoice, shop, 100, "", "z")[0] == "contract_not_active"
    with place.store.transaction() as tx:
        found = statistics(tx)
    assert found["months"][0]["invoices"] == 3
    assert {"over_limit", "merchant_not_listed", "price_moved", "not_enough"} <= set(found["refusals"])


def test_the_number_of_payers_is_a_limit(place: Place) -> None:
    """Counted once, when somebody pays; who asks for more than he has, or has nothing, takes nobody's place."""
    shop, (first, second) = place.shops[0].id, place.people[:2]
    today = date(2026, 8, 3)
    with place.store.transaction() as tx:
        contracts.amend(tx, "SB-2026-CITY", "clients", 1, "contract; nbk-law:51-5.2", today)

    def pay(payer: str, asset: str, key: str) -> str:
        return place.city.pay(place.city.invoice(shop, 1_000, "", key).number, payer, asset, key).state

    for payer, asset in ((second, "BTC"), ("990000000000", "USDT")):
        assert place.refused(pay, payer, asset, f"poor {payer}")[0] == "not_enough"
    assert [pay(first, "USDT", key) for key in ("a", "b")] == ["paid", "paid"]
    before = place.balance(accounts.wallet(second, "USDT"))
    assert place.refused(pay, second, "USDT", "c") == ("over_limit", "contract; nbk-law:51-5.2")
    assert place.balance(accounts.wallet(second, "USDT")) == before
    with place.store.transaction() as tx:
        contracts.amend(tx, "SB-2026-CITY", "clients", 2, "amendment; nbk-law:51-5.2", today)
    assert pay(second, "USDT", "d") == "paid"
    assert recount(place.store.url, place.store.clock).differences == []


def test_from_2027_the_citys_registers_decide(place: Place) -> None:
    shops = place.shops
    place.at(datetime(2027, 1, 4, 6, tzinfo=UTC))
    made = place.refused(place.city.invoice, shops[0].id, 100, "", "a")
    assert made == ("not_a_resident", "law-286-viii:38")
    with place.store.transaction() as tx:
        demo.admit(tx, shops[:1], licence=False)
    assert place.refused(place.city.invoice, shops[0].id, 100, "", "b") == ("no_business_licence", "law-286-viii:39")
    with place.store.transaction() as tx:
        demo.admit(tx, shops[1:2])
        contract = contracts.contract(tx, "SB-2026-CITY")
        assert contract is not None
        said = merchant(tx, contract, shops[1].id, date(2027, 1, 4))
    assert [(p.register, p.status) for p in said.said] == [("city_permits", "active"), ("city_residents", "active")]
    number = place.city.invoice(shops[1].id, 5_000, "", "c").number
    number_2 = place.city.invoice(shops[1].id, 5_000, "", "d").number
    assert place.city.pay(number, place.people[0], "USDT", "k").state == "paid"
    with place.store.transaction() as tx:  # the licence is suspended between invoice and payment
        permit = said.said[0].number
        ground = {"act": "law-286-viii", "article": "39", "authority": "alatau"}
        subject = Subject(shops[1].id, shops[1].name)
        write(tx, [Proposed(permission.CITY_PERMITS, permit, "suspended", date(2027, 1, 4), subject, {}, ground)])
    assert place.refused(place.city.pay, number_2, place.people[0], "USDT", "k")[0] == "no_business_licence"


def test_individuals_from_before_have_a_transition(store: Store, gate: Gate) -> None:
    place = Place(store, gate, datetime(2027, 3, 1, 6, tzinfo=UTC))
    listed = {"id": "840802422705", "name": "x", "kind": "individual", "started": "2026-09-01"}
    with store.transaction() as tx:
        contract = contracts.contract(tx, "SB-2026-CITY")
        assert contract is not None
        contract = contract._replace(terms={**contract.terms, "merchants": [listed]})
        found = merchant(tx, contract, listed["id"], date(2027, 3, 1))
        assert (found.why, found.cite, found.until) == ("", "law-286-viii:85", date(2029, 1, 1))
        assert merchant(tx, contract, listed["id"], date(2029, 1, 2)).why == "not_a_resident"
        late = contract._replace(terms={**contract.terms, "merchants": [{**listed, "started": "2027-02-01"}]})
        assert merchant(tx, late, listed["id"], date(2027, 3, 1)).why == "not_a_resident"
    assert place.shops


def test_a_provider_that_lost_its_licence(store: Store, gate: Gate) -> None:
    exchange = {"register": "exchange_operators", "number": "NONE-1"}
    place = Place(store, gate, datetime(2026, 8, 3, 6, tzinfo=UTC), exchange=exchange)
    assert place.refused(place.city.invoice, place.shops[0].id, 100, "", "a")[0] == "provider_not_licensed"


def test_the_code_of_an_invoice(place: Place) -> None:
    made = place.city.invoice(place.shops[0].id, 123_456, "", "qr")
    assert made.payload().startswith(f"salyq:city/{made.number}?to={place.shops[0].id}&amount=1234.56&currency=KZT")
    drawn = code.svg(made.payload())
    assert drawn.startswith("<svg")
    assert 'class="qr"' in drawn
    assert len(code.blocks(made.payload()).splitlines()) > 10


def test_commands(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def salyq(*args: str) -> tuple[int, str, str]:
        code_ = main(["pilot", "city", *args, "--lang", "en"])
        told = capsys.readouterr()
        return code_, told.out, told.err

    office = ["--now", "2026-08-03T12:00:00+05:00", "--data", str(home)]
    code_, _, err = salyq("invoice", "--demo", "--merchant", "240190000000", "--amount", "1500.00", *office)
    assert (code_, "not on the contract's list" in err) == (3, True)
    shop, payer = err.split()[0], err.split("payers: ")[1].split(",")[0]
    args = ["--demo", "--merchant", shop, "--amount", "1500.00", "--for", "coffee", "--to", str(home / "qr.svg")]
    code_, out, err = salyq("invoice", *args, "--format", "json", *office)
    assert code_ == 0, err
    number = json.loads(out)["number"]
    assert (home / "qr.svg").read_text().startswith("<svg")
    code_, out, err = salyq("pay", number, "--payer", payer, *office)
    assert (code_, "1500.00" in out) == (0, True), err
    assert salyq("pay", number, "--payer", payer, "--key", "other", *office)[0] == 3
    status = json.loads(salyq("status", "--format", "json", *office)[1])
    assert status["months"][0]["paid"] == 1
    assert "paid" in salyq("status", *office)[1].lower()
    assert "2027-01-01" in salyq("rules", "--on", "2026-08-01")[1]


# --- a model ----------------------------------------------------------------------------------------------------------


class PlainCity:
    """What the city must do, in a few lines of plain Python."""

    def __init__(self, coins: dict[str, int], day_limit: int) -> None:
        self.coins, self.day_limit = coins, day_limit
        self.invoices: dict[str, tuple[str, int]] = {}
        self.paid: dict[str, str] = {}
        self.tills: dict[str, int] = {}
        self.used: dict[str, int] = {}

    def pay(self, number: str, payer: str, units: int) -> str:
        shop, tiyn = self.invoices[number]
        if number in self.paid:
            return "already_paid"
        if self.used.get(payer, 0) + tiyn > self.day_limit:
            return "over_limit"
        if units > self.coins[payer]:
            return "not_enough"
        self.coins[payer] -= units
        self.used[payer] = self.used.get(payer, 0) + tiyn
        self.tills[shop] = self.tills.get(shop, 0) + tiyn
        self.paid[number] = payer
        return "paid"


def machine(place: Place) -> type[RuleBasedStateMachine]:
    class CityMachine(RuleBasedStateMachine):
        runs = 0

        def __init__(self) -> None:
            super().__init__()
            CityMachine.runs += 1
            self.tag = f"m{CityMachine.runs}"
            place.at(place.store.clock.now() + timedelta(days=1))
            people = place.people[:2]
            self.start = {s.id: place_till(place, s.id) for s in place.shops}
            coins = {p: place.balance(accounts.wallet(p, "USDT")) for p in people}
            self.model = PlainCity(coins, demo.LIMITS["client_day"])
            self.count = 0

        @rule(shop=st.integers(0, 2), tiyn=st.integers(1, 20_000_000))
        def invoice(self, shop: int, tiyn: int) -> None:
            self.count += 1
            number = place.city.invoice(place.shops[shop].id, tiyn, "", f"{self.tag}/{self.count}").number
            self.model.invoices[number] = (place.shops[shop].id, tiyn)

        @precondition(lambda self: self.model.invoices)
        @rule(data=st.data(), who=st.integers(0, 1))
        def pay(self, data: Any, who: int) -> None:
            number = data.draw(st.sampled_from(sorted(self.model.invoices)))
            payer, again = place.people[who], number in self.model.paid
            units = 0 if again else place.city.offer(number, "USDT").units
            expected = self.model.pay(number, payer, units)
            self.count += 1
            try:
                said = place.city.pay(number, payer, "USDT", f"{self.tag}/{self.count}").state
            except CityRefused as refused:
                said = refused.reason
            assert said == expected

        @invariant()
        def books_are_the_model(self) -> None:
            for payer, units in self.model.coins.items():
                assert place.balance(accounts.wallet(payer, "USDT")) == units
            for shop, tiyn in self.model.tills.items():
                assert place.balance(accounts.merchant(shop)) - self.start[shop] == tiyn
            with place.store.transaction() as tx:
                for number in self.model.invoices:
                    found = read(tx, number)
                    assert found is not None
                    assert (found.state == "paid") is (number in self.model.paid)

    return CityMachine


def place_till(place: Place, shop: str) -> int:
    with place.store.transaction() as tx:
        found = books.account(tx, accounts.merchant(shop))
    return 0 if found is None else int(found.credits) - int(found.debits)


def test_the_city_is_its_model(place: Place, clock: FixedClock) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    made = machine(place)
    options = settings(
        max_examples=5, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(made, settings=options)
    assert recount(place.store.url, clock).differences == []
