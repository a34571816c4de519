"""A case: one person's files as one truth, with quotes to value it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.facts.events import Events
from salyq.facts.exchanges import with_exchanges
from salyq.facts.inputs import Input, input_files, stored_quotes
from salyq.law.facts import STATED
from salyq.prices.book import PriceBook
from salyq.reconcile.model import Ledger
from salyq.reconcile.run import reconcile
from salyq.records.answers import Answer
from salyq.records.answers_file import FILE, read_answers
from salyq.records.model import AssetValue, ExchangeRate, Source
from salyq.records.person import PERSON_KINDS, Person
from salyq.records.person_file import read_person
from salyq.records.reading import Reading
from salyq.sources import (
    about_rows,
    find,
    read_files,
    read_found,
    settle_currencies,
    settle_proofs,
    settle_renamed,
    shown_name,
)

Progress = Callable[[str, int], None]
MAPPING = ".mapping.toml"
NOBODY = Person("", PERSON_KINDS[0])  # files read without a person: enough to read, not to assess


@dataclass(frozen=True)
class Case:
    """What was read and reconciled. `stated_person` is false where no person.toml was given. `inputs` are the files it
    was read from; `given` is how they were named: the case folder or the files, as typed, and the person's file."""

    name: str
    person: Person
    reading: Reading
    ledger: Ledger
    prices: PriceBook
    stated_person: bool = True
    inputs: tuple[Input, ...] = ()
    given: tuple[str, ...] = ()
    person_given: str | None = None

    def __repr__(self) -> str:
        """One line: a notebook shows what is named last."""
        return f"Case({self.name!r}, {len(self.ledger.records)} records, {len(self.inputs)} files)"

    @cached_property
    def events(self) -> Events:
        """All its movements; worlds of its years share them."""
        return Events(self.ledger, self.person)


def read_case(
    path: str | Path | Sequence[str | Path],
    person: str | Path | None = None,
    *,
    progress: Progress | None = None,
) -> Case:
    """Reads a case folder, or a list of files (interfaces §2). InputError for anything that cannot be used.

    `progress(step, rows)` is called while reading and reconciling.
    """
    if isinstance(path, str | Path):
        folder = Path(path)
        if folder.is_dir():
            return _of_folder(folder, person, progress)
        path = [folder]
    files = [Path(p) for p in path]
    who = read_person(Path(person), STATED) if person is not None else None
    reading = read_files(
        files,
        base=Path.cwd(),
        ignore=who.ignore if who else (),
        addresses=who.addresses if who else None,
        progress=progress,
    )
    own = [] if person is None else [(Path(person).name, "person", Path(person))]
    own += [(shown_name(p, Path.cwd()), "mapping", p) for p in files if p.name.endswith(MAPPING)]
    case = _case(", ".join(map(str, files)), reading, who, progress, own)
    return replace(case, given=tuple(map(str, files)), person_given=None if person is None else str(person))


def _of_folder(folder: Path, person: str | Path | None, progress: Progress | None) -> Case:
    found = find(folder)
    who = _one_person(found.persons, person, folder)
    reading = read_found(
        found,
        folder,
        ignore=who.ignore if who else (),
        addresses=who.addresses if who else None,
        progress=progress,
    )
    reading.answers, reading.renamed = about_rows(_answers(folder, reading))
    stated = Path(person) if person is not None else found.persons[0] if found.persons else None
    own = [(shown_name(p, folder), "mapping", p) for p in found.mappings]
    if stated is not None:
        own.append((stated.name if person is not None else shown_name(stated, folder), "person", stated))
    if (folder / FILE).exists():
        own.append((FILE, "answers", folder / FILE))
    case = _case(str(folder), reading, who, progress, own)
    return replace(case, given=(str(folder),), person_given=None if person is None else str(person))


def _answers(folder: Path, reading: Reading) -> list[Answer]:
    """What the person answered: answers.toml at the top of the case."""
    path = folder / FILE
    if not path.exists():
        return []
    reading.notices = [n for n in reading.notices if n[0] is None or n[0].file != FILE]
    return read_answers(path)


def _one_person(found: list[Path], stated: str | Path | None, folder: Path) -> Person | None:
    if stated is not None:
        return read_person(Path(stated), STATED)
    if len(found) > 1:
        params = {"first": found[0].relative_to(folder), "second": found[1].relative_to(folder)}
        raise InputError(Message("two_persons", params), file=str(folder))
    return read_person(found[0], STATED) if found else None


def _case(
    name: str,
    reading: Reading,
    person: Person | None,
    progress: Progress | None,
    own: Sequence[tuple[str, str, Path]],
) -> Case:
    who = person or NOBODY
    inputs = input_files(reading, own)
    if _quotes_of_the_user(reading):
        inputs += (stored_quotes(reading),)
    settle_renamed(reading)
    who = with_exchanges(who, reading)
    settle_currencies(reading, who)
    settle_proofs(reading, who)
    ledger = reconcile(reading, who, progress=progress)
    prices = PriceBook(reading.asset_values, reading.exchange_rates)
    return Case(name, who, reading, ledger, prices, person is not None, inputs)


def _quotes_of_the_user(reading: Reading) -> bool:
    """A case without quotes of its own uses the user's price store, and says so. Whether it does."""
    if reading.asset_values or reading.exchange_rates:
        return False
    from salyq.prices.store import PriceStore

    values, rates = PriceStore().load()
    if not values and not rates:
        return False
    reading.asset_values = [AssetValue(*row[:-1], Source(*row.source)) for row in values]
    reading.exchange_rates = [ExchangeRate(*row[:-1], Source(*row.source)) for row in rates]
    reading.notices.append((None, Message("quotes_from_store", {"count": len(values) + len(rates)})))
    return True
