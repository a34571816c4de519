"""Transfers between own accounts by columns and one by one: rows so close in amount and time that some of them could be
several, beside others that could not."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from salyq.population.outputs import MATCHES, TABLES
from salyq.population.run import assess_population

YEAR = 2025
COLUMNS = (
    "person",
    "time",
    "kind",
    "asset",
    "quantity",
    "value",
    "currency",
    "account",
    "fee",
    "fee_asset",
    "hash",
    "id",
)
Row = dict[str, str]


def assess(folder: Path, rows: list[Row]) -> int:
    """How many were worked out by columns; both ways say the same."""
    folder.mkdir()
    persons = [{"person": name, "kind": "individual"} for name in sorted({r["person"] for r in rows})]
    tables = {"records": (COLUMNS, rows), "persons": (("person", "kind"), persons)}
    for name, (columns, own) in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(own)
    outs = folder.parent / "many", folder.parent / "alone"
    runs = [assess_population(folder, out, YEAR, workers=1, matches=True, alone=n == 1) for n, out in enumerate(outs)]
    for table in (*TABLES, MATCHES):
        many, alone = (sorted(str(r) for r in pq.read_table(out / table).to_pylist()) for out in outs)
        assert many == alone, table
    assert runs[1]["worked_out"]["columns"] == 0
    return int(runs[0]["worked_out"]["columns"])


def at(hours: float) -> str:
    return f"{datetime(YEAR, 2, 1, tzinfo=UTC) + timedelta(seconds=round(hours * 3600)):%Y-%m-%dT%H:%M:%SZ}"


def bought(person: str, asset: str) -> list[Row]:
    """Enough to send, a year before; and a sale after all of it."""
    row = {"person": person, "asset": asset, "currency": "KZT", "account": "desk"}
    return [
        {**row, "time": at(-9000), "kind": "buy", "quantity": "1000", "value": "500000.00"},
        {**row, "time": at(5000), "kind": "sell", "quantity": "1", "value": "1000.00"},
    ]


def moved(person: str, hours: float, later: float, sent: str, came: str, asset: str = "USDT", **more: str) -> list[Row]:
    row = {"person": person, "asset": asset}
    return [
        {**row, "time": at(hours), "kind": "transfer_out", "quantity": sent, "account": "desk", **more},
        {**row, "time": at(hours + later), "kind": "transfer_in", "quantity": came, "account": "wallet"},
    ]


def test_an_amount_that_came_may_be_of_two_that_left(tmp_path: Path) -> None:
    """100 left twice and 100 came once: that it is what 101 became is a guess, and nobody makes it."""
    rows = bought("a", "USDT")
    for hours, sent, came in ((0, "100", "99"), (26, "100", "99"), (58, "101", "100")):
        rows += moved("a", hours, 0.3, sent, came)
    assert assess(tmp_path / "in", rows) == 0


def test_several_of_one_day_whose_amounts_tell_them_apart_are_plain(tmp_path: Path) -> None:
    rows = bought("a", "USDT")
    for hours, sent, came in ((0, "100", "99"), (2, "300", "299"), (3, "500", "500"), (4, "200", "199")):
        rows += moved("a", hours, 6, sent, came)
    assert assess(tmp_path / "in", rows) == 1


def test_what_could_be_several_is_plain_where_there_is_one_way(tmp_path: Path) -> None:
    """99 that came first may be of the first out alone, so 98 is of the second: columns ask the reconciler."""
    rows = bought("a", "USDT") + moved("a", 0, 0.3, "100", "99") + moved("a", 2, 0.3, "99.5", "98")
    assert assess(tmp_path / "in", rows) == 1


def test_where_very_many_come_on_a_day_columns_see_no_more_than_the_reconciler(tmp_path: Path) -> None:
    """Of 66 of one day the nearest amounts are looked at: 99 is not found for 115, though nothing else fits."""
    rows = bought("a", "USDT") + moved("a", 10, 22, "115", "99")
    for n in range(66):
        rows += moved("a", 35 + n / 10, 0.05, f"{100 + n / 5:.1f}", f"{99.9 + n / 5:.1f}")
    assert assess(tmp_path / "in", rows) == 0


def test_one_transaction_spelled_in_two_ways(tmp_path: Path) -> None:
    """The second row in tells the hash of the first row out, in other letters: amounts and times say otherwise."""
    rows = bought("a", "USDT")
    rows += moved("a", 0, 0.3, "100", "100", hash="0xAB") + moved("a", 50, 0.3, "90", "90", hash="none")
    rows[-1]["hash"], rows[-2]["hash"] = "ab", ""
    assert assess(tmp_path / "in", rows) == 0


@pytest.mark.parametrize(
    ("mined", "came", "by_columns"), [("BTC", "0.999", 1), ("ETH", "0.999", 0), ("ETH", "0.9985", 1)]
)
def test_what_a_pool_sent_is_no_transfer(tmp_path: Path, mined: str, came: str, by_columns: int) -> None:
    """Of the coin that was mined and as much as came it may be told twice."""
    coin = {"person": "a", "kind": "mined", "asset": mined, "quantity": "0.999", "account": "pool"}
    rows = [*bought("a", "ETH"), *moved("a", -1001, 0.3, "1", came, "ETH"), {**coin, "time": at(-1000)}]
    assert assess(tmp_path / "in", rows) == by_columns


@pytest.mark.parametrize(
    ("again", "by_columns"),
    [
        ({}, 1),
        ({"account": "other"}, 1),  # a venue counts its ids from one, too
        ({"kind": "sell"}, 1),
        ({"value": "500000.01"}, 0),
        ({"hash": "0x1"}, 0),
        ({"time": at(-8999)}, 0),
    ],
)
def test_rows_of_one_id(tmp_path: Path, again: Row, by_columns: int) -> None:
    """Told twice in all cells: the first counts, the other is ignored; told otherwise: somebody is asked."""
    first, sale = bought("a", "USDT")
    first["id"] = "7"
    assert assess(tmp_path / "in", [first, sale, first | again, first, first | {"id": "8"}]) == by_columns
    run = json.loads((tmp_path / "many" / "run.json").read_text(encoding="utf-8"))
    assert run["rows"]["records"]["ignored"] == (2 if not again or not by_columns else 1)
    assert run["rows"] == json.loads((tmp_path / "alone" / "run.json").read_text(encoding="utf-8"))["rows"]


@pytest.mark.parametrize("name", ["Bitcoin", "ВТС", "тенге", "BITCOIN"])
@pytest.mark.parametrize("column", ["asset", "currency", "fee_asset"])
def test_a_code_that_is_written_otherwise(tmp_path: Path, column: str, name: str) -> None:
    """What the reader takes it for is what counts; a name in capitals is a code like any other."""
    first, sale = bought("a", "BTC")
    rows = [first, sale | {"fee": "0.01", "fee_asset": "BTC"} | {column: name}]
    assert assess(tmp_path / "in", rows) == (name == "BITCOIN" and column != "currency")


def test_a_sale_of_lots_that_have_room_and_has_none_itself(tmp_path: Path) -> None:
    """Three lots of five coins told to 18 places fit into 64 bits each, fifteen coins do not."""
    row = {"person": "a", "asset": "ETH", "currency": "KZT", "account": "desk", "kind": "buy"}
    lot = {"quantity": "5.000000000000000001", "value": "1000000.00"}
    rows = [{**row, **lot, "time": at(-9000 + n)} for n in range(3)]
    sale = {**row, "kind": "sell", "quantity": "15.000000000000000003", "value": "9000000.00", "time": at(100)}
    assert assess(tmp_path / "in", [*rows, sale]) == 1
    figures = pq.read_table(tmp_path / "many" / "figures").to_pylist()
    assert {f["value"] for f in figures if f["name"] == "personal_income_tax.digital_asset_income"} == {6_000_000}


def test_close_transfers_both_ways(tmp_path: Path) -> None:
    dice, rows = Random(1), list[Row]()
    for n in range(120):
        person = f"p{n:03}"
        rows += bought(person, "USDT") + bought(person, "ETH")
        for _ in range(dice.randrange(1, 5)):
            asset, sent = dice.choice((("USDT", dice.choice((100, 101, 130, 300))), ("ETH", dice.randrange(1, 4))))
            lost = dice.choice((0, 0, "0.5" if asset == "USDT" else "0.005", 1, 35))
            came = f"{sent - float(lost):g}" if float(lost) < sent else str(sent)
            fee = {"fee": "1", "fee_asset": asset} if dice.random() < 0.1 else {}
            hours, later = dice.randrange(0, 200), dice.choice((-0.05, 0.0, 0.1, 1.0, 23.9, 24.1, 71.0, 73.0))
            rows += moved(person, hours, later, str(sent), came, asset, **fee)
    dice.shuffle(rows)
    assert 20 <= assess(tmp_path / "in", rows) <= 100
