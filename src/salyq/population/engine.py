"""One person of a population through the house: rows of tables to a case, a case to an assessment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from salyq.assessing.result import Assessment
from salyq.assessing.year import assess
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.facts.case import Case
from salyq.law.facts import STATED
from salyq.population.tables import own_tables, text_of
from salyq.prices.book import PriceBook
from salyq.reconcile.run import reconcile
from salyq.records.person import Person
from salyq.records.person_file import person_from
from salyq.records.reading import Reading, Rejection
from salyq.records.toml_tables import parse_toml
from salyq.rulebook.evaluate import Evaluator
from salyq.sources.settle import settle_currencies
from salyq.sources.tables.table import read_rows

TOML = "toml"
_TOP = ("id", "name", "kind", "region")


class Rows(NamedTuple):
    """Rows of one table of one person: column names, then (place, cells) of each; a place is (file number, row)."""

    header: Sequence[str]
    rows: Sequence[tuple[tuple[int, int], list[str]]]


class Refused(NamedTuple):
    """A row that could not be used: its table and place, the column and value, and why."""

    table: str
    file: int
    row: int
    column: str | None
    value: str | None
    reason: Message


@dataclass
class Result:
    """One person's assessment with the account of the rows: table -> read, used, ignored, rejected."""

    assessment: Assessment | None
    rows: dict[str, Counter[str]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    case: Case | None = None
    tables: dict[str, Rows] = field(default_factory=dict)


class Setting(NamedTuple):
    """What all persons share: the year, the quotes, the choices made for everybody."""

    year: int
    quotes: Reading
    prices: PriceBook
    settings: Mapping[str, str]


def setting(year: int, quotes: Reading, settings: Mapping[str, str]) -> Setting:
    return Setting(year, quotes, PriceBook(quotes.asset_values, quotes.exchange_rates), settings)


def person_of(cells: Mapping[str, str], year: int, name: str) -> Person:
    """The person that a row of `persons` describes. InputError (column, value, what would be right) where it cannot.

    A column `toml` holds a whole person.toml; the other columns are keys of one, and facts of the year assessed.
    """
    given = {k: v.strip() for k, v in cells.items() if v.strip()}
    text = given.pop(TOML, "")
    data: dict[str, Any] = dict(parse_toml(text, name)) if text else {}
    facts: dict[str, Any] = {}
    for key, value in given.items():
        if key in _TOP or key == "resident":
            data[key] = value
        else:
            facts[key] = value
    if facts:
        years = data.setdefault("year", [])
        own = next((y for y in years if isinstance(y, dict) and y.get("year") == year), None)
        if own is None:
            years.append({"year": year, **facts})
        else:
            own.update(facts)
    return person_from(data, name, STATED, text)


def case_of(person: Person, tables: Mapping[str, Rows], common: Setting) -> Case:
    """One person's rows, read and reconciled."""
    reading = Reading(asset_values=common.quotes.asset_values, exchange_rates=common.quotes.exchange_rates)
    for table, given in tables.items():
        numbered = [(n, cells) for n, (_, cells) in enumerate(given.rows)]
        read_rows(own_tables()[table].whole(), table, given.header, numbered, reading)
    settle_currencies(reading, person)
    return Case(person.id, person, reading, reconcile(reading, person), common.prices)


def assess_person(
    person: Person, tables: Mapping[str, Rows], common: Setting, evaluator: Evaluator | None = None
) -> Result:
    """Everything that law says of one person's rows; a row that cannot be used is refused with its reason. `evaluator`:
    one that served the person before."""
    case = case_of(person, tables, common)
    assessment = assess(case, common.year, settings=common.settings, alternatives=False, evaluator=evaluator)
    result = Result(assessment, case=case, tables=dict(tables))
    for report in case.reading.files:
        result.rows[report.file] = Counter(
            read=report.read, used=report.used, ignored=sum(report.ignored.values()), rejected=len(report.rejected)
        )
        result.refused += [_refused(tables[report.file], report.file, r) for r in report.rejected]
    return result


def refused_whole(tables: Mapping[str, Rows], reason: Message) -> Result:
    """The rows of a person who cannot be assessed: none is lost, each is told with the one reason."""
    result = Result(None)
    for table, given in tables.items():
        result.rows[table] = Counter(read=len(given.rows), rejected=len(given.rows))
        result.refused += [Refused(table, file, row, None, None, reason) for (file, row), _ in given.rows]
    return result


def _refused(given: Rows, table: str, rejection: Rejection) -> Refused:
    file, row = given.rows[rejection.source.line][0]
    return Refused(table, file, row, rejection.column, rejection.value, rejection.reason)


def reason_of(error: InputError) -> tuple[str | None, str | None, Message]:
    return error.column, error.value, error.message


def cells_of(table: Any, names: Sequence[str], first: int, last: int) -> Iterable[list[str]]:
    """Rows first to last of an Arrow table as lists of text."""
    columns = [_texts(table.column(n).slice(first, last - first)).to_pylist() for n in names]
    return (list(row) for row in zip(*columns, strict=True))


def _texts(column: Any) -> Any:
    """A column that stayed numbers or moments as text."""
    import pyarrow as pa

    if pa.types.is_string(column.type):
        return column
    return text_of(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)
