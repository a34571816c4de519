"""Words of closed lists in Russian and Kazakh (words.toml), beside the English ones."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files

from salyq.civil.compiled import toml_of
from salyq.records.kinds import KINDS


def plain(text: str) -> str:
    """A word as it is compared."""
    return " ".join(text[:100].casefold().replace("ё", "е").replace("_", " ").split()).strip(" .:")


def meant(text: str, column: str, choices: Collection[str]) -> str | None:
    """The choice that a word of a column means; None where it means none, or several."""
    if text in choices:
        return text
    found = {choice for choice in _words(column).get(plain(text), ()) if choice in choices}
    return found.pop() if len(found) == 1 else None


@cache
def choices(column: str) -> tuple[str, ...]:
    """The choices of a column that words.toml has words for."""
    data = toml_of((files("salyq.sources") / "words.toml").read_text(encoding="utf-8"))
    return tuple(data.get(column, ()))


@cache
def _words(column: str) -> dict[str, tuple[str, ...]]:
    data = toml_of((files("salyq.sources") / "words.toml").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    lists: dict[str, list[str]] = {name: list(words) for name, words in data.get(column, {}).items()}
    if column == "kind":
        for name, kind in KINDS.items():
            lists.setdefault(name, []).extend(kind.label.values())
    for name, words in lists.items():
        for word in (name, *words):
            found.setdefault(plain(word), set()).add(name)
    return {word: tuple(names) for word, names in found.items()}
