"""What people are told that a table is: a venue and its list in words, never the name of a reader."""

from __future__ import annotations

import pytest

from salyq.sources.known import known_readers
from salyq.sources.said import reader_name


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_every_reader_has_a_name_in_words(lang: str) -> None:
    names = {r.reader: reader_name(r.reader, lang, r.venue) for r in known_readers()}
    assert not [n for n in names.values() if "_" in n or not n]
    assert lang == "en" or not [r for r, name in names.items() if name == r]
    assert reader_name("other_package", lang) == "other_package"
    assert reader_name("other_package", lang, "Venue") == "Venue"


def test_a_reader_is_called_by_its_venue_and_list() -> None:
    assert reader_name("binance_history", "ru", "Binance") == "Binance: история операций"
    assert reader_name("kucoin_trades_2019", "en", "KuCoin") == "KuCoin: trades"
    assert reader_name("okx_trading", "kk", "OKX") == "OKX: сауда шоты"


def test_inputs_that_no_reader_reads_have_words_too():
    """`person.toml | person` stood in reports of every language."""
    for own in ("person", "mapping", "answers", "price_store"):
        assert len({reader_name(own, lang) for lang in ("kk", "ru")} - {own}) == 2
