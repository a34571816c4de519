"""A bank's key is bound to the payments that it may send, and the monitor says what waits for the other side."""

from __future__ import annotations

import csv
import json
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient
from tests.office.pilots.corridor_world import World, books_agree, secret
from tests.office.pilots.test_corridor import pay
from tests.office.pilots.test_corridor_liars import lying

from salyq.civil.days import kz_day
from salyq.civil.errors import InputError
from salyq.cli.main import main
from salyq.office.ledger import books
from salyq.office.ledger.recount import recount
from salyq.office.pilots.corridor import accounts, demo, keys, signing
from salyq.office.pilots.corridor.banks import Bank
from salyq.office.pilots.corridor.destination import Destination
from salyq.office.pilots.corridor.monitor import monitor
from salyq.office.pilots.corridor.node import LostError
from salyq.office.pilots.corridor.web import application

A, B = Bank("bank-a", ("KZ??125*", "AE1*")), Bank("bank-b", ("KZ??601*", "AE2*"))
SENDERS = {"bank-a": "KZ10125000000001", "bank-b": "KZ10601000000002"}
KNOWN = keys.Known(
    {name: keys.made_up(name).verify_key for name in ("kz", "abroad", "bank-a", "bank-b", "nobody")},
    {b.name: b for b in (A, B)},
)
NAME, ADDRESS = {"primaryIdentifier": "Аскаров"}, {"addressType": "HOME", "country": "KZ"}


class Speaks:
    """Somebody with a key, who asks a node over HTTP."""

    def __init__(self, world: World, side: str, name: str) -> None:
        self.world, self.name = world, name
        other = "abroad" if side == "kz" else "kz"
        self.client = TestClient(application(world.nodes[side], KNOWN, other))

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        raw = b"" if body is None else json.dumps(body).encode()
        now = self.world.clock.now()
        headers = signing.sign(keys.made_up(self.name), self.name, method, path, raw, now)
        said = self.client.request(method, path, content=raw, headers=headers)
        return said.status_code, said.json()

    def quote(self, key: str) -> str:
        asked = {"send_asset": "KZT", "receive_asset": "AED", "send_amount": "5000000", "key": key}
        return str(self.ask("POST", "/quotes", asked)[1]["quote"])


def order(quote: str, sender: str, **more: Any) -> dict[str, Any]:
    parties = {"sender": demo.party("originator", sender, "Аскар"), "receiver": demo.party("beneficiary", "AE1", "N")}
    return {"quote": quote, "condition": secret(quote)[1], **parties, **more}


def used(world: World) -> list[tuple[str, int, int]]:
    with world.stores["kz"].transaction() as tx:
        return [(a.id, int(a.debits), int(a.debits_held)) for a in books.accounts(tx, "corridor/sender/")]


def test_a_bank_sends_for_its_own_customers_in_its_own_name(world: World) -> None:
    for number in SENDERS.values():
        demo.sender(world.gates["kz"], number, 10**9)
    a, b = Speaks(world, "kz", "bank-a"), Speaks(world, "kz", "bank-b")
    before, quote, others = used(world), a.quote("mine"), b.quote("theirs")
    attacks = [
        (order(quote, SENDERS["bank-b"]), "sender.accountNumber"),
        (order(quote, ""), "sender.accountNumber"),
        (order(quote, SENDERS["bank-a"], debtor_agent="bank-b"), "debtor_agent"),
        (order(quote, SENDERS["bank-a"], debtor_agent=["bank-a"]), "debtor_agent"),
        (order(others, SENDERS["bank-a"]), "quote"),
    ]
    for asked, field in attacks:
        status, told = a.ask("POST", "/payments", asked)
        assert (status, told["code"], told["field"]) == (403, "other_bank", field)
    for name in ("nobody", "abroad"):  # a key without accounts; the other node, which may spend nobody's money here
        status, told = Speaks(world, "kz", name).ask("POST", "/payments", order(quote, SENDERS["bank-a"]))
        assert (status, told["code"]) == (403, "bank_only" if name == "abroad" else "other_bank")
    assert used(world) == before
    status, told = a.ask("POST", "/payments", order(quote, SENDERS["bank-a"], debtor_agent="bank-a"))
    assert (status, told["state"]) == (200, "prepared")
    xml = ET.fromstring(told["messages"][0]["xml"])
    assert xml.findtext(".//{*}DbtrAgt//{*}Id") == "bank-a"
    with_same = b.ask("POST", "/payments", order(quote, SENDERS["bank-a"], debtor_agent="bank-a"))
    assert with_same[0] == 403


