"""Invoices of the city: a merchant asks for tenge, a payer pays with an asset through the licensed provider.

Two legs in one request of the ledger: coins to the exchange, tenge to the merchant. What is meant is kept before the
ledger is asked, so a crash between loses nothing: the same call goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from salyq.app.lawbook import whole
from salyq.civil.citing import cites_text
from salyq.civil.days import kz_day
from salyq.civil.errors import SalyqError
from salyq.civil.messages import Message
from salyq.office.ledger import books
from salyq.office.ledger.assets import SCALES, shown
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Result
from salyq.office.ledger.reading import request
from salyq.office.pilots import events, permission, quotes
from salyq.office.pilots.card.holding import fee_of, sold_for
from salyq.office.pilots.city import accounts
from salyq.office.pilots.city.rules import merchant, rules
from salyq.office.pilots.events import Event, New
from salyq.office.pilots.sandbox import contracts, limits
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.store.store import Access, Store, Transaction

ACCESS = Access(user="city", role="work")
LASTS = timedelta(hours=24)
MOST = 10**15  # tiyn of one invoice
OPEN, PAID, LATE = "open", "paid", "expired"


class CityRefused(SalyqError):
    """A refusal with its code, its article and what stood against it."""

    exit_code = 3

    def __init__(self, code: str, cite: str = "", **params: object) -> None:
        super().__init__(Message(f"city_why_{code}", params))
        self.reason, self.cite = code, cite

    def text(self, lang: str = "en") -> str:
        """The reason, and by which article."""
        return self._cited(super().text(lang), lang)

    def shown(self, lang: str) -> str:
        return self._cited(super().shown(lang), lang)

    def _cited(self, told: str, lang: str) -> str:
        cites = [c for c in self.cite.split("; ") if ":" in c]
        return f"{told} [{cites_text(cites, whole().acts, lang)}]" if cites else told


class Invoice(NamedTuple):
    """`tiyn` is what the merchant gets."""

    number: str
    contract: str
    merchant_id: str
    merchant: str
    tiyn: int
    what: str
    made_at: datetime
    expires: datetime
    state: str
    payment: Mapping[str, Any] | None = None

    def payload(self) -> str:
        """What the code of an invoice holds. No act was found that names a form: this is one of ours."""
        amount = shown(self.tiyn, "KZT")
        until = int(self.expires.timestamp())
        return f"salyq:city/{self.number}?to={self.merchant_id}&amount={amount}&currency=KZT&until={until}"

    def told(self) -> dict[str, Any]:
        row: dict[str, Any] = {"number": self.number, "contract": self.contract, "state": self.state, "what": self.what}
        row |= {"merchant": {"id": self.merchant_id, "name": self.merchant}, "amount_kzt": shown(self.tiyn, "KZT")}
        row |= {"made_at": self.made_at.isoformat(), "expires": self.expires.isoformat(), "payload": self.payload()}
        return {**row, "payment": None if self.payment is None else dict(self.payment)}


class Offer(NamedTuple):
    """What an invoice costs now in an asset: coins for tenge and fee, at the exchange's price."""

    asset: str
    units: int
    rounding: int
    fee: int
    price: str
    source: str
    quoted_at: str


