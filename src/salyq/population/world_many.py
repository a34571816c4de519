"""The year of many persons as the tables that law is asked about: what facts/world.py says of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from salyq.facts.stated import of_account
from salyq.law.facts import Acquisition, Sale, Year
from salyq.law.regimes import FREE_KINDS, Regime, is_operator, is_registered
from salyq.population.beside_many import Beside, expense_table, loss_table, reading_table, unmetered, untold
from salyq.population.columns_many import Roll, added, children, codes, flags, same, stated, worths
from salyq.population.copies_many import Copies
from salyq.population.moves_many import MAIN, PEGS, Matches, Moves, match, moves, paid_in
from salyq.population.noted_many import OF_QUARTER, OF_YEAR, Noted
from salyq.population.periods_many import quarter_of, quarter_table, year_table
from salyq.population.records_many import Records
from salyq.records.person import Account
from salyq.rulebook.columns import Column, code, is_array, text_of, whole
from salyq.rulebook.many_tables import Children, Table, let_go
from salyq.rulebook.rows import Row, kind_of

NONE = np.zeros(0, np.int64)
DIVIDED = ("disposals", "fee_disposals")  # rows that are other where sales are treated otherwise


@dataclass(slots=True)
class WorldMany:
    """The tables of one year. `disposals` belong to `sale`; `taxed` are the matches of disposals that count."""

    year: Table
    quarter: Table
    acquisition: Table
    sale: Table
    match: Table
    disposal: Table
    reading: Table
    expense: Table
    beside: Beside
    lists: dict[str, Children]  # rows of the year, by name
    quarter_lists: dict[str, Children]
    records: Records
    moves: Moves
    matches: Matches
    odd: Any  # persons whom columns cannot serve after all
    dark: Any  # persons of whom power is not told, which is open for whatever hangs on readings
    taxed: Any = field(default_factory=lambda: NONE)
    ways: Any = field(default_factory=lambda: NONE)  # how law treats each match

    def let_go(self) -> None:
        """Nobody asks any more."""
        for table in (
            self.year, self.quarter, self.acquisition, self.sale, self.match, self.disposal, self.reading, self.expense,
        ):  # fmt: skip
            let_go(table)

    def years_told(self) -> dict[int, Any]:
        """The years of records and expenses, with marks of the persons who have some."""
        count, r, expenses = self.year.count, self.records, self.beside.expenses
        found = {y: np.bincount(r.person[r.year == y], minlength=count) > 0 for y in np.unique(r.year).tolist()}
        for y in self.beside.years():
            assert expenses is not None
            own = (expenses.day >= date(y, 1, 1).toordinal()) & (expenses.day < date(y + 1, 1, 1).toordinal())
            found[y] = found.get(y, False) | (np.bincount(expenses.person[own], minlength=count) > 0)
        return found


class Builder:
    """Makes the tables of one year of persons who walk alike."""

    def __init__(
        self, roll: Roll, records: Records, year: int, walk: Regime, over: bool, ask: Noted,
        beside: Beside,
    ) -> None:  # fmt: skip
        self.beside = beside
        self.roll, self.r, self.year, self.walk, self.over, self.ask = roll, records, year, walk, over, ask
        self.last = date(year, 12, 31).toordinal()
        self.m = moves(records, year)
        self.found = match(self.m, year)

    def world(self) -> WorldMany:
        count = self.roll.count
        years = year_table(self.roll, self.r, self.m, self.year, self.over, self.beside.readings)
        acquisition, place = self._acquisitions(years)
        sale = self._sales(years)
        matches = self._matches(years, sale, acquisition, place)
        quarter = quarter_table(years, self.year)
        beside = self.beside
        reading = reading_table(beside.readings, self.year, quarter, self.roll)
        came = self.m.up & (self.m.kind == code("mined")) & (self.m.year == self.year)
        mining = np.bincount(self.m.person[came], minlength=count) > 0
        expense = expense_table(beside.expenses, self.year, years, self.roll, mining)
        ask = self.ask
        everybody = np.arange(count)
        ask.stand(years, OF_YEAR, everybody)
        ask.stand(quarter, OF_QUARTER, np.arange(4 * count))
        loss = loss_table(self.roll, self.year, years)
        for table in (expense, loss):
            ask.stand(table, OF_YEAR, table.parent[1], None)  # type: ignore[index]
        ask.stand(reading, OF_QUARTER, reading.parent[1])  # type: ignore[index]
        for table in (acquisition, sale, matches):
            person = table.parent[1]  # type: ignore[index]
            day = table.columns["day"].parts[0]
            ask.stand(table, OF_YEAR, person, 4 * person + quarter_of(self.year, day))
        sale.rows["all_matches"] = children(matches, self.found.sale, sale.count)
        empty = Children(Table("expense", 0, {}, parent=(years, NONE)), NONE, np.zeros(count + 1, np.int64))
        years.rows = dict.fromkeys(kind_of(Year).rows, empty)
        own = sale.parent[1]  # type: ignore[index]
        years.rows["sales"] = children(sale, own, count)
        for name, kinds in (("payouts", ("mined",)), ("earnings", ("earned",)), ("receipts", FREE_KINDS)):
            years.rows[name] = self._acquired(acquisition, kinds, count)
        for name, table in (("expenses", expense), ("losses", loss)):
            years.rows[name] = children(table, table.parent[1], count)  # type: ignore[index]
        if self.walk.books:
            years.rows["selling_fees"] = self._charges(years)
        quarters = {
            "readings": children(reading, reading.parent[1], 4 * count),  # type: ignore[index]
            "quarter_sales": children(sale, 4 * own + quarter_of(self.year, sale.columns["day"].parts[0]), 4 * count),
            "own_mined_sales": Children(sale, NONE, np.zeros(4 * count + 1, np.int64)),
            "quarter_earnings": self._by_quarter(years.rows["earnings"], acquisition, 4 * count),
        }
        quarter.rows = quarters
        dark, odd = self._untold(years, acquisition, reading)
        world = WorldMany(
            years, quarter, acquisition, sale, matches, Table("disposal", 0, {}, parent=(years, NONE)), reading,
            expense, beside, years.rows, quarters, self.r, self.m, self.found, odd, dark,
        )  # fmt: skip
        self._divide(world)
        return world

    def _untold(self, years: Table, acquisition: Table, reading: Table) -> tuple[Any, Any]:
        """Marks of the persons of whom power is not told, and of those whose coins are not."""
        own = years.rows["payouts"].order
        mined = 4 * acquisition.parent[1][own]  # type: ignore[index]
        mined = mined + quarter_of(self.year, acquisition.columns["day"].parts[0][own])
        dark, odd = untold(mined, reading, years.count)
        return dark | unmetered(self.beside.readings, self.year, self.roll), odd

    def under(self, world: WorldMany, ask: Noted, anew: frozenset[str]) -> WorldMany:
        """The same rows asked by another reader: rules that are not `anew` keep what was worked out of them. Sales are
        divided into disposals again where the way in which law treats them is anew."""
        divides = self.walk.treatment in anew
        if divides:
            anew = anew | ask.graph.hanging_on(rows=DIVIDED)
        copies = Copies(self.ask, ask, anew)
        year, quarter, acquisition, sale, match, disposal, reading, expense = map(
            copies.of,
            (
                world.year,
                world.quarter,
                world.acquisition,
                world.sale,
                world.match,
                world.disposal,
                world.reading,
                world.expense,
            ),
        )
        other = WorldMany(
            year, quarter, acquisition, sale, match, disposal, reading, expense, world.beside, year.rows, quarter.rows,
            world.records, world.moves, world.matches, world.odd.copy(),
            world.dark, world.taxed,
        )  # fmt: skip
        if divides:
            self.ask = ask
            self._divide(other)
        return other

    # accounts -------------------------------------------------------------------------------------------------------
    def _account(self, records: Any, of: Callable[[Account], Any], kind: Any = bool) -> Any:
        """What the account of each record is, asked once for each template and account."""
        accounts, places = self._accounts
        found = [of(account) for account in accounts]
        return np.array(found, kind)[places[records]] if found else np.zeros(0, kind)

    @cached_property
    def _accounts(self) -> tuple[list[Account], Any]:
        """(the accounts of each template, the place of each record's among them)."""
        alike, account = self.roll.alike[self.r.person], self.r.account
        key = alike * (int(account.max()) + 1 if len(account) else 1) + account
        _, first, places = np.unique(key, return_index=True, return_inverse=True)
        named = zip(alike[first].tolist(), account[first].tolist(), strict=True)
        pairs = [(self.roll.templates[a], text_of(c)) for a, c in named]
        return [person.accounts.get(name) or Account(name) for person, name in pairs], places

    def _of_accounts(self, kind: type[Row], records: Any) -> dict[str, Column]:
        """What law asks of the accounts of records, as they state it."""
        none = of_account(kind, Account(""))

        def states(name: str) -> Callable[[Account], bool]:
            return lambda account: bool(of_account(kind, account)[name])

        return {name: flags(self._account(records, states(name))) for name in none}

    def _abroad(self, records: Any) -> Any:
        by_account = self._account(records, lambda a: a.country not in (None, "KZ"))
        return np.where(self.r.abroad[records] < 0, by_account, self.r.abroad[records] == 1)

    def _resident(self, records: Any) -> Any:
        resident = self.roll.each(lambda p: p.residence[0].resident is not False)
        return resident[self.r.person[records]]

    @staticmethod
    def _peg(assets: Any) -> Any:
        distinct, places = np.unique(assets, return_inverse=True)
        return np.array([code(PEGS.get(text_of(c), "")) for c in distinct.tolist()], np.int64)[places]

    # rows -----------------------------------------------------------------------------------------------------------
    def _acquisitions(self, years: Table) -> tuple[Table, Any]:
        """Lots that a sale of the year used, and what came in this year; and the row of each movement among them."""
        m, r = self.m, self.r
        wanted = np.zeros(len(m.up), bool)
        wanted[self.found.lot[self.found.lot >= 0]] = True
        wanted |= (
            m.up & (m.year == self.year) & ~np.isin(m.kind, [code(k) for k in ("buy", "swap_in", "contributed_in")])
        )
        rows = np.flatnonzero(wanted)
        place = np.zeros(len(m.up), np.int64)
        place[rows] = np.arange(len(rows))
        at, count = m.record[rows], len(rows)
        counter, quantity = m.counters(r, rows)
        own = m.asset[rows] == r.asset[at]
        fee_money = paid_in(r.fee_asset[at])
        fee = own & r.has_fee[at] & (fee_money != code(""))
        registered = self.roll.each(lambda p: is_registered(p.kind))[r.person[at]]
        licensed = registered | self.roll.on(lambda p, day: p.mining_licence_on(day), r.person[at], r.day[at])
        columns = {
            "kind": codes(m.kind[rows]),
            "pool": same(False, count),
            "day": codes(r.day[at]),
            "asset": codes(m.asset[rows]),
            "quantity": whole(m.quantity[rows], grain=r.grain),
            "value": worths(r.value[at], paid_in(r.currency[at]), m.money[rows], r.grain),
            "value_is_money": flags(m.money[rows]),
            "counter_asset": codes(counter),
            "counter_quantity": stated(quantity, m.swap[rows], r.grain),
            "peg": codes(self._peg(m.asset[rows])),
            "counter_peg": codes(self._peg(counter)),
            "documented": flags(~r.undocumented[at]),
            "taxed_earlier": flags(r.taxed[at]),
            "for_receivable": flags(r.receivable[at]),
            "registered_miner": flags(licensed),
            "abroad": flags(self._abroad(at)),
            "resident": flags(self._resident(at)),
            "operator": flags(self.roll.each(lambda p: is_operator(p.kind))[r.person[at]]),
            "valuer_report": flags(r.valuer[at]),
            "account_country": codes(self._account(at, lambda a: code(a.country or ""), np.int64)),
            "solo": flags(r.solo[at]),
            "purchase_fee": worths(
                np.where(fee, r.fee[at], 0), np.where(fee, fee_money, code("KZT")), np.ones(count, bool), r.grain
            ),
            "pool_tenge": same(0, count),
        }
        columns |= self._of_accounts(Acquisition, at)
        aifc = self._account(at, lambda a: bool(a.facts.get("aifc_exchange")))  # one of the AIFC is one too
        columns["from_exchange"] = flags(columns["from_exchange"].parts[0] | aifc)
        return Table("acquisition", count, columns, parent=(years, r.person[at])), place

    def _sales(self, years: Table) -> Table:
        m, r, found = self.m, self.r, self.found
        fills, count = found.fills, len(found.first)
        at = m.record[found.first]

        def total(values: Any) -> Any:
            return added(values[fills], found.starts[:-1])

        in_money = np.logical_and.reduceat(m.money[fills], found.starts[:-1]) if count else np.zeros(0, bool)
        counter, _ = m.counters(r, found.first)
        _, quantity = m.counters(r, np.arange(len(m.up)))
        columns = {
            "kind": codes(m.kind[found.first]),
            "day": codes(r.day[at]),
            "asset": codes(m.asset[found.first]),
            "quantity": whole(total(m.quantity), grain=r.grain),
            "value": worths(total(np.where(m.money, r.value[m.record], 0)), paid_in(r.currency[at]), in_money, r.grain),
            "value_is_money": flags(in_money),
            "counter_asset": codes(counter),
            "counter_quantity": stated(total(quantity), m.swap[found.first], r.grain),
            "peg": codes(self._peg(m.asset[found.first])),
            "counter_peg": codes(self._peg(counter)),
            "foreign_account": flags(
                self._account(at, lambda a: bool(a.facts.get("low_tax")) or a.country not in (None, "KZ"))
            ),
            "account_stated": flags(self._account(at, lambda a: bool(a.facts.get("low_tax")) or a.country is not None)),
            "resident": flags(self._resident(at)),
            "purpose": codes(r.purpose[at]),
            "abroad": flags(self._abroad(at)),
            "capital_paid": Column((np.zeros(count, np.int64), np.full(count, code(""))), np.ones(count, bool), (0, 0)),
        }
        columns |= self._of_accounts(Sale, at)
        return Table("sale", count, columns, parent=(years, r.person[at]))

    def _matches(self, years: Table, sale: Table, acquisition: Table, place: Any) -> Table:
        f, r, m = self.found, self.r, self.m
        there = f.lot >= 0
        lot = np.where(there, place[np.where(there, f.lot, 0)] if len(place) else 0, -1)
        day = sale.columns["day"].parts[0][f.sale]
        mined = np.zeros(len(f.lot), bool)
        at = f.lot[there]
        mined[there] = (m.kind[at] == code("mined")) & (m.year[at] == self.year)
        columns = {
            "day": codes(day),
            "mined_this_year": flags(mined),
            "x0": whole(f.x0, grain=r.grain),
            "x1": whole(f.x1, grain=r.grain),
            "y0": whole(f.y0, grain=r.grain),
            "y1": whole(f.y1, grain=r.grain),
            "found": flags(there),
        }
        refs = {"sale": (sale, f.sale), "lot": (acquisition, lot)}
        person = sale.parent[1][f.sale]  # type: ignore[index]
        return Table("match", len(f.sale), columns, refs, parent=(years, person))

    def _acquired(self, acquisition: Table, kinds: Sequence[str], count: int) -> Children:
        own = np.isin(acquisition.columns["kind"].parts[0], [code(k) for k in kinds])
        days = acquisition.columns["day"].parts[0]
        rows = np.flatnonzero(own & (days > date(self.year - 1, 12, 31).toordinal()))
        return children(acquisition, acquisition.parent[1], count, rows)  # type: ignore[index]

    def _by_quarter(self, rows: Children, table: Table, count: int) -> Children:
        owner = 4 * table.parent[1] + quarter_of(self.year, table.columns["day"].parts[0])  # type: ignore[index]
        return children(table, owner, count, rows.order)

    def _charges(self, years: Table) -> Children:
        """Fees of sales that were paid in money."""
        m, r = self.m, self.r
        money = paid_in(r.fee_asset[m.record])
        sold = np.isin(m.kind, [code(k) for k in ("sell", "swap_out", "spend")]) & (m.leg == MAIN)
        rows = np.flatnonzero(
            sold & (m.year == self.year) & r.has_fee[m.record] & (money != code("")) & (r.kind[m.record] != code("buy"))
        )
        at = m.record[rows]
        columns = {"day": codes(r.day[at]), "worth": worths(r.fee[at], money[rows], np.ones(len(at), bool), r.grain)}
        table = Table("charge", len(at), columns, parent=(years, r.person[at]))
        self.ask.stand(table, OF_YEAR, r.person[at])
        return children(table, r.person[at], self.roll.count)

    # disposals ------------------------------------------------------------------------------------------------------
    def _divide(self, world: WorldMany) -> None:
        """Disposals: the matches of each sale by how law treats them, in the order in which the ways first come."""
        f, years, sale = self.found, world.year, world.sale
        treated = self.ask.rule(self.walk.treatment, world.match)
        way = treated.parts[0]
        if not is_array(way):
            way = np.full(world.match.count, way, np.int64)
        if treated.unknown is not None:
            marks = np.broadcast_to(treated.unknown, world.match.count)
            world.odd[world.match.parent[1][marks]] = True  # type: ignore[index]
        no_sale = code("no_sale")
        way = np.where(way == code(""), no_sale, way)
        order = np.lexsort((np.arange(len(way)), way, f.sale))
        new = np.ones(len(order), bool)
        new[1:] = (way[order][1:] != way[order][:-1]) | (f.sale[order][1:] != f.sale[order][:-1])
        first = order[new]
        rank = np.argsort(np.argsort(first, kind="stable"), kind="stable")  # matches stand by sale, so this does too
        number = np.empty(len(way), np.int64)
        number[order] = rank[np.cumsum(new) - 1] if len(order) else order
        first = np.sort(first)
        at = f.sale[first]
        columns = {name: codes(sale.columns[name].parts[0][at]) for name in ("day", "asset")}
        person = sale.parent[1][at]  # type: ignore[index]
        table = Table(
            "disposal", len(first), columns, {"sale": (sale, at), "first": (world.match, first)}, parent=(years, person)
        )
        table.rows["matches"] = children(world.match, number, len(first))
        self.ask.stand(table, OF_YEAR, person, 4 * person + quarter_of(self.year, columns["day"].parts[0]))
        untaxed = way[first] == no_sale if len(first) else np.zeros(0, bool)
        pegged = columns["asset"].parts[0]
        fees = untaxed & (sale.columns["kind"].parts[0][at] == code("fee")) & (self._peg(pegged) == code(""))
        years.rows["disposals"] = children(table, person, self.roll.count, np.flatnonzero(~untaxed))
        years.rows["fee_disposals"] = children(table, person, self.roll.count, np.flatnonzero(fees))
        world.disposal, world.ways = table, way
        world.taxed = np.flatnonzero(~untaxed[number]) if len(number) else NONE
