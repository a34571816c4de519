from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from salyq.civil.errors import InputError
from salyq.law.facts import STATED
from salyq.records.person_file import read_person
from salyq.rulebook.law import StatedFact

GOOD = """\
id = "900101300017"             # made up
name = "Алия"
kind = "individual"
region = "750000000"
[[residence]]
from = 2023-01-01
until = 2024-12-31
resident = false
[[residence]]
from = 2025-01-01
resident = true
[[licence]]
kind = "mining_I"
number = "KZ1"
from = 2025-01-01
until = 2027-12-31
[[account]]
name = "binance"
country = "KZ"
aifc_exchange = true
[[account]]
name = "friend"
own = false
[[year]]
year = 2026
employment_income_taxable = "30000000.00"
base_deduction = 0
vat_payer = "no"
assets_return_filed = true
[elections]
lot_method = "fifo"
stablecoins = { usdt = "USD" }
[elections.2026]
lot_method = "average"
"""
MINIMAL = 'id = "900101300017"\nkind = "individual"\n'


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "person.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_person(tmp_path: Path) -> None:
    person = read_person(write(tmp_path, GOOD), STATED, name="person.toml")
    assert (person.id, person.name, person.kind, person.region) == ("900101300017", "Алия", "individual", "750000000")
    assert person.resident_on(date(2024, 6, 1)) is False
    assert person.resident_on(date(2026, 6, 1)) is True
    assert person.resident_on(date(2022, 6, 1)) is None
    assert person.mining_licence_on(date(2027, 12, 31))
    assert not person.mining_licence_on(date(2028, 1, 1))
    assert person.accounts["binance"].facts["aifc_exchange"]
    assert person.accounts["binance"].own
    assert not person.accounts["friend"].own
    assert person.years == {
        2026: {
            "employment_income_taxable": 3_000_000_000,
            "base_deduction": 0,
            "vat_payer": False,
            "assets_return_filed": True,
        }
    }
    assert person.elections == {"lot_method": "fifo"}
    assert person.year_elections == {2026: {"lot_method": "average"}}
    assert person.stablecoins == {"USDT": "USD"}
    assert person.file == "person.toml"


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    person = read_person(write(tmp_path, "\ufeff" + MINIMAL.replace("\n", "\r\n")), STATED)
    assert person.stablecoins == {"USDT": "USD", "USDC": "USD"}
    assert person.resident_on(date(2020, 1, 1)) is True
    assert person.years == {}


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("900101300017", "900101300018", "id_checksum", 1),
        ("900101300017", "90010130001", "id_not_12_digits", 1),
        ('id = "900101300017"', "id = 900101300017", "person_id_not_text", 1),
        ('"individual"', '"person"', "person_not_a_choice", 3),
        ('"individual"', '"dealer"', "person_dealer", 3),
        ('"individual"', '"Дилер"', "person_dealer", 3),
        ("region =", "regin =", "person_unknown_key", 4),
        ('"750000000"', '"75"', "person_region", 4),
        ("until = 2024-12-31", "until = 2025-06-01", "person_residence_overlap", 10),
        ("until = 2024-12-31\n", "", "person_residence_overlap", 9),
        ("until = 2027-12-31", "until = 2024-12-31", "person_ends_before_start", 16),
        ("from = 2025-01-01\nuntil = 2027", 'from = "01.01.2025"\nuntil = 2027', "person_not_date", 15),
        ("from = 2025-01-01\nuntil = 2027", "until = 2027", "person_key_missing", 12),
        ('country = "KZ"', 'country = "kz"', "person_country", 19),
        ('name = "friend"', 'name = "binance"', "person_account_twice", 22),
        ("own = false", "own = 0", "person_not_flag", 23),
        ("own = false", "owner = true", "person_unknown_key", 23),
        ("year = 2026\n", "year = 26\n", "person_bad_year", 25),
        ("year = 2026\n", "", "person_key_missing", 24),
        ('"30000000.00"', "30000000.00", "person_not_money", 26),
        ('"30000000.00"', '"-1"', "person_money_negative", 26),
        ('"30000000.00"', '"1e5"', "person_bad_number", 26),
        ('"30000000.00"', '"1.005"', "person_bad_number", 26),
        ("vat_payer", "vat_player", "person_unknown_key", 28),
        ('usdt = "USD"', 'usdt = "DOLLAR"', "person_stablecoins", 32),
        ("[elections.2026]", "[elections.soon]", "person_bad_year", None),
        ('lot_method = "average"', "lot_method = 1", "person_not_text", 34),
        ("[[year]]", "[year]", "person_not_tables", None),
        ("kind = ", "kind == ", "person_not_toml", 3),
    ],
)
def test_each_fault_is_one_line(tmp_path: Path, old: str, new: str, code: str, line: int | None) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        read_person(write(tmp_path, GOOD.replace(old, new, 1)), STATED, name="person.toml")
    error = caught.value
    assert error.message.code == code
    assert error.exit_code == 4
    if line is not None:
        assert error.line == line
    for lang in ("kk", "ru", "en"):
        assert error.text(lang).startswith("person.toml")
        assert "\n" not in error.text(lang)


