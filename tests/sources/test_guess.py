"""Drafts of mappings: what can be told from a header and a few rows, and what is left open with a remark."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.fuzz.books import book

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.sources import read_files
from salyq.sources.known import known_readers
from salyq.sources.mapping.file import read_mapping
from salyq.sources.mapping.guess import draft_mapping, toml_text

ROOT = Path(__file__).resolve().parents[2]
RUSSIAN = """Отчёт по счёту 5
Дата;Операция;Монета;Кол-во;Сумма;Валюта;Комиссия;Статус;Разное
15.03.2025 12:00:00;Покупка;BTC;0,5;15 000 000,50;KZT;;выполнено;x
16.03.2025 12:00:00;Продажа;BTC;0,1;4 000 000;KZT;;отменено;y
16.03.2025 13:00:00;Вывод;BTC;0,1;;;;выполнено;z
17.03.2025 13:00:00;Чудо;BTC;0,1;;;;выполнено;z
"""


def drafted(folder: Path, content: str | bytes, name: str = "table.csv", lang: str = "en") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return draft_mapping(path, name, lang)


def test_a_draft_reads_the_table(tmp_path: Path) -> None:
    text = drafted(tmp_path, RUSSIAN)
    said = tomllib.loads(text)
    assert said["columns"] == {
        "time": "Дата",
        "kind": "Операция",
        "asset": "Монета",
        "quantity": "Кол-во",
        "value": "Сумма",
        "currency": "Валюта",
        "fee": "Комиссия",
    }
    assert said["time"] == {"format": "DD.MM.YYYY HH:mm:ss", "zone": "UTC"}
    assert said["numbers"] == {"decimal": ",", "thousands": " "}
    assert said["kinds"] == {"Покупка": "buy", "Продажа": "sell", "Вывод": "transfer_out"}
    assert said["only"] == {"Статус": ["выполнено"]}
    for code in ("guess_zone", "guess_kind_unknown", "guess_unused"):
        assert Message(code).text("en") in text
    assert '# "Чудо" = ' in text
    (tmp_path / "table.mapping.toml").write_text(text)
    reading = read_files([tmp_path / "table.csv", tmp_path / "table.mapping.toml"], base=tmp_path)
    assert [r.kind for r in reading.records] == ["buy", "transfer_out"]
    (report,) = reading.files
    assert dict(report.ignored) == {"mapping_only": 1}
    assert [(r.value, r.reason.code) for r in report.rejected] == [("Чудо", "mapping_unknown_kind")]


def test_two_sides_with_a_zone_in_the_header(tmp_path: Path) -> None:
    text = drafted(
        tmp_path,
        "Date (UTC+05:00),Type,Received Amount,Received Currency,Sent Amount,Sent Currency,TxHash\n"
        "2025-03-15 12:00:00,Deposit,1,BTC,,,0xab\n2025-03-15 13:00:00,Exchange,2,ETH,0.1,BTC,\n",
    )
    said = tomllib.loads(text)
    assert said["time"] == {"format": "iso", "zone": "UTC+05:00"}
    assert said["kinds"] == {"Deposit": "transfer_in", "Exchange": "trade"}
    assert Message("guess_zone").text("en") not in text
    (tmp_path / "x.mapping.toml").write_text(text)
    reading = read_files([tmp_path / "table.csv", tmp_path / "x.mapping.toml"], base=tmp_path)
    assert [(r.kind, r.hash, r.time.hour) for r in reading.records] == [
        ("transfer_in", "0xab", 7),
        ("swap_out", None, 8),
        ("swap_in", None, 8),
    ]


@pytest.mark.parametrize(
    ("cells", "pattern", "open_"),
    [
        (["3/25/2025 1:00 PM", "3/1/2025 2:00 AM"], "M/D/YYYY h:mm A", False),
        (["25/3/2025 13:00", "1/3/2025 2:00"], "D/M/YYYY H:mm", False),
        (["3/1/2025 1:00 PM"], "M/D/YYYY h:mm A", True),
        (["1740830400"], "unix", False),
        (["1740830400123"], "unix_ms", False),
        (["2025-03-01T12:00:00Z"], "iso", False),
        (["1 марта 2025 12:00"], "D MMM YYYY H:mm", False),
    ],
)
def test_times(tmp_path: Path, cells: list[str], pattern: str, open_: bool) -> None:
    text = drafted(tmp_path, "Date;Coin;Amount;Whatever\n" + "".join(f"{cell};BTC;1;x\n" for cell in cells))
    assert tomllib.loads(text)["time"]["format"] == pattern
    assert (Message("guess_day_or_month", {"other": "D/M/YYYY h:mm A"}).text("en") in text) == open_
    assert ("zone" in tomllib.loads(text)["time"]) == (not cells[0].endswith("Z") and not cells[0].startswith("17"))


def test_what_cannot_be_told_is_asked(tmp_path: Path) -> None:
    text = drafted(tmp_path, "Colour;Coin;Amount;Total\nred;BTC;1,234;5\n", lang="kk")
    for code in (
        "guess_choose_column",
        "guess_time_format",
        "guess_choose_kind",
        "guess_choose_currency",
        "guess_decimal",
    ):
        assert Message(code).text("kk") in text
    (tmp_path / "x.mapping.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_mapping(tmp_path / "x.mapping.toml")
    assert "columns.time" in caught.value.message.text("en")


def test_a_workbook(tmp_path: Path) -> None:
    rows = [["Report"], ["When", "Date", "Coin", "Amount"], ["x", "=s245717.5", "BTC", "=n0.5"]]
    said = tomllib.loads(drafted(tmp_path, book(rows), "table.xlsx"))
    assert said["columns"] == {"time": "Date", "asset": "Coin", "quantity": "Amount"}
    assert said["time"]["format"] == "iso"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("time,kind,asset,quantity\n", "guess_known"),
        ("one column\n", "guess_no_header"),
        ("1,2,3\n4,5,6\n", "guess_no_header"),
        ("", "file_empty"),
        ("a" * 300 + "\n" + ",".join(f"c{n}" for n in range(300)), "guess_no_header"),
    ],
)
def test_files_without_a_draft(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        drafted(tmp_path, content)
    assert caught.value.message.code == code
    with pytest.raises(InputError):
        draft_mapping(tmp_path / "nowhere.csv", "nowhere.csv")
    with pytest.raises(InputError):
        draft_mapping(tmp_path, "folder")


@pytest.mark.parametrize("text", ["plain", 'a "b" \\ c', "tab\tand\nline", "Әлия\u202e", "\x1b[31m", "\U0001f4a9"])
def test_any_title_can_be_written(text: str) -> None:
    assert tomllib.loads(f"x = {toml_text(text)}")["x"] == text


def test_known_readers_have_pages_that_are_there() -> None:
    known = known_readers()
    assert {"records", "binance_history", "kraken_ledgers", "okx_trading"} <= {reader.reader for reader in known}
    assert [r.reader for r in known if not (ROOT / r.page).is_file()] == []
    for reader in known:
        assert reader.columns
        assert set(reader.optional) < set(reader.columns)


@pytest.mark.parametrize(
    ("title", "currency"),
    [
        ("Сумма, тг", "KZT"),
        ("Сумма, ₽", "RUB"),
        ("Сумма (KZT)", "KZT"),
        ("Итого, в тенге", "KZT"),
        ("Стоимость (USD)", "USD"),
    ],
)
def test_a_title_that_names_the_currency_of_its_sums(tmp_path: Path, title: str, currency: str) -> None:
    rows = "25.05.2025;Покупка;USDT;1 000,5;520 000,00\n26.05.2025;Чудо;USDT;500;265 000,00\n"
    text = drafted(tmp_path, f"Дата;Операция;Монета;Кол-во;{title}\n{rows}")
    said = tomllib.loads(text)
    assert (said["columns"]["value"], said["always"]["currency"]) == (title, currency)
    assert "rows 2, used 1, left out 0, rejected 1" in text
    assert "/tmp" not in text
    assert str(tmp_path.parent) not in text


@pytest.mark.parametrize(
    ("table", "columns", "always"),
    [
        (
            "Order Time,Symbol,Direction,Avg Price,Executed Qty,Executed Amount\n"
            "2024-05-01 10:00:00,BTCUSDT,BUY,1,2,2\n",
            {
                "time": "Order Time",
                "kind": "Direction",
                "pair": "Symbol",
                "quantity": "Executed Qty",
                "value": "Executed Amount",
                "price": "Avg Price",
            },
            {},
        ),
        (
            "Time,Side,Coin,Qty,Amount (KZT)\n2024-05-01 10:00:00,Buy,USDT,100,45000\n",
            {"time": "Time", "kind": "Side", "asset": "Coin", "quantity": "Qty", "value": "Amount (KZT)"},
            {"currency": "KZT"},
        ),
        (
            "Дата;Тип сделки;Монета;Количество;Сумма в тенге;Комиссия, тг\n25.05.2026;Покупка;BTC;1;5;0\n",
            {
                "time": "Дата",
                "kind": "Тип сделки",
                "asset": "Монета",
                "quantity": "Количество",
                "value": "Сумма в тенге",
                "fee": "Комиссия, тг",
            },
            {"currency": "KZT", "fee_asset": "KZT"},
        ),
        (
            "Date,Type,Coin,Amount,Fee (sat)\n2024-05-01 10:00:00,Withdraw,BTC,0.5,12000\n",
            {"time": "Date", "kind": "Type", "asset": "Coin", "quantity": "Amount", "fee": "Fee (sat)"},
            {"fee_asset": "BTC"},
        ),
        (
            "Date,Received Quantity,Received Currency,Sent Quantity,Sent Currency,Tag\n"
            "05/25/2024 14:30:00,1,BTC,6,USD,\n05/26/2024 14:30:00,1,ETH,,,staked\n",
            {
                "time": "Date",
                "kind": "Tag",
                "in_quantity": "Received Quantity",
                "in_asset": "Received Currency",
                "out_quantity": "Sent Quantity",
                "out_asset": "Sent Currency",
            },
            {"kind": "transfer_in / transfer_out"},
        ),
    ],
)
def test_titles_of_orders_sums_in_a_currency_and_rows_with_two_sides(
    tmp_path: Path, table: str, columns: dict[str, str], always: dict[str, str]
) -> None:
    text = drafted(tmp_path, table)
    said = tomllib.loads(text)
    assert (said["columns"], said["always"]) == (columns, {"account": "table", **always})
    assert f"used {table.count(chr(10)) - 1}, left out 0, rejected 0" in text


def test_a_line_of_totals_hides_no_days_and_is_no_row(tmp_path: Path) -> None:
    table = "№ счётчика;Расчётный период;Расход, кВт·ч\nEK-1;январь 2026;3 000,5\nИтого;;3 000,5\n"
    assert "rows 2, used 1, left out 1, rejected 0" in drafted(tmp_path, table)
    deals = "Дата;Вид;Актив;Количество;Сумма;Валюта\n25.05.2025;покупка;BTC;1;5;KZT\nВсего;;;;5;\n"
    text = drafted(tmp_path, deals)
    assert 'format = "DD.MM.YYYY"' in text
    assert "rows 2, used 1, left out 1, rejected 0" in text


def test_whose_gwei_they_are_is_not_guessed(tmp_path: Path) -> None:
    table = "Date,Type,Coin,Amount,Fee (gwei)\n2024-05-01 10:00:00,Withdraw,POL,0.5,12000\n"
    said = tomllib.loads(drafted(tmp_path, table))
    assert (said["columns"]["fee"], said["always"]) == ("Fee (gwei)", {"account": "table"})


def test_small_parts_of_a_coin_are_read_as_their_titles_say(tmp_path: Path) -> None:
    from salyq.records.model import UNIT
    from salyq.sources import read_folder

    table = "time,operation,asset,amount_sats,fee_satoshi\n2025-05-25 10:00,withdraw,BTC,50000000,12000\n"
    table += "2025-05-26 10:00,withdraw,BTC,0.00000000005,1\n"
    (tmp_path / "table.mapping.toml").write_text(drafted(tmp_path, table), encoding="utf-8")
    reading, _ = read_folder(tmp_path)
    assert [(r.quantity, r.fee, r.fee_asset) for r in reading.records] == [(UNIT // 2, 12 * UNIT // 100000, "BTC")]
    assert [r.reason.code for f in reading.files for r in f.rejected] == ["number_finer_than_unit"]
