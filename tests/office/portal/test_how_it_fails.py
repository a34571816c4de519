"""What may go wrong for somebody who asks the office: one clear message in his language, nothing half-done, nothing
lost. A database that stops and a full disk: tests/office/test_failing.py.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.office.conftest import Portal
from tests.office.people.test_signing_in import token
from tests.office.portal.browsing import text

from salyq.civil.days import kz_day
from salyq.civil.messages import Message
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed, write

LANGS = ("kk", "ru", "en")


def entries(country: Portal) -> int:
    with country.work.transaction() as tx:
        return int(tx.value(b"select count(*) from store.entry"))


def summary(page: Any) -> str:
    """The one message of the page."""
    found = re.findall(r'role="alert"[^>]*>.*?</div>', page.text, re.S)
    assert len(found) == 1, page.text[:500]
    assert "Traceback" not in page.text
    return text(page)


WRONG_FILES = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "a table of something": "а;б\n1;2\n".encode(),
    "cut off": b'{"form": "270.00", "lines": {',
    "an archive": b"PK\x03\x04" + b"\0" * 40,
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_refused_with_what_would_be_right(country: Portal, name: str) -> None:
    pool = country.as_user("pool")
    bin_ = country.user("pool")["organisation"]
    for lang in LANGS:
        sent = {"csrf": token(pool, f"/{lang}/account"), "kind": "pool_table", "organisation": bin_}
        page = pool.post(f"/{lang}/cabinet/filings", data=sent, files={"file": ("smp1.csv", WRONG_FILES[name])})
        assert page.status_code in (200, 422)
        assert "Traceback" not in page.text
        accepted = {"kk": "қабылданды", "ru": "принято", "en": "accepted"}[lang]
        assert f"<strong>{accepted}" not in page.text
    with country.work.transaction() as tx:
        kept = tx.value(b"select count(*) from intake.filing where status = 'accepted' and file_name = 'smp1.csv'")
    assert kept == 0


@pytest.mark.parametrize("path", ["registers/miners/M-1999-0001", "registers/miners/%00", "cabinet/applications/x"])
def test_an_unknown_number_is_not_found_in_words(country: Portal, path: str) -> None:
    miner = country.as_user("miner")
    for lang in LANGS:
        page = miner.get(f"/{lang}/{path}")
        assert page.status_code == 404
        assert Message("portal_404").text(lang) in text(page)
    told = country.browser.get("/api/v1/registers/miners/records/M-1999-0001")
    assert told.status_code == 404
    assert set(told.json()["words"]) == set(LANGS)


def reviewed(country: Portal, status: str) -> str:
    key = country.key("officer")
    query = urlencode({"procedure": "mining_licence", "status": status})
    found = country.browser.get(f"/api/v1/applications?{query}", headers=key).json()["items"]
    return str(found[0]["id"])


def test_a_step_that_is_not_listed_and_a_second_decision_change_nothing(country: Portal) -> None:
    id_, before = reviewed(country, "proposed_grant"), entries(country)
    officer, second = country.as_user("officer"), country.as_user("second_officer")
    for lang in LANGS:
        sent = {"csrf": token(officer, f"/{lang}/account"), "step": "accept"}
        page = officer.post(f"/{lang}/authority/applications/{id_}", data=sent)
        assert page.status_code == 409
        summary(page)
    assert entries(country) == before
    sent = {"csrf": token(second, "/ru/account"), "step": "confirm_grant"}
    assert second.post(f"/ru/authority/applications/{id_}", data=sent).status_code == 200
    after = entries(country)
    again = second.post(f"/ru/authority/applications/{id_}", data=sent)
    assert again.status_code == 409
    summary(again)
    told = country.browser.post(f"/api/v1/applications/{id_}/steps/withdraw", json={}, headers=country.key("officer"))
    assert told.status_code in (403, 409)
    assert set(told.json()["words"]) == set(LANGS)
    assert entries(country) == after


def test_a_late_answer_is_told_with_its_day(country: Portal) -> None:
    """An extension that had to be asked for two months before the end."""
    miner, bin_ = country.as_user("miner"), country.user("miner")["organisation"]
    with country.work.transaction() as tx:
        first = kz_day(tx.now) - timedelta(days=720)
        ground = {"act": "aifc-fintech", "article": "2.5.1"}
        number, fields = "AFSA-G-LA-2024-0099", {"activities": ["fintech_lab"]}
        write(tx, [Proposed("aifc_participants", number, "granted", first, Subject(bin_, "F"), fields, ground)])
    before = entries(country)
    for lang in LANGS:
        sent = {
            "csrf": token(miner, f"/{lang}/account"),
            "organisation": bin_,
            "number": number,
            "f.until": "2028-01-01",
        }
        page = miner.post(f"/{lang}/cabinet/apply/fintech_lab_extension", data=sent)
        assert page.status_code == 409
        days = (r"\d\d\.\d\d\.2026", r"2026-\d\d-\d\d")
        mine, others = days[::-1] if lang == "en" else days
        assert re.search(mine, summary(page))
        assert not re.search(others, summary(page))
    assert entries(country) == before


def test_a_line_that_breaks_while_a_file_comes_leaves_nothing(country: Portal) -> None:
    """The browser goes away in the middle of an upload: no filing, no file, and the next one is as good as any."""
    pool = country.as_user("pool")
    csrf, cookie = token(pool, "/en/account"), "; ".join(f"{k}={v}" for k, v in pool.cookies.items())
    before, head = entries(country), b"--b\r\ncontent-disposition: form-data; name=%s\r\n\r\n"
    parts = [head % b'"csrf"' + csrf.encode() + b"\r\n", head % b'"file"; filename="a.csv"' + b"x" * 5000]
    messages = [{"type": "http.request", "body": p, "more_body": True} for p in parts] + [{"type": "http.disconnect"}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    app: Any = country.browser.app
    headers = [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())]
    headers.append((b"content-type", b"multipart/form-data; boundary=b"))
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
             "path": "/en/cabinet/filings", "raw_path": b"/en/cabinet/filings", "query_string": b"", "root_path": "",
             "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "app": app}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    status = next((m["status"] for m in sent if m["type"] == "http.response.start"), 400)
    assert 400 <= status < 500
    assert entries(country) == before
    assert pool.get("/en/cabinet/filings").status_code == 200
