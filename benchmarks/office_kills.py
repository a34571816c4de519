"""Two hundred kills −9 of the whole server at random moments over procedures and imports: `python -m
benchmarks.office_kills`.

Nothing that was answered may be lost, nothing may be doubled, and the log must recompute after each
(tests/office/killing).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.office.killing import Killer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = Killer(Path(folder) / "office", wanted.seed).run(wanted.kills)
    print(done, f"{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
