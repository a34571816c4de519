"""One year of a case, from rows to the assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from salyq.assessing.alternatives import asked, earlier_choices, with_alternatives
from salyq.assessing.duties import obligations
from salyq.assessing.explaining import Explainer
from salyq.assessing.figures import figures
from salyq.assessing.findings import findings
from salyq.assessing.interest import add_overdue
from salyq.assessing.losses import losses_not_stated
from salyq.assessing.match_rows import match_rows
from salyq.assessing.result import Assessment, Choice, Figure, Finding, Obligation, RowCounts, Run
from salyq.assessing.verdict import verdict
from salyq.civil.errors import InputError, UsageError
from salyq.civil.installed import of_program
from salyq.civil.messages import Message
from salyq.facts.case import Case
from salyq.facts.choices import Choices, short
from salyq.facts.world import World
from salyq.law import shipped
from salyq.law.regimes import LAST
from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.graph import Graph
from salyq.rulebook.nodes import NotInForce
from salyq.version import version

if TYPE_CHECKING:
    from salyq.rulebook.reform import Reform


def assess(
    case: Case,
    year: int,
    *,
    known: date | None = None,
    settings: Mapping[str, str] | None = None,
    as_of: date | None = None,
    alternatives: bool = True,
    reform: Reform | None = None,
    evaluator: Evaluator | None = None,
) -> Assessment:
    """The year's figures, findings and obligations of a case, and one verdict on them.

    `known` is the day as of which law is known (default: the newest this version ships); `settings` chooses elections
    and readings; what is still unpaid bears interest to the end of the day `as_of`; without `alternatives` the figures
    under other choices are left out, which takes less time. `reform` lays other values and rules over the law
    (salyq.law.reforms). `evaluator`: for many cases in turn: its law is asked, its compiled steps are kept, what it
    noted of the case before is let go (results before can then be explained no more).
    UsageError: a year with no law, an unknown election. InputError: no person was given.
    """
    with law_known(year, known):
        graph = _checked(case, year, known)
        if evaluator is not None:
            graph = evaluator.graph
        elif reform is not None:
            from salyq.rulebook.reform import reformed_graph

            graph = reformed_graph(graph, reform)
        return _assess(case, year, known, settings or {}, alternatives, graph, as_of, evaluator)


def owed(
    case: Case, year: int, evaluator: Evaluator, settings: Mapping[str, str]
) -> tuple[list[Figure], list[Obligation]]:
    """The figures and duties of a year alone, as `assess` has them."""
    with law_known(year, None):
        _checked(case, year, None)
        world, found, _ = _figures(case, year, evaluator.graph, settings, evaluator=evaluator)
        return found, obligations(world, found)


def figures_as_of(case: Case, year: int, evaluator: Evaluator) -> list[Figure] | None:
    """The year's figures alone under the law of an evaluator; None where that law says nothing of something that the
    case needs."""
    _checked(case, year, None)
    try:
        return _figures(case, year, evaluator.graph, {}, evaluator=evaluator)[1]
    except NotInForce:
        return None


def assess_as_of(case: Case, year: int, on: date, known: date) -> Assessment | None:
    """The year as if law had always been what it was on the day `on`, as known on `known`; None where that law says
    nothing of something that the case needs."""
    from salyq.rulebook.reform import as_of

    graph = as_of(_checked(case, year, None), on, known)
    try:
        return _assess(case, year, None, {}, False, graph, None)
    except NotInForce:
        return None


def _assess(
    case: Case,
    year: int,
    known: date | None,
    settings: Mapping[str, str],
    alternatives: bool,
    graph: Graph,
    as_of: date | None,
    evaluator: Evaluator | None = None,
) -> Assessment:
    world, found, said = _figures(case, year, graph, settings, None, as_of, evaluator)
    if alternatives:
        found = with_alternatives(
            world, settings, found, lambda chosen: _figures(case, year, graph, chosen, world, as_of)[1]
        )
        said += earlier_choices(world, found)
    said += findings(world) + losses_not_stated(world, lambda y: _figures(case, y, graph, settings)[1])
    order = ("error", "warning", "notice")
    said.sort(key=lambda f: (order.index(f.severity), f.code, f.records))
    duties = tuple(obligations(world, found))
    return Assessment(
        version(),
        graph.fingerprint,
        graph.known,
        case.person.id,
        case.person.kind,
        year,
        tuple(found),
        tuple(said),
        duties,
        row_counts(case),
        case.person.name,
        verdict(world, found, duties),
        _choices(world),
        case.inputs,
        Run(case.given, case.person_given, known, tuple(sorted(settings.items())), as_of),
        Explainer(world),
    )


def _choices(world: World) -> tuple[Choice, ...]:
    """The elections and readings that the year's figures rest on, by name."""
    found = [
        Choice(
            short(full),
            world.choices(full, world.last_day),
            world.choices.stated(short(full), world.year_number) is not None,
        )
        for full in asked(world)
    ]
    return tuple(sorted(set(found), key=lambda c: c.election))


