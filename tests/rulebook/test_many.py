"""One graph, two readers: over made-up persons, rows, years and elections, unknowns included, columns say what a row
asked alone says, for every rule of the shipped law."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import gcd
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from salyq.law import shipped
from salyq.rulebook.columns import Column, column_of, spread, values_of, whole
from salyq.rulebook.ends_many import Ends
from salyq.rulebook.evaluate import Evaluator, Found, RowSet, Scope
from salyq.rulebook.graph import Graph
from salyq.rulebook.many import Many
from salyq.rulebook.many_tables import Children, NotInColumns, Table
from salyq.rulebook.node import NotInForce
from salyq.rulebook.states import ENDS, Unknown, because, end_of

UNIT = 10**18
WORDS = {
    "person_kind": ("individual", "company", "sole_proprietor", "pool", "exchange"),
    "asset": ("BTC", "ETH", "USDT"),
    "counter_asset": ("", "USDT", "ETH"),
    "peg": ("", "", "USD"),
    "counter_peg": ("", "", "USD"),
    "category": ("electricity", "depreciation", "tax", "mining_fee", "pool_service"),
    "tax": ("personal_income_tax", "mining_fee"),
}
KIND_WORDS = {
    "acquisition": ("buy", "swap_in", "mined", "staked", "airdrop", "gift_in", "inherited", "interest", "earned"),
    "sale": ("sell", "swap_out", "spend", "fee", "gift_out", "lost"),
}
ROWS_OF = {"year": (1, 4), "quarter": (1, 3)}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(shipped())


def made_up_lookup(name: str, unit: str) -> Any:
    def ask(*key: Any) -> Any:
        dice = random.Random(crc32(repr((name, *map(str, key))).encode()))
        if unit == "day":
            return Found(next(k for k in key if isinstance(k, date)) - timedelta(days=dice.randrange(0, 4)))
        if dice.random() < 0.1:
            return because("missing_quote", kind=name, asset=str(key[0]), day=str(key[-1]))
        if unit == "text":
            return Found(dice.choice(("KZT", "USD")))
        return Found(Fraction(dice.randrange(1, 10**9), dice.choice((1, 10, 10**4))))

    return ask


class Country:
    """Made-up persons of one year, as scopes and as tables of the same rows."""

    def __init__(self, graph: Graph, seed: int, year: int) -> None:
        self.graph, self.year, self.dice = graph, year, random.Random(seed)
        self.kinds = {n: k for n, k in graph.law.kinds.items() if n == "year" or self.under_year(n)}
        self.scopes: dict[str, list[Scope]] = defaultdict(list)
        for _ in range(self.dice.randrange(2, 5)):
            self.person()

    def under_year(self, name: str) -> bool:
        parent = self.graph.law.kinds[name].parent
        return parent is not None and (parent == "year" or self.under_year(parent))

    def day(self, kind: str) -> date:
        back = self.dice.choice((0, 0, 0, 1, 2)) if self.kinds[kind].earlier else 0
        return date(max(2018, self.year - back), 1, 1) + timedelta(days=self.dice.randrange(365))

    def cell(self, kind: str, name: str, unit: str) -> Any:
        dice = self.dice
        if unit == "day":
            return date(self.year, 12, 31) if name in ("law_day", "quarter_end") else self.day(kind)
        if unit == "text":
            words = KIND_WORDS.get(kind, ("",)) if name == "kind" else WORDS.get(name, ("", "x"))
            return dice.choice(words)
        if dice.random() < 0.08:
            return None
        if unit == "flag":
            return dice.random() < 0.5
        size = dice.choice((3, 10**3, 10**6, 10**9))
        if unit == "worth":
            return (dice.randrange(0, size) * 10**16, dice.choice(("KZT", "KZT", "USD")))
        scale = {"KZT": 1, "count": 1}.get(unit, 10**12)
        return dice.randrange(0, size) * scale

    def scope(self, kind: str, parent: Scope | None) -> Scope:
        declared = self.kinds[kind]
        given = {n: self.cell(kind, n, u) for n, u in declared.columns.items()}
        if kind == "acquisition" and given.get("quantity") in (None, 0):
            given["quantity"] = UNIT
        made = Scope(
            kind, SimpleNamespace(**given), parent, place=f"{kind}:{len(self.scopes[kind])}", group=str(self.year)
        )
        self.scopes[kind].append(made)
        return made

    def person(self) -> None:
        year = self.scope("year", None)
        business = self.scope("year", None)  # without rows: its own coins are another person's matter
        business.rows = {name: RowSet(()) for name in self.kinds["year"].rows}
        year.refs = {"business": business}
        lots = [self.scope("acquisition", year) for _ in range(3)]
        sales: list[Scope] = []
        matches: dict[int, list[Scope]] = {}
        for _ in range(self.dice.randrange(0, 4)):
            sale = self.scope("sale", year)
            sale.given.quantity = 0
            own = [self.match(year, sale, self.dice.choice(lots)) for _ in range(self.dice.randrange(1, 3))]
            sale.rows = {"all_matches": RowSet(own)}
            matches[id(sale)] = own
            sales.append(sale)
        rows: dict[str, RowSet] = {}
        for name, kind in self.kinds["year"].rows.items():
            rows[name] = RowSet(self.rows_of(name, kind, year, lots, sales, matches))
        year.rows = rows
        for name, kind in self.kinds.items():
            if kind.parent == "year" and kind.rows and name not in ("sale", "disposal"):
                for _ in range(2):
                    self.period(name, year)

    def match(self, year: Scope, sale: Scope, lot: Scope) -> Scope:
        made = self.scope("match", year)
        g = made.given
        g.day = sale.given.day
        width = self.dice.randrange(1, max(2, lot.given.quantity))
        g.x0 = self.dice.randrange(0, lot.given.quantity - width + 1) if lot.given.quantity > width else 0
        g.x1 = min(lot.given.quantity, g.x0 + width)
        g.y0 = sale.given.quantity
        sale.given.quantity = g.y1 = g.y0 + max(1, g.x1 - g.x0)
        g.found = self.dice.random() < 0.9
        made.refs = {"sale": sale, "lot": lot} if g.found else {"sale": sale}
        return made

    def rows_of(
        self, name: str, kind: str, year: Scope, lots: list[Scope], sales: list[Scope], matches: dict
    ) -> list[Scope]:
        if kind == "acquisition":
            return self.dice.sample(lots, self.dice.randrange(0, len(lots)))
        if kind == "sale":
            return sales
        if kind == "disposal":
            found = []
            for sale in sales:
                made = self.scope("disposal", year)
                made.given.day, made.given.asset = sale.given.day, sale.given.asset
                own = matches[id(sale)]
                made.rows, made.refs = {"matches": RowSet(own)}, {"sale": sale, "first": own[0]}
                found.append(made)
            return found
        return [self.scope(kind, year) for _ in range(self.dice.randrange(0, 4))]

    def period(self, name: str, year: Scope) -> None:
        made = self.scope(name, year)
        rows = {}
        for below, kind in self.kinds[name].rows.items():
            if self.kinds[kind].parent != name:  # some of the year's rows
                whole = [s for s in self.scopes[kind] if s.parent is year]
                rows[below] = RowSet(self.dice.sample(whole, self.dice.randrange(0, len(whole) + 1)))
            else:
                rows[below] = RowSet([self.scope(kind, made) for _ in range(self.dice.randrange(0, 4))])
        made.rows = rows

    # the same as tables ---------------------------------------------------------------------------------------------
    def tables(self) -> dict[str, Table]:
        place = {id(s): n for scopes in self.scopes.values() for n, s in enumerate(scopes)}
        made: dict[str, Table] = {}
        for name, kind in self.kinds.items():
            scopes = self.scopes[name]
            given = {c: column_of([getattr(s.given, c) for s in scopes], u) for c, u in kind.columns.items()}
            columns = {c: in_grains(column, kind.columns[c]) for c, column in given.items()}
            made[name] = Table(name, len(scopes), columns)
        for name, kind in self.kinds.items():
            scopes, table = self.scopes[name], made[name]
            if kind.parent is not None:
                table.parent = (made[kind.parent], np.array([place[id(s.parent)] for s in scopes], np.int64))
            for ref, target in kind.refs.items():
                rows = [place[id(s.refs[ref])] if ref in s.refs else 0 for s in scopes]
                table.refs[ref] = (made[target], np.array(rows, np.int64))
            for below, target in kind.rows.items():
                own = [s.rows[below].rows if below in s.rows else () for s in scopes]
                order = np.array([place[id(r)] for rows in own for r in rows], np.int64)
                table.rows[below] = Children(made[target], order, np.cumsum([0, *map(len, own)]))
        return made


def elections_of(graph: Graph, seed: int) -> Any:
    def choose(name: str, day: date) -> str:
        value = graph.value_at(name, day)
        if value is None:
            return "fifo"
        return random.Random(f"{seed}{name}").choice(list(value.data["choices"]))

    return choose


def lookups_of(graph: Graph) -> dict[str, Any]:
    found: dict[str, str] = {}

    def walk(node: Any) -> None:
        if node.op == "lookup":
            found[node.data] = node.unit
        for a in node.args:
            walk(a)

    for tree in graph.trees.values():
        walk(tree)
    return {name: made_up_lookup(name, unit) for name, unit in found.items()}


def in_grains(column: Column, unit: str) -> Column:
    """The same numbers counted in the largest power of ten that they share."""
    if unit not in ("worth", "amount", "KZT") or (unit != "worth" and len(column.parts) > 1):
        return column
    shared = gcd(*[int(x) for x in spread(column.parts[0], 1).tolist()])
    grain = 10 ** next(n for n in range(30) if shared % 10 ** (n + 1) or not shared)
    made = whole(np.array([int(x) // grain for x in column.parts[0].tolist()], object), grain=grain)
    return Column((made.parts[0], *column.parts[1:]), column.unknown, made.ends, grain)


ASKED_ALONE = {"least", "most", "spans"}  # operations that columns leave to single rows


def said_alone(one: Evaluator, name: str, scopes: list[Scope]) -> dict[int, Any]:
    """What a rule says of each row by itself, by the place of the row."""
    alone: dict[int, Any] = {}
    for n, scope in enumerate(scopes):
        try:
            if one.version(name, scope) is not None:
                alone[n] = one.value(name, scope)
        except (NotInForce, KeyError):  # KeyError: a rule of lots, and this match has none
            continue
    return alone


@pytest.mark.parametrize("year", range(2018, 2027))
@pytest.mark.parametrize("seed", range(3))
def test_columns_say_what_single_rows_say(graph: Graph, year: int, seed: int) -> None:
    country = Country(graph, 1000 * seed + year, year)
    tables, lookups, elections = country.tables(), lookups_of(graph), elections_of(graph, seed)
    one = Evaluator(graph, lookups, elections)
    compared = known = cautious = 0
    alone_only: set[str] = set()
    for name, versions in graph.law.rules.items():
        kind = versions[0].per
        if kind not in country.kinds or not country.scopes[kind]:
            continue
        alone = said_alone(one, name, country.scopes[kind])
        if not alone:
            continue
        rows = np.array(list(alone), np.int64)
        try:
            got = Many(graph, lookups, elections).rule(name, tables[kind], rows)
        except NotInColumns as error:
            alone_only.add(str(error).partition(" ")[0])
            continue
        finally:
            for table in tables.values():
                table.memo.clear()
        for n, found in zip(alone, values_of(got, versions[0].unit, len(rows)), strict=True):
            expected = alone[n]
            compared += 1
            if type(expected) is Unknown:
                assert found is None, f"{name} of {kind} {n}: {found}, where a row alone is unknown"
            elif found is None:
                cautious += 1  # a mark may say too much (the ends of an unknown agree), a value never
            else:
                known += 1
                assert found == expected, f"{name} of {kind} {n}"
    assert alone_only <= ASKED_ALONE
    assert known > 150
    assert cautious <= compared // 50


class OneEnd(Ends, Many):
    """One end of what columns do not know."""


@pytest.mark.parametrize("year", [2021, 2024, 2026])
def test_the_ends_of_columns_are_those_of_single_rows(graph: Graph, year: int) -> None:
    country = Country(graph, 7000 + year, year)
    tables, lookups, elections = country.tables(), lookups_of(graph), elections_of(graph, 0)
    one = Evaluator(graph, lookups, elections)
    same = dict.fromkeys(ENDS, 0)
    for name, versions in graph.law.rules.items():
        kind = versions[0].per
        alone = said_alone(one, name, country.scopes[kind]) if kind in country.kinds else {}
        if not any(type(value) is Unknown for value in alone.values()):
            continue
        rows = np.array(list(alone), np.int64)
        for end in ENDS:
            try:
                got = OneEnd(Many(graph, lookups, elections), end).rule(name, tables[kind], rows)
            except NotInColumns:
                continue
            finally:
                for table in tables.values():
                    table.memo.clear()
            for n, found in zip(alone, values_of(got, versions[0].unit, len(rows)), strict=True):
                expected = end_of(alone[n], end)
                if type(alone[n]) is Unknown and found is not None:
                    same[end] += 1
                    assert found == expected, f"{name} of {kind} {n}, {end}: {alone[n]}"
    assert min(same["low"], same["high"]) > 20, same
    assert same["so_far"] > 0


def test_wide_numbers_and_narrow_ones_agree(graph: Graph) -> None:
    """Amounts that do not fit 64 bits go wide; the sum of both kinds is exact."""
    name = "personal_income_tax.tax"
    for size in (10**3, 10**15, 10**22, 10**30):
        values = [size, size + 1, 0]
        table = Table("year", 3, {c: column_of([None] * 3, u) for c, u in graph.law.kinds["year"].columns.items()})
        table.columns["law_day"] = column_of([date(2025, 12, 31)] * 3, "day")
        table.columns["person_kind"] = column_of(["individual"] * 3, "text")
        table.columns["resident"] = column_of([True] * 3, "flag")
        table.given("personal_income_tax.resident_base", column_of(values, "KZT"))
        table.given("personal_income_tax.has_business", column_of([False] * 3, "flag"))
        for none in ("non_resident_income", "non_resident_tax", "business_tax"):
            table.given(f"personal_income_tax.{none}", column_of([0] * 3, "KZT"))
        got = values_of(Many(graph, {}, elections_of(graph, 0)).rule(name, table), "KZT", 3)
        assert got == [(v + 5) // 10 for v in values]
