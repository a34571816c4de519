"""The card: where money could be in two places, or in none: repetitions, refunds, forced rows, two at once."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.office.pilots.conftest import Acquirer, programme

from salyq.civil.days import kz_day
from salyq.cli.main import main
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Answer, Request
from salyq.office.ledger.reading import request
from salyq.office.ledger.recount import recount
from salyq.office.pilots import consequences, demo, events
from salyq.office.pilots.card import report, spec
from salyq.office.pilots.card.clearing import Clearing, Row, read_file
from salyq.office.pilots.card.statement import statement
from salyq.office.pilots.sandbox import contracts
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

DAY = demo.LIMITS["client_day"]


def rest(acquirer: Acquirer, name: str) -> int:
    found = acquirer.balance(name)
    return found.credits - found.debits


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, "00"),
        ({"4": "000009000000"}, "94"),  # more than was approved
        ({"4": "000000000001"}, "94"),
        ({"49": "840"}, "94"),
        ({"3": "200000"}, "94"),
        ({"2": "another"}, "94"),
    ],
)
def test_a_repetition_says_what_was_said(acquirer: Acquirer, change: dict[str, str], answer: str) -> None:
    sent, first = acquirer.pay(5_000)
    held = acquirer.coins().debits_held
    other = {k: acquirer.cards[1].pan if v == "another" else v for k, v in change.items()}
    reply = acquirer.ask({**sent, **other, "t": "0101"})
    assert reply["39"] == answer
    assert (reply == first) is (answer == "00")
    assert (acquirer.coins().debits_held, acquirer.coins(1).debits_held) == (held, 0)


def test_a_part_approved_is_repeated_as_a_part(acquirer: Acquirer) -> None:
    acquirer.pay(DAY - 1_000)
    sent, first = acquirer.pay(5_000, f48="61051")
    assert (first["39"], first["4"]) == ("10", f"{1_000:012d}")
    assert acquirer.ask({**sent, "t": "0101"}) == first


def test_a_sale_is_not_reversed_it_is_refunded(acquirer: Acquirer) -> None:
    sent, reply = acquirer.pay(100_000)
    acquirer.clear(acquirer.row(sent, reply, 100_000))
    assert acquirer.reverse(sent)["39"] == "25"  # 00 would say that the holder has his coins again
    part, reply = acquirer.pay(100_000)
    acquirer.clear(acquirer.row(part, reply, 60_000, "partial"))
    assert acquirer.reverse(part)["39"] == "00"  # the rest of it
    assert acquirer.coins().debits_held == 0
    assert acquirer.reverse(part)["39"] == "00"


def test_numbers_that_come_again_are_other_payments(acquirer: Acquirer, clock: FixedClock) -> None:
    """The same STAN the next day, the same STAN and minute a year later, one retrieval number of two acquirers."""
    sent, reply = acquirer.pay(30_000)
    clock.move(clock.now() + timedelta(minutes=1))
    other, said = acquirer.pay(70_000, f11=sent["11"], f37=sent["37"], f32="00000999999", f7="0616060000")
    assert (reply["39"], said["39"], reply["38"] != said["38"]) == ("00", "00", True)
    day = acquirer.clear(acquirer.row(sent, reply, 30_000))
    assert dict(day.acquirers) == {"acquirer/00000123456/KZT": 30_000}
    assert acquirer.left("client_day") == DAY - 100_000  # the other is held as it was
    assert acquirer.clear(acquirer.row(other, said, 70_000)).acquirers == {"acquirer/00000999999/KZT": 70_000}
    clock.move(clock.now() + timedelta(days=365))
    with acquirer.store.transaction() as tx:
        demo.feed(tx, ["USDT", "BTC"], tx.now)
    late = acquirer.pay(9_000, f11=sent["11"], f7=sent["7"], f37="RRN-NEXT-YEA")[0]
    assert acquirer.coins().debits_held > 0
    assert acquirer.reverse(late)["39"] == "00"
    assert acquirer.coins().debits_held == 0
    assert recount(acquirer.store.url, clock).differences == []


def test_nobody_gets_back_what_the_issuer_paid(acquirer: Acquirer, clock: FixedClock) -> None:
    made = acquirer.cards[0]
    name, tenge = f"card/{made.card.contract}/guarantee", f"card/{made.card.holder}/KZT"

    def row(amount: int, kind: str) -> list[str]:
        return ["OFFLINE", "", made.pan, str(amount), "KZT", "2026-06-16", "Shop", "5411", kind]

    def owed() -> str:
        with acquirer.store.transaction() as tx:
            return str(statement(tx, made.card.holder, kz_day(tx.now).year)["owed_kzt"])

    [forced] = acquirer.clear(row(DAY + 1, "forced")).rows
    assert owed() == f"{(DAY + 1) / 100:.2f}"
    assert (forced.covered, rest(acquirer, name)) == (DAY + 1, -DAY - 1)
    clock.move(clock.now() + timedelta(days=200))  # the year has ended meanwhile
    done = [acquirer.clear(row(*x)).rows[0] for x in ((DAY, "refund"), (2, "chargeback"), (1, "chargeback"))]
    assert [(r.result, r.repaid, r.why) for r in done] == [
        ("returned", DAY, ""),
        ("rejected", 0, "more_than_paid"),
        ("returned", 1, ""),
    ]
    assert (rest(acquirer, name), rest(acquirer, tenge), rest(acquirer, "acquirer/none/KZT")) == (0, 0, 0)
    assert owed() == "0.00"
    assert acquirer.clear(row(7_000, "refund")).rows[0].repaid == 0  # of the merchant's own will
    assert rest(acquirer, tenge) == 7_000
    sent, reply = acquirer.pay(50_000, 1)
    assert reply["39"] == "91"  # no price for half a year
    assert acquirer.clear(acquirer.row(sent, reply, 1, "chargeback")).rows[0].why == "more_than_paid"
    assert recount(acquirer.store.url, clock).differences == []


def test_a_chargeback_of_last_year_leaves_both_years_files(acquirer: Acquirer, clock: FixedClock) -> None:
    clock.move(clock.now().replace(month=12, day=30))
    with acquirer.store.transaction() as tx:
        demo.feed(tx, ["USDT", "BTC"], tx.now)
    card = acquirer.cards[0].card
    sent, reply = acquirer.pay(100_000)
    acquirer.clear(acquirer.row(sent, reply, 100_000))
    with acquirer.store.transaction() as tx:
        was = report.files(report.year_of(tx, card.holder, 2026))
    clock.move(clock.now() + timedelta(days=9))
    assert acquirer.clear(acquirer.row(sent, reply, 100_000, "chargeback")).rows[0].result == "returned"
    with acquirer.store.transaction() as tx:
        assert report.files(report.year_of(tx, card.holder, 2026)) == was  # the coins were sold, and stay so
        after = report.files(report.year_of(tx, card.holder, 2027))
    assert (after["records.csv"], after["carf.csv"].count("\n")) == (was["records.csv"], 1)


def test_a_hold_that_ends_between_plan_and_ledger_is_sold_without_it(
    acquirer: Acquirer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, reply = acquirer.pay(100_000)
    held, ask = acquirer.coins().debits_held, acquirer.gate.ask

    def slow(asked: Request) -> Answer:
        if asked.id.startswith("clearing/") and asked.id.endswith("/0"):
            clock.move(clock.now() + timedelta(days=8))
        return ask(asked)

    with monkeypatch.context() as patch:
        patch.setattr(acquirer.gate, "ask", slow)
        [row] = acquirer.clear(acquirer.row(sent, reply, 100_000)).rows
    assert (row.result, row.settled, row.covered, row.units) == ("forced", 100_000, 0, held)
    assert (acquirer.coins().debits_held, acquirer.coins().debits) == (0, held)
    with acquirer.store.transaction() as tx:
        told_ = consequences.consequences(tx, f"auth/{spec.key(sent)}")
    assert told_ is not None
    assert told_["agree"], (told_["from_ledger"], told_["written"])


def test_a_file_is_its_acquirers(acquirer: Acquirer) -> None:
    """What no authorisation names is his; of another's payment he gets and gives nothing."""
    sent, reply = acquirer.pay(10_000)
    offline = ["Z", "", sent["2"], "3000", "KZT", "2026-06-16", "Shop", "5411", "forced"]
    acquirer.clear(offline)  # writes the file
    rows = read_file(acquirer.folder / "clearing.csv")
    assert rest(acquirer, "acquirer/none/KZT") == 3_000
    other = Clearing(acquirer.store, acquirer.gate, "777")
    mine = Row(
        "id-1", 2, sent["37"], reply["38"], sent["2"], 10_000, kz_day(acquirer.store.clock.now()), "", "", "clear"
    )
    refused, refund = other.clear(
        [mine, mine._replace(id="id-2", rrn="NONE", approval="", tiyn=2_000, kind="refund")]
    ).rows
    assert (refused.result, refused.why, refund.result) == ("rejected", "other_acquirer", "returned")
    assert (rest(acquirer, "acquirer/777/KZT"), rest(acquirer, "acquirer/none/KZT")) == (-2_000, 3_000)
    unlike = mine._replace(id="id-3", approval="999999", tiyn=500, kind="forced")
    assert other.clear([unlike]).acquirers == {"acquirer/777/KZT": 500}  # its number is another's by chance
    own = Clearing(acquirer.store, acquirer.gate, sent["32"].lstrip("0"))
    assert [r.result for r in own.clear([mine, *rows]).rows] == ["matched", "duplicate"]
    assert rest(acquirer, f"acquirer/{sent['32']}/KZT") == 10_000


