"""`salyq law show`: a value, a rule, a provision, an act or an article, with every version and who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.civil.reader import shown_day
from salyq.cli import lawbook, options
from salyq.cli.commands.law_data import data_text
from salyq.cli.helping import Command, Help
from salyq.cli.output import emit_json, emit_page

if TYPE_CHECKING:
    from salyq.app.law_show import Place
    from salyq.present.page import Page
    from salyq.present.words import Words
    from salyq.rulebook.law import Law, Provision, Series, Value
    from salyq.rulebook.rules import RuleVersion


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], nargs=-1, required=True, metavar="NAME|ACT[:ARTICLE]|ARTICLE|SUBJECT/PROVISION"),
        click.Option(["--on"], type=options.Day(), metavar="D", help=words("option", "law_on")),
        options.known(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("law show", words, run, params)


def run(*, name: tuple[str, ...], on: date | None, known: date | None, form: str, lang: str) -> int:
    """All versions known on a day, or the one in force on `--on`, and who reads them. What law has not is exit 2."""
    from salyq.app.law_show import is_name, near, place, provision
    from salyq.present.words import Words

    asked, law = " ".join(name), lawbook.whole()
    say, by_then = Words(lang, law.acts), known or law.known
    if is_name(law, asked):
        told = _name_json(law, asked, on, by_then)
        page = None if form == "json" else _name_page(law, told, on, by_then, say)
    elif found := provision(law, asked):
        told = _provision_json(law, found, on, by_then)
        page = None if form == "json" else _provision_page(law, found, told, say)
    elif where := place(law, asked):
        told = _place_json(law, where, asked, on, by_then)
        page = None if form == "json" else _place_page(where, told, say)
    else:
        hint = ", ".join(near(law, asked)) or "salyq law list"
        raise UsageError(Message("cli_no_such_law", {"near": hint}), value=asked)
    if page is None:
        emit_json(told)
    else:
        emit_page(page)
    return 0


# ---- a value or rule ----
def _name_json(law: Law, name: str, on: date | None, known: date) -> dict[str, Any]:
    from salyq.rulebook.readers import provisions_of, readers

    rows = [*_values(law, name, on, known), *_rules(law, name, on, known)]
    read = {"read_by": readers(law, name), "provisions": provisions_of(law, name)}
    return {"name": name, "label": dict(law.labels.get(name, {})), "versions": rows, **read}


def _values(law: Law, name: str, on: date | None, known: date) -> list[dict[str, Any]]:
    if name not in law.series:
        return []
    series = law.series[name]
    return [
        {
            "from": v.start.isoformat(),
            **_end(law, v, v.start, [w.start for w in series.values if w.enacted <= known], known),
            "value": None if v.data is None else data_text(v.data, series.unit),
            "unit": series.unit,
            "enacted": v.enacted.isoformat(),
            "by": v.by,
            "cite": v.cite,
            "basis": v.basis,
            "reason": None if v.reason is None else dict(v.reason),
            "note": None if v.note is None else dict(v.note),
        }
        for v in _values_in_force(law, name, on, known)
    ]


def _values_in_force(law: Law, name: str, on: date | None, known: date) -> list[Value]:
    if on is None:
        return [v for v in law.series[name].values if v.enacted <= known]
    one = law.value_at(name, on, known)
    return [] if one is None else [one]


def _rules(law: Law, name: str, on: date | None, known: date) -> list[dict[str, Any]]:
    from salyq.app.law_show import in_all_words
    from salyq.book.values import measured

    if name not in law.rules:
        return []
    return [
        {
            "from": r.since.isoformat(),
            **_end(law, r, r.since, [w.since for w in law.rules[name] if law.enacted(w) <= known], known),
            "value": f"{r.function.__name__}({', '.join(r.arguments)})",
            "unit": r.unit,
            "enacted": _day(law.enacted(r)),
            "by": r.by,
            "cite": r.cite,
            "basis": r.basis,
            "reason": None,
            "note": None,
            "words": in_all_words(r, measured),
        }
        for r in _in_force(law, name, on, known)
    ]


def _end(law: Law, v: Value | RuleVersion, start: date, starts: list[date], known: date) -> dict[str, str | None]:
    """The end that a version says, if that was known by then, with the act that made it and since when it is known;
    and the day before a later beginning, which ends it too."""
    ended = law.ended(v)
    told = v.until is not None and (ended is None or ended <= known)
    later = [d - timedelta(1) for d in starts if d > start]
    ends = [*([v.until] if told and v.until else []), *later]
    return {
        "until": v.until.isoformat() if told and v.until else None,
        "until_by": (v.until_by or None) if told else None,
        "end_known": _day(ended) if told else None,
        "in_force_until": min(ends).isoformat() if ends else None,
    }


def _in_force(law: Law, name: str, on: date | None, known: date) -> list[RuleVersion]:
    if on is None:
        return [r for r in law.rules[name] if law.enacted(r) <= known]
    one = law.rule_at(name, on, known)
    return [] if one is None else [one]


def _day(day: date | None) -> str | None:
    """A page without a date was always known."""
    return None if day is None or day == date.min else day.isoformat()


def _name_page(law: Law, told: Mapping[str, Any], on: date | None, known: date, say: Words) -> Page:
    from salyq.present.page import Page

    page, rows, name = Page(lang=say.lang), told["versions"], told["name"]
    page.title(f"{say.label(told['label'], name)} — {name}")
    if not rows:
        page.line(say("cli_not_in_force"))
    elif name in law.series:
        names = ("from", "until", "value", "enacted", "article", "basis")
        found = _values_in_force(law, name, on, known)
        page.table(
            [say("col_number" if x == "value" else f"col_{x}") for x in names],
            (_cells(law, v, r, say) for v, r in zip(found, rows, strict=True)),
        )
        for row, value in zip(rows, found, strict=True):
            for line in _table_of_tables(law, value, say):
                page.line(f"{_read(row['from'], say)}: {line}", indent=1)
            _below_version(page, row, say)
    else:
        for row, version in zip(rows, _in_force(law, name, on, known), strict=True):
            _rule(page, row, version, say)
    page.blank()
    page.line(say("law_read_by", names=", ".join(told["read_by"]) or "—"))
    if told["provisions"]:
        page.line(say("law_in_provisions", names=", ".join(told["provisions"])))
    return page


def _rule(page: Page, row: Mapping[str, Any], version: RuleVersion, say: Words) -> None:
    from salyq.app.law_show import in_lines
    from salyq.book.values import measured

    page.blank()
    basis = say.known(f"basis_{row['basis']}", str(row["basis"]))
    known = say("law_known_since", day=row["enacted"]) if row["enacted"] else ""
    page.line(" · ".join(x for x in (_life(row, say), say.cites([row["cite"]]), basis, known) if x), style="strong")
    _below_version(page, row, say, dated=False)
    for line in in_lines(version, say.lang, measured):
        page.line(line, indent=1)


def _below_version(page: Page, row: Mapping[str, Any], say: Words, *, dated: bool = True) -> None:
    """What makes a version other than its article says: its reason, remark, the act that made it, when its end was
    known."""
    head = f"{_read(row['from'], say)}: " if dated else ""
    for words in (row["reason"], row["note"]):
        if isinstance(words, Mapping):
            page.line(head + say.label(words, ""), indent=1, style="quiet")
    if read := say.to_read(str(row["cite"])):
        page.line(head + read, indent=1, style="quiet")
    if row["by"] != str(row["cite"]).partition(":")[0]:
        page.line(head + say("law_amended_by", act=say.cites([row["by"]])), indent=1, style="quiet")
    if row["until"] and row["until_by"]:
        ended = say("law_ended_by", act=say.cites([row["until_by"]]), day=row["end_known"] or "—")
        page.line(head + ended, indent=1, style="quiet")


def _cells(law: Law, value: Value, row: Mapping[str, Any], say: Words) -> list[str]:
    from salyq.book.values import told

    basis = say.known(f"basis_{row['basis']}", str(row["basis"]))
    days = [_read(row[x], say) for x in ("from", "in_force_until", "enacted")]
    text = "↓" if _table_of_tables(law, value, say) else told(_series_of(law, value), value, say)
    return [days[0], days[1], text, days[2], say.cites([row["cite"]]), basis]


def _series_of(law: Law, value: Value) -> Series:
    return next(s for s in law.series.values() if value in s.values)


def _table_of_tables(law: Law, value: Value, say: Words) -> list[str]:
    """A line for each entry that is a table itself (fines by article and class): too much for a cell."""
    from salyq.book.values import told

    lines = told(_series_of(law, value), value, say, "\n").split("\n")
    return lines if len(lines) > 1 else []


def _life(row: Mapping[str, Any], say: Words) -> str:
    return f"{_read(row['from'], say)} – {_read(row.get('in_force_until', row['until']), say) or '…'}"


def _read(day: str | None, say: Words) -> str:
    """A day as the language writes it."""
    return shown_day(date.fromisoformat(day), say.lang) if day else ""


# ---- a provision ----
def _provision_json(law: Law, p: Provision, on: date | None, known: date) -> dict[str, Any]:
    from salyq.civil.messages import LANGUAGES
    from salyq.rulebook.provisions import filled

    return {
        "provision": p.full,
        "cite": p.cite,
        "from": p.start.isoformat(),
        "until": None if p.until is None else p.until.isoformat(),
        "by": p.by,
        "until_by": p.until_by or None,
        "end_known": _day(law.acts[p.until_by].date if p.until and p.until_by in law.acts else None),
        "edition": p.edition.isoformat(),
        "basis": p.basis,
        "text": {lang: filled(law, p, lang, on, known) for lang in LANGUAGES},
        "encodes": list(p.encodes),
        "gap": p.gap or None,
        "reason": None if p.reason is None else dict(p.reason),
        "note": None if p.note is None else dict(p.note),
    }


def _provision_page(law: Law, p: Provision, told: Mapping[str, Any], say: Words) -> Page:
    from salyq.present.page import Page

    page = Page(lang=say.lang)
    page.title(f"{say.cites([p.cite])} — {p.full}")
    page.line(say.label(told["text"], p.id))
    basis = say.known(f"basis_{p.basis}", p.basis)
    page.line(" · ".join((_life(told, say), basis, say("book_edition", day=told["edition"]))), style="quiet")
    _below_version(page, told, say, dated=False)
    if p.gap:
        page.line(say(f"coverage_{p.gap}"), style="warning")
    if p.encodes:
        page.heading(say("book_encoded"))
        for name in p.encodes:
            page.line(f"{say.label(law.labels.get(name), name)} — {name}", indent=1)
    return page


# ---- an act or article ----
def _place_json(law: Law, where: Place, asked: str, on: date | None, known: date) -> dict[str, Any]:
    act = where.act
    found: dict[str, Any] = {"asked": asked, "articles": list(where.articles)}
    if act is not None:
        day = None if act.date is None else act.date.isoformat()
        found["act"] = {"id": act.id, "kind": act.kind, "title": dict(act.title), "date": day, "address": act.address}
    found["provisions"] = [_provision_json(law, p, on, known) for p in _of_day(law, where, on, known)]
    found["names"] = [{"name": n, "label": dict(law.labels.get(n, {}))} for n in where.names]
    return found


def _of_day(law: Law, where: Place, on: date | None, known: date) -> list[Provision]:
    """In the order of the articles; those in force on a day, where one is asked for."""
    from salyq.civil.citing import article_order
    from salyq.rulebook.provisions import in_force

    found = sorted(where.provisions, key=lambda p: (p.act, article_order(p.article), p.start))
    if on is None:
        return found
    then = {p.full for p in in_force(law, on, known)}
    return [p for p in found if p.full in then]


def _place_page(where: Place, told: Mapping[str, Any], say: Words) -> Page:
    from salyq.present.page import Page

    page, act = Page(lang=say.lang), where.act
    heads = say.cites(where.articles[:6]) + ("; …" if len(where.articles) > 6 else "")
    page.title(heads or say.label(act.title if act else None, told["asked"]))
    if act is not None:
        kind = say(f"book_kind_{act.kind}")
        parts = (say.label(act.title, act.id), kind, _read(told["act"]["date"], say), act.id, act.address)
        page.line(" · ".join(str(x) for x in parts if x), style="quiet")
    for p in told["provisions"]:
        page.blank()
        page.line(f"{say.cites([p['cite']])} · {_life(p, say)} · {p['provision']}", style="strong")
        page.line(say.label(p["text"], ""), indent=1)
        if p["encodes"]:
            page.line("→ " + ", ".join(p["encodes"]), indent=1, style="quiet")
        if p["gap"]:
            page.line(say(f"coverage_{p['gap']}"), indent=1, style="quiet")
    if told["names"]:
        page.heading(say("law_rest_on_it"))
        for n in told["names"]:
            page.line(" — ".join(x for x in (n["name"], say.label(n["label"], "")) if x), indent=1)
    return page
