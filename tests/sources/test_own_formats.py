from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from salyq import law
from salyq.records.kinds import KINDS
from salyq.records.model import PROOFS, PURPOSES, UNIT, ExchangeRate
from salyq.records.person import Person
from salyq.records.reading import Reading, Rejection
from salyq.sources import settle_currencies
from salyq.sources.habits.periods import period_of
from salyq.sources.habits.words import meant
from salyq.sources.readers.own.expenses import CATEGORIES

Read = Callable[..., Reading]
HEAD = "time,kind,asset,quantity,value,currency,fee,fee_asset,account,group,document,lot\n"
TIME = "2025-03-01T12:00:00+05:00"


def only_rejection(reading: Reading) -> Rejection:
    (report,) = reading.files
    (rejected,) = report.rejected
    assert all(rejected.reason.texts().values())
    return rejected


def codes(reading: Reading) -> dict[str, object]:
    return {m.code + str(m.params.get("column", "")): m.params.get("count") for _, m in reading.notices}


def test_a_whole_record(read: Read) -> None:
    row = f"{TIME},buy,btc,0.5,1000000.00,kzt,0.001,bnb,wallet,order-1,contract 7,a:1;b:0.5\n"
    (record,) = read(HEAD + row).records
    assert record.time == datetime(2025, 3, 1, 7, tzinfo=UTC)
    assert record.day == date(2025, 3, 1)
    assert (record.asset, record.quantity, record.value, record.currency) == ("BTC", UNIT // 2, 10**6 * UNIT, "KZT")
    assert (record.fee, record.fee_asset, record.account, record.group) == (10**15, "BNB", "wallet", "order-1")
    assert (record.document, record.lot, record.note, record.id) == ("contract 7", "a:1;b:0.5", None, None)
    assert str(record.source) == "file.csv:2"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (f"{TIME},buy,BTC,0,1,KZT,,,,,,", "quantity", "row_not_positive"),
        (f"{TIME},buy,BTC,-1,1,KZT,,,,,,", "quantity", "row_not_positive"),
        (f"{TIME},buy,BTC,,1,KZT,,,,,,", "quantity", "row_cell_missing"),
        (f"{TIME},buy,BTC,1e-3,1,KZT,,,,,,", "quantity", "number_exponent"),
        (f'{TIME},buy,BTC,"1,000",1,KZT,,,,,,', "quantity", "number_comma_unclear"),
        (f"{TIME},buy,BTC,{'1' * 40},1,KZT,,,,,,", "quantity", "number_too_long"),
        (f"{TIME},buy,BTC,0.{'1' * 19},1,KZT,,,,,,", "quantity", "number_too_many_decimals"),
        (f"{TIME},buy,BTC,1,-5,KZT,,,,,,", "value", "row_negative"),
        (f"{TIME},buy,BTC,1,,,,,,,,", "value", "row_kind_needs"),
        (f"{TIME},sell,BTC,1,,,,,,,none,", "value", "row_kind_needs"),
        (f"{TIME},sell,BTC,1,5,,,,,,,", "currency", "row_value_without_currency"),
        (f"{TIME},swap_in,BTC,1,,,,,,,,", "group", "row_kind_needs"),
        (f"{TIME},reversal,BTC,1,,,,,,,,", "group", "row_kind_needs"),
        (f"{TIME},derivative_result,USDT,1,,,,,,,,", "value", "row_kind_needs"),
        (f"{TIME},spend,BTC,1,,,0.1,,,,,", "fee_asset", "row_fee_without_asset"),
        (f"{TIME},spend,BTC,1,,,-0.1,BTC,,,,", "fee", "row_negative"),
        (f"{TIME},bought,BTC,1,,,,,,,,", "kind", "row_unknown_kind"),
        (f"{TIME},buy,,1,1,KZT,,,,,,", "asset", "row_cell_missing"),
        (f"{TIME},buy,{'A' * 65},1,1,KZT,,,,,,", "asset", "row_bad_asset"),
        (f"{TIME},buy,USD,1,500,KZT,,,,,,", "asset", "row_asset_is_money"),
        ("03/01/2025,buy,BTC,1,1,KZT,,,,,,", "time", "row_bad_time"),
        ("2025-02-30T10:00Z,buy,BTC,1,1,KZT,,,,,,", "time", "row_bad_time"),
        (",buy,BTC,1,1,KZT,,,,,,", "time", "row_cell_missing"),
        (f"{TIME},sell,BTC,1,1,KZT,,,,,,abc", "lot", "row_bad_lot"),
        (f"{TIME},sell,BTC,1,1,KZT,,,,,,a:0", "lot", "row_not_positive"),
        (f"{TIME},buy,BTC,1,1,KZT,,,,,,,too,many", None, "row_too_long"),
    ],
)
def test_a_bad_row_is_rejected_and_the_others_stand(read: Read, row: str, column: str | None, code: str) -> None:
    good = f"{TIME},gift_in,ETH,1,,,,,,,,\n"
    reading = read(HEAD + good + row + "\n" + good)
    rejected = only_rejection(reading)
    assert (rejected.column, rejected.reason.code, rejected.source.line) == (column, code, 3)
    assert rejected.year == (None if column == "time" or column is None else 2025)
    assert len(reading.records) == 2
    assert reading.files[0].read == 3


