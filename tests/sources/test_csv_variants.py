"""One export in the many shapes that downloads and spreadsheets give it: always the same record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salyq.records.reading import Reading
from salyq.sources import read_folder

Read = Callable[..., Reading]
HEADER = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark"
ROW = "1,2025-03-01 12:00:00,Spot,Deposit,BTC,1234.5,"
PLAIN = f"{HEADER}\n{ROW}\n"
SEMICOLONS = PLAIN.replace(",", ";")


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.replace("Spot,", '"Spot ",').encode("utf-16-be"),
        PLAIN.replace(ROW, ROW + "Перевод").encode("cp1251"),
        "".join(f"\ufeff{cell}," for cell in HEADER.split(",")) + f"\n\ufeff{ROW}\n",
        "\n".join(f'"{line}"' for line in PLAIN.splitlines()),
        "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in PLAIN.splitlines()),
        SEMICOLONS,
        PLAIN.replace(",", "\t"),
        SEMICOLONS.replace("1234.5", "1234,5"),
        SEMICOLONS.replace("1234.5", "1 234,50"),
        SEMICOLONS.replace("1234.5", "1\u00a0234,50"),
        SEMICOLONS.replace("1234.5", "1.234,5"),
        PLAIN.replace("1234.5", '"1,234.5"'),
        PLAIN.replace("1234.5", "1.2345E3"),
        SEMICOLONS.replace("2025-03-01 12:00:00", "01.03.2025 12:00"),
        PLAIN.replace("2025-03-01 12:00:00", "3/1/2025 12:00:00 PM"),
        PLAIN.replace("2025-03-01 12:00:00", "25-03-01 12:00:00"),
        PLAIN.replace("2025-03-01 12:00:00", "2025-03-01T17:00:00+05:00"),
        f"Transaction history\nof 2025, all accounts\n\n{PLAIN}",
        f"sep=,\n{PLAIN}",
        PLAIN.replace("\n", ",,,\n") + "\n,,,,,,,\n",
    ],
)
def test_the_same_record(read: Read, content: str | bytes) -> None:
    reading = read(content)
    (record,) = reading.records
    assert record.quantity == 12345 * 10**17
    assert record.time == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert not reading.files[0].rejected


def test_what_could_be_read_in_two_ways_is_not(read: Read) -> None:
    for content in (SEMICOLONS.replace("1234.5", "1,234"), PLAIN.replace("2025-03-01 12:00:00", "03/01/2025 12:00")):
        reading = read(content)
        assert not reading.records
        assert len(reading.files[0].rejected) == 1


def test_formats_and_years_mixed_in_one_folder(tmp_path: Path) -> None:
    files = {
        "2024/binance.csv": PLAIN.replace("2025", "2024"),
        "2025/binance.csv": SEMICOLONS,
        "2025/mine.csv": "time,kind,asset,quantity\n2025-03-01T12:00:00Z,gift_in,BTC,1\n",
        "2025/kraken.csv": '"txid","refid","time","type","aclass","asset","amount","fee","balance"\n'
        '"L1","R1","2025-03-01 12:00:00","deposit","currency","XXBT","1.0","0","1.0"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    reading, _ = read_folder(tmp_path)
    assert [f.reader for f in reading.files] == ["binance_history", "binance_history", "kraken_ledgers", "records"]
    assert sorted(r.day.year for r in reading.records) == [2024, 2025, 2025, 2025]
