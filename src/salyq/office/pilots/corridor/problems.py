"""Why a node refuses to answer: RFC 9457, with a code, the field, and words in three languages."""

from __future__ import annotations

from typing import Any

from salyq.civil.messages import LANGUAGES, Message
from salyq.office.pilots import reasons

CODES = (
    *("amount_small", "asset_unknown", "bank_only", "contract_not_found", "data_missing", "different_content"),
    *("field_wrong", "fulfilment_wrong", "net_differs", "no_json", "no_such_call", "not_fulfilled", "not_prepared"),
    *("one_amount", "other_bank", "payment_not_found", "peer_only", "peer_quote_wrong", "peer_refused"),
    *("peer_silent", "quote_expired", "quote_not_found", "quote_stale", "quote_used", "settled_before", "signature"),
    "too_large",
)


class ProblemError(Exception):
    """A refusal. `why` says in words what would be right; `detail` is for programs and logs."""

    def __init__(
        self, status: int, code: str, field_name: str = "", detail: str = "", why: Message | None = None
    ) -> None:
        super().__init__(code)
        told = {"code": code, "field": field_name, "detail": detail or (why.text("en") if why else "")}
        self.reply: tuple[int, dict[str, Any]] = (status, {**told, "status": status, "words": words(code, why)})


def words(code: str, why: Message | None = None) -> dict[str, str]:
    """A code in three languages; what another program made up is told as such."""
    return {lang: _said(code, lang) + (f": {why.text(lang)}" if why else "") for lang in LANGUAGES}


def _said(code: str, lang: str) -> str:
    if code in CODES:
        return Message(f"corridor_problem_{code}").text(lang)
    told = reasons.said(code, lang)
    return told if told != code else f"{Message('corridor_problem_peer_refused').text(lang)} ({code})"
