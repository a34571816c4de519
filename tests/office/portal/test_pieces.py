"""Pages of the engine as HTML: every word once, in its place, and well formed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from salyq.office.portal.pieces import page_html, tree_html
from salyq.office.portal.readers import due_day, shown_at, shown_day, shown_moment
from salyq.present.page import Page


@given(st.lists(st.integers(min_value=1, max_value=60), max_size=30))
def test_a_tree_keeps_every_step_at_its_depth(depths: list[int]) -> None:
    page = Page()
    page.line("root")
    levels, last = [], 0
    for n, depth in enumerate(depths):
        last = min(depth, last + 1)
        levels.append(last)
        page.line("│  " * (last - 1) + f"├─ step <{n}>")
    page.heading("Acts")
    page.line("an act", indent=1)
    root = etree.fromstring(f"<x>{tree_html(page)}</x>")
    texts = [t.strip() for t in root.itertext() if t.strip()]
    assert texts == ["root", *(f"step <{n}>" for n in range(len(levels))), "Acts", "an act"]
    for item in root.iter("li"):
        said = (item.text or item.findtext("details/summary") or "").strip()
        if said.startswith("step"):
            depth = sum(1 for a in item.iterancestors("ul")) - 1
            assert depth == min(levels[int(said[6:-1])], 40)


def test_a_page_keeps_headings_lists_and_tables() -> None:
    page = Page()
    page.title("T")
    page.heading("Head & more")
    page.line("• one <b>", indent=1)
    page.line("two", indent=1, style="warning")
    page.table(["a", "b"], [["1", "<2>"]], right=[1])
    page.line("end", style="error")
    root = etree.fromstring(f"<x>{page_html(page)}</x>")
    assert [e.text for e in root.iter("h2")] == ["Head & more"]
    assert [e.text for e in root.iter("li")] == ["one <b>", "two"]
    assert [e.text for e in root.iter("td")] == ["1", "<2>"]
    assert [e.get("class") for e in root.iter("p")] == ["error"]


def test_the_sums_of_a_year_are_asked_of_whom_law_asks_them() -> None:
    from salyq.office.portal.cabinet.person import MONEY, MONEY_OTHER, money_of

    assert money_of("individual") == money_of("sole_proprietor") == [*MONEY, *MONEY_OTHER]
    assert money_of("company") == money_of("pool") == []


def test_whose_figure_it_is_stands_above_its_tree() -> None:
    page = Page(lang="ru")
    page.line("Whose: Aliya")
    page.line("Tax: 5", style="strong")
    page.line("├─ Income: 50")
    page.line("└─ Sold on 2025-01-20, a.csv:6")
    root = etree.fromstring(f"<x>{tree_html(page)}</x>")
    assert [e.text for e in root.iter("p")] == ["Whose: Aliya"]
    assert "├" not in "".join(root.itertext())
    assert [e.text for e in root.find("div").iter("li")] == [
        "Tax: 5", "Income: 50", "Sold on 20.01.2025, a.csv:6"]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "day", "moment"),
    [
        ("kk", "15.06.2026", "15.06.2026 15:00"),
        ("ru", "15.06.2026", "15.06.2026 15:00"),
        ("en", "2026-06-15", "2026-06-15 15:00"),
    ],
)
def test_days_and_moments_are_the_readers(lang: str, day: str, moment: str) -> None:
    assert shown_day("2026-06-15", lang) == shown_day(date(2026, 6, 15), lang) == due_day("2026-06-15", lang) == day
    assert shown_at("2026-06-15T10:00:00Z", lang) == due_day("2026-06-15T15:00:00+05:00", lang) == moment
    assert shown_day(None, lang) == shown_day("", lang) == shown_at("", lang) == shown_moment(None, lang) == "—"
