"""What an assessment says (interfaces §5): figures, findings, obligations, and the account of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salyq.civil.errors import nearest
from salyq.civil.messages import Message
from salyq.facts.inputs import Input as Input
from salyq.law.named import PAYABLE, PAYMENT

if TYPE_CHECKING:
    from salyq.rulebook.explain import Why


COMPLETE, INCOMPLETE = "complete", "incomplete"
NO_NUMBER = "person_id_missing"
DUE, CANNOT_BE_TOLD = "due", "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Alternative:
    """The value the figure would have under another choice of an election or reading. `years`: the years in which the
    choice would be another than the one taken, where that is not this year alone."""

    election: str
    choice: str
    value: Decimal | None
    bounds: tuple[Decimal | None, Decimal | None] | None = None
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An election or reading that the year's figures rest on. `stated`: the person (or a setting) chose it."""

    election: str
    choice: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause why a year is not complete. `amount`: the tenge that hang on it; None where nobody can say."""

    code: str
    message: Message
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the year can be relied on (semantics 41): complete, or incomplete with the reasons in order of money."""

    state: str
    reasons: tuple[Reason, ...] = ()

    @property
    def complete(self) -> bool:
        return self.state == COMPLETE

    @property
    def computed(self) -> bool:
        """Whether nothing that is missing could change a figure or a duty: only filing needs the person's number."""
        return all(r.code == NO_NUMBER for r in self.reasons) and (self.complete or bool(self.reasons))


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is tenge with two decimals (unit KZT) or kWh; None unless `status` is known.

    `label`, `note` and `missing` are in kk, ru, en. `bounds` is (low, high), either end None where there is none.
    """

    name: str
    period: str
    value: Decimal | None
    unit: str
    status: str  # known | unknown | not_applicable
    basis: str
    cites: tuple[str, ...]
    label: Mapping[str, str]
    missing: tuple[Message, ...] = ()
    bounds: tuple[Decimal | None, Decimal | None] | None = None
    alternatives: tuple[Alternative, ...] = ()
    note: Message | None = None
    so_far: Decimal | None = None

    @property
    def payable(self) -> bool:
        """Whether this is what is to be paid of a tax, and not a step to it."""
        return self.name.endswith(PAYABLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the person should know. Severity: error | warning | notice. `records` are file:line places."""

    code: str
    severity: str
    message: Message
    cites: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    amount: str | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A return to file or a payment to make. `due` None: the article was not read. `note` e.g. a day off.

    `status`: due, or cannot_be_told, with `why`: whether it is owed, how much or by when is not known. `bounds` are
    those of an amount that is not known."""

    name: str
    period: str
    due: date | None
    amount: Decimal | None
    cites: tuple[str, ...]
    basis: str = "statute"
    note: Message | None = None
    status: str = DUE
    why: Message | None = None
    rule: str = ""
    bounds: tuple[Decimal | None, Decimal | None] | None = None

    @property
    def duty(self) -> str:
        """Law's own name of the duty: a proprietor's return is called as every income-tax return, by another rule."""
        return self.rule or self.name

    @property
    def payment(self) -> bool:
        """A payment; else a return."""
        return self.name.endswith(PAYMENT)


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Event files only: read = used + ignored + rejected."""

    read: int
    used: int
    ignored: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Run:
    """How the assessment was asked for: inputs as typed, the person's file and the day of law where given, settings,
    the day to which what is unpaid bears interest."""

    given: tuple[str, ...] = ()
    person: str | None = None
    known: date | None = None
    settings: tuple[tuple[str, str], ...] = ()
    as_of: date | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing was chosen: law as it is known now, no settings, no day of interest."""
        return self.known is None and not self.settings and self.as_of is None


@dataclass(frozen=True)
class Assessment:
    """One person, one year. Look figures up by name, or (name, period): `result["mining_fee.due", "2026-Q1"]`."""

    version: str
    fingerprint: str
    known: date
    person_id: str
    person_kind: str
    year: int
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    obligations: tuple[Obligation, ...]
    rows: RowCounts
    person_name: str | None = None
    verdict: Verdict = Verdict(INCOMPLETE)
    choices: tuple[Choice, ...] = ()
    inputs: tuple[Input, ...] = ()
    run: Run = Run()
    explainer: Callable[[str, str, int | None], Why] | None = field(default=None, repr=False, compare=False)

    def __getitem__(self, key: str | tuple[str, str]) -> Figure:
        name, period = key if isinstance(key, tuple) else (key, None)
        found = [f for f in self.figures if f.name == name and period in (None, f.period)]
        if not found:
            raise KeyError(f"{name}{self._meant(name)}" if period is None else f"{name} {period}")
        if len(found) > 1:
            raise KeyError(f"{name} has {len(found)} periods ({', '.join(f.period for f in found)}): name one")
        return found[0]

    def _meant(self, name: str) -> str:
        near = nearest(name, [f.name for f in self.figures])
        full = [f.name for f in self.figures if near and near in (f.name, f.name.rpartition(".")[2])]
        return f": did you mean {full[0]}?" if full else ""

    def __repr__(self) -> str:
        """One line; `_repr_html_` and `to_rows` tell the figures."""
        return f"Assessment({self.year}, {self.person_kind}, {self.verdict.state}, {len(self.figures)} figures)"

    def to_rows(self) -> list[dict[str, object]]:
        """The figures as plain rows, for any table library: name, period, value (Decimal or None), unit, status, low,
        high, basis, cites."""
        found: list[dict[str, object]] = []
        for f in self.figures:
            low, high = f.bounds or (None, None)
            row: dict[str, object] = {"name": f.name, "period": f.period, "value": f.value, "unit": f.unit}
            found.append(row | {"status": f.status, "low": low, "high": high, "basis": f.basis, "cites": f.cites})
        return found

    def _repr_html_(self) -> str:
        """A table for notebooks: the verdict, and every figure with its value or its ends."""
        from html import escape

        head = f"{self.year}, {self.person_kind}: {self.verdict.state}"
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(x)}</td>" for x in (f.label.get("en", f.name), f.period, _shown(f), f.name))
            for f in self.figures
        )
        return f"<table><caption>{escape(head)}</caption>{rows}</table>"

    def explain(self, name: str, period: str | None = None, *, rows: int | None = 100) -> Why:
        """The tree from a figure, or from an obligation, down to records and dated, cited values; `print` shows it as
        text.

        `rows` is how many rows of one sum are told one by one; None tells them all.
        """
        assert self.explainer is not None
        duties = [o for o in self.obligations if name in (o.name, o.duty) and period in (None, o.period)]
        if len(duties) == 1 and all(f.name != name for f in self.figures):
            return self.explainer(duties[0].duty, duties[0].period, rows)
        figure = self[name if period is None else (name, period)]
        return self.explainer(figure.name, figure.period, rows)


def _shown(f: Figure) -> str:
    """The value with its unit; of an unknown one what is known of it."""
    if f.value is not None:
        return f"{f.value} {f.unit}"
    if f.bounds is None:
        return f.status
    low, high = ("…" if x is None else str(x) for x in f.bounds)
    return f"{f.status}: {low} – {high} {f.unit}"
