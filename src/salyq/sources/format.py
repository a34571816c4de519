"""What a reader declares: the header it takes, and the handler that turns its rows into neutral records.

A reader is one file: a `Format` (what it takes and what it is) and a handler class (row handler). It decides no law. It
sees a text file and a sheet of a workbook alike: rows of stripped texts. Encodings, delimiters, byte order marks,
preamble lines and lines quoted whole are dealt with before it (tables/); numbers of a workbook come without binary
noise and days in ISO 8601 (tables/xlsx_cells.py). registry.py finds every reader by itself.

What readers share stands in habits/, so that each habit of writing is read in one place. Whole lists as most venues
export them need no handler, only their columns under common names:
  fills.py     a list of trades or orders: `fills(...)` is its format
  transfer_history.py   deposits and withdrawals with their hashes: `history(...)`
  p2p.py, converts.py   orders with a person; conversions, a row each
  columns.py   a layout's own titles under common names
For a handler of one's own:
  cells.py     plain numbers, flags, choices, identifiers, as our own formats have them
  amounts.py   amounts of exports: currency signs, thousands marks, a decimal comma where it is the only reading
  pairs.py     "BTCUSDT" as base and quote; "1,234.5BTC" as a number and a coin
  clock.py     times of a zone: year first, day first with points, US with AM and PM; zone.py finds the zone
  times.py     the further spellings of days and months; periods.py those of tax periods
  rows.py      a deal of two sides, a movement, a receipt, as neutral records with their fees
  rules.py, totals.py   the common rules by which rows are left out; lines of totals
  ways.py, products.py   which way a movement went; coins that move to or from a venue's product
  json_units.py, small_units.py   amounts and times of lists of JSON objects; titles that count in satoshi
  codes.py, renaming.py   tickers that are a currency's; what a venue calls a new name of a coin
  contracts.py, own_addresses.py   a token by its contract; whose an exported address is
  ids.py, words.py   ids as a spreadsheet left them; words of closed lists in Russian and Kazakh
  pairing.py, legs.py, moments.py   deals that a ledger tells as single legs; halves that belong to one moment
  balances.py, running.py   whether running balances agree with the changes
  by_columns.py   columns of clean cells read whole, of long files (tables/cells.py)
  written_number.py, time_pattern.py   numbers and times by a habit that the person states (mapping files)
The facts that a handler is given: named groups of column patterns, `preamble` (the text above the header) and
`delimiter` ("" in a workbook).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from salyq.civil.messages import Message
from salyq.records.reading import FileReport, Rule, Tells, Yields, rule

if TYPE_CHECKING:
    from salyq.sources.book import Book
    from salyq.sources.tables.cells import Cells

Facts = Mapping[str, str]  # what the header itself says, e.g. a time zone: from named groups of column patterns


LATER = rule("later", kk="кейін шешіледі", ru="решится позже", en="settled later")  # of a row: nothing is counted yet
UNDONE = rule(
    "undone",
    kk="бұл қозғалыс болмаған: басқа жол оны кері қайтарған",
    ru="движение не состоялось: другая строка вернула его обратно",
    en="the movement failed: another row took it back",
)
NOTHING_THERE = rule(
    "empty_export",
    kk="экспорт бос: жол осыны ғана айтады",
    ru="выгрузка пуста: строка только об этом и говорит",
    en="the export is empty, and this line only says so",
)
_LONGEST_TITLE = 300  # characters
BLANK = rule("blank_row", kk="бос жол", ru="пустая строка", en="the row is empty")


class RowError(Exception):
    """A row that cannot be used; the driver turns it into a Rejection of its line."""

    def __init__(self, column: str | None, value: str | None, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.column, self.value, self.message = column, value, Message(code, params)


class Handler(Protocol):
    """The row handler of one file. `cells` are stripped, in the order of the format's columns, "" where absent."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        """True: used. A rule: ignored by it. None: accounted for later, through the book.

        RowError: rejected."""

    def finish(self) -> None:
        """After the last row: whatever several rows make together."""


@runtime_checkable
class ManyRows(Protocol):
    """A handler that takes many rows at once too; it gives what `row` of each would."""

    def many(self, lines: Sequence[int], columns: Sequence[Cells | None], one: Callable[[int], None]) -> int:
        """How many rows were used at once; of others the handler says later what became of them. `columns` are in the
        order of the format's columns, stripped; None is an absent one. A row that is not clean is handed to `one` by
        its place, in the order of rows, and is accounted for there."""


class Column(NamedTuple):
    """A column: what handlers call it, and its header spellings (default: the name), compared without case.

    `pattern`: a regular expression instead; its named groups become facts. `nth`: which of several columns of one
    title (from 1). `after`: it stands right behind that column, which is before it in the list."""

    name: str
    titles: tuple[str, ...] = ()
    required: bool = True
    pattern: str | None = None
    nth: int = 1
    after: str = ""

    def fits(self, title: str) -> Facts | None:
        """The facts of a fitting header cell (often none), or None."""
        if len(title) > _LONGEST_TITLE:  # before any pattern looks at it
            return None
        if self.pattern is not None:
            found = re.fullmatch(self.pattern, title, re.IGNORECASE)
            return None if found is None else {k: v for k, v in found.groupdict().items() if v is not None}
        return {} if title.casefold() in {t.casefold() for t in self.titles or (self.name,)} else None


class Match(NamedTuple):
    """Where each column stands (-1: absent), and what the header said."""

    places: tuple[int, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Moves:
    """Where a row says what it moves: columns of assets, of pairs, and one whose sign is the direction.

    Every asset that such a row can move stands in one of them. `rename`: what the venue's code of an asset means."""

    assets: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    change: str = ""
    rename: Callable[[str], str] = str.upper

    def of(self, cells: Mapping[str, str]) -> tuple[frozenset[str] | None, str]:
        """(assets or None where that cannot be told, "in" or "out" or "")."""
        found: set[str] = set()
        for name in self.assets:
            text = cells.get(name, "")
            if text and (len(text) > 64 or not text.isprintable()):
                return None, ""
            found |= {self.rename(text)} if text else set()
        for name in self.pairs:
            text = cells.get(name, "")
            parts = re.split(r"[-_/ ]", text.upper()) if text else []
            if text and len(parts) != 2:
                return None, ""
            found |= set(parts)
        if not found:
            return None, ""
        sign = cells.get(self.change, "")[:1]
        return frozenset(found), "" if not sign else "out" if sign in "-−" else "in" if sign in "+0123456789" else ""


