"""The issue of a DFA: law gives its registration to the operator of the platform: its people decide, and no office."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.procedures.test_licence import FIRM, MINER, NBK, NBK_2, OTHER, STRANGER, Office

from salyq.office.people import accounts
from salyq.office.procedures.check import WrongForm
from salyq.office.procedures.read import as_json, case_of, listed
from salyq.office.procedures.take import NotAllowed, open_application, take_step
from salyq.office.registry.model import Subject
from salyq.office.registry.read import record
from salyq.office.registry.write import Proposed, write
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Access, Store

PLATFORM, PERSON = STRANGER, OTHER  # the operator's people act for OTHER, the issuer is FIRM
THIRD = Access("third", "applicant", organisations=("050640000016",))
ISSUE = {
    "dfa_kind": "1", "platform": "DP-1", "base_asset": "KZT", "legal_form": "llp", "resident_issuer": True,
    "issue_decision": True, "base_checked": True,
}  # fmt: skip


@pytest.fixture
def office(web: Store, clock: FixedClock) -> Office:
    return Office(web, clock)


def platform(store: Store, event: str = "granted", owner: str = OTHER) -> None:
    fields = {"legal_form": "llp", "capital_kzt": "100000000"} if event == "granted" else {"reason": "x"}
    ground = {"act": "law-193-vii", "article": "6.17", "authority": "nbk"}
    with store.transaction(Access("x", "officer", "nbk")) as tx:
        day = date(2026, 5, 4) if event == "granted" else date(2026, 6, 1)
        write(tx, [Proposed("dfa_platforms", "DP-1", event, day, Subject(owner, "Platform"), fields, ground)])


def test_the_platform_registers_and_no_office_does(office: Office, store: Store) -> None:
    platform(store)
    case = office.file("dfa_issue", fields=ISSUE)
    assert case.application.operator == PERSON
    id_ = case.application.id
    for who in (NBK, NBK_2, MINER, THIRD, Access("head", "head", "nbk")):
        with pytest.raises(StoreError), store.transaction(who) as tx:  # even where the database would show the row
            take_step(tx, id_, "accept", {})
    with office.as_(NBK) as tx:
        assert case_of(tx, id_) is not None  # whoever supervises the platform sees it
    with office.as_(THIRD) as tx:
        assert case_of(tx, id_) is None
        assert listed(tx) == []
    case = office.take(PLATFORM, case, "accept")
    case = office.take(PLATFORM, case, "return", faults="база")
    assert as_json(case)["clock"]["stopped_days"] == 0
    with pytest.raises(WrongForm) as told:
        office.take(MINER, case, "resubmit", fields={"platform": "DP-2"})
    assert told.value.faults[0].field == "platform"
    case = office.take(MINER, case, "resubmit", fields={"base_asset": "KZT 1:1"})
    with pytest.raises(NotAllowed):
        office.take(MINER, case, "register", article="6.1")
    case = office.take(PLATFORM, case, "register", article="6.1")
    assert (case.status, as_json(case)["next_steps"]) == ("granted", [])
    number = case.steps[-1].content["written"]["number"]
    with office.as_(Access()) as tx:
        found = record(tx, "dfa_issues", number)
        [ground] = [e.ground for e in _history(tx, number)]
    assert found is not None
    assert (found.subject_id, found.fields["base_asset"]) == (FIRM, "KZT 1:1")
    assert (ground["registered_by"], ground["decided_by"], ground["article"]) == (OTHER, "x", "6.1")


def _history(tx: object, number: str) -> list[object]:
    from salyq.office.registry.read import history

    return list(history(tx, "dfa_issues", number))  # type: ignore[arg-type]


def test_a_platform_refuses_with_an_article_and_a_reason(office: Office, store: Store) -> None:
    platform(store)
    case = office.take(PLATFORM, office.file("dfa_issue", fields=ISSUE), "accept")
    with pytest.raises(WrongForm):
        office.take(PLATFORM, case, "refuse", reason="x")
    case = office.take(PLATFORM, case, "refuse", article="6.1", reason="базалық актив расталмады")
    assert case.status == "refused"


def test_what_law_forbids_and_a_platform_that_stopped_register_nothing(office: Office, store: Store) -> None:
    with pytest.raises(WrongForm) as told:
        office.file("dfa_issue", fields=ISSUE)
    assert told.value.faults[0].field == "platform"  # there is none such yet
    platform(store)
    abroad = office.take(PLATFORM, office.file("dfa_issue", fields={**ISSUE, "resident_issuer": False}), "accept")
    with pytest.raises(StoreError, match="does not allow"):
        office.take(PLATFORM, abroad, "register", article="6.1")
    case = office.take(PLATFORM, office.file("dfa_issue", fields=ISSUE), "accept")
    platform(store, "revoked")
    office.clock.move(office.clock.now() + timedelta(days=1))
    with pytest.raises(WrongForm):
        office.take(PLATFORM, case, "register", article="6.1")
    with office.as_(Access()) as tx:
        assert tx.value(b"select count(*) from registry.span where register = 'dfa_issues'") == 0


def test_nobody_registers_his_own_issue(office: Office, store: Store) -> None:
    platform(store, owner=FIRM)
    case = office.file("dfa_issue", fields=ISSUE)
    with pytest.raises(NotAllowed, match="own case"):
        office.take(MINER, case, "accept")
    both = Access("both", "representative", organisations=(FIRM, OTHER))
    with pytest.raises(NotAllowed), office.as_(both) as tx:
        open_application(tx, "dfa_issue", "050640000016", "Third", ISSUE)


def test_nobody_registers_what_he_filed_by_another_account(office: Office, store: Store) -> None:
    platform(store)
    case = office.take(PLATFORM, office.file("dfa_issue", fields=ISSUE), "accept")
    with store.transaction() as tx:
        for name in (MINER.user, PLATFORM.user):
            accounts.add_account(tx, name, "applicant", iin="900101300017")
    with pytest.raises(NotAllowed) as told:
        office.take(PLATFORM, case, "register", article="6.1")
    assert told.value.code == "procedures_own_case"
