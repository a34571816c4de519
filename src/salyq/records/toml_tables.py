"""A TOML file of ours, table by table: every bad or unknown key is one InputError with its file, line and key."""

from __future__ import annotations

import errno
import os
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from salyq.civil.days import parse_day
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.civil.toml_lines import line_of

_LONGEST_INTEGER = 63  # bits
LARGEST = 1_000_000  # bytes: such a file is a page or a few, not a book


class TomlPlace(NamedTuple):
    """How messages call the file, and its text (for the lines of keys)."""

    file: str
    text: str


def load_toml(path: Path, shown: str) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file and what it says. InputError where it cannot be read, is no UTF-8 or no TOML."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(Message("person_unreadable", {"why": os.strerror(errno.EINVAL)}), file=shown)
        if path.stat().st_size > LARGEST:
            raise InputError(Message("person_too_large", {"bytes": LARGEST}), file=shown)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(Message("person_unreadable", {"why": error.strerror or str(error)}), file=shown) from None
    except UnicodeDecodeError:
        raise InputError(Message("person_not_utf8"), file=shown) from None
    return text, parse_toml(text, shown)


def parse_toml(text: str, shown: str) -> dict[str, Any]:
    """What a TOML text says. InputError where it is no TOML."""
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
        refuse_endless(data, text, shown)
        return data
    except tomllib.TOMLDecodeError as error:
        raise InputError(Message("person_not_toml", {"why": str(error)}), file=shown, line=_toml_line(error)) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, tables nested without end
        raise InputError(Message("toml_beyond_limits"), file=shown) from None


def refuse_endless(data: Mapping[str, Any], text: str, shown: str, table: str = "", index: int = 0) -> None:
    """InputError at a whole number beyond 64 bits, which TOML does not promise and Python cannot always print."""
    for key, value in data.items():
        path = ".".join(part for part in (table, key) if part)
        for n, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, Mapping):
                refuse_endless(item, text, shown, path, n)
            elif isinstance(item, list):
                refuse_endless({key: item}, text, shown, table, index)
            elif isinstance(item, int) and item.bit_length() > _LONGEST_INTEGER:
                line = line_of(text, table, index, key) or line_of(text, table, index, "")
                raise InputError(Message("toml_endless_integer"), file=shown, line=line, column=path)


def _toml_line(error: Exception) -> int | None:
    _, _, rest = str(error).partition("at line ")
    digits = rest.partition(",")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else None


class TomlTable:
    """One TOML table with where it stands; hands its keys out by type and remembers which were asked for."""

    def __init__(self, place: TomlPlace, data: Mapping[str, Any], path: str = "", index: int = 0) -> None:
        self.place, self.data, self.path, self.index = place, data, path, index

    def error(self, key: str, code: str, value: object = None, /, **params: object) -> InputError:
        text = self.place.text
        line = line_of(text, self.path, self.index, key) or line_of(text, self.path, self.index, "")
        column = ".".join(p for p in (self.path, key) if p)
        shown = None if value is None else shown_value(value)
        return InputError(Message(code, params), file=self.place.file, line=line, column=column, value=shown)

    def allow(self, *keys: str) -> None:
        for key in self.data:
            if key not in keys:
                raise self.error(key, "person_unknown_key", allowed=", ".join(keys))

    def need(self, key: str) -> Any:
        if key not in self.data:
            raise self.error(key, "person_key_missing", key=key)
        return self.data[key]

    def string(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.error(key, "person_not_text", value)
        return value.strip()

    def flag(self, key: str) -> bool | None:
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return value
        if value in ("yes", "no"):
            return bool(value == "yes")
        raise self.error(key, "person_not_flag", value)

    def day(self, key: str) -> date | None:
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                return parse_day(value)
            except ValueError:
                raise self.error(key, "person_not_date", value) from None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.error(key, "person_not_date", value)
        return value

    def tiyn(self, key: str) -> int:
        value = self.data[key]
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.error(key, "person_not_money", value)
        try:
            amount = parse_scaled(str(value), 2)
        except NumberError as error:
            raise self.error(key, "person_bad_number", value, why=error.message) from None
        if amount < 0:
            raise self.error(key, "person_money_negative", value)
        return amount

    def tables(self, key: str) -> list[TomlTable]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, "person_not_tables", key=key)
        return [TomlTable(self.place, item, key, n) for n, item in enumerate(value)]

    def spell(self) -> tuple[date, date | None]:
        """`from` and `until` of a table, in order."""
        start, until = self.day("from"), self.day("until")
        if start is None:
            raise self.error("from", "person_key_missing", key="from")
        if until is not None and until < start:
            raise self.error("until", "person_ends_before_start", until, start=start)
        return start, until


def shown_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
