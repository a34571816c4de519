"""`salyq office user add | iin | link | sign-out | close`: accounts, whose they are, the one-time links by which they
sign in, the end of their sessions, the end of an account.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.office import office, shared
from salyq.cli.output import complain, emit_json, emit_page

if TYPE_CHECKING:
    from salyq.office.people.accounts import Account
    from salyq.office.store.store import Transaction

COMMANDS = {
    "add": "salyq.cli.commands.office_user:build_add",
    "iin": "salyq.cli.commands.office_user:build_iin",
    "link": "salyq.cli.commands.office_user:build_link",
    "sign-out": "salyq.cli.commands.office_user:build_sign_out",
    "close": "salyq.cli.commands.office_user:build_close",
}
ROLES = ("applicant", "representative", "officer", "second_officer", "head", "auditor", "administrator")


def build(words: Help) -> click.Command:
    return Group("office user", words, COMMANDS, [options.lang(words)])


def build_add(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], required=True, metavar="NAME"),
        click.Option(
            ["--role"], type=options.OneOf(ROLES), default="applicant", metavar="ROLE", help=words("option", "role")
        ),
        click.Option(["--organisation"], metavar="BIN", help=words("option", "organisation")),
        click.Option(["--iin"], metavar="IIN", help=words("option", "iin_of")),
        click.Option(["--office", "authority"], default="", metavar="OFFICE", help=words("option", "authority")),
        click.Option(["--address"], default="http://127.0.0.1:8000", metavar="URL", help=words("option", "address")),
        options.form(words),
        *shared(words),
    ]
    return Command("office user add", words, run_add, params)


def run_add(
    *,
    name: str,
    role: str,
    organisation: str | None,
    iin: str | None,
    authority: str,
    address: str,
    form: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    with office(data, now) as store:
        from salyq.civil.days import kz_day
        from salyq.office.people import accounts

        with store.transaction() as tx:
            who = accounts.add_account(tx, name, role, office=authority, iin=iin)
            if organisation:
                accounts.add_organisation(tx, organisation, "")
                accounts.delegate(tx, who, organisation, first=kz_day(tx.now))
            link = accounts.make_link(tx, who)
    if iin is None and role in accounts.OFFICIAL:
        complain(Message("people_iin_wanted", {"name": name}).text(lang))
    return _show(name, f"{address}/{lang}/sign-in?token={link}", form)


def build_iin(words: Help) -> click.Command:
    iin = click.Argument(["iin"], required=True, metavar="IIN")
    return Command("office user iin", words, run_iin, [_of_one(words)[0], iin, *_of_one(words)[1:]])


def run_iin(*, name: str, iin: str, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    with office(data, now, there=True) as store:
        from salyq.office.people import accounts

        with store.transaction() as tx:
            accounts.state_iin(tx, _there(accounts.ever_named(tx, name), name), iin)
    return _told({"name": name, "iin": iin}, Message("people_iin_stated", {"name": name}), form, lang)


def build_link(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], required=True, metavar="NAME"),
        click.Option(["--address"], default="http://127.0.0.1:8000", metavar="URL", help=words("option", "address")),
        options.form(words),
        *shared(words),
    ]
    return Command("office user link", words, run_link, params)


def build_sign_out(words: Help) -> click.Command:
    return Command("office user sign-out", words, run_sign_out, _of_one(words))


def build_close(words: Help) -> click.Command:
    return Command("office user close", words, run_close, _of_one(words))


def _of_one(words: Help) -> list[click.Parameter]:
    return [click.Argument(["name"], required=True, metavar="NAME"), options.form(words), *shared(words)]


def run_close(*, name: str, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    with office(data, now, there=True) as store:
        from salyq.office.people import accounts

        with store.transaction() as tx:
            accounts.close(tx, _named(tx, name))
    return _told({"name": name, "closed": True}, Message("people_closed", {"name": name}), form, lang)


def run_sign_out(*, name: str, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    with office(data, now, there=True) as store:
        from salyq.office.people import sessions

        with store.transaction() as tx:
            ended = sessions.end_all(tx, _named(tx, name))
    told = Message("people_signed_out", {"name": name, "ended": ended})
    return _told({"name": name, "ended": ended}, told, form, lang)


def _told(found: dict[str, object], message: Message, form: str, lang: str) -> int:
    if form == "json":
        emit_json(found)
        return 0
    from salyq.present.page import Page

    page = Page()
    page.line(message.text(lang))
    emit_page(page)
    return 0


def _named(tx: Transaction, name: str) -> Account:
    from salyq.office.people import accounts

    return _there(accounts.named(tx, name), name)


def _there(who: Account | None, name: str) -> Account:
    if who is None:
        raise UsageError(Message("people_no_user", {"name": name}))
    return who


def run_link(*, name: str, address: str, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    with office(data, now, there=True) as store:
        from salyq.office.people import accounts

        with store.transaction() as tx:
            link = accounts.make_link(tx, _named(tx, name))
    return _show(name, f"{address}/{lang}/sign-in?token={link}", form)


def _show(name: str, link: str, form: str) -> int:
    if form == "json":
        emit_json({"name": name, "link": link})
        return 0
    from salyq.present.page import Page

    page = Page()
    page.line(link)
    emit_page(page)
    return 0
