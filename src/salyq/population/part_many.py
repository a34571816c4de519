"""A part of a population by columns: whoever columns serve in one go; the rest is named, to be assessed alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.errors import InputError
from salyq.facts.choices import Choices
from salyq.facts.energy import quarter_starts
from salyq.law.facts import STATED
from salyq.law.regimes import FEE, is_registered
from salyq.population.columns_many import Roll
from salyq.population.engine import Setting, person_of
from salyq.population.figures_many import tell, tell_both
from salyq.population.meters_many import Readings, read_readings
from salyq.population.moves_many import PEGS
from salyq.population.payouts_many import with_payouts
from salyq.population.records_many import Records, read_records
from salyq.population.tables import FILE, PERSON, ROW
from salyq.population.told_many import Told
from salyq.records.person import INDIVIDUAL, Person
from salyq.rulebook.graph import Graph
from salyq.rulebook.many_tables import NotInColumns
from salyq.rulebook.node import NotInForce

if TYPE_CHECKING:
    import pyarrow as pa

RECORDS, PAYOUTS, ENERGY = TABLES = ("records", "payouts", "energy")
LOSSES = ("digital_asset_losses_brought", "business_losses_brought")
FACTS = tuple(f for f, said in STATED["year"].items() if said.unit == "KZT" and f not in LOSSES)
_MONEY = r"^[0-9]{1,15}(\.[0-9]{1,2}0*)?$"


@dataclass(slots=True)
class Served:
    """Persons of a part who were told of by columns: their names in order, and what law says of them."""

    names: list[str]
    persons: list[Person]
    counts: Mapping[str, Any]  # table -> rows of each
    told: Told

    @property
    def rows(self) -> Any:
        """Rows of each in all tables."""
        return sum(self.counts.values())


class _Rolls:
    """Reads rows of `persons`: everybody who is alike but for facts of the year is read once."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.templates: list[Person] = []
        self.places: dict[tuple[object, ...], int] = {}

    def roll(self, stated: Mapping[str, Mapping[str, str]], names: Sequence[str]) -> tuple[list[str], Roll]:
        """(whom columns can serve of `names`, their roll)."""
        cells = [stated[name] for name in names]
        columns = tuple(cells[0])
        facts, fine, has = {}, np.ones(len(names), bool), np.zeros(len(names), bool)
        for fact in (f for f in FACTS if f in columns):
            values, given, plain_ = tiyn([own[fact] for own in cells])
            facts[fact] = (values, given)
            fine &= plain_
            has |= given
        others = [c for c in columns if c not in FACTS]
        alike = []
        for name, own, facts_too in zip(names, cells, has.tolist(), strict=True):
            key = (facts_too, *[own[c] for c in others])
            place = self.places.get(key)
            if place is None:
                place = self.places[key] = self._template(name, {c: own[c] for c in others}, facts_too)
            alike.append(place)
        placed = np.array(alike, np.int64)
        kept = np.flatnonzero(fine & (placed >= 0))
        chosen = {f: (v[kept], given[kept]) for f, (v, given) in facts.items() if given[kept].any()}
        return [names[n] for n in kept.tolist()], Roll(placed[kept], self.templates, chosen)

    def _template(self, name: str, cells: Mapping[str, str], has_facts: bool) -> int:
        """Its number; -1 where columns do not hold all that it says."""
        try:
            person = person_of(cells, self.year, name)
        except InputError:
            return -1
        if not plain(person) or (person.years and has_facts):
            return -1
        self.templates.append(person)
        return len(self.templates) - 1


