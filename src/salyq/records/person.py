"""The person of a case: who they are, and what of their facts no export tells (interfaces §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

INDIVIDUAL, COMPANY = "individual", "company"
PERSON_KINDS = (INDIVIDUAL, "sole_proprietor", COMPANY, "pool", "exchange")
FULL_MINING_LICENCE = "mining_I"  # of the first subtype: own equipment
_MINING, _AIFC, _POOL = "mining_", "aifc", "pool"  # how the kinds of licences begin
MINING_LICENCES = ("mining_I", "mining_II")


def address_key(text: str) -> str:
    """An address as it is compared: those of Ethereum and its kin, and of Bitcoin's bc1, without case."""
    plain = text.strip()
    low = plain.lower()
    return low if low.startswith(("0x", "bc1", "ltc1", "tb1")) else plain


class Licence(NamedTuple):
    kind: str
    number: str | None
    start: date
    until: date | None

    @property
    def mines(self) -> bool:
        return self.kind.startswith(_MINING)

    @property
    def pools(self) -> bool:
        return self.kind.startswith(_POOL)

    def on(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


class Residence(NamedTuple):
    start: date
    until: date | None
    resident: bool


class Regime(NamedTuple):
    """How a sole proprietor is taxed over a time: `kind` general | simplified; `rate` of the simplified regime where a
    local council set one, a share of one."""

    kind: str
    start: date
    until: date | None
    rate: Fraction | None = None


class Declared(NamedTuple):
    """What the person says is held at the end of a day: `quantity` in 10⁻¹⁸; `account` None: in all of them."""

    on: date
    account: str | None
    asset: str
    quantity: int
    line: int  # of person.toml


@dataclass(frozen=True, slots=True)
class Account:
    """`facts`: what law asks of an account (law/facts.py says which), as far as it was stated."""

    name: str
    country: str | None = None
    own: bool = True
    in_books: bool = False  # of a sole proprietor: its coins stand in the books of the business
    addresses: tuple[str, ...] = ()  # of chains, as the person wrote them
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """`years[y]` holds facts of a year in their units (money in whole tiyn); an absent key was not stated. `losses` and
    `turnovers[quarter]` hold theirs (law/facts.py says which). `id` is
    empty where none is given: only filing needs it. `ignore`: patterns of file names that are not to be read."""

    id: str
    kind: str
    name: str | None = None
    residence: tuple[Residence, ...] = (Residence(date.min, None, True),)
    residence_stated: bool = True
    region: str | None = None
    licences: tuple[Licence, ...] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    years: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    elections: Mapping[str, str] = field(default_factory=dict)
    year_elections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    stablecoins: Mapping[str, str] = field(default_factory=lambda: {"USDT": "USD", "USDC": "USD"})
    holdings: tuple[Declared, ...] = ()
    regimes: tuple[Regime, ...] = ()
    losses: tuple[Mapping[str, Any], ...] = ()
    turnovers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    file: str = "person.toml"

    @property
    def addresses(self) -> dict[str, str]:
        """Own addresses on chains, as `address_key` has them -> the account that they belong to."""
        return {address_key(x): a.name for a in self.accounts.values() if a.own for x in a.addresses}

    def resident_on(self, day: date) -> bool | None:
        """Tax residence on `day`; None where person.toml does not say."""
        for spell in self.residence:
            if spell.start <= day and (spell.until is None or day <= spell.until):
                return spell.resident
        return None

    def regime_on(self, day: date) -> str | None:
        """The tax regime of a sole proprietor on `day`; None where person.toml does not say."""
        return next((r.kind for r in self.regimes if r.start <= day and (r.until is None or day <= r.until)), None)

    def regime_rate_on(self, day: date) -> Fraction | None:
        """The rate that the local council set for the simplified regime, where person.toml says it."""
        return next((r.rate for r in self.regimes if r.start <= day and (r.until is None or day <= r.until)), None)

    def full_mining_licence_on(self, day: date) -> bool:
        """A mining licence of the first subtype."""
        return any(x.kind == FULL_MINING_LICENCE and x.on(day) for x in self.licences)

    def aifc_permit_on(self, day: date) -> bool:
        return any(x.kind.startswith(_AIFC) and x.on(day) for x in self.licences)

    def mining_licence_on(self, day: date) -> bool:
        return self.mines_under_licence(day, day)

    def mining_licence_number(self, day: date) -> str | None:
        """The number of the mining licence in force on a day, where one is stated."""
        return next((x.number for x in self.licences if x.kind in MINING_LICENCES and x.on(day) and x.number), None)

    def mines_under_licence(self, first: date, last: date) -> bool:
        """Whether a mining licence was in force on a day from `first` to `last`."""
        own = (x for x in self.licences if x.kind in MINING_LICENCES)
        return any(x.start <= last and (x.until is None or x.until >= first) for x in own)
