"""What a reader says of many rows at once is what it says of each of them alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.records import columns
from salyq.records.neutral import COLUMNS
from salyq.records.reading import Reading
from salyq.records.table import CODED, Records
from salyq.sources import read_files
from salyq.sources.readers.binance.operations import operations
from salyq.sources.readers.binance.single_trades import SingleTrades
from salyq.sources.readers.own.records import RecordRows
from salyq.sources.tables.lines import rows_of
from salyq.sources.tables.run import Runner

TIMES = ("2024-01-05T06:00:00Z", "2024-02-29T18:00:00Z", "2024-02-29T17:59:59Z", "2025-12-31T19:30:00Z")
CELLS = {
    "time": (*TIMES, *TIMES, "2024-01-05 06:00", "05.01.2024 9:05", "2024-13-05T06:00:00Z", "1969-01-01T00:00:00Z", ""),
    "kind": ("buy", "sell", "buy", "swap_out", "fee", "transfer_in", "покупка", "derivative_result", "gift", ""),
    "asset": ("BTC", "btc", "ETH", "KZT", "USDT", "", "'=A", "Bitcoin", "ВТС"),
    "quantity": ("1", "0.5", "0.000000000000000001", "12345678901234567890", "0", "-1", "1 000,50", "1,234", "x", ""),
    "value": ("1000", "1000.005", "0.25", "-7", "", "", "1e3", "1'000 ₸", "(7)"),
    "currency": ("KZT", "USD", "usdt", "", "KZT", "тенге"),
    "fee": ("", "", "0", "0.1", "1.001"),
    "fee_asset": ("", "", "BNB", "KZT"),
    "account": ("binance", "", "’=x", "'=x", " padded "),
    "group": ("g1", "", "g2"),
    "id": ("1", "2", ""),
    "document": ("", "none", "act 5"),
    "lot": ("", "", "1:0.5", "1:", ":2"),
    "proof": ("", "", "deed", "акт"),
    "abroad": ("", "", "yes", "нет", "maybe"),
    "capital_paid": ("", "", "5", "0.001"),
}
STATEMENT = {
    "UTC_Time": ("2024-01-05 06:00:00", "2024-01-05 06:00:00", "2024-01-05 06:00:01", "2024-03-01 00:00:00", "no time"),
    "Account": ("Spot", "Spot", "spot", "USD-M Futures", "Funding"),
    "Operation": (
        "Buy",
        "Transaction Spend",
        "Transaction Buy",
        "Fee",
        "Sell",
        "Deposit",
        "Buy Crypto",
        "Nonsense",
        "",
    ),
    "Coin": ("BTC", "ETH", "KZT", "USDT", "MNT", "", "tether"),
    "Change": ("1", "-1", "0.5", "-0.5", "-1000.005", "0", "1,234.5", "1E-7", "--1", ""),
    "Remark": ("", "", "12345678", "12345679"),
}


def _tables(cells: dict[str, tuple[str, ...]]) -> st.SearchStrategy[str]:
    row = st.tuples(*[st.sampled_from(one) for one in cells.values()]).map(",".join)
    rare = st.sampled_from(
        ["", ",".join("" for _ in cells), "a,b", ",".join("x" for _ in range(len(cells) + 1)), " , "]
    )
    lines = st.lists(st.one_of(*[row] * 12, rare), min_size=1, max_size=40)
    ends = st.sampled_from(["\n", "\n", "\r\n"])
    return st.tuples(lines, ends).map(lambda told: told[1].join([",".join(cells), *told[0], ""]))


def _told(reading: Reading) -> tuple[Records, *tuple[object, ...]]:
    reports = [(f.read, f.used, f.ignored, f.rejected, f.joined) for f in reading.files]
    return reading.records, reports, reading.notices, reading.unclear


def _same_both_ways(text: str, folder: Path) -> None:
    path = folder / "table.csv"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MANY", 1)
        many = _told(read_files([path], base=folder))
    for name in CODED if many[0] else ():  # no value of a row that was not clean is left
        column = many[0].column(name)
        assert isinstance(column, columns.Same) or column.told() == set(column.values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runner, "plain", lambda self, part: self.rows(rows_of(part, self.found)))
        patch.setattr(SingleTrades, "took", lambda *_: False)
        alone = _told(read_files([path], base=folder))
    assert many == alone


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("many")


@settings(max_examples=60)
@given(text=_tables(CELLS))
def test_rows_of_records_by_columns_are_what_each_says_alone(text: str, folder: Path) -> None:
    _same_both_ways(text, folder)


@settings(max_examples=60)
@given(text=_tables(STATEMENT))
def test_rows_of_a_statement_by_columns_are_what_each_says_alone(text: str, folder: Path) -> None:
    _same_both_ways(text, folder)


@pytest.mark.parametrize("change", ["1", "-1"])
def test_every_operation_of_a_statement_alone_in_its_minute(change: str, folder: Path) -> None:
    rows = [f"2024-01-05 {n // 60:02}:{n % 60:02}:00,Spot,{name},BTC,{change}," for n, name in enumerate(operations())]
    assert len(rows) > 100
    _same_both_ways("\n".join([",".join(STATEMENT), *rows, ""]), folder)


def test_every_column_of_a_records_file_is_read_by_columns(tmp_path: Path) -> None:
    row = "2024-01-05T06:00:00Z,buy,BTC,1,10,USD,0.1,BNB,a,b,g,1,n,act,x:1,h,,deed,goods,yes,3"
    (tmp_path / "records.csv").write_text(",".join(COLUMNS) + "\n" + row + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MANY", 1)
        patch.setattr(RecordRows, "row", None)  # nothing is left to the single row
        (record,) = read_files([tmp_path / "records.csv"], base=tmp_path).records
    assert (record.quantity, record.fee, record.abroad, record.source.line) == (10**18, 10**17, True, 2)
    assert (record.counterparty, record.lot, record.proof, record.purpose) == ("b", "x:1", "deed", "goods")


def test_of_rows_that_are_refused_no_code_is_said_to_be_meant(folder: Path) -> None:
    refused = ["no time,buy,Bitcoin,1,5,KZT", "2024-01-05T06:00:00Z,buy,ETH,1,5,тенге", "no time,buy,tether,1,5,USD"]
    rows = [*refused, *["2024-01-05T06:00:00Z,buy,ETH,1,5,KZT"] * 20]
    _same_both_ways("\n".join(["time,kind,asset,quantity,value,currency", *rows, ""]), folder)


def test_the_clock_of_kazakhstan_is_whole_hours_away_from_utc() -> None:
    """Days of times are looked up once an hour (Book.moments): no change of the clock may fall within one."""
    from datetime import UTC, datetime, timedelta

    from salyq.civil.days import zone

    moment = datetime(1970, 1, 1, tzinfo=UTC)
    while moment.year < 2040:
        offset = moment.astimezone(zone()).utcoffset()
        assert offset is not None
        assert offset % timedelta(hours=1) == timedelta(0)
        last = (moment + timedelta(minutes=59, seconds=59)).astimezone(zone()).utcoffset()
        assert last == offset
        moment += timedelta(hours=1)
