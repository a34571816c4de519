"""Every code that a pilot refuses or stops with: in words, and what an operator does about it."""

from __future__ import annotations

from collections.abc import Mapping

from salyq.civil.messages import Message
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.attempts import PART, REJECTED
from salyq.office.pilots.card.clearing import DUPLICATE, FORCED, MATCHED, RETURNED
from salyq.office.pilots.sandbox.contracts import LIMITS

CAUSES = (  # of the corridor
    *("amounts_differ", "asked", "client", "data", "funds", "limit", "liquidity", "quote_used", "rate"),
    *("receiver_refused", "time", "unsettled"),
)
CARD = (
    *("coins", "quote_stale", "field_missing", "original", "currency", "asset", "merchant", "account_closed", "card"),
    *("peer_refused", "more_than_paid", "other_acquirer", "card_blocked"),
)
_REGISTERED = ("none", "suspended", "revoked", "expired", "surrendered")
STATES = ("not_begun", "stopped", "ended", *(f"register_{x}" for x in _REGISTERED))  # of a contract that does not run
GROUNDS = ("total", "books_differ")  # of a stop by the clock
CITY = (
    *("not_begun", "merchant_not_listed", "not_a_resident", "no_business_licence", "different_content", "bad_amount"),
    *("price_moved", "over_limit", "already_paid", "invoice_late", "not_enough", "no_contract", "contract_not_active"),
    *("provider_not_licensed", "no_invoice", "account_not_found"),
)
DONE = "ok"  # what was asked was done
CLEARED = (MATCHED, FORCED, PART, DUPLICATE, REJECTED, RETURNED)
MOVES = ("card", "city", "settle", "fee", "rounding", "guarantee", "invoice", "corridor", "buy", "grant")
_BLANK = dict.fromkeys(("merchant", "number", "asset", "contract", "state", "amount", "limit"), "…")

# What to do, by what it is about.
REMEDIES: Mapping[str, tuple[str, ...]] = {
    "fund": ("coins", "not_enough", "funds", spec.NOT_ENOUGH),
    "limit": (*(x for x in LIMITS if x != "total"), "limit", "over_limit", spec.OVER_LIMIT),
    "total": ("total",),
    "price": ("quote_stale", "rate", "price_moved", spec.SILENT),
    "message": (
        "field_missing",
        "original",
        "currency",
        "different_content",
        "bad_amount",
        "more_than_paid",
        "other_acquirer",
        spec.FORMAT,
        spec.DUPLICATE,
    ),
    "contract": (*(f"contract_{s}" for s in STATES if s != "ended"), "contract_not_active", "no_contract"),
    "ended": ("contract_ended",),
    "permit": ("asset", "merchant", "merchant_not_listed", "not_a_resident", "no_business_licence", spec.NOT_PERMITTED),
    "provider": ("provider_not_licensed", "liquidity", "unsettled"),
    "data": ("client", "data"),
    "again": ("quote_used", "asked", "receiver_refused", "time", spec.NOT_FOUND),
    "invoice": ("already_paid", "invoice_late", "no_invoice"),
    "card": ("card", "card_blocked", spec.NO_CARD, spec.EXPIRED),
    "account": ("account_closed", "account_not_found"),
    "wait": ("not_begun",),
    "file": (PART,),
    "books": ("books_differ",),
    "fault": (spec.FAULT, "peer_refused", "amounts_differ"),
}
_LACKS = {"name": "name", "accountNumber": "account"}
_REMEDY_OF = {code: remedy for remedy, codes in REMEDIES.items() for code in codes}


def said(code: str, lang: str) -> str:
    """A code in words; what another program made up stays as it is."""
    kind, _, limit = code.partition(":")
    if kind in spec.WORDS:
        return spec.WORDS[kind].text(lang)
    if kind in LIMITS:
        return f"{Message('pilot_cause_limit').text(lang)} {Message(f'pilot_limit_{kind}').text(lang)}"
    if kind.startswith("contract_") and kind.removeprefix("contract_") in STATES:
        state = Message(f"pilot_state_{kind.removeprefix('contract_')}").text(lang)
        return f"{Message('pilot_contract').text(lang)}: {state}"
    if kind in CAUSES:
        named = Message(f"pilot_limit_{limit}").text(lang) if limit in LIMITS else ""
        return f"{Message(f'pilot_cause_{kind}').text(lang)} {named}".rstrip()
    if kind == DONE:
        return Message("pilot_done").text(lang)
    if kind in CLEARED:
        return Message(f"card_result_{kind}").text(lang)
    if kind in CARD or kind in GROUNDS:
        return Message(f"pilot_why_{kind}").text(lang)
    if kind in CITY:
        return Message(f"city_why_{kind}", _BLANK).text(lang)
    return code


def remedy(code: str, lang: str) -> str:
    """What an operator does; empty where nothing is wrong or nobody knows."""
    found = _REMEDY_OF.get(code) or _REMEDY_OF.get(code.partition(":")[0])
    return "" if found is None else Message(f"pilot_do_{found}").text(lang)


def lacking(path: str, lang: str) -> str:
    """A field of the sender's or receiver's data that is not there, in words (IVMS101 paths: who, then what)."""
    who, _, rest = path.partition(".")
    what = rest.rpartition(".")[2]
    if who not in ("originator", "beneficiary"):
        return path
    if told := "whole" if not rest else "address" if "|" in what else _LACKS.get(what, ""):
        lacks = Message(f"pilot_lacks_{told}").text(lang)
    else:
        lacks = Message("pilot_lacks_field", {"field": rest}).text(lang)
    return f"{Message(f'pilot_who_{who}').text(lang)}: {lacks}"


def move(code: str, lang: str) -> str:
    """What a transfer of a pilot was for."""
    if code in LIMITS:
        return Message(f"pilot_limit_{code}").text(lang)
    return Message(f"pilot_move_for_{code}").text(lang) if code in MOVES else code
