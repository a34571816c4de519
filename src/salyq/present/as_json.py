"""An assessment as JSON (interfaces §5): amounts as text, dates ISO, stable order; same input, same bytes."""

from __future__ import annotations

import json
from decimal import Decimal

from salyq.assessing.result import Alternative, Assessment, Figure, Finding, Input, Obligation, Verdict
from salyq.civil.messages import Message
from salyq.present.amounts import plain
from salyq.present.clean import escape_json

Json = dict[str, object]


def assessment_json(a: Assessment) -> Json:
    """The whole assessment; keys in the order of interfaces §5, lists in the order of the assessment."""
    return {
        "salyq": a.version,
        "law": {"fingerprint": a.fingerprint, "known": a.known.isoformat()},
        "person": {"id": a.person_id or None, "kind": a.person_kind},
        "year": a.year,
        "figures": [figure_json(f) for f in a.figures],
        "findings": [_finding(f) for f in a.findings],
        "obligations": [_obligation(o) for o in a.obligations],
        "rows": {
            "read": a.rows.read,
            "used": a.rows.used,
            "ignored": a.rows.ignored,
            "rejected": a.rows.rejected,
        },
        "verdict": verdict_json(a.verdict),
        "choices": [{"election": c.election, "choice": c.choice, "stated": c.stated} for c in a.choices],
        "inputs": [_input(i) for i in a.inputs],
        "run": {
            "inputs": list(a.run.given),
            "person": a.run.person,
            "known": None if a.run.known is None else a.run.known.isoformat(),
            "settings": dict(a.run.settings),
            "as_of": None if a.run.as_of is None else a.run.as_of.isoformat(),
        },
    }


def verdict_json(v: Verdict) -> Json:
    """`state`, and `reasons` in order of money; `amount` is tenge, null where nobody can say."""
    return {
        "state": v.state,
        "reasons": [
            {"code": r.code, "message": r.message.texts(), "amount": _amount(r.amount, "KZT")} for r in v.reasons
        ],
    }


def _input(i: Input) -> Json:
    return {
        "file": i.file or None,
        "sha256": i.sha256,
        "reader": i.reader,
        "first": None if i.first is None else i.first.isoformat(),
        "last": None if i.last is None else i.last.isoformat(),
        "rows": i.rows,
    }


def dumps(value: object) -> str:
    """Two-space indent, Kazakh and Russian as they are, a newline at the end; safe to show on a terminal."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _amount(value: Decimal | None, unit: str) -> str | None:
    return None if value is None else plain(value, unit)


def _bounds(bounds: tuple[Decimal | None, Decimal | None] | None, unit: str) -> Json | None:
    if bounds is None:
        return None
    low, high = bounds
    return {"low": _amount(low, unit), "high": _amount(high, unit)}


def _said(message: Message) -> Json:
    return {"code": message.code, "message": message.texts()}


def _note(message: Message | None) -> Json:
    """`note` is the stable code (exempt, out_of_scope, …); its words stand beside it."""
    return {
        "note": None if message is None else message.code,
        "note_text": None if message is None else message.texts(),
    }


def figure_json(f: Figure) -> Json:
    """One figure, as an assessment has it."""
    return {
        "name": f.name,
        "period": f.period,
        "value": _amount(f.value, f.unit),
        "unit": f.unit,
        "status": f.status,
        "basis": f.basis,
        "cites": list(f.cites),
        "label": dict(f.label),
        "missing": [_said(m) for m in f.missing],
        "bounds": _bounds(f.bounds, f.unit),
        "so_far": _amount(f.so_far, f.unit),
        "alternatives": [_alternative(x, f.unit) for x in f.alternatives],
        **_note(f.note),
    }


def _alternative(x: Alternative, unit: str) -> Json:
    out: Json = {"election": x.election, "choice": x.choice, "value": _amount(x.value, unit)}
    if x.bounds is not None:
        out["bounds"] = _bounds(x.bounds, unit)
    if x.years:
        out["years"] = list(x.years)
    return out


def _finding(f: Finding) -> Json:
    return {
        "code": f.code,
        "severity": f.severity,
        "message": f.message.texts(),
        "cites": list(f.cites),
        "records": list(f.records),
        "amount": f.amount,
    }


def _obligation(o: Obligation) -> Json:
    return {
        "name": o.name,
        "rule": o.duty,
        "period": o.period,
        "due": None if o.due is None else o.due.isoformat(),
        "amount": _amount(o.amount, "KZT"),
        "cites": list(o.cites),
        "basis": o.basis,
        "status": o.status,
        "why": None if o.why is None else _said(o.why),
        **_note(o.note),
    }
