"""A filing is compared with the registers as they stood on its own days, whose the records then were included."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salyq.office.intake import pool_table, reports_xml
from salyq.office.intake.model import Received
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed, write
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

LAW = {"act": "law-193-vii", "article": "9"}
POOL, ONE, OTHER = (
    Subject("230440900503", "«Пул» ЖШС"),
    Subject("211140900363", "«Бірінші» ЖШС"),
    Subject("900101300017", "Екінші"),
)


@pytest.fixture
def lived(store: Store, clock: FixedClock) -> Store:
    """A pool accredited from 10 September to 20 October, a licence that passed to another on 1 October, an operator
    whose licence was revoked in May.
    """
    pool = {"security_protocol": "A1", "hardware_in_kz": True}
    operator = {"legal_form": "llp", "capital_kzt": "500000000.00"}
    miner = {"kind": "II", "until": "2029-03-01", "region": "350000000"}
    clock.move(clock.now().replace(month=11, day=1))
    with store.transaction() as tx:
        lives: list[tuple[str, str, str, date, Subject, dict[str, Any]]] = [
            ("pools", "P-2026-9001", "granted", date(2026, 9, 10), POOL, pool),
            ("pools", "P-2026-9001", "revoked", date(2026, 10, 20), POOL, {"reason": "x"}),
            ("miners", "M-2026-9001", "granted", date(2026, 3, 1), ONE, miner),
            ("miners", "M-2026-9001", "re-issued", date(2026, 10, 1), OTHER, {}),
            ("exchange_operators", "E-2026-9001", "granted", date(2026, 5, 5), OTHER, operator),
            ("exchange_operators", "E-2026-9001", "revoked", date(2026, 5, 25), OTHER, {"reason": "x"}),
        ]
        for register, number, event, day, whose, fields in lives:
            write(tx, [Proposed(register, number, event, day, whose, fields, LAW)])
    return store


def said(store: Store, *rows: tuple[str, str, date]) -> list[tuple[str, int | None]]:
    with store.transaction() as tx:
        table = [
            {"miner": miner, "licence": licence, "day": day, "line": n} for n, (miner, licence, day) in enumerate(rows)
        ]
        found = pool_table.compare(tx, POOL.id, Received(rows=table))
    return [(f["code"], f["line"]) for f in found]


def test_a_pool_is_asked_for_on_the_days_of_its_table(lived: Store) -> None:
    while_it_was = (OTHER.id, "", date(2026, 10, 19))
    assert said(lived, while_it_was) == []
    after = [(OTHER.id, "", date(2026, 10, 21)), while_it_was, (OTHER.id, "", date(2026, 10, 20))]
    assert said(lived, *after) == [("intake_pool_not_accredited", 2)]  # the first such day
    assert ("intake_pool_not_accredited", 0) in said(lived, (ONE.id, "", date(2026, 9, 9)))


def test_a_licence_is_his_whose_it_was_that_day(lived: Store) -> None:
    before, after = date(2026, 9, 15), date(2026, 10, 5)
    assert said(lived, (ONE.id, "", before), (OTHER.id, "", after)) == []
    assert said(lived, (OTHER.id, "", before), (ONE.id, "", after)) == [
        ("intake_miner_without_licence", 0),
        ("intake_miner_without_licence", 1),
    ]
    number = "M-2026-9001"
    assert said(lived, (ONE.id, number, before), (OTHER.id, number, after)) == []
    assert said(lived, (OTHER.id, number, before)) == [("intake_licence_of_other", 0)]


def test_who_was_permitted_for_a_part_of_the_year_reports_that_year(lived: Store) -> None:
    def found(first: date, last: date) -> int:
        with lived.transaction() as tx:
            return len(reports_xml.compare(tx, OTHER.id, Received(rows=[{"since": first, "day": last}])))

    assert found(date(2026, 1, 1), date(2026, 12, 31)) == 0
    assert found(date(2025, 1, 1), date(2025, 12, 31)) == 1
    assert found(date(2026, 5, 25), date(2026, 12, 31)) == 1
    assert found(date(2026, 5, 24), date(2026, 5, 24)) == 0
