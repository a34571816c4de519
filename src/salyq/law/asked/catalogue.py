"""The acts and facts as data: `acts.toml` and `facts.toml` of this folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from salyq.law.asked.model import TYPES, Act, Fact, Root, columns_of
from salyq.rulebook.node import LawError

T = TypeVar("T")
_TOP = re.compile(r"^\[(\w+)\]$", re.MULTILINE)
_TYPE = re.compile(r'^type = "(\w+)"$', re.MULTILINE)
_LISTS = ("subjects", "facts", "dated_by")
_PARTS = ("needs", "duties", "amounts", "findings")
_KEYS = {*_LISTS, *_PARTS, "title", "since", "verdict", "gate", "authority", "example"}


class Entries(Mapping[str, T]):
    """The top tables of a data file of ours, each parsed when it is asked for: an answer needs a few of many.

    Relies on every top table beginning on a line of its own, `[name]`; a test reads the files whole as well."""

    def __init__(self, file: str, make: Callable[[str, Mapping[str, Any]], T]) -> None:
        text = (files("salyq.law.asked") / file).read_text(encoding="utf-8")
        starts = list(_TOP.finditer(text))
        ends = [m.start() for m in starts[1:]] + [len(text)]
        self.texts = {m[1]: text[m.start() : end] for m, end in zip(starts, ends, strict=True)}
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._make(name, tomllib.loads(self.texts[name])[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


@cache
def facts() -> Entries[Fact]:
    """Every fact by its name."""
    return Entries("facts.toml", _fact)


@cache
def acts() -> Entries[Act]:
    """Every act by its name."""
    return Entries("acts.toml", _act)


@cache
def columns() -> Mapping[str, str]:
    """The columns of all facts with their units, without reading the words of each."""
    found: dict[str, str] = {}
    for name, text in facts().texts.items():
        written = _TYPE.search(text)
        if written is None or written[1] not in TYPES:
            raise LawError(f"facts.toml: {name}: unknown type")
        found |= columns_of(name, written[1])
    return found


def _fact(name: str, entry: Mapping[str, Any]) -> Fact:
    if entry["type"] not in TYPES or set(entry) - {"type", "label", "ask", "choices"}:
        raise LawError(f"facts.toml: {name}: unknown type or key")
    return Fact(name, entry["type"], entry["label"], entry["ask"], entry.get("choices", {}))


def _act(name: str, entry: Mapping[str, Any]) -> Act:
    if strange := set(entry) - _KEYS:
        raise LawError(f"acts.toml: {name}: unknown {', '.join(sorted(strange))}")
    lists: dict[str, Any] = {key: tuple(entry.get(key, ())) for key in _LISTS}
    lists |= {key: tuple(_root(text) for text in entry.get(key, ())) for key in _PARTS}
    return Act(
        name,
        entry["title"],
        entry["since"],
        verdict=entry["verdict"],
        gate=entry.get("gate"),
        authority=entry.get("authority"),
        example=entry["example"],
        **lists,
    )


def _root(text: str) -> Root:
    name, *rest = text.split()
    said: dict[str, list[str]] = {"if": [], "as": [], "to": [], "due": [], "until": []}
    for word, value in zip(rest[::2], rest[1::2], strict=False):
        if word not in said or len(rest) % 2 or (word != "if" and said[word]):
            raise LawError(f"acts.toml: {text!r} is not NAME [if RULE]… [as NAME] [to WHOM] [due RULE] [until RULE]")
        said[word].append(value)
    due, until = (said[w][0] if said[w] else None for w in ("due", "until"))
    return Root(name, tuple(said["if"]), "".join(said["to"]), due, until, "".join(said["as"]))
