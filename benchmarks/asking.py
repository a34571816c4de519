"""How long law takes to say something of an act: `python -m benchmarks.asking`, one line of JSON.

For every act: seconds of processor to read and compile its law (the first act also pays for what all share), and for
its example the median of several answers with all explanation trees, as JSON, once loaded.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from datetime import date

TIMES = 15


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
    return {"load": load, "answer": answer}


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
