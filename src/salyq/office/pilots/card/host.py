"""The issuer's host: what a message of the acquirer is answered, many at a time.

Messages are settled many at a time: what the database knows is read, the ledger is asked, and what is meant (amounts,
quote) and answered is kept in the ledger's own transaction, with what moved or not at all. One commit serves them all.
A crash before it changed nothing; after it, the same message finds its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from salyq.civil.days import kz_day, zone
from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Answer, Result, Standing, Written
from salyq.office.ledger.reading import request
from salyq.office.pilots import events, quotes
from salyq.office.pilots.card import accounts, lots, spec
from salyq.office.pilots.card.accounts import SQL, Card
from salyq.office.pilots.card.case import Case, again, parent_of, payment_of, reply_of
from salyq.office.pilots.card.holding import Holding, fee_of, fold, held_of, hold_steps, sold_for
from salyq.office.pilots.card.lots import Lot
from salyq.office.pilots.card.pricing import price_for
from salyq.office.pilots.card.reversing import reverse
from salyq.office.pilots.card.terms import Terms
from salyq.office.pilots.events import Event, New
from salyq.office.pilots.sandbox import contracts, limits
from salyq.office.pilots.sandbox.contracts import Contract, Limit
from salyq.office.store.store import Access, Store, Transaction

ACCESS = Access(user="card", role="work")
_KEPT = 100_000  # cards remembered
PARTIAL_FLAG = "61051"  # of field 48: the terminal takes a smaller amount


def stands_alone(fields: Mapping[str, str]) -> bool:
    """Whether a message hangs on no other but one of its own key: no reversal, repetition, increment or partial sum."""
    first = fields["t"] == "0100" and not fields.get("90") and PARTIAL_FLAG not in fields.get("48", "")
    return first or fields["t"] == "0800"


class Host:
    """Answers messages. `gate` is the ledger; the store's clock is the only one."""

    def __init__(self, store: Store, gate: Gate) -> None:
        self.store, self.gate = store, gate
        self._ready: set[str] = set()  # accounts of limits that are open and filled
        self._cards: dict[str, Card] = {}  # cards never change
        self._lots: dict[str, list[Lot]] = {}  # purchases by wallet; they are only ever added to
        self._terms = Terms()  # what contract, register and exchange say

    def handle(self, messages: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
        """The answers, in order, once they are kept."""
        return self.begin(messages).result()

    def begin(self, messages: Sequence[Mapping[str, str]]) -> Future[list[dict[str, str]]]:
        """As `handle`, without waiting: the next messages may be begun meanwhile where they do not hang on these."""
        cases = [Case(dict(m)) for m in messages]
        with self.store.transaction(ACCESS) as tx:
            self._prepare(tx, cases)
        return self._ask(cases)

    def _lock_lots(self, cases: Sequence[Case], taken: Callable[[str], int]) -> None:
        """Writes into each answer which purchases its hold covers: the last ones of what is sold or held."""
        ends: dict[str, int] = {}  # what is taken of a wallet after the case at hand
        for case in reversed(cases):
            if case.card is None or not (case.held or case.body.get("freed")):
                continue
            wallet = accounts.wallet(case.card.holder, case.card.asset)
            end = ends[wallet] if wallet in ends else taken(wallet)
            if not case.held:
                ends[wallet] = end if case.void else end + int(case.body["freed"])
                continue
            units = int(case.body["units"])
            first = ends[wallet] = max(end - units, 0)
            told = [x.told() for x in lots.span(self._bought(case.card, wallet, first + units), first, units)]
            case.done = [e._replace(body={**e.body, "lots": told, "lots_from": str(first)}) for e in case.done]

    def _bought(self, card: Card, wallet: str, until: int) -> list[Lot]:
        """A holder's purchases, at least so many units of them."""
        known = self._lots.get(wallet, [])
        if sum(lot.units for lot in known) < until:
            with self.store.transaction(ACCESS) as tx:
                known = self._lots[wallet] = lots.bought(tx, card.holder, card.asset)
        return known

    # --- what is meant ------------------------------------------------------------------------------------------

    def _prepare(self, tx: Transaction, cases: Sequence[Case]) -> None:
        named = {f"auth/{spec.key(c.fields)}" for c in cases if c.fields["t"] in ("0100", "0101", "0120", "0121")}
        known = events.of_subjects(tx, sorted(named))
        seen: set[str] = set()
        self._terms.begin(tx)
        for case in cases:
            kind = case.fields["t"]
            if kind in ("0100", "0101", "0120", "0121"):
                case.subject = f"auth/{spec.key(case.fields)}"
                if case.subject in seen:
                    case.reply = spec.answer(case.fields, spec.DUPLICATE)
                    continue
                seen.add(case.subject)
                self._authorisation(tx, case, known[case.subject])
            elif kind in ("0400", "0401", "0420", "0421"):
                reverse(tx, case, self._card(tx, case))
            elif kind == "0800":
                case.reply = spec.answer(case.fields, spec.APPROVED)
            else:
                case.reply = spec.answer(case.fields, spec.FORMAT)

    def _authorisation(self, tx: Transaction, case: Case, before: Sequence[Event]) -> None:
        if any(e.kind in ("answer", "reversal_first") for e in before):
            case.reply = again(case, self._card(tx, case), before)
            return
        code, reason = self._plan(tx, case)
        if code is not None:
            self._refuse(case, code, reason)

    def _card(self, tx: Transaction, case: Case) -> Card | None:
        pan = case.fields.get("2", "")
        found = self._cards.get(pan) or accounts.card_of(tx, pan)
        if found is not None:
            if len(self._cards) > _KEPT:
                self._cards.clear()
            self._cards[pan] = found
        return found

    def _plan(self, tx: Transaction, case: Case) -> tuple[str | None, str]:
        """Fills the case, or says why not: (code, reason)."""
        f, now = case.fields, tx.now
        if not f.get("4") or not f.get("11") or not f.get("7"):
            return spec.FORMAT, "field_missing"
        card = case.card = self._card(tx, case)
        if card is None:
            return spec.NO_CARD, ""
        if f.get("14", card.expires) != card.expires or f"{now.astimezone(zone()):%y%m}" > card.expires:
            return spec.EXPIRED, ""
        contract = self._terms.contract(tx, card.contract)
        barred = self._barred(tx, contract, card, f)
        if barred:
            return spec.NOT_PERMITTED, barred
        if f.get("3", "000000")[:2] == "20":  # a refund moves when it is cleared
            case.body = {**payment_of(f, card), "tiyn": f["4"], "refund": True}
            return self._settle_at_once(case, now)
        tiyn = int(f["4"])
        quote = self._terms.quote(tx, card.asset)
        priced = price_for(contract, quote, tiyn, now)
        if priced is None:
            return spec.SILENT, "quote_stale"
        return self._amounts(tx, case, contract, tiyn, priced)

    def _amounts(
        self, tx: Transaction, case: Case, contract: Contract, tiyn: int, priced: dict[str, Any]
    ) -> tuple[str | None, str]:
        f, card, day = case.fields, case.card, kz_day(tx.now)
        assert card is not None
        joins = ""
        if parent_of(f):
            parent = self._parent(tx, f, card)
            if parent is None:
                return spec.NOT_FOUND, "original"
            joins, f = parent.approval or "", {**f, "37": str(parent.body["rrn"])}
        found = self._terms.limits(tx, contract.id)
        payment = found.get("payment")
        if payment is not None and tiyn > payment.amount:
            return spec.OVER_LIMIT, payment.name
        case.uses = limits.uses(contract.id, card.holder, day, found)
        points, asked = int(contract.terms["fee_points"]), tiyn
        if PARTIAL_FLAG in f.get("48", ""):
            tiyn = min(tiyn, self._available(tx, case, points, Decimal(priced["price"])))
            if tiyn == 0:
                return spec.NOT_ENOUGH, ""
        sold = sold_for(tiyn, points, Decimal(priced["price"]), card.asset)
        if barred := self._not_admitted(tx, case, card, found.get("clients"), tiyn, sold.units):
            return barred
        case.body = {
            **payment_of(f, card),
            **priced,
            "asked": str(asked),
            "tiyn": str(tiyn),
            "fee": str(fee_of(tiyn, points)),
            "fee_points": points,
            "units": str(sold.units),
            "uses": [[u.limit.name, u.account, str(u.limit.amount), u.limit.cite] for u in case.uses],
            "parent": parent_of(f),
            "joins": joins,
            "allowed_by": self._allowed(tx, contract),
            "lasts": str(contract.terms["hold"]),
        }
        case.steps = hold_steps(case.body, tiyn, sold.units, case.body["lasts"])
        case.intent = self._event(case, "authorisation", case.subject, case.body, tx.now)
        self._ready_request(case, contract.id)
        return None, ""

    def _not_admitted(
        self, tx: Transaction, case: Case, card: Card, limit: Limit | None, tiyn: int, units: int
    ) -> tuple[str, str] | None:
        """Why the holder is none of the contract's clients and may not become one; asked until he is. Nobody becomes a
        client by asking for what limits or coins refuse him."""
        mark = f"client/{card.contract}/{card.holder}"
        if limit is None or mark in self._ready:
            return None
        self.gate.submit(limits.openings(card.contract, case.uses))
        for use in case.uses:
            if books.balance(tx, use.account).available < tiyn:
                return spec.OVER_LIMIT, use.limit.name
        if books.balance(tx, accounts.wallet(card.holder, card.asset)).available < units:
            return spec.NOT_ENOUGH, "coins"
        if not limits.admit(self.gate, card.contract, card.holder, limit):
            return spec.OVER_LIMIT, "clients"
        self._ready.add(mark)
        return None

    def _parent(self, tx: Transaction, f: Mapping[str, str], card: Card) -> Holding | None:
        """The open authorisation of this card that field 90 names, for an increment to add to."""
        of = spec.original(f)
        if of is None:
            return None
        found = tx.values(SQL["by_original"], {"acquirer": of[0], "stan": of[1], "transmitted": of[2]})
        states = map(fold, events.of_subjects(tx, [row[0] for row in found]).values())
        return next((s for s in states if s and s.open(tx.now) and s.body["card"] == card.shown), None)

    def _allowed(self, tx: Transaction, contract: Contract) -> dict[str, Any]:
        """What the register said, for the event to keep."""
        state = self._terms.state(tx, contract)
        return {} if state.register is None else state.register.told()

    def _ready_request(self, case: Case, contract: str) -> None:
        wanted = [u for u in case.uses if u.mark not in self._ready]
        if wanted:
            case.before = limits.openings(contract, wanted)
        case.request = request(case.subject, linked=case.steps)

    def _settle_at_once(self, case: Case, now: datetime) -> tuple[None, str]:
        case.intent = self._event(case, "authorisation", case.subject, case.body, now)
        case.done = [self._answer(case, spec.APPROVED, {}, now)]
        return None, ""

    def _available(self, tx: Transaction, case: Case, points: int, price: Decimal) -> int:
        """Tenge that coins and limits still allow."""
        card = case.card
        assert card is not None
        left = books.balance(tx, accounts.wallet(card.holder, card.asset)).available
        tiyn = quotes.worth(max(left, 0), price, card.asset) * 10_000 // (10_000 + points)
        while tiyn > 0 and sold_for(tiyn, points, price, card.asset).units > left:
            tiyn -= 1
        for use in case.uses:
            account = books.account(tx, use.account)
            free = use.limit.amount if account is None else books.balance(tx, use.account).available
            tiyn = min(tiyn, max(int(free), 0))
        return tiyn

    def _barred(self, tx: Transaction, contract: Contract, card: Card, f: Mapping[str, str]) -> str:
        """Why contract or law do not permit it; empty where they do."""
        if f.get("49", spec.TENGE) != spec.TENGE:
            return "currency"
        state = self._terms.state(tx, contract)
        if state.name != "active":
            return f"contract_{state.name}"
        if card.digest.hex() in self._terms.blocked(tx, contract.id):
            return "card_blocked"
        if card.asset not in contract.terms["assets"]:
            return "asset"
        return "merchant" if f.get("18", "") in contract.terms.get("merchants_barred", ()) else ""

    # --- the ledger, and the answer -----------------------------------------------------------------------------

    def _ask(self, cases: Sequence[Case]) -> Future[list[dict[str, str]]]:
        """The ledger's answers, and everything that is to be remembered, kept with them in one transaction."""
        asked = [c for c in cases if c.request is not None]

        def along(answers: Sequence[Answer], books: Standing) -> Sequence[Written]:
            given = iter(answers)
            for case in asked:
                for _ in case.before:
                    next(given)
                self._told(case, next(given), books.now)
            self._lock_lots(cases, books.taken)
            meant = [c.intent for c in cases if c.intent is not None]
            return events.along([*meant, *(e for c in cases if not c.void for e in c.done)])

        told: Future[list[dict[str, str]]] = Future()

        def kept(done: Future[list[Answer]] | None = None) -> None:
            error = None if done is None else done.exception()
            if error is not None:
                told.set_exception(error)
                return
            self._ready.update(use.mark for case in asked for use in case.uses)
            told.set_result([c.reply or spec.answer(c.fields, spec.FAULT) for c in cases])

        batch = [r for c in asked for r in (*c.before, c.request) if r is not None]
        if batch or any(c.intent or c.done for c in cases):
            self.gate.send(batch, along).add_done_callback(kept)
        else:
            kept()
        return told

    def _told(self, case: Case, answer: Answer, now: datetime) -> None:
        case.held, case.void = False, False
        if case.body.get("reversal"):
            case.void = not answer.accepted  # it was cleared or its time was up meanwhile
            case.reply = spec.answer(case.fields, spec.NOT_FOUND if case.void else spec.APPROVED)
            return
        if answer.accepted:
            part = case.body["tiyn"] != case.body["asked"]
            expires = now + _duration(case.body["lasts"])
            more = {"approval": f"{(answer.position or 0) % 1_000_000:06d}", "held_tiyn": case.body["tiyn"]}
            more |= {"holds": held_of(case.steps), "expires": expires.isoformat()}
            if case.body.get("joins"):  # an increment is one authorisation with what it adds to
                more["approval"] = case.body["joins"]
            case.held = True
            case.done = [self._answer(case, spec.PARTIAL if part else spec.APPROVED, more, now)]
            return
        step = answer.step or 0
        code, reason = spec.FAULT, answer.result.value
        if answer.result is Result.EXCEEDS_CREDITS:
            over = step < len(case.uses)
            code, reason = (spec.OVER_LIMIT, case.uses[step].limit.name) if over else (spec.NOT_ENOUGH, "coins")
        elif answer.result is Result.ACCOUNT_CLOSED:
            code, reason = spec.NOT_PERMITTED, "account_closed"
        self._refuse(case, code, reason, now)

    def _refuse(self, case: Case, code: str, reason: str, now: datetime | None = None) -> None:
        moment = now or self.store.clock.now()
        if case.card is not None and case.intent is None and not case.body:
            case.body = {**payment_of(case.fields, case.card), "tiyn": case.fields.get("4", "0")}
            case.intent = self._event(case, "authorisation", case.subject, case.body, moment)
        more = {"reason": reason, "cite": self._cite(case, reason)}
        if case.card is None:
            case.reply = spec.answer(case.fields, code)
        else:
            case.done = [self._answer(case, code, more, moment)]

    def _cite(self, case: Case, reason: str) -> str:
        named = next((u.limit.cite for u in case.uses if u.limit.name == reason), "")
        return named or (contracts.ARTICLE if reason in contracts.LIMITS or reason.startswith("contract") else "")

    def _answer(self, case: Case, code: str, more: Mapping[str, Any], now: datetime) -> New:
        body = {"code": code, **more}
        case.reply = reply_of(case.fields, body, int(case.body["tiyn"]))
        event = self._event(case, "answer", f"{case.subject}/answer", body, now)
        return event._replace(request=case.subject if more.get("holds") else None)

    def _event(self, case: Case, kind: str, name: str, body: Mapping[str, Any], now: datetime) -> New:
        card = case.card
        who = (None, None) if card is None else (card.holder, card.contract)
        return New(name, "card", kind, case.subject, now, body, *who)


@cache
def _duration(text: str) -> timedelta:
    made = request("lasts", transfers=[{"debit": "a", "credit": "b", "amount": "0", "hold": text}])
    return timedelta(seconds=getattr(made.content, "seconds", 0))
