"""What somebody asks the law for: a value or rule by its name, a provision, an act, an article of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from salyq.app.lawbook import questions, whole
from salyq.app.words_of_law import codes
from salyq.civil.citing import article_order, place_of
from salyq.civil.messages import LANGUAGES
from salyq.rulebook.law import Act, Law, Provision
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.sentences import Said, Sentences

NEAR = 10


@dataclass(frozen=True)
class Place:
    """An act or an article: the provisions that stand there or that it made or ended, and the names that rest on it.
    `articles` are the cites that were meant (none: the whole act)."""

    act: Act | None
    articles: tuple[str, ...]
    provisions: tuple[Provision, ...]
    names: tuple[str, ...]


def is_name(law: Law, asked: str) -> bool:
    return asked in law.series or asked in law.rules


def provision(law: Law, asked: str) -> Provision | None:
    """subject/id, or an id that only one provision has."""
    found = [p for ps in law.provisions.values() for p in ps if asked in (p.full, p.id)]
    exact = [p for p in found if p.full == asked]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def place(law: Law, asked: str) -> Place | None:
    """An act by its id, number or name, `act:article`, a cite as people write it (“Tax Code 2017, art. 332-1(9)”), or
    an article of whatever act has it; None: no such place."""
    name, _, article = asked.partition(":")
    act = _act(law, name)
    if act is not None:
        return _place(law, act, article.strip())
    if (act := _act(law, asked)) is not None:
        return _place(law, act, "")
    found = place_of(asked)
    if found is None:
        return None
    act = _act(law, found[0])
    return None if found[0] and act is None else _place(law, act, found[1])


def _act(law: Law, name: str) -> Act | None:
    """By its id, by the code that `ask` has for it (KOAP, UK), by its short name or its title in any language, or by
    its number (193-VII)."""
    plain = name.strip().casefold()
    if plain in law.acts:
        return law.acts[plain]
    names = (
        (a, {a.code, *(t.casefold() for t in (*a.title.values(), *(a.short or {}).values()))})
        for a in law.acts.values()
    )
    called = next((a for a, its in names if plain and plain in its), None)
    return called or law.acts.get(f"law-{plain.removeprefix('№').strip()}")


def _place(law: Law, act: Act | None, article: str) -> Place | None:
    def fits(cite: str, *by: str) -> bool:
        own, _, at = cite.partition(":")
        if act is not None and own != act.id:
            return not article and act.id in by
        return not article or at == article or at.startswith(f"{article}.")

    provisions = tuple(p for ps in law.provisions.values() for p in ps if fits(p.cite, p.by, p.until_by))
    cites: dict[str, None] = {}
    names: dict[str, None] = {}
    for name, cite, by in _resting(law):
        if fits(cite, *by):
            names[name] = cites[cite] = None
    if not provisions and not names and (article or act is None):
        return None
    cites |= dict.fromkeys(p.cite for p in provisions)
    provisions = provisions or tuple(_around(law, act, article))
    return Place(act, tuple(sorted(cites, key=_in_order)) if article else (), provisions, tuple(names))


def _around(law: Law, act: Act | None, article: str) -> Iterator[Provision]:
    """The provisions of the whole article that a paragraph stands in, where it has none of its own."""
    for p in (p for ps in law.provisions.values() for p in ps):
        if act is not None and p.act == act.id and p.article and article.startswith(f"{p.article}."):
            yield p


def _in_order(cite: str) -> tuple[str, object]:
    act, _, at = cite.partition(":")
    return act, article_order(at)


def _resting(law: Law) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(name, cite, acts that made or ended it) of every version."""
    for name, series in law.series.items():
        yield from ((name, v.cite, (v.by, v.until_by)) for v in series.values)
    for name, versions in law.rules.items():
        yield from ((name, r.cite, (r.by, r.until_by)) for r in versions)


def near(law: Law, asked: str) -> list[str]:
    """Names that what was asked could have meant."""
    names = [*law.series, *law.rules]
    every = [*names, *law.acts, *(p.full for ps in law.provisions.values() for p in ps)]
    words = asked.casefold()
    labelled = [n for n in names if any(words in said.casefold() for said in law.labels.get(n, {}).values())]
    titled = [a.id for a in law.acts.values() if any(words in t.casefold() for t in a.title.values())]
    found = [n for n in every if words in n] + labelled + titled + get_close_matches(asked, every, 3)
    return list(dict.fromkeys(found))[:NEAR]


Measured = Callable[[str, str, str], str]  # exact text, its unit, a language


def in_words(version: RuleVersion, lang: str, measured: Measured | None = None) -> tuple[Said, ...]:
    """A rule told in one language; `measured` writes its numbers (else they are exact text and a unit)."""
    return _sentences(lang, measured).rule(version)


def in_lines(version: RuleVersion, lang: str, measured: Measured | None = None) -> list[str]:
    """The same as indented lines."""
    return list(_lines(in_words(version, lang, measured)))


def in_all_words(version: RuleVersion, measured: Measured | None = None) -> dict[str, list[str]]:
    """A rule told in every language, indented lines."""
    return {lang: in_lines(version, lang, measured) for lang in LANGUAGES}


def _lines(said: tuple[Said, ...], depth: int = 0) -> Iterator[str]:
    for s in said:
        yield "  " * depth + s.line
        yield from _lines(s.below, depth + 1)


def _sentences(lang: str, measured: Measured | None) -> Sentences:
    from salyq.civil.citing import cite_text

    law = whole()
    for name, said in questions().items():
        law.labels.setdefault(name, said)  # type: ignore[attr-defined]
    told = None if measured is None else lambda text, unit: measured(text, unit, lang)
    return Sentences(law, lang, lambda cite: cite_text(cite, law.acts, lang), codes(), measured=told)
