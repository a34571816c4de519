"""Why a figure is what it is: the tree from the figure down to rows of files and dated, cited values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from salyq.present.amounts import measure
from salyq.present.page import Page
from salyq.present.words import Words

SHOWN = 12  # inputs of one step shown without --all
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Why(Protocol):
    """A step of an explanation, as `Assessment.explain` gives it (this room shows it without knowing the rulebook)."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def cite(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def how(self) -> str: ...
    @property
    def inputs(self) -> Sequence[Why]: ...
    @property
    def label(self) -> Mapping[str, str] | None: ...
    @property
    def place(self) -> str: ...
    @property
    def detail(self) -> str: ...


class _Step(NamedTuple):
    """A step to print: `stem` is drawn before its line, `below` before the lines of its inputs."""

    why: Why | None
    stem: str
    below: str
    hidden: int = 0


def why_page(why: Why, lang: str, *, everything: bool = False) -> Page:
    """The tree in `lang`. Long lists are cut to the first rows unless `everything`; a step met again is named only."""
    say = Words(lang)
    page = Page()
    for text, depth in _lines(why, say, everything):
        page.line(text, style="strong" if depth == 0 else "")
    return page


def why_text(why: Why, lang: str, *, everything: bool = False) -> str:
    """The page as plain text without colour."""
    return why_page(why, lang, everything=everything).text()


def _lines(root: Why, say: Words, everything: bool) -> Iterator[tuple[str, int]]:
    """Depth first with a stack of its own: a chain of a thousand pools must not meet Python's recursion limit."""
    seen: set[int] = set()
    stack = [_Step(root, "", "")]
    while stack:
        step = stack.pop()
        if step.why is None:
            yield step.stem + say("more_lines", count=step.hidden), 1
            continue
        again = id(step.why) in seen and bool(step.why.inputs)
        yield step.stem + step_text(step.why, say) + (" " + say("why_above") if again else ""), len(step.stem)
        if not again:
            seen.add(id(step.why))
            stack.extend(reversed(_below(step, everything)))


def _below(step: _Step, everything: bool) -> list[_Step]:
    inputs = step.why.inputs if step.why else []
    shown = inputs if everything or len(inputs) <= SHOWN + 1 else inputs[:SHOWN]
    hidden = len(inputs) - len(shown)
    steps = []
    for i, why in enumerate(shown):
        last = i == len(shown) - 1 and not hidden
        stem, gap = ("└─ ", "   ") if last else ("├─ ", "│  ")
        steps.append(_Step(why, step.below + stem, step.below + gap))
    if hidden:
        steps.append(_Step(None, step.below + "└─ ", "", hidden))
    return steps


def step_text(why: Why, say: Words) -> str:
    """`label: value  [article] · kind of step, basis · details · file:line`."""
    head = f"{say.label(why.label, why.name)}: {value_text(why, say)}"
    kind = say.known(f"how_{why.how}", why.how) if why.how else ""
    basis = say.known(f"basis_{why.basis}", why.basis) if why.basis else ""
    tail = " · ".join(x for x in (kind, basis, why.detail, why.place) if x)
    return "  ".join(x for x in (head, f"[{why.cite}]" if why.cite else "", tail) if x)


def value_text(why: Why, say: Words) -> str:
    """Amounts and energy as people write them; everything else (dates, fractions, quantities) exactly as it is."""
    if why.value is None:
        return say("why_unknown")
    if why.unit in ("KZT", "kWh") and _NUMBER.fullmatch(why.value):
        return measure(Decimal(why.value), why.unit, say.lang)
    return f"{why.value} {why.unit}".rstrip()
