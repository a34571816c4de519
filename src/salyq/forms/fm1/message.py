"""One FM-1 message: XML in UTF-16, GUIDs in capitals, the four parts of the form; and the other way round."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from lxml import etree

from salyq.civil.currencies import is_currency
from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.forms.fm1.edition import Fm1Edition, edition_on
from salyq.forms.fm1.find import Reportable
from salyq.forms.fm1.rows import FORBIDDEN, Subject
from salyq.forms.xml_in import safe_xml

LARGEST = 4 * 1024 * 1024
RECEIVER = "AFM"
ZONE = ZoneInfo("Asia/Almaty")
GUID = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\Z")
STAMP = re.compile(r"\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}\Z")
ANSWERS = {
    "Ack1": "accepted", "Ack2": "rejected", "Registration": "registered", "Ack12": "accepted", "Ack13": "rejected",
    "Ack14": "rejected", "DocInfo": "asked", "UponDocInfo": "answered",
}  # fmt: skip


class Made(NamedTuple):
    """A message. `by_hand`: what its edition leaves to the person: (element, why)."""

    guid: str
    data: bytes
    by_hand: list[tuple[str, Message]]


class Problem(NamedTuple):
    """An element that is not as it should be."""

    element: str
    value: str
    message: Message


class Answer(NamedTuple):
    """What the Agency says of a message. `kind`: Ack1, Ack2, …

    `state`: accepted | rejected | registered | asked | answered."""

    kind: str
    state: str
    about: str
    text: str


def new_guid() -> str:
    """A GUID in capitals."""
    return str(uuid4()).upper()


def build(found: Reportable, subject: Subject, people: Mapping[str, Mapping[str, str]], now: datetime) -> Made:
    """The message of one operation. The signature stays empty: it is made with the firm's own key."""
    edition = edition_on(found.day)
    by_hand: list[tuple[str, Message]] = []
    guid = new_guid()
    root = etree.Element("ExportData")
    data = etree.SubElement(etree.SubElement(root, "SignedData"), "Data")
    _texts(data, {
        "MessageId": guid, "MessageType": "doc", "Sender": subject.bin, "Receiver": RECEIVER,
        "TimeStamp": now.astimezone(ZONE).strftime("%d.%m.%Y %H:%M:%S"),
    })  # fmt: skip
    form = etree.SubElement(data, "FM1", edition=edition.name if edition else "")
    _texts(etree.SubElement(form, "Message"), {
        "FormId": new_guid(), "OperationDate": found.day.strftime("%d.%m.%Y"), "Ground": "threshold",
    })  # fmt: skip
    _subject(form, subject, edition, by_hand)
    _operation(form, found, edition, by_hand)
    cells = found.operation.cells
    for role, key in (("client", "client"), ("other", "other")):
        if cells[key]:
            _participant(form, role, cells[key], people, by_hand)
    etree.SubElement(root[0], "Signature")
    text = etree.tostring(root, encoding="unicode", pretty_print=True)
    return Made(guid, ('<?xml version="1.0" encoding="UTF-16"?>\n' + text).encode("utf-16"), by_hand)


