"""Visitors who ask slowly, guess, come back after their trust ended, or turn pages that are not theirs."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.office.conftest import Portal
from tests.office.people.test_signing_in import GOOD, token
from tests.office.portal.test_cabinet import send

from salyq.office.people import accounts, passwords
from salyq.office.portal.limits import LIMITS, LINK, SIGN_IN, Limit, Limits, kind_of
from salyq.office.portal.prompt import Prompt
from salyq.office.store.store import Access

# --- heads that come drop by drop -------------------------------------------------------------------------------------

HEAD = b"GET /slow HTTP/1.1\r\nHost: x\r\n"


class Quick(Prompt):
    grace_seconds = 0.1
    head_seconds = 0.4
    most_waiting = 4


async def slow_page(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A page that takes longer than a head may; one that keeps the whole process busy."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/busy":
        time.sleep(0.4)
    elif scope["path"] == "/slow":
        await asyncio.sleep(0.8)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def slow_site() -> Iterator[int]:
    config = uvicorn.Config(slow_page, port=0, log_config=None, http=Quick, lifespan="off", timeout_keep_alive=30)
    server, listener = uvicorn.Server(config), config.bind_socket()
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)


def opened(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=10)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def drips(line: socket.socket) -> bool:
    """Sends a head drop by drop for seconds; whether the other side let go."""
    try:
        for drop in range(60):
            line.send(b"X-%d: 1\r\n" % drop if drop else HEAD)
            time.sleep(0.05)
    except OSError:
        return True
    return False


def asked(line: socket.socket, path: bytes = b"/slow") -> bytes:
    line.sendall(HEAD.replace(b"/slow", path) + b"\r\n")
    return answered(line)


def answered(line: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"ok"):
        more = line.recv(1000)
        if not more:
            break
        said += more
    return said


def test_a_head_that_comes_drop_by_drop_is_given_up_and_nobody_else_waits() -> None:
    with slow_site() as port, ExitStack() as held:
        good = held.enter_context(opened(port))
        assert asked(good).startswith(b"HTTP/1.1 200")  # a page may take longer than its question
        assert drips(good)  # the next head on the same line is owed in time too
        assert drips(held.enter_context(opened(port)))
        silent = held.enter_context(opened(port))
        assert silent.recv(1) == b""  # nor may one say nothing at all


def test_one_address_holds_only_so_many_lines_that_ask_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Quick, "head_seconds", 60)
    with slow_site() as port, ExitStack() as held:
        waiting = [held.enter_context(opened(port)) for _ in range(12)]
        until = time.monotonic() + 20
        while (gone := sum(map(closed, waiting))) < 12 - Quick.most_waiting and time.monotonic() < until:
            time.sleep(0.05)
        assert gone == 12 - Quick.most_waiting
        left = next(line for line in waiting if not closed(line))
        left.settimeout(10)
        assert asked(left).startswith(b"HTTP/1.1 200")  # who asks after all is answered, and makes room
        one_more = held.enter_context(opened(port))
        time.sleep(3 * Quick.grace_seconds)
        assert not closed(one_more)


def test_a_burst_of_one_proxy_and_the_lines_that_it_keeps_are_served() -> None:
    """Many at once to a busy process, and again after a while of silence: nobody of them owes a head."""
    with slow_site() as port, ExitStack() as held:
        busy = held.enter_context(opened(port))
        busy.sendall(HEAD.replace(b"/slow", b"/busy") + b"\r\n")
        time.sleep(0.05)
        lines = [held.enter_context(opened(port)) for _ in range(5 * Quick.most_waiting)]
        for line in lines:
            line.sendall(HEAD.replace(b"/slow", b"/") + b"\r\n")
        assert all(answered(line).startswith(b"HTTP/1.1 200") for line in lines)
        time.sleep(Quick.grace_seconds + 1.5 * Quick.head_seconds)
        assert all(asked(line, b"/").startswith(b"HTTP/1.1 200") for line in lines)


def closed(line: socket.socket) -> bool:
    line.settimeout(0.05)
    try:
        return line.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


# --- guessing ---------------------------------------------------------------------------------------------------------


def test_one_time_links_are_not_guessed(country: Portal, caplog: pytest.LogCaptureFixture) -> None:
    with country.work.transaction(Access(user="test")) as tx:
        who = accounts.add_account(tx, "aidana", "applicant")
        link = accounts.make_link(tx, who)
        late = accounts.make_link(tx, who, lasts=timedelta(seconds=-1))
    assert len(link) >= 40  # 256 bits in base64: no number of tries is enough
    browser = TestClient(country.browser.app, base_url="http://127.0.0.1")
    near = link[:-1] + ("A" if link[-1] != "A" else "B")
    for wrong in (near, link.swapcase(), link[:20], late, "' or '1'='1", "%", "_" * len(link), "\x00"):
        answer = browser.get("/en/sign-in", params={"token": wrong})
        assert answer.status_code == 403, wrong
        assert "salyq" not in answer.headers.get("set-cookie", "") or "Sign in" in browser.get("/en").text
    assert browser.get("/en/sign-in", params={"token": link}).status_code in (200, 303)
    again = TestClient(country.browser.app, base_url="http://127.0.0.1")
    assert again.get("/en/sign-in", params={"token": link}).status_code == 403  # it held once
    site: Any = country.browser.app.state.site  # type: ignore[attr-defined]
    site.limits = Limits({**LIMITS, LINK: Limit(3, 1)})  # however slow the machine is, nothing fills again
    tried = [again.get("/en/sign-in", params={"token": f"{n:043}"}).status_code for n in range(4)]
    assert tried == [403, 403, 403, 429]
    assert LIMITS[LINK].burst <= 60
    assert kind_of("GET", "/en/sign-in", b"token=x") == LINK
    assert kind_of("POST", "/en/sign-in") == SIGN_IN
    assert all(link not in r.getMessage() for r in caplog.records)


def test_a_password_is_not_guessed_from_any_address_and_a_name_is_not_told(country: Portal) -> None:
    with country.work.transaction(Access(user="test")) as tx:
        passwords.set_password(tx, accounts.add_account(tx, "aidana", "applicant"), GOOD)

    def tried(name: str, password: str, address: str) -> tuple[int, str]:
        client = TestClient(country.browser.app, base_url="http://127.0.0.1", client=(address, 1))
        sent = {"csrf": token(client, "/en/sign-in"), "name": name, "password": password}
        answer = client.post("/en/sign-in", data=sent)
        return answer.status_code, re.sub(r'(value|csrf)="[^"]*"', "", answer.text)

    known, unknown = tried("aidana", "wrong", "192.0.2.1"), tried("nobody", "wrong", "192.0.2.2")
    assert known == unknown  # the same words for both
    for n in range(passwords.FAILURES):
        assert tried("aidana", f"wrong {n}", f"192.0.2.{10 + n}")[0] == 403
    assert tried("aidana", GOOD, "192.0.2.99")[0] == 403  # locked, from wherever
    clock = country.work.clock
    clock.move(clock.now() + passwords.LOCKED + timedelta(seconds=1))  # type: ignore[attr-defined]
    assert tried("aidana", GOOD, "192.0.2.99")[0] == 200


# --- the end of a trust -----------------------------------------------------------------------------------------------


def test_access_is_gone_the_moment_a_delegation_ends(country: Portal, caplog: pytest.LogCaptureFixture) -> None:
    bin_ = country.user("miner")["organisation"]
    with country.work.transaction(Access(user="test")) as tx:
        accountant = accounts.add_account(tx, "accountant", "representative")
        link = accounts.make_link(tx, accountant, many=True)
    miner = country.as_user("miner")
    sent = {"csrf": token(miner, "/en/account"), "do": "delegate", "organisation": bin_, "name": "accountant"}
    assert "no applicant" in miner.post("/en/account", data={**sent, "name": "nobody"}).text
    assert miner.post("/en/account", data={**sent, "organisation": "211140900363"}).status_code == 404
    wrong_days = miner.post("/en/account", data={**sent, "last": "2020-01-01"})
    assert wrong_days.status_code == 422
    assert '<a href="#d.last">' in wrong_days.text  # the day that is wrong, and what was typed is kept
    assert 'name="last" value="2020-01-01" aria-invalid="true"' in wrong_days.text
    assert 'name="name" value="accountant"' in wrong_days.text
    for name in ("first", "last"):
        wrong = miner.post("/en/account", data={**sent, name: "31.12.2026"}).text
        assert f'<a href="#d.{name}">' in wrong
    assert '<a href="#d.name">' in miner.post("/en/account", data={**sent, "name": "nobody"}).text
    assert "entrusted" in miner.post("/en/account", data=sent).text
    page = TestClient(country.browser.app, base_url="http://127.0.0.1", follow_redirects=True)
    page.get("/en/sign-in", params={"token": link})
    case = country.browser.get("/api/v1/applications", headers=country.key("miner")).json()["items"][0]["id"]
    made = page.post("/en/account", data={"csrf": token(page, "/en/account"), "do": "key", "label": "b"}).text
    key = {"authorization": f"Bearer {re.search(r'class=.secret.>(salyq_[^<]+)<', made)[1]}"}  # type: ignore[index]
    places = [f"/en/cabinet/applications/{case}", f"/api/v1/applications/{case}"]

    def statuses() -> list[int]:
        return [page.get(places[0]).status_code, country.browser.get(places[1], headers=key).status_code]

    assert statuses() == [200, 200]
    form = page.get(places[0])  # open in the browser while the trust ends
    [id_] = re.findall(
        r'value="end_delegation"><input type="hidden" name="id" value="([^"]+)">[^(<]*\(accountant\)',
        miner.get("/en/account").text,
    )
    stranger = country.as_user("exchange")
    end = {"do": "end_delegation", "id": id_}
    assert stranger.post("/en/account", data={**end, "csrf": token(stranger, "/en/account")}).status_code == 404
    assert statuses() == [200, 200]
    assert "no access" in miner.post("/en/account", data={**end, "csrf": token(miner, "/en/account")}).text
    with caplog.at_level(logging.WARNING, "salyq.portal"):
        assert statuses() == [404, 404]
    assert sum(r.getMessage().endswith("for accountant") for r in caplog.records) == 2
    assert page.get("/en/cabinet").text.count(bin_) == 0
    if "<button" in form.text.partition("<main")[2]:
        assert send(page, form, {}, button="Withdraw").status_code in (403, 404)
    step = country.browser.post(f"{places[1]}/steps/withdraw", json={}, headers=key)
    assert step.status_code == 404
    filed = {"kind": "pool_table", "organisation": bin_}
    answer = country.browser.post("/api/v1/filings", data=filed, files={"file": ("a.csv", b"a;b")}, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "intake_not_yours")
    again = miner.post("/en/account", data={**end, "csrf": token(miner, "/en/account")})
    assert again.status_code == 404  # it ended once


# --- cursors ----------------------------------------------------------------------------------------------------------

CURSORS = st.one_of(
    st.text(max_size=30), st.integers().map(str), st.from_regex(r"[A-Za-z0-9+/_=-]{0,60}", fullmatch=True),
    st.sampled_from(["M-2023-0001", "-1", "1e9", "9" * 40, "٣", "' or 1=1 --", "\x00", "../..", "%2e", "next"]),
)  # fmt: skip
LISTS = [
    ("exchange", "/api/v1/applications", "cursor"), ("exchange", "/api/v1/filings", "cursor"),
    ("", "/api/v1/entries", "after"), ("", "/api/v1/registers/miners/records", "cursor"),
    ("", "/api/v1/registers/miners/records?q=maining", "cursor"), ("officer", "/en/authority", "cursor"),
    ("exchange", "/en/cabinet/filings", "cursor"), ("officer", "/en/authority/filings", "cursor"),
    ("", "/api/v1/registers/criminal_wallets/records", "cursor"),
]  # fmt: skip


def test_no_cursor_breaks_a_list_or_opens_anothers(country: Portal) -> None:
    """Whatever a cursor says, the page is a good one of the asker's own list or one clear refusal."""
    own = country.user("exchange")["organisation"]
    pages = {who: country.as_user(who) if who else country.browser for who, *_ in LISTS}

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(CURSORS, st.sampled_from(LISTS))
    def tried(cursor: str, where: tuple[str, str, str]) -> None:
        who, path, name = where
        headers = country.key(who) if path.startswith("/api") and who else {}
        answer = pages[who].get(path, params={name: cursor}, headers=headers)
        assert answer.status_code in (200, 404, 422), (path, cursor, answer.status_code)
        assert "Traceback" not in answer.text
        if answer.status_code == 200 and path.startswith("/api") and who:
            assert {i["organisation"] for i in answer.json()["items"]} <= {own}, (path, cursor)

    tried()
