"""Every kind of row that a reader has once got wrong, at every venue that has it (kinds_at_venues.toml).

A cell that is no export says why: either the venue's public layouts have no such row, or no public source shows one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from salyq.civil.numbers import format_scaled
from salyq.facts.case import read_case
from salyq.reconcile import reconcile
from salyq.records.model import Record
from salyq.records.person import Person
from salyq.sources import read_folder, settle_currencies


def cells(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))["cell"]
    return found


CELLS, SHAPES = cells("kinds_at_venues.toml"), cells("kinds_in_other_shapes.toml")
TOGETHER = cells("kinds_together.toml")
VENUES = ("binance", "bybit", "okx", "kraken", "coinbase", "kucoin", "gate", "mexc", "htx", "bitget", "bitvavo")
VENUES += ("crypto.com",)
DEALS = "its public layouts list whole deals, deposits and withdrawals alone"
WHOLE = "one row tells the whole deal, the fee among it"
SHOWN = "no public export shows such a row of this venue"
NO_NUMBER = "no column of an order joins its rows; halves apart stay open"
ABSENT: dict[str, dict[str, str]] = {
    "pair": dict.fromkeys(("mexc", "htx", "bitget"), DEALS) | {"bitvavo": WHOLE},
    "inside": dict.fromkeys(("mexc", "htx", "bitget"), DEALS) | dict.fromkeys(("gate", "bitvavo"), SHOWN),
    "reversal": dict.fromkeys(("mexc", "htx", "bitget"), DEALS),
    "correction": dict.fromkeys(("mexc", "htx", "bitget"), DEALS),
    "direction": {},
    "fee": {"crypto.com": "the fee stands inside the amounts"},
    "order": dict.fromkeys(("mexc", "htx", "bitget"), DEALS)
    | dict.fromkeys(("bybit", "kucoin", "crypto.com"), NO_NUMBER)
    | {"bitvavo": WHOLE},
    "card": dict.fromkeys(("mexc", "htx", "bitget"), DEALS) | {"gate": SHOWN},
    "dust": dict.fromkeys(("mexc", "htx", "bitget"), DEALS) | {"bitvavo": SHOWN},
    "delisting": dict.fromkeys(set(VENUES) - {"kraken", "okx"}, SHOWN),
    "decimals": {},
    "renamed": dict.fromkeys(set(VENUES) - {"binance", "coinbase", "okx"}, SHOWN),
    "second": {},
    "empty": {},
}
PERSON = Person("900101300017", "individual")


def shown(r: Record) -> str:
    text = f"{r.kind} {r.asset} {format_scaled(r.quantity)}"
    if r.value is not None:
        text += f" for {format_scaled(r.value)} {r.currency}"
    return text + (f" fee {format_scaled(r.fee)} {r.fee_asset}" if r.fee else "")


@pytest.mark.parametrize("cell", [*CELLS, *SHAPES, *TOGETHER], ids=lambda c: f"{c['kind']}-{c['venue']}")
def test_a_kind_at_a_venue(cell: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / cell.get("name", "export.csv")).write_text(cell["text"], encoding="utf-8")
    if "person" in cell:
        (tmp_path / "person.toml").write_text(cell["person"], encoding="utf-8")
        reading, ledger = read_case(tmp_path).reading, read_case(tmp_path).ledger
    else:
        reading, _ = read_folder(tmp_path)
        settle_currencies(reading, PERSON)
        ledger = reconcile(reading, PERSON)
    (report,) = reading.files
    told = [shown(r) for r in sorted(ledger.records, key=lambda r: (r.source.line, r.kind))]
    assert (told, dict(report.ignored)) == (cell["told"], cell.get("left_out", {}))
    assert [f"{r.source.line} {r.reason.code}" for r in report.rejected] == cell.get("open", [])
    assert report.balanced()


def test_every_kind_and_venue_has_an_export_or_a_reason() -> None:
    there = [(c["kind"], c["venue"]) for c in CELLS]
    absent = [(kind, venue) for kind, venues in ABSENT.items() for venue in venues]
    assert len(there) == len(set(there))
    assert sorted([*there, *absent]) == sorted((kind, venue) for kind in ABSENT for venue in VENUES)
