"""What an end writes into the register, on the day of effect."""

from __future__ import annotations

from datetime import date
from typing import Any

from salyq.civil.days import kz_day
from salyq.office.procedures.asking import amount_of, ask_law
from salyq.office.procedures.model import Case, Procedure, Step
from salyq.office.registry.book import register
from salyq.office.registry.model import Subject
from salyq.office.registry.read import AsOf, record
from salyq.office.registry.write import Proposed, next_number, write
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

_PROPOSALS = ("propose_grant", "open", "propose", "propose_end", "register")


def effect(tx: Transaction, spec: Procedure, step: Step, case: Case) -> dict[str, Any]:
    """Writes the entry and says which: {"register", "number", "event", "valid_from"}. Refused leaves nothing."""
    event = step.effect_also or spec.writes
    day = _day(tx, case)
    number = case.application.number if spec.about_record else _number(tx, spec, case, event, day)
    if number is None:
        raise StoreError("procedures_no_application")
    subject = Subject(case.application.organisation, case.application.subject_name)
    if spec.about_record:
        found = record(tx, spec.register, number, AsOf(day))
        subject = subject if found is None else Subject(found.subject_id, found.subject_name)
    fields = _fields(spec, case, event, day)
    proposal = case.last(*_PROPOSALS)
    said = dict(proposal.content) if proposal else {}
    cite = spec.cites[0]
    ground = {
        "act": cite.partition(":")[0],
        "article": str(said.get("article") or cite.partition(":")[2]),
        "authority": spec.office,
        "decision": str(case.application.id),
        "proposed_by": proposal.by_account if proposal else "",
        "decided_by": tx.access.user,
    }
    if case.application.operator is not None:
        ground["registered_by"] = case.application.operator
    write(tx, [Proposed(spec.register, number, event, day, subject, fields, ground)])
    return {"register": spec.register, "number": number, "event": event, "valid_from": day.isoformat()}


def written(case: Case) -> dict[str, Any] | None:
    """What the case wrote, told by its steps (the number of the licence that was granted)."""
    return next((s.content["written"] for s in reversed(case.steps) if "written" in s.content), None)


def _day(tx: Transaction, case: Case) -> date:
    proposal = case.last(*_PROPOSALS)
    named = proposal.content.get("effect_on") if proposal else None
    today = kz_day(tx.now)
    return max(today, date.fromisoformat(named)) if named else today


def _number(tx: Transaction, spec: Procedure, case: Case, event: str, day: date) -> str:
    if event == "granted":
        return next_number(tx, spec.register, day.year)
    before = written(case)
    if before is None:
        raise StoreError("procedures_no_application")
    return str(before["number"])


def _fields(spec: Procedure, case: Case, event: str, day: date) -> dict[str, Any]:
    """The register's fields of the form; a term that law gives is asked."""
    names = {f.name for f in register(spec.register).fields} & {*spec.fields, *spec.fixed, "reason"}
    if event in ("resumed", "surrendered") and spec.steps_name == "plan":
        return {}
    found = {k: v for k, v in case.form.items() if k in names}
    if event == "renewed":
        found = {k: v for k, v in found.items() if k == "until"}
    if spec.term and event in ("granted", "renewed"):
        answer = ask_law(spec, case.form, day, {"filed": case.steps[0].day, "granted": day})
        until = amount_of(answer, spec.term)
        if until is not None:
            found["until"] = until[:10]
    months = case.form.get("months")
    if event == "suspended" and months is not None and register(spec.register).field("suspended_until"):
        found["suspended_until"] = months_later(day, int(months)).isoformat()
    if event == "resumed":
        found["reason"] = None
    return found


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError
