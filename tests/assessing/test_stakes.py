"""What questions are worth in tax, and the ways to answer them."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.app.api import Question, questions, read_case
from salyq.dialogue import stakes
from salyq.reconcile.model import Field

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
HEAD = "time,kind,asset,quantity,value,currency,account,counterparty,id,note\n"
BUY = "2025-02-03T10:00:00+05:00,buy,BTC,1,10000000,KZT,wallet,,,\n"
SELL = "2025-06-03T10:00:00+05:00,sell,BTC,1,30000000,KZT,wallet,,,\n"


@pytest.fixture
def asked(tmp_path: Path):
    def run(*files: str, person: str = PERSON) -> dict[str, Question]:
        (tmp_path / "person.toml").write_text(person, encoding="utf-8")
        for n, text in enumerate(files):
            (tmp_path / f"{n}.csv").write_text(HEAD + text, encoding="utf-8")
        return {q.code: q for q in questions(read_case(tmp_path))}

    return run


def test_a_purchase_that_might_be_told_twice(asked) -> None:
    again = BUY.replace(":00:00+", ":00:30+").replace(",wallet,,,", ",wallet,,,again")
    q = asked(
        BUY
        + BUY.replace("T10:", "T12:").replace(",buy,BTC,1,10000000", ",buy,BTC,1,20000000")
        + SELL
        + SELL.replace("-03T", "-04T"),
        again,
    )["maybe_same_event"]
    # the first two sold cost 10 m each, or 10 m and 20 m
    assert (q.tax_year, q.tax) == (2025, (300_000_000, 400_000_000))
    assert [(w.rows, w.fields) for w in q.ways] == [
        (("0.csv:2", "1.csv:2"), (Field("together", True),)),
        (("0.csv:2", "1.csv:2"), (Field("apart", True),)),
    ]


def test_one_id_with_two_prices(asked) -> None:
    one, other = (BUY.replace(",wallet,,,", ",wallet,,T1,").replace("10000000", v) for v in ("10000000", "20000000"))
    q = asked(one + SELL, other)["conflicting_rows"]
    assert (q.tax_year, q.tax) == (2025, (100_000_000, 200_000_000))
    assert [w.rows for w in q.ways] == [("0.csv:2",), ("1.csv:2",)]
    assert {w.fields for w in q.ways} == {(Field("nothing", True),)}


def test_a_receipt_is_worth_the_tax_of_the_year_in_which_it_is_sold(asked) -> None:
    came = "2024-02-03T10:00:00+05:00,transfer_in,BTC,1,,,wallet,,,\n"
    q = asked(came + SELL)["unmatched_transfer_in"]
    assert (q.year, q.tax_year, q.tax) == (2024, 2025, (0, 300_000_000))
    assert q.income_at_stake == 3_000_000_000


def test_the_budget_bounds_what_is_tried(asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stakes, "BUDGET", 0)
    q = asked("2025-02-03T10:00:00+05:00,transfer_in,BTC,1,,,wallet,,,\n" + SELL)["unmatched_transfer_in"]
    assert q.tax == (0, 300_000_000)  # the bounds of the law
    out = asked(BUY + SELL.replace("sell,BTC,1,30000000,KZT", "transfer_out,BTC,1,,"))["unmatched_transfer_out"]
    assert out.tax is None


def test_a_person_whose_tax_is_not_worked_out_has_no_stakes(asked) -> None:
    q = asked(
        BUY.replace(",buy,BTC,1,10000000,KZT", ",transfer_in,BTC,1,,"),
        person=PERSON.replace("individual", "sole_proprietor"),
    )
    assert q["unmatched_transfer_in"].tax is None
    assert q["unmatched_transfer_in"].ways
