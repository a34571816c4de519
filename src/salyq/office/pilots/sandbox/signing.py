"""From what the register grants to a contract that pilots run under: its activity, days, assets and limits are the
register's, the terms of the service and narrower limits its own file's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from salyq.civil.days import kz_day
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.office.ledger.assets import SCALES
from salyq.office.pilots import permission
from salyq.office.pilots.sandbox import contracts
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.registry.read import AsOf, Record, record
from salyq.office.store.store import Transaction

TERMS: Mapping[str, tuple[str, ...]] = {  # what each pilot cannot run without
    "card": ("fee_points", "quote_seconds", "hold"),
    "corridor": ("fee_points", "quote_seconds"),
    "city": ("fee_points", "quote_seconds"),
}
REGISTERED = {"clients": "clients_limit", "client_month": "client_month_kzt", "total": "total_kzt"}
_TENGE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
_HOLD = re.compile(r"P(\d{1,3}D|T\d{1,4}[HMS])")


def sign(tx: Transaction, number: str, told: Mapping[str, Any]) -> Contract:
    """Keeps the contract of a participant who stands in the register as active; `told` has `terms` and `limits`.
    UsageError where the register, a term or a limit does not allow it. Signed again, it stays as it is."""
    today = kz_day(tx.now)
    found = record(tx, permission.SANDBOX, number, AsOf(today))
    if found is None or found.status != permission.ACTIVE:
        status = "none" if found is None else found.status
        raise UsageError(Message("sandbox_not_registered", {"status": status}), column="CONTRACT", value=number)
    pilot = str(found.fields.get("activity", ""))
    if pilot not in TERMS:
        raise UsageError(Message("sandbox_no_pilot", {"known": ", ".join(TERMS)}), column="activity", value=pilot)
    terms = _terms(pilot, found, told.get("terms", {}))
    limits = _limits(found, told.get("limits", {}))
    last = date.fromisoformat(str(found.fields["until"])[:10])
    made = Contract(number, pilot, found.subject_id, found.subject_name, found.granted, last, terms)
    contracts.sign(tx, made, limits)
    kept = contracts.contract(tx, number)
    assert kept is not None
    return kept


def _terms(pilot: str, found: Record, given: object) -> dict[str, Any]:
    terms = {"provider": "special_regime", **(given if isinstance(given, Mapping) else {})}
    for name in TERMS[pilot]:
        value = terms.get(name)
        right = isinstance(value, str) and _HOLD.fullmatch(value) if name == "hold" else _whole(value)
        if not right:
            raise UsageError(Message("sandbox_term_wrong", {"name": name}), column=name, value=str(value))
    named = found.fields.get("assets") or terms.get("assets") or []
    assets = [str(a) for a in named] if isinstance(named, list) else [str(named)]
    unknown = [a for a in assets if a not in SCALES]
    if unknown or (not assets and pilot != "corridor"):
        raise UsageError(
            Message("sandbox_assets", {"known": ", ".join(SCALES)}), column="assets", value=", ".join(unknown)
        )
    return {**terms, "assets": assets}


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000


def _limits(found: Record, given: object) -> dict[str, int]:
    """In tiyn, of clients a number. What the register grants is the most: a file may only be narrower."""
    said = given if isinstance(given, Mapping) else {}
    limits: dict[str, int] = {}
    for name, value in said.items():
        if name not in contracts.LIMITS:
            known = ", ".join(contracts.LIMITS)
            raise UsageError(Message("sandbox_limit_unknown", {"known": known}), column="limits", value=str(name))
        limits[name] = _amount(name, value)
    for name, field in REGISTERED.items():
        if found.fields.get(field) in (None, ""):
            continue
        most = _amount(name, found.fields[field])
        if limits.setdefault(name, most) > most:
            raise UsageError(Message("sandbox_limit_wide", {"most": str(found.fields[field])}), column=name)
    return limits


def _amount(name: str, value: object) -> int:
    text = str(value)
    if not _TENGE.fullmatch(text) or (name == "clients" and not text.isdigit()):
        raise UsageError(Message("sandbox_limit_wrong", {"name": name}), column=name, value=text)
    return int(text) if name == "clients" else int(Decimal(text).scaleb(2))
