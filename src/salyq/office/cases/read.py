"""Reading cases: what the database shows to the asker, his own."""

from __future__ import annotations

from uuid import UUID

from salyq.office.cases.model import CaseRow, CaseState, Change
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.cases", "cases")


def listed(tx: Transaction) -> list[CaseRow]:
    """The newest first."""
    return tx.all(CaseRow, SQL["listed"])


def state(tx: Transaction, id_: UUID) -> CaseState | None:
    """The case; None where there is none, or it is not the asker's."""
    row = tx.one(CaseRow, SQL["one"], {"id": id_})
    return None if row is None else CaseState(row, tx.all(Change, SQL["changes"], {"case": id_}))
