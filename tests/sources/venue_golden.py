"""Records and rejections of a file as short lines, so that a test shows every row at a glance."""

from __future__ import annotations

from pathlib import Path

from salyq.civil.numbers import format_scaled
from salyq.records.model import Record
from salyq.records.reading import Reading
from salyq.sources import read_files

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> Reading:
    """A sample file, read; its books must balance."""
    reading = read_files([SAMPLES / name], base=SAMPLES)
    assert all(report.balanced() for report in reading.files)
    return reading


def told(record: Record) -> str:
    """line time kind asset quantity [for value currency] [fee …] [with counterparty] [group …] [id …]"""
    words = [str(record.source.line), f"{record.time:%Y-%m-%dT%H:%M:%S}", record.kind, record.asset]
    words.append(format_scaled(record.quantity))
    if record.value is not None:
        words += ["for", format_scaled(record.value), record.currency or "?"]
    if record.fee is not None:
        words += ["fee", format_scaled(record.fee), record.fee_asset or "?"]
    for name, text in (("with", record.counterparty), ("group", record.group), ("id", record.id)):
        if text is not None:
            words += [name, text]
    return " ".join(words)


def lines(reading: Reading) -> list[str]:
    """All records, in the order of the file."""
    kinds = ["swap_out", "swap_in"]
    order = sorted(reading.records, key=lambda r: (r.source.line, kinds.index(r.kind) if r.kind in kinds else -1))
    return [told(record) for record in order]


def rejected(reading: Reading) -> list[tuple[int, str | None, str]]:
    """(line, column, code) of each rejection."""
    return [(r.source.line, r.column, r.reason.code) for r in reading.files[0].rejected]


def noticed(reading: Reading) -> list[tuple[int, str]]:
    """(line, code) of each notice."""
    return [(0 if source is None else source.line, message.code) for source, message in reading.notices]
