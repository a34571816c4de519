"""What a procedure is (data/*.toml with steps/*.toml), and an application as its steps tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from salyq.civil.messages import Words

Said = dict[str, str]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sources": "from"}):
    """One step of a kind of procedure.

    `by`: applicant, officer, second (another officer than the one who proposed), operator (whom law gives the decision
    to, see `Procedure.operator`). `clock`: start, stop, go, end.
    `fields` it must say, `optional` it may. `due`: the duty of law's answer that gives the day for what comes next.
    `asks`: law is asked and its answer kept. `effect`: it writes the register; `effect_also` is the event of a later
    one. `before`: the duty of law's answer whose day must not have passed; `late`: the one whose passed day is noted.
    `within`: a day that it says is not after that of the duty; `until`: fields of days said before or in the form, of
    which the nearest counts, where it is nearer than `due`. `holds`: the applicant's own day that stands while others
    act (the nearest of fields of days said before and duties of law's answer): its passing is a fact too.
    `once`: it is taken once in a case. `notes`: it changes neither status nor due day (`to` is empty).
    """

    name: str
    by: str
    sources: tuple[str, ...]
    words: Said
    to: str = ""
    clock: str = ""
    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    due: str = ""
    before: str = ""
    late: str = ""
    within: dict[str, str] = {}
    until: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    once: bool = False
    notes: bool = False
    asks: bool = False
    amends: bool = False
    effect: bool = False
    effect_also: str = ""


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "until"}):
    """A paper that is asked for; `basis` as of a register's field. Days are those of the law that names it so."""

    name: str
    basis: str
    words: Said
    first: date | None = None
    last: date | None = None

    def on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the acts say of a procedure, or leave unsaid. `kind`: condition, refusal, end, notice, after, unread."""

    kind: str
    code: str
    words: Said
    cite: str


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The act that law is asked of. `facts`: fact -> field, or a text with {field}; `given`: facts that are always
    so. The case itself tells `days` (fact -> the step on whose last day it is), `taken` (fact -> whether the step was
    taken), `says` (fact -> what a step said); the record tells `record` (fact -> its attribute).
    `needs`: the verdict without which an act cannot be proposed.
    """

    act: str
    facts: dict[str, str]
    given: dict[str, str]
    days: dict[str, str] = {}
    taken: dict[str, str] = {}
    says: dict[str, str] = {}
    record: dict[str, str] = {}
    needs: str = ""


class Procedure(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"steps_name": "steps", "first": "from", "documents": "document", "points": "point"},
):
    """One procedure. `writes` is the event of the register; `about_record`: it is about a record that is there.

    `required`: fields of the form without which it cannot begin; `must_say`: what the proposal of an act must say;
    `standing`: fields that name a record which must be in force; `fixed`: fields that are always so; `yes`: flags
    without which nothing is granted. `in_time`: the duty of law's answer whose day must
    not have passed on filing. `stops`: the article by which the clock stands while papers are mended; where the acts
    read name none, it runs on. `operator`: the field that names the record whose holder decides, where law gives the
    decision to him and not to an office.
    """

    code: str
    steps_name: str
    register: str
    office: str
    writes: str
    first: date
    cites: tuple[str, ...]
    fields: tuple[str, ...]
    words: Said
    documents: tuple[Document, ...] = ()
    ask: Ask | None = None
    about_record: bool = False
    term: str = ""
    required: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    in_time: str = ""
    stops: str = ""
    operator: str = ""
    fixed: dict[str, str] = {}
    yes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()

    def title(self) -> Words:
        return Words(**self.words)

    @property
    def by_applicant(self) -> bool:
        return self.steps_name in ("application", "registration")

    def papers(self, day: date) -> list[Document]:
        """The documents that are asked for on a day."""
        return [d for d in self.documents if d.on(day)]

    def of_law(self, kind: str) -> list[Point]:
        return [p for p in self.points if p.kind == kind]

    def facts(self) -> tuple[str, ...]:
        """Fields of the form that only law needs."""
        if self.ask is None:
            return ()
        wanted = [v for v in self.ask.facts.values() if "{" not in v]
        return tuple(f for f in wanted if f not in self.fields)


class Application(NamedTuple):
    id: UUID
    procedure: str
    office: str
    organisation: str
    subject_name: str
    number: str | None
    opened_by: str
    opened_at: datetime
    operator: str | None = None


class Taken(NamedTuple):
    """A step that was taken. `name` "overdue" is the office's own: a day passed on which something was due."""

    n: int
    name: str
    status: str
    by_account: str
    by_role: str
    at: datetime
    day: date
    content: dict[str, Any]
    answer: dict[str, Any] | None
    due: date | None
    entry: int


@dataclass(frozen=True, slots=True)
class Clock:
    """`started` the day of filing; `stopped_days` working days on which it stood; `due` None while it stands or is
    over.
    """

    started: date
    stopped_days: int
    running: bool
    due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Case:
    """An application with all of its steps."""

    application: Application
    steps: Sequence[Taken]

    @property
    def status(self) -> str:
        return self.steps[-1].status

    @property
    def form(self) -> Mapping[str, Any]:
        """The fields as they stand after every amendment."""
        found: dict[str, Any] = {}
        for step in self.steps:
            found |= step.content.get("fields", {})
        return {k: v for k, v in found.items() if v is not None}

    @property
    def law(self) -> dict[str, Any] | None:
        """What law answered last."""
        return next((s.answer for s in reversed(self.steps) if s.answer is not None), None)

    def last(self, *names: str) -> Taken | None:
        return next((s for s in reversed(self.steps) if s.name in names), None)
