"""Plants small faults in a room, one at a time, and says which of them its tests do not notice.

    python tools/mutants.py lots --count 9 --seed 1
    python tools/mutants.py            # the rooms that it knows

Each mutant is one changed comparison, operator, number, text, condition or choice of a function, one sign or number of
the kernel in C (built anew), or one number, day or default of law's data, in a copy of the file that stands before the
shipped package on the path: the tree itself is never touched. Killed: a test failed.
Survived: look at it; where it changes a figure, a test is missing; where it can't, say why in mutants.toml, and it is
`same`.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "salyq"
KNOWN = Path(__file__).with_name("mutants.toml")
LONGEST = 900  # seconds for the tests of one mutant; whoever takes longer has hung


class Room(NamedTuple):
    """`stages`: tests that know the room first, then wider ones for what those let pass."""

    modules: tuple[str, ...]
    stages: tuple[tuple[str, ...], ...]


def _law(subject: str) -> Room:
    rules = (p.name for p in sorted((SRC / "law" / subject).glob("*.py")) if _computes(p))
    modules = tuple(f"law/{subject}/{name}" for name in ("params.toml", *rules))
    own = ("tests/law/test_cases.py", "-k", subject)
    return Room(
        modules,
        (own, ("tests/law/test_cases.py", "tests/law/test_params.py", "tests/rulebook/test_asking.py", "tests/oracle")),
    )


def _computes(path: Path) -> bool:
    return path.stem not in ("__init__", "facts", "findings")


OPS_TESTS = ("evaluate", "nodes", "arithmetic", "dates", "asking", "sentences", "states", "time_axes", "explanations")
BESIDE = ("acquisitions", "energy", "quarters", "lookups", "queues")
FACTS = ("events", "few", "filled", "moved", "sales", "taken", *BESIDE)
COLUMNS = ("many", "many_leaves", "many_numbers", "many_rows", "many_tables", "ends_many", "one_many")
BINANCE_TESTS = (
    "tests/sources/test_many_rows.py",
    "tests/sources/test_venue_samples.py",
    "tests/sources/test_venue_pairs.py",
    "tests/house",
)
ROOMS = {
    "lots": Room(
        ("lots/match.py", "lots/cost.py", "lots/kernel.py"),
        (("tests/lots",), ("tests/facts", "tests/law/test_cases.py")),
    ),
    "kernel": Room(("lots/kernel.c",), (("tests/lots/test_kernel.py",), ("tests/lots",))),
    "facts": Room(
        tuple(f"facts/{n}.py" for n in FACTS), (("tests/facts",), ("tests/law/test_cases.py", "tests/house"))
    ),
    "columns": Room(
        tuple(f"rulebook/{n}.py" for n in COLUMNS),
        (
            ("tests/rulebook/test_many.py", "tests/rulebook/test_one_many.py"),
            ("tests/facts", "tests/population/test_both_ways.py"),
        ),
    ),
    "repeats": Room(
        ("reconcile/repeats.py",), (("tests/reconcile/test_reconcile_repeats.py",), ("tests/reconcile", "tests/house"))
    ),
    "transfers": Room(
        ("reconcile/transfers.py", "reconcile/matching.py"),
        (
            ("tests/reconcile/test_reconcile_transfers.py", "tests/reconcile/test_reconcile_matching.py"),
            ("tests/reconcile",),
        ),
    ),
    "personal_income_tax": _law("personal_income_tax"),
    "mining_fee": _law("mining_fee"),
    "binance_history": Room(
        ("sources/readers/binance/history.py", "sources/readers/binance/operations.py"),
        (("tests/sources/test_binance_history.py", "tests/sources/test_unseen_variants.py"), BINANCE_TESTS),
    ),
    "ops": Room(
        tuple(f"rulebook/ops/{n}.py" for n in ("choices", "dates", "leaves", "numbers", "over_rows", "tables")),
        (tuple(f"tests/rulebook/test_{n}.py" for n in OPS_TESTS), ("tests/rulebook", "tests/law/test_cases.py")),
    ),
}


class Mutant(NamedTuple):
    module: str
    line: int
    old: str
    new: str
    text: str  # the whole module, changed


_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_NAMED = {"min": "max", "max": "min", "smallest": "largest", "largest": "smallest", "any": "all", "all": "any"}


def changed(node: ast.expr) -> Iterator[ast.expr]:
    """What may stand in place of an expression."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield ast.Compare(node.left, [_COMPARED[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED:
        yield ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right)
        if isinstance(node.op, ast.BitAnd | ast.BitOr):  # one of two conditions dropped
            yield from (node.left, node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for n in range(len(node.values)):
            rest = node.values[:n] + node.values[n + 1 :]
            yield ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))
        elif isinstance(node.value, str) and node.value.isidentifier():
            yield ast.Constant(node.value + "_other")
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in _NAMED:
            yield ast.Call(ast.Name(_NAMED[node.func.id], ast.Load()), node.args, node.keywords)
        elif node.func.id == "when" and len(node.args) == 3:
            yield ast.Call(node.func, [node.args[0], node.args[2], node.args[1]], node.keywords)
        elif node.func.id in ("floor0", "rounded") and node.args:
            yield node.args[0]


