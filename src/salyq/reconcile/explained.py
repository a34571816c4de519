"""Legs that a ledger could not tell apart (several trades of one second), told apart by the list of trades beside it.

The trades of that account and second must come to the same sums, asset by asset; then the ledger's rows say nothing
more. Its fees stay: a ledger counts every fee once, so the trades lose theirs in the assets of those fees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from salyq.reconcile.deals import Classes, second
from salyq.records.model import Record
from salyq.records.reading import FileReport, Tells, Unclear, rule
from salyq.records.table import Records

BY_TRADES = rule(
    "told_by_trades",
    kk="бұл жолдарды мәмілелер тарихы айтып тұр",
    ru="об этих строках говорит история сделок",
    en="the list of trades tells these rows",
)
Place = tuple[str, int]
_DUST = 10**10  # what an export rounds, a row


def explain(
    records: Records,
    unclear: Sequence[Unclear],
    files: Iterable[FileReport],
    classes: Classes,
    told_apart: set[Place],
) -> None:
    """Move the rows that trades explain from rejected to ignored, and take doubled fees off those trades, in place.

    `told_apart`: rows that were explained before, so that this can be repeated."""
    if not unclear:
        return
    moments = {(legs.account, legs.second) for legs in unclear}
    trades: dict[tuple[str, int], list[int]] = defaultdict(list)
    fees: dict[tuple[str, int], set[str]] = defaultdict(set)
    for n, r in enumerate(records):
        key = r.account, second(r)
        if key not in moments:
            continue
        fuller = classes.of(r) in (Tells.LEDGER, Tells.OWN)
        if fuller and r.kind == "fee":
            fees[key].add(r.asset)
        elif not fuller and r.kind in ("buy", "sell", "swap_in", "swap_out"):
            trades[key].append(n)
    together: dict[tuple[str, int], list[Unclear]] = defaultdict(list)
    for legs in unclear:
        together[legs.account, legs.second].append(legs)
    reports = {report.file: report for report in files}
    for key, found in together.items():
        own = trades.get(key, [])
        if not own or not _agree(_legs(found), _moved([records[n] for n in own]), len(own)):
            continue
        settled = [_settle(reports[legs.file], legs, told_apart) for legs in found]
        if all(settled):
            for n in own:
                r = records[n]
                if r.fee_asset in fees[key]:
                    records[n] = r._replace(fee=None, fee_asset=None)


def _legs(found: Iterable[Unclear]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for legs in found:
        for asset, change in legs.changes:
            sums[asset] += change
    return sums


def _moved(trades: Iterable[Record]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for r in trades:
        way = 1 if r.kind in ("buy", "swap_in") else -1
        sums[r.asset] += way * r.quantity
        if r.kind in ("buy", "sell") and r.value is not None and r.currency:
            sums[r.currency] -= way * r.value
    return sums


def _agree(one: dict[str, int], other: dict[str, int], rows: int) -> bool:
    return all(abs(one.get(a, 0) - other.get(a, 0)) <= rows * _DUST for a in one.keys() | other.keys())


def _settle(report: FileReport, legs: Unclear, told_apart: set[Place]) -> bool:
    """Whether all rows of the legs were still rejected; they are ignored then."""
    lines = set(legs.lines)
    places = {(legs.file, line) for line in lines}
    if places <= told_apart:
        return True
    gone = [r for r in report.rejected if r.source.line in lines]
    if {r.source.line for r in gone} != lines:
        return False
    report.rejected = [r for r in report.rejected if r.source.line not in lines]
    report.ignore(BY_TRADES, len(gone))
    told_apart |= places
    return True
