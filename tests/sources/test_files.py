"""Whole files and folders: what is refused in one line, what is read anyway."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salyq.civil.errors import InputError
from salyq.records.reading import Reading
from salyq.sources import read_files, read_folder
from salyq.sources.tables import text
from salyq.sources.tables.files import find

Read = Callable[..., Reading]
ROWS = "time,kind,asset,quantity,note\n2025-03-01T12:00:00Z,gift_in,BTC,1,ab\n2025-03-02T12:00:00Z,gift_in,ETH,2,cd\n"


def refused(read: Read, content: str | bytes, code: str, *, line: int | None = None, column: str | None = None) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    error = caught.value
    assert (error.message.code, error.file) == (code, "file.csv")
    if line is not None:
        assert error.line == line
    if column is not None:
        assert error.column == column
    for lang in ("kk", "ru", "en"):
        said = error.text(lang)
        assert said.startswith("file.csv")
        assert said.isprintable()


def test_headers_that_are_nearly_ours(read: Read) -> None:
    refused(read, "time,kind,asset,quantity,valu\n", "header_column_like", line=1, column="valu")
    refused(read, "time,kind,asset,quantity,zzz\n", "header_column_unknown", line=1, column="zzz")
    refused(read, "time,kind,asset,value,currency\n", "header_column_missing", line=1, column="quantity")
    refused(read, "time,kind,asset,quantity,note,note\n", "header_column_twice", line=1, column="note")
    refused(read, "date,currency,quantity,source\n", "header_column_missing", column="rate")
    refused(read, "start,end,kwh,metre\n", "header_column_like", column="metre")
    refused(read, "date,asset,quantity,pool,colour\n", "header_column_unknown", column="colour")


def test_what_no_reader_takes(read: Read) -> None:
    refused(read, "name,age\nA,5\n", "file_no_reader", line=1)
    refused(read, "just some words\n", "file_no_reader", line=1)
    refused(read, "<html><body>,</body></html>\n", "file_no_reader")
    refused(read, "", "file_empty")
    refused(read, "\n\n \n", "file_empty")
    refused(read, "\ufeff", "file_empty")
    refused(read, "a comment first\n" + ROWS, "file_no_reader")  # an own file starts with its header


def test_files_that_are_no_text(read: Read) -> None:
    refused(read, b"PK\x03\x04\x00\x00" + bytes(range(256)) * 9, "file_binary")
    refused(read, ROWS.encode() + b"2025-03-03T12:00:00Z,gift_in,BTC\0,1,\n", "file_binary", line=4)
    noise = random.Random(1).randbytes(5000)
    with pytest.raises(InputError):
        read(noise)
    with pytest.raises(InputError):
        read(noise.replace(b"\0", b"1"))


def test_quotes_that_never_close(read: Read) -> None:
    refused(read, ROWS + '2025-03-03T12:00:00Z,gift_in,BTC,1,"open\n' + "x,y\n" * 9, "file_bad_csv", line=4)
    refused(read, ROWS + '2025-03-03T12:00:00Z,gift_in,BTC,1,"' + "x\n" * 100_000, "file_bad_csv", line=4)


def test_limits(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(read, ROWS + "x" * (3 << 20), "file_line_too_long", line=4)
    refused(read, b"x" * (3 << 20), "file_line_too_long", line=1)
    with pytest.raises(InputError):
        read("," * (1 << 19))
    reading = read(ROWS + "2025-03-03T12:00:00Z,gift_in,BTC,1," + "," * 100_000 + "x\n")
    assert reading.files[0].rejected[0].reason.code == "row_too_long"
    monkeypatch.setattr(text, "LARGEST_FILE", 50)
    refused(read, ROWS, "file_too_large")


def test_other_encodings_of_our_own_files_are_refused(read: Read) -> None:
    cyrillic = ROWS.replace("cd", "Әлия".replace("Ә", "Э"))
    refused(read, cyrillic.encode("cp1251"), "file_not_utf8", line=3)
    refused(read, cyrillic.encode("utf-16"), "file_not_utf8")
    refused(read, ROWS.encode() + "ә".encode()[:1], "file_not_utf8", line=4)
    assert read(b"\xef\xbb\xbf" + cyrillic.encode()).records[1].note == "Элия"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_line_ends(read: Read, newline: str, delimiter: str) -> None:
    reading = read(ROWS.replace(",", delimiter).replace("\n", newline))
    assert [(r.asset, r.note, r.source.line) for r in reading.records] == [("BTC", "ab", 2), ("ETH", "cd", 3)]


def test_lines_are_physical(read: Read) -> None:
    content = ROWS.replace("ab", '"a\nb\n\nc"').replace("cd\n", "cd\n\n\nbad,gift_in,BTC,1,\n")
    reading = read(content)
    assert [r.source.line for r in reading.records] == [2, 6]
    assert reading.records[0].note == "a\nb\n\nc"
    assert reading.files[0].rejected[0].source.line == 9


def test_lines_quoted_whole(read: Read) -> None:
    header, *rows = ROWS.replace("ab", '""a,b""').splitlines()
    for wrapped in ([f'"{header}"', *(f'"{r}"' for r in rows)], [header, *(f'"{r}"' for r in rows)]):
        reading = read("\n".join(wrapped) + "\n")
        assert [r.note for r in reading.records] == ["a,b", "cd"]


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name in ("b.csv", "a.CSV", "deep/er/c.csv", ".hidden.csv", ".git/d.csv", "~$x.xlsx"):
        (tmp_path / name).write_text(ROWS)
    for name in ("person.toml", "deep/person.toml", "read me.md", "scan.pdf"):
        (tmp_path / name).write_text("x")
    seen: list[tuple[str, int]] = []
    reading, persons = read_folder(tmp_path, progress=lambda *what: seen.append(what))
    assert [f.file for f in reading.files] == ["a.CSV", "b.csv", "deep/er/c.csv"]
    assert [p.relative_to(tmp_path).as_posix() for p in persons] == ["deep/person.toml", "person.toml"]
    assert [str(source) for source, m in reading.notices if m.code == "notice_file_skipped"] == [
        "read me.md",
        "scan.pdf",
    ]
    assert seen == [("a.CSV", 2), ("b.csv", 2), ("deep/er/c.csv", 2)]


def folder_refused(folder: Path, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_folder(folder)
    assert caught.value.message.code == code
    assert caught.value.text("ru").isprintable()


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    folder_refused(tmp_path / "nowhere", "folder_missing")
    folder_refused(tmp_path, "folder_empty")
    (tmp_path / "notes.txt").write_text("x")
    folder_refused(tmp_path, "folder_empty")
    (tmp_path / "book.xlsx").write_text("x")
    folder_refused(tmp_path, "xlsx_none")


def test_links(tmp_path: Path) -> None:
    case, outside = tmp_path / "case", tmp_path / "outside"
    case.mkdir()
    outside.mkdir()
    (outside / "secret.csv").write_text(ROWS)
    (case / "a.csv").write_text(ROWS)
    (case / "same.csv").symlink_to("a.csv")
    assert [f.file for f in read_folder(case)[0].files] == ["a.csv", "same.csv"]
    for target, code in (
        (outside / "secret.csv", "file_link_outside"),
        (outside, "file_link_outside"),
        ("/dev/zero", "file_link_outside"),
        ("nothing.csv", "file_link_broken"),
        ("link.csv", "file_link_broken"),
    ):
        link = case / "link.csv"
        link.symlink_to(target)
        folder_refused(case, code)
        link.unlink()
    (case / "loop").symlink_to(".")
    assert len(read_folder(case)[0].files) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    folder_refused(tmp_path, "file_not_regular")


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = b"a\xff\n.csv"
    with open(os.fsencode(tmp_path) + b"/" + name, "w") as file:
        file.write("a,b\n")
    ((source, reason),) = read_folder(tmp_path)[0].unread
    assert reason.code == "header_not_known"
    source.file.encode("utf-8")


def test_named_files(tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.csv"
    for path in (one, other):
        path.write_text(ROWS)
    reading = read_files([other, one, tmp_path / "." / "one.txt"], base=tmp_path)
    assert [f.file for f in reading.files] == ["one.txt", "other.csv"]
    for bad, code in (
        (tmp_path, "file_not_regular"),
        (tmp_path / "x.csv", "file_missing"),
        (tmp_path / "x.xlsx", "file_missing"),
    ):
        with pytest.raises(InputError) as caught:
            read_files([bad], base=tmp_path)
        assert caught.value.message.code == code


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")), st.booleans())
def test_no_file_is_a_crash(tmp_path: Path, data: bytes, with_header: bool) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_bytes((ROWS.encode() if with_header else b"") + data)
    said, reading = "", None
    try:
        reading = read_files([path], base=tmp_path)
    except InputError as error:
        said = error.text("kk")
    assert said.isprintable()
    if reading is not None:
        (report,) = reading.files
        assert report.balanced()
        assert report.used == len(reading.records)


def test_folders_inside_each_other_without_end(tmp_path: Path) -> None:
    here = os.getcwd()
    (tmp_path / "a.csv").write_text("x\n")
    try:
        os.chdir(tmp_path)
        for _ in range(1100):  # each by its own name: the whole path is longer than one call may name
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    assert [p.name for p in find(tmp_path).tables] == ["a.csv"]
    for _ in range(1100):
        deepest = tmp_path / "d"
        if not deepest.is_dir():
            break
        os.rename(deepest, tmp_path / "moved")
        for child in (tmp_path / "moved").iterdir():
            os.rename(child, tmp_path / "d")
        os.rmdir(tmp_path / "moved")
