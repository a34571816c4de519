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
from salyq.cli.output import complain, emit_json, emit_page
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
    from salyq.present.as_json import dumps
    from salyq.present.replayed import differences, labels, replay_json, replay_page

    file, text, told = _result(result)
    several = isinstance(told, list)
    years: list[dict[str, Any]] = told if several else [told]
    with Bar() as bar:
        made = [_again(old, inputs, file, bar) for old in years]
    same = dumps(made if several else made[0]) == text
    pairs = zip(years, made, strict=True)
    found = [] if same else [d for old, new in pairs for d in differences(old, json.loads(dumps(new)))]
    if any("reform" in old for old in years):
        complain(Message("cli_replay_reform", {}).text(lang))
    if form == "json":
        emit_json(replay_json(found))
    else:
        emit_page(replay_page(found, result, lang, {k: v for new in made for k, v in labels(new).items()}))
    return DIFFERS if found else 0


def _again(old: dict[str, Any], inputs: Sequence[str], file: Path, bar: Bar) -> dict[str, Any]:
    """The same year of the same input. What is no part of it is taken over: where it lies now, which returns were
    handed in, and a reform, whose own figures are not made again."""
    from salyq.app import api
    from salyq.app.read_back import lies
    from salyq.present.as_json import assessment_json

    run = old["run"]
    given = list(inputs) or [lies(name, file) for name in run["inputs"]]
    person = None if run["person"] is None else lies(run["person"], file)
    known = None if run["known"] is None else date.fromisoformat(run["known"])
    as_of = date.fromisoformat(run["as_of"]) if run.get("as_of") else None
    made = api.assess(load(given, bar, person), old["year"], known=known, settings=run["settings"], as_of=as_of)
    new: dict[str, Any] = assessment_json(made)
    new["run"] = run
    filed = {(o["name"], o["period"]): o["filed"] for o in old.get("obligations", ()) if "filed" in o}
    for o in new["obligations"]:
        if (o["name"], o["period"]) in filed:
            o["filed"] = filed[o["name"], o["period"]]
    return new | ({"reform": old["reform"]} if "reform" in old else {})


def _result(name: str) -> tuple[Path, str, Any]:
    """The file of a result, its text and what it says, of several years a list. InputError where it is no JSON of an
    assessment that says its input."""
    from salyq.app.read_back import RESULT

    path = Path(name) / RESULT if Path(name).is_dir() else Path(name)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=name)
    try:
        text = path.read_bytes().decode("utf-8")
        told = json.loads(text)
        fits = bool(told) and all(_fits(one) for one in (told if isinstance(told, list) else [told]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits:
        raise InputError(Message("cli_no_result", {}), file=name)
    return path, text, told


def _fits(told: Any) -> bool:
    """Whether this is the JSON of an assessment. An error of what it holds: it is none either."""
    from salyq.present.replayed import differences

    run = told["run"]
    differences(told, told)
    for day in (run["known"], run.get("as_of")):
        date.fromisoformat(day or "2000-01-01")
    duties = told.get("obligations", [])
    shapes = ((told["year"], int), (run["inputs"], list), (run["settings"], Mapping), (duties, list))
    texts = [*run["inputs"], *run["settings"].values(), *(o[key] for o in duties for key in ("name", "period"))]
    return bool(
        run["inputs"] and all(isinstance(x, kind) for x, kind in shapes) and all(isinstance(x, str) for x in texts)
    )
