"""P1, P2, E4 against a plain model: any person tries any step on any day; only what is listed happens, and every
deadline that passes is noted. A planted violation must be seen.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.conftest import SIGNER, START
from tests.office.procedures.model_cases import Model, Person

from salyq.civil.days import kz_day, kz_midnight
from salyq.office.duties import HANDLERS
from salyq.office.procedures import take as taking
from salyq.office.procedures.book import ended, next_steps, procedures
from salyq.office.procedures.clock import clock_of
from salyq.office.procedures.model import Case
from salyq.office.procedures.read import case_of, listed, waiting_for
from salyq.office.procedures.take import open_application, take_step
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.ids import Ids
from salyq.office.store.jobs import run_due
from salyq.office.store.migrate import make_database
from salyq.office.store.server import Server
from salyq.office.store.store import Access, Store
from salyq.office.store.verify import verify

_numbers = count()
FIRM, OTHER = "230440900503", "211140900363"
PEOPLE = [
    Person("owner", "applicant", organisation=FIRM),
    Person("accountant", "representative", organisation=FIRM),
    Person("stranger", "applicant", organisation=OTHER),
    Person("officer", "officer", "nbk"),
    Person("officer_2", "officer", "nbk"),
    Person("second", "second_officer", "nbk"),
    Person("head", "head", "nbk"),
    Person("bought", "officer", "nbk", FIRM),
    Person("miners", "officer", "ministry"),
    Person("miners_2", "second_officer", "ministry"),
    Person("auditor", "auditor"),
]
SAID: dict[str, dict[str, Any]] = {
    "return": {"faults": "x"},
    "propose_grant": {"article": "6"},
    "propose_refusal": {"article": "6.18", "reason": "x"},
    "send_back": {"reason": "x"},
    "appeal": {"reason": "x"},
}
SILENT = "_of_nothing"  # the step without what it must say
STEPS = ("accept", "return", "resubmit", "withdraw", "propose_grant", "propose_refusal", "send_back", "confirm_grant",
         "confirm_refusal", "appeal", "overdue", "file", "bless", "propose_grant_of_nothing",
         "return_of_nothing")  # fmt: skip
# Half of the tries are by the likely person, so that long lives are seen too.
TRY = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(STEPS), st.integers(0, 12), st.integers(0, 9))
FORM = {"legal_form": "llp", "capital_kzt": "200000000", "documents_complete": True}


def access(who: Person) -> Access:
    return Access(who.name, who.role, who.office, (who.organisation,) if who.organisation else ())


def play(
    store: Store, clock: FixedClock, tries: list[tuple[Person, str, int, int]], code: str = "trading_platform"
) -> None:
    """Both sides live the same life; they must agree after each try."""
    spec = procedures()[code]
    with store.transaction(access(PEOPLE[0])) as tx:
        made = open_application(tx, code, FIRM, "Firm", FORM)
    model = Model(FIRM, kz_day(clock.now()), stops=code != "exchange_operator")
    id_ = made.application.id
    for who, step, days, lucky in tries:
        today = kz_day(clock.now()) + timedelta(days=days)
        run_due(store, HANDLERS, max(clock.now(), kz_midnight(today) + timedelta(hours=9)))
        for n in range(days):
            model.day_passes(today - timedelta(days=days - n))
        if lucky:  # somebody who may, if there is one, and a step that is listed
            allowed = [(p, s) for s in STEPS for p in PEOPLE if model.may(p, s)]
            who, step = allowed[(lucky * 7 + days) % len(allowed)] if allowed else (who, step)
        may = model.may(who, step)
        try:
            with store.transaction(access(who)) as tx:
                take_step(tx, id_, step.removesuffix(SILENT), SAID.get(step, {}))
        except StoreError:
            assert not may, (who, step, model)
            continue
        assert may, (who, step, model)
        model.take(who, step, today)
    with store.transaction() as tx:
        case, row = case_of(tx, id_), next(r for r in listed(tx) if r.id == id_)
    assert case is not None
    same(spec, case, model)
    # What lists read is what the steps come to.
    assert (row.status, row.due, row.n) == (case.status, case.steps[-1].due, len(case.steps) - 1)
    assert row.over == (case.status in ended(spec))
    for who in ("applicant", "officer", "second"):
        waits = not row.over and any(s.by == who for s in next_steps(spec, case.status))
        assert (f"{code}/{row.status}" in waiting_for((who,))) == waits


def same(spec: Any, case: Case, model: Model) -> None:
    assert case.status == model.status
    clock = clock_of(spec, case)
    assert clock.due == model.deadline
    assert clock.stopped_days == model.stood
    assert sorted({s.due for s in case.steps if s.name == "overdue" and s.due}) == sorted(model.passed)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TRY, min_size=1, max_size=12), st.sampled_from(["trading_platform", "exchange_operator"]))
def test_an_application_lives_as_the_model_says(
    server: Server, template: str, tries: list[tuple[Person, str, int, int]], code: str
) -> None:
    """A database an example: each begins on the same day of 2026, whose working days are known."""
    name, clock = f"model_{next(_numbers)}", FixedClock(START)
    make_database(server.url("postgres"), name, template)
    with Store(server.url(name), clock=clock, ids=Ids(1), signer=SIGNER, connections=2) as store:
        play(store, clock, tries, code)


def test_the_log_agrees_after_many_lives(store: Store, clock: FixedClock) -> None:
    play(
        store,
        clock,
        [(PEOPLE[3], "accept", 1, 0), (PEOPLE[3], "propose_grant", 1, 0), (PEOPLE[5], "confirm_grant", 1, 0)],
    )
    with store.transaction() as tx:
        assert verify(tx) is None


@pytest.mark.parametrize("first", ["accept", "file"])
def test_papers_sent_back_and_never_mended_are_not_granted(store: Store, clock: FixedClock, first: str) -> None:
    officer, second = PEOPLE[3], PEOPLE[5]
    sent_back = [(officer, first, 1, 0), (officer, "return", 1, 0), (officer, "propose_refusal", 1, 0)]
    play(store, clock, [*sent_back, (second, "send_back", 1, 0), (officer, "propose_grant", 1, 0)])


LIFE = [
    (PEOPLE[6], "accept", 1, 0),
    (PEOPLE[6], "propose_grant", 1, 0),
    (PEOPLE[6], "confirm_grant", 1, 0),  # the head who proposed
]


def test_a_planted_second_signature_of_the_same_person_is_seen(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(store, clock, LIFE)
    monkeypatch.setattr(taking, "_PROPOSALS", ())
    with pytest.raises(AssertionError):
        play(store, clock, LIFE)


def test_a_planted_stop_of_the_clock_is_seen(store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    life = [(PEOPLE[3], "accept", 1, 0), (PEOPLE[3], "return", 1, 0), (PEOPLE[0], "resubmit", 5, 0)]
    play(store, clock, life)
    play(store, clock, life, "exchange_operator")
    monkeypatch.setattr("salyq.office.procedures.clock.stood", lambda *_: 0)
    with pytest.raises(AssertionError):
        play(store, clock, life)


def test_a_deadline_that_is_not_noted_is_seen(store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    late = [(PEOPLE[3], "accept", 60, 0)]
    play(store, clock, late)
    jobs = {**HANDLERS, "deadline": lambda tx, args: None}
    monkeypatch.setitem(globals(), "HANDLERS", jobs)
    with pytest.raises(AssertionError):
        play(store, clock, late)


def test_days_are_those_of_kazakhstan() -> None:
    assert kz_day(kz_midnight(date(2026, 6, 16))) == date(2026, 6, 16)
