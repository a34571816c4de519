"""What a person answered (answers.toml): each answer says one thing about rows, which it names by what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from salyq.records.model import Record, Source

SAYS = ("cost", "kind", "together", "apart", "own", "nothing", "times", "leave", "renamed")
HASH_SHOWN = 16  # digits of a hash that name a file
NOT_SAID = ("reversal", "derivative_result", "transfer_in", "transfer_out")  # kinds no answer turns a row into


class RowName(NamedTuple):
    """A row by its content: what is None is not said. `nth` (from 1) tells rows of one file apart that are equal;
    `file` (its name, or 16 or more first digits of its SHA-256) is said only where rows of other files bear the same
    name and say something else."""

    account: str | None = None
    time: datetime | None = None
    kind: str | None = None
    asset: str | None = None
    quantity: int | None = None  # 10⁻¹⁸
    id: str | None = None
    nth: int | None = None
    file: str | None = None

    def fits(self, record: Record) -> bool:
        """Whether the record says all that the name says."""
        return (
            self.account in (None, record.account)
            and self.time in (None, record.time)
            and self.kind in (None, record.kind)
            and self.asset in (None, record.asset)
            and self.quantity in (None, record.quantity)
            and self.id in (None, record.id)
            and (self.file is None or self._in_file(record.source))
        )

    def _in_file(self, source: Source) -> bool:
        """A file by its name, or by the beginning of its hash: renaming it changes no answer."""
        name = self.file or ""
        return name == source.file or (len(name) >= HASH_SHOWN and source.sha256.startswith(name))

    def __str__(self) -> str:
        time = None if self.time is None else self.time.isoformat().replace("+00:00", "Z")
        return " ".join(x for x in (self.account, time, self.kind, self.asset, self.id and f"id {self.id}") if x)


@dataclass(frozen=True, slots=True)
class Answer:
    """One [[answer]]. `say` is one of SAYS:

    cost      the row was bought for `value` `currency` (on `day`, if given), proven by `document`; named a sale, the
              coins it sold (`quantity` of them, else all) were
    kind      the row is of `kind` (a gift, a payment, a sale for `value` `currency` …)
    together  the rows are one transfer, one swap, or one event told more than once
    apart     the rows are not one event
    own       the other side of the transfer is the person's own, too
    nothing   the row is no event
    times     such a row happened `times` times, however many rows tell it
    renamed   the coin `asset` is called `to` after `day`, `ratio` (10⁻¹⁸) new for one old; it names no rows
    leave     the question `question` about these rows is known and stays as it is

    `value` and `quantity` in 10⁻¹⁸. `source` is the place of the answer.
    """

    say: str
    rows: tuple[RowName, ...]
    source: Source
    question: str = ""
    value: int | None = None
    currency: str = "KZT"
    day: date | None = None
    quantity: int | None = None
    kind: str | None = None
    times: int | None = None
    document: str | None = None
    note: str | None = None
    asset: str = ""
    to: str = ""
    ratio: int = 10**18