ANY = Moves()  # a row could have moved anything


def only(asset: str, change: int = 0) -> tuple[frozenset[str], str]:
    """What a rejected row of one asset could have moved: `moved` of Book.reject."""
    return frozenset({asset}), "in" if change > 0 else "out" if change < 0 else ""


def yields(*what: Yields) -> frozenset[Yields]:
    """What a reader's rows become."""
    return frozenset(what)


class JsonList(NamedTuple):
    """A list of JSON objects that says the same as a reader's table: `keys` (dotted where one lies in another) tell it,
    `header` are the reader's titles, `cells` an object's row under them."""

    keys: tuple[str, ...]
    header: tuple[str, ...]
    cells: Callable[[Mapping[str, str]], list[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A reader says everything about itself here; nobody else knows it by name.

    `tells`: how fully such a table tells an account. `yields`: what its rows become. `ignores`: its own rules for rows
    that it leaves out, beside the common ones. `moves`: what a row that could not be read could have moved.
    `exchange`: the venue is a digital-asset exchange, so that what it gave is from one (semantics 32).
    `surely`: columns of which one must be there, since the others alone may be those of another table.
    `unused`: titles of fees that are rightly left unread, since another table tells them or what is read is net.
    `venue`, `page`: for people. `taught`: by a mapping file. `json`: the list that says the same. `load`: where this is
    the outline of a reader (registry.py), the reader itself."""

    name: str
    columns: tuple[Column, ...]
    start: Callable[[Book, Facts], Handler]
    tells: Tells
    yields: frozenset[Yields]
    venue: str = ""
    page: str = ""
    ignores: tuple[Rule, ...] = ()
    moves: Moves = ANY
    exchange: bool = False
    taught: bool = False
    surely: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    json: JsonList | None = None
    load: Callable[[], Format] | None = None

    def whole(self) -> Format:
        """The reader with its handler, where this is its outline."""
        return self if self.load is None else self.load()

    @property
    def own(self) -> bool:
        """One of our formats: UTF-8, header on line 1, no other columns than these."""
        return self.tells is Tells.OWN

    def report(self, file: str, sha256: str) -> FileReport:
        """The empty account of a file that this reader takes."""
        return FileReport(file, self.name, sha256, self.tells, self.yields)

    def touched(self, cells: tuple[str, ...]) -> tuple[frozenset[str] | None, str]:
        """(assets, way) of a row that was rejected, by its cells in the order of the columns."""
        return self.moves.of({c.name: text for c, text in zip(self.columns, cells, strict=False)})

    def match(self, header: Sequence[str]) -> Match | None:
        """Where the columns stand in `header`, or None where a required one is missing. A reader of its own class may
        refuse more, never take more."""
        places: list[int] = []
        facts: dict[str, str] = {}
        for column in self.columns:
            place, seen = -1, 0
            start, end = self.window(column, places, len(header))
            for n, title in enumerate(header[:end]):
                if n < start:
                    continue
                fit = column.fits(title)
                seen += fit is not None
                if fit is not None and seen == column.nth:
                    place, facts = n, {**facts, **fit}
                    break
            if place < 0 and column.required:
                return None
            places.append(place)
        return Match(tuple(places), facts)

    def window(self, column: Column, places: Sequence[int], width: int) -> tuple[int, int]:
        """From where to where a column may stand."""
        if not column.after:
            return 0, width
        before = next(n for n, other in enumerate(self.columns) if other.name == column.after)
        return (places[before] + 1, places[before] + 2) if places[before] >= 0 else (0, 0)

    def doubtful(self, header: Sequence[str]) -> bool:
        """Whether a header that fits may be that of another table."""
        sure = [column for column in self.columns if column.name in self.surely]
        return bool(sure) and all(column.fits(title) is None for column in sure for title in header)

    def unknown(self, header: Sequence[str]) -> list[str]:
        """Header cells that are no column of this format, in order."""
        return [t for t in header if all(column.fits(t) is None for column in self.columns)]

    def missing(self, header: Sequence[str]) -> list[str]:
        """Required columns that `header` lacks."""
        return [c.name for c in self.columns if c.required and all(c.fits(t) is None for t in header)]


def own_columns(required: str, optional: str = "") -> tuple[Column, ...]:
    """Columns of a format of our own from two lists of names."""
    return tuple([Column(n) for n in required.split()] + [Column(n, required=False) for n in optional.split()])
