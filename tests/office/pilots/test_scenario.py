"""A scenario by the machine's clock: time passes in it all the same, or it is refused."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.office.ledger.test_ledger_guards import fill

from salyq.cli.main import main
from salyq.office.ledger.gate import Gate
from salyq.office.pilots import demo, events, reasons, showing
from salyq.office.pilots.card import spec
from salyq.office.pilots.corridor import demo as corridor
from salyq.office.pilots.corridor.pair import pair
from salyq.office.pilots.sandbox import reports
from salyq.office.pilots.scenario import NAMES, clock_for, drive
from salyq.office.store.clock import FixedClock, SystemClock
from salyq.office.store.store import Store

ABROAD = dict.fromkeys(("quoted", "prepared", "held_for_data", "fulfilled", "settled", "expired time", "rejected"), 1)
ABROAD |= {f"rejected {cause}": 1 for cause in (*reasons.CAUSES, "limit:clients")}


def driven(store: Store, name: str, *, rate: int = 6, days: int | None = None) -> dict[str, Any]:
    clock = clock_for(store, name, days)
    assert clock is not None
    store.clock = clock
    with Gate(store.url, clock) as gate:
        return drive(store, gate, name, seed=4, days=days, rate=rate)


def test_time_passes_up_to_now_where_the_books_are_empty(store: Store) -> None:
    store.clock = SystemClock()
    told = driven(store, "stale_quotes")
    assert told["answers"] == {spec.APPROVED: 12, spec.SILENT: 6}
    now = SystemClock().now()
    assert now - timedelta(minutes=5) < store.clock.now() <= now


def test_a_made_up_office_goes_ahead_of_now_and_on_from_there(store: Store) -> None:
    store.clock = SystemClock()
    with store.transaction() as tx:
        tx.run(b"insert into store.fact (name, value) values ('made_up', 'true')")
    driven(store, "busy_day")  # the last thing recorded is now
    was = SystemClock().now()
    store.clock = SystemClock()
    told = driven(store, "silent_exchange")
    assert told["answers"] == {spec.APPROVED: 4, spec.SILENT: 2}
    assert store.clock.now() > was + timedelta(minutes=19)
    store.clock = SystemClock()
    assert driven(store, "silent_exchange")["differences"] == 0  # the same seed again, coins bought at another price


def test_the_books_of_somebody_are_not_moved_ahead(store: Store, gate: Gate) -> None:
    fill(gate)
    store.clock = SystemClock()
    assert clock_for(store, "stale_quotes", None) is None
    assert clock_for(store, "year", None) is None
    assert clock_for(store, "busy_day", 2) is None
    for name in ("busy_day", "forced_posts", "over_limit_crowd"):
        assert clock_for(store, name, None) is store.clock
    store.clock = FixedClock(SystemClock().now())
    assert clock_for(store, "year", None) is store.clock


def test_a_corridor_leaves_the_payments_of_another_contract_alone(store: Store, gate: Gate) -> None:
    corridor.origin(store, gate, number="SB-1", key="one")
    corridor.sender(gate, corridor.SENDER, 10**12)
    with pair(store, gate, "SB-1", "one") as nodes:
        pid, _ = showing.send(nodes, "theirs", 5_000_000, how="no data")
        told = drive(store, gate, "missing_data", seed=5, days=1, rate=3)
        assert told["answers"] == {"fulfilled": 3}
        assert nodes.kz.payment(pid) is not None
        assert nodes.kz.payment(pid).state == "held_for_data"  # type: ignore[union-attr]
        nodes.run_due()  # its own node ends it: the scenario let two days pass
        assert nodes.kz.payment(pid).state == "rejected"  # type: ignore[union-attr]


@pytest.mark.parametrize(("name", "number"), [("missing_data", "corridor"), ("city_month", "city")])
def test_the_months_report_counts_the_corridor_and_the_city(store: Store, gate: Gate, name: str, number: str) -> None:
    store.move_clock(datetime(2026, 8, 3, 6, tzinfo=UTC))
    told = drive(store, gate, name, seed=6, days=3, rate=12)
    with store.transaction() as tx:
        month = reports.monthly(tx, f"SCENARIO-{number}-6", date(2026, 8, 3))
    answers, cleared = Counter(told["answers"]), Counter(told["cleared"])
    paid = answers["fulfilled"] if number == "corridor" else cleared["paid"]
    assert month["payments"] == paid > 0
    settled = Decimal(told["settled_tiyn"]).scaleb(-2)
    assert Decimal(month["settled_kzt"]) == settled
    assert Decimal(month["fees_kzt"]) > 0
    assert month["clients"] >= 1
    refused = {"data": answers["rejected data"]} if number == "corridor" else {**cleared, "paid": 0}
    assert month["refusals"] == {k: v for k, v in refused.items() if v}


def test_what_the_issuer_paid_for_nobodys_rows_is_paid_to_the_acquirer(store: Store, gate: Gate) -> None:
    store.move_clock(datetime(2026, 8, 3, 6, tzinfo=UTC))
    told = drive(store, gate, "forced_posts", seed=7, days=1, rate=5)  # the fifth is above the limit of a day
    assert told["cleared"] == {"forced": 5}
    assert int(told["settled_tiyn"]) == 4 * 100_000 + 0 + 1 + 2 + 3 + demo.LIMITS["client_day"] + 1


def test_an_event_names_a_contract_that_is_there(store: Store) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation), store.transaction() as tx:
        events.add(tx, [events.New("x", "card", "bought", "wallet/x", tx.now, {}, contract="nowhere")])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_scenario_is_told_in_words(
    name: str, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Store
) -> None:
    """No code of ours without its words: each answer that a scenario may count is one of these."""
    told = {
        "contract": "C", "from": "2026-06-15T06:00:00+00:00", "until": "2026-06-15T06:00:00+00:00",
        "settled_tiyn": "1", "held_tiyn": "0", "differences": 0, "holders": ["123"],
    }  # fmt: skip
    card = dict.fromkeys((*spec.WORDS, "deaths"), 1)
    answers = {"city_month": {"invoice": 1, **dict.fromkeys(reasons.CITY, 1)}, "missing_data": ABROAD}.get(name, card)
    cleared = {"city_month": {"paid": 1, **dict.fromkeys(reasons.CITY, 1)}, "missing_data": {}}.get(
        name, dict.fromkeys(reasons.CLEARED, 1)
    )
    monkeypatch.setenv("SALYQ_DATABASE_URL", store.url)
    monkeypatch.setattr(
        "salyq.office.pilots.scenario.drive", lambda *_: {**told, "answers": answers, "cleared": cleared}
    )
    assert main(["pilot", "scenario", name, "--seed", "1", "--lang", lang, "--now", "2026-08-03T12:00:00+05:00"]) == 0
    page = capsys.readouterr().out.split("\n", 1)[1]  # the first line names the scenario
    assert re.findall(r"[a-z]+_[a-z_]+|deaths", page) == []
    if lang != "en":
        assert re.findall(r"\b[a-z]{2,}\b", page) == []
    assert "123" in page
