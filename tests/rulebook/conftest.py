"""The units that law declares, which tests of the engine write rules in; and a package of law, written to be broken."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_up import ACTS, CASES, LABELS, PARAMS, RULES
from small_law import KINDS

from salyq.rulebook.law import Law
from salyq.rulebook.load import load_law


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Law]:
    """Writes a law package, with `change` made to one of its files, and loads it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # written twice within a second, a file looks unchanged

    def make(file: str = "", old: str = "", new: str = "") -> Law:
        texts = {
            "acts.toml": ACTS,
            "levy/params.toml": PARAMS,
            "levy/rules.py": RULES,
            "levy/labels.toml": LABELS,
            "levy/cases.toml": CASES,
            "__init__.py": "",
            "levy/__init__.py": "",
        }
        if file:
            assert old in texts[file]
            texts[file] = texts[file].replace(old, new)
        for name, text in texts.items():
            path = tmp_path / "made_up_law" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name in [n for n in sys.modules if n.startswith("made_up_law")]:
            monkeypatch.delitem(sys.modules, name)
        return load_law("made_up_law", ("levy",), KINDS)

    return make
