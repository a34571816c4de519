"""`salyq pilot sandbox`: what whoever runs a contract does, and what he is told where it may not be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from salyq.cli.main import main
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots.scenario import drive
from salyq.office.store.store import Store

NOW = "2026-08-20T12:00:00+05:00"
CARD, CORRIDOR, CITY = "SCENARIO-busy_day-2", "SCENARIO-corridor-2", "SCENARIO-city-2"


@pytest.fixture
def said(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    store.move_clock(datetime(2026, 8, 3, 6, tzinfo=UTC))
    monkeypatch.setenv("SALYQ_DATABASE_URL", store.url)

    def run(*words: str, lang: str = "en") -> tuple[int, str]:
        code = main(["pilot", "sandbox", *words, "--now", NOW, "--lang", lang])
        return code, capsys.readouterr().out

    return run


def run_by(store: Store, gate: Gate, number: str) -> None:
    """Lets a contract have something to tell."""
    name, days = {CARD: ("busy_day", 1), CORRIDOR: ("missing_data", 2), CITY: ("city_month", 6)}[number]
    drive(store, gate, name, seed=2, days=days, rate=4)


def test_a_month_in_three_languages_and_as_json(said: Callable[..., tuple[int, str]], store: Store, gate: Gate) -> None:
    for number in (CARD, CORRIDOR, CITY):
        run_by(store, gate, number)
    for lang, payments in (("kk", "Төлемдер"), ("ru", "Платежи"), ("en", "Payments")):
        code, text = said("show", CARD, lang=lang)
        assert code == 0
        assert payments in text
    for number in (CARD, CORRIDOR, CITY):
        told = json.loads(said("show", number, "--format", "json")[1])
        assert told["this_month"]["payments"] > 0, (number, told["this_month"])
        assert told["state"] == "active"
    assert json.loads(said("show", CARD, "--on", "2026-07-01", "--format", "json")[1])["this_month"]["payments"] == 0
    assert "data was missing" in said("show", CORRIDOR)[1]
    assert said("show", "nobody")[0] == 2


def test_stop_and_resume_have_a_ground(said: Callable[..., tuple[int, str]], store: Store, gate: Gate) -> None:
    run_by(store, gate, CARD)
    assert said("resume", CARD, "--ground", "x")[0] == 3
    assert said("stop", CARD, "--ground", "order 17") == (0, f"{CARD}: stopped (order 17)\n")
    assert said("stop", CARD, "--ground", "order 17")[0] == 3
    assert "order 17" in said("show", CARD)[1]
    assert said("resume", CARD, "--ground", "order 18")[0] == 0


def test_what_stopped_it_must_be_gone(said: Callable[..., tuple[int, str]], store: Store, gate: Gate) -> None:
    run_by(store, gate, CARD)
    assert said("stop", CARD, "--ground", "books_differ")[0] == 0
    with psycopg.connect(store.url, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("update ledger.account set credits = credits + 1 where no = 1")
    assert recount(store.url, store.clock).differences
    code, text = said("resume", CARD, "--ground", "order 18")
    assert code == 3
    assert "salyq ledger recount" in text
    with psycopg.connect(store.url, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("update ledger.account set credits = credits - 1 where no = 1")
    store.move_clock(datetime(2026, 8, 19, tzinfo=UTC))
    assert not recount(store.url, store.clock).differences
    assert said("resume", CARD, "--ground", "order 18")[0] == 0


@pytest.mark.parametrize(("number", "place"), [(CARD, "card/"), (CORRIDOR, "corridor/sender/"), (CITY, "city/")])
def test_the_way_out_lists_what_clients_have(
    said: Callable[..., tuple[int, str]], store: Store, gate: Gate, tmp_path: Path, number: str, place: str
) -> None:
    run_by(store, gate, number)
    file = tmp_path / "out" / "exit.json"
    assert said("exit", number, "--outcome", "extend", "--to", str(file)) == (0, "")
    told = json.loads(file.read_bytes())
    assert (told["state"], told["wind_down"]) == ("active", [])
    told = json.loads(said("exit", number, "--outcome", "end")[1])
    assert told["state"] == "ended"
    assert told["wind_down"]
    assert {row["account"].startswith(place) for row in told["wind_down"]} == {True}
    code, text = said("resume", number, "--ground", "x")
    assert code == 3
    assert "not resumed" in text


def test_the_monitor_has_words_for_what_happened(
    store: Store, gate: Gate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_by(store, gate, CORRIDOR)
    monkeypatch.setenv("SALYQ_DATABASE_URL", store.url)
    for lang, words in (("kk", "дерек"), ("ru", "данн"), ("en", "data was missing")):
        assert main(["pilot", "corridor", "status", "--now", NOW, "--lang", lang]) == 0
        text = capsys.readouterr().out
        assert words in text
        assert "held_for_data" not in text
        assert "\n? " in text
