"""A rule written as one expression in a text file (a reform): read with Python's grammar, worked out by this reader.

Nothing of the text is ever run. The tree that Python's parser makes is walked node by node; what may stand in it is
listed here: names of law, numbers, texts, + - * /, comparisons, & | ~, the words of nodes.py, `rows.sum(lambda r: …)`.
The result is the same graph that a rule in `rules.py` gives, so units are checked and figures are explained alike.
"""

from __future__ import annotations

import ast
import inspect
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from salyq.rulebook import nodes
from salyq.rulebook.node import LawError, Node, Rows, Symbols, lift
from salyq.rulebook.units import UNITS

LONGEST = 4_000  # characters of one rule
DEEPEST = 60  # nested steps

# These need codes and articles of the law itself, or pairs.
_NOT_WORDS = ("lift", "lookup", "unknown", "cited", "doubt", "excepted")
_WORDS: Mapping[str, Callable[..., Any]] = {
    name: getattr(nodes, name) for name in nodes.__all__ if name.islower() and name not in _NOT_WORDS
}
_LIKE_OTHERS = ("when", "choose", "largest", "smallest", "bounded", "known_or")  # a number there has their unit
_OF_ROWS = ("where", "within", "sum", "any", "count", "least", "most", "spans")
_OF_NODES = ("amount", "currency", "isin")
_CALCULATED: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
_COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?")


class Written:
    """A rule's function made of a text: called with symbols, it gives the steps of law. `__signature__` names what it
    asks for, `__code__` where it stands, as of any function."""

    def __init__(self, name: str, text: str, file: str, line: int) -> None:
        """LawError where the text cannot be a rule."""
        self.text = text
        self.tree = _parsed(text)
        self.__name__ = name
        self.__code__ = SimpleNamespace(co_filename=file, co_firstlineno=line)
        asked = dict.fromkeys(_free(self.tree, frozenset()))
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in asked])

    def __call__(self, *symbols: Any) -> Node:
        """The steps. LawError where a name or a step does not fit, whatever the reason."""
        bound = dict(zip(self.__signature__.parameters, symbols, strict=True))
        try:
            return _node(_worked_out(self.tree, bound, self.text))
        except LawError:
            raise
        except (TypeError, ValueError, AttributeError, KeyError, ZeroDivisionError, StopIteration) as error:
            raise LawError(str(error) or type(error).__name__) from None


