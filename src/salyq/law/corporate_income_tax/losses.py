"""Losses carried from year to year: each of its own year, the oldest used first, ended by law.

Old code 300; new code 65, 326.5, 338-339, 344.
"""

from __future__ import annotations

from salyq.law.facts import Loss
from salyq.rulebook.nodes import (
    Count,
    Flag,
    Money,
    Ratio,
    Rows,
    Text,
    bounded,
    doubt,
    floor0,
    given,
    lift,
    rounded,
    smallest,
    when,
)
from salyq.rulebook.rules import figure, rule


# ---- losses that came by a reorganisation ----------------------------------------------------------------------
@rule(cite="tax-code-2025:344", per="loss", since="2026-01-01")
def loss_brought(amount: Money, from_merger: Flag, kept_by_government: Flag, split_share: Ratio) -> Money:
    """A merger or an accession ends a loss unless the Government decides otherwise; a split gives it by share of
    assets."""
    merged = given(from_merger) & from_merger & ~(given(kept_by_government) & kept_by_government)
    return when(merged, lift(0, "KZT"), when(given(split_share), rounded(amount * split_share), amount))


@rule(cite="tax-code-2017:300.1", per="loss", since="2018-01-01", name="loss_brought")
def loss_brought_to_2025(amount: Money, from_merger: Flag, split_share: Ratio) -> Money:
    """To 2025 no article on reorganisations was read: between nothing and the whole loss."""
    in_doubt = doubt("reorganised_loss_not_read", lift(0, "KZT"), amount)
    return when((given(from_merger) & from_merger) | (given(split_share) & (split_share < 1)), in_doubt, amount)


# ---- losses of a business ------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:339", per="loss", since="2026-01-01")
@rule(cite="tax-code-2017:300.1", per="loss", since="2018-01-01")
def business_loss_usable(kind: Text, age: Count, loss_brought: Money, business_loss_years: Count) -> Money:
    """A loss of an earlier year, while its years last."""
    return when((kind == "business") & (age > 0) & (age <= business_loss_years), loss_brought, lift(0, "KZT"))


@rule(cite="tax-code-2025:339", per="loss", since="2026-01-01")
@rule(cite="tax-code-2017:300.1", per="loss", since="2018-01-01")
def business_loss_ends(age: Count, business_loss_years: Count, business_loss_usable: Money) -> Money:
    """What of it cannot be used after this year."""
    return when(age == business_loss_years, business_loss_usable, lift(0, "KZT"))


@rule(cite="tax-code-2025:339", per="year", since="2026-01-01")
@rule(cite="tax-code-2017:300.1", per="year", since="2018-01-01")
def business_losses_usable(losses: Rows[Loss]) -> Money:
    return losses.sum(lambda x: x.business_loss_usable)


@figure(cite="tax-code-2025:339", per="year", since="2026-01-01", falls=True)
@figure(cite="tax-code-2017:300.1", per="year", since="2018-01-01", falls=True)
def business_loss(net_income: Money) -> Money:
    """The loss of this year, carried to the next ten years."""
    none = lift(0, "KZT")
    return bounded(floor0(none - net_income), None, none)


@rule(cite="tax-code-2025:339", per="year", since="2026-01-01")
@rule(cite="tax-code-2017:300.1", per="year", since="2018-01-01")
def business_losses_left(net_income: Money, business_losses_usable: Money, losses: Rows[Loss]) -> Money:
    """Of losses brought: what this year did not use and a later year still may; the oldest go first."""
    used = smallest(floor0(net_income), business_losses_usable)
    lapsed = floor0(losses.sum(lambda x: x.business_loss_ends) - used)
    return business_losses_usable - used - lapsed


@figure(cite="tax-code-2025:339", per="year", since="2026-01-01", falls=True)
@figure(cite="tax-code-2017:300.1", per="year", since="2018-01-01", falls=True)
def business_loss_carried_forward(business_loss: Money, business_losses_left: Money) -> Money:
    """Losses of the business that go on: of this year, and what is left of those brought."""
    return bounded(business_loss + business_losses_left, None, lift(0, "KZT"))


# ---- losses on digital assets ----------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:65", per="year", since="2026-01-01")
def digital_loss_years(limitation_years: Count, limitation_years_large: Count, is_large: Flag) -> Count:
    """The limitation period: longer for a large business (65.2, 65.3)."""
    return when(is_large, limitation_years_large, limitation_years)


