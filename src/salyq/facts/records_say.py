"""What follows from single fields of a record."""

from __future__ import annotations

VALUER = ("valuer", "оценщик", "бағалаушы")


def is_documented(document: str | None, proof: str | None) -> bool:
    return "none" not in (document, proof)


def noted(note: str | None) -> str:
    return (note or "").strip().lower()


def is_solo(counterparty: str | None) -> bool:
    """Mined alone, in no pool."""
    return (counterparty or "").strip().lower() == "solo"


def proof_kind(proof: str | None, document: str | None) -> str:
    """What kind of document proves a record: as stated; a document that calls itself a valuer's report is one."""
    if proof:
        return proof
    text = (document or "").casefold()
    if any(word in text for word in VALUER):
        return "valuer_report"
    return "purchase" if text and text != "none" else "none"
