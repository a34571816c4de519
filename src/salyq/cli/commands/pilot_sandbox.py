"""`salyq pilot sandbox sign | show | stop | resume | exit`: a contract of the special regime, by whoever runs it."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.office import shared
from salyq.cli.office_options import opened_office
from salyq.cli.output import emit, emit_json, emit_page, write_files

if TYPE_CHECKING:
    from salyq.office.pilots.sandbox.contracts import Contract
    from salyq.office.store.store import Transaction

COMMANDS = {
    "sign": "salyq.cli.commands.pilot_sandbox:build_sign",
    "show": "salyq.cli.commands.pilot_sandbox:build_show",
    "stop": "salyq.cli.commands.pilot_sandbox:build_stop",
    "resume": "salyq.cli.commands.pilot_sandbox:build_resume",
    "exit": "salyq.cli.commands.pilot_sandbox:build_exit",
}
OUTCOMES = ("graduate", "extend", "end")
REFUSED = 3


def build(words: Help) -> click.Command:
    return Group("pilot sandbox", words, COMMANDS, [options.lang(words)])


def _number() -> click.Argument:
    return click.Argument(["contract"], metavar="CONTRACT")


def _found(tx: Transaction, number: str) -> Contract:
    from salyq.office.pilots.sandbox import contracts

    found = contracts.contract(tx, number)
    if found is None:
        known = ", ".join(c.id for c in contracts.contracts(tx)) or "—"
        raise UsageError(Message("sandbox_no_contract", {"known": known}), column="CONTRACT", value=number)
    return found


# --- sign -------------------------------------------------------------------------------------------------------------


def build_sign(words: Help) -> click.Command:
    terms = click.Option(["--terms"], required=True, metavar="FILE", help=words("option", "sandbox_terms"))
    return Command("pilot sandbox sign", words, run_sign, [_number(), terms, *shared(words)])


def run_sign(*, contract: str, terms: str, data: str | None, now: datetime | None, lang: str) -> int:
    """The contract of a participant of the register comes into force, with its limits."""
    from salyq.office.pilots.sandbox import contracts
    from salyq.office.pilots.sandbox.signing import sign
    from salyq.present.amounts import money

    try:
        told = tomllib.loads(Path(terms).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            Message("sandbox_terms_wrong", {"reason": str(error)}), column="--terms", value=terms
        ) from None
    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        made = sign(tx, contract, told)
        limits = contracts.limits(tx, contract, made.last_day)
    emit(f"{made.id} · {made.name}: {made.first_day:%d.%m.%Y} – {made.last_day:%d.%m.%Y}\n")
    for x in limits.values():
        shown = str(x.amount) if x.name == "clients" else money(Decimal(x.amount).scaleb(-2), lang)
        emit(f"{Message(f'pilot_limit_{x.name}').text(lang)}: {shown}\n")
    return 0


# --- show -------------------------------------------------------------------------------------------------------------


def build_show(words: Help) -> click.Command:
    on = click.Option(["--on"], type=options.Day(), metavar="D", help=words("option", "sandbox_on"))
    return Command("pilot sandbox show", words, run_show, [_number(), on, options.form(words), *shared(words)])


def run_show(*, contract: str, on: date | None, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """State, limits and the report of a month made from the ledger (the month of --on)."""
    from salyq.office.pilots.sandbox import reports
    from salyq.office.pilots.sandbox.participant import participant

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        told = participant(tx, _found(tx, contract))
        if on is not None:
            told["this_month"] = reports.monthly(tx, contract, on)
    if form == "json":
        emit_json(told)
    else:
        _print(told, lang)
    return 0


def _print(told: dict[str, Any], lang: str) -> None:
    from salyq.office.pilots import reasons
    from salyq.present.amounts import money
    from salyq.present.months import month_text
    from salyq.present.page import Page

    page, month = Page(), told["this_month"]
    state = Message(f"pilot_state_{told['state']}").text(lang)
    page.heading(f"{told['contract']} · {told['name']}: {state}")
    if told["ground"]:
        page.line(f"{reasons.said(told['ground'], lang)}. {reasons.remedy(told['ground'], lang)}")
    page.line(told["notice"][lang])
    page.heading(Message("pilot_month", {"month": month_text(month["month"], lang)}).text(lang))
    rows = [
        [Message("pilot_clients").text(lang), str(month["clients"])],
        [Message("pilot_count").text(lang), str(month["payments"])],
        [Message(f"pilot_settled_{told['pilot']}").text(lang), money(Decimal(month["settled_kzt"]), lang)],
        [Message("pilot_fees").text(lang), money(Decimal(month["fees_kzt"]), lang)],
    ]
    if told["pilot"] == "card":
        rows.append([Message("pilot_by_issuer").text(lang), money(Decimal(month["paid_by_issuer_kzt"]), lang)])
    rows.append([Message("pilot_alarms").text(lang), str(month["alarms"])])
    left = Message("pilot_left").text(lang)
    for x in month["limits"]:
        name = f"pilot_limit_{x['limit']}"
        rows.append([f"{left}: {Message(name).text(lang)}", money(Decimal(x["left_kzt"]), lang)])
    page.table(["", ""], rows, right=(1,))
    for code, count in month["refusals"].items():
        words = f"{Message('pilot_refused').text(lang)}: {reasons.said(code, lang)} × {count}. "
        page.line(words + reasons.remedy(code, lang))
    emit_page(page)


# --- stop, resume -----------------------------------------------------------------------------------------------------


def _ground(words: Help) -> click.Option:
    return options.text(words, "ground", "sandbox_ground")


def build_stop(words: Help) -> click.Command:
    return Command("pilot sandbox stop", words, run_stop, [_number(), _ground(words), *shared(words)])


def run_stop(*, contract: str, ground: str, data: str | None, now: datetime | None, lang: str) -> int:
    """From now on every operation under it is refused."""
    return _say(contract, "stopped", ground, data, now, lang)


def build_resume(words: Help) -> click.Command:
    return Command("pilot sandbox resume", words, run_resume, [_number(), _ground(words), *shared(words)])


def run_resume(*, contract: str, ground: str, data: str | None, now: datetime | None, lang: str) -> int:
    """Exit 3 while what stopped it still stands: the total used up, or books that differ."""
    return _say(contract, "resumed", ground, data, now, lang)


def _say(number: str, kind: str, ground: str, data: str | None, now: datetime | None, lang: str) -> int:
    from salyq.office.pilots import reasons
    from salyq.office.pilots.sandbox import contracts, reports

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = _found(tx, number)
        state = contracts.state(tx, found, tx.now)
        if state.name != ("active" if kind == "stopped" else "stopped"):
            emit(_line(number, f"contract_{state.name}", lang))
            return REFUSED
        why = reports.stands_against(tx, number) if kind == "resumed" else ""
        if why:
            emit(_line(number, why, lang))
            return REFUSED
        contracts.say(tx, number, kind, ground)
    emit(f"{number}: {Message(f'pilot_said_{kind}').text(lang)} ({reasons.said(ground, lang)})\n")
    return 0


def _line(number: str, code: str, lang: str) -> str:
    from salyq.office.pilots import reasons

    state = code.removeprefix("contract_")
    words = Message("pilot_state_active").text(lang) if state == "active" else reasons.said(code, lang)
    return f"{number}: {words}. {reasons.remedy(code, lang)}".rstrip() + "\n"


# --- exit -------------------------------------------------------------------------------------------------------------


def build_exit(words: Help) -> click.Command:
    outcome = click.Option(
        ["--outcome"], type=click.Choice(OUTCOMES), required=True, metavar="O", help=words("option", "sandbox_outcome")
    )
    to = click.Option(["--to"], metavar="FILE", help=words("option", "sandbox_to"))
    return Command("pilot sandbox exit", words, run_exit, [_number(), outcome, to, *shared(words)])


def run_exit(*, contract: str, outcome: str, to: str | None, data: str | None, now: datetime | None, lang: str) -> int:  # noqa: ARG001
    """The exit report as JSON, made from the ledger; `end` also ends the contract."""
    from msgspec import json

    from salyq.office.pilots.sandbox import contracts, reports

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = _found(tx, contract)
        if outcome == "end" and contracts.state(tx, found, tx.now).name != "ended":
            contracts.say(tx, contract, "ended", "exit")
        told = reports.exit_report(tx, contract, outcome)
    if to is None:
        emit_json(told)
    else:
        write_files("--to", Path(to).parent, {Path(to).name: json.format(json.encode(told), indent=2) + b"\n"})
    return 0
