"""What Salyq says to people: a message is a code with parameters; its words stand in kk, ru and en in `messages.toml`.

Each room keeps the words of its own codes in a `messages.toml` beside its modules, so a room and what it says change
together. Codes are unique over the whole house. `text` puts values (file names, numbers, ISO dates) in as they are,
`shown` as the language writes them (reader.py); beside a value, a template may ask for a plural form or a Kazakh
ending (grammar.py).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from salyq.civil.grammar import Speaker
from salyq.civil.reader import COMMAND, for_reader

LANGUAGES = ("kk", "ru", "en")
FILE = "messages.toml"
_HEAD = re.compile(r"^\[(\w+)\][ \t]*$", re.MULTILINE)
_GRAMMAR = (":plural:", ":kk:")  # what a value in a template asks of grammar.py


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand in data beside what they name (a label of law, the reason of a gap), put into a message."""

    kk: str
    ru: str
    en: str

    def text(self, lang: str = "en") -> str:
        """The words in `lang` (kk, ru or en)."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[lang]

    shown = text  # no value stands in them


@dataclass(frozen=True, slots=True)
class Message:
    """A code and its parameters: plain text, numbers, or messages and words of their own, never rendered sentences."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """The message in `lang` (kk, ru or en); days, numbers and periods as machines write them."""
        said = (Message, Words)
        values = {k: v.text(lang) if isinstance(v, said) else v for k, v in self.params.items()}
        return _spoken(self._template(lang), values, lang)

    def shown(self, lang: str) -> str:
        """The message for a reader: days, amounts and periods as the language writes them, but for those of a command
        that the template tells."""
        said, command, rest = self._template(lang).partition(COMMAND)
        shown = {k: v.shown(lang) for k, v in self.params.items() if isinstance(v, Message | Words)}
        plain = {k: v for k, v in self.params.items() if k not in shown}
        text = _spoken(said, {k: for_reader(k, v, lang) for k, v in plain.items()} | shown, lang)
        return text + _spoken(command + rest, plain | shown, lang) if command else text

    def _template(self, lang: str) -> str:
        words = catalog().get(self.code)
        if words is None:
            raise KeyError(f"message {self.code!r} has no words in any messages.toml")
        return words[lang]

    @property
    def about(self) -> str:
        """What it wants to be mended: "person", the facts of the person; as `about` beside its words says, or beside
        those of a message in it."""
        inner = (v.about for v in self.params.values() if isinstance(v, Message))
        return catalog().about(self.code) or next(filter(None, inner), "")

    def texts(self) -> dict[str, str]:
        """The message in all three languages, as the JSON form of a finding has it."""
        return {lang: self.text(lang) for lang in LANGUAGES}

    def told(self) -> dict[str, str]:
        """The same for people alone: each as its readers write days, amounts and periods."""
        return {lang: self.shown(lang) for lang in LANGUAGES}


def _spoken(template: str, values: Mapping[str, object], lang: str) -> str:
    if any(mark in template for mark in _GRAMMAR):
        return Speaker(lang).vformat(template, (), values)
    return template.format_map(values)


class Catalog(Mapping[str, Mapping[str, str]]):
    """Words by code. A room's file is cut into entries at once; an entry is read when somebody asks for it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._entries: dict[str, str] = {}
        self._read: dict[str, Mapping[str, str]] = {}
        self._about: dict[str, str] = {}
        for room, text in texts.items():
            for code, entry in _entries(text):
                if code in self._entries:
                    raise ValueError(f"message {code!r} is defined twice (again in {room})")
                self._entries[code] = entry

    def __getitem__(self, code: str) -> Mapping[str, str]:
        found = self._read.get(code)
        if found is None:
            found = tomllib.loads(self._entries[code])
            self._about[code] = found.pop("about", "")
            self._read[code] = found
        return found

    def about(self, code: str) -> str:
        """What a message is about, where that is said beside its words."""
        return self._about[code] if self.get(code) else ""

    def __contains__(self, code: object) -> bool:
        return code in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """(code, its lines) of every entry of a messages.toml."""
    heads = list(_HEAD.finditer(text))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        yield head[1], text[head.end() : after.start() if after else len(text)]


def rooms() -> Iterator[tuple[str, str]]:
    """(room, text of its words) of every folder of ours, down to the second, that has a messages.toml: a room says its
    own words, and nobody lists the rooms."""
    for folder in _folders(files("salyq"), 2):
        path = folder.joinpath(FILE)
        if path.is_file():
            yield str(folder), path.read_text(encoding="utf-8")


def _folders(folder: Traversable, deep: int) -> Iterator[Traversable]:
    for inner in sorted(folder.iterdir(), key=lambda f: f.name):
        if inner.name[:1] not in "._" and inner.is_dir():
            yield inner
            if deep > 1:
                yield from _folders(inner, deep - 1)


@cache
def catalog() -> Catalog:
    """All words: code -> language -> template. A code defined in two rooms is an error of ours."""
    return Catalog(dict(rooms()))
