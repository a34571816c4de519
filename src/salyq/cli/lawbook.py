"""The shipped law, for commands that show it or name the acts it cites. The only door from the command line to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salyq.app.lawbook import Subject
    from salyq.rulebook.law import Act, Law


def law() -> Law:
    """The law that this version ships, read once."""
    from salyq.app.api import shipped

    return shipped()


def whole() -> Law:
    """The tax subjects and the subjects of acts together, for reading."""
    from salyq.app.lawbook import whole as both

    return both()


def subjects() -> tuple[Subject, ...]:
    """Every subject with its words, in the order of the book."""
    from salyq.app.lawbook import subjects as every

    return every()


def acts() -> Mapping[str, Act]:
    """Every act, source and convention by its id."""
    return law().acts
