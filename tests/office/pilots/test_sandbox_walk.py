"""As a payment organisation walks it: applies for the sandbox, gets its contract, signs it with terms, runs a card
under its limits, reports the month, is stopped when the total is used up, and leaves.
"""

from __future__ import annotations

import io
import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.office.conftest import START
from tests.office.pilots.conftest import Acquirer
from tests.office.procedures.test_licence import FIRM, MINER, NBK, NBK_2, Office

from salyq.cli.main import main
from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.pilots.card import accounts as card_accounts
from salyq.office.pilots.card.host import Host
from salyq.office.pilots.corridor import demo as corridor_demo
from salyq.office.pilots.demo import MadeCard, iin, luhn
from salyq.office.pilots.sandbox import contracts, limits, reports
from salyq.office.pilots.sandbox.contracts import Limit
from salyq.office.procedures.effects import written
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

FORM: dict[str, Any] = {
    "contract": "№ 7",
    "until": "2027-06-01",
    "activity": "card",
    "participant_kind": "payment_organisation",
    "legal_form": "llp",
    "payment_provider": "payment_organisation",
    "financial_organisation": False,
    "fits_aims": True,
    "documents_complete": True,
    "clients_limit": 2,
    "client_month_kzt": "3000000",
    "total_kzt": "60000",
    "assets": ["USDT", "BTC"],
}
TERMS = """[terms]
fee_points = 50
quote_seconds = 300
hold = "P7D"

[limits]
payment = "40000.00"
client_day = "50000.00"
"""
NOW = "2026-06-16T12:00:00+05:00"


def granted(office: Office, **change: Any) -> str:
    case = office.take(NBK, office.file("sandbox_contract", MINER, fields={**FORM, **change}), "accept")
    case = office.take(NBK, case, "propose_grant", article="51-5.2")
    found = written(office.take(NBK_2, case, "confirm_grant"))
    assert found is not None
    return str(found["number"])


