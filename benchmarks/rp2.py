"""RP2 beside: one person's history of trades, assessed by Salyq and worked out by RP2's engine, in turns in one run.

python -m benchmarks.rp2 ROWS [--python PYTHON] [--times N]    PYTHON has RP2 (pip install rp2); prints JSON
python -m benchmarks.rp2 engine ROWS                           what PYTHON is asked for

Salyq is the whole command (`salyq assess`: start, reading, matching, law, findings, alternatives, page). RP2 gets the
same movements as its own objects and no file to read: building them and its engine, first in, first out, are counted,
its spreadsheets in and out are not. It answers gains of all years in dollars under another country's law, and knows
neither our readings nor our findings: an order of magnitude, no result to compare.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.histories import E8, START, YEAR, Fill, Market, history, write_case

SEED = 20_250_715
SECTIONS = {
    "general": "assets = {assets}\nexchanges = binance\nholders = one",
    "in_header": (
        "timestamp = 0\nasset = 1\nexchange = 2\nholder = 3\ntransaction_type = 4\nspot_price = 5\ncrypto_in = 6"
    ),
    "out_header": (
        "timestamp = 0\nasset = 1\nexchange = 2\nholder = 3\ntransaction_type = 4\nspot_price = 5\n"
        "crypto_out_no_fee = 6\ncrypto_fee = 7"
    ),
    "intra_header": (
        "timestamp = 0\nasset = 1\nfrom_exchange = 2\nfrom_holder = 3\nto_exchange = 4\nto_holder = 5\nspot_price = 6\n"
        "crypto_sent = 7\ncrypto_received = 8"
    ),
}


class Leg(NamedTuple):
    """One movement: `kind` as RP2 calls it, the price in 10⁻⁸ USD, the quantity in 10⁻⁸."""

    second: int
    asset: str
    kind: str
    comes: bool
    price: int
    quantity: int


def legs(fills: Iterator[Fill], market: Market) -> Iterator[Leg]:
    """Every fill as its movements: what came, what went for it, the fee."""
    for f in fills:
        day = f.second // 86_400
        comes = f.kind != "sell"
        kind = {"buy": "BUY", "sell": "SELL", "interest": "INTEREST"}[f.kind]
        price = f.value * E8 // f.quantity if f.currency == "USDT" else E8
        yield Leg(f.second, f.asset, kind, comes, price, f.quantity)
        if f.currency == "USDT":
            yield Leg(f.second, "USDT", "SELL" if comes else "BUY", not comes, E8, f.value)
        if f.fee:
            yield Leg(f.second, "BNB", "FEE", False, market.coins["BNB"][day], f.fee)


def engine(rows: int) -> dict[str, Any]:
    """Processor seconds of RP2 for a history: to build its transactions, and its engine."""
    os.chdir(tempfile.mkdtemp(prefix="rp2-"))  # it writes a log where it stands
    try:
        from prezzemolo.avl_tree import AVLTree
        from rp2.accounting_engine import AccountingEngine
        from rp2.configuration import MAX_DATE, MIN_DATE, Configuration
        from rp2.in_transaction import InTransaction
        from rp2.input_data import InputData
        from rp2.out_transaction import OutTransaction
        from rp2.plugin.accounting_method.fifo import AccountingMethod
        from rp2.plugin.country.us import US
        from rp2.rp2_decimal import ZERO, RP2Decimal
        from rp2.tax_engine import compute_tax
        from rp2.transaction_set import TransactionSet
    except ImportError as error:
        return {"failed": f"not installed here: {error.name}"}
    told = sorted(legs(history(rows, binance=False, seed=SEED), Market(SEED)), key=lambda leg: leg.second)
    assets = sorted({leg.asset for leg in told})
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
        file.writelines(f"[{name}]\n{text.format(assets=', '.join(assets))}\n" for name, text in SECTIONS.items())
        file.flush()
        common = Configuration(file.name, US(), MIN_DATE, MAX_DATE, allow_negative_balances=True)
    methods = AVLTree()
    methods.insert_node(MIN_DATE.year, AccountingMethod())
    accounting = AccountingEngine(years_2_methods=methods)

    def exact(amount: int) -> Any:
        return RP2Decimal(amount) / RP2Decimal(E8)

    begun = time.process_time()
    sets = {a: [TransactionSet(common, kind, a, MIN_DATE, MAX_DATE) for kind in ("IN", "OUT", "INTRA")] for a in assets}
    for row, leg in enumerate(told, 3):
        when = f"{START + timedelta(seconds=leg.second):%Y-%m-%d %H:%M:%S} +0000"
        own = (common, when, leg.asset, "binance", "one", leg.kind, exact(leg.price))
        coming, going, _ = sets[leg.asset]
        if leg.comes:
            coming.add_entry(InTransaction(*own, exact(leg.quantity), row=row))
        else:
            parts = (ZERO, exact(leg.quantity)) if leg.kind == "FEE" else (exact(leg.quantity), ZERO)
            going.add_entry(OutTransaction(*own, *parts, row=row))
    built = time.process_time()
    pairs = 0
    for asset, own_sets in sets.items():
        found = compute_tax(common, accounting, InputData(asset, *own_sets, MIN_DATE, MAX_DATE))
        pairs += sum(1 for _ in found.gain_loss_set)
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "rows": rows, "movements": len(told), "pairs": pairs, "build": built - begun, "engine": ended - built,
        "peak_kib": peak,
    }  # fmt: skip


def pairs(rows: int, python: str, times: int) -> dict[str, Any]:
    """Processor seconds of both, one after the other, so many times; and how many times faster (medians)."""
    from statistics import median

    from benchmarks.measure import measure

    root = Path(__file__).resolve().parents[1]
    salyq = str(Path(sys.executable).with_name("salyq"))
    ours: list[float] = []
    theirs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        case = Path(name) / "case"
        write_case(case, rows, binance=False, seed=SEED)
        for _ in range(times):
            found = measure("assess", [salyq, "assess", str(case), "--year", str(YEAR)], 1, Path(name))
            if found.failed:
                return {"failed": f"salyq: {found.failed}"}
            ours.append(found.cpu)
            asked = [python, "-m", "benchmarks.rp2", "engine", str(rows)]
            done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=root)
            told = json.loads(done.stdout) if not done.returncode else {"failed": done.stderr.strip()[-300:]}
            if "failed" in told:
                return {"rows": rows, "salyq": ours, **told}
            theirs.append(told)
    whole = [t["build"] + t["engine"] for t in theirs]
    return {
        "rows": rows, "movements": theirs[0]["movements"], "salyq": ours, "rp2": whole,
        "rp2_engine": [t["engine"] for t in theirs], "times": median(whole) / median(ours),
        "times_engine": median(t["engine"] for t in theirs) / median(ours),
    }  # fmt: skip


def main() -> int:
    if sys.argv[1:2] == ["engine"]:
        print(json.dumps(engine(int(sys.argv[2]))))
        return 0
    asked = argparse.ArgumentParser()
    asked.add_argument("rows", type=int)
    asked.add_argument("--python", default=sys.executable)
    asked.add_argument("--times", type=int, default=1)
    given = asked.parse_args()
    print(json.dumps(pairs(given.rows, given.python, given.times)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