def together(acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch, *files: list[list[str]]) -> list[Counter[str]]:
    """Each file cleared by a thread of its own. Whoever is first means its row, and moves nothing until the other is
    at work too; returns what came of the rows of each."""
    made, barrier = [acquirer.write(*rows) for rows in files], threading.Barrier(len(files))
    carry_out = Clearing._carry_out

    def late(mine: Clearing, *about: Any) -> Any:
        with contextlib.suppress(threading.BrokenBarrierError):  # the other waits for what is meant here
            barrier.wait(1)
        return carry_out(mine, *about)

    with monkeypatch.context() as patch, ThreadPoolExecutor(len(files)) as threads:
        patch.setattr(Clearing, "_carry_out", late)
        days = list(threads.map(lambda rows: Clearing(acquirer.store, acquirer.gate).clear(rows), made))
    return [day.counts() for day in days]


def test_two_who_clear_one_file_at_once_pay_once(
    acquirer: Acquirer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, reply = acquirer.pay(100_000)
    rows = [acquirer.row(sent, reply, 30_000, "partial"), acquirer.row(sent, reply, 90_000, "final")]
    together(acquirer, monkeypatch, rows, rows)
    assert rest(acquirer, "acquirer/00000123456/KZT") == 120_000
    assert rest(acquirer, f"card/{acquirer.cards[0].card.contract}/guarantee") == 0
    assert recount(acquirer.store.url, clock).differences == []


def test_two_refunds_at_once_repay_the_issuer_once(
    acquirer: Acquirer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two refunds of what the issuer covered: it gets back what it paid, and the holder the rest. Of two chargebacks
    that are each no more than was paid, one is refused."""
    made = acquirer.cards[0]

    def row(amount: int, kind: str, rrn: str = "OFFLINE") -> list[str]:
        return [rrn, "", made.pan, str(amount), "KZT", "2026-06-16", "Shop", "5411", kind]

    acquirer.clear(row(DAY + 1, "forced"), row(DAY + 1, "forced", "OTHER"))
    done = together(acquirer, monkeypatch, [row(DAY, "refund")], [row(DAY - 1, "refund")])
    assert done == [{"returned": 1}, {"returned": 1}]
    assert rest(acquirer, f"card/{made.card.contract}/guarantee") == -DAY - 1  # of OTHER
    assert rest(acquirer, f"card/{made.card.holder}/KZT") == DAY - 2
    done = together(acquirer, monkeypatch, [row(DAY, "chargeback", "OTHER")], [row(DAY - 1, "chargeback", "OTHER")])
    assert sum(done, Counter()) == {"returned": 1, "rejected": 1}
    assert recount(acquirer.store.url, clock).differences == []


@pytest.mark.parametrize(
    ("wide", "amount", "reason"),
    [((), 10**9, "payment"), (("payment",), DAY + 1, "client_day"), (tuple(demo.LIMITS), 200_000_000, "coins")],
)
def test_a_refused_client_takes_no_place(
    store: Store, gate: Gate, tmp_path: Path, wide: tuple[str, ...], amount: int, reason: str
) -> None:
    acquirer = programme(store, gate, tmp_path, limits=demo.LIMITS | dict.fromkeys(wide, 10**12))
    with store.transaction() as tx:
        today = kz_day(tx.now)
        contracts.amend(tx, acquirer.cards[0].card.contract, "clients", 1, "contract; nbk-law:51-5.2", today)
    _, refused = acquirer.pay(amount)
    assert refused["44"] == reason
    assert acquirer.pay(100, 1)[1]["39"] == "00"
    assert acquirer.pay(100)[1]["44"] == "clients"


def test_the_acquirers_file_beside_the_books(
    acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same, cleared and not in the file, in the file and not cleared, refused by the ledger, unreadable."""
    pan, contract = acquirer.cards[0].pan, acquirer.cards[0].card.contract
    (one, first), (two, second), (three, third) = (acquirer.pay(x) for x in (10_000, 20_000, 30_000))
    mine = [acquirer.row(one, first, 10_000), acquirer.row(one, first, 4_000, "refund")]
    acquirer.clear(*mine, acquirer.row(two, second, 20_000))
    monkeypatch.setenv("SALYQ_DATABASE_URL", acquirer.store.url)
    file = acquirer.folder / "clearing.csv"

    def compared(*rows: list[str], number: str = "") -> tuple[int, dict[str, Any]]:
        file.write_text("\n".join([file.read_text().splitlines()[0], *(",".join(r) for r in rows)]) + "\n")
        words = ["--acquirer", number, "--format", "json", "--lang", "en"]
        code = main(["pilot", "card", "reconcile", str(file), *words])
        return code, json.loads(capsys.readouterr().out)

    code, told = compared(*mine, acquirer.row(two, second, 20_000))
    assert (code, told["counts"], told["right"]) == (0, {"same": 3}, True)
    assert [(a["file"], a["booked"], a["unwritten"]) for a in told["acquirers"]] == [("260.00", "260.00", "0.00")]
    code, told = compared(*mine, acquirer.row(three, third, 30_000), ["X", "", pan, "-1", *mine[0][4:]])
    assert (code, told["counts"]) == (3, {"same": 2, "not_booked": 1, "not_in_file": 1, "unread": 1})
    assert {(x["state"], x["file"], x["booked"]) for x in told["lines"]} >= {
        ("not_booked", "300.00", "0.00"),
        ("not_in_file", "0.00", "200.00"),
    }
    acquirer.gate.submit([request("shut", close=[f"card/{contract}/guarantee"])])
    forced = ["Y", "", pan, str(DAY + 1), "KZT", "2026-06-16", "Shop", "5411", "forced"]
    acquirer.clear(forced)
    assert compared(*mine, acquirer.row(two, second, 20_000), forced)[1]["counts"] == {"same": 3, "differs": 1}
    acquirer.gate.submit(
        [request("astray", transfers=[{"debit": "exchange/KZT", "credit": "acquirer/00000123456/KZT", "amount": "7"}])]
    )
    code, told = compared(*mine, acquirer.row(two, second, 20_000))
    assert (code, told["acquirers"][0]["unwritten"]) == (3, "0.07")
    acquirer.gate.submit(
        [request("back", transfers=[{"debit": "acquirer/00000123456/KZT", "credit": "exchange/KZT", "amount": "7"}])]
    )
    other, said = acquirer.pay(50_000, f32="00000999999")
    acquirer.clear(acquirer.row(other, said, 50_000))  # of another's file of the same day
    whole = [*mine, acquirer.row(two, second, 20_000)]
    assert compared(*whole)[1]["counts"] == {"same": 3, "not_in_file": 1}
    assert (compared(*whole, number="123456")[0], compared(*whole, number="999999")[0]) == (0, 3)
    assert main(["pilot", "card", "reconcile", str(file), "--lang", "kk"]) == 3
    assert "бірдей: 3" in capsys.readouterr().out


def test_a_blocked_card_pays_no_more_and_what_it_held_is_cleared(
    acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SALYQ_DATABASE_URL", acquirer.store.url)

    def block(pan: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(pan))
        return main(["pilot", "card", "block", "--ground", "lost", "--lang", "en"])

    sent, reply = acquirer.pay(10_000)
    assert block("4400431234567890") == 2
    assert [block(sent["2"]), block(sent["2"])] == [0, 0]
    assert sent["2"] not in capsys.readouterr().out
    _, refused = acquirer.pay(100)
    assert (refused["39"], refused["44"]) == ("57", "card_blocked")
    assert acquirer.pay(100, 1)[1]["39"] == "00"
    done = acquirer.clear(acquirer.row(sent, reply, 10_000), acquirer.row(sent, reply, 10_000, "refund")).rows
    assert [r.result for r in done] == ["matched", "returned"]
    with acquirer.store.transaction() as tx:
        told_ = statement(tx, acquirer.cards[0].card.holder, kz_day(tx.now).year)
        [kept] = tx.all(events.Event, events.SQL["latest"], {"pilot": "card", "kinds": ["blocked"], "limit": 9})
    assert [c["blocked"] for c in told_["cards"]] == [True]
    assert acquirer.cards[0].card.digest.hex() not in str(kept)  # with the digits shown it would give the number away


@pytest.mark.parametrize(
    ("content", "exit_code", "told"),
    [
        (b"\xff\xfe\n", 4, "not UTF-8"),
        (b"R,," + b"1" * 140_000, 4, "clearing.csv:2: this is not a table"),
        (b"R\0,,1,5,KZT,2026-06-16,Shop,5411,clear", 3, "clearing.csv:2: rrn"),
        (None, 4, "no such file"),
    ],
)
def test_a_file_that_is_none_is_told(
    acquirer: Acquirer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    exit_code: int,
    told: str,
) -> None:
    monkeypatch.setenv("SALYQ_DATABASE_URL", acquirer.store.url)
    acquirer.write()
    file = acquirer.folder / "clearing.csv"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + content)
    for what in ("clear", "reconcile"):
        assert main(["pilot", "card", what, str(file), "--lang", "en"]) == exit_code
        assert told in capsys.readouterr().err