def test_two_years_and_two_residences(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="twice"):
        read_person(write(tmp_path, MINIMAL + "[[year]]\nyear = 2026\n[[year]]\nyear = 2026\n"), STATED)
    with pytest.raises(InputError, match="not both"):
        read_person(
            write(tmp_path, MINIMAL + "resident = true\n[[residence]]\nfrom = 2025-01-01\nresident = true\n"), STATED
        )


def test_missing_id_kind_and_file(tmp_path: Path) -> None:
    assert read_person(write(tmp_path, 'kind = "individual"'), STATED).id == ""  # only filing needs it
    for text in ('id = "900101300017"', ""):
        with pytest.raises(InputError, match="is missing"):
            read_person(write(tmp_path, text), STATED)
    with pytest.raises(InputError, match="cannot be read"):
        read_person(tmp_path / "nobody.toml", STATED)
    with pytest.raises(InputError, match="cannot be read"):
        read_person(tmp_path, STATED)


def test_hostile_person_files(tmp_path: Path) -> None:
    path = tmp_path / "person.toml"
    for data in (b"\xff\xfe\x00", 'name = "Әлия"'.encode("cp1251", "replace") + b"\xc0", b"x = " + b"[" * 5000, b"\0"):
        path.write_bytes(data)
        with pytest.raises(InputError):
            read_person(path, STATED)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(InputError, match="too large"):
        read_person(path, STATED)


def test_elections_that_the_law_does_not_know(tmp_path: Path) -> None:
    known = {"lot_method": ("fifo", "average")}
    assert read_person(
        write(tmp_path, MINIMAL + '[elections]\nlot_method = "fifo"\n'), STATED, elections=known
    ).elections
    with pytest.raises(InputError, match="no such key"):
        read_person(write(tmp_path, MINIMAL + '[elections]\nlot_methd = "fifo"\n'), STATED, elections=known)
    with pytest.raises(InputError, match="must be one of: fifo, average"):
        read_person(write(tmp_path, MINIMAL + '[elections]\nlot_method = "lifo"\n'), STATED, elections=known)


@pytest.mark.parametrize("number", ["0x" + "f" * 5000, "0o" + "7" * 6000, "0b" + "1" * 20000, "9" * 5000, "9" * 20])
@pytest.mark.parametrize("line", ["x = {}", "[[year]]\nyear = {}", "[elections]\ndeep = [[{}]]"])
def test_an_endless_whole_number_is_one_line(tmp_path: Path, number: str, line: str) -> None:
    path = tmp_path / "person.toml"
    path.write_text('id = "900101300017"\nkind = "individual"\n' + line.format(number), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_person(path, STATED)
    text = caught.value.text("en")
    assert "person.toml" in text
    assert "too long" in text
    assert len(text) < 300


def test_tables_of_losses_and_turnovers_are_what_law_declares(tmp_path: Path) -> None:
    """A fact that law adds to a table is a key of it; a text that law gives choices for is one of them."""
    text = MINIMAL + '[[turnover]]\nperiod = "2026-Q1"\nhosting = "5.00"\nleasing = "7.50"\n'
    more = {**STATED, "turnover": {**STATED["turnover"], "leasing": StatedFact("KZT")}}
    assert read_person(write(tmp_path, text), more).turnovers == {"2026-Q1": {"hosting": 500, "leasing": 750}}
    with pytest.raises(InputError, match="leasing"):
        read_person(write(tmp_path, text), STATED)
    loss = MINIMAL + '[[loss]]\nyear = 2025\nkind = "shop"\namount = "1.00"\n'
    with pytest.raises(InputError, match="business, digital_assets, derivatives"):
        read_person(write(tmp_path, loss), STATED)
    with pytest.raises(InputError, match="amount"):
        read_person(write(tmp_path, loss.replace("amount", "# amount")), STATED)
