"""Limits, second factors, passwords, and whatever a hostile form or file may hold."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.office.conftest import Portal
from tests.office.people.authenticator import Authenticator
from tests.office.people.test_signing_in import passkey, token

from salyq.office.people.passwords import easy
from salyq.office.portal.limits import LIMITS, READ, SIGN_IN, Limit, Limits


def test_an_address_that_asks_too_often_is_told_to_wait(country: Portal) -> None:
    site: Any = country.browser.app.state.site  # type: ignore[attr-defined]
    site.limits = Limits({**LIMITS, READ: Limit(1000, 1000), "write": Limit(3, 1), SIGN_IN: Limit(2, 1)})
    csrf = token(country.browser, "/en/sign-in")
    sent = {"csrf": csrf, "name": "nobody", "password": "no such password"}
    assert [country.browser.post("/en/sign-in", data=sent).status_code for _ in range(4)] == [403, 403, 429, 429]
    told = country.browser.post("/en/sign-in", data=sent)
    assert 1 <= int(told.headers["retry-after"]) <= 60
    assert "</html>" in told.text
    assert "default-src 'none'" in told.headers["content-security-policy"]
    answers = [country.browser.post("/api/v1/ask", json={"act": "mine"}) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "portal_429"
    assert country.browser.get("/en/registers").status_code == 200


@given(st.lists(st.integers(min_value=0, max_value=3000), max_size=80))
def test_no_address_gets_more_than_its_share(steps: list[int]) -> None:
    limits, now, allowed = Limits({READ: Limit(5, 60)}), 0, 0
    for step in steps:
        now += step
        wait = limits.wait("a", READ, now)
        allowed += wait == 0
        assert allowed <= 5 + now * 60 // 60_000 + 1
        assert wait == 0 or limits.wait("a", READ, now) > 0  # who waits is not let in by asking again
    assert limits.wait("b", READ, now) == 0


@pytest.mark.parametrize(
    "bad",
    [
        *(
            "Password1234",
            "P@ssw0rd2024!",
            "qwertyuiop123",
            "1qaz2wsx3edc",
            "йцукенгшщзхъ",
            "abcabcabcabc",
            "123456789012",
        ),
        *("Almaty2024!!", "Казахстан2025", "letmeinletmein", "aaaaaaaabbbb", "iloveyou1234", "zxcvbnm,./12"),
    ],
)
def test_what_lists_of_breached_passwords_are_made_of_is_refused(bad: str) -> None:
    assert easy(bad.casefold())


@pytest.mark.parametrize(
    "good", ["көк аспан мен қара жер", "correct horse battery staple", "tR7-vm2q.Lx9k", "Айдын көлдің қуы 7"]
)
def test_a_good_password_is_taken(good: str) -> None:
    assert not easy(good.casefold())


def test_an_officer_works_with_a_passkey_only(country: Portal) -> None:
    site: Any = country.browser.app.state.site  # type: ignore[attr-defined]
    site.made_up = False
    try:
        officer, device = country.as_user("officer"), Authenticator()
        assert str(officer.get("/en/authority").url).endswith("/en/account?second=1")
        assert officer.get("/en/registers/measures").status_code == 200  # as everybody
        assert officer.get("/api/v1/applications").status_code == 403
        csrf = token(officer, "/en/account")
        assert (
            officer.post("/en/authority/proposals", data={"csrf": csrf, "do": "confirm", "id": "x"}).status_code == 403
        )
        passkey(officer, device)
        assert "My queue" in officer.get("/en/authority").text
        thief = country.as_user("officer")  # with the link alone
        assert "My queue" not in thief.get("/en/authority").text
        sent = {"csrf": token(thief, "/en/account")}
        assert thief.post("/en/account/passkey", data=sent).status_code == 403
        options = thief.post("/en/sign-in/passkey", data=sent).json()
        signed = thief.post("/en/sign-in/passkey", data={**sent, "credential": device.get(options)})
        assert signed.status_code == 200
        assert "My queue" in thief.get("/en/authority").text
        assert country.as_user("miner").get("/en/cabinet").status_code == 200
    finally:
        site.made_up = True


def key_of(client: TestClient, **more: str) -> str:
    """A key for programs as the account's page gives it."""
    sent = {"csrf": token(client, "/en/account"), "do": "key", "label": "books", **more}
    found = re.search(r'class="secret">(salyq_[^<]+)<', client.post("/en/account", data=sent).text)
    assert found is not None
    return found[1]


