"""The engine for many machines: Spark hands out tasks, tasks read and write files of a folder that all machines see.

No row passes through Spark: shipping decimal rows costs many times what the work itself does. A task of the first kind
lays the rows of a piece of a file aside, a task of the second works out one part. Either writes under a name of its own
and renames, so that a task that is tried again, or twice at once, leaves the same bytes.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError, SalyqError, UsageError
from salyq.civil.messages import Message
from salyq.population.aside import Laid, Piece, lay_aside_one, persons_alike, pieces, together
from salyq.population.engines import Account
from salyq.population.part import DONE, ROWS, Plan, work
from salyq.population.spill import Progress

_LOOK = 0.5  # seconds between two looks at what is done


@dataclass(frozen=True, slots=True)
class Spark:
    """`master` as Spark names it: local[2], spark://host:7077, yarn; "" takes what spark-submit says, else local[*]."""

    master: str = ""

    def lay_aside(self, plan: Plan, progress: Progress) -> Laid:
        persons_alike(plan.files)
        laid = together(plan, _run(self.master, [(plan, piece) for piece in pieces(plan.files)], _lay_aside_one))
        progress(str(plan.out / ROWS), sum(laid[0].values()), None)
        return laid

    def work(self, plan: Plan, parts: Sequence[int]) -> Iterator[Account]:
        done: list[Account] = []
        failed: list[BaseException] = []

        def ask() -> None:
            try:
                done.extend(_run(self.master, [(plan, p) for p in parts], _work_one))
            except BaseException as error:  # told by whoever waits
                failed.append(error)

        asked = threading.Thread(target=ask, daemon=True)
        asked.start()
        told: set[int] = set()
        while asked.is_alive():
            asked.join(_LOOK)
            for part in parts:  # a part that is marked is done, whatever Spark has heard of it
                if part not in told and _mark(plan, part).exists():
                    told.add(part)
                    yield _account(plan, part)
        if failed:
            raise failed[0]
        yield from (a for a in done if int(a["part"]) not in told)


def _mark(plan: Plan, part: int) -> Path:
    return plan.out / DONE / f"part-{part:05d}.json"


def _account(plan: Plan, part: int) -> Account:
    account: Account = json.loads(_mark(plan, part).read_text(encoding="utf-8"))
    return account


# ---- tasks: they run on any machine, and send back little ------------------------------------------------------------
def _lay_aside_one(task: tuple[Plan, Piece]) -> Laid:
    return lay_aside_one(*task)


def _work_one(task: tuple[Plan, int]) -> Account:
    return work(*task)


def _guarded(task: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What a person can mend comes back as it is: through Spark it would be a page of Java."""

    def run(what: Any) -> Any:
        try:
            return task(what), None
        except SalyqError as error:
            return None, error

    return run


def _run(master: str, tasks: Sequence[Any], task: Callable[[Any], Any]) -> list[Any]:
    if not tasks:
        return []
    spark = context(master)
    from py4j.protocol import Py4JError

    try:
        ended = spark.parallelize(list(tasks), len(tasks)).map(_guarded(task)).collect()
    except Py4JError as error:  # a machine that died for good, a full disk: Spark has tried four times
        raise InputError(Message("population_spark_failed", {"why": _cause(str(error))})) from None
    for _, fault in ended:
        if fault is not None:
            raise fault
    return [result for result, _ in ended]


def context(master: str) -> Any:
    """The one Spark of this process. UsageError where there is none to be had."""
    try:
        from py4j.protocol import Py4JError
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
    except ImportError:
        raise UsageError(Message("population_needs_spark"), column="--engine", value="spark") from None
    os.environ.setdefault(
        "PYSPARK_PYTHON", sys.executable
    )  # workers run the Python that has Salyq, not the first found
    conf = (
        SparkConf()
        .setAppName("salyq population")
        .set("spark.ui.enabled", "false")
        .set("spark.ui.showConsoleProgress", "false")
    )
    conf.setIfMissing("spark.log.level", "ERROR")
    if master:
        conf.setMaster(master)
    else:
        conf.setIfMissing("spark.master", "local[*]")
    try:
        return SparkContext.getOrCreate(conf)
    except (PySparkException, Py4JError, OSError) as error:  # no Java, a master that does not answer
        told = Message("population_no_spark", {"why": _cause(str(error) or type(error).__name__)})
        raise UsageError(told, column="--master", value=master) from None


def _cause(text: str) -> str:
    """The line of a long complaint that says what was wrong: the last one that names an error."""
    lines = [x.strip() for x in text.splitlines() if x.strip()]
    named = [x for x in lines if "Error" in x.partition(":")[0] and not x.startswith("at ")]
    return ((named or lines or ["?"])[-1])[:200]


def stop() -> None:
    """Ends the Spark of this process, if there is one."""
    try:
        from pyspark import SparkContext
    except ImportError:
        return
    running = SparkContext._active_spark_context  # there is no public way to ask without starting one
    if running is not None:
        running.stop()


__all__ = ["Spark", "context", "stop"]
