"""What a year earned and cost beside its sales: expenses, losses brought, results of closed derivatives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from salyq.facts.events import money
from salyq.facts.stated import of_table
from salyq.law.facts import Derivative, Expense, Loss
from salyq.records.person import Person
from salyq.rulebook.evaluate import Scope

if TYPE_CHECKING:
    from salyq.facts.world import World

SUMS = {"business_losses_brought": "business", "digital_asset_losses_brought": "digital_assets"}


def expenses(world: World) -> Iterable[Scope]:
    """Expenses of the year, each with the activity it belongs to."""
    for x in world.case.ledger.expenses:
        if x.day.year == world.year_number:
            mining = x.activity == "mining" if x.activity else world.mines_on(x.day)
            worth = money(x.amount, x.currency, world.person)
            row = Expense.given(
                day=x.day,
                category=x.category,
                worth=worth,
                mining=mining,
                activity_stated=x.activity is not None,
                april_to_december=x.day >= date(x.day.year, 4, 1),
            )
            yield Scope("expense", row, world.year, place=str(x.source))


def losses(world: World) -> Iterable[Scope]:
    """Losses of earlier years, each with its year."""
    for loss in losses_of(world.person, world.year_number):
        yield Scope("loss", Loss.given(**loss), world.year, place=f"{world.person.file} {loss['year']}")


def losses_of(person: Person, year: int) -> list[dict[str, Any]]:
    """The columns of each loss of earlier years; a sum stated without a year is of the year before."""
    losses = [of_table(Loss, "loss", x) for x in person.losses]
    stated = person.years.get(year, {})
    for fact, kind in SUMS.items():
        amount = stated.get(fact)
        if amount and kind not in {x["kind"] for x in losses}:
            losses.append(of_table(Loss, "loss", {"year": year - 1, "kind": kind, "amount": amount}))
    ordered = sorted(losses, key=lambda x: (x["year"], x["kind"], x["amount"]))
    return [{**loss, "age": year - loss["year"]} for loss in ordered]


def derivatives(world: World) -> Iterable[Scope]:
    """Derivatives closed in the year."""
    records = world.case.ledger.records
    for r in records.some(records.of_kinds("derivative_result")):
        if r.day.year == world.year_number and world.of_this_part(r):
            worth = money(r.value, r.currency, world.person)
            asset = "" if worth else r.currency or r.asset
            settled = 0 if worth else r.value or 0
            row = Derivative.given(
                day=r.day,
                worth=worth or (0, "KZT"),
                in_money=bool(worth),
                asset=asset,
                settled=settled,
                resident=world.resident(r.day),
            )
            yield Scope("derivative", row, world.year, place=str(r.source))
