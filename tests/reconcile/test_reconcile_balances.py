"""Balances below zero, and balances other than an export shows: the first line, and the likely cause."""

from __future__ import annotations

from reconcile_world import PERSON, coins, reading, rec

from salyq.civil.messages import Message
from salyq.reconcile import reconcile
from salyq.reconcile.model import Question
from salyq.records.model import Balance, Record, Source
from salyq.records.reading import Rejection


def asked(files: dict[str, list[Record]], *shown: tuple[int, str]) -> list[Question]:
    """Questions about balances; `shown`: (index of a row of a.csv, the balance of its asset after it)."""
    found = reading(files)
    for n, text in shown:
        r = found.records[n]
        sign = -1 if text.startswith("-") else 1
        found.balances.append(Balance(r.time, r.account, r.asset, sign * coins(text.lstrip("-")), r.source))
    return reconcile(found, PERSON).balances


def cause(question: Question) -> str:
    found = question.message.params["cause"]
    assert isinstance(found, Message)
    return found.code


BUY = rec("buy", "BTC", "1", value="5", currency="KZT")


def test_the_first_line_below_zero_is_named_and_a_missing_file_supposed() -> None:
    sells = [rec("sell", "BTC", q, n, value="5", currency="KZT") for n, q in ((1, "0.5"), (2, "0.7"), (3, "0.1"))]
    (question,) = asked({"a.csv": [BUY, *sells]})
    assert (question.code, str(question.sources[0]), question.quantity) == ("negative_balance", "a.csv:4", coins("0.2"))
    assert cause(question) == "cause_missing_file"
    assert "a.csv:4" in question.message.text("kk")


def test_a_clock_in_another_zone() -> None:
    sold = rec("sell", "BTC", "1", value="5", currency="KZT")
    (question,) = asked({"a.csv": [sold], "b.csv": [rec("buy", "BTC", "1", 300, value="5", currency="KZT")]})
    assert cause(question) == "cause_time_zone"
    assert not asked({"a.csv": [sold], "b.csv": [BUY]})


def test_a_later_purchase_that_is_too_small_mends_nothing() -> None:
    sold = rec("sell", "BTC", "1", value="5", currency="KZT")
    files = {"a.csv": [sold], "b.csv": [rec("buy", "BTC", "0.5", 300, value="5", currency="KZT")]}
    assert cause(asked(files)[0]) == "cause_missing_file"


def test_a_fee_counted_twice() -> None:
    sold = rec("sell", "BTC", "0.999", 5, value="5", currency="KZT")
    fee = rec("fee", "BTC", "0.001", 5)
    again = rec("fee", "BTC", "0.001", 5, note="again")
    (question,) = asked({"a.csv": [BUY, sold, fee, again]})
    assert cause(question) == "cause_fee_twice"


def test_a_transfer_that_is_in_no_file() -> None:
    sent = rec("transfer_out", "BTC", "1", 5)
    sold = rec("sell", "BTC", "0.9", 60 * 24 * 9, account="other", value="5", currency="KZT")
    questions = asked({"a.csv": [BUY, sent, sold]})
    assert [(q.asset, cause(q)) for q in questions] == [("BTC", "cause_untracked_transfer")]


def test_running_balances_that_agree_ask_nothing() -> None:
    sold = rec("sell", "BTC", "0.4", 5, value="5", currency="KZT")
    assert not asked({"a.csv": [BUY, sold]}, (0, "1"), (1, "0.6"))


def test_rows_of_one_second_may_show_their_balances_in_any_order() -> None:
    sold = rec("sell", "BTC", "0.4", value="5", currency="KZT")
    assert not asked({"a.csv": [sold, BUY]}, (0, "0.6"), (1, "1"))


def test_the_first_line_that_differs_is_named() -> None:
    rows = [BUY, *(rec("sell", "BTC", "0.1", n, value="5", currency="KZT") for n in (1, 2, 3))]
    (question,) = asked({"a.csv": rows}, (0, "1"), (1, "0.9"), (2, "0.7"), (3, "0.6"))
    assert (question.code, str(question.sources[0]), question.quantity) == ("balance_differs", "a.csv:4", coins("0.1"))
    assert question.message.params["told"] == "0.7"
    assert question.message.params["found"] == "0.8"


def test_a_rejected_row_is_the_first_suspect() -> None:
    found = reading({"a.csv": [rec("sell", "BTC", "1", value="5", currency="KZT")]})
    found.files[0].rejected.append(Rejection(Source("a.csv", 9), None, None, Message("row_zero")))
    found.files[0].read += 1
    (question,) = reconcile(found, PERSON).balances
    assert "a.csv:9" in question.message.text("en")


def test_money_makes_no_records_and_no_question() -> None:
    found = reading({"a.csv": [BUY]})
    found.balances.append(Balance(BUY.time, BUY.account, "KZT", 5, found.records[0].source))
    assert not reconcile(found, PERSON).balances


def test_a_file_that_begins_in_the_middle_says_so() -> None:
    (question,) = asked({"a.csv": [BUY]}, (0, "3"))
    assert cause(question) == "cause_missing_before"
