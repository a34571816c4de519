"""What is measured, in which order, and what was promised for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.histories import BUSY, YEAR, movements
from benchmarks.measure import Measured, measure

ROOT = Path(__file__).resolve().parents[1]
SALYQ = str(Path(sys.executable).with_name("salyq"))
YEARS = (2023, 2024, 2025, 2026)
COUNT = """
import json, sys
from pathlib import Path
import pyarrow.parquet as pq
folder = Path(sys.argv[1])
rows = {p.stem: pq.read_metadata(p).num_rows for p in folder.glob("*.parquet")}
(folder.parent / (folder.name + ".json")).write_text(json.dumps(rows))
"""  # beside the folder, in which only tables may stand
SHIPPED = (("aliya", 2025), ("temir-mining", 2026))
PROMISED = {"import salyq": 0.1, "salyq --help": 0.3, "aliya 2025": 1.0, "temir-mining 2026": 1.0}
EXPLAINED = "one figure explained after assess, 100,000 own rows, a process of its own"
PROMISED[EXPLAINED] = 0.5
PROMISED_EXPLANATION = 0.05
PROMISED_LAW = 0.08  # the law of one act, read and compiled
PROMISED_NATION_LAW = 1.5  # processor seconds: income tax of ten million persons
PROMISED_ANSWER = 0.005  # one answer of ask with its trees, once loaded
PROMISED_YEAR = {  # of one person, any year: seconds, bytes at the peak
    ("records", 100_000): (2.0, 400 * 2**20),
    ("binance", 100_000): (2.0, 400 * 2**20),
    ("busy", 30_000): (1.0, 400 * 2**20),
    ("records", 1_000_000): (12.0, 1200 * 2**20),
}
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
class OfYear:
    """One year of a history of the fewest promises: a quiet one, or one with many sales."""

    form: str
    rows: int
    year: int
    movements: int
    whole: Measured

    @property
    def promised(self) -> tuple[float, int] | None:
        """Seconds and bytes at most."""
        return PROMISED_YEAR.get((self.form, self.rows))


@dataclass
class Country:
    """A run over a made-up country; `rows` of records."""

    name: str
    persons: int
    rows: int
    whole: Measured


@dataclass
class Report:
    start: list[Measured] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    years: list[OfYear] = field(default_factory=list)
    countries: list[Country] = field(default_factory=list)
    law: dict[str, float] = field(default_factory=dict)  # persons, cpu: income tax of a year for so many
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
        self.every_year(10_000 if self.quick else 100_000)
        self.large_years()
        for rows in (10_000,) if self.quick else (10_000, 100_000, 1_000_000):
            self.overlap(rows)
        self.country()
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

    def every_year(self, rows: int) -> None:
        """Every year that is promised, over the histories that are there already."""
        for form in ("records", "binance"):
            folder = self.scratch / f"{form}-{rows}"
            for year in YEARS:
                command = [SALYQ, "assess", str(folder), "--year", str(year), "--format", "json"]
                whole = self.measure(f"{rows:,} rows, {form}, {year}", command, 1, timeout=600)
                if (form, rows, year) == ("records", 100_000, YEAR):
                    figure = "personal_income_tax.tax_due"
                    ask = [SALYQ, "explain", str(folder), "--year", str(year), "--figure", figure]
                    self.report.start.append(self.measure(EXPLAINED, ask, 3))
                self.report.years.append(OfYear(form, rows, year, movements(rows, form == "binance"), whole))

    def large_years(self) -> None:
        """One person with all rows in one year; and, but for a quick run, with a million."""
        for form, rows, first in (("busy", 30_000, BUSY), *(() if self.quick else (("records", 1_000_000, 0),))):
            folder = self.scratch / f"{form}-{rows}"
            make = [sys.executable, "-m", "benchmarks", "--make", form, str(rows), str(folder)]
            subprocess.run(make, check=True, cwd=ROOT, timeout=600)
            command = [SALYQ, "assess", str(folder), "--year", str(YEAR), "--format", "json"]
            whole = self.measure(f"{rows:,} rows, {form}, {YEAR}", command, 1, timeout=600)
            self.report.years.append(OfYear(form, rows, YEAR, movements(rows, False, first), whole))

    def country(self) -> None:
        """Made-up countries: all at once, a few one by one, the floor, two laws; and the law alone for millions."""
        large, small = (1_000, 100) if self.quick else (20_000, 1_000)
        for persons in (large, small):
            make = [SALYQ, "population", "sample", str(self.scratch / f"country-{persons}"), "--persons", str(persons)]
            subprocess.run(make, check=True, cwd=ROOT, timeout=600, stdout=subprocess.DEVNULL)
        nation = [sys.executable, "-m", "benchmarks.nation"]
        one = ["--year", str(YEAR), "--workers", "1"]
        reform = ["--reform", str(ROOT / "examples" / "reforms" / "losses-net.toml"), *one]

        def run(name: str, persons: int, made: Callable[[str, str], list[str]]) -> None:
            folder, out = self.scratch / f"country-{persons}", self.scratch / f"out-{len(self.report.countries)}"
            whole = self.measure(f"{name}, {persons:,} persons", made(str(folder), str(out)), 1, timeout=600)
            rows = int(json.loads(folder.with_name(f"{folder.name}.json").read_text())["records"])
            self.report.countries.append(Country(name, persons, rows, whole))

        for persons in (large, small):
            folder = self.scratch / f"country-{persons}"
            count = [sys.executable, "-c", COUNT, str(folder)]
            subprocess.run(count, check=True, timeout=60)
        run("assessed by columns", large, lambda i, o: [SALYQ, "population", "assess", i, o, *one])
        run("assessed one by one", small, lambda i, o: [*nation, "alone", i, o, str(YEAR)])
        run("read and written by PyArrow alone", large, lambda i, o: [*nation, "floor", i, o])
        run("compared under a reform", large, lambda i, _: [SALYQ, "population", "compare", i, *reform])
        persons = 1_000_000 if self.quick else 10_000_000
        print(f"  the law of income tax for {persons:,} persons …", file=sys.stderr, flush=True)
        done = subprocess.run([*nation, "law", str(persons)], capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            self.report.failures.append(
                f"law for {persons:,} persons: {(done.stderr.strip().splitlines() or [''])[-1]}"
            )
        else:
            self.report.law = json.loads(done.stdout)
