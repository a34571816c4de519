"""An act that law can be asked of, the facts it rests on, and what the answer holds (interfaces §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from salyq.rulebook.explain import Why

Words = Mapping[str, str]  # kk, ru, en
VERDICTS = ("lawful", "unlawful", "unknown", "not_regulated")
TYPES = {  # how a fact is written -> the unit that rules read
    "choice": "text",
    "text": "text",
    "flag": "flag",
    "kzt": "KZT",  # tenge, at most two decimals; whole tiyn for rules
    "usd": "USD",  # exact fraction of dollars
    "ratio": "ratio",  # 0.30 is 30 %
    "quantity": "quantity",
    "count": "count",
    "day": "day",
    "days": "text",  # several days, comma between
    "time": "time",
    "period": "text",  # rules read its first and last day, NAME_from and NAME_to
    "place": "text",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed fact. `ask` is the question that is put where the fact is needed and not given."""

    name: str
    type: str
    label: Words
    ask: Words
    choices: Mapping[str, Words] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """The columns that rules see of it, with their units."""
        return columns_of(self.name, self.type)


def columns_of(name: str, kind: str) -> dict[str, str]:
    """The columns of a fact: a period has two, its first and its last day."""
    if kind == "period":
        return {f"{name}_from": "day", f"{name}_to": "day"}
    return {name: TYPES[kind]}


class Root(NamedTuple):
    """A rule that an answer is made of, as acts.toml writes it: `NAME [if RULE]… [as NAME] [to WHOM]
    [due RULE] [until RULE]`.

    `applies`: said only where all these flags hold, asked one after another; `due`, `until`: the rules that give the
    day or time of a duty; `told_as`: the name in the answer, where several rules say one thing."""

    name: str
    applies: tuple[str, ...] = ()
    to: str = ""
    due: str | None = None
    until: str | None = None
    told_as: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(n for n in (self.name, *self.applies, self.due, self.until) if n)


@dataclass(frozen=True, slots=True)
class Act:
    """A root of law: its facts, and the rules that make its answer. `since`: the first day of law that was read."""

    name: str
    title: Words
    since: date
    subjects: tuple[str, ...]
    facts: tuple[str, ...]
    dated_by: tuple[str, ...]  # facts that give the day where `on` is not given, the first that is there
    verdict: str
    gate: str | None
    authority: str | None
    needs: tuple[Root, ...]
    duties: tuple[Root, ...]
    amounts: tuple[Root, ...]
    findings: tuple[Root, ...]
    example: str

    @property
    def roots(self) -> tuple[str, ...]:
        first = tuple(n for n in (self.verdict, self.gate, self.authority) if n)
        parts = (*self.needs, *self.duties, *self.amounts, *self.findings)
        return (*first, *(n for root in parts for n in root.names))


class Asked(NamedTuple):
    """A fact that the answer still needs, with its question."""

    fact: str
    question: Words
    choices: tuple[str, ...]


class Unsettled(NamedTuple):
    """What no act read says: the name of the value or step, why, and the article."""

    name: str
    reason: Words
    cite: str


@dataclass(slots=True)
class Part:
    """One thing that the answer says, with its articles. `met`: of a need, whether the facts given meet it;
    `said`: a term or share in words."""

    name: str
    label: Words
    cites: list[str]
    basis: str
    value: str | None = None
    unit: str = ""
    to: str = ""
    due: str | None = None
    until: str | None = None
    met: bool | None = None
    text: Words | None = None
    said: Words | None = None
    why: Why | None = None


@dataclass(slots=True)
class Answer:
    """What law says of one act on one day, as known on a day."""

    act: str
    on: date
    known: date
    fingerprint: str
    verdict: str
    gate: str | None
    authority: str | None
    cites: list[str]
    basis: str
    why: Why | None
    facts: Mapping[str, str]
    needs: list[Part] = field(default_factory=list)
    duties: list[Part] = field(default_factory=list)
    amounts: list[Part] = field(default_factory=list)
    findings: list[Part] = field(default_factory=list)
    missing: list[Asked] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)

    def duty(self, name: str) -> Part | None:
        """The duty of that name, where it follows."""
        return next((d for d in self.duties if d.name == name), None)

    def amount(self, name: str) -> str | None:
        """The value of the amount of that name; None where it is not known or does not follow."""
        return next((a.value for a in self.amounts if a.name == name), None)

    def as_json(self, *, explain: bool = True) -> dict[str, Any]:
        """The form of interfaces §7; `explain` adds the tree of each part."""
        out: dict[str, Any] = {
            "act": self.act,
            "on": self.on.isoformat(),
            "law": {"fingerprint": self.fingerprint, "known": self.known.isoformat()},
            "facts": dict(self.facts),
            "verdict": self.verdict,
            "gate": self.gate,
            "authority": self.authority,
            "cites": self.cites,
            "basis": self.basis,
        }
        if explain and self.why:
            out["why"] = self.why.as_json()
        out["needs"] = [_part(p, explain, "met") for p in self.needs]
        out["duties"] = [_part(p, explain, "to", "due", "until") for p in self.duties]
        out["amounts"] = [_part(p, explain, "value", "unit", "said") for p in self.amounts]
        out["findings"] = [_part(p, explain, "text") for p in self.findings]
        out["missing"] = [
            {"fact": m.fact, "question": dict(m.question), **({"choices": list(m.choices)} if m.choices else {})}
            for m in self.missing
        ]
        out["unsettled"] = [
            {"name": u.name, "reason": dict(u.reason), "cites": [u.cite] if u.cite else []} for u in self.unsettled
        ]
        return out


def _part(part: Part, explain: bool, *own: str) -> dict[str, Any]:
    out: dict[str, Any] = {"name": part.name}
    for key in own:
        value = getattr(part, key)
        if key in ("value", "unit", "met", "text") or value:
            out[key] = dict(value) if isinstance(value, Mapping) else value
    out |= {"cites": part.cites, "basis": part.basis, "label": dict(part.label)}
    if explain and part.why:
        out["why"] = part.why.as_json()
    return out
