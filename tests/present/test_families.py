"""Codes that are put together while the program runs: every member of every family has its words.

Where a code is put together from a tuple that stands beside it (the heads of a table), its members are read from the
code itself. All others are declared here, each with what its room really puts in; a new family is declared, or the
first test fails. Nothing is left out.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_messages import SRC, sources
from tests.parsed import nodes, tree_of

from salyq.civil.messages import catalog
from salyq.cli.commands.forms import KINDS_OF_RETURN
from salyq.cli.commands.law_coverage import COUNTS
from salyq.cli.commands.law_gaps import KINDS as GAPS
from salyq.dialogue.close import ASKED, CLEAN, NOT_STATED, OPEN
from salyq.forms.carf.known_rules import known
from salyq.law import shipped
from salyq.law.asked.model import TYPES
from salyq.law.regimes import TAX_SUBJECTS
from salyq.lots.match import METHODS
from salyq.office.pilots.card.reconciling import STATES as STATES_OF_ROWS
from salyq.office.pilots.city.rules import NOT_BEGUN, STAGES
from salyq.office.pilots.corridor.problems import CODES as PROBLEMS
from salyq.office.pilots.reasons import CARD as CARD_WHY
from salyq.office.pilots.reasons import CAUSES, CLEARED, GROUNDS, MOVES, REMEDIES
from salyq.office.pilots.reasons import STATES as STATES_OF_CONTRACT
from salyq.office.pilots.sandbox.contracts import LIMITS
from salyq.office.portal.headers import _KNOWN as STATUSES
from salyq.office.procedures.book import procedures, steps_of
from salyq.present.brief_page import PARTS
from salyq.prices.rows import ASSET_KINDS, RATE_KINDS
from salyq.records.person import PERSON_KINDS
from salyq.rulebook.law import BASES
from salyq.rulebook.terms import UNITS_OF_TERMS

MATCHED = ("matched", "unknown", "no_sale", "excluded", "missing_acquisition", "whole_price")
TERMS = tuple(unit.replace(" ", "_") for unit in UNITS_OF_TERMS)
QUOTES = (*(f"{k}_value" for k in ASSET_KINDS), *(f"{k}_rate" for k in RATE_KINDS))


def written(call: str, room: str) -> tuple[str, ...]:
    """The texts that a room's code gives a function as its first argument: its refusals."""
    found: set[str] = set()
    for path in sorted((SRC / room).rglob("*.py")):
        for node in nodes(tree_of(path), ast.Call):
            if getattr(node.func, "id", "") == call and node.args:
                first = node.args[0]
                for one in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        found.add(one.value)
    return tuple(sorted(found))


