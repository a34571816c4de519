"""Tables that tell a miner's month in each row: columns miner, period (YYYY-MM), and numbers of nought or more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.office.intake.model import Fault, Received
from salyq.office.intake.pool_table import table_rows


def read_months(path: Path, columns: Sequence[str], numbers: Sequence[str], *, once: bool = False) -> Received:
    """Every row, or every fault with its row; `once`: a miner's month may stand in one row only."""
    rows = table_rows(path)
    head = [c.strip().lower() for c in rows[0][1]] if rows else []
    if missing := [c for c in columns if c not in head]:
        raise InputError(Message("import_no_column", {"column": missing[0]}), file=path.name, line=1)
    received = Received()
    seen: set[tuple[str, str]] = set()
    for line, cells in rows[1:]:
        row = dict(zip(head, (c.strip() for c in cells), strict=False))
        before = len(received.faults)
        _check(line, row, numbers, received.faults)
        key = (row.get("miner", ""), row.get("period", ""))
        if once and key in seen:
            received.faults.append(Fault(f"{line}:period", " ".join(key)[:40], Message("intake_month_twice")))
        seen.add(key)
        if len(received.faults) == before:
            received.rows.append({**row, "line": line})
    periods = sorted({r["period"] for r in received.rows})
    received.period = periods[0] if len(periods) == 1 else None
    received.summary = {"rows": len(received.rows), "miners": len({r["miner"] for r in received.rows})}
    if not rows[1:]:
        received.faults.append(Fault("", "", Message("intake_no_rows")))
    return received


def _check(line: int, row: Mapping[str, str], numbers: Sequence[str], faults: list[Fault]) -> None:
    if bad := check_id(row.get("miner", "")):
        faults.append(Fault(f"{line}:miner", row.get("miner", "")[:20], bad))
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", row.get("period", "")):
        faults.append(Fault(f"{line}:period", row.get("period", "")[:20], Message("intake_not_a_month"), "2025-03"))
    for name in numbers:
        try:
            if parse_scaled(row.get(name, "")) < 0:
                faults.append(Fault(f"{line}:{name}", row[name][:40], Message("intake_not_above_zero")))
        except NumberError:
            faults.append(Fault(f"{line}:{name}", row.get(name, "")[:40], Message("registry_not_a_number")))
