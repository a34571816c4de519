"""Whether a form is what a procedure takes: every fault at once, each by its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.office.procedures.asking import checked
from salyq.office.procedures.book import says
from salyq.office.procedures.model import Procedure, Step
from salyq.office.registry.book import register
from salyq.office.registry.check import Fault, wrong_value
from salyq.office.store.errors import StoreError

LONGEST = 5000
_DAYS = ("effect_on", "item_done", "cure_by")
_FACT_FIELDS = ("documents_complete",)
# Fields of official acts that are not of the register: what they are.
EXTRA = {"months": "whole", "ground": "text", "offender_class": "text", "repeat": "flag", "legal_form": "text"}


class WrongForm(StoreError):
    """The form, or what a step says, cannot be taken; `faults` names each field."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("procedures_wrong_form", field=faults[0].field, why=faults[0].message)
        self.faults = faults


def check_form(spec: Procedure, organisation: str, form: Mapping[str, Any], on: date, whole: bool = True) -> None:
    """WrongForm unless the form can be taken. `whole`: required fields must be there (an amendment may say less)."""
    faults: list[Fault] = []
    if organisation and (wrong := check_id(organisation)):
        faults.append(Fault("organisation", wrong, organisation[:20]))
    if on < spec.first:
        faults.append(Fault("procedure", Message("procedures_not_yet", {"first": spec.first.isoformat()})))
    reg = register(spec.register)
    known = {*spec.fields, *spec.fixed, *spec.facts(), *EXTRA, *_FACT_FIELDS}
    for name, value in form.items():
        field = reg.field(name)
        if name not in known:
            right = Message("registry_unknown_field", {"fields": ", ".join(sorted({*spec.fields, *spec.facts()}))})
            faults.append(Fault(name[:60], right))
        elif name in spec.fixed and value != spec.fixed[name]:
            faults.append(Fault(name, Message("registry_not_a_choice", {"choices": spec.fixed[name]}), str(value)[:60]))
        elif field is not None and name in spec.fields and value is not None:
            if wrong := wrong_value(field, value):
                faults.append(Fault(name, wrong, str(value)[:60]))
        elif not isinstance(value, str | bool | int) or len(str(value)) > LONGEST:
            faults.append(Fault(name, Message("registry_not_text", {"longest": LONGEST})))
    if whole:
        faults += [Fault(n, Message("registry_field_missing")) for n in spec.required if form.get(n) in (None, "")]
    if whole and spec.writes == "granted":
        computed = {"until"} if spec.term else set()
        faults += [
            Fault(f.name, Message("registry_field_missing"))
            for f in reg.fields
            if f.required
            and f.name in {*spec.fields} - {*spec.required}
            and f.name not in form
            and f.name not in computed
        ]
    if not faults and (wrong_fact := checked(spec, form, on)):
        faults.append(Fault(wrong_fact.column or "facts", wrong_fact.message, wrong_fact.value or ""))
    if faults:
        raise WrongForm(faults)


def check_content(spec: Procedure, step: Step, content: Mapping[str, Any]) -> None:
    """WrongForm unless the step says what it must, and nothing else."""
    needed, may = says(spec, step)
    allowed = {*needed, *may}
    if step.amends or "" in step.sources:  # not by identity: two threads may each have read the steps
        allowed.add("fields")
    faults = [
        Fault(name[:60], Message("registry_unknown_field", {"fields": ", ".join(sorted(allowed)) or "—"}))
        for name in content
        if name not in allowed
    ]
    for name in needed:
        value = content.get(name)
        if not isinstance(value, str) or not value.strip():
            faults.append(Fault(name, Message("registry_field_missing")))
    for name in allowed - {"fields"}:
        value = content.get(name)
        if isinstance(value, str) and len(value) > LONGEST:
            faults.append(Fault(name, Message("registry_not_text", {"longest": LONGEST})))
    for name in _DAYS:
        if name in content and not _day(content[name]):
            faults.append(Fault(name, Message("registry_not_a_day"), str(content[name])[:40]))
    grounds = [p.code for p in spec.of_law("refusal")]
    if "ground" in content and content["ground"] not in grounds:
        right = Message("registry_not_a_choice", {"choices": ", ".join(grounds) or "—"})
        faults.append(Fault("ground", right, str(content["ground"])[:40]))
    if faults:
        raise WrongForm(faults)


def _day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False
