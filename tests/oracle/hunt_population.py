"""Random persons of a population against the oracle, figure by figure, to the tiyn.

python tests/oracle/hunt_population.py [--persons 10000] [--seed 0]    prints what differs, and how many were asked

Persons are assessed together, a few hundred at a time, as `salyq population assess` does it; the oracle
(Fractions, one person after another) is given the same rows and the quotes that all of them share.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from case_folder import person_toml
from histories import individual
from oracle_days import moment

import oracle

Row = dict[str, Any]
TOGETHER = 250
YEARS = (2025, 2026, 2024, 2023)
SUBJECT = "personal_income_tax."
QUOTES = ("asset_values", "exchange_rates")


def people(seed: int, count: int) -> tuple[dict[str, Row], dict[str, list[Row]]]:
    """(cases by name, the quotes that all share: of two that say something else of one day the first counts)."""
    dice = Random(f"population {seed}")
    cases: dict[str, Row] = {}
    while len(cases) < count:
        case = individual(dice.randrange(1 << 48), dice.randrange(1, 46))
        if case["person"].pop("elections") == {"lot_method": "fifo"}:  # the oracle's averages know no shared quotes
            case["records"] = at_once(case["records"])
            cases[f"p{len(cases):05}"] = plainly(case) if len(cases) % 2 else case
    quotes: dict[str, list[Row]] = {}
    for table in QUOTES:
        found: dict[tuple[str, ...], Row] = {}
        for case in cases.values():
            for row in case.pop(table):
                found.setdefault((row["date"], row.get("asset", row["currency"]), row["kind"]), row)
        quotes[table] = list(found.values())
    return cases, quotes


def at_once(records: list[Row]) -> list[Row]:
    """Fills of one order in one second: the oracle has a sale stand where its first fill does."""
    first: dict[str, str] = {}
    return [{**r, "time": first.setdefault(r["group"], r["time"])} if r.get("group") else r for r in records]


def plainly(case: Row) -> Row:
    """Without what sends a person to be assessed alone: transfers, swaps of two rows, moments of another zone, facts of
    a year in person.toml. What is short then is unknown to both."""
    kept = [r for r in case["records"] if r["kind"] not in ("swap_in", "swap_out", "transfer_in", "transfer_out")]
    records = [{**r, "time": f"{moment(r['time']).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"} for r in kept]
    return {**case, "person": {k: v for k, v in case["person"].items() if k != "year"}, "records": records}


def write(folder: Path, cases: dict[str, Row], quotes: dict[str, list[Row]]) -> Path:
    folder.mkdir()
    persons = []
    for name, case in cases.items():
        own = {k: v for k, v in case["person"].items() if k not in ("kind", "id", "name")}
        persons.append({"person": name, "kind": case["person"]["kind"], "toml": person_toml(own)})
    records = [{"person": name, **row} for name, case in cases.items() for row in case["records"]]
    for table, rows in {"persons": persons, "records": records, **quotes}.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(k for row in rows for k in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def differences(seed: int, count: int, year: int, folder: Path) -> tuple[list[str], int, int]:
    """(what a population says otherwise than the oracle, figures compared, persons worked out by columns)."""
    import pyarrow.parquet as pq

    from salyq.population.run import assess_population

    cases, quotes = people(seed, count)
    run = assess_population(write(folder / "in", cases, quotes), folder / "out", year, workers=1)
    told = {(f["person"], f["name"], f["period"]): f for f in pq.read_table(folder / "out" / "figures").to_pylist()}
    found, compared = [], 0
    for name, case in cases.items():
        for (figure, period), answer in oracle.assess({**case, **quotes}, year).items():
            if figure.startswith(SUBJECT):
                compared += 1
                words = _difference(answer, told.get((name, figure, period)))
                if words:
                    found.append(f"seed {seed} {name} {figure} {period}: {words}")
    return found, compared, run["worked_out"]["columns"]


def _difference(answer: oracle.Answer, said: Row | None) -> str | None:
    if said is None or said["status"] == "not_applicable":
        return None if answer.value == 0 else f"not told, the oracle has {answer.value}"
    low, high = said["low"], said["high"]
    if said["status"] == "known":
        return None if _same(said["value"], answer.value) else f"{said['value']}, the oracle has {answer.value}"
    if answer.value is not None:
        return None if _same(low, answer.value) and _same(high, answer.value) else f"unknown, not {answer.value}"
    if None in (low, high, answer.low, answer.high):
        return None
    same = _same(low, answer.low) and _same(high, answer.high)
    return None if same else f"{low} to {high}, the oracle has {answer.low} to {answer.high}"


def _same(value: Decimal | None, expected: Fraction | None) -> bool:
    return value is not None and expected is not None and Fraction(value) == expected


def hunts(persons: int, seed: int) -> Iterator[tuple[list[str], int, int]]:
    """A population after another, the years in turn."""
    for n, first in enumerate(range(0, persons, TOGETHER)):
        with tempfile.TemporaryDirectory() as name:
            yield differences(seed + n, min(TOGETHER, persons - first), YEARS[n % len(YEARS)], Path(name))


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--persons", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=0)
    args = asked.parse_args()
    wrong = compared = columns = 0
    for found, figures, by_columns in hunts(args.persons, args.seed):
        print(*found, sep="\n" if found else "", end="\n" if found else "", flush=True)
        wrong, compared, columns = wrong + len(found), compared + figures, columns + by_columns
    print(f"{args.persons} persons, {columns} by columns; {compared} figures compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
