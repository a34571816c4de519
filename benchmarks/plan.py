"""What is measured, in which order, and what was promised for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.histories import YEAR
from benchmarks.measure import Measured, measure

ROOT = Path(__file__).resolve().parents[1]
SALYQ = str(Path(sys.executable).with_name("salyq"))
SHIPPED = (("aliya", 2025), ("temir-mining", 2026))
PROMISED = {"import salyq": 0.1, "salyq --help": 0.3, "aliya 2025": 1.0, "temir-mining 2026": 1.0}
PROMISED_EXPLANATION = 0.05
PROMISED_LAW = 0.08  # the law of one act, read and compiled
PROMISED_ANSWER = 0.005  # one answer of ask with its trees, once loaded
PROMISED_IMPORT = (100_000, 5.0, 400 * 2**20)  # rows, seconds, bytes: with an overlapping half, repeats settled
PROMISED_GROWTH = 1.05  # exponent of an import's time, from the fewest rows to the most


@dataclass
class History:
    """One made-up history: the whole command, and the two floors over the same file."""

    form: str  # records | binance
    rows: int
    whole: Measured
    csv: Measured
    lots: Measured


@dataclass
class Import:
    """A Binance statement and its later half once more: read, with repeats settled; and assessed no further."""

    rows: int
    whole: Measured


@dataclass
class Report:
    start: list[Measured] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    explained: dict[str, dict[str, float]] = field(default_factory=dict)  # case -> figure -> seconds
    asked: dict[str, dict[str, float]] = field(default_factory=dict)  # load | answer -> act -> processor seconds
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Plan:
    """Runs everything into a Report. `say` is told what begins; `budget` seconds bound the repetitions."""

    def __init__(self, scratch: Path, *, quick: bool, budget: float) -> None:
        self.scratch, self.quick, self.budget = scratch, quick, budget
        self.began = time.perf_counter()
        self.report = Report()

    def run(self) -> Report:
        self.start_up()
        self.explanations()
        self.asking()
        for rows in (10_000,) if self.quick else (10_000, 100_000):
            for form in ("records", "binance"):
                self.history(form, rows)
        for rows in (10_000,) if self.quick else (10_000, 100_000, 1_000_000):
            self.overlap(rows)
        self.report.seconds = time.perf_counter() - self.began
        return self.report

    def measure(self, name: str, command: list[str], times: int, timeout: float = 300) -> Measured:
        print(f"  {name} …", file=sys.stderr, flush=True)
        if time.perf_counter() - self.began > self.budget:
            times = 1  # every figure is still measured, the median of one run
        result = measure(name, command, times, self.scratch, timeout=timeout)
        if result.failed:
            self.report.failures.append(f"{name}: {result.failed}")
        return result

    def start_up(self) -> None:
        times = 3 if self.quick else 9
        commands = {
            "python alone": [sys.executable, "-c", "pass"],
            "import salyq": [sys.executable, "-c", "import salyq"],
            "salyq --help": [SALYQ, "--help"],
            "salyq ask transfer": [SALYQ, "ask", "transfer", "provider=aifc", "at=2026-06-15"],
        }
        for case, year in SHIPPED:
            commands[f"{case} {year}"] = [SALYQ, "assess", str(ROOT / "examples" / case), "--year", str(year)]
        self.report.start = [self.measure(name, command, times) for name, command in commands.items()]

    def explanations(self) -> None:
        for case, year in SHIPPED:
            print(f"  explaining every figure of {case} {year} …", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "benchmarks.explained", str(ROOT / "examples" / case), str(year)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=300)
            if done.returncode:
                said = done.stderr.strip().splitlines()
                self.report.failures.append(f"explaining {case} {year}: {said[-1] if said else done.returncode}")
            else:
                self.report.explained[f"{case} {year}"] = json.loads(done.stdout)["explain"]

    def asking(self) -> None:
        print("  asking law of every act …", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks.asking"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=300)
        if done.returncode:
            said = done.stderr.strip().splitlines()
            self.report.failures.append(f"asking: {said[-1] if said else done.returncode}")
        else:
            self.report.asked = json.loads(done.stdout)

    def history(self, form: str, rows: int) -> None:
        folder = self.scratch / f"{form}-{rows}"
        make = [sys.executable, "-m", "benchmarks", "--make", form, str(rows), str(folder)]
        subprocess.run(make, check=True, cwd=ROOT, timeout=300)
        file = next(p for p in folder.glob("*.csv"))
        times = 1 if self.quick else 3
        floor = [sys.executable, str(Path(__file__).with_name("floor.py"))]
        command = [SALYQ, "assess", str(folder), "--year", str(YEAR), "--format", "json"]
        name = f"{rows:,} rows, {form}"
        self.report.histories.append(
            History(
                form,
                rows,
                self.measure(name, command, times, timeout=600),
                self.measure(f"{name}: csv.reader alone", [*floor, "csv", str(file)], max(times, 3)),
                self.measure(f"{name}: the lot queues in plain Python", [*floor, "lots", str(file)], max(times, 3)),
            )
        )

    def overlap(self, rows: int) -> None:
        folder = self.scratch / f"overlap-{rows}"
        make = [sys.executable, "-m", "benchmarks", "--make", "overlap", str(rows), str(folder)]
        subprocess.run(make, check=True, cwd=ROOT, timeout=300)
        times = 1 if self.quick or rows > 100_000 else 3
        name = f"{rows:,} rows and half of them again"
        self.report.imports.append(Import(rows, self.measure(name, [SALYQ, "read", str(folder)], times, timeout=600)))
