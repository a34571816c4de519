"""`salyq forms report`: the tables of pools and exchanges."""

from __future__ import annotations

from pathlib import Path

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.output import check_target, emit_json, emit_page, write_files


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], metavar="TABLE"),
        click.Argument(["file"], metavar="FILE.csv"),
        click.Option(["--period"], required=True, metavar="P", help=words("option", "report_period")),
        click.Option(["--by"], required=True, metavar="BIN", help=words("option", "report_by")),
        click.Option(["--name", "firm"], default="", metavar="TEXT", help=words("option", "report_name")),
        click.Option(["--to"], required=True, metavar="DIR", help=words("option", "form_to")),
        options.form(words),
        options.lang(words),
    ]
    return Command("forms report", words, run, params)


def run(*, name: str, file: str, period: str, by: str, firm: str, to: str, form: str, lang: str) -> int:
    from salyq.civil.ids import check_id
    from salyq.forms.tables.report import fill, table_json, table_xlsx
    from salyq.present.as_json import dumps
    from salyq.present.page import Page

    wrong = check_id(by)
    if wrong is not None:
        raise UsageError(wrong, column="--by", value=by)
    path = Path(file)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=file)
    folder = check_target("--to", to, [file])
    filled = fill(name, path, period)
    told = table_json(filled, by)
    stem = f"{name}-{period}"
    contents: dict[str, str | bytes] = {
        f"{stem}.lines.json": dumps(told),
        f"{stem}.xlsx": table_xlsx(filled, by, firm, lang),
    }
    write_files("--to", folder, contents)
    if form == "json":
        emit_json(told)
        return 0
    page = Page()
    page.title(f"{filled.form.index} · {filled.form.title.text(lang)} · {period}")
    for note in (filled.draft, filled.form.note):
        if note is not None:
            page.line(note.text(lang), style="warning" if note is filled.draft else "")
    params = {"rows": len(filled.rows), "left_out": filled.left_out, "due": filled.due or "—"}
    page.line(Message("cli_report_rows", params).text(lang))
    page.line(Message("cli_forms_written").text(lang) + " " + ", ".join(str(folder / n) for n in contents))
    emit_page(page)
    return 0
