"""Files that gather venues, and bank statements: told twice counts once, and money proves but never makes a record."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from venue_golden import lines, rejected

from salyq.facts.case import Case, read_case
from salyq.records.reading import Reading

Read = Callable[..., Reading]
KOINLY = (
    "Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,Net Worth Amount,"
    "Net Worth Currency,Label,Description,TxHash,From Wallet,To Wallet\n"
)
TRACKING = (
    '"Type","Buy Amount","Buy Currency","Sell Amount","Sell Currency","Fee","Fee Currency","Exchange","Trade-Group",'
    '"Comment","Date"\n'
)
PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
P2P = (
    "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Maker Fee,Taker Fee,"
    "Couterparty,Status,Created Time\n"
)
BANK = (
    "Дата и время операции;Валюта операции;Виды операции (категория документа);Сумма;Наименование/ФИО плательщика;"
    "ИИН/БИН плательщика;Наименование/ФИО получателя;ИИН/БИН получателя;Назначение платежа\n"
)
ME, OTHER = "СЕРІКОВА;900101300017", "ИВАНОВ;870202300012"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2025-01-01 10:00 UTC,1,BTC,,,,,,,income tax?,,,A,\n", "Label", "operation_unknown"),
        ("2025-01-01 10:00 UTC,,,1,BTC,,,,,other income,,,,A\n", "Label", "gathered_not_told"),
        ("2025-01-01 10:00 UTC,,,,,,,,,,,,A,\n", "Sent Amount", "row_cell_missing"),
        ("01/02/2025 10:00,1,BTC,,,,,,,,,,A,\n", "Date", "row_bad_venue_time"),
        ("2025-01-01 10:00 UTC,1.2.3,BTC,,,,,,,,,,A,\n", "Sent Amount", "number_not_plain"),
        ("2025-01-01 10:00 UTC,1,BTC,1,ETH,,,,,airdrop,,,A,A\n", "Label", "gathered_not_told"),
    ],
)
def test_koinly_rows_that_cannot_be(read: Read, row: str, column: str, code: str) -> None:
    assert rejected(read(KOINLY + row)) == [(2, column, code)]


def test_cointracking_rows_that_cannot_be(read: Read) -> None:
    rows = '"Deposit","1","BTC","1","ETH","","","A","","","2025-01-01 10:00:00"\n'
    rows += '"Trade","1","BTC","","","","","A","","","2025-01-01 10:00:00"\n'
    assert [code for _, _, code in rejected(read(TRACKING + rows))] == ["operation_unknown", "row_cell_missing"]


def case_of(folder: Path, **files: str) -> Case:
    (folder / "person.toml").write_text(PERSON)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return read_case(folder)


def test_a_deal_of_a_gathered_file_and_of_the_venue_counts_once(tmp_path: Path) -> None:
    deal = '"Trade","0.0012","BTC","100","USDT","","","Binance","","","2025-04-01 09:00:00"\n'
    deal += '"Deposit","500","USDT","","","","","Binance","","","2025-03-01 09:00:00"\n'
    venue = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"
    venue += "1,2025-03-01 09:00:00,Spot,Deposit,USDT,500,\n"
    venue += "1,2025-04-01 09:00:00,Spot,Buy,BTC,0.0012,\n1,2025-04-01 09:00:00,Spot,Transaction Related,USDT,-100,\n"
    case = case_of(tmp_path, gathered=TRACKING + deal, statement=venue)
    kinds = sorted(r.kind for r in case.ledger.records)
    assert kinds == ["swap_in", "swap_out", "transfer_in"]


def order(number: str, side: str, total: str, when: str) -> str:
    return f"{number},{side},USDT,KZT,{total},520,1000,,,,x,Completed,{when}\n"


def test_a_bank_row_proves_an_order_and_is_none_itself(tmp_path: Path) -> None:
    orders = (
        P2P + order("1", "Buy", "480000", "2025-05-25 09:00:00") + order("2", "Sell", "125000", "2025-05-26 05:00:00")
    )
    orders += order("3", "Buy", "480000", "2025-05-29 05:00:00")
    rows = BANK + f"25.05.2025 14:05:00;KZT;Перевод;480 000,00;{ME};{OTHER};перевод\n"
    rows += f"26.05.2025 10:20:00;KZT;Перевод;125000;{OTHER};{ME};перевод\n"
    rows += f"29.05.2025 10:20:00;KZT;Перевод;480000;{OTHER};{ME};вернули\n"  # the wrong way
    rows += f"27.05.2025 10:00:00;KZT;Покупка;3500,50;{ME};MAGNUM;050940000123;еда\n"
    case = case_of(tmp_path, orders=orders, bank=rows)
    assert [(r.id, r.document, r.note) for r in case.reading.records] == [
        ("1", "bank statement bank.csv:2", "P2P"),
        ("2", None, "P2P · bank statement bank.csv:3"),
        ("3", None, "P2P"),
    ]
    bank = next(f for f in case.reading.files if f.file == "bank.csv")
    assert (bank.used, dict(bank.ignored), bank.balanced()) == (2, {"no_order_of_it": 2}, True)
    said = next(m for _, m in case.reading.notices if m.code == "notice_orders_proven")
    assert (said.params["proven"], said.params["orders"]) == (2, 3)


def test_without_an_iin_the_party_of_every_row_is_the_owner(tmp_path: Path) -> None:
    rows = BANK + "25.05.2025;KZT;Перевод;480000;Я;;Он;;x\n26.05.2025;KZT;Перевод;7;Она;;Я;;x\n"
    case = case_of(tmp_path, orders=P2P + order("1", "Buy", "480000", "2025-05-24 20:00:00"), bank=rows)
    assert case.reading.records[0].document == "bank statement bank.csv:2"


def test_a_bank_row_whose_way_nobody_tells_proves_nothing(tmp_path: Path) -> None:
    rows = BANK + "25.05.2025;KZT;Перевод;480000;А;;Б;;x\n"
    case = case_of(tmp_path, orders=P2P + order("1", "Buy", "480000", "2025-05-24 20:00:00"), bank=rows)
    assert case.reading.records[0].document is None


def test_a_workbook_with_a_title_of_two_lines(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Выписка")
        sheet.write(0, 0, "Выписка по счёту")
        top = [
            "Дата и время операции",
            "Валюта операции",
            "Виды операции\n(категория документа)",
            "Сумма",
            "Плательщик",
        ]
        sheet.write_row(10, 0, [*top, "", "", "", "", "Получатель", "", "", "", "", "Код назначения платежа"])
        sheet.write(10, 15, "Назначение платежа")
        under = ["Наименование/ФИО", "ИИН/БИН", "Резидентство", "Банк", "Номер счета"] * 2
        sheet.write_row(11, 4, under)
        row = ["25.05.2025 14:05:00", "KZT", "Перевод", 480000, "Я", "", "", "", "", "Он"]
        sheet.write_row(12, 0, row)
        sheet.write_row(13, 0, ["26.05.2025 14:05:00", "KZT", "Перевод", 10, "Она", "", "", "", "", "Я"])
    (tmp_path / "kaspi.xlsx").write_bytes(out.getvalue())
    case = case_of(tmp_path, orders=P2P + order("1", "Buy", "480000", "2025-05-25 09:00:00"))
    assert case.reading.records[0].document == "bank statement kaspi.xlsx:13"
    report = next(f for f in case.reading.files if f.file == "kaspi.xlsx")
    assert dict(report.ignored) == {"repeated_header": 1, "no_order_of_it": 1}


def test_money_of_a_gathered_file_is_no_event(read: Read) -> None:
    reading = read(KOINLY + "2025-01-01 10:00 UTC,500,EUR,,,,,,,,,,A,\n")
    assert (lines(reading), dict(reading.files[0].ignored)) == ([], {"fiat_movement": 1})
