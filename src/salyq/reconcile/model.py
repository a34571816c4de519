"""One truth from many files, and what still needs a person's answer (architecture §5)."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.legs import Legs, legs_of
from salyq.records.answers import Answer
from salyq.records.model import EnergyReading, Expense, Payment, Payout, Record, Source
from salyq.records.table import Records


class Transfer(NamedTuple):
    """A settled transfer between own accounts. `network_fee` = sent − received (10⁻¹⁸), ≥ 0.

    `how`: hash (one transaction hash) | exact (equal amount) | near (smaller by a plausible network fee) | split (one
    side in several rows) | answer (the person says so) | own (from an own account that no file tells; `sent` stands
    for it and is no record). A row that is several transfers is told in parts, each with the row's source. Where an
    export wrote the quantity with its fee inside, `sent` has lost its `fee`: the fee is then `network_fee`, once.
    """

    sent: Record
    received: Record
    how: str
    network_fee: int


class SameEvent(NamedTuple):
    """One event told twice: `kept` stays, `dropped` is listed as matched. `how`: payout | p2p |
    exports (a ledger and a list of trades tell one deal) | answer."""

    kept: Record
    dropped: Record
    how: str


class Answered(NamedTuple):
    """An answer and what became of it. `state`: used | unfit (a question says why) | replaced (by a later answer)."""

    answer: Answer
    state: str


class Field(NamedTuple):
    """What a way to answer states. `value` None: the person says it, one of `choices` where there are any; True: it
    only has to be said."""

    name: str
    value: str | bool | None = None
    choices: tuple[str, ...] = ()


ANSWER, FETCH, FILL, TEACH, RENAME, ADVICE = "answer", "fetch", "fill", "teach", "rename", "advice"


class Way(NamedTuple):
    """One way to answer a question, as data: every face makes its own words, command or form of it.

    `act`: answer (an entry of answers.toml about `rows`, with `fields`), rename (the coin of `rows` has another name,
    with `fields`), fetch or fill (quotes), teach (a mapping for a table that no reader takes), advice (nothing that
    Salyq can do itself). A row None is another row, for the person to find."""

    label: Message
    act: str = ADVICE
    rows: tuple[str | None, ...] = ()
    fields: tuple[Field, ...] = ()


class Undone(NamedTuple):
    """A record that a reversal took back: neither of the two is in `Ledger.records`."""

    record: Record
    reversal: Record


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must answer. `code` is stable; `asset`/`quantity` (10⁻¹⁸) say how much is at stake.
    `income_at_stake` (tiyn) is added by the assessment: the income that the answer could add or take away; so are
    `tax` (low, high: the tax in tiyn of `tax_year` under the readings of this question), `ways` to answer it, and its
    `key`, the same in every run as long as its rows say the same.
    Severity: error | warning | notice."""

    code: str
    severity: str
    message: Message
    sources: tuple[Source, ...] = ()
    asset: str | None = None
    quantity: int | None = None
    year: int | None = None
    income_at_stake: int | None = None
    tax: tuple[int, int] | None = None
    tax_year: int | None = None
    ways: tuple[Way, ...] = ()
    key: str = ""

    def to_row(self, lang: str = "en") -> dict[str, object]:
        """key, code, severity, text (kk, ru or en), records (file:line), asset, quantity in whole units, year,
        income_at_stake, tax_low and tax_high in tenge: numbers are Decimals, None where there is none."""
        low, high = self.tax or (None, None)
        row: dict[str, object] = {"key": self.key, "code": self.code, "severity": self.severity}
        row |= {"text": self.message.text(lang), "records": tuple(str(s) for s in self.sources), "asset": self.asset}
        quantity = None if self.quantity is None else Decimal(format_scaled(self.quantity))
        row |= {"quantity": quantity, "year": self.year, "income_at_stake": _tenge(self.income_at_stake)}
        return row | {"tax_low": _tenge(low), "tax_high": _tenge(high)}


def _tenge(tiyn: int | None) -> Decimal | None:
    return None if tiyn is None else Decimal(tiyn).scaleb(-2)


class FirstFills(Mapping[int, int]):
    """Of each record the first fill of its sale; below zero: a sale of its own, which is not in here."""

    def __init__(self, first: array[int]) -> None:
        self.first = first

    def __getitem__(self, record: int) -> int:
        first = self.first[record] if 0 <= record < len(self.first) else -1
        if first < 0:
            raise KeyError(record)
        return first

    def __iter__(self) -> Iterator[int]:
        return iter([n for n, first in enumerate(self.first) if first >= 0])

    def __len__(self) -> int:
        return len([first for first in self.first if first >= 0])


@dataclass(slots=True)
class Ledger:
    """Records in the order of semantics 4 with repeats, twice-told events and reversals settled.

    `records` still holds both sides of matched transfers; `transfers` says which they are (by identity of source).
    `sales` joins fills: index in `records` of each fill -> index of the first fill of its sale (architecture §5.5);
    a disposal record absent from it is a sale of its own. A sale never spans two years.

    `payouts`, `energy`, `expenses` and `payments` are the rows of the reading with repeats of overlapping files left
    out; each payout stands in `records` as one `mined` record with the payout's source.
    """

    records: Records = field(default_factory=Records)
    transfers: list[Transfer] = field(default_factory=list)
    same_events: list[SameEvent] = field(default_factory=list)
    unmatched_in: list[Record] = field(default_factory=list)
    unmatched_out: list[Record] = field(default_factory=list)
    sales: Mapping[int, int] = field(default_factory=dict)
    undone: list[Undone] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    energy: list[EnergyReading] = field(default_factory=list)
    expenses: list[Expense] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    balances: list[Question] = field(default_factory=list)  # accounts below zero, or other than their export says
    answers: list[Answered] = field(default_factory=list)
    left: list[tuple[str, frozenset[str]]] = field(default_factory=list)  # questions the person leaves: code, places
    notices: list[tuple[Source | None, Message]] = field(default_factory=list)
    _legs: tuple[Records, Legs] | None = field(default=None, init=False, repr=False, compare=False)

    def legs(self) -> Legs:
        """The movements of the records, worked out once."""
        own, kept = self.records, self._legs
        if kept is None or kept[0] is not own or len(kept[1].starts) != len(own) + 1:
            kept = self._legs = (own, legs_of(own))
        return kept[1]

    def forget_legs(self) -> None:
        """Lets go of the movements, once nobody is likely to ask for them; they are made anew if somebody does."""
        self._legs = None
