"""`salyq fm1 find | build | check`: reports of financial monitoring."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.output import check_target, emit_json, emit_page, write_files

COMMANDS = {
    "find": "salyq.cli.commands.fm1:build_find",
    "build": "salyq.cli.commands.fm1:build_build",
    "check": "salyq.cli.commands.fm1:build_check",
}
REFUSED = 3


def build(words: Help) -> click.Command:
    return Group("fm1", words, COMMANDS, [options.lang(words)])


def _inputs(words: Help) -> list[click.Parameter]:
    return [
        click.Option(["--operations"], required=True, metavar="FILE", help=words("option", "fm1_operations")),
        click.Option(["--subject"], required=True, metavar="FILE.toml", help=words("option", "fm1_subject")),
    ]


def build_find(words: Help) -> click.Command:
    return Command("fm1 find", words, run_find, [*_inputs(words), options.form(words), options.lang(words)])


def run_find(*, operations: str, subject: str, form: str, lang: str) -> int:
    from salyq.forms.fm1.find import reportable
    from salyq.forms.fm1.rows import read_subject
    from salyq.present.page import Page

    found = list(reportable(_file(operations), read_subject(_file(subject))))
    rows = [
        {"id": r.operation.cells["id"], "day": r.day.isoformat(), "amount_kzt": r.operation.cells["amount_kzt"],
         "asset_kind": r.operation.cells["asset_kind"], "due": r.due, "cites": list(r.cites)}
        for r in found
    ]  # fmt: skip
    if form == "json":
        emit_json(rows)
        return 0
    page = Page()
    if rows:
        head = [Message(f"cli_fm1_{c}").text(lang) for c in ("id", "day", "amount", "due", "cites")]
        page.table(
            head,
            ([r.operation.cells["id"], r.day.isoformat(), r.operation.cells["amount_kzt"], r.due, " ".join(r.cites)]
             for r in found),
            right=(2,),
        )  # fmt: skip
    page.line(Message("cli_fm1_found", {"count": len(rows)}).text(lang))
    emit_page(page)
    return 0


def build_build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        *_inputs(words),
        click.Option(["--participants"], required=True, metavar="FILE", help=words("option", "fm1_participants")),
        click.Option(["--to"], required=True, metavar="DIR", help=words("option", "fm1_to")),
        options.form(words),
        options.lang(words),
    ]
    return Command("fm1 build", words, run_build, params)


def run_build(*, operations: str, subject: str, participants: str, to: str, form: str, lang: str) -> int:
    """One file an operation; the register keeps each GUID."""
    from salyq.forms.fm1.find import reportable
    from salyq.forms.fm1.message import build as build_message
    from salyq.forms.fm1.rows import participants as read_people
    from salyq.forms.fm1.rows import read_subject
    from salyq.forms.register import Register
    from salyq.present.page import Page

    folder = check_target("--to", to, [operations, subject, participants])
    firm, people = read_subject(_file(subject)), read_people(_file(participants))
    now = datetime.now(UTC)
    made = [(r, build_message(r, firm, people, now)) for r in reportable(_file(operations), firm)]
    write_files("--to", folder, {f"{m.guid}.xml": m.data for _, m in made})
    register = Register()
    for r, m in made:
        register.add_message("FM-1", m.guid, r.day.isoformat(), folder / f"{m.guid}.xml")
    if form == "json":
        emit_json(
            [
                {"id": r.operation.cells["id"], "file": str(folder / f"{m.guid}.xml"), "due": r.due,
                 "by_hand": [{"element": e, "why": w.texts()} for e, w in m.by_hand]}
                for r, m in made
            ]
        )  # fmt: skip
        return 0
    page = Page()
    for r, m in made:
        page.line(f"{r.operation.cells['id']}  {folder / m.guid}.xml  {r.due}")
        for element, why in m.by_hand:
            page.line(f"{element}: {why.text(lang)}", indent=1)
    page.line(Message("cli_fm1_built", {"count": len(made)}).text(lang))
    emit_page(page)
    return 0


def build_check(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE.xml"),
        click.Option(["--received"], type=options.Day(), metavar="D", help=words("option", "fm1_received")),
        click.Option(["--provider"], default="exchange_operator", metavar="P", help=words("option", "fm1_provider")),
        options.form(words),
        options.lang(words),
    ]
    return Command("fm1 check", words, run_check, params)


def run_check(*, file: str, received: date | None, provider: str, form: str, lang: str) -> int:
    """A message: exit 3 where something is wrong. An answer: kept in the register; exit 3 where it is a rejection."""
    from salyq.forms.fm1 import message
    from salyq.present.page import Page

    path = _file(file)
    root = message.read(path)
    said = message.answer(root)
    page = Page()
    if said is not None:
        return _answered(path, said, received, provider, form, lang)
    problems = message.check(root)
    if form == "json":
        emit_json({"problems": [{"element": p.element, "value": p.value, "why": p.message.texts()} for p in problems]})
    else:
        for p in problems:
            page.line(f"{file}: {p.element} «{p.value}»: {p.message.text(lang)}", style="error")
        page.line(Message("cli_fm1_checked", {"count": len(problems)}).text(lang))
        emit_page(page)
    return REFUSED if problems else 0


def _answered(path: Path, said: Any, received: date | None, provider: str, form: str, lang: str) -> int:
    from salyq.forms.fm1.find import resend_by
    from salyq.forms.register import Register
    from salyq.present.page import Page

    known = Register().acknowledge(said.about, said.state, path)
    rejected = said.state == "rejected"
    due = resend_by(received or datetime.now(UTC).date(), provider) if rejected else ""
    told = {"answer": said.kind, "state": said.state, "about": said.about, "text": said.text, "known": known,
            "resend_by": due or None}  # fmt: skip
    if form == "json":
        emit_json(told)
    else:
        page = Page()
        page.line(Message("cli_fm1_answer", told).text(lang))
        if due:
            page.line(Message("cli_fm1_resend", {"day": due}).text(lang), style="warning")
        emit_page(page)
    return REFUSED if rejected else 0


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=name)
    return path