class City:
    """Makes invoices and takes payments under one contract."""

    def __init__(self, store: Store, gate: Gate, contract: str) -> None:
        self.store, self.gate, self.contract = store, gate, contract

    # --- the merchant's side ------------------------------------------------------------------------------------

    def invoice(self, merchant_number: str, tiyn: int, what: str, key: str, lasts: timedelta = LASTS) -> Invoice:
        """A new invoice; the same merchant and key give the same one. CityRefused where law or contract say no."""
        number = hashlib.sha256(f"{self.contract}|{merchant_number}|{key}".encode()).hexdigest()[:20]
        with self.store.transaction(ACCESS) as tx:
            found = read(tx, number)
            if found is None:
                contract = self._contract(tx)
                who = merchant(tx, contract, merchant_number, kz_day(tx.now))
                if who.why:
                    self._refused(tx, who.why, who.cite, merchant_number)
                    refusal: CityRefused | None = CityRefused(who.why, who.cite, merchant=merchant_number)
                else:
                    refusal = None
                    self._write_invoice(tx, number, who.told(), tiyn, what[:140], lasts)
                found = read(tx, number)
        if found is None:
            assert refusal is not None
            raise refusal
        if (found.tiyn, found.what) != (tiyn, what[:140]):
            raise CityRefused("different_content", number=number)
        self.gate.submit(accounts.made(found.number, found.merchant_id, found.tiyn))
        return found

    def _write_invoice(
        self, tx: Transaction, number: str, who: Mapping[str, Any], tiyn: int, what: str, lasts: timedelta
    ) -> None:
        if not 0 < tiyn <= MOST:
            raise CityRefused("bad_amount", amount=tiyn)
        law = rules(kz_day(tx.now))
        body = {"number": number, "contract": self.contract, "merchant_id": who["id"], "merchant": who["name"]}
        body |= {"tiyn": str(tiyn), "what": what, "expires": (tx.now + lasts).isoformat(), "city": law.told()}
        body |= {"said": who["said"], "allowed_by": self._allowed(tx)}
        name = f"city/{number}"
        events.add(tx, [New(name, "city", "invoice", name, tx.now, body, who["id"], self.contract, f"{name}/asked")])

    # --- the payer's side ---------------------------------------------------------------------------------------

    def offer(self, number: str, asset: str) -> Offer:
        """What it costs now. CityRefused where the exchange is silent or the asset is not the contract's."""
        with self.store.transaction(ACCESS) as tx:
            found = self._open(tx, number)
            return self._offer(tx, self._contract(tx), found, asset)

    def _offer(self, tx: Transaction, contract: Contract, invoice: Invoice, asset: str) -> Offer:
        if asset not in contract.terms["assets"] or asset not in SCALES:
            raise CityRefused("asset", contracts.ARTICLE, asset=asset)
        quote = quotes.latest(tx, asset, tx.now)
        if quote is None or not quote.fresh(tx.now, timedelta(seconds=int(contract.terms["quote_seconds"]))):
            raise CityRefused("quote_stale", asset=asset)
        points = int(contract.terms["fee_points"])
        sold = sold_for(invoice.tiyn, points, quote.price, asset)
        fee = fee_of(invoice.tiyn, points)
        return Offer(asset, sold.units, sold.rounding, fee, str(quote.price), quote.source, quote.at.isoformat())

    def pay(self, number: str, payer: str, asset: str, key: str, most: int | None = None) -> Invoice:
        """Pays from the payer's coins; asked again with the same key, the same answer. `most` units at most."""
        attempt = hashlib.sha256(f"{payer}|{key}".encode()).hexdigest()[:20]
        name = f"city/{number}/pay/{attempt}"
        with self.store.transaction(ACCESS) as tx:
            meant = events.by_id(tx, name)
            if meant is None:
                refused = self._mean(tx, number, payer, asset, name, most)
                meant = events.by_id(tx, name)
            else:
                refused = None
                if (meant.body["payer"], meant.body["asset"]) != (payer, asset):
                    raise CityRefused("different_content", number=number)
        if meant is None:
            assert refused is not None
            raise refused
        self._carry_out(number, meant)
        with self.store.transaction(ACCESS) as tx:
            done = events.by_id(tx, f"{name}/done")
            found = read(tx, number)
        assert done is not None
        assert found is not None
        if done.body["result"] != "ok":
            raise CityRefused(str(done.body["reason"]), str(done.body["cite"]), number=number)
        return found

    def _mean(
        self, tx: Transaction, number: str, payer: str, asset: str, name: str, most: int | None
    ) -> CityRefused | None:
        """Writes what is meant, or the refusal that stands against it."""
        try:
            found = self._open(tx, number)
            contract = self._contract(tx)
            who = merchant(tx, contract, found.merchant_id, kz_day(tx.now))
            if who.why:
                raise CityRefused(who.why, who.cite, merchant=found.merchant_id)
            offer = self._offer(tx, contract, found, asset)
            if most is not None and offer.units > most:
                raise CityRefused("price_moved", number=number)
            bounds = contracts.limits(tx, contract.id, kz_day(tx.now))
            if "payment" in bounds and found.tiyn > bounds["payment"].amount:
                raise CityRefused("over_limit", bounds["payment"].cite, limit="payment")
            wallet = accounts.wallet(payer, asset)  # nobody becomes a client by asking for what he cannot pay
            if books.account(tx, wallet) is None or books.balance(tx, wallet).available < offer.units:
                raise CityRefused("not_enough", number=number)
            if not limits.admit(self.gate, contract.id, payer, bounds.get("clients")):
                raise CityRefused("over_limit", bounds["clients"].cite, limit="clients")
        except CityRefused as refused:
            self._refused(tx, refused.reason, refused.cite, number)
            return refused
        uses = limits.uses(contract.id, payer, kz_day(tx.now), bounds)
        legs = accounts.steps(_body(found), payer, asset, offer.units, offer.fee, offer.rounding)
        body = {**offer._asdict(), "units": str(offer.units), "fee": str(offer.fee), "payer": payer, "number": number}
        used = limits.steps(contract.id, [u.named for u in uses], found.tiyn, None)
        body |= {"steps": [*used, *legs], "merchant_id": found.merchant_id}
        body |= {"uses": [[u.limit.name, u.limit.cite] for u in uses], "allowed_by": self._allowed(tx)}
        body |= {"day": kz_day(tx.now).isoformat(), "tiyn": str(found.tiyn), "merchant": found.merchant}
        events.add(tx, [New(name, "city", "paying", f"city/{number}", tx.now, body, payer, contract.id, name)])
        return None

    def _carry_out(self, number: str, meant: Event) -> None:
        b = meant.body
        with self.store.transaction(ACCESS) as tx:
            if events.by_id(tx, f"{meant.id}/done") is not None:
                return
            day = kz_day(meant.at)
            uses = limits.uses(self.contract, str(b["payer"]), day, contracts.limits(tx, self.contract, day))
        slip = accounts.made(number, str(b["merchant_id"]), int(b["tiyn"]))  # there, but for a crash
        payer = accounts.holder(str(b["payer"]), str(b["asset"]))
        self.gate.submit([*limits.openings(self.contract, uses), payer, *slip])
        answer = self.gate.ask(request(meant.id, linked=list(b["steps"])))
        body: dict[str, Any] = {"result": "ok" if answer.accepted else "refused", "reason": "", "cite": ""}
        if not answer.accepted:
            body |= self._why(b, answer.step or 0, answer.result)
        with self.store.transaction(ACCESS) as tx:
            about = {"holder": meant.holder, "contract": self.contract}
            made = [New(f"{meant.id}/done", "city", "payment_done", meant.subject, tx.now, body, **about)]
            if answer.accepted:
                kept = {
                    k: b[k] for k in ("asset", "units", "fee", "price", "source", "merchant", "merchant_id", "payer")
                }
                kept |= {
                    "settled": b["tiyn"],
                    "covered": "0",
                    "mcc": "",
                    "result": "ok",
                    "rrn": number,
                    "day": b["day"],
                }
                kept["allowed_by"] = b["allowed_by"]
                made.append(New(f"city/{number}/paid", "city", "paid", meant.subject, tx.now, kept, **about))
            events.add(tx, made)

    def _why(self, b: Mapping[str, Any], step: int, result: Result) -> dict[str, str]:
        """Which step stood against it: a limit, the invoice, the coins."""
        if result is Result.EXCEEDS_CREDITS and step < len(b["uses"]):
            return {"reason": "over_limit", "cite": str(b["uses"][step][1]), "limit": str(b["uses"][step][0])}
        if result is Result.EXCEEDS_CREDITS and step == len(b["uses"]):
            return {"reason": "already_paid", "cite": ""}
        return {"reason": "not_enough" if result is Result.EXCEEDS_CREDITS else str(result.value), "cite": ""}

    # --- what both need -----------------------------------------------------------------------------------------

    def _contract(self, tx: Transaction) -> Contract:
        """The contract in force, its participant active in the register, its exchange licensed; else a refusal."""
        found = contracts.contract(tx, self.contract)
        if found is None or found.pilot != "city":
            raise CityRefused("no_contract", contracts.ARTICLE, contract=self.contract)
        state = contracts.state(tx, found, tx.now)
        if state.name != "active":
            raise CityRefused("contract_not_active", contracts.ENDS, state=Message(f"pilot_state_{state.name}"))
        seller = found.terms.get("exchange")
        if seller:
            said = permission.asked(tx, str(seller["register"]), str(seller["number"]), kz_day(tx.now))
            if said.status != permission.ACTIVE:
                raise CityRefused("provider_not_licensed", said.cites[0] if said.cites else "", number=said.number)
        return found

    def _allowed(self, tx: Transaction) -> dict[str, Any]:
        return permission.asked(tx, permission.SANDBOX, self.contract, kz_day(tx.now)).told()

    def _open(self, tx: Transaction, number: str) -> Invoice:
        found = read(tx, number)
        if found is None or found.contract != self.contract:
            raise CityRefused("no_invoice", number=number)
        if found.state != OPEN:
            raise CityRefused("already_paid" if found.state == PAID else "invoice_late", number=number)
        return found

    def _refused(self, tx: Transaction, why: str, cite: str, about: str) -> None:
        """A refusal is kept: the month's figures count it."""
        name = f"city/refused/{self.store.ids.uuid(tx.now)}"
        body = {"state": "rejected", "reason": why, "cite": cite, "about": about}
        events.add(tx, [New(name, "city", "decision", name, tx.now, body, None, self.contract)])


