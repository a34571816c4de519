"""The kernel in C and the same in Python: equal numbers, equal errors, and both equal to the matcher of one person."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from salyq.civil.numbers import part
from salyq.lots import kernel as module
from salyq.lots.kernel import InC, InPython, Kernel, KernelError, packed, unpacked
from salyq.lots.match import match
from salyq.lots.model import Movement

SOURCE = Path(module.__file__).with_name("kernel.c")
PYTHON = InPython()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> InC | None:
    """The library that was built, else one made here; none without a compiler."""
    path = module.built()
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if path is None and compiler is not None:
        path = tmp_path_factory.mktemp("kernel") / "kernel.so"
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(path), str(SOURCE)], check=True)
    return None if path is None else InC(ctypes.CDLL(str(path)))


def both(library: InC | None) -> list[Kernel]:
    return [PYTHON] if library is None else [PYTHON, library]


LARGE = st.one_of(st.integers(0, 50), st.integers(0, 2**70), st.integers(0, 2**125))
HUGE = st.integers(2**122, 2**125)
MOVES = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 40), st.booleans()), max_size=60)


def columns(moves, unit=10**18):
    ordered = sorted(moves, key=lambda m: m[0])
    group = np.array([m[0] for m in ordered], np.int64)
    up = np.array([m[1] for m in ordered], np.int8)
    wanted = np.array([m[3] for m in ordered], np.int8)
    return ordered, group, up, packed(np.array([m[2] * unit for m in ordered], object)), wanted


@settings(max_examples=300, deadline=None)
@given(moves=MOVES, unit=st.sampled_from([1, 10**15, 10**18]))
def test_first_in_first_out_as_the_matcher_does(library, moves, unit):
    """In units of which sums have room in 64 bits (whole columns), or have not (row by row)."""
    ordered, *given_ = columns(moves, unit)
    expected = []
    for own in range(4):
        rows = [n for n, m in enumerate(ordered) if m[0] == own]
        movements = [Movement(n, ordered[n][2] * unit, ordered[n][1], 2025) for n in rows]
        if not movements:
            continue
        done = match(movements, {2025: "fifo"})
        for piece in done.pieces:
            if ordered[piece.disposal][3]:
                lot = -1 if piece.lot is None else done.lots[piece.lot].key
                expected.append((piece.disposal, lot, piece.x0, piece.x1))
    for kernel in both(library):
        made = kernel.fifo(*given_)
        found = zip(made.disposal.tolist(), made.lot.tolist(), unpacked(made.x0), unpacked(made.x1), strict=True)
        assert list(found) == expected


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.tuples(LARGE, LARGE, LARGE, LARGE, st.sampled_from([1, 100, 10**16])), min_size=1, max_size=8))
def test_parts_are_exact_or_refused_alike(library, rows):
    parts_agree(library, rows)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(HUGE, HUGE, HUGE, HUGE, st.just(1)), min_size=1, max_size=2))
def test_parts_of_the_largest_numbers(library, rows):
    """Their products take 250 bits, and half of the quotients fit."""
    parts_agree(library, rows)


def parts_agree(library, rows):
    given_ = [packed(np.array(c, object)) for c in list(zip(*rows, strict=True))[:4]]
    grain = np.array([r[4] for r in rows], np.int64)
    outcomes = []
    for kernel in both(library):
        try:
            outcomes.append(unpacked(kernel.part(*given_, grain)).tolist())
        except KernelError as error:
            outcomes.append((error.code, error.row))
    assert all(o == outcomes[0] for o in outcomes)
    if isinstance(outcomes[0], list):
        for (total, quantity, x0, x1, g), found in zip(rows, outcomes[0], strict=True):
            assert found == part(total, quantity * g, x0, x1) * g


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(-(2**120), 2**120), st.integers(0, 2**63 - 1)), min_size=1, max_size=8),
    below=st.one_of(st.integers(1, 10**6), st.just(10**18), st.integers(1, 2**125)),
)
@example(rows=[(2**120, 2**60)], below=2**52)  # one more than 128 bits hold
@example(rows=[(0, 5), (5, 0)], below=1)
def test_rounded_products(library, rows, below):
    amount = packed(np.array([r[0] for r in rows], object))
    number = np.array([r[1] for r in rows], np.int64)
    outcomes = []
    for kernel in both(library):
        try:
            outcomes.append(kernel.round_mul(amount, number, below).tolist())
        except KernelError as error:
            outcomes.append((error.code, error.row))
    exact = [(Fraction(abs(a) * k, below) + Fraction(1, 2)).__floor__() for a, k in rows]
    large = next((n for n, size in enumerate(exact) if size >= 2**63), None)
    signed = [-size if a < 0 else size for size, (a, _) in zip(exact, rows, strict=True)]
    assert all(o == (signed if large is None else (module.TOO_LARGE, large)) for o in outcomes)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(-3, 3), st.integers(-(2**63), 2**63 - 1)), max_size=80))
def test_order_is_stable(library, rows):
    keys = [np.array([r[n] for r in rows], np.int64) for n in range(2)]
    for kernel in both(library):
        assert kernel.order(keys).tolist() == sorted(range(len(rows)), key=lambda n: rows[n])


@pytest.mark.parametrize(
    ("group", "quantity", "code", "row"),
    [
        ([1, 0], [1, 1], module.UNSORTED, 1),
        ([2, 1, 0], [1, 1, 1], module.UNSORTED, 1),  # of several the first
        ([0, 0, 0], [1, 2, -1], module.NEGATIVE, 2),
        ([0, 0, 0], [1, -2, -1], module.NEGATIVE, 1),
        ([1, 0], [1, -1], module.NEGATIVE, 1),
    ],
)
def test_what_is_wrong_is_named(library, group, quantity, code, row):
    up = np.array([1] * len(group), np.int8)
    for kernel in both(library):
        with pytest.raises(KernelError) as caught:
            kernel.fifo(np.array(group, np.int64), up, packed(np.array(quantity, object)), up)
        assert (caught.value.code, caught.value.row) == (code, row)


@pytest.mark.parametrize("wrong", range(5))
def test_nothing_below_zero_is_divided(library, wrong):
    """Totals, quantities, positions; a grain of nothing."""
    row = [9, 3, 0, 2, 1]
    for bad, code in ((-1, module.NEGATIVE), *([(0, module.NEGATIVE)] if wrong == 4 else [])):
        given_ = [[*row[:wrong], bad, *row[wrong + 1 :]], row][::-1]  # the second row is the wrong one
        columns_ = [packed(np.array(c, object)) for c in list(zip(*given_, strict=True))[:4]]
        for kernel in both(library):
            with pytest.raises(KernelError) as caught:
                kernel.part(*columns_, np.array([g[4] for g in given_], np.int64))
            assert (caught.value.code, caught.value.row) == (code, 1)


def test_nothing_is_a_divisor_of_products(library):
    for kernel in both(library):
        for below in (0, -1, 2**126):
            with pytest.raises(KernelError) as caught:
                kernel.round_mul(packed(np.array([1], object)), np.array([1], np.int64), below)
            assert (caught.value.code, caught.value.row) == (module.NO_QUANTITY, 0)


def test_python_where_it_is_asked_for(monkeypatch):
    monkeypatch.setenv("SALYQ_KERNEL", "off")
    module.kernel.cache_clear()
    assert isinstance(module.kernel(), InPython)
    module.kernel.cache_clear()


@given(values=st.lists(st.integers(-(2**127), 2**127 - 1), max_size=20))
def test_packing_loses_nothing(values):
    assert unpacked(packed(np.array(values, object))).tolist() == values
    small = [v for v in values if -(2**63) <= v < 2**63]
    assert unpacked(packed(np.array(small, np.int64))).tolist() == small
