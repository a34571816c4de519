"""Missing facts as messages, by the names that our files give them."""

from __future__ import annotations

from salyq.civil.messages import Message
from salyq.rulebook.law import Law
from salyq.rulebook.states import Missing
from salyq.rulebook.wording import label
from salyq.rulebook.wording import told as told_by_law

__all__ = ["label", "told"]

# Columns of our files whose name differs from the fact that law asks about (interfaces §3).
COLUMNS = {"hours_at_full_power": "max_power_kw", "energy": "kwh"}


def told(law: Law, fact: Missing) -> Message:
    """The message of a missing fact, by the column of our files."""
    return told_by_law(law, fact, COLUMNS)