@pytest.fixture
def walk(store: Store, web: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Office:
    monkeypatch.setenv("SALYQ_DATABASE_URL", store.url)
    (tmp_path / "terms.toml").write_text(TERMS)
    office = Office(web, clock)
    office.on(date(2026, 6, 16))
    store.move_clock(datetime(2026, 6, 16, 7, tzinfo=UTC))  # NOW
    return office


def issued(number: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> list[MadeCard]:
    """Three cards by the documented commands, each with coins; what a command must not take is tried on the way."""

    def card(pan: str, *words: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{pan}\n"))
        return main(["pilot", "card", *words, "--now", NOW, "--lang", "en"])

    assert card("", "quote", "USDT", "520.50", "--source", "Exchange") == 0
    chance, made = random.Random(3), []
    for n in range(3):
        pan, holder = luhn(f"440043{n:09d}"), iin(chance)
        new = ["issue", number, "--holder", holder, "--name", "Made Up", "--until", "2028-12"]
        buy = ["buy", "--holder", holder, "--quantity", "2 000,5", "--paid", "1 041 260,25", "--source", "Exchange"]
        assert card("", *buy, "--trade", "T") == 2  # nobody's
        assert [card(x, *new) for x in (pan[:-1] + str(9 - int(pan[-1])), "44", pan, pan)] == [2, 2, 0, 0]
        wrong = [("--until", "2026-05"), ("--asset", "DOGE"), ("--holder", "123"), ("--name", "Another")]
        assert [card(pan, *new, *x) for x in wrong] == [2, 2, 2, 2]
        assert card(pan, *new[:1], "SB-0", *new[2:]) == 2
        assert [card("", *buy, "--trade", "T"), card("", *buy, "--trade", "T")] == [0, 0]
        assert card("", *buy, "--trade", "T", "--paid", "1") == 2
        no_text = ["T" * 201, " ", "\udcff", "a\x1b[2J"]
        assert [card("", *buy, "--trade", x) for x in no_text] == [2] * 4
        assert [card(pan, *new, "--name", x) for x in no_text] == [2] * 4
        assert [card("", *buy, "--trade", "U", "--quantity", x) for x in ("0", "1" * 40)] == [2, 2]
        with store.transaction() as tx:
            found = card_accounts.card_of(tx, pan)
            assert books.balance(tx, f"card/{holder}/USDT").available == 2_000_500_000
        assert found is not None
        made.append(MadeCard(pan, found))
    return made


def test_from_application_to_exit(
    walk: Office,
    store: Store,
    gate: Gate,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = granted(walk)

    def said(*words: str) -> tuple[int, str]:
        code = main(["pilot", "sandbox", *words, "--now", NOW, "--lang", "en"])
        return code, capsys.readouterr().out

    code, told = said("sign", number, "--terms", str(tmp_path / "terms.toml"))
    assert code == 0
    assert "number of clients: 2" in told
    assert "60,000.00" in told
    assert said("sign", number, "--terms", str(tmp_path / "terms.toml")) == (0, told)  # again, it is as it was
    acquirer = Acquirer(store, gate, Host(store, gate), issued(number, store, monkeypatch), tmp_path)
    with store.transaction() as tx:
        found = contracts.contract(tx, number)
        assert found is not None
        assert (found.participant, found.last_day, found.terms["assets"]) == (FIRM, date(2027, 6, 1), ["USDT", "BTC"])
        assert contracts.state(tx, found, tx.now).name == "active"
    sent, reply = acquirer.pay(4_000_000)
    assert (reply["39"], "51-5.2" in reply["44"]) == ("00", True)  # consumers are told on the slip
    acquirer.clear(acquirer.row(sent, reply, 4_000_000))
    assert (acquirer.pay(4_000_001)[1]["39"], acquirer.pay(1_000_001)[1]["44"]) == ("61", "client_day")
    assert acquirer.pay(1_000_000, 1)[1]["39"] == "00"
    third = acquirer.pay(100, 2)[1]
    assert (third["39"], third["44"]) == ("61", "clients")
    assert acquirer.pay(1_000_001, 1)[1]["44"] == "total"
    sent, reply = acquirer.pay(1_000_000, 1)
    acquirer.clear(acquirer.row(sent, reply, 1_000_000))
    with store.transaction() as tx:
        month = reports.monthly(tx, number, date(2026, 6, 16))
        assert (month["payments"], month["settled_kzt"], month["clients"]) == (2, "50000.00", 3)
        assert {"clients": 1, "client_day": 1, "payment": 1, "total": 1}.items() <= month["refusals"].items()
        assert reports.stop_where_due(tx) == [number]
    assert acquirer.pay(100, 1)[1]["39"] == "57"
    code, told = said("resume", number, "--ground", "order-1")
    assert code == 3
    assert "order-1" not in told
    code, told = said("exit", number, "--outcome", "end")
    left = json.loads(told)
    assert (code, left["state"]) == (0, "ended")
    assert {x["account"].split("/")[1] for x in left["wind_down"]} >= {acquirer.cards[0].card.holder}
    assert "contract" in said("show", number)[1].lower() or code == 0


WRONG: list[tuple[str, str, str]] = [
    ("exchange", TERMS, "card, corridor, city"),
    ("card", TERMS.replace("hold", "holds"), "hold"),
    ("card", TERMS.replace("50\n", "-1\n"), "fee_points"),
    ("card", TERMS + 'total = "60000.01"\n', "60000"),
    ("card", TERMS + 'weekly = "1"\n', "client_day"),
    ("card", TERMS + 'clients = "1.5"\n', "clients"),
    ("card", "[terms", "terms"),
]


def test_what_the_register_does_not_grant_is_not_signed(
    walk: Office, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = {activity: granted(walk, activity=activity) for activity in ("card", "exchange")}
    for activity, file, words in WRONG:
        (tmp_path / "terms.toml").write_text(file)
        for asked in (numbers[activity], "SB-0000-000"):
            code = main(["pilot", "sandbox", "sign", asked, "--terms", str(tmp_path / "terms.toml"), "--lang", "en"])
            told = capsys.readouterr()
            assert (code, told.err.count("\n")) == (2, 1), told.err
            assert asked == "SB-0000-000" or words in told.err, told.err
    with store.transaction() as tx:
        assert contracts.contracts(tx) == []


def test_a_client_is_counted_once_and_asked_anew_when_the_contract_grows(store: Store, gate: Gate) -> None:
    day = START.date()
    one = Limit("clients", 1, "contract", day)
    assert [limits.admit(gate, "C", who, one) for who in ("a", "b", "a", "b")] == [True, False, True, False]
    two = Limit("clients", 2, "contract", date(2026, 7, 1), ((day, 1),))
    assert [limits.admit(gate, "C", who, two) for who in ("a", "b", "c", "b")] == [True, True, False, True]
    assert limits.admit(gate, "C", "anybody", None)
    with store.transaction() as tx:
        assert books.balance(tx, "limit/C/clients").available == 0


def test_the_corridor_and_its_clients(world: Any) -> None:
    from tests.office.pilots.test_corridor import pay

    with world.stores["kz"].transaction() as tx:
        contracts.amend(tx, world.nodes["kz"].contract, "clients", 1, "contract; nbk-law:51-5.2", START.date())
    nobody = pay(world, "nobody", sender=corridor_demo.party("originator", "KZ3", "Аскар"))
    assert (nobody[2][1]["state"], nobody[2][1]["reason"]) == ("rejected", "funds")  # and takes nobody's place
    person = corridor_demo.party("originator", "840802422705", "Асель")
    for account in ("KZ2", "KZ4"):
        corridor_demo.sender(world.gates["kz"], account, 10**9)
    first, other = (pay(world, a, sender={**person, "accountNumber": [a]}) for a in ("KZ1", "KZ2"))  # two of one person
    second = pay(world, "second", sender=corridor_demo.party("originator", "KZ4", "Аскар"))
    assert [x[2][1]["state"] for x in (first, other)] == ["prepared", "prepared"]
    another = corridor_demo.party("originator", iin(random.Random(1)), "Айгүл")
    renamed = pay(world, "renamed", sender={**another, "accountNumber": ["KZ1"]})  # limits would begin anew by name
    assert (renamed[2][1]["state"], renamed[2][1]["reason"]) == ("rejected", "client")
    untold = pay(world, "untold", sender=corridor_demo.party("originator", "KZ1", "Асель"))
    assert untold[2][1]["state"] == "prepared"  # whose it is was told before
    assert (second[2][1]["state"], second[2][1]["reason"]) == ("rejected", "limit:clients")
