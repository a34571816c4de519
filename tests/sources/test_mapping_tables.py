"""Mapping files of our own tables other than records; drafts that say which table they see and what they would read."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from salyq.civil.errors import InputError
from salyq.cli.main import main
from salyq.facts.case import read_case
from salyq.records.model import UNIT
from salyq.records.reading import Reading
from salyq.sources import read_folder
from salyq.sources.habits.time_pattern import month_of
from salyq.sources.mapping.file import read_mapping
from salyq.sources.mapping.guess import OUTCOME, draft_mapping

EXAMPLES = Path(__file__).parents[2] / "examples" / "mappings"


def taught(folder: Path, table: str, mapping: str) -> Reading:
    (folder / "t.csv").write_text(table, encoding="utf-8")
    (folder / "t.mapping.toml").write_text(mapping, encoding="utf-8")
    reading, _ = read_folder(folder)
    assert all(report.balanced() for report in reading.files)
    return reading


def test_the_shipped_examples_become_our_own_tables() -> None:
    reading, _ = read_folder(EXAMPLES)
    assert [(f.read, f.used, dict(f.ignored)) for f in reading.files] == [
        (5, 4, {"total_row": 1}),
        (4, 3, {"total_row": 1}),
        (2, 2, {}),
    ]
    first, _, faulty = reading.energy
    assert (str(first.start.date()), first.by_days, first.kwh, first.price_per_kwh) == (
        "2025-12-31",
        True,
        125_000 * UNIT,
        2345 * UNIT // 100,
    )
    assert (faulty.meter_state, faulty.kwh, faulty.max_power_kw) == ("faulty", None, 200 * UNIT)
    assert [(e.category, e.activity) for e in reading.expenses] == [
        ("electricity", "mining"),
        ("payroll", "mining"),
        ("depreciation", "mining"),
        ("other", "mining"),
    ]
    assert (reading.payouts[0].pool, reading.payouts[0].commission) == ("Example Pool", 125 * UNIT // 10**6)


def test_every_own_table_can_be_taught(tmp_path: Path) -> None:
    tables = {
        "payments": ("Когда;Что;За;Сколько\n25.05.2026;mining_fee;2026-Q1;1 000\n", "payments"),
        "exchange_rates": ("Когда;Валюта;Курс;За\n25.05.2026;USD;510,25;1\n", "exchange_rates"),
        "asset_values": ("Когда;Актив;Цена;Валюта;Вид\n25.05.2026;BTC;70 000,5;USD;рынок\n", "asset_values"),
    }
    columns = {
        "payments": 'date = "Когда"\nname = "Что"\nperiod = "За"\namount = "Сколько"\n',
        "exchange_rates": 'date = "Когда"\ncurrency = "Валюта"\nrate = "Курс"\nquantity = "За"\n',
        "asset_values": 'date = "Когда"\nasset = "Актив"\nvalue = "Цена"\ncurrency = "Валюта"\nkind = "Вид"\n',
    }
    for name, (table, own) in tables.items():
        folder = tmp_path / name
        folder.mkdir()
        words = '[words.kind]\n"рынок" = "market"\n' if name == "asset_values" else ""
        mapping = f'table = "{own}"\n[columns]\n{columns[name]}[time]\nformat = "DD.MM.YYYY"\n'
        mapping += f'[numbers]\ndecimal = ","\nthousands = " "\n{words}'
        reading = taught(folder, table, mapping)
        assert [f.used for f in reading.files] == [1], name
        assert len(getattr(reading, name)) == 1


def test_a_bad_cell_is_named_by_the_title_of_the_person(tmp_path: Path) -> None:
    table = "Дата;Статья;Итого\n25.05.2026;Взятки;5\n25.13.2026;Аренда;5\n26.05.2026;Аренда;много\n"
    mapping = 'table = "expenses"\n[columns]\ndate = "Дата"\ncategory = "Статья"\namount = "Итого"\n'
    reading = taught(tmp_path, table, mapping + '[time]\nformat = "DD.MM.YYYY"\n')
    assert [(r.column, r.value) for r in reading.files[0].rejected] == [
        ("Статья", "Взятки"),
        ("Дата", "25.13.2026"),
        ("Итого", "много"),
    ]


def test_a_time_of_day_without_a_zone_is_kazakhstans(tmp_path: Path) -> None:
    table = "С;По;Расход\n25.05.2026 00:00;25.05.2026 01:00;5 кВт·ч\n"
    mapping = (
        'table = "energy"\n[columns]\nstart = "С"\nend = "По"\nkwh = "Расход"\n[time]\nformat = "DD.MM.YYYY HH:mm"\n'
    )
    (reading,) = taught(tmp_path, table, mapping).energy
    assert (reading.start.isoformat(), reading.kwh, reading.by_days) == ("2026-05-24T19:00:00+00:00", 5 * UNIT, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('table = "beams"\n[columns]\n', "mapping_not_a_choice"),
        ('table = "energy"\n[columns]\nkwh = "x"\n', "mapping_lacks"),
        ('table = "energy"\n[columns]\nmonth = "m"\nkwh = "x"\nasset = "y"\n', "mapping_unknown_key"),
        ('table = "energy"\n[columns]\nmonth = "m"\nkwh = "x"\n[kinds]\na = "buy"\n', "mapping_kinds_of_records"),
        (
            '[columns]\ntime = "t"\nquantity = "q"\n[time]\nzone = "UTC"\n[words.kind]\na = "b"\n',
            "mapping_words_of_records",
        ),
        ('table = "energy"\n[columns]\nmonth = "m"\nkwh = "x"\n[words]\nkwh = 5\n', "mapping_not_table"),
    ],
)
def test_a_mapping_that_cannot_be_is_one_line(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_mapping(tmp_path / "a.mapping.toml")
    assert caught.value.message.code == code
    assert caught.value.file


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-01", "2026-01-01"),
        ("01.2026", "2026-01-01"),
        ("31.01.2026", "2026-01-01"),
        ("Январь 2026 г.", "2026-01-01"),
        ("2026 ж. қаңтар", "2026-01-01"),
        ("December 2026", "2026-12-01"),
        ("мая 2026", "2026-05-01"),
        ("2026-13", None),
        ("Смерть 2026", None),
        ("2026", None),
    ],
)
def test_months_as_people_write_them(text: str, first: str | None) -> None:
    found = month_of(text)
    assert (found and found[0]) == first
    assert found is None or found[1] > found[0]


@pytest.mark.parametrize(
    ("name", "table"), [("meter-act.csv", "energy"), ("expenses-1c.csv", "expenses"), ("pool.csv", "payouts")]
)
def test_a_draft_says_which_table_it_sees_and_what_it_would_read(tmp_path: Path, name: str, table: str) -> None:
    shutil.copy(EXAMPLES / name, tmp_path / name)
    text = draft_mapping(tmp_path / name, name)
    assert tomllib.loads(text)["table"] == table
    (tmp_path / "draft.mapping.toml").write_text(text, encoding="utf-8")
    reading, _ = read_folder(tmp_path)
    (report,) = reading.files
    said = next(line for line in text.splitlines() if line.startswith(OUTCOME))
    assert said.endswith(
        f"rows {report.read}, used {report.used}, left out {sum(report.ignored.values())}, "
        f"rejected {len(report.rejected)}"
    )


def test_columns_without_a_known_title_are_told_by_their_cells(tmp_path: Path) -> None:
    table = "Дата;Что было;Чего;Сколько штук\n" + "".join(
        f"{n:02}.05.2026 10:00;{what};{coin};0,{n}\n"
        for n, (what, coin) in enumerate((("Покупка", "BTC"), ("Продажа", "ETH"), ("Покупка", "SOL")), 1)
    )
    (tmp_path / "x.csv").write_text(table, encoding="utf-8")
    text = draft_mapping(tmp_path / "x.csv", "x.csv")
    assert tomllib.loads(text)["columns"] == {
        "time": "Дата",
        "kind": "Что было",
        "asset": "Чего",
        "quantity": "Сколько штук",
    }
    assert "told by its cells" in text


def test_a_draft_that_does_not_do_says_why(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a;b\nq;w\ne;r\n", encoding="utf-8")
    said = [line for line in draft_mapping(tmp_path / "x.csv", "x.csv").splitlines() if line.startswith(OUTCOME)]
    assert "time" in said[0]


def test_the_command_shows_what_the_written_draft_would_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(EXAMPLES / "pool.csv", tmp_path / "pool.csv")
    to = tmp_path / "pool.mapping.toml"
    assert main(["sources", "guess", str(tmp_path / "pool.csv"), "--to", str(to), "--lang", "en"]) == 0
    assert "rows 2, used 2" in capsys.readouterr().out
    assert len(read_case(tmp_path).reading.payouts) == 2
