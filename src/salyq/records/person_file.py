"""Reading person.toml (interfaces §2): every bad or unknown key is one InputError that says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from salyq.civil.currencies import is_currency
from salyq.civil.days import FIRST_YEAR, LAST_YEAR
from salyq.civil.ids import check_id
from salyq.civil.numbers import NumberError, parse_written
from salyq.civil.regions import unit_of
from salyq.civil.toml_lines import line_of
from salyq.records.person import (
    MINING_LICENCES,
    PERSON_KINDS,
    Account,
    Declared,
    Licence,
    Person,
    Regime,
    Residence,
    address_key,
)
from salyq.records.toml_tables import TomlPlace, TomlTable, load_toml

_TOP = (
    *("id", "name", "kind", "resident", "residence", "region", "licence", "account", "year", "holding", "elections"),
    *("regime", "loss", "turnover", "ignore"),
)
_DEALER = ("dealer", "дилер")
_OF_MINING = ("mining", "майн", "өндір")  # how people begin to write the kind of such a licence
_ADDRESS = re.compile(r"[A-Za-z0-9_:.-]{8,200}", re.ASCII)
REGIMES = ("general", "simplified")


class StatedFact(Protocol):
    """How a fact is written: its unit, the texts it can have (none: any), what it is unwritten (None: unknown)."""

    @property
    def unit(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def otherwise(self) -> object: ...


Stated = Mapping[str, Mapping[str, StatedFact]]  # table -> key: the facts that law asks of years, accounts, losses …
_READ: Mapping[str, Callable[[TomlTable, str], Any]] = {
    "KZT": TomlTable.tiyn,
    "flag": TomlTable.flag,
    "text": TomlTable.string,
    "day": TomlTable.day,
    "count": TomlTable.count,
    "1": TomlTable.share,
}  # a fact by its unit


def read_person(
    path: Path, stated: Stated, *, elections: Mapping[str, Collection[str]] | None = None, name: str | None = None
) -> Person:
    """The person of a case. InputError (file, line, key, value, what would be right) for anything that is not as it
    should be.

    `stated`: the facts of years, accounts, losses and turnovers that law asks for (`law.facts.STATED`). `elections`:
    known names and their choices (the law has them); without it their shape alone is checked. `name`: how messages
    call the file (default: the path).
    """
    shown = name or str(path)
    text, data = load_toml(path, shown)
    return person_from(data, shown, stated, text, elections=elections)


def person_from(
    data: Mapping[str, Any],
    shown: str,
    stated: Stated,
    text: str = "",
    *,
    elections: Mapping[str, Collection[str]] | None = None,
) -> Person:
    """The person that the tables of a person.toml describe, wherever they were read. InputError as `read_person`."""
    return _Reader(shown, text, stated, elections).person(data)


class _Reader:
    """Walks the tables of one person.toml."""

    def __init__(self, file: str, text: str, stated: Stated, elections: Mapping[str, Collection[str]] | None) -> None:
        self.place, self.stated, self.known_elections = TomlPlace(file, text), stated, elections

    def facts(self, table: TomlTable, name: str) -> dict[str, Any]:
        """What a table states of the facts that law asks of it."""
        found = {}
        for key, said in self.stated[name].items():
            if key in table.data:
                found[key] = self.choice(table, key, said.choices) if said.choices else _READ[said.unit](table, key)
        return found

    def kind(self, top: TomlTable) -> str:
        """The kind of person. No tax rule names a dealer: which kinds deal is said."""
        stated = top.string("kind") or ""
        if stated.casefold().startswith(_DEALER):
            raise top.error("kind", "person_dealer", stated)
        return self.choice(top, "kind", PERSON_KINDS)

    def person(self, data: Mapping[str, Any]) -> Person:
        top = TomlTable(self.place, data)
        top.allow(*_TOP)
        elections, by_year, stablecoins = self.elections(data.get("elections", {}))
        facts: dict[str, Any] = {}
        if stablecoins is not None:
            facts["stablecoins"] = stablecoins
        return Person(
            id=self.identifier(top),
            kind=self.kind(top),
            name=top.string("name"),
            residence=self.residence(top),
            residence_stated="resident" in data or "residence" in data,
            region=self.region(top),
            licences=tuple(self.licence(t) for t in top.tables("licence")),
            accounts=self.accounts(top),
            years=self.years(top),
            holdings=tuple(self.holding(t) for t in top.tables("holding")),
            regimes=self.regimes(top),
            losses=tuple(self.loss(t) for t in top.tables("loss")),
            turnovers=self.turnovers(top),
            ignore=self.ignore(data.get("ignore", {})),
            elections=elections,
            year_elections=by_year,
            file=self.place.file,
            **facts,
        )

    def identifier(self, top: TomlTable) -> str:
        value = top.data.get("id")
        if value is None:
            return ""
        if not isinstance(value, str):
            raise top.error("id", "person_id_not_text", value)
        wrong = check_id(value)
        if wrong is not None:
            raise top.error("id", wrong.code, value, **wrong.params)
        return value

    def ignore(self, data: object) -> tuple[str, ...]:
        """`[ignore] files = ["notes.csv", "old/*"]`: files of the case that hold no events."""
        if not isinstance(data, dict):
            raise TomlTable(self.place, {}).error("ignore", "person_not_tables", key="ignore")
        table = TomlTable(self.place, data, "ignore")
        table.allow("files")
        names = data.get("files", [])
        if not isinstance(names, list) or not all(isinstance(n, str) and n.strip() for n in names):
            raise table.error("files", "person_ignore_files")
        return tuple(names)

    def choice(self, table: TomlTable, key: str, choices: Collection[str]) -> str:
        value = table.need(key)
        if value not in choices:
            raise table.not_among(choices, key, "person_not_a_choice", value, choices=", ".join(choices))
        return str(value)

    def residence(self, top: TomlTable) -> tuple[Residence, ...]:
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

    def region(self, top: TomlTable) -> str | None:
        value = top.string("region")
        if value is not None and unit_of(value) is None:
            raise top.error("region", "person_region", value)
        return value

    def licence(self, table: TomlTable) -> Licence:
        table.allow("kind", "number", "from", "until")
        table.need("kind")
        start, until = table.spell()
        kind = table.string("kind") or ""
        if kind.casefold().startswith(_OF_MINING) and kind not in MINING_LICENCES:
            raise table.error("kind", "person_mining_licence", kind)
        return Licence(kind, table.string("number"), start, until)

    def accounts(self, top: TomlTable) -> dict[str, Account]:
        found: dict[str, Account] = {}
        owners: set[str] = set()
        for table in top.tables("account"):
            table.allow("name", "country", "own", "in_books", "addresses", *self.stated["account"])
            table.need("name")
            name, country = table.string("name") or "", table.string("country")
            if country is not None and not (len(country) == 2 and country.isascii() and country.isupper()):
                raise table.error("country", "person_country", country)
            if name in found:
                raise table.error("name", "person_account_twice", name)
            facts = self.facts(table, "account")
            if facts.get("low_tax") and country == "KZ":
                raise table.error("low_tax", "person_low_tax_home", True)
            found[name] = Account(
                name,
                country,
                own=table.flag("own") is not False,
                in_books=bool(table.flag("in_books")),
                addresses=self.addresses(table, owners),
                facts=facts,
            )
        return found

    def addresses(self, table: TomlTable, owners: set[str]) -> tuple[str, ...]:
        """`addresses = ["0x…", "T…"]` of an account; one address belongs to one account."""
        texts = table.data.get("addresses", [])
        if not isinstance(texts, list) or not all(isinstance(x, str) and _ADDRESS.fullmatch(x.strip()) for x in texts):
            raise table.error("addresses", "person_addresses")
        for text in texts:
            if address_key(text) in owners:
                raise table.error("addresses", "person_address_twice", text)
            owners.add(address_key(text))
        return tuple(x.strip() for x in texts)

    def regimes(self, top: TomlTable) -> tuple[Regime, ...]:
        """Regimes of a sole proprietor, in order of time, never two at once."""
        spells = []
        for table in top.tables("regime"):
            table.allow("kind", "from", "until", "rate")
            start, until = table.spell()
            spells.append((Regime(self.choice(table, "kind", REGIMES), start, until, table.share("rate")), table))
        spells.sort(key=lambda pair: pair[0].start)
        for (one, _), (two, table) in pairwise(spells):
            if one.until is None or two.start <= one.until:
                raise table.error("from", "person_regime_overlap", two.start, start=one.start)
        return tuple(spell for spell, _ in spells)

    def loss(self, table: TomlTable) -> Mapping[str, Any]:
        """What of a loss is nothing by itself is needed: its year, kind and amount."""
        table.allow(*self.stated["loss"])
        for key, said in self.stated["loss"].items():
            if said.otherwise is None:
                table.need(key)
        self.year_number(table)
        return self.facts(table, "loss")

    def turnovers(self, top: TomlTable) -> dict[str, Mapping[str, Any]]:
        """`[[turnover]] period = "2026-Q1"`, hosting and services of the quarter; a quarter once."""
        found: dict[str, Mapping[str, Any]] = {}
        for table in top.tables("turnover"):
            table.allow("period", *self.stated["turnover"])
            table.need("period")
            period = table.string("period") or ""
            if not re.fullmatch(r"[0-9]{4}-Q[1-4]", period) or not FIRST_YEAR <= int(period[:4]) <= LAST_YEAR:
                raise table.error("period", "person_bad_quarter", period)
            if period in found:
                raise table.error("period", "person_quarter_twice", period)
            found[period] = self.facts(table, "turnover")
        return found

    def year_number(self, table: TomlTable) -> int:
        year = table.need("year")
        if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
            raise table.error("year", "person_bad_year", year)
        return year

    def holding(self, table: TomlTable) -> Declared:
        table.allow("on", "account", "asset", "quantity")
        for key in ("on", "asset", "quantity"):
            table.need(key)
        day, value = table.day("on"), table.data["quantity"]
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise table.error("quantity", "person_holding_quantity", value)
        try:
            quantity = parse_written(str(value))
        except NumberError as error:
            raise table.error("quantity", "person_bad_number", value, why=error.message) from None
        if quantity < 0 or day is None:
            raise table.error("quantity", "person_holding_quantity", value)
        line = line_of(self.place.text, "holding", table.index, "") or 0
        return Declared(day, table.string("account"), (table.string("asset") or "").upper(), quantity, line)

    def years(self, top: TomlTable) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for table in top.tables("year"):
            table.allow("year", *self.stated["year"])
            year = self.year_number(table)
            if year in found:
                raise table.error("year", "person_year_twice", year)
            found[year] = self.facts(table, "year")
        return found

    def elections(self, data: object) -> tuple[dict[str, str], dict[int, dict[str, str]], dict[str, str] | None]:
        """(for all years, by year, stablecoins or None where not stated)."""
        if not isinstance(data, dict):
            raise TomlTable(self.place, {}).error("elections", "person_not_tables", key="elections")
        table = TomlTable(self.place, data, "elections")
        plain: dict[str, str] = {}
        by_year: dict[int, dict[str, str]] = {}
        stablecoins = None
        for key, value in data.items():
            if key == "stablecoins":
                stablecoins = self.stablecoins(table, value)
            elif isinstance(value, dict):
                by_year[self.year_of(table, key)] = self.chosen(TomlTable(self.place, value, f"elections.{key}"))
            else:
                plain.update(self.chosen(TomlTable(self.place, {key: value}, "elections")))
        return plain, by_year, stablecoins

    def year_of(self, table: TomlTable, key: str) -> int:
        if not (key.isascii() and key.isdigit() and FIRST_YEAR <= int(key[:9]) <= LAST_YEAR):
            raise table.error(key, "person_bad_year", key)
        return int(key)

    def chosen(self, table: TomlTable) -> dict[str, str]:
        found = {}
        for key, value in table.data.items():
            known = self.known_elections
            if key == "stablecoins":
                raise table.error(key, "person_stablecoins_of_a_year", value)
            if known is not None and key not in known:
                allowed = [*known, "stablecoins"]
                raise table.not_among(allowed, key, "person_unknown_key", allowed=", ".join(allowed))
            if not isinstance(value, str) or not value:
                raise table.error(key, "person_not_text", value)
            if known is not None and value not in known[key]:
                raise table.not_among(known[key], key, "person_not_a_choice", value, choices=", ".join(known[key]))
            found[key] = value
        return found

    def stablecoins(self, table: TomlTable, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise table.error("stablecoins", "person_stablecoins", value)
        found = {}
        for asset, currency in value.items():
            if not isinstance(currency, str) or not is_currency(currency):
                raise table.error("stablecoins", "person_stablecoins", currency)
            found[asset.upper()] = currency
        return found
