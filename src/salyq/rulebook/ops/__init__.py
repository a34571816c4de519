"""The operations law is written with, one class each; importing this registers them all."""

from salyq.rulebook.ops import choices, dates, leaves, numbers, over_rows, tables

__all__ = ["choices", "dates", "leaves", "numbers", "over_rows", "tables"]
