"""The table by which a pool tells what it distributed to each miner; compared with the licences and the
accreditation.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message, Words
from salyq.civil.numbers import NumberError, format_scaled, parse_written
from salyq.office.intake.model import Fault, Received
from salyq.office.registry.book import register, status_words
from salyq.office.registry.model import ACTIVE
from salyq.office.registry.read import AsOf, of_subjects, record
from salyq.office.store.store import Transaction
from salyq.sources.readers.pools.table import FORMAT, distribution_day
from salyq.sources.tables.xlsx import Workbook

MOST_ROWS, MOST_COLUMNS, HEAD_ROWS = 200_000, 1000, 20
_NAMES = [column.name for column in FORMAT.columns]


def read(path: Path, _kind: str) -> Received:
    """Every row, or every fault with its row."""
    rows = table_rows(path)
    heads = [(n, FORMAT.match(cells)) for n, (_, cells) in enumerate(rows[:HEAD_ROWS])]
    start, found = next(((n, match) for n, match in heads if match is not None), (0, None))
    if found is None:
        raise InputError(Message("intake_no_header"), file=path.name)
    received = Received()
    for line, cells in rows[start + 1 :]:
        row = {name: _cell(cells, place) for name, place in zip(_NAMES, found.places, strict=False)}
        if not row["date"] and not row["asset"]:
            continue  # totals and signatures below
        if made := _row(line, row, received.faults):
            received.rows.append(made)
    if not received.rows and not received.faults:
        received.faults.append(Fault("", "", Message("intake_no_rows")))
    days = sorted(r["day"] for r in received.rows)
    received.period = days[0].strftime("%Y-%m") if days else None
    if days and days[0].strftime("%Y-%m") != days[-1].strftime("%Y-%m"):
        months = f"{days[0]:%Y-%m} … {days[-1]:%Y-%m}"
        received.faults.append(Fault("date", months, Message("intake_two_months")))
    received.about = next((r["pool_bin"] for r in received.rows if r["pool_bin"]), None)
    received.summary = {"rows": len(received.rows), "miners": len({r["miner"] for r in received.rows})}
    return received


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _row(line: int, row: Mapping[str, str], faults: list[Fault]) -> dict[str, Any] | None:
    def fault(name: str, message: Message) -> None:
        faults.append(Fault(f"{line}:{name}", row.get(name, "")[:60], message))

    before = len(faults)
    day = date.min
    try:
        day = distribution_day(row["date"])
    except ValueError:
        fault("date", Message("registry_not_a_day"))
    try:
        quantity = parse_written(row["quantity"])
        if quantity <= 0:
            fault("quantity", Message("intake_not_above_zero"))
    except NumberError as error:
        quantity = 0
        fault("quantity", error.message if hasattr(error, "message") else Message("registry_not_a_number"))
    for name in ("miner", "pool_bin"):
        if row.get(name) and (bad := check_id(row[name])):
            fault(name, bad)
    if not row.get("miner"):
        fault("miner", Message("registry_field_missing"))
    if len(faults) > before:
        return None
    shown = {name: row.get(name, "") for name in ("miner", "pool", "pool_bin", "wallet", "licence", "asset")}
    return {**shown, "line": line, "day": day, "quantity": format_scaled(quantity)}


def table_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Rows of a CSV or XLSX file with their physical lines."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"PK"):
        book = Workbook(path, path.name)
        try:
            return _all_of(book.rows(book.sheets[0]), path)
        finally:
            book.close()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Message("import_not_utf8"), file=path.name) from None
    head = text[:2000]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _all_of(_filled(reader, path), path)
    except csv.Error:
        raise InputError(Message("import_not_a_table"), file=path.name, line=reader.line_num) from None


def _filled(reader: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV file that hold something; a file of blank lines or of one endless row is no table."""
    for cells in reader:
        if len(cells) > MOST_COLUMNS:
            raise InputError(Message("import_not_a_table"), file=path.name, line=reader.line_num)
        if reader.line_num > 5 * MOST_ROWS:
            raise too_long(path)
        if any(c.strip() for c in cells):
            yield reader.line_num, cells


def _all_of(rows: Iterable[tuple[int, list[str]]], path: Path) -> list[tuple[int, list[str]]]:
    """Every row, or InputError: of a table that is too long nothing is taken, instead of its beginning."""
    found = list(islice(rows, MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise too_long(path)
    return found


def too_long(path: Path) -> InputError:
    return InputError(Message("intake_too_long", {"most": MOST_ROWS}), file=path.name)


def compare(tx: Transaction, organisation: str, received: Received) -> list[dict[str, Any]]:
    """What the registers say otherwise: a miner without a licence that day, a licence of another, a pool not
    accredited.
    """
    found: list[dict[str, Any]] = []
    seen: set[tuple[str, ...]] = set()

    def say(code: str, row: Mapping[str, Any], **params: str | Words) -> None:
        key = (code, str(row.get("miner", "")), str(row.get("licence", "")))
        if key not in seen:
            seen.add(key)
            words = Message(code, params).told()
            found.append({"code": code, "line": row.get("line"), "miner": row.get("miner", ""), "words": words})

    active = lru_cache(20_000)(lambda code, whose, day: _active(tx, code, whose, day))
    for row in sorted(received.rows, key=lambda r: r["day"]):
        if not active("pools", organisation, row["day"]):
            about = {"miner": "", "line": row["line"]}
            say("intake_pool_not_accredited", about, pool=organisation, day=row["day"].isoformat())
            break
    for row in received.rows:
        day: date = row["day"]
        if row["licence"]:
            licence = record(tx, "miners", row["licence"], AsOf(day))
            if licence is None or licence.status != ACTIVE:
                status = "—" if licence is None else status_words(register("miners"), licence.status)
                say("intake_licence_not_active", row, licence=row["licence"], day=day.isoformat(), status=status)
            elif licence.subject_id and licence.subject_id != row["miner"]:
                say(
                    "intake_licence_of_other",
                    row,
                    licence=row["licence"],
                    holder=licence.subject_id,
                    miner=row["miner"],
                )
        elif not active("miners", row["miner"], day):
            say("intake_miner_without_licence", row, miner=row["miner"], day=day.isoformat())
    return found


def _active(tx: Transaction, code: str, whose: str, day: date) -> bool:
    """Whether a record of the register was active that day, and then his."""
    return any(r.register == code and r.status == ACTIVE for r in of_subjects(tx, [whose], day))
