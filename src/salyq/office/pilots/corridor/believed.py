"""What the other side or a bank says, looked at before it is believed: it may be wrong, or lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salyq.office.pilots.corridor import ivms
from salyq.office.pilots.corridor.banks import Bank
from salyq.office.pilots.corridor.node import Payment, amount, needs
from salyq.office.pilots.corridor.problems import ProblemError
from salyq.office.pilots.events import Event

_TIME = re.compile(r"[0-9T:.+Z-]{1,40}")


def is_quote(far: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether an answer is a quote of what was asked: the amount that was fixed, both amounts whole, and a time."""
    try:
        needs(far, "quote")
        amount(far, "leg_amount")
        amount(far, "receive_amount")
        ends = datetime.fromisoformat(needs(far, "expires", _TIME))
    except (ProblemError, ValueError):
        return False
    fixed = all(far[k] == v for k, v in asked.items() if k in ("leg_amount", "receive_amount", "receive_asset"))
    return fixed and ends.tzinfo is not None and isinstance(far.get("rate"), str)


def differs(p: Payment, far: Mapping[str, Any]) -> bool:
    """Whether the destination prepared another payment under this one's name."""
    return any(far.get(k) != p.body[k] for k in ("leg_amount", "receive_asset", "receive_amount", "condition"))


def may_send(bank: Bank, body: Mapping[str, Any], quote: Event | None) -> None:
    """ProblemError where a bank sends from an account that another keeps, in another's name, or at another's quote."""
    sender = body.get("sender")
    if not isinstance(sender, Mapping) or not bank.keeps(ivms.account_of(sender)):
        raise ProblemError(403, "other_bank", "sender.accountNumber")
    if body.get("debtor_agent", bank.name) != bank.name:
        raise ProblemError(403, "other_bank", "debtor_agent")
    if quote is not None and quote.body.get("bank", bank.name) != bank.name:
        raise ProblemError(403, "other_bank", "quote")
