"""The cabinet and the authority by forms alone, as a browser without script: permits, decisions, cases, corrections."""

from __future__ import annotations

import logging
import re
import time
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient
from tests.office.conftest import Portal
from tests.office.portal.browsing import link, send, text

from salyq.civil.days import kz_day
from salyq.office.portal.cabinet.person import dump, loads
from salyq.office.registry import proposals
from salyq.office.registry.imports import Compared, Table, compare, keep, read_list
from salyq.office.store.errors import Conflict
from salyq.office.store.store import Access

ALIYA = Path(__file__).resolve().parents[3] / "examples" / "aliya"
MINING = {
    "f.kind": "II",
    "f.region": "350000000",
    "f.capacity_mw": "8,5",
    "f.legal_form": "llp",
    "f.owns_hardware": "yes",
}


def ready(client: TestClient, url: str) -> Response:
    """The page once it is worked out."""
    for _ in range(200):
        answer = client.get(url)
        if answer.status_code != 202:
            return answer
        assert answer.headers["refresh"] == "3"
        time.sleep(0.1)
    raise AssertionError(url)


def file_application(miner: TestClient) -> str:
    form = miner.get("/en/cabinet/apply/mining_licence")
    wrong = send(miner, form, {"f.kind": "II", "f.capacity_mw": "much"}, button="File the application")
    assert wrong.status_code == 422
    assert "Region: a required field is missing" in text(wrong)
    assert 'value="much"' in wrong.text
    document = ("d.power", ("power.pdf", b"%PDF-1.7 made up", "application/pdf"))
    filed = send(miner, wrong, MINING, button="File the application", files=[document])
    assert filed.status_code == 200, text(filed)
    assert "filed" in text(filed)
    assert "8.5" in text(filed)
    assert "power.pdf" in text(filed)
    return str(filed.url).partition("?")[0].rpartition("/")[2]


def test_a_licence_from_the_form_through_mending_to_suspension_and_correction(country: Portal) -> None:
    miner, officer, second = (country.as_user(u) for u in ("miner", "officer", "second_officer"))
    id_ = file_application(miner)
    mine, desk = f"/en/cabinet/applications/{id_}", f"/en/authority/applications/{id_}"
    assert id_ in officer.get("/en/authority").text
    assert send(officer, officer.get(desk), {}, button="Accept").status_code == 200
    returned = send(officer, officer.get(desk), {"s.faults": "capacity"}, button="Return to be mended")
    assert "stands still now" in text(returned) or "returned" in text(returned)
    assert send(miner, miner.get(mine), {"f.capacity_mw": "9"}, button="File again").status_code == 200
    empty = send(officer, officer.get(desk), {}, button="Propose to grant")
    assert empty.status_code == 422
    granted = send(officer, officer.get(desk), {"s.article": "9.1"}, button="Propose to grant")
    assert granted.status_code == 200, text(granted)
    assert "Confirm the grant" not in officer.get(desk).text  # the proposer has no such button, and no such step
    csrf = re.search(r'name="csrf" value="([^"]+)"', officer.get(desk).text)
    assert csrf
    assert officer.post(desk, data={"csrf": csrf[1], "step": "confirm_grant"}).status_code == 403
    done = send(second, second.get(desk), {}, button="Confirm the grant")
    assert done.status_code == 200, text(done)
    found = re.search(r"M-20\d\d-\d{4}", text(done))
    assert found
    number = found[0]
    record = country.browser.get(f"/en/registers/miners/{number}")
    assert "active" in text(record)
    suspend(country, officer, second, number)
    correct(country, officer, second, number)


def suspend(country: Portal, officer: TestClient, second: TestClient, number: str) -> None:
    page = officer.get(link(officer.get(f"/en/registers/miners/{number}"), "Suspension of a licence"))
    opened = send(officer, page, {"f.months": "2", "f.ground": "not_cured", "f.reason": "9.4.3"}, button="Propose")
    assert opened.status_code == 200, text(opened)
    assert send(second, second.get(str(opened.url)), {}, button="Confirm").status_code == 200
    shown = text(country.browser.get(f"/en/registers/miners/{number}"))
    assert "suspended" in shown
    assert "Suspended until" in shown


