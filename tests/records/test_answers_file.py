"""answers.toml: what is read, what is refused in one line, and that writing and reading are one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.civil.errors import InputError
from salyq.records.answers import Answer, RowName
from salyq.records.answers_file import answer_text, appended, parse_answers, read_answers
from salyq.records.model import UNIT, Source

ROW = '{ account = "w", time = "2025-03-01T10:00:00Z", asset = "BTC", quantity = "0.5" }'
GOOD = f"""# mine
[[answer]]
say = "cost"
question = "unmatched_transfer_in"
rows = [{ROW}]
cost = "12000.00"
currency = "USD"
on = 2024-05-05
document = "contract"
"""


def test_an_answer_is_read_with_its_line() -> None:
    (answer,) = parse_answers(GOOD)
    assert answer.source.line == 2
    assert (answer.value, answer.currency, answer.day) == (12000 * UNIT, "USD", date(2024, 5, 5))
    assert answer.rows == (RowName("w", datetime(2025, 3, 1, 10, tzinfo=UTC), None, "BTC", UNIT // 2),)


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ('say = "cost"', 'say = "costs"', 3, "person_not_a_choice"),
        ('say = "cost"', "", 2, "person_key_missing"),
        ('cost = "12000.00"', "", 2, "person_key_missing"),
        ('cost = "12000.00"', 'cost = "1e3"', 6, "person_bad_number"),
        ('cost = "12000.00"', 'cost = "-1"', 6, "answer_not_amount"),
        ('currency = "USD"', 'currency = "USDT"', 7, "answer_currency"),
        ('document = "contract"', 'papers = "contract"', 9, "person_unknown_key"),
        (f"rows = [{ROW}]", "rows = []", 5, "answer_rows_count"),
        (f"rows = [{ROW}]", f"rows = [{ROW}, {ROW}]", 5, "answer_rows_count"),
        (f"rows = [{ROW}]", "rows = 5", 5, "answer_rows_shape"),
        ('asset = "BTC", ', "", 5, "answer_row_unnamed"),
        ('time = "2025-03-01T10:00:00Z"', 'time = "noon"', 5, "answer_time"),
        ('account = "w"', "account = 5", 5, "person_not_text"),
        ('account = "w"', 'acount = "w"', 5, "person_unknown_key"),
        ('quantity = "0.5"', 'quantity = "0"', 5, "answer_not_amount"),
        ("on = 2024-05-05", 'on = "soon"', 8, "person_not_date"),
        ("[[answer]]", "[answer]", None, "person_not_tables"),
    ],
)
def test_what_is_wrong_is_one_line(old: str, new: str, line: int | None, code: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as error:
        parse_answers(GOOD.replace(old, new))
    assert (error.value.message.code, error.value.file) == (code, "answers.toml")
    if line is not None:
        assert error.value.line == line
    assert all("\n" not in error.value.text(lang) for lang in ("kk", "ru", "en"))


def test_no_toml_and_no_text_are_refused(tmp_path) -> None:
    path = tmp_path / "answers.toml"
    for data, code in ((b"[[answer", "person_not_toml"), (b"\xff\xfe", "person_not_utf8")):
        path.write_bytes(data)
        with pytest.raises(InputError) as error:
            read_answers(path)
        assert error.value.message.code == code


def test_what_stood_there_stays() -> None:
    text = appended(GOOD.rstrip("\n"), parse_answers(GOOD))
    assert text.startswith(GOOD)
    first, second = parse_answers(text)
    assert second.source.line > first.source.line
    with pytest.raises(InputError):
        appended("broken = [", parse_answers(GOOD))


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda t: bool(t.strip()) and t.isprintable() and t == t.strip()
)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
amounts = st.integers(1, 10**38 - 1)
moments = st.integers(10**9, 2 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
rows = st.builds(
    RowName,
    anything,
    moments,
    st.sampled_from(["buy", "transfer_in", None]),
    anything.filter(bool),
    amounts,
    st.none() | anything.filter(bool),
    st.none() | st.integers(1, 99),
    st.none() | words,
)
facts = {"question": words | st.just(""), "document": st.none() | words, "note": st.none() | words}
PLACE = st.just(Source("answers.toml", 1))
answers = st.one_of(
    st.builds(
        Answer,
        st.just("cost"),
        st.tuples(rows),
        PLACE,
        value=st.integers(0, 10**38 - 1),
        currency=st.sampled_from(["KZT", "USD"]),
        day=st.none() | st.dates(date(2010, 1, 1)),
        quantity=st.none() | amounts,
        **facts,
    ),
    st.builds(Answer, st.sampled_from(["own", "nothing"]), st.lists(rows, min_size=1, max_size=3).map(tuple), PLACE),
    st.builds(Answer, st.just("times"), st.tuples(rows), PLACE, times=st.integers(1, 99)),
    st.builds(Answer, st.just("kind"), st.tuples(rows), PLACE, kind=st.sampled_from(["gift_out", "spend"])),
)


@settings(max_examples=80, deadline=None)
@given(answers)
def test_an_answer_that_is_written_is_read_back(answer: Answer) -> None:
    (found,) = parse_answers(answer_text(answer))
    assert (found.say, found.rows, found.value, found.currency) == (
        answer.say,
        answer.rows,
        answer.value,
        answer.currency,
    )
    assert (found.day, found.quantity, found.kind, found.times) == (
        answer.day,
        answer.quantity,
        answer.kind,
        answer.times,
    )
    assert (found.question, found.document, found.note) == (answer.question, answer.document, answer.note)
