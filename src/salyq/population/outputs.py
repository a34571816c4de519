"""What a part of a population writes: figures, obligations, findings and rejected rows, each a Parquet file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salyq.population.engine import Refused, Result

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("figures", "obligations", "findings", "persons", "rejected")


def schemas() -> dict[str, pa.Schema]:
    """Columns of each output. Amounts: tenge, or kWh where `unit` says so, exact."""
    import pyarrow as pa

    of = {"t": pa.string(), "n": pa.decimal128(38, 18), "d": pa.date32(), "i": pa.int64()}
    columns = {
        "figures": "person:t name:t period:t value:n unit:t status:t basis:t low:n high:n so_far:n",
        "obligations": "person:t name:t period:t due:d amount:n status:t",
        "findings": "person:t code:t severity:t amount:t message:t",
        "persons": "person:t kind:t region:t status:t rows:i",
        "rejected": "person:t table:t file:t row:i column:t value:t code:t reason:t",
    }
    return {n: pa.schema([(c[:-2], of[c[-1]]) for c in told.split()]) for n, told in columns.items()}


class Outputs:
    """Gathers what one part says, then writes it whole: each file under a name of its own until all are there."""

    def __init__(self, lang: str, files: Sequence[str]) -> None:
        self.lang, self.files = lang, files
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        self.counts: dict[str, Counter[str]] = {}
        self.totals: dict[str, dict[str, Any]] = {}
        self.persons: Counter[str] = Counter()

    def add(self, person: str, kind: str, region: str, result: Result) -> None:
        rows = self.rows
        for table, counted in result.rows.items():
            self.counts.setdefault(table, Counter()).update(counted)
        for r in result.refused:
            self.refuse(person, r)
        read = sum(c["read"] for c in result.rows.values())
        assessed = result.assessment
        if assessed is None:
            self._person(person, kind, region, "rejected", read)
            return
        known = True
        for f in assessed.figures:
            low, high = f.bounds or (None, None)
            rows["figures"].append((person, f.name, f.period, f.value, f.unit, f.status, f.basis, low, high, f.so_far))
            known = known and f.status != "unknown"
            self._total(f.name, f.status, f.value)
        for o in assessed.obligations:
            rows["obligations"].append((person, o.name, o.period, o.due, o.amount, getattr(o, "status", "due")))
        for said in assessed.findings:
            rows["findings"].append((person, said.code, said.severity, said.amount, said.message.text(self.lang)))
        self._person(person, kind, region, "known" if known else "unknown", read)

    def refuse(self, person: str, r: Refused) -> None:
        told = r.reason.text(self.lang)
        file = self.files[r.file] if 0 <= r.file < len(self.files) else ""
        self.rows["rejected"].append((person, r.table, file, r.row, r.column, r.value, r.reason.code, told))

    def _person(self, person: str, kind: str, region: str, status: str, read: int) -> None:
        self.persons[status] += 1
        self.rows["persons"].append((person, kind, region, status, read))

    def _total(self, name: str, status: str, value: Decimal | None) -> None:
        total = self.totals.setdefault(name, {"known": 0, "unknown": 0, "not_applicable": 0, "sum": Decimal(0)})
        total[status] += 1
        if value is not None:
            total["sum"] += value

    def write(self, folder: Path, part: int) -> None:
        """Each table into `folder`/TABLE/part-PART.parquet. A file is there whole or not at all."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for name, schema in schemas().items():
            rows = self.rows[name]
            arrays = [pa.array([row[n] for row in rows], field.type) for n, field in enumerate(schema)]
            target = folder / name / f"part-{part:05d}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            made = target.with_suffix(".tmp")
            pq.write_table(pa.Table.from_arrays(arrays, schema=schema), made, compression="zstd")
            os.replace(made, target)

    def account(self) -> dict[str, Any]:
        """What run.json gathers of a part."""
        return {
            "persons": dict(self.persons),
            "rows": {t: dict(c) for t, c in sorted(self.counts.items())},
            "figures": {n: {**t, "sum": str(t["sum"])} for n, t in sorted(self.totals.items())},
        }
