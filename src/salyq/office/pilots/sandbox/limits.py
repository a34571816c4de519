"""A limit is an account of the ledger (S1): what may still be used is its balance, and nobody can pass it in any order.

Each account is opened and filled on first use, in the same batch as the operation that uses it; its name says contract,
limit, client and period, so that any number of callers mean the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import request
from salyq.office.pilots.sandbox.contracts import Limit
from salyq.office.store.store import Transaction

CLIENT = "limit:client"  # how many clients there may be
ASSET = "limit:KZT"  # what may be used, in tiyn; never mixed with money
_LIMITED = "debits_must_not_exceed_credits"
_GROWN = 100  # changes of a contract's number of clients that are looked through


class Use(NamedTuple):
    """One limit that an operation uses: its account, and the words of a refusal."""

    limit: Limit
    account: str

    @property
    def named(self) -> tuple[str, str]:
        """For `steps`: the limit's name and its account."""
        return self.limit.name, self.account

    @property
    def mark(self) -> str:
        """What must be ready before it is used."""
        return f"{self.account} {len(self.limit.before)}"


def granted(contract: str) -> str:
    return f"limit/{contract}/granted"


def used(contract: str) -> str:
    return f"limit/{contract}/used"


def uses(contract: str, client: str, day: date, limits: Mapping[str, Limit]) -> list[Use]:
    """The limits that a payment of a client on a day uses, the narrowest first."""
    month = f"{day:%Y-%m}"
    names = {
        "client_day": f"limit/{contract}/client_day/{client}/{day}",
        "client_month": f"limit/{contract}/client_month/{client}/{month}",
        "client_total": f"limit/{contract}/client_total/{client}",
        "day": f"limit/{contract}/day/{day}",
        "month": f"limit/{contract}/month/{month}",
        "total": f"limit/{contract}/total",
    }
    return [Use(limits[name], account) for name, account in names.items() if name in limits]


def openings(contract: str, wanted: Sequence[Use]) -> list[Request]:
    """Requests that open and fill these accounts; asked again they are answered `exists`."""
    made: list[Request] = []
    ends = [{"id": name, "asset": ASSET, "code": "limit"} for name in (granted(contract), used(contract))]
    made.append(request(f"open/limit/{contract}", accounts=ends))
    for use in wanted:
        account = {"id": use.account, "asset": ASSET, "code": use.limit.name, "limit": _LIMITED}
        made.append(request(f"open/{use.account}", accounts=[account]))
        made += _grants(granted(contract), use)
    return made


def admit(gate: Gate, contract: str, client: str, limit: Limit | None) -> bool:
    """Whether a client is one of those that the contract may have: counted once, at the first operation. Where the
    contract was full and grew, the client is asked for anew."""
    if limit is None:
        return True
    place = f"limit/{contract}/clients"
    source, taken = f"{place}_granted", f"{place}_taken"
    ends = [{"id": name, "asset": CLIENT, "code": "limit"} for name in (source, taken)]
    account = {"id": place, "asset": CLIENT, "code": "clients", "limit": _LIMITED}
    opened = [request(f"open/{place}_ends", accounts=ends), request(f"open/{place}", accounts=[account])]
    gate.submit([*opened, *_grants(source, Use(limit, place))])
    one = {"debit": place, "credit": taken, "amount": "1", "code": "clients"}
    return any(
        gate.ask(request(f"{place}/{n}/{client}", transfers=[one])).accepted for n in range(len(limit.before) + 1)
    )


def known(tx: Transaction, contract: str, client: str) -> bool:
    """Whether a client of this name was counted, or used a limit of his own, under a contract before."""
    own = [f"limit/{contract}/{name}/{client}" for name in ("client_day", "client_month")]
    used_one = books.account(tx, f"limit/{contract}/client_total/{client}") is not None
    used_one = used_one or any(books.accounts(tx, f"{name}/", limit=1) for name in own)
    return used_one or bool(books.transfers_of(tx, [f"limit/{contract}/clients/{n}/{client}" for n in range(_GROWN)]))


def _grants(source: str, use: Use) -> list[Request]:
    """The first amount, then each change of the contract as its difference, for every account alike. What was used
    already is not taken back: a lower limit takes only what is left."""
    made: list[Request] = []
    had = 0
    for day, amount in [*use.limit.before, (use.limit.from_day, use.limit.amount)]:
        sides = {"debit": source, "credit": use.account, "code": "grant"}
        move = {**sides, "amount": str(amount - had)}
        if amount < had:
            move = {**sides, "debit": use.account, "credit": source, "amount": str(had - amount)}
            move["balancing"] = "debit"
        made.append(request(f"grant/{use.account}/{len(made)}/{day}", transfers=[move]))
        had = amount
    return made


def steps(contract: str, wanted: Iterable[tuple[str, str]], tiyn: int, hold: str | None) -> list[dict[str, Any]]:
    """The steps of a linked request that use `tiyn` of each limit, (name, account), held for a time or at once."""
    more = {"hold": hold} if hold else {}
    return [
        {"debit": account, "credit": used(contract), "amount": str(tiyn), "code": name, **more}
        for name, account in wanted
    ]
