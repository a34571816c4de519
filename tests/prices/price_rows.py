"""Rows of quotes for tests, short to write."""

from datetime import date
from decimal import Decimal

from salyq.records.model import AssetValue, ExchangeRate, Source


def scaled(text):
    return int(Decimal(text).scaleb(18))


def value(
    day, amount, *, asset="BTC", kind="official", currency="USD", line=2, file="prices/values.csv", origin="made up"
):
    source = Source(file, line, "ab" * 32)
    return AssetValue(date.fromisoformat(day), asset, scaled(amount), currency, origin, kind, source)


def rate(
    day, amount, *, currency="USD", kind="official", quantity="1", line=2, file="prices/rates.csv", origin="made up"
):
    source = Source(file, line, "cd" * 32)
    return ExchangeRate(date.fromisoformat(day), currency, scaled(amount), scaled(quantity), origin, kind, source)
