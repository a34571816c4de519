"""A part of a population by columns: whoever columns serve in one go; the rest is named, to be assessed alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.errors import InputError
from salyq.facts.choices import Choices
from salyq.facts.energy import quarter_starts
from salyq.law.facts import STATED
from salyq.law.regimes import FEE, has_books_beside, regime_of
from salyq.population.beside_many import Beside, read_expenses
from salyq.population.columns_many import Roll
from salyq.population.engine import Setting, person_of
from salyq.population.figures_many import tell, tell_both, walk_of
from salyq.population.meters_many import read_readings
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

RECORDS, PAYOUTS, ENERGY, EXPENSES = TABLES = ("records", "payouts", "energy", "expenses")
LOSSES = ("digital_asset_losses_brought", "business_losses_brought")
FACTS = tuple(f for f, said in STATED["year"].items() if said.unit == "KZT" and f not in LOSSES)
_MONEY = r"^[0-9]{1,15}(\.[0-9]{1,2}0*)?$"


Persons = tuple["pa.Table", Mapping[str, int]]  # rows of `persons`, and the row of each person


@dataclass(slots=True)
class Served:
    """Persons of a part who were told of by columns: their names in order, and what law says of them."""

    names: list[str]
    roll: Roll
    counts: Mapping[str, Any]  # table -> rows of each
    ignored: Any  # records of each that repeat another
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

    def rolls(self, rows: pa.Table) -> Iterator[tuple[list[str], Roll]]:
        """(names, their roll) of those among rows of `persons` whom columns can serve, by how they walk."""
        columns = [n for n in rows.column_names if n not in (PERSON, FILE, ROW)]
        facts, fine = {}, np.ones(rows.num_rows, bool)
        for fact in (f for f in FACTS if f in columns):
            values, given, plain_ = tiyn(rows.column(fact))
            facts[fact] = (values, given)
            fine &= plain_
        others = [c for c in columns if c not in FACTS]
        first, alike = _alike(rows, others)
        names = rows.column(PERSON).to_pylist()
        said = zip(*(rows.column(c).take(first).to_pylist() for c in others), strict=True) if others else [()]
        placed = np.array(
            [self._template(names[n], dict(zip(others, own, strict=True))) for n, own in zip(first, said, strict=True)],
            np.int64,
        )[alike]
        walks = [regime_of(t.kind) for t in self.templates]
        for walk in dict.fromkeys(walks):
            kept = np.flatnonzero(fine & np.array([*[w is walk for w in walks], False], bool)[placed])
            if len(kept):
                chosen = {f: (v[kept], given[kept]) for f, (v, given) in facts.items() if given[kept].any()}
                yield [names[n] for n in kept.tolist()], Roll(placed[kept], self.templates, chosen)

    def _template(self, name: str, cells: Mapping[str, str]) -> int:
        """Its number; -1 where columns do not hold all that it says."""
        try:
            person = person_of(cells, self.year, name)
        except InputError:
            return -1
        if not plain(person):
            return -1
        self.templates.append(person)
        return len(self.templates) - 1


def _alike(rows: pa.Table, columns: Sequence[str]) -> tuple[list[int], Any]:
    """(the first row of each kind of rows that are alike in some columns, the number of its kind for each row)."""
    alike = np.zeros(rows.num_rows, np.int64)
    for name in columns:
        encoded = rows.column(name).combine_chunks().dictionary_encode()
        own = alike * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy()
        alike = np.unique(own, return_inverse=True)[1].astype(np.int64)
    _, first, alike = np.unique(alike, return_index=True, return_inverse=True)
    return first.tolist(), alike


def tiyn(texts: Any) -> tuple[Any, Any, Any]:
    """Amounts of tenge as (whole tiyn, marks of those given, marks of those that are nothing or plainly an amount)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pc.utf8_trim_whitespace(texts.combine_chunks())
    given = pc.not_equal(column, "")
    plainly = pc.match_substring_regex(column, _MONEY)
    short = pc.if_else(plainly, pc.replace_substring_regex(column, r"(\.[0-9]{2})0*$", r"\1"), "0")
    values = short.cast(pa.decimal128(20, 2))
    made = np.frombuffer(values.buffers()[1], np.int64).reshape(-1, 2)[:, 0].copy()
    marks = [c.to_numpy(zero_copy_only=False) for c in (given, plainly)]
    return made, marks[0], ~marks[0] | marks[1]


def plain(person: Person) -> bool:
    """Whether everything about a person is told by what columns hold."""
    alone = person.elections or person.year_elections or person.regimes or person.turnovers
    spells = person.residence
    always = len(spells) == 1 and spells[0].start == date.min and spells[0].until is None
    return not (has_books_beside(person.kind) or alone) and always and person.stablecoins == PEGS


@dataclass(slots=True)
class Plain:
    """The persons of a part whom columns can serve, and their records."""

    names: list[str]
    roll: Roll
    records: Records
    places: tuple[Any, Any]  # (file, row) of each record as it was read
    beside: Beside
    counts: Mapping[str, Any]  # table -> rows of each
    ignored: Any  # records of each that repeat another
    odd: Any  # persons with a row that needs a second look

    @property
    def persons(self) -> list[Person]:
        return [self.roll.templates[n] for n in self.roll.alike.tolist()]


