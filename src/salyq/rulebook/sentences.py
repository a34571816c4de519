"""A rule in words: its steps told in one language, with the law's own labels, for somebody who reads no code.

Short steps stand on one line; branches stand below the line that asks, one each, as in a contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from salyq.civil.messages import Message, catalog
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.law import Law
from salyq.rulebook.node import Node
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.shown import shown, unit_shown

SHORT = 110  # characters of a branch that still stands on the line of its condition
_SIGNS = {"add": " + ", "sub": " − ", "mul": " × ", "share": " ÷ ", "lt": " < ", "le": " ≤ "}
_INFIX = (*_SIGNS, "and", "or", "eq", "isin")
# How strongly a sign joins: what joins more strongly than what it stands in needs no brackets.
_STRENGTH = {"or": 2, "and": 2, "eq": 3, "lt": 3, "le": 3, "isin": 3, "add": 4, "sub": 4, "mul": 5, "share": 5}
_UNSAID = ("bounded", "alone", "widened")
_QUOTES = {"kk": "«{}»", "ru": "«{}»", "en": "“{}”"}


class Said(NamedTuple):
    """A line, and the lines below it."""

    line: str
    below: tuple[Said, ...] = ()


class Sentences:
    """Tells rules of a law in `lang`. `cite` writes an article in words; `codes` says what text constants are called;
    `trees` are rules that somebody compiled already; `measured` writes exact text of a unit as the language does."""

    def __init__(
        self,
        law: Law,
        lang: str,
        cite: Callable[[str], str] = str,
        codes: Mapping[str, Mapping[str, str]] | None = None,
        trees: Mapping[RuleVersion, Node] | None = None,
        measured: Callable[[str, str], str] | None = None,
    ) -> None:
        self.law, self.lang, self.cite, self.codes = law, lang, cite, codes or {}
        self._compiler, self._trees = Compiler(law), trees or {}
        self._measured = measured or (lambda text, unit: f"{text} {unit_shown(unit)}".rstrip())

    def rule(self, version: RuleVersion) -> tuple[Said, ...]:
        """The lines of one version."""
        tree = self._trees.get(version)
        return self.lines(self._compiler.tree(version) if tree is None else tree)

    # lines --------------------------------------------------------------------------------------------------------
    def lines(self, node: Node) -> tuple[Said, ...]:
        """Branches each on lines of their own; anything else on one."""
        if node.op == "alone":  # that no two grounds meet is a matter of the law's own order
            return self.lines(node.args[0])
        if node.op == "when":
            return self._branches(node)
        if node.op == "choose":
            asked = self.words(node.args[0])
            pairs = zip(node.data, node.args[1:], strict=True)
            return tuple(
                self._under(self.say("rule_if", test=self.say("rule_is", a=asked, b=self._choice(node, c))), x)
                for c, x in pairs
            )
        if node.op in ("bounded", "round", "cited") and node.args[0].op in ("when", "choose", "cited", "bounded"):
            inner = self.lines(node.args[0])
            if node.op == "cited":
                return (Said(self.say("rule_by_article", cite=self.cite(node.data[0])), inner),)
            return inner if node.op == "bounded" else (Said(self.say("rule_rounded_of"), inner),)
        return (Said(self._sentence(node)),)

    def _sentence(self, node: Node) -> str:
        """A step that is a whole line: nothing stands beside what it floors."""
        if node.op == "max" and len(node.args) == 2 and node.args[1].op == "const" and not node.args[1].data:
            return self.say("rule_floor", a=self.words(node.args[0]))
        return self.words(node)

    def _branches(self, node: Node) -> tuple[Said, ...]:
        found = []
        code = "rule_if"
        while node.op == "when":
            test, then, node = node.args
            found.append(self._under(self.say(code, test=self.words(test)), then))
            code = "rule_else_if"
        return (*found, self._under(self.say("rule_else"), node))

    def _under(self, head: str, node: Node) -> Said:
        inner = self.lines(node)
        if len(inner) == 1 and not inner[0].below and len(inner[0].line) <= SHORT:
            return Said(f"{head}: {inner[0].line}")
        return Said(f"{head}:", inner)

    def _choice(self, node: Node, choice: str) -> str:
        series = self.law.series.get(str(node.args[0].data))
        label = {} if series is None else series.choices.get(choice, {})
        return self.quoted(label.get(self.lang) or choice)

    # one line -----------------------------------------------------------------------------------------------------
    def words(self, node: Node) -> str:
        """A step on one line."""
        node = _bare(node)
        if node.op in ("and", "or"):
            joined = self.say("rule_and" if node.op == "and" else "rule_or")
            return joined.join(self._beside(a, node, n) for n, a in enumerate(node.args))
        if node.op in _SIGNS:
            return _SIGNS[node.op].join(self._beside(a, node, n) for n, a in enumerate(node.args))
        told = getattr(self, f"_{node.op}", None)
        if told is not None:
            return str(told(node))
        if node.op in _SIMPLE:
            return self.say(_SIMPLE[node.op], **{k: self.words(a) for k, a in zip("abcde", node.args, strict=False)})
        return f"{self.named(node.op)} ({'; '.join(self.words(a) for a in node.args)})"

    def say(self, code: str, **params: object) -> str:
        return Message(code, params).text(self.lang)

    def quoted(self, text: str) -> str:
        return _QUOTES[self.lang].format(text)

    def label(self, name: str, otherwise: str = "") -> str:
        """What a name of law is called; the bare name where nothing is said."""
        found = self.law.labels.get(name, {})
        return found.get(self.lang) or otherwise or name

    def named(self, name: str) -> str:
        """The words of something that the world is asked, or of an operation."""
        for code in (f"why_name_{name}", f"how_{name}"):
            if code in catalog():
                return self.say(code)
        return name.replace("_", " ")

    def _inner(self, node: Node) -> str:
        text = self.words(node)
        return f"({text})" if node.op in (*_INFIX, "when") else text

    def _beside(self, node: Node, sign: Node, place: int) -> str:
        """An operand of a sign, in brackets where without them it could be read otherwise."""
        node = _bare(node)
        own, outer = _STRENGTH.get(node.op, 0), _STRENGTH[sign.op]
        alike = node.op == sign.op in ("add", "mul", "and", "or") or sign.op == "add" or (outer > 3 and place == 0)
        joins = own > outer or (own == outer and alike)
        if node.op == "round":  # of which part is it said?
            return f"({self.words(node)})" if _bare(node.args[0]).op in (*_STRENGTH, "scale") else self.words(node)
        if node.op == "isin" or not joins:
            return self._inner(node)
        return self.words(node)

    def _const(self, node: Node) -> str:
        if node.unit == "flag":
            return self.say("rule_yes" if node.data else "rule_no")
        if isinstance(node.data, str):
            return self._code(node.data)
        return self._measured(str(shown(node.data, node.unit)), node.unit)

    def _code(self, code: str) -> str:
        if not code:
            return self.say("rule_nothing")
        said = self.codes.get(code, {}).get(self.lang)
        return self.quoted(said or code.replace("_", " "))

    def _input(self, node: Node) -> str:
        kind, column = node.data
        return self.quoted(self.label(f"{kind}.{column}", column.replace("_", " ")))

    def _rule(self, node: Node) -> str:
        return self.quoted(self.label(node.data[0]))

    def _value(self, node: Node) -> str:
        return self.quoted(self.label(node.data))

    def _election(self, node: Node) -> str:
        return self.quoted(self.label(node.data))

    def _at(self, node: Node) -> str:
        return self.say("rule_at", x=self.words(node.args[0]), ref=self.label(str(node.data), str(node.data)))

    def _eq(self, node: Node) -> str:
        a, b = node.args
        if a.unit == "flag" or a.unit == "text":
            return self.say("rule_is", a=self.words(a), b=self.words(b))
        return f"{self._inner(a)} = {self._inner(b)}"

    def _isin(self, node: Node) -> str:
        found = ", ".join(sorted(self._code(c) if isinstance(c, str) else str(c) for c in node.data))
        return self.say("rule_one_of", a=self.words(node.args[0]), b=found)

    def _not(self, node: Node) -> str:
        inner = node.args[0]
        if inner.op == "lt":
            return f"{self._inner(inner.args[0])} ≥ {self._inner(inner.args[1])}"
        if inner.op == "le":
            return f"{self._inner(inner.args[0])} > {self._inner(inner.args[1])}"
        return self.say("rule_not", a=self._inner(inner))

    def _when(self, node: Node) -> str:
        test, then, otherwise = (self.words(a) for a in node.args)
        return self.say("rule_when", test=test, then=then, otherwise=otherwise)

    def _choose(self, node: Node) -> str:
        asked, *branches = (self._inner(a) for a in node.args)
        told = "; ".join(f"{self._choice(node, c)}: {x}" for c, x in zip(node.data, branches, strict=True))
        return f"{asked} ({told})"

    def _max(self, node: Node) -> str:
        a, *rest = node.args
        if len(rest) == 1 and rest[0].op == "const" and not rest[0].data:
            return self.say("rule_floor", a=self._inner(a))
        return self.say("rule_largest", list="; ".join(map(self.words, node.args)))

    def _min(self, node: Node) -> str:
        return self.say("rule_smallest", list="; ".join(map(self.words, node.args)))

    def _cited(self, node: Node) -> str:
        return f"{self.words(node.args[0])} [{self.cite(node.data[0])}]"

    def _unknown(self, node: Node) -> str:
        return self.say("rule_unknown", why=self._reason(node.data))

    def _reason(self, code: str) -> str:
        try:
            return self.say(code, place="…", name="…", day="…", asset="…").removeprefix("…: ")
        except KeyError:  # a reason that says more of the row than law can
            return code.replace("_", " ")

    def _lookup(self, node: Node) -> str:
        return f"{self.named(node.data)} ({'; '.join(self.words(a) for a in node.args)})"

    def _add_term(self, node: Node) -> str:
        unit = self.say(f"rule_unit_{node.data.replace(' ', '_')}")
        return f"{self.words(node.args[0])} + {self.words(node.args[1])} {unit}"

    def _sum(self, node: Node) -> str:
        body, *kept = node.args
        if body.op == "const" and body.data == 1:
            return self._over("rule_number", node, kept)
        return self._over("rule_sum", node, kept, x=self._inner(body))

    def _any(self, node: Node) -> str:
        body, *kept = node.args
        return self._over("rule_any", node, kept, x=self._inner(body))

    def _least(self, node: Node) -> str:
        body, *kept = node.args
        return self._over("rule_least", node, kept, x=self._inner(body))

    def _most(self, node: Node) -> str:
        body, *kept = node.args
        return self._over("rule_most", node, kept, x=self._inner(body))

    def _spans(self, node: Node) -> str:
        first, last, *kept = node.args
        return self._over("rule_spans", node, kept, first=self.words(first), last=self.words(last))

    def _over(self, code: str, node: Node, kept: list[Node], **params: Any) -> str:
        rows = self.quoted(self.label(node.data[1]))
        if kept:
            rows = self.say("rule_where", rows=rows, test=self.words(kept[0]))
        return self.say(code, rows=rows, **params)


def _bare(node: Node) -> Node:
    """Without what is not said: its doubts, and what only gives it another unit."""
    while node.op in _UNSAID or (node.op == "mul" and node.args[1].op == "const" and node.args[1].data == 1):
        node = node.args[0]
    return node


_SIMPLE = {
    "round": "rule_rounded",
    "given": "rule_given",
    "member": "rule_member",
    "amount_of": "rule_amount_of",
    "currency_of": "rule_currency_of",
    "worth": "rule_worth",
    "known_or": "rule_known_or",
    "scale": "rule_scale",
    "table": "rule_table",
    "by_word": "rule_table",
    "part": "rule_part",
    "after": "rule_after",
    "back": "rule_back",
    "day_of": "rule_day_of",
}
