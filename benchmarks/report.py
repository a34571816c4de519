"""The measured figures as Markdown, for a terminal and for docs/performance.md."""

from __future__ import annotations

import math
import os
import platform
import sys
from pathlib import Path

from benchmarks.measure import Measured
from benchmarks.plan import (
    PROMISED,
    PROMISED_ANSWER,
    PROMISED_EXPLANATION,
    PROMISED_GROWTH,
    PROMISED_IMPORT,
    PROMISED_LAW,
    PROMISED_NATION_LAW,
    History,
    Import,
    OfYear,
    Report,
)

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
FORMS = {"records": "our own format", "binance": "Binance statement"}
BUSY = "our own format, all in one year"


def machine() -> str:
    """Processor, cores, system and Python, in a line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        named = [x for x in cpuinfo.read_text(encoding="utf-8").splitlines() if x.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    load = f", load at the end {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}{load}"
    )


def seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def kept(value: float, promise: float | None) -> str:
    if promise is None:
        return "|"
    return f"{seconds(promise)} | {'yes' if value < promise else '**no**'}"


def line(name: str, m: Measured, promise: float | None) -> str:
    if not m.runs:
        return f"| {name} | failed: {m.failed} | | | |  | |"
    low, high = m.spread
    return (
        f"| {name} | {seconds(m.wall)} | {seconds(low)} to {seconds(high)} ({len(m.runs)}) | {seconds(m.cpu)} "
        f"| {m.peak / 2**20:.0f} MB | {kept(m.wall, promise)} |"
    )


def start_table(report: Report) -> list[str]:
    head = ["| what | wall | least to most (runs) | processor | peak memory | promised under | kept |"]
    head.append("|---|---|---|---|---|---|---|")
    lines = [line(m.name, m, PROMISED.get(m.name)) for m in report.start]
    for case, times in report.explained.items():
        if not times:
            lines.append(f"| one figure of {case} explained | no known figure to explain | | | | | |")
            continue
        name, worst = max(times.items(), key=lambda item: item[1])
        lines.append(
            f"| one figure of {case} explained, once loaded: the slowest of {len(times)} ({name}) "
            f"| {seconds(worst)} | | | | {kept(worst, PROMISED_EXPLANATION)} |"
        )
    told = (
        ("load", "law of one act read and compiled", PROMISED_LAW),
        ("answer", "one answer of ask", PROMISED_ANSWER),
    )
    for key, what, promise in told:
        for name, worst in sorted(report.asked.get(key, {}).items(), key=lambda item: item[1])[-1:]:
            count = len(report.asked[key])
            lines.append(f"| {what}, the slowest of {count} ({name}) | | | {fine(worst)} | | {kept(worst, promise)} |")
    return head + lines


def fine(value: float) -> str:
    """Milliseconds with a decimal."""
    return f"{value * 1000:.1f} ms"


def history_table(histories: list[History]) -> list[str]:
    lines = [
        "| history | read, matched, assessed | processor | peak memory | rows a second "
        "| `csv.reader` alone | plain lot queues | times the queues |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for h in histories:
        name = f"{h.rows:,} rows, {FORMS[h.form]}"
        if not (h.whole.runs and h.csv.runs and h.lots.runs):
            lines.append(f"| {name} | failed: {h.whole.failed or h.csv.failed or h.lots.failed} | | | | | | |")
            continue
        lines.append(
            f"| {name} | {seconds(h.whole.wall)} | {seconds(h.whole.cpu)} | {h.whole.peak / 2**20:.0f} MB "
            f"| {h.rows / h.whole.wall:,.0f} | {seconds(h.csv.wall)} | {seconds(h.lots.wall)} "
            f"| {h.whole.wall / h.lots.wall:.1f} × |"
        )
    return lines


def growth_lines(histories: list[History]) -> list[str]:
    """How time grows with rows: t ~ rows^e over the two sizes of a format; start-up included."""
    lines = []
    for form, shown in FORMS.items():
        sizes = sorted((h for h in histories if h.form == form and h.whole.runs), key=lambda h: h.rows)
        if len(sizes) < 2:
            continue
        small, large = sizes[0], sizes[-1]
        exponent = math.log(large.whole.wall / small.whole.wall) / math.log(large.rows / small.rows)
        each = (large.whole.wall - small.whole.wall) / (large.rows - small.rows) * 1e6
        lines.append(
            f"- {shown}, {small.rows:,} to {large.rows:,} rows: time grows as rows^{exponent:.2f} "
            f"(1 is linear); each further row takes {each:.0f} µs."
        )
    return lines


def import_table(imports: list[Import]) -> list[str]:
    """Statements that overlap: what is promised for one size, and how time grows."""
    lines = [
        "| import with repeats settled | wall | processor | peak memory | promised | kept |",
        "|---|---|---|---|---|---|",
    ]
    for i in imports:
        name = f"Binance statement, {i.rows:,} rows, and its later half again"
        if not i.whole.runs:
            lines.append(f"| {name} | failed: {i.whole.failed} | | | | |")
            continue
        rows, limit, memory = PROMISED_IMPORT
        promise = f"{seconds(limit)}, {memory / 2**20:.0f} MB" if i.rows == rows else ""
        met = i.whole.wall < limit and i.whole.peak < memory
        lines.append(
            f"| {name} | {seconds(i.whole.wall)} | {seconds(i.whole.cpu)} | {i.whole.peak / 2**20:.0f} MB | {promise} "
            f"| {('yes' if met else '**no**') if promise else ''} |"
        )
    sizes = [i for i in imports if i.whole.runs]
    if len(sizes) > 1:
        small, large = sizes[0], sizes[-1]
        exponent = math.log(large.whole.cpu / small.whole.cpu) / math.log(large.rows / small.rows)
        verdict = "yes" if exponent <= PROMISED_GROWTH else "**no**"
        lines += [
            "",
            f"- imports, {small.rows:,} to {large.rows:,} rows: processor time grows as rows^{exponent:.2f} "
            f"(promised: at most {PROMISED_GROWTH}; kept: {verdict}).",
        ]
    return lines


def year_table(years: list[OfYear]) -> list[str]:
    """Every promised year: busy ones (with sales) and quiet ones."""
    if not years:
        return []
    lines = ["| one year of a history | wall | processor | peak memory | a row | a movement | promised | kept |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for y in years:
        name = f"{y.year}, {y.rows:,} rows, {FORMS.get(y.form, BUSY)}, {y.movements:,} movements"
        if not y.whole.runs:
            lines.append(f"| {name} | failed: {y.whole.failed} | | | | | | |")
            continue
        each = f"{y.whole.cpu / y.rows * 1e6:.0f} µs | {y.whole.cpu / y.movements * 1e6:.0f} µs"
        memory = f"{y.whole.peak / 2**20:.0f} MB"
        told = "|"
        if y.promised is not None:
            limit, most = y.promised
            met = y.whole.wall < limit and y.whole.peak < most
            told = f"{seconds(limit)}, {most / 2**20:.0f} MB | {'yes' if met else '**no**'}"
        lines.append(f"| {name} | {seconds(y.whole.wall)} | {seconds(y.whole.cpu)} | {memory} | {each} | {told} |")
    return lines


def country_table(report: Report) -> list[str]:
    if not report.countries:
        return []
    lines = [
        "| a made-up country | persons | records | wall | processor | peak memory | a record |",
        "|---|---|---|---|---|---|---|",
    ]
    for c in report.countries:
        if not c.whole.runs:
            lines.append(f"| {c.name} | {c.persons:,} | {c.rows:,} | failed: {c.whole.failed} | | | |")
            continue
        lines.append(
            f"| {c.name} | {c.persons:,} | {c.rows:,} | {seconds(c.whole.wall)} | {seconds(c.whole.cpu)} "
            f"| {c.whole.peak / 2**20:.0f} MB | {c.whole.cpu / c.rows * 1e6:.1f} µs |"
        )
    if report.law:
        each = report.law["cpu"] / report.law["persons"]
        lines += [
            "",
            f"- the income tax of 2026, five figures of {report.law['persons']:,} persons by columns: "
            f"{report.law['cpu']:.2f} processor seconds ({each * 1e9:.0f} ns a person; promised for ten million: "
            f"{PROMISED_NATION_LAW} s; kept: {'yes' if each * 1e7 <= PROMISED_NATION_LAW else '**no**'}).",
        ]
    return lines


def markdown(report: Report, version: str) -> str:
    """All tables. Medians; whole processes, interpreter and imports included."""
    parts = [
        f"Salyq {version}. {machine()}. Medians of whole processes, interpreter and imports included, measured in one "
        f"go of {report.seconds:.0f} s with `make bench`.",
        "",
        *start_table(report),
        "",
        *history_table(report.histories),
        "",
        *growth_lines(report.histories),
        "",
        *year_table(report.years),
        "",
        *import_table(report.imports),
        "",
        *country_table(report),
    ]
    if report.failures:
        parts += ["", "Not measured:", *(f"- {x}" for x in report.failures)]
    return "\n".join(parts).rstrip() + "\n"


def write_between(path: Path, text: str) -> None:
    """Puts `text` between the two marks of a page and leaves the rest as it is."""
    page = path.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{path}: no place for figures: it needs the lines {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
