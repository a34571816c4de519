"""What must hold for any file at all: it is read with every row accounted for, or refused in one line. Never anything
else: no crash, no hang, nothing in what we write that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from salyq.civil.errors import InputError
from salyq.records.neutral import write_records
from salyq.records.person import Person
from salyq.records.reading import Reading
from salyq.sources import read_files, read_folder, settle_currencies
from salyq.sources.mapping.file import read_mapping
from salyq.sources.mapping.guess import draft_mapping

LANGUAGES = ("kk", "ru", "en")
LONGEST = 20  # seconds for one file, on a busy machine


class Hang(Exception):
    """A file took too long."""


@contextmanager
def no_hang(seconds: int = LONGEST) -> Iterator[None]:
    """Raises Hang when its block takes longer."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def one_line(error: InputError) -> None:
    """An error is one printable line in each language."""
    for lang in LANGUAGES:
        said = error.text(lang)
        assert said, "an error without words"
        assert all(c.isprintable() for c in said), f"not one clean line: {said!r}"
        assert len(said) < 3000, f"not a short line: {said!r}"


def checked(reading: Reading) -> None:
    """Rows add up, reasons have words, and what is written holds no formula."""
    for report in reading.files:
        assert report.balanced(), f"rows of {report.file} do not add up"
        for rejection in report.rejected:
            for lang in LANGUAGES:
                assert "\n" not in rejection.reason.text(lang)
    for _, message in reading.notices:
        message.text("kk")
    settle_currencies(reading, Person("", "individual"))
    assert all(report.balanced() for report in reading.files)
    assert all(record.quantity > 0 for record in reading.records)
    out = io.StringIO(newline="")
    write_records(reading.records, out)
    for row in csv.reader(io.StringIO(out.getvalue(), newline="")):
        for cell in row:
            number = cell[:1] == "-" and cell[1:].replace(".", "", 1).isdigit()
            assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n") or number, f"a formula: {cell!r}"


def check_file(folder: Path, name: str, data: bytes) -> str:
    """Reads one file, then drafts a mapping for it and reads it by that. Returns its reader, or "refused"."""
    path = folder / name
    path.write_bytes(data)
    with no_hang():
        try:
            reading = read_files([path], base=folder)
            outcome = reading.files[0].reader
            checked(reading)
        except InputError as error:
            one_line(error)
            outcome = "refused"
        _check_guess(folder, path)
    return outcome


def _check_guess(folder: Path, path: Path) -> None:
    mapping = folder / "guess.mapping.toml"
    try:
        text = draft_mapping(path, path.name, "ru")
    except InputError as error:
        one_line(error)
        return
    mapping.write_text(text, encoding="utf-8")
    try:
        read_mapping(mapping)
        checked(read_files([path, mapping], base=folder))
    except InputError as error:
        one_line(error)
        if error.message.code == "mapping_not_toml":
            raise AssertionError(f"the draft is no TOML: {text!r}") from None
    finally:
        mapping.unlink()


def check_mapped(folder: Path, mapping: bytes, name: str, data: bytes) -> str:
    """Reads a folder of one mapping and one table."""
    case = folder / "case"
    case.mkdir(exist_ok=True)
    for old in case.iterdir():
        old.unlink()
    (case / "broker.mapping.toml").write_bytes(mapping)
    (case / name).write_bytes(data)
    with no_hang():
        try:
            checked(read_folder(case)[0])
        except InputError as error:
            one_line(error)
            return "refused"
    return "read"
