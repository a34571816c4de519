"""A first person.toml from a folder of exports: what the files show, and what only the person knows, as comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from salyq.civil.messages import Message
from salyq.law import shipped
from salyq.law.facts import Year
from salyq.records.person import PERSON_KINDS
from salyq.rulebook.rows import kind_of
from salyq.sources import read_folder

__all__ = ["PERSON_KINDS", "Draft", "draft_person"]

Progress = Callable[[str, int], None]
_WRITTEN = {"KZT": '"0.00"', "flag": "false", "day": "2026-01-31"}  # an example by unit


@dataclass(frozen=True)
class Draft:
    """`accounts`: as the files name them. `years`: years of law that the files tell of. `notes`: what was seen."""

    kind: str
    resident: bool | None
    number: str | None
    accounts: tuple[str, ...]
    years: tuple[int, ...]
    mines: bool
    last_year: int
    notes: tuple[Message, ...] = field(default=())

    def text(self, lang: str) -> str:
        """The file, with its comments in `lang`."""

        def say(code: str, **params: object) -> str:
            return "# " + Message(code, params).text(lang)

        lines = [say("draft_head"), ""]
        lines += [f'id = "{self.number}"'] if self.number else [say("draft_id"), '# id = ""']
        lines += [f'kind = "{self.kind}"']
        if self.resident is None:
            lines += [say("draft_resident"), "resident = true"]
        else:
            lines += [f"resident = {'true' if self.resident else 'false'}"]
        if self.mines or self.kind == "company":
            lines += ["", say("draft_licence"), "# [[licence]]", '# kind = "mining_I"', "# from = 2025-01-01"]
        for name in self.accounts:
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            lines += ["", "[[account]]", f'name = "{quoted}"', say("draft_country"), '# country = "KZ"']
        for year in self.years:
            lines += ["", say("draft_year", year=year), "# [[year]]", f"# year = {year}"]
            lines += [f"# {key} = {example}  # {words[lang]}" for key, example, words in _facts_of_years(self.kind)]
        return "\n".join(lines) + "\n"


def _facts_of_years(kind: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """(key, how it is written, its words) of the facts of a year that law asks of a kind of person."""
    year = kind_of(Year)
    for name, said in year.facts.items():
        key = said.key(name, "year")
        if key and (not said.of or kind in said.of):
            yield key, _WRITTEN.get(year.columns[name], '"…"'), said.label


def draft_person(
    folder: Path, kind: str, resident: bool | None, number: str | None, *, progress: Progress | None = None
) -> Draft:
    """Reads a folder and drafts its person.toml. InputError where the folder cannot be read."""
    reading, _ = read_folder(folder, progress=progress)
    law = shipped().reading
    first, last = law["first_year"], law["last_year"]
    days = {r.day.year for r in reading.records} | {p.day.year for p in reading.payouts}
    days |= {x.day.year for x in reading.expenses} | {e.start.year for e in reading.energy}
    years = tuple(sorted(y for y in days if first <= y <= last))
    accounts = tuple(sorted({r.account for r in reading.records if r.account}))
    mines = bool(reading.payouts or reading.energy) or any(r.kind == "mined" for r in reading.records)
    notes = [Message("draft_seen", {"files": len(reading.files), "accounts": ", ".join(accounts) or "–"})]
    return Draft(kind, resident, number, accounts, years, mines, years[-1] if years else last, tuple(notes))
