"""The fields of a procedure as a form of HTML, and what a form says as values of their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from salyq.app.asking import act_as_json
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, format_scaled, parse_written
from salyq.office.portal.readers import shown_day
from salyq.office.procedures.model import Procedure
from salyq.office.registry import book
from salyq.office.registry.model import Field

_WHOLE = ("whole", "count", "days")
_NUMBERS = ("kzt", "usd", "money", "decimal", "quantity", "ratio")


@dataclass(frozen=True, slots=True)
class Input:
    """`kind`: text, long, day, number, flag, choice, many. `choices` are (value, words)."""

    name: str
    label: str
    kind: str
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    proposed: bool = False
    whole: bool = False


def inputs_of(spec: Procedure, lang: str) -> list[Input]:
    """What the form of a procedure asks: fields of its register, then what only law needs."""
    reg = book.register(spec.register)
    needed = spec.writes == "granted"
    found = []
    for name in spec.fields:
        field = reg.field(name)
        if field is None or (spec.term and name == "until"):
            continue
        found.append(of_register(field, lang, needed, name in spec.required))
    facts = {f["name"]: f for f in act_as_json(spec.ask.act)["facts"]} if spec.ask is not None else {}
    for fact, name in (spec.ask.facts if spec.ask is not None else {}).items():
        if name in spec.facts() and name != "documents_complete" and fact in facts:
            found.append(_of_law(name, facts[fact], lang, name in spec.required))
    return found


def of_register(field: Field, lang: str, needed: bool, always: bool = False) -> Input:
    """A field of a register; `needed`: a required one must be filled; `always`: it must be, required or not."""
    label = book.words("field", field.name).text(lang)
    choices: tuple[tuple[str, str], ...] = tuple((c, book.words("choice", c).text(lang)) for c in field.choices)
    kind = {"flag": "flag", "day": "day", "list": "many", "region": "choice"}.get(field.type, "text")
    if field.type == "region":
        choices = tuple((c, book.words("region", c).text(lang)) for c in book.regions())
    elif field.type == "register":
        kind, choices = "choice", tuple((c, book.title(c, lang)) for c in book.ORDER)
    elif field.choices and kind == "text":
        kind = "choice"
    elif field.type in (*_NUMBERS, *_WHOLE):
        kind = "number"
    elif field.name in ("text", "reason", "conditions"):
        kind = "long"
    return Input(
        field.name,
        label,
        kind,
        always or (needed and field.required),
        choices,
        field.basis == "proposed",
        field.type in _WHOLE,
    )


def _of_law(name: str, fact: Mapping[str, Any], lang: str, required: bool) -> Input:
    label = fact["question"].get(lang) or fact["label"].get(lang) or name
    choices = tuple((c, said.get(lang, c)) for c, said in fact["choices"].items())
    kinds = {"flag": "flag", "choice": "choice", "day": "day"}
    kind = kinds.get(fact["type"], "number" if fact["type"] in (*_NUMBERS, *_WHOLE) else "text")
    return Input(name, label, kind, required, choices, False, fact["type"] in _WHOLE)


def read(inputs: Iterable[Input], form: Mapping[str, str]) -> dict[str, Any]:
    """The values that the form gives; an empty one is not there. What is wrong with them, the procedure says."""
    found: dict[str, Any] = {}
    for i in inputs:
        if i.kind == "many" and i.choices:
            chosen = [c for c, _ in i.choices if form.get(f"f.{i.name}.{c}")]
            if chosen:
                found[i.name] = chosen
            continue
        text = form.get(f"f.{i.name}", "").strip()
        if not text:
            continue
        if i.kind == "flag":
            found[i.name] = {"yes": True, "no": False}.get(text, text)
        elif i.kind == "many":
            found[i.name] = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
        elif i.kind == "number":
            plain = _plain(text)
            found[i.name] = int(plain) if i.whole and plain.isascii() and plain.isdigit() and len(plain) < 16 else plain
        else:
            found[i.name] = text
    return found


def _plain(text: str) -> str:
    """A number as people write it, written plainly; what can be read in two ways or none stays, and is refused."""
    try:
        return format_scaled(parse_written(text))
    except NumberError:
        return text


def shown(inputs: Iterable[Input], values: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """(label, value in words) of what a form said, in its order."""
    found = []
    for i in inputs:
        value = values.get(i.name)
        if value is None or value == "":
            continue
        parts = value if isinstance(value, list) else [value]
        said = dict(i.choices)
        found.append((i.label, ", ".join(_said(p, said, i.kind, lang) for p in parts)))
    return found


def _said(value: object, said: Mapping[str, str], kind: str, lang: str) -> str:
    if isinstance(value, bool):
        return Message("registry_yes" if value else "registry_no").text(lang)
    if kind == "day":
        return shown_day(str(value), lang)
    return said.get(str(value), str(value))
