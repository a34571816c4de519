"""A filled return as PDF (typst): lines in the form's own order beside the figure, article and key of each."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from salyq.civil.citing import cites_text
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.forms.filled import Choice, Line, Return, Sheet, Table
from salyq.law import shipped

WIDE = ("text", "id")  # columns of words share the width; columns of numbers take what they need
LONG = 16  # characters: a longer value is folded
TICKS = {"true": "✓", "false": "–"}
WORDS = ("line", "words", "value", "source", "byhand", "why", "checks", "notes")


def return_pdf(made: Return, lang: str) -> bytes:
    """The PDF; the same return gives the same bytes."""
    return typeset("return.typ", page_data(made, lang))


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """A template of this room with its data. Text is given as data and never as markup."""
    try:
        import typst
    except ImportError:
        raise UsageError(Message("form_needs_package", {"package": "typst"})) from None
    source = (files("salyq.forms") / template).read_bytes()
    made: bytes = typst.compile(
        source,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=datetime(2020, 1, 1, tzinfo=UTC),
    )
    return made


def page_data(made: Return, lang: str) -> dict[str, Any]:
    """What the page says, in one language."""
    say = {name: Message(f"form_pdf_{name}").text(lang) for name in WORDS}
    head = [
        [Message("form_pdf_person").text(lang), f"{made.person_name}, {made.person_id}".strip(", ")],
        [Message("form_pdf_period").text(lang), made.period],
    ]
    if made.due is not None:
        head.append([Message("form_pdf_due").text(lang), made.due.strftime("%d.%m.%Y")])
    return {
        "lang": lang,
        "form": made.edition.form,
        "edition": made.edition.edition,
        "title": made.edition.title.text(lang),
        "act": made.edition.act.text(lang),
        "draft": made.draft.text(lang) if made.draft else None,
        "period": made.period,
        "person": made.person_id,
        "words": say,
        "head": head,
        "sheets": [_sheet(s, lang) for s in made.sheets],
        "byhand": [[name, why.text(lang)] for name, why in made.by_hand()],
        "checks": [f"{f.annex}: {f.words.text(lang)}" for f in made.failed],
        "notes": [n.text(lang) for n in (made.edition.note, *made.notes) if n is not None],
    }


def _sheet(sheet: Sheet, lang: str) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "words": sheet.annex.words.text(lang),
        "about": sheet.about,
        "wide": any(x.cell.kind in WIDE and len(x.text or "") > LONG for x in sheet.lines.values()),
        "lines": [_line(sheet, x, lang) for x in sheet.lines.values() if not _empty_row(sheet, x)],
        "tables": [_table(t, lang) for t in sheet.tables if t.filled],
    }


def _empty_row(sheet: Sheet, line: Line) -> bool:
    """A numbered row of a grid that has nothing in it."""
    code = line.name.removeprefix(f"{sheet.name}.").partition(".")[0]
    if not any(code in g.codes for g in sheet.annex.grid):
        return False
    row = [x for n, x in sheet.lines.items() if n.startswith(f"{sheet.name}.{code}.")]
    return all(x.text is None and x.why is None for x in row)


def _line(sheet: Sheet, line: Line, lang: str) -> dict[str, Any]:
    return {
        "code": line.name.removeprefix(f"{sheet.name}."),
        "words": line.cell.words.text(lang),
        "value": grouped(line, lang),
        "why": line.why.text(lang) if line.why is not None and line.text is None else "",
        "source": source_of(line, lang),
        "choices": [_choice(line, c, lang) for c in line.choices],
    }


def _choice(line: Line, choice: Choice, lang: str) -> str:
    """What the line would be under another choice, in words and as `--set` takes it."""
    series = shipped().series
    own = f"{line.source.partition('.')[0]}.{choice.election}"
    name = own if own in series else next((n for n in series if n.endswith(f".{choice.election}")), "")
    said = f"{choice.election}={choice.choice}"
    if name:
        law, words = series[name], series[name].choices.get(choice.choice, {})
        said = f"{law.label.get(lang, choice.election)}: {words.get(lang, choice.choice)} ({said})"
    text = choice.text or Message("form_pdf_unknown").text(lang)
    return Message("form_pdf_choice", {"choice": said, "text": text}).text(lang)


def source_of(line: Line, lang: str | None = None) -> str:
    """Figure and period (the key of `salyq explain`), then its articles (in words where a language is given); or the
    formula."""
    if line.cell.formula and "." not in line.source:
        return line.cell.formula
    if line.cell.fact or line.cell.row:
        return ""
    parts = [line.source + (f" {line.period}" if line.period else "")] if line.source else []
    if line.cell.formula:
        parts.append(line.cell.formula)
    cites = list(line.cites[:3]) or ([line.cell.law] if line.cell.law and line.text is not None else [])
    parts += [cites_text(cites, shipped().acts, lang)] if lang and cites else cites
    return " · ".join(parts)


def grouped(line: Line, lang: str) -> str:
    """The text of the form for the eye: digits in groups, ticks, the kind of return in words."""
    if line.text is None:
        return ""
    if line.cell.fact == "option.kind":
        return Message(f"form_kind_{line.text}").text(lang)
    if line.cell.kind == "tick":
        return TICKS.get(line.text, line.text)
    if line.cell.kind not in ("amount", "money", "kwh"):
        return line.text
    sign, body = ("-", line.text[1:]) if line.text.startswith("-") else ("", line.text)
    whole, point, tail = body.partition(".")
    point = "," if point and lang != "en" else point
    return f"{sign}{int(whole):,}".replace(",", "\u202f") + point + tail


def _table(table: Table, lang: str) -> dict[str, Any]:
    columns = [c for c in table.rows.columns if any(c.code in r.texts for r in table.filled)]
    return {
        "code": table.rows.code,
        "words": table.rows.words.text(lang),
        "widths": [1 if c.kind in WIDE and c.code != "A" else 0 for c in columns],
        "head": [f"{c.code} {c.words.text(lang)}" for c in columns],
        "rows": [[r.texts.get(c.code, "") for c in columns] for r in table.filled],
    }
