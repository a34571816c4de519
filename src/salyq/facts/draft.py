"""A first person.toml from a folder of exports: what the files show, and what only the person knows, as comments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.law import shipped
from salyq.law.facts import Year
from salyq.law.regimes import may_mine_as_a_company
from salyq.records.person import FULL_MINING_LICENCE, INDIVIDUAL, PERSON_KINDS, address_key
from salyq.records.reading import Reading
from salyq.rulebook.rows import kind_of
from salyq.sources import read_folder

__all__ = ["INDIVIDUAL", "PERSON_KINDS", "Draft", "draft_person"]

_MOST = 3  # addresses that may be the person's, of one wallet
Progress = Callable[[str, int], None]
_WRITTEN = {"KZT": '"0.00"', "flag": "false", "day": "2026-01-31"}  # an example by unit


class Unnamed(NamedTuple):
    """Wallet files that do not say whose address is the person's. `likely`: the address of theirs that another file
    shows to be his, else those that stand in most rows."""

    files: tuple[str, ...]
    likely: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """`kind` and `resident`: None where nobody said, and then taken as an individual, resident. `accounts`: as the
    files name them. `years`: years of law that the files tell of. `notes`: what was seen.

    `unnamed`: wallets whose address the person must tell; `owned`: those of the likely that he says are his."""

    kind: str | None
    resident: bool | None
    number: str | None
    accounts: tuple[str, ...]
    years: tuple[int, ...]
    mines: bool
    last_year: int
    notes: tuple[Message, ...] = field(default=())
    unnamed: tuple[Unnamed, ...] = ()
    owned: frozenset[str] = frozenset()

    def told(self) -> list[Message]:
        """What was seen, what was taken because nobody said it, and the files that still do not say whose they are."""
        still = [u for u in self.unnamed if not self.owned & {*u.likely}]
        return [
            *self.notes,
            *self._taken(),
            *[Message("draft_unnamed", {"files": ", ".join(u.files[:5])}) for u in still],
        ]

    def _taken(self) -> list[Message]:
        kind = [Message("draft_kind", {"kinds": ", ".join(PERSON_KINDS)})] if self.kind is None else []
        return kind + ([Message("draft_resident")] if self.resident is None else [])

    def text(self, lang: str) -> str:
        """The file, with its comments in `lang`."""

        def say(code: str, **params: object) -> str:
            return "# " + Message(code, params).text(lang)

        lines = [say("draft_head"), ""]
        lines += [f'id = "{self.number}"'] if self.number else [say("draft_id"), '# id = ""']
        kind = self.kind or INDIVIDUAL
        lines += [f"# {taken.text(lang)}" for taken in self._taken()]
        lines += [f'kind = "{kind}"', f"resident = {'false' if self.resident is False else 'true'}"]
        if self.mines or may_mine_as_a_company(kind):
            lines += [
                "",
                say("draft_licence"),
                "# [[licence]]",
                f'# kind = "{FULL_MINING_LICENCE}"',
                "# from = 2025-01-01",
            ]
        for name in self.accounts:
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            lines += ["", "[[account]]", f'name = "{quoted}"', say("draft_country"), '# country = "KZ"']
            own = [u for u in self.unnamed if u.likely == (name,)]
            lines += [line for u in own for line in self._addresses(u, say)]
        for n, wallet in enumerate([u for u in self.unnamed if not {*u.likely} & {*self.accounts}], start=1):
            lines += ["", "[[account]]", f'name = "wallet{n if n > 1 else ""}"', *self._addresses(wallet, say)]
        for year in self.years:
            lines += ["", say("draft_year", year=year), "# [[year]]", f"# year = {year}"]
            lines += [f"# {key} = {example}  # {words[lang]}" for key, example, words in _facts_of_years(kind)]
        return "\n".join(lines) + "\n"

    def _addresses(self, wallet: Unnamed, say: Callable[..., str]) -> list[str]:
        """What to write of a wallet's addresses: a remark, unless the person said that the likely one is his."""
        own = [x for x in wallet.likely if x in self.owned]
        if own:
            listed = ", ".join([f'"{x}"' for x in own])
            return [f"addresses = [{listed}]"]
        code = "draft_addresses_likely" if wallet.likely else "draft_addresses"
        remark = say(code, files=", ".join(wallet.files[:5]))
        return [remark, *[f'# addresses = ["{x}"]' for x in wallet.likely or ("…",)]]


def _unnamed(reading: Reading, accounts: Collection[str]) -> tuple[Unnamed, ...]:
    """Wallets by the addresses of the rows of a file for which no own address was found."""
    files: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for report in reading.files:
        whole = [r.reason.params.get("sides") for r in report.rejected if r.reason.code == "address_not_own"]
        rows = [{address_key(x) for x in str(sides).split()} for sides in whole if sides]
        if rows:
            often = Counter(x for sides in rows for x in sorted(sides))
            most = [x for x in often if often[x] == max(often.values()) and 2 * often[x] > len(rows)]
            likely = [x for x in often if x in accounts] or most[:_MOST]
            files[tuple(sorted(likely))].append(report.file)
    return tuple([Unnamed(tuple(own), likely) for likely, own in sorted(files.items())])


def _facts_of_years(kind: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """(key, how it is written, its words) of the facts of a year that law asks of a kind of person."""
    year = kind_of(Year)
    for name, said in year.facts.items():
        key = said.key(name, "year")
        if key and (not said.of or kind in said.of):
            yield key, _WRITTEN.get(year.columns[name], '"…"'), said.label


def draft_person(
    folder: Path, kind: str | None, resident: bool | None, number: str | None, *, progress: Progress | None = None
) -> Draft:
    """Reads a folder and drafts its person.toml. InputError where the folder cannot be read."""
    reading, _ = read_folder(folder, progress=progress)
    law = shipped().reading
    first, last = law["first_year"], law["last_year"]
    days = reading.records.years() | {p.day.year for p in reading.payouts}
    days |= {x.day.year for x in reading.expenses} | {e.start.year for e in reading.energy}
    years = tuple(sorted(y for y in days if first <= y <= last))
    accounts = tuple(sorted(filter(None, set(reading.records.column("account")))))
    mines = bool(reading.payouts or reading.energy) or "mined" in reading.records.column("kind")
    notes = [Message("draft_seen", {"files": len(reading.files), "accounts": ", ".join(accounts) or "–"})]
    if reading.unread:
        names = ", ".join(source.file for source, _ in reading.unread[:5])
        more = len(reading.unread) - 5
        notes.append(Message("draft_unread", {"files": names + (f" + {more}" if more > 0 else "")}))
    unnamed = _unnamed(reading, accounts)
    last_year = years[-1] if years else last
    return Draft(kind, resident, number, accounts, years, mines, last_year, tuple(notes), unnamed)
