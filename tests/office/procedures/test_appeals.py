"""Appeals are noted without stopping what runs; days that an act itself names pass as facts; what a re-issue costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.office.procedures.test_ends import FALSE, opened, registered
from tests.office.procedures.test_issue import ISSUE, PLATFORM, platform
from tests.office.procedures.test_licence import FIRM, MINER, NBK, NBK_2, OFFICER, Office, office

from salyq.app.asking import ask_act
from salyq.office.duties import HANDLERS
from salyq.office.procedures.asking import ask_law
from salyq.office.procedures.book import ended, next_steps, procedures, steps_of
from salyq.office.procedures.clock import clock_of
from salyq.office.procedures.model import Case
from salyq.office.procedures.read import case_of
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed, write
from salyq.office.store.jobs import run_due
from salyq.office.store.store import Store
from salyq.office.store.verify import verify

__all__ = ["office"]
BY_OFFICE = ("officer", "second", "operator")


def later(office: Office, store: Store, case: Case, days: int) -> Case:
    office.clock.move(office.clock.now() + timedelta(days=days))
    run_due(store, HANDLERS)
    with office.as_(NBK) as tx:
        found = case_of(tx, case.application.id)
        assert found is not None
        assert verify(tx) is None
    return found


def test_every_decision_on_somebody_can_be_appealed() -> None:
    for spec in procedures().values():
        steps = steps_of(spec.steps_name)
        decisive = {s.to for s in steps if s.by in ("second", "operator") and (s.clock == "end" or s.effect)}
        for status in decisive - {"granted"}:  # what was applied for and given
            assert [s.name for s in next_steps(spec, status) if s.name == "appeal"], (spec.code, status)


def test_a_removal_that_is_appealed_goes_on(office: Office, store: Store) -> None:
    """Noted after the notice: services have stopped, and the hand-over stays due."""
    number = registered(store, "dfa_platforms", "P-1")
    case = office.take(NBK_2, opened(office, "dfa_platform_removal", number, FALSE), "confirm")
    told = office.take(NBK, case, "tell", reason="жіберілді")
    case = office.take(MINER, told, "appeal", reason="сотқа берілді")
    assert (case.status, case.steps[-1].due) == ("told", told.steps[-1].due)
    case = later(office, store, case, 40)
    assert [s.name for s in case.steps[-2:]] == ["appeal", "overdue"]
    assert case.steps[-1].content["owed_by"] == "applicant"
    case = office.take(MINER, case, "appeal", reason="екінші саты")  # a second court
    assert len([s for s in later(office, store, case, 1).steps if s.name == "overdue"]) == 1
    case = office.take(MINER, case, "hand_over", report="барлығы берілді")
    assert case.status == "handed_over"


def measure(office: Office, store: Store, **days: str) -> Case:
    number = registered(store, "exchange_operators", "E-1")
    fields: dict[str, Any] = {"measure": "order", "about_register": "exchange_operators", "about": number}
    fields |= {"article": "12-5", "text": "ақау", **days}
    case = office.file("measure", NBK, fields=fields)
    return office.take(NBK_2, case, "confirm")


def test_the_days_that_a_measure_names_pass_as_facts(office: Office, store: Store) -> None:
    case = measure(office, store, plan_due="2026-06-22", until="2026-07-20")
    assert (case.status, case.steps[-1].due) == ("in_force", date(2026, 6, 22))
    case = office.take(MINER, case, "appeal", reason="келіспейміз")
    assert (case.status, case.steps[-1].due) == ("in_force", date(2026, 6, 22))
    case = later(office, store, case, 9)
    assert (case.steps[-1].name, case.steps[-1].content["consequence"]) == ("overdue", "owner_is_late")
    case = office.take(MINER, case, "plan", measures="1")
    case = office.take(NBK, case, "approve_plan")
    assert case.steps[-1].due == date(2026, 7, 20)
    case = later(office, store, case, 40)
    assert (case.steps[-1].name, case.steps[-1].content["due"]) == ("overdue", "2026-07-20")


def test_a_measure_that_names_no_day_has_none(office: Office, store: Store) -> None:
    assert measure(office, store).steps[-1].due is None


def contract(store: Store) -> str:
    fields = {"contract": "№ 1", "until": "2027-06-01", "activity": "card", "participant_kind": "payment_organisation"}
    ground = {"act": "nbk-law", "article": "51-5.2", "authority": "nbk"}
    with store.transaction() as tx:
        subject = Subject(FIRM, "«Алтын Дала» ЖШС")
        write(tx, [Proposed("sandbox_participants", "SB-1", "granted", date(2026, 6, 1), subject, fields, ground)])
    return "SB-1"


def test_a_plan_that_was_rejected_leaves_the_term_of_cure(office: Office, store: Store) -> None:
    number, notice = contract(store), {"reason": "хабарламаған", "cure_by": "2026-07-01"}
    case = office.file("sandbox_breach", NBK, organisation="", number=number, fields={}, content=notice)
    case = office.take(MINER, case, "plan", measures="1")
    case = office.take(NBK, case, "reject_plan", reason="толық емес")
    assert case.steps[-1].due == date(2026, 7, 1)  # nearer than law's longest term
    case = later(office, store, office.take(MINER, case, "appeal", reason="x"), 30)
    assert (case.status, case.steps[-1].content["consequence"]) == ("plan_rejected", "may_be_ended")
    case = office.take(NBK, case, "propose_end", article="51-5.6", reason="жойылмады")
    case = office.take(NBK_2, case, "confirm_end")
    case = office.take(MINER, office.take(MINER, case, "appeal", reason="x"), "wind_down", report="барлығы")
    assert case.status == "wound_down"


def noted(case: Case) -> list[tuple[str, str, str]]:
    told = [s.content for s in case.steps if s.name == "overdue"]
    return [(t["due"], t["status"], t["consequence"]) for t in told]


def test_the_day_of_cure_passes_while_the_bank_holds_the_plan(office: Office, store: Store) -> None:
    """It is the participant's day, whoever has the plan: noted when it passes, once, not when the bank acts next."""
    number, notice = contract(store), {"reason": "хабарламаған", "cure_by": "2026-07-01"}
    case = office.file("sandbox_breach", NBK, organisation="", number=number, fields={}, content=notice)
    case = office.take(MINER, case, "plan", measures="1")
    assert case.steps[-1].due == date(2026, 7, 1)
    case = later(office, store, office.take(MINER, case, "appeal", reason="x"), 15)  # 30 June
    assert noted(case) == []
    case = later(office, store, case, 2)
    assert noted(case) == [("2026-07-01", "planned", "may_be_ended")]
    assert case.steps[-1].content["owed_by"] == "applicant"
    assert clock_of(procedures()["sandbox_breach"], case).overdue
    case = office.take(NBK, case, "propose_end", article="51-5.6", reason="жойылмады")
    assert len(noted(later(office, store, case, 30))) == 1


