"""A sale of the year: its row, the pieces of lots that it used up, how law treats each, and its fee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from salyq.facts.events import Event, money
from salyq.facts.stated import of_account
from salyq.law.facts import Charge, Match, Sale
from salyq.lots.model import Piece
from salyq.rulebook.evaluate import Scope

if TYPE_CHECKING:
    from salyq.facts.world import World


def sale_scope(world: World, fills: list[Event]) -> Scope:
    """The scope of a sale: what its fills sold, for what, and where."""
    first = fills[0]
    r, pegs = first.record, world.person.stablecoins
    account = world.account(r.account)
    low_tax = bool(account.facts.get("low_tax"))
    values = [e.value for e in fills]
    known = [v for v in values if v is not None]
    whole = len(known) == len(values) and len({c for _, c in known}) == 1
    counters = [e.counter_quantity for e in fills if e.counter_quantity is not None]
    row = Sale.given(
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
        foreign_account=low_tax or account.country not in (None, "KZ"),
        account_stated=low_tax or account.country is not None,
        resident=world.resident(r.day),
        purpose=r.purpose or "",
        abroad=world.abroad(r),
        capital_paid=_capital(fills),
        **of_account(Sale, account),
    )
    places = ", ".join(dict.fromkeys(str(e.record.source) for e in fills[:5]))
    more = f" +{len(fills) - 5}" if len(fills) > 5 else ""
    return Scope("sale", row, world.year, place=places + more)


def _capital(fills: list[Event]) -> tuple[int, str] | None:
    """The charter capital that a contribution pays, where every part of it says so."""
    paid = [e.record.capital_paid for e in fills]
    known = [p for p in paid if p is not None]
    return (sum(known), fills[0].record.currency or "KZT") if len(known) == len(paid) else None


def match_scopes(world: World, sale: Scope, fills: list[Event]) -> list[Scope]:
    """The pieces of a sale; what its fills took of one lot in a row is one match."""
    pieces: list[tuple[Event, Piece]] = []
    for e in fills:
        for piece in world.queues.pieces(e.asset, e.key):
            last = pieces[-1][1] if pieces else None
            if last is not None and last.lot == piece.lot and last.x1 == piece.x0:
                pieces[-1] = (e, last._replace(x1=piece.x1))
            else:
                pieces.append((e, piece))
    found: list[Scope] = []
    y = 0
    for e, piece in pieces:
        width = piece.x1 - piece.x0
        found.append(_match(world, sale, e, piece, y, y + width))
        y += width
    return found


def _match(world: World, sale: Scope, e: Event, piece: Piece, y0: int, y1: int) -> Scope:
    refs = {"sale": sale}
    mined_now = False
    if piece.lot is not None:
        lot = refs["lot"] = world.lot(e.asset, piece.lot)
        mined_now = lot.given.kind == "mined" and lot.given.day.year == world.year_number
    row = Match.given(
        day=sale.given.day,
        x0=piece.x0,
        x1=piece.x1,
        y0=y0,
        y1=y1,
        found=piece.lot is not None,
        mined_this_year=mined_now,
    )
    return Scope("match", row, world.year, refs=refs, place=refs["lot"].place if "lot" in refs else sale.place)


def by_treatment(treated: Mapping[int, str], matches: list[Scope]) -> dict[str, list[Scope]]:
    """Matches of one sale by how law treats each: where lots differ, the disposal is divided (architecture §5.5)."""
    found: dict[str, list[Scope]] = defaultdict(list)
    for match in matches:
        found[treated[id(match)]].append(match)
    return found


def selling_fees(world: World, own: list[Event]) -> Iterable[Scope]:
    """Fees of sales that were paid in money, of the movements given."""
    for e in own:
        r = e.record
        fee = money(r.fee, r.fee_asset, world.person)
        if fee and e.kind in ("sell", "swap_out", "spend") and e.asset == r.asset and r.kind != "buy":
            yield Scope("charge", Charge.given(day=r.day, worth=fee), world.year, place=str(r.source))
