"""A filled return as `.lines.json` (interfaces §8): stable order, the same input gives the same bytes."""

from __future__ import annotations

from typing import Any

from salyq.civil.messages import Message
from salyq.forms.filled import Plain, Return, Table

NOT_FIGURES = ("formula", "")


def lines_json(made: Return) -> dict[str, Any]:
    """The mapping that the file holds. A column in lower case is a remark of ours, no column of the form."""
    filled = [x for x in made.lines() if x.text is not None]
    found: dict[str, Any] = {
        "form": made.edition.form,
        "edition": made.edition.edition,
        "draft": made.draft is not None,
        "year": made.year,
        "period": made.period,
        "person": made.person_id,
        "salyq": made.version,
        "law": made.fingerprint,
        "due": made.due.isoformat() if made.due else None,
        "annexes": list(made.used),
        "lines": {x.name: x.text for x in filled},
        "rows": {f"{s.name}.{t.rows.code}": _rows(t) for s in made.sheets for t in s.tables if t.filled},
        "by_hand": [{"line": name, "why": texts(why)} for name, why in made.by_hand()],
        "from": {x.name: x.source for x in made.lines() if _is_figure(x.source)},
        "choices": {
            x.name: [{"election": c.election, "choice": c.choice, "value": c.text} for c in x.choices]
            for x in made.lines()
            if x.choices
        },
        "checks": [{"annex": f.annex, "rule": f.rule, "why": texts(f.words)} for f in made.failed],
        "notes": [texts(n) for n in (made.draft, made.edition.note, *made.notes) if n is not None],
    }
    return found


def _is_figure(source: str) -> bool:
    return "." in source and not source.startswith(("annex:", "person.", "option.", "licence.", "year.", "period."))


def _rows(table: Table) -> list[dict[str, str]]:
    return [{**row.texts, **{k: v for k, v in row.extra.items() if k != "key"}} for row in table.filled]


def texts(words: Plain) -> dict[str, str]:
    """All three languages."""
    if isinstance(words, Message):
        return words.texts()
    return {lang: words.text(lang) for lang in ("kk", "ru", "en")}