def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise LawError(f"longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise LawError(f"cannot be read: {getattr(error, 'msg', None) or error}") from None
    if _depth(tree, DEEPEST) > DEEPEST:
        raise LawError(f"nested more than {DEEPEST} deep")
    return tree


def _depth(tree: ast.AST, left: int) -> int:
    if left < 0:
        return 1
    return 1 + max((_depth(x, left - 1) for x in ast.iter_child_nodes(tree)), default=0)


def _free(tree: ast.AST, bound: frozenset[str]) -> list[str]:
    """The names of law that a text asks for, in order."""
    if isinstance(tree, ast.Name):
        return [] if tree.id in bound else [tree.id]
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        inner: list[ast.AST] = [*tree.args, *tree.keywords]
    elif isinstance(tree, ast.Lambda):
        bound |= {a.arg for a in tree.args.args}
        inner = [tree.body]
    else:
        inner = list(ast.iter_child_nodes(tree))
    return [n for x in inner for n in _free(x, bound)]


# ---- working out ---------------------------------------------------------------------------------------------------
def _worked_out(tree: ast.AST, names: Mapping[str, Any], text: str) -> Any:
    match tree:
        case ast.Constant():
            return _constant(tree, text)
        case ast.Name():
            return names[tree.id]
        case ast.BinOp() if type(tree.op) in _CALCULATED:
            a, b = (_worked_out(x, names, text) for x in (tree.left, tree.right))
            return _calculated(type(tree.op), a, b)
        case ast.UnaryOp(op=ast.Invert()):
            return ~_node(_worked_out(tree.operand, names, text))
        case ast.UnaryOp(op=ast.USub()):
            return _negative(_worked_out(tree.operand, names, text))
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            a, b = (_worked_out(x, names, text) for x in (tree.left, tree.comparators[0]))
            return _COMPARED[type(op)](*_alike(a, b))
        case ast.Attribute():
            return _attribute(_worked_out(tree.value, names, text), tree.attr)
        case ast.Lambda():
            return _function(tree, names, text)
        case ast.Call():
            return _called(tree, names, text)
    raise LawError(f"“{ast.unparse(tree)[:60]}” cannot stand in a rule: {_instead(tree)}")


def _instead(tree: ast.AST) -> str:
    if isinstance(tree, ast.BoolOp):
        return "write & for and, | for or, with ( ) around each side"
    if isinstance(tree, ast.IfExp):
        return "write when(condition, then, otherwise)"
    if isinstance(tree, ast.Compare):
        return "write (a < b) & (b < c)"
    return "names of law, numbers, + - * /, comparisons, & | ~ and the words of rules"


def _constant(tree: ast.Constant, text: str) -> Any:
    """Numbers exactly as they are written; a decimal fraction is no float."""
    if isinstance(tree.value, float):
        written = ast.get_source_segment(f"({text}\n)", tree) or ""
        if not _PLAIN_NUMBER.fullmatch(written):
            raise LawError(f"“{written}” is no plain number: write 0.12 or 3/25")
        return Fraction(written)
    if tree.value is None or isinstance(tree.value, bool | int | str):
        return tree.value
    raise LawError(f"{tree.value!r} cannot stand in a rule: whole numbers, fractions, texts and flags only")


def _calculated(op: type[ast.operator], a: Any, b: Any) -> Any:
    if isinstance(a, Node) or isinstance(b, Node):
        if op in (ast.Add, ast.Sub):
            a, b = _alike(a, b)
        elif op is ast.Mult and not isinstance(a, Node):
            a, b = b, a  # the number is a ratio on either side
        elif op is ast.Div and not isinstance(b, Node):
            return a * (1 / Fraction(b))
        return _CALCULATED[op](_node(a), b)
    if op in (ast.BitAnd, ast.BitOr) or not all(type(x) in (int, Fraction) for x in (a, b)):
        raise LawError("a step needs a name of law or a number on each side")
    return _CALCULATED[op](Fraction(a), Fraction(b))


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """A plain number beside a step of law is in that step's unit, as people count it: tenge, not tiyn."""
    if isinstance(a, Node):
        return a, _in_unit(b, a.unit)
    if isinstance(b, Node):
        return _in_unit(a, b.unit), b
    raise LawError("a comparison needs a name of law on one side")


def _in_unit(x: Any, unit: str) -> Node:
    if isinstance(x, Node | bool) or not isinstance(x, int | Fraction):
        return lift(x, unit)
    steps = Fraction(x) * UNITS[unit].scale
    if not UNITS[unit].whole:
        return lift(steps, unit)
    if steps.denominator != 1:
        raise LawError(f"{x} has more decimals than {unit} has")
    return lift(int(steps), unit)


def _negative(x: Any) -> Any:
    if isinstance(x, Node):
        return _in_unit(0, x.unit) - x
    if type(x) in (int, Fraction):
        return -x
    raise LawError("only a number can be negative")


def _attribute(of: Any, name: str) -> Any:
    fits = isinstance(of, Symbols) or (isinstance(of, Node) and name in _OF_NODES)
    fits = fits or (isinstance(of, Rows) and name in _OF_ROWS)
    if name.startswith("_") or not fits:
        raise LawError(f"nothing is called {name!r} there")
    return getattr(of, name)


def _function(tree: ast.Lambda, names: Mapping[str, Any], text: str) -> Callable[..., Any]:
    said = [a.arg for a in tree.args.args]
    if len(tree.args.args) != 1 or tree.args.vararg or tree.args.kwarg or tree.args.kwonlyargs or tree.args.defaults:
        raise LawError("write lambda row: …")
    return lambda row: _worked_out(tree.body, {**names, said[0]: row}, text)


def _called(tree: ast.Call, names: Mapping[str, Any], text: str) -> Any:
    if any(isinstance(a, ast.Starred) for a in tree.args) or any(k.arg is None for k in tree.keywords):
        raise LawError("write each argument by itself")
    args = [_worked_out(a, names, text) for a in tree.args]
    keywords = {str(k.arg): _worked_out(k.value, names, text) for k in tree.keywords}
    if not isinstance(tree.func, ast.Name):
        if not isinstance(tree.func, ast.Attribute):
            raise LawError("only a word of rules can be asked")
        return _attribute(_worked_out(tree.func.value, names, text), tree.func.attr)(*args, **keywords)
    word = tree.func.id
    if word == "amount":
        return _amount(*args, **keywords)
    if word not in _WORDS:
        near = get_close_matches(word, [*_WORDS, "amount"], 1)
        raise LawError(f"there is no word {word!r}; {f'is it {near[0]}?' if near else ', '.join(sorted(_WORDS))}")
    if word in _LIKE_OTHERS:
        args, keywords = _of_one_unit(word, args, keywords)
    return _WORDS[word](*args, **keywords)


def _of_one_unit(word: str, args: list[Any], keywords: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    first = 1 if word in ("when", "choose") else 0
    unit = next((x.unit for x in (*args[first:], *keywords.values()) if isinstance(x, Node)), None)
    if unit is None:
        return args, keywords
    own = [x if x is None else _in_unit(x, unit) for x in args[first:]]
    return [*args[:first], *own], {k: _in_unit(v, unit) for k, v in keywords.items()}


def _amount(number: Any, unit: Any) -> Node:
    """`amount(1000000, "KZT")`: a number of a unit where nothing beside it says which."""
    if type(number) not in (int, Fraction) or unit not in UNITS or not UNITS[unit].number:
        raise LawError(f'write amount(1000000, "KZT"); units: {", ".join(n for n, u in UNITS.items() if u.number)}')
    return _in_unit(number, unit)


def _node(x: Any) -> Node:
    if isinstance(x, Node):
        return x
    if isinstance(x, bool | str | int | Fraction):
        return lift(x, "ratio")
    raise LawError(f"gives {type(x).__name__}, not a step of law")
