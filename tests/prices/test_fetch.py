"""Rates of the bank in the store: only missing days, each with its source, whole or not at all."""

from datetime import date, timedelta

import pytest
from bank_server import feed, running
from price_rows import rate

from salyq.civil.errors import InputError
from salyq.prices.fetch import EMPTY_IN_A_ROW, fetch_rates, kept_folder
from salyq.prices.fetch_http import Bank, Manners, dotted
from salyq.prices.fetch_kept import KeptAnswers
from salyq.prices.store import PriceStore

QUICK = Manners(connect=1, read=1, whole=2, again=0, backoff=0)
FIRST, LAST = date(2025, 6, 13), date(2025, 6, 16)
UNIT = 10**18


@pytest.fixture
def server():
    with running() as bank:
        yield bank


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def fetch(server, first=FIRST, last=LAST, **how):
    with Bank(server.base, QUICK) as bank:
        return fetch_rates(PriceStore(), bank, KeptAnswers(kept_folder(bank)), first, last, **how)


def refused(server, **how):
    with pytest.raises(InputError) as caught:
        fetch(server, **how)
    return caught.value


def stored():
    return PriceStore().load()[1]


def test_each_rate_is_exact_and_names_its_source(server, place):
    found = fetch(server)
    assert (found.asked, found.kept, found.stored) == (4, 0, 0)
    assert found.imported == (8, 0, 0)
    rates = stored()
    assert {(r.currency, r.rate, r.quantity) for r in rates} == {
        ("USD", 51119 * UNIT // 100, UNIT),
        ("AMD", 1305 * UNIT // 100, 10 * UNIT),
    }
    for r in rates:
        assert r.kind == "official"
        assert r.origin.startswith(f"nationalbank.kz get_rates {dotted(r.day)}")
        assert r.source.file == f"{server.base}/rss/get_rates.cfm?fdate={dotted(r.day)}"
        raw = KeptAnswers(kept_folder(Bank(server.base))).get(r.day)
        assert raw == feed(dotted(r.day)), "the answer as it came"
        assert f"<title>{r.currency}</title>" in raw.decode().splitlines()[r.source.line + 1]


def test_what_is_no_iso_currency_is_said(server, place):
    assert fetch(server).left_out == {"XDR": 4}


def test_a_second_run_asks_for_nothing(server, place):
    fetch(server)
    before = len(server.asked)
    found = fetch(server, last=LAST + timedelta(days=1))
    assert (found.asked, found.kept, len(server.asked)) == (1, 4, before + 1)
    assert found.imported == (2, 8, 0)


def test_days_that_the_store_has_are_not_asked(server, place):
    PriceStore().import_rows((), [rate("2025-06-14", "511.19")])
    found = fetch(server, currencies=["USD"])
    assert (found.asked, found.stored) == (3, 1)
    assert {r.currency for r in stored()} == {"USD"}
    assert fetch(server, currencies=["USD"]).stored == 4
    assert fetch(server, currencies=["USD", "AMD"]).kept == 3


def test_another_value_in_the_store_is_said_and_replaced_only_by_refresh(server, place):
    mine = rate("2025-06-14", "500", origin="my bank")
    PriceStore().import_rows((), [mine])
    error = refused(server)
    assert error.message.code == "conflicting_quotes"
    assert len(stored()) == 1
    found = fetch(server, refresh=True)
    assert found.asked == 4
    assert found.imported.replaced == 1
    assert {r.rate for r in stored() if r.currency == "USD"} == {51119 * UNIT // 100}


def test_refresh_takes_what_the_bank_corrected(server, place):
    fetch(server)
    server.says[dotted(FIRST)] = [feed(dotted(FIRST), [("USD", "512", "1")])]
    assert fetch(server).asked == 0
    found = fetch(server, refresh=True)
    assert found.imported == (0, 7 - 1 + 0, 1)
    assert {r.rate for r in stored() if r.currency == "USD" and r.day == FIRST} == {512 * UNIT}


def test_a_break_leaves_the_store_and_goes_on_where_it_stopped(server, place):
    server.says["15.06.2025"] = [500]
    error = refused(server)
    assert "15.06.2025" in (error.file or "")
    assert not PriceStore().path.exists()
    assert not list(place.rglob("*.part"))
    asked = len(server.asked)
    del server.says["15.06.2025"]
    found = fetch(server)
    assert (found.asked, found.kept) == (2, 2)
    assert len(server.asked) == asked + 2
    assert len(stored()) == 8


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<html>maintenance</html>", "list of rates"),
        (b"", "list of rates"),
        (feed("12.06.2025"), "another day: 2025-06-12"),
        (b'<!DOCTYPE r [<!ENTITY a "aaaa">]><rates><date>&a;</date></rates>', "entities"),
    ],
)
def test_an_answer_that_is_no_list_of_that_day_stops_everything(server, place, raw, words):
    server.says[dotted(LAST)] = [raw]
    error = refused(server)
    assert error.exit_code == 4
    assert words in error.text("en")
    assert "\n" not in error.text("kk") + error.text("ru")
    assert not PriceStore().path.exists()
    assert KeptAnswers(kept_folder(Bank(server.base))).get(LAST) is None


def test_a_damaged_kept_answer_is_asked_anew(server, place):
    fetch(server)
    kept = KeptAnswers(kept_folder(Bank(server.base)))
    kept.path(FIRST).write_bytes(feed(dotted(FIRST))[:200])
    kept.path(LAST).write_bytes(feed("01.01.2001"))
    found = fetch(server)
    assert (found.asked, found.kept) == (2, 2)
    assert kept.get(FIRST) == feed(dotted(FIRST))


def test_a_day_without_rates_is_said_and_asked_again(server, place):
    server.says[dotted(LAST)] = [feed(dotted(LAST), ()), feed(dotted(LAST))]
    found = fetch(server)
    assert found.empty == [LAST]
    assert found.imported.added == 6
    assert fetch(server).imported.added == 2


def test_a_month_of_nothing_ends_the_asking(server, place):
    server.default = lambda day: feed(day, ())
    found = fetch(server, first=date(2030, 1, 1), last=date(2030, 12, 31))
    assert found.asked == len(found.empty) == len(server.asked) == EMPTY_IN_A_ROW
    assert found.not_asked[0] == date(2030, 1, 1) + timedelta(days=EMPTY_IN_A_ROW)
    assert len(found.empty) + len(found.not_asked) == 365
    assert not PriceStore().path.exists()


def test_a_wanted_currency_that_the_bank_lacks(server, place):
    found = fetch(server, currencies=["USD", "VND"])
    assert found.absent == {"VND": [FIRST + timedelta(days=n) for n in range(4)]}
    assert found.imported.added == 4


def test_items_that_cannot_be_used_are_told_once_for_those_who_want_them(server, place):
    server.says[dotted(FIRST)] = [feed(dotted(FIRST), [("USD", "511.19", "1"), ("EUR", "abc", "1")])]
    (fault,) = fetch(server).faults
    assert fault[1].currency == "EUR"
    assert fetch(server, currencies=["USD"]).faults == []
    found = fetch(server, last=FIRST, currencies=["EUR"])
    assert len(found.faults) == 1
    assert found.absent == {}


def test_progress_reaches_its_end(server, place):
    steps = []
    fetch(server, progress=lambda what, done, total: steps.append((what, done, total)))
    assert steps[0] == ("2025-06-13", 0, 4)
    assert steps[-1] == ("2025-06-16", 4, 4)
    assert [s[1] for s in steps] == [0, 1, 2, 3, 4]


def test_answers_of_a_mirror_stand_apart(place):
    names = {
        kept_folder(Bank(base)) for base in ("https://nationalbank.kz", "http://127.0.0.1:80", "http://127.0.0.1:81")
    }
    assert len(names) == 3
    assert kept_folder(Bank("https://m.example/../../up")).parent == place / "fetched"


def test_a_folder_that_cannot_be_written(server, place):
    place.mkdir()
    (place / "fetched").write_text("in the way")
    error = refused(server)
    assert error.exit_code == 4
    assert not PriceStore().path.exists()
