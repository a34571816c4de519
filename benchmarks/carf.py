"""`python -m benchmarks.carf [USERS …]`: CARF messages of made-up users, whole processes, beside the floors.

For each number of users: `salyq carf build` from two CSV files (three operations a user), then two floors over the same
files: `csv.reader` over what was read, and lxml alone reading what was written against the schema. Prints Markdown.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measured, run_once

SALYQ = str(Path(sys.executable).with_name("salyq"))
USERS = (20_000, 100_000)
USER_COLUMNS = (
    "id,kind,first_name,last_name,name,birth_date,address,city,country,residence,tin,tin_country,controlling_of,"
    "ctrlg_type"
)
OPERATION_COLUMNS = "user,time,asset,kind,units,amount,currency,transfer_type,exchange,wallet"
KINDS = (
    "crypto_to_crypto_in", "crypto_to_crypto_out", "crypto_fiat_in", "crypto_fiat_out", "transfer_in", "transfer_out",
    "transfer_wallet", "retail_payment",
)  # fmt: skip
CSV = "import csv,sys\nfor p in sys.argv[1:]:\n    for row in csv.reader(open(p, encoding='utf-8', newline='')): pass"
LXML = (
    "import sys\nfrom lxml import etree\nfrom salyq.forms.carf.check import schema\n"
    "for _, e in etree.iterparse(sys.argv[1], tag='{*}CryptoUsers', schema=schema()):\n"
    "    e.clear()\n    while e.getprevious() is not None: del e.getparent()[0]"
)


def write_users(folder: Path, count: int) -> None:
    """Two files of made-up users and operations, the same bytes every time."""
    chance = random.Random(7)
    with (folder / "users.csv").open("w", newline="") as one, (folder / "operations.csv").open("w", newline="") as two:
        users, operations = csv.writer(one), csv.writer(two)
        users.writerow(USER_COLUMNS.split(","))
        operations.writerow(OPERATION_COLUMNS.split(","))
        for n in range(count):
            name = f"U{n:08d}"
            whom = ["Made", f"Up {n}", "", "1990-05-06", f"{n} Road", "City", "GB", "GB", f"T{n}", "GB", "", ""]
            users.writerow([name, "individual", *whom])
            for _ in range(3):
                day = f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}T10:00:00Z"
                amount = f"{chance.randint(1, 10**8) / 100:.2f}"
                units = f"{chance.randint(1, 10**8) / 10**6:.6f}"
                coin, kind = chance.choice(("BTC", "ETH", "USDT")), chance.choice(KINDS)
                operations.writerow([name, day, coin, kind, units, amount, "USD", "", "", ""])
    (folder / "rcasp.toml").write_text('name = "Made up"\ntin = "R"\ncountry = "GB"\ncity = "London"\n')


def measured(name: str, command: list[str], scratch: Path) -> Measured:
    """One run of one command."""
    run, code = run_once(command, scratch / "errors", 3600)
    return Measured(name, [run], "" if code == 0 else (scratch / "errors").read_text()[-200:])


def main() -> int:
    counts = [int(a) for a in sys.argv[1:]] or list(USERS)
    print("| users | wall, s | processor, s | peak memory, MB | users a second | csv alone | lxml and schema alone |")
    print("|---|---|---|---|---|---|---|")
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="salyq-carf-") as name:
            folder = Path(name)
            write_users(folder, count)
            files = [str(folder / "users.csv"), str(folder / "operations.csv")]
            built = measured("build", [
                SALYQ, "carf", "build", "--users", files[0], "--operations", files[1], "--rcasp",
                str(folder / "rcasp.toml"), "--period", "2026", "--transmitting", "GB", "--receiving", "GB", "--to",
                str(folder / "out.xml"),
            ], folder)  # fmt: skip
            if built.failed:
                print(built.failed, file=sys.stderr)
                return 1
            plain = measured("csv", [sys.executable, "-c", CSV, *files], folder)
            floor = measured("lxml", [sys.executable, "-c", LXML, str(folder / "out.xml")], folder)
            print(
                f"| {count:,} | {built.wall:.1f} | {built.cpu:.1f} | {built.peak / 2**20:.0f}"
                f" | {count / built.wall:,.0f} | {plain.cpu:.1f} | {floor.cpu:.1f} |"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
