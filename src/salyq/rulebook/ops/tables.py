"""Tables of steps, tables by a word, and dated lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from salyq.rulebook.arithmetic import stepped
from salyq.rulebook.explain import Why
from salyq.rulebook.node import Node, lift, made
from salyq.rulebook.op import At, Plain, Teller
from salyq.rulebook.shown import said, shown, unit_shown
from salyq.rulebook.states import Unknown, because
from salyq.rulebook.units import UNITS, LawError

OTHERS = "others"  # the entry of every word that has none of its own


# builders -----------------------------------------------------------------------------------------------------------
def table(x: Node, steps: Node) -> Node:
    """The entry of a table of steps with inclusive upper bounds that `x` falls in."""
    return made("table", x, steps)


def by_word(words: Node, *keys: Any) -> Node:
    """The entry of a table by a word, or by several, one inside the other."""
    return made("by_word", words, *(lift(k, "text") for k in keys))


# operations ---------------------------------------------------------------------------------------------------------
class Table(Plain):
    name = "table"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        if not UNITS[args[0].unit].number:
            raise LawError(f"a table of steps needs a number, not {args[0].unit}")
        return args[1].unit

    def function(self, node: Node) -> Callable[..., Any]:
        whole = UNITS[node.args[0].unit].scale
        return lambda x, steps: stepped(Fraction(x, whole), steps["upto"], steps["is"])


class ByWord(Plain):
    """Unknown for a word that the table has not, and for an entry that no act gives."""

    name = "by_word"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        words, *keys = args
        for key in keys:
            if key.unit != "text":
                raise LawError(f"a table by a word needs a word, not {key.unit}")
        return words.unit

    def function(self, node: Node) -> Callable[..., Any]:
        name = str(node.args[0].data)

        def entry(words: Any, *keys: str) -> Any:
            for key in keys:
                if not isinstance(words, Mapping):
                    break
                words = words.get(key, words.get(OTHERS))
            if words is None or isinstance(words, Mapping):
                return because("missing_entry", name=name, word=", ".join(keys))
            return words

        return entry

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        words, *keys = node.args
        why = Why("by_word", shown(teller.value_of(node, at), node.unit), unit_shown(node.unit), how="by_word")
        why.said = said(teller.value_of(node, at), node.unit)
        why.detail = ", ".join(str(v) for k in keys if type(v := teller.value_of(k, at)) is not Unknown)
        why.inputs = [w for k in keys for w in teller.steps(k, at)]
        for step in teller.steps(words, at):
            step.value = why.value  # the entry, not the whole table
            step.said = why.said
            why.inputs.append(step)
        return [why]


class IsIn(Plain):
    """Is a code one of those written in the rule?"""

    name = "isin"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return "flag"

    def function(self, node: Node) -> Callable[..., Any]:
        choices = node.data
        return lambda a: a in choices

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        why = self.plain(node, at, teller)
        why.detail = ", ".join(sorted(node.data))
        return [why]


class Member(Plain):
    """Is a code in a dated list?"""

    name = "member"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        code, listed = args
        if code.unit != "text" or listed.unit != "set":
            raise LawError(f"a code is looked for in a set, not {code.unit} in {listed.unit}")
        return "flag"

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda code, listed: code in listed
