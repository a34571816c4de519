"""A file that nobody knows is one question with a remedy, the others are read; a damaged one is told by its name."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from salyq.app.api import questions
from salyq.assessing.standing import ASKED
from salyq.civil.errors import InputError
from salyq.dialogue import ways
from salyq.facts.case import read_case

ROWS = "time,kind,asset,quantity\n2025-03-01T12:00:00Z,gift_in,BTC,1\n"
BROKER = "Дата;Операция;Кол-во\n01.03.2025;Покупка;1\n"
DRAFT = 'files = ["broker.csv"]\n[columns]\nasset = "Операция"\n[time]\nformat = "DD.MM.YYYY"\nzone = "Asia/Almaty"\n'


def asked(folder: Path, **files: str | bytes) -> list[tuple[str, list[str]]]:
    """Text and ways of the questions on files, of a folder in which one table is good."""
    (folder / "r.csv").write_text(ROWS, encoding="utf-8")
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    case = read_case(folder)
    assert len(case.reading.records) == 1
    return [
        (q.message.text("en"), [w.label.text("en") for w in q.ways]) for q in questions(case) if q.code == "unread_file"
    ]


def test_a_mapping_that_is_not_ready_is_one_question_that_names_it_and_all_that_it_lacks(tmp_path: Path) -> None:
    ((text, remedies),) = asked(tmp_path, broker__csv=BROKER, broker__mapping__toml=DRAFT)
    assert text == (
        "broker.csv: not read: the mapping file meant for it is not ready: broker.mapping.toml:2: "
        "columns.time, columns.quantity, columns.kind / always.kind is missing"
    )
    assert remedies[0] == "complete the mapping file: broker.mapping.toml:2"


def test_a_mapping_without_a_time_zone_is_a_question_too(tmp_path: Path) -> None:
    whole = DRAFT.replace("asset", 'time = "Дата"\nquantity = "Кол-во"\nasset') + '[always]\nkind = "buy"\n'
    without = whole.replace('zone = "Asia/Almaty"\n', "")
    ((text, remedies),) = asked(tmp_path, broker__csv=BROKER, broker__mapping__toml=without)
    assert text.startswith("broker.csv: not read: the mapping file meant for it is not ready: broker.mapping.toml:")
    assert remedies[0].startswith("complete the mapping file: broker.mapping.toml")


def test_a_list_of_values_that_may_be_quotes_or_movements_is_asked_about(tmp_path: Path) -> None:
    bare = "date,asset,value,currency\n2025-03-01,BTC,100,USD\n"
    ((text, _),) = asked(tmp_path, mine__csv=bare)
    assert text.startswith("mine.csv: not read: by its columns this may be a table asset_values or a list of movements")
    assert asked(tmp_path, mine__csv=bare.replace("y\n", "y,source\n").replace("D\n", "D,x\n")) == []


def test_a_mapping_that_is_not_ready_and_fits_no_table_is_told_itself(tmp_path: Path) -> None:
    ((text, remedies),) = asked(tmp_path, old__mapping__toml=DRAFT.replace("broker", "gone"))
    assert text == (
        "old.mapping.toml: not read: this mapping file is not ready: "
        "columns.time, columns.quantity, columns.kind / always.kind is missing"
    )
    assert remedies == ["complete the mapping file: old.mapping.toml"]


def test_a_table_in_which_nothing_stands_is_one_unread_file(tmp_path: Path) -> None:
    ((text, remedies),) = asked(tmp_path, bad__csv=b"")
    assert text.startswith("bad.csv: not read: ")
    assert remedies


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bad.csv", ROWS.encode() + b"2025-03-02T12:00:00Z,gift_in,BTC,\x00\n", "file_binary"),
        ("bad.csv", b"x" * (2 << 20), "file_line_too_long"),
        ("bad.csv", b"PK\x03\x04\x00", "file_binary"),
        ("old.mapping.toml", b"[columns]\ntime = 5\n", "mapping_not_text"),
    ],
)
def test_a_damaged_file_is_told_by_its_name(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """An input that cannot be used: nothing is worked out from the rest until it is mended, or left out by [ignore]."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        asked(tmp_path)
    assert (caught.value.message.code, caught.value.file) == (code, name)


@pytest.mark.parametrize("name", ['say "so".csv', "back\\slash.csv", "a [1].csv"])
def test_what_to_write_to_leave_a_file_out_is_toml_and_leaves_it_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("name,age\nA,5\n", encoding="utf-8")
    ((_, remedies),) = asked(tmp_path)
    said = remedies[-1]
    lines = said.partition("person.toml: ")[2].replace(" and below it ", "\n")
    assert tomllib.loads(lines) == {"ignore": {"files": [name]}}
    person = 'id = "930417400007"\nkind = "individual"\nresident = true\n'
    assert asked(tmp_path, person__toml=f"{person}{lines}\n") == []


def test_every_question_that_has_a_way_is_one_that_a_verdict_points_to() -> None:
    own = {*ways._OF_ONE_ROW, *ways._ADVICE, *ways._LEFT, "missing_quotes", "unread_file", "maybe_same_event"}
    assert own | {"ambiguous_transfer"} == ASKED
