"""The year of one case as rows that law can be asked about: sales, matches, disposals, payouts, readings, expenses."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from salyq.civil.days import kz_midnight
from salyq.facts.acquisitions import Acquisitions
from salyq.facts.beside_sales import derivatives, expenses, losses
from salyq.facts.case import Case
from salyq.facts.choices import Choices
from salyq.facts.coverage import Meters, meters
from salyq.facts.events import Event, Events
from salyq.facts.few import LEAST
from salyq.facts.lacking import carried_over, coins_untold, incomplete_rows, sold_rows, told_payouts
from salyq.facts.lookups import Lookups
from salyq.facts.pool import Pool
from salyq.facts.proprietor import add_business, halves_of
from salyq.facts.quarters import quarter_scopes
from salyq.facts.queues import Queues
from salyq.facts.sales import Sales, Sold, selling_fees
from salyq.facts.taken import Parts, Taken
from salyq.facts.unsure import unsure_lot
from salyq.law.facts import Year
from salyq.law.regimes import CORPORATE, FEE, FREE_KINDS, Regime, has_books_beside, regime_of
from salyq.lots.cost import Costs
from salyq.reconcile.holdings import Holding, holdings_at
from salyq.records.model import UNIT, Record
from salyq.records.person import Account
from salyq.rulebook.evaluate import Evaluator, RowSet, Scope
from salyq.rulebook.graph import Graph
from salyq.rulebook.scopes import RowOf
from salyq.rulebook.states import Missing, Unknown, because
from salyq.rulebook.stored import ByKey, Places, Some, Stored, StoredRow

if TYPE_CHECKING:
    from salyq.facts.events import Money
    from salyq.facts.few import UsedPieces
    from salyq.facts.moved import Moved


class World:
    """One person's year. `year` and `quarters` are the scopes that figures are asked of."""

    def __init__(
        self,
        case: Case,
        year: int,
        graph: Graph,
        choices: Choices,
        like: World | None = None,
        owner: World | None = None,
        evaluator: Evaluator | None = None,
    ) -> None:
        """`like`: a world of the same case and year with other choices, to take over what no choice touches. `owner`:
        the sole proprietor's world whose business this one is; it walks as a company."""
        self.case, self.year_number, self.graph, self.choices = case, year, graph, choices
        self.person = case.person
        self.owner = owner
        self.business: World | None = None
        self.halves: list[Scope] = []
        self.regime: Regime = CORPORATE if owner else regime_of(self.person.kind)
        self.lookups: Lookups = owner.lookups if owner else Lookups(case.prices)
        own = owner.evaluator if owner else _evaluator(evaluator, graph, self.lookups, choices)
        self.evaluator: Evaluator = own
        self.last_day = date(year, 12, 31)
        self.came, self.sales_of = Acquisitions(self), Sales(self)  # what law asks of both
        self.event_of: dict[int, Event] = {}  # by identity of an acquisition's or sale's scope
        self.rows: dict[str, RowSet] = {}
        self.refs: dict[str, Scope] = {}
        group = f"{year} business" if owner else str(year)
        self.year = Scope("year", Year.given(), rows=self.rows, refs=self.refs, group=group)
        self.methods = self._methods()
        self.events: Events = like.events if like else self._events()
        self._moved: Moved | None = like._moved if like else None
        self.year.given = like.year.given if like else self._year_facts()
        if like is None and len(self.events) >= LEAST:
            case.ledger.forget_legs()  # the events have what is left of them
        self.queues: Queues = self._queues(like)
        self._costs: dict[str, Costs] = {}
        self._prices: dict[int, Any] = {}  # by the key of an acquisition
        self._tenge_prices: dict[int, Any] = {}
        self._acquired, self._acquired_at = self._acquisitions()
        self._native = self._pool_currencies()
        self.meters: Meters = like.meters if like else meters(case.ledger.energy)
        self.fee_changes = graph.law.changes_of(FEE)
        self._build()
        if owner is None and has_books_beside(self.person.kind):
            add_business(self, World(case, year, graph, choices, like and like.business, self))

    # what the person and the year are ---------------------------------------------------------------------------
    def _methods(self) -> dict[int, str]:
        years = self.case.ledger.records.years() | {self.year_number}
        return {y: self.choices(self.regime.lot_method, date(y, 12, 31)) for y in sorted(years)}

    def _year_facts(self) -> Any:
        person = self.person
        ends = holdings_at(self.case.ledger, [date(self.year_number - 1, 12, 31), self.last_day])
        before, held = ends
        resident = person.resident_on(self.last_day)
        return Year.given(
            **person.years.get(self.year_number, {}),
            person_kind=person.kind,
            law_day=self.last_day,
            year_over=self.case.prices.year_is_over(self.year_number),
            resident=resident is not False,
            resident_in_year=any(person.resident_on(d) is not False for d in self._days_of_residence()),
            non_resident_in_year=any(
                not r.resident
                and r.start <= self.last_day
                and (r.until is None or r.until >= date(self.year_number, 1, 1))
                for r in person.residence
            ),
            residence_known=all(person.resident_on(d) is not None for d in self._days_of_residence()),
            regime_stated=bool(person.regimes),
            stated_simplified=any(person.regime_on(last) == "simplified" for _, _, last in halves_of(self.year_number)),
            aifc_permit=person.aifc_permit_on(self.last_day),
            does_business=False,
            licence_subtype_i=person.full_mining_licence_on(self.last_day),
            mines="mined" in self.events.kind,
            lots_in_doubt=bool(self.unsure),
            uses_power=any(r.end > kz_midnight(date(self.year_number, 1, 1)) for r in self.case.ledger.energy)
            or "readings" in incomplete_rows(self),
            licensed_to_mine=person.mines_under_licence(date(self.year_number, 1, 1), self.last_day),
            payments_given=bool(self.case.ledger.payments),
            holds_at_year_end=self._holds(held),
            held_at_last_year_end=self._holds(before),
        )

    def _events(self) -> Events:
        """The movements of this world: of a sole proprietor's business those on accounts in its books, or the rest."""
        found = self.case.events.upto(self.year_number)
        return found.only(self.of_this_part) if has_books_beside(self.person.kind) else found

    def _holds(self, held: list[Holding]) -> bool:
        """Does the person own digital assets? Of a sole proprietor those outside the business: not in its books, and
        not all from mining."""
        own = [h for h in held if h.quantity > 0]
        if not has_books_beside(self.person.kind):
            return bool(own)
        came = {e.asset for e in self.events if e.acquisition and e.kind != "mined"}
        return any(h.asset in came and not self.account(h.account).in_books for h in own)

    def _days_of_residence(self) -> list[date]:
        """The days on which residence decides something: of this year's records, and its last day."""
        days = {d for d in set(self.case.ledger.records.column("day")) if d.year == self.year_number}
        return sorted(days | {self.last_day})

    def resident(self, day: date) -> bool:
        """Resident on the day, or not known not to be."""
        return self.person.resident_on(day) is not False

    def _queues(self, like: World | None) -> Queues:
        if like is not None and like.methods == self.methods:
            return like.queues
        return self._new_queues()

    def _new_queues(self) -> Queues:
        return Queues(self, self.regime.lot_class is not None and "mined" in self.events.kind)

    def with_choices(self, choices: Choices) -> World:
        """The same rows, lots leaving by other choices: sales, receipts and the year stay, what they used up is new. A
        sole proprietor's world has a business beside it, and is made anew."""
        if self.business is not None:
            return World(self.case, self.year_number, self.graph, choices, self)
        other = copy(self)
        other.choices = choices
        other.methods = other._methods()
        other.queues = other._new_queues()
        other._costs = {}
        other._native = other._pool_currencies()
        other.match_sales()
        return other

    # acquisitions -----------------------------------------------------------------------------------------------
    @property
    def moved(self) -> Moved:
        """The movements as columns of numbers."""
        if self._moved is None:
            from salyq.facts.moved import Moved

            self._moved = Moved(self.events)
        return self._moved

    def _acquisitions(self) -> tuple[Stored, array[int]]:
        """The acquisitions as rows, and the place there of each event."""
        came = self.events.acquisition
        if len(came) >= LEAST:
            from salyq.facts.moved import acquired_at
        else:
            from salyq.facts.few import acquired_at
        keys, places = acquired_at(came)
        items = self.events.some(keys)

        def made(row: StoredRow) -> None:
            self.event_of[id(row)] = row.item

        return Stored("acquisition", self.came, items, self.year, made), places

    def acquisition(self, event: Event) -> RowOf:
        """The scope of an acquisition, made once."""
        found: RowOf = self._acquired[self._acquired_at[event.key]]
        return found

    def acquisitions(self, keys: Iterable[int]) -> Some:
        """Acquisitions by the keys of their events."""
        at = self._acquired_at
        return Some(self._acquired, [at[key] for key in keys])

    def pool_rows(self, used: UsedPieces) -> Stored | None:
        """Moving averages as rows; None where none was used."""
        items: Sequence[Pool] = [self._pool(*pool) for pool in used.pools]
        if used.averages is not None:
            from salyq.facts.averages import Averages

            items = Averages(self, used.averages, self._native)
        return Stored("acquisition", self.came, items, self.year) if items else None

    @cached_property
    def unsure(self) -> dict[str, frozenset[Missing]]:
        """Assets sold in the year of whose lots nobody can say which they were, and why."""
        return carried_over(self)

    def _pool(self, asset: str, number: int) -> Pool:
        if number < 0:
            return unsure_lot(self, asset, -number)
        own, tenge = self.costs_of(asset).lot(number)
        currency = self._native[asset]
        unknown = because("missing_acquisition", place=asset)
        if currency == "KZT":
            own = None if tenge is None else tenge * (UNIT // 100)
        value = unknown if own is None else (own, currency)
        pool_tenge = unknown if tenge is None else tenge * (UNIT // 100)
        return Pool(self._newest(asset, number), self.queues.lot(asset, number).quantity, value, pool_tenge)

    def costs_of(self, asset: str) -> Costs:
        if asset not in self._costs:
            self._costs[asset] = Costs(self.queues.matched(asset).lots, self._lot_costs)
        return self._costs[asset]

    def newest(self, pool: Scope) -> Event:
        """The acquisition that last made a moving average what it is."""
        return pool.item.newest  # type: ignore[attr-defined,no-any-return]

    def _newest(self, asset: str, number: int) -> Event:
        """The acquisition that last made a pool what it is."""
        lot = self.queues.lot(asset, number)
        while lot.key is None:
            lot = self.queues.lot(asset, lot.parts[-1].lot)
        return self.events[lot.key]

    def _price_lots(self) -> None:
        """What acquisitions cost that the moving averages of the year's sales rest on, all at once."""
        needed = self.queues.averaged_of()
        prices, tenge = self.priced(needed)
        self._prices, self._tenge_prices = dict(zip(needed, prices, strict=True)), dict(zip(needed, tenge, strict=True))

    def priced(self, needed: Sequence[int]) -> tuple[list[Money | None], list[int | None]]:
        """What acquisitions cost, by the keys of their events: in the currency of the deal, and in tiyn; None is
        unknown."""
        mined = self.regime.mined_value
        classed = {k for k in needed if mined and self.regime.lot_class and self.lot_class(k)}
        prices = self.evaluator.every(self.regime.cost, self.acquisitions(needed))
        tenge: dict[int, Any] = {}
        for of_mined, name in ((True, mined or ""), (False, self.regime.tenge_cost)):
            own = [k for k in needed if (k in classed) is of_mined]
            tenge.update(zip(own, self.evaluator.every(name, self.acquisitions(own)), strict=True))
        tiyn = [None if type(tenge[k]) is Unknown else tenge[k] for k in needed]
        return [None if type(p) is Unknown else p for p in prices], tiyn

    def _lot_costs(self, key: int) -> tuple[int | None, ...]:
        """(own currency in 10⁻¹⁸, tenge in tiyn) of an acquisition; None is unknown."""
        if key not in self._prices:
            ((self._prices[key],), (self._tenge_prices[key],)) = self.priced([key])
        return (self._prices[key] or (None,))[0], self._tenge_prices[key]

    def _pool_currencies(self) -> dict[str, str]:
        """The one currency that all purchases of an asset share; else tenge, each at the rate of its own day."""
        found: dict[str, set[str]] = defaultdict(set)
        if "average" in self.methods.values() and not self.regime.books:
            came = [key for key, acquired in enumerate(self.events.acquisition) if acquired]
            scopes = self.acquisitions(came)
            worths = self.evaluator.every(self.regime.cost, scopes)
            in_tenge = self.evaluator.every(self.regime.in_tenge, scopes)
            for key, worth, tenge in zip(came, worths, in_tenge, strict=True):
                if worth is not None and type(worth) is not Unknown and worth[0]:
                    found[self.events.asset[key]].add("KZT" if tenge else worth[1])
        return defaultdict(lambda: "KZT", {a: c.pop() for a, c in found.items() if len(c) == 1})

    def lot_class(self, key: int) -> str:
        if self.regime.lot_class is None or self.events.kind[key] != "mined" or "average" not in self.methods.values():
            return ""
        return str(self.evaluator.value(self.regime.lot_class, self.acquisition(self.events[key])) or "")

    # sales, matches, disposals ----------------------------------------------------------------------------------
    def _build(self) -> None:
        own, came, kind = self.events.of_year(self.year_number), self.events.acquisition, self.events.kind
        disposals, fees = self._disposals([key for key in own if not came[key]])
        acquired = [key for key in own if came[key]]
        incomplete = incomplete_rows(self)
        rows: dict[str, Iterable[Scope]] = {
            "disposals": disposals,
            "fee_disposals": fees,
            "sales": self.sold_rows,
            "payouts": self.acquisitions(key for key in acquired if kind[key] == "mined"),
            "earnings": self.acquisitions(key for key in acquired if kind[key] == "earned"),
            "losses": losses(self),
            "receipts": self.acquisitions(key for key in acquired if kind[key] in FREE_KINDS),
            "expenses": expenses(self),
            "derivatives": derivatives(self),
            "selling_fees": selling_fees(self, self.events.made(own)) if self.regime.books else [],
        }
        for name, found in rows.items():
            own_rows = found if isinstance(found, Sequence) else list(found)
            self.rows[name] = RowSet(own_rows, incomplete.get(name, frozenset()))
        for name in ("disposals", "fee_disposals"):
            self.rows[name] = sold_rows(self, *self.rows[name][:2])
        self.rows["payouts"] = told_payouts(self.rows["payouts"], coins_untold(self))
        self.quarters = quarter_scopes(self, incomplete)

    def _disposals(self, own: list[int]) -> tuple[Sequence[Scope], Sequence[Scope]]:
        self.sold = Sold(self, own)

        def made(row: StoredRow) -> None:
            self.event_of[id(row)] = row.item[0]

        self.sold_rows: Stored = Stored("sale", self.sales_of, self.sold, self.year, made)
        self._sale_at = Places(array("q", map(int, self.sold.fills.first)))
        self.sales = ByKey(self._sale_at, self.sold_rows.__getitem__)
        self.match_sales()
        self.treatments = self.treated(self.evaluator)
        self.parts = self.divided(self.treatments)
        return self.of_parts(self.parts)

    def match_sales(self) -> None:
        """What each sale used up, by the queues as they are."""
        self._prices, self._tenge_prices = {}, {}
        if "average" in self.methods.values() and self.queues.used().averages is None:
            self._price_lots()
        taken = Taken(self, self.sold)
        self.taken, rows = taken, taken.rows(self.sold_rows, self._acquired, self._acquired_at)
        self.match_rows = rows
        self.matches = ByKey(self._sale_at, lambda n: Some(rows, range(taken.starts[n], taken.starts[n + 1])))

    def treated(self, evaluator: Evaluator) -> list[str]:
        """How law treats each match."""
        return [treatment or "no_sale" for treatment in evaluator.every(self.regime.treatment, self.match_rows)]

    def divided(self, treated: Sequence[str], sales: Collection[int] | None = None) -> Stored:
        """The disposals that sales (by number; None: all) make."""
        return Parts(self.taken, treated, sales).rows(self.sold_rows, self.match_rows, self.year)

    def of_parts(self, disposals: Stored) -> tuple[Some, Some]:
        """(disposals that count, fees paid in assets that are no sale)."""
        parts = disposals.items
        assert isinstance(parts, Parts)
        taxed, fees = self.sold.make.taxed_and_fees(self, parts)
        return Some(disposals, taxed), Some(disposals, fees)

    # what rows ask of a record, a day, an account ----------------------------------------------------------------
    def mines_on(self, day: date) -> bool:
        """Does the person mine: a licence on the day, or coins from mining within its year (semantics 34)?"""
        return self.person.mining_licence_on(day) or day.year in self._mining_years

    @cached_property
    def _mining_years(self) -> frozenset[int]:
        return frozenset(day.year for kind, day in self.case.ledger.records.rows("kind", "day") if kind == "mined")

    def of_this_part(self, r: Record) -> bool:
        """Of a sole proprietor's records: those of the business here, or the others."""
        if not has_books_beside(self.person.kind):
            return True
        return self.account(r.account).in_books is (self.owner is not None)

    def abroad(self, r: Record) -> bool:
        """Handed over or received outside Kazakhstan: as stated, else by the country of the account (semantics 29)."""
        return self.abroad_on(r.account, r.abroad)

    def abroad_on(self, account: str, stated: bool | None) -> bool:
        return self.account(account).country not in (None, "KZ") if stated is None else stated

    def account(self, name: str) -> Account:
        """The account as the person describes it; one that nobody described has its name alone."""
        return self.person.accounts.get(name) or Account(name)


def _evaluator(used: Evaluator | None, graph: Graph, lookups: Lookups, choices: Choices) -> Evaluator:
    """One that served another world, where it holds the same law; else a new one."""
    if used is None or used.graph is not graph:
        return Evaluator(graph, lookups.table(), choices)
    return used.turn_to(lookups.table(), choices)
