"""`salyq pilot scenario NAME`: customers, merchants, an acquirer and faults from a seed; then what the books say."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import click

from salyq.civil.days import zone
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import office_options, options
from salyq.cli.helping import Command, Help
from salyq.cli.office_options import opened_office
from salyq.cli.output import emit_json, emit_page

WRONG = 3


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], metavar="NAME"),
        click.Option(
            ["--seed"], type=click.IntRange(0), required=True, metavar="N", help=words("option", "scenario_seed")
        ),
        click.Option(["--days"], type=click.IntRange(1, 3660), metavar="D", help=words("option", "days")),
        click.Option(
            ["--rate"], type=click.IntRange(1, 100_000), default=20, metavar="R", help=words("option", "rate")
        ),
        options.form(words),
        office_options.data(words),
        office_options.now(words),
        options.lang(words),
    ]
    return Command("pilot scenario", words, run, params)


def run(
    *, name: str, seed: int, days: int | None, rate: int, form: str, data: str | None, now: datetime | None, lang: str
) -> int:
    """Exit 3 where the books differ from their transfers."""
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.scenario import NAMES, clock_for, drive
    from salyq.present.amounts import money
    from salyq.present.page import Page

    if name not in NAMES:
        raise UsageError(Message("scenario_unknown", {"names": ", ".join(NAMES)}), column="NAME", value=name)
    with opened_office(data, now) as store:
        clock = clock_for(store, name, days)
        if clock is None:
            raise UsageError(Message("scenario_no_clock"), column="--now", value=name)
        store.clock = clock
        with Gate(store.url, store.clock) as gate:
            told = drive(store, gate, name, seed, days, rate)
    if form == "json":
        emit_json(told)
    else:
        page = Page()
        page.line(Message("scenario_contract", {"name": name, "contract": told["contract"]}).text(lang))
        for key, label in zip(("answers", "cleared"), _LABELS.get(name, _CARD), strict=True):
            if told[key]:
                counted = ", ".join(f"{_said(k, lang)} × {v}" for k, v in told[key].items())
                page.line(f"{label.text(lang)}: {counted}")
        page.line(Message("scenario_time", {"first": _shown(told["from"]), "last": _shown(told["until"])}).text(lang))
        sums = {k: money(Decimal(told[f"{k}_tiyn"]).scaleb(-2), lang) for k in ("settled", "held")}
        page.line(Message("scenario_settled", sums).text(lang))
        page.line(Message("scenario_books", {"count": told["differences"]}).text(lang))
        page.line(Message("scenario_people", {"people": ", ".join(told["holders"])}).text(lang))
        emit_page(page)
    return WRONG if told["differences"] else 0


def _shown(moment: str) -> str:
    """In Kazakhstan's time, to the minute."""
    return f"{datetime.fromisoformat(moment).astimezone(zone()):%d.%m.%Y %H:%M}"


_CARD = (Message("scenario_answers"), Message("scenario_cleared"))
_LABELS = {  # where no host answers and nothing is cleared
    "city_month": (Message("scenario_invoices"), Message("scenario_payments")),
    "missing_data": (Message("scenario_abroad"), Message("scenario_payments")),
}
_ABROAD = ("quoted", "prepared", "held_for_data", "fulfilled", "settled", "rejected", "expired")
_WORDS = {
    "deaths": Message("scenario_deaths"),
    "invoice": Message("scenario_made"),
    "paid": Message("city_state_paid"),
}


def _said(code: str, lang: str) -> str:
    """An answer's code with its words; the state of a payment abroad with its cause, a refusal in words."""
    from salyq.office.pilots import reasons
    from salyq.office.pilots.card.spec import WORDS

    if code in WORDS:
        return f"{code} {WORDS[code].text(lang)}"
    if code in _WORDS:
        return _WORDS[code].text(lang)
    state, _, cause = code.partition(" ")
    if state in _ABROAD:
        told = Message(f"pilot_cstate_{state}").text(lang)
        return f"{told} ({reasons.said(cause, lang)})" if cause else told
    return reasons.said(code, lang)
