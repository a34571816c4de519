import json

from hypothesis import given
from hypothesis import strategies as st

from salyq.present.as_json import dumps
from salyq.present.clean import clean
from salyq.present.page import Page

DANGEROUS = [chr(c) for c in (*range(0x20), *range(0x7F, 0xA0))] + ["\u202e", "\u2066", "\u2028", "\ud800"]


def page_of(*cells: str) -> Page:
    page = Page()
    page.title("T")
    page.table(["one", "two"], [cells])
    page.line(" ".join(cells))
    return page


def test_no_control_character_reaches_a_terminal():
    for c in DANGEROUS:
        assert clean(f"a{c}b") == "a\ufffdb"
        text = page_of(f"a{c}[31mb", "x").text()
        assert c == "\n" or c not in text
        text.encode("utf-8")
        assert c not in dumps({"a": f"a{c}b"}).replace("\n", "") or c == " "


def test_markup_of_a_file_name_is_only_text():
    text = page_of("[bold]x[/bold].csv", ":smile:").text()
    assert text.count("[bold]x[/bold].csv") == 2
    assert ":smile:" in text


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=400))
def test_a_value_is_never_wrapped_or_cut(letters):
    value = f"«{letters} {letters}»"
    lines = page_of(value, "next").text().splitlines()
    assert sum(value in line for line in lines) == 2


def test_columns_line_up_and_nothing_trails():
    page = Page()
    page.table(["имя", "n"], [["a", "1"], ["файл 中文.csv", "12345"]], right=[1])
    head, _, short, long = page.text().splitlines()
    assert all(line == line.rstrip() for line in (head, short, long))
    wide = 2  # two letters of the long name take two cells each
    assert len(head) == len(short) == len(long) + wide
    assert short.endswith("    1")
    assert long.endswith("12345")


def test_colour_only_when_asked():
    page = page_of("a", "b")
    assert "\x1b[" not in page.text()
    assert "\x1b[" in page.text(colour=True)


@given(st.text(max_size=200))
def test_json_escapes_but_keeps_the_value(text):
    assert json.loads(dumps({"a": text})) == {"a": text}


WIDE = ["a-file-with-a-name.csv:2", "a name of many words here", "1 234,00"]


def test_a_table_that_is_wider_than_the_terminal_breaks_between_words() -> None:
    page = Page()
    page.table(["row", "what", "amount"], [WIDE], right=[2])
    assert max(map(len, page.text().splitlines())) > 50  # no terminal: whole
    text = page.text(width=50)
    assert max(map(len, text.splitlines())) <= 50
    for word in " ".join(WIDE[:2]).split():
        assert word in text
    assert "1 234,00" in text


def test_a_table_that_no_breaking_fits_is_told_row_by_row() -> None:
    page = Page()
    page.table(["row", "what", "amount"], [WIDE, ["b", "", "5"]], right=[2])
    lines = page.text(width=36).splitlines()
    assert lines == [
        "a-file-with-a-name.csv:2",
        "  what: a name of many words here",
        "  amount: 1 234,00",
        "b",
        "  amount: 5",
    ]
