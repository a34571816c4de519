"""Passwords, passkeys, sessions, keys and delegation: what holds, what no longer holds, what never held."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.office.conftest import Portal
from tests.office.people.authenticator import Authenticator

from salyq.office.people import accounts, passwords, sessions
from salyq.office.store import entries
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Access, Store

GOOD = "түйе самолёт lantern 47"
FIRM = "230440900503"


def token(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


@pytest.fixture
def aidana(store: Store) -> accounts.Account:
    with store.transaction() as tx:
        return accounts.add_account(tx, "aidana", "applicant")


def test_a_password_holds_and_five_failures_lock_it(store: Store, clock: FixedClock, aidana: accounts.Account) -> None:
    def tried(password: str, name: str = "aidana") -> bool:
        with store.transaction() as tx:
            return passwords.check_password(tx, name, password) is not None

    with store.transaction() as tx:
        passwords.set_password(tx, aidana, GOOD)
        kept = tx.value(b"select hash from people.password")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in kept
    assert tried(GOOD)
    assert not tried(GOOD + " ")
    assert not tried(GOOD, "nobody")
    for _ in range(passwords.FAILURES):
        assert not tried("wrong")
    assert not tried(GOOD)
    clock.move(clock.now() + passwords.LOCKED + timedelta(seconds=1))
    assert tried(GOOD)


@pytest.mark.parametrize(
    "bad", ["short", "x" * 201, "password1234", "aidana-2026-aidana", "aaaaaaaaaaaaa", "құпиясөз 123"]
)
def test_a_password_that_is_easy_to_guess_is_refused(store: Store, aidana: accounts.Account, bad: str) -> None:
    with pytest.raises(StoreError), store.transaction() as tx:
        passwords.set_password(tx, aidana, bad)


def test_sessions_end(store: Store, clock: FixedClock, aidana: accounts.Account) -> None:
    def living(cookie: str) -> bool:
        with store.transaction() as tx:
            return sessions.find(tx, cookie) is not None

    with store.transaction() as tx:
        one, first = sessions.start(tx, aidana)
        two, _ = sessions.start(tx, aidana)
        assert one not in str(tx.values(b"select * from people.session"))
    assert living(one)
    with store.transaction() as tx:
        sessions.end(tx, first)
    assert (living(one), living(two)) == (False, True)
    clock.move(clock.now() + sessions.IDLE + timedelta(seconds=1))
    assert not living(two)
    with store.transaction() as tx:
        three, _ = sessions.start(tx, aidana)
    for _ in range(20):
        clock.move(clock.now() + timedelta(minutes=40))
        if not living(three):
            break
    assert not living(three)


def test_a_delegation_holds_between_its_days(store: Store, clock: FixedClock, aidana: accounts.Account) -> None:
    today = date(2026, 6, 15)
    with store.transaction() as tx:
        accounts.add_organisation(tx, FIRM, "Firm")
        accountant = accounts.add_account(tx, "accountant", "representative")
        accounts.delegate(tx, aidana, FIRM, first=today)
        last = today + timedelta(days=2)
        given = accounts.delegate(tx, accountant, FIRM, first=today + timedelta(days=1), last=last, given_by=aidana.id)

    def may() -> bool:
        with store.transaction() as tx:
            return FIRM in accounts.access_of(tx, accountant).organisations

    assert not may()
    clock.move(clock.now() + timedelta(days=1))
    assert may()
    with store.transaction() as tx:
        assert [accounts.end_delegation(tx, given, of) for of in (["other"], [FIRM], [FIRM])] == [False, True, False]
        said = [(e.content["done"], e.content["organisation"]) for e in entries.stream(tx, "account/accountant")]
        assert said == [("delegated", FIRM), ("delegation_ended", FIRM)]
    assert not may()
    with pytest.raises(StoreError), store.transaction() as tx:
        accounts.delegate(tx, accountant, FIRM, first=today, last=today - timedelta(days=1))


def test_the_password_form_and_where_it_leads(country: Portal) -> None:
    with country.work.transaction(Access(user="test")) as tx:
        who = accounts.add_account(tx, "aidana", "applicant")
        passwords.set_password(tx, who, GOOD)
    client = TestClient(country.browser.app, base_url="http://127.0.0.1", follow_redirects=False)
    csrf = token(client, "/ru/sign-in")
    bad = client.post("/ru/sign-in", data={"csrf": csrf, "name": "aidana", "password": "wrong"})
    assert bad.status_code == 403
    assert "Неверное имя" in bad.text
    for wanted, leads in (("/ru/registers", "/ru/registers"), ("https://evil.example", "/ru"), ("//evil", "/ru")):
        csrf = token(client, "/ru/sign-in")
        done = client.post("/ru/sign-in", data={"csrf": csrf, "name": "aidana", "password": GOOD, "next": wanted})
        assert (done.status_code, done.headers["location"]) == (303, leads)


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(country: Portal) -> None:
    one, two = country.as_user("miner"), country.as_user("miner")

    def change(**form: str) -> int:
        return one.post("/en/account", data={"csrf": token(one, "/en/account"), "do": "password", **form}).status_code

    assert change(password="x") == 422
    assert change(password=GOOD) == 200
    assert "miner" in one.get("/en").text
    assert "Sign in" in two.get("/en").text
    assert change(password=GOOD + "!") == 422
    assert change(password=GOOD + "!", old="wrong") == 422
    assert change(password=GOOD + "!", old=GOOD) == 200


def passkey(client: TestClient, device: Authenticator) -> None:
    csrf = token(client, "/en/account")
    options = client.post("/en/account/passkey", data={"csrf": csrf}).json()
    done = client.post(
        "/en/account/passkey", data={"csrf": csrf, "credential": device.create(options), "label": "phone"}
    )
    assert done.status_code == 200, done.text


def sign_in(country: Portal, device: Authenticator, spoil: Any = lambda x: x) -> tuple[int, TestClient]:
    client = TestClient(country.browser.app, base_url="http://127.0.0.1")
    csrf = token(client, "/en/sign-in")
    options = client.post("/en/sign-in/passkey", data={"csrf": csrf}).json()
    answer = client.post("/en/sign-in/passkey", data={"csrf": csrf, "credential": spoil(device.get(options))})
    return answer.status_code, client


def test_a_passkey_is_made_and_signs_in(country: Portal) -> None:
    device = Authenticator()
    miner = country.as_user("miner")
    passkey(miner, device)
    assert "phone" in miner.get("/en/account").text
    status, client = sign_in(country, device)
    assert status == 200
    assert "miner" in client.get("/en").text


def test_a_passkey_of_elsewhere_or_used_twice_does_not_sign_in(country: Portal) -> None:
    device = Authenticator()
    passkey(country.as_user("miner"), device)
    assert sign_in(country, device)[0] == 200
    foreign = Authenticator()
    assert sign_in(country, foreign)[0] == 422  # the same id, another key
    device.origin = "https://evil.example"
    assert sign_in(country, device)[0] == 422
    device.origin, device.verified = "http://127.0.0.1", False
    assert sign_in(country, device)[0] == 422
    device.verified, device.count = True, -1  # a copy that lags behind
    assert sign_in(country, device)[0] == 422
    assert sign_in(country, device, lambda _: "{}")[0] == 422
    assert sign_in(country, device, lambda c: json.dumps({**json.loads(c), "rawId": 5}))[0] == 422


def test_a_challenge_holds_once(country: Portal) -> None:
    device = Authenticator()
    passkey(country.as_user("miner"), device)
    client = TestClient(country.browser.app, base_url="http://127.0.0.1")
    csrf = token(client, "/en/sign-in")
    options = client.post("/en/sign-in/passkey", data={"csrf": csrf}).json()
    credential = device.get(options)
    assert client.post("/en/sign-in/passkey", data={"csrf": csrf, "credential": credential}).status_code == 200
    again = client.post("/en/sign-in/passkey", data={"csrf": token(client, "/en/account"), "credential": credential})
    assert again.status_code == 422
