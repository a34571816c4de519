"""Own transfers: by hash, exact, near; nothing ambiguous is guessed."""

from __future__ import annotations

import pytest
from reconcile_world import START, codes, coins, owner, rec, settle

from salyq.reconcile.model import Ledger
from salyq.reconcile.transfers import plain_hash
from salyq.records.model import Record
from salyq.records.person import Account

OUT = rec("transfer_out", "BTC", "1")


def came(quantity: str = "1", minutes: int = 20, account: str = "wallet", **more: object) -> Record:
    return rec("transfer_in", "BTC", quantity, minutes, account, **more)


def paired(ledger: Ledger) -> list[tuple[str, str, str, int]]:
    return [(t.sent.account, t.received.account, t.how, t.network_fee) for t in ledger.transfers]


def test_equal_amount_soon_after_is_an_own_transfer() -> None:
    ledger = settle(OUT, came())
    assert paired(ledger) == [("binance", "wallet", "exact", 0)]
    assert (codes(ledger), ledger.unmatched_in, ledger.unmatched_out) == ([], [], [])
    assert len(ledger.records) == 2


@pytest.mark.parametrize(("minutes", "matched"), [(-6, False), (-5, True), (0, True), (4320, True), (4321, False)])
def test_window_of_an_exact_amount(minutes: int, matched: bool) -> None:
    ledger = settle(OUT, came(minutes=minutes))
    assert bool(ledger.transfers) is matched
    assert sorted(codes(ledger)) == ([] if matched else ["unmatched_transfer_in", "unmatched_transfer_out"])


@pytest.mark.parametrize(
    ("quantity", "minutes", "fee"),
    [
        ("0.9995", 30, "0.0005"),
        ("0.998", 1440, "0.002"),
        ("0.9995", 1441, None),
        ("0.9995", -1, None),
        ("0.9", 9, None),
    ],
)
def test_a_smaller_amount_within_a_plausible_network_fee(quantity: str, minutes: int, fee: str | None) -> None:
    expected = [] if fee is None else [("binance", "wallet", "near", coins(fee))]
    assert paired(settle(OUT, came(quantity, minutes))) == expected


def test_more_than_was_sent_never_matches() -> None:
    assert settle(OUT, came("1.0001")).transfers == []


def test_an_unknown_asset_may_lose_two_per_cent() -> None:
    sent = rec("transfer_out", "XYZ", "100")
    assert settle(sent, rec("transfer_in", "XYZ", "98", 9, "wallet")).transfers
    assert not settle(sent, rec("transfer_in", "XYZ", "97.9", 9, "wallet")).transfers


def test_a_network_fee_takes_a_quarter_at_most() -> None:
    sent = rec("transfer_out", "USDT", "10")
    assert settle(sent, rec("transfer_in", "USDT", "7.5", 9, "wallet")).transfers
    assert not settle(sent, rec("transfer_in", "USDT", "7.4", 9, "wallet")).transfers


def test_the_fee_told_apart_leaves_the_amount_exact() -> None:
    ledger = settle(OUT._replace(fee=coins("0.0005"), fee_asset="BTC"), came())
    assert paired(ledger) == [("binance", "wallet", "exact", 0)]
    assert ledger.transfers[0].sent.fee == coins("0.0005")


def test_a_fee_inside_the_quantity_is_counted_once() -> None:
    ledger = settle(OUT._replace(fee=coins("0.0005"), fee_asset="BTC"), came("0.9995"))
    assert paired(ledger) == [("binance", "wallet", "exact", coins("0.0005"))]
    assert [r.fee for r in ledger.records] == [None, None]
    assert [m.code for _, m in ledger.notices] == ["fee_inside_quantity"]


def test_a_told_fee_forbids_another_difference() -> None:
    assert settle(OUT._replace(fee=coins("0.0005"), fee_asset="BTC"), came("0.9993")).transfers == []


def test_never_within_one_account_nor_between_assets() -> None:
    assert settle(OUT, came(account="binance")).transfers == []
    assert settle(OUT, came()._replace(asset="BCH")).transfers == []


def test_two_possible_receivers_are_asked_and_neither_is_matched() -> None:
    ledger = settle(OUT, came(account="wallet"), came(account="ledger", minutes=40))
    assert ledger.transfers == []
    (question,) = ledger.questions
    assert question.code == "ambiguous_transfer"
    assert len(question.sources) == 3
    assert (question.asset, question.quantity, question.year) == ("BTC", coins("1"), 2025)
    assert (len(ledger.unmatched_in), len(ledger.unmatched_out)) == (2, 1)