def test_a_payment_is_its_banks_alone(world: World) -> None:
    demo.sender(world.gates["kz"], SENDERS["bank-a"], 10**9)
    a = Speaks(world, "kz", "bank-a")
    status, told = a.ask("POST", "/payments", order(a.quote("one"), SENDERS["bank-a"]))
    assert (status, told["state"]) == (200, "prepared")
    path = f"/payments/{told['payment']}"
    fulfilment = secret(told["payment"][1:])[0]
    for side in ("kz", "abroad"):
        stranger = Speaks(world, side, "bank-b")
        for method, rest, body in (
            ("GET", "", None),
            ("POST", "/reject", {"reason": "asked"}),
            ("POST", "/fulfil", {"fulfilment": fulfilment}),
            ("POST", "/data", {"receiver": demo.party("beneficiary", "AE2", "B")}),
        ):
            status, said = stranger.ask(method, path + rest, body)
            assert (status, said["code"]) in ((403, "other_bank"), (403, "peer_only")), (side, rest)
        assert stranger.ask("POST", "/payments/p0/reject", {"reason": "x"})[1]["code"] == "payment_not_found"
    world.ask("abroad", "POST", "/payments/p1/reject", {"reason": "first"}, peer=True)  # before it came, if ever
    assert Speaks(world, "abroad", "bank-a").ask("GET", "/payments/p1")[0] == 404
    assert Speaks(world, "abroad", "bank-a").ask("GET", path)[1]["state"] == "prepared"  # the receiver's bank
    assert a.ask("POST", f"{path}/fulfil", {"fulfilment": fulfilment})[1]["state"] == "fulfilled"
    books_agree(world)


def test_an_account_number_that_no_message_carries_whole_is_refused(world: World) -> None:
    for number in ("A" * 35, "A" * 600, "A/B", "A\nB", "\u202eA", "é"):
        for who, role in (("sender", "originator"), ("receiver", "beneficiary")):
            party = demo.party(role, number, "A")
            _, _, (status, told) = pay(world, f"{who}{number}", **{who: party})
            assert (status, told["code"], told["field"]) == (422, "field_wrong", f"{who}.accountNumber")
            reply = world.ask("abroad", "POST", "/payments", {"payment": "p1", "quote": "q", who: party}, peer=True)
            assert reply is not None
            assert (reply[0], reply[1]["field"]) == (422, f"{who}.accountNumber")
    assert used(world) == [("corridor/sender/KZ1/KZT", 0, 0)]


KEY = bytes(keys.made_up("x").verify_key).hex()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (f'abroad = "{KEY}"\n[b]\nkey = "{KEY}"\naccounts = ["KZ??125*"]\n', ""),
        (f'abroad = "{KEY}"\nb = "{KEY}"\n', "corridor_bank_accounts"),
        (f'[b]\nkey = "{KEY}"\naccounts = []\n', "corridor_bank_accounts"),
        (f'[b]\nkey = "{KEY}"\naccounts = "KZ*"\n', "corridor_bank_accounts"),
        ('[b]\nkey = "00"\naccounts = ["KZ*"]\n', "corridor_key_wrong"),
        ('[b]\naccounts = ["KZ*"]\n', "corridor_key_wrong"),
        ("abroad = 5\n", "corridor_key_wrong"),
        ('[abroad]\nkey = "x"\n', "corridor_key_wrong"),
        ("abroad = \n", "person_not_toml"),
    ],
)
def test_a_file_of_keys_names_what_each_bank_keeps(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / keys.KNOWN_FILE).write_text(text)
    if wrong:
        with pytest.raises(InputError) as error:
            keys.known(tmp_path)
        assert error.value.message.code == wrong
        assert error.value.line == 1 if wrong == "person_not_toml" else error.value.column in ("abroad", "b")
    else:
        assert keys.known(tmp_path).bank("b") == Bank("b", ("KZ??125*",))


