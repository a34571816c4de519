"""What the other side says, looked at before it is believed: it may be wrong, or lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salyq.office.pilots.corridor.node import Payment, ProblemError, amount, needs

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
