"""No circle of files: a module never comes back to itself by what it imports, neither at its top nor inside a function.
What is imported for types alone is no need of the running program and does not count."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from tests.parsed import nodes, tree_of

SRC = Path(__file__).resolve().parents[2] / "src"


def module_name(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.Module, modules: Iterable[str]) -> set[str]:
    """The modules of ours that this one needs when it runs."""
    for_types = {
        id(node)
        for block in nodes(tree, ast.If)
        if isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for line in block.body
        for node in ast.walk(line)
    }
    found: set[str] = set()
    for node in nodes(tree, ast.Import, ast.ImportFrom):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif node.module:
            found |= {
                inner if (inner := f"{node.module}.{alias.name}") in modules else node.module for alias in node.names
            }
    return found & set(modules)


def circles(needs: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules each of which leads to all others of its group (strongly connected, by Kosaraju)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in needs:
        todo = [(start, iter(sorted(needs[start])))] if start not in seen else []
        seen.add(start)
        while todo:
            left = todo[-1][1]
            further = next((m for m in left if m not in seen), None)
            if further is None:
                order.append(todo.pop()[0])
            else:
                seen.add(further)
                todo.append((further, iter(sorted(needs[further]))))
    users: dict[str, set[str]] = {name: set() for name in needs}
    for name, needed in needs.items():
        for other in needed:
            users[other].add(name)
    placed: set[str] = set()
    found = []
    for start in reversed(order):
        group, todo_back = [], [start]
        while todo_back:
            name = todo_back.pop()
            if name not in placed:
                placed.add(name)
                group.append(name)
                todo_back += users[name]
        if len(group) > 1:
            found.append(sorted(group))
    return sorted(found)


def test_no_module_leads_back_to_itself() -> None:
    paths = {module_name(path): path for path in (SRC / "salyq").rglob("*.py")}
    needs = {name: imports(tree_of(path), paths) - {name} for name, path in paths.items()}

    assert circles(needs) == []


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("import a.b", {"a.b"}),
        ("from a import b", {"a.b"}),
        ("from a import word", {"a"}),
        ("def late():\n    from a.b import word", {"a.b"}),
        ("if TYPE_CHECKING:\n    from a.b import Word\nimport a", {"a"}),
    ],
)
def test_imports_are_seen_wherever_they_stand(text: str, needed: set[str]) -> None:
    assert imports(ast.parse(text), {"a", "a.b"}) == needed


def test_a_planted_circle_is_found() -> None:
    needs = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"e"}, "e": set(), "f": {"g"}, "g": {"f", "a"}}

    assert circles(needs) == [["a", "b", "c"], ["f", "g"]]
