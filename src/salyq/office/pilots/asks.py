"""What the pilots ask of law, in one place. Where law has no answer, it is unknown, and says what would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from salyq.civil.days import kz_day


class Asked(NamedTuple):
    """`verdict` yes, no or unknown; `cites` the articles; `due` the day or time; `missing` what would settle it."""

    verdict: str
    cites: tuple[str, ...] = ()
    due: str = ""
    missing: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        return {"verdict": self.verdict, "cites": list(self.cites), "due": self.due, "missing": list(self.missing)}


def ask(name: str, facts: Mapping[str, Any], at: datetime) -> Asked:
    """One question of law on a day."""
    from salyq import law

    try:
        found = law.ask(name, dict(facts), kz_day(at))
    except (KeyError, ValueError, LookupError):
        return Asked("unknown", missing=(name,))
    status, value = str(found.status), found.value
    missing = tuple(str(getattr(m, "name", m)) for m in getattr(found, "missing", ()))
    if status == "not_applicable":
        return Asked("no", tuple(found.cites))
    if status != "known":
        return Asked("unknown", tuple(found.cites), missing=missing or (name,))
    if isinstance(value, bool):
        return Asked("yes" if value else "no", tuple(found.cites))
    return Asked("yes", tuple(found.cites), due=str(value))


def threshold_report(terms: Mapping[str, Any], tiyn: int, at: datetime) -> Asked:
    """Whether a sale or a transfer must be told to the financial monitoring body, and by when."""
    facts = {"asset_kind": "unsecured", "amount_kzt": f"{tiyn // 100}.{tiyn % 100:02d}", "provider": "special_regime"}
    facts |= {"provider": str(terms.get("provider", "special_regime")), "at": at.isoformat()}
    return ask("financial_monitoring.threshold_report", facts, at)
