"""A licence from the first paper to a court: clocks as law says, two persons, effects, refusals, what passes
unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from salyq.app.asking import ask_act
from salyq.civil.days import is_working_day, kz_midnight
from salyq.office.duties import HANDLERS
from salyq.office.procedures.book import ended, procedures, steps_of
from salyq.office.procedures.check import WrongForm
from salyq.office.procedures.clock import clock_of, stood
from salyq.office.procedures.effects import written
from salyq.office.procedures.model import Case
from salyq.office.procedures.read import as_json, case_of, listed
from salyq.office.procedures.take import NotAllowed, open_application, take_step
from salyq.office.registry.book import register
from salyq.office.registry.read import AsOf, history, record
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.jobs import run_due
from salyq.office.store.store import Access, Store, Transaction
from salyq.office.store.verify import verify

FIRM, OTHER = "230440900503", "211140900363"
MINER = Access("miner", "applicant", organisations=(FIRM,))
OFFICER = Access("officer", "officer", "ministry")
SECOND = Access("second", "second_officer", "ministry")
STRANGER = Access("x", "applicant", organisations=(OTHER,))
NBK, NBK_2 = Access("nbk", "officer", "nbk"), Access("nbk_2", "second_officer", "nbk")
FORM = {
    "kind": "II",
    "region": "350000000",
    "capacity_mw": "12",
    "legal_form": "llp",
    "owns_hardware": True,
    "documents_complete": True,
    "contact": "+7 700 111 22 33",
}


class Office:
    """The office through the role of the pages, with a clock that the test moves."""

    def __init__(self, web: Store, clock: FixedClock) -> None:
        self.web, self.clock = web, clock

    @contextmanager
    def as_(self, who: Access) -> Iterator[Transaction]:
        with self.web.transaction(who) as tx:
            yield tx

    def file(self, code: str = "mining_licence", who: Access = MINER, **more: Any) -> Case:
        with self.as_(who) as tx:
            fields = more.pop("fields", FORM)
            return open_application(tx, code, more.pop("organisation", FIRM), "«Алтын Дала» ЖШС", fields, **more)

    def take(self, who: Access, case: Case, step: str, **content: Any) -> Case:
        with self.as_(who) as tx:
            return take_step(tx, case.application.id, step, content)

    def on(self, day: date) -> None:
        self.clock.move(kz_midnight(day) + timedelta(hours=10))

    def granted(self) -> tuple[Case, str]:
        case = self.take(OFFICER, self.file(), "accept")
        case = self.take(OFFICER, case, "propose_grant", article="9.1")
        case = self.take(SECOND, case, "confirm_grant")
        found = written(case)
        assert found is not None
        return case, found["number"]


@pytest.fixture
def office(web: Store, clock: FixedClock) -> Office:
    made = Office(web, clock)
    return made


def test_a_licence_is_granted_by_two_and_stands_in_the_register(office: Office) -> None:
    case = office.file()
    assert case.status == "filed"
    asked = ask_act("apply", {"permit": "mining_II", "filed": "2026-06-15"}, date(2026, 6, 15))
    decision = asked.duty("licensing.decision")
    assert decision is not None
    assert clock_of(procedures()["mining_licence"], case).due == date.fromisoformat(decision.due or "")
    case, number = office.granted()
    assert number == "M-2026-0001"
    with office.as_(Access()) as tx:
        found = record(tx, "miners", number)
        assert found is not None
        assert found.status == "active"
        assert found.subject_id == FIRM
        assert found.fields["until"] == "2029-06-15"[:4] + found.fields["until"][4:]
        assert "contact" not in found.fields
        [entry] = history(tx, "miners", number)
        assert entry.ground["proposed_by"] == "officer"
        assert entry.ground["decided_by"] == "second"
        assert entry.ground["article"] == "9.1"
    shown = as_json(case)
    assert shown["status"] == "granted"
    assert shown["next_steps"] == []
    assert shown["clock"]["due"] is None
    assert shown["law"]["fingerprint"].startswith("sha256:")
    assert shown["law"]["cites"]


WRONG_HANDS = [
    (MINER, "accept"),
    (Access("x", "applicant", organisations=(OTHER,)), "withdraw"),
    (SECOND, "accept"),
    (NBK, "accept"),
    (Access("y", "auditor"), "accept"),
    (Access("officer", "officer", "ministry", (FIRM,)), "accept"),
]


@pytest.mark.parametrize(("who", "step"), WRONG_HANDS)
def test_a_step_is_taken_by_whom_it_belongs_to(office: Office, store: Store, who: Access, step: str) -> None:
    case = office.file()
    with pytest.raises(StoreError), store.transaction(who) as tx:  # even where the database would show the row
        take_step(tx, case.application.id, step, {})
    with store.transaction() as tx:
        again = case_of(tx, case.application.id)
    assert again is not None
    assert again.status == "filed"


def test_whoever_proposed_does_not_confirm(office: Office) -> None:
    head = Access("head", "head", "ministry")
    case = office.take(head, office.file(), "accept")
    case = office.take(head, case, "propose_grant", article="9.1")
    with pytest.raises(NotAllowed, match="second person"):
        office.take(head, case, "confirm_grant")
    assert office.take(SECOND, case, "confirm_grant").status == "granted"


def test_only_listed_steps(office: Office) -> None:
    case = office.file()
    for step in ("confirm_grant", "resubmit", "nonsense", "overdue", "file"):
        with pytest.raises(Conflict):
            office.take(SECOND, case, step)
    case = office.take(MINER, case, "withdraw")
    for step in ("accept", "withdraw"):
        with pytest.raises(Conflict):
            office.take(OFFICER, case, step)


def test_a_second_decision_is_refused(office: Office) -> None:
    case, _ = office.granted()
    with pytest.raises(Conflict):
        office.take(SECOND, case, "confirm_grant")


def test_the_clock_stands_while_papers_are_mended(office: Office) -> None:
    office.on(date(2026, 6, 16))
    operator = {
        "legal_form": "llp",
        "capital_kzt": "100000000",
        "documents_complete": True,
        "site": "https://x.example",
    }
    case = office.file("dfa_platform", fields=operator)
    spec = procedures()["dfa_platform"]
    first = clock_of(spec, case).due
    assert first == date(2026, 7, 15)  # 20 working days; 6 July is off
    case = office.take(NBK, case, "accept")
    office.on(date(2026, 6, 22))
    case = office.take(NBK, case, "return", faults="жарғы жоқ")
    clock = clock_of(spec, case)
    assert not clock.running
    assert clock.due == date(2026, 7, 7)  # ten working days to mend
    office.on(date(2026, 6, 26))
    case = office.take(MINER, case, "resubmit", fields={"site": "https://y.example"})
    clock = clock_of(spec, case)
    assert clock.running
    assert clock.stopped_days == stood(date(2026, 6, 22), date(2026, 6, 26)) == 4
    assert case.form["site"] == "https://y.example"
    asked = ask_act(
        "apply",
        {"permit": "dfa_platform", "filed": "2026-06-16", "stopped_days": "4", "filed_again": "yes"},
        date(2026, 6, 16),
    ).duty("licensing.decision")
    assert asked is not None
    assert clock.due == date.fromisoformat(asked.due or "")


def test_the_clock_stands_where_an_article_says_so_and_nowhere_else(office: Office, store: Store) -> None:
    """Law names a term to mend, and with it a stop, for platforms alone (193-VII, article 6(16))."""
    for code, spec in procedures().items():
        if spec.ask is None or spec.ask.act != "apply":
            assert not spec.stops, code
            continue
        permit = spec.ask.given.get("permit", "mining_II")
        facts = {"permit": permit, "filed": "2026-06-16", "returned": "2026-06-17"}
        fix = ask_act("apply", facts, date(2026, 6, 16)).duty("licensing.fix")
        assert bool(spec.stops) == (fix is not None and fix.due is not None), code
    spec, case = procedures()["mining_licence"], office.take(OFFICER, office.file(), "accept")
    due = clock_of(spec, case).due
    assert due is not None
    case = office.take(OFFICER, case, "return", faults="жоқ")
    assert (clock_of(spec, case).running, clock_of(spec, case).due) == (True, due)
    run_due(store, HANDLERS, kz_midnight(due + timedelta(days=2)))
    with store.transaction() as tx:
        late = case_of(tx, case.application.id)
    assert late is not None
    assert late.steps[-1].content["owed_by"] == "office"  # nothing stopped its clock
    case = office.take(MINER, late, "resubmit", fields={})
    assert clock_of(spec, case).stopped_days == 0


def test_a_day_that_passes_is_a_fact(office: Office, store: Store) -> None:
    case = office.file()
    due = clock_of(procedures()["mining_licence"], case).due
    assert due is not None
    run_due(store, HANDLERS, kz_midnight(due + timedelta(days=1)) - timedelta(seconds=1))
    with store.transaction() as tx:
        assert case_of(tx, case.application.id).steps[-1].name == "file"  # type: ignore[union-attr]
    happened = run_due(store, HANDLERS, kz_midnight(due + timedelta(days=3)))
    assert "overdue" in str(next(h.told for h in happened if h.kind == "deadline"))
    with store.transaction() as tx:
        late = case_of(tx, case.application.id)
        assert late is not None
        assert late.steps[-1].name == "overdue"
        assert late.steps[-1].content["owed_by"] == "office"
        assert as_json(late)["clock"]["overdue"] is True
        assert late.status == "filed"
    assert office.take(OFFICER, late, "accept").status == "review"


def test_what_law_forbids_cannot_be_granted(office: Office) -> None:
    office.on(date(2026, 6, 16))
    poor = {"legal_form": "llp", "capital_kzt": "49999999.99", "documents_complete": True}
    case = office.take(NBK, office.file("exchange_operator", fields=poor), "accept")
    with pytest.raises(StoreError, match="does not allow"):
        office.take(NBK, case, "propose_grant", article="12-2")
    case = office.take(NBK, case, "propose_refusal", article="12-3", reason="капитал")
    case = office.take(NBK_2, case, "confirm_refusal")
    assert case.status == "refused"
    case = office.take(MINER, case, "appeal", reason="келіспейміз")
    assert case.status == "appealed"
    with office.as_(Access()) as tx:
        assert tx.value(b"select count(*) from registry.span where register = 'exchange_operators'") == 0


def test_suspension_resumption_renewal_surrender(office: Office, clock: FixedClock) -> None:
    _, number = office.granted()
    case = office.file(
        "mining_licence_suspension",
        OFFICER,
        organisation="",
        number=number,
        fields={"months": 3, "ground": "not_cured", "reason": "9.4.3"},
    )
    with pytest.raises(Conflict, match="open already"):
        office.file("mining_licence_suspension", OFFICER, organisation="", number=number, fields={"months": 3})
    office.take(SECOND, case, "confirm")
    with office.as_(Access()) as tx:
        found = record(tx, "miners", number)
        assert found is not None
        assert (found.status, found.fields["suspended_until"]) == ("suspended", "2026-09-15")
    office.on(date(2026, 9, 16))
    for code in ("mining_licence_resumption", "mining_licence_surrender"):
        case = office.take(OFFICER, office.file(code, number=number, fields={}), "accept")
        case = office.take(OFFICER, case, "propose_grant", article="9.6")
        case = office.take(SECOND, case, "confirm_grant")
    with office.as_(Access()) as tx:
        assert [e.event for e in history(tx, "miners", number)] == ["granted", "suspended", "resumed", "surrendered"]
    with pytest.raises(NotAllowed):
        office.file("mining_licence_renewal", STRANGER, organisation=OTHER, number=number, fields={})


def test_seven_months_of_suspension_are_refused_by_law(office: Office) -> None:
    _, number = office.granted()
    with pytest.raises(StoreError, match="does not allow"):
        office.file(
            "mining_licence_suspension",
            OFFICER,
            organisation="",
            number=number,
            fields={"months": 7, "ground": "not_cured", "reason": "9.4.3"},
        )


def test_an_end_that_the_register_refuses_leaves_nothing(office: Office, store: Store) -> None:
    _, number = office.granted()
    first = office.take(OFFICER, office.file("mining_licence_surrender", number=number, fields={}), "accept")
    first = office.take(OFFICER, first, "propose_grant", article="9")
    revocation = office.file(
        "mining_licence_revocation", OFFICER, organisation="", number=number, fields={"reason": "сот"}
    )
    office.take(SECOND, revocation, "confirm")
    with store.transaction() as tx:
        before = tx.value(b"select size from store.head")
    with pytest.raises(StoreError):
        office.take(SECOND, first, "confirm_grant")
    with store.transaction() as tx:
        assert tx.value(b"select size from store.head") == before
        assert verify(tx) is None


BAD_FORMS = [
    ({**FORM, "kind": "III"}, "kind"),
    ({k: v for k, v in FORM.items() if k != "region"}, "region"),
    ({**FORM, "colour": "red"}, "colour"),
    ({**FORM, "legal_form": "club"}, "legal_form"),
    ({**FORM, "capacity_mw": "much"}, "capacity_mw"),
    ({**FORM, "contact": "x" * 6000}, "contact"),
]


@pytest.mark.parametrize(("form", "field"), BAD_FORMS)
def test_a_wrong_form_names_its_field(office: Office, store: Store, form: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongForm) as wrong:
        office.file(fields=form)
    assert field in {f.field for f in wrong.value.faults}
    with store.transaction() as tx:
        assert tx.value(b"select count(*) from procedures.application") == 0


def test_others_do_not_get_the_rows(office: Office, web: Store, store: Store) -> None:
    case = office.file()
    for who, seen in ((MINER, 1), (OFFICER, 1), (Access("a", "auditor"), 1), (NBK, 0), (Access(), 0)):
        with web.transaction(who) as tx:
            assert len(listed(tx)) == seen
            assert (case_of(tx, case.application.id) is not None) == bool(seen)
            assert tx.value(b"select count(*) from procedures.step") == seen


@pytest.mark.parametrize("table", ["application", "step"])
def test_applications_and_steps_stay(office: Office, database: str, table: str) -> None:
    office.file()
    for change in (f"delete from procedures.{table}", f"update procedures.{table} set office = 'x'"):
        with psycopg.connect(database) as c, pytest.raises(psycopg.errors.RestrictViolation):
            c.execute(change.encode())


def test_the_sandbox_contract_broken_and_ended(office: Office, store: Store) -> None:
    office.on(date(2026, 6, 16))
    form = {
        "contract": "№ 1",
        "until": "2027-06-01",
        "activity": "card",
        "participant_kind": "payment_organisation",
        "legal_form": "llp",
        "payment_provider": "payment_organisation",
        "financial_organisation": False,
        "fits_aims": True,
        "documents_complete": True,
    }
    case = office.take(NBK, office.file("sandbox_contract", fields=form), "accept")
    case = office.take(NBK, case, "propose_grant", article="51-5.2")
    number = written(office.take(NBK_2, case, "confirm_grant"))["number"]  # type: ignore[index]
    breach = office.file(
        "sandbox_breach", NBK, organisation="", number=number, fields={}, content={"reason": "хабарламаған"}
    )
    due = clock_of(procedures()["sandbox_breach"], breach).due
    asked = ask_act("take_part", {"contract_state": "active", "notified": "2026-06-16"}, date(2026, 6, 16))
    plan = asked.duty("sandbox.plan")
    assert plan is not None
    assert due == date.fromisoformat(plan.due or "") == date(2026, 6, 23)
    run_due(store, HANDLERS, kz_midnight(due) + timedelta(days=2))
    breach = office.take(NBK, breach, "propose_end", article="51-5.6", reason="жоспар берілмеді")
    office.take(NBK_2, breach, "confirm_end")
    with office.as_(Access()) as tx:
        found = record(tx, "sandbox_participants", number)
        assert found is not None
        assert found.status == "revoked"


# --- data ---------------------------------------------------------------------------------------------------------


def test_every_procedure_fits_its_register_and_law() -> None:
    for spec in procedures().values():
        reg = register(spec.register)
        assert spec.writes in reg.events, spec.code
        extra = {"legal_form", "months", "ground"}
        assert {f for f in spec.fields if reg.field(f) is None} <= extra, spec.code
        assert spec.office in reg.offices(), spec.code
        if spec.ask is not None:
            from salyq.app.asking import act_as_json

            known = {f["name"] for f in act_as_json(spec.ask.act)["facts"]}
            assert {*spec.ask.facts, *spec.ask.given} <= known, spec.code
        for lang in ("kk", "ru", "en"):
            assert spec.title().text(lang)


def test_every_status_has_a_way_out_and_every_end_is_reached() -> None:
    for spec in procedures().values():
        steps = steps_of(spec.steps_name)
        over = set(ended(spec))
        for step in steps:
            assert step.to in over or any(step.to in s.sources for s in steps), (spec.code, step.name)
        reached, new = {""}, {""}
        while new:
            new = {s.to for s in steps if set(s.sources) & reached} - reached
            reached |= new
        assert {s.to for s in steps} <= reached
        decisions = [s for s in steps if s.effect]
        assert all(s.by == ("operator" if spec.operator else "second") for s in decisions), spec.code


def test_working_days_that_a_clock_stood() -> None:
    assert stood(date(2026, 6, 22), date(2026, 6, 22)) == 0
    assert stood(date(2026, 7, 3), date(2026, 7, 7)) == 1  # Friday to Tuesday, Monday 6 July is off
    assert not is_working_day(date(2026, 7, 6))


def test_moments_are_aware(clock: FixedClock) -> None:
    assert clock.now() == datetime(2026, 6, 15, 6, 0, tzinfo=UTC)


def test_the_register_on_the_day_of_effect(office: Office) -> None:
    case = office.take(OFFICER, office.file(), "accept")
    case = office.take(OFFICER, case, "propose_grant", article="9.1", effect_on="2026-07-01")
    number = written(office.take(SECOND, case, "confirm_grant"))["number"]  # type: ignore[index]
    with office.as_(Access()) as tx:
        assert record(tx, "miners", number, AsOf(date(2026, 6, 30))) is None
        assert record(tx, "miners", number, AsOf(date(2026, 7, 1))) is not None
