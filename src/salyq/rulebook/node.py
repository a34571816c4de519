"""One step of law, and the symbols a rule is called with (architecture §4.7).

A rule is an ordinary function; called with symbols it yields a small immutable tree of `Node`. What a step means (its
unit, how it is computed, how it is told) stands in its operation, one class each in ops/. A product or sum of units
that do not go together is refused when the law is compiled, so a rule cannot add kilowatt-hours to tenge.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from salyq.rulebook.units import LawError, exact

if TYPE_CHECKING:
    from salyq.rulebook.op import Op


__all__ = ["OPS", "LawError", "Node", "NotInForce", "Rows", "Symbols", "compared", "condition", "lift", "made"]


class NotInForce(LawError):
    """A rule is needed on a day when no version of it is known: a defect, unless law is asked as of an early day."""


OPS: dict[str, Op] = {}  # every operation by its name; filled by the classes themselves (op.py)


class Node:
    """One step of law. `op` is its operation, `args` its operands, `data` what else it needs; compared by identity."""

    __slots__ = ("args", "data", "op", "unit")

    def __init__(self, op: str, args: tuple[Node, ...] = (), data: Any = None, unit: str = "") -> None:
        self.op = op
        self.args = args
        self.data = data
        self.unit = unit

    # arithmetic -------------------------------------------------------------------------------------------------
    def __add__(self, other: Any) -> Node:
        return made("add", self, lift(other, self.unit))

    def __sub__(self, other: Any) -> Node:
        return made("sub", self, lift(other, self.unit))

    def __mul__(self, other: Any) -> Node:
        return made("mul", self, lift(other, "ratio"))

    def __truediv__(self, other: Node) -> Node:
        return made("share", self, other)

    # comparison and logic ---------------------------------------------------------------------------------------
    def __eq__(self, other: object) -> Node:  # type: ignore[override]
        return compared("eq", self, other)

    def __ne__(self, other: object) -> Node:  # type: ignore[override]
        return ~compared("eq", self, other)

    def __lt__(self, other: Any) -> Node:
        return compared("lt", self, other)

    def __le__(self, other: Any) -> Node:
        return compared("le", self, other)

    def __gt__(self, other: Any) -> Node:
        return compared("lt", lift(other, self.unit), self)

    def __ge__(self, other: Any) -> Node:
        return compared("le", lift(other, self.unit), self)

    def __and__(self, other: Node) -> Node:
        return made("and", self, lift(other, "flag"))

    def __or__(self, other: Node) -> Node:
        return made("or", self, lift(other, "flag"))

    def __invert__(self) -> Node:
        return made("not", self)

    def __bool__(self) -> bool:
        raise LawError("a symbol has no truth value: write when(condition, then, otherwise), & for and, | for or")

    def __hash__(self) -> int:
        return id(self)

    def isin(self, *choices: Any) -> Node:
        """Is this code one of `choices`, or in the dated set that is given instead?"""
        if len(choices) == 1 and isinstance(choices[0], Node):
            return made("member", self, choices[0])
        return made("isin", self, data=frozenset(choices))

    # parts of a worth -------------------------------------------------------------------------------------------
    @property
    def amount(self) -> Node:
        return made("amount_of", self)

    @property
    def currency(self) -> Node:
        return made("currency_of", self)

    @property
    def exact_unit(self) -> str:
        """The unit of exact fractions that belongs to this step's."""
        return exact(self.unit)


def made(op: str, *args: Node, data: Any = None) -> Node:
    """A step of an operation, whose class says its unit or refuses the operands."""
    return Node(op, args, data, OPS[op].unit(args, data))


def compared(op: str, a: Any, b: Any) -> Node:
    x = a if isinstance(a, Node) else lift(a, b.unit)
    return made(op, x, lift(b, x.unit))


def lift(x: Any, unit: str) -> Node:
    """A constant where a plain number, text or flag was written."""
    if isinstance(x, Node):
        return x
    if isinstance(x, bool):
        return Node("const", (), x, "flag")
    if isinstance(x, str):
        return Node("const", (), x, "text")
    if isinstance(x, int | Fraction):
        return Node("const", (), x, unit)
    raise LawError(f"{x!r} cannot stand in a rule: whole numbers, fractions, texts and flags only")


def condition(x: Any) -> Node:
    """A test. LawError for anything that is not true or false."""
    node = lift(x, "flag")
    if node.unit != "flag":
        raise LawError(f"a condition is needed, not {node.unit}")
    return node


Row = TypeVar("Row")


class Symbols:
    """Gives symbols for the attributes of a row: a given column, a rule of that row, or a row it refers to."""

    def __init__(self, kind: str, resolve: Callable[[str, str], Any], via: tuple[str, ...] = ()) -> None:
        self._kind = kind
        self._resolve = resolve
        self._via = via

    def __getattr__(self, name: str) -> Any:
        found = self._resolve(self._kind, name)
        if isinstance(found, Symbols):
            return Symbols(found._kind, found._resolve, (*self._via, name))
        for ref in reversed(self._via):
            found = Node("at", (found,), ref, found.unit)
        return found


class Rows(Generic[Row]):
    """A set of rows of one kind, as a rule sees it: sum, any, count, least, most, spans; where and within narrow it."""

    def __init__(
        self, name: str, owner: str, kind: str, make: Callable[[str], Symbols], keep: Node | None = None
    ) -> None:
        self._name, self._owner, self._kind, self._make, self._keep = name, owner, kind, make, keep

    def where(self, test: Callable[[Row], Any]) -> Rows[Row]:
        """Only the rows for which `test` holds."""
        more = condition(test(self._row()))
        keep = more if self._keep is None else self._keep & more
        return Rows(self._name, self._owner, self._kind, self._make, keep)

    def within(self, term: Node, upto: Node, day: Callable[[Row], Any]) -> Rows[Row]:
        """Only the rows of the last `term` up to `upto`: later than `upto` − term and not later than `upto`."""
        start = made("back", upto, term)
        return self.where(lambda row: (day(row) > start) & (day(row) <= upto))

    def sum(self, body: Callable[[Row], Any]) -> Node:
        """Σ of `body` over the rows; each row's value has the unit of the sum."""
        return self._over("sum", body(self._row()))

    def any(self, test: Callable[[Row], Any]) -> Node:
        """Does `test` hold for at least one row?"""
        return self._over("any", condition(test(self._row())))

    def count(self) -> Node:
        """How many rows."""
        return self._over("sum", Node("const", (), 1, "count"))

    def least(self, body: Callable[[Row], Any]) -> Node:
        """The smallest (earliest) of `body` over the rows; unknown where there is no row."""
        return self._over("least", body(self._row()))

    def most(self, body: Callable[[Row], Any]) -> Node:
        """The largest (latest) of `body` over the rows; unknown where there is no row."""
        return self._over("most", body(self._row()))

    def spans(self, first: Callable[[Row], Any], last: Callable[[Row], Any]) -> Node:
        """Intervals of days, both ends inclusive, one a row; an end that is not given has not come yet."""
        row = self._row()
        return self._over("spans", first(row), last(row))

    def _row(self) -> Row:
        return self._make(self._kind)  # type: ignore[return-value]

    def _over(self, op: str, *body: Node) -> Node:
        """A step over the rows kept; the test that keeps them is the last operand, where there is one."""
        args = body if self._keep is None else (*body, self._keep)
        return made(op, *args, data=(self._owner, self._name, self._kind))
