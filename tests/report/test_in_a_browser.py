"""The report's HTML in a real browser: axe-core, light and dark, narrow and wide, on paper, without script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.browser import THEMES, WIDTHS, axe_faults, browser, opened, thinned, too_wide

import salyq
from salyq.report.document import document
from salyq.report.html import report_html
from salyq.report.material import gather

SEEN = [[(w, THEMES[(n + turn) % 2]) for n, w in enumerate(WIDTHS)] for turn in (0, 1)]
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    """A person's report in Kazakh and a mining company's in Russian, as files."""
    here = tmp_path_factory.mktemp("reports")
    found = {}
    for name, year, lang in (("aliya", 2025, "kk"), ("temir-mining", 2026, "ru")):
        material = gather(salyq.read_case(EXAMPLES / name), year)
        found[name] = here / f"{name}.html"
        found[name].write_text(report_html(document([material], lang)), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def chromium():
    with browser() as made:
        yield made


def outside(page: Any) -> list[str]:
    """What a reader cannot reach: text that stands out of the page and of every box that can be scrolled."""
    return page.evaluate(
        """() => [...document.querySelectorAll('p, h1, h2, dd, summary, .leaf, figcaption')]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > window.innerWidth + 1)
        .map(e => e.textContent.slice(0, 60))"""
    )


# Each report narrow and wide, light and dark; the four pairs of both lie on the two of them.
@pytest.mark.parametrize(
    ("name", "width", "theme"),
    [(name, width, theme) for name, turn in (("aliya", 1), ("temir-mining", 0)) for width, theme in SEEN[turn]],
)
def test_nothing_stands_in_a_readers_way(chromium, pages, name, theme, width):
    with opened(chromium, pages[name], width, theme) as page:
        opened_too = "" if name == "aliya" else ":not(#why)"  # thousands of folds: those of one report are enough
        assert page.locator("#why").count() == 1
        page.evaluate(f"document.querySelectorAll('main > section{opened_too} details').forEach(d => d.open = true)")
        assert not too_wide(page)
        assert outside(page) == []
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (theme == "dark")
        assert axe_faults(thinned(page)) == []


def test_nothing_is_fetched_and_nothing_runs(chromium, pages):
    with opened(chromium, pages["aliya"], 1280, script=False) as page:
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        page.reload()
        assert asked == [pages["aliya"].resolve().as_uri()]
        assert page.locator("details[open]").count() == 0
        page.locator("summary").first.click()
        assert page.locator("details[open]").count() == 1


def test_on_paper_it_is_light_and_whole(chromium, pages, tmp_path):
    import pypdf

    with opened(chromium, pages["temir-mining"], 1280, "dark") as page:
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 27, 27)"
        assert not page.locator("nav").is_visible()
        page.pdf(path=str(tmp_path / "p.pdf"), prefer_css_page_size=True)
    paper = pypdf.PdfReader(tmp_path / "p.pdf")
    assert 3 <= len(paper.pages) <= 60
    for sheet in paper.pages:
        assert [round(x) for x in sheet.mediabox[2:]] == [595, 842]
