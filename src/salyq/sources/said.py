"""What a table that was read is called: “Binance: transaction history” for `binance_history`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_AGE = re.compile(r"_(?:old|older|oldest|20\d\d)$")  # an older layout of the same list


def reader_name(reader: str, lang: str, venue: str = "") -> str:
    """In words; a reader of another package by its venue, or by its own name where it states none."""
    whole = _names()["whole"].get(reader)
    if whole is not None:
        return whole[lang]
    if not venue:
        return reader
    listed = _names()["list"]
    parts = _AGE.sub("", reader).split("_")
    for n in range(1, len(parts)):
        words = listed.get("_".join(parts[n:]))
        if words is not None:
            return f"{venue}: {words[lang]}"
    return venue


@cache
def _names() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((files("salyq.sources") / "said.toml").read_text(encoding="utf-8"))
