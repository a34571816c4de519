"""One catalogue a language for translators, made from the words that stand beside what they name, and taken back.

    python tools/catalogue.py make --to DIR      # DIR/salyq.kk.po, salyq.ru.po, salyq.en.po
    python tools/catalogue.py take FILE.po       # writes what a translator changed into the .toml files it came from

English is the text to translate (`msgid`), its place in the data the context (`msgctxt`: file, then the keys). What a
translation changes is exactly the words of its language on their own line; where a line can't be told from another
nothing of it is written, and it is named.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent / "src" / "salyq"
LANGUAGES = ("kk", "ru", "en")
BETWEEN = " | "
_HEADER = re.compile(r"^\[(?P<many>\[)?(?P<keys>[^\[\]]+)\]")
_BEGINS = re.compile(r"^(?P<keys>[\w.\"-]+) = \{")
_KEY = re.compile(r'([\w-]+)|"([^"]*)"')


class Entry(NamedTuple):
    """Words in three languages: the file they stand in (relative), the keys that lead to them."""

    file: str
    keys: tuple[str, ...]
    words: Mapping[str, str]

    @property
    def context(self) -> str:
        return BETWEEN.join((self.file, *self.keys))


def entries(root: Path = ROOT) -> Iterator[Entry]:
    """Every table of a data file that has words in all three languages and nothing but text in them."""
    for path in sorted(root.rglob("*.toml")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(root).as_posix()
        if "kk = " in text:
            yield from (Entry(name, keys, words) for keys, words in _spoken(tomllib.loads(text), ()))


def _spoken(data: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    if isinstance(data, list):
        for n, item in enumerate(data):
            yield from _spoken(item, (*keys, str(n)))
    elif isinstance(data, dict):
        if all(isinstance(data.get(lang), str) for lang in LANGUAGES):
            yield keys, {lang: data[lang] for lang in LANGUAGES}
        for key, inner in data.items():
            yield from _spoken(inner, (*keys, key))


def catalogue(lang: str, root: Path = ROOT) -> Catalog:
    """The words of one language."""
    found = Catalog(locale=lang, project="Salyq", charset="utf-8")
    for entry in entries(root):
        found.add(entry.words["en"], entry.words[lang], locations=[(entry.file, None)], context=entry.context)
    return found


def make(folder: Path, root: Path = ROOT) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        with (folder / f"salyq.{lang}.po").open("wb") as out:
            write_po(out, catalogue(lang, root), width=0, omit_header=False)


def take(file: Path, root: Path = ROOT) -> tuple[int, list[str]]:
    """Writes the changed words of a catalogue; (how many, the contexts that could not be written)."""
    with file.open("rb") as given:
        read = read_po(given)
    lang = str(read.locale)
    if lang not in LANGUAGES:
        raise SystemExit(f"{file}: Language is {lang!r}, not one of {', '.join(LANGUAGES)}")
    said = {message.context: str(message.string or "") for message in read}
    changed: dict[str, list[tuple[Entry, str]]] = {}
    for entry in entries(root):
        new = said.get(entry.context)
        if new and new != entry.words[lang]:
            changed.setdefault(entry.file, []).append((entry, new))
    left = [entry for name, some in changed.items() for entry in _write(root / name, some, lang)]
    return sum(map(len, changed.values())) - len(left), [entry.context for entry in left]


def _write(path: Path, changed: Iterable[tuple[Entry, str]], lang: str) -> list[Entry]:
    """Exchanges words, each on the one line that has them under the keys of its entry; those that have no such line."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    places, left = list(_places(lines)), []
    for entry, new in changed:
        told, tells = (f"{lang} = {json.dumps(text, ensure_ascii=False)}" for text in (entry.words[lang], new))
        found = [(len(at), n) for n, at in enumerate(places) if at == entry.keys[: len(at)] and told in lines[n]]
        near = [n for depth, n in found if depth == max(found)[0]]
        if len(near) == 1 and lines[near[0]].count(told) == 1:
            lines[near[0]] = lines[near[0]].replace(told, tells)
        else:
            left.append(entry)
    path.write_text("".join(lines), encoding="utf-8")
    return left


def _places(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The keys of the table that each line stands in, or begins."""
    header: tuple[str, ...] = ()
    count: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        if found := _HEADER.match(line):
            header = ()
            for key in _keys(found["keys"]):
                header = (*header, key)
                if count[header]:
                    header = (*header, str(count[header] - 1))
            if found["many"]:
                plain = header[:-1] if count[header[:-1]] else header
                count[plain] += 1
                header = (*plain, str(count[plain] - 1))
            yield header
        elif found := _BEGINS.match(line):
            yield (*header, *_keys(found["keys"]))
        else:
            yield header


def _keys(text: str) -> list[str]:
    return [bare or quoted for bare, quoted in _KEY.findall(text)]


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ways = parser.add_subparsers(dest="way", required=True)
    ways.add_parser("make").add_argument("--to", type=Path, required=True)
    ways.add_parser("take").add_argument("file", type=Path)
    asked = parser.parse_args(args)
    if asked.way == "make":
        make(asked.to)
        return 0
    written, left = take(asked.file)
    print(f"written: {written}")
    for context in left:
        print(f"not written, its line is not the only one: {context}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
