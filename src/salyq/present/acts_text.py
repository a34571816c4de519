"""Which acts a page cites: what “Tax Code 2025” in “Tax Code 2025, art. 389(2)” is in full, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from salyq.present.cites import act_text
from salyq.present.page import Page
from salyq.present.words import Words


class Act(Protocol):
    """An act as law has it: `title` in kk, ru and en; `address` empty where there is none. `short`: how lawyers name
    it in a cite; `read`: what they read instead of a source that is no law; `divided`: its parts where no articles."""

    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def address(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def short(self) -> Mapping[str, str] | None: ...
    @property
    def read(self) -> Mapping[str, str] | None: ...
    @property
    def divided(self) -> str: ...


def acts_cited(page: Page, say: Words, cites: Iterable[str], acts: Mapping[str, Any]) -> None:
    """Each cited act once, in the order of first mention; nothing where none is known."""
    names = dict.fromkeys(cite.partition(":")[0] for cite in cites)
    known = [(name, acts[name]) for name in names if name in acts]
    if not known:
        return
    page.heading(say("acts_heading"))
    for name, act in known:
        short, title = act_text(act, say.lang), say.label(act.title, name)
        text = title if short == title else f"{short} — {title}"
        page.line(" · ".join(x for x in (text, say.to_read(name), act.address) if x), indent=1)
