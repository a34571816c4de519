"""The receiver's side. It holds the receiver's money, and it alone decides."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger import books
from salyq.office.ledger.assets import SCALES
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.reading import request
from salyq.office.pilots import events, quotes
from salyq.office.pilots.corridor import accounts, ivms, windows
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
    fields_right,
    fulfils,
    needs,
)
from salyq.office.pilots.corridor.problems import ProblemError
from salyq.office.pilots.events import Event, New
from salyq.office.store.store import Store

MOST_UNSETTLED = 10**12  # units of the leg: a million USDT


class Destination(Node):
    """Quotes the asset leg in the receiver's currency: `quote.price` is that currency for one whole unit of the leg.
    It pays out at most `most_unsettled` units of the leg that the origin has not settled: one that never settles, or
    settles late, costs it no more."""

    side, customer = "abroad", "receiver"

    def __init__(self, store: Store, gate: Gate, peer: Peer, most_unsettled: int = MOST_UNSETTLED) -> None:
        super().__init__(store, gate, peer)
        self._most = most_unsettled
        self._bounded = False

    def _route(
        self,
        method: str,
        parts: list[str],
        body: Mapping[str, Any],
        peer: bool,
        bank: Bank | None,  # noqa: ARG002
    ) -> Reply:
        if method == "GET" and parts[0] == "payments" and len(parts) == 2:
            return self.show(parts[1])
        if not peer and not (len(parts) == 3 and parts[2] in ("fulfil", "reject")):
            raise ProblemError(403, "peer_only")
        if method == "POST" and parts == ["quotes"]:
            return self._quote(body)
        if method == "POST" and parts == ["payments"]:
            return self._prepare(body)
        if method == "POST" and parts == ["settlements"]:
            return self._settled(windows.agree(self, body))
        if method == "POST" and len(parts) == 3 and parts[0] == "payments":
            if parts[2] == "fulfil":
                return self._fulfil(parts[1], body)
            if parts[2] == "reject":
                return self._reject(parts[1], str(body.get("reason", "asked"))[:64])
        raise ProblemError(404, "no_such_call")

    def _quote(self, body: Mapping[str, Any]) -> Reply:
        wanted = currency(body, "receive_asset")
        with self.store.transaction(ACCESS) as tx:
            quote = quotes.latest(tx, f"{accounts.LEG}/{wanted}", tx.now)
            if quote is None or tx.now - quote.at > QUOTE_LASTS:
                raise ProblemError(503, "quote_stale", "receive_asset")
            leg, receive = _legs(body, quote.price, wanted)
            if not receive:
                raise ProblemError(422, "amount_small", "receive_amount")
            content = f"{leg}/{receive}/{wanted}/{quote.n}/{body.get('key', '')}"
            name = hashlib.sha256(content.encode()).hexdigest()[:32]
            expires = (tx.now + QUOTE_LASTS).isoformat()
            told = {"quote": name, "leg_amount": str(leg), "receive_asset": wanted, "receive_amount": str(receive)}
            told |= {"rate": str(quote.price), "source": quote.source, "expires": expires}
            new = New(f"corridor/quote/{name}", "corridor", "quote", f"quote/{name}", tx.now, told)
            events.add(tx, [new])
            kept = events.by_id(tx, new.id)
            assert kept is not None
            return 200, dict(kept.body)

    def _prepare(self, body: Mapping[str, Any]) -> Reply:
        pid = needs(body, "payment")
        with self.lock(pid):
            p = self.payment(pid)
            if p is None:
                p = self._begin(pid, body)
            elif p.body.get("asked", "") not in ("", _asked(body)):
                raise ProblemError(409, "different_content", "payment")
            if not p.ended and not p.held:
                p = self._hold(p)
            return 200, self.told(p)

    def _begin(self, pid: str, body: Mapping[str, Any]) -> Payment:
        fields_right(body.get("sender"), body.get("receiver"), kz_day(self.now()))
        quote = self._taken(pid, needs(body, "quote"))
        parties = {k: body.get(k) for k in ("sender", "receiver")}
        kept: dict[str, Any] = {k: dict(v) if isinstance(v, Mapping) else {} for k, v in parties.items()}
        kept |= {"send_asset": currency(body, "send_asset"), "send_amount": str(amount(body, "send_amount"))}
        kept["origin"] = str(body.get("origin", ""))[:64]
        kept |= {k: quote.body[k] for k in ("leg_amount", "receive_asset", "receive_amount")}
        kept |= {"condition": condition(body), "quote_expires": quote.body["expires"]}
        kept["asked"] = _asked(body)
        kept["decide_by"] = (self.now() + DECIDES_WITHIN).isoformat()
        self.write(pid, "payment", kept)
        p = self.payment(pid)
        assert p is not None
        return p

    def _taken(self, pid: str, name: str) -> Event:
        """The quote, which from now on is this payment's alone."""
        with self.store.transaction(ACCESS) as tx:
            quote, used = events.by_id(tx, f"corridor/quote/{name}"), f"corridor/quote/{name}/used"
            if quote is None:
                raise ProblemError(404, "quote_not_found", "quote")
            events.add(tx, [New(used, "corridor", "quote_used", f"quote/{name}", tx.now, {"payment": pid})])
            first = events.by_id(tx, used)
        if first is None or first.body["payment"] != pid:
            raise ProblemError(409, "quote_used", "quote")
        return quote

    def _hold(self, p: Payment) -> Payment:
        if p.body.get("refused_first"):
            return self.decide(p.id, "rejected", "asked")
        if ivms.missing(p.body["sender"], p.body["receiver"]):  # the origin holds for data; here it is only refused
            return self.decide(p.id, "rejected", "data")
        if self.now() > datetime.fromisoformat(str(p.body["quote_expires"])):
            return self.decide(p.id, "rejected", "rate")
        to = accounts.receiver(ivms.account_of(p.body["receiver"]), p.body["receive_asset"])
        self.gate.submit(
            [*accounts.openings([p.body["receive_asset"]]), accounts.customer(to, p.body["receive_asset"], "receiver")]
        )
        steps = [
            _step(accounts.transit(), accounts.provider(accounts.LEG), p.body["leg_amount"]),
            _step(accounts.provider(p.body["receive_asset"]), to, p.body["receive_amount"]),
            _step(accounts.unsettled(), accounts.unsettled("used"), p.body["leg_amount"]),
        ]
        self._bound()
        answer = self.ledger(f"corridor/{p.id}/hold", linked=steps)
        if not answer.accepted:
            return self.decide(p.id, "rejected", "unsettled" if answer.step == len(steps) - 1 else "liquidity")
        self.write(p.id, "held", {"steps": len(steps)})
        self.write(p.id, "prepared", {"decide_by": p.body["decide_by"]})
        found = self.payment(p.id)
        assert found is not None
        return found

    def _bound(self) -> None:
        """Opens the bound, or moves it to what it is now: a lower one takes only what is left."""
        with self.lock("unsettled"):  # two first payments at once would grant it twice
            if not self._bounded:
                self._grant()
            self._bounded = True

    def _grant(self) -> None:
        self.gate.submit(accounts.unsettled_openings())
        with self.store.transaction(ACCESS) as tx:
            granted = books.balance(tx, accounts.unsettled("granted"))
        had = int(granted.debits) - int(granted.credits)
        sides = {"debit": accounts.unsettled("granted"), "credit": accounts.unsettled(), "code": "grant"}
        if self._most < had:
            sides |= {"debit": sides["credit"], "credit": sides["debit"], "balancing": "debit"}
        move = {**sides, "amount": str(abs(self._most - had))}
        self.gate.ask(
            request(f"grant/{accounts.unsettled()}/{had}/{self._most}/{self.now().isoformat()}", transfers=[move])
        )

    def _settled(self, reply: Reply) -> Reply:
        """What the other side settled may be paid out again; told twice, once."""
        status, told = reply
        if status == 200:
            back = {"debit": accounts.unsettled("used"), "credit": accounts.unsettled(), "code": "settle"}
            move = {**back, "amount": told["net"], "balancing": "debit"}
            self._bound()
            self.gate.ask(request(f"corridor/window/{told['window']}/released", transfers=[move]))
        return reply

    def _fulfil(self, pid: str, body: Mapping[str, Any]) -> Reply:
        fulfilment = str(body.get("fulfilment", ""))
        with self.lock(pid):
            p = self.payment(pid)
            if p is None:
                raise ProblemError(404, "payment_not_found")
            if not fulfils(str(p.body.get("condition", "")), fulfilment):
                raise ProblemError(422, "fulfilment_wrong", "fulfilment")
            if not p.ended and not p.held:
                raise ProblemError(409, "not_prepared")
            if not p.ended:
                late = self.now() > datetime.fromisoformat(p.body["decide_by"])
                state = ("expired", "time") if late else ("fulfilled", "")
                p = self.decide(pid, *state, fulfilment="" if late else fulfilment)
            p = self._carry_out(p)
            status = 200 if p.state in ("fulfilled", "settled") else 409
        self._tell(p)
        return status, self.told(p)

    def _reject(self, pid: str, reason: str) -> Reply:
        needs({"payment": pid}, "payment")
        with self.lock(pid):
            if self.payment(pid) is None:  # a refusal that came before its payment: the payment will find it
                self.write(pid, "payment", {"refused_first": True})
            p = self._carry_out(self.decide(pid, "rejected", reason))
        return 200, self.told(p)  # it says if it was fulfilled before

    def _carry_out(self, p: Payment) -> Payment:
        """What was decided, in the ledger; again, it changes nothing."""
        if p.done or not p.ended:
            return p
        hold, count = f"corridor/{p.id}/hold", self.steps_held(p.id)
        if p.state in ("fulfilled", "settled"):
            answer = self.ledger(f"corridor/{p.id}/fulfil", linked=[{"post": hold, "n": n} for n in range(count)])
            assert answer.accepted, answer
        elif count:  # held, or held when a crash came
            self.ledger(f"corridor/{p.id}/undo", linked=[{"void": hold, "n": n} for n in range(count)])
        self.write(p.id, "done", {"state": p.state})
        found = self.payment(p.id)
        assert found is not None
        return found

    def _tell(self, p: Payment) -> None:
        """The origin is told at once; if it does not hear, it will ask."""
        if p.state == "fulfilled":
            try:
                self.peer.call("POST", f"/payments/{p.id}/fulfil", {"fulfilment": p.fulfilment})
            except LostError:
                return

    def run_due(self) -> None:
        """What is late is ended; what a crash left half done is finished."""
        with self.store.transaction(ACCESS) as tx:
            waiting = self.open_payments(tx)
        for pid in waiting:
            with self.lock(pid):
                p = self.payment(pid)
                if p is None:
                    continue
                if p.body.get("refused_first"):
                    p = self.decide(pid, "rejected", "asked")
                elif not p.ended and self.now() > datetime.fromisoformat(p.body["decide_by"]):
                    p = self.decide(pid, "expired", "time")
                self._carry_out(p)


def _legs(body: Mapping[str, Any], price: Decimal, wanted: str) -> tuple[int, int]:
    """(leg, receive) in whole units, from either of them; the receiver never gets more than the leg is worth."""
    unit, minor = 10 ** SCALES[accounts.LEG], 10 ** SCALES[wanted]
    if "leg_amount" in body:
        leg = amount(body, "leg_amount")
        exact = Fraction(leg, unit) * Fraction(price) * minor
        return leg, exact.numerator // exact.denominator
    receive = amount(body, "receive_amount")
    exact = Fraction(receive, minor) / Fraction(price) * unit
    return -(-exact.numerator // exact.denominator), receive


def _asked(body: Mapping[str, Any]) -> str:
    """A digest of all that the origin said, so that other content under one name is seen."""
    said = {k: body.get(k) for k in ("quote", "condition", "sender", "receiver", "send_asset", "send_amount", "origin")}
    return digest(said)


def _step(debit: str, credit: str, units: Any) -> dict[str, str]:
    return {"debit": debit, "credit": credit, "amount": str(units), "code": "corridor", "hold": HOLD}