FAMILIES: dict[str, tuple[str, ...]] = {
    "ask_type": tuple(t for t in TYPES if t not in ("choice", "text")),
    "basis": BASES,
    "book_kind": ("act", "source", "convention"),
    "book_role": ("rule", "figure", "finding", "duty", "verdict", "need"),
    "brief_part": PARTS,
    "cli_carf_held": tuple(sorted({r.held for r in known().rule})),
    "check": (*ASKED, "rows", "figures", "questions", "holdings"),
    "check_state": (CLEAN, OPEN, NOT_STATED),
    "city": (*(f"stage_{s}" for s in STAGES), *(f"why_{w}" for w in written("CityRefused", "office/pilots/city"))),
    "city_may": ("two_legs", "nothing"),
    "city_merchants": ("contract", "registers"),
    "city_stage": STAGES,
    "city_why": written("CityRefused", "office/pilots/city"),
    "compared": ("deciles", "regions", "kinds"),
    "corridor_problem": PROBLEMS,
    "corridor": (
        "states",
        "volume",
        "finality_seconds",
        "failures",
        "liquidity",
        "limits_used",
        "windows",
        "questions",
    ),
    "coverage": (*COUNTS, "title", "about", "subject", "all", "without"),
    "duty": ("return", "payment"),
    "form_kind": KINDS_OF_RETURN,
    "form_per": ("year", "quarter", "half"),
    "gaps": GAPS,
    "guess_table": ("records", "energy", "payouts", "payments", "expenses", "exchange_rates", "asset_values"),
    "how": ("missing", "election", "lookup", "not_in_force", "see_above", "input"),
    "match": (*(f"method_{m}" for m in METHODS), *(f"status_{s}" for s in MATCHED)),
    "person_kind": PERSON_KINDS,
    "pilot_basis": ("unsettled", "inference"),
    "pilot_do": tuple(REMEDIES),
    "pilot_lacks": ("account", "address", "field", "name", "whole"),
    "pilot_limit": LIMITS,
    "pilot_move_for": MOVES,
    "pilot_settled": ("card", "city", "corridor"),
    "pilot_state": ("active", *STATES_OF_CONTRACT),
    "pilot_question": ("repatriation", "asset_leg", "digital_tenge"),
    "pilot_scope": ("whole", "sample"),
    "pilot_why": (*CARD_WHY, *GROUNDS),
    "pilot_cause": CAUSES,
    "card_reconciled": STATES_OF_ROWS,
    "card_result": CLEARED,
    "pilot_cstate": ("quoted", "prepared", "held_for_data", "fulfilled", "settled", "rejected", "expired"),
    "procedures_by": ("officer", "second"),
    "portal_role": ("applicant", "representative", "officer", "second_officer", "head", "auditor", "administrator"),
    "portal_status": tuple(sorted({s.to for p in procedures().values() for s in steps_of(p.steps_name) if s.to})),
    "portal": tuple(map(str, sorted(STATUSES))),
    "published": QUOTES,
    "quote": QUOTES,
    "reform": ("figure", "baseline", "under", "difference"),
    "replay_what": ("version", "law", "person", "input", "choice", "figure", "obligation", "verdict", "text"),
    "report": ("notice", "warning", "error"),
    "rule_unit": TERMS,
    "severity": ("notice", "warning", "error"),
    "status": ("known", "unknown", "not_applicable"),
    "tax": TAX_SUBJECTS,
    "term": TERMS,
    "unmatched": ("transfer_in", "transfer_out"),
    "why": ("max", "min", "yes", "no"),
}
# Asked for only where the catalogue has them: each of their words names something that the engine or the law mentions.
OPTIONAL = ("why_name", "cite_point")
# No codes of messages: options of a command, names of SQL, sheets of a form, problems and states of a program.
NO_WORDS = {"answer", "page", "records", "register"}


