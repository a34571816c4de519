"""A country at once: what the law of a year costs for millions of persons, and the floor under a run over tables.

python -m benchmarks.nation law PERSONS       the income tax of 2026, five figures of everybody, in chunks; prints JSON
python -m benchmarks.nation alone IN OUT YEAR everybody one by one, as the columns' peer
python -m benchmarks.nation floor IN OUT      the same rows read and as many figures written, by the same library alone
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

YEAR = 2026
CHUNK = 1 << 16
P = "personal_income_tax."
FIGURES = [P + name for name in ("taxable_income", "tax", "withheld_credit", "tax_due", "overpaid")]
FACTS = (
    *("employment_income_taxable", "personal_income_tax_withheld", "base_deduction", "social_deduction"),
    "other_income",
)
MOST = 9 * 10**14  # tiyn: what is declared of every amount


def people(count: int, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Made-up amounts in tiyn by name, and marks of who states a fact."""
    dice = np.random.default_rng(seed)
    names = (P + "digital_asset_income", *FACTS)
    amounts = {n: np.minimum(np.exp(dice.normal(19.5, 1.8, count)), MOST).astype(np.int64) for n in names}
    return amounts, {n: dice.random(count) < 0.7 for n in FACTS}


def law(persons: int) -> dict[str, float]:
    """Processor seconds of five figures of the shipped law for so many persons, and what they sum to."""
    from salyq.law import shipped
    from salyq.rulebook.columns import Column, code
    from salyq.rulebook.graph import Graph
    from salyq.rulebook.many import Many
    from salyq.rulebook.many_tables import Children, Table

    graph = Graph(shipped())

    def chosen(name: str, on: date) -> str:
        value = graph.value_at(name, on)
        assert value is not None
        return str(value.data["default"])

    amounts, given = people(CHUNK, 7)  # the same chunk again and again: memory is what a stream would hold
    kinds = graph.law.kinds["year"].columns
    fixed = {"person_kind": Column((code("individual"),)), "law_day": Column((date(YEAR, 12, 31).toordinal(),))}
    fixed |= {n: Column((True,)) for n in ("year_over", "resident", "resident_in_year", "residence_known")}
    fixed |= {n: Column((False,)) for n in ("mines", "does_business", "regime_stated", "stated_simplified")}
    blank = Column((0,), True, (0, 0))
    stated = {n: Column((amounts[n],), ~given[n], (0, MOST)) for n in FACTS}
    none = np.zeros(0, np.int64)
    nothing = Children(Table("sale", 0, {}), none, np.zeros(CHUNK + 1, np.int64))
    start, done, total = time.process_time(), 0, 0
    while done < persons:
        table = Table("year", CHUNK, {**dict.fromkeys(kinds, blank), **fixed, **stated})
        table.rows = dict.fromkeys(graph.law.kinds["year"].rows, nothing)
        table.given(P + "digital_asset_income", Column((amounts[P + "digital_asset_income"],), None, (0, MOST)))
        many = Many(graph, {}, chosen)
        for figure in FIGURES:
            column = many.rule(figure, table)
            total += int(column.parts[0].sum())
        done += CHUNK
    return {"persons": done, "cpu": time.process_time() - start, "sum": total}


def alone(source: Path, out: Path, year: int) -> None:
    from salyq.population.run import assess_population

    assess_population(source, out, year, workers=1, alone=True)


def floor(source: Path, out: Path) -> None:
    """Reads every column of records and persons, and writes seven figures a person."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    records = pq.read_table(source / "records.parquet")
    persons = pq.read_table(source / "persons.parquet").column("person")
    amounts = records.column("quantity").slice(0, len(persons))
    table = pa.table({"person": persons.slice(0, len(amounts)), "value": amounts})
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.concat_tables([table] * 7), out / "figures.parquet", compression="zstd")


def main() -> None:
    what, *rest = sys.argv[1:]
    if what == "law":
        print(json.dumps(law(int(rest[0]))))
    elif what == "alone":
        alone(Path(rest[0]), Path(rest[1]), int(rest[2]))
    else:
        floor(Path(rest[0]), Path(rest[1]))


if __name__ == "__main__":
    main()
