"""Reading person.toml (interfaces §2): every bad or unknown key is one InputError that says what would be right."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from salyq.civil.currencies import is_currency
from salyq.civil.days import FIRST_YEAR, LAST_YEAR, parse_day
from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.records.person import PERSON_KINDS, Account, Licence, Person, Residence
from salyq.records.toml_lines import line_of

MONEY_FACTS = (
    "employment_income_taxable",
    "personal_income_tax_withheld",
    "base_deduction",
    "social_deduction",
    "other_income",
    "digital_asset_losses_brought",
    "business_losses_brought",
)
FLAG_FACTS = ("vat_payer", "large_business", "horizontal_monitoring", "assets_return_filed")
_TOP = ("id", "name", "kind", "resident", "residence", "region", "licence", "account", "year", "elections")
_LARGEST = 1_000_000  # bytes: a person.toml is a page, not a book


def read_person(
    path: Path, *, elections: Mapping[str, Collection[str]] | None = None, name: str | None = None
) -> Person:
    """The person of a case. InputError (file, line, key, value, what would be right) for anything that is not as it
    should be.

    `elections`: known names and their choices (the law has them); without it their shape alone is checked. `name`: how
    messages call the file (default: the path).
    """
    shown = name or str(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(Message("person_too_large", {"bytes": _LARGEST}), file=shown)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(Message("person_unreadable", {"why": error.strerror or str(error)}), file=shown) from None
    except UnicodeDecodeError:
        raise InputError(Message("person_not_utf8"), file=shown) from None
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(Message("person_not_toml", {"why": str(error)}), file=shown, line=_toml_line(error)) from None
    return _Reader(shown, text, elections).person(data)


def _toml_line(error: Exception) -> int | None:
    _, _, rest = str(error).partition("at line ")
    digits = rest.partition(",")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else None


class _Table:
    """One TOML table with where it stands; hands its keys out by type and remembers which were asked for."""

    def __init__(self, reader: _Reader, data: Mapping[str, Any], path: str = "", index: int = 0) -> None:
        self.reader, self.data, self.path, self.index = reader, data, path, index

    def error(self, key: str, code: str, value: object = None, /, **params: object) -> InputError:
        text = self.reader.text
        line = line_of(text, self.path, self.index, key) or line_of(text, self.path, self.index, "")
        column = ".".join(p for p in (self.path, key) if p)
        shown = None if value is None else _shown(value)
        return InputError(Message(code, params), file=self.reader.file, line=line, column=column, value=shown)

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

    def tables(self, key: str) -> list[_Table]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, "person_not_tables", key=key)
        return [_Table(self.reader, item, key, n) for n, item in enumerate(value)]

    def spell(self) -> tuple[date, date | None]:
        """`from` and `until` of a table, in order."""
        start, until = self.day("from"), self.day("until")
        if start is None:
            raise self.error("from", "person_key_missing", key="from")
        if until is not None and until < start:
            raise self.error("until", "person_ends_before_start", until, start=start)
        return start, until


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


class _Reader:
    """Walks the tables of one person.toml."""

    def __init__(self, file: str, text: str, elections: Mapping[str, Collection[str]] | None) -> None:
        self.file, self.text, self.known_elections = file, text, elections

    def person(self, data: Mapping[str, Any]) -> Person:
        top = _Table(self, data)
        top.allow(*_TOP)
        elections, by_year, stablecoins = self.elections(data.get("elections", {}))
        facts: dict[str, Any] = {}
        if stablecoins is not None:
            facts["stablecoins"] = stablecoins
        return Person(
            id=self.identifier(top),
            kind=self.choice(top, "kind", PERSON_KINDS),
            name=top.string("name"),
            residence=self.residence(top),
            region=self.region(top),
            licences=tuple(self.licence(t) for t in top.tables("licence")),
            accounts=self.accounts(top),
            years=self.years(top),
            elections=elections,
            year_elections=by_year,
            file=self.file,
            **facts,
        )

    def identifier(self, top: _Table) -> str:
        value = top.need("id")
        if not isinstance(value, str):
            raise top.error("id", "person_id_not_text", value)
        wrong = check_id(value)
        if wrong is not None:
            raise top.error("id", wrong.code, value, **wrong.params)
        return value

    def choice(self, table: _Table, key: str, choices: Collection[str]) -> str:
        value = table.need(key)
        if value not in choices:
            raise table.error(key, "person_not_a_choice", value, choices=", ".join(choices))
        return str(value)

    def residence(self, top: _Table) -> tuple[Residence, ...]:
        whole = top.flag("resident")
        tables = top.tables("residence")
        if whole is not None and tables:
            raise top.error("resident", "person_residence_twice")
        if not tables:
            return (Residence(date.min, None, True if whole is None else whole),)
        spells = []
        for table in tables:
            table.allow("from", "until", "resident")
            start, until = table.spell()
            table.need("resident")
            spells.append((Residence(start, until, bool(table.flag("resident"))), table))
        spells.sort(key=lambda pair: pair[0].start)
        for (one, _), (two, table) in pairwise(spells):
            if one.until is None or two.start <= one.until:
                raise table.error("from", "person_residence_overlap", two.start, start=one.start)
        return tuple(spell for spell, _ in spells)

    def region(self, top: _Table) -> str | None:
        value = top.string("region")
        if value is not None and not (len(value) == 9 and value.isascii() and value.isdigit()):
            raise top.error("region", "person_region", value)
        return value

    def licence(self, table: _Table) -> Licence:
        table.allow("kind", "number", "from", "until")
        table.need("kind")
        start, until = table.spell()
        return Licence(table.string("kind") or "", table.string("number"), start, until)

    def accounts(self, top: _Table) -> dict[str, Account]:
        found: dict[str, Account] = {}
        for table in top.tables("account"):
            table.allow("name", "country", "aifc_exchange", "low_tax", "own")
            table.need("name")
            name, country = table.string("name") or "", table.string("country")
            if country is not None and not (len(country) == 2 and country.isascii() and country.isupper()):
                raise table.error("country", "person_country", country)
            if name in found:
                raise table.error("name", "person_account_twice", name)
            found[name] = Account(
                name,
                country,
                aifc_exchange=bool(table.flag("aifc_exchange")),
                low_tax=bool(table.flag("low_tax")),
                own=table.flag("own") is not False,
            )
        return found

    def years(self, top: _Table) -> dict[int, dict[str, int | bool]]:
        found: dict[int, dict[str, int | bool]] = {}
        for table in top.tables("year"):
            table.allow("year", *MONEY_FACTS, *FLAG_FACTS)
            year = table.need("year")
            if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
                raise table.error("year", "person_bad_year", year)
            if year in found:
                raise table.error("year", "person_year_twice", year)
            facts: dict[str, int | bool] = {}
            for key in table.data:
                if key in MONEY_FACTS:
                    facts[key] = table.tiyn(key)
                elif key in FLAG_FACTS:
                    facts[key] = bool(table.flag(key))
            found[year] = facts
        return found

    def elections(self, data: object) -> tuple[dict[str, str], dict[int, dict[str, str]], dict[str, str] | None]:
        """(for all years, by year, stablecoins or None where not stated)."""
        if not isinstance(data, dict):
            raise _Table(self, {}).error("elections", "person_not_tables", key="elections")
        table = _Table(self, data, "elections")
        plain: dict[str, str] = {}
        by_year: dict[int, dict[str, str]] = {}
        stablecoins = None
        for key, value in data.items():
            if key == "stablecoins":
                stablecoins = self.stablecoins(table, value)
            elif isinstance(value, dict):
                by_year[self.year_of(table, key)] = self.chosen(_Table(self, value, f"elections.{key}"))
            else:
                plain.update(self.chosen(_Table(self, {key: value}, "elections")))
        return plain, by_year, stablecoins

    def year_of(self, table: _Table, key: str) -> int:
        if not (key.isascii() and key.isdigit() and FIRST_YEAR <= int(key[:9]) <= LAST_YEAR):
            raise table.error(key, "person_bad_year", key)
        return int(key)

    def chosen(self, table: _Table) -> dict[str, str]:
        found = {}
        for key, value in table.data.items():
            known = self.known_elections
            if known is not None and key not in known:
                raise table.error(key, "person_unknown_key", allowed=", ".join([*known, "stablecoins"]))
            if not isinstance(value, str) or not value:
                raise table.error(key, "person_not_text", value)
            if known is not None and value not in known[key]:
                raise table.error(key, "person_not_a_choice", value, choices=", ".join(known[key]))
            found[key] = value
        return found

    def stablecoins(self, table: _Table, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise table.error("stablecoins", "person_stablecoins", value)
        found = {}
        for asset, currency in value.items():
            if not isinstance(currency, str) or not is_currency(currency):
                raise table.error("stablecoins", "person_stablecoins", currency)
            found[asset.upper()] = currency
        return found
