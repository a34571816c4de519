"""What law says to a step: its answer, whether it lets the step be taken, the day by which the next one is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from salyq.civil.messages import Message, Words
from salyq.law.named import LICENCE_DECISION
from salyq.office.procedures.asking import ask_law, due_of, told_by
from salyq.office.procedures.book import says, step_of
from salyq.office.procedures.check import WrongForm
from salyq.office.procedures.clock import started_and_stopped
from salyq.office.procedures.model import Case, Procedure, Step
from salyq.office.registry.book import register
from salyq.office.registry.check import Fault
from salyq.office.registry.model import ACTIVE
from salyq.office.registry.read import AsOf, record
from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.store import Transaction

_LAWFUL, _UNLAWFUL = "lawful", "unlawful"
REFUSALS = ("propose_refusal", "refuse")


def asked(spec: Procedure, step: Step, after: Case, today: date) -> dict[str, Any] | None:
    """Law's answer on the day of the filing; on the day of the step where it is asked for the step itself."""
    started, stopped, since, over = started_and_stopped(spec, after.steps)
    if over and not (step.asks or step.before):
        return None
    facts: dict[str, Any] = {"filed": started, "stopped_days": stopped or None, "returned": since}
    facts |= {"decided": today, "filed_again": after.last("resubmit") is not None or None}
    facts |= {"documents_complete": _complete(after), **told_by(spec, after)}
    return ask_law(spec, after.form, today if step.asks else started, facts)


def _complete(case: Case) -> bool | None:
    """Whether the set is whole: an officer accepted it, or what he sent back came mended; of these the last counts."""
    found = case.last("accept", "resubmit", "return")
    return None if found is None else found.name != "return"


def check_law(spec: Procedure, step: Step, after: Case, answer: Mapping[str, Any] | None) -> None:
    """What law forbids cannot be proposed. Where the acts read leave it open, the officer names the article that he
    rests on and answers for it (E4: with a second).
    """
    if not step.asks or answer is None or spec.ask is None or step.name in REFUSALS:
        return
    verdict, wanted = answer["verdict"], spec.ask.needs or _LAWFUL
    if verdict == wanted:
        return
    cites = ", ".join(answer["cites"]) or "—"
    told = "procedures_no_ground" if spec.ask.needs else "procedures_unlawful"
    if verdict in (_LAWFUL, _UNLAWFUL):
        raise StoreError(told, cites=cites)
    said = after.steps[-1].content.get("article") or after.form.get("article")
    needed, may = says(spec, step)
    if "article" in (*needed, *may) and not said:
        raise StoreError(told if spec.ask.needs else "procedures_article_needed", cites=cites)


def check_in_time(step: Step, answer: Mapping[str, Any] | None, content: Mapping[str, Any], today: date) -> None:
    """The days that law sets to a step: one that must not have passed, one that what it says must not pass."""
    last = due_of(answer, step.before) if step.before else None
    if last is not None and last < today:
        raise Conflict("procedures_too_late", step=Words(**step.words), due=last.isoformat())
    if date.fromisoformat(content.get("effect_on") or today.isoformat()) < today:
        past = Message("procedures_effect_past", {"today": today.isoformat()})
        raise WrongForm([Fault("effect_on", past, content["effect_on"])])
    for name, duty in step.within.items():
        most = due_of(answer, duty)
        if name in content and most is not None and date.fromisoformat(content[name]) > most:
            raise WrongForm([Fault(name, Message("procedures_too_far", {"due": most.isoformat()}), content[name])])


def check_filed_in_time(spec: Procedure, answer: Mapping[str, Any] | None, today: date) -> None:
    """A filing that law wants before a day (an extension, months before the end)."""
    last = due_of(answer, spec.in_time) if spec.in_time else None
    if last is not None and last < today:
        raise Conflict("procedures_filed_too_late", due=last.isoformat())