def correct(country: Portal, officer: TestClient, second: TestClient, number: str) -> None:
    page = officer.get(f"/en/authority/correct/miners/{number}")
    first = re.search(r'name="entry" value="(\d+)"', page.text)
    assert first
    sent = {"entry": first[1], "f.capacity_mw": "10", "article": "9.1", "reason": "a slip of the pen"}
    proposed = send(officer, page, {**sent, "valid_from": "2026-11-28"})
    assert proposed.status_code == 200, text(proposed)
    refused = send(officer, proposed, {}, button="Confirm")
    assert refused.status_code == 422  # whoever proposed does not confirm
    assert send(second, second.get("/en/authority/proposals"), {}, button="Confirm").status_code == 200
    assert "Capacity, MW 10 " in text(country.browser.get(f"/en/registers/miners/{number}"))


def test_proposals_of_an_import_become_entries_or_are_refused(country: Portal) -> None:
    active = country.browser.get("/api/v1/registers/miners/records?status=active").json()["items"]
    known, lacking = (r["number"] for r in active[:2])
    capacity = active[0]["fields"]["capacity_mw"]
    officer = Access("importer", "officer", office="ministry")
    new = {"number": "M-2026-9001", "subject_name": "«Жаңа» ЖШС", "kind": "II", "until": "2029-01-01"}
    rows = [
        Compared("M-2026-9001", "new", 2, {**new, "region": "350000000"}),
        Compared(known, "differs", 3, {"number": known}, {"capacity_mw": {"ours": capacity, "theirs": "77"}}),
        Compared(lacking, "missing", 0, {}),
    ]
    with country.work.transaction(officer) as tx:
        keep(tx, "miners", rows, tx.now.date(), "the ministry's list", Table("list.csv", "0" * 64, []))
        every = proposals.waiting(tx)
        paged = [proposals.waiting(tx, limit=1, cursor=proposals.after(p)) for p in every]
        assert [p for page in paged for p in page] == every[1:]
    second = country.as_user("second_officer")
    waiting = second.get("/en/authority/proposals?as=json").json()["items"]
    assert {p["number"] for p in waiting} == {"M-2026-9001", known, lacking}
    assert second.get("/en/authority/proposals?as=csv").text.count("list.csv") == 3
    assert "2029-01-01" in second.get("/en/authority/proposals").text
    for number in ("M-2026-9001", known):
        page = second.get("/en/authority/proposals")
        assert send(second, page, {}, button=f"Confirm {number}").status_code == 200
        assert send(second, page, {}, button=f"Confirm {number}").status_code == 409
    assert "Жаңа" in text(country.browser.get("/en/registers/miners/M-2026-9001"))
    assert "Capacity, MW 77" in text(country.browser.get(f"/en/registers/miners/{known}"))
    page = second.get("/en/authority/proposals")
    assert lacking in text(page)
    assert "Confirm" not in page.text  # what a list lacks can only be refused, with a reason
    assert send(second, page, {}, button="Refuse").status_code == 422
    done = send(second, page, {"reason": "a late list"}, button="Refuse")
    assert done.status_code == 200
    assert lacking not in text(done)


def test_two_sources_that_disagree_are_both_shown_and_the_second_is_not_confirmed_on_an_old_picture(
    country: Portal, tmp_path: Path
) -> None:
    [known] = country.browser.get("/api/v1/registers/miners/records?status=active&limit=1").json()["items"]
    was, number = known["fields"]["capacity_mw"], known["number"]
    for source, told in (("the ministry's list", "77"), ("a journal", "88"), ("a third", "77")):
        path = tmp_path / f"{source}.csv"
        path.write_text(
            f"number,subject_name,capacity_mw\n{number},{known['subject']['name']},{told}\n", encoding="utf-8"
        )
        with country.work.transaction(Access("importer", "officer", office="ministry")) as tx:
            table, today = read_list("miners", path), kz_day(tx.now)
            found = [f for f in compare(tx, "miners", table, today) if f.verdict == "differs"]
            assert [f.differs for f in found] == [{"capacity_mw": {"ours": was, "theirs": told}}]
            keep(tx, "miners", found, today, source, table)
    second = country.as_user("second_officer")
    page = text(second.get("/en/authority/proposals"))
    assert all(word in page for word in ("the ministry's list", "a journal", "77", "88"))
    with country.work.transaction() as tx:
        first, journal, third = sorted(proposals.waiting(tx), key=lambda p: p.source, reverse=True)
    who = Access("second_officer", "second_officer", office="ministry")
    with country.web.transaction(who) as tx:
        proposals.confirm(tx, first.id)
    for late in (journal, third):
        with pytest.raises(Conflict) as told_so, country.web.transaction(who) as tx:
            proposals.confirm(tx, late.id)
        assert told_so.value.code == "proposals_compared_before"
    assert "Capacity, MW 77" in text(country.browser.get(f"/en/registers/miners/{number}"))


