"""Cites as lawyers of each language write them: «НК 2017 г., ст. 332-1, п. 9», “Tax Code 2017, art. 332-1(9)”.

The code form (act:article.paragraph.subparagraph) stays in JSON and in tables for programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from salyq.civil.messages import Message, catalog

CONVENTION = "convention"


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
    """Several cites in order; an act that is cited twice in a row is named once."""
    parts: list[str] = []
    before = None
    for cite in dict.fromkeys(c for c in cites if c):
        name, _, place = cite.partition(":")
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
        return {"en": f"point {place}", "ru": f"п. {place}", "kk": f"{place}-тармақ"}[lang]
    article, *parts = place.split(".")
    if lang == "en":
        return f"art. {article}" + "".join(f"({p})" for p in parts)
    if lang == "ru":
        return f"ст. {article}" + "".join(f", {w} {p}" for w, p in zip(("п.", "пп.", "абз."), parts, strict=False))
    return f"{article}-бап" + "".join(
        f", {p}-{w}" for w, p in zip(("тармақ", "тармақша", "абзац"), parts, strict=False)
    )


def article_order(article: str) -> tuple[tuple[int, int | str], ...]:
    """Articles in the order of a code: 9 before 12, 12-1 after 12."""
    parts = article.replace("-", ".-").split(".") if article else []
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in parts)
