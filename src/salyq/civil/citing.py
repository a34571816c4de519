"""Cites as lawyers of each language write them: «НК 2017 г., ст. 332-1, п. 9», “Tax Code 2017, art. 332-1(9)”.

The code form (act:article.paragraph.subparagraph) stays in JSON and in tables for programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from salyq.civil.messages import Message, catalog

CONVENTION = "convention"
_POINT = {"en": "point {}", "ru": "п. {}", "kk": "{}-тармақ"}
_RULE = {"en": "rule {}", "ru": "правило {}", "kk": "{}-қағида"}  # 2.13.11 is the number of one rule


def cite_text(cite: str, acts: Mapping[str, Any], lang: str) -> str:
    """One cite in words; `acts` by id have `title`, `kind` and `short`, and `read` where it is
    no law and no word of an authority: that is told as taken from there. What no act explains stays as it is."""
    name, _, place = cite.partition(":")
    act = acts.get(name)
    if act is None:
        return cite
    title = act_text(act, lang)
    if getattr(act, "read", None):  # press or an adviser: no lawyer rests on it
        title = Message("cite_taken_from", {"title": title}).text(lang)
    return f"{title}, {_place(act, place, lang)}" if place else title


def cites_text(cites: Iterable[str], acts: Mapping[str, Any], lang: str) -> str:
    """Several cites in order; an act that is cited twice in a row is named once, and not by its name alone where one
    of its articles is cited."""
    parts: list[str] = []
    before = None
    every = list(dict.fromkeys(c for c in cites if c))
    within = {name for name, _, place in (c.partition(":") for c in every) if place}
    for cite in every:
        name, _, place = cite.partition(":")
        if not place and name in within:
            continue
        if parts and name == before and place and name in acts:
            parts.append(_place(acts[name], place, lang))
        else:
            parts.append(cite_text(cite, acts, lang))
        before = name
    return "; ".join(parts)


def act_text(act: Any, lang: str) -> str:
    """How lawyers call an act."""
    return str((getattr(act, "short", None) or act.title)[lang])


def _place(act: Any, place: str, lang: str) -> str:
    if getattr(act, "kind", "act") == CONVENTION:
        point = f"cite_point_{place.replace('-', '_')}"
        if point in catalog():
            return Message(point).text(lang)
        return _POINT[lang].format(place)
    divided = getattr(act, "divided", "")
    if divided:
        return (_RULE if divided == "rules" else _POINT)[lang].format(place)
    article, *parts = place.split(".")
    if lang == "en":
        return f"art. {article}" + "".join(f"({p})" for p in parts)
    if lang == "ru":
        return f"ст. {article}" + "".join(f", {w} {p}" for w, p in zip(("п.", "пп.", "абз."), parts, strict=False))
    return f"{article}-бап" + "".join(
        f", {p}-{w}" for w, p in zip(("тармақ", "тармақша", "абзац"), parts, strict=False)
    )


_LONGEST = 200  # characters of a cite
_NUMBER = r"\d+(?:[-.]\d+)*"
_BEFORE = (  # words that stand before a number
    r"(?:articles?|art|rules?|points?|paragraph|para|part|статьи|статья|ст|правило|пункта?|пп|п|подпункт|абз|части|часть|ч|бап|§)\.?"
)
_AFTER = r"-(?:бап|баб|бабы|тармақ|тармағ|тармақша|абзац|қағида|бөлік|бөліг)\w*"  # and after it
_ITEM = rf"(?:(?P<before>{_BEFORE})\s*)?(?P<number>{_NUMBER})(?P<after>{_AFTER})?\)?"
_BARE = re.sub(r"\?P<\w+>", "?:", _ITEM)
_TAIL = re.compile(rf"(?:^|(?<=[\s:,;])){_BARE}(?:(?:\s*[,(]\s*|\s+){_BARE})*$", re.IGNORECASE)


def place_of(text: str) -> tuple[str, str] | None:
    """A cite as people write it, in any of the languages -> the act as they name it (nothing: none named), the place
    in code form: “Tax Code 2017, art. 332-1(9)” -> (Tax Code 2017, 332-1.9). None: no article stands at the end."""
    plain = text.strip()
    tail = _TAIL.search(plain) if len(plain) <= _LONGEST else None
    if tail is None:
        return None
    items = list(re.finditer(_ITEM, plain[tail.start() :], re.IGNORECASE))
    first = next((n for n, m in enumerate(items) if m["before"] or m["after"]), 0)  # a year may stand before it
    act = plain[: tail.start() + items[first].start()]
    return act.strip(" :,;"), ".".join(m["number"] for m in items[first:])


def article_order(article: str) -> tuple[tuple[int, int | str], ...]:
    """Articles in the order of a code: 9 before 12, 12-1 after 12."""
    parts = article.replace("-", ".-").split(".") if article else []
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in parts)
