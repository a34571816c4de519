"""What each operation of the rulebook does with columns (many.py); one function an operation.

An operation that is a plain function of its operands' values and is not told here is applied once for each distinct
row of operands, exactly as `for_one` applies it.
"""

from __future__ import annotations

import operator

import numpy as np

from salyq.rulebook import many_leaves as leaves
from salyq.rulebook import many_numbers as numbers
from salyq.rulebook import many_rows as rows
from salyq.rulebook.many_tables import Step
from salyq.rulebook.node import OPS
from salyq.rulebook.op import Plain

STEPS: dict[str, Step] = {
    **{name: leaves.plain for name, op in OPS.items() if isinstance(op, Plain)},
    **dict.fromkeys(("least", "most", "spans"), leaves.one_by_one),
    "const": leaves.const,
    "unknown": leaves.unknown,
    "input": leaves.column,
    "given": leaves.given,
    "rule": leaves.rule,
    "value": leaves.value,
    "election": leaves.election,
    "choose": leaves.choose,
    "at": leaves.at,
    "cited": leaves.same,
    "bounded": leaves.same,
    "widened": leaves.same,
    "lookup": leaves.lookup,
    "and": leaves.both,
    "or": leaves.any_of,
    "not": leaves.negation,
    "isin": leaves.isin,
    "when": leaves.when,
    "alone": leaves.alone,
    "known_or": leaves.known_or,
    "add": numbers.add,
    "sub": numbers.sub,
    "mul": numbers.mul,
    "share": numbers.share,
    "round": numbers.rounding,
    "max": numbers.extreme(max, np.maximum),
    "min": numbers.extreme(min, np.minimum),
    "eq": numbers.compare(operator.eq),
    "lt": numbers.compare(operator.lt),
    "le": numbers.compare(operator.le),
    "worth": numbers.worth,
    "amount_of": numbers.amount_of,
    "currency_of": numbers.currency_of,
    "scale": numbers.scale,
    "part": numbers.part,
    "sum": rows.total,
    "any": rows.any_row,
}
