"""The sender's side, in Kazakhstan: tenge, the contract's limits and the asset leg are held; it asks until it knows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from salyq.civil.days import kz_day
from salyq.civil.messages import Message
from salyq.office.ledger import books
from salyq.office.ledger.assets import SCALES
from salyq.office.ledger.gate import Gate
from salyq.office.pilots import asks, events, permission, quotes
from salyq.office.pilots.corridor import accounts, believed, clients, ivms, windows
from salyq.office.pilots.corridor.banks import Bank
from salyq.office.pilots.corridor.node import (
    ACCESS,
    DECIDES_WITHIN,
    HOLD,
    QUOTE_LASTS,
    LostError,
    Node,
    Payment,
    Peer,
    Reply,
    amount,
    condition,
    currency,
    digest,
    fee_of,
    fields_right,
    fulfils,
    needs,
)
from salyq.office.pilots.corridor.problems import ProblemError
from salyq.office.pilots.events import New
from salyq.office.pilots.sandbox import contracts, limits
from salyq.office.pilots.sandbox.limits import Use
from salyq.office.store.store import Store, Transaction


class Origin(Node):
    """Sells the sender's tenge for the leg at the licensed exchange's price; the fee stays in tenge."""

    side, customer = "kz", "sender"

    def __init__(self, store: Store, gate: Gate, peer: Peer, contract: str) -> None:
        super().__init__(store, gate, peer)
        self.contract: str = contract

    def _route(self, method: str, parts: list[str], body: Mapping[str, Any], peer: bool, bank: Bank | None) -> Reply:
        if method == "GET" and parts[0] == "payments" and len(parts) == 2:
            return self.show(parts[1])
        if peer and parts[2:] != ["fulfil"]:  # the destination tells its decision; it spends nobody's money here
            raise ProblemError(403, "bank_only")
        if method == "POST" and parts == ["quotes"]:
            return self._quote(body, bank)
        if method == "POST" and parts == ["payments"]:
            return self._pay(body, bank)
        if method == "POST" and len(parts) == 3 and parts[0] == "payments":
            if parts[2] == "fulfil":
                return self._fulfil(parts[1], body, peer)
            if parts[2] == "reject":
                return self._reject(parts[1], str(body.get("reason", "asked"))[:64])
            if parts[2] == "data":
                return self._data(parts[1], body)
        raise ProblemError(404, "no_such_call")

    # --- quote ------------------------------------------------------------------------------------------------------

    def _quote(self, body: Mapping[str, Any], bank: Bank | None) -> Reply:
        if currency(body, "send_asset") != "KZT":
            raise ProblemError(422, "asset_unknown", "send_asset")
        wanted = currency(body, "receive_asset")
        with self.store.transaction(ACCESS) as tx:
            terms = self._terms(tx)
            quote = quotes.latest(tx, accounts.LEG, tx.now)
            if quote is None or not quote.fresh(tx.now, timedelta(seconds=int(terms["quote_seconds"]))):
                raise ProblemError(503, "quote_stale", "send_asset")
        points = int(terms["fee_points"])
        key = str(body.get("key", ""))[:64] or secrets.token_hex(16)  # nobody else's quote is taken for this one
        if ("send_amount" in body) == ("receive_amount" in body):
            raise ProblemError(422, "one_amount", "send_amount")
        if "send_amount" in body:
            send = amount(body, "send_amount")
            fee = fee_of(send, points)
            exact = Fraction(send - fee, 100) / Fraction(quote.price) * 10 ** SCALES[accounts.LEG]
            leg = exact.numerator // exact.denominator
            if not leg:
                raise ProblemError(422, "amount_small", "send_amount")
            far = self._far({"receive_asset": wanted, "leg_amount": str(leg), "key": key})
        else:
            far = self._far(
                {"receive_asset": wanted, "receive_amount": str(amount(body, "receive_amount")), "key": key}
            )
            exact = Fraction(int(far["leg_amount"]), 10 ** SCALES[accounts.LEG]) * Fraction(quote.price) * 100
            net = -(-exact.numerator // exact.denominator)
            fee = fee_of(net, points)
            send = net + fee
        told = {"send_asset": "KZT", "send_amount": str(send), "fee": str(fee), "leg_amount": far["leg_amount"]}
        told |= {"receive_asset": wanted, "receive_amount": far["receive_amount"], "peer_quote": far["quote"]}
        told |= {"price": str(quote.price), "source": quote.source, "peer_rate": far["rate"]}
        ends = min(datetime.fromisoformat(str(far["expires"])), self.now() + QUOTE_LASTS)
        name = hashlib.sha256(f"{sorted(told.items())}{key}{ends.isoformat()}".encode()).hexdigest()[:32]
        rate = str(Fraction(int(far["receive_amount"]), send))
        told |= {"quote": name, "expires": ends.isoformat(), "rate": rate}
        kept = told | ({"bank": bank.name} if bank else {})
        with self.store.transaction(ACCESS) as tx:
            events.add(tx, [New(f"corridor/quote/{name}", "corridor", "quote", f"quote/{name}", tx.now, kept)])
        return 200, told | self.notice()

    def _far(self, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            status, far = self.peer.call("POST", "/quotes", body)
        except LostError:
            raise ProblemError(503, "peer_silent") from None
        if status != 200:
            wrong = status if 400 <= status < 600 else 502
            raise ProblemError(wrong, str(far.get("code", "peer_refused"))[:64], str(far.get("field", ""))[:64])
        if not believed.is_quote(far, body):
            raise ProblemError(502, "peer_quote_wrong")
        return far

    def _terms(self, tx: Transaction) -> Mapping[str, Any]:
        found = contracts.contract(tx, self.contract)
        if found is None:
            raise ProblemError(403, "contract_not_found")
        state = contracts.state(tx, found, tx.now)
        if state.name != "active":
            raise ProblemError(403, f"contract_{state.name}", "", contracts.ENDS)
        return found.terms

    # --- payment ----------------------------------------------------------------------------------------------------

    def _pay(self, body: Mapping[str, Any], bank: Bank | None) -> Reply:
        quote_name = needs(body, "quote")
        pid = f"p{quote_name}"
        if bank is not None:
            with self.store.transaction(ACCESS) as tx:
                believed.may_send(bank, body, events.by_id(tx, f"corridor/quote/{quote_name}"))
        with self.lock(pid):
            p = self.payment(pid)
            if p is None:
                p = self._begin(pid, quote_name, body)
            elif (p.body["condition"], p.body["asked"]) != (body.get("condition"), _asked(body)):
                raise ProblemError(409, "different_content", "quote")
            return 200, self.told(self._go_on(p))

    def _begin(self, pid: str, quote_name: str, body: Mapping[str, Any]) -> Payment:
        with self.store.transaction(ACCESS) as tx:
            terms = self._terms(tx)
            said = permission.asked(tx, permission.SANDBOX, self.contract, kz_day(tx.now)).told()
            quote = events.by_id(tx, f"corridor/quote/{quote_name}")
        if quote is None:
            raise ProblemError(404, "quote_not_found", "quote")
        if self.now() > datetime.fromisoformat(str(quote.body["expires"])):
            raise ProblemError(410, "quote_expired", "quote")
        sender, receiver = body.get("sender"), body.get("receiver")
        if not isinstance(sender, Mapping) or not ivms.account_of(sender):
            raise ProblemError(422, "field_wrong", "sender.accountNumber")
        fields_right(sender, receiver, kz_day(self.now()))
        kept = {k: quote.body[k] for k in quote.body if k != "quote"}
        kept |= {"condition": condition(body), "sender": dict(sender), "quote": quote_name, "asked": _asked(body)}
        kept |= {
            "receiver": dict(receiver) if isinstance(receiver, Mapping) else {},
            "origin": str(quote.body.get("bank", self.side)),
        }
        kept["allowed_by"] = said
        self.write(pid, "payment", kept)
        lacking = ivms.missing(kept["sender"], kept["receiver"])
        if lacking:
            asked = asks.data_hold(terms, int(kept["send_amount"]), self.now())  # law says until when
            told = {"missing": lacking, "until": asked.due, "cites": list(asked.cites), "unknown": list(asked.missing)}
            self.write(pid, "held_for_data", told)
            if not asked.due:  # law names no time to wait until: nothing waits without an end
                return self.decide(pid, "rejected", "data")
        p = self.payment(pid)
        assert p is not None
        return p

    def _go_on(self, p: Payment) -> Payment:
        """Holds here, then prepares there; from wherever a crash or a silence left it."""
        if p.ended or p.state == "held_for_data":
            return self._carry_out(p)
        if not p.held:
            p = self._hold(p)
        if p.state == "quoted" and p.held and not p.ended:
            p = self._prepare(p)
        return p

    def _hold(self, p: Payment) -> Payment:
        account = accounts.sender(ivms.account_of(p.body["sender"]))
        with self.store.transaction(ACCESS) as tx:
            day = kz_day(tx.now)
            found = contracts.limits(tx, self.contract, day)
        send = int(p.body["send_amount"])
        if "payment" in found and send > found["payment"].amount:
            return self.decide(p.id, "rejected", "limit:payment", cite=found["payment"].cite)
        if not self._pays(p, account, send):  # nobody becomes a client by asking for what he has not
            return self.decide(p.id, "rejected", "funds")
        with self.store.transaction(ACCESS) as tx:
            client = clients.client(tx, self.contract, p.body["sender"])
        if client is None:
            return self.decide(p.id, "rejected", "client")
        if not limits.admit(self.gate, self.contract, client, found.get("clients")):
            return self.decide(p.id, "rejected", "limit:clients", cite=found["clients"].cite)
        uses = limits.uses(self.contract, client, day, found)
        self.gate.submit([*accounts.openings(["KZT"]), *limits.openings(self.contract, uses)])
        steps = list(limits.steps(self.contract, [u.named for u in uses], send, HOLD))
        steps.append(_step(account, accounts.provider("KZT"), send))
        steps.append(_step(accounts.provider(accounts.LEG), accounts.transit(), p.body["leg_amount"]))
        answer = self.ledger(f"corridor/{p.id}/hold", linked=steps)
        if not answer.accepted:
            return self._refused(p, uses, answer.step or 0)
        self.write(p.id, "held", {"steps": len(steps)})
        found_again = self.payment(p.id)
        assert found_again is not None
        return found_again

    def _pays(self, p: Payment, account: str, tiyn: int) -> bool:
        """Whether the sender has the money, or it is held already."""
        with self.store.transaction(ACCESS) as tx:
            there = books.account(tx, account) is not None
            return there and (books.balance(tx, account).available >= tiyn or self.steps_held(p.id) > 0)

    def _refused(self, p: Payment, uses: list[Use], step: int) -> Payment:
        """Nothing was sent yet, so this side may refuse by itself."""
        if step < len(uses):
            limit = uses[step].limit
            return self.decide(p.id, "rejected", f"limit:{limit.name}", cite=limit.cite)
        return self.decide(p.id, "rejected", "funds" if step == len(uses) else "liquidity")

    def _prepare(self, p: Payment) -> Payment:
        asked = {k: p.body[k] for k in ("condition", "sender", "receiver", "send_asset", "send_amount", "origin")}
        asked |= {"payment": p.id, "quote": p.body["peer_quote"]}
        self.probe("before sending")
        try:
            status, far = self.peer.call("POST", "/payments", asked)
        except LostError:
            return p  # it will be asked again
        return self._hear(p, status, far)

    def _hear(self, p: Payment, status: int, far: Mapping[str, Any]) -> Payment:
        """What the destination says of a payment. Only its decision ends it here; what it says of another payment,
        or of other amounts than were agreed, is no word on this one."""
        state = str(far.get("state", ""))
        if state and far.get("payment") != p.id:
            return p
        if status == 200 and state == "prepared" and believed.differs(p, far):
            return self._give_up(p, "amounts_differ")
        if status == 200 and state == "prepared":
            self.write(p.id, "prepared", {})
        elif state in ("rejected", "expired"):
            self.decide(p.id, state, str(far.get("reason", "")))
        elif state in ("fulfilled", "settled") and fulfils(p.body["condition"], str(far.get("fulfilment", ""))):
            self.decide(p.id, "fulfilled", fulfilment=str(far["fulfilment"]))
        elif status in (404, 409, 422) and not state:
            return self._give_up(p, str(far.get("code", "peer_refused")))
        found = self.payment(p.id)
        assert found is not None
        return self._carry_out(found)

    def _give_up(self, p: Payment, reason: str) -> Payment:
        """Asks the destination to refuse; what it then says stands."""
        try:
            status, far = self.peer.call("POST", f"/payments/{p.id}/reject", {"reason": reason})
        except LostError:
            return p
        if status == 200 and far.get("state") in ("rejected", "expired", "fulfilled", "settled"):
            return self._hear(p, 200, far)
        return p

    def _fulfil(self, pid: str, body: Mapping[str, Any], peer: bool) -> Reply:
        """From the destination: its decision. From anybody else: carried to the destination, which decides."""
        fulfilment = str(body.get("fulfilment", ""))
        with self.lock(pid):
            p = self.payment(pid)
            if p is None:
                raise ProblemError(404, "payment_not_found")
            if not fulfils(p.body["condition"], fulfilment):
                raise ProblemError(422, "fulfilment_wrong", "fulfilment")
            if p.ended:
                p = self._carry_out(p)
                return (200 if p.state in ("fulfilled", "settled") else 409), self.told(p)
            if not p.held:
                raise ProblemError(409, "not_prepared")
            if peer:
                p = self._carry_out(self.decide(pid, "fulfilled", fulfilment=fulfilment))
                return (200 if p.state in ("fulfilled", "settled") else 409), self.told(p)
        try:
            status, far = self.peer.call("POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
        except LostError:
            raise ProblemError(503, "peer_silent") from None
        with self.lock(pid):
            p = self.payment(pid)
            assert p is not None
            if not p.ended:
                p = self._hear(p, status, far)
            return (200 if p.state in ("fulfilled", "settled") else 409), self.told(p)

    def _reject(self, pid: str, reason: str) -> Reply:
        with self.lock(pid):
            p = self.payment(pid)
            if p is None:
                raise ProblemError(404, "payment_not_found")
            if p.state == "held_for_data":
                p = self.decide(pid, "rejected", reason)
            if not p.ended:
                p = self._give_up(p, reason)
            return 200, self.told(self._carry_out(p))

    def _data(self, pid: str, body: Mapping[str, Any]) -> Reply:
        """The missing data comes."""
        with self.lock(pid):
            p = self.payment(pid)
            if p is None:
                raise ProblemError(404, "payment_not_found")
            if p.state != "held_for_data":
                return 200, self.told(p)
            given = {k: dict(body[k]) for k in ("sender", "receiver") if isinstance(body.get(k), Mapping)}
            merged = {"sender": p.body["sender"], "receiver": p.body["receiver"], **given}
            fields_right(merged["sender"], merged["receiver"], kz_day(self.now()))
            lacking = ivms.missing(merged["sender"], merged["receiver"])
            if ivms.account_of(merged["sender"]) != ivms.account_of(p.body["sender"]):
                raise ProblemError(422, "field_wrong", "sender.accountNumber")
            if lacking:
                raise ProblemError(
                    422, "data_missing", lacking[0], why=Message("corridor_fields", {"fields": ", ".join(lacking)})
                )
            self.write(pid, "data", merged)
            p = self.payment(pid)
            assert p is not None
            return 200, self.told(self._go_on(p))

    def _carry_out(self, p: Payment) -> Payment:
        if p.done or not p.ended:
            return p
        hold = f"corridor/{p.id}/hold"
        count = self.steps_held(p.id)
        if p.state in ("fulfilled", "settled"):
            steps: list[dict[str, Any]] = [{"post": hold, "n": n} for n in range(count)]
            fee = {"debit": accounts.provider("KZT"), "credit": accounts.fees(), "amount": p.body["fee"], "code": "fee"}
            answer = self.ledger(f"corridor/{p.id}/fulfil", linked=[*steps, fee])
            assert answer.accepted, answer
        elif count:
            self.ledger(f"corridor/{p.id}/undo", linked=[{"void": hold, "n": n} for n in range(count)])
        self.write(p.id, "done", {"state": p.state})
        found = self.payment(p.id)
        assert found is not None
        return found

    # --- what comes round ---------------------------------------------------------------------------------------

    def run_due(self) -> None:
        """Asks about what is open, refuses what law holds no longer, finishes what a crash left."""
        with self.store.transaction(ACCESS) as tx:
            waiting = self.open_payments(tx)
        for pid in waiting:
            with self.lock(pid):
                p = self.payment(pid)
                if p is not None:
                    self._look(p)

    def _look(self, p: Payment) -> None:
        if p.state == "held_for_data":
            if p.until and self.now() > datetime.fromisoformat(p.until):
                self._carry_out(self.decide(p.id, "rejected", "data"))
            return
        if p.ended or not p.held:
            self._go_on(p)
            return
        begun = datetime.fromisoformat(p.times["payment"])
        try:
            status, far = self.peer.call("GET", f"/payments/{p.id}", {})
        except LostError:
            return
        if status == 404:
            late = self.now() > begun + DECIDES_WITHIN
            self._give_up(p, "time") if late else self._prepare(p)
        else:
            self._hear(p, status, far)

    def settle_window(self, moment: str) -> Reply:
        """The net of what is fulfilled and not settled."""
        return windows.propose(self, self.contract, moment)


def _asked(body: Mapping[str, Any]) -> str:
    """A digest of what the sender's bank said, so that other content under one quote is seen."""
    return digest({k: body.get(k) for k in ("sender", "receiver", "condition")})


def _step(debit: str, credit: str, units: Any) -> dict[str, Any]:
    return {"debit": debit, "credit": credit, "amount": str(units), "code": "corridor", "hold": HOLD}
