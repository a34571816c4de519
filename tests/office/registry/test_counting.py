"""The count of a list is made once for each state of the log, and never stands after the log changed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from tests.office.registry.test_records import FIELDS, FIRM, LAW

from salyq.office.registry.read import AsOf, Wanted, listed, records
from salyq.office.registry.write import Proposed, write
from salyq.office.store.store import PUBLIC, Access, Store, Transaction

ON = date(2026, 6, 20)
CENTRE = {"region": "350000000", "address": "x", "outside_residential": True}
OFFICER = Access("officer", "officer", "ministry")


def grant(tx: Transaction, register: str, number: str) -> None:
    fields = FIELDS if register == "miners" else CENTRE
    write(tx, [Proposed(register, number, "granted", date(2026, 6, 1), FIRM, fields, LAW)])


def total(tx: Transaction) -> int:
    return records(tx, "miners", Wanted(), AsOf(ON)).total


def test_a_count_is_made_once_for_each_state_of_the_log(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = 0
    value = Transaction.value

    def counting(self: Transaction, query: bytes, params: Any = None) -> Any:
        nonlocal counted
        counted += b"count(*)" in query
        return value(self, query, params)

    def asked(access: Access = PUBLIC) -> int:
        with store.transaction(access) as tx:
            return total(tx)

    with store.transaction(OFFICER) as tx:
        grant(tx, "miners", "M-2026-0001")
    monkeypatch.setattr(Transaction, "value", counting)
    assert [asked(), asked(), counted] == [1, 1, 1]
    with suppress(ZeroDivisionError), store.transaction(OFFICER) as tx:
        grant(tx, "miners", "M-2026-0002")
        assert total(tx) == 2
        raise ZeroDivisionError
    with store.transaction(OFFICER) as tx:  # the log is now as long as it was in the transaction that was undone
        grant(tx, "data_centres", "C-2026-0001")
    assert [asked(OFFICER), asked(OFFICER), asked()] == [1, 1, 1]
    assert counted == 4  # once in what was undone, once for each who may see other rows
    with store.transaction(OFFICER) as tx:
        grant(tx, "miners", "M-2026-0003")
    assert asked() == 2
    with store.transaction() as tx:
        assert {r.code: r.total for r in listed(tx, ON)}["miners"] == 2


def test_filters_and_days_are_counted_apart(store: Store) -> None:
    with store.transaction(OFFICER) as tx:
        grant(tx, "miners", "M-2026-0001")
    with store.transaction() as tx:
        for wanted, day, count in (
            (Wanted(), ON, 1),
            (Wanted(status="revoked"), ON, 0),
            (Wanted(region="750000000"), ON, 0),
            (Wanted(kind="II"), ON, 1),
            (Wanted(kind="I"), ON, 0),
            (Wanted(), date(2026, 5, 31), 0),
        ):
            for _ in range(2):
                assert records(tx, "miners", wanted, AsOf(day)).total == count, (wanted, day)
