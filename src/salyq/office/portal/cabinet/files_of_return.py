"""The returns of a case as files, and their handing in."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.facts.case import Case
from salyq.forms.as_lines import lines_json
from salyq.forms.as_pdf import return_pdf
from salyq.forms.as_xlsx import return_xlsx
from salyq.forms.asked import Asked
from salyq.forms.filled import Return
from salyq.forms.write import returns
from salyq.office.cases.model import CaseState
from salyq.office.intake.model import Filing
from salyq.office.intake.receive import receive
from salyq.office.portal.visit import Visit
from salyq.present.as_json import dumps

_TYPES = {
    "lines.json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def returns_of(case: Case, year: int) -> list[Return]:
    """Every return that the person owes for the year, filled."""
    return [made for made, _ in returns(Asked(case, year), None, None)]


def _one(made: Sequence[Return], form: str, period: str) -> Return:
    found = next((r for r in made if r.edition.form == form and period in ("", r.period)), None)
    if found is None:
        raise HTTPException(404)
    return found


def file_of(made: Sequence[Return], form: str, period: str, ending: str, lang: str) -> Response:
    """The return as a file."""
    if ending not in _TYPES:
        raise HTTPException(404)
    found = _one(made, form, period)
    data = {
        "lines.json": lambda: dumps(lines_json(found)).encode(),
        "pdf": lambda: return_pdf(found, lang),
        "xlsx": lambda: return_xlsx(found, lang),
    }[ending]()
    headers = {"content-disposition": f'attachment; filename="{found.edition.form}-{found.period}.{ending}"'}
    return Response(data, media_type=_TYPES[ending], headers=headers)


def hand_in(visit: Visit, now: CaseState, made: Sequence[Return], form: str, period: str) -> Filing:
    """The return goes to intake as it is shown; StoreError or a refused filing where it may not be taken."""
    found = _one(made, form, period)
    if not found.person_id:
        raise UsageError(Message("portal_no_person_id"), column="form")
    name = f"{found.edition.form}-{found.period}.lines.json"
    with visit.transaction() as tx:
        data = dumps(lines_json(found)).encode()
        return receive(tx, visit.site.folder, found.edition.form, now.row.subject or found.person_id, name, data)
