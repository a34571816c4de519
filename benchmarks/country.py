"""A large made-up country in seconds, for the benchmarks: columns by NumPy, sorted by person and time.

python -m benchmarks.country OUT PERSONS [--unsorted FILES]    some 27 records a person in 2024 and 2025; prints counts

Every person trades five coins; a coin is sold only while some is left, but for one person in twelve, whose first rows
of a coin are sales. The same arguments give the same bytes. `salyq population sample` makes countries that are more
like life and takes a hundred times longer a row.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROWS, CHUNK, SEED = 33, 30_000, 12
COINS = ("BTC", "ETH", "SOL", "TON", "USDT")
PRICES = np.array([31_000_000, 1_150_000, 72_000, 2_400, 520])  # tenge, about
VENUES = ("binance", "bybit", "atais", "caspian")
REGIONS = ("750000000", "710000000", "790000000", "350000000")
TOML = "".join(
    f'[[account]]\nname = "{v}"\ncountry = "{c}"\n' for v, c in zip(VENUES, ("AE", "AE", "KZ", "KZ"), strict=True)
)
FIRST, SPAN = 1_704_067_200, 730 * 86_400  # 2024-01-01, two years
BASELESS = 12


def chunk(first: int, persons: int) -> tuple[Any, Any]:
    """(records, persons) of some persons as Arrow tables."""
    import pyarrow as pa

    dice = np.random.default_rng([SEED, first])
    counts = np.maximum(2, np.minimum(2_000, (dice.pareto(1.3, persons) * 9 + 4).astype(np.int64)))
    person = np.repeat(np.arange(persons), counts)
    count = len(person)
    time = dice.integers(0, SPAN, count)
    coin = dice.integers(0, len(COINS), count)
    order = np.lexsort((time, person))
    time = time[order]
    group = person * len(COINS) + coin
    by_coin = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[by_coin], np.arange(persons * len(COINS)))
    turn = np.empty(count, np.int64)
    turn[by_coin] = np.arange(count) - starts[group[by_coin]]
    turn += (person + first) % BASELESS == 0
    sold = turn % 2 == 1
    spent = (dice.lognormal(10.8, 1.2, count) + 500).astype(np.int64)
    price = PRICES[coin] * dice.integers(700, 1_400, count)
    quantity = np.maximum(spent * 10**11 // price, 100)  # 10^-8
    before = np.empty(count, np.int64)
    before[by_coin] = np.concatenate(([0], quantity[by_coin][:-1]))
    quantity = np.where(sold & (turn > 0), np.maximum(np.minimum(before, quantity), 1), quantity)
    tenge = dice.random(count) < 0.5
    value = np.where(tenge, price * (quantity // 100 + 1) // 10**7, price * (quantity // 100 + 1) // 52_000 // 10**2)
    names = pa.array([f"P{n:08d}" for n in range(first, first + persons)])

    def texts(places: Any, words: tuple[str, ...]) -> Any:
        return pa.array(words).take(pa.array(places))

    records = pa.table(
        {
            "person": names.take(pa.array(person)),
            "time": pa.array(time + FIRST, pa.timestamp("s", "UTC")),
            "kind": texts(sold.astype(np.int64), ("buy", "sell")),
            "asset": texts(coin, COINS),
            "quantity": _decimals(quantity, 8),
            "value": _decimals(value, 2),
            "currency": texts(tenge.astype(np.int64), ("USD", "KZT")),
            "account": texts(np.repeat(dice.integers(0, len(VENUES), persons), counts), VENUES),
            "document": texts(sold.astype(np.int64), ("statement", "")),
        }
    )
    salary = dice.integers(150_000_000, 2_400_000_000, persons)
    people = pa.table(
        {
            "person": names,
            "kind": texts(np.zeros(persons, np.int64), ("individual",)),
            "region": texts(dice.integers(0, len(REGIONS), persons), REGIONS),
            "employment_income_taxable": _decimals(salary, 2),
            "personal_income_tax_withheld": _decimals(salary // 10, 2),
            "toml": texts(np.zeros(persons, np.int64), (TOML,)),
        }
    )
    return records, people


def _decimals(values: Any, places: int) -> Any:
    import pyarrow as pa

    words = np.zeros((len(values), 2), np.int64)
    words[:, 0] = values
    return pa.Array.from_buffers(pa.decimal128(20 + places, places), len(values), [None, pa.py_buffer(words)])


def make(out: Path, persons: int, files: int = 0) -> dict[str, int]:
    """Writes the country; with `files`, records in so many files and in no order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from salyq.population.sample import quotes

    out.mkdir(parents=True)
    for name, table in quotes(SEED, 2025):
        pq.write_table(table, out / f"{name}.parquet")
    writers: dict[str, Any] = {}
    total = 0
    shuffled = np.random.default_rng(SEED)
    for number, first in enumerate(range(0, persons, CHUNK)):
        records, people = chunk(first, min(CHUNK, persons - first))
        total += records.num_rows
        name = "records"
        if files:
            name = f"records-{number % files}"
            records = records.take(pa.array(shuffled.permutation(records.num_rows)))
        for stem, table in ((name, records), ("persons", people)):
            if stem not in writers:
                writers[stem] = pq.ParquetWriter(out / f"{stem}.parquet", table.schema, compression="zstd")
            writers[stem].write_table(table, row_group_size=1 << 17)
    for writer in writers.values():
        writer.close()
    return {"persons": persons, "records": total}


def main() -> None:
    out, persons, *rest = sys.argv[1:]
    print(json.dumps(make(Path(out), int(persons), int(rest[1]) if rest else 0)))


if __name__ == "__main__":
    main()
