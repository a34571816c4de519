"""What is known of the rules of a CARF message (rules.toml), for `salyq carf rules` and the docs."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a rule was read."""

    text: str


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`code`: numbers of status messages, "" where none is known; `rules`: codes of our messages that tell it."""

    code: str
    held: str
    by: tuple[str, ...]
    kk: str
    ru: str
    en: str
    rules: tuple[str, ...] = ()

    def words(self, lang: str) -> str:
        text: str = getattr(self, lang)
        return text


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    source: dict[str, Source]
    rule: tuple[Rule, ...]


@cache
def known() -> Known:
    """Read once."""
    text = (files("salyq.forms.carf") / "rules.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Known)