def test_a_purchase_without_papers_may_lack_its_price(read: Read) -> None:
    assert read(HEAD + f"{TIME},buy,BTC,1,,,,,,,none,\n").records[0].document == "none"


def test_a_derivatives_loss_is_negative(read: Read) -> None:
    assert read(HEAD + f"{TIME},derivative_result,USDT,5,-5,USDT,,,,,,\n").records[0].value == -5 * UNIT


def test_what_is_assumed_is_said_once_with_its_count(read: Read) -> None:
    rows = "2025-03-01 12:00,buy,BTC,1,100.005,KZT,,,,,,\n" * 3
    reading = read(HEAD + rows)
    assert [r.value for r in reading.records] == [100_010000000000000000] * 3
    assert codes(reading) == {
        "notice_time_without_offset": 3,
        "notice_tenge_rounded": 3,
        "notice_counts_as_documented": 3,
    }
    assert all(str(source) == "file.csv:2" for source, _ in reading.notices)


def test_money_that_moves_is_no_event_of_ours(read: Read) -> None:
    reading = read(HEAD + f"{TIME},transfer_in,KZT,100,,,,,,,,\n{TIME},buy,BTC,1,1,KZT,0.005,KZT,,,d,\n,,,,,,,,,,,\n\n")
    assert dict(reading.files[0].ignored) == {"fiat_movement": 1, "blank_row": 1}
    assert reading.records[0].fee == 10**16  # half a tiyn, rounded up


def test_short_rows_end_in_empty_cells(read: Read) -> None:
    assert read(HEAD + f"{TIME},gift_in,ETH,1\n").records[0].value is None


def test_currencies_are_settled_over_the_whole_case(read: Read) -> None:
    rows = [f"{TIME},sell,BTC,1,5,{code},,,,,,\n" for code in ("USD", "USDT", "BTC", "ETH", "DOLLARS", "RUR")]
    reading = read(HEAD + "".join(rows))
    person = Person("900101300017", "individual")
    settle_currencies(reading, person)
    (report,) = reading.files
    assert [r.value for r in report.rejected] == ["ETH", "DOLLARS", "RUR"]
    assert [r.currency for r in reading.records] == ["USD", "USDT", "BTC"]
    assert report.balanced()
    assert {r.year for r in report.rejected} == {2025}


def test_energy(read: Read) -> None:
    head = "start,end,kwh,meter,meter_state,own_plant,renewable,grid_connected,price_per_kwh,max_power_kw,site,hosted\n"
    rows = (
        "2025-01-01,2025-02-01,1000.5,m1,ok,yes,YES,no,22.5,,north,no\n"
        "2025-02-01T00:00:00+05:00,2025-02-01T01:00:00+05:00,,m1,faulty,no,no,yes,,500,,yes\n"
        "2025-03-01,2025-03-02,5,,,,,,,,,\n"
    )
    reading = read(head + rows)
    one, two, three = reading.energy
    assert (one.start, one.by_days, one.kwh) == (datetime(2024, 12, 31, 19, tzinfo=UTC), True, 1000_500000000000000000)
    assert (one.own_plant, one.renewable, one.grid_connected, one.hosted) == (True, True, False, False)
    assert (two.kwh, two.meter_state, two.max_power_kw, two.by_days, two.hosted) == (
        None,
        "faulty",
        500 * UNIT,
        False,
        True,
    )
    assert (three.meter_state, three.own_plant, three.grid_connected) == ("ok", False, True)
    columns = ("meter_state", "own_plant", "renewable", "grid_connected", "hosted")
    assert codes(reading) == {f"notice_default{c}": 1 for c in columns}


