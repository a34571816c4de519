"""Random cases on disk, and an assessment as what must stay the same however its rows are told."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from case_folder import write_case
from company_histories import company
from histories import individual
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import salyq
from salyq.assessing.result import Assessment

Row = dict[str, Any]
YEARS = range(2022, 2027)
QUICK = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)
RECORD = ("time", "kind", "asset", "quantity", "value", "currency", "account", "group", "id")


def histories() -> st.SearchStrategy[Row]:
    """An individual or a company, with what it did."""
    seeds = st.integers(0, 2**32)
    lengths = st.integers(5, 40)
    return st.one_of(st.builds(individual, seeds, lengths), st.builds(company, seeds, lengths))


def busy_year(case: Row) -> int:
    """The year of the case with most rows whose law is there."""
    rows = [r for name in ("records", "energy", "payouts", "expenses") for r in case.get(name, [])]
    years = [int(str(r.get("time") or r.get("date") or r.get("start"))[:4]) for r in rows]
    return max(YEARS, key=lambda y: (years.count(y), y))


def assessed(case: Row, folder: Path, year: int, **how: Any) -> Assessment:
    return salyq.assess(salyq.read_case(write_case(case, folder)), year=year, **how)


def answer(result: Assessment) -> dict[str, object]:
    """Figures with all they say of themselves, codes of findings, obligations; no places of rows."""
    return {
        "figures": [
            (f.name, f.period, f.value, f.status, f.basis, f.cites, f.bounds, f.so_far, f.alternatives, f.note)
            for f in result.figures
        ],
        "missing": [sorted({m.code for m in f.missing}) for f in result.figures],
        "findings": sorted({(f.code, f.severity, f.cites) for f in result.findings}),
        "amounts": sorted((f.code, f.amount) for f in result.findings if f.amount),
        "obligations": [(o.name, o.period, o.due, o.amount, o.cites) for o in result.obligations],
    }


def shuffled(case: Row, order: Random) -> Row:
    """The same rows in another order, in every file."""
    found = dict(case)
    for name, rows in case.items():
        if isinstance(rows, list):
            found[name] = order.sample(rows, len(rows))
    return found


def split(case: Row, folder: Path, order: Random) -> Path:
    """The case with its records dealt out to three files in different folders."""
    write_case(case, folder)
    records = folder / "records.csv"
    if not records.exists():
        return folder
    head, *lines = records.read_text(encoding="utf-8").splitlines(keepends=True)
    records.unlink()
    piles: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for line in lines:
        piles[order.randrange(3)].append(line)
    for number, pile in piles.items():
        if pile:
            place = folder / f"part{number}" / "wallet.csv"
            place.parent.mkdir()
            place.write_text(head + "".join(pile), encoding="utf-8")
    return folder
