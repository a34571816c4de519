"""What law asks of an acquisition: how the asset came, from where, and what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salyq.civil.currencies import is_currency
from salyq.facts.events import Event, money
from salyq.facts.given import AcquisitionRow, Worth
from salyq.records.model import Record

if TYPE_CHECKING:
    from salyq.facts.world import World

VALUER = ("valuer", "оценщик", "бағалаушы")


def acquisition_row(world: World, e: Event) -> AcquisitionRow:
    """The row of a movement that brought an asset."""
    r, pegs = e.record, world.person.stablecoins
    account = world.account(r.account)
    fee = money(r.fee, r.fee_asset, world.person) if e.asset == r.asset else None
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
        registered_miner=world.person.kind != "individual" or world.person.mining_licence_on(r.day),
        from_exchange=account.exchange,
        abroad=world.abroad(r),
        resident=world.resident(r.day),
        operator=world.person.kind in ("pool", "exchange"),
        valuer_report=proof_of(r) == "valuer_report",
        low_tax_source=account.low_tax,
        solo=(r.counterparty or "").strip().lower() == "solo",
        purchase_fee=fee or (0, "KZT"),
    )


def proof_of(r: Record) -> str:
    """What kind of document proves a record: as stated; a document that calls itself a valuer's report is one."""
    if r.proof:
        return r.proof
    text = (r.document or "").casefold()
    if any(word in text for word in VALUER):
        return "valuer_report"
    return "purchase" if text and text != "none" else "none"


def _worth(e: Event) -> Worth:
    """Money stated, or None; a value in an asset is no money and is found through the swap."""
    r = e.record
    if e.value is None and r.value is not None and e.asset == r.asset and not is_currency(r.currency or ""):
        return None
    return e.value
