"""XML from outside is hostile: no document type, no entities, bounded size and depth, nothing fetched."""

from __future__ import annotations

from typing import Any

from lxml import etree

from salyq.civil.errors import InputError
from salyq.civil.messages import Message

LARGEST = 64 * 1024 * 1024  # bytes of a document that is read whole
DEEPEST = 64  # nested elements: no message of any standard here comes near


def parser() -> etree.XMLParser:
    """A parser that resolves nothing and refuses giants."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )


def safe_xml(data: bytes, name: str, largest: int = LARGEST) -> Any:
    """The root of a document. InputError in one line for anything else."""
    if len(data) > largest:
        raise InputError(Message("form_xml_large", {"bytes": largest}), file=name)
    try:
        root = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(Message("form_xml", {"why": _first(error)}), file=name, line=_line(error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputError(Message("form_xml_doctype"), file=name)
    _check_depth(root, name)
    return root


def _check_depth(root: Any, name: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise InputError(Message("form_xml_deep", {"depth": DEEPEST}), file=name, line=element.sourceline)


def _first(error: Exception) -> str:
    text = str(error).splitlines()
    return (text[0] if text else type(error).__name__)[:200]


def _line(error: Exception) -> int | None:
    line = getattr(error, "lineno", None)
    return line if isinstance(line, int) and line > 0 else None