def test_the_day_of_cure_passes_where_no_plan_came(office: Office, store: Store) -> None:
    """Law's longest term counts where the notice names no day: 60 working days of 51-5(6)."""
    case = office.file(
        "sandbox_breach", NBK, organisation="", number=contract(store), fields={}, content={"reason": "хабарламаған"}
    )
    plan = case.steps[-1].due
    assert plan is not None
    case = later(office, store, case, 100)
    [(first, *_), (cure, status, opens)] = noted(case)
    assert (first, status, opens) == (plan.isoformat(), "notified", "may_be_ended")
    asked = {"contract_state": "active", "notified": case.steps[0].day.isoformat()}
    [wanted] = [d.due for d in ask_act("take_part", asked, case.steps[0].day).duties if d.name == "sandbox.cure"]
    assert cure == str(wanted)


def test_a_measure_has_its_own_day_while_its_plan_is_reviewed(office: Office, store: Store) -> None:
    case = measure(office, store, plan_due="2026-06-22", until="2026-06-24")
    case = office.take(MINER, case, "plan", measures="1")
    review = case.steps[-1].due
    assert review is not None
    assert review > date(2026, 6, 24)
    case = later(office, store, case, 11)  # 26 June
    assert noted(case) == [("2026-06-24", "planned", "owner_is_late")]
    told = clock_of(procedures()["measure"], case)
    assert (told.due, told.overdue) == (review, False)
    case = later(office, store, case, 30)
    assert noted(case)[1:] == [(review.isoformat(), "planned", "office_is_late")]


def test_an_end_that_was_appealed_is_still_wound_down(office: Office, store: Store) -> None:
    number = contract(store)
    case = office.file("sandbox_termination", NBK, organisation="", number=number, fields={"reason": "мерзім"})
    case = office.take(MINER, office.take(NBK_2, case, "confirm"), "appeal", reason="x")
    assert office.take(MINER, case, "wind_down", report="барлығы").status == "wound_down"


def test_an_issuer_notes_his_appeal_of_a_refusal(office: Office, store: Store) -> None:
    platform(store)
    case = office.take(PLATFORM, office.file("dfa_issue", fields=ISSUE), "accept")
    case = office.take(PLATFORM, case, "refuse", article="6.1", reason="базалық актив расталмады")
    case = office.take(MINER, case, "appeal", reason="x")
    assert (case.status, case.steps[-1].due) == ("refused", None)
    assert "refused" in ended(procedures()["dfa_issue"])


def test_a_change_of_a_licence_tells_what_its_re_issue_costs(office: Office) -> None:
    _, number = office.granted()
    case = office.file("mining_licence_change", number=number, fields={"capacity_mw": "20"})
    wanted = ask_act("reissue", {"permit": "mining_II"}, case.steps[0].day).as_json()["amounts"]
    assert wanted
    assert case.law is not None
    assert [(a["name"], a["value"]) for a in case.law["amounts"]] == [(a["name"], a["value"]) for a in wanted]
    case = office.take(OFFICER, office.take(OFFICER, case, "accept"), "propose_grant", article="9.4")
    assert case.status == "proposed_grant"
    before = date(2025, 6, 16)  # the fee of that year was not read: nothing is asked, and nothing fails
    assert ask_law(procedures()["mining_licence_change"], case.form, before, {}) is None
