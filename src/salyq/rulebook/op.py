"""What an operation of the rulebook is: one class that says all about it.

`unit` refuses operands that do not go together and names the unit of the result; `step` makes the closure that
computes it for one person; `tell` explains it. The reader of columns adds its step beside them. A class registers
itself by its name when it is defined; ops/ holds them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from salyq.rulebook.explain import Why
from salyq.rulebook.node import OPS, LawError, Node
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.shown import ends_shown, shown, unit_shown
from salyq.rulebook.states import Unknown, lifted

if TYPE_CHECKING:
    from salyq.rulebook.law import Law, Value
    from salyq.rulebook.maker import Maker


class At(NamedTuple):
    """Where a step is told: the row it is asked of, and the day whose law holds."""

    scope: Scope
    day: date


class Teller(Protocol):
    """What an operation may ask of the one who explains (trace.py)."""

    limit: int | None

    @property
    def law(self) -> Law: ...
    def rule(self, name: str, scope: Scope) -> Why: ...
    def steps(self, node: Node, at: At) -> list[Why]: ...
    def value_of(self, node: Node, at: At) -> Any: ...
    def values_of(self, node: Node, rows: Sequence[Scope], day: date) -> list[Any]: ...
    def found(self, name: str, day: date) -> Value | None: ...
    def chosen(self, name: str, day: date) -> Any: ...
    def looked_up(self, name: str, args: list[Any]) -> Any: ...
    def decided_by(self, cite: str, basis: str) -> None: ...


class Op(ABC):
    """One operation. `how` is the kind of step its explanation names, where it is not its own name. `ways` says, an
    operand a character, the last for all that follow, how the result goes as the operand rises: `+` it rises or stays,
    `-` it falls or stays, `*` either (ways.py)."""

    name: ClassVar[str] = ""
    how: ClassVar[str] = ""
    ways: ClassVar[str] = "*"

    def __init_subclass__(cls) -> None:
        if "name" not in vars(cls):
            return
        for needed in ("step", "function"):
            if getattr(getattr(cls, needed, None), "__isabstractmethod__", False):
                raise LawError(f"operation {cls.name!r} lacks {needed}")
        OPS[cls.name] = cls()

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        """The unit of the result; LawError where the operands do not go together. A leaf brings its own."""
        raise LawError(f"{self.name} is no operation on {len(args)} others ({data})")

    @abstractmethod
    def step(self, node: Node, maker: Maker) -> Step:
        """What computes it for one row."""

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        """The steps that a reader is told: by default the step with all its operands."""
        return [self.plain(node, at, teller)]

    def plain(self, node: Node, at: At, teller: Teller) -> Why:
        value = teller.value_of(node, at)
        inputs = [w for a in node.args for w in teller.steps(a, at)]
        if node.unit == "flag":
            return Why(self.name, shown(value, "flag"), how="condition", inputs=inputs)
        why = Why(self.name, shown(value, node.unit), unit_shown(node.unit), how=self.how or self.name, inputs=inputs)
        why.ends = ends_shown(value, node.unit)
        return why


class Plain(Op):
    """An operation that is a function of its operands' values; each scenario of an unknown is computed by itself."""

    @abstractmethod
    def function(self, node: Node) -> Callable[..., Any]:
        """What is applied to the values of the operands."""

    def step(self, node: Node, maker: Maker) -> Step:
        return applied(self.function(node), node, maker)


def applied(function: Callable[..., Any], node: Node, maker: Maker) -> Step:
    """The step that applies a function to the values of a node's operands."""
    steps = maker.steps(node)
    if len(steps) == 1:
        return _one(function, steps[0])
    if len(steps) == 2:
        if node.args[1].op == "const":
            return _with_constant(function, steps[0], node.args[1].data)
        return _two(function, *steps)
    return _many(function, steps)


def _one(function: Callable[[Any], Any], inner: Step) -> Step:
    def step(s: Scope) -> Any:
        a = inner(s)
        return lifted(function, a) if type(a) is Unknown else function(a)

    return step


def _two(function: Callable[[Any, Any], Any], first: Step, second: Step) -> Step:
    def step(s: Scope) -> Any:
        a, b = first(s), second(s)
        if type(a) is Unknown or type(b) is Unknown:
            return lifted(function, a, b)
        return function(a, b)

    return step


def _with_constant(function: Callable[[Any, Any], Any], first: Step, constant: Any) -> Step:
    def step(s: Scope) -> Any:
        a = first(s)
        return lifted(function, a, constant) if type(a) is Unknown else function(a, constant)

    return step


def _many(function: Callable[..., Any], steps: list[Step]) -> Step:
    def step(s: Scope) -> Any:
        values = [f(s) for f in steps]
        if any(type(v) is Unknown for v in values):
            return lifted(function, *values)
        return function(*values)

    return step
