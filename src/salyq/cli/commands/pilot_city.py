"""`salyq pilot city rules | invoice | pay | status`: the pilot city's invoices, its rules by date, its figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import office_options, options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.office_options import opened_office
from salyq.cli.output import complain, emit, emit_json, emit_page, write_files

if TYPE_CHECKING:
    from salyq.office.pilots.city.invoices import City, Invoice
    from salyq.present.words import Words

COMMANDS = {
    "rules": "salyq.cli.commands.pilot_city:build_rules",
    "invoice": "salyq.cli.commands.pilot_city:build_invoice",
    "pay": "salyq.cli.commands.pilot_city:build_pay",
    "status": "salyq.cli.commands.pilot_city:build_status",
}


def build(words: Help) -> click.Command:
    return Group("pilot city", words, COMMANDS, [options.lang(words)])


def _office(words: Help) -> list[click.Parameter]:
    return [options.form(words), office_options.data(words), office_options.now(words), options.lang(words)]


def _contract(words: Help) -> list[click.Parameter]:
    return [
        click.Option(["--contract"], metavar="ID", help=words("option", "contract")),
        click.Option(["--demo"], is_flag=True, help=words("option", "city_demo")),
    ]


# --- rules ------------------------------------------------------------------------------------------------------------


def build_rules(words: Help) -> click.Command:
    on = click.Option(["--on"], type=options.Day(), metavar="D", help=words("option", "city_on"))
    params: list[click.Parameter] = [on, options.form(words), options.lang(words)]
    return Command("pilot city rules", words, run_rules, params)


def run_rules(*, on: date | None, form: str, lang: str) -> int:
    """Needs no office: what law allows in the city on a day."""
    from salyq.civil.days import kz_day
    from salyq.office.pilots.city.rules import rules
    from salyq.present.page import Page

    found = rules(on or kz_day(datetime.now(UTC))).told()
    if form == "json":
        emit_json(found)
        return 0
    page = Page()
    _print_rules(page, found, lang)
    emit_page(page)
    return 0


def _print_rules(page: Any, found: dict[str, Any], lang: str) -> None:
    from salyq.app.lawbook import whole
    from salyq.present.words import Words

    say = Words(lang, whole().acts)
    page.heading(say("city_rules_on", day=found["on"]))
    page.line(f"{say('city_stage_' + found['stage'])}  [{say.cites(found['cites'])}]")
    for what in found["may"] or ["nothing"]:
        page.line("  " + say(f"city_may_{what}"))
    if found["merchants"]:
        page.line("  " + say(f"city_merchants_{found['merchants']}"))
    for line in _stages(found, say):
        page.line(f"  {line}")
    for question in found["questions"]:
        page.line(f"  ? {say('city_question_' + question['code'])}  [{say.cite(question['cite'])}]")


def _stages(found: dict[str, Any], say: Words) -> Iterator[str]:
    """What was, what is since when, and what begins when."""
    starts = sorted(found["starts"].items(), key=lambda x: str(x[1]))
    for n, (stage, day) in enumerate(starts):
        words, following = say(f"city_stage_{stage}"), date.max if n + 1 == len(starts) else _day(starts[n + 1][1])
        if following <= _day(found["on"]):
            yield say("city_was", first=day, last=following - timedelta(1), stage=words)
        else:
            yield say("city_begun" if day <= found["on"] else "city_begins", day=day, stage=words)


def _day(text: str) -> date:
    return date.fromisoformat(text)


# --- invoices ---------------------------------------------------------------------------------------------------------


def build_invoice(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--merchant"], required=True, metavar="BIN", help=words("option", "merchant")),
        click.Option(["--amount"], required=True, metavar="KZT", help=words("option", "amount_kzt")),
        click.Option(["--for", "what"], default="", metavar="TEXT", help=words("option", "invoice_for")),
        click.Option(["--key"], metavar="TEXT", help=words("option", "once_key")),
        click.Option(["--to"], metavar="FILE.svg", help=words("option", "qr_to")),
        *_contract(words),
        *_office(words),
    ]
    return Command("pilot city invoice", words, run_invoice, params)


def run_invoice(
    *,
    merchant: str,
    amount: str,
    what: str,
    key: str | None,
    to: str | None,
    contract: str | None,
    demo: bool,
    form: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    """Exit 3 where law or contract do not allow it."""
    from pathlib import Path

    from salyq.office.pilots.city.code import blocks, svg

    with _city(data, now, contract, demo, lang) as city:
        once = key or str(city.store.ids.uuid(city.store.clock.now()))
        found = city.invoice(merchant, _tiyn(amount), what, once)
    if to is not None:
        write_files("--to", Path(to).parent, {Path(to).name: svg(found.payload())})
    if form == "json":
        emit_json(found.told())
        return 0
    told = found.told()
    more = {"number": found.number, "amount": told["amount_kzt"], "merchant": found.merchant}
    emit(Message("city_made", more).text(lang) + "\n")
    emit(blocks(found.payload()) + found.payload() + "\n" + Message("city_qr_form").text(lang) + "\n")
    return 0


def build_pay(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["number"], metavar="INVOICE"),
        click.Option(["--payer"], required=True, metavar="IIN", help=words("option", "payer")),
        click.Option(["--asset"], default="USDT", metavar="ASSET", help=words("option", "asset_code")),
        click.Option(["--key"], default="cli", metavar="TEXT", help=words("option", "once_key")),
        *_contract(words),
        *_office(words),
    ]
    return Command("pilot city pay", words, run_pay, params)


def run_pay(
    *,
    number: str,
    payer: str,
    asset: str,
    key: str,
    contract: str | None,
    demo: bool,
    form: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    """Exit 3 where it is refused; the reason names its article."""
    with _city(data, now, contract, demo, lang) as city:
        found = city.pay(number, payer, asset, key)
    if form == "json":
        emit_json(found.told())
        return 0
    _print_paid(found, lang)
    return 0


def _print_paid(found: Invoice, lang: str) -> None:
    told = found.told()
    p = told["payment"]
    more = {"number": found.number, "coins": p["coins"], "asset": p["asset"], "price": p["price"]}
    more |= {"fee": p["fee_kzt"], "amount": told["amount_kzt"]}
    emit(Message("city_was_paid", more).text(lang) + "\n")


def _tiyn(text: str) -> int:
    from salyq.civil.errors import InputError
    from salyq.civil.numbers import NumberError, parse_written

    try:
        return parse_written(text, 2)
    except NumberError as error:
        raise InputError(error.message, column="--amount", value=text) from None


@contextmanager
def _city(data: str | None, now: datetime | None, contract: str | None, demo: bool, lang: str) -> Iterator[City]:
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.city import demo as made_up
    from salyq.office.pilots.city.invoices import ACCESS, City
    from salyq.office.pilots.sandbox import contracts

    with opened_office(data, now) as store, Gate(store.url, store.clock) as gate:
        with store.transaction() as tx:
            known = [c.id for c in contracts.contracts(tx, "city")]
        if demo:
            number = contract or (known[0] if known else "SB-2026-CITY")
            shops, people = made_up.programme(store, gate, number=number)
            with store.transaction(ACCESS) as tx:
                made_up.admit(tx, shops)
            for shop in shops:
                complain(f"{shop.id} {shop.name}")
            complain(Message("city_payers", {"payers": ", ".join(people)}).text(lang))
        elif contract is None and len(known) != 1:
            raise UsageError(Message("city_no_made_up"), column="--contract", value=", ".join(known))
        else:
            number = contract or known[0]
        yield City(store, gate, number)


# --- status -----------------------------------------------------------------------------------------------------------


def build_status(words: Help) -> click.Command:
    return Command("pilot city status", words, run_status, _office(words))


def run_status(*, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """Invoices, payments and refusals by month, and the rules of today."""
    from salyq.office.pilots.city.statistics import statistics
    from salyq.present.amounts import number
    from salyq.present.months import month_text
    from salyq.present.page import Page

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = statistics(tx)
    if form == "json":
        emit_json(found)
        return 0
    page = Page()
    _print_rules(page, found["rules"], lang)
    page.heading(Message("city_months").text(lang))
    head = ("month", "invoices", "paid", "refused", "volume")
    rows = [
        [
            month_text(m["month"], lang),
            *(str(m[k]) for k in head[1:4]),
            number(Decimal(m["volume_kzt"]), lang, decimals=2),
        ]
        for m in found["months"]
    ]
    if rows:
        page.table([Message(f"city_{name}").text(lang) for name in head], rows, right=(1, 2, 3, 4))
    else:
        page.line("—")
    for reason, count in found["refusals"].items():
        page.line(f"{Message(f'city_why_{reason}', _BLANK).text(lang)}: {count}")
    emit_page(page)
    return 0


_BLANK = {"merchant": "…", "number": "…", "asset": "…", "contract": "…", "state": "…"}
