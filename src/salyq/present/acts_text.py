"""Which acts a page cites: what `tax-code-2025` in `tax-code-2025:389.2` is called, and where its text stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from salyq.present.page import Page
from salyq.present.words import Words


class Act(NamedTuple):
    """`title` in kk, ru and en; `address` empty where there is none (a convention of ours)."""

    title: Mapping[str, str]
    address: str


def acts_cited(page: Page, say: Words, cites: Iterable[str], acts: Mapping[str, Act]) -> None:
    """Each cited act once, in the order of first mention; nothing where none is known."""
    names = dict.fromkeys(cite.partition(":")[0] for cite in cites)
    known = [(name, acts[name]) for name in names if name in acts]
    if not known:
        return
    page.heading(say("acts_heading"))
    for name, act in known:
        text = f"{name} — {say.label(act.title, name)}"
        page.line(f"{text} · {act.address}" if act.address else text, indent=1)
