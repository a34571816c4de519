"""What a part of a population writes: figures, obligations, findings and rejected rows, each a Parquet file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from decimal import Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salyq.population.coded import RECORDS
from salyq.population.engine import Refused, Result
from salyq.population.gathered import Gathered
from salyq.population.matches_out import matches_of
from salyq.population.told_many import KNOWN, FigureColumn
from salyq.rulebook.law import BASES

if TYPE_CHECKING:
    import pyarrow as pa

    from salyq.population.part_many import Served

TABLES = ("figures", "obligations", "findings", "persons", "rejected")
MATCHES = "matches"
EXACT = Context(prec=100)  # sums of a nation have more digits than Python keeps by itself
ROOM = 10**20  # of 38 digits 18 stand behind the point


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
        MATCHES: "person:t asset:t quantity:n sold:d bought:d treatment:t file:t row:i lot_file:t lot_row:i",
    }
    return {n: pa.schema([(c[:-2], of[c[-1]]) for c in told.split()]) for n, told in columns.items()}


def has_room(result: Result) -> bool:
    """Whether every amount of a person fits the columns of the outputs."""
    assert result.assessment is not None
    amounts: list[Decimal | None] = [o.amount for o in result.assessment.obligations]
    for f in result.assessment.figures:
        amounts += [f.value, *(f.bounds or ()), f.so_far]
    return all(x is None or abs(x) < ROOM for x in amounts)


class Outputs:
    """Gathers what one part says, then writes it whole: each file under a name of its own until all are there."""

    def __init__(self, lang: str, files: Sequence[str], matches: bool = False) -> None:
        """`matches`: every disposal × lot is written too."""
        self.lang, self.files, self.matches = lang, files, matches
        self.tables = (*TABLES, MATCHES) if matches else TABLES
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self.tables}
        self.counts: dict[str, Counter[str]] = {}
        self.totals: dict[str, dict[str, Any]] = {}
        self.persons: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()  # how persons were worked out: by columns, or alone
        known = schemas()
        self._columns = {name: Gathered(known[name]) for name in self.tables}

    def add(self, person: str, kind: str, region: str, result: Result) -> None:
        rows = self.rows
        self.ways["alone"] += 1
        for table, counted in result.rows.items():
            self.counts.setdefault(table, Counter()).update(counted)
        for r in result.refused:
            self.refuse(person, r)
        read = sum(c["read"] for c in result.rows.values())
        assessed = result.assessment
        if assessed is None:
            self._person(person, kind, region, "rejected", read)
            return
        if self.matches:
            rows[MATCHES] += [(person, *row) for row in matches_of(result, self.files)]
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

    def add_many(self, served: Served) -> set[str]:
        """All that columns said of a part; answers whom they served."""
        import numpy as np

        told, fine = served.told, ~served.told.odd
        names = served.names

        def put(table: str, persons: Any, **columns: Any) -> None:
            kept = np.flatnonzero(fine[persons])
            if len(kept):
                own = self._columns[table]
                own.add(len(persons), kept, [(persons, names), *map(columns.get, own.schema.names[1:])])

        for f in told.figures:
            values = _exact(f.values, None, f.places) if f.status == "known" else None
            ends = {}
            if f.ends is not None:
                ends = {n: _exact(*end) for n, end in zip(("low", "high", "so_far"), f.ends, strict=True)}
            put(
                "figures", f.persons, name=f.name, period=f.period, value=values, unit=f.unit, status=f.status,
                basis=(f.basis, BASES), **ends,
            )  # fmt: skip
            self._totals(f, fine[f.persons])
        for d in told.duties:
            amounts = _exact(d.amounts, d.known)
            put("obligations", d.persons, name=d.name, period=d.period, due=d.due, amount=amounts, status=d.status)
        for said in told.findings:
            distinct, places = np.unique(said.counts, return_inverse=True)
            texts = (places, [said.message(n).text(self.lang) for n in distinct.tolist()])
            amounts = None if said.amounts is None else (np.arange(len(said.amounts)), said.amounts)
            put("findings", said.persons, code=said.code, severity=said.severity, amount=amounts, message=texts)
        if self.matches and told.matches is not None:
            put(MATCHES, told.matches.persons, **told.matches.columns(self.files))
        everybody = np.arange(len(fine))
        put("persons", everybody, **_described(served))
        self._count_many(served, fine)
        return {name for name, own in zip(served.names, fine.tolist(), strict=True) if own}

    def _count_many(self, served: Served, fine: Any) -> None:
        for table, rows in served.counts.items():
            read = int(rows[fine].sum())
            ignored = int(served.ignored[fine].sum()) if table == RECORDS else 0
            if read:
                counted = self.counts.setdefault(table, Counter())
                counted.update(read=read, used=read - ignored, ignored=ignored, rejected=0)
        unknown = int((fine & served.told.unknown).sum())
        self.persons.update({k: n for k, n in (("known", int(fine.sum()) - unknown), ("unknown", unknown)) if n})
        self.ways["columns"] += int(fine.sum())

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
            total["sum"] = EXACT.add(total["sum"], value)

    def _totals(self, f: FigureColumn, own: Any) -> None:
        """Counts a figure of those persons of its column who are marked."""
        persons, known = int(own.sum()), f.status == KNOWN
        if persons:
            total = Decimal(sum(f.values[own].tolist())).scaleb(-f.places, context=EXACT) if known else None
            self._total(f.name, f.status, total)
            self.totals[f.name][f.status] += persons - 1

    def write(self, folder: Path, part: int) -> None:
        """Each table into `folder`/TABLE/part-PART.parquet. A file is there whole or not at all."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.parquet as pq

        for name in self.tables:
            rows, own = self.rows[name], self._columns[name]
            if rows:
                arrays = [pa.array([row[n] for row in rows], field.type) for n, field in enumerate(own.schema)]
                own.add(len(rows), np.arange(len(rows)), arrays)
            target = folder / name / f"part-{part:05d}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            made = target.with_suffix(".tmp")
            pq.write_table(own.table(), made, compression="zstd", store_schema=False)
            os.replace(made, target)

    def account(self) -> dict[str, Any]:
        """What run.json gathers of a part."""
        return {
            "persons": dict(self.persons),
            "ways": dict(self.ways),
            "rows": {t: dict(c) for t, c in sorted(self.counts.items())},
            "figures": {n: {**t, "sum": str(t["sum"])} for n, t in sorted(self.totals.items())},
        }


def _described(served: Served) -> dict[str, Any]:
    """The columns of `persons` of all whom columns were asked of."""
    roll = served.roll
    found = {n: (roll.alike, [getattr(p, n) or "" for p in roll.templates]) for n in ("kind", "region")}
    status = (served.told.unknown.astype("int64"), ("known", "unknown"))
    return {**found, "status": status, "rows": served.rows}


def _exact(values: Any, known: Any, places: int = 2) -> pa.Array:
    """Whole numbers as decimals with so many places (tiyn as tenge), null where not known."""
    import numpy as np
    import pyarrow as pa

    from salyq.lots.kernel import packed

    words = pa.py_buffer(packed(np.ascontiguousarray(values, np.int64)))
    exact = pa.Array.from_buffers(pa.decimal128(38, places), len(values), [None, words]).cast(pa.decimal128(38, 18))
    if known is None:
        return exact
    nothing = pa.scalar(None, pa.decimal128(38, 18))
    return pa.compute.if_else(pa.array(known), exact, nothing)
