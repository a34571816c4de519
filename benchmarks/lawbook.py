"""`python -m benchmarks.lawbook`: the law book as a whole process; a year under a reform once loaded. Markdown."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import run_once

SALYQ = str(Path(sys.executable).with_name("salyq"))
RUNS = 3
CASES = (("examples/aliya", 2026), ("examples/temir-mining", 2026))
REFORM = "examples/reforms/one-rate.toml"


def book() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = []
        for n in range(RUNS):
            run, code = run_once([SALYQ, "law", "book", "--to", str(folder / f"book{n}")], folder / "errors", 600)
            assert code == 0, (folder / "errors").read_text()
            runs.append(run)
        files = list((folder / "book0").rglob("*.html"))
        size = sum(p.stat().st_size for p in files)
        cpu = statistics.median(r.cpu for r in runs)
        memory = statistics.median(r.peak for r in runs)
        print(
            f"| law book | {len(files)} pages, {size / 1e6:.1f} MB | {cpu:.1f} s of processor | {memory / 1e6:.0f} MB |"
        )


def reform() -> None:
    from salyq.app import api
    from salyq.law.reforms import read
    from salyq.rulebook.reform import reformed_graph

    for folder, year in CASES:
        case, laid = api.read_case(folder), read(REFORM)
        graph = api.assess(case, year, alternatives=False, reform=laid)
        seconds: dict[str, list[float]] = {"as law stands": [], "under the reform": []}
        for _ in range(9):
            for name, under in (("as law stands", None), ("under the reform", laid)):
                begin = time.process_time()
                api.assess(case, year, alternatives=False, reform=under)
                seconds[name].append(time.process_time() - begin)
        stands, under_it = (1000 * statistics.median(s) for s in seconds.values())
        told = ", ".join(f"{name} {1000 * statistics.median(s):.0f} ms" for name, s in seconds.items())
        print(f"| {folder} {year} | {told}: {under_it - stands:.0f} ms more | {len(graph.figures)} figures | |")
    from salyq.assessing.year import law_graph

    begin = time.process_time()
    for _ in range(100):
        reformed_graph(law_graph(api.shipped().known), laid)
    print(f"| the law under a reform | {10 * (time.process_time() - begin):.2f} ms | | |")


def law() -> None:
    """A fresh process each: what reading the law of taxes takes, its modules' byte code being there already."""
    program = (
        "import time\nfrom salyq.law import shipped\nbegin = time.process_time()\nshipped()\n"
        "print(1000 * (time.process_time() - begin))"
    )
    with tempfile.TemporaryDirectory() as name:
        own = {**os.environ, "PYTHONPYCACHEPREFIX": name, "PYTHONDONTWRITEBYTECODE": ""}
        runs = [
            float(subprocess.run([sys.executable, "-c", program], env=own, capture_output=True, check=True).stdout)
            for _ in range(10)
        ]
    print(f"| law of taxes read, a fresh process | {statistics.median(runs[1:]):.0f} ms | | |")


if __name__ == "__main__":
    law()
    book()
    reform()
