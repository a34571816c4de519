"""E2, E4 and P1 with planted violations that their models see (E1 and E5: test_rows, E3: test_tree, P2: test_model)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.pilots.conftest import Acquirer, acquirer, gate
from tests.office.pilots.test_card_more import told
from tests.office.procedures.test_model import PEOPLE, play
from tests.office.registry.model_records import Kept, Model
from tests.office.registry.test_records import FIELDS, FIRM, FIRST, put

from salyq.office.pilots import permission
from salyq.office.procedures import book, check, take
from salyq.office.registry import read
from salyq.office.registry.read import AsOf, Wanted
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

__all__ = ["acquirer", "gate"]

# --- E2 ---------------------------------------------------------------------------------------------------------------

# event, day, fields, which entry it is about: a suspension that is corrected, then annulled, a term that is renewed
LIFE: list[tuple[str, int, dict[str, Any], int | None]] = [
    ("granted", 0, {**FIELDS, "until": (FIRST + timedelta(days=30)).isoformat()}, None),
    ("suspended", 5, {"suspended_until": (FIRST + timedelta(days=20)).isoformat(), "reason": "a"}, None),
    ("corrected", 9, {"reason": "b"}, 1),
    ("annulled", 9, {}, 1),
    ("renewed", 25, {"until": (FIRST + timedelta(days=60)).isoformat()}, None),
    ("revoked", 28, {"reason": "c"}, None),
]


def disagreements(store: Store, model: Model, number: str, times: list[datetime]) -> list[tuple[date, datetime | None]]:
    """Every day as known at every moment: a record alone, the list, and what a search by number, a part of it, the BIN
    and the name finds must be the model's.
    """
    wrong: list[tuple[date, datetime | None]] = []
    with store.transaction() as tx:
        for known in (*times, None):
            for n in range(-1, 65, 3):
                day = FIRST + timedelta(days=n)
                said = model.status(day, known or times[-1])
                found = read.record(tx, "miners", number, AsOf(day, known))
                listed = read.records(tx, "miners", Wanted(), AsOf(day, known)).items
                asked = (number, number[2:], FIRM.id, "Алтын Дала")
                sought = [read.records(tx, "miners", Wanted(q=q), AsOf(day, known)).items for q in asked]
                for one in (found, *(items[0] if items else None for items in (listed, *sought))):
                    if (None if one is None else (one.status, one.fields)) != said:
                        wrong.append((day, known))
    return wrong


def lived(store: Store, clock: FixedClock) -> tuple[Model, str, list[datetime]]:
    model, number, positions, times = Model(), "M-2024-0001", list[int](), list[datetime]()
    for event, day, fields, about in LIFE:
        clock.move(clock.now() + timedelta(hours=1))
        where = None if about is None else positions[about]
        positions.append(put(store, number, event, FIRST + timedelta(days=day), fields, corrects=where))
        model.add(Kept(clock.now(), event, FIRST + timedelta(days=day), fields, about))
        times.append(clock.now())
    return model, number, times


def _forgets_when(sql: str) -> str:
    return sql.replace("recorded @> %(known)s::timestamptz", "upper_inf(recorded)")


def _forgets_since(sql: str) -> str:
    return sql.replace("valid @> %(on)s::date", "upper_inf(valid)")


def _knows_too_early(sql: str) -> str:
    return sql.replace("recorded @> %(known)s::timestamptz", "lower(recorded) > '-infinity' and upper_inf(recorded)")


@pytest.mark.parametrize("fault", [None, _forgets_when, _forgets_since, _knows_too_early])
def test_every_list_answers_on_a_day_as_known_at_a_moment(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str] | None
) -> None:
    model, number, times = lived(store, clock)
    if fault is None:
        assert not disagreements(store, model, number, times)
        return
    names = ("record", "record_now", "records_now", "records_known", "count_now", "count_known", "restricted_by_number")
    planted = {n: fault(read.SQL[n].decode()).encode() for n in names}
    whole = read.SQL
    monkeypatch.setattr(read, "SQL", type("Planted", (), {"__getitem__": lambda _, n: planted.get(n, whole[n])})())
    assert disagreements(store, model, number, times)


# --- E4, P1: what a model of applications sees ------------------------------------------------------------------------

OFFICER, OTHER, BOUGHT, MINISTRY = PEOPLE[3], PEOPLE[5], PEOPLE[7], PEOPLE[8]


def _own_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may act for the applicant decides on his own case."""
    real = take._check_person

    def planted(tx: Any, *args: Any) -> None:
        who = tx.access
        tx.access = who.__class__(who.user, who.role, who.office) if who.role == "officer" else who
        try:
            real(tx, *args)
        finally:
            tx.access = who

    monkeypatch.setattr(take, "_check_person", planted)


