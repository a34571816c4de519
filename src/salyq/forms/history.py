"""What was handed in against the case as it is now, line by line; and which duties are filed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from salyq.assessing.result import Assessment
from salyq.civil.errors import SalyqError
from salyq.civil.numbers import NumberError, format_scaled, parse_scaled
from salyq.facts.case import Case
from salyq.forms.as_lines import lines_json
from salyq.forms.asked import Asked
from salyq.forms.fill import fill
from salyq.forms.load import editions
from salyq.forms.register import Document, Register

LEFT = ("sent", "accepted")  # states of a return that stands with the authority


@dataclass(frozen=True, slots=True)
class Difference:
    """One line, or the number of rows of one section, then and now. `by` is now − then for numbers."""

    line: str
    was: str | None
    now: str | None
    by: str | None


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Line by line, in the form's order; then sections whose rows changed."""
    one, two = then.get("lines", {}), now.get("lines", {})
    for line in dict.fromkeys((*two, *one)):
        if one.get(line) != two.get(line):
            yield Difference(line, one.get(line), two.get(line), _by(one.get(line), two.get(line)))
    first, second = then.get("rows", {}), now.get("rows", {})
    for section in dict.fromkeys((*second, *first)):
        own, other = first.get(section, []), second.get(section, [])
        if own != other:
            yield Difference(section, str(len(own)), str(len(other)), _by(str(len(own)), str(len(other))))


def _by(was: str | None, now: str | None) -> str | None:
    try:
        return format_scaled(parse_scaled(now or "0") - parse_scaled(was or "0"))
    except NumberError:
        return None


def filed_before(register: Register, person: str, form: str, period: str) -> Document | None:
    """The last return of this form and period that stands with the authority."""
    found = [d for d in register.documents(person) if (d.form, d.period) == (form, period) and d.state in LEFT]
    return found[-1] if found else None


def changed(case: Case, register: Register) -> Iterator[tuple[Document, list[Difference] | SalyqError]]:
    """Every return that stands with the authority, with what the case of today would change in it."""
    asked_of: dict[int, Asked] = {}
    for document in register.latest(case.person.id).values():
        if document.state not in LEFT:
            continue
        asked = asked_of.setdefault(document.year, Asked(case, document.year))
        one = Asked(case, document.year, document.period, options=_options(document))
        try:
            one.__dict__["assessment"], one.__dict__["world"] = asked.assessment, asked.world
            found = list(differences(document.content, lines_json(fill(one, document.form))))
        except SalyqError as error:
            yield document, error
            continue
        yield document, found


def _options(document: Document) -> dict[str, str]:
    """What the user had said on the command line stays said: it is no change of the data."""
    lines: Any = document.content.get("lines", {})
    told = {"kind": ("7", "kind"), "tax_office": ("tax_office",), "phone": ("4",), "email": ("4.1",)}
    options = {}
    for option, codes in told.items():
        value = next((lines[f"{document.form}.{c}"] for c in codes if f"{document.form}.{c}" in lines), None)
        if value:
            options[option] = str(value)
    return options


def duties(result: Assessment, register: Register) -> dict[tuple[str, str], Document | None]:
    """(duty, period) -> the return that was handed in for it, None where it is open. Empty without a register."""
    documents = register.documents(result.person_id) if result.person_id else []
    if not documents:
        return {}
    forms = {e.form: e.duty for e in editions() if e.duty}
    found = {(forms[d.form], d.period): d for d in documents if d.state in LEFT and d.form in forms}
    own = set(forms.values())
    return {(o.duty, o.period): found.get((o.duty, o.period)) for o in result.obligations if o.duty in own}
