"""Countries by two and by three letters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def countries() -> Mapping[str, str]:
    """Two letters to three."""
    return tomllib.loads((files("salyq.forms") / "countries.toml").read_text(encoding="utf-8"))


def alpha_3(code: str) -> str:
    """The three letters of a country; a code that is no country stays as it is."""
    return countries().get(code, code)
