"""The shipped law, for commands that show it or name the acts it cites. The only door from the command line to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salyq.present.acts_text import Act
    from salyq.rulebook.law import Law


def law() -> Law:
    """The law that this version ships, read once."""
    from salyq.app.api import shipped

    return shipped()


def whole() -> Law:
    """The tax subjects and the subjects of acts together, for reading."""
    from salyq.app.lawbook import whole as both

    return both()


def acts() -> dict[str, Act]:
    """Every act, source and convention by its id."""
    from salyq.present.acts_text import Act

    return {name: Act(act.title, act.address, act.kind, act.short) for name, act in law().acts.items()}
