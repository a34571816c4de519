"""Modules as syntax trees, parsed and walked once a process: several tests of the house read all of them."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)


@cache
def tree_of(path: Path) -> ast.Module:
    """The module of that file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(tree: ast.AST, *kinds: type[Node]) -> list[Node]:
    """All nodes of these kinds below the tree, kind after kind, each in the order of `ast.walk`."""
    found = getattr(tree, "_by_kind", None)
    if found is None:
        found = defaultdict(list)
        for node in ast.walk(tree):
            found[type(node)].append(node)
        tree._by_kind = found  # type: ignore[attr-defined]
    return [node for kind in kinds for node in found.get(kind, ())]
