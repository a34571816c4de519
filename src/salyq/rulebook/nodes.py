"""The few nodes law compiles to, and the symbols a rule is called with (architecture §4.7).

A rule is an ordinary function; called with symbols it yields a small immutable tree of `Node`. Readers of the tree
(evaluate.py, explain.py, check.py) give it meaning. Units: see UNITS; a product or sum of units that do not go
together is refused when the law is compiled, so a rule cannot add kilowatt-hours to tenge.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Generic, TypeVar

# What a value is, by unit. Whole numbers unless said.
UNITS = {
    "KZT": "tiyn",
    "KZT*": "tiyn, exact fraction before a named rounding",
    "amount": "10⁻¹⁸ of a currency or asset named beside it",
    "amount*": "the same, exact fraction",
    "quantity": "10⁻¹⁸ of an asset",
    "kWh": "10⁻¹⁸ kWh",
    "KZT/kWh": "tenge per kWh, exact fraction",
    "price": "currency units for one whole asset, exact fraction",
    "rate": "tenge for one currency unit, exact fraction",
    "ratio": "exact fraction",
    "MCI": "multiple of the monthly calculation index, exact fraction",
    "count": "number",
    "day": "date",
    "text": "code",
    "flag": "true or false",
    "worth": "(amount, currency)",
    "period": "years",
}
_PRODUCTS = {
    ("KZT", "ratio"): "KZT*",
    ("KZT*", "ratio"): "KZT*",
    ("MCI", "KZT"): "KZT*",
    ("amount", "rate"): "KZT*",
    ("amount*", "rate"): "KZT*",
    ("quantity", "price"): "amount*",
    ("kWh", "KZT/kWh"): "KZT*",
    ("ratio", "ratio"): "ratio",
    ("count", "ratio"): "ratio",
}


class LawError(Exception):
    """The law itself is written wrongly: names the rule or value and what is wrong. A defect of ours."""


class NotInForce(LawError):
    """A rule is needed on a day when no version of it is known: a defect, unless law is asked as of an early day."""


class Node:
    """One step of law. `op` is its kind, `args` its operands, `data` what else it needs; compared by identity."""

    __slots__ = ("args", "data", "op", "unit")

    def __init__(self, op: str, args: tuple[Node, ...] = (), data: Any = None, unit: str = "") -> None:
        self.op = op
        self.args = args
        self.data = data
        self.unit = unit

    # arithmetic -------------------------------------------------------------------------------------------------
    def __add__(self, other: Any) -> Node:
        return _alike("add", self, other)

    def __sub__(self, other: Any) -> Node:
        return _alike("sub", self, other)

    def __mul__(self, other: Any) -> Node:
        b = lift(other, "ratio")
        unit = _PRODUCTS.get((self.unit, b.unit)) or _PRODUCTS.get((b.unit, self.unit))
        if unit is None:
            raise LawError(f"cannot multiply {self.unit} by {b.unit}")
        return Node("mul", (self, b), None, unit)

    def __truediv__(self, other: Node) -> Node:
        if self.unit != other.unit:
            raise LawError(f"a share needs like units, not {self.unit} of {other.unit}")
        return Node("share", (self, other), None, "ratio")

    # comparison and logic ---------------------------------------------------------------------------------------
    def __eq__(self, other: object) -> Node:  # type: ignore[override]
        return _compare("eq", self, other)

    def __ne__(self, other: object) -> Node:  # type: ignore[override]
        return ~_compare("eq", self, other)

    def __lt__(self, other: Any) -> Node:
        return _compare("lt", self, other)

    def __le__(self, other: Any) -> Node:
        return _compare("le", self, other)

    def __gt__(self, other: Any) -> Node:
        return _compare("lt", lift(other, self.unit), self)

    def __ge__(self, other: Any) -> Node:
        return _compare("le", lift(other, self.unit), self)

    def __and__(self, other: Node) -> Node:
        return Node("and", (_flag(self), _flag(other)), None, "flag")

    def __or__(self, other: Node) -> Node:
        return Node("or", (_flag(self), _flag(other)), None, "flag")

    def __invert__(self) -> Node:
        return Node("not", (_flag(self),), None, "flag")

    def __bool__(self) -> bool:
        raise LawError("a symbol has no truth value: write when(condition, then, otherwise), & for and, | for or")

    def __hash__(self) -> int:
        return id(self)

    def isin(self, *choices: str) -> Node:
        """Is this code one of `choices`?"""
        return Node("isin", (self,), frozenset(choices), "flag")

    # parts of a worth -------------------------------------------------------------------------------------------
    @property
    def amount(self) -> Node:
        return Node("amount_of", (_worth(self),), None, "amount")

    @property
    def currency(self) -> Node:
        return Node("currency_of", (_worth(self),), None, "text")


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
    """A set of rows of one kind, as a rule sees it: sum, any, count, where."""

    def __init__(
        self, name: str, owner: str, kind: str, make: Callable[[str], Symbols], keep: Node | None = None
    ) -> None:
        self._name, self._owner, self._kind, self._make, self._keep = name, owner, kind, make, keep

    def where(self, test: Callable[[Row], Any]) -> Rows[Row]:
        """Only the rows for which `test` holds."""
        more = _flag(test(self._make(self._kind)))  # type: ignore[arg-type]
        keep = more if self._keep is None else self._keep & more
        return Rows(self._name, self._owner, self._kind, self._make, keep)

    def _over(self, op: str, body: Node, unit: str) -> Node:
        args = (body,) if self._keep is None else (body, self._keep)
        return Node(op, args, (self._owner, self._name, self._kind), unit)

    def sum(self, body: Callable[[Row], Any]) -> Node:
        """Σ of `body` over the rows; each row's value has the unit of the sum."""
        inner = body(self._make(self._kind))  # type: ignore[arg-type]
        return self._over("sum", inner, inner.unit)

    def any(self, test: Callable[[Row], Any]) -> Node:
        """Does `test` hold for at least one row?"""
        return self._over("any", _flag(test(self._make(self._kind))), "flag")  # type: ignore[arg-type]

    def count(self) -> Node:
        """How many rows."""
        return self._over("sum", Node("const", (), 1, "count"), "count")