def test_a_key_of_an_officer_reads_and_a_passkey_stands_behind_it(country: Portal) -> None:
    site: Any = country.browser.app.state.site  # type: ignore[attr-defined]
    weak = country.key("officer")
    assert country.browser.get("/api/v1/applications", headers=weak).status_code == 200  # the made-up country
    site.made_up = False
    try:
        told = country.browser.get("/api/v1/applications", headers=weak)
        assert (told.status_code, told.json()["code"]) == (403, "portal_key_without_second_factor")
        officer = country.as_user("officer")
        sent = {"csrf": token(officer, "/en/account"), "do": "key", "label": "books"}
        assert officer.post("/en/account", data=sent).status_code == 403  # the link alone makes none
        passkey(officer, Authenticator())
        strong = {"authorization": f"Bearer {key_of(officer)}"}
        assert country.browser.get("/api/v1/applications", headers=strong).status_code == 200
        act = {"procedure": "measure", "organisation": "230440900503", "fields": {}}
        told = country.browser.post("/api/v1/applications", json=act, headers=strong)
        assert (told.status_code, told.json()["code"]) == (403, "portal_key_only_reads")
        with country.work.transaction() as tx:
            assert tx.value(b"select max(expires_at - made_at) from people.api_key where second_factor").days == 30
    finally:
        site.made_up = True


def test_a_key_is_of_one_organisation_and_ends(country: Portal) -> None:
    miner, own = country.as_user("miner"), country.user("miner")["organisation"]
    key = {"authorization": f"Bearer {key_of(miner, organisation=own)}"}
    form = {"kind": "pool_table", "organisation": own}
    files = {"file": ("a.csv", b"a;b;c\n1;2;3")}
    assert country.browser.post("/api/v1/filings", data=form, files=files, headers=key).status_code == 201
    other = {"csrf": token(miner, "/en/account"), "do": "key", "label": "x", "organisation": "221240021097"}
    assert miner.post("/en/account", data=other).status_code == 404
    page = miner.get("/en/account").text
    assert "books" in page
    assert key["authorization"][7:] not in page
    ids = re.findall(r'name="id" value="([0-9a-f-]{36})">books', page)
    stranger = country.as_user("exchange")
    for id_, status in ((ids[0], 404), ("x", 404)):
        sent = {"csrf": token(stranger, "/en/account"), "do": "end_key", "id": id_}
        assert stranger.post("/en/account", data=sent).status_code == status
    assert country.browser.get("/api/v1/applications", headers=key).status_code == 200
    sent = {"csrf": token(miner, "/en/account"), "do": "end_key", "id": ids[0]}
    assert miner.post("/en/account", data=sent).status_code == 200
    assert country.browser.get("/api/v1/applications", headers=key).status_code == 401


NASTY = st.text(max_size=40) | st.sampled_from(
    ["\x00", "'; drop table x; --", "<script>x</script>", "..\\..\\a", "-1", "1e999"]
)
PLACES = (
    ("trader", "/en/cabinet/cases", ("name", "subject", "kind")),
    ("miner", "/en/cabinet/apply/mining_licence", ("organisation", "f.kind", "f.capacity_mw", "f.region", "once")),
    ("miner", "/en/cabinet/filings", ("kind", "organisation", "corrects")),
    ("officer", "/en/authority/proposals", ("id", "do", "reason")),
    ("officer", "/en/authority/open/mining_licence_suspension", ("number", "f.months", "f.ground", "f.reason")),
    ("officer", "/en/authority/open/measure", ("organisation", "name", "f.measure", "f.plan_due", "f.text")),
)
_clients: dict[str, tuple[TestClient, str]] = {}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PLACES), st.lists(NASTY, min_size=5, max_size=5), st.binary(max_size=200), NASTY)
def test_no_form_and_no_file_finds_a_defect(
    country: Portal, place: tuple[str, str, tuple[str, ...]], said: list[str], data: bytes, name: str
) -> None:
    who, path, fields = place
    if who not in _clients or _clients[who][0].app is not country.browser.app:
        client = country.as_user(who)
        _clients[who] = client, token(client, "/en/account")
    client, csrf = _clients[who]
    shown = re.sub(r"[\x00-\x1f\"\\]", "", name.encode("utf-8", "ignore").decode()) or "x"
    form = {k: v.encode("utf-8", "ignore").decode() for k, v in zip(fields, said, strict=False)}
    answer = client.post(path, data={"csrf": csrf, **form}, files={"file": (shown, data, "text/csv")})
    assert answer.status_code < 500, (path, form)
    assert "Traceback" not in answer.text
    assert "<script>x</script>" not in answer.text


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=400),
    st.sampled_from(["a.csv", "a.xlsx", "person.toml", "answers.toml", "a.json", "m.mapping.toml"]),
)
def test_no_file_of_a_case_finds_a_defect(country: Portal, data: bytes, name: str) -> None:
    client = country.as_user("trader")
    csrf = token(client, "/en/account")
    case = str(client.post("/en/cabinet/cases", data={"csrf": csrf, "name": "x", "kind": "individual"}).url)
    assert client.post(case, data={"csrf": csrf}, files={"files": (name, data)}).status_code < 500
    for page in ("", "/person", "/rows", "/questions", "/2025", "/calendar"):
        answer = client.get(case + page)
        assert answer.status_code < 500, (page, name, data)
        assert "Traceback" not in answer.text
