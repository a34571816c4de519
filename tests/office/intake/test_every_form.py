"""Every return that the forms room writes is handed in over the API and on the page, in every file it has."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.forms.conftest import made_up, own_store
from tests.forms.test_forms_golden_lines import GOLDEN, asked_of
from tests.office.conftest import Portal
from tests.office.portal.browsing import send, text

from salyq.forms.asked import Asked
from salyq.forms.fill import fill
from salyq.forms.load import editions
from salyq.forms.write import written
from salyq.office.intake.kinds import kinds
from salyq.office.people import accounts, keys

__all__ = ["made_up", "own_store"]
# Its turnover as a whole is not known: it is not complete, and intake says which line is not.
INCOMPLETE = ("300-proprietor-2025-Q1",)
ENDINGS = (".lines.json", ".json", ".xml")


def one_of_each() -> list[Any]:
    """A worked-out return of each form and year."""
    found: dict[tuple[str, int], Any] = {}
    for path in (p for p in GOLDEN if p.stem not in INCOMPLETE):
        golden = tomllib.loads(path.read_text(encoding="utf-8"))
        found.setdefault((golden["form"], golden["year"]), pytest.param(golden, id=path.stem))
    return list(found.values())


def owner(country: Portal, id_: str) -> tuple[dict[str, str], Any]:
    """The key and the browser of somebody who acts for this person."""
    with country.work.transaction() as tx:
        who = accounts.add_account(tx, "payer", "applicant")
        accounts.add_organisation(tx, id_, "Payer")
        accounts.delegate(tx, who, id_, first=date(2026, 1, 1))
        key = {"authorization": f"Bearer {keys.make_key(tx, who, 'test')}"}
        link = accounts.make_link(tx, who)
    browser = country.browser.__class__(country.browser.app, base_url="http://127.0.0.1", follow_redirects=True)
    browser.get("/en/sign-in", params={"token": link})
    return key, browser


@pytest.mark.parametrize("golden", one_of_each())
def test_a_good_return_is_taken_in_every_file(
    country: Portal, made_up: Callable[..., Asked], golden: dict[str, Any]
) -> None:
    asked = asked_of(golden, made_up)
    made = fill(asked, golden["form"])
    assert made.person_id
    key, browser = owner(country, made.person_id)
    files = {n: c for n, c in written(made, asked, "en").files.items() if n.endswith(ENDINGS)}
    assert files
    for n, (name, content) in enumerate(files.items()):
        data = content.encode() if isinstance(content, str) else content
        sent = {"kind": golden["form"], "organisation": made.person_id}
        answer = country.browser.post("/api/v1/filings", data=sent, files={"file": (name, data)}, headers=key).json()
        if made.draft is not None:  # the official form of that year was not read: nobody can say what it asks
            assert (answer["status"], [f["where"] for f in answer["faults"]]) == ("refused", ["form"]), answer
            continue
        assert answer["status"] == "accepted", (name, answer.get("faults"))
        assert answer["summary"]["edition"] == made.edition.edition, name
        page = browser.get("/en/cabinet/filings")
        file = ("file", (name, data, "application/octet-stream"))
        taken = send(
            browser, page, {"kind": golden["form"], "organisation": made.person_id}, button="Hand in", files=[file]
        )
        assert taken.status_code == 200
        assert "accepted" in text(taken), name
        listed = browser.get("/en/cabinet/filings?as=json").json()["items"]
        assert len(listed) == 2 * (n + 1)


def test_every_form_is_a_kind_and_is_tried() -> None:
    tried = {p.values[0]["form"] for p in one_of_each()}
    assert tried == {e.form for e in editions()} == set(kinds()) - {k for k in kinds() if not k[0].isdigit()}