def test_a_reading_from_a_day_to_an_hour_is_not_by_days(read: Read) -> None:
    (one,) = read("start,end,kwh\n2025-02-01,2025-02-01T12:00:00+05:00,5\n").energy
    assert not one.by_days
    assert (one.end - one.start).seconds == 12 * 3600


def test_an_apostrophe_of_ones_own_stays(read: Read) -> None:
    reading = read("time,kind,asset,quantity,note,id\n2025-03-01T07:00Z,gift_in,BTC,1,'tis a gift,'=1\n")
    assert (reading.records[0].note, reading.records[0].id) == ("'tis a gift", "=1")


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2025-02-01,2025-01-01,5,,", "end", "row_ends_before_start"),
        ("2025-02-01,2025-02-01,5,,", "end", "row_ends_before_start"),
        ("2025-02-30,2025-03-01,5,,", "start", "row_bad_time"),
        ("2025-02-01,2025-03-01,,,", "kwh", "row_cell_missing"),
        ("2025-02-01,2025-03-01,-5,,", "kwh", "row_negative"),
        ("2025-02-01,2025-03-01,5,broken,", "meter_state", "row_bad_choice"),
        ("2025-02-01,2025-03-01,5,ok,maybe", "own_plant", "row_bad_flag"),
        ("2025-02-01,2025-03-01,5,ok,1", "own_plant", "row_bad_flag"),
    ],
)
def test_bad_readings(read: Read, row: str, column: str, code: str) -> None:
    rejected = only_rejection(read("start,end,kwh,meter_state,own_plant\n" + row + "\n"))
    assert (rejected.column, rejected.reason.code) == (column, code)


def test_payouts(read: Read) -> None:
    head = "date,asset,quantity,pool,pool_bin,commission,wallet,licence\n"
    rows = (
        "2025-01-05,BTC,0.5,Pool,230440900503,0.001,w1,L1\n"
        "2025-01-06,BTC,0.5,Pool,230440900504,,,\n"
        "2025-01-07,BTC,0,,,,,\n"  # nothing was distributed
        "2025-01-08,BTC,-1,,,,,\n"
    )
    reading = read(head + rows)
    payout, nothing = reading.payouts
    assert (nothing.day, nothing.quantity) == (date(2025, 1, 7), 0)
    assert (payout.day, payout.quantity, payout.commission, payout.pool_bin) == (
        date(2025, 1, 5),
        UNIT // 2,
        10**15,
        "230440900503",
    )
    assert [(r.column, r.reason.code) for r in reading.files[0].rejected] == [
        ("pool_bin", "id_checksum"),
        ("quantity", "row_negative"),
    ]


def test_expenses_and_payments(read: Read) -> None:
    head = "date,category,amount,currency,document,note,activity\n"
    rows = (
        "2025-01-05,electricity,100.005,,d,n,mining\n"
        "2025-01-05,hosting,5.5,USD,,,\n"
        "2025-01-05,bribes,5,USD,,,\n"
        "2025-01-05,rent,-5,KZT,,,\n"
    )
    reading = read(head + rows)
    one, two = reading.expenses
    assert (one.amount, one.currency, one.activity) == (100_010000000000000000, "KZT", "mining")
    assert (two.amount, two.currency, two.activity) == (5_500000000000000000, "USD", None)
    assert codes(reading) == {"notice_defaultcurrency": 1, "notice_tenge_rounded": 1}
    assert [r.column for r in reading.files[0].rejected] == ["category", "amount"]
    reading = read(
        "date,name,period,amount\n2025-05-25,mining_fee,2025-Q1,10\n2025-05-25,mining_fee,Q1,10\n2025-05-25,,2025,1\n"
    )
    assert (reading.payments[0].period, reading.payments[0].amount) == ("2025-Q1", 10 * UNIT)
    assert [r.column for r in reading.files[0].rejected] == ["period", "name"]


def test_a_rate_of_a_currency_is_no_base_rate(read: Read) -> None:
    reading = read("date,rate,source\n2026-01-01,18,nbk\n2026-01-02,505.5,nbk\n")
    assert [r.rate for r in reading.base_rates] == [18 * UNIT]
    assert only_rejection(reading).reason.code == "row_base_rate_too_high"


