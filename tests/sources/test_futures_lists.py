"""Lists of derivatives beside a statement: a result and a fee that both tell count once."""

from __future__ import annotations

from pathlib import Path

from salyq.civil.numbers import format_scaled
from salyq.reconcile import reconcile
from salyq.records.person import Person
from salyq.sources import read_folder, settle_currencies

STATEMENT = (
    "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"
    "1,2025-03-02 10:00:00,USD-M Futures,Fee,USDT,-0.2,\n"
    "1,2025-03-02 12:00:01,USD-M Futures,Realized Profit and Loss,USDT,25.5,\n"
    "1,2025-03-02 16:00:00,USD-M Futures,Funding Fee,USDT,-25.5,\n"
)
FUTURES = (
    "Date(UTC),type,Amount,Asset,Symbol,Transaction ID\n"
    "2025-03-02 10:00:00,COMMISSION,-0.2,USDT,BTCUSDT,1\n"
    "2025-03-02 12:00:00,REALIZED_PNL,25.5,USDT,BTCUSDT,2\n"
    "2025-03-02 16:00:00,FUNDING_FEE,-25.5,USDT,BTCUSDT,3\n"
    "2025-03-03 12:00:00,REALIZED_PNL,7,USDT,BTCUSDT,4\n"
)


def test_a_result_that_two_exports_tell_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(STATEMENT)
    (tmp_path / "b.csv").write_text(FUTURES)
    reading, _ = read_folder(tmp_path)
    person = Person("900101300017", "individual")
    settle_currencies(reading, person)
    told = [
        f"{r.kind} {format_scaled(r.value) if r.value is not None else format_scaled(r.quantity)}"
        for r in reconcile(reading, person).records
    ]
    assert told == ["fee 0.2", "derivative_result 25.5", "derivative_result -25.5", "derivative_result 7"]
    assert sum(f.ignored["told_twice"] for f in reading.files) == 3
