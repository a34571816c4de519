"""What HM Revenue & Customs asks of a domestic report (GB to GB) beyond the OECD.

Source: hmrc/carf-reporting-frontend, commit 4125e5b, app/models/problem/RulesErrorsStubData.scala: the texts that its
service keeps for reference until its rules are wired. So what is broken here is a remark, never a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NO_TIN = "NOTIN"
SENDER = 15  # characters of the identifier of a provider
FORBIDDEN = frozenset("<>:\"'&/\\|?*")


def applies(transmitting: str, receiving: str) -> bool:
    """A report to HMRC itself, not an exchange between countries."""
    return transmitting == receiving == "GB"


def message_ref(head: Mapping[str, str]) -> bool:
    """26 to 100 characters: GB, the year, GB, a hyphen, the sender's 15 characters, a hyphen, 1 to 75 of one's own."""
    ref, sender = head.get("MessageRefId", ""), head.get("SendingEntityIN", "")
    start = f"GB{head.get('ReportingPeriod', '')[:4]}GB-{sender}-"
    return len(sender) == SENDER and ref.startswith(start) and 1 <= len(ref) - len(start) <= 75 and not (
        FORBIDDEN & set(ref)
    )  # fmt: skip


def doc_ref(ref: str, message: str) -> bool:
    """28 to 164 characters: the MessageRefId of the message, a hyphen, 1 to 63 characters."""
    return ref.startswith(f"{message}-") and 1 <= len(ref) - len(message) - 1 <= 63


def tin(element: Any) -> bool:
    """Either a number with its country, or NOTIN that is marked unknown and names no country."""
    text, unknown = (element.text or "").strip(), element.get("unknown") in ("true", "1")
    if text == NO_TIN:
        return unknown and element.get("issuedBy") is None
    return bool(text) and not unknown and element.get("issuedBy") is not None


def nexus(own: str, other: str) -> bool:
    """Another nexus is as weak as the provider's own, or weaker: CARF901 is the strongest."""
    return not own or int(re.sub(r"\D", "", other) or 0) >= int(re.sub(r"\D", "", own) or 0)
