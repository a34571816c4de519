"""Status messages (CARF Status Message 1.1): what the receiver says of a message that was sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.forms.carf.check import schema
from salyq.forms.xml_in import safe_xml

SCHEMA = "CARFStatusMessageXML_v1.1.xsd"


class StatusError(NamedTuple):
    """One error that the receiver found, in the receiver's own words."""

    code: str
    details: str
    doc_refs: tuple[str, ...]
    fields: tuple[str, ...]
    of_file: bool


class Status(NamedTuple):
    """`about`: MessageRefId of the message it speaks of; `state`: Accepted | Rejected."""

    about: str
    state: str
    errors: tuple[StatusError, ...]


def read_status(path: Path) -> Status:
    """InputError where the file is no status message by the schema."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
    root = safe_xml(data, str(path))
    rules = schema(SCHEMA)
    if not rules.validate(root):
        log: Any = rules.error_log
        first = log[0]
        params = {"why": first.message[:240]}
        raise InputError(Message("carf_schema_status", params), file=str(path), line=first.line)
    found = [_error(e, "FileError" in e.tag) for e in root.iter("{*}FileError", "{*}RecordError")]
    return Status(_first(root, "OriginalMessageRefID"), _first(root, "Status"), tuple(found))


def _error(element: Any, of_file: bool) -> StatusError:
    refs = tuple(e.text or "" for e in element.iter("{*}DocRefIDInError"))
    fields = tuple(e.text or "" for e in element.iter("{*}FieldPath"))
    return StatusError(_first(element, "Code"), _first(element, "Details"), refs, fields, of_file)


def _first(element: Any, name: str) -> str:
    found = next(element.iter(f"{{*}}{name}"), None)
    return (found.text or "").strip() if isinstance(found, etree._Element) else ""