def expressions(tree: ast.Module) -> Iterator[ast.expr]:
    """Every expression in the body of a function; of annotations, decorators, defaults and docstrings none."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        skipped: set[int] = set()
        for node in ast.walk(function):
            for name in (
                "annotation",
                "returns",
                "decorator_list",
                "args" if isinstance(node, ast.FunctionDef) else "",
            ):
                inner = getattr(node, name, None)
                for one in inner if isinstance(inner, list) else [inner]:
                    if isinstance(one, ast.AST) and not isinstance(node, ast.Call):
                        skipped |= {id(x) for x in ast.walk(one)}
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                skipped.add(id(node.value))
            if isinstance(node, ast.Raise | ast.JoinedStr):
                skipped |= {id(x) for x in ast.walk(node)}
        yield from (n for n in ast.walk(function) if isinstance(n, ast.expr) and id(n) not in skipped)


_COUNTS = re.compile(r"^(?:is|over|rate|upto|month|day|default)\s*=\s*(.+)$", re.M)
_DAYS = re.compile(r"^(?:from|until|enacted)\s*=\s*(\d{4}-\d{2}-\d{2})$", re.M)
_ONE = re.compile(r'(?<![\w.])\d+(?:\.\d+)?(?![\w.])|"[a-z_]+"')


def data_mutants(module: str) -> Iterator[Mutant]:
    """One number of a value changed in its last digit, one day by a day, one text for another."""
    text = (SRC / module).read_text(encoding="utf-8")
    for line in _COUNTS.finditer(text):
        for one in _ONE.finditer(text, line.start(1), line.end(1)):
            yield _written(module, text, one.start(), one.group(), _next(one.group()))
    for day in _DAYS.finditer(text):
        later = date.fromisoformat(day[1]) + timedelta(days=1)
        yield _written(module, text, day.start(1), day[1], later.isoformat())


def _next(one: str) -> str:
    if one.startswith('"'):
        return one[:-1] + '_other"'
    last = str((int(one[-1]) + 1) % 10)
    return one[:-1] + last


def _written(module: str, text: str, at: int, old: str, new: str) -> Mutant:
    return Mutant(module, text.count("\n", 0, at) + 1, old, new, text[:at] + new + text[at + len(old) :])


_SIGNS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "&&": "||", "||": "&&", "+": "-", "-": "+"}
_IN_C = re.compile(r"/\*.*?\*/|^#.*?$|^enum.*?$|(?<= )(?:[<>]=?|==|&&|\|\||[+-])(?= )|\b\d+\b", re.M | re.S)


def c_mutants(module: str) -> Iterator[Mutant]:
    """One sign for another, one number one higher; remarks and what the preprocessor reads stay."""
    text = (SRC / module).read_text(encoding="utf-8")
    for found in _IN_C.finditer(text):
        old = found.group()
        new = str(int(old) + 1) if old.isdigit() else _SIGNS.get(old)
        if new is not None:
            yield _written(module, text, found.start(), old, new)


def mutants(module: str) -> Iterator[Mutant]:
    other = {".toml": data_mutants, ".c": c_mutants}.get(Path(module).suffix)
    if other is not None:
        yield from other(module)
        return
    text = (SRC / module).read_text(encoding="utf-8")
    raw = text.encode("utf-8")
    starts = [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: set[tuple[int, int, str]] = set()
    for node in expressions(ast.parse(text)):
        for other in changed(node):
            a, b = (
                starts[node.lineno - 1] + node.col_offset,
                starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
            )
            new = f"({ast.unparse(ast.fix_missing_locations(other))})"
            if (a, b, new) not in seen:
                seen.add((a, b, new))
                whole = (raw[:a] + new.encode("utf-8") + raw[b:]).decode("utf-8")
                yield Mutant(module, node.lineno, raw[a:b].decode("utf-8"), new, whole)


def overlay(place: Path, module: str) -> None:
    """`place`/salyq: links to the shipped package, with real folders down to the module."""
    here, there = place / "salyq", SRC
    for part in (*Path(module).parts, ""):
        here.mkdir(exist_ok=True)
        for path in there.iterdir():
            built = module.endswith(".c") and path.suffix in (".so", ".pyd")  # of the shipped text: tests build anew
            if path.name not in (part, "__pycache__") and not built:
                (here / path.name).symlink_to(path)
        if "." in part:
            break
        here, there = here / part, there / part


def excused(mutant: Mutant, known: Sequence[Mapping[str, str]]) -> str:
    """Why a mutant changes no figure, where mutants.toml says so; else empty."""
    line = (SRC / mutant.module).read_text(encoding="utf-8").splitlines()[mutant.line - 1]
    for one in known:
        asked = (one["module"], one["old"], one["new"])
        if (mutant.module, mutant.old, mutant.new) == asked and one.get("line", "") in line:
            return one["why"]
    return ""


def survives(mutant: Mutant, stages: tuple[tuple[str, ...], ...], longest: float) -> str:
    """killed | survived | hung."""
    place = Path(tempfile.mkdtemp(prefix="mutant-"))
    try:
        overlay(place, mutant.module)
        (place / "salyq" / mutant.module).write_text(mutant.text, encoding="utf-8")
        env = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
        for tests in stages:
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=longest, check=False)  # noqa: S603
            if done.returncode != 0:
                return "killed"
        return "survived"
    except subprocess.TimeoutExpired:
        return "hung"
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", nargs="?", choices=sorted(ROOMS))
    parser.add_argument("--count", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--at", metavar="MODULE[:LINE]", help="of one file; or all of one line, after a test was written for it"
    )
    parser.add_argument("--seconds", type=float, default=LONGEST, help="when the tests of one mutant have hung")
    parser.add_argument("--stages", type=int, default=9, help="how many of the room's sets of tests (1: the nearest)")
    asked = parser.parse_args()
    if asked.room is None:
        print("\n".join(f"{name}: {', '.join(room.modules)}" for name, room in ROOMS.items()))
        return 0
    room = ROOMS[asked.room]
    found = [m for module in room.modules for m in mutants(module)]
    if asked.at is not None:
        found = [m for m in found if asked.at in (m.module, f"{m.module}:{m.line}")]
        asked.count = len(found) if ":" in asked.at else asked.count
    chosen = random.Random(asked.seed).sample(found, min(asked.count, len(found)))  # noqa: S311
    tally = {"killed": 0, "survived": 0, "same": 0, "hung": 0}
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["same"]
    for m in sorted(chosen, key=lambda m: (m.module, m.line)):
        began = time.monotonic()
        why = excused(m, known)
        said = "same" if why else survives(m, room.stages[: asked.stages], asked.seconds)
        tally[said] += 1
        took = time.monotonic() - began
        print(
            f"{said:8} {took:5.0f} s  {m.module}:{m.line}  {m.old!r} -> {m.new!r}" + (f"  ({why})" if why else ""),
            flush=True,
        )
    print(f"{asked.room}: {len(chosen)} of {len(found)} mutants; {tally}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
