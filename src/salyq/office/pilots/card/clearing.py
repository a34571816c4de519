"""The acquirer's clearing file: what was authorised becomes a sale, tenge for the merchant, and an end of the hold.

Every row is matched, booked as forced, told as a duplicate, or rejected; never lost. A row is named by what stands in
it and by how many rows like it came before in its file, so that a file sent twice clears nothing twice. What the
ledger rejected, of a row or of a part of it, is attempted again when its file is sent again (attempts.py).

`amount`: a whole number is tiyn, as in field 4; with a decimal point it is tenge.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from salyq.civil.days import kz_day, parse_day
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Answer, Request
from salyq.office.ledger.reading import request
from salyq.office.pilots import events, quotes
from salyq.office.pilots.card import accounts, attempts, returning, spec
from salyq.office.pilots.card.accounts import SQL, Card, guarantee
from salyq.office.pilots.card.attempts import PART, REJECTED
from salyq.office.pilots.card.holding import Holding, fee_of, fold, held_of, legs, rehold, sold_for, without_hold
from salyq.office.pilots.card.host import ACCESS
from salyq.office.pilots.events import Event, New
from salyq.office.pilots.sandbox import contracts, limits
from salyq.office.store.store import Store, Transaction

COLUMNS = ("rrn", "approval", "card", "amount", "currency", "date", "merchant", "mcc", "kind")
KINDS = ("clear", "partial", "final", "refund", "chargeback", "forced")
MATCHED, FORCED, DUPLICATE, RETURNED = "matched", "forced", "duplicate", "returned"


class Row(NamedTuple):
    """A row of the file. `tiyn` whole tiyn."""

    id: str
    line: int
    rrn: str
    approval: str
    card: str
    tiyn: int
    day: date
    merchant: str
    mcc: str
    kind: str


@dataclass(slots=True)
class Cleared:
    """What became of a row: `sold` units of the holder's coins, `fee` and `settled` in tiyn."""

    id: str
    line: int
    rrn: str
    kind: str
    result: str
    tiyn: int = 0
    units: int = 0
    asset: str = ""
    fee: int = 0
    settled: int = 0
    covered: int = 0  # of it, what the issuer paid itself
    repaid: int = 0  # of what was given back, the issuer's
    why: str = ""


@dataclass(slots=True)
class Day:
    """A file cleared; `acquirers` is what each of them gets, by their accounts."""

    rows: list[Cleared] = field(default_factory=list)
    acquirers: Counter[str] = field(default_factory=Counter)

    def counts(self) -> Counter[str]:
        return Counter(row.result for row in self.rows)


