"""Tax returns: the forms room reads them back and checks kinds, formulas and the form's own checks."""

from __future__ import annotations

from pathlib import Path

from salyq.civil.messages import Message, Words
from salyq.forms.check import check_file
from salyq.forms.load import editions
from salyq.forms.read_back import read_back
from salyq.office.intake import auctions
from salyq.office.intake.model import Fault, Kind, Received

FEE = "880.00"


def kinds() -> list[Kind]:
    """One kind a form that the forms room knows."""
    found: dict[str, Kind] = {}
    for edition in editions():
        title = Words(f"{edition.form} нысаны", f"Форма {edition.form}", f"Form {edition.form}")
        fee = edition.form == FEE
        compare, later = (auctions.compare_fee, auctions.compare_later) if fee else (None, None)
        found.setdefault(edition.form, Kind(edition.form, title, ("tax",), read, compare, later=later))
    return [found[form] for form in sorted(found)]


def read(path: Path, form: str) -> Received:
    """The return in our `.lines.json`, the cabinet's JSON or XML; of another form, or of a year whose form was not
    read, it is refused."""
    found = read_back(path)
    received = Received(period=found.period, about=found.person_id)
    received.summary = {"form": found.edition.form, "edition": found.edition.edition, "lines": len(found.lines)}
    if found.edition.form != form:
        received.faults.append(Fault("form", found.edition.form, Message("intake_other_form", {"form": form}), form))
        return received
    if found.edition.draft is not None:  # nobody has read what the official form of that year asks
        received.faults.append(Fault("form", found.period, Message("intake_draft", {"why": found.edition.draft}), ""))
        return received
    received.rows.append(found.lines)
    received.faults += [Fault(p.line, p.value, p.message, p.right) for p in check_file(found)]
    if form == FEE and not received.faults:
        received.summary[auctions.KWH] = auctions.bought_kwh(received.rows)
    return received
