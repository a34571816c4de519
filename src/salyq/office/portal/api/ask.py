"""Asking law: the same answer as `salyq ask` (interfaces §7)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from salyq.app.asking import act_as_json, act_names, ask_act
from salyq.office.portal.api.asking import Asks

router = APIRouter(tags=["law"])
Text = Annotated[str, Field(max_length=500)]


class Question(BaseModel):
    """Facts stand in `facts`, or beside `act` as `salyq ask` has them."""

    model_config = ConfigDict(extra="allow")
    act: Annotated[str, Field(max_length=60)]
    on: date | None = None
    known: date | None = None
    facts: dict[Annotated[str, Field(max_length=60)], Text | bool | int] = {}


@router.get("/ask")
def acts(caller: Asks) -> dict[str, Any]:  # noqa: ARG001
    """The acts that can be asked of."""
    return {"items": [{"act": name, "words": dict(words)} for name, words in act_names().items()]}


@router.get("/ask/{act}")
def act(caller: Asks, act: str) -> dict[str, Any]:  # noqa: ARG001
    """The facts of an act, with their types, choices and questions."""
    if act not in act_names():
        raise HTTPException(404)
    return act_as_json(act)


@router.post("/ask")
def ask(caller: Asks, question: Question) -> dict[str, Any]:  # noqa: ARG001
    """What law says: verdict, gate, authority, needs, duties, amounts, findings, and what is missing."""
    given = {**(question.model_extra or {}), **question.facts}
    facts = {k: v if isinstance(v, bool) else str(v)[:500] for k, v in given.items()}
    return ask_act(question.act, facts, question.on, question.known).as_json()
