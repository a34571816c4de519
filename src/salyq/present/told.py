"""One step of an explanation in words: what a person reads on its line, and which steps stand below it.

The tree of the rulebook is exact and complete; a reader wants one line a thought. So plain arithmetic is written as
a formula on the line of the rule it serves, conditions are said as sentences, and a row is told with its own result.
Nothing that carries an article, a row or a dated value is left out: each has a line of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from salyq.present.told_value import Why, figure, found_told, row_told, shown_number, value_text
from salyq.present.words import Words

ARITHMETIC = {
    "add", "subtract", "multiply", "share", "round", "amount", "worth", "part", "sum", "scale", "table", "max", "min",
}  # fmt: skip
TESTS = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}
SIGNS = {"add": " + ", "subtract": " − ", "multiply": " × ", "share": " / "}
MOST_TERMS = 8  # a longer formula is harder to read than the list below it


class Told(NamedTuple):
    """`below` are the steps to tell next; `place` is where this step stands, said unless the step above said it."""

    line: str
    below: list[Why]
    place: str


class Formula(NamedTuple):
    """Empty text: no formula. `terms` are the steps whose values stand in it and have something to tell. A `compound`
    one needs brackets inside a product, a `loose` one inside anything."""

    text: str
    terms: list[Why]
    compound: bool = False
    loose: bool = False


def tell(why: Why, say: Words, above: str = "") -> Told:
    """The line of a step (without its place in the tree) and the steps below. `above` is the place already said."""
    if why.how == "condition":
        inner = _plainer(why)
        if inner is not None:
            return tell(inner, say, above)
        line = f"{_test(why, say)}: {value_text(why, say)}"
        return Told(line, _below_test(why), above)
    if why.how == "row" and why.inputs and why.inputs[-1].how == "rule" and _beside(why):
        return _row(why, why.inputs[-1], say, above)
    formula, below = _opened(why, say)
    name = _name(why, say) + (f" {row_told(why.detail, say.lang)}" if why.how == "row" and why.detail else "")
    head = f"{name}: {value_text(why, say)}"
    if formula and why.how in ARITHMETIC and not why.label:
        head = value_text(why, say)  # a step without a name is its formula
    if _adds(formula, why, say):
        head += f" = {formula}"
    return Told("  ".join(x for x in (head, _authority(why, say), _tail(why, say, above)) if x), below, _at(why, above))


def _beside(row: Why) -> bool:
    """Whether all but the last step of a row are facts that stand beside it."""
    return all(w.how == "input" for w in row.inputs[:-1])


def _plainer(test: Why) -> Why | None:
    """What a condition says of one thing alone: "Connected to the grid: no", rather than "not Connected …: yes"."""
    if test.name not in ("and", "or", "not") or len(test.inputs) != 1:
        return None
    inner = test.inputs[0]
    joined = test.name != "not" and inner.how == "condition"
    return inner if joined or inner.how in ("input", "rule") else None


def _row(row: Why, rule: Why, say: Words, above: str) -> Told:
    """A row and the one rule that values it are one line."""
    formula, below = _opened(rule, say)
    what = " ".join(x for x in (_name(row, say), row_told(row.detail, say.lang)) if x)
    head = f"{what}: {value_text(row, say)}" + (f" = {formula}" if _adds(formula, row, say) else "")
    tail = " · ".join(x for x in (_name(rule, say), _place(row, above)) if x)
    below = [*row.inputs[:-1], *below]
    return Told("  ".join(x for x in (head, _authority(rule, say), tail) if x), below, _at(row, above))


def _adds(formula: str, why: Why, say: Words) -> bool:
    """Whether a formula tells more than the value before it: another number, or how it came about."""
    if not formula or formula in (figure(why, say), value_text(why, say), shown_number(why.value or "", say.lang)):
        return False
    if why.value is None:  # its ends are told; "= unknown" would take them back
        return not formula.startswith(say("why_unknown") + ",") and formula != say("why_unknown")
    whole, _, part = why.value.partition(".")
    return formula != shown_number(f"{whole}.{part}".rstrip("0").rstrip(".") if part else whole, say.lang)


def _opened(why: Why, say: Words) -> tuple[str, list[Why]]:
    """The formula of a step and what stands below it: its conditions, then the terms of the formula."""
    if why.how in ARITHMETIC:
        formula = _formula(why, say)
        return formula.text, formula.terms
    if not why.inputs:
        return "", []
    *before, last = why.inputs
    same = last.value is not None and last.value == why.value
    named = bool(last.label) and last.how != "sum"
    if why.how not in ("rule", "row") or named or last.how not in ARITHMETIC or not same:
        return "", _without_idle(list(why.inputs))
    formula = _formula(last, say)
    return formula.text, _without_idle([*before, *formula.terms])


def _without_idle(steps: list[Why]) -> list[Why]:
    """Leaves out `stated: yes` of a value that is told anyway, and the same leaf told twice."""
    kept: list[Why] = []
    leaves: set[tuple[str, str | None, str]] = set()
    for step in steps:
        if step.how == "condition" and step.name == "given" and step.value == "yes":
            continue
        if step.how == "constant" and not step.label:
            continue  # it stands on the line above as its value
        if step.how == "lookup" and step.value == "1" and step.detail.startswith("KZT "):
            continue  # tenge are what everything is told in
        key = (step.name, step.value, step.place)
        if not step.inputs and step.how in ("input", "value", "election"):
            if key in leaves:
                continue
            leaves.add(key)
        kept.append(step)
    return kept


# --- arithmetic as a formula ------------------------------------------------------------------------------------------


def _formula(why: Why, say: Words) -> Formula:
    """Arithmetic in one line; conditions among its inputs chose a term and stand below."""
    operands = [w for w in why.inputs if not _chooses(w)]
    chosen = [w for w in why.inputs if _chooses(w)]
    made = _arithmetic(why, operands, say)
    return made._replace(terms=_without_idle([*chosen, *made.terms]))


def _chooses(why: Why) -> bool:
    """Whether a step among operands is no number but the reason why one was taken: a test, a flag, an election."""
    return why.how in ("condition", "election") or (why.value in ("yes", "no") and not why.unit)


def _arithmetic(why: Why, operands: list[Why], say: Words) -> Formula:
    if why.how in SIGNS:
        return _operation(why.how, operands, say)
    if why.how == "round" and operands:
        inner = _term(operands[0], say)
        return Formula(say("why_rounded", formula=inner.text, cite=say.cite(why.cite)), inner.terms, loose=True)
    if why.how == "amount" and operands:
        return _term(operands[0], say)
    if why.how == "worth" and operands:
        amount = _term(operands[0], say)
        currency = [w.value for w in operands[1:] if w.value]
        if len(currency) == 1 and amount.text.endswith((f" {currency[0]}", "\u00a0₸", "\u00a0KZT")):
            return amount  # it has its currency
        if len(currency) == 1 and amount.text == figure(operands[0], say):
            return Formula(shown_number(f"{operands[0].value} {currency[0]}", say.lang), amount.terms)
        return Formula(" ".join(x for x in (amount.text, *currency) if x), amount.terms)
    if why.how in ("max", "min") and len(operands) > 1:
        parts = [_term(w, say) for w in operands]
        if not all(p.text for p in parts):
            return Formula("", operands)
        text = say(f"why_{why.how}", grounds=", ".join(p.text for p in parts))
        return Formula(text, [t for p in parts for t in p.terms])
    if why.how == "part" and len(operands) >= 4:
        return _part(operands, say)
    if why.how == "sum":
        rows = [w for w in operands if w.how != "rest"]
        hidden = sum(int(w.detail) for w in operands if w.how == "rest" and w.detail.isdecimal())
        return Formula(say("why_sum", count=len(rows) + hidden), operands)
    if why.how == "scale":
        slices = [w for w in operands if w.how == "slice"]
        text = " + ".join(figure(w, say) for w in slices)
        return Formula(text, operands, len(slices) > 1)
    return Formula("", operands)


def _operation(how: str, operands: list[Why], say: Words) -> Formula:
    """a + b − c; a product or quotient puts its compound terms in brackets."""
    parts = [_term(w, say) for w in operands]
    terms = [t for p in parts for t in p.terms]
    if not all(p.text for p in parts):
        return Formula("", operands)
    if how == "multiply" and len(parts) > 1:
        parts = [p for p in parts if p.text != "1"] or parts[:1]
    if how in ("add", "subtract"):  # nothing added or taken off is no term: it stands below, where it has a name
        first, *rest = zip(parts, operands, strict=True)
        kept = [p for p, w in rest if not _nothing(w)]
        parts = kept if how == "add" and kept and _nothing(first[1]) else [first[0], *kept]
    if len(parts) == 1:
        return Formula(parts[0].text, terms, parts[0].compound, parts[0].loose)
    tight = how in ("multiply", "share")
    shown = [
        f"({p.text})"
        if p.loose or (p.compound and (tight or i)) or (how == "subtract" and i and p.text[:1] == "-")
        else p.text
        for i, p in enumerate(parts)
    ]
    text = SIGNS[how].join(shown).replace(" + -", " − ")
    if sum(text.count(s) for s in SIGNS.values()) >= MOST_TERMS:
        return Formula("", operands)
    return Formula(text, terms, how in ("add", "subtract") and len(parts) > 1)


def _nothing(why: Why) -> bool:
    return why.value in ("0", "0.00")


def _part(operands: list[Why], say: Words) -> Formula:
    """What positions (x0, x1] of a quantity carry of a total."""
    total = _term(operands[0], say)
    whole, start, end = (figure(w, say) for w in operands[1:4])
    if start == "0" and end == whole:
        return total
    span = end if start == "0" else f"({end} − {start})"
    shown = f"({total.text})" if total.compound or total.loose else total.text
    ends = [w for w in operands[2:4] if w.label and w.value != "0"]  # what earlier parts took
    return Formula(f"{shown} × {span} / {whole}", [*total.terms, *ends])


def _term(why: Why, say: Words) -> Formula:
    """A step inside a formula: nameless arithmetic is opened, everything else stands with its value."""
    if why.how == "constant":
        return Formula(figure(why, say), [])
    if not why.label and why.how in ARITHMETIC - {"sum"}:
        inner = _formula(why, say)
        if inner.text:
            return inner
    return Formula(figure(why, say), [why])


# --- conditions as sentences ------------------------------------------------------------------------------------------


def _test(why: Why, say: Words) -> str:
    """`Own plant (yes) and 5 < 8`."""
    inputs = why.inputs
    if why.name == "eq" and len(inputs) == 2 and inputs[1].how == "constant" and not inputs[1].value:
        return say("why_absent", what=_name(inputs[0], say))
    if why.name in TESTS and len(inputs) == 2:
        a, b = _operand(inputs[0], say), _operand(inputs[1], say, inputs[0].name)
        if why.name == "eq" and b.startswith(("“", "«")):  # a value of a closed list
            return say("rule_is", a=a, b=b)
        return f"{a} {TESTS[why.name]} {b}"
    if why.name == "isin" and inputs:
        choices = ", ".join(say.quoted(inputs[0].name, c) for c in why.detail.split(", "))
        return say("why_one_of", what=_operand(inputs[0], say), choices=choices)
    if why.name == "member" and len(inputs) == 2:
        return say("why_member", what=_operand(inputs[0], say), list=_name(inputs[1], say))
    if why.name == "given" and inputs:
        return say("why_stated", what=_name(inputs[0], say))
    if why.name == "not" and inputs:
        inner = inputs[0]
        if inner.name == "eq" and len(inner.inputs) == 2 and not inner.inputs[1].value:
            return say("why_stated", what=_operand(inner.inputs[0], say))
        return say("why_not", what=_clause(inner, say))
    joined = {"and": say("why_and"), "or": say("why_or")}
    if why.name in joined and len(inputs) == 1:
        return _test(inputs[0], say) if inputs[0].how == "condition" else _name(inputs[0], say)
    if why.name in joined and inputs:
        return f" {joined[why.name]} ".join(_clause(w, say) for w in inputs)
    return _name(why, say)


def _clause(why: Why, say: Words) -> str:
    if why.how != "condition":
        return _operand(why, say)
    text = _test(why, say)
    return f"({text})" if why.name in ("and", "or") and len(why.inputs) > 1 else text


def _operand(why: Why, say: Words, beside: str = "") -> str:
    """One side of a condition; a constant is a value of what it is compared with (`beside`)."""
    if why.how == "constant":
        return say.quoted(beside, value_text(why, say)) or "“”"
    value = value_text(why, say)
    if not why.label and why.how in ARITHMETIC and value:
        formula = _formula(why, say).text
        return f"{value} ({formula})" if _adds(formula, why, say) else value
    return f"{_name(why, say)} ({value})" if value else _name(why, say)


def _below_test(why: Why) -> list[Why]:
    """Rules and dated values that a condition rests on; bare data stand in the sentence itself."""
    found: list[Why] = []
    stack = [] if why.name == "given" else list(reversed(why.inputs))
    while stack:
        step = stack.pop()
        if step.how in ("rule", "value", "election", "lookup", "sum", "missing"):
            found.append(step)
        elif step.how not in ("constant", "input", "see_above"):
            stack.extend(reversed(step.inputs))
    return found


# --- pieces of a line -------------------------------------------------------------------------------------------------


def _name(why: Why, say: Words) -> str:
    if why.label:
        return say.label(why.label, why.name)
    if why.how == "missing":
        return say(f"how_{why.how}") + ": " + say.known(why.name, why.name, place=why.place)
    return say.known(
        f"why_name_{why.name}", say.known(f"how_{why.how}", why.name) if why.how in ARITHMETIC else why.name
    )


def _authority(why: Why, say: Words) -> str:
    """`[act, article · made by another act · basis]`."""
    basis = say.known(f"basis_{why.basis}", why.basis) if why.basis else ""
    by = say("why_by", act=say.act(why.by)) if why.amended and why.cite else ""
    inside = " · ".join(x for x in (say.cite(why.cite), by, basis) if x)
    return f"[{inside}]" if inside else ""


def _tail(why: Why, say: Words, above: str) -> str:
    detail = "" if why.how in ("row", "rule") else why.detail
    if why.how == "value" and detail:
        detail = say("why_since", day=detail)
    if why.how == "lookup":
        detail = found_told(why.name, detail, say)
    if why.ends and why.value is None:
        detail = ""  # the ends stand as its value
    if why.how == "by_word":
        detail = ", ".join(say.code("", x) for x in detail.split(", "))
    kind = ""
    if why.how in ("election", "lookup", "not_in_force", "see_above") or (why.how == "input" and not _at(why, above)):
        kind = say(f"how_{why.how}")
    return " · ".join(x for x in (kind, detail, _place(why, above)) if x)


def _place(why: Why, above: str) -> str:
    return "" if why.place == above else why.place


def _at(why: Why, above: str) -> str:
    return why.place or above
