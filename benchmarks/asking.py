"""How long law takes to say something of an act: `python -m benchmarks.asking`, one line of JSON.

For every act: seconds of processor to read and compile its law (the first act also pays for what all share), and for
its example the median of several answers with all explanation trees, as JSON, once loaded. `rule`: of one simple rule
by `law.ask`, without files and without a case, the mean of many.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from datetime import date

TIMES, MANY = 15, 2000


def main() -> dict[str, dict[str, float]]:
    from salyq.app.asking import ask_act
    from salyq.law.asked.asking import graph_of, law_of
    from salyq.law.asked.catalogue import acts

    load: dict[str, float] = {}
    answer: dict[str, float] = {}
    for act in acts().values():
        law_of.cache_clear()
        begin = time.process_time()
        _ = graph_of(act.name).fingerprint
        load[act.name] = time.process_time() - begin
    for act in acts().values():
        on, facts = question(act.example)
        runs = []
        for _ in range(TIMES):
            begin = time.process_time()
            said = ask_act(act.name, facts, on).as_json()
            runs.append(time.process_time() - begin)
            assert said["act"] == act.name
        answer[act.name] = statistics.median(runs[1:])
    return {"load": load, "answer": answer, "rule": {SIMPLE: of_one_rule()}}


SIMPLE = "mining_fee.tariff"


def of_one_rule() -> float:
    from salyq import law

    facts = {"metered": True, "licensed": True, "own_plant": False, "renewable": False, "grid_connected": True}
    on = date(2026, 2, 1)
    assert law.ask(SIMPLE, facts, on).value == 2
    begin = time.process_time()
    for _ in range(MANY):
        law.ask(SIMPLE, facts, on)
    return (time.process_time() - begin) / MANY


def question(example: str) -> tuple[date | None, dict[str, str]]:
    """The day and the facts of `salyq ask ACT …`."""
    words = example.split()[3:]
    on = None
    if "--on" in words:
        at = words.index("--on")
        on = date.fromisoformat(words[at + 1])
        del words[at : at + 2]
    pairs = (word.partition("=") for word in words)
    return on, {name: value for name, _, value in pairs}


if __name__ == "__main__":
    print(json.dumps(main()))
    sys.exit(0)
