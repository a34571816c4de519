"""A run over a population: plan, spill, parts by many workers, run.json; it goes on where it was stopped."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.law import shipped
from salyq.population.engines import Engine, Local
from salyq.population.outputs import EXACT, MATCHES, TABLES
from salyq.population.part import DONE, QUOTES, ROWS, Plan, quotes_of
from salyq.population.spill import Progress
from salyq.population.tables import TableFile, digest, find_tables, of_persons, own_tables, readable
from salyq.rulebook.graph import Graph

PLAN, RUN = "plan.json", "run.json"
_ROW = 2_400  # bytes that a row takes with all that is worked out of it
_TIMES = 20  # a row of text takes so many times its bytes
_LEAST, _MOST = 1, 4096  # parts


def silent(what: str, done: int, total: int | None) -> None:
    """Nobody looks on."""


def assess_population(
    folder: Path,
    out: Path,
    year: int,
    *,
    workers: int = 2,
    memory: int = 2 << 30,
    settings: Mapping[str, str] | None = None,
    lang: str = "en",
    progress: Progress = silent,
    alone: bool = False,
    engine: Engine | None = None,
    matches: bool = False,
) -> dict[str, Any]:
    """Assesses everybody in `folder` for `year` and writes `out`; returns what run.json says. `matches`: every disposal
    × lot is written too.

    `engine`: who does the work; by default `workers` processes of this machine. `memory` (bytes) bounds what the
    workers hold together. A run that was stopped is taken up when the input, the year and the choices are the same.
    `alone`: nobody by columns, which says the same and takes longer. InputError: input that cannot be used, or an `out`
    that is another run's.
    """
    with _limits(out):
        return _assessed(
            find_tables(folder), out, year, workers, memory, settings or {}, lang, progress, alone, engine, matches
        )


@contextmanager
def _limits(out: Path) -> Iterator[None]:
    """A full disk and too little memory as one line each: what was finished stays."""
    try:
        yield
    except MemoryError:
        raise InputError(Message("population_no_memory"), file=str(out)) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise InputError(Message("population_no_room"), file=str(out)) from None


def _assessed(
    files: list[TableFile], out: Path, year: int, workers: int, memory: int, settings: Mapping[str, str], lang: str,
    progress: Progress, alone: bool, engine: Engine | None, matches: bool,
) -> dict[str, Any]:  # fmt: skip
    check_year(year)
    inputs = [
        {"file": f.name, "table": f.table, "bytes": f.path.stat().st_size, "sha256": digest(f.path)} for f in files
    ]
    parts = parts_of(files, workers, memory)
    plan = Plan(out, tuple(files), year, tuple(sorted(settings.items())), lang, parts, alone, matches)
    told = _described(plan, inputs)
    quotes_of(files)  # a quote that cannot be used stops the run before it begins
    _begin(out, told)
    by = engine or Local(workers)
    rows, bad = spilled(plan, by, progress)
    accounts = list(_worked(plan, by, progress))
    return _finish(plan, told, accounts, rows, bad)


def check_year(year: int) -> None:
    reading = shipped().reading
    first, last = reading["first_year"], reading["last_year"]
    if not first <= year <= last:
        raise UsageError(Message("year_without_law", {"first": first, "last": last}), value=str(year))


def parts_of(files: list[TableFile], workers: int, memory: int) -> int:
    """So many parts that the workers' parts fit into memory, and enough that a stop loses little."""
    fits = -(-sum(map(_room, files)) * workers // max(memory * 3 // 4, 1))
    size = sum(f.path.stat().st_size for f in files)
    return max(_LEAST, min(_MOST, max(fits, min(4 * workers, size // (1 << 18)))))


def _room(file: TableFile) -> int:
    """Bytes that a file's rows take in memory, about; of one that cannot be read whoever reads it says so."""
    import pyarrow.parquet as pq

    form = own_tables().get(file.table)
    if form is not None and not of_persons(form):
        return 0
    size = file.path.stat().st_size * _TIMES
    if file.path.suffix.lower() == ".parquet":
        with suppress(InputError), readable(file):
            size = pq.read_metadata(file.path).num_rows * _ROW
    return int(size)


def _described(plan: Plan, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    """All that a result depends on."""
    graph = Graph(shipped())
    return {
        "salyq": version("salyq"),
        "law": {"fingerprint": graph.fingerprint, "known": str(graph.known)},
        "year": plan.year,
        "choices": dict(plan.settings),
        "parts": plan.parts,
        **({"matches": True} if plan.matches else {}),
        "inputs": inputs,
    }


def _begin(out: Path, told: dict[str, Any]) -> None:
    """Makes `out`, or finds the same run in it. Anything else in it is refused, never overwritten."""
    path = out / PLAN
    if path.exists():
        if left(path) == told:
            return
        raise InputError(Message("population_other_run"), file=str(out))
    if out.exists() and any(out.iterdir()):
        raise InputError(Message("population_not_empty"), file=str(out))
    out.mkdir(parents=True, exist_ok=True)
    _write_json(path, told)


def spilled(plan: Plan, engine: Engine, progress: Progress) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Rows laid aside, by table, and the lines that were none; made once a run."""
    mark = plan.out / ROWS / "spilled.json"
    if not mark.exists():
        shutil.rmtree(plan.out / ROWS, ignore_errors=True)
        shutil.rmtree(plan.out / DONE, ignore_errors=True)
        _keep_quotes(plan)
        counted, bad = engine.lay_aside(plan, progress)
        told = [
            {
                "table": b.file.table,
                "file": b.file.name,
                "row": b.row,
                "value": b.text,
                "reason": b.reason.text(plan.lang),
            }
            for b in sorted(bad, key=lambda b: (b.file.number, b.row))
        ]
        mark.parent.mkdir(parents=True, exist_ok=True)
        _write_json(mark, {"rows": counted, "bad": told, "files": _sizes(mark.parent)})
    found = left(mark)
    if found.get("files") != _sizes(mark.parent):
        raise InputError(Message("population_left_damaged"), file=str(mark.parent))
    return found["rows"], found["bad"]


def _sizes(folder: Path) -> dict[str, int]:
    """The bytes of each file of rows laid aside."""
    return {p.relative_to(folder).as_posix(): p.stat().st_size for p in sorted(folder.glob("*/*.arrow"))}


def left(path: Path) -> dict[str, Any]:
    """What an earlier run said. InputError where it cannot be read any more."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise InputError(Message("population_left_damaged"), file=str(path)) from None
    return found


def _keep_quotes(plan: Plan) -> None:
    """The quotes go with the rows: a person can be looked up again without the input."""
    folder = plan.out / ROWS / QUOTES
    folder.mkdir(parents=True)
    for file in plan.files:
        form = own_tables().get(file.table)
        if form is not None and not of_persons(form):
            shutil.copyfile(file.path, folder / f"{form.name}-{file.number}{file.path.suffix.lower()}")


def _worked(plan: Plan, engine: Engine, progress: Progress) -> Iterator[dict[str, Any]]:
    """The account of each part: of those that are done already, then of each as it ends."""
    waiting, done = [], 0
    for part in range(plan.parts):
        path = plan.out / DONE / f"part-{part:05d}.json"
        if path.exists():
            done += 1
            yield left(path)
        else:
            waiting.append(part)
    progress(str(plan.out), done, plan.parts)
    for account in engine.work(plan, waiting) if waiting else ():
        yield account
        done += 1
        progress(str(plan.out), done, plan.parts)


def _finish(
    plan: Plan, told: dict[str, Any], accounts: list[dict[str, Any]], rows: dict[str, int], bad: list[dict[str, Any]]
) -> dict[str, Any]:
    """run.json: the accounts of all parts together; every row that was read ends in exactly one of them."""
    persons: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    counted: dict[str, Counter[str]] = {}
    figures: dict[str, dict[str, Any]] = {}
    for account in sorted(accounts, key=lambda a: int(a["part"])):
        persons.update(account["persons"])
        ways.update(account["ways"])
        for table, numbers in account["rows"].items():
            counted.setdefault(table, Counter()).update(numbers)
        for name, total in account["figures"].items():
            whole = figures.setdefault(name, {"known": 0, "unknown": 0, "not_applicable": 0, "sum": Decimal(0)})
            for state in ("known", "unknown", "not_applicable"):
                whole[state] += total[state]
            whole["sum"] = EXACT.add(whole["sum"], Decimal(total["sum"]))
    for table, numbers in counted.items():
        parts = numbers["used"] + numbers["ignored"] + numbers["rejected"]
        if not numbers["read"] == parts == rows.get(table, 0):
            raise AssertionError(f"rows of {table} do not add up: {rows.get(table)} read, {parts} told")
    for line in bad:
        counted.setdefault(line["table"], Counter()).update(read=1, rejected=1)
    result = {
        **told,
        "persons": dict(persons),
        "worked_out": {way: ways[way] for way in ("columns", "alone")},
        "rows": {t: {k: c[k] for k in ("read", "used", "ignored", "rejected")} for t, c in sorted(counted.items())},
        "figures": {n: {**f, "sum": _written(f["sum"])} for n, f in sorted(figures.items())},
        "no_rows": bad,
        "outputs": {t: f"{t}/part-*.parquet" for t in ((*TABLES, MATCHES) if plan.matches else TABLES)},
    }
    _write_json(plan.out / RUN, result)
    return result


def _written(total: Decimal) -> str:
    """With two places behind the point, or so many as it needs."""
    short = EXACT.normalize(total)
    exponent = short.as_tuple().exponent
    assert isinstance(exponent, int)
    return format(short.quantize(Decimal(1).scaleb(min(exponent, -2)), context=EXACT), "f")


def _write_json(path: Path, data: object) -> None:
    made = path.with_suffix(".tmp")
    made.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(made, path)
