"""The one question prices answer: the quote of this kind for this day (interfaces §3, semantics 1, 2)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from salyq.civil.messages import Message


class Quote(NamedTuple):
    """`value` is exact: `currency` units for one whole unit of the asset (tenge per unit for a rate).

    `day` is the row's own day, `origin` what the row names as its source, `place` file:line of the row.
    `finding` says what the person should know (an older row stood in, an official rate stood in for a market one).
    `how` is the sum and the number of days of a mean: 186841.07/365.
    """

    value: Fraction
    currency: str
    day: date
    origin: str
    place: str
    finding: Message | None = None
    how: str = ""


class MissingQuote(NamedTuple):
    """What would be needed: e.g. Message("missing_quote", {"kind": "day_average", "asset": "BTC", "day": …}).

    `so_far` carries the mean of an unfinished year, where one exists (semantics 1)."""

    reason: Message
    so_far: Fraction | None = None
