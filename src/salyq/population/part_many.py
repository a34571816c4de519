"""A part of a population by columns: whoever columns serve in one go; the rest is named, to be assessed alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.errors import InputError
from salyq.facts.choices import Choices
from salyq.law.facts import STATED
from salyq.population.columns_many import Roll
from salyq.population.engine import Setting, person_of
from salyq.population.figures_many import tell
from salyq.population.moves_many import PEGS
from salyq.population.records_many import Records, read_records
from salyq.population.tables import PERSON
from salyq.population.told_many import Told
from salyq.records.person import Person
from salyq.rulebook.graph import Graph
from salyq.rulebook.many import NotInColumns
from salyq.rulebook.node import NotInForce

if TYPE_CHECKING:
    import pyarrow as pa

RECORDS = "records"
LOSSES = ("digital_asset_losses_brought", "business_losses_brought")
FACTS = tuple(f for f, said in STATED["year"].items() if said.unit == "KZT" and f not in LOSSES)
_MONEY = re.compile(r"[0-9]{1,15}(?:\.([0-9]{1,2})0*)?")


@dataclass(slots=True)
class Served:
    """Persons of a part who were told of by columns: their names in order, and what law says of them."""

    names: list[str]
    persons: list[Person]
    rows: Any  # records of each
    told: Told


class _Rolls:
    """Reads rows of `persons`: everybody who is alike but for facts of the year is read once."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.known: dict[tuple[tuple[str, str], ...], int] = {}
        self.templates: list[Person] = []
        self.alike: list[int] = []
        self.names: list[str] = []
        self.facts: dict[str, list[int | None]] = {f: [] for f in FACTS}

    def add(self, name: str, cells: Mapping[str, str]) -> bool:
        """Whether columns can serve the person."""
        given = {k: v.strip() for k, v in cells.items() if v.strip()}
        facts: dict[str, int | None] = {}
        for fact in FACTS:
            text = given.pop(fact, None)
            facts[fact] = None if text is None else tiyn(text)
            if text is not None and facts[fact] is None:
                return False
        key = tuple(given.items())
        place = self.known.get(key)
        if place is None:
            place = self.known[key] = self._template(name, given, any(v is not None for v in facts.values()))
        if place < 0:
            return False
        self.names.append(name)
        self.alike.append(place)
        for fact, value in facts.items():
            self.facts[fact].append(value)
        return True

    def _template(self, name: str, given: Mapping[str, str], has_facts: bool) -> int:
        try:
            person = person_of(given, self.year, name)
        except InputError:
            return -1
        if not plain(person) or (person.years and has_facts):
            return -1
        self.templates.append(person)
        return len(self.templates) - 1

    def roll(self) -> Roll:
        facts = {}
        for fact, values in self.facts.items():
            given = np.array([v is not None for v in values], bool)
            if given.any():
                facts[fact] = (np.array([v or 0 for v in values], np.int64), given)
        return Roll(np.array(self.alike, np.int64), self.templates, facts)


def tiyn(text: str) -> int | None:
    """An amount of tenge as whole tiyn; None where it is not plainly one."""
    found = _MONEY.fullmatch(text)
    if found is None:
        return None
    return int(text.partition(".")[0]) * 100 + int((found[1] or "").ljust(2, "0") or 0)


def plain(person: Person) -> bool:
    """Whether everything about a person is told by what columns hold."""
    alone = (
        person.elections or person.year_elections or person.years or person.regimes or person.losses or person.turnovers
    )
    spells = person.residence
    always = len(spells) == 1 and spells[0].start == date.min and spells[0].until is None
    return person.kind == "individual" and not (alone or person.licences) and always and person.stablecoins == PEGS


@dataclass(slots=True)
class Plain:
    """The persons of a part whom columns can serve, and their records."""

    names: list[str]
    roll: Roll
    records: Records
    counts: Any  # of rows
    odd: Any  # persons with a row that needs a second look

    @property
    def persons(self) -> list[Person]:
        return [self.roll.templates[n] for n in self.roll.alike.tolist()]


def plain_of(tables: Mapping[str, pa.Table], stated: Mapping[str, Mapping[str, str]], common: Setting) -> Plain | None:
    """Who is plain among the persons `stated` (name -> cells); None: nobody."""
    others: set[str] = set()
    for table, rows in tables.items():
        if table != RECORDS:
            others.update(rows.column(PERSON).unique().to_pylist())
    rolls = _Rolls(common.year)
    for name in sorted(stated):
        if name not in others:
            rolls.add(name, stated[name])
    records = tables.get(RECORDS)
    if not rolls.names or records is None:
        return None
    owner = _owners(records, rolls.names)
    roll = rolls.roll()
    found, odd = read_records(records, owner, roll.count, common.prices.assets() | frozenset(PEGS))
    counts = np.bincount(owner[owner >= 0], minlength=roll.count)
    odd = odd | (counts == 0)  # a person without rows: what is lacking is told alone
    return Plain(rolls.names, roll, found, counts, odd)


def told_of(people: Plain, common: Setting, graph: Graph, *, findings: bool = True) -> Told | None:
    """What the law of a graph says of them; None where it has no answer in columns."""
    choices = Choices(graph, Person("", "individual"), common.settings)
    try:
        told = tell(people.roll, people.records, common.year, graph, common.prices, choices, findings=findings)
    except (NotInForce, NotInColumns):
        return None
    if choices.refused:
        return None
    told.odd |= people.odd
    return told


def serve(
    tables: Mapping[str, pa.Table], stated: Mapping[str, Mapping[str, str]], common: Setting, graph: Graph
) -> Served | None:
    """Whom columns can serve among the persons `stated` (name -> cells), and what law says of them; None: nobody."""
    people = plain_of(tables, stated, common)
    told = None if people is None else told_of(people, common, graph)
    if people is None or told is None:
        return None
    return Served(people.names, people.persons, people.counts, told)


def _owners(records: pa.Table, names: list[str]) -> Any:
    """The number of each row's person among `names`; −1 for others."""
    encoded = records.column(PERSON).combine_chunks().dictionary_encode()
    place = {name: n for n, name in enumerate(names)}
    known = np.array([place.get(p, -1) for p in encoded.dictionary.to_pylist()], np.int64)
    return known[encoded.indices.to_numpy()] if len(known) else np.zeros(0, np.int64)
