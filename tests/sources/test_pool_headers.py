"""The table of a pool is known by the words of its header, whichever way a pool spells it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from salyq.civil.numbers import format_scaled
from salyq.records.reading import Reading
from salyq.sources.readers.pools.table import FORMAT

Read = Callable[..., Reading]

HEADERS = {
    "short": "№;Наименование майнера;БИН/ИИН;Наименование пула;БИН/ИИН пула;№ лицензии;Дата лицензии;Кошелек;"
    "Дата распределения;ЦА;Кол-во;Комиссия (актив);Комиссия (кол-во)",
    "broken lines": '"№\nп/п";"Майнер\n(наименование)";"БИН/ИИН\nмайнера";"Цифровой майнинговый\nпул";"БИН\nпула";'
    '"Лицензия\n(номер)";"Лицензия\n(дата)";"Адрес\nкошелька";"Дата\nвыплаты";"Цифровой\nактив";'
    '"Количество,\nмайнеру";"Комиссия пула,\nактив";"Комиссия пула,\nколичество"',
    "kazakh": "р/с №;Майнердің атауы;Майнердің ЖСН/БСН;Пулдың атауы;Пулдың БСН;Лицензияның нөмірі;Лицензияның күні;"
    "Әмиянның мекенжайы;Бөлінген күні;Цифрлық активтің түрі;Майнерге бөлінген цифрлық активтің мөлшері;"
    "Пул комиссиясының активі;Пул комиссиясының мөлшері",
    "english": "No.;Miner;Miner BIN;Pool;Pool BIN;License no.;License date;Wallet;Payout date;Asset;"
    "Amount to the miner;Pool fee asset;Pool fee amount",
}


@pytest.mark.parametrize("words", [w for w in HEADERS if w != "broken lines"])
def test_headers_in_three_languages(read: Read, words: str) -> None:
    text = (
        HEADERS[words] + "\n1;ТОО;;Pool;;KZ1;01.02.2024;bc1q;31.01.2025;BTC;0,5;BTC;0,005\nИтого;;;;;;;;;;0,5;;0,005\n"
    )
    reading = read(text)
    (payout,) = reading.payouts
    assert (format_scaled(payout.quantity), format_scaled(payout.commission or 0)) == ("0.5", "0.005")
    assert (payout.day.isoformat(), payout.asset, payout.pool) == ("2025-01-31", "BTC", "Pool")
    assert (payout.wallet, payout.licence, payout.pool_bin) == ("bc1q", "KZ1", None)
    assert dict(reading.files[0].ignored) == {"total_row": 1}


def test_titles_of_several_lines(read: Read) -> None:
    """A spreadsheet breaks its titles over lines."""
    header = next(csv.reader(io.StringIO(HEADERS["broken lines"]), delimiter=";"))
    found = FORMAT.match(header)
    assert found is not None
    assert found.places == (8, 9, 10, 11, 12, 2, 3, 4, 7, 5, 1, 0)


def test_lines_below_the_table_are_left_out(read: Read) -> None:
    text = (
        HEADERS["short"] + "\n1;ТОО;;Pool;;KZ1;;bc1q;31.01.2025;BTC;0,5;;\n;;;;;;;;;;0,5;;\nРуководитель;;;;;;;;;;;;\n"
    )
    reading = read(text)
    assert len(reading.payouts) == 1
    assert dict(reading.files[0].ignored) == {"total_row": 1, "footer": 1}


def test_a_row_without_its_day_is_told(read: Read) -> None:
    reading = read(HEADERS["english"] + "\n1;A;;Pool;;KZ1;;bc1q;;BTC;0.5;;\n2;A;;Pool;;KZ1;;bc1q;2025-01;BTC;0.5;;\n")
    assert [(r.source.line, r.column, r.reason.code) for r in reading.files[0].rejected] == [
        (2, "date", "row_bad_date"),
        (3, "date", "row_bad_date"),
    ]
