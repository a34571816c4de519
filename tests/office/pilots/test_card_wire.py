"""The host on its port, the commands, and the year's files through the tax engine."""

from __future__ import annotations

import csv
import json
import socket
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.office.pilots.conftest import Acquirer

import salyq
from salyq.cli.main import main
from salyq.office.ledger.gate import Gate
from salyq.office.pilots import demo
from salyq.office.pilots.card import server as card_server
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.server import CardServer
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError


class Terminal:
    """A plain socket that knows the framing and nothing else."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=20)

    def send(self, raw: bytes) -> None:
        self.line.sendall(raw)

    def read(self) -> dict[str, str]:
        head = self._exactly(2)
        return spec.decode(self._exactly(int.from_bytes(head, "big")))

    def _exactly(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            more = self.line.recv(count - len(got))
            if not more:
                raise ConnectionError
            got += more
        return got


def test_many_terminals_at_once_and_hostile_ones(acquirer: Acquirer) -> None:
    with CardServer(acquirer.host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for raw in (b"\x00\x05hello", b"\xff\xff0100", b"\x00\x00"):
            bad = Terminal(server.port)
            bad.send(raw)
            if raw != b"\xff\xff0100":
                with pytest.raises(ConnectionError):
                    bad.read()
            bad.line.close()
        codes: list[str] = []

        def use(n: int) -> None:
            terminal = Terminal(server.port)
            sent = [acquirer.message(1_000_000, card=n) for _ in range(10)]
            for message in sent:  # several before the first is answered
                terminal.send(spec.encode(message))
            answers = {r["11"]: r["39"] for r in (terminal.read() for _ in sent)}
            assert set(answers) == {m["11"] for m in sent}
            codes.extend(answers.values())
            terminal.line.close()

        threads = [threading.Thread(target=use, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        server.shutdown()
    assert codes.count("00") == 40, codes  # within 300,000.00 a day each
    assert acquirer.left("client_day") == demo.LIMITS["client_day"] - 10_000_000


def test_an_odd_message_spoils_no_other(acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot be printed ends its line alone; one over which the host fails is answered 96 alone."""
    begin = acquirer.host.begin

    def failing(messages: Sequence[Mapping[str, str]]) -> Future[list[dict[str, str]]]:
        if any(m.get("41") == "BROKEN01" for m in messages):
            raise RuntimeError
        return begin(messages)

    monkeypatch.setattr(acquirer.host, "begin", failing)
    with CardServer(acquirer.host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hostile, good = Terminal(server.port), Terminal(server.port)
        hostile.send(spec.encode(acquirer.message(100, f43="Kofe\x00Almaty KZ".ljust(40))))
        with pytest.raises(ConnectionError):
            hostile.read()
        sent = [acquirer.message(100, **({"f41": "BROKEN01"} if n == 1 else {})) for n in range(3)]
        good.send(b"".join(spec.encode(m) for m in sent))  # in one piece, and then the sender says no more
        good.line.shutdown(socket.SHUT_WR)
        assert {r["11"]: r["39"] for r in (good.read() for _ in sent)} == {
            m["11"]: "96" if n == 1 else "00" for n, m in enumerate(sent)
        }
        with pytest.raises(ConnectionError):
            good.read()
        server.shutdown()


def test_a_batch_that_fails_on_its_way_is_asked_for_one_by_one(
    acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The books refuse a batch after it was made ready, and again one of its messages alone: the others are answered,
    what came meanwhile too, a reversal finds what was begun before it, and the desk closes with nothing left."""
    send, asked = acquirer.gate.send, acquirer.message(700)

    def failing(requests: Sequence[Any], along: Any = None) -> Future[Any]:
        if (len(requests) > 20 and not caplog.records) or any(spec.key(asked) in r.id for r in requests):
            broken: Future[Any] = Future()
            broken.set_exception(StoreError("ledger_gate_closed"))
            return broken
        return send(requests, along)

    monkeypatch.setattr(acquirer.gate, "send", failing)
    sent = [acquirer.message(100) for _ in range(6)]
    back = {**sent[0], "t": "0400", "11": "999999"}
    back["90"] = f"0100{sent[0]['11']}{sent[0]['7']}{sent[0]['32']:>011}{'0' * 11}"
    with CardServer(acquirer.host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        terminal = Terminal(server.port)
        terminal.send(b"".join(spec.encode(m) for m in (asked, *sent, back)))
        answers = {(r["t"], r["11"]): r["39"] for r in (terminal.read() for _ in range(8))}
        server.shutdown()
    assert caplog.records
    assert answers.pop(("0110", asked["11"])) == "96"
    assert set(answers.values()) == {"00"}, answers
    assert acquirer.left("client_day") == demo.LIMITS["client_day"] - 500


def test_a_line_that_asks_and_never_reads_is_not_read_further(
    acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_server, "WAITING", 5)
    most: list[int] = []
    begin = acquirer.host.begin

    def counted(messages: Sequence[Mapping[str, str]]) -> Future[list[dict[str, str]]]:
        most.append(len(messages))
        return begin(messages)

    monkeypatch.setattr(acquirer.host, "begin", counted)
    with CardServer(acquirer.host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        terminal = Terminal(server.port)
        sent = [{**acquirer.message(1), "t": "0800"} for _ in range(40)]
        terminal.send(b"".join(spec.encode(m) for m in sent))
        assert {terminal.read()["11"] for _ in sent} == {m["11"] for m in sent}
        assert max(most) <= 5
        server.shutdown()


# A message put together by hand from the standard: fields 2 3 4 7 11 12 13 14 18 32 37 41 42 49.
BY_HAND = (
    "0100723C400108C08000"
    "16" "4400431234567896" "000000" "000000005000" "0615060000" "000777" "110000" "0615" "3006" "5814"
    "11" "00000123456" "123456789012" "TERM0001" "COFFEE000000001" "398"
)  # fmt: skip


def test_a_message_written_by_hand() -> None:
    found = spec.decode(BY_HAND.encode())
    assert (found["t"], found["2"], found["4"], found["11"], found["32"], found["49"]) == (
        "0100",
        "4400431234567896",
        "000000005000",
        "000777",
        "00000123456",
        "398",
    )
    assert spec.key(found) == "00000123456/000777/0615060000/123456789012"
    assert spec.encode(found) == len(BY_HAND).to_bytes(2, "big") + BY_HAND.encode()


def test_the_year_is_assessed_to_each_coffee(
    acquirer: Acquirer,
    gate: Gate,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    for n in range(4):
        sent, reply = acquirer.pay(150_000 + n)
        acquirer.clear(acquirer.row(sent, reply, 150_000 + n))
        clock.move(clock.now() + timedelta(hours=30))
        with acquirer.store.transaction() as tx:
            demo.feed(tx, ["USDT", "BTC"], clock.now())
    holder = acquirer.cards[0].card.holder
    monkeypatch.setenv("SALYQ_DATABASE_URL", acquirer.store.url)
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    to = tmp_path / "year"
    assert main(["pilot", "card", "report", "--holder", holder, "--year", "2026", "--to", str(to), "--lang", "ru"]) == 0
    assert sorted(p.name for p in to.iterdir()) == [
        "carf.csv",
        "person.toml",
        "records.csv",
        "reports.json",
        "statement.pdf",
    ]
    rows = list(csv.DictReader((to / "records.csv").open()))
    assert [r["kind"] for r in rows] == ["buy", "sell", "sell", "sell", "sell"]
    assert rows[1]["value"] == "1507.50"
    assert rows[1]["fee"] == "7.50"
    assert (to / "statement.pdf").read_bytes().startswith(b"%PDF")
    case = salyq.read_case(str(to))
    result = salyq.assess(case, year=2026)
    income = result["personal_income_tax.digital_asset_income"]
    assert income.status == "known"
    assert main(["assess", str(to), "--year", "2026", "--lang", "en"]) == 0
    assert b"incomplete" not in capsysbinary.readouterr().out.splitlines()[4]
    assert [f.code for f in result.findings if f.severity == "error"] == []
    figure = ["--figure", "personal_income_tax.digital_asset_income"]
    assert main(["explain", str(to), "--year", "2026", *figure, "--lang", "en"]) == 0
    told_why = capsysbinary.readouterr().out.decode()
    assert acquirer.cards[0].card.name in told_why.splitlines()[0]
    assert " · Kofe, MCC 5814: " in told_why  # of each sale that gained something
    told = json.loads((to / "reports.json").read_text())
    assert told["year"] == 2026
    capsysbinary.readouterr()
    assert main(["pilot", "card", "report", "--holder", "x", "--year", "2026", "--to", str(to), "--lang", "en"]) == 4
    assert b"no holder of this IIN" in capsysbinary.readouterr().err
    file = tmp_path / "c.csv"
    file.write_text("rrn,approval,card,amount,currency,date,merchant,mcc,kind\nR,,1,5.555,KZT,2026-01-01,M,1,clear\n")
    assert main(["pilot", "card", "clear", str(file), "--format", "json", "--lang", "en"]) == 3
    assert b"c.csv:2: amount" in capsysbinary.readouterr().err
    file.write_text("a,b\n")
    assert main(["pilot", "card", "clear", str(file), "--lang", "en"]) == 4
