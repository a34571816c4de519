"""A limit is an account of the ledger (S1): what may still be used is its balance, and nobody can pass it in any order.

Each account is opened and filled on first use, in the same batch as the operation that uses it; its name says contract,
limit, client and period, so that any number of callers mean the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import request
from salyq.office.pilots.sandbox.contracts import Limit

ASSET = "limit:KZT"  # what may be used, in tiyn; never mixed with money
_LIMITED = "debits_must_not_exceed_credits"


class Use(NamedTuple):
    """One limit that an operation uses: its account, and the words of a refusal."""

    limit: Limit
    account: str
    begins: date  # of the period; a total begins with the contract

    @property
    def mark(self) -> str:
        """What must be ready before it is used."""
        return f"{self.account} {self.limit.from_day}"


def granted(contract: str) -> str:
    return f"limit/{contract}/granted"


def used(contract: str) -> str:
    return f"limit/{contract}/used"


def uses(contract: str, client: str, day: date, limits: Mapping[str, Limit]) -> list[Use]:
    """The limits that a payment of a client on a day uses, the narrowest first."""
    month = f"{day:%Y-%m}"
    names = {
        "client_day": (f"limit/{contract}/client_day/{client}/{day}", day),
        "client_month": (f"limit/{contract}/client_month/{client}/{month}", day.replace(day=1)),
        "client_total": (f"limit/{contract}/client_total/{client}", date.min),
        "day": (f"limit/{contract}/day/{day}", day),
        "month": (f"limit/{contract}/month/{month}", day.replace(day=1)),
        "total": (f"limit/{contract}/total", date.min),
    }
    return [Use(limits[name], *named) for name, named in names.items() if name in limits]


def openings(contract: str, wanted: Sequence[Use]) -> list[Request]:
    """Requests that open and fill these accounts; asked again they are answered `exists`."""
    made: list[Request] = []
    ends = [{"id": name, "asset": ASSET, "code": "limit"} for name in (granted(contract), used(contract))]
    made.append(request(f"open/limit/{contract}", accounts=ends))
    for use in wanted:
        account = {"id": use.account, "asset": ASSET, "code": use.limit.name, "limit": _LIMITED}
        made.append(request(f"open/{use.account}", accounts=[account]))
        made += _grants(contract, use)
    return made


def _grants(contract: str, use: Use) -> list[Request]:
    """What was granted when the period began, then each later change of the contract as its difference. What was used
    already is not taken back: a lower limit takes only what is left."""
    versions = [*use.limit.before, (use.limit.from_day, use.limit.amount)]
    first = max((n for n, (day, _) in enumerate(versions) if day <= use.begins), default=0)
    made: list[Request] = []
    had = 0
    for day, amount in versions[first:]:
        sides = {"debit": granted(contract), "credit": use.account, "code": "grant"}
        move = {**sides, "amount": str(amount - had)}
        if amount < had:
            move = {**sides, "debit": use.account, "credit": granted(contract), "amount": str(had - amount)}
            move["balancing"] = "debit"
        made.append(request(f"grant/{use.account}/{day}", transfers=[move]))
        had = amount
    return made


def steps(contract: str, wanted: Sequence[Use], tiyn: int, hold: str | None) -> list[dict[str, Any]]:
    """The steps of a linked request that use `tiyn` of each limit, held for a time or at once."""
    more = {"hold": hold} if hold else {}
    return [
        {"debit": use.account, "credit": used(contract), "amount": str(tiyn), "code": use.limit.name, **more}
        for use in wanted
    ]
