"""The bank's answer is read exactly, and nothing in it is trusted."""

from datetime import date

import pytest
from bank_server import HEAD, USUAL, feed
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.prices.fetch_xml import LARGEST, NotRates, read_answer

UNIT = 10**18


def refused(raw):
    with pytest.raises(NotRates) as caught:
        read_answer(raw)
    texts = [caught.value.message.text(lang) for lang in ("kk", "ru", "en")]
    assert len(set(texts)) == 3
    return caught.value.message.code


def test_rates_are_exact_and_know_their_line():
    answer = read_answer(feed("13.06.2025"))
    assert answer.day == date(2025, 6, 13)
    assert [(r.currency, r.rate, r.quantity) for r in answer.rates] == [
        ("USD", 51119 * UNIT // 100, UNIT),
        ("AMD", 1305 * UNIT // 100, 10 * UNIT),
        ("XDR", 7015 * UNIT // 10, UNIT),
    ]
    lines = feed("13.06.2025").decode().splitlines()
    for rate in answer.rates:
        assert lines[rate.line - 1].strip() == "<item>"
        assert rate.currency in lines[rate.line + 1]
    assert answer.faults == ()


def test_title_of_the_feed_is_no_currency():
    assert "USD" not in HEAD
    assert read_answer(feed("13.06.2025", ())).rates == ()


def test_the_plain_form_without_a_day():
    raw = b"<rates><item><title> USD </title><description>473.59</description><quant>1</quant></item></rates>"
    answer = read_answer(raw)
    assert answer.day is None
    assert [r.currency for r in answer.rates] == ["USD"]


@pytest.mark.parametrize(
    ("item", "column", "code"),
    [
        (("USD", "", "1"), "USD description", "number_not_plain"),
        (("USD", "511,19", "1"), "USD description", None),
        (("USD", "5.1e2", "1"), "USD description", "number_exponent"),
        (("USD", "0", "1"), "USD description", "quote_not_positive"),
        (("USD", "-5", "1"), "USD description", "quote_not_positive"),
        (("USD", "511.19", ""), "USD quant", "number_not_plain"),
        (("USD", "511.19", "0"), "USD quant", "quote_not_positive"),
        (("usd", "511.19", "1"), "title", "fetch_bad_code"),
        (("ЗОЛОТО", "511.19", "1"), "title", "fetch_bad_code"),
    ],
)
def test_an_item_that_cannot_be_used_is_named_and_the_others_stay(item, column, code):
    answer = read_answer(feed("13.06.2025", [("EUR", "590.1", "1"), item]))
    assert [r.currency for r in answer.rates] == ["EUR"]
    (fault,) = answer.faults
    assert fault.column == column
    assert code in (None, fault.reason.code)
    assert feed("13.06.2025", [("EUR", "590.1", "1"), item]).decode().splitlines()[fault.line - 1].strip() == "<item>"


def test_one_rate_told_twice():
    assert len(read_answer(feed("13.06.2025", [("JPY", "3.5", "1"), ("JPY", "350", "100")])).rates) == 1
    assert refused(feed("13.06.2025", [("USD", "511.19", "1"), ("USD", "511.2", "1")])) == "fetch_two_rates"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE rates [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rates><item><title>&b;</title></item></rates>"""
OUTSIDE = b'<!DOCTYPE rates [<!ENTITY x SYSTEM "file:///etc/passwd">]><rates><date>&x;</date></rates>'
EMPTY_TYPE = b"<!DOCTYPE rates><rates/>"


@pytest.mark.parametrize("raw", [BOMB, OUTSIDE, EMPTY_TYPE])
def test_entities_and_document_types_are_refused(raw):
    assert refused(raw) == "fetch_entities"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "fetch_not_xml"),
        (b"\x00\xff\xfe rubbish", "fetch_not_xml"),
        (feed("13.06.2025")[:-20], "fetch_not_xml"),
        (b'<?xml version="1.0" encoding="klingon"?><rates/>', "fetch_not_xml"),
        (b"<html><body>502 Bad Gateway</body></html>", "fetch_other_root"),
        (b"<rss><channel><item><title>USD</title></item></channel></rss>", "fetch_other_root"),
        (feed("31.02.2025"), "fetch_bad_day"),
        (feed("2025-06-13"), "fetch_bad_day"),
        (b"<rates>" + b" " * LARGEST + b"</rates>", "fetch_too_large"),
    ],
)
def test_what_is_no_list_of_rates_is_refused(raw, code):
    assert refused(raw) == code


def test_deep_nesting_is_only_slow_paper():
    deep = 50_000
    assert read_answer(b"<rates>" + b"<a>" * deep + b"</a>" * deep + b"</rates>").rates == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_is_more_than_one_clear_refusal(data):
    """Cut, doubled or changed bytes give rates, faults or NotRates, and never another exception."""
    raw = bytearray(feed("13.06.2025", USUAL))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
        if not raw:
            break
    try:
        rates = read_answer(bytes(raw)).rates
    except NotRates:
        rates = ()
    assert all(r.rate > 0 and r.quantity > 0 for r in rates)