def read_file(path: Path) -> list[Row | InputError]:
    """The rows, each with its id or with what is wrong with it. InputError where the file is no clearing file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Message("import_not_utf8"), file=str(path)) from None
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        raise InputError(Message("import_not_a_table"), file=str(path), line=reader.line_num) from None
    head = lines[0][1] if lines else []
    if sorted(head) != sorted(COLUMNS):
        raise InputError(Message("card_clearing_header", {"columns": ",".join(COLUMNS)}), file=str(path), line=1)
    seen: Counter[tuple[str, ...]] = Counter()
    rows: list[Row | InputError] = []
    for line, cells in lines[1:]:
        if not any(cells):
            continue
        if len(cells) != len(head):
            rows.append(InputError(Message("card_clearing_cells", {"count": len(head)}), file=str(path), line=line))
            continue
        named = {k: v.strip() for k, v in zip(head, cells, strict=True)}
        content = tuple(named[c] for c in COLUMNS)
        seen[content] += 1
        rows.append(_row(named, line, str(path), f"{'|'.join(content)}|{seen[content]}"))
    return rows


def _row(c: dict[str, str], line: int, file: str, content: str) -> Row | InputError:
    def amiss(column: str, message: Message) -> InputError:
        return InputError(message, file=file, line=line, column=column, value=c[column])

    if broken := next((k for k in COLUMNS if "\0" in c[k]), None):
        return amiss(broken, Message("card_clearing_text"))
    try:
        tiyn = parse_scaled(c["amount"], 2 if "." in c["amount"] else 0)
    except NumberError as error:
        return amiss("amount", error.message)
    if tiyn <= 0:
        return amiss("amount", Message("card_clearing_amount"))
    if c["currency"].upper() not in ("KZT", spec.TENGE):
        return amiss("currency", Message("card_clearing_currency"))
    try:
        day = parse_day(c["date"])
    except ValueError:
        return amiss("date", Message("cli_not_a_day"))
    if c["kind"] not in KINDS:
        return amiss("kind", Message("card_clearing_kind", {"kinds": ", ".join(KINDS)}))
    name = hashlib.sha256(content.encode()).hexdigest()[:24]
    return Row(name, line, c["rrn"], c["approval"], c["card"], tiyn, day, c["merchant"], c["mcc"], c["kind"])


class Clearing:
    """Clears rows one after the other; a row that a crash cut in two is taken up again from what was meant. `acquirer`
    is whose file it is, as field 32 names him: he pays and gets what no authorisation names, and nothing of another's.
    """

    def __init__(self, store: Store, gate: Gate, acquirer: str = "") -> None:
        self.store, self.gate, self.acquirer = store, gate, acquirer

    def clear(self, rows: Sequence[Row | InputError]) -> Day:
        day = Day()
        for row in rows:
            if isinstance(row, InputError):
                day.rows.append(Cleared("", row.line or 0, "", "", REJECTED, why=row.text("en")))
                continue
            done, account = self._one(row)
            day.rows.append(done)
            if done.result not in (DUPLICATE, REJECTED):
                day.acquirers[account] += done.settled
        return day

    def _one(self, row: Row) -> tuple[Cleared, str]:
        while True:
            others: list[Event] = []
            with self.store.transaction(ACCESS) as tx:
                card = accounts.card_of(tx, row.card)
                if card is not None:
                    attempts.alone(tx, card.holder, row.rrn)
                at = attempts.last(tx, row.id)
                meant = at.meant if not at.over else None
                if meant is None and not at.left:
                    return _told(row, DUPLICATE), ""
                rest = row._replace(tiyn=row.tiyn - at.settled)
                if meant is None:
                    others = attempts.unfinished(tx, card.holder, row.rrn) if card is not None else []
                    why = "card" if card is None else ""
                    if card is not None and not others:
                        meant, why = self._plan(tx, attempts.following(at, row.id), rest, card)
                    if why:
                        return _told(row, REJECTED, why), ""
            if meant is not None:
                return self._finish(rest, meant), meant.body["acquirer"]
            for other in others:
                self._finish(_row_of(other), other)

    def _finish(self, row: Row, meant: Event) -> Cleared:
        """Carries out what was meant; again, by anybody, it comes to the same."""
        body, name, about = dict(meant.body), meant.id, {"holder": meant.holder or "", "contract": meant.contract or ""}
        done, kept = self._carry_out(row, name, body)
        with self.store.transaction(ACCESS) as tx:
            now = tx.now
            made = [
                New(f"{name}/{n}", "card", "cleared", s, now, b, request=r, **about) for n, (s, r, b) in enumerate(kept)
            ]
            made.append(New(f"{name}/done", "card", "clearing_done", meant.subject, now, _as_body(done, body), **about))
            events.add(tx, made)
        return done

    # --- what is meant ------------------------------------------------------------------------------------------

    def _named(self, tx: Transaction, row: Row, card: Card) -> tuple[list[Holding], list[Holding]]:
        """The authorisations of the card under the row's retrieval number, the first first; and those that it means."""
        about = {"rrn": row.rrn, "card": card.shown, "holder": card.holder}
        subjects = [r[0] for r in tx.values(SQL["by_rrn"], about)][::-1]
        found = [s for s in map(fold, events.of_subjects(tx, subjects).values()) if s is not None]
        return found, [s for s in found if not row.approval or s.approval == row.approval]

    def _mine(self, states: list[Holding]) -> list[Holding]:
        """Those that came through the acquirer of this file; leading zeros are no content."""
        own = self.acquirer.lstrip("0")
        return [s for s in states if not self.acquirer or str(s.body["acquirer"]).lstrip("0") == own]

    def _plan(self, tx: Transaction, name: str, row: Row, card: Card) -> tuple[Event | None, str]:
        """What is meant by a row, kept; or why it may not be cleared. Whoever is first with the same file: his plan
        stands."""
        found, right = self._named(tx, row, card)
        if right and not self._mine(right):
            return None, "other_acquirer"
        if why := returning.against(tx, row.kind, row.rrn, row.tiyn, card):
            return None, why
        events.add(tx, [self._meant(tx, name, row, card, self._mine(found), self._mine(right))])
        return events.by_id(tx, name), ""

    def _meant(
        self, tx: Transaction, name: str, row: Row, card: Card, found: list[Holding], right: list[Holding]
    ) -> New:
        states = [s for s in right if s.open(tx.now)]
        contract = contracts.contract(tx, card.contract)
        assert contract is not None
        number = next((s.body["acquirer"] for s in right or found), self.acquirer)
        base = {"row": {**row._asdict(), "day": row.day.isoformat(), "card": card.shown}, "asset": card.asset}
        base |= {"acquirer": accounts.acquirer(number), "contract": contract.id, "holder": card.holder}
        if row.kind in ("refund", "chargeback"):
            body = base | returning.meant(tx, row.rrn, row.tiyn, card)
        else:
            body = base | self._sale(tx, row, card, contract, states)
        subject = right[0].subject if right else f"clearing/{row.id}"
        return New(name, "card", "clearing", subject, tx.now, body, card.holder, card.contract)

    def _sale(
        self, tx: Transaction, row: Row, card: Card, contract: contracts.Contract, states: Sequence[Holding]
    ) -> dict[str, Any]:
        """Parts of the row that holds cover, and what is left over to be forced."""
        points, left = int(contract.terms["fee_points"]), row.tiyn
        parts: list[dict[str, Any]] = []
        for state in states:
            take = min(left, state.tiyn)
            last = row.kind != "partial"
            if take == 0 and not last:
                continue
            parts.append(self._part(tx, state, take, points, last))
            left -= take
        forced: dict[str, Any] | None = None
        if left:
            quote = quotes.latest(tx, card.asset, tx.now)
            price = quote.price if quote is not None else (states[-1].price if states else None)
            if price is not None:
                sold = sold_for(left, points, price, card.asset)
                told = {"tiyn": left, "fee": fee_of(left, points), "units": str(sold.units), "rounding": sold.rounding}
                forced = {**told, "price": str(price), "source": quote.source if quote else "held"}
                found = contracts.limits(tx, contract.id, kz_day(tx.now))
                wanted = limits.uses(contract.id, card.holder, kz_day(tx.now), found)
                self.gate.submit(limits.openings(contract.id, wanted))
                forced["uses"] = limits.steps(contract.id, [u.named for u in wanted], left, None)
            else:
                forced = {"tiyn": left, "fee": 0, "units": "0", "rounding": 0, "price": "", "source": "", "uses": None}
        return {"parts": parts, "forced": forced}

    def _part(self, tx: Transaction, state: Holding, take: int, points: int, last: bool) -> dict[str, Any]:
        """Steps that end a hold: sell for `take`, give the rest back, or hold it again."""
        asset, price = state.body["asset"], state.price
        if state.body.get("stand_in"):  # held with care; sold at the exchange's price when it speaks again
            fresh = quotes.latest(tx, asset, tx.now)
            if fresh is not None and fresh.price > price and fresh.at.isoformat() > state.body["quoted_at"]:
                price = fresh.price
        sold = sold_for(take, points, price, asset) if take else quotes.Sold(0, 0)
        units = min(sold.units, state.coins)
        steps: list[dict[str, Any]] = []
        for h in state.holds:
            amount = units if h.what == "coins" else take
            end = (
                {"post": state.request, "n": h.n, "amount": str(amount)} if take else {"void": state.request, "n": h.n}
            )
            steps.append(end)
        fee = fee_of(take, points)
        steps += legs(state.body, take, fee, sold.rounding if take else 0, accounts.exchange("KZT"))
        rest = state.tiyn - take
        holds: list[list[object]] = []
        if rest and not last:
            kept = rehold(
                state, rest, min(sold_for(rest, points, state.price, asset).units, state.coins - units), tx.now
            )
            holds = held_of(kept, len(steps))
            steps += kept
        told = {"subject": state.subject, "tiyn": take, "fee": fee, "units": str(units), "rounding": sold.rounding}
        told |= {"price": str(price), "source": state.body["source"], "steps": steps, "holds": holds}
        if take:
            told["late"] = without_hold(state.body, take, units, fee, sold.rounding)
        expires = state.expires.isoformat() if state.expires else ""
        return {**told, "held_tiyn": str(rest if holds else 0), "expires": expires}

    # --- the ledger -------------------------------------------------------------------------------------------------

    def _carry_out(
        self, row: Row, name: str, body: dict[str, Any]
    ) -> tuple[Cleared, list[tuple[str, str, dict[str, Any]]]]:
        self.gate.submit([_opened(body["acquirer"], "acquirer"), _opened(guarantee(body["contract"]), "guarantee")])
        if body.get("returned"):
            answer = self.gate.ask(request(name, transfers=returning.moves(body, row.kind, row.tiyn)))
            done = _told(row, RETURNED if answer.accepted else REJECTED, "" if answer.accepted else answer.result.value)
            if answer.accepted:
                done.settled, done.repaid = -row.tiyn, int(body.get("repaid", "0"))
            return done, []
        done = _told(row, MATCHED if body["parts"] and not body["forced"] else FORCED)
        done.asset = body["asset"]
        kept: list[tuple[str, str, dict[str, Any]]] = []
        for n, part in enumerate(body["parts"]):
            asked = f"{name}/{n}"
            answer = self.gate.ask(request(asked, linked=part["steps"]))
            if not answer.accepted and part["tiyn"]:  # its time was up between plan and ledger: sold without a hold
                done.result, asked = FORCED, f"{name}/{n}/late"
                answer = self.gate.ask(request(asked, linked=part["late"])) if "late" in part else answer
                part = {**part, "holds": [], "held_tiyn": "0"}
            if answer.accepted:
                kept.append((part["subject"], asked, {k: v for k, v in part.items() if k not in ("steps", "late")}))
                _add(done, part)
            elif part["tiyn"]:
                self._cover(f"{asked}/guarantee", body, part["tiyn"], done)
        if body["forced"]:
            self._force(name, body, done)
        if done.why:
            done.result = PART if done.settled else REJECTED
        return done, kept

    def _force(self, name: str, body: dict[str, Any], done: Cleared) -> None:
        """Sold without a hold if coins and limits allow; else the issuer pays and the holder owes it."""
        forced = body["forced"]
        answer: Answer | None = None
        if forced["uses"] is not None and int(forced["units"]):
            coins = {
                "debit": accounts.wallet(body["holder"], body["asset"]),
                "credit": accounts.exchange(body["asset"]),
            }
            steps = [*forced["uses"], {**coins, "amount": forced["units"], "code": "card"}]
            steps += legs(body, forced["tiyn"], forced["fee"], forced["rounding"], accounts.exchange("KZT"))
            answer = self.gate.ask(request(f"{name}/forced", linked=steps))
        if answer is not None and answer.accepted:
            _add(done, forced)
            return
        self._cover(f"{name}/guarantee", body, forced["tiyn"], done)

    def _cover(self, name: str, body: dict[str, Any], tiyn: int, done: Cleared) -> None:
        """The issuer pays. What the ledger refuses nobody paid, and the row says why."""
        sides = {"debit": guarantee(body["contract"]), "credit": body["acquirer"]}
        answer = self.gate.ask(request(name, transfers=[{**sides, "amount": str(tiyn), "code": "guarantee"}]))
        if answer.accepted:
            done.settled += tiyn
            done.covered += tiyn
        else:
            done.why = answer.result.value


