"""Missing facts as messages that name them by their labels in law, and say why law has no value."""

from __future__ import annotations

from collections.abc import Iterable

from salyq.civil.messages import Message
from salyq.rulebook.law import Law
from salyq.rulebook.states import Missing
from salyq.rulebook.wording import label
from salyq.rulebook.wording import told as told_by_law

__all__ = ["label", "told", "told_once"]

# Columns of our files whose name differs from the fact that law asks about (interfaces §3).
COLUMNS = {"hours_at_full_power": "max_power_kw", "energy": "kwh"}


def told(law: Law, fact: Missing) -> Message:
    """The message of a missing fact, by the column of our files; a duty by its label."""
    if fact.code == "interest_amount_unknown":
        params = dict(fact.params)
        return Message(fact.code, params | {"name": label(law, str(params["name"]))})
    return told_by_law(law, fact, COLUMNS)


def told_once(law: Law, facts: Iterable[Missing]) -> tuple[Message, ...]:
    """The messages of missing facts, each cause once: quotes of one kind and name that are missing on several days are
    one message with their number, first and last day."""
    quotes: dict[tuple[str, str, str], list[Message]] = {}
    found: list[Message] = []
    for fact in sorted(facts, key=repr):
        message = told(law, fact)
        if message.code != "missing_quote":
            found.append(message)
            continue
        p = message.params
        quotes.setdefault((str(p["table"]), str(p["kind"]), str(p["asset"])), []).append(message)
    found += [one if len(own) == 1 else _several(own) for own in quotes.values() for one in own[:1]]
    return tuple(found)


def _several(own: list[Message]) -> Message:
    days = sorted(str(m.params["day"]) for m in own)
    params = {k: own[0].params[k] for k in ("what", "kind", "asset", "table")}
    return Message("missing_quotes", {**params, "count": len(own), "first": days[0], "last": days[-1]})
