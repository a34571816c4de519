"""The pages of the book: one folder a language, a page a chapter, indexes, search. Every page is whole by itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from salyq.app.lawbook import period_told, value_told
from salyq.book.material import Compiled, Material, compiled
from salyq.civil.errors import UsageError
from salyq.civil.messages import LANGUAGES, Message
from salyq.present.words import Words
from salyq.version import version

NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
MENU = ("index", "articles", "acts", "coverage", "statistics", "search")
COUNTS = ("provisions", "encoded", "partly", "nothing_to_compute", "no_fact", "not_built")


def pages(progress: Callable[[int, int], None] | None = None) -> dict[str, str]:
    """Every file of the site by its path; the same law gives the same text. UsageError where Jinja2 is missing."""
    site, of = _Site(), compiled()
    found = {"index.html": site.start()}
    for n, lang in enumerate(LANGUAGES):
        if progress:
            progress(n, len(LANGUAGES))
        found |= {f"{lang}/{key}.html": text for key, text in _Language(site, Material(of, lang), of, lang).pages()}
    return found


class _Site:
    """Templates, style sheet and script, read once."""

    def __init__(self) -> None:
        try:
            from jinja2 import Environment, PackageLoader, StrictUndefined
            from markupsafe import Markup
        except ImportError:
            raise UsageError(Message("report_needs_package", {"package": "jinja2"})) from None
        made = Environment(
            loader=PackageLoader("salyq.book", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters["ours"] = Markup  # our own drawings, style sheet and script, in which every text is escaped
        self.environment = made
        book, report = (files(f"salyq.{room}") for room in ("book", "report"))
        self.style = (report / "report.css").read_text("utf-8") + (book / "book.css").read_text("utf-8")
        self.script = (book / "search.js").read_text("utf-8")
        digest = base64.b64encode(hashlib.sha256(self.script.encode()).digest()).decode()
        self.common = {
            "style": self.style,
            "languages": [(code, NAMES[code]) for code in LANGUAGES],
            "script_hash": f"sha256-{digest}",
        }

    def start(self) -> str:
        titles = [(lang, Words(lang)("book_title")) for lang in LANGUAGES]
        text: str = self.environment.get_template("start.html").render(**self.common, titles=titles)
        return text


class _Language:
    """The pages in one language."""

    def __init__(self, site: _Site, m: Material, of: Compiled, lang: str) -> None:
        self.site, self.m, self.say = site, m, Words(lang)
        fingerprint = of.graph.fingerprint.removeprefix("sha256:")[:12]
        self.common: Mapping[str, Any] = {
            **site.common,
            "lang": lang,
            "say": self.say,
            "script": "",
            "menu": [(key, self.say(f"book_page_{key}")) for key in MENU],
            "chapters": m.chapters,
            "stamp": self.say(
                "book_stamp", version=version(), known=of.graph.known.isoformat(), fingerprint=fingerprint
            ),
        }

    def page(self, key: str, template: str, title: str, **more: Any) -> tuple[str, str]:
        made = self.site.environment.get_template(template)
        return key, made.render(**{**self.common, "page": key, "title": title, **more})

    def pages(self) -> Iterator[tuple[str, str]]:
        say, m = self.say, self.m
        reading = m.law.reading
        yield self.page(
            "index",
            "index.html",
            say("book_title"),
            parts=[(part, say(f"book_part_{part}")) for part in ("taxes", "regulation")],
            reading=say("book_reading", first=reading["first_year"], last=reading["last_year"])
            + " "
            + say.label(reading["note"], ""),
        )
        heads = [say(x) for x in ("col_from", "col_until", "book_is", "col_enacted", "col_article", "col_basis")]
        for c in m.chapters:
            yield self.page(c.subject.key, "chapter.html", c.title, c=c, heads=heads)
        acts = m.acts()
        yield self.page("articles", "articles.html", say("book_page_articles"), acts=acts)
        yield self.page("acts", "acts.html", say("book_page_acts"), acts=acts)
        yield self.page("coverage", "coverage.html", say("book_page_coverage"), **self._coverage())
        yield self.page("statistics", "statistics.html", say("book_page_statistics"), **self._statistics())
        yield self.page("search", "search.html", say("book_page_search"), script=self.site.script)

    def _coverage(self) -> dict[str, Any]:
        say, chapters = self.say, self.m.chapters
        rows = [(c.title, *(getattr(c.counts, k) for k in COUNTS)) for c in chapters]
        total = [sum(getattr(c.counts, k) for c in chapters) for k in COUNTS]
        return {
            "by_basis": [(name, *counts) for name, counts in self.m.by_basis()],
            "by_subject": [*rows, (say("coverage_all"), *total)],
            "subject_heads": [say("coverage_subject"), *(say(f"coverage_{c}") for c in COUNTS)],
        }

    def _statistics(self) -> dict[str, Any]:
        say = self.say
        found: dict[str, list[tuple[str, ...]]] = {}
        for s in self.m.statistics():
            notes = [say("statistics_disputed") if s.disputed else "", say.label(s.note, "")]
            told = (period_told(s, say.lang), value_told(s, say.lang))
            row = (*told, s.confidence, s.said_by[say.lang], "; ".join(n for n in notes if n))
            found.setdefault(say.label(s.label, s.measure), []).append(row)
        heads = [say(f"col_{x}") for x in ("period", "number", "confidence", "source", "remark")]
        return {"measures": list(found.items()), "statistic_heads": heads}
