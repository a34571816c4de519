"""The corridor against a model of a few lines; ISO 20022 by another's classes; hostile XML, JSON and signatures."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from pyiso20022.camt.camt_054_001_08 import Document as Camt054
from pyiso20022.pacs.pacs_002_001_10 import Document as Pacs002
from pyiso20022.pacs.pacs_004_001_09 import Document as Pacs004
from pyiso20022.pacs.pacs_008_001_08 import Document as Pacs008
from starlette.testclient import TestClient
from tests.office.pilots.corridor_world import World, books_agree, quoted, secret
from tests.office.pilots.test_corridor import pay
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from salyq.office.ledger import books
from salyq.office.pilots.corridor import accounts, demo, keys, signing
from salyq.office.pilots.corridor.ivms import missing
from salyq.office.pilots.corridor.web import application

_numbers = count()
CLASSES: dict[str, Any] = {"pacs.008": Pacs008, "pacs.002": Pacs002, "pacs.004": Pacs004, "camt.054": Camt054}
STRICT = XmlParser(
    context=XmlContext(),
    config=ParserConfig(
        fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True
    ),
)


class PlainCorridor:
    """Money is with the sender, held, or gone; a payment ends once."""

    def __init__(self, tiyn: int) -> None:
        self.free, self.payments = tiyn, dict[str, dict[str, Any]]()

    def begin(self, pid: str, send: int, *, whole: bool) -> None:
        if not whole:
            state = "held_for_data"
        elif send > self.free:
            state = "rejected"
        else:
            state, self.free = "prepared", self.free - send
        self.payments[pid] = {"state": state, "send": send}

    def end(self, pid: str, how: str) -> None:
        p = self.payments[pid]
        if p["state"] == "prepared" or (p["state"] == "held_for_data" and how == "rejected"):
            if p["state"] == "prepared" and how == "rejected":
                self.free += p["send"]
            p["state"] = how


def machine(w: World) -> type[RuleBasedStateMachine]:
    class CorridorMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.sender = f"KZM{next(_numbers)}"
            demo.sender(w.gates["kz"], self.sender, 2_000_000_00)
            w.move(days=1)
            self.model = PlainCorridor(2_000_000_00)
            self.secrets: dict[str, str] = {}

        @rule(send=st.integers(100_00, 1_500_000_00), whole=st.booleans())
        def begin(self, send: int, whole: bool) -> None:
            key = f"m{next(_numbers)}"
            w.move(minutes=1)
            quote = quoted(w, key, send_amount=str(send))
            fulfilment, condition = secret(key)
            who = demo.party("originator", self.sender, "Аскар", whole=whole)
            body = {"quote": quote["quote"], "condition": condition, "sender": who}
            body["receiver"] = demo.party("beneficiary", "AE1", "Noor")
            for _ in range(2):  # asked twice, done once
                w.ask("kz", "POST", "/payments", body)
            pid = f"p{quote['quote']}"
            self.secrets[pid] = fulfilment
            self.model.begin(pid, send, whole=whole)

        @precondition(lambda self: self.model.payments)
        @rule(data=st.data(), side=st.sampled_from(["kz", "abroad"]))
        def fulfil(self, data: Any, side: str) -> None:
            pid = data.draw(st.sampled_from(sorted(self.model.payments)))
            w.ask(side, "POST", f"/payments/{pid}/fulfil", {"fulfilment": self.secrets[pid]})
            if self.model.payments[pid]["state"] != "held_for_data":
                self.model.end(pid, "fulfilled")

        @precondition(lambda self: self.model.payments)
        @rule(data=st.data())
        def reject(self, data: Any) -> None:
            pid = data.draw(st.sampled_from(sorted(self.model.payments)))
            w.ask("kz", "POST", f"/payments/{pid}/reject", {"reason": "asked"})
            self.model.end(pid, "rejected")

        @precondition(lambda self: any(p["state"] == "held_for_data" for p in self.model.payments.values()))
        @rule(data=st.data())
        def bring_data(self, data: Any) -> None:
            held = sorted(k for k, p in self.model.payments.items() if p["state"] == "held_for_data")
            pid = data.draw(st.sampled_from(held))
            w.ask("kz", "POST", f"/payments/{pid}/data", {"sender": demo.party("originator", self.sender, "Аскар")})
            self.model.begin(pid, self.model.payments[pid]["send"], whole=True)

        @rule()
        def rounds(self) -> None:
            w.round("kz")
            w.round("abroad")

        @invariant()
        def as_the_model(self) -> None:
            for pid, p in self.model.payments.items():
                here = w.payment("kz", pid)
                assert here is not None
                assert here.state == p["state"], pid
            with w.stores["kz"].transaction() as tx:
                assert books.balance(tx, accounts.sender(self.sender)).available == self.model.free

        def teardown(self) -> None:
            for pid, p in self.model.payments.items():
                if p["state"] in ("prepared", "held_for_data"):
                    w.ask("kz", "POST", f"/payments/{pid}/reject", {"reason": "asked"})
            w.round("kz")
            w.round("abroad")

    return CorridorMachine


def test_the_corridor_is_its_model(world: World) -> None:
    options = settings(
        max_examples=4, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(machine(world), settings=options)
    books_agree(world)


def messages(world: World) -> list[dict[str, str]]:
    """Every message of a payment that ended well and of two that did not."""
    pid, fulfilment, _ = pay(world, "iso one")
    world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
    other, _, _ = pay(world, "iso two")
    world.ask("kz", "POST", f"/payments/{other}/reject", {"reason": "asked"})
    third, _, _ = pay(world, "iso three")
    world.move(hours=1)
    world.round("abroad")
    world.round("kz")
    found: list[dict[str, str]] = []
    for side in ("kz", "abroad"):
        for name in (pid, other, third):
            reply = world.ask(side, "GET", f"/payments/{name}", {})
            assert reply is not None
            found += reply[1]["messages"]
    return found


def test_messages_are_read_by_an_independent_library(world: World) -> None:
    found = messages(world)
    assert {m["type"] for m in found} == set(CLASSES)
    for message in found:
        read = STRICT.from_string(message["xml"], CLASSES[message["type"]])
        body = next(v for v in vars(read).values() if v is not None)
        assert body.grp_hdr.msg_id
        if message["type"] == "pacs.008":
            [order] = body.cdt_trf_tx_inf
            assert str(order.instd_amt.value) == "50000.00"
            assert order.instd_amt.ccy == "KZT"
            assert order.dbtr.nm == "Аскар"
            assert order.cdtr.nm == "Noor"
        if message["type"] == "pacs.004":
            [back] = body.tx_inf
            assert str(back.rtrd_intr_bk_sttlm_amt.value) == "50000.00"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=12), x, max_size=4),
    max_leaves=12,
)
PARTY = st.dictionaries(
    st.sampled_from(["originatorPersons", "accountNumber", "beneficiaryPersons", "naturalPerson", "x"]),
    JSON,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(JSON, JSON, PARTY)
def test_any_parties_are_judged(sender: Any, receiver: Any, party: Any) -> None:
    assert missing(sender, receiver)
    assert missing(party, receiver)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        ["/quotes", "/payments", "/payments/p1/fulfil", "/payments/p1/reject", "/payments/p1/data", "/settlements"]
    ),
    JSON,
    PARTY,
)
def test_any_json_is_a_problem_never_a_defect(world: World, path: str, body: Any, party: Any) -> None:
    """Signed by a bank that is known: still nothing but an answer in order, and nothing moves."""
    key = keys.made_up("bank")
    known = keys.made_up_known()
    shaped = {"quote": "q", "condition": "0" * 64, "sender": party, "receiver": party, "send_asset": "KZT"}
    for side in ("kz", "abroad"):
        client = TestClient(application(world.nodes[side], known, "other"), raise_server_exceptions=True)
        for content in (body, {**shaped, **body} if isinstance(body, dict) else shaped):
            try:
                raw = json.dumps(content).encode()
            except ValueError:
                continue
            headers = signing.sign(key, "bank", "POST", path, raw, world.clock.now())
            answer = client.post(path, content=raw, headers={**headers, "content-type": "application/json"})
            assert answer.status_code in (200, 400, 403, 404, 409, 410, 422, 503), answer.text
            assert answer.status_code == 200 or answer.json()["code"]


HEADERS = st.sampled_from(["signature", "signature-input", "content-digest"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    HEADERS, st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120), st.integers(0, 400), st.data()
)
def test_no_changed_signature_passes(world: World, name: str, text: str, at: int, data: Any) -> None:
    key = keys.made_up("bank")
    raw = b'{"send_asset": "KZT"}'
    made = {k.lower(): v for k, v in signing.sign(key, "bank", "POST", "/quotes", raw, world.clock.now()).items()}
    client = TestClient(application(world.nodes["kz"], keys.made_up_known(), "abroad"))
    right = client.post("/quotes", content=raw, headers=made)
    assert right.status_code == 422  # understood, and wrong: no amount
    value = made[name]
    other = data.draw(st.sampled_from([text, value[: at % len(value)], value[::-1], value.replace(value[-2], "A", 1)]))
    if other != value:
        said = client.post("/quotes", content=raw, headers={**made, name: other})
        assert said.status_code == 401, (name, other)
    assert client.post("/quotes", content=raw + b" ", headers=made).status_code == 401
    late = signing.sign(key, "bank", "POST", "/quotes", raw, world.clock.now() - timedelta(hours=2))
    assert client.post("/quotes", content=raw, headers=late).status_code == 401


@pytest.mark.parametrize(
    "name",
    [
        "<Nm>]]></Nm>",
        "&lol;",
        '"><script>',
        "Ә" * 500,
        "a\u0000b",
        "\u202e",
        "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
        "\ud800",
    ],
)
def test_hostile_names_stay_text_in_xml(world: World, name: str) -> None:
    sender = demo.party("originator", "KZ1", name)
    _, _, (status, told) = pay(world, f"hostile {name!r}", sender=sender)
    if status != 200:
        assert (status, told["code"]) == (422, "field_wrong")
        return
    for message in told["messages"]:
        read = STRICT.from_string(message["xml"], CLASSES[message["type"]])
        if message["type"] == "pacs.008":
            assert read.fito_ficstmr_cdt_trf.cdt_trf_tx_inf[0].dbtr.nm.strip() in (name[:140].strip(), name[:140])
