"""`salyq init`: drafts the person.toml of a folder of exports."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import PERSON_FILE, existing, typed
from salyq.cli.output import emit_page, write_file
from salyq.cli.progress import Bar
from salyq.facts.draft import INDIVIDUAL, PERSON_KINDS

if TYPE_CHECKING:
    from salyq.facts.draft import Draft

YES, NO = "yes", "no"


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["folder"], required=False, default=".", metavar="[FOLDER]"),
        click.Option(
            ["--kind"],
            type=options.OneOf(PERSON_KINDS),
            metavar="|".join(PERSON_KINDS),
            help=words("option", "init_kind"),
        ),
        click.Option(["--resident"], type=options.OneOf((YES, NO)), metavar="yes|no", help=words("option", "resident")),
        click.Option(["--id", "number"], metavar="IIN|BIN", help=words("option", "init_id")),
        options.lang(words),
    ]
    return Command("init", words, run, params)


def run(*, folder: str, kind: str | None, resident: str | None, number: str | None, lang: str) -> int:
    """Writes FOLDER/person.toml; one that is there is never replaced (exit 2)."""
    from salyq.facts.draft import draft_person
    from salyq.present.page import Page

    place = existing(folder)
    if not place.is_dir():
        raise UsageError(Message("cli_not_a_folder"), value=folder)
    target = place / PERSON_FILE
    if target.exists():
        raise UsageError(Message("init_exists", {"name": PERSON_FILE}), value=str(target))
    _check(number)
    asks = sys.stdin is not None and sys.stdin.isatty() and kind is None
    if asks:
        kind, resident, number = _ask(kind, resident, number, lang)
    with Bar() as bar:
        draft = draft_person(place, kind, None if resident is None else resident == YES, number, progress=bar.step)
    if asks:
        draft = replace(draft, owned=_own_addresses(draft, lang))
    write_file("FOLDER", target, draft.text(lang))
    page = Page()
    page.line(Message("init_written", {"file": str(target)}).text(lang))
    for message in draft.told():
        page.line(message.text(lang), indent=1)
    case = typed([folder])
    page.line(Message("init_next", {"command": f"salyq assess {case} --year {draft.last_year}"}).text(lang))
    emit_page(page)
    return 0


def _check(number: str | None) -> None:
    wrong = None if number is None else check_id(number)
    if wrong is not None:
        raise UsageError(wrong, column="--id", value=number)


def _own_addresses(draft: Draft, lang: str) -> frozenset[str]:
    """Asks of each address that stands in most rows of a wallet's files whether it is the person's own."""
    owned = set()
    for wallet in draft.unnamed:
        for address in wallet.likely:
            text = Message("init_ask_address", {"address": address, "files": ", ".join(wallet.files[:5])}).text(lang)
            usual = YES if len(wallet.likely) == 1 else NO
            if click.prompt(text, type=click.Choice((YES, NO)), default=usual, err=True) == YES:
                owned.add(address)
    return frozenset(owned)


def _ask(kind: str | None, resident: str | None, number: str | None, lang: str) -> tuple[str, str, str | None]:
    """Asks on the terminal for what no option gave; an empty answer takes the default."""

    def say(code: str) -> str:
        return Message(code).text(lang)

    if kind is None:
        kind = click.prompt(say("init_ask_kind"), type=click.Choice(PERSON_KINDS), default=INDIVIDUAL, err=True)
    if resident is None:
        resident = click.prompt(say("init_ask_resident"), type=click.Choice((YES, NO)), default=YES, err=True)
    while number is None:
        given = click.prompt(say("init_ask_id"), default="", show_default=False, err=True).strip()
        if not given:
            break
        wrong = check_id(given)
        if wrong is None:
            number = given
        else:
            click.echo(wrong.text(lang), err=True)
    return str(kind), str(resident), number
