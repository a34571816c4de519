"""Taking steps (P1, E4): only those listed, by whom they belong to, and a decision by two persons, never on one's own
case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from salyq.civil.days import kz_day, kz_midnight
from salyq.civil.messages import Message, Words
from salyq.office.people import accounts
from salyq.office.procedures import lawful
from salyq.office.procedures.book import ended, first_step, next_steps, owed_steps, procedure, step_of, steps_of
from salyq.office.procedures.check import check_content, check_form
from salyq.office.procedures.effects import effect
from salyq.office.procedures.model import Application, Case, Procedure, Step, Taken
from salyq.office.procedures.read import SQL, case_of
from salyq.office.registry.book import words
from salyq.office.registry.read import AsOf, history, record
from salyq.office.store import entries, jobs
from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.store import Transaction

OFFICERS, SECONDS = ("officer", "head"), ("second_officer", "head")
_PROPOSALS = ("propose_grant", "propose_refusal", "open", "propose", "propose_end")


class NotAllowed(StoreError):
    """This person may not take this step here and now."""


def open_application(
    tx: Transaction,
    code: str,
    organisation: str,
    subject_name: str,
    fields: Mapping[str, Any],
    *,
    number: str | None = None,
    content: Mapping[str, Any] | None = None,
) -> Case:
    """Files an application (or opens an official act), and answers with it. Nothing is kept where it cannot be
    taken.
    """
    spec = procedure(code)
    step = first_step(spec)
    today = kz_day(tx.now)
    if spec.about_record and not organisation:
        found = record(tx, spec.register, number or "", AsOf.now(tx))
        organisation, subject_name = (found.subject_id, found.subject_name) if found else ("", "")
    operator = lawful.operator_of(tx, spec, fields)
    made = Application(
        tx.store.ids.uuid(tx.now),
        code,
        spec.office,
        organisation,
        subject_name,
        number,
        tx.access.user,
        tx.now,
        operator,
    )
    _check_person(tx, spec, step, made, [])
    fields = {**spec.fixed, **fields}
    said = {**(content or {}), "fields": dict(fields)}
    check_content(spec, step, said)
    form = {**_from_record(tx, spec, number), **fields} if spec.about_record else fields
    tx.run(entries.SQL["lock_head"])
    _check_record(tx, spec, made)
    check_form(spec, organisation, fields, today)
    lawful.check_about(tx, fields)
    tx.run(SQL["add_application"], made._asdict())
    said["fields"] = dict(form)
    return _keep(tx, spec, step, Case(made, []), said)


def take_step(tx: Transaction, id_: UUID, name: str, content: Mapping[str, Any]) -> Case:
    """The step, kept with law's answer and its effect on the register; or an error, and nothing is kept."""
    tx.run(entries.SQL["lock_head"])  # two persons at once: the second sees what the first did
    case = case_of(tx, id_)
    if case is None:
        raise StoreError("procedures_no_application")
    spec = procedure(case.application.procedure)
    step = step_of(spec, name)
    if step is None or case.status not in step.sources:
        said = Words(**step.words) if step else name[:60]
        raise Conflict("procedures_step_not_listed", step=said, status=Message(f"portal_status_{case.status}"))
    if step.once and case.last(name) is not None:
        raise Conflict("procedures_only_once", step=Words(**step.words))
    _check_person(tx, spec, step, case.application, case.steps)
    check_content(spec, step, content)
    if step.amends:
        lawful.check_same_operator(spec, case, content.get("fields", {}))
        check_form(spec, "", content.get("fields", {}), kz_day(tx.now), whole=False)
        lawful.check_about(tx, {**case.form, **content.get("fields", {})})
    return _keep(tx, spec, step, case, content)


