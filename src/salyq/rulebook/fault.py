"""What `salyq law check` finds wrong with the law."""

from __future__ import annotations

from dataclasses import dataclass

from salyq.civil.messages import Message


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `name` is the value, rule or act; `place` the article or day it stands at, or empty."""

    name: str
    place: str
    message: Message

    def text(self, lang: str = "en") -> str:
        """One line: `name (place): what is wrong`."""
        return f"{self.name}{f' ({self.place})' if self.place else ''}: {self.message.text(lang)}"

    def __str__(self) -> str:
        return self.text()


def fault(name: str, place: object, code: str, /, **params: object) -> Fault:
    """A fault by its message code."""
    return Fault(name, str(place or ""), Message(code, {k: str(v) for k, v in params.items()}))
