"""What law asks of an acquisition: how the asset came, from where, and what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salyq.civil.currencies import is_currency
from salyq.facts.events import Event, Money, money
from salyq.facts.stated import of_account
from salyq.law.facts import Acquisition
from salyq.law.regimes import is_operator, is_registered
from salyq.records.model import Record

if TYPE_CHECKING:
    from salyq.facts.world import World

VALUER = ("valuer", "оценщик", "бағалаушы")


def acquisition_row(world: World, e: Event) -> Any:
    """The row of a movement that brought an asset."""
    r, pegs = e.record, world.person.stablecoins
    account = world.account(r.account)
    told = of_account(Acquisition, account)
    told["from_exchange"] |= bool(account.facts.get("aifc_exchange"))  # one of the AIFC is one too
    fee = money(r.fee, r.fee_asset, world.person) if e.asset == r.asset else None
    return Acquisition.given(
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
        for_receivable=(r.note or "").strip().lower() == "receivable",
        registered_miner=is_registered(world.person.kind) or world.person.mining_licence_on(r.day),
        abroad=world.abroad(r),
        resident=world.resident(r.day),
        operator=is_operator(world.person.kind),
        valuer_report=proof_of(r) == "valuer_report",
        account_country=account.country or "",
        solo=(r.counterparty or "").strip().lower() == "solo",
        purchase_fee=fee or (0, "KZT"),
        pool=False,
        pool_tenge=0,
        **told,
    )


def pool_row(newest: Event, quantity: int, value: Any, tenge: Any) -> Any:
    """The row of a moving average: several acquisitions as one, of the day and kind of the last. What was asked of each
    when its cost was found is not asked again of the pool."""
    return Acquisition.given(
        kind=newest.kind,
        day=newest.record.day,
        asset=newest.asset,
        quantity=quantity,
        value=value,
        value_is_money=True,
        pool=True,
        pool_tenge=tenge,
        counter_asset="",
        peg="",
        counter_peg="",
        documented=True,
        taxed_earlier=False,
        for_receivable=False,
        registered_miner=False,
        from_exchange=False,
        abroad=False,
        resident=True,
        operator=False,
        valuer_report=False,
        low_tax_source=False,
        account_country="",
        solo=False,
        purchase_fee=(0, "KZT"),
    )


def proof_of(r: Record) -> str:
    """What kind of document proves a record: as stated; a document that calls itself a valuer's report is one."""
    if r.proof:
        return r.proof
    text = (r.document or "").casefold()
    if any(word in text for word in VALUER):
        return "valuer_report"
    return "purchase" if text and text != "none" else "none"


def _worth(e: Event) -> Money | None:
    """Money stated, or None; a value in an asset is no money and is found through the swap."""
    r = e.record
    if e.value is None and r.value is not None and e.asset == r.asset and not is_currency(r.currency or ""):
        return None
    return e.value
