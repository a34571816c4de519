"""What the city's law allows on a day. Every date is asked from law; what law does not say is shown as a question.

Before the regime nothing; then two legs by national law (a sale through the licensed provider and tenge to the
merchant); from the articles on digital assets on the city's registers say who its residents are. An act of the city on
digital assets was not found, so payment in the asset itself is never taken as allowed.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from salyq.app.asking import ask_act
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.law.named import ZONE_STARTS_CITY, ZONE_STARTS_FIRST, ZONE_STARTS_WHOLE, ZONE_TRANSITION
from salyq.office.pilots import permission
from salyq.office.pilots.permission import Permission
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.registry.read import of_subjects
from salyq.office.store.store import Transaction

PLACE = "191810000"  # KATO of the city
NOT_BEGUN, NATIONAL, CITY, WHOLE = "not_begun", "national", "city", "whole"
STAGES = (NOT_BEGUN, NATIONAL, CITY, WHOLE)
REGIME, RESIDENCY, LICENCE = "law-286-viii:90", "law-286-viii:38", "law-286-viii:39"
TRANSITION, ACT = "law-286-viii:85", "law-286-viii:47"
TWO_LEGS = "two_legs"


class Rules(NamedTuple):
    """`stage` of STAGES; `starts` the day of each; `verdict` and `cites` of law's answer; `unknown` what it lacks."""

    on: date
    stage: str
    starts: dict[str, date]
    verdict: str
    cites: tuple[str, ...]
    unknown: tuple[str, ...]
    fingerprint: str

    def told(self) -> dict[str, Any]:
        """As pages and the API have it: what may be done on that day, and what stays a question."""
        may = [] if self.stage == NOT_BEGUN else [TWO_LEGS]
        return {
            "on": self.on.isoformat(),
            "stage": self.stage,
            "starts": {k: v.isoformat() for k, v in self.starts.items()},
            "may": may,
            "merchants": {NOT_BEGUN: "", NATIONAL: "contract"}.get(self.stage, "registers"),
            "verdict": self.verdict,
            "cites": list(self.cites),
            "questions": [{"code": q, "cite": ACT} for q in self.unknown],
            "law": self.fingerprint,
        }


@lru_cache(maxsize=1024)
def rules(on: date) -> Rules:
    """Law's answer for a day."""
    try:
        answer: dict[str, Any] = ask_act("own_rules_of", {"place": PLACE}, on=on, explain=False).as_json()
    except UsageError:  # before law was read: nothing
        return Rules(on, NOT_BEGUN, {}, "unknown", (), ("law_of_that_day",), "")
    named = {a["name"]: a.get("value") for a in answer["amounts"]}
    days = {CITY: ZONE_STARTS_CITY, WHOLE: ZONE_STARTS_WHOLE, NATIONAL: ZONE_STARTS_FIRST}
    starts = {stage: date.fromisoformat(str(named[name])) for stage, name in days.items() if named.get(name)}
    stage = NOT_BEGUN
    for later in (NATIONAL, CITY, WHOLE):
        if later in starts and on >= starts[later]:
            stage = later
    unknown = ("city_act",) if stage in (CITY, WHOLE) else ()
    return Rules(on, stage, starts, answer["verdict"], tuple(answer["cites"]), unknown, answer["law"]["fingerprint"])


@lru_cache(maxsize=1024)
def transition_until(started: date, on: date) -> date | None:
    """Until when an individual whose business began in the city before its registers needs no licence."""
    answer: dict[str, Any] = ask_act(
        "own_rules_of", {"place": PLACE, "started": started.isoformat()}, on=on, explain=False
    ).as_json()
    found = next((a.get("value") for a in answer["amounts"] if a["name"] == ZONE_TRANSITION), None)
    return None if found is None else date.fromisoformat(str(found))


class Merchant(NamedTuple):
    """Who may take payments. `why` a refusal's code, empty where he may; `cite` its article; `said` by registers."""

    id: str
    name: str
    why: str = ""
    cite: str = ""
    said: tuple[Permission, ...] = ()
    until: date | None = None  # of the transition

    def told(self) -> dict[str, Any]:
        said = [p.told() for p in self.said]
        until = self.until.isoformat() if self.until else ""
        return {"id": self.id, "name": self.name, "why": self.why, "cite": self.cite, "said": said, "until": until}


def merchant(tx: Transaction, contract: Contract, number: str, on: date) -> Merchant:
    """Whether a merchant may be paid on a day, and by what: the contract's list first, then the city's registers."""
    stage = rules(on).stage
    listed = next((m for m in contract.terms.get("merchants", ()) if m["id"] == number), None)
    name = str(listed["name"]) if listed else number
    if stage == NOT_BEGUN:
        return Merchant(number, name, "not_begun", REGIME)
    if stage == NATIONAL:
        return Merchant(number, name) if listed else Merchant(number, name, "merchant_not_listed", "nbk-law:51-5.2")
    found = [r for r in of_subjects(tx, [number]) if r.register in (permission.CITY_RESIDENTS, permission.CITY_PERMITS)]
    numbers = {r.register: r.number for r in found if _is_ours(r.register, r.fields)}
    name = next((r.subject_name for r in found), name)
    until = _transition(listed, on)
    said = tuple(permission.asked(tx, register, n, on) for register, n in sorted(numbers.items()))
    states = {p.register: p.status for p in said}
    if until is not None and on <= until:
        return Merchant(number, name, "", TRANSITION, said, until)
    if states.get(permission.CITY_RESIDENTS) != permission.ACTIVE:
        return Merchant(number, name, "not_a_resident", RESIDENCY, said)
    if states.get(permission.CITY_PERMITS) != permission.ACTIVE:
        return Merchant(number, name, "no_business_licence", LICENCE, said)
    return Merchant(number, name, "", LICENCE, said)


def _is_ours(register: str, fields: dict[str, Any]) -> bool:
    return register == permission.CITY_RESIDENTS or fields.get("permit") == "business_licence"


def _transition(listed: dict[str, Any] | None, on: date) -> date | None:
    """Law gives the transition to individuals with main business in the city before its registers began."""
    if listed is None or listed.get("kind") != "individual" or not listed.get("started"):
        return None
    started, begins = date.fromisoformat(str(listed["started"])), rules(on).starts.get(CITY)
    return transition_until(begins, on) if begins is not None and started < begins else None


def words(kind: str, code: str, lang: str) -> str:
    """A stage, a refusal (why) or a question in words."""
    return Message(f"city_{kind}_{code}").text(lang)
