"""`salyq replay`: makes a result again from the same input, and says whether it is the same and what differs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

DIFFERS = 3


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["result"], metavar="RESULT.json"),
        click.Argument(["inputs"], nargs=-1, metavar=f"[{words('word', 'inputs')}]"),
        options.form(words),
        options.lang(words),
    ]
    return Command("replay", words, run, params)


def run(*, result: str, inputs: Sequence[str], form: str, lang: str) -> int:
    """0: the same input gives the same bytes; 3: something differs."""
    from salyq.app import api
    from salyq.present.as_json import assessment_json, dumps
    from salyq.present.replayed import differences, labels, replay_json, replay_page

    text, old = _result(result)
    run = old["run"]
    given = list(inputs) or [_found(name, Path(result)) for name in run["inputs"]]
    person = None if run["person"] is None else _found(run["person"], Path(result))
    known = None if run["known"] is None else date.fromisoformat(run["known"])
    as_of = date.fromisoformat(run["as_of"]) if run.get("as_of") else None
    with Bar() as bar:
        case = load(given, bar, person)
        made = api.assess(case, old["year"], known=known, settings=run["settings"], as_of=as_of)
        new: dict[str, Any] = assessment_json(made)
    new["run"] = run  # where the input lies now is no difference
    same = dumps(new) == text
    found = [] if same else differences(old, json.loads(dumps(new)))
    if form == "json":
        emit_json(replay_json(found))
    else:
        emit_page(replay_page(found, result, lang, labels(new)))
    return DIFFERS if found else 0


def _result(name: str) -> tuple[str, dict[str, Any]]:
    """The text of a result and what it says. InputError where it is no JSON of an assessment that says its input."""
    path = Path(name)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=name)
    try:
        text = path.read_bytes().decode("utf-8")
        told = json.loads(text)
        run = told["run"]
        fits = (
            isinstance(told["year"], int) and isinstance(run["inputs"], list) and isinstance(run["settings"], Mapping)
        )
        fits = fits and run["inputs"] and all(isinstance(x, str) for x in [*run["inputs"], *run["settings"].values()])
        for day in (run["known"], run.get("as_of")):
            date.fromisoformat(day or "2000-01-01")
    except (ValueError, KeyError, TypeError, RecursionError):
        fits = False
    if not fits:
        raise InputError(Message("cli_no_result", {}), file=name)
    return text, told


def _found(name: str, result: Path) -> str:
    """The input as it was named; where that is not there, seen from the result's own folder."""
    beside = result.parent / name
    return str(beside) if not Path(name).exists() and beside.exists() else name
