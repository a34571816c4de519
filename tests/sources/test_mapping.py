"""Mapping files: tables of an unknown source, read by what a person wrote down about them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.fuzz.books import book

from salyq.civil.errors import InputError
from salyq.civil.numbers import format_scaled
from salyq.records.model import Record
from salyq.records.reading import Reading
from salyq.sources import read_files, read_folder
from salyq.sources.format import RowError
from salyq.sources.habits.time_pattern import time_parser, zone_of
from salyq.sources.habits.written_number import written_number
from salyq.sources.mapping.file import read_mapping

UNIT = 10**18
MAPPING = """
[columns]
time = "Дата"
kind = "Операция"
asset = "Монета"
quantity = "Кол-во"
value = "Сумма"
fee = "Комиссия"
fee_asset = "Валюта"
currency = "Валюта"
[always]
account = "broker"
[time]
format = "DD.MM.YYYY HH:mm:ss"
zone = "Asia/Almaty"
[numbers]
decimal = ","
thousands = " "
[kinds]
"Покупка" = "buy"
"Продажа" = "sell"
"Перевод" = "transfer_in / transfer_out"
"Бонус" = "airdrop"
"Вход" = "ignore"
[only]
"Статус" = ["ok", "done"]
"""
HEADER = "Дата;Операция;Монета;Кол-во;Сумма;Валюта;Комиссия;Статус\n"
ROWS = """01.03.2025 12:00:00;Покупка;BTC;0,5;₸15 000 000,50;KZT;1 000 тг;ok
02.03.2025 00:30:00;продажа;btc;-0,1;4 000 000;KZT;;DONE
02.03.2025 13:00:00;Перевод;BTC;-0,1;;;;ok
02.03.2025 14:00:00;Перевод;BTC;0,2;;;;ok
02.03.2025 14:00:00;Перевод;BTC;0,2;;;;cancelled
02.03.2025 15:00:00;Вход;;;;;;ok
02.03.2025 16:00:00;Перевод;KZT;5;;;;ok
"""


def case(folder: Path, table: str | bytes, mapping: str = MAPPING, name: str = "t.csv") -> Reading:
    (folder / "broker.mapping.toml").write_text(mapping, encoding="utf-8")
    (folder / name).write_bytes(table if isinstance(table, bytes) else table.encode())
    reading, _ = read_folder(folder)
    assert all(report.balanced() for report in reading.files)
    return reading


def shown(record: Record) -> tuple[str, ...]:
    def amount(n: int | None) -> str:
        return "" if n is None else format_scaled(n)

    fee = f"{amount(record.fee)} {record.fee_asset}" if record.fee else ""
    return record.kind, f"{amount(record.quantity)} {record.asset}", f"{amount(record.value)} {record.currency}", fee


def test_a_table_in_russian_habits(tmp_path: Path) -> None:
    reading = case(tmp_path, HEADER + ROWS)
    assert [shown(r) for r in reading.records] == [
        ("buy", "0.5 BTC", "15000000.5 KZT", "1000 KZT"),
        ("sell", "0.1 BTC", "4000000 KZT", ""),
        ("transfer_out", "0.1 BTC", " None", ""),
        ("transfer_in", "0.2 BTC", " None", ""),
    ]
    assert reading.records[0].time == datetime(2025, 3, 1, 7, tzinfo=UTC)
    assert {r.account for r in reading.records} == {"broker"}
    (report,) = reading.files
    assert report.reader == "mapping:broker"
    assert dict(report.ignored) == {"mapping_only": 1, "mapping_ignore": 1, "fiat_movement": 1}


def test_rows_that_do_not_fit_are_rejected_by_name(tmp_path: Path) -> None:
    rows = [
        ("01.03.2025 12:00:00;Чудо;BTC;1;;;;ok", "mapping_unknown_kind", "Операция"),
        ("2025-03-01;Бонус;BTC;1;;;;ok", "mapping_time_not_so", "Дата"),
        ("01.03.2025 12:00:00;Бонус;BTC;-1;;;;ok", "mapping_wrong_sign", "Кол-во"),
        ("01.03.2025 12:00:00;Бонус;BTC;1.5;;;;ok", "number_not_so", "Кол-во"),
        ("01.03.2025 12:00:00;Бонус;BTC;1 00;;;;ok", "number_not_so", "Кол-во"),
        ("01.03.2025 12:00:00;Бонус;BTC;5 ETH;;;;ok", "mapping_other_unit", "Кол-во"),
        ("01.03.2025 12:00:00;Бонус;;5;;;;ok", "row_cell_missing", "Монета"),
        ("01.03.2025 12:00:00;Бонус;BTC;;;;;ok", "row_cell_missing", "Кол-во"),
        ("01.03.2025 12:00:00;Покупка;BTC;1;;KZT;;ok", "row_kind_needs", "Сумма"),
        ("01.03.2025 12:00:00;Покупка;BTC;1;5;;;ok", "row_value_without_currency", "Валюта"),
        ("01.03.2025 12:00:00;Бонус;BTC;1;;;1;ok", "row_fee_without_asset", "Валюта"),
        ("01.03.2025 12:00:00;Бонус;KZT;1;;;;ok", "row_asset_is_money", "Монета"),
        ("01.03.2025 12:00:00;Покупка;BTC;1;$5;KZT;;ok", "mapping_other_unit", "Сумма"),
    ]
    reading = case(tmp_path, HEADER + "\n".join(row for row, _, _ in rows))
    assert not reading.records
    found = [(r.source.line, r.reason.code, r.column) for r in reading.files[0].rejected]
    assert found == [(n, code, column) for n, (_, code, column) in enumerate(rows, 2)]


SIDES = """
[columns]
time = "Date"
kind = "Type"
in_quantity = "Buy"
in_asset = "Cur."
out_quantity = "Sell"
out_asset = "Cur.#2"
fee = "Fee"
fee_asset = "Cur.#3"
id = "ID"
[time]
format = ["unix", "YYYY-MM-DDTHH:mm:ssZ"]
[kinds]
Trade = "trade"
Deposit = "transfer_in"
Move = "transfer_in / transfer_out"
Mining = "mined"
"""


def test_two_sides_and_titles_that_stand_twice(tmp_path: Path) -> None:
    table = """Type,Buy,Cur.,Sell,Cur.,Fee,Cur.,ID,Date
