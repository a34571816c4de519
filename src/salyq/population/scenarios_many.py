"""The scenarios of what is not known of many persons: the ends (rulebook/ends_many.py) of a reader that notes."""

from __future__ import annotations

from salyq.population.noted_many import Noted
from salyq.rulebook.ends_many import HIGH, Ends
from salyq.rulebook.many import Many
from salyq.rulebook.states import ENDS

__all__ = ["HIGH", "Scenario", "ends_of"]


class Scenario(Ends, Noted):
    """One end. It shares what its base notes, and the values that its base knows."""


def ends_of(base: Many) -> dict[str, Scenario]:
    """The three scenarios of what a reader does not know."""
    assert isinstance(base, Noted)
    return {end: Scenario(base, end) for end in ENDS}
