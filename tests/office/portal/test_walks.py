"""Walks of people who act for others or decide what law gives them, on the pages of the demonstration: a
representative, the operator of a DFA platform, an issuer.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import psycopg
import pytest
from tests.office.conftest import Portal
from tests.office.portal.browsing import send, text

from salyq.civil.messages import Message
from salyq.office.demonstration.make import make
from salyq.office.people import accounts
from salyq.office.store.entries import stream
from salyq.office.store.errors import StoreError

SAID = {
    "kk": ("ЦҚА шығарылымын тіркеу", "Қарауға қабылдау", "Тіркеу", "рұқсат берілді", "Түзетіп қайта беру", "қаралуда"),
    "ru": ("Регистрация выпуска ЦФА", "Принять к рассмотрению", "Зарегистрировать", "выдано", "Подать исправленное",
           "на рассмотрении"),
    "en": ("Registration of a DFA issue", "Accept for examination", "Register", "granted", "File again, mended",
           "under examination"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_operator_of_a_platform_registers_an_issue_on_his_pages(country: Portal, lang: str) -> None:
    title, accept, register, granted, *_ = SAID[lang]
    operator, issuer, stranger = (country.as_user(who) for who in ("dfa_operator", "dfa_issuer", "exchange"))
    waiting = [i for i in operator.get(f"/{lang}/cabinet?as=json").json()["items"] if i["status"] == "filed"]
    path = f"/{lang}/cabinet/applications/{waiting[0]['id']}"
    assert title in operator.get(f"/{lang}/cabinet").text
    assert stranger.get(path).status_code == 404
    # The issuer sees it, and has no button of the operator's.
    assert register not in [b.strip() for b in re.findall(r"<button[^>]*>([^<]+)", issuer.get(path).text)]
    page = send(operator, operator.get(path), {}, button=accept)
    page = send(operator, page, {"s.article": "6.1"}, button=register)
    assert page.status_code == 200, text(page)[:400]
    assert granted in text(operator.get(path))
    number = issuer.get(f"/{lang}/cabinet?of=permits&as=json").json()["items"][-1]["number"]
    assert country.browser.get(f"/{lang}/registers/dfa_issues/{number}").status_code == 200


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_representative_mends_an_application_and_sees_whose_it_is(country: Portal, lang: str) -> None:
    again, review = SAID[lang][4:]
    representative = country.as_user("representative")
    page = representative.get(f"/{lang}/cabinet")
    names = re.findall(r"«[^»]+» (?:ЖШС|АҚ)", text(page))
    assert len(set(names)) == 2
    assert all(names.count(n) > 1 for n in set(names))  # above, and at what is theirs
    [row] = representative.get(f"/{lang}/cabinet?as=json").json()["items"]
    path = f"/{lang}/cabinet/applications/{row['id']}"
    page = send(representative, representative.get(path), {"f.capacity_mw": "9"}, button=again)
    assert review in text(representative.get(path)), text(page)[:400]
    # Whoever gave the delegation takes it back: the next page of the same session has nothing of theirs.
    owner = country.as_user("miner")
    owner_page = owner.get(f"/{lang}/account")
    assert send(owner, owner_page, {}, button=Message("portal_delegation_end").text(lang))
    assert representative.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_an_administrator_closes_an_account_and_sees_nothing_else(country: Portal, lang: str) -> None:
    administrator, miner = country.as_user("administrator"), country.as_user("miner")
    path = f"/{lang}/authority/accounts"
    page = administrator.get(path)
    assert path in administrator.get(f"/{lang}/registers").text
    for other in (f"/{lang}/authority", f"/{lang}/cabinet", f"/{lang}/authority/filings", f"/{lang}/authority/looks"):
        assert administrator.get(other).status_code == 404
    for who in ("officer", "head", "auditor", "exchange"):
        assert country.as_user(who).get(path).status_code == 404
    listed = {a["name"]: a for a in administrator.get(f"{path}?as=json").json()["items"]}
    assert set(listed) == {u["name"] for u in country.demo["users"]}
    assert listed["miner"]["organisations"] == [country.user("miner")["organisation"]]
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    said = {"csrf": token[1], "name": "miner", "do": "end"}
    assert (
        Message("people_signed_out", {"name": "miner", "ended": 1}).text(lang)
        in administrator.post(path, data=said).text
    )
    assert miner.get(f"/{lang}/cabinet", follow_redirects=False).status_code in (303, 404)
    assert administrator.post(path, data={**said, "csrf": "x"}).status_code == 403
    for wrong in ("administrator", "nobody", ""):
        assert administrator.post(path, data={**said, "name": wrong, "do": "close"}).status_code in (409, 422)
    assert (
        Message("people_closed", {"name": "miner"}).text(lang)
        in administrator.post(path, data={**said, "do": "close"}).text
    )
    link = country.browser.get(country.user("miner")["link"], follow_redirects=False)
    assert link.status_code != 303
    assert country.browser.get("/api/v1/applications", headers=country.key("miner")).status_code == 401
    with country.work.transaction() as tx:
        assert stream(tx, "account/miner")[-1].content["by"] == "administrator"
    auditor, acts = country.as_user("auditor"), f"/{lang}/authority/account-acts"
    assert acts in auditor.get(f"/{lang}/authority").text
    assert Message("portal_account_act_closed").text(lang) in auditor.get(acts).text
    newest, *before = auditor.get(f"{acts}?as=json").json()["items"]
    assert (newest["done"], newest["name"], newest["by"]) == ("closed", "miner", "administrator")
    assert before[-1]["done"] == "delegated"  # the demonstration's representative
    assert [country.as_user(who).get(acts).status_code for who in ("officer", "administrator", "exchange")] == [404] * 3
    with country.work.transaction() as tx, pytest.raises(StoreError):
        accounts.add_account(tx, "miner", "applicant")  # nobody becomes who somebody was


def test_an_officer_who_also_acts_for_a_firm_has_a_queue(country: Portal) -> None:
    """What he may see of a firm is of another office's procedures: his queue shows it all the same."""
    with country.work.transaction() as tx:
        officer = accounts.add_account(tx, "nbk_officer", "officer", office="nbk")
        accounts.delegate(tx, officer, country.user("miner")["organisation"], first=date(2026, 1, 1))
        link = accounts.make_link(tx, officer)
    country.browser.get(f"/en/sign-in?token={link}")
    page = country.browser.get("/en/authority?show=open")
    assert page.status_code == 200
    assert "Licence for digital mining" in text(page)


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_an_officer_without_an_iin_is_told_why_no_step_is_his(country: Portal, lang: str) -> None:
    with country.work.transaction() as tx:
        officer = accounts.add_account(tx, "nobody_knows", "officer", office="ministry")
        link = accounts.make_link(tx, officer)
    country.browser.get(f"/{lang}/sign-in?token={link}")
    [first, *_] = country.browser.get(f"/{lang}/authority?show=open&as=json").json()["items"]
    page = country.browser.get(f"/{lang}/authority/applications/{first['id']}")
    assert Message("people_iin_unknown", {"name": "nobody_knows"}).text(lang) in text(page)
    assert 'name="step"' not in page.text
    with country.work.transaction() as tx:
        accounts.state_iin(tx, officer, "900101300017")
    assert 'name="step"' in country.browser.get(f"/{lang}/authority/applications/{first['id']}").text


def test_officials_of_a_country_made_before_iins_were_asked_for_get_theirs(country: Portal, tmp_path: Path) -> None:
    names = ("officer", "second_officer", "head", "afm_officer")
    owner = country.work.url
    with psycopg.connect(owner) as connection:
        connection.execute("update people.account set iin = null where name = any(%s)", [list(names)])
    (tmp_path / "demo.json").write_text(json.dumps(country.demo), encoding="utf-8")
    for _ in range(2):  # the second time there is nothing left to say
        assert make(country.work, tmp_path, 7) == country.demo
    with country.work.transaction() as tx:
        assert all(found is not None and found.iin for found in (accounts.named(tx, n) for n in names))
        assert [e.content["done"] for e in stream(tx, "account/officer")] == ["iin_stated"]