def test_one_sent_and_two_equal_arrivals_in_one_account_are_asked_too() -> None:
    ledger = settle(OUT, came(minutes=20), came(minutes=40))
    assert (ledger.transfers, codes(ledger)) == ([], ["ambiguous_transfer"])


def test_two_possible_senders_are_asked() -> None:
    ledger = settle(OUT, OUT._replace(account="kraken"), came())
    assert (ledger.transfers, codes(ledger)) == ([], ["ambiguous_transfer"])


def test_equal_transfers_between_the_same_two_accounts_pair_in_order() -> None:
    ledger = settle(*[rec("transfer_out", "BTC", "1", m) for m in (0, 60)], came(minutes=20), came(minutes=80))
    assert [(t.sent.time - START).seconds // 60 for t in ledger.transfers] == [0, 60]
    assert [(t.received.time - START).seconds // 60 for t in ledger.transfers] == [20, 80]


def test_an_amount_handed_on_has_one_explanation_only() -> None:
    """binance -> wallet -> kraken, the same amount: the second out can only be the second in."""
    ledger = settle(
        OUT, came(minutes=10), rec("transfer_out", "BTC", "1", 60, "wallet"), came(minutes=70, account="kraken")
    )
    assert paired(ledger) == [("binance", "wallet", "exact", 0), ("wallet", "kraken", "exact", 0)]


def test_two_pairs_of_accounts_that_could_be_crossed_are_asked() -> None:
    ledger = settle(
        OUT,
        rec("transfer_out", "BTC", "1", 5, "kraken"),
        came(minutes=20, account="wallet"),
        came(minutes=25, account="ledger"),
    )
    assert (ledger.transfers, codes(ledger)) == ([], ["ambiguous_transfer"])


def test_a_counterparty_that_names_an_account_settles_it() -> None:
    ledger = settle(OUT._replace(counterparty="Ledger"), came(), came(account="ledger", minutes=40))
    assert paired(ledger) == [("binance", "ledger", "exact", 0)]
    assert codes(ledger) == ["unmatched_transfer_in"]


def test_so_does_one_that_names_the_sender() -> None:
    ledger = settle(OUT, OUT._replace(account="kraken"), came(counterparty="kraken"))
    assert paired(ledger) == [("kraken", "wallet", "exact", 0)]
    assert codes(ledger) == ["unmatched_transfer_out"]


def test_of_one_hash_the_equal_amount_comes_first() -> None:
    ledger = settle(OUT._replace(hash="h"), came(hash="h"), came("0.9", hash="h", account="ledger"))
    assert paired(ledger) == [("binance", "wallet", "hash", 0)]


def test_a_hash_decides_before_amount_and_time() -> None:
    ledger = settle(
        OUT._replace(hash="0xABCDEF"),
        came("0.9", 9 * 1440, hash="abcdef"),
        came("1", 20, "ledger"),
    )
    assert paired(ledger) == [("binance", "wallet", "hash", coins("0.1"))]
    assert codes(ledger) == ["unmatched_transfer_in"]


def test_two_hashes_are_two_transactions() -> None:
    assert settle(OUT._replace(hash="aa01"), came(hash="bb02")).transfers == []
    assert settle(OUT._replace(hash="aa01"), came()).transfers


def test_one_hash_over_several_arrivals_pairs_by_amount() -> None:
    outs = [rec("transfer_out", "BTC", q, hash="h1") for q in ("1", "2")]
    ledger = settle(*outs, came("2", hash="h1"), came("1", hash="h1", account="ledger"))
    assert sorted((t.sent.quantity, t.received.account) for t in ledger.transfers) == [
        (coins("1"), "ledger"),
        (coins("2"), "wallet"),
    ]


def test_most_of_the_amount_gone_is_not_a_network_fee_even_by_hash() -> None:
    assert settle(OUT._replace(hash="h"), came("0.4", hash="h")).transfers == []


@pytest.mark.parametrize(
    ("text", "plain"), [("0xAB", "ab"), ("AB", "ab"), (" ab ", "ab"), ("5Kx9Q", "5Kx9Q"), ("0x", "0x"), ("", None)]
)
def test_hashes_compare_as_chains_mean_them(text: str, plain: str | None) -> None:
    assert plain_hash(text) == plain


def test_an_account_that_is_not_ones_own_never_matches() -> None:
    friend = owner(Account("friend", own=False))
    ledger = settle(OUT._replace(counterparty="Friend"), came(), person=friend)
    assert ledger.transfers == []
    assert codes(ledger) == ["unmatched_transfer_out", "unmatched_transfer_in"]
    assert ledger.questions[0].message.code == "unmatched_transfer_out_stranger"
    assert settle(OUT, came(account="friend"), person=friend).transfers == []


def test_a_silent_wallet_of_ones_own_is_named() -> None:
    """Neither a stranger's nor an unknown place: the person says that the address is his, and its file is absent."""
    cold = owner(Account("cold", addresses=("0xAbC1",)))
    out, into = OUT._replace(counterparty="0xabc1"), came("2", counterparty="0xabc1")
    ledger = settle(out, into, person=cold)
    told = {q.code: (q.message.code, q.message.params.get("other")) for q in ledger.questions}
    assert told == {
        "unmatched_transfer_out": ("unmatched_transfer_out_silent", "cold"),
        "unmatched_transfer_in": ("unmatched_transfer_in_silent", "cold"),
    }
    heard = settle(out, came("3", account="cold"), person=cold)  # its file is there, and lacks this row
    assert heard.questions[0].message.code == "unmatched_transfer_out"
    unknown = settle(OUT._replace(counterparty="0xother"), person=cold)
    assert unknown.questions[0].message.code == "unmatched_transfer_out"


def test_an_unmatched_side_is_asked_with_what_is_at_stake() -> None:
    ledger = settle(OUT)
    (question,) = ledger.questions
    assert (question.code, question.asset, question.quantity) == ("unmatched_transfer_out", "BTC", coins("1"))
    assert [r.kind for r in ledger.unmatched_out] == ["transfer_out"]


def test_transfers_name_the_very_records_of_the_ledger() -> None:
    """The assessment knows a settled side by what it says."""
    inside = OUT._replace(fee=coins("0.0005"), fee_asset="BTC")
    ledger = settle(inside, came("0.9995"), rec("transfer_out", "BTC", "3", 90), came("4", 95))
    held = set(ledger.records)
    sides = [r for t in ledger.transfers for r in (t.sent, t.received)]
    assert len(sides) == 2
    assert held.issuperset([*sides, *ledger.unmatched_in, *ledger.unmatched_out])


def test_the_largest_plausible_fee_is_plausible_whichever_stands_first() -> None:
    """98 of 100 is just 2 %: also where what came is the first of the records."""
    came = rec("transfer_in", "XYZ", "98", 0, "wallet")
    for records in ((came, rec("transfer_out", "XYZ", "100")), (rec("transfer_out", "XYZ", "100"), came)):
        assert paired(settle(*records)) == [("binance", "wallet", "near", coins("2"))]


@pytest.mark.parametrize("fee", [None, "USDT"])
def test_a_fee_in_another_asset_takes_nothing_off_the_amount(fee: str | None) -> None:
    """One unit of 10⁻¹⁸ less, and earlier: neither the same amount nor what a network could have taken."""
    sent = OUT if fee is None else OUT._replace(fee=coins("1"), fee_asset=fee)
    assert settle(sent, came("0.999999999999999999", -1)).transfers == []


def test_an_own_address_says_which_account_the_coins_went_to() -> None:
    person = owner(Account("cold", addresses=("bc1qmadeup",)), Account("wallet"))
    sent = OUT._replace(counterparty="bc1qMADEUP")
    assert settle(sent, came(), person=person).transfers == []
    assert paired(settle(sent, came(account="cold"), person=person)) == [("binance", "cold", "exact", 0)]


def test_two_rows_of_no_account_may_be_one_transfer_and_two_of_one_may_not() -> None:
    nameless = OUT._replace(account="")
    assert settle(nameless, came(account="")).transfers
    assert settle(OUT, came(account="binance")).transfers == []


def test_a_row_of_no_account_may_be_the_one_that_the_other_side_names() -> None:
    person = owner(Account("kraken"), Account("ledger"), Account("wallet"))
    assert settle(OUT._replace(account=""), came(counterparty="kraken"), person=person).transfers
    assert settle(OUT._replace(counterparty="ledger"), came(account=""), person=person).transfers
    assert settle(OUT, came(counterparty="kraken"), person=person).transfers == []
    assert settle(OUT._replace(counterparty="ledger"), came(), person=person).transfers == []


def test_a_smaller_amount_may_arrive_after_midnight() -> None:
    """START is 06:00 UTC: 17 h 50 min later the day of UTC is nearly over."""
    sent = rec("transfer_out", "BTC", "1", 17 * 60 + 50)
    assert paired(settle(sent, came("0.9995", 18 * 60 + 10))) == [("binance", "wallet", "near", coins("0.0005"))]