class Family(ast.NodeVisitor):
    """Codes of a module of the shape f"word_{x}": what they are, where x goes over texts that stand there."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.known: list[tuple[str, ...]] = []  # the members of each code that is resolved
        self.unknown: list[str] = []  # what stands before the changing part of the others
        self.over: dict[str, tuple[str, ...]] = {}
        self.named: dict[str, tuple[str, ...]] = {}  # tuples that a function names

    def visit_comprehension_of(self, node: Any) -> None:
        before = dict(self.over)
        for g in node.generators:
            self.walks(g.target, g.iter)
        self.generic_visit(node)
        self.over = before

    visit_ListComp = visit_GeneratorExp = visit_SetComp = visit_DictComp = visit_comprehension_of

    def visit_For(self, node: ast.For) -> None:
        before = dict(self.over)
        self.walks(node.target, node.iter)
        self.generic_visit(node)
        self.over = before

    def visit_Assign(self, node: ast.Assign) -> None:
        texts = self.texts(node.value)
        if texts is not None and isinstance(node.targets[0], ast.Name):
            self.named[node.targets[0].id] = texts
        self.generic_visit(node)

    def walks(self, target: ast.expr, over: ast.expr) -> None:
        if isinstance(over, ast.Call) and getattr(over.func, "id", "") == "enumerate" and isinstance(target, ast.Tuple):
            target, over = target.elts[1], over.args[0]
        texts = self.texts(over)
        if isinstance(target, ast.Name) and texts is not None:
            self.over[target.id] = texts

    def texts(self, node: ast.expr) -> tuple[str, ...] | None:
        """A tuple of texts as it is written, or a constant of the module."""
        if isinstance(node, ast.Tuple):
            found: list[str] = []
            for item in node.elts:
                inner = self.texts(item.value) if isinstance(item, ast.Starred) else None
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    inner = (item.value,)
                if inner is None:
                    return None
                found += inner
            return tuple(found)
        value = self.named.get(node.id) or getattr(self.module, node.id, None) if isinstance(node, ast.Name) else None
        fits = isinstance(value, tuple | list) and all(isinstance(x, str) for x in value)
        return tuple(value) if fits else None  # type: ignore[arg-type]

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        first, *rest = node.values
        if not (isinstance(first, ast.Constant) and re.fullmatch(r"[a-z]+_[a-z_]*", str(first.value))):
            return
        if len(rest) == 1 and isinstance(rest[0], ast.FormattedValue) and isinstance(rest[0].value, ast.Name):
            texts = self.over.get(rest[0].value.id)
            if texts is not None:
                self.known.append(tuple(f"{first.value}{x}" for x in texts))
                return
        if str(first.value).endswith("_"):
            self.unknown.append(str(first.value)[:-1])


def read(file: str, tree: ast.Module) -> Family:
    name = ".".join(("salyq", *Path(file).with_suffix("").parts)).removesuffix(".__init__")
    asks = bool(nodes(tree, ast.JoinedStr)) and not name.endswith("__main__")
    found = Family(importlib.import_module(name) if asks else None)
    found.visit(tree)
    return found


@pytest.fixture(scope="module")
def read_all() -> list[Family]:
    return [read(file, tree) for file, tree in sources().items()]


def spoken(codes: Iterator[str] | tuple[str, ...]) -> bool:
    """Whether a table's heads are words at all: one of them has words."""
    return any(code in catalog() for code in codes)


def test_every_family_is_declared(read_all: list[Family]) -> None:
    prefixes = {p for f in read_all for p in f.unknown if any(code.startswith(f"{p}_") for code in catalog())}
    assert sorted(prefixes - set(FAMILIES) - set(OPTIONAL) - NO_WORDS) == []


def test_every_member_that_stands_in_the_code_has_words(read_all: list[Family]) -> None:
    groups = [codes for f in read_all for codes in f.known if spoken(codes)]
    assert len(groups) > 15
    assert sorted({code for codes in groups for code in codes} - set(catalog())) == []


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_declared_member_has_words(family: str) -> None:
    assert FAMILIES[family]
    assert [m for m in FAMILIES[family] if f"{family}_{m}" not in catalog()] == []


@pytest.mark.parametrize("family", [*OPTIONAL, "how"])
def test_every_word_of_what_may_have_words_is_of_something(family: str) -> None:
    texts = "\n".join(p.read_text(encoding="utf-8") for room in ("rulebook", "law") for p in (SRC / room).rglob("*.py"))
    texts += "\n".join(p.read_text(encoding="utf-8") for p in (SRC / "law").rglob("*.toml"))
    names = [c.removeprefix(f"{family}_") for c in catalog() if c.startswith(f"{family}_")]
    assert names
    said = set(re.findall(r"[\w-]+", texts)) | {x.replace("-", "_") for x in re.findall(r"[\w-]+", texts)}
    assert [n for n in names if n not in said] == []


def test_a_family_without_words_would_be_seen() -> None:
    tree = ast.parse('A = ("b",)\ndef f(x):\n    [g(f"col_{c}") for c in ("a", "b")]\n    return g(f"col_{x}")')
    found = Family(None)
    found.visit(tree)
    assert found.known == [("col_a", "col_b")]
    assert found.unknown == ["col"]


def test_bases_of_law_are_a_family() -> None:
    law = shipped()
    used = {v.basis for s in law.series.values() for v in s.values} | {r.basis for vs in law.rules.values() for r in vs}
    assert used <= set(FAMILIES["basis"])
    assert NOT_BEGUN in STAGES
