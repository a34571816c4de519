"""Two who act at once: one is done, the other is told; a decision knows what the register came to say meanwhile; two
accounts of one person are one person.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from tests.office.procedures.test_licence import FIRM, MINER, OFFICER, SECOND, Office

from salyq.office.people import accounts
from salyq.office.procedures.book import first_step, procedure, steps_of
from salyq.office.procedures.check import check_content
from salyq.office.procedures.model import Case
from salyq.office.procedures.read import case_of, listed
from salyq.office.procedures.take import NotAllowed, open_application, take_step
from salyq.office.registry.model import Subject
from salyq.office.registry.read import AsOf, history, record
from salyq.office.registry.write import Proposed, write
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Access, Store, Transaction
from salyq.office.store.verify import verify

HEAD = Access("head", "head", "ministry")


@pytest.fixture
def office(web: Store, clock: FixedClock) -> Office:
    return Office(web, clock)


def at_once(store: Store, *acts: tuple[Access, Callable[[Transaction], object]]) -> list[str]:
    """Each act in a transaction of its own, all begun before any may write; what each came to: ok, or its error."""
    told, ready = [""] * len(acts), threading.Barrier(len(acts))

    def run(n: int) -> None:
        who, act = acts[n]
        try:
            with store.transaction(who) as tx:
                tx.value(b"select count(*) from procedures.application")
                ready.wait(10)
                act(tx)
            told[n] = "ok"
        except StoreError as error:
            told[n] = error.code

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told


def step(case: Case, name: str, **content: str) -> Callable[[Transaction], object]:
    return lambda tx: take_step(tx, case.application.id, name, content)


def proposed(office: Office) -> Case:
    return office.take(OFFICER, office.take(OFFICER, office.file(), "accept"), "propose_grant", article="9.1")


def test_of_two_decisions_at_once_one_is_made(office: Office, store: Store) -> None:
    case = proposed(office)
    grant = step(case, "confirm_grant")
    told = at_once(office.web, (SECOND, grant), (HEAD, grant), (MINER, step(case, "withdraw")))
    assert sorted(told) == ["ok", "procedures_step_not_listed", "procedures_step_not_listed"]
    with store.transaction() as tx:
        after = case_of(tx, case.application.id)
        assert after is not None
        assert len(after.steps) == len(case.steps) + 1
        assert len(history(tx, "miners", "M-2026-0001")) == (after.status == "granted")
        assert verify(tx) is None


def test_of_two_acts_about_one_record_at_once_one_is_opened(office: Office) -> None:
    _, number = office.granted()
    fields = {"months": 2, "ground": "not_cured", "reason": "9.4.3"}

    def suspend(tx: Transaction) -> object:
        return open_application(
            tx, "mining_licence_suspension", "", "", fields, number=number, content={"article": "9.4"}
        )

    assert sorted(at_once(office.web, (OFFICER, suspend), (HEAD, suspend))) == ["ok", "procedures_already_open"]
    with office.as_(OFFICER) as tx:
        assert [r.procedure for r in listed(tx)].count("mining_licence_suspension") == 1


def test_the_first_act_after_a_start_is_taken_though_two_read_the_steps() -> None:
    """Two threads may both read a procedure's steps: theirs are alike, not the same."""
    spec = procedure("mining_licence_suspension")
    step = first_step(spec)
    steps_of.cache_clear()
    assert first_step(spec) is not step
    check_content(spec, step, {"fields": {}, "article": "9.4"})


def test_a_decision_about_a_record_that_ended_meanwhile_is_refused(office: Office, store: Store) -> None:
    _, number = office.granted()
    fields = {"months": 2, "ground": "not_cured", "reason": "9.4.3"}
    with office.as_(OFFICER) as tx:
        case = open_application(
            tx, "mining_licence_suspension", "", "", fields, number=number, content={"article": "9.4"}
        )

    def end(tx: Transaction) -> object:
        ground = {"act": "law-193-vii", "article": "9.5", "authority": "ministry"}
        day = AsOf.now(tx).on
        return write(tx, [Proposed("miners", number, "revoked", day, Subject(FIRM, "«Алтын Дала» ЖШС"), {}, ground)])

    told = at_once(office.web, (OFFICER, end), (SECOND, step(case, "confirm")))
    with store.transaction() as tx:
        found = record(tx, "miners", number, AsOf.now(tx))
        after = case_of(tx, case.application.id)
        assert found is not None
        assert after is not None
        # Whichever came first: a licence that was revoked is not suspended after it.
        assert (told[0], found.status) == ("ok", "revoked")
        assert told[1] in ("ok", "registry_refused")
        assert (after.status == "decided") == (told[1] == "ok")
        assert verify(tx) is None


def test_two_accounts_of_one_person_are_one_person(office: Office, store: Store) -> None:
    person, other = "900101300017", "820515400027"
    with store.transaction() as tx:
        for name, role, iin in (("officer", "officer", person), ("second", "second_officer", person),
                                ("miner", "applicant", None), ("another", "second_officer", other)):  # fmt: skip
            accounts.add_account(tx, name, role, office="ministry" if role != "applicant" else "", iin=iin)
    case = proposed(office)
    with pytest.raises(NotAllowed) as told:
        office.take(SECOND, case, "confirm_grant")
    assert told.value.code == "procedures_same_person"
    assert office.take(Access("another", "second_officer", "ministry"), case, "confirm_grant").status == "granted"


def test_nobody_examines_what_he_filed_by_another_account(office: Office, store: Store) -> None:
    person = "900101300017"
    with store.transaction() as tx:
        accounts.add_account(tx, "miner", "applicant", iin=person)
        accounts.add_account(tx, "officer", "officer", office="ministry", iin=person)
    case = office.file()
    with pytest.raises(NotAllowed) as told:
        office.take(OFFICER, case, "accept")
    assert told.value.code == "procedures_own_case"


def test_an_account_without_an_iin_is_no_second_person(office: Office, store: Store) -> None:
    """Nobody can tell whose it is: neither proposes nor confirms until its IIN is said, once."""
    with store.transaction() as tx:
        officer = accounts.add_account(tx, "officer", "officer", office="ministry")
        second = accounts.add_account(tx, "second", "second_officer", office="ministry", iin="820515400027")
    case = office.file()
    with pytest.raises(NotAllowed) as told:
        office.take(OFFICER, case, "accept")
    assert (told.value.code, told.value.message.params) == ("people_iin_unknown", {"name": "officer"})
    with store.transaction() as tx:
        accounts.state_iin(tx, officer, "900101300017")
        stands, bad = (second, "900101300017", "people_iin_stands"), "people_bad_id"
        for who, iin, code in (stands, (officer, "9001", bad), (officer, FIRM, bad)):
            with pytest.raises(StoreError) as refused:
                accounts.state_iin(tx, who, iin)
            assert refused.value.code == code
    case = office.take(OFFICER, office.take(OFFICER, case, "accept"), "propose_grant", article="9.1")
    assert office.take(SECOND, case, "confirm_grant").status == "granted"


def test_who_proposed_before_iins_were_asked_for_may_be_the_one_who_confirms(office: Office, store: Store) -> None:
    case = proposed(office)  # as in an office of before: no account of the proposer had an IIN
    with store.transaction() as tx:
        accounts.add_account(tx, "officer", "officer", office="ministry")
        accounts.add_account(tx, "second", "second_officer", office="ministry", iin="820515400027")
    with pytest.raises(NotAllowed) as told:
        office.take(SECOND, case, "confirm_grant")
    assert (told.value.code, told.value.message.params) == ("people_iin_unknown", {"name": "officer"})
