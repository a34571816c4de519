"""Readings as plain lines, one a record, so that golden files can be read by eye."""

from __future__ import annotations

from collections.abc import Iterator

from salyq.civil.numbers import format_scaled
from salyq.records.model import EnergyReading, Payout, Record
from salyq.records.reading import Reading


def lines_of(reading: Reading) -> Iterator[str]:
    """What became of each row of a reading of one file, by line."""
    (report,) = reading.files
    ignored = ", ".join(f"{rule} {count}" for rule, count in sorted(report.ignored.items())) or "none"
    yield f"{report.reader}: read {report.read}, used {report.used}, ignored: {ignored}"
    for record in sorted(reading.records, key=lambda r: (r.source.line, r.kind, r.asset)):
        yield record_line(record)
    for payout in reading.payouts:
        yield payout_line(payout)
    for hour in reading.energy:
        yield energy_line(hour)
    for row in reading.bank:
        way = {1: "received", -1: "paid", 0: "moved"}[row.way]
        what = f"{way} {format_scaled(row.quantity)} KZT, {row.payer} > {row.receiver}"
        yield f"{row.source.line} {row.time.isoformat()} {what}"
    for no in sorted(report.rejected, key=lambda r: r.source.line):
        yield f"{no.source.line} REJECTED {no.column} «{no.value}» {no.reason.code} ({no.year})"
    for source, message in reading.notices:
        yield f"{source.line if source else 0} NOTICE {message.code} {message.params.get('count', '')}"


def record_line(r: Record) -> str:
    """One record with everything that it says."""
    parts = [f"{r.source.line} {r.time.isoformat()} {r.day} {r.kind} {format_scaled(r.quantity)} {r.asset}"]
    if r.value is not None:
        parts.append(f"for {format_scaled(r.value)} {r.currency}")
    if r.fee is not None:
        parts.append(f"fee {format_scaled(r.fee)} {r.fee_asset}")
    parts.append(f"at {r.account}")
    for name in ("counterparty", "group", "id", "hash", "note"):
        if (value := getattr(r, name)) is not None:
            parts.append(f"{name}={value}")
    return " | ".join(parts)


def payout_line(p: Payout) -> str:
    """One payout."""
    fee = "no commission" if p.commission is None else f"commission {format_scaled(p.commission)}"
    what = f"{format_scaled(p.quantity)} {p.asset}, {fee}"
    return f"{p.source.line} {p.day} payout {what}, {p.pool}, {p.wallet}, {p.licence}"


def energy_line(e: EnergyReading) -> str:
    """One meter reading."""
    kwh = "nothing" if e.kwh is None else f"{format_scaled(e.kwh)} kWh"
    return f"{e.source.line} {e.start.isoformat()} to {e.end.isoformat()}: {kwh}, {e.meter}, {e.meter_state}, {e.site}"


if __name__ == "__main__":  # prints what was read of a sample: checked by hand, it is its golden file
    import sys
    from pathlib import Path

    from salyq.civil.errors import SalyqError
    from salyq.sources import read_files

    sample = Path(sys.argv[1])
    try:
        print("\n".join(lines_of(read_files([sample], base=sample.parent))))
    except SalyqError as error:  # no reader knows it: one line, as `salyq read` says it
        sys.exit(str(error))
