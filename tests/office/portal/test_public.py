"""The public door: every page in three languages, filters, files, extracts, sign-in, and what is hidden."""

from __future__ import annotations

import json
import re

import pytest
from httpx import Response
from tests.office.conftest import SIGNER, Portal

from salyq.office.registry.extract import check
from salyq.office.store.store import Access

LANGS = ("kk", "ru", "en")


def pages(country: Portal) -> list[str]:
    number = country.demo["numbers"]["miners"][0]
    return [
        "",
        "/registers",
        *(f"/registers/{code}" for code in ("miners", "exchange_operators", "secured_issuers", "measures")),
        f"/registers/miners/{number}",
        "/registers/miners?q=Алтын&status=active&region=350000000&kind=I&on=2025-06-01",
        "/statistics",
        "/statistics/history",
        *(f"/statistics?register=aifc_participants&by={by}" for by in ("month", "region", "kind", "status")),
        "/check",
        "/sign-in",
    ]


def test_every_page_speaks_three_languages_and_says_that_the_country_is_made_up(country: Portal) -> None:
    said = {"kk": "ойдан құрастырылған", "ru": "выдуманная", "en": "made-up"}
    for path in pages(country):
        for lang in LANGS:
            answer = country.browser.get(f"/{lang}{path}")
            assert answer.status_code == 200, path
            assert f'<html lang="{lang}">' in answer.text
            assert said[lang] in answer.text
            assert not re.search(r"portal_[a-z]|registry_[a-z]|\{[a-z]+\}", answer.text)
            assert not re.search(r"<script(?! src=./static/)", answer.text)
            assert " style=" not in answer.text


def test_headers_of_every_answer(country: Portal) -> None:
    for path in ("/", "/kk", "/kk/nothing", "/healthz", "/static/salyq.css", "/api/v1/registers", "/api/v1/none"):
        headers = country.browser.get(path, follow_redirects=False).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "cache-control" in headers
        assert "server" not in headers


def test_the_front_door_follows_the_browsers_language(country: Portal) -> None:
    for asked, lang in (("ru-RU,ru;q=0.9", "ru"), ("en", "en"), ("de", "kk"), ("", "kk")):
        answer = country.browser.get("/", headers={"accept-language": asked}, follow_redirects=False)
        assert answer.headers["location"] == f"/{lang}"


def test_what_is_not_there_is_a_page_that_says_so(country: Portal) -> None:
    for path in ("/kk/registers/none", "/kk/registers/miners/none", "/de/registers", "/ru/statistics?by=colour"):
        answer = country.browser.get(path)
        assert answer.status_code == 404
        assert "</html>" in answer.text
    for query in ("on=2026-02-30", "on=x", "known=2026-06-15T10:00", "status=x", "region=1", "limit=-1"):
        answer = country.browser.get(f"/en/registers/miners?{query}")
        assert answer.status_code == 422, query
        assert "Traceback" not in answer.text


def test_a_restricted_register_is_not_there_for_others_and_each_look_is_written_down(country: Portal) -> None:
    with country.work.transaction() as tx:
        wallet = tx.value(b"select min(number) from registry.span where register = 'criminal_wallets'")
        before = tx.value(b"select count(*) from store.entry where kind = 'look'")
    paths = ("registers/criminal_wallets", f"registers/criminal_wallets/{wallet}", "registers/criminal_wallets.csv")
    for who in (country.browser, country.as_user("miner"), country.as_user("officer")):
        for path in paths:
            assert who.get(f"/kk/{path}").status_code == 404
        assert "Табылды: 0" in who.get(f"/kk/registers/miners?q={wallet}").text
        assert who.get("/api/v1/registers/criminal_wallets/records").status_code == 404
    afm = country.as_user("afm_officer")
    for path in paths:
        assert afm.get(f"/kk/{path}").status_code == 200
    with country.work.transaction() as tx:
        assert tx.value(b"select count(*) from store.entry where kind = 'look'") == before + 3


def test_lists_as_files(country: Portal) -> None:
    rows = country.browser.get("/ru/registers/miners.json?status=suspended").json()
    assert rows
    assert {r["status"] for r in rows} == {"suspended"}
    assert "contact" not in json.dumps(rows)
    text = country.browser.get("/ru/registers/miners.csv").content.decode("utf-8-sig")
    assert len(text.strip().split("\r\n")) == 81
    assert not any(cell[:1] in "=+@" for line in text.splitlines() for cell in line.split(",") if cell)


