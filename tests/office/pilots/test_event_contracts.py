"""An event stands under a contract that is there, though no foreign key says so: see migration 0003."""

from __future__ import annotations

import psycopg
import pytest
from tests.office.pilots.conftest import Acquirer, acquirer, gate

__all__ = ["acquirer", "gate"]

CONTRACT = "SB-2025-001"
ADD = """
insert into pilots.event (id, pilot, kind, subject, contract, at, body)
select 'e' || n, 'card', 'tried', 's', contract, now(), '{}' from unnest(%s::text[]) with ordinality c(contract, n)
"""
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)  # no right; append only
FORBIDDEN = [
    "delete from pilots.contract",
    "update pilots.contract set id = id || 'x'",
    "truncate pilots.contract cascade",
    "update pilots.event set contract = 'SB-0000-000'",
    "delete from pilots.event",
]


def add(url: str, contracts: list[str | None], role: str = "salyq_work") -> None:
    with psycopg.connect(url) as connection:
        connection.execute(f"set role {role}".encode())
        connection.execute(ADD.encode(), (contracts,))


def orphans(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            b"select count(*) from pilots.event e where e.contract is not null"
            b" and not exists (select from pilots.contract c where c.id = e.contract)"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_an_event_of_an_unknown_contract_is_refused_with_all_its_set(acquirer: Acquirer, database: str) -> None:
    for role in ("salyq_work", "none"):
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match="SB-0000-000"):
            add(database, [CONTRACT, None, "SB-0000-000", CONTRACT], role)
    copied = b"copy pilots.event (id, pilot, kind, subject, contract, at, body) from stdin"
    with (
        psycopg.connect(database) as owner,
        pytest.raises(psycopg.errors.ForeignKeyViolation),
        owner.cursor().copy(copied) as rows,
    ):
        rows.write_row(("c", "card", "tried", "s", "SB-0000-000", "2026-06-15", "{}"))
    assert orphans(database) == 0
    add(database, [CONTRACT, None])  # a known one, and an event of none


def test_a_contract_that_is_not_kept_in_the_end_bears_no_event(acquirer: Acquirer, database: str) -> None:
    """Neither one of another transaction that has not ended, nor one that was taken back."""
    sign = (
        b"insert into pilots.contract"
        b" select 'SB-0000-000', pilot, participant, name, first_day, last_day, terms, recorded_at"
        b" from pilots.contract where id = 'SB-2025-001'"
    )
    with psycopg.connect(database) as one:
        one.execute(sign)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            add(database, ["SB-0000-000"])
        one.execute(ADD.encode(), (["SB-0000-000"],))  # its own it sees
        one.rollback()
    assert orphans(database) == 0


def test_nobody_takes_a_contract_away_from_under_its_events(acquirer: Acquirer, database: str) -> None:
    add(database, [CONTRACT])
    with psycopg.connect(database, autocommit=True) as owner:
        for role in ("none", "salyq_work", "salyq_web", "salyq_ledger"):
            owner.execute(f"set role {role}".encode())
            for statement in FORBIDDEN:
                with pytest.raises(REFUSED):
                    owner.execute(statement.encode())
    assert orphans(database) == 0
