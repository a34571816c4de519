"""The corridor's wire: an answer counts where the other side signed it, and hostile content is one problem."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from nacl.signing import SigningKey
from starlette.testclient import TestClient
from tests.office.conftest import START
from tests.office.pilots.corridor_world import World, quoted, secret

from salyq.office.ledger import books
from salyq.office.pilots.corridor import keys, signing
from salyq.office.pilots.corridor.node import LostError
from salyq.office.pilots.corridor.web import LARGEST_ANSWER, HttpPeer, application

# --- answers on the wire --------------------------------------------------------------------------------------------

OWN, OTHER = SigningKey(bytes(32)), SigningKey(bytes([1] * 32))
BODY = b'{"state": "rejected", "payment": "p1"}'


def answered(
    asked: str, *, key: SigningKey = OTHER, name: str = "abroad", status: int = 200, body: bytes = BODY
) -> Any:
    return status, signing.sign_answer(key, name, status, body, asked, START), body


def line(answer: Callable[[str], Any]) -> HttpPeer:
    peer = HttpPeer("http://127.0.0.1:1", OWN, "kz", lambda: START, ("abroad", OTHER.verify_key))
    peer._ask = lambda m, p, raw, headers: answer(headers["Signature"])  # type: ignore[method-assign]
    return peer


def test_an_answer_counts_where_the_other_side_signed_it_for_this_request() -> None:
    assert line(answered).call("GET", "/payments/p1", {}) == (200, json.loads(BODY))
    elsewhere = signing.sign(OWN, "kz", "GET", "/payments/p2", b"", START)["Signature"]
    forged: list[Callable[[str], Any]] = [
        lambda _: answered(elsewhere),  # the answer to another request
        lambda asked: answered(asked, key=OWN),  # another key
        lambda asked: answered(asked, name="bank"),
        lambda _: (200, {}, BODY),  # nobody's
        lambda asked: (200, answered(asked)[1], BODY.replace(b"p1", b"p2")),  # other content
        lambda asked: (409, answered(asked)[1], BODY),  # other status
        lambda asked: answered(asked, body=b"5"),  # no object
        lambda asked: answered(asked, body=b"[" * 100_000),
        lambda asked: answered(asked, status=500, body=b"{}"),
    ]
    for lie in forged:
        with pytest.raises(LostError):
            line(lie).call("GET", "/payments/p1", {})


def test_a_node_signs_every_answer_also_a_refusal(world: World) -> None:
    own, bank = keys.made_up("kz"), keys.made_up("bank")
    client = TestClient(application(world.nodes["kz"], keys.made_up_known(), "abroad", own))
    for key, wanted in ((bank, 404), (OTHER, 401)):
        headers = signing.sign(key, "bank", "GET", "/payments/p1", b"", world.clock.now())
        said = client.get("/payments/p1", headers=headers)
        assert said.status_code == wanted
        signing.verify_answer(
            own.verify_key, "kz", said.headers, wanted, said.content, headers["Signature"], world.clock.now()
        )


def test_an_answer_without_end_and_a_way_elsewhere_are_no_answers() -> None:
    class Hostile(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if self.path == "/elsewhere" else 200)
            self.send_header("Location", "/small")
            self.end_headers()
            if self.path == "/large":
                for _ in range(LARGEST_ANSWER // 65536 + 2):
                    self.wfile.write(b" " * 65536)
            self.wfile.write(b"{}" if self.path == "/small" else b"x")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hostile)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    peer = HttpPeer(f"http://127.0.0.1:{server.server_port}", OWN, "kz", lambda: START)
    assert peer.call("GET", "/small", {}) == (200, {})
    for path in ("/large", "/elsewhere"):
        with pytest.raises(LostError):
            peer.call("GET", path, {})
    server.shutdown()
    server.server_close()


# --- hostile content ------------------------------------------------------------------------------------------------

XML = '<?xml version="1.0" encoding="{0}"?><!DOCTYPE d [<!ENTITY a "x">{1}]><Document xmlns="{2}">&a;{3}</Document>'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x" * 10}">' for n in range(9))
SPACE = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
HOSTILE = {
    "entities": XML.format("UTF-8", LAUGHS, SPACE, "&a8;").encode(),
    "a file as entity": XML.format("UTF-8", '<!ENTITY f SYSTEM "file:///etc/passwd">', SPACE, "&f;").encode(),
    "depth": b"<a>" * 50_000,
    "size": b"<a>" + b"x" * 1_000_000,
    "UTF-16": XML.format("UTF-16", "", SPACE, "").encode("utf-16"),
    "UTF-7": XML.format("UTF-7", "", SPACE, "").encode("utf-7"),
    "another namespace": XML.format("UTF-8", "", "urn:x", "").encode(),
    "deep JSON": b"[" * 100_000,
    "deep parties": b'{"quote":"q","sender":{"accountNumber":["KZ1"],"x":' + b'{"a":' * 900 + b"1" + b"}" * 902,
    "no number": b'{"quote":"q","sender":{"accountNumber":["KZ1"],"x":NaN},"receiver":{"x":Infinity}}',
    "a large number": b'{"quote":"q","send_amount":1' + b"0" * 5000 + b"}",
    "half a character": b'{"quote":"q","sender":{"accountNumber":["\\ud800"]}}',
    "bytes": bytes(range(256)),
}


def test_hostile_content_signed_by_a_bank_is_one_problem_and_moves_nothing(world: World) -> None:
    key = keys.made_up("bank")
    with world.stores["kz"].transaction() as tx:
        before = [(a.id, a.debits, a.debits_held) for a in books.accounts(tx, "corridor/")]
    for what, content in HOSTILE.items():
        quote = quoted(world, f"hostile {what}", send_amount="5000000")["quote"]
        raw = content.replace(b'"q"', f'"{quote}", "condition": "{secret("x")[1]}"'.encode())
        for side in ("kz", "abroad"):
            client = TestClient(application(world.nodes[side], keys.made_up_known(), "other"))
            for path in ("/payments", "/quotes", "/settlements"):
                headers = signing.sign(key, "bank", "POST", path, raw, world.clock.now())
                said = client.post(path, content=raw, headers=headers)
                assert 400 <= said.status_code < 500, (what, path, said.text)
                assert said.json()["code"]
    with world.stores["kz"].transaction() as tx:
        assert [(a.id, a.debits, a.debits_held) for a in books.accounts(tx, "corridor/")] == before
