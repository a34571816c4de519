"""A TOML file of ours, table by table: every bad or unknown key is one InputError with its file, line and key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from salyq.civil.days import parse_day
from salyq.civil.errors import InputError, nearest
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_written
from salyq.civil.toml_files import load_toml, parse_toml, refuse_endless
from salyq.civil.toml_lines import line_of

__all__ = ["TomlPlace", "TomlTable", "load_toml", "parse_toml", "refuse_endless", "shown_value"]


class TomlPlace(NamedTuple):
    """How messages call the file, and its text (for the lines of keys)."""

    file: str
    text: str


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

    def not_among(
        self, names: Collection[str], key: str, code: str, value: object = None, /, **params: object
    ) -> InputError:
        """The same, with the nearest of the names that the value, or the key, may be."""
        found = self.error(key, code, value, **params)
        found.near = nearest(value if isinstance(value, str) else key if value is None else "", names)
        return found

    def allow(self, *keys: str) -> None:
        for key in self.data:
            if key not in keys:
                raise self.not_among(keys, key, "person_unknown_key", allowed=", ".join(keys))

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
            amount = parse_written(str(value), 2)
        except NumberError as error:
            raise self.error(key, "person_bad_number", value, why=error.message) from None
        if amount < 0:
            raise self.error(key, "person_money_negative", value)
        return amount

    def count(self, key: str) -> int:
        """A whole number, never below zero."""
        value = self.data[key]
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
            raise self.error(key, "person_not_count", value)
        return value

    def share(self, key: str) -> Fraction | None:
        """A share of one, as text that stays exact ("0.03")."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.error(key, "person_not_share", value)
        try:
            scaled = parse_written(value)
        except NumberError as error:
            raise self.error(key, "person_bad_number", value, why=error.message) from None
        if not 0 <= scaled <= 10**18:
            raise self.error(key, "person_not_share", value)
        return Fraction(scaled, 10**18)

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
