"""Cards of a contract in force, and coins that their holders buy of the licensed exchange: how a programme begins.

The number of a card is not kept, only its digest. A purchase moves tenge and coins and keeps what the year's file needs
of it (price paid, document), both or neither; the same trade again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from salyq.civil.days import kz_day
from salyq.civil.errors import UsageError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Answer, Standing, Written
from salyq.office.pilots import events
from salyq.office.pilots.card import accounts
from salyq.office.pilots.card.accounts import Card
from salyq.office.pilots.sandbox import contracts
from salyq.office.store.store import Access, Store, Transaction

ACCESS = Access(user="card", role="work")
_PAN = re.compile(r"[0-9]{13,19}")
_MONTH = re.compile(r"20([0-9]{2})-(0[1-9]|1[0-2])")


def luhn_right(pan: str) -> bool:
    """Whether the last digit of a card's number is its check digit."""
    digits = [int(c) for c in reversed(pan)]
    return sum(d if n % 2 == 0 else sum(divmod(d * 2, 10)) for n, d in enumerate(digits)) % 10 == 0


def issue(store: Store, gate: Gate, contract: str, pan: str, holder: str, name: str, asset: str, until: str) -> Card:
    """A card, its accounts opened; issued again, it stays as it is. `until` is YYYY-MM. UsageError for whatever the
    number, the holder, the contract or the month does not allow."""
    if not _PAN.fullmatch(pan) or not luhn_right(pan):
        raise UsageError(Message("card_number_wrong"), column="PAN")  # never shown
    if wrong := check_id(holder):
        raise UsageError(wrong, column="--holder", value=holder)
    month = _MONTH.fullmatch(until)
    if month is None or until < f"{kz_day(store.clock.now()):%Y-%m}":
        raise UsageError(Message("card_month_wrong"), column="--until", value=until)
    shown = f"{pan[:6]}{'*' * (len(pan) - 10)}{pan[-4:]}"
    card = Card(accounts.digest(pan), shown, holder, name, asset, contract, f"{month[1]}{month[2]}")
    with store.transaction(ACCESS) as tx:
        found = _allowed(tx, card)
        accounts.issue(tx, pan, card)
        kept = accounts.card_of(tx, pan)
    if kept != card:
        raise UsageError(Message("card_issued_otherwise"), column="PAN", value=shown)
    gate.submit(accounts.openings(contract, found.terms["assets"], [holder]))
    return card


def _allowed(tx: Transaction, card: Card) -> contracts.Contract:
    found = contracts.contract(tx, card.contract)
    if found is None or found.pilot != "card":
        known = ", ".join(c.id for c in contracts.contracts(tx, "card")) or "—"
        raise UsageError(Message("sandbox_no_contract", {"known": known}), column="CONTRACT", value=card.contract)
    state = contracts.state(tx, found, tx.now)
    if state.name != "active":
        told = Message(f"pilot_state_{state.name}")
        raise UsageError(Message("card_contract_not_active", {"state": told}), column="CONTRACT", value=card.contract)
    if card.asset not in found.terms["assets"]:
        known = ", ".join(found.terms["assets"])
        raise UsageError(Message("sandbox_assets", {"known": known}), column="--asset", value=card.asset)
    return found


def block(store: Store, pan: str, ground: str) -> Card:
    """From now on the card pays nothing, for good; what it held is cleared or given back as before, and refunds reach
    the holder. Again, it changes nothing. UsageError for a number that is no card's."""
    with store.transaction(ACCESS) as tx:
        card = accounts.card_of(tx, pan)
        if card is None:
            raise UsageError(Message("card_number_unknown"), column="PAN")
        id_ = str(tx.value(accounts.SQL["id_of"], {"digest": card.digest}))  # more people see events than digests
        name, told = f"card/{id_}", {"id": id_, "card": card.shown, "ground": ground}
        about = {"holder": card.holder, "contract": card.contract}
        events.add(tx, [events.New(f"{name}/blocked", "card", "blocked", name, tx.now, told, **about)])
    return card


def buy(store: Store, gate: Gate, holder: str, asset: str, units: int, tiyn: int, trade: str, source: str) -> Answer:
    """A holder's purchase of coins, named by the exchange's trade. UsageError where he has no card for the asset, or
    the trade was told with other amounts."""
    with store.transaction(ACCESS) as tx:
        card = next((c for c in accounts.cards(tx, holder) if c.asset == asset), None)
    if card is None:
        raise UsageError(Message("card_no_holder"), column="--holder", value=holder)
    named = f"{holder}/{trade}"
    asked = accounts.bought(holder, asset, units, tiyn, named)

    def along(answers: Sequence[Answer], books: Standing) -> Sequence[Written]:
        if not answers[0].accepted:
            return ()
        return events.along([accounts.purchase(card, units, tiyn, named, source, books.now, {"document": trade})])

    [answer] = gate.submit([asked], along)
    if not answer.accepted:
        raise UsageError(
            Message("card_trade_otherwise", {"result": answer.result.value}), column="--trade", value=trade
        )
    return answer
