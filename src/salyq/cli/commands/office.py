"""`salyq office init | status | verify | migrate | tick | demo | …`: running an office."""

from __future__ import annotations

from datetime import datetime

import click

from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.office import DIFFERS, Moment, data_folder, office, shared
from salyq.cli.output import complain, emit_json, emit_page
from salyq.cli.progress import Bar

COMMANDS = {
    "init": "salyq.cli.commands.office:build_init",
    "status": "salyq.cli.commands.office:build_status",
    "demo": "salyq.cli.commands.office:build_demo",
    "verify": "salyq.cli.commands.office:build_verify",
    "backup": "salyq.cli.commands.office_data:build_backup",
    "restore": "salyq.cli.commands.office_data:build_restore",
    "migrate": "salyq.cli.commands.office:build_init",
    "tick": "salyq.cli.commands.office:build_tick",
    "user": "salyq.cli.commands.office_user:build",
    "import": "salyq.cli.commands.office_data:build_import",
    "export": "salyq.cli.commands.office_data:build_export",
    "extract": "salyq.cli.commands.office_data:build_extract",
}


def build(words: Help) -> click.Command:
    return Group("office", words, COMMANDS, [options.lang(words)])


def build_init(words: Help) -> click.Command:
    return Command("office init", words, run_init, [options.form(words), *shared(words)])


def build_status(words: Help) -> click.Command:
    return Command("office status", words, run_status, [options.form(words), *shared(words)])


def run_init(*, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """Opening an office makes it and brings it up to date; then it says how it stands."""
    return _standing(False, form, data, now, lang)


def run_status(*, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    return _standing(True, form, data, now, lang)


def _standing(there: bool, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    with office(data, now, there=there) as store:
        from salyq.office.demonstration.make import is_made_up
        from salyq.office.registry.read import listed
        from salyq.office.store import entries, jobs

        with store.transaction() as tx:
            [counts] = tx.dicts(jobs.SQL["counts"])
            version = tx.value(b"show server_version")
            found: dict[str, object] = {
                "data": str(data_folder(data)),
                "postgresql": version,
                "clock": store.clock.now().isoformat(),
                "entries": entries.size(tx),
                "records": sum(r.total for r in listed(tx)),
                "jobs_waiting": counts["waiting"],
                "jobs_failed": counts["failed"],
                "made_up": is_made_up(tx) is not None,
                "key": store.signer.verifier if store.signer else None,
            }
    if form == "json":
        emit_json(found)
    else:
        made_up = Message("registry_yes" if found["made_up"] else "registry_no").text(lang)
        _lines({name: str(value) for name, value in found.items()} | {"made_up": made_up}, lang)
    return 0


def _lines(rows: dict[str, str], lang: str) -> None:
    from salyq.present.page import Page

    page = Page()
    for name, value in rows.items():
        page.line(f"{Message(f'cli_office_{name}').text(lang)}: {value}")
    emit_page(page)


def build_demo(words: Help) -> click.Command:
    seed = click.Option(["--seed"], type=int, default=2026, metavar="N", help=words("option", "seed"))
    return Command("office demo", words, run_demo, [seed, options.form(words), *shared(words)])


def run_demo(*, seed: int, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    with office(data, now) as store:
        from salyq.office.demonstration.make import make

        with Bar() as bar:
            document = make(store, data_folder(data), seed, bar.step)
    if form == "json":
        emit_json(document)
    else:
        show_demo(document, "http://127.0.0.1:8000", str(data_folder(data)), lang)
    return 0


def show_demo(document: dict[str, object], address: str, folder: str, lang: str) -> None:
    """Who may sign in, and with which link."""
    from salyq.present.page import Page

    page = Page()
    page.line(Message("cli_office_demo", {"folder": folder}).text(lang))
    users = document["users"]
    assert isinstance(users, list)
    for user in users:
        page.line(f"  {user['name']:<16} {address}{user['link']}")
    emit_page(page)


def build_verify(words: Help) -> click.Command:
    return Command("office verify", words, run_verify, [options.form(words), *shared(words)])


def run_verify(*, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """0, or 3 with the first difference."""
    with office(data, now, there=True) as store:
        from salyq.office.portal.verifying import verify_all
        from salyq.office.store import entries

        with Bar() as bar, store.transaction() as tx:
            count = entries.size(tx)
            found = verify_all(tx, lambda done: bar.step("verify", done, count))
    if form == "json":
        emit_json({"entries": count, "difference": None if found is None else found._asdict()})
    elif found is None:
        _say("cli_office_verified", lang, entries=count)
    if found is not None:
        complain(Message("cli_office_differs", found._asdict()).text(lang))
        return DIFFERS
    return 0


def _say(code: str, lang: str, **params: object) -> None:
    from salyq.present.page import Page

    page = Page()
    page.line(Message(code, params).text(lang))
    emit_page(page)


def build_tick(words: Help) -> click.Command:
    to = click.Option(["--to", "moment"], type=Moment(), required=True, metavar="TIME", help=words("option", "tick_to"))
    return Command("office tick", words, run_tick, [to, options.form(words), *shared(words)])


def run_tick(*, moment: datetime, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """What was due up to TIME, in order, and what each did."""
    with office(data, now, there=True) as store:
        from salyq.office.duties import tick

        happened = tick(store, moment)
    rows = [{"at": h.at.isoformat(), "kind": h.kind, "told": h.told, "failed": h.failed} for h in happened]
    if form == "json":
        emit_json({"to": moment.isoformat(), "happened": rows})
        return 0
    from salyq.present.page import Page

    page = Page()
    for row in rows:
        if row["told"] or row["failed"]:
            page.line(f"{row['at']}  {row['kind']}  {row['told'] or row['failed']}")
    page.line(Message("cli_office_ticked", {"count": len(rows), "to": moment.isoformat()}).text(lang))
    emit_page(page)
    return 0
