"""Neutral records written and read back lose nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from salyq.civil.days import kz_day
from salyq.records.kinds import KINDS
from salyq.records.model import PROOFS, PURPOSES, Record, Source
from salyq.records.neutral import COLUMNS, format_origin, guard, unguard, write_records
from salyq.sources import read_files

TENGE_UNIT = 10**16
text = st.text(max_size=12).map(str.strip).filter(lambda t: "\0" not in t and t.encode("utf-8", "ignore").decode() == t)
maybe = st.none() | text.filter(bool)
code = st.sampled_from(["BTC", "ETH", "USDT", "=CMD|'/C'!A0", "@SUM", "-1", "+X", "'Q", "''=Z", 'Ә,"Б'])
amount = st.integers(0, 10**38 - 1)


@st.composite
def a_record(draw: st.DrawFn) -> Record:
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    value = draw(st.none() | amount)
    currency = draw(st.sampled_from(["USD", "USDT", "KZT", "BTC"])) if value is not None else None
    group = draw(maybe)
    if "value" in kind.required and value is None:
        value, currency = draw(amount), "EUR"
    if "group" in kind.required:
        group = group or "g"
    if currency == "KZT" and value is not None:
        value = value // TENGE_UNIT * TENGE_UNIT
    if kind.name == "derivative_result" and value is not None and draw(st.booleans()):
        value = -value
    fee = draw(st.none() | amount)
    moment = datetime.fromtimestamp(draw(st.integers(10**9, 4 * 10**9)), UTC).replace(
        microsecond=draw(st.integers(0, 999_999))
    )
    return Record(
        moment,
        kz_day(moment),
        kind.name,
        draw(code),
        draw(st.integers(1, 10**38 - 1)),
        value,
        currency,
        fee,
        None if fee is None else draw(code),
        draw(text),
        draw(maybe),
        group,
        draw(maybe),
        draw(maybe),
        draw(maybe),
        None,
        draw(maybe),
        draw(st.none() | st.sampled_from(PROOFS)),
        draw(st.none() | st.sampled_from(PURPOSES)),
        draw(st.none() | st.booleans()),
        None if currency is None else draw(st.none() | st.integers(0, 10**20)) if currency != "KZT" else None,
        Source(draw(st.sampled_from(["a.csv", "sub/ә:b.csv"])), draw(st.integers(1, 10**6)), "0f" * 32),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(a_record(), min_size=1, max_size=6))
def test_what_is_written_comes_back(tmp_path: Path, records: list[Record]) -> None:
    path = tmp_path / "neutral.csv"
    assert write_records(records, path) == len(records)
    reading = read_files([path], base=tmp_path)
    assert [x.reason.text() for x in reading.files[0].rejected] == []
    back = reading.records
    assert [r._replace(source=Source("", 0)) for r in back] == [r._replace(source=Source("", 0)) for r in records]
    assert [r.source.origin for r in back] == [format_origin(r.source) for r in records]
    again = tmp_path / "again.csv"
    write_records(back, again)
    assert again.read_bytes() == path.read_bytes()


@given(st.text())
@example("'")
@example("''=1")
@example("")
def test_guard_is_undone_and_no_cell_is_a_formula(cell: str) -> None:
    guarded = guard(cell)
    assert unguard(guarded) == cell
    assert guarded[:1] not in tuple("=+-@\t\r\n")


def test_no_written_text_cell_starts_a_formula(tmp_path: Path) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    evil = '=HYPERLINK("http://x")'
    record = Record(moment, kz_day(moment), "gift_in", "+BTC", 1, account=evil, note="@x", id="-1", counterparty="'=1")
    path = tmp_path / "r.csv"
    write_records([record], path)
    with path.open(encoding="utf-8", newline="") as file:
        header, row = list(csv.reader(file))
    assert tuple(header) == COLUMNS
    assert not [cell for cell in row if cell[:1] in tuple("=+-@")]
    assert read_files([path], base=tmp_path).records[0].account == evil


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=70), st.text(max_size=40), st.text(max_size=20)), max_size=4))
@example([("ß" * 40, "x", ""), ("a" * 64, "\n", "=1"), ("'=x", "'", "'+")])
def test_what_any_reader_accepts_is_read_again(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    """Odd coins and notes in an export: what `read --to` writes of them loses nothing and nobody."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(["User_ID", "UTC_Time", "Account", "Operation", "Coin", "Change", "Remark"])
    for n, (coin, remark, account) in enumerate(rows):
        writer.writerow(["1", f"2025-01-01 00:00:{n:02d}", account, "Deposit", coin, "1.5", remark])
    text = table.getvalue()
    if "\0" in text or any(0xD800 <= ord(c) < 0xE000 for c in text):
        return
    (tmp_path / "export.csv").write_bytes(text.encode())
    reading = read_files([tmp_path / "export.csv"], base=tmp_path)
    write_records(reading.records, tmp_path / "again.csv")
    back = read_files([tmp_path / "again.csv"], base=tmp_path)
    assert [x.reason.text() for x in back.files[0].rejected] == []
    assert [r[:-1] for r in back.records] == [r[:-1] for r in reading.records]
