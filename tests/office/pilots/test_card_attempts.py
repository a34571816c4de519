"""Rows of a clearing file that the ledger refused, wholly or in part: cleared once the cause is mended, once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.office.pilots.conftest import Acquirer
from tests.office.pilots.test_card_money import DAY, rest

from salyq.cli.main import main
from salyq.office.ledger.reading import request
from salyq.office.ledger.recount import recount
from salyq.office.pilots import consequences
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.clearing import read_file
from salyq.office.pilots.card.reconciling import reconcile
from salyq.office.pilots.sandbox import reports
from salyq.office.store.clock import FixedClock


def test_what_the_ledger_refuses_nobody_paid_until_it_is_mended(acquirer: Acquirer, clock: FixedClock) -> None:
    """The same row is refused again while the account is closed; once it is open it is cleared, exactly once."""
    made = acquirer.cards[0]
    guarantee = f"card/{made.card.contract}/guarantee"
    row = ["Y", "", made.pan, str(DAY + 1), "KZT", "2026-06-16", "Shop", "5411", "forced"]
    back = [*row[:3], "5", *row[4:8], "refund"]

    def cleared() -> list[tuple[str, int, str]]:
        return [(r.result, r.settled, r.why) for r in acquirer.clear(row, back).rows]

    acquirer.gate.submit([request("shut", close=[guarantee, f"card/{made.card.holder}/KZT"])])
    refused = [("rejected", 0, "account_closed")] * 2
    assert (cleared(), cleared(), rest(acquirer, "acquirer/none/KZT")) == (refused, refused, 0)
    acquirer.gate.submit([request("mended", reopen=[guarantee, f"card/{made.card.holder}/KZT"])])
    assert cleared() == [("forced", DAY + 1, ""), ("returned", -5, "")]
    assert cleared() == [("duplicate", 0, ""), ("duplicate", 0, "")]
    assert (rest(acquirer, guarantee), rest(acquirer, "acquirer/none/KZT")) == (5 - DAY - 1, DAY + 1 - 5)
    with acquirer.store.transaction() as tx:
        assert reconcile(tx, read_file(acquirer.folder / "clearing.csv")).right
    assert recount(acquirer.store.url, clock).differences == []


def test_what_is_left_of_a_row_is_cleared_when_the_cause_is_mended(
    acquirer: Acquirer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hold covers 100.00 of the row; the issuer, whose account is closed, would have to pay the rest."""
    made, (sent, said) = acquirer.cards[0], acquirer.pay(10_000)
    guarantee, paid = f"card/{made.card.contract}/guarantee", "acquirer/00000123456/KZT"
    row = acquirer.row(sent, said, DAY + 10_001)
    acquirer.gate.submit([request("shut", close=[guarantee])])
    for settled, twice in ((10_000, 10_000), (0, 10_000)):
        [done] = acquirer.clear(row).rows
        assert (done.result, done.settled, done.why) == ("part" if settled else "rejected", settled, "account_closed")
        assert rest(acquirer, paid) == twice
    with acquirer.store.transaction() as tx:
        [line] = reconcile(tx, read_file(acquirer.folder / "clearing.csv")).lines
    assert (line.state, line.file, line.booked) == ("differs", DAY + 10_001, 10_000)
    acquirer.gate.submit([request("mended", reopen=[guarantee])])
    assert [(r.result, r.settled, r.covered) for r in acquirer.clear(row).rows] == [("forced", DAY + 1, DAY + 1)]
    assert [r.result for r in acquirer.clear(row).rows] == ["duplicate"]
    assert (rest(acquirer, paid), rest(acquirer, guarantee)) == (DAY + 10_001, -DAY - 1)
    with acquirer.store.transaction() as tx:
        assert reconcile(tx, read_file(acquirer.folder / "clearing.csv")).right
        told = consequences.consequences(tx, f"auth/{spec.key(sent)}")
    assert told is not None
    assert told["agree"]
    assert recount(acquirer.store.url, clock).differences == []
    monkeypatch.setenv("SALYQ_DATABASE_URL", acquirer.store.url)
    other, answer = acquirer.pay(20_000)
    acquirer.gate.submit([request("shut again", close=[guarantee])])
    file = acquirer.folder / "clearing.csv"
    rows = [file.read_text().splitlines()[0], ",".join(acquirer.row(other, answer, DAY + 7))]
    file.write_text("\n".join(rows) + "\n")
    assert main(["pilot", "card", "clear", str(file), "--lang", "en", "--now", clock.now().isoformat()]) == 3
    assert "in part; the rest was rejected" in capsys.readouterr().out


def test_a_payment_cleared_in_attempts_or_rows_is_one_payment_of_the_month(acquirer: Acquirer) -> None:
    """100.00 held and the rest of its row in two attempts; 300.00 in two rows, of which 50.00 comes back: two
    payments, the volume without what came back."""
    made, (sent, said) = acquirer.cards[0], acquirer.pay(10_000)
    guarantee = f"card/{made.card.contract}/guarantee"
    acquirer.gate.submit([request("shut", close=[guarantee])])
    more = acquirer.row(sent, said, DAY + 10_001)
    assert [r.result for r in acquirer.clear(more).rows] == ["part"]
    acquirer.gate.submit([request("mended", reopen=[guarantee])])
    assert [r.result for r in acquirer.clear(more).rows] == ["forced"]
    other, answer = acquirer.pay(30_000)
    parts = [acquirer.row(other, answer, tiyn) for tiyn in (10_000, 20_000)]
    parts[0][-1], parts[1][-1] = "partial", "final"
    back = [*acquirer.row(other, answer, 5_000)[:-1], "refund"]
    assert [r.result for r in acquirer.clear(*parts, back).rows] == ["matched", "matched", "returned"]
    with acquirer.store.transaction() as tx:
        month = reports.monthly(tx, made.card.contract, acquirer.store.clock.now().date())
    assert month["payments"] == 2
    assert Decimal(month["settled_kzt"]) * 100 == DAY + 10_001 + 30_000 - 5_000
