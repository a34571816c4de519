"""The ways to answer a question, as fields of a form; and what a form says, as an answer of the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled, parse_written
from salyq.dialogue.answering import Said
from salyq.reconcile.model import ANSWER, Field, Question, Way

FLAGS = ("together", "apart", "own", "nothing", "leave")
OTHER_ROW = "OTHER_ROW"
_KINDS = ("buy", "sell", "gift_in", "inherited", "mined", "staked", "airdrop", "interest", "gift_out", "spend", "lost")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way that a form can offer: `flag`, or `fields` to fill; `kinds` where a kind is to be chosen."""

    n: int
    label: Message
    code: str
    rows: tuple[str, ...]
    flag: str = ""
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    kind: str = ""
    currency: str = ""
    quantity: str = ""

    @property
    def other_row(self) -> bool:
        return OTHER_ROW in self.rows


def choices(question: Question) -> list[Choice]:
    """The ways that are answers; advice (add a file, mend a row) stands beside them as text."""
    return [_choice(n, question.code, way) for n, way in enumerate(question.ways) if way.act == ANSWER]


def advice(question: Question) -> list[Message]:
    return [way.label for way in question.ways if way.act != ANSWER]


def _choice(n: int, code: str, way: Way) -> Choice:
    fields = {f.name: f for f in way.fields}
    kind = fields.get("kind")
    return Choice(
        n,
        way.label,
        code,
        tuple(OTHER_ROW if row is None else row for row in way.rows),
        next((f for f in FLAGS if f in fields), ""),
        tuple(f for f in ("cost", "on", "document") if f in fields),
        () if kind is None or kind.value else kind.choices or _KINDS,
        str(kind.value) if kind is not None and kind.value else "",
        _given(fields, "currency"),
        _given(fields, "quantity"),
    )


def _given(fields: Mapping[str, Field], name: str) -> str:
    found = fields.get(name)
    return str(found.value) if found is not None and found.value else ""


def said(choice: Choice, form: Mapping[str, str]) -> tuple[Said, Sequence[str]]:
    """What the form says by this way, and the rows it is about. UsageError names the field."""
    rows = [form.get("other_row", "").strip() if r == OTHER_ROW else r for r in choice.rows]
    if not all(rows):
        raise _wrong("other_row", "", "records.csv:12")
    kind = choice.kind or None
    if choice.kinds:
        kind = form.get("kind", "")
        if kind not in choice.kinds:
            raise _wrong("kind", kind, ", ".join(choice.kinds))
    value = _amount("cost", form.get("cost", "")) if "cost" in choice.fields else None
    say = choice.flag or ("kind" if kind else "cost")
    return (
        Said(
            say,
            value=value,
            currency=choice.currency or "KZT",
            day=_day(form.get("on", "")) if "on" in choice.fields else None,
            quantity=parse_scaled(choice.quantity) if choice.quantity else None,
            kind=kind,
            document=form.get("document", "").strip()[:200] or None if "document" in choice.fields else None,
        ),
        rows,
    )


def _amount(name: str, text: str) -> int:
    try:
        return parse_written(text.strip())
    except NumberError:
        raise _wrong(name, text, "1500000.00") from None


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _wrong("on", text, "2025-06-15")


def _wrong(name: str, value: str, right: str) -> UsageError:
    return UsageError(
        Message("portal_bad_value", {"name": name, "value": value[:40], "right": right}), column=name, value=value
    )
