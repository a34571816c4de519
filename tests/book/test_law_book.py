"""The book: every link leads somewhere, everything of the law stands in it once, it reads for everybody."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from tests.browser import THEMES, WIDTHS, axe_faults, browser, opened, thinned, too_wide

from salyq.app.lawbook import cases, subjects, whole
from salyq.book.charts import Step, through_time
from salyq.book.site import pages
from salyq.cli.commands import law_book
from salyq.cli.main import main

LANGUAGES = ("kk", "ru", "en")
LOOKED_AT = ("en/mining_fee.html", "ru/articles.html", "kk/index.html", "kk/coverage.html")


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.fetched: list[str] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        self.fetched += [str(found[k]) for k in ("src", "data", "action") if k in found]
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return pages()


@pytest.fixture(scope="module")
def read(site) -> dict[str, Page]:
    return {path: Page(text) for path, text in site.items()}


def test_every_link_leads_to_a_page_and_a_place(read) -> None:
    lost = []
    for path, page in read.items():
        folder = path.rpartition("/")[0]
        for link in page.links:
            if link.startswith("http"):
                continue
            name, _, place = link.partition("#")
            parts = [p for p in f"{folder}/{name}".split("/") if p] if name else path.split("/")
            while ".." in parts:
                at = parts.index("..")
                parts[at - 1 : at + 1] = []
            target = read.get("/".join(parts))
            if target is None or (place and place not in target.ids):
                lost.append(f"{path}: {link}")
    assert lost == []


def test_pages_are_whole_by_themselves(read, site) -> None:
    for path, page in read.items():
        assert page.fetched == [], path
        assert page.tags["script"] == (1 if path.endswith("/search.html") else 0), path
        assert page.tags["link"] == page.tags["iframe"] == page.tags["img"] == 0, path
        assert [i for i, n in Counter(page.ids).items() if n > 1] == [], path
        assert page.headings[0] == 1, path
        assert page.headings.count(1) == 1, path
        assert all(b <= a + 1 for a, b in pairwise(page.headings)), path
    assert "script-src" not in site["en/mining_fee.html"]


def test_everything_of_the_law_stands_in_it_once(read) -> None:
    law = whole()
    wanted = [f"n-{n}" for n in (*law.series, *law.rules)]
    wanted += [f"c-{c['id']}" for own in cases().values() for c in own]
    provisions = Counter(p.id for ps in law.provisions.values() for p in ps)
    for lang in LANGUAGES:
        found: Counter[str] = Counter()
        for subject in subjects():
            found += Counter(read[f"{lang}/{subject.key}.html"].ids)
        assert [n for n in wanted if found[n] != wanted.count(n)] == []
        assert {i: n for i, n in provisions.items() if found[f"p-{i}"] != n} == {}


def test_every_subject_has_words_of_its_own() -> None:
    assert [s.key for s in subjects() if not all(s.title.get(lang) for lang in LANGUAGES)] == []


def test_worked_cases_have_names_in_the_language_of_the_page(site) -> None:
    """Their titles are written in English alone and stay beside, marked as such; the name tells who, when, what
    happens and what it comes to."""
    names = {}
    for lang in LANGUAGES:
        page, search = site[f"{lang}/mining_fee.html"], site[f"{lang}/search.html"]
        heads = re.findall(r'<article id="c-[^>]*><h3[^>]*><span class="id">([^<]*)</span> (.*?)</h3>', page)
        assert len(heads) > 0
        names[lang] = dict(heads)
        links = re.findall(r'<li><a href="mining_fee.html#c-[^"]*">(.*?)</a>(.*?)</li>', search)
        assert len(links) >= len(heads)
        if lang == "en":
            assert all("lang=" not in rest for _, rest in links)
        else:
            assert all('lang="en"' in rest for _, rest in links)
            assert not [h for _, h in heads if 'lang="en"' in h]  # the head itself is no English
            marked = "(на английском)" if lang == "ru" else "(ағылшын тілінде)"
            assert page.count(marked) >= len(heads)
    assert names["ru"].keys() == names["kk"].keys() == names["en"].keys()
    told = "Юридическое лицо, 2026: энергия на майнинг — Электроэнергия, потреблённая при майнинге: 2\xa0160\xa0000"
    assert names["ru"]["X1"].startswith(told)
    assert names["kk"]["X1"].startswith("Заңды тұлға, 2026: майнингке жұмсалған энергия — ")
    assert "absent" not in " ".join(names["kk"].values())
    assert "НК 2025 г. 659(1)" in site["ru/mining_fee.html"]
    assert not re.search(r"\b[NO]TC\b", site["kk/mining_fee.html"])


def test_a_rule_stands_beside_its_article_and_a_case(site) -> None:
    """The rate of the code of 2025 as a reader meets it."""
    page = site["en/mining_fee.html"]
    found = re.search(r'<article class="provision" id="p-f26".*?</article>', page, re.S)
    assert found is not None
    assert "Tax Code 2025, art. 659(1)" in found[0]
    assert 'href="mining_fee.html#n-mining_fee.rate"' in found[0]
    assert 'href="mining_fee.html#c-' in found[0]
    assert "the sum over “Meter readings” where “Does this person pay for the reading”" in page
    assert "сумма (" in site["ru/mining_fee.html"]
    assert "қосынды (" in site["kk/mining_fee.html"]


@pytest.mark.parametrize(
    ("page", "provision", "case"),
    [
        ("penalties", "returns", "fine-return"),
        ("penalties", "set-off", "fine-277"),
        ("penalties", "illegal-business", "crime"),
        ("personal_income_tax", "a332-1-12", "332-1(12)-earlier"),
        ("personal_income_tax", "p24", "pit-2024-low-tax"),
    ],
)
def test_the_cases_beside_an_article_are_those_that_name_it(page: str, provision: str, case: str, site) -> None:
    found = re.search(rf'<article class="provision" id="p-{provision}".*?</article>', site[f"en/{page}.html"], re.S)
    assert found is not None
    assert f">{case}</a>" in found[0]


def test_law_comes_before_conventions_and_sources(site) -> None:
    cites = re.findall(r'<h3 id="h-p-[^"]*">([^<]*)', site["en/personal_income_tax.html"])
    kinds = [c.startswith(("taken from", "Salyq")) for c in cites]
    assert cites[0].startswith("Tax Code 2017")
    assert kinds == sorted(kinds)
    assert kinds[-1]  # some are not law


def test_figures_of_the_field_are_written_as_the_reader_writes_them(site) -> None:
    assert (
        '<td class="n">336\N{NO-BREAK SPACE}600\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000 KZT'
        in site["kk/statistics.html"]
    )
    assert '<td class="n">18,1 %' in site["ru/statistics.html"]
    assert '<td class="n">18.1' in site["en/statistics.html"]


def test_tables_by_a_word_speak_the_language_of_the_page(site) -> None:
    assert "(person: 15; " not in site["ru/penalties.html"]
    assert "физическое лицо: 15; должностное лицо: 25" in site["ru/penalties.html"]
    assert "жеке тұлға: 15; лауазымды тұлға: 25" in site["kk/penalties.html"]


def test_a_chart_says_what_the_table_says(site) -> None:
    page = site["en/mining_fee.html"]
    chart = re.search(r'<svg class="chart"[^>]*aria-label="Digital mining fee rate">.*?</svg>', page, re.S)
    assert chart is not None
    assert re.findall(r'class="num"[^>]*>([^<]+)<', chart[0]) == ["1\xa0tenge per kWh", "2\xa0tenge per kWh"]
    assert "M20 " in chart[0]
    assert page.index('<td class="day">2022-12-31</td>') > page.index(chart[0])


def test_words_of_a_chart_never_stand_on_one_another() -> None:
    from datetime import date, timedelta
    from fractions import Fraction

    start = date(2020, 1, 1)
    steps = [
        Step(start + timedelta(9 * n), start + timedelta(9 * n + 9), Fraction(n % 7), f"{n} percent") for n in range(90)
    ]
    words = re.findall(r'class="num" x="(\d+)" y="-?\d+">([^<]+)<', through_time(steps, "x <&>"))
    spans = [(int(x), int(x) + 7 * len(text)) for x, text in words]
    assert len(spans) > 1
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


# ---- the command -----------------------------------------------------------------------------------------------------
@pytest.fixture
def quick(monkeypatch, site) -> None:
    """The command with pages that are made already."""
    monkeypatch.setattr("salyq.book.site.pages", lambda *_: site)


def test_the_folder_is_written_and_replaced(quick, tmp_path, capsys) -> None:
    target = tmp_path / "book"
    assert main(["law", "book", "--to", str(target), "--lang", "en"]) == 0
    assert f"{target / 'index.html'}" in capsys.readouterr().out
    (target / "old.html").write_text("x")
    assert main(["law", "book", "--to", str(target)]) == 0
    assert not (target / "old.html").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book"]


def test_a_folder_of_other_things_is_refused(quick, tmp_path, capsys) -> None:
    (tmp_path / "own.txt").write_text("mine")
    assert main(["law", "book", "--to", str(tmp_path), "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert "earlier book" in error
    assert error.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["own.txt"]


def test_whole_or_not_at_all(quick, tmp_path, monkeypatch, capsys) -> None:
    target = tmp_path / "book"
    main(["law", "book", "--to", str(target)])
    before = {p.relative_to(target): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    count = 0

    def full(self, *args, **kwargs):
        nonlocal count
        count += 1
        if count > 40:
            raise OSError(28, "No space left on device")
        return write(self, *args, **kwargs)

    write = Path.write_text
    monkeypatch.setattr(Path, "write_text", full)
    capsys.readouterr()
    assert main(["law", "book", "--to", str(target), "--lang", "en"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert {p.relative_to(target): p.read_bytes() for p in target.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["book"]


def test_the_mark_is_not_a_page(site) -> None:
    assert law_book.MARK not in site


# ---- a real browser ----
@pytest.fixture(scope="module")
def folder(tmp_path_factory, site) -> Path:
    root = tmp_path_factory.mktemp("book")
    for path, text in site.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_it_reads_for_everybody(folder) -> None:
    """axe-core finds nothing and nobody scrolls sideways, at 320 and 1280 px, in light and dark, from disk."""
    faults: dict[str, list[str]] = {}
    with browser() as made:
        for n, path in enumerate(LOOKED_AT):
            pairs = [(w, t) for w in WIDTHS for t in THEMES]
            for width, theme in (pairs[0], pairs[3]) if n == 0 else (pairs[n],):
                with opened(made, folder / path, width, theme) as page:
                    found = (["too wide"] if too_wide(page) else []) + axe_faults(thinned(page))
                    if found:
                        faults[f"{path} {width} {theme}"] = found
    assert faults == {}


def test_search_with_scripts_and_without(folder) -> None:
    with browser() as made:
        with opened(made, folder / "en" / "search.html", 1280) as page:
            page.fill("#words", "mining fee rate")
            shown = page.locator(".list li:visible")
            assert 0 < shown.count() < 40
            assert "mining_fee.rate" in " ".join(shown.all_inner_texts())
            assert page.locator("#count").inner_text() == str(shown.count())
        with opened(made, folder / "en" / "search.html", 1280, script=False) as page:
            assert page.locator("#search").is_hidden()
            assert page.locator(".list li:visible").count() > 1000
