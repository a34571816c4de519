"""Operations and participants of a firm, and the firm itself, as they come."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from salyq.civil.currencies import is_currency
from salyq.civil.days import kz_day
from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled

OPERATIONS = (
    "id", "time", "asset_kind", "asset", "quantity", "amount", "currency", "amount_kzt", "client", "other", "code",
    "eknp", "purpose",
)  # fmt: skip
PARTICIPANTS = (
    "id", "kind", "resident", "pep", "last_name", "first_name", "middle_name", "name", "iin_bin", "birth_date",
    "document_code", "document_number", "country", "kato", "address", "oked", "bank", "account",
)  # fmt: skip
NEEDED_OPERATION = ("id", "time", "asset_kind", "amount_kzt", "client")
NEEDED_PARTICIPANT = ("id", "kind", "country")
FORBIDDEN = "&<>`"


class Operation(NamedTuple):
    """One operation of a client; `cells` are its texts by column."""

    line: int
    at: datetime
    cells: dict[str, str]


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The firm that reports. `provider`: as law names providers (exchange_operator, trading_platform, …)."""

    bin: str
    name: str
    provider: str
    code: str = ""
    address: str = ""
    kato: str = ""
    head: str = ""
    phone: str = ""
    email: str = ""


def read_subject(path: Path) -> Subject:
    """InputError naming file, key and what would be right."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Subject)
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise InputError(Message("form_file", {"why": str(error)[:160]}), file=str(path)) from None
    wrong = check_id(found.bin)
    if wrong is not None:
        raise InputError(wrong, file=str(path), column="bin", value=found.bin)
    for key in ("name", "address", "head", "phone", "email"):
        check_text(path, 0, key, getattr(found, key))
    return found


def operations(path: Path) -> Iterator[Operation]:
    """The operations of a file, each checked. InputError with file, line, column, value, what would be right."""
    seen: set[str] = set()
    for line, cells in rows(path, OPERATIONS, NEEDED_OPERATION):
        for column, text in cells.items():
            check_text(path, line, column, text)
        if not cells["id"] or cells["id"] in seen:
            raise fault(path, line, "id", cells["id"], "fm1_id")
        seen.add(cells["id"])
        try:
            at = datetime.fromisoformat(cells["time"].replace("Z", "+00:00"))
            if at.tzinfo is None:
                raise ValueError
            kz_day(at)
        except (ValueError, OverflowError):
            raise fault(path, line, "time", cells["time"], "fm1_time") from None
        for column in ("quantity", "amount", "amount_kzt"):
            if cells[column]:
                number(path, line, column, cells[column])
        if not cells["amount_kzt"]:
            raise fault(path, line, "amount_kzt", "", "carf_blank")
        if cells["currency"] and not is_currency(cells["currency"]):
            raise fault(path, line, "currency", cells["currency"], "carf_currency")
        yield Operation(line, at, cells)


def participants(path: Path) -> dict[str, dict[str, str]]:
    """Participants by id, each checked."""
    found: dict[str, dict[str, str]] = {}
    for line, cells in rows(path, PARTICIPANTS, NEEDED_PARTICIPANT):
        for column, text in cells.items():
            check_text(path, line, column, text)
        if not cells["id"] or cells["id"] in found:
            raise fault(path, line, "id", cells["id"], "fm1_id")
        if cells["kind"] not in ("individual", "entity"):
            raise fault(path, line, "kind", cells["kind"], "carf_choice", choices="individual, entity")
        wrong = check_id(cells["iin_bin"]) if cells["iin_bin"] else None
        if wrong is not None:
            raise InputError(wrong, file=str(path), line=line, column="iin_bin", value=cells["iin_bin"])
        found[cells["id"]] = cells
    return found


def rows(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV file of ours: (line, cells by column, blank where the column is absent)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [h.strip() for h in next(reader, [])]
            unknown = [h for h in header if h not in columns]
            missing = [c for c in needed if c not in header]
            if unknown or missing:
                code = "carf_column" if unknown else "carf_no_column"
                raise fault(path, 1, (unknown or missing)[0], None, code, columns=", ".join(columns))
            for row in reader:
                if row:
                    told = dict(zip(header, row, strict=False))
                    yield reader.line_num, {c: told.get(c, "").strip() for c in columns}
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(Message("form_file", {"why": str(error)[:120]}), file=str(path)) from None


def check_text(path: Path, line: int, column: str, text: str) -> None:
    """A character that the form forbids is named, never silently changed."""
    bad = next(
        (c for c in text if c in FORBIDDEN or (ord(c) < 32 and c not in "\t\n\r") or ord(c) in (0xFFFE, 0xFFFF)), None
    )
    if bad is not None:
        raise fault(
            path, line, column, text, "fm1_character", character=bad if bad.isprintable() else f"U+{ord(bad):04X}"
        )


def number(path: Path, line: int, column: str, text: str) -> int:
    """A plain decimal, not negative."""
    try:
        value = parse_scaled(text)
    except NumberError as error:
        raise InputError(error.message, file=str(path), line=line, column=column, value=text) from None
    if value < 0:
        raise fault(path, line, column, text, "carf_negative")
    return value


def fault(path: Path, line: int, column: str, value: str | None, code: str, **params: object) -> InputError:
    """One line: file, line, column, value, what would be right."""
    return InputError(Message(code, params), file=str(path), line=line or None, column=column, value=value)
