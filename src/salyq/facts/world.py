"""The year of one case as rows that law can be asked about: sales, matches, disposals, payouts, readings, expenses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from salyq.civil.currencies import is_currency
from salyq.civil.days import kz_midnight, period_days
from salyq.facts.case import Case
from salyq.facts.choices import Choices
from salyq.facts.coverage import Meters, meters
from salyq.facts.energy import reading_rows
from salyq.facts.events import Event, events, money
from salyq.facts.given import (
    AcquisitionRow,
    DerivativeRow,
    DisposalRow,
    ExpenseRow,
    LossRow,
    MatchRow,
    MoneyRow,
    QuarterRow,
    SaleRow,
)
from salyq.facts.lacking import incomplete_rows, uncovered
from salyq.facts.lookups import Lookups
from salyq.facts.proprietor import add_business, halves_of
from salyq.facts.queues import Queues
from salyq.law.facts import FREE_KINDS, WALKS, YEAR, Walk
from salyq.lots.cost import Costs
from salyq.lots.model import Piece
from salyq.reconcile.holdings import Holding, holdings_at
from salyq.records.model import UNIT, Record
from salyq.records.person import Account
from salyq.rulebook.evaluate import Evaluator, RowSet, Scope
from salyq.rulebook.graph import Graph
from salyq.rulebook.states import Missing, Unknown, because

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
SUMS = {"business_losses_brought": "business", "digital_asset_losses_brought": "digital_assets"}


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
    ) -> None:
        """`like`: a world of the same case and year with other choices, to take over what no choice touches. `owner`:
        the sole proprietor's world whose business this one is; it walks as a company."""
        self.case, self.year_number, self.graph, self.choices = case, year, graph, choices
        self.person = case.person
        self.owner = owner
        self.business: World | None = None
        self.halves: list[Scope] = []
        self.walk: Walk = WALKS["company"] if owner else WALKS.get(self.person.kind, WALKS["company"])
        self.company = owner is not None or self.person.kind not in ("individual", "sole_proprietor")
        self.lookups: Lookups = owner.lookups if owner else Lookups(case.prices)
        own = owner.evaluator if owner else Evaluator(graph, self.lookups.table(), choices)
        self.evaluator: Evaluator = own
        self.last_day = date(year, 12, 31)
        self._acquisitions: dict[int, Scope] = {}
        self._lots: dict[tuple[str, int], Scope] = {}
        self.event_of: dict[int, Event] = {}  # by identity of an acquisition's or sale's scope
        self.rows: dict[str, RowSet] = {}
        self.refs: dict[str, Scope] = {}
        group = f"{year} business" if owner else str(year)
        self.year = Scope("year", SimpleNamespace(), rows=self.rows, refs=self.refs, group=group)
        self.methods = self._methods()
        self.events: list[Event] = like.events if like else self._events()
        self.year.given = like.year.given if like else self._year_facts()
        self.queues: Queues = self._queues(like)
        self._costs: dict[str, Costs] = {}
        self._native = self._pool_currencies()
        self.sales: dict[int, Scope] = {}
        self.fills: dict[int, list[Event]] = {}  # of each sale
        self.matches: dict[int, list[Scope]] = {}
        self.parts: dict[int, list[tuple[str, Scope]]] = {}  # of each sale: disposals and how law treats them
        self.meters: Meters = like.meters if like else meters(case.ledger.energy)
        self.fee_changes = graph.law.changes_of("mining_fee")
        self._build()
        if owner is None and self.person.kind == "sole_proprietor":
            add_business(self, like)

    # what the person and the year are ---------------------------------------------------------------------------
    def _methods(self) -> dict[int, str]:
        years = {r.day.year for r in self.case.ledger.records} | {self.year_number}
        return {y: self.choices(self.walk.lot_method, date(y, 12, 31)) for y in sorted(years)}

    def _year_facts(self) -> SimpleNamespace:
        person, stated = self.person, self.person.years.get(self.year_number, {})
        facts: dict[str, Any] = dict.fromkeys(YEAR)
        facts.update(stated)
        ends = holdings_at(self.case.ledger, [date(self.year_number - 1, 12, 31), self.last_day])
        before, held = ends
        resident = person.resident_on(self.last_day)
        facts.update(
            person_kind=person.kind,
            law_day=self.last_day,
            year_over=self.case.prices.year_is_over(self.year_number),
            resident=resident is not False,
            resident_in_year=any(person.resident_on(d) is not False for d in self._days_of_residence()),
            residence_known=all(person.resident_on(d) is not None for d in self._days_of_residence()),
            regime_stated=bool(person.regimes),
            stated_simplified=any(person.regime_on(last) == "simplified" for _, _, last in halves_of(self.year_number)),
            aifc_permit=any(x.kind.startswith("aifc") and x.on(self.last_day) for x in person.licences),
            does_business=False,
            mines=any(e.kind == "mined" for e in self.events),
            uses_power=any(r.end > _start(self.year_number) for r in self.case.ledger.energy)
            or "readings" in incomplete_rows(self),
            payments_given=bool(self.case.ledger.payments),
            holds_at_year_end=self._holds(held),
            held_at_last_year_end=self._holds(before),
        )
        return SimpleNamespace(**facts)

    def _events(self) -> list[Event]:
        """The movements of this world: of a sole proprietor's business those on accounts in its books, or the rest."""
        found = list(events(self.case.ledger, self.person, self.year_number))
        if self.person.kind != "sole_proprietor":
            return found
        kept = [e for e in found if self.account(e.record.account).in_books is (self.owner is not None)]
        return [e._replace(key=n) for n, e in enumerate(kept)]

    def _holds(self, held: list[Holding]) -> bool:
        """Does the person own digital assets? Of a sole proprietor those outside the business: not in its books, and
        not all from mining."""
        own = [h for h in held if h.quantity > 0]
        if self.person.kind != "sole_proprietor":
            return bool(own)
        came = {e.asset for e in self.events if e.acquisition and e.kind != "mined"}
        return any(h.asset in came and not self.account(h.account).in_books for h in own)

    def _days_of_residence(self) -> list[date]:
        """The days on which residence decides something: of this year's records, and its last day."""
        days = {r.day for r in self.case.ledger.records if r.day.year == self.year_number}
        return sorted(days | {self.last_day})

    def _resident(self, day: date) -> bool:
        return self.person.resident_on(day) is not False

    def _queues(self, like: World | None) -> Queues:
        if like is not None and like.methods == self.methods:
            return like.queues
        return Queues(self.events, self.methods, self._lot_class, self.year_number)

    def with_choices(self, choices: Choices) -> World:
        """The same rows, lots leaving by other choices: sales, receipts and the year stay, what they used up is new. A
        sole proprietor's world has a business beside it, and is made anew."""
        if self.business is not None:
            return World(self.case, self.year_number, self.graph, choices, self)
        other = copy(self)
        other.choices = choices
        other.methods = other._methods()
        other._lots = {}
        other.queues = Queues(self.events, other.methods, other._lot_class, self.year_number)
        other._costs = {}
        other._native = other._pool_currencies()
        other.match_sales()
        return other

    # acquisitions -----------------------------------------------------------------------------------------------
    def acquisition(self, event: Event) -> Scope:
        """The scope of an acquisition, made once."""
        scope = self._acquisitions.get(event.key)
        if scope is None:
            row = self._acquisition_row(event)
            scope = Scope("acquisition", row, self.year, place=str(event.record.source))
            self._acquisitions[event.key] = scope
            self.event_of[id(scope)] = event
        return scope

    def _acquisition_row(self, e: Event) -> AcquisitionRow:
        r, pegs = e.record, self.person.stablecoins
        account = self.account(r.account)
        fee = money(r.fee, r.fee_asset, self.person) if e.asset == r.asset else None
        return AcquisitionRow(
            kind=e.kind,
            day=r.day,
            asset=e.asset,
            quantity=e.quantity,
            value=_worth(e),
            value_is_money=e.value is not None,
            counter_asset=e.counter_asset,
            counter_quantity=e.counter_quantity,
            peg=pegs.get(e.asset, ""),
            counter_peg=pegs.get(e.counter_asset, ""),
            documented="none" not in (r.document, r.proof),
            taxed_earlier=(r.note or "").strip().lower() == "taxed",
            registered_miner=self.person.kind != "individual" or self.person.mining_licence_on(r.day),
            from_exchange=account.exchange,
            abroad=self._abroad(r),
            resident=self._resident(r.day),
            operator=self.person.kind in ("pool", "exchange"),
            valuer_report=proof_of(r) == "valuer_report",
            low_tax_source=account.low_tax,
            solo=(r.counterparty or "").strip().lower() == "solo",
            purchase_fee=fee or (0, "KZT"),
        )

    def lot(self, asset: str, number: int) -> Scope:
        """The scope of a lot: of its acquisition, or of a moving-average pool."""
        lot = self.queues.lot(asset, number)
        if lot.key is not None:
            return self.acquisition(self.events[lot.key])
        scope = self._lots.get((asset, number))
        if scope is None:
            own, tenge = self.costs_of(asset).lot(number)
            currency = self._native[asset]
            unknown = because("missing_acquisition", place=asset)
            if currency == "KZT":
                own = None if tenge is None else tenge * (UNIT // 100)
            value = unknown if own is None else (own, currency)
            newest = self._newest(asset, number)
            row = AcquisitionRow(newest.kind, newest.record.day, asset, lot.quantity, value, True, pool=True)
            row.pool_tenge = unknown if tenge is None else tenge * (UNIT // 100)
            scope = self._lots[asset, number] = Scope("acquisition", row, self.year, place="")
        return scope

    def costs_of(self, asset: str) -> Costs:
        if asset not in self._costs:
            self._costs[asset] = Costs(self.queues.matched(asset).lots, self._lot_costs)
        return self._costs[asset]

    def _newest(self, asset: str, number: int) -> Event:
        """The acquisition that last made a pool what it is."""
        lot = self.queues.lot(asset, number)
        while lot.key is None:
            lot = self.queues.lot(asset, lot.parts[-1].lot)
        return self.events[lot.key]

    def _lot_costs(self, key: int) -> tuple[int | None, ...]:
        """(own currency in 10⁻¹⁸, tenge in tiyn) of an acquisition; None is unknown."""
        scope = self.acquisition(self.events[key])
        worth = self.evaluator.value(self.walk.cost, scope)
        mined = self.walk.mined_value if self.walk.lot_class and self._lot_class(self.events[key]) else None
        tenge = self.evaluator.value(mined or self.walk.tenge_cost, scope)
        tiyn = None if type(tenge) is Unknown else tenge
        return (None if worth is None or type(worth) is Unknown else worth[0]), tiyn

    def _pool_currencies(self) -> dict[str, str]:
        """The one currency that all purchases of an asset share; else tenge, each at the rate of its own day."""
        found: dict[str, set[str]] = defaultdict(set)
        if "average" in self.methods.values() and not self.company:
            for e in self.events:
                if e.acquisition:
                    worth = self.evaluator.value(self.walk.cost, self.acquisition(e))
                    tenge = self.evaluator.value("personal_income_tax.valued_in_tenge", self.acquisition(e))
                    if worth is not None and type(worth) is not Unknown and worth[0]:
                        found[e.asset].add("KZT" if tenge else worth[1])
        return defaultdict(lambda: "KZT", {a: c.pop() for a, c in found.items() if len(c) == 1})

    def _lot_class(self, event: Event) -> str:
        if self.walk.lot_class is None or event.kind != "mined" or "average" not in self.methods.values():
            return ""
        return str(self.evaluator.value(self.walk.lot_class, self.acquisition(event)) or "")

    # sales, matches, disposals ----------------------------------------------------------------------------------
    def _build(self) -> None:
        own = [e for e in self.events if e.record.day.year == self.year_number]
        disposals, fees = self._disposals([e for e in own if not e.acquisition])
        acquired = [e for e in own if e.acquisition]
        incomplete = incomplete_rows(self)
        rows: dict[str, Iterable[Scope]] = {
            "disposals": disposals,
            "fee_disposals": fees,
            "sales": self.sales.values(),
            "payouts": [self.acquisition(e) for e in acquired if e.kind == "mined"],
            "earnings": [self.acquisition(e) for e in acquired if e.kind == "earned"],
            "losses": self._losses(),
            "receipts": [self.acquisition(e) for e in acquired if e.kind in FREE_KINDS],
            "expenses": self._expenses(),
            "derivatives": self._derivatives(),
            "selling_fees": self._selling_fees(own) if self.company else [],
        }
        for name, found in rows.items():
            self.rows[name] = RowSet(list(found), incomplete.get(name, frozenset()))
        self.quarters = self._quarters(incomplete)

    def _disposals(self, own: list[Event]) -> tuple[list[Scope], list[Scope]]:
        fills: dict[tuple[int, str, str], list[Event]] = defaultdict(list)
        for e in own:
            fills[e.sale, e.kind, e.asset].append(e)
        for group in fills.values():
            sale = self._sale(group)
            self.sales[group[0].key] = sale
            self.fills[group[0].key] = group
            self.event_of[id(sale)] = group[0]
        self.match_sales()
        self.parts = {key: self.divided(key, self.evaluator) for key in self.sales}
        return self.of_parts(self.parts)

    def match_sales(self) -> None:
        """What each sale used up, by the queues as they are."""
        self.matches = {key: self._matches(sale, self.fills[key]) for key, sale in self.sales.items()}

    def divided(self, key: int, evaluator: Evaluator) -> list[tuple[str, Scope]]:
        """The disposals that a sale makes, each with how law treats it."""
        sale = self.sales[key]
        found: list[tuple[str, Scope]] = []
        for treatment, matches in _by_treatment(evaluator, self.walk.treatment, self.matches[key]).items():
            quantity = sum(m.given.y1 - m.given.y0 for m in matches)
            row = DisposalRow(sale.given.day, sale.given.asset, quantity)
            refs = {"sale": sale, "first": matches[0]}
            rows = {"matches": RowSet(matches)}
            found.append((treatment, Scope("disposal", row, self.year, rows=rows, refs=refs, place=sale.place)))
        return found

    def of_parts(self, parts: Mapping[int, list[tuple[str, Scope]]]) -> tuple[list[Scope], list[Scope]]:
        """(disposals that count, fees paid in assets that are no sale)."""
        taxed: list[Scope] = []
        fees: list[Scope] = []
        for key, own in parts.items():
            sale = self.sales[key].given
            for treatment, disposal in own:
                if treatment != "no_sale":
                    taxed.append(disposal)
                elif sale.kind == "fee" and sale.asset not in self.person.stablecoins:
                    fees.append(disposal)
        return taxed, fees

    def _sale(self, fills: list[Event]) -> Scope:
        first = fills[0]
        r, pegs = first.record, self.person.stablecoins
        account = self.person.accounts.get(r.account)
        values = [e.value for e in fills]
        known = [v for v in values if v is not None]
        whole = len(known) == len(values) and len({c for _, c in known}) == 1
        counters = [e.counter_quantity for e in fills if e.counter_quantity is not None]
        row = SaleRow(
            kind=first.kind,
            day=r.day,
            asset=first.asset,
            quantity=sum(e.quantity for e in fills),
            value=(sum(v[0] for v in known), known[0][1]) if whole else None,
            value_is_money=whole,
            counter_asset=first.counter_asset,
            counter_quantity=sum(counters) if counters else None,
            peg=pegs.get(first.asset, ""),
            counter_peg=pegs.get(first.counter_asset, ""),
            foreign_account=bool(account and (account.low_tax or (account.country and account.country != "KZ"))),
            account_stated=bool(account and (account.low_tax or account.country)),
            low_tax_account=bool(account and account.low_tax),
            aifc_exchange=bool(account and account.aifc_exchange),
            resident=self._resident(r.day),
            purpose=r.purpose or "",
            abroad=self._abroad(r),
        )
        places = ", ".join(dict.fromkeys(str(e.record.source) for e in fills[:5]))
        more = f" +{len(fills) - 5}" if len(fills) > 5 else ""
        return Scope("sale", row, self.year, place=places + more)

    def _matches(self, sale: Scope, fills: list[Event]) -> list[Scope]:
        """The pieces of a sale; what its fills took of one lot in a row is one match."""
        pieces: list[tuple[Event, Piece]] = []
        for e in fills:
            for piece in self.queues.pieces(e.asset, e.key):
                last = pieces[-1][1] if pieces else None
                if last is not None and last.lot == piece.lot and last.x1 == piece.x0:
                    pieces[-1] = (e, last._replace(x1=piece.x1))
                else:
                    pieces.append((e, piece))
        found: list[Scope] = []
        y = 0
        for e, piece in pieces:
            width = piece.x1 - piece.x0
            found.append(self._match(sale, e, piece, y, y + width))
            y += width
        return found

    def _match(self, sale: Scope, e: Event, piece: Piece, y0: int, y1: int) -> Scope:
        refs = {"sale": sale}
        mined_now = False
        if piece.lot is not None:
            lot = refs["lot"] = self.lot(e.asset, piece.lot)
            mined_now = lot.given.kind == "mined" and lot.given.day.year == self.year_number
        row = MatchRow(sale.given.day, piece.x0, piece.x1, y0, y1, piece.lot is not None, mined_now)
        return Scope("match", row, self.year, refs=refs, place=refs["lot"].place if "lot" in refs else sale.place)

    # other rows -------------------------------------------------------------------------------------------------
    def _expenses(self) -> Iterable[Scope]:
        for x in self.case.ledger.expenses:
            if x.day.year == self.year_number:
                mining = x.activity == "mining" if x.activity else self.mines_on(x.day)
                worth = money(x.amount, x.currency, self.person)
                row = ExpenseRow(x.day, x.category, worth, mining, x.day >= date(x.day.year, 4, 1))
                yield Scope("expense", row, self.year, place=str(x.source))

    def mines_on(self, day: date) -> bool:
        """Does the person mine: a licence on the day, or coins from mining within its year (semantics 34)?"""
        return self.person.mining_licence_on(day) or day.year in self._mining_years

    @cached_property
    def _mining_years(self) -> frozenset[int]:
        return frozenset(r.day.year for r in self.case.ledger.records if r.kind == "mined")

    def _losses(self) -> Iterable[Scope]:
        """Losses of earlier years, each with its year; a sum stated without a year is of the year before."""
        stated = [(x.year, x.kind, x.amount) for x in self.person.losses]
        for fact, kind in SUMS.items():
            amount = getattr(self.year.given, fact)
            if amount and kind not in {k for _, k, _ in stated}:
                stated.append((self.year_number - 1, kind, amount))
        for year, kind, amount in sorted(stated):
            row = LossRow(year, kind, amount, self.year_number - year)
            yield Scope("loss", row, self.year, place=f"{self.person.file} {year}")

    def _derivatives(self) -> Iterable[Scope]:
        for r in self.case.ledger.records:
            if r.kind == "derivative_result" and r.day.year == self.year_number and self._of_this_part(r):
                worth = money(r.value, r.currency, self.person)
                asset = "" if worth else r.currency or r.asset
                settled = 0 if worth else r.value or 0
                row = DerivativeRow(r.day, worth or (0, "KZT"), bool(worth), asset, settled, self._resident(r.day))
                yield Scope("derivative", row, self.year, place=str(r.source))

    def _of_this_part(self, r: Record) -> bool:
        """Of a sole proprietor's records: those of the business here, or the others."""
        if self.person.kind != "sole_proprietor":
            return True
        return self.account(r.account).in_books is (self.owner is not None)

    def _abroad(self, r: Record) -> bool:
        """Handed over or received outside Kazakhstan: as stated, else by the country of the account (semantics 29)."""
        account = self.account(r.account)
        return account.country not in (None, "KZ") if r.abroad is None else r.abroad

    def _selling_fees(self, own: list[Event]) -> Iterable[Scope]:
        for e in own:
            r = e.record
            fee = money(r.fee, r.fee_asset, self.person)
            if fee and e.kind in ("sell", "swap_out", "spend") and e.asset == r.asset and r.kind != "buy":
                yield Scope("charge", MoneyRow(r.day, fee), self.year, place=str(r.source))

    def _quarters(self, incomplete: dict[str, frozenset[Missing]]) -> list[Scope]:
        pieces = list(reading_rows(self.meters.readings, self.person, self.year_number, self.fee_changes))
        found: list[Scope] = []
        for q in QUARTERS:
            period = f"{self.year_number}-{q}"
            first, last = period_days(period)
            scope = Scope("quarter", QuarterRow(last), self.year, group=period)
            readings = [Scope("reading", row, scope, place=place) for row, place in pieces if first <= row.day <= last]
            sales = [s for s in self.sales.values() if first <= s.given.day <= last]
            rejected = incomplete_rows(self, first, last).get("readings", frozenset())
            lacking = rejected | uncovered(self, period, bool(readings))
            scope.rows = {
                "readings": RowSet(readings, lacking, adds=True),
                "quarter_sales": RowSet(sales, incomplete.get("disposals", frozenset())),
                "quarter_earnings": RowSet(
                    [s for s in self.rows["earnings"].rows if first <= s.given.day <= last],
                    incomplete.get("earnings", frozenset()),
                ),
            }
            found.append(scope)
        return found

    def account(self, name: str) -> Account:
        return self.person.accounts.get(name) or Account(name)


def _by_treatment(evaluator: Evaluator, rule: str, matches: list[Scope]) -> dict[str, list[Scope]]:
    """Matches of one sale by how law treats each: where lots differ, the disposal is divided (architecture §5.5)."""
    found: dict[str, list[Scope]] = defaultdict(list)
    for match in matches:
        found[evaluator.value(rule, match) or "no_sale"].append(match)
    return found


VALUER = ("valuer", "оценщик", "бағалаушы")


def proof_of(r: Record) -> str:
    """What kind of document proves a record: as stated; a document that calls itself a valuer's report is one."""
    if r.proof:
        return r.proof
    text = (r.document or "").casefold()
    if any(word in text for word in VALUER):
        return "valuer_report"
    return "purchase" if text and text != "none" else "none"


def _worth(e: Event) -> Any:
    """Money stated, or None; a value in an asset is no money and is found through the swap."""
    r = e.record
    if e.value is None and r.value is not None and e.asset == r.asset and not is_currency(r.currency or ""):
        return None
    return e.value


def _start(year: int) -> datetime:
    return kz_midnight(date(year, 1, 1))
