"""Procedures against the dossier of the law: what it names is there, what it does not say is shown as not said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.office.procedures.test_ends import registered
from tests.office.procedures.test_licence import FIRM, FORM, MINER, NBK, NBK_2, OFFICER, SECOND, Office, office

from salyq.app.asking import ask_act
from salyq.office.procedures.book import procedures
from salyq.office.procedures.check import WrongForm
from salyq.office.procedures.clock import clock_of
from salyq.office.procedures.effects import written
from salyq.office.procedures.read import as_json
from salyq.office.registry.model import Subject
from salyq.office.registry.read import AsOf, record
from salyq.office.registry.write import Proposed, write
from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.store import Access, Store

__all__ = ["office"]
AFSA, AFSA_2 = Access("afsa", "officer", "afsa"), Access("afsa_2", "second_officer", "afsa")
ALATAU = Access("city", "officer", "alatau")
LAW = {"act": "law-193-vii", "article": "6"}

# procedure -> (grounds of refusal, grounds of an end that are named, whether something is said to be unread)
SAID = {
    "dfa_platform": (6, 0, False), "trading_platform": (6, 0, False), "sandbox_contract": (3, 0, True),
    "exchange_operator": (0, 0, True), "dfa_platform_removal": (0, 4, True), "trading_platform_removal": (0, 4, True),
    "operator_removal": (0, 5, False), "operator_suspension": (0, 0, True), "operator_resumption": (0, 0, True),
    "mining_licence_suspension": (0, 6, False), "mining_licence_revocation": (0, 0, True),
    "mining_licence": (0, 0, True), "mining_licence_resumption": (0, 0, True), "pool_accreditation": (0, 0, True),
    "hardware_entry": (0, 0, True), "inspection": (0, 0, True), "fintech_lab": (0, 0, True), "fine": (0, 0, True),
}  # fmt: skip


def test_every_procedure_tells_what_law_says_and_what_was_not_read() -> None:
    for code, spec in procedures().items():
        assert spec.points, code
        for p in spec.points:
            assert p.kind in ("condition", "refusal", "end", "notice", "after", "unread"), (code, p.code)
            assert set(p.words) == {"kk", "ru", "en"}, (code, p.code)
            assert ":" in p.cite, (code, p.code)
    for code, (refusals, ends, unread) in SAID.items():
        spec = procedures()[code]
        found = (len(spec.of_law("refusal")), len(spec.of_law("end")), bool(spec.of_law("unread")))
        assert found == (refusals, ends, unread), code


def test_the_grounds_of_suspension_are_those_of_law() -> None:
    named = {p.code for p in procedures()["mining_licence_suspension"].of_law("end")}
    day = date(2026, 6, 1)
    for ground in (*named, "other"):
        answer = ask_act("suspend", {"permit": "mining_I", "ground": ground, "months": "2"}, day, explain=False)
        assert (answer.verdict == "lawful") == (ground in named), ground


def operator(store: Store) -> str:
    return registered(store, "exchange_operators", "E-7")


def test_an_operators_suspension_rests_on_an_article_that_the_officer_names(office: Office, store: Store) -> None:
    number = operator(store)
    said = {"reason": "тексеру", "ground": "other", "months": 2}
    with pytest.raises(StoreError) as told:
        office.file("operator_suspension", NBK, organisation="", number=number, fields=said)
    assert told.value.code == "procedures_article_needed"
    case = office.file(
        "operator_suspension", NBK, organisation="", number=number, fields=said, content={"article": "12-6(1)"}
    )
    office.take(NBK_2, case, "confirm")
    assert status(office, number) == "suspended"
    with pytest.raises(WrongForm) as wrong:  # nothing was read on resumption: an article is needed here too
        office.file("operator_resumption", NBK, organisation="", number=number, fields={"reason": "жойылды"})
    assert {f.field for f in wrong.value.faults} == {"article"}
    case = office.file(
        "operator_resumption", NBK, organisation="", number=number, fields={"reason": "x"}, content={"article": "12-6"}
    )
    office.take(NBK_2, case, "confirm")
    assert status(office, number) == "active"


def status(office: Office, number: str, register: str = "exchange_operators") -> str:
    with office.as_(Access()) as tx:
        found = record(tx, register, number, AsOf.now(tx))
    assert found is not None
    return found.status


def test_an_article_opens_no_way_around_what_law_forbids(office: Office, store: Store) -> None:
    """All five grounds against an operator were read and none is met; seven months are no term at all."""
    number = operator(store)
    none = {"breach_days": "none", "measure_days": "none", "never_worked": False, "works_now": True}
    with pytest.raises(StoreError) as told:
        office.file(
            "operator_removal", NBK, organisation="", number=number,
            fields={**none, "other_business": False, "reason": "x"},
            content={"effect_on": "2026-07-10", "article": "1"},
        )  # fmt: skip
    assert told.value.code == "procedures_no_ground"
    _, licence = office.granted()
    for months in (0, 7):
        with pytest.raises(StoreError) as told:
            office.file(
                "mining_licence_suspension", OFFICER, organisation="", number=licence,
                fields={"months": months, "ground": "not_cured"}, content={"article": "9.4"},
            )  # fmt: skip
        assert told.value.code == "procedures_unlawful"


def test_a_refusal_rests_on_a_ground_of_the_law(office: Office) -> None:
    form = {"legal_form": "llp", "capital_kzt": "100000000", "documents_complete": True}
    case = office.take(NBK, office.file("dfa_platform", fields=form), "accept")
    with pytest.raises(WrongForm):
        office.take(NBK, case, "propose_refusal", article="6.18", reason="x", ground="colour")
    case = office.take(NBK, case, "propose_refusal", article="6.18", reason="x", ground="founders")
    assert case.steps[-1].content["ground"] == "founders"


@pytest.mark.parametrize(
    ("code", "who", "article", "fine"),
    [("fine", OFFICER, "KOAP:463.1", "173000"), ("nbk_fine", NBK, "KOAP:464.1", "346000")],
)
def test_a_fine_is_of_a_breach(office: Office, code: str, who: Access, article: str, fine: str) -> None:
    said = {"article": article, "offender_class": "medium", "repeat": False, "amount_kzt": fine}
    case = office.file(code, who, fields=said)
    law = as_json(case)["law"]
    assert [a["value"] for a in law["amounts"] if a["name"].endswith(".fine")] == [fine + ".00"]
    second = SECOND if who is OFFICER else NBK_2
    assert written(office.take(second, case, "confirm"))["event"] == "granted"  # type: ignore[index]


def test_a_plan_is_reviewed_extended_once_and_reported_item_by_item(office: Office, store: Store) -> None:
    office.on(date(2026, 6, 15))
    order = {"measure": "improvement", "about_register": "exchange_operators", "article": "12-5"}
    order["about"] = operator(store)
    case = office.take(NBK_2, office.file("measure", NBK, fields=order), "confirm")
    case = office.take(MINER, case, "plan", measures="x")
    spec = procedures()["measure"]
    day = {"plan_filed": "2026-06-15"}
    assert str(clock_of(spec, case).due) == plan_due(day)
    case = office.take(NBK, case, "extend", reason="көлемі үлкен")
    assert str(clock_of(spec, case).due) == plan_due({**day, "review_extended": "yes"}) != plan_due(day)
    assert "extend" not in as_json(case)["next_steps"]
    with pytest.raises(Conflict):
        office.take(NBK, case, "extend", reason="тағы")
    case = office.take(NBK, case, "approve_plan")
    assert clock_of(spec, case).due is None
    case = office.take(MINER, case, "report", report="1", item_done="2026-06-12")
    assert "late_since" not in case.steps[-1].content
    office.on(date(2026, 6, 25))
    case = office.take(MINER, case, "report", report="2", item_done="2026-06-12")
    assert case.steps[-1].content["late_since"] == "2026-06-19"


def test_an_act_is_about_a_record_that_is_there(office: Office, store: Store) -> None:
    about = {"about_register": "exchange_operators", "about": operator(store)}
    for wrong, field in (
        ({"about": "E-999"}, "about"),
        ({"about_register": "miner"}, "about_register"),
        ({"about_register": None}, "about_register"),
    ):
        with pytest.raises(WrongForm) as told:
            office.file("measure", NBK, fields={"measure": "order", "article": "12-5", **about, **wrong})
        assert [f.field for f in told.value.faults] == [field]
    case = office.file("measure", NBK, fields={"measure": "order", "article": "12-5", **about})
    case = office.take(NBK_2, case, "send_back", reason="x")
    with pytest.raises(WrongForm):
        office.take(NBK, case, "propose", fields={"about": "E-999"})


def plan_due(facts: dict[str, str]) -> str:
    found = ask_act("plan", facts, date(2026, 6, 15), explain=False).duty("licensing.reviews")
    assert found is not None
    return str(found.due)


def test_a_laboratory_is_extended_in_time_and_changed_on_notice(office: Office, store: Store) -> None:
    office.on(date(2026, 6, 15))
    fields = {"activities": ["fintech_lab"]}
    subject, first, late = Subject(FIRM, "Firm"), "AFSA-G-LA-2025-0001", "AFSA-G-LA-2024-0002"
    with store.transaction() as tx:
        write(tx, [Proposed("aifc_participants", first, "granted", date(2025, 6, 1), subject, fields, LAW)])
        write(tx, [Proposed("aifc_participants", late, "granted", date(2024, 7, 1), subject, fields, LAW)])
    with pytest.raises(Conflict) as told:
        office.file("fintech_lab_extension", number=late, fields={"until": "2028-07-01"})
    assert (told.value.code, "2026-05-01" in told.value.text("en")) == ("procedures_filed_too_late", True)
    case = office.take(
        AFSA, office.file("fintech_lab_extension", number=first, fields={"until": "2029-06-01"}), "accept"
    )
    case = office.take(AFSA, case, "propose_grant", article="2.5.2")
    office.take(AFSA_2, case, "confirm_grant")
    with office.as_(Access()) as tx:
        found = record(tx, "aifc_participants", first, AsOf.now(tx))
    assert found is not None
    assert found.fields["until"] == "2029-06-01"
    change: dict[str, Any] = {"organisation": "", "number": first, "fields": {"conditions": "x"}}
    with pytest.raises(Conflict):
        office.file("fintech_lab_change", AFSA, content={"effect_on": "2026-06-20"}, **change)
    case = office.file("fintech_lab_change", AFSA, content={"effect_on": "2026-06-22"}, **change)
    office.on(date(2026, 6, 16))
    with pytest.raises(Conflict):  # nobody confirmed and told in time
        office.take(AFSA_2, case, "confirm")


def test_what_a_permit_names_is_in_force_and_what_law_wants_is_so(office: Office, store: Store) -> None:
    inside = {"region": "350000000", "address": "x", "outside_residential": False}
    case = office.take(OFFICER, office.file("centre_entry", fields=inside), "accept")
    with pytest.raises(WrongForm) as wrong:
        office.take(OFFICER, case, "propose_grant", article="1.9")
    assert {f.field for f in wrong.value.faults} == {"outside_residential"}
    office.on(date(2027, 1, 4))
    activity = {"activity": "x"}
    with pytest.raises(WrongForm) as wrong:
        office.file("regulatory_licence", fields=activity)
    assert {f.field for f in wrong.value.faults} == {"resident"}
    case = office.file("regulatory_licence", fields={**activity, "resident": "AR-1"})
    assert case.form["permit"] == "regulatory_licence"
    with pytest.raises(WrongForm):
        office.file("regulatory_licence", fields={**activity, "resident": "AR-1", "permit": "business_licence"})
    case = office.take(ALATAU, case, "accept")
    with pytest.raises(WrongForm) as wrong:
        office.take(ALATAU, case, "propose_grant", article="41")
    assert {f.field for f in wrong.value.faults} == {"resident"}


def test_a_breach_is_cured_by_the_day_that_the_notice_names(office: Office, store: Store) -> None:
    with store.transaction() as tx:
        fields = {"contract": "1", "until": "2028-01-01", "activity": "card", "participant_kind": "non_financial"}
        write(
            tx, [Proposed("sandbox_participants", "SB-1", "granted", date(2026, 5, 4), Subject(FIRM, "F"), fields, LAW)]
        )
    breach: dict[str, Any] = {"organisation": "", "number": "SB-1", "fields": {}}
    with pytest.raises(WrongForm) as wrong:  # sixty working days at most
        office.file("sandbox_breach", NBK, content={"reason": "x", "cure_by": "2026-12-01"}, **breach)
    assert {f.field for f in wrong.value.faults} == {"cure_by"}
    case = office.file("sandbox_breach", NBK, content={"reason": "x", "cure_by": "2026-07-15"}, **breach)
    case = office.take(MINER, case, "plan", measures="a", terms="b", officers="c")
    # No act names a term for the review: the participant's own day stands.
    assert clock_of(procedures()["sandbox_breach"], case).due == date(2026, 7, 15)
    case = office.take(NBK, case, "approve_plan")
    assert case.steps[-1].due == date(2026, 7, 15)
    case = office.take(NBK, case, "propose_end", article="51-5.6", reason="жойылмады")
    case = office.take(NBK_2, case, "confirm_end")
    assert status(office, "SB-1", "sandbox_participants") == "revoked"
    assert office.take(MINER, case, "wind_down", report="төленді").status == "wound_down"


def test_papers_are_those_of_the_day() -> None:
    pool = procedures()["pool_accreditation"]
    names = [pool.papers(d)[0].words["en"] for d in (date(2024, 2, 9), date(2024, 2, 10), date(2026, 7, 12))]
    assert names == ["Act of the information security test", "Protocols of information security tests",
                     "Protocols of cybersecurity tests"]  # fmt: skip


def test_a_miner_of_the_first_kind_is_told_that_he_is_never_small(office: Office) -> None:
    case = office.file(fields={**FORM, "kind": "I", "owns_centre": True})
    law = as_json(case)["law"]
    assert any("never_small" in f["name"] for f in law["findings"])
