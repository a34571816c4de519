"""The physical floor, in plain Python without Salyq: `python -m benchmarks.floor csv|lots FILE`.

`csv` only reads the file with `csv.reader`. `lots` also turns each row into exact whole numbers and walks the first-in
first-out queues, quantities only: the least that any program in Python has to do. What Salyq takes beyond that is law,
prices, evidence and explanation.
"""

from __future__ import annotations

import csv
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

UNIT_DIGITS = 18
OUT = {"sell"}
MONEY = {"KZT", "USD", ""}


def scaled(text: str) -> int:
    """A plain decimal in 10⁻¹⁸."""
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(UNIT_DIGITS, "0"))


def movements(row: list[str]) -> Iterator[tuple[str, int]]:
    """The signed quantities a row moves: a leg of a statement, or a record of ours with its other leg and its fee."""
    if len(row) == 7:
        if row[4] not in MONEY:
            yield row[4], scaled(row[5])
        return
    sign = -1 if row[1] in OUT else 1
    yield row[2], sign * scaled(row[3])
    if row[5] not in MONEY:
        yield row[5], -sign * scaled(row[4])
    if row[6]:
        yield row[7], -scaled(row[6])


def walk_lots(path: Path) -> int:
    """First in, first out over the whole file; answers how many (disposal, lot) pieces there were."""
    queues: dict[str, deque[list[int]]] = {}
    pieces: list[tuple[int, int, int]] = []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for line, row in enumerate(rows, 2):
            for asset, quantity in movements(row):
                queue = queues.setdefault(asset, deque())
                if quantity > 0:
                    queue.append([line, 0, quantity])
                    continue
                wanted = -quantity
                while wanted and queue:
                    lot = queue[0]
                    taken = min(wanted, lot[2] - lot[1])
                    pieces.append((lot[0], lot[1], lot[1] + taken))
                    lot[1] += taken
                    wanted -= taken
                    if lot[1] == lot[2]:
                        queue.popleft()
    return len(pieces)


def read_only(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


if __name__ == "__main__":
    what, name = sys.argv[1:]
    print({"csv": read_only, "lots": walk_lots}[what](Path(name)))
