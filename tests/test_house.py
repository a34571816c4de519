"""The rules of the house that no linter knows: exact numbers, nothing that runs text as code, a light import,
rooms that import only what they may, and a repository that speaks of nothing but the product.

Each rule is a small scanner; each scanner is shown a planted fault, so that a rule which sees nothing cannot pass.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.parsed import nodes, tree_of

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "salyq"
EXACT_ROOMS = (
    "law",
    "lots",
    "prices",
    "records",
    "rulebook",
    "civil",
    "reconcile",
    "sources",
    "facts",
    "assessing",
    "dialogue",
)
HEAVY = ("rich", "babel", "click", "holidays", "urllib3", "defusedxml", "openpyxl", "psycopg", "starlette", "salyq.cli")

# --- no float -----------------------------------------------------------------------------------------------------

# A division that is exact although the scanner cannot see it: (file below src/salyq, the expression) -> why.
# Prefer a type annotation that the scanner understands (Fraction, Path) to a line here.
EXACT_DIVISIONS: dict[tuple[str, str], str] = {}

INTEGER_MATH = {"gcd", "lcm", "isqrt", "comb", "perm", "factorial", "prod"}
FLOAT_NAMES = {"float16", "float32", "float64", "longdouble", "true_divide", "total_seconds", "timestamp", "complex"}
FLOAT_DTYPES = {"float16", "float32", "float64", "f2", "f4", "f8", "<f8", "=f8"}
FLOAT_MODULES = {"statistics", "cmath"}
# Fractions, paths, and the symbols of law, whose division is a node of the graph and not a number.
NOT_FLOAT = re.compile(
    r"\b(Fraction|Path|PurePath|PurePosixPath|Traversable"
    r"|Node|Money|Exact|Amount|Quantity|Energy|Tariff|Price|Rate|Ratio|Multiple|Worth)\b"
)
MAKES_NOT_FLOAT = {"Fraction", "Path", "PurePath", "PurePosixPath", "files", "limit_denominator", "resolve", "lift"}


class FloatScan(ast.NodeVisitor):
    """Finds what is, or may become, a binary float. Division is allowed where an operand is seen to be a Fraction or
    a path: by its annotation, by the call that makes it, or by being text."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []
        self.safe: list[set[str]] = [set()]  # names known to be Fractions or paths, a set a scope
        self.makers = set(MAKES_NOT_FLOAT)  # functions known to answer with one
        self.in_rule = 0  # inside a rule of law every name is a symbol; a float could not enter, `lift` refuses it
        self.asked: set[int] = set()  # `float` as a question, isinstance(x, float), makes none

    def say(self, node: ast.expr | ast.stmt, what: str) -> None:
        self.found.append(f"{self.file}:{node.lineno}: {what}")

    def is_safe(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str)
        if isinstance(node, ast.JoinedStr):
            return True
        if isinstance(node, ast.BinOp):
            return self.is_safe(node.left) or self.is_safe(node.right)
        if isinstance(node, ast.UnaryOp):
            return self.is_safe(node.operand)
        if isinstance(node, ast.IfExp):
            return self.is_safe(node.body) and self.is_safe(node.orelse)
        if isinstance(node, ast.BoolOp):
            return all(self.is_safe(v) for v in node.values)
        if isinstance(node, ast.Call):
            made_by = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if made_by in {"sum", "min", "max", "abs"}:
                return any(self.is_safe(a) for a in node.args)  # sum(rows, Fraction(0))
            return made_by in self.makers
        if isinstance(node, ast.Name):
            return bool(self.in_rule) or any(node.id in scope for scope in self.safe)
        return isinstance(node, ast.Attribute) and node.attr == "parent"

    def visit_Module(self, node: ast.Module) -> None:
        for n in ast.walk(node):
            if isinstance(n, ast.FunctionDef) and n.returns and NOT_FLOAT.search(ast.unparse(n.returns)):
                self.makers.add(n.name)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        args = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        declared = {ast.unparse(d.func) for d in node.decorator_list if isinstance(d, ast.Call)}
        in_rule = bool(declared & {"rule", "figure", "finding", "duty"})
        self.safe.append({a.arg for a in args if a.annotation and NOT_FLOAT.search(ast.unparse(a.annotation))})
        self.in_rule += in_rule
        self.generic_visit(node)
        self.in_rule -= in_rule
        self.safe.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name) and NOT_FLOAT.search(ast.unparse(node.annotation)):
            self.safe[-1].add(node.target.id)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if self.is_safe(node.value) and not isinstance(node.value, ast.Constant):
            self.safe[-1].update(t.id for t in node.targets if isinstance(t, ast.Name))
        self.generic_visit(node)

    def divides(self, node: ast.BinOp | ast.AugAssign, left: ast.expr, right: ast.expr) -> None:
        text = ast.unparse(node)
        if not (self.is_safe(left) or self.is_safe(right) or (self.file, text) in EXACT_DIVISIONS):
            self.say(node, f"true division: {text}")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Div):
            self.divides(node, node.left, node.right)
        negative = isinstance(node.right, ast.UnaryOp) and isinstance(node.right.op, ast.USub)
        if isinstance(node.op, ast.Pow) and negative and not self.is_safe(node.left):
            self.say(node, f"a negative power: {ast.unparse(node)}")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Div):
            self.divides(node, node.target, node.value)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, float | complex):
            self.say(node, f"a float literal: {node.value}")
        if isinstance(node.value, str) and node.value in FLOAT_DTYPES:
            self.say(node, f"a float column: {node.value}")

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
            self.asked.update(id(n) for n in ast.walk(node.args[1]))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in {"float", "complex"} and id(node) not in self.asked:
            self.say(node, f"the name {node.id}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in FLOAT_NAMES:
            self.say(node, f"{ast.unparse(node)} is a float")
        if isinstance(node.value, ast.Name) and node.value.id == "math" and node.attr not in INTEGER_MATH:
            self.say(node, f"math.{node.attr} is a float function")
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name in FLOAT_MODULES:
                self.say(node, f"import {alias.name}")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if node.module in FLOAT_MODULES or (node.module == "math" and alias.name not in INTEGER_MATH):
                self.say(node, f"from {node.module} import {alias.name}")


def floats_in(tree: ast.Module, file: str = "planted.py") -> list[str]:
    scan = FloatScan(file)
    scan.visit(tree)
    return scan.found


def test_no_float_where_law_and_money_are() -> None:
    modules = [p for room in EXACT_ROOMS for p in sorted((SRC / room).rglob("*.py"))]
    assert len(modules) > len(EXACT_ROOMS), "the rooms moved: this test looks at nothing"
    found = [x for p in modules for x in floats_in(tree_of(p), p.relative_to(SRC).as_posix())]
    assert not found, "\n".join(found)


def test_every_allowed_division_still_stands() -> None:
    for (file, text), reason in EXACT_DIVISIONS.items():
        said = {ast.unparse(n) for n in nodes(tree_of(SRC / file), ast.BinOp, ast.AugAssign)}
        assert text in said, f"{file}: {text} is gone: remove it from EXACT_DIVISIONS"
        assert reason, f"{file}: {text} needs its reason"


@pytest.mark.parametrize(
    "fault",
    [
        "x = 0.1",
        "x = 1e3",
        "x = 2j",
        "x = float('1')",
        "def f(a: float) -> None: ...",
        "def f(a: int, b: int) -> object:\n    return a / b",
        "def f(a: int) -> None:\n    a /= 2",
        "@cache\ndef f(a, b):\n    return a / b",
        "@rule(cite='a:1')\ndef share(year: Day) -> Ratio:\n    return 1 / 3",
        "x = 10 ** -18",
        "import math\nx = math.floor(3)",
        "from math import sqrt",
        "import statistics",
        "import numpy as np\nx = np.float64(1)",
        "import numpy as np\nx = np.zeros(3, dtype='float64')",
        "def f(a, b):\n    return (a - b).total_seconds()",
    ],
)
def test_a_planted_float_is_seen(fault: str) -> None:
    assert floats_in(ast.parse(fault))


@pytest.mark.parametrize(
    "exact",
    [
        "from fractions import Fraction\nx = Fraction(1, 3) / 2",
        "from fractions import Fraction\ndef f(a: Fraction, n: int) -> Fraction:\n    return a * 3 / n",
        "from pathlib import Path\ndef f(folder: Path) -> Path:\n    return folder / 'a' / 'b'",
        "def allowed(total: Money, denied: Money) -> Ratio:\n    return denied / total",
        "@rule(cite='a:1')\ndef share(year: Day) -> Ratio:\n    sold = rows.sum(worth)\n    return sold / total",
        "import math\nx = math.isqrt(9)",
        "def f(a: int, b: int) -> int:\n    return a // b",
        "def f(a: object) -> bool:\n    return isinstance(a, (bool, float))",
        "def home() -> Path: ...\ndef f(given: Path | None, name: str) -> Path:\n    return (given or home()) / name",
        "def f(rows: list[Fraction], n: int) -> Fraction:\n    return sum(rows, Fraction(0)) / n",
    ],
)
def test_exact_arithmetic_is_left_alone(exact: str) -> None:
    assert floats_in(ast.parse(exact)) == []


def float_values(text: str) -> list[str]:
    """The floats written in a TOML text: data is read as text or whole numbers, so there should be none."""
    found: list[str] = []
    tomllib.loads(text, parse_float=lambda digits: found.append(digits) or digits)
    return found


def test_no_float_in_the_data_of_the_law() -> None:
    files = sorted(SRC.rglob("*.toml"))
    assert files
    found = [f"{p.relative_to(ROOT)}: {v}" for p in files for v in float_values(p.read_text(encoding="utf-8"))]
    assert not found, "\n".join(found)
    assert float_values('a = "0.10"\nb = 0.10') == ["0.10"]  # the planted fault


# --- nothing that runs text as code ------------------------------------------------------------------------------

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
RUNS_DATA = {"pickle", "cPickle", "dill", "marshal", "shelve", "pty", "commands"}
RUNS_SHELL = {"system", "popen", "spawnl", "spawnv", "execl", "execv", "getoutput", "getstatusoutput"}


def dangers_in(tree: ast.Module, file: str = "planted.py") -> list[str]:
    found: list[str] = []
    for node in nodes(tree, ast.Call, ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in RUNS_TEXT:
                found.append(f"{file}:{node.lineno}: {node.func.id}(…)")
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in RUNS_SHELL
                and ast.unparse(node.func.value) in ("os", "subprocess")
            ):
                found.append(f"{file}:{node.lineno}: {ast.unparse(node.func)}(…)")
            for word in node.keywords:
                if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False):
                    found.append(f"{file}:{node.lineno}: shell=…")
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
            found += [
                f"{file}:{node.lineno}: {a.name}" for a in node.names if node.module == "os" and a.name in RUNS_SHELL
            ]
        found += [f"{file}:{node.lineno}: import {m}" for m in modules if m.split(".")[0] in RUNS_DATA]
    return found


