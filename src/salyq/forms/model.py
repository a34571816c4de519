"""What an edition of an official form is: strict typed data, one file an edition (docs/forms.md)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from salyq.civil.messages import Words

__all__ = ["Annex", "Cell", "Check", "Constant", "Edition", "Grid", "Header", "Periods", "Rows", "Words", "Xml"]
# What a cell may hold, and how the form writes it (forms.writing).
KINDS = (
    "text", "id", "tick", "day", "year", "period", "amount", "money", "quantity", "kwh", "rate", "hours", "number",
    "country", "currency", "code", "percent",
)  # fmt: skip
NUMERIC = ("amount", "money", "quantity", "kwh", "rate", "hours", "number", "percent")


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An unknown key is an error, never passed over."""


class Cell(Strict, frozen=True):
    """A line, or a column of rows. At most one of `figure`, `formula`, `fact`, `row` and `by_hand` says where its value
    comes from; none of them: the line does not concern digital assets and stays blank.

    `figure`: a figure of the assessment, of this form's period; `less` is taken off it, `plus` added. `formula`: see
    forms.formula.
    `fact`: a fact of the person, the period or the command (forms.facts). `row`: the name under which the source of
    rows gives this column. `by_hand`: what a person must fill, and why.
    `agrees`: the figure that a formula must come to, without `apart`: what of it stands in another form. `json` and
    `xml`: where the outputs keep it.
    """

    code: str
    words: Words
    kind: str = "amount"
    figure: str = ""
    less: str = ""
    plus: str = ""
    formula: str = ""
    fact: str = ""
    row: str = ""
    by_hand: Words | None = None
    agrees: str = ""
    apart: str = ""
    note: Words | None = None
    law: str = ""
    json: str = ""
    xml: str = ""
    decimals: int | None = None


class Constant(Strict, frozen=True):
    """A key of the cabinet's JSON that is no line of the form: a fixed text, a fact, or null."""

    key: str
    text: str | None = None
    flag: bool | None = None
    fact: str = ""
    items: list[str] | None = None


class Grid(Strict, frozen=True):
    """Numbered rows of one shape (880.01.001-010): the source fills them in order; more of them make a new sheet."""

    codes: list[str]
    words: Words
    columns: list[Cell]
    source: str = ""


class Rows(Strict, frozen=True):
    """A table of any length (270.04.B). `per_sheet`: rows that a sheet of the older XML holds; `constant` and
    `index`: keys that the cabinet's JSON adds to each row."""

    code: str
    words: Words
    columns: list[Cell]
    source: str = ""
    json: str = ""
    constant: list[Constant] = []
    index: str = ""
    per_sheet: int | None = None


class Check(Strict, frozen=True):
    """What must hold: `{A} == {B} + {C}` (also <=)."""

    holds: str
    words: Words


class Annex(Strict, frozen=True):
    """`sheets`: one | many (a sheet a meter). `when`: lines whose value makes the annex part of the return."""

    code: str
    words: Words
    line: list[Cell] = []
    grid: list[Grid] = []
    rows: list[Rows] = []
    check: list[Check] = []
    sheets: str = "one"
    sheet_source: str = ""
    required: bool = False
    json: str = ""
    xml: bool = True

    def cells(self) -> Iterator[Cell]:
        """Lines and the columns of grids, in order."""
        yield from self.line
        for grid in self.grid:
            yield from grid.columns


class Header(Strict, frozen=True):
    """A field of the older XML that is no line of the form."""

    name: str
    fact: str = ""
    text: str = ""


class Xml(Strict, frozen=True):
    """The older XML (`<fno …>`): versions, and the fields of the first sheet."""

    format_version: str
    version: str
    header: list[Header] = []
    annex_header: list[Header] = []


class Periods(Strict, frozen=True):
    """`per`: year | quarter | month. `first`/`until`: years."""

    per: str
    first: int
    until: int


class Edition(Strict, frozen=True):
    """One edition of one form. `draft_after`: a later period may be drafted on it (its own edition was not read)."""

    form: str
    edition: str
    title: Words
    act: Words
    basis: str
    periods: Periods
    persons: list[str]
    annex: list[Annex]
    rounding: str = "tiyn"  # tenge | tiyn
    duty: str = ""
    payment: str = ""
    outputs: tuple[str, ...] = ("xlsx", "pdf")
    constant: list[Constant] = []
    xml: Xml | None = None
    note: Words | None = None
    codes: dict[str, dict[str, str]] = {}  # the authority's own codes: list -> our name -> code
    draft_after: Words | None = None
    draft: Words | None = None  # set where this edition itself is no official text

    def annex_of(self, code: str) -> Annex | None:
        """The annex of a code, None where there is none."""
        return next((a for a in self.annex if a.code == code), None)
