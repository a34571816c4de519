"""Explanations as plain data and back: every step once, its texts in one table, those below it by their numbers.

What comes back is step for step what `Assessment.explain` gives: where a rule is met again on the way down, only its
line stands there (`see_above`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from salyq.rulebook.explain import Why

MOST_STEPS = 1_000_000  # of one tree; a real one has some ten thousand


class Packed(msgspec.Struct, array_like=True, frozen=True):
    """One step; every number but those of `inputs` is a place in the table of texts (-1: none), `label` and `said` in
    that of labels (-1: none). `own` is the article and basis of a rule itself, empty where the step is no rule."""

    name: int
    value: int
    unit: int
    cite: int
    basis: int
    how: int
    place: int
    detail: int
    by: int
    label: int
    inputs: list[int]
    own: list[int]
    said: int = -1
    whose: int = -1
    low: int = -1
    high: int = -1


class Steps(msgspec.Struct, frozen=True):
    """`inputs` of a step are always earlier in the list than the step."""

    texts: list[str]
    labels: list[dict[str, str]]
    steps: list[Packed]


class _Labels:
    def __init__(self) -> None:
        self.labels: list[dict[str, str]] = []
        self._at: dict[tuple[tuple[str, str], ...], int] = {}
        self._known: dict[int, tuple[Mapping[str, str], int]] = {}  # held, so that an id stays its own

    def __call__(self, label: Mapping[str, str] | None) -> int:
        if not label:
            return -1
        known = self._known.get(id(label))
        if known is not None:
            return known[1]
        key = tuple(label.items())
        if key not in self._at:
            self._at[key] = len(self.labels)
            self.labels.append(dict(label))
        self._known[id(label)] = (label, self._at[key])
        return self._at[key]


def pack(roots: Iterable[Why], own: Mapping[int, tuple[str, str]]) -> tuple[Steps, list[int]]:
    """The steps under `roots`, and the number of each root. `own`: of rules.Sharing, by the id of the step."""
    texts: dict[str, int] = {}
    number = texts.setdefault
    labelled = _Labels()
    packed: list[Packed] = []
    at: dict[int, int] = {}
    numbers = []
    for root in roots:
        stack: list[tuple[Why, bool]] = [(root, False)]  # of our own: a chain of steps may be longer than Python's
        while stack:
            why, below_is_done = stack.pop()
            if id(why) in at:
                continue
            if not below_is_done and why.inputs:
                stack.append((why, True))
                stack += [(w, False) for w in reversed(why.inputs) if id(w) not in at]
                continue
            label, said = labelled(why.label), labelled(why.said)
            told = (why.name, why.unit, why.cite, why.basis, why.how, why.place, why.detail, why.by)
            name, unit, cite, basis, how, place, detail, by = [number(text, len(texts)) for text in told]
            value = -1 if why.value is None else number(why.value, len(texts))
            whose = number(why.whose, len(texts)) if why.whose else -1
            low, high = [-1 if end is None else number(end, len(texts)) for end in why.ends or (None, None)]
            mine = own.get(id(why))
            below = [at[id(w)] for w in why.inputs]
            at[id(why)] = len(packed)
            rule = [] if mine is None else [number(text, len(texts)) for text in mine]
            packed.append(
                Packed(
                    name, value, unit, cite, basis, how, place, detail, by, label, below, rule, said, whose, low, high
                )
            )
        numbers.append(at[id(root)])
    return Steps([*texts], labelled.labels, packed), numbers


def unpack(steps: Steps, root: int) -> Why:
    """The tree under one step. ValueError or IndexError where the numbers are no tree, or one without end."""
    top: list[Why] = []
    told: set[int] = set()
    made = 0
    waiting: list[tuple[int, int, list[Why]]] = [(root, len(steps.steps), top)]
    while waiting:
        number, above, into = waiting.pop()
        made += 1
        if not 0 <= number < above or made > MOST_STEPS:
            raise ValueError(number)
        step = steps.steps[number]
        why = _why(steps, step)
        into.append(why)
        if step.own and number in told:
            why.cite, why.basis = (steps.texts[n] for n in step.own)
            why.how = "see_above"
            continue
        told.add(number)
        waiting.extend((n, number, why.inputs) for n in reversed(step.inputs))
    return top[0]


def _why(steps: Steps, p: Packed) -> Why:
    def text(number: int) -> str:
        return steps.texts[number]

    return Why(
        text(p.name),
        None if p.value < 0 else text(p.value),
        text(p.unit),
        text(p.cite),
        text(p.basis),
        text(p.how),
        [],
        None if p.label < 0 else steps.labels[p.label],
        text(p.place),
        text(p.detail),
        text(p.by),
        None if p.said < 0 else steps.labels[p.said],
        "" if p.whose < 0 else text(p.whose),
        None
        if p.low < 0 and p.high < 0
        else (None if p.low < 0 else text(p.low), None if p.high < 0 else text(p.high)),
    )
