"""Every record of every sample, compared with golden files that were checked by hand (samples/NOTICE: where from)."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from pathlib import Path

import pytest
from rendering import lines_of, payout_line, record_line

from salyq.civil.messages import catalog
from salyq.records.kinds import KINDS
from salyq.records.reading import Reading
from salyq.sources import read_files

HERE = Path(__file__).parent
GOLDEN = sorted((HERE / "golden").glob("*.txt"))
SAMPLES = [HERE / "samples" / f"{path.stem}.csv" for path in GOLDEN]
ALIKE = ("cointracking_export", "bybit_p2p")  # columns bear one title: only their order tells them apart
BELOW_PREAMBLE = {"coinbase_2020": 6, "coinbase_2024": 2, "pool_table_ru": 2}  # lines before the header


def read(path: Path) -> Reading:
    reading = read_files([path], base=path.parent)
    assert all(report.balanced() for report in reading.files)
    return reading


def tables() -> list[Path]:
    return [p for p in SAMPLES if p.stem not in ("nicehash",)]  # its footer is no row


def parts(path: Path) -> tuple[str, list[list[str]], str]:
    """(lines before the header, header and rows, delimiter) of a sample."""
    text = path.read_text(encoding="utf-8")
    before = BELOW_PREAMBLE.get(path.stem, 0)
    lines = text.splitlines(keepends=True)
    delimiter = ";" if lines[before].count(";") > lines[before].count(",") else ","
    rows = list(csv.reader(io.StringIO("".join(lines[before:])), delimiter=delimiter))
    return "".join(lines[:before]), [row for row in rows if row], delimiter


def written(before: str, rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return before + out.getvalue()


def told(reading: Reading) -> Counter[str]:
    """Records and payouts without their lines."""
    found = [record_line(r) for r in reading.records] + [payout_line(p) for p in reading.payouts]
    found += [str(e[:-1]) for e in reading.energy]
    return Counter(line.partition(" ")[2] for line in found)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_every_row_of_a_sample(path: Path) -> None:
    golden = (HERE / "golden" / f"{path.stem}.txt").read_text(encoding="utf-8").splitlines()
    assert list(lines_of(read(path))) == golden


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_records_keep_to_the_table_of_kinds(path: Path) -> None:
    reading = read(path)
    for r in reading.records:
        assert r.quantity > 0
        assert r.kind in KINDS
        assert all(getattr(r, name) is not None for name in KINDS[r.kind].required)
        assert (r.value is None) == (r.currency is None)
        assert (r.fee is None) == (r.fee_asset is None)
        assert r.fee is None or r.fee > 0
        assert r.account
    for rejection in reading.files[0].rejected:
        assert set(catalog()[rejection.reason.code]) >= {"kk", "ru", "en"}
        assert "{" not in rejection.reason.text("kk")


@pytest.mark.parametrize("path", tables(), ids=lambda p: p.stem)
def test_the_order_of_rows_changes_nothing(path: Path, tmp_path: Path) -> None:
    before, (header, *rows), delimiter = parts(path)
    random.Random(path.stem).shuffle(rows)
    other = tmp_path / path.name
    other.write_text(written(before, [header, *rows], delimiter), encoding="utf-8")
    assert told(read(other)) == told(read(path))


@pytest.mark.parametrize("path", [p for p in tables() if p.stem not in ALIKE], ids=lambda p: p.stem)
def test_the_order_of_columns_changes_nothing(path: Path, tmp_path: Path) -> None:
    before, rows, delimiter = parts(path)
    if path.stem == "meter_days":  # hours by their place: only whole blocks may move
        order = [*range(3, len(rows[0])), 0, 1, 2]
    else:
        order = list(range(len(rows[0])))
        random.Random(path.stem).shuffle(order)
    width = len(rows[0])
    moved = [[(row + [""] * width)[n] for n in order] for row in rows]
    other = tmp_path / path.name
    other.write_text(written(before, moved, delimiter), encoding="utf-8")
    assert told(read(other)) == told(read(path))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("path", tables(), ids=lambda p: p.stem)
def test_delimiters_and_encodings(path: Path, encoding: str, delimiter: str, tmp_path: Path) -> None:
    before, rows, _ = parts(path)
    extra = [[*row, ""] for row in rows]  # a delimiter at the end of each line, and blank lines
    other = tmp_path / path.name
    other.write_text(written(before, extra, delimiter) + "\r\n\r\n", encoding=encoding)
    assert told(read(other)) == told(read(path))
