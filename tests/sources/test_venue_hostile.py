"""Rows that no venue should write: each ends in one clear rejection, and no file breaks a reader."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from salyq.civil.errors import InputError
from salyq.records.reading import Reading
from salyq.sources import read_files

Read = Callable[..., Reading]
SAMPLES = Path(__file__).parent / "samples"
FORTY = "0." + "1" * 40
BAD = (
    "",
    "-",
    "0",
    "-0",
    "1e-7",
    "1E400",
    FORTY,
    "9" * 60,
    "1,234",
    "1.2.3",
    "NaN",
    "Infinity",
    "=1+1",
    "٣",
    "２",
    "BTC",
    "2024-13-45 99:99:99",
    "01/02/2024 10:00",
    "\u202e",
    "x" * 500,
    '"',
    "Converted 1 A to 2.. B",
)


def rejected(reading: Reading) -> list[tuple[int, str | None, str]]:
    return [(r.source.line, r.column, r.reason.code) for r in reading.files[0].rejected]


KRAKEN = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n"
TRADES = "txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers\n"
COINBASE = (
    "Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,"
    "Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
)
APP = (
    "Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,Native Amount,"
    "Native Amount (in USD),Transaction Kind\n"
)
BITVAVO = (
    "Timezone,Date,Time,Type,Currency,Amount,Quote Currency,Quote Price,Received / Paid Currency,"
    "Received / Paid Amount,Fee currency,Fee amount,Status,Transaction ID,Address\n"
)
T = "2024-05-01 10:00:00"
DEAL = "2024-05-01,10:00:00,buy,BTC,1,EUR,1,EUR,-1,EUR"
PAID = "Received / Paid Amount"
TOLD = f"{T} UTC,Convert,BTC,1,EUR,1,1,1,0"


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        (KRAKEN + f"L1,R1,{T},beam,,currency,XBT,1,0,1\n", "type", "operation_unknown"),
        (KRAKEN + f"L1,R1,{T},earn,beam,currency,XBT,1,0,1\n", "subtype", "operation_unknown"),
        (KRAKEN + f"L1,R1,{T},staking,,currency,XBT,-1,0,1\n", "amount", "operation_wrong_sign"),
        (KRAKEN + f"L1,R1,{T},deposit,,currency,XBT,{FORTY},0,1\n", "amount", "number_too_many_decimals"),
        (KRAKEN + "L1,R1,05/06/2024 10:00,deposit,,currency,XBT,1,0,1\n", "time", "row_bad_venue_time"),
        (KRAKEN + f'L1,R1,{T},deposit,,currency,XBT,"1,234",0,1\n', "amount", "number_comma_unclear"),
        (KRAKEN + f"L1,R1,{T},trade,,currency,XBT,1,0,1\n", "refid", "deal_half"),
        (TRADES + f"T1,O1,NONSENSE,{T},buy,limit,1,1,0,1,0,,\n", "pair", "pair_unclear"),
        (TRADES + f"T1,O1,XBTEUR,{T},hold,limit,1,1,0,1,0,,\n", "type", "row_bad_choice"),
        (TRADES + f"T1,O1,XBTEUR,{T},buy,limit,1,0,0,1,0,,\n", "cost", "row_not_positive"),
        (TRADES + f"T1,O1,XBTEUR,{T},buy,limit,1,1,0,1,0.2,,\n", "margin", "operation_margin_trade"),
        (COINBASE + f"{T} UTC,Beam,BTC,1,EUR,1,1,1,0,\n", "Transaction Type", "operation_unknown"),
        (COINBASE + f"{T} UTC,Buy,BTC,0,EUR,1,1,1,0,\n", "Quantity Transacted", "row_not_positive"),
        (COINBASE + f"{T} UTC,Buy,BTC,1,EUR,1,,,,\n", "Subtotal", "row_cell_missing"),
        (COINBASE + f"{TOLD},Converted 1 BTC into something\n", "Notes", "coinbase_notes_unclear"),
        (COINBASE + f"{TOLD},Converted 1 ETH to 2 XRP\n", "Notes", "coinbase_notes_unclear"),
        (COINBASE + f"{TOLD},Converted 1 BTC to 1.2.3 XRP\n", "Notes", "number_not_plain"),
        (COINBASE + f"{T} UTC,Receive,BTC,-1,EUR,1,1,1,0,\n", "Quantity Transacted", "operation_wrong_sign"),
        (APP + f"{T},x,BTC,1,,,EUR,1,1,beam\n", "Transaction Kind", "operation_unknown"),
        (APP + f"{T},x,BTC,1,,,EUR,{FORTY},1,crypto_purchase\n", "Native Amount", "number_too_many_decimals"),
        (APP + f"{T},x,BTC,-1,,,EUR,1,1,staking_reward\n", "Amount", "operation_wrong_sign"),
        (APP + f"{T},x,BTC,-1,,,EUR,1,1,crypto_exchange\n", "To Amount", "row_cell_missing"),
        (BITVAVO + f"Mars/Olympus,{DEAL},0,Completed,1,\n", "Timezone", "row_unknown_zone"),
        (BITVAVO + f"../../etc/passwd,{DEAL},0,Completed,1,\n", "Timezone", "row_unknown_zone"),
        (BITVAVO + "UTC,2024-05-01,10:00:00,beam,BTC,1,EUR,1,EUR,-1,EUR,0,Completed,1,\n", "Type", "operation_unknown"),
        (BITVAVO + f"UTC,{DEAL},2,Completed,1,\n", PAID, "row_not_positive"),
        (BITVAVO + f"UTC,{DEAL},0,Perhaps,1,\n", "Status", "row_bad_choice"),
    ],
)  # fmt: skip
def test_one_clear_rejection(read: Read, text: str, column: str, code: str) -> None:
    reading = read(text)
    assert rejected(reading) == [(2, column, code)]
    assert reading.records == []


def test_a_trezor_file_without_its_asset_says_so(read: Read) -> None:
    text = "Date & Time;Type;Transaction ID;Addresses;Fee;Total\n1/25/2022, 2:58:40 AM;RECV;aa;bb;0.1;1\n"
    assert rejected(read(text, "trezor.csv")) == [(2, None, "trezor_asset_unnamed")]
    assert rejected(read(text, "trezor_btc.csv")) == []


def test_a_table_of_several_miners_is_nobodys(read: Read) -> None:
    text = (SAMPLES / "pool_table_en.csv").read_text(encoding="utf-8")
    row = text.splitlines()[1]
    mine, other = row.replace("Sample LLP,,", "Sample LLP,A,"), row.replace("Sample LLP,,", "Other LLP,B,")
    header = text.splitlines()[0]
    assert [c for _, _, c in rejected(read("\n".join([header, mine, other])))] == ["pool_several_miners"] * 2
    assert len(read("\n".join([header, mine, mine])).payouts) == 2


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.csv")), ids=lambda p: p.stem)
def test_no_cell_breaks_a_reader(path: Path, tmp_path: Path) -> None:
    """Cells replaced at random: whatever they say, the books balance, or the file is refused in one line."""
    chance = random.Random(path.stem)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=_delimiter(path)))
    for attempt in range(12):
        spoilt = [list(row) for row in rows]
        for _ in range(1 + 2 * attempt):
            row = chance.choice(spoilt[1:])
            if row:
                row[chance.randrange(len(row))] = chance.choice(BAD)
        out = io.StringIO()
        csv.writer(out, delimiter=_delimiter(path)).writerows(spoilt)
        other = tmp_path / path.name
        other.write_text(out.getvalue(), encoding="utf-8")
        try:
            reading = read_files([other], base=tmp_path)
        except InputError:
            continue
        assert all(report.balanced() for report in reading.files)
        assert all(r.quantity > 0 for r in reading.records)
        for rejection in reading.files[0].rejected:
            assert rejection.reason.text("kk")


def _delimiter(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return ";" if text.count(";") > text.count(",") else ","