@rule(cite="tax-code-2025:326.5", per="loss", since="2026-01-01")
def digital_loss_usable(
    kind: Text, year: Count, age: Count, loss_brought: Money, digital_losses_since: Count, digital_loss_years: Count
) -> Money:
    """A loss on digital assets of 2026 or later, within the limitation period from the end of its year."""
    lives = (year >= digital_losses_since) & (age > 0) & (age <= digital_loss_years)
    return when((kind == "digital_assets") & lives, loss_brought, lift(0, "KZT"))


@rule(cite="tax-code-2025:65", per="loss", since="2026-01-01")
def digital_loss_ends(age: Count, digital_loss_years: Count, digital_loss_usable: Money) -> Money:
    return when(age == digital_loss_years, digital_loss_usable, lift(0, "KZT"))


@rule(cite="tax-code-2025:326.5", per="year", since="2026-01-01")
def digital_losses_usable(losses: Rows[Loss]) -> Money:
    return losses.sum(lambda x: x.digital_loss_usable)


@figure(cite="tax-code-2025:326.5", per="year", since="2026-01-01")
def trading_income(
    trading_gain: Money, contribution_gain: Money, trading_loss: Money, digital_losses_usable: Money
) -> Money:
    """Losses reduce gains on the sale of digital assets of the same year, then losses brought forward of 2026 and
    later; gains on contributions to capital stay whole."""
    return floor0(trading_gain - contribution_gain - trading_loss - digital_losses_usable) + contribution_gain


@figure(cite="tax-code-2017:226", per="year", since="2018-01-01", name="trading_income")
def trading_income_before_2026(trading_gain: Money, trading_loss: Money) -> Money:
    """Ordinary income and deductions: below zero it is part of the business loss, not ring-fenced (C-T1e)."""
    return trading_gain - trading_loss


@figure(cite="tax-code-2025:326.5", per="year", since="2026-01-01", falls=True)
def loss_carried_forward(
    trading_gain: Money,
    contribution_gain: Money,
    trading_loss: Money,
    digital_losses_usable: Money,
    losses: Rows[Loss],
) -> Money:
    """Usable against gains on digital assets only, within the limitation period (65.2-65.3); the oldest go first."""
    none = lift(0, "KZT")
    result = trading_gain - contribution_gain - trading_loss
    used = smallest(floor0(result), digital_losses_usable)
    lapsed = floor0(losses.sum(lambda x: x.digital_loss_ends) - used)
    return bounded(floor0(none - result) + (digital_losses_usable - used - lapsed), None, none)


@figure(cite="tax-code-2017:300.1", per="year", since="2018-01-01", name="loss_carried_forward", falls=True)
def loss_carried_forward_before_2026(business_loss_carried_forward: Money) -> Money:
    """Before 2026 a trading loss is part of the business loss."""
    return business_loss_carried_forward


# ---- losses on derivatives -------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:342", per="loss", since="2026-01-01")
def derivative_loss_usable(
    kind: Text,
    year: Count,
    age: Count,
    loss_brought: Money,
    derivative_losses_since: Count,
    derivative_loss_years: Count,
) -> Money:
    """A loss on derivatives of 2026 or later, while its years last; before 2026 it was part of the business loss."""
    lives = (year >= derivative_losses_since) & (age > 0) & (age <= derivative_loss_years)
    return when((kind == "derivatives") & lives, loss_brought, lift(0, "KZT"))


@rule(cite="tax-code-2025:342", per="loss", since="2026-01-01")
def derivative_loss_ends(age: Count, derivative_loss_years: Count, derivative_loss_usable: Money) -> Money:
    return when(age == derivative_loss_years, derivative_loss_usable, lift(0, "KZT"))


@rule(cite="tax-code-2025:342", per="year", since="2026-01-01")
def derivative_losses_usable(losses: Rows[Loss]) -> Money:
    return losses.sum(lambda x: x.derivative_loss_usable)


@figure(cite="tax-code-2025:342", per="year", since="2026-01-01", falls=True, quiet=True)
def derivative_loss_carried_forward(
    derivative_year_result: Money, derivative_losses_usable: Money, losses: Rows[Loss]
) -> Money:
    """Usable against gains on derivatives only, in the next ten years; the oldest go first."""
    none = lift(0, "KZT")
    used = smallest(floor0(derivative_year_result), derivative_losses_usable)
    lapsed = floor0(losses.sum(lambda x: x.derivative_loss_ends) - used)
    return bounded(floor0(none - derivative_year_result) + (derivative_losses_usable - used - lapsed), None, none)
