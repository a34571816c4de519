"""Write the CSV files of the example cases: made up, coherent, and the same bytes on every machine.

    python examples/make_examples.py              writes them in place
    python examples/make_examples.py --to DIR     writes them below DIR

Needs nothing but Python. person.toml and README.md of each case are written by hand and left alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from making import aliya_files, temir_files


def main() -> None:
    """Write both cases."""
    parser = argparse.ArgumentParser(description="Write the CSV files of the example cases.")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent, help="folder for the cases")
    target: Path = parser.parse_args().to
    for case, files in (("aliya", aliya_files.files()), ("temir-mining", temir_files.files())):
        for name, content in files.items():
            path = target / case / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"{case}/{name}: {content.count(10) - 1} rows")


if __name__ == "__main__":
    main()