def test_what_is_of_another_is_not_there_and_is_logged(country: Portal, caplog: pytest.LogCaptureFixture) -> None:
    miner, pool, trader = (country.as_user(u) for u in ("miner", "pool", "trader"))
    id_ = file_application(miner)
    case = str(send(trader, trader.get("/en/cabinet/cases"), {"name": "mine"}, button="Make the case").url)
    filing = re.search(r"/en/cabinet/filings/[0-9a-f-]{36}", pool.get("/en/cabinet/filings").text)
    assert filing
    with caplog.at_level(logging.WARNING, "salyq.portal"):
        for path in (f"/en/cabinet/applications/{id_}", filing[0].replace("pool", ""), case, case + "/rows"):
            who = trader if "applications" in path or "filings" in path else miner
            assert who.get(path).status_code == 404, path
        assert miner.get("/en/authority").status_code == 404
        assert miner.get(f"/en/authority/applications/{id_}").status_code == 404
    said = [r.getMessage() for r in caplog.records]
    assert sum(m.startswith("not there, or not theirs: GET") for m in said) == 6
    assert sum(m.endswith("for miner") for m in said) == 4
    assert country.browser.get("/en/cabinet", follow_redirects=False).headers["location"].startswith("/en/sign-in")


def test_from_files_to_a_handed_in_return(country: Portal) -> None:
    trader = country.as_user("trader")
    page = send(trader, trader.get("/en/cabinet/cases"), {"name": "Aliya"}, button="Make the case")
    here = str(page.url)
    bad = send(trader, page, {}, button="Upload", files=[("files", ("odd.csv", b"a,b\n1,2\n", "text/csv"))])
    assert bad.status_code == 200
    aside = send(trader, ready(trader, here), {}, button="put aside")
    assert "odd.csv" not in text(aside)
    paths = [p for p in sorted(ALIYA.rglob("*")) if p.suffix in (".csv", ".toml")]
    files = [("files", (p.name, p.read_bytes(), "text/csv")) for p in paths]
    send(trader, ready(trader, here), {}, button="Upload", files=files)
    overview = text(ready(trader, here))
    assert "transactions_2025.csv" in overview
    assert "Questions that wait for an answer: 2" in overview
    year = text(ready(trader, f"{here}/2025"))
    assert "476,790.80 KZT" in year
    assert "This is stated on the page “The person”" in year
    why = ready(trader, f"{here}/2025/why?figure=personal_income_tax.tax_due&period=2025")
    assert "Tax Code" in text(why)
    rows_as_files(trader, here)
    answer_and_choose(trader, here)
    forms = ready(trader, f"{here}/2025/forms")
    assert trader.get(f"{here}/2025/forms/270.00/pdf").content.startswith(b"%PDF")
    assert trader.get(f"{here}/2025/forms/270.00/lines.json").json()
    filed = send(trader, forms, {}, button="Hand in 270.00")
    assert "accepted" in text(filed), text(filed)
    assert filed.status_code == 200
    draft = ready(trader, f"{here}/2026/forms")  # of a year whose form was not read: shown, and not for filing
    assert "Not for filing" in text(draft)
    assert "Hand in 270.00" not in text(draft)
    calendar = ready(trader, f"{here}/calendar")
    assert "-09-15" in text(calendar)
    assert trader.get(f"{here}/calendar.ics").content.startswith(b"BEGIN:VCALENDAR")


