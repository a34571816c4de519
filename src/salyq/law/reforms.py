"""Reforms of the shipped law: a file that says which values or rules would be others (rulebook/reform_file.py)."""

from __future__ import annotations

from pathlib import Path

from salyq.law import shipped
from salyq.rulebook.law import Law
from salyq.rulebook.reform import Reform, reformed, reformed_graph
from salyq.rulebook.reform_file import parse_reform, read_reform

__all__ = ["Reform", "law_with", "read", "read_text", "reformed", "reformed_graph"]


def read(path: str | Path) -> Reform:
    """The reform in a file. InputError: one line with file, line and what would be right."""
    return read_reform(path, law_with)


def read_text(text: str, shown: str) -> Reform:
    """The same from the text of a file (for another process); `shown` is how messages call it."""
    return parse_reform(text, shown, law_with)


def law_with(name: str) -> Law:
    """The law in which a name stands: that of taxes, else that of acts, which is read only then."""
    law = shipped()
    if name in law.series or name in law.rules:
        return law
    from salyq.law.asked.asking import whole_law

    acts = whole_law()
    return acts if name in acts.series or name in acts.rules else law