def _add(done: Cleared, part: dict[str, Any]) -> None:
    done.units += int(part["units"])
    done.fee += int(part["fee"])
    done.settled += int(part["tiyn"])


def _opened(name: str, code: str) -> Request:
    return request(f"open/{name}", accounts=[{"id": name, "asset": "KZT", "code": code}])


def _row_of(meant: Event) -> Row:
    """The row of an intent, its card as it is shown."""
    kept = meant.body["row"]
    return Row(**{**kept, "day": date.fromisoformat(kept["day"])})


def _told(row: Row, result: str, why: str = "") -> Cleared:
    return Cleared(row.id, row.line, row.rrn, row.kind, result, row.tiyn, why=why)


def _as_body(done: Cleared, body: dict[str, Any]) -> dict[str, Any]:
    told = {"result": done.result, "kind": done.kind, "tiyn": str(done.tiyn), "units": str(done.units)}
    told |= {"asset": done.asset or body["asset"], "fee": str(done.fee), "settled": str(done.settled)}
    prices = [p["price"] for p in body.get("parts") or ()] + [(body.get("forced") or {}).get("price", "")]
    told |= {"covered": str(done.covered), "acquirer": body["acquirer"], "price": next((p for p in prices if p), "")}
    told |= {"repaid": str(done.repaid)}
    row = body["row"]
    return {
        **told,
        "merchant": row["merchant"],
        "mcc": row["mcc"],
        "day": row["day"],
        "rrn": row["rrn"],
        "card": row["card"],
    }
