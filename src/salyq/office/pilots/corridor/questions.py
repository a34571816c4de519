"""What law does not settle about a payment across the border: a question in every answer, never allowed."""

from __future__ import annotations

from typing import Any

from salyq.civil.messages import Message

_QUESTIONS = (
    {"code": "repatriation", "cite": "currency-law:9.3.5", "basis": "unsettled"},
    {"code": "asset_leg", "cite": "currency-law:1.1.2", "basis": "inference"},
    {"code": "digital_tenge", "cite": "payments-law:41-2.2", "basis": "unsettled"},
)


def questions() -> list[dict[str, Any]]:
    """Each with its article and its words; `ask` is the English of them."""
    return [_told(q) for q in _QUESTIONS]


def _told(question: dict[str, str]) -> dict[str, Any]:
    words = Message(f"pilot_question_{question['code']}").texts()
    return {**question, "ask": words["en"], "words": words}
