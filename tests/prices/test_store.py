"""The price store on disk: exact, whole or not at all, and clear when its file is not what it should be."""

import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from price_rows import rate, value

from salyq.civil.errors import InputError
from salyq.prices.book import PriceBook
from salyq.prices.store import FILE_NAME, PriceStore, data_folder
from salyq.records.model import AssetValue, ExchangeRate, Source

VALUES = [value("2025-06-13", "100.000000000000000001", line=2), value("2025-06-14", "101", kind="market", line=3)]
RATES = [rate("2025-06-13", "519.25", line=2), rate("2025-12-31", "521", kind="year_mean", line=3)]


@pytest.fixture
def store(tmp_path):
    return PriceStore(tmp_path / "data")


def neutral(stored):
    """Rows out of the store as the neutral rows they were."""
    values, rates = stored
    return (
        [AssetValue(*row[:-1], Source(*row.source)) for row in values],
        [ExchangeRate(*row[:-1], Source(*row.source)) for row in rates],
    )


def closing_db(path):
    return closing(sqlite3.connect(path))


def words(error):
    texts = [error.text(lang) for lang in ("kk", "ru", "en")]
    assert len(set(texts)) == 3
    assert all("\n" not in text and "{" not in text for text in texts)
    return texts[2]


def test_looking_into_no_store_finds_nothing_and_makes_nothing(store):
    assert store.load() == ([], [])
    assert store.show("BTC") == ([], [])
    assert not store.path.parent.exists()


def test_what_went_in_comes_out_and_works_in_a_book(store):
    assert store.import_rows(VALUES, RATES) == (4, 0, 0)
    values, rates = store.load()
    assert neutral((values, rates)) == (VALUES, RATES)
    assert str(values[0].source) == "prices/values.csv:2"
    found = PriceBook(values, rates).official_value("BTC", date(2025, 6, 15), previous_working_day=True)
    assert found.value * 10**18 == 100 * 10**18 + 1
    assert found.place == "prices/values.csv:2"


def test_importing_again_changes_nothing(store):
    store.import_rows(VALUES, RATES)
    before = store.path.read_bytes()
    moved = [row._replace(source=Source("other.csv", 77, "")) for row in VALUES]
    assert store.import_rows(moved, [rate("2025-06-13", "5192.5", quantity="10")]) == (0, 3, 0)
    assert neutral(store.load()) == (VALUES, RATES)
    assert store.path.read_bytes()[100:] == before[100:]  # the header counts changes


def test_a_repeat_within_one_import_is_one_row(store):
    assert store.import_rows([VALUES[0], VALUES[0]._replace(source=Source("b.csv", 9))], []) == (1, 0, 0)


def test_a_row_against_the_store_is_refused_and_nothing_is_written(store):
    store.import_rows(VALUES, RATES)
    fresh = [value("2025-07-01", "5", file="new.csv", line=2), value("2025-06-13", "99", file="new.csv", line=3)]
    with pytest.raises(InputError) as caught:
        store.import_rows(fresh, [rate("2025-07-01", "520", file="new.csv")])
    assert caught.value.message.code == "conflicting_quotes"
    text = words(caught.value)
    assert "new.csv:3" in text
    assert "prices/values.csv:2" in text
    assert neutral(store.load()) == (VALUES, RATES)


def test_a_rate_against_the_store_takes_the_values_of_the_import_down_with_it(store):
    store.import_rows(VALUES, RATES)
    with pytest.raises(InputError):
        store.import_rows([value("2025-07-01", "5")], [rate("2025-01-05", "1", kind="year_mean", file="new.csv")])
    assert neutral(store.load()) == (VALUES, RATES)


def test_rows_of_one_import_against_each_other_leave_no_store_behind(store):
    with pytest.raises(InputError):
        store.import_rows([value("2025-06-13", "1"), value("2025-06-13", "2", line=3)], [])
    assert not store.path.exists()


def test_replace_corrects_a_row_but_never_chooses_within_one_import(store):
    store.import_rows(VALUES, RATES)
    right = value("2025-06-13", "99", file="new.csv", line=3)
    mean = rate("2025-01-05", "530", kind="year_mean", file="new.csv", line=8)
    assert store.import_rows([right, VALUES[1]], [mean], replace=True) == (0, 1, 2)
    assert neutral(store.load()) == ([right, VALUES[1]], [mean, RATES[0]])
    with pytest.raises(InputError):
        store.import_rows([right, value("2025-06-13", "98", line=4)], [], replace=True)
    assert neutral(store.load())[0][0] == right


def test_impossible_numbers_never_enter(store):
    with pytest.raises(InputError):
        store.import_rows([], [rate("2025-06-13", "5", quantity="0")])
    assert not store.path.exists()


