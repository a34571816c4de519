"""`office verify` sees a step, and a line of a list, that somebody changed below the office."""

from __future__ import annotations

import psycopg
import pytest
from tests.office.procedures.test_licence import MINER, OFFICER, Office

from salyq.office.portal.verifying import verify_all
from salyq.office.procedures.verify import verify_steps
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

PLANTED = [
    ("update procedures.step set status = 'granted' where name = 'return'", "step", "/2"),
    ("update procedures.step set content = content || '{\"faults\": \"x\"}' where name = 'return'", "step", "/2"),
    ("delete from procedures.step where name = 'resubmit'", "step", "/3"),
    ("update procedures.step set entry = entry + 1 where name = 'file'", "step", ""),
    ("update procedures.standing set over = true", "standing", ""),
    ("update procedures.standing set due = due + 30", "standing", ""),
    ("update procedures.standing set day = day - 1", "standing", ""),
    ("update procedures.standing set opened_at = opened_at + interval '1 second'", "standing", ""),
    ("delete from procedures.standing", "standing", ""),
]


@pytest.fixture
def office(web: Store, clock: FixedClock) -> Office:
    made = Office(web, clock)
    case = made.take(OFFICER, made.take(OFFICER, made.file(), "accept"), "return", faults="x: capacity")
    made.take(MINER, case, "resubmit", fields={"capacity_mw": "9"})
    return made


@pytest.mark.parametrize(("change", "what", "place"), PLANTED)
def test_a_planted_change_is_found(
    office: Office, store: Store, database: str, change: str, what: str, place: str
) -> None:
    with store.transaction() as tx:
        assert verify_all(tx) is None
    with psycopg.connect(database) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute(change.encode())
    with store.transaction() as tx:
        found = verify_steps(tx)
    assert found is not None
    assert found.what == what
    assert found.where.endswith(place)


def test_no_role_writes_how_an_application_stands(office: Office, store: Store, web: Store) -> None:
    for role in (store, web):
        for change in ("update procedures.standing set over = true", "delete from procedures.standing"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), role.transaction(OFFICER) as tx:
                tx.run(change.encode())
