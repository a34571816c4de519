"""An explanation as nested lines: what decided, its articles, down to rows; long lists are cut and say so."""

from __future__ import annotations

from salyq.present.told import tell
from salyq.present.told_value import Why
from salyq.present.words import Words
from salyq.report.blocks import Step

ROWS = 40  # steps below one step
MOST = 1500  # steps of one explanation
DEEPEST = 40


def tree(why: Why, say: Words, period: str) -> Step:
    """The tree of a figure. A step that was told already is named only."""
    budget = [MOST]
    seen: set[int] = set()
    root = _step(why, say, "", budget, seen, 0)
    return Step(f"{root.line} · {period}", root.below)


def _step(why: Why, say: Words, place: str, budget: list[int], seen: set[int], depth: int) -> Step:
    told = tell(why, say, place)
    budget[0] -= 1
    if told.below and id(why) in seen:
        return Step(f"{told.line} {say('how_see_above')}")
    seen.add(id(why))
    below: list[Step] = []
    for n, inner in enumerate(told.below):
        if n == ROWS or budget[0] <= 0 or depth == DEEPEST:
            below.append(Step(say("report_more_steps", count=len(told.below) - n)))
            break
        below.append(_step(inner, say, told.place, budget, seen, depth + 1))
    return Step(told.line, tuple(below))
