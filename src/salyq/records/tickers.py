"""Tickers that venues used again for another coin: dated data (tickers.toml), never a guess."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Reused(NamedTuple):
    """Until `until`, the last day, `ticker` was the coin that is called `renamed` since."""

    ticker: str
    until: date
    renamed: str


@cache
def reused() -> dict[str, Reused]:
    """By ticker."""
    text = (files("salyq.records") / "tickers.toml").read_text(encoding="utf-8")
    return {row["ticker"]: Reused(row["ticker"], row["until"], row["is"]) for row in tomllib.loads(text)["reused"]}


def on_day(ticker: str, day: date) -> str:
    """What the coin that `ticker` named on `day` is called since."""
    found = reused().get(ticker)
    return found.renamed if found is not None and day <= found.until else ticker
