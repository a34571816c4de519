"""Why a figure is what it is: the tree from the figure down to rows of files and dated, cited values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from salyq.present.acts_text import acts_cited
from salyq.present.page import Page
from salyq.present.told import tell
from salyq.present.told_value import Why
from salyq.present.words import Words

SHOWN = 12  # steps shown below one step without --all
_INDENT = 3  # characters of a level
OPENED = 3  # rows of a list told with everything below them without --all; the others take a line each


class _Step(NamedTuple):
    """A step to print: `stem` is drawn before its line, `below` before the lines under it; `place` was said above."""

    why: Why | None
    stem: str
    below: str
    place: str
    hidden: int = 0
    closed: bool = False


def why_page(
    why: Why,
    lang: str,
    *,
    acts: Mapping[str, Any] | None = None,
    everything: bool = False,
    listed: bool = True,
    depth: int | None = None,
) -> Page:
    """The tree in `lang`. Long lists are cut to the first rows unless `everything`; a step met again is named only.
    `acts` names what is cited; they are `listed` at the foot. Steps more than `depth` below the figure
    are left out."""
    say = Words(lang, acts)
    page = Page(lang=lang)
    if why.whose:
        page.line(say("explain_person", who=why.whose))
    for text, place in _lines(why, say, everything, depth):
        page.line(text, style="strong" if place == 0 else "")
    if listed:
        acts_cited(page, say, _cites(why), acts or {})
    return page


def shallow(why: Any, depth: int) -> Any:
    """The tree down to `depth` steps below the figure."""
    return replace(why, inputs=[shallow(w, depth - 1) for w in why.inputs] if depth else [])


def _cites(root: Why) -> Iterator[str]:
    seen: set[int] = set()
    stack = [root]
    while stack:
        why = stack.pop()
        if id(why) not in seen:
            seen.add(id(why))
            if why.cite:
                yield why.cite
            stack.extend(reversed(why.inputs))


def _lines(root: Why, say: Words, everything: bool, depth: int | None) -> Iterator[tuple[str, int]]:
    """Depth first with a stack of its own: a chain of a thousand pools must not meet Python's recursion limit."""
    seen: set[int] = set()
    stack = [_Step(root, "", "", "")]
    while stack:
        step = stack.pop()
        if step.why is None:
            code = "closed_lines" if step.closed else "more_lines"
            yield step.stem + say(code, count=step.hidden), len(step.stem)
            continue
        told = tell(step.why, say, step.place)
        again = bool(told.below) and id(step.why) in seen
        deepest = depth is not None and len(step.stem) >= depth * _INDENT
        more = " …" if deepest and told.below and not again else ""
        yield step.stem + told.line + (" " + say("how_see_above") if again else more), len(step.stem)
        if not again and not step.closed and not deepest:
            seen.add(id(step.why))
            stack.extend(reversed(_below(told.below, step.below, told.place, everything)))


def _below(steps: list[Why], gap: str, place: str, everything: bool) -> list[_Step]:
    """The steps under one: of many rows the first in full, some in a line each, and how many there are beyond."""
    shown = steps if everything or len(steps) <= SHOWN + 1 else steps[:SHOWN]
    rows = 0
    made = []
    for why in shown:
        rows += why.how == "row"
        closed = not everything and why.how == "row" and rows > OPENED
        made.append(_Step(why, gap + "├─ ", gap + "│  ", place, closed=closed))
    if rows > OPENED and not everything:
        made.append(_Step(None, gap + "├─ ", "", place, rows - OPENED, closed=True))
    if len(shown) < len(steps):
        made.append(_Step(None, gap + "├─ ", "", place, len(steps) - len(shown)))
    if made:
        made[-1] = made[-1]._replace(stem=gap + "└─ ", below=gap + "   ")
    return made