def test_an_extract_is_checked_by_a_stranger_and_a_changed_one_is_refused(country: Portal) -> None:
    number = country.demo["numbers"]["miners"][10]
    data = country.browser.get(f"/en/registers/miners/{number}/extract.json").content
    assert check(data, SIGNER.verifier).valid
    assert check(data).own_key
    document = json.loads(data)
    assert document["made_up"] is True
    body = document["entries"][0]["body"]
    changes = [
        {"state": {**document["state"], "status": "revoked"}},
        {"number": "M-2023-9999"},
        {"on": "2020-01-01"},
        {"entries": []},
        {"entries": [{**document["entries"][0], "body": body.replace('"kind":"II"', '"kind":"I"')}]},
        {"entries": [{**document["entries"][0], "path": document["entries"][0]["path"][1:]}]},
        {"checkpoint": document["checkpoint"].replace("\n\n", "\n1\n\n")},
        {"known": "2020-01-01T00:00:00+00:00"},
        {"salyq_extract": 2},
    ]
    for change in changes:
        assert not check(json.dumps({**document, **change}).encode(), SIGNER.verifier).valid, change
    odd = json.dumps({**document, "entries": [1]}).encode()
    for junk in (b"", b"[]", b"{", b'"x"', b"[" * 100_000, b"\xff\xfe", odd):
        assert not check(junk, SIGNER.verifier).valid


def test_an_extract_without_its_middle_entry_is_refused(country: Portal) -> None:
    with country.work.transaction() as tx:
        stream = tx.value(
            b"select stream from store.entry where kind = 'register' and stream like 'miners/%%' group by 1"
            b" having count(*) > 2 order by 1 limit 1"
        )
    document = country.browser.get(f"/api/v1/registers/miners/records/{stream.partition('/')[2]}/extract").json()
    assert check(json.dumps(document).encode()).valid
    del document["entries"][1]
    assert not check(json.dumps(document).encode()).valid


def token(text: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def test_the_check_page_takes_a_file_and_refuses_a_foreign_form(country: Portal) -> None:
    number = country.demo["numbers"]["miners"][3]
    data = country.browser.get(f"/en/registers/miners/{number}/extract.json").content
    page = country.browser.get("/en/check")
    csrf = token(page.text)

    def post(csrf: str, data: bytes, **headers: str) -> Response:
        file = {"file": ("e.json", data)}
        return country.browser.post("/en/check", data={"csrf": csrf}, files=file, headers=headers)

    good = post(csrf, data)
    assert good.status_code == 200
    assert number in good.text
    assert post(csrf, data.replace(b"active", b"x")).status_code == 422
    assert post("x", data).status_code == 403
    assert post(csrf, data, origin="https://evil.example").status_code == 403


def test_a_link_signs_in_once_and_sign_out_ends_it(country: Portal) -> None:
    from salyq.office.people import accounts

    with country.work.transaction(Access(user="test")) as tx:
        who = accounts.add_account(tx, "aidana", "applicant")
        link = accounts.make_link(tx, who)
    browser = country.browser
    before = browser.get("/en/sign-in").cookies.get("salyq")
    answer = browser.get(f"/en/sign-in?token={link}")
    assert "aidana" in answer.text
    assert browser.cookies.get("salyq") not in (None, before)
    csrf = token(browser.get("/en").text)
    old = browser.cookies.get("salyq")
    assert "aidana" not in browser.post("/en/sign-out", data={"csrf": csrf}).text
    browser.cookies.set("salyq", old or "")
    assert "aidana" not in browser.get("/en").text
    browser.cookies.clear()
    assert browser.get(f"/en/sign-in?token={link}").status_code == 403
    assert browser.get("/en/sign-in?token=nonsense").status_code == 403


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health(country: Portal, path: str) -> None:
    answer = country.browser.get(path)
    assert answer.status_code == 200
    if path == "/metrics":
        assert "salyq_entries " in answer.text
        assert 'salyq_jobs{state="waiting"}' in answer.text