def _keep(tx: Transaction, spec: Procedure, step: Step, case: Case, content: Mapping[str, Any]) -> Case:
    today = kz_day(tx.now)
    draft = Taken(
        len(case.steps),
        step.name,
        case.status if step.notes else step.to,
        tx.access.user,
        tx.access.role,
        tx.now,
        today,
        dict(content),
        None,
        None,
        -1,
    )
    after = Case(case.application, [*case.steps, draft])
    answer = lawful.asked(spec, step, after, today)
    lawful.check_law(spec, step, after, answer)
    lawful.check_in_time(step, answer, content, today)
    if not case.steps:
        lawful.check_filed_in_time(spec, answer, today)
    if step.asks and step.name not in lawful.REFUSALS:
        lawful.check_standing(tx, spec, after.form)
    if step.notes:
        due = case.steps[-1].due
    else:
        due = None if step.to in ended(spec) else lawful.due(spec, step, after, answer)
    said = dict(content)
    if late := lawful.late_since(step, answer, today):
        said["late_since"] = late
    if step.effect or step.effect_also:
        said["written"] = effect(tx, spec, step, after)
    kept: dict[str, Any] = {"application": str(case.application.id), "procedure": spec.code, "step": step.name}
    kept |= {"n": draft.n, "content": _without_private(spec, said), "due": due.isoformat() if due else None}
    kept |= {"status": draft.status, "law": lawful.fingerprint(answer), "organisation": case.application.organisation}
    kind = "decision" if step.by == "second" or (step.by == "operator" and step.asks) else "application"
    stream = f"application/{case.application.id}"
    act = entries.Act(kind, stream, kept, office=spec.office, organisation=case.application.organisation or None)
    [written] = entries.append(tx, [act])
    taken = draft._replace(content=said, answer=answer, due=due, entry=written.position, at=written.recorded_at)
    after = Case(case.application, [*case.steps, taken])
    _add(tx, spec, after)
    return after


def _add(tx: Transaction, spec: Procedure, after: Case) -> None:
    """Keeps the last step; each day that it leaves to pass is looked at when it has."""
    application, taken = after.application, after.steps[-1]
    row = {**taken._asdict(), "content": Jsonb(taken.content)}
    row["answer"] = None if taken.answer is None else Jsonb(taken.answer)
    owner: dict[str, Any] = {"office": application.office, "organisation": application.organisation}
    owner["over"] = taken.status in ended(spec)
    tx.run(SQL["add_step"], {**row, **owner, "application": application.id})
    if taken.name == "overdue":
        return
    for day in {day for day in (taken.due, lawful.held(spec, after)) if day}:
        late = kz_midnight(day + timedelta(days=1))
        args = {"application": str(application.id), "due": day.isoformat()}
        jobs.put(tx, "deadline", args, late, key=f"deadline/{application.id}/{taken.n}/{day.isoformat()}")


# --- who --------------------------------------------------------------------------------------------------------------


def _check_person(
    tx: Transaction, spec: Procedure, step: Step, application: Application, steps: list[Taken] | Any
) -> None:
    """E4: the applicant's own steps are his; an officer is of the office, and never decides on what is his own."""
    who = tx.access
    if step.by == "applicant":
        if application.organisation not in who.organisations:
            raise NotAllowed("procedures_not_yours", organisation=application.organisation)
        return
    opener = spec.by_applicant and accounts.same_person(tx, application.opened_by, who.user)
    own = application.organisation in who.organisations or opener
    if step.by == "operator":
        if own:
            raise NotAllowed("procedures_own_case")
        if application.operator is None or application.operator not in who.organisations:
            raise NotAllowed("procedures_not_your_platform", organisation=application.operator or "—")
        return
    roles = OFFICERS if step.by == "officer" else SECONDS
    if who.role not in roles or spec.office not in who.offices:
        raise NotAllowed(
            "procedures_not_your_office", office=words("office", spec.office), who=Message(f"procedures_by_{step.by}")
        )
    if own:
        raise NotAllowed("procedures_own_case")
    proposer = next((s.by_account for s in reversed(steps) if s.name in _PROPOSALS), None)
    try:
        accounts.check_known(tx, who.user)
        if step.by == "second" and proposer is not None:
            accounts.check_other_person(tx, proposer, who.user)
    except StoreError as error:
        raise NotAllowed(error.code, **error.message.params) from error


def may_take(tx: Transaction, case: Case, step: Step) -> bool:
    """Whether it is this person's to take the step now."""
    try:
        _check_person(tx, procedure(case.application.procedure), step, case.application, case.steps)
    except NotAllowed:
        return False
    return True


