"""What `salyq law check` finds wrong with the law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from salyq.civil.errors import SalyqError
from salyq.civil.messages import Message
from salyq.rulebook.units import LawError


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `name` is the value, rule or act; `place` the article or day it stands at, or empty; `file` and `line`
    where it is written, where that is known."""

    name: str
    place: str
    message: Message
    file: str = ""
    line: int = 0

    def text(self, lang: str = "en") -> str:
        """One line: `file:line: name (place): what is wrong`."""
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        name = f"{self.name}{f' ({self.place})' if self.place else ''}: " if self.name else ""
        return f"{where}{name}{self.message.text(lang)}"

    def __str__(self) -> str:
        return self.text()


def fault(name: str, place: object, code: str, /, **params: object) -> Fault:
    """A fault by its message code."""
    shown = {k: v if isinstance(v, Message) else str(v) for k, v in params.items()}
    return Fault(name, str(place or ""), Message(code, shown))


def act_unknown(name: str, place: object, act: str, acts: Iterable[str]) -> Fault:
    """An act that is in no file of acts, with the one that it most resembles."""
    known = sorted(acts)
    near = get_close_matches(act, known, 1) or [", ".join(known[:3]) + " …"]
    return fault(name, place, "law_act_unknown", act=act, right=near[0])


class LoadError(SalyqError, LawError):
    """The law's own files can't be read: every fault found, each with its file and line. Nobody's defect but theirs."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].message)

    def text(self, lang: str = "en") -> str:
        """A line a fault."""
        return "\n".join(f.text(lang) for f in self.faults)
