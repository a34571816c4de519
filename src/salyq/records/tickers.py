"""Tickers that venues used again for another coin, and new names of coins: data (tickers.toml), never a guess."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from salyq.civil.numbers import parse_scaled


class Reused(NamedTuple):
    """Until `until`, the last day, `ticker` was the coin that is called `renamed` since."""

    ticker: str
    until: date
    renamed: str


class NewName(NamedTuple):
    """One `old` became `ratio` (10⁻¹⁸) of `new`."""

    old: str
    new: str
    ratio: int


@cache
def reused() -> dict[str, Reused]:
    """By ticker."""
    return {row["ticker"]: Reused(row["ticker"], row["until"], row["is"]) for row in _data()["reused"]}


@cache
def new_names() -> dict[str, NewName]:
    """By the old ticker."""
    return {row["ticker"]: NewName(row["ticker"], row["is"], parse_scaled(row["ratio"])) for row in _data()["renamed"]}


def _data() -> dict[str, Any]:
    return tomllib.loads((files("salyq.records") / "tickers.toml").read_text(encoding="utf-8"))


def on_day(ticker: str, day: date) -> str:
    """What the coin that `ticker` named on `day` is called since."""
    found = reused().get(ticker)
    return found.renamed if found is not None and day <= found.until else ticker