Trade,0.5,BTC,1000,USD,1,USD,a,1740830400
Trade,1000,KZT,0.1,BTC,0.001,BTC,b,2025-03-01T17:00:00+05:00
Trade,2,ETH,0.1,BTC,,,c,1740830400
Trade,1000,KZT,2,USD,,,d,1740830400
Deposit,3,BTC,,,,,e,1740830400
Move,,,3,BTC,,,f,1740830400
Trade,1,BTC,,,,,g,1740830400
Mining,,,1,BTC,,,h,1740830400
Mining,,,,,,,i,1740830400
"""
    reading = case(tmp_path, table, SIDES)
    assert [(r.id, *shown(r)) for r in reading.records] == [
        ("a", "buy", "0.5 BTC", "1000 USD", "1 USD"),
        ("b", "sell", "0.1 BTC", "1000 KZT", "0.001 BTC"),
        ("c", "swap_out", "0.1 BTC", " None", ""),
        ("c", "swap_in", "2 ETH", " None", ""),
        ("e", "transfer_in", "3 BTC", " None", ""),
        ("f", "transfer_out", "3 BTC", " None", ""),
    ]
    swap = [r.group for r in reading.records if r.id == "c"]
    assert swap[0] is not None
    assert swap[0] == swap[1]
    assert len({r.time for r in reading.records}) == 1
    (report,) = reading.files
    assert dict(report.ignored) == {"fiat_movement": 1, "zero_change": 1}
    assert [(r.source.line, r.reason.code) for r in report.rejected] == [
        (8, "mapping_trade_needs_sides"),
        (9, "mapping_wrong_sign"),
    ]


PAIRS = """
signs = "ignore"
[columns]
time = ["Day", "Clock"]
zone = "Zone"
kind = ["Type", "Side"]
pair = "Market"
quantity = "Filled"
price = "Price"
fee = "Fee"
fee_asset = "Fee coin"
[time]
format = "M/D/YYYY h:mm A"
[kinds]
"Limit buy" = "buy"
"Limit sell" = "sell"
"""


def test_pairs_prices_and_cells_that_are_joined(tmp_path: Path) -> None:
    table = """Day,Clock,Zone,Type,Side,Market,Filled,Price,Fee,Fee coin
