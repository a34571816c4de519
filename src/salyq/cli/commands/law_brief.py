"""`salyq law brief`: a policy brief of the country on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.output import check_target, emit, emit_json, emit_page, write_bytes

ENDINGS = (".md", ".html", ".pdf")


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--on"], type=options.Day(), required=True, metavar="D", help=words("option", "brief_on")),
        options.known(words),
        click.Option(["--to"], metavar="FILE.md|.html|.pdf", help=words("option", "brief_to")),
        options.form(words),
        options.lang(words),
    ]
    return Command("law brief", words, run, params)


def run(*, on: date, known: date | None, to: str | None, form: str, lang: str) -> int:
    from salyq.app.brief import brief, brief_json
    from salyq.app.lawbook import whole

    reading = whole().reading
    first, last = date(reading["first_year"], 1, 1), date(reading["last_year"], 12, 31)
    if not first <= on <= last:
        told = Message("brief_day_unread", {"first": first.isoformat(), "last": last.isoformat()})
        raise UsageError(told, column="--on", value=on.isoformat())
    made = brief(on, known)
    if to is not None:
        target = check_target("--to", to, [])
        data = _bytes(target, to, made, lang)
        write_bytes("--to", target, data)
        size = -(-len(data) // 1000)
        emit(Message("report_written", {"path": str(target), "size": size}).text(lang) + "\n")
    elif form == "json":
        emit_json(brief_json(made))
    else:
        from salyq.present.brief_page import brief_page

        emit_page(brief_page(made, lang))
    return 0


def _bytes(target: Path, to: str, made: object, lang: str) -> bytes:
    from salyq.app.brief import Brief
    from salyq.cli.defect import version

    assert isinstance(made, Brief)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(Message("brief_bad_ending"), column="--to", value=to)
    if ending == ".md":
        from salyq.present.brief_page import brief_markdown

        return brief_markdown(made, lang).encode("utf-8")
    from salyq.report.brief import brief_document

    document = brief_document(made, lang, f"Salyq {version()} · {made.on.isoformat()}")
    if ending == ".html":
        from salyq.report.html import report_html

        return report_html(document).encode("utf-8")
    from salyq.report.pdf import report_pdf

    return report_pdf(document, "…")
