"""Lines of the log, sign-ins that are told, sessions that end or grow old."""

from __future__ import annotations

import hashlib
import io
import logging
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.office.conftest import Portal
from tests.office.people.test_signing_in import GOOD, token

from salyq.cli.main import main
from salyq.cli.office import office
from salyq.office.people import accounts, breached, passwords, sessions
from salyq.office.portal import logs
from salyq.office.store.errors import StoreError


def test_nothing_sent_begins_a_line_of_its_own(country: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    root, told = logging.getLogger("salyq"), io.StringIO()
    kept, level, up = root.handlers[:], root.level, root.propagate
    monkeypatch.setattr("sys.stderr", told)
    try:
        logs.to_stderr("info")
        country.browser.get("/en/a%0A2026-01-01T00:00:00Z%20WARNING%20salyq:%20planted%0D%1b[31m%E2%80%AE")
        country.as_user("miner").get("/en/cabinet/filings/%0Aplanted")
        logging.getLogger("salyq.x").error("defect", exc_info=ValueError("a\nplanted"))
    finally:
        root.handlers[:], root.propagate = kept, up
        root.setLevel(level)
    lines = told.getvalue().splitlines()
    assert len(lines) > 3
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (INFO|WARNING|ERROR) salyq\."
    assert all(re.match(stamp, line) or line.startswith("    ") for line in lines)
    assert any("signed in: miner by link from testclient" in line for line in lines)
    assert any(re.search(r"[0-9a-f]{16} GET /en/a\\n2026", line) for line in lines)
    assert "\x1b" not in told.getvalue()
    assert "\u202e" not in told.getvalue()


def test_a_new_key_or_passkey_needs_a_sign_in_a_moment_ago(country: Portal) -> None:
    miner = country.as_user("miner")
    sent = {"csrf": token(miner, "/en/account")}
    assert miner.post("/en/account/passkey", data=sent).status_code == 200
    clock: Any = country.web.clock
    clock.move(clock.now() + sessions.FRESH + timedelta(seconds=1))
    page = miner.get("/en/account").text
    assert page.count("sign in again") == 2
    assert 'id="label"' not in page
    assert miner.post("/en/account/passkey", data=sent).status_code == 403
    told = miner.post("/en/account", data={**sent, "do": "key", "label": "x"})
    assert (told.status_code, "sign in again" in told.text) == (422, True)
    left = miner.post("/en/sign-out", data=sent, follow_redirects=False)
    assert left.headers["clear-site-data"] == '"cache", "storage"'


def test_an_administrator_ends_every_session_of_a_user(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*arguments: str) -> tuple[int, str]:
        code = main(["office", *arguments, "--data", str(home), "--lang", "en"])
        return code, capsys.readouterr().out

    assert told("init")[0] == 0
    assert told("user", "add", "aidana")[0] == 0
    with office(str(home), None) as store, store.transaction() as tx:
        who = accounts.named(tx, "aidana")
        assert who is not None
        cookie, _ = sessions.start(tx, who)
        sessions.start(tx, who)
    assert told("user", "sign-out", "aidana") == (0, "aidana: sessions ended: 2\n")
    with office(str(home), None) as store, store.transaction() as tx:
        assert sessions.find(tx, cookie) is None
    assert told("user", "sign-out", "nobody")[0] == 2


def test_an_owner_sees_his_sessions_and_ends_one(country: Portal) -> None:
    here, there, stranger = country.as_user("miner"), country.as_user("miner"), country.as_user("exchange")
    page = here.get("/en/account").text
    assert page.count("this browser") == 1
    ids = re.findall(r'name="id" value="([0-9a-f]{16})"', page)
    assert len(ids) == 1
    sent = {"do": "end_session", "id": ids[0]}
    for wrong in (ids[0], "", "\x00", "%"):
        bad = {**sent, "id": wrong, "csrf": token(stranger, "/en/account")}
        assert stranger.post("/en/account", data=bad).status_code in (404, 422)
    assert there.get("/en/cabinet").status_code == 200
    assert here.post("/en/account", data={**sent, "csrf": token(here, "/en/account")}).status_code == 200
    assert "/sign-in" in str(there.get("/en/cabinet").url)
    assert "/sign-in" not in str(here.get("/en/cabinet").url)


# --- breached passwords -----


@pytest.mark.parametrize("ending", ["", ":12"])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50, 51])
def test_a_file_of_stolen_passwords_is_searched_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, ending: str
) -> None:
    stolen = [f"stolen {n}" for n in range(count)]
    lines = sorted(hashlib.sha1(s.encode(), usedforsecurity=False).hexdigest().upper() + ending for s in stolen)
    path = tmp_path / "stolen.txt"
    path.write_text("".join(line + "\r\n" for line in lines) if count % 2 else "\n".join(lines))
    monkeypatch.setenv("SALYQ_BREACHED_PASSWORDS", str(path))
    assert all(breached.known(s) for s in stolen)
    assert not any(breached.known(f"other {n}") for n in range(50))


def test_a_stolen_password_is_refused_and_a_lost_list_lets_none_in(
    country: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stolen.txt"
    path.write_text(hashlib.sha1(GOOD.encode(), usedforsecurity=False).hexdigest().upper() + ":3\n")
    monkeypatch.setenv("SALYQ_BREACHED_PASSWORDS", str(path))
    miner = country.as_user("miner")
    sent = {"csrf": token(miner, "/en/account"), "do": "password", "password": GOOD}
    told = miner.post("/en/account", data=sent)
    assert (told.status_code, "list of stolen ones" in told.text) == (422, True)
    path.unlink()
    told = miner.post("/en/account", data=sent)
    assert "tell the administrator" in told.text
    monkeypatch.delenv("SALYQ_BREACHED_PASSWORDS")
    assert miner.post("/en/account", data=sent).status_code == 200


@pytest.mark.parametrize("bad", ["ministry of Talgar", "950101300007 tree", "Ministry2026!x"])
def test_words_of_this_place_are_no_password(country: Portal, bad: str) -> None:

    who = accounts.Account(UUID(int=1), "serik", "Serik", "officer", "ministry", "950101300007")
    with pytest.raises(StoreError), country.work.transaction() as tx:
        passwords.set_password(tx, who, bad)
