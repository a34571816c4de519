"""Where a rule is asked: one row or period with its given columns, its row sets, its references and its parent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from salyq.rulebook.states import Missing, Unknown
from salyq.rulebook.units import LawError

if TYPE_CHECKING:
    from salyq.rulebook.columns import Column


class Found(NamedTuple):
    """What a lookup answers: the value, and where it comes from (for the explanation)."""

    value: Any
    origin: str = ""
    place: str = ""
    detail: str = ""


class Article(NamedTuple):
    """The article of a branch that decided, where it is another than the rule's own."""

    cite: str
    basis: str


class Pending:
    """A rule that is being computed: meeting it again is a circle."""


PENDING = Pending()


class RowSet(NamedTuple):
    """Rows of one kind; `incomplete` names rows that should be here but could not be read. `adds`: such rows could only
    add to a sum, so that the sum of the others is its lower bound. `no_least`: what is not known of rows that are here
    may leave less tax than at the end that law gives."""

    rows: Sequence[Scope]
    incomplete: frozenset[Missing] = frozenset()
    adds: bool = False
    no_least: bool = False


NO_ROWS = RowSet(())
Used = tuple[object, str]  # (RuleVersion | Value | Article, group): what a figure's cites and basis speak of
Memo = tuple[Any, Used | None]  # the value of a rule in a scope, and what it is noted as


class Part(NamedTuple):
    """A sum as far as columns tell it: what is known, what is not, and the rows that are left to be asked in turn."""

    known: Any
    unknowns: list[Unknown]
    left: Sequence[Scope]


class Scope:
    """One row or period. `given` has the columns as attributes; `group` is the period that cites are gathered by."""

    __slots__ = ("given", "group", "kind", "memo", "parent", "place", "refs", "rows")

    def __init__(
        self,
        kind: str,
        given: Any,
        parent: Scope | None = None,
        *,
        rows: Mapping[str, RowSet] | None = None,
        refs: Mapping[str, Scope] | None = None,
        place: str = "",
        group: str = "",
    ) -> None:
        self.kind = kind
        self.given = given
        self.parent = parent
        self.rows = {} if rows is None else rows
        self.refs = {} if refs is None else refs
        self.place = place
        self.group: str = group or (parent.group if parent else "")
        self.memo: dict[str, Memo] = {}


class Columns(Protocol):
    """Makes the columns of rows from what they are of: of one row, or one column of many."""

    def row(self, item: Any) -> Any: ...
    def column(self, name: str, items: Sequence[Any]) -> list[Any]: ...
    def place(self, item: Any) -> str: ...
    def filled(self, name: str, items: Sequence[Any]) -> Column | None: ...  # all of it at once, where it can be


class RowOf(Scope):
    """A row of `item` (an event, fills of a sale …): its columns and place are made when they are asked for."""

    __slots__ = ("_given", "columns", "item")

    def __init__(
        self,
        kind: str,
        columns: Columns,
        item: Any,
        parent: Scope,
        refs: Mapping[str, Scope],
        rows: Mapping[str, RowSet],
    ) -> None:
        self.kind, self.columns, self.item, self.parent = kind, columns, item, parent
        self.refs, self.rows, self.group = refs, rows, parent.group
        self.memo = {}
        self._given: Any = None

    @property
    def given(self) -> Any:
        if self._given is None:
            self._given = self.columns.row(self.item)
        return self._given

    @property
    def place(self) -> str:  # type: ignore[override]
        return self.columns.place(self.item)


LAW_DAY = "law_day"  # the column of the day whose law applies
NONE_BELOW: Mapping[str, RowSet] = {}
NO_REFS: Mapping[str, Scope] = {}
Step = Callable[[Scope], Any]
DayOf = Callable[[Scope], date]


def day_of(scope: Scope, column: str) -> date:
    """The day that picks a version: the column of the row itself, or of what it stands in; of a row that law is asked
    of without one, the day that it is asked for."""
    at: Scope | None = scope
    while at is not None:
        day = getattr(at.given, column, None)
        if day is not None:
            return day  # type: ignore[no-any-return]
        at = at.parent
    asked_for: date | None = getattr(scope.given, LAW_DAY, None)
    if asked_for is not None:
        return asked_for
    raise LawError(f"no {column!r} to pick a version by")


def home(scope: Scope, kind: str) -> Scope:
    """The scope itself or the one it stands in that is of a kind."""
    at: Scope | None = scope
    while at is not None:
        if at.kind == kind:
            return at
        at = at.parent
    raise LawError(f"a {scope.kind} stands in no {kind}")
