"""Every message that the code can say has words in three languages, and no words lie unused."""

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from tests.parsed import nodes, tree_of

import salyq.civil
from salyq.civil.messages import LANGUAGES, catalog

SRC = Path(salyq.civil.__file__).parents[1]
SPEAKERS = {"Message", "say", "wrong"}  # calls whose first argument is a code


@cache
def sources() -> dict[str, ast.Module]:
    return {str(p.relative_to(SRC)): tree_of(p) for p in sorted(SRC.rglob("*.py"))}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def said(tree: ast.Module) -> list[tuple[str, set[str] | None, int]]:
    """(code, names of its parameters or None where they are not written out, line) of every message in a module."""
    found = []
    for node in nodes(tree, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in SPEAKERS or not node.args:
            continue
        codes = [node.args[0]]
        if isinstance(node.args[0], ast.IfExp):
            codes = [node.args[0].body, node.args[0].orelse]
        for code in codes:
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                found.append((code.value, given(name, node), node.lineno))
    return found


def given(name: str, call: ast.Call) -> set[str] | None:
    if name != "Message":
        names = {k.arg for k in call.keywords}
        return None if None in names else names
    params = call.args[1] if len(call.args) > 1 else next((k.value for k in call.keywords if k.arg == "params"), None)
    if params is None:
        return set()
    if not isinstance(params, ast.Dict) or not all(isinstance(k, ast.Constant) for k in params.keys):
        return None
    return {k.value for k in params.keys}


def literals(tree: ast.Module) -> tuple[set[str], list[str]]:
    """Text constants of a module and names of its findings of law, and patterns of its f-strings that begin with a
    word, such as f"basis_{x}"."""
    words = {n.value for n in nodes(tree, ast.Constant) if isinstance(n.value, str)}
    words |= findings(tree)
    patterns = []
    for node in nodes(tree, ast.JoinedStr):
        if isinstance(node.values[0], ast.Constant):
            parts = [re.escape(v.value) if isinstance(v, ast.Constant) else r"\w+" for v in node.values]
            if re.fullmatch(r"[a-z]+_(\w|\\w\+)*", "".join(parts)):
                patterns.append("".join(parts))
    return words, patterns


def findings(tree: ast.Module) -> set[str]:
    """Names of findings of law: of the function, or stated as `name=` for a later version."""
    found: set[str] = set()
    for node in nodes(tree, ast.FunctionDef):
        for d in node.decorator_list:
            if isinstance(d, ast.Call) and getattr(d.func, "id", "") == "finding":
                stated = [k.value for k in d.keywords if k.arg == "name"]
                found |= {str(v.value) for v in stated if isinstance(v, ast.Constant)} or {node.name}
    return found


def without_words(trees: dict[str, ast.Module], words: dict[str, dict[str, str]]) -> list[str]:
    spoken = [f"{file}:{line} {code}" for file, t in trees.items() for code, _, line in said(t) if code not in words]
    return spoken + [f"{file} {code}" for file, t in trees.items() for code in sorted(findings(t)) if code not in words]


def lacking_parameters(trees: dict[str, ast.Module], words: dict[str, dict[str, str]]) -> list[str]:
    return [
        f"{file}:{line} {code} lacks {sorted(missing)}"
        for file, tree in trees.items()
        for code, names, line in said(tree)
        if names is not None and code in words and (missing := placeholders(words[code]["en"]) - names)
    ]


def unused(trees: dict[str, ast.Module], words: dict[str, dict[str, str]]) -> list[str]:
    constants: set[str] = set()
    patterns: list[str] = []
    for tree in trees.values():
        mine, shapes = literals(tree)
        constants |= mine
        patterns += shapes
    told, shapes = in_templates()
    constants |= told
    patterns += shapes
    return [c for c in words if c not in constants and not any(re.fullmatch(p, c) for p in patterns)]


CALL = re.compile(r"""\b(?:say|t)\(((?:[^()]|\([^()]*\))*)\)""")
TEXT = re.compile(r"""["'](\w+)["'](\s*~)?""")


def in_templates() -> tuple[set[str], list[str]]:
    """What templates of pages say by `say("code")` or `t("one" if x else "other")`, and patterns of the codes that they
    put together: `t("kind_" ~ kind)`."""
    texts = [p.read_text(encoding="utf-8") for p in SRC.rglob("templates/**/*.html")]
    found = [x for text in texts for call in CALL.findall(text) for x in TEXT.findall(call)]
    return {code for code, joined in found if not joined}, [
        re.escape(code) + r"\w+" for code, joined in found if joined
    ]


def uneven(words: dict[str, dict[str, str]]) -> list[str]:
    bad = []
    for code, said_in in words.items():
        if tuple(sorted(said_in)) != tuple(sorted(LANGUAGES)) or not all(said_in.values()):
            bad.append(f"{code}: languages {sorted(said_in)}")
        elif len({frozenset(placeholders(t)) for t in said_in.values()}) > 1:
            bad.append(f"{code}: placeholders differ")
    return bad


def test_every_code_has_words():
    assert without_words(sources(), catalog()) == []


def test_three_languages_with_the_same_placeholders():
    assert uneven(catalog()) == []


def test_every_placeholder_is_given():
    assert lacking_parameters(sources(), catalog()) == []


def test_no_unused_words():
    assert unused(sources(), catalog()) == []


def test_messages_are_one_line():
    assert [c for c, words in catalog().items() for t in words.values() if "\n" in t] == []


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_translations_are_not_left_in_english(lang):
    def english(text):
        return re.search("[A-Za-z]{4}", re.sub(r"\{[^}]*\}|PostgreSQL", "", text))

    assert [c for c, words in catalog().items() if words[lang] == words["en"] and english(words["en"])] == []


# --- each check must be able to fail --------------------------------------------------------------------------------

WORDS = {"a_one": {"kk": "{x}", "ru": "{x}", "en": "{x}"}, "b_two": {"kk": "б", "ru": "б", "en": "b"}}


def test_planted_faults_are_found():
    trees = {"m.py": ast.parse('Message("a_one", {"y": 1}); say("c_three"); Message("b_two" if q else "d_four", {})')}
    assert without_words(trees, WORDS) == ["m.py:1 c_three", "m.py:1 d_four"]
    assert lacking_parameters(trees, WORDS) == ["m.py:1 a_one lacks ['x']"]
    law = {"f.py": ast.parse("@finding(cite='x')\ndef e_five(): ...\n@finding(cite='y')\ndef b_two(): ...")}
    assert without_words(law, WORDS) == ["f.py e_five"]
    assert unused(law, WORDS) == ["a_one"]
    assert unused({"m.py": ast.parse('f"a_{x}"')}, WORDS) == ["b_two"]
    assert uneven({"a": {"kk": "{x}", "ru": "{y}", "en": "{x}"}, "b": {"kk": "", "ru": "б", "en": "b"}}) == [
        "a: placeholders differ",
        "b: languages ['en', 'kk', 'ru']",
    ]


COUNTED = ("count", "days", "parts", "carried", "lines", "rows", "pages")  # parameters that are how many of something
NOT_COUNTED = {
    "more",
    "on",
    "of",
    "where",
    "is",
    "such",
    "working",
    "есть",
}  # words after one that stay as they are beside any number
NEVER_FEW = {  # its number is a limit of ours, or is told only when it is large
    "calendar_too_long", "carf_long", "cases_too_much", "silent_account",
}  # fmt: skip


def unbent(template: str) -> list[str]:
    """What stands in one form beside a number that may be one: “{count} rows”."""
    found = re.findall(r"\{(\w+)\} ([a-zа-яё]+)", template)
    return [f"{name} {word}" for name, word in found if name in COUNTED and word not in NOT_COUNTED]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_word_beside_a_number_has_its_plural_forms(lang: str) -> None:
    wrong = {code: unbent(words[lang]) for code, words in catalog().items() if code not in NEVER_FEW}
    assert {code: found for code, found in wrong.items() if found} == {}


def test_an_unbent_word_is_seen() -> None:
    assert unbent("{count} rows are left, {more} more") == ["count rows"]
    assert unbent("{count} {count:plural:row|rows}, rows: {rows}") == []
