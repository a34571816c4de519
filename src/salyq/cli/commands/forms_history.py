"""`salyq forms history | mark`: the register of what was handed in."""

from __future__ import annotations

import json
from pathlib import Path

import click

from salyq.civil.errors import InputError, SalyqError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

STATES = ("sent", "accepted", "rejected")
CHANGED = 3
SHOWN = 20


def build_history(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--case"], metavar="CASE", help=words("option", "history_case")),
        options.form(words),
        options.lang(words),
    ]
    return Command("forms history", words, run_history, params)


def run_history(*, case: str | None, form: str, lang: str) -> int:
    """Exit 3 where the case of today would change a return that was handed in."""
    from salyq.forms.register import Register
    from salyq.present.page import Page

    register = Register()
    if case is not None:
        return _against(case, form, lang)
    documents, messages = register.documents(), register.messages()
    if form == "json":
        emit_json(
            {
                "documents": [{k: v for k, v in d._asdict().items() if k != "content"} for d in documents],
                "messages": [{k: v for k, v in m._asdict().items() if k != "answer"} for m in messages],
            }
        )
        return 0
    page = Page()
    if not documents and not messages:
        page.line(Message("cli_history_empty", {"path": register.path}).text(lang))
    if documents:
        head = [Message(f"cli_history_{c}").text(lang) for c in ("number", "form", "person", "period", "state", "at")]
        rows = [[str(d.number), d.form, d.person, d.period, d.state, d.at, d.sha256[:12], d.note] for d in documents]
        page.table([*head, "sha256", Message("cli_history_note").text(lang)], rows)
    if messages:
        head = [Message(f"cli_history_{c}").text(lang) for c in ("message", "form", "period", "state", "at")]
        page.table([*head, "sha256"], [[m.ref, m.kind, m.period, m.state, m.at, m.sha256[:12]] for m in messages])
    emit_page(page)
    return 0


def _against(name: str, form: str, lang: str) -> int:
    from salyq.forms.history import changed
    from salyq.forms.register import Register
    from salyq.present.page import Page

    with Bar() as bar:
        found = list(changed(load([name], bar), Register()))
    touched = any(isinstance(c, SalyqError) or c for _, c in found)
    if form == "json":
        emit_json(
            [
                {"form": d.form, "period": d.period, "state": d.state, "at": d.at,
                 "error": c.text("en") if isinstance(c, SalyqError) else None,
                 "changes": [] if isinstance(c, SalyqError) else
                 [{"line": x.line, "was": x.was, "now": x.now, "difference": x.by} for x in c]}
                for d, c in found
            ]
        )  # fmt: skip
        return CHANGED if touched else 0
    page = Page()
    for document, changes in found:
        if isinstance(changes, SalyqError):
            page.line(f"{document.form} {document.period}: {changes.text(lang)}", style="error")
            continue
        params = {"form": document.form, "period": document.period, "count": len(changes), "at": document.at[:10]}
        page.line(Message("cli_history_changed" if changes else "cli_history_same", params).text(lang))
        for x in changes[:SHOWN]:
            by = f" ({x.by})" if x.by else ""
            page.line(f"{x.line}: {x.was or '—'} → {x.now or '—'}{by}", indent=1)
    if not found:
        page.line(Message("cli_history_nothing_filed").text(lang))
    emit_page(page)
    return CHANGED if touched else 0


def build_mark(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE.lines.json"),
        click.Option(
            ["--as", "state"],
            type=options.OneOf(STATES),
            required=True,
            metavar="STATE",
            help=words("option", "mark_state"),
        ),
        click.Option(["--note"], default="", metavar="TEXT", help=words("option", "mark_note")),
        options.lang(words),
    ]
    return Command("forms mark", words, run_mark, params)


def run_mark(*, file: str, state: str, note: str, lang: str) -> int:
    """Only a `.lines.json` of ours: it holds every line and row that was handed in."""
    from salyq.forms.read_back import read_back
    from salyq.forms.register import Register, file_digest
    from salyq.present.page import Page

    path = Path(file)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=file)
    read = read_back(path)
    if read.how != "lines":
        raise UsageError(Message("cli_history_lines"), value=file)
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    number = Register().add(content, state, str(path), file_digest(path), note)
    page = Page()
    params = {"number": number, "form": read.edition.form, "period": read.period, "state": state}
    page.line(Message("cli_history_marked", params).text(lang))
    emit_page(page)
    return 0
