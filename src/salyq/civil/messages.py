"""What Salyq says to people: a message is a code with parameters; its words stand in kk, ru and en in `messages.toml`.

Each room keeps the words of its own codes in a `messages.toml` beside its modules, so a room and what it says change
together. Codes are unique over the whole house. Values (file names, numbers, ISO dates) are put in as they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

LANGUAGES = ("kk", "ru", "en")
ROOMS = (
    *("civil", "records", "sources", "reconcile", "prices", "lots", "law", "rulebook", "assess", "forms"),
    *("present", "report", "population", "cli"),
    *(f"office/{room}" for room in ("store", "people", "registry", "procedures", "intake", "ledger", "pilots")),
    *("office/portal", "office/demonstration"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand in data beside what they name (a label of law, the reason of a gap), put into a message."""

    kk: str
    ru: str
    en: str

    def text(self, lang: str = "en") -> str:
        """The words in `lang` (kk, ru or en)."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[lang]


@dataclass(frozen=True, slots=True)
class Message:
    """A code and its parameters: plain text, numbers, or messages and words of their own, never rendered sentences."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """The message in `lang` (kk, ru or en)."""
        words = catalog().get(self.code)
        if words is None:
            raise KeyError(f"message {self.code!r} has no words in any messages.toml")
        shown = {k: v.text(lang) if isinstance(v, Message | Words) else v for k, v in self.params.items()}
        return words[lang].format_map(shown)

    def texts(self) -> dict[str, str]:
        """The message in all three languages, as the JSON form of a finding has it."""
        return {lang: self.text(lang) for lang in LANGUAGES}


@cache
def catalog() -> Mapping[str, Mapping[str, str]]:
    """All words: code -> language -> template. A code defined in two rooms is an error of ours."""
    found: dict[str, Mapping[str, str]] = {}
    for room in ROOMS:
        path = files("salyq") / room / "messages.toml"
        if not path.is_file():
            continue
        for code, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise ValueError(f"message {code!r} is defined twice (again in {room})")
            found[code] = words
    return found