def test_the_monitor_says_what_waits_for_the_other_side(world: World) -> None:
    node: Any = world.nodes["kz"]
    pid, fulfilment, _ = pay(world, "waits")
    world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})

    def told() -> dict[str, Any]:
        with world.stores["kz"].transaction() as tx:
            return monitor(tx)

    with lying(world, "kz", None), pytest.raises(LostError):
        node.settle_window("20261129T0100")
    found = told()
    assert ([w["settled_at"] for w in found["windows"]], found["waiting"]["payments"]) == ([""], 0)
    second = pay(world, "silent")[0]
    assert (told()["waiting"]["payments"], told()["waiting"]["peer_silent"]) == (1, False)
    with lying(world, "kz", None):
        world.move(minutes=61)
        world.round("kz")
        assert told()["waiting"]["peer_silent"]
    world.round("abroad")
    world.round("kz")
    assert world.payment("kz", second).state == "expired"  # type: ignore[union-attr]
    node.settle_window("20261129T0101")
    found = told()
    assert (found["waiting"]["payments"], found["windows"][0]["settled_at"] != "") == (0, True)


# --- the year's files -------------------------------------------------------------------------------------------------


def test_a_year_of_the_corridor_is_read_by_carf_and_asked_of_law(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tiyn under the threshold, on it, refused, and not fulfilled in the year."""
    made = []
    for seed, tiyn, how in (
        ("under", 499_999_999, "fulfil"),
        ("on", 500_000_000, "fulfil"),
        ("refused", 500_000_000, "reject"),
    ):
        demo.sender(world.gates["kz"], f"KZ-{seed}", 10**10)
        sender = demo.party("originator", f"KZ-{seed}", "Аскар")
        sender["originatorPersons"][0]["naturalPerson"] |= {
            "name": {"nameIdentifier": [{**NAME, "secondaryIdentifier": "Аскар", "nameIdentifierType": "LEGL"}]},
            "geographicAddress": [{**ADDRESS, "townName": "Almaty", "streetName": "=Abai()", "buildingNumber": "1"}],
            "countryOfResidence": "KZ",
            "nationalIdentification": {"nationalIdentifier": "840802422705", "nationalIdentifierType": "IDCD"},
            "dateAndPlaceOfBirth": {"dateOfBirth": "1990-01-31", "placeOfBirth": "Almaty"},
        }
        pid, fulfilment, (_, told) = pay(world, seed, amount=tiyn, sender=sender)
        assert told["state"] == "prepared", told
        world.ask("kz", "POST", f"/payments/{pid}/{how}", {"fulfilment": fulfilment})
        made.append((pid, told))
    monkeypatch.setenv("SALYQ_DATABASE_URL", world.stores["kz"].url)
    asked = ["pilot", "corridor", "report", "--to", str(tmp_path), "--lang", "en", "--year"]
    year = kz_day(world.clock.now()).year
    assert main([*asked, str(year)]) == 0
    rows = list(csv.DictReader((tmp_path / "carf.csv").open(encoding="utf-8")))
    assert [(r["user"], r["kind"], r["amount"]) for r in rows] == [
        (f"KZ-{seed}", kind, amount)
        for seed, amount in (("under", "4984999.99"), ("on", "4985000.00"))
        for kind in ("crypto_fiat_in", "transfer_out")
    ]
    assert rows[2]["units"].replace(".", "").lstrip("0") == made[1][1]["leg_amount"]
    assert "'=Abai() 1" in (tmp_path / "users.csv").read_text()  # runs in no spreadsheet
    told = json.loads((tmp_path / "reports.json").read_text())
    assert [r["event"] for r in told["reports"]] == [f"corridor/{made[1][0]}/done"]
    assert (told["payments"], told["unknown"], bool(told["reports"][0]["due"])) == (2, [], True)
    capsys.readouterr()
    (tmp_path / "rcasp.toml").write_text('name = "Made up"\ntin = "990140000136"\ncountry = "KZ"\ncity = "Almaty"\n')
    files = ["--users", "users.csv", "--operations", "carf.csv", "--rcasp", "rcasp.toml"]
    files = [x if x.startswith("--") else str(tmp_path / x) for x in files]
    message = ["carf", "build", *files, "--period", str(year), "--transmitting", "KZ", "--receiving", "AE"]
    assert main([*message, "--to", str(tmp_path / "m.xml")]) == 0, capsys.readouterr().err
    assert (tmp_path / "m.xml").read_text().count("<CryptoTransferOut>") == 2
    assert "=Abai() 1" in (tmp_path / "m.xml").read_text()
    assert "'=Abai()" not in (tmp_path / "m.xml").read_text()  # the guard of a spreadsheet is no part of a text
    card = Path("examples/card/carf.csv")  # the card's lines are read too
    holder = card.read_text().splitlines()[1].partition(",")[0]
    people = (tmp_path / "users.csv").read_text().replace("KZ-under", holder)
    (tmp_path / "users.csv").write_text(people)
    message[message.index("--operations") + 1] = str(card)
    assert main([*message, "--to", str(tmp_path / "card.xml")]) == 0, capsys.readouterr().err
    assert main([*asked, str(year + 1)]) == 0
    assert (tmp_path / "carf.csv").read_text().count("\n") == 1
    assert main([*asked, str(year), "--contract", "SB-0"]) == 2


def test_an_origin_that_never_settles_costs_no_more_than_was_agreed(world: World) -> None:
    """The bound counts what is held and what was paid out, comes back with each window, and may be moved."""
    store, gate = world.stores["abroad"], world.gates["abroad"]

    def born(most: int) -> None:
        world.nodes["abroad"] = Destination(store, gate, world.nodes["abroad"].peer, most)

    def left() -> int:
        with store.transaction() as tx:
            return books.balance(tx, accounts.unsettled()).available

    pid, fulfilment, (_, told) = pay(world, "first")
    leg = int(told["leg_amount"])
    born(2 * leg + 5)
    world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    second = pay(world, "second")
    assert (second[2][1]["state"], left()) == ("prepared", 5)
    third = pay(world, "third")
    assert (third[2][1]["state"], third[2][1]["reason"]) == ("rejected", "unsettled")
    world.ask("kz", "POST", f"/payments/{second[0]}/reject", {"reason": "asked"})
    assert left() == leg + 5  # what was only held is free again
    node: Any = world.nodes["kz"]
    for _ in range(2):
        assert node.settle_window("20261129T0100")[0] == 200
        assert left() == 2 * leg + 5
    born(leg)
    assert pay(world, "fourth")[2][1]["state"] == "prepared"
    assert left() == 0
    born(3 * leg)
    fifth = pay(world, "fifth")
    assert (fifth[2][1]["state"], left()) == ("prepared", leg)
    world.move(minutes=40)
    world.round("abroad")
    assert left() == 3 * leg
    assert recount(store.url, world.clock).differences == []


def test_two_first_payments_at_once_grant_the_bound_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store, gate, both, moments = world.stores["abroad"], world.gates["abroad"], Barrier(2), count()
    node = Destination(store, gate, world.nodes["abroad"].peer, 5_000)
    submit, begun = gate.submit, world.clock.now()

    def together(*asked: Any) -> Any:
        with suppress(BrokenBarrierError):
            both.wait(0.2)
        return submit(*asked)

    monkeypatch.setattr(gate, "submit", together)
    monkeypatch.setattr(node, "now", lambda: begun + timedelta(seconds=next(moments)))
    threads = [Thread(target=node._bound) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction() as tx:
        assert books.balance(tx, accounts.unsettled()).available == 5_000