def test_the_library_leaves_the_collector_alone() -> None:
    """Switching it is for a process of one run (the command line), never for a server that imports Salyq."""
    inside = [
        p.relative_to(SRC).as_posix() for p in SRC.rglob("*.py") if re.search(r"^import gc$", p.read_text(), re.M)
    ]
    assert inside == ["cli/start.py"]


def test_nothing_runs_text_as_code() -> None:
    modules = [p for p in tracked() if p.suffix == ".py"]
    assert modules
    found = [x for p in modules for x in dangers_in(tree_of(p), p.relative_to(ROOT).as_posix())]
    assert not found, "\n".join(found)


# The office starts PostgreSQL, and nothing else does anything of the kind.
STARTS_PROGRAMS = {f"office/store/{name}.py" for name in ("programs", "server", "backup", "outside")}


def test_the_product_starts_no_other_program() -> None:
    starts = [p for p in SRC.rglob("*.py") if re.search(r"^\s*(import|from) subprocess\b", p.read_text("utf-8"), re.M)]
    assert {p.relative_to(SRC).as_posix() for p in starts} <= STARTS_PROGRAMS


@pytest.mark.parametrize(
    "fault",
    [
        "eval('1')",
        "exec('1')",
        "import pickle",
        "from pickle import loads",
        "import os\nos.system('true')",
        "from os import system",
        "import subprocess\nsubprocess.run('true', shell=True)",
    ],
)
def test_a_planted_danger_is_seen(fault: str) -> None:
    assert dangers_in(ast.parse(fault))


