"""How large a cluster must be for a country, from rates that were measured on one machine.

python -m benchmarks.cluster [--persons 20000000] [--records 10000000000]      prints the table of docs/population.md

The rates stand below with what they were measured on; measure your own (`salyq population assess` of
`python -m benchmarks.country`) and change them where your machines differ.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

MOST_PARTS = 4096  # population/run.py


@dataclass(frozen=True)
class Rates:
    """Measured on two cores of a virtual Intel Xeon, one worker, 40,000 persons with 1,099,145 sorted records; what a
    person alone, the disk and memory take, on an AMD EPYC under load."""

    record_ns: int = 7_000  # processor time of one record, by columns, from file to figures: 7.6 s, start included
    alone_share: int = 66  # assumed: one person in so many is worked out alone (transfers, sole proprietors, gaps)
    alone_us: int = 16_000  # processor time of such a person
    input_bytes: int = 20  # Parquet, zstd, a record
    rows_bytes: int = 59  # laid aside by person, a record
    output_bytes: int = 62  # figures, duties, findings, a person
    part_bytes: int = 2_800  # memory of a record of the part that is worked on (30,119,545 records, two workers)
    base_bytes: int = 150 << 20  # memory of a worker before that
    used_percent: int = 70  # of the cores' time, the rest is waiting, starting, the last tasks


@dataclass(frozen=True)
class Size:
    """Core hours of the work, cores for a run of so many hours, bytes of memory a worker, bytes of disk."""

    core_hours: int
    cores: dict[int, int]
    worker: int
    disk: int


def size(persons: int, records: int, rates: Rates, hours: tuple[int, ...] = (1, 4, 24)) -> Size:
    nanoseconds = records * rates.record_ns + persons // rates.alone_share * rates.alone_us * 1000
    core_hours = -(-nanoseconds // (3600 * 10**9))
    cores = {h: -(-core_hours * 100 // (h * rates.used_percent)) for h in hours}
    in_part = -(-records // MOST_PARTS)
    worker = rates.base_bytes + in_part * rates.part_bytes
    disk = records * (rates.input_bytes + rates.rows_bytes) + persons * rates.output_bytes
    return Size(core_hours, cores, worker, disk)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000_000)
    parser.add_argument("--records", type=int, default=10_000_000_000)
    given = parser.parse_args()
    found = size(given.persons, given.records, Rates())
    print(f"| {given.persons:,} persons, {given.records:,} records | |")
    print("|---|---|")
    print(f"| work | {found.core_hours} core hours |")
    for hours, cores in found.cores.items():
        print(f"| cores for a run of {hours} h | {cores} |")
    print(f"| memory of a worker ({MOST_PARTS:,} parts, one core each) | {found.worker / 10**9:.1f} GB |")
    print(f"| shared disk (input, rows laid aside, output) | {found.disk / 10**9:,.0f} GB |")


if __name__ == "__main__":
    main()
