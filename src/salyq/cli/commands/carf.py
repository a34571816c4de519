"""`salyq carf build | check | correct | status | rules`: OECD's crypto-asset reporting, schema 1.5."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.output import check_target, emit_json, emit_page

COMMANDS = {
    "build": "salyq.cli.commands.carf:build_build",
    "check": "salyq.cli.commands.carf:build_check",
    "correct": "salyq.cli.commands.carf:build_correct",
    "status": "salyq.cli.commands.carf:build_status",
    "rules": "salyq.cli.commands.carf:build_rules",
}
REFUSED = 3
SHOWN = 50


def build(words: Help) -> click.Command:
    return Group("carf", words, COMMANDS, [options.lang(words)])


def _inputs(words: Help) -> list[click.Parameter]:
    return [
        click.Option(["--users"], required=True, metavar="FILE", help=words("option", "carf_users")),
        click.Option(["--operations"], required=True, metavar="FILE", help=words("option", "carf_operations")),
        click.Option(["--rcasp"], required=True, metavar="FILE.toml", help=words("option", "carf_rcasp")),
        click.Option(["--to"], required=True, metavar="FILE.xml", help=words("option", "carf_to")),
        click.Option(["--message-id"], metavar="ID", help=words("option", "carf_message")),
        click.Option(["--timestamp"], metavar="T", help=words("option", "carf_timestamp")),
        options.form(words),
        options.lang(words),
    ]


def build_build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--period"], type=options.Year(), required=True, metavar="Y", help=words("option", "year")),
        click.Option(["--transmitting"], metavar="CC", help=words("option", "transmitting")),
        click.Option(["--receiving"], metavar="CC", help=words("option", "receiving")),
        *_inputs(words),
    ]
    return Command("carf build", words, run_build, params)


def run_build(
    *, users: str, operations: str, rcasp: str, to: str, period: int, transmitting: str | None,
    receiving: str | None, message_id: str | None, timestamp: str | None, form: str, lang: str,
) -> int:  # fmt: skip
    from salyq.forms.carf.build import build as build_message
    from salyq.forms.carf.build import route
    from salyq.forms.carf.rcasp import read_rcasp
    from salyq.forms.register import Register

    sender, receiver = route(transmitting, receiving)
    paths = [_file(p) for p in (users, operations, rcasp)]
    target = _target(to, (users, operations, rcasp))
    register = Register()
    register.check_message(message_id)
    made = build_message(
        paths[0], paths[1], read_rcasp(paths[2]), year=period, transmitting=sender, receiving=receiver, to=target,
        message_ref=message_id or "", timestamp=timestamp or "",
    )  # fmt: skip
    register.add_message("CARF", made.message_ref, str(period), target)
    told = {
        "message": made.message_ref, "type": made.indic, "users": made.users, "without_operations": made.skipped,
        "operations": made.counted["operations"] - made.counted["other_years"],
        "other_years": made.counted["other_years"], "resident_elsewhere": made.elsewhere, "file": str(target),
    }  # fmt: skip
    _tell(told, "cli_carf_built", form, lang)
    return 0


def build_check(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE.xml"),
        click.Option(["--after"], multiple=True, metavar="SENT.xml", help=words("option", "carf_after")),
        options.form(words),
        options.lang(words),
    ]
    return Command("carf check", words, run_check, params)


def run_check(*, file: str, after: Sequence[str], form: str, lang: str) -> int:
    """Exit 0 where the receiver could take the file, 3 where a rule is broken, 4 where the schema is."""
    from salyq.forms.carf.check import check_message
    from salyq.present.page import Page

    found = check_message(_file(file), after=[_file(name) for name in after])
    if form == "json":
        emit_json(
            {
                "message": found.message_ref, "type": found.indic, "users": found.users, "accepted": not found.refused,
                "problems": [
                    {"code": p.code or None, "record": p.where, "value": p.value, "warning": p.warning,
                     "why": p.message.texts()}
                    for p in found.problems
                ],
            }
        )  # fmt: skip
    else:
        page = Page()
        for p in found.problems[:SHOWN]:
            code = f"{p.code} " if p.code else ""
            value = f" «{p.value}»" if p.value else ""
            text = f"{file}: {code}{p.where}{value}: {p.message.text(lang)}"
            page.line(text, style="warning" if p.warning else "error")
        told = "cli_carf_refused" if found.refused else "cli_carf_checked"
        page.line(Message(told, {"users": found.users, "count": len(found.problems)}).text(lang))
        emit_page(page)
    return REFUSED if found.refused else 0


def build_correct(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["previous"], nargs=-1, required=True, metavar="SENT.xml…"),
        *_inputs(words),
    ]
    return Command("carf correct", words, run_correct, params)


def run_correct(
    *, previous: Sequence[str], users: str, operations: str, rcasp: str, to: str, message_id: str | None,
    timestamp: str | None, form: str, lang: str,
) -> int:  # fmt: skip
    from salyq.forms.carf.correct import correct
    from salyq.forms.carf.rcasp import read_rcasp
    from salyq.forms.register import Register

    sent = [_file(p) for p in previous]
    paths = [_file(p) for p in (users, operations, rcasp)]
    target = _target(to, (*previous, users, operations, rcasp))
    register = Register()
    register.check_message(message_id)
    made = correct(
        sent, paths[0], paths[1], read_rcasp(paths[2]), to=target, message_ref=message_id or "",
        timestamp=timestamp or "",
    )  # fmt: skip
    register.add_message("CARF", made.message_ref, "", target)
    told = {
        "message": made.message_ref, "changed": made.changed, "deleted": made.deleted, "same": made.same,
        "new": made.new, "file": str(target),
    }  # fmt: skip
    _tell(told, "cli_carf_corrected", form, lang)
    return 0


def build_status(words: Help) -> click.Command:
    params = [click.Argument(["file"], metavar="STATUS.xml"), options.form(words), options.lang(words)]
    return Command("carf status", words, run_status, params)


def run_status(*, file: str, form: str, lang: str) -> int:
    """Exit 0 for an accepted message, 3 for a rejected one. The register keeps what was said."""
    from salyq.forms.carf.status import read_status
    from salyq.forms.register import Register
    from salyq.present.page import Page

    path = _file(file)
    status = read_status(path)
    Register().acknowledge(status.about, status.state.lower(), path)
    if form == "json":
        emit_json(
            {
                "message": status.about, "state": status.state,
                "errors": [
                    {"code": e.code, "details": e.details, "records": list(e.doc_refs), "fields": list(e.fields),
                     "file": e.of_file}
                    for e in status.errors
                ],
            }
        )  # fmt: skip
    else:
        page = Page()
        page.line(Message("cli_carf_status", {"message": status.about, "state": status.state}).text(lang))
        for e in status.errors:
            page.line(" ".join(x for x in (e.code, e.details, *e.doc_refs, *e.fields) if x), indent=1)
        emit_page(page)
    return REFUSED if status.state == "Rejected" else 0


def build_rules(words: Help) -> click.Command:
    return Command("carf rules", words, run_rules, [options.form(words), options.lang(words)])


def run_rules(*, form: str, lang: str) -> int:
    """Every rule beyond the schema that is known, with its number, how far it is held, and who says so."""
    from salyq.forms.carf.known_rules import known
    from salyq.present.page import Page

    found = known()
    if form == "json":
        emit_json(
            {
                "sources": {key: source.text for key, source in found.source.items()},
                "rules": [
                    {"code": r.code or None, "held": r.held, "sources": list(r.by),
                     "says": {"kk": r.kk, "ru": r.ru, "en": r.en}}
                    for r in found.rule
                ],
            }
        )  # fmt: skip
        return 0
    page = Page()
    heads = [Message(f"cli_carf_rules_{h}").text(lang) for h in ("code", "says", "held", "source")]
    rows = [
        [r.code or "–", r.words(lang), Message(f"cli_carf_held_{r.held}").text(lang), ", ".join(r.by) or "–"]
        for r in found.rule
    ]
    page.table(heads, rows)
    for key, source in found.source.items():
        page.line(f"{key}: {source.text}")
    emit_page(page)
    return 0


def _tell(told: dict[str, Any], code: str, form: str, lang: str) -> None:
    from salyq.present.page import Page

    if form == "json":
        emit_json(told)
        return
    page = Page()
    page.line(Message(code, told).text(lang))
    emit_page(page)


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=name)
    return path


def _target(to: str, inputs: Sequence[str]) -> Path:
    if not to.endswith(".xml"):
        raise UsageError(Message("cli_carf_to", {}), column="--to", value=to)
    return check_target("--to", to, list(inputs))
