"""Words in the reader's language: messages, labels of the law, and the names of states, bases and severities."""

from __future__ import annotations

from collections.abc import Mapping

from salyq.civil.messages import Message, catalog


class Words:
    """`say("code", …)` in one language; a value that is not a message is put in as it is."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, code: str, **params: object) -> str:
        return Message(code, params).text(self.lang)

    def of(self, message: Message | None) -> str:
        """A message in this language; nothing for None."""
        return "" if message is None else message.text(self.lang)

    def known(self, code: str, otherwise: str, **params: object) -> str:
        """The words of `code` if it has any (a name that a later version added has none yet), else `otherwise`."""
        return self(code, **params) if code in catalog() else otherwise

    def duty(self, name: str) -> str:
        """An obligation in words: «Digital mining fee: return»."""
        tax, _, duty = name.rpartition(".")
        return self.known(f"duty_{duty}", name, tax=self.known(f"tax_{tax}", tax))

    def label(self, label: Mapping[str, str] | None, otherwise: str) -> str:
        """A label of the law in this language, else in English, else the bare name."""
        found = label or {}
        return found.get(self.lang) or found.get("en") or otherwise