def _check_record(tx: Transaction, spec: Procedure, made: Application) -> None:
    """A procedure about a record: it is there, it is the organisation's, and no other such procedure is open."""
    if not spec.about_record:
        return
    found = record(tx, spec.register, made.number or "", AsOf.now(tx))
    if found is None:
        raise StoreError("registry_no_record", register=spec.register, number=(made.number or "")[:60])
    if found.subject_id != made.organisation:
        raise NotAllowed("procedures_not_yours", organisation=made.organisation)
    if tx.values(SQL["open_about"], {"procedure": spec.code, "number": made.number}):
        raise Conflict("procedures_already_open", number=made.number)


def _from_record(tx: Transaction, spec: Procedure, number: str | None) -> dict[str, Any]:
    """What law needs of the record itself: its kind, the day of its grant."""
    found = record(tx, spec.register, number or "", AsOf.now(tx)) if number else None
    if found is None or spec.ask is None:
        return {}
    needed = {"kind"} if any("{kind}" in v for v in spec.ask.facts.values()) else set()
    again = any(e.event == "renewed" for e in history(tx, spec.register, found.number)) if spec.ask.record else False
    told = {} if again else {fact: str(getattr(found, name)) for fact, name in spec.ask.record.items()}
    return told | {k: v for k, v in found.fields.items() if k in needed}


def _without_private(spec: Procedure, content: Mapping[str, Any]) -> dict[str, Any]:
    from salyq.office.registry.book import register
    from salyq.office.registry.write import hidden_fields

    hidden = hidden_fields(register(spec.register))
    fields = {k: v for k, v in content.get("fields", {}).items() if k not in hidden}
    return {**content, "fields": fields} if "fields" in content else dict(content)


# --- the day that passed ----------------------------------------------------------------------------------------------


def deadline(tx: Transaction, args: Mapping[str, Any]) -> str | None:
    """P2: a day on which something was due has passed; that is a fact of the case, once."""
    tx.run(entries.SQL["lock_head"])
    case, due = case_of(tx, UUID(args["application"])), date.fromisoformat(args["due"])
    if case is None:
        return None
    spec, last = procedure(case.application.procedure), case.steps[-1]
    held = lawful.held(spec, case) == due
    if not held and last.due != due:
        return None
    if any(s.name == "overdue" and s.content["due"] == due.isoformat() for s in case.steps):
        return None
    owed_by = "applicant" if held else _owed_by(spec, last.status)
    what = {"due": due.isoformat(), "status": last.status, "owed_by": owed_by}
    what["consequence"] = _consequence(spec, last.status, what["owed_by"])
    kept = {"application": str(case.application.id), "procedure": spec.code, "step": "overdue", "n": len(case.steps)}
    act = entries.Act(
        "application",
        f"application/{case.application.id}",
        {**kept, "content": what, "status": last.status},
        office=spec.office,
        organisation=case.application.organisation or None,
    )
    [written] = entries.append(tx, [act])
    overdue = Taken(
        len(case.steps),
        "overdue",
        last.status,
        "salyq",
        "work",
        tx.now,
        kz_day(tx.now),
        what,
        None,
        last.due,
        written.position,
    )
    _add(tx, spec, Case(case.application, [*case.steps, overdue]))
    return f"overdue {case.application.id} {last.status} {due}"


def _owed_by(spec: Procedure, status: str) -> str:
    if not spec.stops and any(s.clock == "stop" and s.to == status for s in steps_of(spec.steps_name)):
        return "office"  # nothing stopped its clock
    owing = [s.by for s in owed_steps(spec, status) if s.name not in ("withdraw", "propose_refusal", "propose_end")]
    return "applicant" if owing and set(owing) == {"applicant"} else "office"


def _consequence(spec: Procedure, status: str, owed_by: str) -> str:
    """What the day that passed opens (a code of messages.toml): the steps that the other side may take now."""
    if owed_by != "applicant":
        return "office_is_late"
    may = {s.name for s in next_steps(spec, status)}
    return "may_be_refused" if "propose_refusal" in may else "may_be_ended" if "propose_end" in may else "owner_is_late"


JOBS: Mapping[str, jobs.Handler] = {"deadline": deadline}
