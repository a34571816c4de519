"""Semantics 43: the likely other side of a transfer is proposed, with a command that works as printed; nothing is
settled by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salyq.cli.main import main
from salyq.facts.case import read_case

PERSON = 'id = "770101300018"\nkind = "individual"\nresident = true\n'
HEAD = "id,time,account,kind,asset,quantity,value,currency,fee,fee_asset\n"
SENT = "2025-03-01T10:00:00Z"


def case(folder: Path, arrives: str, quantity: str, *, fee: str = "", account: str = "b") -> Path:
    (folder / "person.toml").write_text(PERSON)
    fees = f"{fee},ADA" if fee else ","
    (folder / "records.csv").write_text(
        HEAD
        + "1,2025-02-01T10:00:00Z,a,buy,ADA,2000,500000,KZT,,\n"
        + f"2,{SENT},a,transfer_out,ADA,1000,,,{fees}\n"
        + f"3,{arrives},{account},transfer_in,ADA,{quantity},,,,\n"
    )
    return folder


def proposed(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The commands that join two rows, as printed."""
    assert main(["questions", str(folder), "--lang", "en"]) == 0
    return re.findall(r"salyq (answer .* --together)", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arrives", "quantity", "fee", "likely"),
    [
        ("2025-03-08T10:00:00Z", "980", "", True),  # 2 % less, after seven days
        ("2025-03-08T10:00:01Z", "980", "", False),  # a second more
        ("2025-03-03T10:00:00Z", "979.999999", "", False),  # more than 2 % less
        ("2025-03-03T10:00:00Z", "980.000001", "", True),
        ("2025-03-03T10:00:00Z", "1000.000001", "", False),  # more than was sent
        ("2025-02-28T10:00:00Z", "1000", "", False),  # before it was sent
        ("2025-03-06T10:00:00Z", "985", "5", False),  # a fee is stated: only what it leaves is expected
    ],
)
def test_what_is_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arrives: str, quantity: str, fee: str, likely: bool
) -> None:
    found = proposed(case(tmp_path, arrives, quantity, fee=fee), capsys)
    assert len(found) == 2  # one of each row
    assert all(("OTHER_ROW" not in command) is likely for command in found)
    assert read_case(tmp_path).ledger.transfers == []  # never settled alone


@pytest.mark.parametrize("which", [0, 1])
def test_the_command_works_as_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str], which: int) -> None:
    folder = case(tmp_path, "2025-03-06T10:00:00Z", "981")
    command = proposed(folder, capsys)[which]
    assert main([*command.split(), "--lang", "en"]) == 0
    (transfer,) = read_case(folder).ledger.transfers
    assert (transfer.how, transfer.network_fee) == ("answer", 19 * 10**18)
    assert proposed(folder, capsys) == []


def test_the_nearest_amount_is_proposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = case(tmp_path, "2025-03-06T10:00:00Z", "981")
    with (folder / "records.csv").open("a") as more:
        more.write("4,2025-03-07T10:00:00Z,c,transfer_in,ADA,995,,,,\n")
    sent = next(c for c in proposed(folder, capsys) if "unmatched_transfer_out" in c)
    assert sent.endswith("unmatched_transfer_out records.csv:3 records.csv:5 --together")