def test_show_by_name_and_days(store):
    ether = value("2025-06-13", "3", asset="ETH")
    store.import_rows([*VALUES, ether], RATES)
    assert neutral(store.show("BTC")) == (VALUES, [])
    assert neutral(store.show("BTC", date(2025, 6, 14), date(2025, 6, 14))) == (VALUES[1:], [])
    assert neutral(store.show("USD", last=date(2025, 6, 13))) == ([], RATES[:1])
    assert neutral(store.show("ETH")) == ([ether], [])
    assert store.show("x' OR '1'='1") == ([], [])


def test_a_fault_in_the_middle_of_writing_leaves_the_store_as_it_was(store):
    store.import_rows(VALUES, RATES)
    with closing_db(store.path) as db:
        db.execute(
            "CREATE TRIGGER no_dogs BEFORE INSERT ON exchange_rates WHEN NEW.name = 'XDG'"
            " BEGIN SELECT RAISE(FAIL, 'planted'); END"
        )
        db.commit()
    with pytest.raises(InputError, match="planted"):
        store.import_rows(
            [value("2025-07-01", "5")], [rate("2025-07-01", "1"), rate("2025-07-01", "1", currency="XDG")]
        )
    assert neutral(store.load()) == (VALUES, RATES)


def test_a_file_that_is_no_store(store):
    store.path.parent.mkdir(parents=True)
    store.path.write_bytes(b"day,asset,value\n" * 200)
    for use in (store.load, lambda: store.show("BTC"), lambda: store.import_rows(VALUES, [])):
        with pytest.raises(InputError) as caught:
            use()
        assert str(store.path) in words(caught.value)
    assert store.path.read_bytes() == b"day,asset,value\n" * 200


def test_a_damaged_number_in_the_store(store):
    store.import_rows(VALUES, RATES)
    with closing_db(store.path) as db:
        db.execute("UPDATE asset_values SET value = 'x'")
        db.commit()
    with pytest.raises(InputError) as caught:
        store.load()
    assert caught.value.message.code == "price_store_unreadable"


def test_a_store_of_a_newer_salyq_is_left_alone(store):
    store.import_rows(VALUES, RATES)
    with closing_db(store.path) as db:
        db.execute("PRAGMA user_version = 99")
    for use in (store.load, lambda: store.import_rows([], [])):
        with pytest.raises(InputError) as caught:
            use()
        assert caught.value.message.code == "price_store_newer"
        assert "format 99" in words(caught.value)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = PriceStore(tmp_path / "file" / "data")
    with pytest.raises(InputError) as caught:
        store.import_rows(VALUES, RATES)
    assert caught.value.message.code == "price_store_unwritable"
    assert "SALYQ_DATA" in words(caught.value)


def test_file_names_that_are_no_utf8_and_texts_like_sql(store):
    odd = value("2025-06-13", "1", asset="'); DROP TABLE asset_values; --", origin="Ұлттық банк «ҚҰБ»")
    odd = odd._replace(source=Source("bad\udcff.csv", 2, ""))
    store.import_rows([odd], [])
    (kept,), _ = store.load()
    assert (kept.asset, kept.origin) == (odd.asset, odd.origin)
    assert kept.source.file == "bad\ufffd.csv"


def test_imports_at_the_same_time_lose_nothing(store):
    def work(number):
        for n in range(5):
            store.import_rows([value(f"2025-0{n + 1}-1{number}", "5", asset=f"A{number}")], [])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.load()[0]) == 20


def test_where_the_data_lies(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/a"))
    assert data_folder({"SALYQ_DATA": "/x/y", "XDG_DATA_HOME": "/z"}, "linux") == Path("/x/y")
    assert data_folder({"XDG_DATA_HOME": "/z"}, "linux") == Path("/z/salyq")
    assert data_folder({"XDG_DATA_HOME": "relative"}, "linux") == Path("/home/a/.local/share/salyq")
    assert data_folder({}, "linux") == Path("/home/a/.local/share/salyq")
    assert data_folder({"LOCALAPPDATA": "/local"}, "win32") == Path("/local/salyq")
    assert data_folder({}, "darwin") == Path("/home/a/Library/Application Support/salyq")


def test_the_environment_decides_by_default(monkeypatch, tmp_path):
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path))
    PriceStore().import_rows(VALUES, [])
    assert (tmp_path / FILE_NAME).is_file()


wide = st.integers(1, 10**38 - 1)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.tuples(st.dates(), st.sampled_from(["BTC", "ETH", "ТГ"])), wide, max_size=8), wide, wide)
def test_numbers_of_38_digits_survive(tmp_path_factory, table, amount, quantity):
    store = PriceStore(tmp_path_factory.mktemp("store"))
    values = [AssetValue(d, a, n, "USD", "", "market", Source("f", 2, "")) for (d, a), n in table.items()]
    rates = [ExchangeRate(date(2025, 1, 1), "USD", amount, quantity, "", "official", Source("f", 2, ""))]
    store.import_rows(values, rates)
    assert neutral(store.load()) == (sorted(values, key=lambda row: (row.asset, row.day)), rates)
