"""Whole numbers of 10⁻¹⁸ as plain decimals (quantities and amounts of neutral rows)."""

from __future__ import annotations

from salyq.civil.numbers import format_scaled


def quantity(value: int | None) -> str:
    """`0.5` for 5·10¹⁷; empty for nothing. No exponent, no trailing zeros."""
    return "" if value is None else format_scaled(value)
