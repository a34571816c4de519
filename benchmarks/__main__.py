"""`python -m benchmarks [--quick] [--write PAGE]`: measures, prints Markdown, exits 1 when something did not run."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
import tempfile
from pathlib import Path

from benchmarks.histories import BUSY, write_case, write_overlap
from benchmarks.plan import Plan
from benchmarks.report import markdown, write_between


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="fewer runs, no 100,000-row histories (about half a minute)"
    )
    parser.add_argument("--write", metavar="PAGE", type=Path, help="put the tables between the marks of this page")
    parser.add_argument("--budget", metavar="SECONDS", type=float, default=420, help="after this long, one run each")
    parser.add_argument(
        "--make",
        nargs=3,
        metavar=("FORM", "ROWS", "FOLDER"),
        help="only make a history: records, binance, busy (one year) or overlap",
    )
    return parser.parse_args()


def main() -> int:
    chosen = options()
    if chosen.make:
        form, rows, folder = chosen.make
        if form == "overlap":
            print(*write_overlap(Path(folder), int(rows)), file=sys.stderr)
            return 0
        first = BUSY if form == "busy" else 0
        print(write_case(Path(folder), int(rows), form == "binance", first=first), file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="salyq-bench-") as scratch:
        report = Plan(Path(scratch), quick=chosen.quick, budget=chosen.budget).run()
    text = markdown(report, importlib.metadata.version("salyq"))
    print(text, end="")
    for failure in report.failures:
        print(failure, file=sys.stderr)
    if chosen.write and not report.failures:
        write_between(chosen.write, text)
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
