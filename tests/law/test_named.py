"""No name of a subject, rule, figure or kind of person stands in the code of a room that does not own it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from salyq.law import named, shipped
from salyq.law.asked.asking import whole_law
from salyq.records.person import INDIVIDUAL, PERSON_KINDS

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "salyq"
OWNERS = ("law/", "records/person.py")
SUBJECTS = sorted(p.parent.name for p in (SRC / "law").glob("*/labels.toml"))
# A subject of one plain word (asked, base, issue …) is a word of the language: it counts where a name of its follows.
PLAIN_NAMES = {s for s in SUBJECTS if "_" in s}
OF_A_SUBJECT = re.compile(rf"({'|'.join(SUBJECTS)})\.[a-z_]*\Z")
LICENCES = re.compile(r"mining_I+\b")
KINDS = set(PERSON_KINDS)
FILES = (".json", ".toml", ".csv")
ASKED_OF = ("kind", "person_kind")
RULES = frozenset(n for law in (shipped(), whole_law()) for n in (*law.rules, *law.series))
SHORT = frozenset(name.partition(".")[2] for name in RULES)
# What is asked of law: a rule's own name there, without its subject, is as much a name of law.
ASKS = re.compile(r"(evaluator\.\w+|_asked|\.law|\.ask|\.value_at|\.rule_at|\.figures|_turnover|_matches)\Z")

# Where such a word is the room's own, spelt alike.
OWN_WORDS = {
    ("sources/readers/own/expenses.py", "mining_fee"): "a category of our own table of expenses",
    ("forms/rows/company.py", "mining_fee"): "the same category",
    ("forms/facts.py", "mining_fee"): "the same category",
    ("forms/carf/rows.py", INDIVIDUAL): "CARF's word: individual or entity",
    ("forms/carf/write.py", INDIVIDUAL): "the same",
    ("office/pilots/corridor/report.py", INDIVIDUAL): "the same, of the corridor's users",
    ("forms/fm1/rows.py", INDIVIDUAL): "the form's word: individual or entity",
    ("office/pilots/city/rules.py", INDIVIDUAL): "a word of the city's register",
    ("office/registry/names.py", "company"): "a word in names of firms",
    ("office/pilots/corridor/questions.py", "digital_tenge"): "a word of the file of answers",
    ("forms/calendar.py", ".pool"): "how the name of a duty that was answered ends",
    ("forms/calendar.py", ".exchange"): "the same",
}


def named_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, text) of every name of another room's own."""
    asked = {id(x) for x in ast.walk(tree) if isinstance(x, ast.Compare) for x in _texts_against_kind(x)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        text = node.value
        subject = text in PLAIN_NAMES or (OF_A_SUBJECT.match(text) and text not in ("issue.",))
        kind = text in KINDS and (id(node) in asked or text in (INDIVIDUAL, "sole_proprietor", "company"))
        written = re.search(rf'kind = "({"|".join(PERSON_KINDS)})"', text) or LICENCES.search(text)
        if subject or kind or written:
            yield node.lineno, text
    yield from _short_names(tree)


def _short_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """A rule's name behind a point, added to a subject, or handed to what asks law."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] == ".":
            if node.value[1:] in SHORT and node.value not in FILES:
                yield node.lineno, node.value
        elif (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)) or (
            isinstance(node, ast.Call) and _asks(node)
        ):
            parts = [node.left, node.right] if isinstance(node, ast.BinOp) else node.args
            for part in parts:
                if isinstance(part, ast.Constant) and part.value in SHORT | RULES:
                    yield node.lineno, str(part.value)


def _asks(call: ast.Call) -> bool:
    return bool(ASKS.search(ast.unparse(call.func)))


def _texts_against_kind(compared: ast.Compare) -> Iterator[ast.Constant]:
    parts = [compared.left, *compared.comparators]
    if any(isinstance(p, ast.Attribute) and p.attr in ASKED_OF for p in parts):
        yield from (x for p in parts for x in ast.walk(p) if isinstance(x, ast.Constant))


def documented(tree: ast.AST) -> set[int]:
    """Lines of docstrings: they may speak of anything."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found


def test_no_name_of_law_or_kind_of_person_stands_in_another_room() -> None:
    found, used = [], set()
    for path in sorted(SRC.rglob("*.py")):
        where = path.relative_to(SRC).as_posix()
        if where.startswith(OWNERS):
            continue
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        told = documented(tree)
        for line, name in named_in(tree):
            if (where, name) in OWN_WORDS:
                used.add((where, name))
            elif line not in told:
                found.append(f"{where}:{line}: {name!r}: name it in law/named.py, or ask law/regimes.py")
    assert not found, "\n".join(found)
    assert used == set(OWN_WORDS), set(OWN_WORDS) - used  # nothing is excused for nothing


def test_no_page_asks_for_a_kind_of_person_by_name() -> None:
    asks = re.compile(rf"""kind\s*(==|!=|in)\s*[("']+({"|".join(PERSON_KINDS)})\b""")
    pages = sorted(SRC.rglob("*.html"))
    assert len(pages) > 50
    assert asks.search("""{% if facts.kind == "individual" %}""")
    assert not [str(p.relative_to(SRC)) for p in pages if asks.search(p.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    "planted",
    [
        'x = "personal_income_tax.tax"',
        'x = f"mining_fee.{rule}"',
        'if subject == "value_added_tax": pass',
        'if person.kind == "individual": pass',
        'if p.kind in ("pool", "exchange"): pass',
        "text = 'kind = \"company\"'",
        'licence = "mining_I"',
        'x = f"{subject}.not_covered"',
        'x = name.endswith((".due", ".tax"))',
        'x = CIT + "selling_costs"',
        'x = world.evaluator.value("lot_tenge", scope)',
    ],
)
def test_a_name_in_another_room_is_found(planted: str) -> None:
    assert list(named_in(ast.parse(planted)))
    assert not list(named_in(ast.parse('a = "pool"; b = "exchange"; c = "base"; d = row["kind"] == "mined"')))


def test_every_name_that_law_gives_away_is_in_law() -> None:
    for name, given in vars(named).items():
        for text in (given if isinstance(given, tuple) else (given,)) if name.isupper() else ():
            one = text in RULES or text in SUBJECTS
            many = any(x.startswith(text) if text.endswith((".", "_")) else x.endswith(text) for x in RULES)
            doubt = name == "MINES_ALONE" and f'"{text}"' in _texts_of_law()
            assert one or (many and (text.endswith((".", "_")) or text[0] == "." or name == "OWED")) or doubt, (
                name,
                text,
            )


def _texts_of_law() -> str:
    return "\n".join(p.read_text(encoding="utf-8") for p in (SRC / "law").rglob("*.py") if p.name != "named.py")