def matches(
    case: Case,
    year: int,
    *,
    known: date | None = None,
    settings: Mapping[str, str] | None = None,
    keyed: bool = True,
) -> list[dict[str, str]]:
    """Every disposal × lot of a year (columns: interfaces §4). Without `keyed` the keys for life of sales and lots are
    left out, which takes less time."""
    with law_known(year, known):
        return match_rows(_world(case, year, known, settings or {}), keyed=keyed)


def matches_of(case: Case, result: Assessment) -> list[dict[str, str]]:
    """`matches` of a year that was assessed, without keys: what was worked out is not worked out again."""
    return match_rows(world_of(case, result), keyed=False)


def world_of(case: Case, result: Assessment) -> World:
    """The rows, sales and lots that a result rests on; made anew where it was read back."""
    if isinstance(result.explainer, Explainer):
        return result.explainer.world
    return _world(case, result.year, result.run.known, dict(result.run.settings))


def _world(case: Case, year: int, known: date | None, settings: Mapping[str, str]) -> World:
    graph = _checked(case, year, known)
    return World(case, year, graph, Choices(graph, case.person, settings))


def years_of(case: Case, assessed: Iterable[Assessment] = ()) -> list[World]:
    """The years that records speak of, as far as their law was read. `assessed`: results of this case; the worlds of
    those that chose nothing are taken over."""
    law = shipped()
    years = range(law.reading["first_year"], law.reading["last_year"] + 1)
    graph = law_graph(law.known)
    own = sorted(case.ledger.records.years() & set(years)) if case.stated_person else []
    worlds = [a.explainer.world for a in assessed if isinstance(a.explainer, Explainer) and a.run.plain]
    made = {w.year_number: w for w in worlds if w.case is case and w.graph is graph}
    return [made.get(y) or World(case, y, graph, Choices(graph, case.person, {})) for y in own]


def row_counts(case: Case) -> RowCounts:
    """Event files only (interfaces §5)."""
    files = [f for f in case.reading.files if f.event]
    return RowCounts(
        sum(f.read for f in files),
        sum(f.used for f in files),
        sum(sum(f.ignored.values()) for f in files),
        sum(len(f.rejected) for f in files),
    )


@contextmanager
def law_known(year: int, known: date | None) -> Iterator[None]:
    """Law of a year that was not made yet on the day `known` is no law of that year (UsageError), not a defect."""
    try:
        yield
    except NotInForce:
        if known is None or known >= shipped().known:
            raise
        raise UsageError(Message("year_not_known", {"year": year}), column="--known", value=known.isoformat()) from None


@cache
def law_graph(known: date) -> Graph:
    law = shipped()
    return Graph(law, known, name=of_program(f"law as known on {known}"))


def _checked(case: Case, year: int, known: date | None) -> Graph:
    if not isinstance(case, Case):  # whoever is new to the library gives the folder
        raise UsageError(Message("not_a_case", {}), value=str(case)[:200])
    law = shipped()
    first, last = law.reading["first_year"], law.reading["last_year"]
    if not first <= year <= last:
        raise UsageError(Message("year_without_law", {"first": first, "last": last}), value=str(year))
    if not case.stated_person:
        raise InputError(Message("person_missing", {}), file=case.name)
    return law_graph(known or law.known)


def _figures(
    case: Case,
    year: int,
    graph: Graph,
    settings: Mapping[str, str],
    like: World | None = None,
    as_of: date | None = None,
    evaluator: Evaluator | None = None,
) -> tuple[World, list[Figure], list[Finding]]:
    """Figures of one set of choices. Interest comes last: it needs what was due."""
    world = World(case, year, graph, Choices(graph, case.person, settings), like, evaluator=evaluator)
    said: list[Finding] = []
    if case.ledger.payments or as_of is not None:
        world.year.given.payments_given = True
        said = add_overdue(world, figures(world, without=LAST), as_of)
    return world, figures(world), said
