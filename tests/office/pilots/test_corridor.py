"""The corridor: C2 in trouble, both sides over HTTP, signatures, data that is missing, limits, hostile requests."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import uvicorn
from nacl.signing import SigningKey
from tests.office.conftest import START
from tests.office.pilots.corridor_world import World, books_agree, quoted, run, secret

from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import showing
from salyq.office.pilots.corridor import accounts, demo, keys, signing
from salyq.office.pilots.corridor.ivms import missing
from salyq.office.pilots.corridor.node import LostError
from salyq.office.pilots.corridor.pair import pair
from salyq.office.pilots.corridor.web import HttpPeer, application
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store


def pay(world: World, seed: str, amount: int = 50_000_00, **more: Any) -> tuple[str, str, tuple[int, dict[str, Any]]]:
    demo.sender(world.gates["kz"], "KZ1", 10**9)
    quote = quoted(world, seed, send_amount=str(amount))
    fulfilment, condition = secret(seed)
    parties = {"sender": demo.party("originator", "KZ1", "Аскар"), "receiver": demo.party("beneficiary", "AE1", "Noor")}
    asked = {"quote": quote["quote"], "condition": condition, **parties, **more}
    reply = world.ask("kz", "POST", "/payments", asked)
    assert reply is not None
    return f"p{quote['quote']}", fulfilment, reply


def test_final_on_both_sides_or_on_none_in_any_trouble(world: World) -> None:
    states = [run(world, seed) for seed in range(9)]
    world.skewed.move(world.skewed.now() + timedelta(minutes=4))  # the clock abroad is ahead, then behind
    states += [run(world, seed) for seed in range(9, 17)]
    world.clock.move(world.clock.now() + timedelta(minutes=8))
    states += [run(world, seed) for seed in range(17, 25)]
    assert {"fulfilled", "rejected"} <= set(states)
    assert world.counts["crashes"] > 5
    books_agree(world)


def test_a_payment_its_messages_and_its_settlement(world: World) -> None:
    pid, fulfilment, (status, told) = pay(world, "one")
    assert (status, told["state"]) == (200, "prepared")
    assert set(told["notice"]) == {"kk", "ru", "en"}
    assert world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": "00"})[0] == 422  # type: ignore[index]
    reply = world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    assert reply is not None
    assert (reply[0], reply[1]["state"], reply[1]["fulfilment"]) == (200, "fulfilled", fulfilment)
    assert world.ask("abroad", "GET", f"/payments/{pid}", {})[1]["state"] == "fulfilled"  # type: ignore[index]
    assert [m["type"] for m in reply[1]["messages"]] == ["pacs.008", "pacs.002", "pacs.002", "camt.054"]
    for message in reply[1]["messages"]:
        root = ET.fromstring(message["xml"])
        assert message["type"] in root.tag
    order = ET.fromstring(reply[1]["messages"][0]["xml"])
    space = {"x": order.tag.split("}")[0][1:]}
    assert order.findtext(".//x:InstdAmt", namespaces=space) == "50000.00"
    assert order.findtext(".//x:Dbtr/x:Nm", namespaces=space) == "Аскар"
    assert {q["code"] for q in reply[1]["questions"]} == {"repatriation", "asset_leg", "digital_tenge"}
    kz: Any = world.nodes["kz"]
    assert kz.settle_window("w1") == (200, {"window": f"{kz.contract}:w1", "net": told["leg_amount"], "payments": 1})
    assert kz.settle_window("w1")[0] == 200
    for side in ("kz", "abroad"):
        assert world.ask(side, "GET", f"/payments/{pid}", {})[1]["state"] == "settled"  # type: ignore[index]
    books_agree(world)


def test_asking_again_is_the_same_and_other_content_is_refused(world: World) -> None:
    pid, _, (_, told) = pay(world, "two")
    asked = {"quote": pid[1:], "condition": told["condition"], "sender": demo.party("originator", "KZ1", "Аскар")}
    again = world.ask("kz", "POST", "/payments", {**asked, "receiver": demo.party("beneficiary", "AE1", "Noor")})
    assert again is not None
    assert again[1] == told
    other = world.ask("kz", "POST", "/payments", {**asked, "receiver": demo.party("beneficiary", "AE2", "Noor")})
    assert other is not None
    assert (other[0], other[1]["code"]) == (409, "different_content")


def test_limits_and_funds_name_their_reason(world: World) -> None:
    _, _, (_, told) = pay(world, "big", amount=demo.LIMITS["payment"] + 1)
    assert (told["state"], told["reason"]) == ("rejected", "limit:payment")
    for n in range(2):
        pay(world, f"fill{n}", amount=demo.LIMITS["payment"])
    _, _, (_, told) = pay(world, "poor", amount=demo.LIMITS["payment"] // 2)
    assert (told["state"], told["reason"]) == ("rejected", "funds")
    assert world.ask("kz", "GET", "/payments/pnothing", {})[0] == 404  # type: ignore[index]


def test_missing_data_holds_as_long_as_law_says(world: World) -> None:
    without = demo.party("originator", "KZ1", "Аскар", whole=False)
    pid, fulfilment, (_, told) = pay(world, "data", sender=without)
    assert told["state"] == "held_for_data"
    assert "geographicAddress" in told["missing"][0]
    assert told["until"] == (START + timedelta(hours=48)).isoformat()
    reply = world.ask("kz", "POST", f"/payments/{pid}/data", {"sender": demo.party("originator", "KZ1", "Аскар")})
    assert reply is not None
    assert reply[1]["state"] == "prepared"
    assert world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})[1]["state"] == "fulfilled"  # type: ignore[index]
    pid, _, _ = pay(world, "never", sender=without)
    world.move(hours=49)
    world.round("kz")
    told = world.ask("kz", "GET", f"/payments/{pid}", {})[1]  # type: ignore[index]
    assert (told["state"], told["reason"]) == ("rejected", "data")


def test_a_decision_stands_whatever_comes_later(world: World) -> None:
    pid, fulfilment, _ = pay(world, "late")
    world.move(minutes=31)
    reply = world.ask("abroad", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    assert reply is not None
    assert (reply[0], reply[1]["state"]) == (409, "expired")
    world.round("kz")
    assert world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})[0] == 409  # type: ignore[index]
    assert world.ask("kz", "GET", f"/payments/{pid}", {})[1]["state"] == "expired"  # type: ignore[index]
    books_agree(world)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/quotes", {"send_asset": "KZT", "receive_asset": "AED"}, "one_amount"),
        ("/quotes", {"send_asset": "KZT", "receive_asset": "???", "send_amount": "5"}, "field_wrong"),
        ("/quotes", {"send_asset": "KZT", "receive_asset": "AED", "send_amount": "-5"}, "field_wrong"),
        ("/quotes", {"send_asset": "KZT", "receive_asset": "AED", "send_amount": 5}, "field_wrong"),
        ("/payments", {"quote": "nothing", "condition": "0" * 64, "sender": {}}, "quote_not_found"),
        ("/payments", {"quote": ["x"]}, "field_wrong"),
        ("/payments/../x/fulfil", {}, "no_such_call"),
        ("/nothing", {}, "no_such_call"),
    ],
)
def test_hostile_requests_are_one_problem(world: World, path: str, body: dict[str, Any], code: str) -> None:
    reply = world.ask("kz", "POST", path, body)
    assert reply is not None
    assert (reply[0] >= 400, reply[1]["code"]) == (True, code)


def test_a_stranger_cannot_speak_for_the_origin(world: World) -> None:
    for path in ("/payments", "/quotes", "/settlements"):
        reply = world.ask("abroad", "POST", path, {}, peer=False)
        assert reply is not None
        assert reply[1]["code"] == "peer_only"


def test_ivms_field_by_field() -> None:
    sender, receiver = demo.party("originator", "1", "A"), demo.party("beneficiary", "2", "B")
    assert missing(sender, receiver) == []
    assert missing({}, {})[0].startswith("originator")
    assert missing({**sender, "accountNumber": []}, receiver) == ["originator.accountNumber"]
    for wrong in (
        "x",
        5,
        None,
        [],
        {"originatorPersons": "x"},
        {"originatorPersons": [5]},
        {"originatorPersons": [{"naturalPerson": 5}]},
    ):
        assert missing(wrong, receiver)  # type: ignore[arg-type]


def test_signatures_hold_method_path_content_and_time() -> None:
    key = SigningKey(bytes(32))
    known = {"kz": key.verify_key}
    headers = signing.sign(key, "kz", "POST", "/payments", b"{}", START)
    assert signing.verify(known, headers, "POST", "/payments", b"{}", START) == "kz"
    for method, path, body, now in [
        ("GET", "/payments", b"{}", START),
        ("POST", "/quotes", b"{}", START),
        ("POST", "/payments", b"{ }", START),
        ("POST", "/payments", b"{}", START + timedelta(minutes=6)),
    ]:
        with pytest.raises(signing.SignatureError):
            signing.verify(known, headers, method, path, body, now)
    with pytest.raises(signing.SignatureError):
        signing.verify({}, headers, "POST", "/payments", b"{}", START)
    with pytest.raises(signing.SignatureError):
        signing.verify({"kz": SigningKey(bytes([1] * 32)).verify_key}, headers, "POST", "/payments", b"{}", START)


def test_both_sides_over_http(world: World) -> None:
    known = keys.made_up_known()
    servers: dict[str, uvicorn.Server] = {}
    for side, other in (("kz", "abroad"), ("abroad", "kz")):
        app = application(world.nodes[side], known, other)
        servers[side] = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        threading.Thread(target=servers[side].run, daemon=True).start()
    while not all(s.started for s in servers.values()):
        time.sleep(0.02)
    port = {side: s.servers[0].sockets[0].getsockname()[1] for side, s in servers.items()}
    for side, other in (("kz", "abroad"), ("abroad", "kz")):
        world.nodes[side].peer = HttpPeer(f"http://127.0.0.1:{port[other]}", keys.made_up(side), side, world.clock.now)
    bank = HttpPeer(f"http://127.0.0.1:{port['kz']}", keys.made_up("bank"), "bank", world.clock.now)
    demo.sender(world.gates["kz"], "KZ1", 10**9)
    _, quote = bank.call("POST", "/quotes", {"send_asset": "KZT", "receive_asset": "AED", "receive_amount": "10000"})
    fulfilment, condition = secret("http")
    parties = {"sender": demo.party("originator", "KZ1", "Аскар"), "receiver": demo.party("beneficiary", "AE1", "Noor")}
    status, told = bank.call("POST", "/payments", {"quote": quote["quote"], "condition": condition, **parties})
    assert (status, told["state"], told["receive_amount"]) == (200, "prepared", "10000")
    status, told = bank.call("POST", f"/payments/{told['payment']}/fulfil", {"fulfilment": fulfilment})
    assert (status, told["state"]) == (200, "fulfilled")
    stranger = HttpPeer(f"http://127.0.0.1:{port['kz']}", SigningKey(bytes([9] * 32)), "bank", world.clock.now)
    assert stranger.call("GET", f"/payments/{told['payment']}", {}) == (
        401,
        {**stranger.call("GET", "/x", {})[1], "detail": "wrong signature"},
    )
    for s in servers.values():
        s.should_exit = True
    with pytest.raises(LostError):
        HttpPeer("http://127.0.0.1:1", keys.made_up("kz"), "kz", world.clock.now).call("GET", "/", {})
    books_agree(world)


def test_the_demonstration_has_two_nodes(store: Store, clock: FixedClock) -> None:
    """Each with its own database: what left here arrived there, what is refused is refused on both sides."""
    with Gate(store.url, clock) as gate:
        demo.origin(store, gate, number="SB-DEMO")
        demo.sender(gate, demo.SENDER, demo.SENDER_TIYN)
        with pair(store, gate, "SB-DEMO") as nodes:
            ids = [showing.send(nodes, how, 10_000_000, how=how)[0] for how in ("whole", "refused", "no data")]
            clock.move(clock.now() + timedelta(hours=49))
            nodes.feed()
            nodes.run_due()
            here = [p.state if (p := nodes.kz.payment(i)) else None for i in ids]
            there = [p.state if (p := nodes.abroad.payment(i)) else None for i in ids]
            assert (here, there) == (["fulfilled", "rejected", "rejected"], ["fulfilled", "rejected", None])
            totals = []
            for node in nodes:
                with node.store.transaction() as tx:
                    found = books.balance(tx, accounts.transit())
                totals.append(found.credits - found.debits)
                assert recount(node.store.url, clock).differences == []
            assert totals[0] == -totals[1] != 0