# builders -------------------------------------------------------------------------------------------------------
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


def when(condition: Node, then: Any, otherwise: Any) -> Node:
    """`then` where the condition holds, else `otherwise`; only the branch that decided is evaluated and explained."""
    a, b = _pair(then, otherwise)
    return Node("when", (_flag(condition), a, b), None, a.unit)


def choose(election: Node, **branches: Any) -> Node:
    """The branch of the chosen reading or election."""
    names = tuple(branches)
    first = next(b for b in branches.values() if isinstance(b, Node))
    nodes = tuple(lift(b, first.unit) for b in branches.values())
    if len({n.unit for n in nodes}) != 1:
        raise LawError(f"the choices of {election.data} differ in unit")
    return Node("choose", (election, *nodes), names, nodes[0].unit)


def floor0(x: Node) -> Node:
    """max(x, 0): the positive part."""
    return Node("max", (x, lift(0, x.unit)), None, x.unit)


def largest(*xs: Node) -> Node:
    """The largest of several grounds; the explanation keeps the one that decided."""
    if len({x.unit for x in xs}) != 1:
        raise LawError("grounds differ in unit")
    return Node("max", xs, None, xs[0].unit)


def smallest(*xs: Node) -> Node:
    if len({x.unit for x in xs}) != 1:
        raise LawError("limits differ in unit")
    return Node("min", xs, None, xs[0].unit)


def rounded(x: Node, grain: Node | None = None) -> Node:
    """The named rounding: half up to the whole tiyn (or 10⁻¹⁸ of a currency), or to whole `grain` of that. Cited
    `salyq:rounding`."""
    unit = {"KZT*": "KZT", "amount*": "amount"}.get(x.unit)
    if unit is None:
        raise LawError(f"nothing to round in {x.unit}")
    return Node("round", (x,) if grain is None else (x, grain), None, unit)


def scale(x: Node, brackets: Node, index: Node) -> Node:
    """A marginal scale: each slice of `x` between thresholds (multiples of `index`) at its own rate; exact."""
    return Node("scale", (x, brackets, index), None, "KZT*")


def table(x: Node, steps: Node) -> Node:
    """The entry of a table of steps with inclusive upper bounds that `x` falls in."""
    return Node("table", (x, steps), None, steps.unit)


