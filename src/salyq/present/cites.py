"""Cites as lawyers of each language write them: «НК 2017 г., ст. 332-1, п. 9», “Tax Code 2017, art. 332-1(9)”.

The code form (act:article.paragraph.subparagraph) stays in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWN = "salyq"


def cite_text(cite: str, acts: Mapping[str, Any], lang: str) -> str:
    """One cite in words; `acts` are the acts of the law by id. What no act explains stays as it is."""
    name, _, place = cite.partition(":")
    act = acts.get(name)
    if act is None:
        return cite
    title = (getattr(act, "short", None) or act.title)[lang]
    if getattr(act, "kind", "act") == "convention":
        return f"{title} ({place})" if place else str(title)
    if not place:
        return str(title)
    return f"{title}, {_place(place, lang)}"


def _place(place: str, lang: str) -> str:
    article, *parts = place.split(".")
    if lang == "en":
        return f"art. {article}" + "".join(f"({p})" for p in parts)
    if lang == "ru":
        return f"ст. {article}" + "".join(f", {w} {p}" for w, p in zip(("п.", "пп.", "абз."), parts, strict=False))
    return f"{article}-бап" + "".join(
        f", {p}-{w}" for w, p in zip(("тармақ", "тармақша", "абзац"), parts, strict=False)
    )
