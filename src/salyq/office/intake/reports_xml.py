"""Reports in XML of those who serve clients: FM-1 to financial monitoring, CARF to the tax authority.

The forms room checks them; here a fault becomes a line of the refusal, and the registers are asked whether the sender
was permitted to serve clients at all.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from salyq.civil.messages import Message
from salyq.forms.carf.check import check_message
from salyq.forms.fm1 import message
from salyq.office.intake.model import Fault, Received
from salyq.office.registry.model import ACTIVE
from salyq.office.registry.read import of_subjects
from salyq.office.store.store import Transaction

PROVIDERS = ("exchange_operators", "trading_platforms", "dfa_platforms", "aifc_participants", "sandbox_participants")
_PERIOD = re.compile(rb"<(?:\w+:)?ReportingPeriod>\s*([0-9]{4}-[0-9]{2}-[0-9]{2})")
_HEAD = 65_536  # bytes in which a message says its period


def read_fm1(path: Path, _kind: str) -> Received:
    """One message of an operation; an answer of the agency is not one. `about` is its sender."""
    root = message.read(path)
    received = Received(about=_text(root, "Sender") or None)
    received.summary = {"message": _text(root, "MessageId"), "operation": _text(root, "ViewOperationId")}
    if message.answer(root) is not None:
        received.faults.append(Fault("MessageType", _text(root, "MessageType"), Message("fm1_not_a_message")))
        return received
    received.faults += [Fault(p.element, p.value[:100], p.message) for p in message.check(root)]
    day = _day(_text(root, "OperationDate"))
    if day is not None:
        received.period = day.isoformat()
        received.rows.append({"day": day})
    return received


def read_carf(path: Path, _kind: str) -> Received:
    """A message by the schema and its rules; what the receiver may still take is told as a finding."""
    checked = check_message(path)
    received = Received(summary={"message": checked.message_ref, "kind": checked.indic, "users": checked.users})
    with path.open("rb") as file:
        found = _PERIOD.search(file.read(_HEAD))
    if found is not None:
        received.period = found[1].decode()[:4]
        year = int(received.period)
        received.rows.append({"since": date(year, 1, 1), "day": date(year, 12, 31)})
    for p in checked.problems:
        where = " ".join(x for x in (p.code, p.where) if x)
        if p.warning:
            received.rows.append({"warning": p.message, "where": where})
        else:
            received.faults.append(Fault(where, p.value[:100], p.message))
    return received


def compare(tx: Transaction, organisation: str, received: Received) -> list[dict[str, Any]]:
    """A sender whom no register permitted to serve clients on the day, and what the checker only warns of."""
    found: list[dict[str, Any]] = []
    for row in received.rows:
        if "warning" in row:
            words = {k: f"{row['where']}: {v}" for k, v in row["warning"].told().items()}
            found.append({"code": "intake_warning", "line": None, "miner": "", "words": words})
        elif not _permitted(tx, organisation, row.get("since", row["day"]), row["day"]):
            params = {"organisation": organisation, "day": row["day"].isoformat()}
            words = Message("intake_reporter_not_permitted", params).told()
            found.append({"code": "intake_reporter_not_permitted", "line": None, "miner": "", "words": words})
    return found


def _permitted(tx: Transaction, organisation: str, first: date, last: date) -> bool:
    """Whether a register shows a permission that was active, and then his, on one of these days."""
    return any(r.register in PROVIDERS and r.status == ACTIVE for r in of_subjects(tx, [organisation], first, last))


def _text(root: Any, name: str) -> str:
    found = next(root.iter(name), None)
    return "" if found is None else (found.text or "").strip()


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