def _other_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """An officer of any office takes steps of this one."""
    real = take._check_person

    def planted(tx: Any, spec: Any, step: Any, *args: Any) -> None:
        if step.by == "applicant" or tx.access.role != "officer":
            real(tx, spec, step, *args)

    monkeypatch.setattr(take, "_check_person", planted)


def _second_is_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks who proposed."""
    monkeypatch.setattr(take, "_PROPOSALS", ())


def _any_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is not listed from the status is taken all the same."""
    real = book.step_of

    class Everywhere(tuple[str, ...]):
        def __contains__(self, _: object) -> bool:
            return True

    def planted(spec: Any, name: str) -> Any:
        step = real(spec, name)
        return step and type("Planted", (), {**{f: getattr(step, f) for f in step.__struct_fields__},
                                             "sources": Everywhere()})()  # fmt: skip

    monkeypatch.setattr(take, "step_of", planted)


def _without_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decision names no article."""
    monkeypatch.setattr(check, "says", lambda spec, step: ((), (*step.fields, *step.optional)))


GRANT = [(OFFICER, "accept", 1, 0), (OFFICER, "propose_grant", 1, 0)]
PLANTED = {
    "own case": (_own_case, [(BOUGHT, "accept", 1, 0)]),
    "other office": (_other_office, [(MINISTRY, "accept", 1, 0)]),
    "no second person": (_second_is_any, [(PEOPLE[6], "accept", 1, 0), (PEOPLE[6], "propose_grant", 1, 0),
                                          (PEOPLE[6], "confirm_grant", 1, 0)]),
    "a step that is not listed": (_any_step, [(OTHER, "confirm_grant", 1, 0)]),
    "a second decision": (_any_step, [*GRANT, (OTHER, "confirm_grant", 1, 0), (OTHER, "confirm_grant", 1, 0)]),
    "no ground": (_without_ground, [*GRANT[:1], (OFFICER, "propose_grant_of_nothing", 1, 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_of_steps_and_persons_is_seen(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plant, life = PLANTED[name]
    play(store, clock, life)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        play(store, clock, life)


# --- P1: an activity after a suspension is refused where the money moves, not by a page -------------------------------

ACTS = st.lists(st.sampled_from(["suspended", "resumed", "pay", "pay"]), min_size=1, max_size=6)


def refused_wrongly(acquirer: Acquirer, acts: list[str], status: list[str]) -> list[str]:
    """Payments whose answer is not what the model says: approved exactly while the register says active."""
    number, wrong = acquirer.cards[0].card.contract, []
    for act in acts:
        if act == "pay":
            held = acquirer.coins().credits_held + acquirer.coins().debits_held
            _, reply = acquirer.pay(1_000)
            moved = acquirer.coins().credits_held + acquirer.coins().debits_held != held
            if (reply["39"] == "00", moved) != (status[0] == "active",) * 2:
                wrong.append(f"{act} while {status[0]}: {reply['39']}, moved {moved}")
        elif (status[0], act) in (("active", "suspended"), ("suspended", "resumed")):
            told(acquirer, number, act)
            status[0] = {"suspended": "suspended", "resumed": "active"}[act]
    return wrong


def test_no_money_moves_after_a_suspension_in_any_order(acquirer: Acquirer) -> None:
    status = ["active"]

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(ACTS)
    def tried(acts: list[str]) -> None:
        assert not refused_wrongly(acquirer, acts, status)

    tried()


def test_a_planted_permission_is_seen(acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not refused_wrongly(acquirer, ["pay", "suspended"], status := ["active"])
    real = permission.asked
    monkeypatch.setattr(permission, "asked", lambda *args: real(*args)._replace(status=permission.ACTIVE))
    told(acquirer, acquirer.cards[0].card.contract, "changed")  # the register spoke: terms are read anew
    assert refused_wrongly(acquirer, ["pay"], status)
