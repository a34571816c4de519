"""Repeats by multiplicity, reversals, and the books of rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from reconcile_world import PERSON, bare, codes, coins, payout, reading, rec, settle

from salyq.reconcile import reconcile
from salyq.reconcile.repeats import larger_count
from salyq.records import model
from salyq.records.model import EnergyReading, Expense, Payment, Source
from salyq.records.reading import FileReport, Tells

BUY = rec("buy", "BTC", "0.1", value="500000", currency="KZT")
SELL = rec("sell", "BTC", "0.1", 60, value="600000", currency="KZT")


def test_true_repeats_in_one_file_survive() -> None:
    assert len(settle(BUY, BUY, SELL).records) == 3


@pytest.mark.parametrize(("first", "second", "left"), [(2, 2, 2), (3, 1, 3), (1, 3, 3), (0, 2, 2)])
def test_overlapping_files_merge_by_the_larger_count(first: int, second: int, left: int) -> None:
    assert len(settle(*[BUY] * first, files={"b.csv": [BUY] * second}).records) == left


def test_a_repeat_moves_from_used_to_ignored_and_again_the_same() -> None:
    found = reading({"a.csv": [BUY, BUY, SELL], "b.csv": [BUY, SELL]})
    for _ in range(2):
        reconcile(found, PERSON)
        assert [(f.used, dict(f.ignored)) for f in found.files] == [(3, {}), (0, {"repeat": 2})]


def test_a_file_given_twice_is_ignored_whole_even_rows_joined_into_others() -> None:
    """A trade of four rows makes two records: a second copy of the file has nothing used."""
    legs = [rec("swap_out", "USDT", "10", group="g"), rec("swap_in", "BTC", "0.1", group="g")]
    found = reading({"a.csv": legs, "b.csv": legs})
    for report in found.files:
        report.read = report.used = 4
        report.joined[2] = [8, 9]
    reconcile(found, PERSON)
    assert [(f.used, dict(f.ignored)) for f in found.files] == [(4, {}), (0, {"repeat": 4})]


def test_rows_joined_into_a_repeated_record_go_with_it() -> None:
    """An overlap of two exports: the record that took three rows frees three rows, the other stays."""
    found = reading({"a.csv": [BUY], "b.csv": [BUY, SELL]})
    found.files[1].joined[2] = found.files[0].joined[2] = [8, 9]
    found.files[0].read = found.files[0].used = 3
    found.files[1].read = found.files[1].used = 4
    reconcile(found, PERSON)
    assert [(f.used, dict(f.ignored)) for f in found.files] == [(3, {}), (1, {"repeat": 3})]


def test_a_row_that_no_record_stands_behind_is_a_defect_of_ours() -> None:
    """The planted fault: a reader counts three rows as used and hands two of them over."""
    found = reading({"a.csv": [BUY, SELL]})
    found.files[0].read = found.files[0].used = 3
    (question,) = reconcile(found, PERSON).questions
    assert (question.code, question.severity, question.sources[0].file) == ("books_differ", "error", "a.csv")


def test_a_row_with_one_record_left_is_still_used() -> None:
    found = reading({"a.csv": [BUY], "b.csv": [BUY]})
    twin = found.records[1]
    found.records.append(twin._replace(kind="fee", asset="BNB", value=None, currency=None))
    reconcile(found, PERSON)
    assert [f.used for f in found.files] == [1, 1]


def test_a_re_export_of_two_overlapping_files_adds_nothing() -> None:
    """`salyq read --to` writes every record with the file and line it came from."""
    found = reading({"a.csv": [BUY, BUY], "b.csv": [BUY]})
    again = [
        r._replace(source=Source("all.csv", n + 2, "all", f"{r.source.sha256}:{r.source.line}:{r.source.file}"))
        for n, r in enumerate(found.records)
    ]
    found.records += again
    found.files.append(FileReport("all.csv", "records", "all", read=3, used=3))
    ledger = reconcile(found, PERSON)
    assert len(ledger.records) == 2
    assert [(f.used, dict(f.ignored)) for f in found.files] == [(2, {}), (0, {"repeat": 1}), (0, {"repeat": 3})]


def test_an_id_decides_even_within_a_file() -> None:
    one = BUY._replace(id="77")
    ledger = settle(one, one, one._replace(account="kraken"), one._replace(id="78"))
    assert [(r.account, r.id) for r in ledger.records] == [("binance", "77"), ("binance", "78"), ("kraken", "77")]
    assert codes(ledger) == []


def test_one_id_with_other_content_is_a_question_and_one_event() -> None:
    one = BUY._replace(id="77")
    found = reading({"a.csv": [one], "b.csv": [one._replace(value=coins("400000"))]})
    ledger = reconcile(found, PERSON)
    assert len(ledger.records) == 1
    (question,) = ledger.questions
    assert (question.code, question.severity, question.asset, question.year) == (
        "conflicting_rows",
        "error",
        "BTC",
        2025,
    )
    assert {s.file for s in question.sources} == {"a.csv", "b.csv"}
    assert sum(f.ignored["conflicting_rows"] for f in found.files) == 1
    assert all(f.balanced() for f in found.files)


def test_one_id_in_another_kind_or_asset_is_another_event() -> None:
    assert len(settle(BUY._replace(id="1"), SELL._replace(id="1"), BUY._replace(id="1", asset="ETH")).records) == 3


def test_our_other_files_merge_the_same_way() -> None:
    power = EnergyReading(
        *(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC), True, 5, "m1", "ok"),
        *(False, False, True, None, None, None, False, Source("e1.csv", 2)),
    )
    bill = Expense(date(2025, 1, 5), "rent", 100, "KZT", None, None, None, Source("x1.csv", 2))
    found = reading({}, {"p1.csv": [payout(date(2025, 1, 5), "BTC", "0.1")] * 2})
    found.payouts += reading({}, {"p2.csv": [payout(date(2025, 1, 5), "BTC", "0.1")]}).payouts
    found.energy += [power, power._replace(source=Source("e2.csv", 2)), power._replace(kwh=6)]
    found.expenses += [bill, bill._replace(source=Source("x1.csv", 3)), bill._replace(source=Source("x2.csv", 2))]
    ledger = reconcile(found, PERSON)
    assert [len(ledger.payouts), len(ledger.energy), len(ledger.expenses)] == [2, 2, 2]
    assert [r.kind for r in ledger.records] == ["mined", "mined"]


def test_a_reversal_takes_its_target_away_and_both_rows_stay_used() -> None:
    sale = SELL._replace(id="s1")
    found = reading({"a.csv": [BUY, sale, rec("reversal", "BTC", "0.1", 90, group="s1")]})
    ledger = reconcile(found, PERSON)
    assert bare(ledger.records) == bare([BUY])
    assert [(u.record.id, u.reversal.group) for u in ledger.undone] == [("s1", "s1")]
    assert (found.files[0].used, dict(found.files[0].ignored)) == (3, {})


@pytest.mark.parametrize(
    ("target", "reversal", "code"),
    [
        ({"id": "s2"}, {}, "unknown_reversal_target"),
        ({"id": "s1", "account": "kraken"}, {}, "unknown_reversal_target"),
        ({"id": "s1", "asset": "ETH"}, {}, "unknown_reversal_target"),
        ({"id": "s1"}, {"quantity": coins("0.05")}, "reversal_differs"),
    ],
)
def test_a_reversal_that_fits_nothing_is_a_question(
    target: dict[str, object], reversal: dict[str, object], code: str
) -> None:
    back = rec("reversal", "BTC", "0.1", 90, group="s1")._replace(**reversal)  # type: ignore[arg-type]
    ledger = settle(SELL._replace(**target), back)  # type: ignore[arg-type]
    assert codes(ledger) == [code]
    assert len(ledger.records) == 1
    assert ledger.undone == []


def test_a_reversal_of_an_id_that_two_records_bear_is_not_guessed() -> None:
    ledger = settle(BUY._replace(id="1"), SELL._replace(id="1"), rec("reversal", "BTC", "0.1", 90, group="1"))
    assert codes(ledger) == ["ambiguous_reversal"]
    assert len(ledger.records) == 2


def test_a_reversal_that_undoes_nothing_keeps_its_row_used() -> None:
    found = reading({"a.csv": [BUY], "b.csv": [BUY, rec("reversal", "BTC", "0.1", 90, group="s1")]})
    reconcile(found, PERSON)
    assert [(f.used, dict(f.ignored)) for f in found.files] == [(1, {}), (1, {"repeat": 1})]


def test_a_second_reversal_finds_nothing_left() -> None:
    twice = [rec("reversal", "BTC", "0.1", m, group="s1") for m in (90, 95)]
    ledger = settle(SELL._replace(id="s1"), *twice)
    assert ledger.records == []
    assert codes(ledger) == ["unknown_reversal_target"]


def test_a_row_added_by_hand_to_a_neutral_file_is_no_repeat_of_an_exported_one() -> None:
    row = rec("buy", "BTC", "1", value="5", currency="KZT")
    found = reading({"neutral.csv": [row, row, row]})
    for n, origin in ((0, "binance_history!aa:7:old.csv"), (1, "binance_history!bb:9:new.csv")):
        found.records[n] = found.records[n]._replace(source=found.records[n].source._replace(origin=origin))
    ledger = reconcile(found, PERSON)
    assert [r.source.line for r in ledger.records] == [2, 4]  # two exports tell one row; the third is told by hand


def test_one_physical_row_in_two_of_our_own_tables_counts_once() -> None:
    """Read twice from one export, at other lines of our tables: what counts is the line that it first stood in."""
    bought = rec("buy", "BTC", "1", value=coins("5"), currency="KZT")
    other = rec("buy", "ETH", "1", minutes=3, value=coins("5"), currency="KZT")
    found = reading({"first.csv": [bought], "second.csv": [other, bought]})
    for n, origin in ((0, "aa:7:old.csv"), (1, "aa:8:old.csv"), (2, "aa:7:old.csv")):
        found.records[n] = found.records[n]._replace(source=found.records[n].source._replace(origin=origin))
    ledger = reconcile(found, PERSON)
    assert sorted(r.asset for r in ledger.records) == ["BTC", "ETH"]


def test_what_a_row_says_is_all_that_stands_before_its_source() -> None:
    rows = [r for r in vars(model).values() if isinstance(r, type) and "source" in getattr(r, "_fields", ())]
    assert len(rows) > 5
    assert {r.__name__: r._fields[-1] for r in rows} == {r.__name__: "source" for r in rows}


def test_a_payment_of_two_files_is_paid_once_and_an_additional_one_is_another() -> None:
    def paid(file: str, additional: bool = False) -> Payment:
        return Payment(date(2026, 5, 25), "mining_fee", "2026-Q1", 100, additional, Source(file, 2))

    assert larger_count([paid("a.csv"), paid("b.csv"), paid("c.csv", additional=True)]) == ([0, 2], [1])


def test_rows_that_differ_in_the_last_thing_they_say_are_two() -> None:
    for row, last in ((payout(date(2026, 1, 5), "BTC", "1"), "licence"), (expense(), "activity")):
        other = row._replace(**{last: "other"}, source=Source("b.csv", 2))
        assert larger_count([row, other]) == ([0, 1], [])


def expense() -> Expense:
    return Expense(date(2026, 1, 5), "rent", 100, "KZT", None, None, None, Source("a.csv", 2))


def test_a_row_of_ours_with_the_id_of_an_exports_row_is_its_repeat() -> None:
    """The own file goes with the first other class, in whichever order the files come."""
    found = reading({"own.csv": [BUY._replace(id="7")], "venue.csv": [BUY._replace(id="7")]})
    found.files[0].tells = Tells.OWN
    found.files[1].tells = Tells.LEDGER
    ledger = reconcile(found, PERSON)
    assert [r.id for r in ledger.records] == ["7"]
    assert (codes(ledger), [sum(f.ignored.values()) for f in found.files].count(1)) == ([], 1)
