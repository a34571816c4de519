"""The close checklist as a page and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salyq.present.as_json import Json, verdict_json
from salyq.present.as_text import verdict_lines
from salyq.present.page import Page
from salyq.present.words import Words

if TYPE_CHECKING:
    from salyq.dialogue.close import Checklist, Point

_MARKS = {"clean": "[x]", "open": "[ ]", "not_stated": "[-]", "nothing": "[-]"}


def checklist_page(done: Checklist, lang: str) -> Page:
    """Every point with its mark, what is open under it, and whether the year can be signed off."""
    say = Words(lang)
    page = Page(lang=lang)
    page.title(say("check_heading", year=done.year, name=done.name))
    page.blank()
    for point in done.points:
        _point(page, say, point)
    page.blank()
    count = sum(p.state == "open" for p in done.points)
    if count:
        page.line(say("check_open", count=count), style="strong")
    if done.clean:
        page.line(say("check_clean"), style="strong")
    else:
        verdict_lines(page, say, done.verdict)
    return page


def _point(page: Page, say: Words, point: Point) -> None:
    state = say(f"check_state_{point.state}") + (f": {point.count}" if point.count else "")
    page.line(f"{_MARKS[point.state]} {say.of(point.title)} ({state})", style="error" if point.state == "open" else "")
    for detail in point.details:
        page.line("• " + say.of(detail), indent=2)


def checklist_json(done: Checklist) -> Json:
    """`clean`, and every point with its state and what is open."""
    return {
        "year": done.year,
        "clean": done.clean,
        "verdict": verdict_json(done.verdict),
        "points": [
            {
                "name": p.name,
                "state": p.state,
                "title": p.title.texts(),
                "count": p.count,
                "details": [{"code": d.code, "message": d.texts()} for d in p.details],
            }
            for p in done.points
        ],
    }
