"""What the pilots ask of law, in one place. Where law has no answer, it is unknown, and says what would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from salyq.civil.days import parse_time, zone
from salyq.civil.errors import UsageError
from salyq.law.named import THRESHOLD_REPORT, TRANSFER_HOLD


class Asked(NamedTuple):
    """`verdict` yes, no or unknown; `cites` the articles; `due` the day or time; `missing` what would settle it."""

    verdict: str
    cites: tuple[str, ...] = ()
    due: str = ""
    missing: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        return {"verdict": self.verdict, "cites": list(self.cites), "due": self.due, "missing": list(self.missing)}


@lru_cache(maxsize=4096)
def _transfer(tiyn: int, at: str, provider: str, sender: str, recipient: str) -> dict[str, Any]:
    """Law's answer to a transfer of an unsecured asset, as `salyq ask transfer` gives it; {} before law was read."""
    from salyq.app.asking import ask_act

    facts = {"asset_kind": "unsecured", "amount_kzt": f"{tiyn // 100}.{tiyn % 100:02d}", "provider": provider}
    try:
        answer = ask_act(
            "transfer", {**facts, "sender_data": sender, "recipient_data": recipient, "at": at}, explain=False
        )
    except UsageError:
        return {}
    found: dict[str, Any] = answer.as_json()
    return found


def _local(at: datetime) -> str:
    return at.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")


def _duty(found: Mapping[str, Any], name: str, key: str) -> Asked:
    if not found:
        return Asked("unknown", missing=("law of that day",))
    for duty in found["duties"]:
        if duty["name"] == name:
            return Asked("yes", tuple(duty.get("cites") or ()), str(duty.get(key) or ""))
    missing = tuple(str(m["fact"]) for m in found.get("missing") or ())
    return Asked("unknown" if missing else "no", tuple(found.get("cites") or ()), missing=missing)


def threshold_report(terms: Mapping[str, Any], tiyn: int, at: datetime) -> Asked:
    """Whether a sale or a transfer must be told to the financial monitoring body, and by when."""
    provider = str(terms.get("provider", "special_regime"))
    return _duty(_transfer(tiyn, _local(at), provider, "yes", "yes"), THRESHOLD_REPORT, "due")


def data_hold(terms: Mapping[str, Any], tiyn: int, at: datetime) -> Asked:
    """Until when a transfer whose sender's or recipient's data is missing is suspended; `due` with its offset."""
    provider = str(terms.get("provider", "special_regime"))
    asked = _duty(_transfer(tiyn, _local(at), provider, "no", "no"), TRANSFER_HOLD, "until")
    if not asked.due:
        return asked
    moment, _ = parse_time(asked.due)
    return asked._replace(due=moment.isoformat())
