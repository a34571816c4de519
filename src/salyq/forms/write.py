"""Which returns a case needs for a year, and the files of each."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.forms.as_lines import lines_json
from salyq.forms.asked import Asked
from salyq.forms.fill import fill, periods, suits
from salyq.forms.filled import Return
from salyq.forms.history import Difference, differences, filed_before
from salyq.forms.load import edition_for, editions
from salyq.forms.model import Edition
from salyq.forms.register import Document, Register

CABINET, XML = "json", "xml"
ADDITIONAL = ("additional", "on_notice")


@dataclass(frozen=True, slots=True)
class Written:
    """A filled return and its files: name -> contents."""

    made: Return
    files: dict[str, str | bytes]
    before: Document | None = None  # what an additional return corrects
    differences: tuple[Difference, ...] = ()


def write_returns(asked: Asked, form: str | None, period: str | None, lang: str) -> list[Written]:
    """The returns asked for; without `form` every one that this person owes for the year. UsageError where there is
    none."""
    found = [written(made, asked_for, lang) for made, asked_for in returns(asked, form, period)]
    if not found:
        params = {"year": asked.year, "kind": asked.case.person.kind}
        raise UsageError(
            Message("form_none_for_person", params),
            column="--form" if form else "--year",
            value=form or str(asked.year),
        )
    return found


def returns(asked: Asked, form: str | None, period: str | None) -> list[tuple[Return, Asked]]:
    """Filled returns, each with what was asked for it."""
    found = []
    for edition in [edition_for(form, asked.year)] if form else _of_person(asked):
        for p in [period] if period else periods(edition, asked.year):
            one = replace(asked, period=p)
            one.__dict__["assessment"] = asked.assessment  # worked out once for all forms of the year
            one.__dict__["world"] = asked.world
            if form and period:
                found.append((fill(one, edition.form, edition), one))
            elif suits(edition, p) and (form is not None or _owed(edition, one)):
                made = fill(one, edition.form, edition)
                if _owed(edition, one) or edition.periods.per == "year" or len(made.used) > 1:
                    found.append((made, one))
    return found


def _of_person(asked: Asked) -> list[Edition]:
    found = []
    for form in dict.fromkeys(e.form for e in editions()):
        try:
            edition = edition_for(form, asked.year)
        except UsageError:
            continue
        if asked.case.person.kind in edition.persons:
            found.append(edition)
    return found


def _owed(edition: Edition, asked: Asked) -> bool:
    return bool(edition.duty) and asked.duty(edition.duty) is not None


def written(made: Return, asked: Asked, lang: str) -> Written:
    """The files of one return. Without the year's revision the cabinet's JSON is not made, and that is said."""
    name = made.edition.form if made.edition.periods.per == "year" else f"{made.edition.form}-{made.period}"
    files: dict[str, str | bytes] = {}
    for output in made.edition.outputs:
        if output == CABINET:
            if asked.options.get("revision"):
                from salyq.forms.as_cabinet import cabinet_json

                files[f"{name}.json"] = cabinet_json(made, asked)
            else:
                made.notes.append(Message("form_no_revision"))
        elif output == XML:
            from salyq.forms.as_xml import form_xml

            files[f"{name}.xml"] = form_xml(made, asked)
        elif output == "xlsx":
            from salyq.forms.as_xlsx import return_xlsx

            files[f"{name}.xlsx"] = return_xlsx(made, lang)
        elif output == "pdf":
            from salyq.forms.as_pdf import return_pdf

            files[f"{name}.pdf"] = return_pdf(made, lang)
    told = lines_json(made)
    before, found = _against_filed(made, asked, told)
    if before is not None:
        told["corrects"] = {"number": before.number, "sha256": before.sha256, "at": before.at}
        told["differences"] = [{"line": d.line, "was": d.was, "now": d.now, "difference": d.by} for d in found]
    return Written(made, {f"{name}.lines.json": _json(told), **files}, before, tuple(found))


def _against_filed(made: Return, asked: Asked, told: dict[str, Any]) -> tuple[Document | None, list[Difference]]:
    """An additional return says, line by line, what it changes of the one that was handed in."""
    if asked.options.get("kind") not in ADDITIONAL:
        return None, []
    before = filed_before(Register(), made.person_id, made.edition.form, made.period)
    if before is None:
        made.notes.append(Message("form_nothing_filed"))
        return None, []
    return before, list(differences(before.content, told))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