def _body(found: Invoice) -> dict[str, Any]:
    return {"number": found.number, "tiyn": found.tiyn, "contract": found.contract, "merchant_id": found.merchant_id}


def read(tx: Transaction, number: str) -> Invoice | None:
    """An invoice as it stands."""
    asked = events.by_id(tx, f"city/{number}")
    if asked is None or asked.kind != "invoice":
        return None
    paid = events.by_id(tx, f"city/{number}/paid")
    b = asked.body
    expires = datetime.fromisoformat(b["expires"])
    state = PAID if paid is not None else LATE if tx.now > expires else OPEN
    payment = None
    if paid is not None:
        p = paid.body
        payment = {"event": paid.id, "at": paid.at.isoformat(), "asset": p["asset"], "price": p["price"]}
        payment |= {"coins": shown(int(p["units"]), p["asset"]), "fee_kzt": shown(int(p["fee"]), "KZT")}
    return Invoice(
        str(b["number"]),
        str(b["contract"]),
        str(b["merchant_id"]),
        str(b["merchant"]),
        int(b["tiyn"]),
        str(b["what"]),
        asked.at,
        expires,
        state,
        payment,
    )


def place_of(tx: Transaction, shops: Sequence[str]) -> tuple[str, str] | None:
    """Which of somebody's organisations sells, and under which contract: the one that sold last, else one that law and
    a contract of the city let be paid today."""
    before = [e for shop in shops for e in events.of_holder_kind(tx, shop, ["invoice"], 1)]
    if before:
        latest = max(before, key=lambda e: e.n)
        return str(latest.holder), str(latest.contract)
    on = kz_day(tx.now)
    running = [c for c in contracts.contracts(tx, "city") if contracts.state(tx, c, tx.now).name == "active"]
    return next(((s, c.id) for c in running for s in shops if not merchant(tx, c, s, on).why), None)