def test_quotes_are_no_events(read: Read) -> None:
    reading = read(
        "date,asset,value,currency,source,kind\n2025-01-05,BTC,50000,USD,nbk,day_average\n2025-01-05,BTC,50000,USD,,\n"
    )
    assert [v.kind for v in reading.asset_values] == ["day_average", "official"]
    assert reading.files[0].event is False
    reading = read(
        "date,currency,rate,quantity,source,kind\n2025-01-05,KRW,35.1,100,nbk,market\n2025-01-05,USD,500,,,\n2025-01-05,USD,0,,,\n"
    )
    assert reading.exchange_rates[1] == ExchangeRate(
        date(2025, 1, 5), "USD", 500 * UNIT, UNIT, "", "official", reading.exchange_rates[1].source
    )
    assert only_rejection(reading).column == "rate"


@pytest.mark.parametrize(
    ("kind", "flag", "when", "quantity", "meant"),
    [
        ("Покупка", "нет", "01.03.2025 12:00", '"0,5"', "buy"),
        ("сатып алу", "жоқ", "1.3.2025 12:00:00", '"0,50"', "buy"),
        ("куплено", "НЕТ", "01.03.2025, 12:00", "0.5", "buy"),
    ],
)
def test_words_days_and_commas_of_russian_and_kazakh_tables(
    read: Read, kind: str, flag: str, when: str, quantity: str, meant: str
) -> None:
    head = "time;kind;asset;quantity;value;currency;document;proof;abroad\n"
    row = f"{when};{kind};BTC;{quantity};1 000 000,50;KZT;чек 17;покупка;{flag}\n"
    (record,) = read(head + row).records
    assert (record.kind, record.quantity, record.value) == (meant, UNIT // 2, 1_000_000 * UNIT + UNIT // 2)
    assert (record.proof, record.abroad, record.time.hour) == ("purchase", False, 7)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("1 000", 1000),
        ("1\u00a0000\u00a0000", 1_000_000),
        ("1.000.000", 1_000_000),
        ("1,000,000", 1_000_000),
        ("1,000.00", 1000),
        ("1.000,00", 1000),
        ("1'000.50", 1000),
        ("1 000 ₸", 1000),
        ("₸1\u00a0000,50", 1000),
        ("1 000 тг.", 1000),
        ("KZT 1000", 1000),
        ("$1 000", None),  # the row says tenge
        ("1000 USD", None),
        ("1,000 ₸", None),
        ("1 000 шт", None),
        ("₸", None),
        ("(500)", None),  # an expense is not below zero
        ("(500 ₸)", None),
        ("-", None),
        ("1,000", None),
        ("10 00", None),
        ("1,000,00", None),
        ("1.000.00", None),
        ("1e3", None),
    ],
)
def test_a_mark_is_read_where_it_can_be_read_in_one_way(read: Read, text: str, whole: int | None) -> None:
    reading = read(f'date,category,amount\n2025-01-05,rent,"{text}"\n')
    assert [e.amount // UNIT for e in reading.expenses] == ([] if whole is None else [whole])
    assert len(reading.files[0].rejected) == (whole is None)


@pytest.mark.parametrize(
    ("kind", "value", "currency", "whole"),
    [
        ("derivative_result", "(500)", "KZT", -500),
        ("derivative_result", "(1 000 ₸)", "KZT", -1000),
        ("derivative_result", "(1'000.00) $", "USD", -1000),
        ("derivative_result", "₸ (500)", "KZT", -500),
        ("derivative_result", "-₸500", "KZT", -500),
        ("derivative_result", "(-500)", "KZT", None),
        ("derivative_result", "-(500)", "KZT", None),
        ("derivative_result", "(500 $)", "KZT", None),
        ("sell", "(500)", "KZT", None),
        ("sell", "$500", "USD", 500),
        ("sell", "500 USDT", "USDT", 500),
        ("sell", "$500", "USDT", None),
        ("sell", "500 ₸", "", None),
    ],
)
def test_currency_signs_and_brackets_of_values(
    read: Read, kind: str, value: str, currency: str, whole: int | None
) -> None:
    reading = read(f"time;kind;asset;quantity;value;currency\n{TIME};{kind};BTC;1;{value};{currency}\n")
    assert [r.value // UNIT for r in reading.records if r.value is not None] == ([] if whole is None else [whole])
    assert len(reading.files[0].rejected) == (whole is None)


def test_currency_signs_in_every_column_of_money(read: Read) -> None:
    assert read("date;name;period;amount\n05.01.2025;ИПН;2024;1 000 ₸\n").payments[0].amount == 1000 * UNIT
    energy = "start;end;kwh;price_per_kwh\n01.01.2025;01.02.2025;1'000;25,5 ₸\n"
    assert [(e.kwh, e.price_per_kwh) for e in read(energy).energy] == [(1000 * UNIT, 51 * UNIT // 2)]
    (quote,) = read("date;asset;value;currency;source\n05.01.2025;BTC;$50'000;USD;x\n").asset_values
    assert quote.value == 50_000 * UNIT
    assert read("date;currency;rate;source\n05.01.2025;USD;500,25 ₸;x\n").exchange_rates[0].rate == 2001 * UNIT // 4
    fee = f"time;kind;asset;quantity;value;currency;fee;fee_asset\n{TIME};sell;BTC;1;5;KZT;{{}};KZT\n"
    assert read(fee.format("1 000 ₸")).records[0].fee == 1000 * UNIT
    assert read(fee.format("1 000 €")).files[0].rejected[0].reason.code == "amount_of_other_coin"


def test_every_closed_list_has_its_words(read: Read) -> None:
    rows = "05.01.2025;Электроэнергия;1;;;;майнинг\n06.01.2025;жалдау;1;;;;басқа\n07.01.2025;Прочее;1;;;;\n"
    reading = read("date;category;amount;currency;document;note;activity\n" + rows)
    assert [(e.category, e.activity) for e in reading.expenses] == [
        ("electricity", "mining"),
        ("rent", "other"),
        ("other", None),
    ]
    energy = "start;end;kwh;meter_state;own_plant\n01.01.2025;01.02.2025;1 000,5;исправен;иә\n"
    (one,) = read(energy).energy
    assert (one.meter_state, one.own_plant, one.by_days, one.kwh) == ("ok", True, True, 1000 * UNIT + UNIT // 2)
    quotes = read("date;asset;value;currency;source;kind\n05.01.2025;BTC;50000;USD;x;рыночный\n")
    assert [v.kind for v in quotes.asset_values] == ["market"]
    rates = read("date;currency;rate;quantity;source;kind\n05.01.2025;USD;500,25;1;x;жылдық орташа\n")
    assert [r.kind for r in rates.exchange_rates] == ["year_mean"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-25", "2026-05-25"),
        ("25.05.2026", "2026-05-25"),
        ("25.05.2026 г.", "2026-05-25"),
        ("25.05.2026 0:00:00", "2026-05-25"),
        ("2026-05-25 00:00:00", "2026-05-25"),
        ("25/05/2026", "2026-05-25"),
        ("05/25/2026", "2026-05-25"),
        ("2026/5/25", "2026-05-25"),
        ("25-05-2026", "2026-05-25"),
        ("25 мая 2026 г.", "2026-05-25"),
        ("«25» мая 2026 года", "2026-05-25"),
        ("2026 жылғы 25 мамыр", "2026-05-25"),
        ("2026 ж. 5 мамыр", "2026-05-05"),
        ("25 мамыр 2026", "2026-05-25"),
        ("05/06/2026", None),  # the fifth of June, or the sixth of May
        ("25.05.26", None),
        ("31/02/2026", None),
        ("2026-05-25T10:00:00Z", None),
        ("46167", None),
    ],
)
def test_days_that_can_be_read_in_one_way_only(read: Read, text: str, day: str | None) -> None:
    reading = read(f"date;category;amount\n{text};rent;1\n")
    assert [str(e.day) for e in reading.expenses] == ([day] if day else [])


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026", "2026"),
        ("1 квартал 2026 г.", "2026-Q1"),
        ("за IV кв. 2026 года", "2026-Q4"),
        ("2026 жылғы 2-тоқсан", "2026-Q2"),
        ("1Q2026", "2026-Q1"),
        ("II полугодие 2025", "2025-H2"),
        ("2025 жылғы 1-жартыжылдық", "2025-H1"),
        ("2025 год", "2025"),
        ("май 2026", "2026-05"),
        ("5 квартал 2026", None),
        ("квартал 2026", None),
        ("q q 2026", None),
        ("2025-2026", None),
        ("1 2026", None),
    ],
)
def test_periods_in_words(text: str, period: str | None) -> None:
    assert period_of(text) == period


def test_taxes_that_were_paid_by_their_names(read: Read) -> None:
    said = ("Плата за цифровой майнинг,1 квартал 2026", "ЖТС,2025 жыл", "mining_fee.payment,2026-Q1")
    reading = read("date,name,period,amount\n" + "".join(f"25.05.2026,{what},100\n" for what in said))
    told = [(p.name, p.period) for p in reading.payments]
    assert told == [("mining_fee", "2026-Q1"), ("personal_income_tax", "2025"), ("mining_fee.payment", "2026-Q1")]


def test_coins_by_their_names_and_in_letters_that_look_alike(read: Read) -> None:
    names = ("Биткоин", "ВТС", "Bitcoin", "USDТ", "BITCOIN", "Тоғызқұмалақ")
    reading = read("date,asset,quantity\n" + "".join(f"2026-01-05,{name},1\n" for name in names))
    assert [p.asset for p in reading.payouts] == ["BTC", "BTC", "BTC", "USDT", "BITCOIN", "ТОҒЫЗҚҰМАЛАҚ"]
    said = [m.params["written"] for _, m in reading.notices if m.code == "notice_code_meant"]
    assert sorted(map(str, said)) == sorted(names[:4])


def test_a_word_of_another_list_is_none_of_this_one(read: Read) -> None:
    reading = read("date;category;amount\n05.01.2025;Покупка;1\n05.01.2025;рыночный;1\n")
    assert [r.reason.code for r in reading.files[0].rejected] == ["row_bad_choice"] * 2


def test_every_allowed_value_stands_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
    lists = (*KINDS, *PROOFS, *PURPOSES, *CATEGORIES, "mining", "ok", "missing", "faulty", "yes", "no")
    lists += ("official", "market", "year_mean", "day_average")
    assert [word for word in lists if f"`{word}`" not in guide] == []


def test_every_word_of_a_list_means_one_choice_and_each_choice_is_one() -> None:
    lists = tomllib.loads((files("salyq.sources") / "words.toml").read_text(encoding="utf-8"))
    choices = {
        "kind": (*KINDS, "official", "market", "year_mean", "day_average"),
        "flag": ("yes", "no"),
        "category": CATEGORIES,
        "activity": ("mining", "other"),
        "meter_state": ("ok", "missing", "faulty"),
        "proof": PROOFS,
        "purpose": PURPOSES,
        "name": [place.name for place in Path(law.__file__).parent.iterdir()],
    }
    assert set(lists) == set(choices)
    for column, words in lists.items():
        assert set(words) <= set(choices[column])
        for choice, spelt in words.items():
            assert [word for word in spelt if meant(word, column, choices[column]) != choice] == []


def test_a_day_of_two_readings_is_refused_with_that_reason(read: Read) -> None:
    reading = read("date;category;amount\n05/06/2026;rent;1\n31/02/2026;rent;1\n")
    assert [r.reason.code for f in reading.files for r in f.rejected] == ["row_day_two_ways", "row_bad_date"]


def test_meters_take_days_as_people_write_them_and_lines_of_totals_are_no_rows(read: Read) -> None:
    meter = "start;end;kwh;meter\n«1» февраля 2026 г.;2026 жылғы 1 наурыз;2 500,5;A\n01/02/2026;01.03.2026;1;B\n"
    reading = read(meter + "Итого;;2 500,5;\n", "meter.csv")
    (report,) = reading.files
    assert [(r.start.isoformat(), r.end.isoformat()) for r in reading.energy] == [
        ("2026-01-31T19:00:00+00:00", "2026-02-28T19:00:00+00:00")
    ]
    assert dict(report.ignored) == {"total_row": 1}
    assert [r.reason.code for r in report.rejected] == ["row_day_two_ways"]
    reading = read("date;category;amount\n2026-05-25;rent;1\nБарлығы;;1\n2026-05-26;total;1\n")
    assert dict(reading.files[0].ignored) == {"total_row": 1}
    assert [r.source.line for r in reading.files[0].rejected] == [4]


def test_a_row_that_only_begins_like_a_line_of_totals_is_not_left_out(read: Read) -> None:
    head = "date;category;amount;currency;document\n"
    lost = [";rent;1;KZT;Total Energies LLP", ";Total Energies;1;KZT;", ";;1;KZT;Sum Trade 12"]
    lost.append(";total;1;KZT;invoice 5")
    reading = read(head + "\n".join([*lost, ";;Итого за май;1;", ";ВСЕГО РАСХОДОВ:;1;KZT;", "Total paid;;1;;", ""]))
    (report,) = reading.files
    assert [r.source.line for r in report.rejected] == [2, 3, 4, 5]
    assert dict(report.ignored) == {"total_row": 3}
    head = "id;time;account;kind;asset;quantity;value;currency;counterparty\n"
    (report,) = read(head + "a;2026-05-25T12:00:00Z;x;sell;BTC;many;1;KZT;Total Energies\n", "r.csv").files
    assert [r.column for r in report.rejected] == ["quantity"]
