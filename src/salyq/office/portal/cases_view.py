"""An application as its page shows it, in the cabinet and in the authority: clock, form, documents, law, steps taken,
and the steps that this visitor may take now.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.app.asking import act_names, words
from salyq.app.lawbook import whole
from salyq.civil.errors import SalyqError
from salyq.office.intake import documents
from salyq.office.intake.files import LARGEST
from salyq.office.people.accounts import OFFICIAL
from salyq.office.portal.fields import Input, inputs_of, read, shown
from salyq.office.portal.pieces import page_html
from salyq.office.portal.readers import shown_day
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit
from salyq.office.procedures.book import next_steps, owed_steps, procedure, says, step_of
from salyq.office.procedures.clock import clock_of
from salyq.office.procedures.model import Case, Procedure, Step
from salyq.office.procedures.read import case_of
from salyq.office.procedures.take import may_take, take_step
from salyq.office.store.store import Transaction
from salyq.present.ask_text import answer_page
from salyq.present.page import Line
from salyq.present.words import Words

LONGEST = 5000


def page(visit: Visit, door: str) -> Response:
    """GET shows the application; POST takes the step that the form names, or says what is wrong with it."""
    id_ = application_id(visit)
    wrong: SalyqError | None = None
    if visit.request.method == "POST":
        try:
            _post(visit, id_)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect(f"/{door}/applications/{id_}", done=visit.form.get("step", "")[:40])
    with visit.transaction() as tx:
        case = case_of(tx, id_)
        if case is None:
            raise visit.not_there()
        context = _context(tx, visit, case)
    return visit.render("application.html", status_of(wrong), door=door, wrong=wrong, **context)


def application_id(visit: Visit) -> UUID:
    try:
        return UUID(visit.path["id"])
    except ValueError:
        raise HTTPException(404) from None


def document(visit: Visit) -> Response:
    """A document of the application as a download: never shown in the page's own origin."""
    id_ = application_id(visit)
    with visit.transaction() as tx:
        found = documents.one(tx, id_, visit.path["sha256"])
    if found is None:
        raise visit.not_there()
    data = documents.content(visit.site.folder, found)
    name = found.file_name.encode("ascii", "ignore").decode().replace('"', "") or "file"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _post(visit: Visit, id_: UUID) -> None:
    name = visit.form.get("step", "")[:40]
    with visit.transaction() as tx:
        case = case_of(tx, id_)
        if case is None:
            raise visit.not_there()
        spec = procedure(case.application.procedure)
        step = step_of(spec, name)
        content: dict[str, Any] = {}
        for field in (f for some in says(spec, step) for f in some) if step is not None else ():
            if text := visit.form.get(f"s.{field}", "").strip()[:LONGEST]:
                content[field] = text
        if step is not None and step.amends:
            content["fields"] = read(inputs_of(spec, visit.lang), visit.form)
        take_step(tx, id_, name, content)
        keep_documents(visit, tx, spec, case)


def keep_documents(visit: Visit, tx: Transaction, spec: Procedure, case: Case) -> None:
    """Files that came with the form, each under the document that it is."""
    names = {d.name for d in spec.documents}
    for field, file in visit.files.items():
        name = field.removeprefix("d.")
        if field.startswith("d.") and name in names:
            documents.add(tx, visit.site.folder, case.application, name, file.filename or "", _bytes(file))


def _bytes(file: UploadFile) -> bytes:
    return file.file.read(LARGEST + 1)


def _context(tx: Transaction, visit: Visit, case: Case) -> dict[str, Any]:
    spec = procedure(case.application.procedure)
    inputs = inputs_of(spec, visit.lang)
    after = next_steps(spec, case.status, (s.name for s in case.steps))
    return {
        "case": case,
        "spec": spec,
        "clock": clock_of(spec, case),
        "form": shown(inputs, case.form, visit.lang),
        "documents": documents.listed(tx, case.application.id),
        "law": law_html(visit, case.law),
        "steps": [(s, step_of(spec, s.name)) for s in case.steps],
        "open": [(s, _amends(s, inputs), says(spec, s)) for s in after if may_take(tx, case, s)],
        "told": _told,
        "values": _values(visit, inputs, case),
        "done": visit.query.get("done", ""),
        "owed": owed_steps(spec, case.status, (s.name for s in case.steps)),
        "unknown": visit.account if _decides_unknown(visit) else None,
    }


def _decides_unknown(visit: Visit) -> bool:
    """Whether the visitor is an official of whom nobody can tell whether he is a second account of somebody here."""
    return visit.account is not None and visit.account.role in OFFICIAL and visit.account.iin is None


def _told(spec: Procedure, name: str, value: str, lang: str) -> str:
    """What a step said, in words and with a reader's days."""
    if name in ("effect_on", "cure_by", "item_done", "late_since"):
        return shown_day(value, lang)
    found = next((p for p in spec.of_law("refusal") if name == "ground" and p.code == value), None)
    return value if found is None else found.words[lang]


def _amends(step: Step, inputs: list[Input]) -> list[Input]:
    return inputs if step.amends else []


def _values(visit: Visit, inputs: list[Input], case: Case) -> dict[str, Any]:
    """What stands in the fields: what was just sent, else what the case holds."""
    if visit.request.method == "POST":
        return dict(case.form) | read(inputs, visit.form)
    return dict(case.form)


def law_html(visit: Visit, answer: dict[str, Any] | None) -> Markup | None:
    """The kept answer of law as people read it."""
    if answer is None:
        return None
    parts = ("needs", "duties", "amounts", "findings", "unsettled")
    full = {**{p: [] for p in parts}, "missing": [], "gate": None, "authority": None, "basis": "", **answer}
    missing, full["missing"] = full["missing"], []  # a page asks in words, without the names of facts
    shown_page = answer_page(full, act_names()[full["act"]], visit.lang, words(), whole().acts)
    title = shown_page.parts[0]
    assert isinstance(title, Line)
    told = Markup("<p><strong>{}</strong></p>{}").format(title.text, page_html(shown_page, 3))
    return told + _questions(missing, Words(visit.lang))


def _questions(missing: list[dict[str, Any]], say: Words) -> Markup:
    if not missing:
        return Markup("")
    asked = Markup("").join(Markup("<li>{}</li>").format(say.label(m["question"], m["fact"])) for m in missing)
    return Markup("<h3>{}</h3><ul>{}</ul>").format(say("ask_missing"), asked)
