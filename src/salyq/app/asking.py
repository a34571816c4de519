"""What law says of an act, for every face: the acts there are, their facts, and the answer (interfaces §7)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from salyq.law.asked.asking import ask_act, find_act, graph_of
from salyq.law.asked.catalogue import acts, facts
from salyq.law.asked.model import Answer
from salyq.records.toml_tables import load_toml
from salyq.rulebook.fault import Fault
from salyq.rulebook.law import Act, Law

__all__ = [
    "Answer",
    "act_as_json",
    "act_names",
    "acts_of_law",
    "ask_act",
    "facts_in",
    "faults_of_acts",
    "find_act",
    "law_of_acts",
    "words",
]


def act_names() -> dict[str, Mapping[str, str]]:
    """Every act that can be asked of, with its title in kk, ru and en."""
    return {name: act.title for name, act in acts().items()}


def act_as_json(name: str) -> dict[str, Any]:
    """An act with its facts, their types, choices and questions. UsageError where there is no such act."""
    act = find_act(name)
    return {
        "act": act.name,
        "title": dict(act.title),
        "since": act.since.isoformat(),
        "dated_by": list(act.dated_by),
        "facts": [
            {
                "name": fact.name,
                "type": fact.type,
                "label": dict(fact.label),
                "question": dict(fact.ask),
                "choices": {choice: dict(said) for choice, said in fact.choices.items()},
            }
            for fact in (facts()[n] for n in act.facts)
        ],
        "says": {
            "verdict": act.verdict,
            "needs": [r.name for r in act.needs],
            "duties": [r.name for r in act.duties],
            "amounts": [r.name for r in act.amounts],
            "findings": [r.name for r in act.findings],
        },
        "example": act.example,
    }


def acts_of_law(answer: Answer) -> Mapping[str, Act]:
    """Every act that the law asked for an answer knows, by id: those it cites, and those that amended them."""
    return graph_of(answer.act, answer.known).law.acts


def facts_in(file: str) -> dict[str, object]:
    """The facts of a TOML file. InputError where it cannot be read."""
    return load_toml(Path(file), file)[1]


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """What the codes of answers are called: verdicts, authorities, gates, articles that are charged."""
    own = tomllib.loads((files("salyq.law.asked") / "words.toml").read_text(encoding="utf-8"))
    return {**facts()["article"].choices, **own}


def law_of_acts() -> Law:
    """Every subject that some act asks, as one law."""
    from salyq.law.asked.asking import whole_law

    return whole_law()


def faults_of_acts() -> list[Fault]:
    """What is wrong with the law of acts, its catalogue and its worked cases."""
    from salyq.law.asked.checking import faults

    return faults()
