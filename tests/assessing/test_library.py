"""The library as its users meet it: plain functions, names that can be found, errors that can be caught."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import salyq

ALIYA = Path(__file__).parents[2] / "examples" / "aliya"


def test_verbs_are_functions_whatever_was_imported_before() -> None:
    import salyq.assessing.year

    assert inspect.isfunction(salyq.assess)
    assert inspect.isfunction(salyq.read_case)


def test_names_can_be_found_and_have_words() -> None:
    assert set(dir(salyq)) == set(salyq.__all__)
    for name in salyq.__all__:
        assert getattr(salyq, name) is not None
        if name != "__version__":
            assert (getattr(salyq, name).__doc__ or "").strip(), name
    assert salyq.__version__[0].isdigit()
    with pytest.raises(AttributeError):
        _ = salyq.nothing


def test_errors_are_salyqs_own(tmp_path: Path) -> None:
    with pytest.raises(salyq.InputError):
        salyq.read_case(tmp_path / "nowhere")
    with pytest.raises(salyq.UsageError):
        salyq.assess(salyq.read_case(ALIYA), year=1999)
    assert issubclass(salyq.InputError, salyq.SalyqError)
    assert issubclass(salyq.UsageError, salyq.SalyqError)


def test_importing_costs_nothing() -> None:
    code = "import sys, salyq; print(len([m for m in sys.modules if m.startswith('salyq')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == 1
