"""Units of quantities in words (`unit_words.toml`), where people do not read a unit as it is called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("salyq.civil") / "unit_words.toml").read_text(encoding="utf-8"))


def unit_in(unit: str, lang: str) -> str:
    """A unit in words of a language; its own name where it has none."""
    words = _words().get(unit)
    return words[lang] if words else unit