def _texts(parent: Any, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        etree.SubElement(parent, name).text = value or None


def _subject(form: Any, subject: Subject, edition: Fm1Edition | None, by_hand: list[tuple[str, Message]]) -> None:
    code = subject.code
    if edition is None or edition.unread or code not in edition.subject_codes:
        if not code or (edition is not None and edition.unread):
            by_hand.append(("SubjectCode", Message("fm1_code_unread")))
        elif edition is not None:
            by_hand.append(("SubjectCode", Message("fm1_code_unknown", {"code": code, "edition": edition.name})))
    _texts(etree.SubElement(form, "Subject"), {
        "SubjectCode": code, "Bin": subject.bin, "Name": subject.name, "Address": subject.address,
        "Kato": subject.kato, "Head": subject.head, "Phone": subject.phone, "Email": subject.email,
    })  # fmt: skip


def _operation(form: Any, found: Reportable, edition: Fm1Edition | None, by_hand: list[tuple[str, Message]]) -> None:
    cells = found.operation.cells
    code, at = cells["code"], found.operation.at.astimezone(ZONE)
    if not code:
        by_hand.append(("ViewOperationId", Message("fm1_no_operation_code")))
    elif edition is not None and not edition.unread and not edition.has_operation(code):
        by_hand.append(("ViewOperationId", Message("fm1_code_unknown", {"code": code, "edition": edition.name})))
    if not cells["eknp"]:
        by_hand.append(("EknpId", Message("fm1_no_eknp")))
    _texts(etree.SubElement(form, "Operation"), {
        "OperationNumber": cells["id"], "OperationTime": at.strftime("%d.%m.%Y %H:%M:%S"),
        "ViewOperationId": code, "EknpId": cells["eknp"], "CurrencyCodeId": cells["currency"] or "KZT",
        "AmountCurrency": cells["amount"] or cells["amount_kzt"], "AmountCurrencyTenge": cells["amount_kzt"],
        "Asset": cells["asset"], "Quantity": cells["quantity"], "Purpose": cells["purpose"],
        "SuspicionFirst": "", "SuspicionSecond": "", "SuspicionThird": "",
    })  # fmt: skip


def _participant(
    form: Any, role: str, key: str, people: Mapping[str, Mapping[str, str]], by_hand: list[tuple[str, Message]]
) -> None:
    cells = people.get(key)
    own = etree.SubElement(form, "Participant", role=role)
    if cells is None:
        by_hand.append((f"Participant {role}", Message("fm1_no_participant", {"id": key})))
        _texts(own, {"Id": key})
        return
    _texts(own, {
        "Id": key, "Kind": cells["kind"], "Resident": cells["resident"], "Pep": cells["pep"],
        "LastName": cells["last_name"], "FirstName": cells["first_name"], "MiddleName": cells["middle_name"],
        "Name": cells["name"], "IinBin": cells["iin_bin"], "BirthDate": cells["birth_date"],
        "DocumentCode": cells["document_code"], "DocumentNumber": cells["document_number"],
        "Country": cells["country"], "Kato": cells["kato"], "Address": cells["address"], "Oked": cells["oked"],
        "Bank": cells["bank"], "Account": cells["account"],
    })  # fmt: skip


# ---- the other way round ---------------------------------------------------------------------------------------------
def read(path: Path) -> Any:
    """The root of a message or an answer. InputError where it is no XML in UTF-16, or hostile."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(Message("fm1_not_utf16"), file=str(path))
    root = safe_xml(data, str(path), LARGEST)
    if root.tag != "ExportData":
        raise InputError(Message("fm1_not_a_message"), file=str(path), line=root.sourceline)
    return root


def answer(root: Any) -> Answer | None:
    """What an answer says; None for a message of ours."""
    kind = _text(root, "MessageType")
    found = next((e for e in root.iter() if e.tag in ANSWERS), None)
    kind = found.tag if found is not None else kind
    if kind not in ANSWERS:
        return None
    own = _text(root, "MessageId")
    texts = [(e.text or "").strip() for e in root.iter()]
    about = next((t.upper() for t in texts if GUID.match(t.upper()) and t.upper() != own), "")
    said = _text(root, "Description") or _text(root, "ErrorText") or _text(root, "Text")
    return Answer(kind, ANSWERS[kind], about, said)


def check(root: Any) -> list[Problem]:
    """What is wrong with a message of ours."""
    found = [Problem(e.tag, e.text or "", Message("fm1_character", {"character": c}))
             for e in root.iter() for c in FORBIDDEN if c in (e.text or "")]  # fmt: skip
    for name in ("MessageId", "FormId"):
        if not GUID.match(_text(root, name)):
            found.append(Problem(name, _text(root, name), Message("fm1_guid")))
    if not STAMP.match(_text(root, "TimeStamp")):
        found.append(Problem("TimeStamp", _text(root, "TimeStamp"), Message("fm1_stamp")))
    if _text(root, "Receiver") != RECEIVER:
        found.append(Problem("Receiver", _text(root, "Receiver"), Message("carf_choice", {"choices": RECEIVER})))
    for element in root.iter("Sender", "Bin", "IinBin"):
        wrong = check_id((element.text or "").strip()) if element.text else None
        if wrong is not None:
            found.append(Problem(element.tag, element.text or "", wrong))
    for name in ("AmountCurrency", "AmountCurrencyTenge"):
        try:
            parse_scaled(_text(root, name))
        except NumberError as error:
            found.append(Problem(name, _text(root, name), error.message))
    currency = _text(root, "CurrencyCodeId")
    if not is_currency(currency):
        found.append(Problem("CurrencyCodeId", currency, Message("carf_currency")))
    return found + _codes(root)


def _codes(root: Any) -> list[Problem]:
    """Codes against the edition of the operation's day; blanks are told too."""
    try:
        day = datetime.strptime(_text(root, "OperationDate"), "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return [Problem("OperationDate", _text(root, "OperationDate"), Message("form_not_a_day"))]
    edition = edition_on(day)
    found = []
    for name in ("SubjectCode", "ViewOperationId", "EknpId"):
        if not _text(root, name):
            found.append(Problem(name, "", Message("carf_blank")))
    if edition is None or edition.unread:
        return found
    code, operation = _text(root, "SubjectCode"), _text(root, "ViewOperationId")
    params = {"edition": edition.name}
    if code and code not in edition.subject_codes:
        found.append(Problem("SubjectCode", code, Message("fm1_code_unknown", {"code": code, **params})))
    if operation and not edition.has_operation(operation):
        found.append(Problem("ViewOperationId", operation, Message("fm1_code_unknown", {"code": operation, **params})))
    for element in root.iter("DocumentCode"):
        if element.text and element.text not in edition.document_codes:
            params = {"code": element.text, "edition": edition.name}
            found.append(Problem("DocumentCode", element.text, Message("fm1_code_unknown", params)))
    return found


def _text(root: Any, name: str) -> str:
    found = next(root.iter(name), None)
    return "" if found is None else (found.text or "").strip()