def tiyn(texts: Sequence[str]) -> tuple[Any, Any, Any]:
    """Amounts of tenge as (whole tiyn, marks of those given, marks of those that are nothing or plainly an amount)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pc.utf8_trim_whitespace(pa.array(texts, pa.string()))
    given = pc.not_equal(column, "")
    plainly = pc.match_substring_regex(column, _MONEY)
    short = pc.if_else(plainly, pc.replace_substring_regex(column, r"(\.[0-9]{2})0*$", r"\1"), "0")
    values = short.cast(pa.decimal128(20, 2))
    made = np.frombuffer(values.buffers()[1], np.int64).reshape(-1, 2)[:, 0].copy()
    marks = [c.to_numpy(zero_copy_only=False) for c in (given, plainly)]
    return made, marks[0], ~marks[0] | marks[1]


def plain(person: Person) -> bool:
    """Whether everything about a person is told by what columns hold."""
    alone = (
        person.elections or person.year_elections or person.years or person.regimes or person.losses or person.turnovers
    )
    spells = person.residence
    always = len(spells) == 1 and spells[0].start == date.min and spells[0].until is None
    return not is_registered(person.kind) and not (alone or person.licences) and always and person.stablecoins == PEGS


@dataclass(slots=True)
class Plain:
    """The persons of a part whom columns can serve, and their records."""

    names: list[str]
    roll: Roll
    records: Records
    places: tuple[Any, Any]  # (file, row) of each record as it was read
    readings: Readings | None
    counts: Mapping[str, Any]  # table -> rows of each
    odd: Any  # persons with a row that needs a second look

    @property
    def persons(self) -> list[Person]:
        return [self.roll.templates[n] for n in self.roll.alike.tolist()]


def plain_of(
    tables: Mapping[str, pa.Table], stated: Mapping[str, Mapping[str, str]], common: Setting, *graphs: Graph
) -> Plain | None:
    """Who is plain among the persons `stated` (name -> cells), for the laws of all graphs; None: nobody."""
    records, payouts, energy = (tables.get(name) for name in TABLES)
    if records is None:
        return None
    others: set[str] = set()
    for table, rows in tables.items():
        if table not in TABLES:
            others.update(rows.column(PERSON).unique().to_pylist())
    own = {RECORDS: records, **{n: t for n, t in ((PAYOUTS, payouts), (ENERGY, energy)) if t is not None}}
    if payouts is not None:
        records, odd_ones = with_payouts(records, payouts)
        others |= odd_ones
    names = [name for name in sorted(stated) if name not in others]
    if not names:
        return None
    names, roll = _Rolls(common.year).roll(stated, names)
    if not names:
        return None
    owner = _owners(records, names)
    found, odd = read_records(records, owner, roll.count, common.prices.assets() | frozenset(PEGS))
    readings = None
    if energy is not None:
        cuts = [*quarter_starts(common.year), *(day for graph in graphs for day in graph.law.changes_of(FEE))]
        readings, odd_too = read_readings(energy, _owners(energy, names), roll.count, cuts)
        odd = odd | odd_too
    counts = {table: _counted(_owners(rows, names), roll.count) for table, rows in own.items()}
    odd = odd | (_counted(owner, roll.count) == 0)  # a person without rows: what is lacking is told alone
    places = (records.column(FILE).to_numpy(), records.column(ROW).to_numpy())
    return Plain(names, roll, found, places, readings, counts, odd)


def _counted(owner: Any, count: int) -> Any:
    return np.bincount(owner[owner >= 0], minlength=count)


def told_of(people: Plain, common: Setting, graph: Graph, places: tuple[Any, Any] | None = None) -> Told | None:
    """What the law of a graph says of them; None where it has no answer in columns. `places`: as `tell` has them."""
    choices = Choices(graph, Person("", INDIVIDUAL), common.settings)
    try:
        told = tell(people.roll, people.records, common.year, graph, common.prices, choices, places, people.readings)
    except (NotInForce, NotInColumns):
        return None
    if choices.refused:
        return None
    told.odd |= people.odd
    return told


def told_of_both(
    people: Plain, common: Setting, law: Graph, reform: Graph, anew: frozenset[str]
) -> tuple[Told, Told] | None:
    """Figures and duties of them under law and under a reform that makes some rules anew; None where there is no answer
    in columns."""
    who = Person("", INDIVIDUAL)
    laws = [(graph, Choices(graph, who, common.settings)) for graph in (law, reform)]
    try:
        own = (people.roll, people.records, common.year)
        both = tell_both(*own, laws[0], laws[1], anew, common.prices, people.readings)
    except (NotInForce, NotInColumns):
        return None
    if any(choices.refused for _, choices in laws):
        return None
    for told in both:
        told.odd |= people.odd
    return both


def serve(
    tables: Mapping[str, pa.Table],
    stated: Mapping[str, Mapping[str, str]],
    common: Setting,
    graph: Graph,
    *,
    matches: bool = False,
) -> Served | None:
    """Whom columns can serve among the persons `stated` (name -> cells), and what law says of them; None: nobody."""
    people = plain_of(tables, stated, common, graph)
    told = None if people is None else told_of(people, common, graph, people.places if matches else None)
    if people is None or told is None:
        return None
    return Served(people.names, people.persons, people.counts, told)


def _owners(records: pa.Table, names: list[str]) -> Any:
    """The number of each row's person among `names`; −1 for others."""
    encoded = records.column(PERSON).combine_chunks().dictionary_encode()
    place = {name: n for n, name in enumerate(names)}
    known = np.array([place.get(p, -1) for p in encoded.dictionary.to_pylist()], np.int64)
    return known[encoded.indices.to_numpy()] if len(known) else np.zeros(0, np.int64)
