"""Who reads a value or rule: the rules that ask for it, and the provisions that it encodes."""

from __future__ import annotations

from salyq.rulebook.check_rules import needs
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.law import Law


def readers(law: Law, name: str) -> list[str]:
    """The rules that ask for a name in any of their versions, or name it as deadline or amount; in law's order."""
    compiler = Compiler(law)
    found: list[str] = []
    for rule, versions in law.rules.items():
        asked = {n for v in versions for _, n in needs(compiler.tree(v))}
        asked |= {str(v.extra.get(key)) for v in versions for key in ("due", "amount")}
        if name in asked:
            found.append(rule)
    return found


def provisions_of(law: Law, name: str) -> list[str]:
    """The provisions that say they are encoded by a name, as subject/id."""
    return [p.full for provisions in law.provisions.values() for p in provisions if name in p.encodes]
