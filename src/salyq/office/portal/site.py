"""What all pages share: the store through the role of the pages, templates, words, counters."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from salyq.app.lawbook import whole
from salyq.civil.messages import Message, Words
from salyq.office.cases.workshop import Workshop
from salyq.office.ledger.assets import shown
from salyq.office.ledger.gate import Gate
from salyq.office.portal.choices import choice, chosen, options
from salyq.office.portal.limits import Limits
from salyq.office.portal.readers import due_day, shown_at, shown_day, shown_moment, without_places
from salyq.office.registry import book
from salyq.office.registry.model import STATUSES
from salyq.office.store.store import Store, Transaction
from salyq.present.cites import cites_text
from salyq.present.months import month_short, month_text


@dataclass
class Site:
    """`web` is the store through row-level security; `work` the one of jobs; `folder` the office's data folder."""

    web: Store
    work: Store
    folder: Path
    made_up: bool = False
    templates: jinja2.Environment = field(default_factory=lambda: environment())
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    gate: Gate | None = None  # into the ledger; opened by the first payment over the portal
    limits: Limits = field(default_factory=Limits)
    workshop: Workshop = field(init=False)

    def __post_init__(self) -> None:
        self.workshop = Workshop(self.folder)

    def say(self, code: str, lang: str, **params: object) -> str:
        return Message(code, params).shown(lang) if params else _plain(code, lang)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1


_DAYS: Mapping[str, Callable[..., str]] = {"day": shown_day, "moment": shown_moment, "at": shown_at, "due": due_day}


def _told(how: Callable[..., str]) -> Callable[..., str]:
    """A filter that knows the language of its page."""

    @jinja2.pass_context
    def told(context: jinja2.runtime.Context, value: Any) -> str:
        return how(value, context["lang"])

    return told


@cache
def _plain(code: str, lang: str) -> str:
    """A page says some thirty words that have no parameters."""
    return Message(code).text(lang)


def environment() -> jinja2.Environment:
    """Templates of this package; everything is escaped, and an unknown name is an error."""
    loader = jinja2.FileSystemLoader(str(files("salyq.office.portal") / "templates"))
    made = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, auto_reload=False)
    made.trim_blocks = made.lstrip_blocks = True
    made.filters |= {name: _told(f) for name, f in _DAYS.items()} | {"words": in_words, "whole": shown_whole}
    made.filters |= {"tenge": _tenge, "units": shown, "sum_of": _sum}
    made.filters |= {
        "status": shown_status,
        "cites": shown_cites,
        "plain": plain,
        "way": without_places,
        "month": month_text,
        "month_short": month_short,
    }
    made.globals |= {"book": book, "options": options, "chosen": chosen, "choice": choice}
    return made


def shown_sum(value: str, lang: str) -> str:
    """A decimal sum ("-1234.50") with its thousands apart, and the reader's comma or point."""
    whole, dot, part = value.partition(".")
    digits = whole.removeprefix("-")
    mark = dot if lang == "en" else dot.replace(".", ",")
    return ("-" if whole.startswith("-") else "") + (shown_whole(int(digits)) if digits else "") + mark + part


@jinja2.pass_context
def _sum(context: jinja2.runtime.Context, value: str) -> str:
    return shown_sum(value, context["lang"])


@jinja2.pass_context
def _tenge(context: jinja2.runtime.Context, value: str | int) -> str:
    """Tiyn as tenge: 1 234.50 ₸ with no-break spaces."""
    if value == "":
        return ""
    whole, part = divmod(int(value), 100)
    return shown_sum(f"{whole}.{part:02d}", context["lang"]) + "\N{NO-BREAK SPACE}₸"


def shown_status(value: str, register: str, lang: str) -> str:
    """A register's status in words."""
    return book.status_words(book.register(register), value).text(lang) if value in STATUSES else "—"


def shown_cites(value: str | list[str] | tuple[str, ...], lang: str) -> str:
    """Articles as lawyers write them: “Law 193-VII, art. 9”."""
    return _cites((value,) if isinstance(value, str) else tuple(value), lang)


_CITED = re.compile(r"\b([a-z][a-z0-9-]*):\d[0-9.-]*")


def plain(text: str, lang: str) -> str:
    """Words of an error as a reader has them: articles as lawyers write them."""
    return _CITED.sub(lambda m: shown_cites(m[0].rstrip("."), lang) if m[1] in whole().acts else m[0], text)


@cache
def _cites(cites: tuple[str, ...], lang: str) -> str:
    return cites_text([c for c in cites if c], whole().acts, lang)


def shown_whole(value: int) -> str:
    """1 234 567 with no-break spaces."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def in_words(value: Words | dict[str, Any], lang: str) -> str:
    return value.text(lang) if isinstance(value, Words) else str(value[lang])


def made_up(tx: Transaction) -> bool:
    """Whether this is the demonstration country."""
    return tx.value(b"select value from store.fact where name = 'made_up'") is not None
