"""A report as PDF for signing: tagged (PDF/UA-1 and PDF/A-2a), with page numbers and the fingerprint on each page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.report.blocks import Block, Chart, Document, Para, Step, Table

STEPS = 60  # lines of one explanation on paper; the HTML report and `salyq explain` tell all
_MADE = datetime(2020, 1, 1, tzinfo=UTC)  # fixed, so that the same report gives the same bytes


def report_pdf(document: Document, more: str) -> bytes:
    """The PDF; the same document gives the same bytes. `more`: what stands where an explanation is cut."""
    try:
        import typst
    except ImportError:
        raise UsageError(Message("report_needs_package", {"package": "typst"})) from None
    source = (files("salyq.report") / "report.typ").read_bytes()
    made: bytes = typst.compile(
        source,
        sys_inputs={"data": json.dumps(_data(document, more), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
        timestamp=_MADE,
    )
    return made


def _data(d: Document, more: str) -> dict[str, Any]:
    return {
        "lang": d.lang,
        "title": d.title,
        "stamp": d.stamp,
        "contents": d.contents,
        "facts": [list(f) for f in d.facts],
        "sections": [{"title": s.heading, "blocks": [_block(b, more) for b in s.blocks]} for s in d.sections],
    }


def _block(b: Block, more: str) -> dict[str, Any]:
    if isinstance(b, Para):
        return {"kind": "para", "text": b.text, "style": b.style}
    if isinstance(b, Table):
        return _table(b)
    if isinstance(b, Chart):
        return {"kind": "chart", "svg": b.svg, "says": b.says, "title": b.title, "table": _table(b.table)}
    lines: list[dict[str, Any]] = []
    _lines(b.root, 0, lines)
    shown = lines[:STEPS]
    if len(lines) > STEPS:
        shown.append({"depth": 1, "text": more})
    return {"kind": "tree", "lines": shown}


def _table(t: Table) -> dict[str, Any]:
    wide = [max((len(row[n]) for row in t.rows), default=0) for n in range(len(t.head))]
    long = {n for n, size in enumerate(wide) if size > 24 and n not in t.right}
    fractions = [min(4, 2 + wide[n] // 40) if n in long else 0 for n in range(len(t.head))]
    if not any(fractions):
        fractions[0] = 1
    return {
        "kind": "table",
        "caption": t.caption,
        "head": list(t.head),
        "rows": [list(r) for r in t.rows],
        "right": sorted(t.right),
        "fractions": fractions,
    }


def _lines(step: Step, depth: int, found: list[dict[str, Any]]) -> None:
    found.append({"depth": depth, "text": step.line})
    for inner in step.below:
        _lines(inner, depth + 1, found)