3/1/2025,12:00 PM,UTC,Limit,Buy,BTC/KZT,0.5BTC,30000000.01,,
3/1/2025,12:30 AM,+05:00,Limit,Sell,BTCUSDT,-0.3,3.333333333333333333,0.01,BNB
3/1/2025,13:00 PM,UTC,Limit,Sell,BTC/KZT,1,1,,
3/1/2025,1:00 PM,Nowhere,Limit,Sell,BTC/KZT,1,1,,
"""
    reading = case(tmp_path, table, PAIRS)
    assert [shown(r) for r in reading.records] == [
        ("buy", "0.5 BTC", "15000000.01 KZT", ""),  # 15,000,000.005 in tenge
        ("sell", "0.3 BTC", "1 USDT", "0.01 BNB"),
    ]
    assert reading.records[1].time == datetime(2025, 2, 28, 19, 30, tzinfo=UTC)
    assert [r.reason.code for r in reading.files[0].rejected] == ["mapping_time_not_so", "mapping_bad_zone"]


def test_what_always_holds(tmp_path: Path) -> None:
    mapping = '[columns]\ntime = "When"\nquantity = "Coins"\n[always]\nkind = "mined"\nasset = "BTC"\n'
    mapping += 'counterparty = "solo"\ndocument = "contract 5"\n[time]\nzone = "UTC"\n'
    (record,) = case(tmp_path, "When\tCoins\n2025-03-01 12:00\t0.5\n", mapping).records
    assert (record.kind, record.asset, record.counterparty, record.document) == ("mined", "BTC", "solo", "contract 5")
    assert record.account == "broker"  # the mapping's own name where nothing else is said


def test_an_empty_kind_is_what_always_holds(tmp_path: Path) -> None:
    mapping = MAPPING.replace('account = "broker"', 'account = "broker"\nkind = "transfer_in / transfer_out"')
    rows = "01.03.2025 12:00:00;;BTC;-1;;;;ok\n01.03.2025 12:00:00;Бонус;BTC;1;;;;ok\n"
    assert [r.kind for r in case(tmp_path, HEADER + rows, mapping).records] == ["transfer_out", "airdrop"]
    assert not case(tmp_path, HEADER + "01.03.2025 12:00:00;;BTC;-1;;;;ok\n").records


def test_a_workbook_by_mapping(tmp_path: Path) -> None:
    mapping = (
        '[columns]\ntime = "When"\nquantity = "Coins"\nasset="Coin"\n[always]\nkind = "airdrop"\n[time]\nzone = "UTC"\n'
    )
    table = book([["made by somebody"], ["When", "Coin", "Coins"], ["=s245717.5", "BTC", "=n0.28999999999999998"]])
    (record,) = case(tmp_path, table, mapping, "t.xlsx").records
    assert (record.quantity, record.time) == (29 * UNIT // 100, datetime(2025, 3, 1, 12, tzinfo=UTC))


# --- which files a mapping takes ------------------------------------------------------------------------------------


def test_readers_of_our_own_come_first_unless_the_mapping_names_the_file(tmp_path: Path) -> None:
    table = "time,kind,asset,quantity\n2025-03-01T12:00:00Z,gift_in,BTC,1\n"
    mapping = '[columns]\ntime = "time"\nasset = "asset"\nquantity = "quantity"\n[always]\nkind = "mined"\n'
    mapping += '[time]\nzone = "UTC"\n'
    reading = case(tmp_path, table, mapping)
    assert [r.kind for r in reading.records] == ["gift_in"]
    assert [m.code for _, m in reading.notices] == ["notice_mapping_unused"]
    assert [r.kind for r in case(tmp_path, table, f'files = ["t*.csv"]\n{mapping}').records] == ["mined"]
    with pytest.raises(InputError) as caught:
        case(tmp_path, "time,asset\n", f'files = "*.csv"\n{mapping}')
    assert (caught.value.message.code, caught.value.column) == ("header_column_missing", "quantity")


def test_named_files_with_their_mapping(tmp_path: Path) -> None:
    case(tmp_path, HEADER + ROWS)
    table, mapping = tmp_path / "t.csv", tmp_path / "broker.mapping.toml"
    assert len(read_files([table, mapping], base=tmp_path).records) == 4
    with pytest.raises(InputError) as caught:
        read_files([table], base=tmp_path)
    assert caught.value.message.code == "file_no_reader"


# --- errors in the mapping itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "column", "line"),
    [
        ("[columns]", "[column]", "mapping_unknown_key", "column", 2),
        ('asset = "Монета"', 'assets = "Монета"', "mapping_unknown_key", "columns.assets", 5),
        ('asset = "Монета"', "asset = 5", "mapping_not_text", "columns.asset", 5),
        ('asset = "Монета"', "asset = []", "mapping_not_text", "columns.asset", 5),
        ('time = "Дата"\n', "", "mapping_lacks", None, 2),
        ('quantity = "Кол-во"\n', "", "mapping_lacks", None, 2),
        ('kind = "Операция"\n', "", "mapping_lacks", None, 2),
        ('"DD.MM.YYYY HH:mm:ss"', '"%d.%m.%Y"', "mapping_bad_time_format", "time.format", 14),
        ('"DD.MM.YYYY HH:mm:ss"', '"(a+)+"', "mapping_bad_time_format", "time.format", 14),
        ('"DD.MM.YYYY HH:mm:ss"', '"DD.MM"', "mapping_bad_time_format", "time.format", 14),
        ('zone = "Asia/Almaty"', 'zone = "Almaty"', "mapping_bad_zone", "time.zone", 15),
        ('zone = "Asia/Almaty"', 'zone = "../../../etc/localtime"', "mapping_bad_zone", "time.zone", 15),
        ('zone = "Asia/Almaty"', "", "mapping_zone_missing", "time.zone", 13),
        ('decimal = ","', 'decimal = ";"', "mapping_not_a_choice", "numbers.decimal", 17),
        ('thousands = " "', 'thousands = ","', "mapping_same_marks", "numbers.thousands", 18),
        ('= "buy"', '= "bought"', "mapping_unknown_target", "kinds.Покупка", 20),
        ('= "airdrop"', '= "transfer_out / transfer_in"', "mapping_bad_pair_of_kinds", "kinds.Бонус", 23),
        ("[kinds]", "[kinds", "mapping_not_toml", None, 19),
        ('["ok", "done"]', "5", "mapping_not_text", "only.Статус", 26),
    ],
)
def test_a_wrong_key_is_one_line(
    tmp_path: Path, old: str, new: str, code: str, column: str | None, line: int | None
) -> None:
    path = tmp_path / "x.mapping.toml"
    assert old in MAPPING
    path.write_text(MAPPING.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_mapping(path, "x.mapping.toml")
    error = caught.value
    assert (error.message.code, error.column, error.line) == (code, column, line)
    for lang in ("kk", "ru", "en"):
        said = error.text(lang)
        assert said.isprintable()
        assert said.startswith("x.mapping.toml")


def test_mapping_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "x.mapping.toml"
    for data, code in ((b"\xff\xfe\x00", "mapping_not_utf8"), (b"a" * 1_000_001, "mapping_too_large")):
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_mapping(path)
        assert caught.value.message.code == code


# --- times and numbers as people write them -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text", "said"),
    [
        ("DD.MM.YYYY HH:mm:ss", "01.03.2025 12:34:56", "2025-03-01T12:34:56"),
        ("D.M.YY H:mm", "1.3.25 9:05", "2025-03-01T09:05:00"),
        ("MM/DD/YYYY hh:mm:ss A", "03/01/2025 12:00:00 AM", "2025-03-01T00:00:00"),
        ("M/D/YYYY, h:mm A", "3/1/2025, 1:05 p.m.", "2025-03-01T13:05:00"),
        ("MMM D, YYYY", "Mar. 1, 2025", "2025-03-01T00:00:00"),
        ("D MMM YYYY", "1 марта 2025", "2025-03-01T00:00:00"),
        ("D MMM YYYY", "1 наурыз 2025", "2025-03-01T00:00:00"),
        ("YYYY-MM-DDTHH:mm:ss.SSSZ", "2025-03-01T12:00:00.123+05:00", "2025-03-01T12:00:00.123000+05:00"),
        ("YYYYMMDD'at'HHmm", "20250301at1230", "2025-03-01T12:30:00"),
        ("YYYY-MM-DD HH:mm:ss Z", "2025-03-01 12:00:00 UTC", "2025-03-01T12:00:00+00:00"),
        ("iso", "2025-03-01 12:00:00 UTC", "2025-03-01T12:00:00+00:00"),
        ("unix", "1740830400", "2025-03-01T12:00:00+00:00"),
        ("unix_ms", "1740830400123", "2025-03-01T12:00:00.123000+00:00"),
    ],
)
def test_time_patterns(pattern: str, text: str, said: str) -> None:
    parser = time_parser(pattern)
    assert parser is not None
    assert parser(text).isoformat() == said
    for other in (text + "x", "x" + text, "", "01-03-2025", "99.99.9999 99:99:99"):
        with pytest.raises((ValueError, KeyError)):
            parser(other)


@pytest.mark.parametrize(
    "pattern", ["", "YYYY", "hh:mm DD.MM.YYYY", "DD.MM.YYYY DD", "YYYY-MM-DD\\d", "x" * 65, "YYYY-MM-DD q"]
)
def test_patterns_that_are_none(pattern: str) -> None:
    assert time_parser(pattern) is None


@given(st.text(max_size=30))
@example("YYYY" * 16)
def test_no_pattern_is_a_crash(pattern: str) -> None:
    parser = time_parser(pattern)
    if parser is not None:
        with pytest.raises((ValueError, KeyError)):
            parser("no time at all")


def test_zones() -> None:
    for text, hours in (("UTC", 0), ("+05:00", 5), ("UTC+6", 6), ("GMT-03:00", -3), ("Asia/Almaty", 5)):
        zone = zone_of(text)
        assert zone is not None
        offset = datetime(2025, 3, 1, tzinfo=zone).utcoffset()
        assert offset is not None
        assert offset.total_seconds() == hours * 3600
    assert [zone_of(text) for text in ("", "+99:00", "Nowhere/Town", "../x", "Europe")] == [None] * 5


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "coins", "said"),
    [
        ("1 234 567,50", ",", " ", (), ("1234567.5", "")),
        ("1\u00a0234\u202f567,50", ",", " ", (), ("1234567.5", "")),
        ("1.234,5", ",", ".", (), ("1234.5", "")),
        ("1'234.5", ".", "'", (), ("1234.5", "")),
        ("$12.30", ".", "", (), ("12.3", "USD")),
        ("-$12.30", ".", "", (), ("-12.3", "USD")),
        ("$-12.30", ".", "", (), ("-12.3", "USD")),
        ("(5.00)", ".", "", (), ("-5", "")),
        ("15 000 тг.", ".", " ", (), ("15000", "KZT")),
        ("0.5BTC", ".", "", (), ("0.5", "BTC")),
        ("0.5 btc", ".", "", (), ("0.5", "BTC")),
        ("5.11INCH", ".", "", ("1INCH",), ("5.1", "1INCH")),
        ("9.3E-7", ".", "", (), ("0.00000093", "")),
        ("+.5", ".", "", (), ("0.5", "")),
        ("\u22125", ".", "", (), ("-5", "")),
    ],
)
def test_written_numbers(
    text: str, decimal: str, thousands: str, coins: tuple[str, ...], said: tuple[str, str]
) -> None:
    number, unit = written_number(text, "x", decimal, thousands, coins)
    assert (format_scaled(number), unit) == said


@pytest.mark.parametrize(
    ("text", "decimal", "thousands"),
    [
        ("1,234", ".", ""),
        ("1,23,4", ".", ","),
        ("12,34", ".", ","),
        ("1234,567", ".", ","),
        ("1.5", ",", ""),
        ("1.5", ",", "."),
        ("1 234", ".", ""),
        ("", ".", ""),
        ("x", ".", ""),
        ("1.2.3", ".", ""),
        ("$5€", ".", ""),
        ("--5", ".", ""),
        ("٣", ".", ""),
        ("1e999", ".", ""),
        (" ".join("1" * 60), ",", " "),
        ("a" * 200, ".", ""),
    ],
)
def test_numbers_that_are_written_otherwise(text: str, decimal: str, thousands: str) -> None:
    with pytest.raises(RowError):
        written_number(text, "x", decimal, thousands)


@given(st.integers(-(10**30), 10**30), st.sampled_from([(".", ","), (",", " "), (",", "."), (".", "'"), (".", "")]))
def test_every_number_comes_back(number: int, habit: tuple[str, str]) -> None:
    decimal, thousands = habit
    whole, _, tail = format_scaled(abs(number)).partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    text = ("-" if number < 0 else "") + grouped + (decimal + tail if tail else "")
    assert written_number(text, "x", decimal, thousands) == (number, "")
