"""The procedures that are shipped, and their kinds of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from salyq.office.procedures.model import Procedure, Step
from salyq.office.store.errors import StoreError

APPEAL, APPEALED = "appeal", "appealed"
PROPOSALS = ("open", "propose")  # how an act of the office begins


class _Steps(msgspec.Struct, forbid_unknown_fields=True):
    """`like`: another kind whose steps these are too."""

    step: tuple[Step, ...]
    like: str = ""


@cache
def procedures() -> Mapping[str, Procedure]:
    folder = files("salyq.office.procedures") / "data"
    names = sorted(p.name for p in folder.iterdir() if p.name.endswith(".toml"))
    found = [msgspec.toml.decode((folder / n).read_bytes(), type=Procedure) for n in names]
    return {p.code: p for p in found}


def procedure(code: str) -> Procedure:
    found = procedures().get(code)
    if found is None:
        raise StoreError("procedures_unknown", name=code[:60], names=", ".join(procedures()))
    return found


@cache
def steps_of(name: str) -> tuple[Step, ...]:
    data = (files("salyq.office.procedures") / "steps" / f"{name}.toml").read_bytes()
    found = msgspec.toml.decode(data, type=_Steps)
    return (*(steps_of(found.like) if found.like else ()), *found.step)


def step_of(spec: Procedure, name: str) -> Step | None:
    return next((s for s in steps_of(spec.steps_name) if s.name == name), None)


def first_step(spec: Procedure) -> Step:
    return next(s for s in steps_of(spec.steps_name) if "" in s.sources)


def next_steps(spec: Procedure, status: str, taken: Iterable[str] = ()) -> list[Step]:
    """What may be done from a status, whoever does it, after the steps `taken`."""
    done = set(taken)
    return [s for s in steps_of(spec.steps_name) if status in s.sources and not (s.once and s.name in done)]


def owed_steps(spec: Procedure, status: str, taken: Iterable[str] = ()) -> list[Step]:
    """Those of them that somebody is waited for to take: nobody owes an appeal."""
    return [s for s in next_steps(spec, status, taken) if s.name != APPEAL]


def says(spec: Procedure, step: Step) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a step must say, and what it may. An act of the office says also what its procedure wants; a ground of
    refusal is named where grounds were read.
    """
    more = spec.must_say if step.name in PROPOSALS else ()
    needed = tuple(dict.fromkeys((*step.fields, *more)))
    unread = () if spec.of_law("refusal") else ("ground",)
    return needed, tuple(f for f in step.optional if f not in (*needed, *unread))


def ended(spec: Procedure) -> list[str]:
    """The statuses after which nothing stands open."""
    every = steps_of(spec.steps_name)
    return sorted({s.to for s in every if s.clock == "end"} | {APPEALED})
