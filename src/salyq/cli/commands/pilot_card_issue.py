"""`salyq pilot card issue | block | buy | quote`: cards, coins of their holders, the exchange's price."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_written
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.office import shared
from salyq.cli.office_options import opened_office
from salyq.cli.output import emit


def build_issue(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["contract"], metavar="CONTRACT"),
        click.Option(["--holder"], required=True, metavar="IIN", help=words("option", "holder")),
        options.text(words, "name", "card_name"),
        click.Option(["--asset"], default="USDT", metavar="ASSET", help=words("option", "asset_code")),
        click.Option(["--until"], required=True, metavar="YYYY-MM", help=words("option", "card_until")),
        *shared(words),
    ]
    return Command("pilot card issue", words, run_issue, params)


def run_issue(
    *,
    contract: str,
    holder: str,
    name: str,
    asset: str,
    until: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    """The number comes on the standard input, where no list of processes shows it."""
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.card.issuing import issue

    pan = sys.stdin.readline().strip().replace(" ", "")
    with opened_office(data, now) as store, Gate(store.url, store.clock) as gate:
        card = issue(store, gate, contract, pan, holder, name, asset, until)
    emit(Message("card_was_issued", {"card": card.shown, "holder": holder, "asset": asset}).text(lang) + "\n")
    return 0


def build_block(words: Help) -> click.Command:
    ground = options.text(words, "ground", "sandbox_ground")
    return Command("pilot card block", words, run_block, [ground, *shared(words)])


def run_block(*, ground: str, data: str | None, now: datetime | None, lang: str) -> int:
    """The number comes on the standard input."""
    from salyq.office.pilots.card.issuing import block

    pan = sys.stdin.readline().strip().replace(" ", "")
    with opened_office(data, now, there=True) as store:
        card = block(store, pan, ground)
    emit(Message("card_was_blocked", {"card": card.shown, "holder": card.holder}).text(lang) + "\n")
    return 0


def build_buy(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--holder"], required=True, metavar="IIN", help=words("option", "holder")),
        click.Option(["--asset"], default="USDT", metavar="ASSET", help=words("option", "asset_code")),
        click.Option(["--quantity"], required=True, metavar="N", help=words("option", "card_quantity")),
        click.Option(["--paid"], required=True, metavar="KZT", help=words("option", "card_paid")),
        options.text(words, "trade", "card_trade", metavar="ID"),
        options.text(words, "source", "card_source", metavar="NAME"),
        *shared(words),
    ]
    return Command("pilot card buy", words, run_buy, params)


def run_buy(
    *,
    holder: str,
    asset: str,
    quantity: str,
    paid: str,
    trade: str,
    source: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    """The same trade again changes nothing."""
    from salyq.office.ledger.assets import SCALES, shown
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.card.issuing import buy

    if asset not in SCALES:
        raise UsageError(Message("sandbox_assets", {"known": ", ".join(SCALES)}), column="--asset", value=asset)
    units, tiyn = _whole(quantity, SCALES[asset], "--quantity"), _whole(paid, 2, "--paid")
    with opened_office(data, now) as store, Gate(store.url, store.clock) as gate:
        buy(store, gate, holder, asset, units, tiyn, trade, source)
    told = {"holder": holder, "coins": f"{shown(units, asset)} {asset}", "paid": shown(tiyn, "KZT")}
    emit(Message("card_coins_bought", told).text(lang) + "\n")
    return 0


def build_quote(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["asset"], metavar="ASSET"),
        click.Argument(["price"], metavar="KZT"),
        options.text(words, "source", "card_source", metavar="NAME"),
        *shared(words),
    ]
    return Command("pilot card quote", words, run_quote, params)


def run_quote(*, asset: str, price: str, source: str, data: str | None, now: datetime | None, lang: str) -> int:
    """The exchange's price of one whole asset, as of now."""
    from salyq.civil.numbers import format_scaled
    from salyq.office.ledger.assets import SCALES
    from salyq.office.pilots import quotes
    from salyq.office.pilots.card.issuing import ACCESS

    if asset not in SCALES:
        raise UsageError(Message("sandbox_assets", {"known": ", ".join(SCALES)}), column="ASSET", value=asset)
    exact = format_scaled(_whole(price, 12, "KZT"), 12)
    with opened_office(data, now) as store, store.transaction(ACCESS) as tx:
        quotes.add(tx, asset, exact, source, tx.now)
    emit(Message("card_price_kept", {"asset": asset, "price": exact, "source": source}).text(lang) + "\n")
    return 0


def _whole(text: str, decimals: int, column: str) -> int:
    try:
        found = parse_written(text, decimals)
    except NumberError as error:
        raise UsageError(error.message, column=column, value=text) from None
    if found <= 0:
        raise UsageError(Message("card_above_zero"), column=column, value=text)
    return found
