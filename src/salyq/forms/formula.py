"""Formulas of form lines: exact arithmetic over lines, nothing else.

`{A1} + {A2}`, `max(0, {D} - {E})`, `sum({001.E..010.E})`, `{G} * 0.10`. A reference in braces is a line of the same
annex, or `annex:line` of another one; `a..b` are the lines from a to b in the form's order. A blank line counts as
nothing; a formula whose lines are all blank is blank. An unknown line makes the formula unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from salyq.civil.errors import InputError
from salyq.civil.messages import Message

_TOKEN = re.compile(r"\s*(?:(\{[^{}]+\})|(\d+(?:\.\d+)?)|(max|min|sum)\b|(==|<=|[-+*/(),]))")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known, and the lines that make it so."""

    lines: tuple[str, ...] = ()


Value = Fraction | Unknown | None
Lookup = Callable[[str], list[Value]]


@dataclass(frozen=True, slots=True)
class Node:
    """op: number | line | sum | max | min | + | - | * | / | neg | == | <="""

    op: str
    parts: tuple[Node, ...] = ()
    number: Fraction = Fraction(0)
    line: str = ""


def parse(text: str, where: str = "") -> Node:
    """A formula as a tree. InputError naming the formula where it is none."""
    return _Parser(text, where).whole()


def references(node: Node) -> list[str]:
    """The lines that a formula names, in order, ranges as written."""
    own = [node.line] if node.op == "line" else []
    return own + [r for p in node.parts for r in references(p)]


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self.text, self.where, self.at = text, where, 0
        self.token: tuple[str, str] = ("", "")
        self.next()

    def fail(self) -> InputError:
        return InputError(Message("form_formula", {}), file=self.where, value=self.text)

    def next(self) -> None:
        if not self.text[self.at :].strip():
            self.token = ("end", "")
            return
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise self.fail()
        self.at = found.end()
        kind = ("line", "number", "name", "sign")[(found.lastindex or 1) - 1]
        self.token = (kind, found.group(found.lastindex or 1))

    def take(self, sign: str) -> None:
        if self.token != ("sign", sign):
            raise self.fail()
        self.next()

    def whole(self) -> Node:
        node = self.terms()
        if self.token[0] == "sign" and self.token[1] in ("==", "<="):
            sign = self.token[1]
            self.next()
            node = Node(sign, (node, self.terms()))
        if self.token[0] != "end":
            raise self.fail()
        return node

    def terms(self) -> Node:
        node = self.factors()
        while self.token in (("sign", "+"), ("sign", "-")):
            sign = self.token[1]
            self.next()
            node = Node(sign, (node, self.factors()))
        return node

    def factors(self) -> Node:
        node = self.one()
        while self.token in (("sign", "*"), ("sign", "/")):
            sign = self.token[1]
            self.next()
            node = Node(sign, (node, self.one()))
        return node

    def one(self) -> Node:
        kind, text = self.token
        if kind == "number":
            self.next()
            return Node("number", number=Fraction(text))
        if kind == "line":
            self.next()
            return Node("line", line=text[1:-1].strip())
        if kind == "name":
            self.next()
            return Node(text, self.arguments())
        if (kind, text) == ("sign", "-"):
            self.next()
            return Node("neg", (self.one(),))
        self.take("(")
        node = self.terms()
        self.take(")")
        return node

    def arguments(self) -> tuple[Node, ...]:
        self.take("(")
        found = [self.terms()]
        while self.token == ("sign", ","):
            self.next()
            found.append(self.terms())
        self.take(")")
        return tuple(found)


def evaluate(node: Node, lookup: Lookup) -> Value:
    """The value of a formula; `lookup` gives the values of a reference (several for a range, or for an annex of many
    sheets). Blank parts count as zero where any part has a value."""
    if node.op == "number":
        return node.number
    if node.op == "line":
        return _total(lookup(node.line))
    values = [evaluate(p, lookup) for p in node.parts]
    unknown = [v for v in values if isinstance(v, Unknown)]
    if unknown:
        return Unknown(tuple(dict.fromkeys(n for u in unknown for n in u.lines)))
    if all(v is None for p, v in zip(node.parts, values, strict=True) if p.op != "number"):
        return None
    return _apply(node.op, [v if isinstance(v, Fraction) else Fraction(0) for v in values])


def holds(node: Node, lookup: Lookup) -> bool | None:
    """Whether a check holds; None where a line of it is blank or unknown."""
    values = [evaluate(p, lookup) for p in node.parts]
    if node.op not in ("==", "<=") or any(isinstance(v, Unknown) for v in values) or all(v is None for v in values):
        return None
    left, right = (v if isinstance(v, Fraction) else Fraction(0) for v in values)
    return left == right if node.op == "==" else left <= right


def _total(values: list[Value]) -> Value:
    unknown = [v for v in values if isinstance(v, Unknown)]
    if unknown:
        return Unknown(tuple(dict.fromkeys(n for u in unknown for n in u.lines)))
    known = [v for v in values if isinstance(v, Fraction)]
    return sum(known, Fraction(0)) if known else None


def _apply(op: str, values: list[Fraction]) -> Value:
    first = values[0]
    if op == "neg":
        return -first
    if op == "sum":
        return sum(values, Fraction(0))
    if op in ("max", "min"):
        return max(values) if op == "max" else min(values)
    second = values[1]
    if op == "+":
        return first + second
    if op == "-":
        return first - second
    if op == "*":
        return first * second
    return None if second == 0 else Fraction(first, second)
