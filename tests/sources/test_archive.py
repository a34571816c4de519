"""ZIP files: every table is read or told by name; what is hostile in them hurts nobody."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from salyq.app.api import questions
from salyq.civil.errors import InputError
from salyq.facts.case import read_case
from salyq.records.reading import Reading
from salyq.sources import read_files, read_folder
from salyq.sources.tables import archive

STATEMENT = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n1,2025-03-01 03:00:00,Spot,Deposit,BTC,1,\n"


def zipped(path: Path, **files: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def told(reading: Reading) -> dict[str, str]:
    return {source.file: message.code for source, message in reading.unread}


def test_tables_of_an_archive_are_read_and_the_rest_is_told(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    files = {"2025/part.csv": STATEMENT, "notes.pdf": b"x", "odd.csv": "a,b\n1,2\n", "__MACOSX/._part.csv": "x"}
    zipped(tmp_path / "binance.zip", **files)
    case = read_case(tmp_path)
    assert [(f.file, f.used) for f in case.reading.files] == [("binance.zip/2025/part.csv", 1)]
    assert told(case.reading) == {
        "binance.zip/notes.pdf": "file_kind_unread",
        "binance.zip/odd.csv": "header_not_known",
    }
    assert [r.source.place for r in case.ledger.records] == ["binance.zip/2025/part.csv:2"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["binance.zip", "person.toml"]


def test_the_same_table_in_and_beside_an_archive_counts_once(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    (tmp_path / "part.csv").write_text(STATEMENT)
    zipped(tmp_path / "binance.zip", **{"part.csv": STATEMENT})
    assert len(read_case(tmp_path).ledger.records) == 1


def test_a_folder_with_an_archive_alone_is_a_case(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", **{"part.csv": STATEMENT})
    assert len(read_folder(tmp_path)[0].records) == 1


def test_an_archive_named_by_itself(tmp_path: Path) -> None:
    good = zipped(tmp_path / "a.zip", **{"part.csv": STATEMENT})
    assert len(read_files([good], base=tmp_path).records) == 1
    bad = zipped(tmp_path / "b.zip", **{"x.txt": "x"})
    with pytest.raises(InputError) as caught:
        read_files([bad], base=tmp_path)
    assert caught.value.message.code == "file_kind_unread"


def test_what_an_archive_holds_can_be_ignored_as_its_question_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped(tmp_path / "a.zip", **{"part.csv": STATEMENT, "in/odd [1].csv": "a,b\n1,2\n", "notes.txt": "x"})
    person = tmp_path / "person.toml"
    person.write_text('kind = "individual"\nresident = true\n')
    asked = [q for q in questions(read_case(tmp_path)) if q.code == "unread_file"]
    ways = {q.sources[0].file: [w.label for w in q.ways] for q in asked}
    assert {file: [label.code for label in own] for file, own in ways.items()} == {
        "a.zip/in/odd [1].csv": ["way_unpack", "way_ignore"],
        "a.zip/notes.txt": ["way_ignore"],
    }
    files = ", ".join(own[-1].text("en").partition("files = [")[2].removesuffix("]") for own in ways.values())
    person.write_text(person.read_text() + f"[ignore]\nfiles = [{files}]\n")
    monkeypatch.chdir(tmp_path)
    for case in (read_case(tmp_path), read_case([Path("a.zip")], person=person)):
        assert told(case.reading) == {}
        assert [r.source.place for r in case.ledger.records] == ["a.zip/part.csv:2"]
        said = [s.file for s, m in case.reading.notices if s is not None and m.code == "notice_file_ignored"]
        assert said == list(ways)


def test_a_mapping_may_name_a_table_in_an_archive(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", **{"pool.csv": "Day;Paid\n25.05.2026;0,5\n"})
    (tmp_path / "pool.mapping.toml").write_text(
        'table = "payouts"\nfiles = ["pool.csv"]\n[columns]\ndate = "Day"\nquantity = "Paid"\n[always]\nasset = "BTC"\n'
        '[time]\nformat = "DD.MM.YYYY"\n[numbers]\ndecimal = ","\n'
    )
    assert len(read_folder(tmp_path)[0].payouts) == 1


@pytest.mark.parametrize("name", ["../../out.csv", "/etc/out.csv", "a\\..\\out.csv", "C:\\out.csv"])
def test_names_that_lead_outside_write_nothing_outside(tmp_path: Path, name: str) -> None:
    zipped(tmp_path / "a.zip", **{name: STATEMENT})
    reading, _ = read_folder(tmp_path)
    assert len(reading.records) == 1
    assert ".." not in reading.files[0].file
    assert [p.name for p in tmp_path.rglob("*")] == ["a.zip"]


def test_a_bomb_is_told_at_once(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", **{"big.csv": b"0" * 60_000_000, "small.csv": STATEMENT})
    start = time.process_time()
    reading, _ = read_folder(tmp_path)
    assert time.process_time() - start < 5
    assert told(reading) == {"a.zip/big.csv": "archive_too_large"}
    assert len(reading.records) == 1


def test_too_many_tables_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_TABLES", 1)
    zipped(tmp_path / "a.zip", **{"a.csv": STATEMENT, "b.csv": STATEMENT})
    assert told(read_folder(tmp_path)[0]) == {"a.zip/b.csv": "archive_too_large"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"no archive at all"])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert told(read_folder(tmp_path)[0]) == {"a.zip": "archive_broken"}


def test_a_damaged_table_does_not_hide_the_others(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        made.writestr("a.csv", STATEMENT.replace("BTC", "ETH"))
        made.writestr("b.csv", STATEMENT)
    data = out.getvalue().replace(b"Spot,Deposit,ETH", b"Spot,Deposit,XYZ", 1)  # its checksum no longer fits
    (tmp_path / "a.zip").write_bytes(data)
    reading, _ = read_folder(tmp_path)
    assert told(reading) == {"a.zip/a.csv": "archive_broken"}
    assert [r.asset for r in reading.records] == ["BTC"]
