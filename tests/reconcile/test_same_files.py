"""A copy of a file changes nothing, whatever was answered; answers cost time in proportion to their number."""

from __future__ import annotations

from pathlib import Path

import pytest
from reconcile_world import PERSON, rec

from salyq.civil.toml_lines import line_of
from salyq.reconcile import reconcile
from salyq.reconcile.model import Ledger
from salyq.reconcile.transfers import Transfers
from salyq.records.answers_file import parse_answers
from salyq.records.table import Records
from salyq.sources import read_folder

ROWS = "time,kind,asset,quantity,account,id\n2025-01-01T00:00:00Z,transfer_in,BTC,1,w,\n"
ANSWER = """[[answer]]
say = "cost"
cost = "5"
rows = [ {{ time = "2025-01-01T00:00:00Z", asset = "BTC", quantity = "1"{more} }} ]
"""


def ledger(folder: Path, answers: str) -> Ledger:
    reading, _ = read_folder(folder)
    reading.answers = parse_answers(answers)
    found = reconcile(reading, PERSON)
    assert all(report.balanced() for report in reading.files)
    return found


@pytest.mark.parametrize("more", ["", ", nth = 1"])
@pytest.mark.parametrize("copies", [1, 3])
def test_an_answer_holds_beside_copies_of_the_file(tmp_path: Path, copies: int, more: str) -> None:
    for n in range(copies):
        (tmp_path / f"r ({n}).csv").write_text(ROWS, encoding="utf-8")
    found = ledger(tmp_path, ANSWER.format(more=more))
    assert [(r.kind, r.source.file) for r in found.records] == [("buy", "r (0).csv")]
    assert [a.state for a in found.answers] == ["used"]


def test_an_answer_that_names_a_file_by_its_content_holds_when_it_is_renamed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "b.csv").write_text(ROWS.replace(",1,w,", ",1,w,x"), encoding="utf-8")
    reading, _ = read_folder(tmp_path)
    digest = reading.files[1].sha256
    (tmp_path / "b.csv").rename(tmp_path / "renamed.csv")
    found = ledger(tmp_path, ANSWER.format(more=f', file = "{digest[:16]}"'))
    assert [a.state for a in found.answers] == ["used"]
    assert {r.id: r.kind for r in found.records} == {None: "transfer_in", "x": "buy"}


def test_lines_of_a_text_are_found_by_table_and_key() -> None:
    text = 'a = 1\n[[x]]\n"b" = 2\n  [ [x] ]\n[[x]]\nb.c = 3\n[y]\n b= 4\n'
    assert line_of(text, "", 0, "a") == 1
    assert line_of(text, "x", 0, "b") == 3
    assert line_of(text, "x", 1, "") == 5 or line_of(text, "x", 1, "") == 4
    assert line_of(text, "y", 0, "b") == 8
    assert line_of(text, "y", 0, "z") is None
    assert line_of("[" + " " * 50_000 + "x", "x", 0, "") is None  # at once


@pytest.mark.parametrize("accounts", [1, 97, 10_000])
def test_splits_over_many_accounts_are_looked_for_in_proportion(accounts: int) -> None:
    """Twice the rows, twice the pairs compared: no row is held against every account."""
    looked = []
    for count in (1_000, 2_000):
        rows = [
            rec("transfer_out", "BTC", "6", n, account="sender")
            if n % 4 == 0
            else rec("transfer_in", "BTC", "2", n, account=f"w{n % accounts}")
            for n in range(count)
        ]
        transfers = Transfers(Records(rows), PERSON)
        transfers.split()
        looked.append(transfers.compared)
    assert looked[1] <= 2.5 * looked[0] + 10_000
