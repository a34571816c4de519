"""What a person answers: found by content, applied once, cited, and told where it no longer fits."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from reconcile_world import PERSON, coins, reading, rec

from salyq.reconcile import reconcile
from salyq.reconcile.answered import ELSEWHERE
from salyq.reconcile.holdings import SENT, holdings
from salyq.reconcile.model import Ledger
from salyq.records.answers import Answer, RowName
from salyq.records.answers_file import row_name
from salyq.records.model import Record, Source

IN = rec("transfer_in", "BTC", "0.5", account="wallet")
OUT = rec("transfer_out", "BTC", "0.5", 10, account="binance")
LATER = date(2025, 12, 31)


def say(what: str, *rows: Record | RowName, **more: Any) -> Answer:
    names = tuple(r if isinstance(r, RowName) else row_name(r) for r in rows)
    return Answer(what, names, Source("answers.toml", more.pop("line", 1)), **more)


def settled(files: dict[str, list[Record]], *answers: Answer) -> Ledger:
    found = reading(files)
    found.answers = list(answers)
    ledger = reconcile(found, PERSON)
    assert all(report.balanced() for report in found.files), [r for r in found.files if not r.balanced()]
    return ledger


def one(ledger: Ledger, kind: str) -> Record:
    (found,) = [r for r in ledger.records if r.kind == kind]
    return found


def states(ledger: Ledger) -> list[str]:
    return [a.state for a in ledger.answers]


def reasons(ledger: Ledger) -> list[str]:
    return [q.message.params["why"].code for q in ledger.questions if q.code == "answer_does_not_fit"]  # type: ignore[attr-defined]


def test_a_cost_makes_a_receipt_a_purchase_and_is_cited() -> None:
    ledger = settled({"a.csv": [IN]}, say("cost", IN, value=coins("9000"), currency="USD", document="deal 5"))
    bought = one(ledger, "buy")
    assert (bought.value, bought.currency, bought.document) == (coins("9000"), "USD", "deal 5")
    assert str(bought.source) == "a.csv:2 (answers.toml:1)"
    assert not ledger.questions
    assert states(ledger) == ["used"]


def test_a_cost_on_an_earlier_day_is_a_purchase_elsewhere_that_was_sent_here() -> None:
    ledger = settled({"a.csv": [IN]}, say("cost", IN, value=coins("9000"), day=date(2024, 2, 1), document="deal"))
    bought = one(ledger, "buy")
    assert (bought.day, bought.account, str(bought.source)) == (date(2024, 2, 1), ELSEWHERE, "answers.toml:1")
    assert [(t.how, t.received.account, t.network_fee) for t in ledger.transfers] == [("answer", "wallet", 0)]
    assert not ledger.questions
    assert [(h.account, h.quantity) for h in holdings(ledger, LATER)] == [("wallet", coins("0.5"))]
    assert [h.account for h in holdings(ledger, date(2024, 6, 1))] == [ELSEWHERE]


def test_the_cost_of_coins_that_were_sold_adds_their_purchase() -> None:
    sold = rec("sell", "BTC", "2", value="100", currency="KZT")
    ledger = settled(
        {"a.csv": [sold]}, say("cost", sold, value=coins("60"), quantity=coins("1.5"), day=date(2024, 5, 5))
    )
    bought = one(ledger, "buy")
    assert (bought.quantity, bought.value, bought.day, bought.account) == (
        coins("1.5"),
        coins("60"),
        date(2024, 5, 5),
        "binance",
    )


def test_a_purchase_after_the_sale_does_not_fit() -> None:
    sold = rec("sell", "BTC", "2", value="100", currency="KZT")
    ledger = settled({"a.csv": [sold]}, say("cost", sold, value=1, day=date(2026, 5, 5)))
    assert reasons(ledger) == ["answer_bought_later"]
    assert [r.kind for r in ledger.records] == ["sell"]


@pytest.mark.parametrize(
    ("row", "kind", "fits"),
    [(OUT, "gift_out", True), (OUT, "sell", True), (OUT, "gift_in", False), (IN, "mined", True)],
)
def test_a_row_may_be_of_another_kind_but_not_of_another_direction(row: Record, kind: str, fits: bool) -> None:
    ledger = settled({"a.csv": [row]}, say("kind", row, kind=kind, value=coins("5"), currency="KZT"))
    assert [r.kind for r in ledger.records] == [kind if fits else row.kind]
    assert reasons(ledger) == ([] if fits else ["answer_other_direction"])
    assert not [q for q in ledger.questions if q.code.startswith("unmatched")] or not fits


def test_what_is_nothing_moves_to_a_rule_of_its_own() -> None:
    found = reading({"a.csv": [IN, OUT], "b.csv": [IN]})
    found.answers = [say("nothing", IN)]
    ledger = reconcile(found, PERSON)
    assert [r.kind for r in ledger.records] == ["transfer_out"]
    assert [dict(f.ignored) for f in found.files] == [{"answered_nothing": 1}, {"answered_nothing": 1}]


def test_together_settles_an_ambiguous_transfer() -> None:
    sent = rec("transfer_out", "BTC", "1")
    one_, other = (rec("transfer_in", "BTC", "1", 5, account=a) for a in ("w1", "w2"))
    files = {"a.csv": [sent, one_, other]}
    assert "ambiguous_transfer" in [q.code for q in settled(files).questions]
    ledger = settled(files, say("together", sent, other))
    assert [(t.received.account, t.how) for t in ledger.transfers] == [("w2", "answer")]
    assert [q.code for q in ledger.questions] == ["unmatched_transfer_in"]


def test_together_takes_a_transfer_that_no_rule_would_match() -> None:
    sent = rec("transfer_out", "BTC", "1")
    late = rec("transfer_in", "BTC", "0.7", 60 * 24 * 30, account="w")
    ledger = settled({"a.csv": [sent, late]}, say("together", sent, late))
    assert [t.network_fee for t in ledger.transfers] == [coins("0.3")]


def test_together_cuts_what_was_sent_into_what_arrived() -> None:
    sent = rec("transfer_out", "BTC", "1", fee="0.001", fee_asset="BTC")
    parts = [rec("transfer_in", "BTC", q, 9000, account="w") for q in ("0.6", "0.399")]
    ledger = settled({"a.csv": [sent, *parts]}, say("together", sent, *parts))
    assert sorted((t.received.quantity, t.network_fee) for t in ledger.transfers) == [
        (coins("0.399"), 0),
        (coins("0.6"), coins("0.001")),
    ]
    assert sum(r.quantity for r in ledger.records if r.kind == "transfer_out") == coins("1")
    assert all(not r.fee for r in ledger.records)  # it is the difference already
    assert [(h.account, h.quantity) for h in holdings(ledger, LATER)] == [
        ("binance", -coins("1")),
        ("w", coins("0.999")),
    ]


def test_together_joins_halves_of_a_swap() -> None:
    halves = [rec("swap_out", "BTC", "1", group="x"), rec("swap_in", "ETH", "15", 3, group="y")]
    assert [q.code for q in settled({"a.csv": halves}).questions] == ["half_swap", "half_swap"]
    ledger = settled({"a.csv": halves}, say("together", *halves))
    assert not ledger.questions
    assert len({r.group for r in ledger.records}) == 1


def test_together_and_apart_settle_what_might_be_one_event() -> None:
    one_, other = rec("buy", "BTC", "1", value="5", currency="KZT"), rec("buy", "BTC", "1", value="5", currency="KZT")
    other = other._replace(note="again", time=other.time.replace(second=30))
    files = {"a.csv": [one_], "b.csv": [other]}
    (question,) = settled(files).questions
    assert question.code == "maybe_same_event"
    together, apart = settled(files, say("together", one_, other)), settled(files, say("apart", one_, other))
    assert (len(together.records), len(apart.records)) == (1, 2)
    assert not together.questions
    assert not apart.questions
    assert [e.how for e in together.same_events] == ["answer"]


def test_together_refuses_what_cannot_be_one() -> None:
    sent, got = rec("transfer_out", "BTC", "1"), rec("transfer_in", "BTC", "1.1", account="w")
    assert reasons(settled({"a.csv": [sent, got]}, say("together", sent, got))) == ["answer_more_arrives"]
    bought, sold = (
        rec("buy", "BTC", "1", value="5", currency="KZT"),
        rec("sell", "BTC", "1", 1, value="5", currency="KZT"),
    )
    assert reasons(settled({"a.csv": [bought, sold]}, say("together", bought, sold))) == ["answer_two_directions"]
    other = rec("buy", "ETH", "1", value="5", currency="KZT")
    assert reasons(settled({"a.csv": [bought, other]}, say("together", bought, other))) == ["answer_other_assets"]


def test_own_ends_the_question_and_moves_nothing_out_of_what_is_owned() -> None:
    back = rec("transfer_in", "BTC", "0.2", 60 * 24 * 20, account="binance")
    ledger = settled({"a.csv": [OUT, back]}, say("own", OUT, back))
    assert not ledger.questions
    assert [(t.how, t.sent.account) for t in ledger.transfers] == [("own", SENT)]
    held = {h.account: h.quantity for h in holdings(ledger, LATER)}
    assert held == {SENT: coins("0.3"), "binance": -coins("0.3")}


def test_times_says_what_is_a_repeat_and_what_is_not() -> None:
    row = rec("buy", "BTC", "1", value="5", currency="KZT")
    files = {"a.csv": [row, row], "b.csv": [row]}
    assert len(settled(files).records) == 2
    assert len(settled(files, say("times", row, times=1)).records) == 1
    assert len(settled(files, say("times", row, times=3)).records) == 3
    assert reasons(settled(files, say("times", row, times=4))) == ["answer_too_few_rows"]


def test_of_rows_that_are_repeats_the_ones_that_were_left_out_go_first() -> None:
    row = rec("buy", "BTC", "1", value="5", currency="KZT")
    ledger = settled({"a.csv": [row], "b.csv": [row, row]}, say("times", row, times=1))
    assert [(r.source.file, r.source.answer) for r in ledger.records] == [("b.csv", "")]


def test_leave_closes_a_question_and_only_that() -> None:
    files = {"a.csv": [OUT, IN._replace(asset="ETH")]}
    ledger = settled(files, say("leave", OUT, question="unmatched_transfer_out"))
    assert [q.code for q in ledger.questions] == ["unmatched_transfer_in"]
    assert [q.code for q in ledger.balances] == ["negative_balance"]
    ledger = settled(files, say("leave", OUT, question="negative_balance"))
    assert not ledger.balances


def test_an_answer_survives_another_export_of_the_same_rows() -> None:
    answer = say("cost", IN, value=coins("9000"), currency="USD", document="deal 5")
    other = rec("buy", "ETH", "1", value="5", currency="KZT", account="wallet")
    ledger = settled({"new/export.csv": [other, IN], "old.csv": [IN]}, answer)
    assert [r.value for r in ledger.records if r.asset == "BTC"] == [coins("9000")]
    assert not ledger.questions


def test_an_answer_that_no_longer_fits_says_so() -> None:
    named = IN._replace(id="T1")
    answer = say("cost", named, value=coins("9000"), line=7)
    changed = settled({"a.csv": [named._replace(quantity=coins("0.6"))]}, answer)
    assert reasons(changed) == ["answer_row_changed"]
    assert states(changed) == ["unfit"]
    (question,) = [q for q in changed.questions if q.code == "answer_does_not_fit"]
    assert str(question.sources[0]) == "answers.toml:7"
    assert question.severity == "error"
    assert "unmatched_transfer_in" in [q.code for q in changed.questions]
    assert reasons(settled({"a.csv": [OUT]}, answer)) == ["answer_row_gone"]


def test_equal_rows_of_one_file_are_told_apart_by_number_only() -> None:
    files = {"a.csv": [OUT, OUT], "b.csv": [OUT]}
    assert reasons(settled(files, say("kind", OUT, kind="gift_out"))) == ["answer_row_many"]
    ledger = settled(files, say("kind", row_name(OUT, 2), kind="gift_out"))
    assert sorted(r.kind for r in ledger.records) == ["gift_out", "transfer_out"]


def test_of_two_answers_to_one_row_the_later_holds() -> None:
    ledger = settled({"a.csv": [OUT]}, say("kind", OUT, kind="gift_out"), say("kind", OUT, kind="spend", line=9))
    assert [r.kind for r in ledger.records] == ["spend"]
    assert states(ledger) == ["replaced", "used"]


def test_answers_do_not_depend_on_the_order_of_rows_or_files() -> None:
    rows = [rec("transfer_out", "BTC", f"0.{n}", n) for n in range(1, 8)]
    rows += [rec("transfer_in", "BTC", f"0.{n}", n, account="w") for n in range(3, 9)]
    answers = [
        say("kind", rows[0], kind="gift_out"),
        say("own", rows[1], line=2),
        say("cost", rows[-1], value=coins("7"), line=3),
    ]
    want = [r[:-1] for r in settled({"a.csv": rows[:6], "b.csv": rows[4:]}, *answers).records]
    assert len(want) == len(rows)
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert [r[:-1] for r in settled({"z.csv": rows[5:], "b.csv": rows[:7]}, *answers).records] == want
