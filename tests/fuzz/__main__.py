"""`python -m tests.fuzz --seconds N [--seed S]`: made-up and damaged files for every reader until the time is over,
then a few giants (tests/fuzz/giants.py). Prints how many files were tried and the most memory that was used; exits 1 at
the first file that is neither read nor refused in one line, and leaves it where it says."""

from __future__ import annotations

import argparse
import contextlib
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.fuzz.checks import check_file, check_mapped
from tests.fuzz.files import a_file, a_mapped_case
from tests.fuzz.giants import GIANTS, check_giant

BATCH = 250
MOST_MEMORY = 1000  # MB
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def batch(folder: Path, number: int, tried: Counter[str]) -> None:
    """A few hundred files of each sort."""
    how = settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        suppress_health_check=list(QUIET),
        phases=[Phase.generate, Phase.shrink],
    )

    @seed(number)
    @how
    @given(made=a_file())
    def files(made: tuple[str, bytes]) -> None:
        tried[f"{made[0][5:]} {check_file(folder, *made)}"] += 1

    @seed(number)
    @how
    @given(made=a_mapped_case())
    def mapped(made: tuple[bytes, str, bytes]) -> None:
        tried[f"mapped {check_mapped(folder, *made)}"] += 1

    files()
    mapped()


def memory() -> int:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1 << 20)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="another seed, other files")
    parser.add_argument("--small", action="store_true", help="giants of a hundredth of their size")
    chosen = parser.parse_args()
    begun, number, tried = time.monotonic(), chosen.seed, Counter[str]()
    with tempfile.TemporaryDirectory(prefix="salyq-fuzz-") as name, contextlib.ExitStack() as kept:
        folder = Path(name)
        try:
            while time.monotonic() - begun < chosen.seconds:
                batch(folder, number, tried)
                number += 1
            for giant in GIANTS:
                tried[f"giant {check_giant(folder, giant, small=chosen.small)}"] += 1
        except BaseException as error:
            if not isinstance(error, KeyboardInterrupt):
                print(f"seed {number}: {type(error).__name__}: {error}")
            kept.pop_all()
            raise
    taken = int(time.monotonic() - begun)
    print(f"{tried.total()} files in {taken} s, {memory()} MB at most; no crash, no hang")
    for what, count in sorted(tried.items()):
        print(f"  {count:>7}  {what}")
    return int(memory() > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