def plain_of(tables: Mapping[str, pa.Table], stated: Persons, common: Setting, *graphs: Graph) -> list[Plain]:
    """Who is plain among the persons `stated`, for the laws of all graphs, by how they walk."""
    own = {name: tables[name] for name in TABLES if name in tables}
    records = own.get(RECORDS)
    if records is None:
        return []
    others: set[str] = set()
    for table, rows in tables.items():
        if table not in TABLES:
            others.update(rows.column(PERSON).unique().to_pylist())
    if PAYOUTS in own:
        records, odd = with_payouts(records, own[PAYOUTS])
        others |= odd
    table, at = stated
    kept = [row for name, row in at.items() if name not in others]
    if not kept:
        return []
    rolls = _Rolls(common.year).rolls(table.take(kept) if len(kept) < table.num_rows else table)
    return [_plain(*walk, records, own, common, graphs) for walk in rolls]


def _plain(
    names: list[str], roll: Roll, records: pa.Table, own: Mapping[str, pa.Table], common: Setting,
    graphs: Sequence[Graph],
) -> Plain:  # fmt: skip
    """Persons who walk alike, with their rows."""
    owner = _owners(records, names)
    stated = owner[: own[RECORDS].num_rows]  # payouts stand behind
    counts = {RECORDS: _counted(stated, roll.count)}
    if len(owner) > 2 * int((owner >= 0).sum()):  # most rows are of others
        kept = np.flatnonzero(owner >= 0)
        records, owner = records.take(kept).combine_chunks(), owner[kept]
    found, odd, repeats = read_records(records, owner, roll, common.prices.assets() | frozenset(PEGS))
    ignored = _counted(owner[repeats], roll.count)
    readings = expenses = None
    if ENERGY in own:
        cuts = [*quarter_starts(common.year), *(day for graph in graphs for day in graph.law.changes_of(FEE))]
        readings, wrong = read_readings(own[ENERGY], _owners(own[ENERGY], names), roll, cuts)
        odd = odd | wrong
    if EXPENSES in own:
        expenses, wrong = read_expenses(own[EXPENSES], _owners(own[EXPENSES], names), roll.count)
        odd = odd | wrong
    for table in own.keys() - counts.keys():
        counts[table] = _counted(_owners(own[table], names), roll.count)
    odd = odd | (_counted(owner, roll.count) == 0)  # a person without rows: what is lacking is told alone
    places = (records.column(FILE).to_numpy(), records.column(ROW).to_numpy())
    return Plain(names, roll, found, places, Beside(readings, expenses), counts, ignored, odd)


def _counted(owner: Any, count: int) -> Any:
    return np.bincount(owner[owner >= 0], minlength=count)


def told_of(people: Plain, common: Setting, graph: Graph, places: tuple[Any, Any] | None = None) -> Told | None:
    """What the law of a graph says of them; None where it has no answer in columns. `places`: as `tell` has them."""
    choices = Choices(graph, Person("", INDIVIDUAL), common.settings)
    try:
        told = tell(people.roll, people.records, common.year, graph, common.prices, choices, people.beside, places)
    except (NotInForce, NotInColumns):
        return None
    if choices.refused or not _in_turn(people, choices, common.year):
        return None
    told.odd |= people.odd
    return told


def _in_turn(people: Plain, choices: Choices, year: int) -> bool:
    """Whether the first lot leaves first in all years: columns match in no other way."""
    years = {year, *np.unique(people.records.year).tolist()}
    return all(choices(walk_of(people.roll).lot_method, date(y, 12, 31)) == "fifo" for y in sorted(years))


def told_of_both(
    people: Plain, common: Setting, law: Graph, reform: Graph, anew: frozenset[str]
) -> tuple[Told, Told] | None:
    """Figures and duties of them under law and under a reform that makes some rules anew; None where there is no answer
    in columns."""
    who = Person("", INDIVIDUAL)
    laws = [(graph, Choices(graph, who, common.settings)) for graph in (law, reform)]
    try:
        own = (people.roll, people.records, common.year)
        both = tell_both(*own, laws[0], laws[1], anew, common.prices, people.beside)
    except (NotInForce, NotInColumns):
        return None
    if any(choices.refused or not _in_turn(people, choices, common.year) for _, choices in laws):
        return None
    for told in both:
        told.odd |= people.odd
    return both


def serve(
    tables: Mapping[str, pa.Table],
    stated: Persons,
    common: Setting,
    graph: Graph,
    *,
    matches: bool = False,
) -> Iterator[Served]:
    """Whom columns can serve among the persons `stated`, and what law says of them."""
    for people in plain_of(tables, stated, common, graph):
        told = told_of(people, common, graph, people.places if matches else None)
        if told is not None:
            yield Served(people.names, people.roll, people.counts, people.ignored, told)


def _owners(records: pa.Table, names: list[str]) -> Any:
    """The number of each row's person among `names`; −1 for others."""
    encoded = records.column(PERSON).combine_chunks().dictionary_encode()
    place = {name: n for n, name in enumerate(names)}
    known = np.array([place.get(p, -1) for p in encoded.dictionary.to_pylist()], np.int64)
    return known[encoded.indices.to_numpy()] if len(known) else np.zeros(0, np.int64)
