"""What cannot be done says so before a form is filled, and acts are told by their names."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from tests.office.conftest import Portal
from tests.office.portal.browsing import link, text

from salyq.app.lawbook import whole
from salyq.civil.citing import act_text
from salyq.civil.messages import Message
from salyq.law.asked.catalogue import facts
from salyq.office.procedures.book import procedures, step_of
from salyq.office.registry import book

LANGS = ("kk", "ru", "en")


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_applied_for_has_no_form(country: Portal, lang: str) -> None:
    """A procedure that is not yet in force; one about a record of a register where this firm has none."""
    miner = country.as_user("miner")
    none = Message("portal_no_record_for_it", {"register": book.register("aifc_participants").title()})
    later = Message("portal_not_yet", {"day": date(2027, 1, 1)})
    for code, told in (("alatau_residency", later), ("fintech_lab_extension", none)):
        page = miner.get(f"/{lang}/cabinet/apply/{code}")
        assert told.shown(lang) in text(page)
        assert "<form" not in page.text.partition("<main")[2]
    assert "<form" in miner.get(f"/{lang}/cabinet/apply/mining_licence").text.partition("<main")[2]


@pytest.mark.parametrize("lang", LANGS)
def test_whoever_applies_can_ask_first_what_it_takes(country: Portal, lang: str) -> None:
    """Before the form is filled: what law needs, the fee, the day of the decision."""
    miner = country.as_user("miner")
    page = miner.get(f"/{lang}/cabinet/apply/exchange_operator")
    answer = miner.get(link(page, Message("portal_ask_first").text(lang)))
    assert answer.status_code == 200
    assert "50 000 000" in text(answer).replace(",", " ")


def test_every_act_that_a_procedure_or_a_register_cites_is_known() -> None:
    cited = {c for p in procedures().values() for c in (*p.cites, p.stops, *(x.cite for x in p.points)) if c}
    for reg in book.registers().values():
        cited |= {*reg.cites, *(k.cite for k in reg.keepers), *(f.cite for f in reg.fields)}
    assert len(cited) > 40
    assert {c for c in cited if c and c.partition(":")[0] not in whole().acts} == set()


@pytest.mark.parametrize("lang", LANGS)
def test_whoever_applied_is_told_what_others_did(country: Portal, lang: str) -> None:
    """His own steps are no news; a stranger is told nothing; the file has what the page has."""
    miner, officer = country.as_user("miner"), country.as_user("officer")
    page = miner.get(f"/{lang}/cabinet/messages")
    told = miner.get(link(miner.get(f"/{lang}/cabinet"), Message("portal_messages").text(lang)) + "?as=json").json()[
        "items"
    ]
    assert told
    assert {m["organisation"] for m in told} == {country.user("miner")["organisation"]}
    assert not {m["step"] for m in told} & {"file", "resubmit", "withdraw"}
    assert [m["entry"] for m in told] == sorted((m["entry"] for m in told), reverse=True)
    assert step_of(procedures()["mining_licence"], "return").words[lang] in text(page)  # type: ignore[union-attr]
    assert miner.get(f"/{lang}/cabinet/messages?cursor={told[-1]['entry']}&as=json").json()["items"] == []
    others = country.as_user("exchange").get(f"/{lang}/cabinet/messages?as=json").json()["items"]
    assert not {m["id"] for m in others} & {m["id"] for m in told}
    assert officer.get(f"/{lang}/cabinet/messages").status_code == 404


def test_an_auditor_comes_to_what_is_open_and_has_no_queue_of_his_own(country: Portal) -> None:
    """Nothing waits for him: his first page showed an empty queue."""
    auditor = country.as_user("auditor")
    page = auditor.get("/en/authority").text
    assert "/en/authority/applications/" in page
    assert "show=mine" not in page
    assert auditor.get("/en/authority?show=mine").status_code == 404
    assert "show=mine" in country.as_user("officer").get("/en/authority").text


def test_no_question_of_a_form_names_another_field_by_its_code() -> None:
    asked = {name: fact.ask for name, fact in facts().items()}
    assert len(asked) > 100
    assert [(n, said) for n, ask in asked.items() for said in ask.values() if re.search(r"[a-z]_[a-z]", said)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_correction_names_its_act_in_words(country: Portal, lang: str) -> None:
    officer, number = country.as_user("officer"), country.demo["numbers"]["miners"][0]
    page = officer.get(f"/{lang}/authority/correct/miners/{number}").text
    found = re.search(r'<select id="act".*?</select>', page, re.S)
    assert found
    assert f'<option value="law-193-vii" selected>{act_text(whole().acts["law-193-vii"], lang)}</option>' in unescape(
        found[0]
    )


@pytest.mark.parametrize("lang", LANGS)
def test_an_officer_chooses_the_register_that_an_act_is_about(country: Portal, lang: str) -> None:
    officer = country.as_user("officer")
    page = officer.get(f"/{lang}/authority/open/measure").text
    found = re.search(r'<select id="f.about_register".*?</select>', page, re.S)
    assert found
    assert book.title("miners", lang) in found[0]
    with country.work.transaction() as tx:
        number = tx.value(b"select number from registry.span where register = 'measures' limit 1")
    shown = country.browser.get(f"/{lang}/registers/measures/{number}")
    assert not re.search(r"\bminers\b|exchange_operators", text(shown))
