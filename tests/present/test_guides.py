"""Pages in three languages say the same: headings, code, tables, and every word in backticks, section by section."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from salyq.cli.main import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
OTHER = ("ru", "kk")
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
ALL = {DOCS / "guide.md", *(p for p in (DOCS / "sources").glob("*.md") if p.name.count(".") == 1)}
PAGES = sorted(ALL)
LAID = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+\.md)[^)]*\)")
REMARK = re.compile(r"\s+#(?!\[).*$|\s{3,}\S.*$", re.MULTILINE)


def sections(text: str) -> list[tuple[int, list[str], Counter[str], list[tuple[int, int]]]]:
    """For each heading: its level, code without remarks, words in backticks, and rows and cells of its tables."""
    found = []
    held = LAID.sub(lambda m: m[0].replace("\n#", "\n\0"), text)
    for part in re.split(r"^(?=#+ )", held, flags=re.MULTILINE):
        if not part.strip():
            continue
        code = [b.replace("\0", "#") for b in LAID.findall(part)]
        prose = LAID.sub("", part)
        rows = [line for line in prose.splitlines() if line.startswith("|")]
        level = len(part) - len(part.lstrip("#"))
        spans = Counter(" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose))
        found.append((level, [bare(b) for b in code], spans, [(len(rows), sum(r.count("|") for r in rows))]))
    return found


def bare(block: str) -> str:
    """Code without remarks; of what a command prints, and of a drawing in words, only the command."""
    lines = block.splitlines()
    shown = [x for x in lines if x.startswith("$ ")]
    if shown or not re.search(r"[=/(]|make|salyq", block.strip("`")):
        return "\n".join(shown)
    return REMARK.sub("", block)


def at(page: Path, lang: str) -> Path:
    return page if lang == "en" else page.with_suffix(f".{lang}.md")


def of(page: Path, lang: str) -> str:
    return at(page, lang).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
@pytest.mark.parametrize("lang", OTHER)
def test_a_page_says_the_same_in_every_language(page, lang):
    ours, theirs = sections(page.read_text(encoding="utf-8")), sections(of(page, lang))
    assert [s[0] for s in theirs] == [s[0] for s in ours], "headings"
    for n, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        assert their[1] == our[1], f"code under heading {n + 1}"
        assert their[3] == our[3], f"tables under heading {n + 1}"
        assert dict(their[2] - our[2]) == dict(our[2] - their[2]) == {}, f"words in backticks under heading {n + 1}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
@pytest.mark.parametrize("lang", OTHER)
def test_links_lead_somewhere(page, lang):
    """Pages that are linked are there; anchors are headings of the page."""
    text = of(page, lang)
    anchors = {
        re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("http"):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_the_guide_names_every_page_of_a_source():
    for lang in NAMES:
        linked = {Path(p).name for p in LINK.findall(of(DOCS / "guide.md", lang))}
        assert {at(page, lang).name for page in ALL - {DOCS / "guide.md"}} <= linked, lang


def test_pages_are_there_in_three_languages():
    """The guide and every page of a source; no translation stands without its page."""
    there = {p.parent / (p.name.split(".")[0] + ".md") for lang in OTHER for p in DOCS.rglob(f"*.{lang}.md")}
    assert there == ALL
    for page in PAGES:
        assert re.search(r"[ӘәҒғҚқҢңӨөҰұҮүҺһІі]", of(page, "kk")), page
        assert re.search(r"[а-я] (?:не|и|с|в) [а-я]", of(page, "ru")), page


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
@pytest.mark.parametrize("lang", NAMES)
def test_a_page_leads_to_its_language_and_to_pages_of_its_language(page, lang):
    _, languages, rest = of(page, lang).split("\n\n", 2)
    assert languages == " · ".join(n if k == lang else f"[{n}]({at(page, k).name})" for k, n in NAMES.items())
    led = set()
    for target in LINK.findall(rest):
        there = (page.parent / target).resolve()
        plain = there.parent / (there.name.split(".")[0] + ".md")
        assert there == (at(plain, lang) if plain in PAGES else plain), target
        led.add(plain)
    assert led == {(page.parent / x).resolve() for x in LINK.findall(of(page, "en").split("\n\n", 2)[2])}


@pytest.mark.parametrize("lang", OTHER)
def test_what_the_guide_shows_is_printed(lang, capsys):
    shown = re.search(r"\$ salyq (ask transfer .*)\n((?:.*\n)*?)```", of(DOCS / "guide.md", lang))
    assert shown is not None
    assert main([*shown[1].split(), "--lang", lang]) == 0
    assert shown[2].strip() in capsys.readouterr().out


def test_a_page_that_drifted_would_be_seen():
    text = (DOCS / "guide.md").read_text(encoding="utf-8")
    for changed in (
        text.replace("## Commands", "### Commands"),
        text.replace('lot_method = "fifo"', 'lot_method = "average"'),
        text.replace("`inherited`, ", ""),
        text.replace("| payouts | **date**", "| payouts | x | **date**"),
    ):
        assert changed != text
        assert sections(changed) != sections(text)
