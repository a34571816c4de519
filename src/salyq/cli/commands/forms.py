"""`salyq forms list | show | fill | check`: returns and reports in their official form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.loading import load
from salyq.cli.output import check_target, emit_json, emit_page, write_files
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.forms.check import Problem
    from salyq.forms.filled import Return
    from salyq.forms.model import Edition
    from salyq.forms.tables.report import TableForm
    from salyq.forms.write import Written

COMMANDS = {
    "list": "salyq.cli.commands.forms:build_list",
    "show": "salyq.cli.commands.forms:build_show",
    "fill": "salyq.cli.commands.forms:build_fill",
    "check": "salyq.cli.commands.forms:build_check",
    "report": "salyq.cli.commands.forms_report:build",
    "history": "salyq.cli.commands.forms_history:build_history",
    "mark": "salyq.cli.commands.forms_history:build_mark",
}
DIFFERS = 3
SHOWN = 50  # problems that a page shows
DEPENDS = "form_depends"
KINDS_OF_RETURN = ("first", "regular", "additional", "on_notice")


def build(words: Help) -> click.Command:
    return Group("forms", words, COMMANDS, [options.lang(words)])


# ---- list and show ---------------------------------------------------------------------------------------------------
def build_list(words: Help) -> click.Command:
    return Command("forms list", words, run_list, [options.form(words), options.lang(words)])


def run_list(*, form: str, lang: str) -> int:
    from salyq.forms.load import editions
    from salyq.forms.tables.report import forms as tables
    from salyq.present.page import Page

    found = editions()
    if form == "json":
        emit_json([*(_edition_json(e) for e in found), *map(_table_json, tables().values())])
        return 0
    page = Page()
    head = [Message(f"cli_forms_{c}").text(lang) for c in ("form", "edition", "years", "per", "title", "outputs")]
    page.table(
        head,
        (
            [
                e.form,
                e.edition,
                f"{e.periods.first}–{e.periods.until}",
                Message(f"form_per_{e.periods.per}").text(lang),
                e.title.text(lang),
                " ".join(("lines.json", *e.outputs)),
            ]
            for e in found
        ),
    )
    page.blank()
    page.line(Message("cli_forms_tables").text(lang))
    page.table(
        head[:5],
        (
            [t.name, t.index, f"{t.first}–{t.until}", Message(f"form_per_{t.per}").text(lang), t.title.text(lang)]
            for t in tables().values()
        ),
    )
    emit_page(page)
    return 0


def _table_json(table: TableForm) -> dict[str, Any]:
    return {
        "form": table.name, "edition": table.index, "first": table.first, "until": table.until or None,
        "per": table.per,
        "title": {lang: table.title.text(lang) for lang in ("kk", "ru", "en")},
        "act": {lang: table.act.text(lang) for lang in ("kk", "ru", "en")},
        "persons": [table.reporter], "outputs": ["lines.json", "xlsx"], "draft_later": table.draft_after is not None,
    }  # fmt: skip


def _edition_json(edition: Edition) -> dict[str, Any]:
    return {
        "form": edition.form,
        "edition": edition.edition,
        "first": edition.periods.first,
        "until": edition.periods.until,
        "per": edition.periods.per,
        "title": {lang: edition.title.text(lang) for lang in ("kk", "ru", "en")},
        "act": {lang: edition.act.text(lang) for lang in ("kk", "ru", "en")},
        "persons": edition.persons,
        "outputs": ["lines.json", *edition.outputs],
        "draft_later": edition.draft_after is not None,
    }


def build_show(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], metavar="FORM"),
        click.Option(["--year"], type=options.Year(), metavar="Y", help=words("option", "year")),
        options.form(words),
        options.lang(words),
    ]
    return Command("forms show", words, run_show, params)


def run_show(*, name: str, year: int | None, form: str, lang: str) -> int:
    from salyq.forms.load import edition_for, lines_of, of_form
    from salyq.present.page import Page

    edition = of_form(name)[-1] if year is None else edition_for(name, year)
    rows = [
        (f"{a.code}.{code}", cell.words, cell.figure or cell.formula or cell.fact or cell.row or "")
        for a in edition.annex
        for code, cell in lines_of(a)
    ]
    rows += [(f"{a.code}.{r.code}.{c.code}", c.words, c.row) for a in edition.annex for r in a.rows for c in r.columns]
    if form == "json":
        lines = [
            {"line": n, "words": {x: w.text(x) for x in ("kk", "ru", "en")}, "source": s or None} for n, w, s in rows
        ]
        emit_json({**_edition_json(edition), "draft": edition.draft is not None, "lines": lines})
        return 0
    page = Page()
    page.title(f"{edition.form} · {edition.title.text(lang)} · {edition.edition}")
    page.line(edition.act.text(lang))
    for note in (edition.draft, edition.note):
        if note is not None:
            page.line(note.shown(lang), style="warning" if note is edition.draft else "")
    page.blank()
    head = [Message(f"form_pdf_{c}").text(lang) for c in ("line", "words", "source")]
    page.table(head, ([n, w.text(lang), s] for n, w, s in rows))
    emit_page(page)
    return 0


# ---- fill ------------------------------------------------------------------------------------------------------------
def build_fill(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.year(words),
        click.Option(["--form", "name"], metavar="F", help=words("option", "official_form")),
        click.Option(["--period"], metavar="P", help=words("option", "form_period")),
        click.Option(["--to"], required=True, metavar="DIR", help=words("option", "form_to")),
        click.Option(["--revision"], metavar="UUID", help=words("option", "revision")),
        click.Option(["--kind"], type=options.OneOf(KINDS_OF_RETURN), metavar="K", help=words("option", "return_kind")),
        click.Option(["--tax-office"], metavar="CODE", help=words("option", "tax_office")),
        click.Option(["--phone"], metavar="N", help=words("option", "phone")),
        click.Option(["--email"], metavar="A", help=words("option", "email")),
        click.Option(["--official"], is_flag=True, help=words("option", "official")),
        options.person(words),
        options.known(words),
        options.settings(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("forms fill", words, run_fill, params)


def run_fill(
    *,
    inputs: Sequence[str],
    year: int,
    name: str | None,
    period: str | None,
    to: str,
    person: str | None,
    known: date | None,
    settings: Sequence[tuple[str, str]],
    form: str,
    lang: str,
    official: bool,
    **stated: str | None,
) -> int:
    from salyq.forms.asked import Asked
    from salyq.forms.write import write_returns

    folder = check_target("--to", to, list(inputs))
    told = {k: v for k, v in stated.items() if v is not None} | ({"official": "yes"} if official else {})
    with Bar() as bar:
        case = load(inputs, bar, person)
        asked = Asked(case, year, period or "", known, dict(settings), told)
        written = write_returns(asked, name, period, lang)
        write_files("--to", folder, {n: data for w in written for n, data in w.files.items()})
    _register(written, folder)
    if form == "json":
        from salyq.forms.as_lines import lines_json

        emit_json([{**lines_json(w.made), "files": [str(folder / n) for n in w.files]} for w in written])
    else:
        _print(written, folder, lang)
    return 0


def _register(written: Sequence[Written], folder: Path) -> None:
    """Every filled return is kept in the register, once for each content."""
    import json

    from salyq.forms.register import Register, file_digest

    register = Register()
    for w in written:
        name = next(iter(w.files))
        path = folder / name
        content, digest = json.loads(path.read_text(encoding="utf-8")), file_digest(path)
        if w.made.person_id and not any(d.sha256 == digest for d in register.documents(w.made.person_id)):
            register.add(content, "filled", str(path), digest)


def _print(written: Sequence[Written], folder: Path, lang: str) -> None:
    from salyq.civil.reader import shown_period
    from salyq.present.page import Page

    page = Page(lang=lang)
    for w in written:
        made = w.made
        page.heading(f"{made.edition.form} · {made.edition.title.text(lang)} · {shown_period(made.period, lang)}")
        if made.draft is not None:
            page.line(made.draft.text(lang), style="warning")
        for line in _main_lines(made, lang):
            page.line(f"{line[0]}  {line[1]}: {line[2]}", indent=1)
        by_hand = made.by_hand()
        if by_hand:
            page.line(Message("form_pdf_byhand").text(lang) + ":", style="strong")
            for n, why in by_hand:
                if getattr(why, "code", "") == DEPENDS:  # its cause is told on its own line
                    continue
                page.line(f"{n}: {why.shown(lang)}", indent=1)
        for failed in made.failed:
            page.line(f"{failed.annex}: {failed.words.text(lang)}", style="error")
        for note in made.notes:
            page.line(note.shown(lang), style="warning")
        if w.before is not None:
            params = {"number": w.before.number, "at": w.before.at[:10]}
            page.line(Message("cli_forms_differences", params).text(lang), style="strong")
            for d in w.differences[:SHOWN]:
                page.line(f"{d.line}: {d.was or '—'} → {d.now or '—'}" + (f" ({d.by})" if d.by else ""), indent=1)
        page.line(Message("cli_forms_written").text(lang) + " " + ", ".join(str(folder / n) for n in w.files))
    emit_page(page)


def _main_lines(made: Return, lang: str) -> list[tuple[str, str, str]]:
    """Lines that come to a figure: what a person looks for first."""
    from salyq.forms.as_pdf import grouped

    return [
        (x.name, x.source, grouped(x, lang))
        for x in made.lines()
        if x.text is not None and (x.cell.figure or x.cell.agrees)
    ]


# ---- check -----------------------------------------------------------------------------------------------------------
def build_check(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE"),
        click.Option(["--case"], metavar="CASE", help=words("option", "check_case")),
        options.form(words),
        options.lang(words),
    ]
    return Command("forms check", words, run_check, params)


def run_check(*, file: str, case: str | None, form: str, lang: str) -> int:
    """Exit 0 where all holds, 3 where something differs."""
    from salyq.forms.check import check_file
    from salyq.forms.read_back import read_back

    path = Path(file)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=file)
    read = read_back(path)
    problems = check_file(read)
    if case is not None:
        problems += _against(read, case)
    if form == "json":
        emit_json(
            {
                "form": read.edition.form,
                "year": read.year,
                "period": read.period,
                "lines": len(read.lines),
                "rows": sum(len(r) for r in read.rows.values()),
                "problems": [
                    {"line": p.line, "value": p.value, "right": p.right or None, "why": p.message.texts()}
                    for p in problems
                ],
            }
        )
    else:
        _print_check(file, problems, len(read.lines), lang)
    return DIFFERS if problems else 0


def _against(read: Any, case: str) -> list[Problem]:
    from salyq.forms.asked import Asked
    from salyq.forms.check import compare
    from salyq.forms.fill import fill

    with Bar() as bar:
        found = load([case], bar)
        if found.person.id != read.person_id:
            raise UsageError(Message("form_other_person", {"there": read.person_id}), column="--case", value=case)
        made = fill(Asked(found, read.year, read.period), read.edition.form)
        return list(compare(read, made))


def _print_check(file: str, problems: Sequence[Problem], lines: int, lang: str) -> None:
    from salyq.present.page import Page

    page = Page()
    for p in problems[:SHOWN]:
        right = Message("cli_forms_right", {"right": p.right}).text(lang) if p.right else ""
        page.line(f"{file}: {p.line} «{p.value}»: {p.message.text(lang)}{right}")
    if len(problems) > SHOWN:
        page.line("…")
    code = "cli_forms_checked" if not problems else "cli_forms_problems"
    page.line(Message(code, {"lines": lines, "count": len(problems)}).text(lang), style="" if not problems else "error")
    emit_page(page)
