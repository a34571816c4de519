"""What the pages of the book say, in one language: every value, rule, provision and worked case once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from salyq.app.asking import act_names
from salyq.app.lawbook import Statistic, Subject, questions, statistics, subjects, whole
from salyq.app.words_of_law import codes
from salyq.book import naming
from salyq.book.charts import Step, through_time
from salyq.book.events import facts_of
from salyq.book.related import CaseOf, Related
from salyq.book.said import ActSaid, CaseSaid, Chapter, Link, ProvisionSaid, RuleSaid, ValueSaid, VersionSaid
from salyq.book.values import coded, measured, told
from salyq.civil.citing import article_order
from salyq.civil.reader import shown_day
from salyq.present.amounts import measure
from salyq.present.cites import cite_text
from salyq.present.words import Words
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import BASES, Law, Provision, Series, Value
from salyq.rulebook.provisions import Coverage, coverage, filled
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.sentences import Said, Sentences
from salyq.rulebook.shown import unit_shown
from salyq.rulebook.units import UNITS

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CODES = re.compile(r"\b[NO]TC\b")
_CODE_NAMES = {"NTC": "tax-code-2025", "OTC": "tax-code-2017"}
_NAMED = 2  # results that stand in a worked case's name
_PARTS = {"duties": "ask_duties", "amounts": "ask_amounts", "needs": "ask_needs"}


class Compiled(NamedTuple):
    """The law compiled once for all languages."""

    law: Law
    graph: Graph
    related: Related


def compiled() -> Compiled:
    law = replace(whole(), labels={**questions(), **whole().labels})
    graph = Graph(law)
    return Compiled(law, graph, Related(law, graph.trees))


class Material:
    """Everything in `lang`."""

    def __init__(self, of: Compiled, lang: str) -> None:
        self.law, self.graph, self.related, self.lang = of.law, of.graph, of.related, lang
        self.say = Words(lang, of.law.acts)
        self.last = date(self.law.reading["last_year"], 12, 31)
        written = partial(measured, lang=lang)
        self.sentences = Sentences(self.law, lang, self.cite, codes(), self.graph.trees, written)
        self._chapter_of = {n: n.partition(".")[0] for n in (*self.law.series, *self.law.rules)}
        self.chapters = tuple(self._chapter(s) for s in subjects())

    # words ---------------------------------------------------------------------------------------------------------
    def cite(self, cite: str) -> str:
        return cite_text(cite, self.law.acts, self.lang)

    def basis(self, basis: str) -> str:
        return self.say.known(f"basis_{basis}", basis)

    def label(self, name: str) -> str:
        return self.say.label(self.law.labels.get(name), name)

    def link(self, name: str) -> Link:
        return Link(self.label(name).rstrip("."), self._page(name), anchor(name))  # a finding's is a sentence

    def _page(self, name: str) -> str:
        subject = name.partition(".")[0]
        if subject not in self.law.cases:  # a duty told under a name of its own
            subject = next((p.subject for ps in self.law.provisions.values() for p in ps if name in p.encodes), "base")
        return subject

    def life(self, first: date, last: date | None) -> str:
        if last is None:
            return self.say("book_from_on", day=first.isoformat())
        return self.say("book_from_to", first=first.isoformat(), last=last.isoformat())

    # chapters ------------------------------------------------------------------------------------------------------
    def _chapter(self, subject: Subject) -> Chapter:
        law, key = self.law, subject.key
        counts = {c.subject: c for c in coverage(law)}
        provisions = sorted(map(self._provision, law.provisions.get(key, ())), key=lambda p: p.sort)
        return Chapter(
            subject,
            self.say.label(subject.title, key),
            provisions,
            [self._value(s) for n, s in law.series.items() if n.partition(".")[0] == key],
            [self._rule(n, vs) for n, vs in law.rules.items() if self._page(n) == key],
            [self._case(c) for c in self.related.cases if c.subject == key],
            counts.get(key, Coverage(key, 0, 0, 0, 0, 0, 0)),
        )

    def _provision(self, p: Provision) -> ProvisionSaid:
        found = self.related.cases_of(p.encodes, p.article or "", p.start, p.until) if p.encodes else []
        notes = [self.say.label(x, "") for x in (p.reason, p.note) if x]
        act = self.law.acts.get(p.act)
        made = self.say("book_made_by", act=self.say.label(self.law.acts[p.by].title, p.by)) if p.by != p.act else ""
        return ProvisionSaid(
            p.id,
            f"p-{p.id}",
            self.cite(p.cite),
            self.life(p.start, p.until),
            filled(self.law, p, self.lang),
            self.basis(p.basis),
            p.edition.isoformat(),
            self.say(f"coverage_{p.gap}") if p.gap else "",
            p.gap in ("no_fact", "not_built"),
            [*notes, *([made] if made else [])],
            [self.link(n) for n in p.encodes if n in self._chapter_of],
            [Link(c.id, c.subject, f"c-{c.id}") for c in found],
            (not act or act.kind != "act", (act and act.date) or date.min, p.act, article_order(p.article), p.start),
        )

    def _value(self, s: Series) -> ValueSaid:
        return ValueSaid(
            s.name,
            anchor(s.name),
            self.label(s.name),
            unit_shown(s.unit),
            self._chart(s),
            [self._row(s, v, w) for v, w in zip(s.values, (*s.values[1:], None), strict=True)],
            [self._noted(v, x) for v in s.values for x in (v.reason, v.note) if x],
            [self.link(n) for n in self.related.read_by.get(s.name, ())],
        )

    def _row(self, s: Series, v: Value, behind: Value | None) -> tuple[str, str, str, str, str, str]:
        end = s.end_of(v, date.max)
        if behind is not None and behind.start > v.start:
            end = min(end or date.max, behind.start - timedelta(1))  # a later beginning ends it
        return (
            shown_day(v.start, self.lang),
            shown_day(end, self.lang) if end else "",
            self.data(s, v),
            shown_day(v.enacted, self.lang),
            self.cite(v.cite),
            self.basis(v.basis),
        )

    def _noted(self, v: Value, words: Mapping[str, str]) -> str:
        return f"{shown_day(v.start, self.lang)}: {self.say.label(words, '')}"

    def data(self, s: Series, v: Value) -> str:
        """A version's value as people read it: shares in per cent, choices by their words."""
        return told(s, v, self.say, "\n")

    def _code(self, code: str) -> str:
        return coded(code, self.lang)

    def _chart(self, s: Series) -> str:
        """Where a number was ever another; nothing else is worth a drawing."""
        numbers = [v for v in s.values if isinstance(v.data, int | Fraction) and not isinstance(v.data, bool)]
        if len({v.data for v in numbers}) < 2 or not UNITS[s.unit].number:
            return ""
        steps = []
        for i, v in enumerate(s.values):
            if not isinstance(v.data, int | Fraction):
                continue
            end = s.end_of(v, date.max) or date.max
            after = [w.start for w in s.values[i + 1 :] if w.start > v.start]
            last = min([end, max(self.last, v.start), *(d - timedelta(1) for d in after)])
            steps.append(Step(v.start, last + timedelta(1), Fraction(v.data), self.data(s, v)))
        return through_time(steps, self.label(s.name))

    def _rule(self, name: str, versions: Sequence[RuleVersion]) -> RuleSaid:
        return RuleSaid(
            name,
            anchor(name),
            self.label(name),
            self.say(f"book_role_{versions[0].role}"),
            self._versions(versions),
            [self.link(n) for n in self.related.asks[name]],
            [self.link(n) for n in self.related.read_by.get(name, ())],
        )

    def _versions(self, versions: Sequence[RuleVersion]) -> list[VersionSaid]:
        """Versions that say the same stand under one another, and their words once, behind the last."""
        told = [self.sentences.rule(v) for v in versions]
        behind = [*told[1:], ()]
        return [
            self._version(v, () if own == later else own) for v, own, later in zip(versions, told, behind, strict=True)
        ]

    def _version(self, v: RuleVersion, lines: Sequence[Said]) -> VersionSaid:
        act = self.law.acts.get(v.by)
        amended = act is not None and act.kind == "act" and v.by != v.cite.partition(":")[0]
        return VersionSaid(
            self.life(v.since, v.until),
            self.cite(v.cite),
            self.say("book_made_by", act=self.say.label(act.title, v.by)) if act and amended else "",
            self.basis(v.basis),
            lines,
        )

    # worked cases --------------------------------------------------------------------------------------------------
    def _case(self, c: CaseOf) -> CaseSaid:
        case = c.case
        head = (c.id, f"c-{c.id}", case["title"])
        rest = (self._rests_on(case["rests_on"]), self.basis(case["basis"]))
        if "act" in case:
            results = list(self._said(case))
            title = self.say.label(act_names()[case["act"]], case["act"])
            named, facts = self._named(naming.of_act(case, title, self.say), results), list(self._facts(case))
            return CaseSaid(*head, named, *rest, shown_day(c.first, self.lang), facts, [], results, _asked(case))
        if "kind" in case:
            given = facts_of(self.law, case["kind"], case["facts"])
            facts = [(": ".join(map(self.label, names)), self._code(text)) for names, text in given]
            results = list(self._answers(case))
            named = self._named(self.label(case["kind"]), results)
            return CaseSaid(*head, named, *rest, shown_day(c.first, self.lang), facts, [], results, "")
        files = [("person.toml", case["person"].strip()), *((n, t.strip()) for n, t in case.get("files", {}).items())]
        results = list(self._figures(case))
        named = self._named(naming.of_person(case, self.say), results)
        return CaseSaid(*head, named, *rest, str(case["year"]), [], files, results, "")

    def _rests_on(self, text: str) -> str:
        """What a case rests on, the codes named as people name them."""
        return _CODES.sub(lambda m: self.cite(_CODE_NAMES[m[0]]), text)

    def _named(self, told: str, results: Sequence[tuple[str, str, str]]) -> str:
        """A name in the language of the page: what the case tells and what it comes to; its own title is in English."""
        if self.lang == "en":
            return ""
        parts = [": ".join(x for x in (label, value) if x) for label, _, value in results[:_NAMED]]
        comes_to = "; ".join(parts) + (" …" if len(results) > _NAMED else "")
        return f"{told} — {comes_to}" if comes_to else told

    def _facts(self, case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for name, value in case["facts"].items():
            label = self.say.label(questions().get(f"act.{name}"), name)
            yield label, self._amount(name, str(value))

    def _said(self, case: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        for part in ("verdict", "gate", "authority"):
            if case.get(part):
                yield self.say(f"reform_{part}"), "", self._code(case[part])
        for part in ("duties", "amounts", "needs"):
            for name, value in case.get(part, {}).items():
                yield self.label(name), self.say(_PARTS[part]), self._amount(name, str(value))
        for name in case.get("findings", ()):
            yield self.label(name), self.say("ask_findings"), ""

    def _figures(self, case: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        for full, value in (*case["expect"].items(), *case.get("obligations", {}).items()):
            name, _, period = full.partition("@")
            yield self.label(name), period or str(case["year"]), self._amount(name, value)

    def _answers(self, case: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        for name, value in case["answers"].items():
            yield self.label(name), shown_day(case["on"], self.lang), self._amount(name, self._code(value))

    def _amount(self, name: str, value: str) -> str:
        """An amount of a rule with its unit, a day, yes or no, a word of law: as the page's language writes them."""
        if _DAY.fullmatch(value):
            return shown_day(date.fromisoformat(value), self.lang)
        if name in self.law.rules and value.replace(".", "", 1).replace("-", "", 1).isdigit():
            return measure(Decimal(value), unit_shown(self.law.rules[name][0].unit), self.lang)
        said = {"unknown": "status_unknown", "not_applicable": "status_not_applicable", "absent": "book_absent"}
        said |= {"yes": "rule_yes", "no": "rule_no"}
        return self.say(said[value]) if value in said else self._code(value)

    # indexes -------------------------------------------------------------------------------------------------------
    def acts(self) -> list[ActSaid]:
        """Every act, source and convention with its articles: acts of the state first, oldest first."""
        articles: dict[str, dict[str, list[Link]]] = {}
        editions: dict[str, set[date]] = {}
        for chapter in self.chapters:
            own = {p.id: p for p in self.law.provisions.get(chapter.subject.key, ())}
            for said in chapter.provisions:
                p = own[said.id]
                found = articles.setdefault(p.act, {}).setdefault(p.article, [])
                found.append(Link(f"{chapter.title}: {said.life}", chapter.subject.key, said.anchor))
                editions.setdefault(p.act, set()).add(p.edition)
        order = ("act", "source", "convention")
        acts = sorted(self.law.acts.values(), key=lambda a: (order.index(a.kind), a.date or date.min, a.id))
        return [
            ActSaid(
                a.id,
                f"a-{a.id}",
                self.say.label(a.title, a.id),
                " · ".join(x for x in (self.say(f"book_kind_{a.kind}"), self.say.to_read(a.id)) if x),
                shown_day(a.date, self.lang) if a.date else "",
                a.address,
                [shown_day(d, self.lang) for d in sorted(editions.get(a.id, ()))],
                [
                    (self.cite(f"{a.id}:{x}" if x else a.id), links)
                    for x, links in sorted(articles.get(a.id, {}).items(), key=lambda i: article_order(i[0]))
                ],
            )
            for a in acts
        ]

    def by_basis(self) -> list[tuple[str, list[int]]]:
        """How many provisions, versions of values and versions of rules rest on each basis."""
        law = self.law
        of = (
            [p.basis for ps in law.provisions.values() for p in ps],
            [v.basis for s in law.series.values() for v in s.values],
            [v.basis for vs in law.rules.values() for v in vs],
        )
        return [(self.basis(b), [found.count(b) for found in of]) for b in BASES]

    def statistics(self) -> Sequence[Statistic]:
        return statistics()


def anchor(name: str) -> str:
    return f"n-{name}"


def _asked(case: Mapping[str, Any]) -> str:
    """The case as a command."""
    facts = " ".join(f"{k}={_quoted(v)}" for k, v in case["facts"].items())
    on = f" --on {case['on'].isoformat()}" if "on" in case else ""
    known = f" --known {case['known'].isoformat()}" if "known" in case else ""
    return f"salyq ask {case['act']}{on}{known} {facts}".rstrip()


def _quoted(value: Any) -> str:
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return f'"{text}"' if " " in text else text
