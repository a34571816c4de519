"""Words in the reader's language: messages, labels of the law, and the names of states, bases and severities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from salyq.civil.citing import act_text, cite_text, cites_text
from salyq.civil.messages import Message, catalog
from salyq.civil.reader import shown_period


class Words:
    """`say("code", …)` in one language; a value that is not a message is put in as it is. `acts` are those cited."""

    def __init__(self, lang: str, acts: Mapping[str, Any] | None = None) -> None:
        self.lang = lang
        self.acts = acts or {}

    def __call__(self, code: str, **params: object) -> str:
        return Message(code, params).shown(self.lang)

    def of(self, message: Message | None) -> str:
        """A message in this language; nothing for None."""
        return "" if message is None else message.shown(self.lang)

    def known(self, code: str, otherwise: str, **params: object) -> str:
        """The words of `code` if it has any (a name that a later version added has none yet), else `otherwise`."""
        return self(code, **params) if code in catalog() else otherwise

    def period(self, period: str) -> str:
        """A period of a tax: 2025, “2025-Q1” as the language writes it."""
        return shown_period(period, self.lang)

    def duty(self, name: str) -> str:
        """An obligation in words: «Digital mining fee: return»."""
        tax, _, duty = name.rpartition(".")
        return self.known(f"duty_{duty}", name, tax=self.known(f"tax_{tax}", tax))

    def label(self, label: Mapping[str, str] | None, otherwise: str) -> str:
        """A label of the law in this language, else in English, else the bare name."""
        found = label or {}
        return found.get(self.lang) or found.get("en") or otherwise

    def cite(self, cite: str) -> str:
        """A cite as lawyers write it: “Tax Code 2025, art. 389(2)”."""
        return cite_text(cite, self.acts, self.lang)

    def cites(self, cites: Iterable[str]) -> str:
        """Several cites, an act named once in a row."""
        return cites_text(cites, self.acts, self.lang)

    def code(self, name: str, code: str) -> str:
        """What a value of the closed list of the fact or rule `name` is called; what is in none stays as it is."""
        from salyq.app.words_of_law import word

        return self.label(word(name, code), code)

    def quoted(self, name: str, code: str) -> str:
        """The same between quotation marks, where it is in a list."""
        from salyq.app.words_of_law import word

        found = word(name, code)
        return code if found is None else ("“{}”" if self.lang == "en" else "«{}»").format(self.label(found, code))

    def chosen(self, election: str, choice: str) -> str:
        """A choice in words, with the setting that makes it: “Order of lots: moving average (lot_method = average)”."""
        from salyq.app.words_of_law import chosen

        setting = f"{election} = {choice}"
        found = chosen(election, choice)
        return setting if found is None else f"{self.label(found[0], '')}: {self.label(found[1], '')} ({setting})"

    def to_read(self, cite: str) -> str:
        """What a lawyer reads instead of a source that is no law; empty for law itself."""
        read = getattr(self.acts.get(cite.partition(":")[0]), "read", None)
        return self("acts_read", what=self.label(read, "")) if read else ""

    def act(self, name: str) -> str:
        """How lawyers call an act."""
        return act_text(self.acts[name], self.lang) if name in self.acts else name