# --- a light import ----------------------------------------------------------------------------------------------


def pulled_by(module: str, path: Path | None = None) -> set[str]:
    """Which heavy modules a fresh interpreter has loaded after `import module`."""
    probe = f"import sys, {module}; print('\\n'.join(m for m in {HEAVY!r} if m in sys.modules))"
    env = {**os.environ, **({"PYTHONPATH": str(path)} if path else {})}
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=env, cwd=ROOT)
    return set(done.stdout.split())


def test_import_salyq_is_light() -> None:
    assert pulled_by("salyq") == set()


def test_a_heavy_import_is_seen(tmp_path: Path) -> None:
    (tmp_path / "planted_heavy.py").write_text("import rich\n")
    assert pulled_by("planted_heavy", tmp_path) == {"rich"}


# --- who may import whom -----------------------------------------------------------------------------------------


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Runs the contracts of pyproject.toml over the package below `tree`."""
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--config",
        str(tree / "pyproject.toml"),
        "--no-cache",
    ]
    env = {**os.environ, "PYTHONPATH": str(tree / "src")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=tree)


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("house")
    shutil.copytree(SRC, tree / "src" / "salyq", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def test_rooms_import_only_what_they_may(copied_house: Path) -> None:
    done = lint_imports(copied_house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("room", "bad_import"),
    [
        ("civil", "import salyq.records.model"),
        ("rulebook", "from salyq.law import __doc__ as planted"),
        ("rulebook", "from salyq import records"),
        ("records", "import salyq.sources"),
        ("sources", "import salyq.lots.model"),
        ("reconcile", "import salyq.prices.model"),
        ("lots", "import salyq.records.model"),
        ("prices", "def late() -> None:\n    import salyq.sources"),
        ("law", "import salyq.records.model"),
        ("law", "import rich"),
        ("assessing", "import salyq.present"),
        ("sources", "import salyq.reconcile.model"),
        ("records", "import salyq.rulebook.units"),
        ("forms", "import salyq.population"),
        ("assessing", "import salyq.office"),
        ("present", "import salyq.rulebook.explain"),
        ("cli", "import salyq.lots.model"),
        ("assessing", "import salyq.cli"),
        ("assessing", "import urllib3"),
        ("sources", "from urllib.request import urlopen"),
    ],
)
def test_a_planted_import_is_caught(copied_house: Path, room: str, bad_import: str) -> None:
    planted = copied_house / "src" / "salyq" / room / "planted_fault.py"
    planted.write_text(bad_import + "\n")
    try:
        done = lint_imports(copied_house)
    finally:
        planted.unlink()
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"salyq.{room}.planted_fault" in done.stdout


def test_a_new_room_fails_until_it_is_placed(copied_house: Path) -> None:
    for room in ("newroom", "office/newroom"):
        planted = copied_house / "src" / "salyq" / room
        planted.mkdir()
        (planted / "__init__.py").write_text("")
        try:
            done = lint_imports(copied_house)
        finally:
            shutil.rmtree(planted)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "newroom" in done.stdout


# --- the repository speaks of the product only -------------------------------------------------------------------

# Written in halves, so that this file does not itself say them: hosts of package registries, paths of one machine.
FOREIGN = [
    "py" + r"pi\.org",
    "python" + r"hosted\.org",
    "registry" + r"\.npmjs",
    "crates" + r"\.io",
    "proxy\\." + r"golang\.org",
    "deb\\." + r"debian\.org",
    r"(?<![\w.])/wor" + r"k/",
    r"/roo" + r"t/",
    r"\.\./shar" + "ed",
]
FOREIGN_WORD = re.compile("|".join(FOREIGN), re.IGNORECASE)


def tracked() -> Iterator[Path]:
    """Every file that belongs to the repository and is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return (ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def foreign_words(lines: Iterable[str], file: str = "planted.txt") -> list[str]:
    return [f"{file}:{n}: {m.group()}" for n, text in enumerate(lines, 1) for m in FOREIGN_WORD.finditer(text)]


def test_no_foreign_words_in_the_repository() -> None:
    found: list[str] = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        found += foreign_words(
            [path.relative_to(ROOT).as_posix(), *text.splitlines()], path.relative_to(ROOT).as_posix()
        )
    assert not found, "\n".join(found[:50])


def test_the_ticker_of_a_coin_is_no_foreign_word() -> None:
    assert foreign_words(["2025-01-02,buy,AI,100,/opt/data,/tmp/x"]) == []


def test_a_planted_foreign_word_is_seen() -> None:
    for word in ("https://py" + "pi.org/simple", "see /wor" + "k/main", "in ../shar" + "ed/x"):
        assert foreign_words([word]), word
    assert foreign_words(["the network of pools works/fails", "салық", "said", "MAIL"]) == []


# --- small modules with one job ----------------------------------------------------------------------------------

LONGEST_MODULE, LONGEST_FUNCTION = 400, 50


def too_long(source: str, file: str = "planted.py", tree: ast.Module | None = None) -> list[str]:
    lines = source.count("\n") + 1
    found = [f"{file}: {lines} lines"] if lines > LONGEST_MODULE else []
    for node in nodes(tree or ast.parse(source), ast.FunctionDef, ast.AsyncFunctionDef):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > LONGEST_FUNCTION:
            found.append(f"{file}:{node.lineno}: {node.name} has {length} lines")
    return found


def test_modules_and_functions_are_small() -> None:
    found = [
        x for p in SRC.rglob("*.py") for x in too_long(p.read_text("utf-8"), p.relative_to(ROOT).as_posix(), tree_of(p))
    ]
    assert not found, "\n".join(sorted(found))


def test_a_planted_giant_is_seen() -> None:
    assert too_long("\n" * 400)
    assert too_long("def f():\n" + "    pass\n" * 50)
    assert not too_long("def f():\n" + "    pass\n" * 49)
