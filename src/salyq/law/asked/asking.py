"""`ask_act`: an act, its facts and a day -> what law says of it, with articles and reasons. Needs no file, no case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache, partial
from types import MappingProxyType, SimpleNamespace
from typing import Any

from salyq.civil.days import zone
from salyq.civil.errors import UsageError, nearest
from salyq.civil.messages import LANGUAGES, Message
from salyq.civil.messages import Words as LabelWords
from salyq.law.asked.catalogue import acts, columns, facts
from salyq.law.asked.model import Act, Answer, Asked, Part, Root, Unsettled
from salyq.law.asked.parsing import day_from, full_row, read_day, read_facts
from salyq.law.asked.terms import LOOKUPS
from salyq.rulebook.evaluate import Evaluator, Scope
from salyq.rulebook.explain import Why
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Kind, Law, Value, weakest
from salyq.rulebook.load import load_law
from salyq.rulebook.node import NotInForce
from salyq.rulebook.ops.leaves import value_told
from salyq.rulebook.reform import Reform, as_of, reformed_graph
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Article
from salyq.rulebook.shown import said, shown, unit_shown
from salyq.rulebook.states import Missing, Unknown, settled
from salyq.rulebook.trace import Tracer
from salyq.rulebook.wording import told

UNLAWFUL, FINES, KOAP = "unlawful", "penalties.", "koap"  # what follows where no fine was read is said
ACT_FILES = ("acts.toml", "acts_regulation.toml", "acts_told.toml")


def ask_act(
    act: str,
    given: Mapping[str, object],
    on: date | None = None,
    known: date | None = None,
    *,
    explain: bool = True,
    reform: Reform | None = None,
) -> Answer:
    """What law says of `act`. `given` are its facts: texts as `salyq ask` takes them (or dates and booleans).

    `on`: the day whose law holds (default: the day that the facts name); `known`: as law was known on a day (default:
    the newest). `explain=False` leaves the trees out; `reform` lays other values and rules over the law. UsageError:
    no such act or fact, a fact of the wrong type, no day, a day before the law that was read.
    """
    under = None if reform is None else partial(reformed_graph, reform=reform)
    return _asking(act, given, on, known, explain, under).answer()


def ask_as_of(act: str, given: Mapping[str, object], on: date | None, law_day: date, known: date) -> Answer:
    """The answer of a day as if law had always been what it was on `law_day`, as known on `known`."""
    return _asking(act, given, on, None, False, partial(as_of, on=law_day, known=known)).answer()


def ask_with_uses(
    act: str,
    given: Mapping[str, object],
    on: date | None = None,
    known: date | None = None,
    under: Callable[[Graph], Graph] | None = None,
) -> tuple[Answer, list[object]]:
    """The answer, and every rule version and value that was evaluated for it; `under` makes the graph anew."""
    asking = _asking(act, given, on, known, False, under)
    answer = asking.answer()
    return answer, [used[0] for used in asking.evaluator.uses]


def _asking(
    act: str,
    given: Mapping[str, object],
    on: date | None,
    known: date | None,
    explain: bool,
    under: Callable[[Graph], Graph] | None = None,
) -> _Answering:
    asked = find_act(act)
    given = dict(given)
    on = on or read_day("on", given.pop("on", None))  # they may stand among the facts, as in a file
    known = known or read_day("known", given.pop("known", None))
    row = read_facts(asked, given)
    own = day_from(asked, row)
    day = own if on is None or (own and "period" in given) else on
    if day is None:
        raise UsageError(Message("ask_no_day", {"facts": ", ".join(asked.dated_by) or "--on"}), value=act)
    if day < asked.since:
        raise UsageError(Message("ask_before_law", {"act": act, "since": asked.since.isoformat()}), value=str(day))
    graph = graph_of(asked.name, known)
    if under is not None:
        graph = under(graph)
    facts_row = full_row(asked, row, day, graph.law.kinds["act"].columns)
    return _Answering(asked, graph, facts_row, {n: _shown_fact(v) for n, v in given.items()}, explain)


def find_act(name: str) -> Act:
    """The act of that name. UsageError names all acts where there is none."""
    found = acts().get(name)
    if found is None:
        told = Message("ask_no_such_act", {"acts": ", ".join(acts())})
        raise UsageError(told, value=name, near=nearest(name, acts()))
    return found


@cache
def act_kinds() -> Mapping[str, Kind]:
    """The one kind of row that acts are: every fact is a column, and absent where an act has no such fact."""
    return {"act": Kind("act", None, {"law_day": "day", "act": "text", **columns()}, {}, {})}


@cache
def law_of(subjects: tuple[str, ...], roots: tuple[str, ...] = ()) -> Law:
    """The law of some subjects, read once; the facts that it asks for have their words."""
    law = load_law("salyq.law", subjects, act_kinds(), roots, acts=ACT_FILES)
    for fact in facts().values():
        for column in fact.columns:
            law.labels.setdefault(f"act.{column}", fact.label)  # type: ignore[attr-defined]
    law.labels.setdefault("act.law_day", Message("ask_law_day").texts())  # type: ignore[attr-defined]
    return law


def whole_law() -> Law:
    """Every subject that some act asks."""
    subjects = tuple(dict.fromkeys(s for act in acts().values() for s in act.subjects))
    return law_of(subjects, tuple(dict.fromkeys(n for act in acts().values() for n in act.roots)))


@cache
def graph_of(name: str, known: date | None = None) -> Graph:
    """The law that an act is asked of, compiled once."""
    return Graph(law_of(find_act(name).subjects), known)


def _shown_fact(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _no_election(name: str, _day: date) -> str:
    raise NotInForce(f"{name} is no question for an act")


class _Answering:
    """One asking: evaluates the roots of an act and gathers what they say."""

    def __init__(
        self, act: Act, graph: Graph, given: SimpleNamespace, stated: Mapping[str, str], explain: bool
    ) -> None:
        self.act, self.graph, self.given, self.stated, self.explain = act, graph, given, stated, explain
        self.law = graph.law
        self.evaluator = Evaluator(graph, LOOKUPS, _no_election)
        self.scope = Scope("act", given, group=act.name)
        self.missing: dict[str, None] = {}
        self.unsettled: dict[str, Unsettled] = {}

    def answer(self) -> Answer:
        try:
            return self._answer()
        except NotInForce:
            params = {
                "act": self.act.name,
                "day": self.given.law_day.isoformat(),
                "known": self.graph.known.isoformat(),
            }
            raise UsageError(Message("ask_not_known", params)) from None

    def _answer(self) -> Answer:
        act = self.act
        verdict = self._value(act.verdict)
        state = "not_regulated" if verdict is None else "unknown" if type(verdict) is Unknown else verdict
        head = self._part(act.verdict)
        found = Answer(
            act.name,
            self.given.law_day,
            self.graph.known,
            self.graph.fingerprint,
            state,
            self._word(act.gate),
            self._word(act.authority),
            head.cites,
            head.basis,
            head.why,
            MappingProxyType(dict(self.stated)),
        )
        found.needs = self._told(act.needs, self._need)
        found.duties = self._told(act.duties, self._duty)
        found.amounts = self._told(act.amounts, self._amount)
        found.findings = self._told(act.findings, self._finding)
        if late := self._not_read():
            found.findings.append(late)
        if state == UNLAWFUL and not any(part.name.startswith(FINES) for part in (*found.amounts, *found.findings)):
            self.unsettled[FINES] = Unsettled(FINES + "fine", Message("ask_no_fine_read").texts(), KOAP)
        found.missing = [self._asked(name) for name in act.facts if name in self.missing]
        found.unsettled = list(self.unsettled.values())
        return found

    # values ---------------------------------------------------------------------------------------------------------
    def _value(self, name: str) -> Any:
        """The value of a root; what an unknown one lacks is noted."""
        if name not in self.law.rules:
            found = self.graph.value_at(name, self.given.law_day)
            return None if found is None else found.data
        value = settled(self.evaluator.value(name, self.scope))
        if type(value) is Unknown:
            for lack in sorted(value.missing, key=repr):
                self._note(name, lack)
        return value

    def _note(self, name: str, lack: Missing) -> None:
        params = dict(lack.params)
        if lack.code == "missing_fact":
            fact = str(params["fact"])
            self.missing[fact if fact in self.act.facts else fact.rpartition("_")[0]] = None
            return
        version = self.evaluator.version(name, self.scope)
        cite = version.cite if version else ""
        if lack.code == "missing_value":
            value = self.graph.value_at(str(params["name"]), self.given.law_day)
            cite = value.cite if value else cite
        key = str(params.get("name", lack.code))
        self.unsettled[key] = Unsettled(key, told(self.law, lack).texts(), cite)

    def _word(self, name: str | None) -> str | None:
        """A code; None where nothing applies or it is not known."""
        value = None if name is None else self._value(name)
        return None if type(value) is Unknown or not value else str(value)

    def _applies(self, root: Root) -> bool:
        if root.name in self.law.rules and self.evaluator.version(root.name, self.scope) is None:
            return False
        return all(self._value(name) is True for name in root.applies)

    # parts ----------------------------------------------------------------------------------------------------------
    def _told(self, roots: Iterable[Root], tell: Callable[[Root], Part | None]) -> list[Part]:
        """The parts that apply. One that the law as known has no answer on yet is told as open; the others stand."""
        found = []
        for root in roots:
            try:
                part = tell(root) if self._applies(root) else None
            except NotInForce:
                self._not_known_yet(root.name)
                continue
            found += [] if part is None else [part]
        return found

    def _not_known_yet(self, name: str) -> None:
        label = self.law.labels.get(name)
        what = LabelWords(label["kk"], label["ru"], label["en"]) if label and len(label) == len(LANGUAGES) else name
        days = {"day": self.given.law_day.isoformat(), "known": self.graph.known.isoformat()}
        self.unsettled[name] = Unsettled(name, Message("ask_part_not_known", {"what": what, **days}).texts(), "")

    def _part(self, name: str) -> Part:
        label = self.law.labels.get(name, {})
        if name not in self.law.rules:
            value = self.graph.value_at(name, self.given.law_day)
            if value is None:
                return Part(name, label, [], "")
            why = value_told(value, name, self._unit(name), label) if self.explain else None
            return Part(name, label, [value.cite], value.basis, why=why)
        used = self.evaluator.used_by(name, self.scope)
        branches = [u.cite for u in used if isinstance(u, Article)]  # the articles that say it most exactly
        cites = list(dict.fromkeys([*branches, *(u.cite for u in used if isinstance(u, RuleVersion | Value))]))
        basis = weakest(u.basis for u in used if isinstance(u, RuleVersion | Value | Article))
        why = Tracer(self.evaluator).rule(name, self.scope) if self.explain else None
        return Part(name, label, cites, basis, why=why)

    def _need(self, root: Root) -> Part:
        met = self._value(root.name)
        part = self._part(root.name)
        part.met = met if isinstance(met, bool) else None
        return part

    def _duty(self, root: Root) -> Part | None:
        if self._value(root.name) is not True:
            return None
        part = self._part(root.name)
        part.to = root.to
        part.name = root.told_as or root.name
        part.due = self._term(root.due, part)
        part.until = self._term(root.until, part)
        return part

    def _term(self, name: str | None, part: Part) -> str | None:
        """The day or time that a duty names, as text; its articles and its tree join those of the duty."""
        if name is None:
            return None
        value = self._value(name)
        more = self._part(name)
        part.cites = list(dict.fromkeys([*part.cites, *more.cites]))
        part.basis = weakest([part.basis, more.basis])
        if part.why and more.why:
            part.why.inputs.append(more.why)
        if type(value) is Unknown or value is None:
            return None
        return self._as_given(value) if isinstance(value, datetime) else str(value.isoformat())

    def _as_given(self, time: datetime) -> str:
        """A time written as the times of the facts were: with its offset, or as Kazakhstan time without one."""
        own = [v for v in self.stated.values() if "T" in v or " " in v]
        text = own[0] if own else ""
        offset = text.endswith(("Z", "z")) or "+" in text
        local = time.astimezone(zone())
        return local.isoformat() if offset else local.replace(tzinfo=None).isoformat()[: max(16, len(text))]

    def _amount(self, root: Root) -> Part:
        unit = self._unit(root.name)
        part = self._part(root.name)
        value = self._value(root.name)
        part.value, part.said = shown(value, unit), said(value, unit)
        part.unit = getattr(self.given, "asset", None) or "asset" if unit == "quantity" else unit_shown(unit)
        return part

    def _unit(self, name: str) -> str:
        law = self.law
        return law.rules[name][0].unit if name in law.rules else law.series[name].unit

    def _finding(self, root: Root) -> Part | None:
        if self._value(root.name) is not True:
            return None
        part = self._part(root.name)
        part.text = part.label
        return part

    def _not_read(self) -> Part | None:
        """Said of a day after the newest edition that was read."""
        reading = self.law.reading
        if self.given.law_day <= reading["read_until"]:
            return None
        note, cite = reading["note"], reading["cite"]
        why = Why("law.not_read_after", reading["read_until"].isoformat(), "", cite, "statute", "value", label=note)
        return Part("law.not_read_after", note, [cite], "statute", text=note, why=why if self.explain else None)

    def _asked(self, name: str) -> Asked:
        fact = facts()[name]
        return Asked(name, fact.ask, tuple(fact.choices))
