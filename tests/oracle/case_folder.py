"""Writes a history as a case folder: person.toml, records.csv, prices/*.csv and so on (interfaces §2, §3)."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

Row = dict[str, Any]
PLACES = {
    "records": "records.csv",
    "energy": "meters/energy.csv",
    "payouts": "payouts.csv",
    "expenses": "expenses.csv",
    "payments": "payments.csv",
    "asset_values": "prices/asset_values.csv",
    "exchange_rates": "prices/exchange_rates.csv",
}
# Columns that a file of ours must have even when no row fills them.
NEEDED = {
    "records": ["time", "kind", "asset", "quantity"],
    "asset_values": ["date", "asset", "value", "currency"],
    "exchange_rates": ["date", "currency", "rate", "quantity"],
}


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def _table(name: str, items: Row) -> list[str]:
    nested = {k: v for k, v in items.items() if isinstance(v, dict) and k.isdigit()}
    lines = [f"[{name}]"] + [f"{k} = {_toml(v)}" for k, v in items.items() if k not in nested]
    for key, value in nested.items():
        lines += _table(f"{name}.{key}", value)
    return lines


def person_toml(person: Row) -> str:
    lines = [f"{k} = {_toml(v)}" for k, v in person.items() if not isinstance(v, (list, dict))]
    for key, value in person.items():
        if isinstance(value, list):
            for item in value:
                lines += [f"[[{key}]]"] + [f"{k} = {_toml(v)}" for k, v in item.items()]
        elif isinstance(value, dict):
            lines += _table(key, value)
    return "\n".join(lines) + "\n"


def write_case(case: Row, folder: Path) -> Path:
    """`folder` (made if need be) becomes the case; only lists that have rows make a file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "person.toml").write_text(person_toml(case["person"]), encoding="utf-8")
    for name, place in PLACES.items():
        rows = case.get(name, [])
        if not rows:
            continue
        columns = list(dict.fromkeys([*NEEDED.get(name, []), *(k for row in rows for k in row)]))
        path = folder / place
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
