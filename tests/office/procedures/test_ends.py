"""Ends of an operator's permission: on a ground that law knows, warned and told in law's terms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.procedures.test_licence import FIRM, MINER, NBK, NBK_2, Office, office

from salyq.app.asking import ask_act
from salyq.office.duties import HANDLERS
from salyq.office.procedures.model import Case
from salyq.office.procedures.read import case_of
from salyq.office.registry.model import Subject
from salyq.office.registry.read import AsOf, history, record
from salyq.office.registry.write import Proposed, write
from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.jobs import run_due
from salyq.office.store.store import Access, Store

__all__ = ["office"]
GROUND = {"act": "law-193-vii", "article": "6", "authority": "nbk"}
FALSE = {"false_papers": True, "reason": "дипломдар жалған"}


def registered(store: Store, register: str, number: str) -> str:
    fields = {"legal_form": "llp", "capital_kzt": "200000000"}
    with store.transaction() as tx:
        write(tx, [Proposed(register, number, "granted", date(2026, 5, 4), Subject(FIRM, "Firm"), fields, GROUND)])
    return number


def opened(office: Office, code: str, number: str, fields: dict[str, object], **content: object) -> Case:
    return office.file(code, NBK, organisation="", fields=fields, number=number, content=content)


def due_by_law(case: Case, duty: str, **facts: str) -> str:
    answer = ask_act("end_permit", facts, case.steps[0].day, explain=False).duty(duty)
    assert answer is not None
    return str(answer.due)


@pytest.mark.parametrize(
    ("kind", "register"), [("dfa_platform", "dfa_platforms"), ("trading_platform", "trading_platforms")]
)
def test_a_platform_is_removed_told_and_hands_over(office: Office, store: Store, kind: str, register: str) -> None:
    number = registered(store, register, "P-1")
    with pytest.raises(StoreError) as told:
        opened(office, f"{kind}_removal", number, {"reason": "x"})
    assert told.value.code == "procedures_no_ground"
    case = opened(office, f"{kind}_removal", number, FALSE)
    case = office.take(NBK_2, case, "confirm")
    today = case.steps[-1].day.isoformat()
    assert case.status == "removed"
    assert str(case.steps[-1].due) == due_by_law(
        case, "licensing.notice_of_removal", permit=kind, removed=today, false_papers="yes"
    )
    with office.as_(Access()) as tx:
        found = record(tx, register, number, AsOf.now(tx))
        assert found is not None
        assert found.status == "revoked"
    office.clock.move(office.clock.now() + timedelta(days=2))
    case = office.take(NBK, case, "tell", reason="жіберілді")
    told_on = case.steps[-1].day
    assert case.steps[-1].due == told_on + timedelta(days=30)
    office.clock.move(office.clock.now() + timedelta(days=40))
    run_due(store, HANDLERS)
    with office.as_(NBK) as tx:
        late = case_of(tx, case.application.id)
    assert late is not None
    assert (late.steps[-1].name, late.steps[-1].content["consequence"]) == ("overdue", "owner_is_late")
    case = office.take(MINER, late, "hand_over", report="барлығы берілді")
    assert (case.status, case.steps[-1].due) == ("handed_over", None)
    assert all(s.answer for s in case.steps if s.name in ("open", "confirm", "tell"))


def test_a_ground_that_was_not_read_is_named_by_its_article(office: Office, store: Store) -> None:
    number = registered(store, "dfa_platforms", "P-2")
    case = opened(office, "dfa_platform_removal", number, {"reason": "x"}, article="7(5)(9)")
    case = office.take(NBK_2, case, "confirm")
    with office.as_(Access()) as tx:
        last = history(tx, "dfa_platforms", number)[-1]
    assert (last.event, last.ground["article"]) == ("revoked", "7(5)(9)")


def test_an_operator_is_warned_three_working_days_before(office: Office, store: Store) -> None:
    number = registered(store, "exchange_operators", "E-1")
    start = office.clock.now()
    soon = (start + timedelta(days=1)).date().isoformat()
    ground = {"other_business": True, "reason": "басқа қызмет"}
    with pytest.raises(Conflict) as told:  # no time left to warn
        opened(office, "operator_removal", number, ground, effect_on=soon)
    assert told.value.code == "procedures_too_late"
    assert "«Внести»" in told.value.text("ru") or "«Предложить" in told.value.text("ru"), told.value.text("ru")
    day = "2026-06-24"
    case = opened(office, "operator_removal", number, ground, effect_on=day)
    last = due_by_law(case, "licensing.warned", permit="exchange_operator", revoked=day, other_business="yes")
    assert str(case.steps[-1].due) == last
    with pytest.raises(Conflict):  # nobody was warned yet
        office.take(NBK_2, case, "confirm")
    office.on(date.fromisoformat(last) + timedelta(days=1))
    with pytest.raises(Conflict) as told:
        office.take(NBK, case, "warn", reason="ескерту")
    assert told.value.code == "procedures_too_late"
    case = office.take(NBK, case, "propose", effect_on="2026-07-10")
    case = office.take(NBK, case, "warn", reason="ескерту")
    case = office.take(NBK_2, case, "confirm")
    written = case.steps[-1].content["written"]
    assert (written["event"], written["valid_from"]) == ("revoked", "2026-07-10")
    with office.as_(Access()) as tx:
        found = record(tx, "exchange_operators", number, AsOf.now(tx))
        assert found is not None
        assert found.status == "active"
        after = record(tx, "exchange_operators", number, AsOf(date(2026, 7, 10)))
        assert after is not None
        assert after.status == "revoked"