def given(x: Node) -> Node:
    """Was this fact stated at all?"""
    return Node("given", (x,), None, "flag")


def stated_or_zero(x: Node) -> Node:
    """A fact of the person; nothing stated counts as nothing (and is said in a finding)."""
    return when(given(x), x, lift(0, x.unit))


def worth(amount: Node, currency: Any) -> Node:
    """An amount together with its currency."""
    return Node("worth", (amount, lift(currency, "text")), None, "worth")


def part(total: Node, quantity: Node, x0: Node, x1: Node, grain: Node) -> Node:
    """What positions (x0, x1] of `quantity` carry of `total`: the cumulative rule of architecture §3, in whole
    `grain` of the total's unit."""
    return Node("part", (total, quantity, x0, x1, grain), None, total.unit)


def lookup(name: str, *args: Any, unit: str) -> Node:
    """Asks something outside the law for a fact of a day: a quote, a rate, a working day."""
    return Node("lookup", tuple(lift(a, "text") for a in args), name, unit)


def unknown(reason: str, *, unit: str) -> Node:
    """The law gives no answer here: `reason` is a message code. Never zero."""
    return Node("unknown", (), reason, unit)


def bounded(x: Node, least: Node | None, most: Node | None) -> Node:
    """`x`; where it is unknown, its value in the scenario of least tax is `least`, of most tax `most`."""
    args = (x, *(n for n in (least, most) if n is not None))
    if {n.unit.rstrip("*") for n in args} != {x.unit.rstrip("*")}:
        raise LawError("the bounds differ in unit")
    return Node("bounded", args, (least is not None, most is not None), x.unit)


def doubt(reason: str, least: Node, most: Node) -> Node:
    """Not known, for `reason` (a message code): `least` and `most` are its values in the two scenarios."""
    return bounded(unknown(reason, unit=least.unit), least, most)


def known_or(x: Node, otherwise: Node) -> Node:
    """`x` where it is known, else `otherwise`: only where the difference cannot change a figure."""
    return Node("known_or", (x, otherwise), None, x.unit)


def as_money(quantity: Node) -> Node:
    """A pegged asset as money: one unit of it is one unit of its currency."""
    return rounded(quantity * Node("const", (), Fraction(1), "price"))


def _flag(x: Any) -> Node:
    node = lift(x, "flag")
    if node.unit != "flag":
        raise LawError(f"a condition is needed, not {node.unit}")
    return node


def _worth(x: Node) -> Node:
    if x.unit != "worth":
        raise LawError(f"only a worth has amount and currency, not {x.unit}")
    return x


def _pair(a: Any, b: Any) -> tuple[Node, Node]:
    x = a if isinstance(a, Node) else lift(a, b.unit if isinstance(b, Node) else "ratio")
    y = lift(b, x.unit)
    if x.unit != y.unit:
        raise LawError(f"the two branches differ in unit: {x.unit} and {y.unit}")
    return x, y


def _alike(op: str, a: Node, b: Any) -> Node:
    y = lift(b, a.unit)
    units = {a.unit, y.unit}
    if len(units) > 1 and units not in ({"KZT", "KZT*"}, {"amount", "amount*"}):
        raise LawError(f"cannot {op} {a.unit} and {y.unit}")
    unit = a.unit if len(units) == 1 else max(units, key=len)
    return Node(op, (a, y), None, unit)


def _compare(op: str, a: Any, b: Any) -> Node:
    x = a if isinstance(a, Node) else lift(a, b.unit)
    y = lift(b, x.unit)
    if x.unit.rstrip("*") != y.unit.rstrip("*"):
        raise LawError(f"cannot compare {x.unit} with {y.unit}")
    return Node(op, (x, y), None, "flag")


# The types of a rule's arguments and result: names for the reader and for units (rules.RETURNS); all are symbols.
Money = Node
Exact = Node
Amount = Node
Quantity = Node
Energy = Node
Tariff = Node
Price = Node
Rate = Node
Ratio = Node
Multiple = Node
Count = Node
Day = Node
Text = Node
Flag = Node
Worth = Node
Election = Node
Scale = Node
Table = Node