def check_standing(tx: Transaction, spec: Procedure, form: Mapping[str, Any]) -> None:
    """What must be so is so; the records that a form names are in force today."""
    faults = [Fault(n, Message("procedures_must_be_so")) for n in spec.yes if form.get(n) is not True]
    for name in spec.standing:
        field, number = register(spec.register).field(name), form.get(name)
        found = record(tx, field.of, str(number), AsOf.now(tx)) if field is not None and number else None
        if found is None or found.status != ACTIVE:
            faults.append(Fault(name, Message("procedures_not_in_force"), str(number or "")[:60]))
    if faults:
        raise WrongForm(faults)


def check_about(tx: Transaction, form: Mapping[str, Any]) -> None:
    """An act about a record names one that is there."""
    number = str(form.get("about") or "")
    if not number:
        return
    code = str(form.get("about_register") or "")
    if not code:
        raise WrongForm([Fault("about_register", Message("registry_field_missing"))])
    if record(tx, code, number, AsOf.now(tx)) is None:
        told = Message("registry_no_record", {"register": register(code).title(), "number": number[:60]})
        raise WrongForm([Fault("about", told, number[:60])])


def operator_of(tx: Transaction, spec: Procedure, form: Mapping[str, Any]) -> str | None:
    """Whom law gives the decision to: the holder of the record that the form names, in force today."""
    if not spec.operator:
        return None
    field, number = register(spec.register).field(spec.operator), str(form.get(spec.operator) or "")
    found = record(tx, field.of, number, AsOf.now(tx)) if field is not None and number else None
    if found is None or found.status != ACTIVE or not found.subject_id:
        raise WrongForm([Fault(spec.operator, Message("procedures_not_in_force"), number[:60])])
    return found.subject_id


def check_same_operator(spec: Procedure, case: Case, fields: Mapping[str, Any]) -> None:
    """Whoever examines it stays the same: another one is another application."""
    first = str(case.form.get(spec.operator) or "") if spec.operator else ""
    if spec.operator in fields and str(fields[spec.operator] or "") != first:
        raise WrongForm([Fault(spec.operator, Message("registry_not_a_choice", {"choices": first}))])


def due(spec: Procedure, step: Step, after: Case, answer: Mapping[str, Any] | None) -> date | None:
    """By when what comes next is due; a nearer day that the office itself named before counts."""
    stands = step.clock == "stop" and bool(spec.stops)
    if (step.due or step.until) and (stands or step.clock != "stop"):
        return _nearest((*step.until, *([step.due] if step.due else [])), after, answer)
    if not stands and spec.by_applicant:
        return due_of(answer, LICENCE_DECISION)
    return None


def held(spec: Procedure, case: Case) -> date | None:
    """The applicant's own day that stands beside what is due next, as the last step left it."""
    last = next((s for s in reversed(case.steps) if _moves(spec, s.name)), None)
    step = step_of(spec, last.name) if last else None
    return _nearest(step.holds, case, last.answer) if step and last else None


def _moves(spec: Procedure, name: str) -> bool:
    step = step_of(spec, name)
    return step is not None and not step.notes


def _nearest(names: Sequence[str], case: Case, answer: Mapping[str, Any] | None) -> date | None:
    """Of fields of days that the case told, and of duties of law's answer (they have a point)."""
    told = [*(s.content for s in case.steps), case.form]
    said = [date.fromisoformat(str(t[name])) for t in told for name in names if t.get(name)]
    by_law = [due_of(answer, name) for name in names if "." in name]
    return min([*said, *(day for day in by_law if day)], default=None)


def fingerprint(answer: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What of an answer stands in the entry: law's fingerprint, the verdict, the articles."""
    if answer is None:
        return None
    return {**answer["law"], "verdict": answer["verdict"], "cites": answer["cites"]}


def late_since(step: Step, answer: Mapping[str, Any] | None, today: date) -> str | None:
    """The day of a duty that the step came after; None where it came in time, or law names no day."""
    last = due_of(answer, step.late) if step.late else None
    return last.isoformat() if last is not None and last < today else None
