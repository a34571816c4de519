"""What the register says of whoever runs a pilot, asked before each operation; an answer names its entry."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from salyq.office.registry.book import register as spec_of
from salyq.office.registry.read import AsOf, record
from salyq.office.store.store import Transaction

SANDBOX, CITY_RESIDENTS, CITY_PERMITS = "sandbox_participants", "city_residents", "city_permits"
ACTIVE, NONE = "active", "none"


class Permission(NamedTuple):
    """`status` as the register has it, or none; `entry` is the position of the entry that made it so."""

    register: str
    number: str
    status: str
    entry: int | None = None
    subject: str = ""
    subject_name: str = ""
    cites: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """With where the proof of its entry is to be had."""
        proof = "" if self.entry is None else f"/api/v1/log/proof?position={self.entry}"
        row = {"register": self.register, "number": self.number, "status": self.status, "entry": self.entry}
        return {**row, "subject": self.subject, "name": self.subject_name, "cites": list(self.cites), "proof": proof}


def asked(tx: Transaction, register: str, number: str, day: date) -> Permission:
    """The record's state on a day, as known now."""
    cites = spec_of(register).cites
    found = record(tx, register, number, AsOf(day))
    if found is None:
        return Permission(register, number, NONE, cites=cites)
    return Permission(register, number, found.status, found.entry, found.subject_id, found.subject_name, cites)