def rows_as_files(trader: TestClient, here: str) -> None:
    """Each row of the case in words and a reader's time, and every list of the case as a file."""
    rows = text(ready(trader, f"{here}/rows"))
    assert "2024-01-15 12:05 purchase USDT" in rows
    assert "--all" not in rows
    told = ready(trader, f"{here}/rows?as=json").json()["items"]
    assert len(told) == 159
    assert told[0]["time"].startswith("2024-01-15T")
    assert told[0]["kind"] == "buy"
    assert ready(trader, f"{here}/rows?as=csv").text.count("\n") == 160
    assert ready(trader, f"{here}/calendar?as=json").json()["items"][0]["name"]
    assert trader.get("/en/cabinet/cases?as=csv").text.count("Aliya") == 1
    assert trader.get("/en/cabinet/cases?as=xml").status_code == 404


def answer_and_choose(trader: TestClient, here: str) -> None:
    questions = ready(trader, f"{here}/questions")
    wrong = send(trader, questions, {"cost": "many"}, button="it was bought")
    assert wrong.status_code == 422
    sent = {"cost": "250 000", "on": "2024-09-01", "document": "receipt 7"}
    answered = send(trader, ready(trader, f"{here}/questions"), sent, button="it was bought")
    assert answered.status_code in (200, 202)
    assert "it was bought" not in text(ready(trader, f"{here}/questions"))
    chosen = send(trader, ready(trader, f"{here}/2025"), {}, button="Choose this Order of lots: moving average")
    assert chosen.status_code in (200, 202)
    assert "Order of lots: first in, first out" in text(ready(trader, f"{here}/2025"))
    facts = ready(trader, f"{here}/person")
    kept = send(trader, facts, {"region": "710000000", "y0.other_income": "12,50"}, button="Save")
    assert kept.status_code in (200, 202), text(kept)
    assert 'region = "710000000"' in ready(trader, f"{here}/person").text.replace("&#34;", '"')
    bad = send(trader, ready(trader, f"{here}/person"), {"text": "kind = ["})
    assert bad.status_code == 422
    assert "TOML" in text(bad)


def test_pages_of_law_answer_and_explain(country: Portal) -> None:
    ask = country.browser
    for lang in ("kk", "ru", "en"):
        for path in ("ask", "brief", "calculators", "brief?on=2024-05-01"):
            answer = ask.get(f"/{lang}/{path}")
            assert answer.status_code == 200, path
            assert not re.search(r"portal_[a-z]|\{[a-z]+\}", answer.text), path
    told = ask.get("/en/ask/mine?licence=none&on=2026-06-15")
    assert "unlawful" in text(told)
    assert "Law No. 193-VII, art. 8" in text(told)
    assert ask.get("/en/ask/mine?licence=perhaps&on=2026-06-15").status_code == 422
    assert ask.get("/en/ask/nothing").status_code == 404
    query = "quarter=2026-Q1&kwh=1000000&price=20.35&own_plant=no&renewable=no&grid_connected=yes"
    levy = ask.get(f"/en/calculators/levy?{query}")
    assert "2,000,000.00 KZT" in text(levy)
    assert "Tax Code" in text(levy)
    gain = ask.get("/en/calculators/gain?bought=2025-03-01&cost=1000000&sold=2026-05-01&proceeds=1500000&aifc=yes")
    assert gain.status_code == 200
    for query in ("kwh=-1", "kwh=x&quarter=2026-Q1", "quarter=1999-Q1", "own_plant=maybe", "kwh=1e9"):
        assert ask.get(f"/en/calculators/levy?{query}").status_code == 422, query
    assert ask.get("/en/brief?on=1991-01-01").status_code == 422


def test_a_persons_facts_survive_the_form() -> None:
    data = {
        "id": "930417400007",
        "kind": "individual",
        "resident": True,
        "elections": {"lot_method": "fifo", "by": {"2024": "x"}},
        "account": [{"name": 'a "b" \\ \n', "own": False}],
        "year": [{"year": 2025, "other_income": "1.00"}],
        "ignore": {"files": ["a.csv", "б*"]},
    }
    assert loads(dump(data)) == data


def test_the_law_book_is_served_under_a_policy_of_its_own(country: Portal) -> None:
    first = country.browser.get("/ru/law")
    assert first.status_code == 200
    assert str(first.url).endswith("/book/ru/index.html")
    assert "'unsafe-inline'" in first.headers["content-security-policy"]
    assert "script-src 'unsafe" not in first.headers["content-security-policy"]
    assert country.browser.get("/book/ru/mining_fee.html").status_code == 200
    assert country.browser.get("/book/../../etc/passwd").status_code == 404
    assert country.browser.get("/book/ru/none.html").status_code == 404
