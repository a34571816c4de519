"""The shipped example cases as Salyq reads them: every row accounted for, and every feature they are meant to show."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from salyq.law.facts import STATED
from salyq.reconcile.holdings import negative_balances
from salyq.reconcile.model import Ledger
from salyq.reconcile.run import reconcile
from salyq.records.model import UNIT, Record
from salyq.records.person import Person
from salyq.records.person_file import read_person
from salyq.records.reading import Reading
from salyq.sources import read_folder

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = ("aliya", "temir-mining")


class Case:
    """A case folder read and reconciled."""

    def __init__(self, name: str) -> None:
        self.reading, self.people = read_folder(EXAMPLES / name)
        self.person: Person = read_person(self.people[0], STATED)
        self.as_read = Counter({report.file: report.used for report in self.reading.files})
        self.ledger: Ledger = reconcile(self.reading, self.person)

    def ignored(self) -> dict[str, dict[str, int]]:
        return {report.file: dict(report.ignored) for report in self.reading.files if report.ignored}


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return {name: Case(name) for name in CASES}


@pytest.fixture(scope="module")
def aliya(cases: dict[str, Case]) -> Case:
    return cases["aliya"]


@pytest.fixture(scope="module")
def temir(cases: dict[str, Case]) -> Case:
    return cases["temir-mining"]


def swaps(records: list[Record]) -> set[tuple[int, str, str]]:
    """(year, given, received) of every swap."""
    groups: dict[str, dict[str, Record]] = {}
    for record in records:
        if record.kind in ("swap_out", "swap_in") and record.group:
            groups.setdefault(record.group, {})[record.kind] = record
    return {(legs["swap_out"].day.year, legs["swap_out"].asset, legs["swap_in"].asset) for legs in groups.values()}


def files_of(reading: Reading) -> set[str]:
    return {report.file for report in reading.files}


# Both cases


@pytest.mark.parametrize("name", CASES)
def test_every_row_is_used_or_ignored_by_a_named_rule(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    folder = EXAMPLES / name
    assert len(case.people) == 1
    assert files_of(case.reading) == {str(path.relative_to(folder)) for path in folder.rglob("*.csv")}
    for report in case.reading.files:
        lines = (folder / report.file).read_bytes().count(b"\n") - 1
        assert report.balanced()
        assert report.read == lines
        assert not report.rejected
        assert report.event == (not report.file.startswith("prices/"))


def test_what_is_ignored_is_what_was_planted(aliya: Case, temir: Case) -> None:
    found = aliya.ignored()
    assert found["binance/p2p_orders.csv"] == {"not_completed": 1}
    assert found["wallets.csv"] == {"repeat": 1}
    assert sum(rules.get("fiat_movement", 0) for rules in found.values()) == 2
    assert set(temir.ignored()) == {"sales.csv"}
    assert temir.ignored()["sales.csv"] == {"told_twice": 4}


@pytest.mark.parametrize(("name", "short"), [("aliya", {("phone-wallet", "TON")}), ("temir-mining", set())])
def test_only_the_planted_missing_purchase_is_overdrawn(
    cases: dict[str, Case], name: str, short: set[tuple[str, str]]
) -> None:
    found = negative_balances(cases[name].ledger)
    assert {(each.account, each.asset) for each in found} == short


def test_the_open_questions_are_the_planted_ones(aliya: Case, temir: Case) -> None:
    assert [question.code for question in aliya.ledger.questions] == ["unmatched_transfer_out"]
    assert temir.ledger.questions == []


# Aliya


def test_aliya_covers_three_years(aliya: Case) -> None:
    years = {record.day.year for record in aliya.ledger.records}
    assert years == {2024, 2025, 2026}
    assert aliya.person.kind == "individual"
    assert aliya.person.years[2026]["employment_income_taxable"] == 33_600_000_00
    assert aliya.person.years[2026]["personal_income_tax_withheld"] == 3_360_000_00


def test_aliya_trades_for_tenge_and_for_stablecoins_every_year(aliya: Case) -> None:
    found = {(record.day.year, record.kind, record.currency) for record in aliya.ledger.records}
    for year in (2024, 2025, 2026):
        assert (year, "buy", "KZT") in found
        assert (year, "sell", "KZT") in found
        given = {(gave, got) for when, gave, got in swaps(aliya.ledger.records) if when == year}
        assert {("USDT", "BTC"), ("BTC", "USDT"), ("USDT", "ETH")} <= given
        assert given & {("BTC", "ETH"), ("ETH", "BTC")}


def test_aliya_sells_stablecoins_that_came_from_coins_in_2025(aliya: Case) -> None:
    """Art. 332-1(5): in the queue of USDT, sales for tenge of 2025 reach lots that were swapped in."""
    queue: list[list[int | bool]] = []
    reached: Counter[bool] = Counter()
    for record in aliya.ledger.records:
        if record.asset != "USDT":
            continue
        if record.kind in ("buy", "swap_in", "interest"):
            queue.append([record.quantity, record.kind == "swap_in"])
            continue
        left = record.quantity
        while left:
            part = min(left, queue[0][0])
            if record.kind == "sell" and record.day.year == 2025:
                reached[bool(queue[0][1])] += part
            left -= part
            queue[0][0] -= part
            if not queue[0][0]:
                queue.pop(0)
    assert reached[True] > 5000 * UNIT
    assert reached[False] > 1000 * UNIT


def test_aliya_is_rewarded_and_given(aliya: Case) -> None:
    kinds = Counter(record.kind for record in aliya.ledger.records)
    assert kinds["interest"] == 7
    assert kinds["airdrop"] == 2
    assert kinds["staked"] == 10
    assert kinds["gift_in"] == kinds["gift_out"] == kinds["spend"] == 1


def test_aliya_pays_fees_in_bnb(aliya: Case) -> None:
    paid = [record for record in aliya.ledger.records if record.fee_asset == "BNB" and record.fee]
    paid += [record for record in aliya.ledger.records if record.kind == "fee" and record.asset == "BNB"]
    assert len(paid) >= 20


def test_aliya_moves_coins_between_own_accounts(aliya: Case) -> None:
    how = Counter(transfer.how for transfer in aliya.ledger.transfers)
    assert how["hash"] == 1
    assert how["exact"] == 2
    assert how["near"] == 3
    routes = {(each.sent.account, each.received.account) for each in aliya.ledger.transfers}
    assert {("binance", "ledger"), ("ledger", "binance"), ("binance", "phone-wallet")} <= routes
    assert [(record.asset, record.quantity) for record in aliya.ledger.unmatched_out] == [("ETH", 5 * UNIT // 100)]
    assert not aliya.ledger.unmatched_in


def test_each_p2p_order_of_aliya_is_one_event(aliya: Case) -> None:
    assert Counter(same.how for same in aliya.ledger.same_events) == {"p2p": 22}


def test_the_overlapping_download_of_aliya_adds_nothing(aliya: Case) -> None:
    """The last days of 2024 stand in two downloads: a sale (two records of three rows) and an interest payment."""
    repeats = sum(rules.get("repeat", 0) for file, rules in aliya.ignored().items() if "transactions" in file)
    assert repeats in (3, 4)  # whether the row of the sale's fee is counted with its record
    days = Counter((str(record.day), record.kind, record.asset) for record in aliya.ledger.records)
    assert days["2024-12-27", "swap_out", "SOL"] == days["2024-12-27", "swap_in", "USDT"] == 1
    assert days["2025-01-01", "interest", "USDT"] == 1


def test_true_repeats_of_aliya_survive(aliya: Case) -> None:
    fills = [record for record in aliya.ledger.records if str(record.day) == "2024-03-14" and record.asset == "BTC"]
    assert sum(record.quantity for record in fills if record.kind == "swap_out") == 3 * UNIT // 100


def test_aliya_sells_over_the_turn_of_the_year(aliya: Case) -> None:
    sale = next(record for record in aliya.ledger.records if record.kind == "sell" and str(record.day) == "2026-01-01")
    assert sale.time.isoformat().startswith("2025-12-31T19:0")


# Temir Mining


def test_temir_mines_every_week_of_four_years(temir: Case) -> None:
    mined = [record for record in temir.ledger.records if record.kind == "mined"]
    assert len(mined) == len(temir.reading.payouts) == 236
    assert {record.day.year for record in mined} == {2023, 2024, 2025, 2026}
    assert {record.asset for record in mined} == {"BTC", "LTC"}
    assert all(payout.commission and payout.pool_bin for payout in temir.reading.payouts)
    assert any(record.day.isoformat() < "2023-04-01" for record in mined)


def test_temir_reads_two_sites_and_a_meter_that_fails(temir: Case) -> None:
    by_site = Counter(reading.site for reading in temir.reading.energy)
    assert by_site == {"ekibastuz": 47, "shu-solar": 47}
    for reading in temir.reading.energy:
        own = reading.site == "shu-solar"
        assert (reading.own_plant, reading.renewable, reading.price_per_kwh is None) == (own, own, own)
    (bad,) = [reading for reading in temir.reading.energy if reading.meter_state == "faulty"]
    assert bad.kwh is None
    assert bad.max_power_kw == 400 * UNIT
    assert (bad.end - bad.start).days == 28


def test_temir_has_every_kind_of_expense(temir: Case) -> None:
    found = {expense.category for expense in temir.reading.expenses}
    wanted = "electricity hosting payroll depreciation pool_service equipment mining_fee rent"
    assert set(wanted.split()) <= found
    assert {expense.currency for expense in temir.reading.expenses} == {"KZT", "USD"}


def test_temir_paid_one_fee_late(temir: Case) -> None:
    late = []
    for payment in temir.reading.payments:
        year, quarter = int(payment.period[:4]), int(payment.period[-1])
        month = quarter * 3 + 2
        due = f"{year + month // 13}-{(month - 1) % 12 + 1:02d}-25"
        if payment.day.isoformat() > due:
            late.append(payment.period)
    assert late == ["2024-Q3"]


def test_temir_sells_on_an_aifc_exchange_and_elsewhere_every_year(temir: Case) -> None:
    accounts = temir.person.accounts
    sold = {
        (record.day.year, accounts[record.account].facts.get("aifc_exchange", False))
        for record in temir.ledger.records
        if record.kind == "sell" and record.asset == "BTC"
    }
    assert sold == {(year, aifc) for year in (2023, 2024, 2025, 2026) for aifc in (True, False)}


def test_temir_trades_coins_that_it_bought(temir: Case) -> None:
    found = {(record.kind, record.asset) for record in temir.ledger.records if record.asset in ("ETH", "SOL")}
    assert found == {("buy", "ETH"), ("sell", "ETH"), ("buy", "SOL"), ("sell", "SOL")}


def test_temir_settles_every_transfer_and_tells_four_payouts_twice(temir: Case) -> None:
    assert not temir.ledger.unmatched_in
    assert not temir.ledger.unmatched_out
    assert {transfer.how for transfer in temir.ledger.transfers} == {"hash"}
    assert Counter(same.how for same in temir.ledger.same_events) == {"payout": 4}


def test_temir_is_licensed_without_a_gap_and_pays_vat(temir: Case) -> None:
    first, second = temir.person.licences
    assert (second.start - first.until).days == 1 if first.until else False
    assert all(temir.person.years[year]["vat_payer"] is True for year in (2023, 2024, 2025, 2026))
