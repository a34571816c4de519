"""What was mended after looking at the pages: words instead of codes, extracts on paper, links that can be seen."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from tests.office.conftest import Portal

from salyq.civil.days import kz_day
from salyq.civil.messages import Message
from salyq.cli.main import main
from salyq.office.pilots import reasons
from salyq.office.portal import lists
from salyq.office.portal.authority import administration, of_log, queue
from salyq.office.portal.choices import chosen
from salyq.office.portal.lists import as_csv, harmless
from salyq.office.registry.duties import JOBS
from salyq.office.registry.read import AsOf, Wanted, history, records


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_pages_say_words_and_not_codes(country: Portal, lang: str) -> None:
    number = country.demo["numbers"]["miners"][0]
    page = country.browser.get(f"/{lang}/registers/miners/{number}").text
    assert "law-193-vii" not in page
    history = country.browser.get(f"/{lang}/statistics/history").text
    assert 'class="chart"' in history
    assert history.count("<table>") > 10
    assert "336\N{NO-BREAK SPACE}600\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₸" in history
    assert ("as told by" in history) == (lang == "en")
    for choice in ("fifo", "average"):
        assert "=" not in chosen("lot_method", choice, lang)
    assert chosen("x", "y", lang) == "x = y"


def test_an_extract_on_paper_is_verified_without_an_office(
    country: Portal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = country.demo["numbers"]["miners"][0]
    page = country.browser.get(f"/ru/registers/miners/{number}").text
    for ending in ("json", "pdf"):
        link = re.search(rf'href="(/ru/registers/miners/[^"]+extract\.{ending}[^"]*)"', page)
        assert link
        answer = country.browser.get(link[1])
        assert answer.status_code == 200
        assert f"{number}.{ending}" in answer.headers["content-disposition"]
        (tmp_path / f"x.{ending}").write_bytes(answer.content)
        assert main(["verify-extract", str(tmp_path / f"x.{ending}"), "--lang", "en"]) == 0, capsys.readouterr().out
    broken = json.loads((tmp_path / "x.json").read_text())
    broken["state"]["status"] = "revoked"
    (tmp_path / "x.json").write_text(json.dumps(broken))
    assert main(["verify-extract", str(tmp_path / "x.json"), "--lang", "en"]) == 3
    assert country.browser.get(f"/ru/registers/miners/{number}/extract.exe").status_code == 404


def test_a_link_that_is_a_button_can_be_seen() -> None:
    sheet = (Path(__file__).parents[3] / "src/salyq/office/portal/static/salyq.css").read_text()
    assert re.search(r"(?<!\.top )button\.link\{[^}]*color:var\(--link\)", sheet)


def test_every_list_is_a_file_too(country: Portal) -> None:
    pool, officer, miner = (country.as_user(who) for who in ("pool", "officer", "miner"))
    lists = [
        (country.browser, "/en/statistics?register=miners&by=region", "count"),
        (country.browser, "/en/statistics/history", "confidence"),
        (country.browser, "/en/registers/miners.csv", "number"),
        (pool, "/en/cabinet/filings", "number"),
        (officer, "/en/authority/filings", "number"),
        (officer, "/en/authority?show=open", "procedure"),
        (country.browser, "/en/registers", "active"),
        (miner, "/en/cabinet", "procedure"),
        (miner, "/en/cabinet?of=permits", "valid_from"),
    ]
    for client, path, column in lists:
        if ".csv" not in path:
            assert 'as=csv"' in client.get(path).text, path
            joined = path + ("&" if "?" in path else "?") + "as="
            items = client.get(joined + "json").json()["items"]
            assert items, path
            assert column in items[0], path
            assert client.get(joined + "exe").status_code == 404
            path = joined + "csv"
        table = client.get(path)
        assert table.headers["content-type"].startswith("text/csv")
        assert column in table.text.splitlines()[0], path


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\0=1"])
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert as_csv(["a"], [[cell]]).count("'") == 1
    assert harmless("a" + cell) == "a" + cell


def test_a_record_whose_term_ran_out_by_itself_has_its_page(country: Portal) -> None:
    """The entry that the clock writes names an act and no article."""
    with country.work.transaction() as tx:
        found = records(tx, "miners", Wanted(status="expired"), AsOf.now(tx)).items[0]
        day = kz_day(tx.now) + timedelta(days=1)
        assert JOBS["terms"](tx, {"day": day.isoformat()})
        told = history(tx, "miners", found.number)[-1]
    assert told.event == "expired"
    assert "article" not in told.ground
    for lang in ("kk", "ru", "en"):
        page = country.browser.get(f"/{lang}/registers/miners/{found.number}")
        assert page.status_code == 200
        assert "193-VII" in page.text
    for ending in ("json", "pdf"):
        extract = f"/ru/registers/miners/{found.number}/extract.{ending}"
        assert country.browser.get(extract).status_code == 200


def test_an_office_is_offered_its_own_acts_alone(country: Portal) -> None:
    def acts(name: str) -> set[str]:
        return set(re.findall(r"/en/authority/open/(\w+)", country.as_user(name).get("/en/authority").text))

    assert {"fine", "nbk_fine", "measure"} <= acts("officer")
    assert acts("afm_officer") == set()
    assert acts("second_officer") == set()  # who confirms begins none


def test_an_answer_of_the_card_tells_its_cause_once(country: Portal) -> None:
    officer = country.as_user("officer")
    links = set(re.findall(r'href="(/en/pilot/events/auth/[^"]+)"', officer.get("/en/pilot").text))
    pages = [officer.get(link).text for link in sorted(links)]
    refused = [page for page in pages if "(51)" in page]
    assert refused
    assert all(page.count("not enough coins") == 1 for page in refused)


def test_a_page_asks_in_words_what_law_needs(country: Portal) -> None:
    officer = country.as_user("officer")
    rows = officer.get("/en/authority?show=open&procedure=sandbox_breach&as=json").json()["items"]
    page = officer.get(f"/en/authority/applications/{rows[0]['id']}").text
    assert "Do the consumers know" in page or "legal form?" in page
    assert "legal_form" not in page


@pytest.mark.parametrize(("lang", "sum_", "who"), [("kk", "500\N{NO-BREAK SPACE}000,00", "жіберуші"),
                                                   ("ru", "500\N{NO-BREAK SPACE}000,00", "отправитель"),
                                                   ("en", "500\N{NO-BREAK SPACE}000.00", "sender")])  # fmt: skip
def test_pages_of_pilots_say_sums_and_gaps_in_the_readers_words(
    country: Portal, lang: str, sum_: str, who: str
) -> None:
    """A comma where the reader has one; missing data of a payment by name, not by its path in a message."""
    officer = country.as_user("officer")
    assert sum_ in officer.get(f"/{lang}/pilot/sandbox/{country.demo['numbers']['sandbox_participants'][0]}").text
    pages = [officer.get(link).text for link in set(re.findall(rf'href="(/{lang}/pilot/events/[^"]+)"',
                                                             officer.get(f"/{lang}/pilot").text))]  # fmt: skip
    held = [page for page in pages if f"{who}: " in page]
    assert held
    for page in pages:
        assert "originatorPersons" not in page
        assert "<td>fifo</td>" not in page
        assert not re.search(r"<td>\s*ok\s*</td>", page)


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_path_that_nobody_knows_stays_as_it_is(lang: str) -> None:
    assert reasons.lacking("originator", lang).count(":") == 1
    assert reasons.lacking("x.y", lang) == "x.y"
    assert "|" not in reasons.lacking("beneficiary.a.b|c", lang)


def test_a_list_that_is_too_long_for_a_file_is_not_cut(country: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LONGEST_LIST", 1)
    officer, pool = country.as_user("officer"), country.as_user("pool")
    for client, path in ((officer, "/en/authority?show=open"), (pool, "/en/cabinet/filings?")):
        for form in ("csv", "json"):
            answer = client.get(f"{path}&as={form}")
            assert answer.status_code == 422, path
            assert "more than 1 rows" in answer.text


@pytest.mark.parametrize(
    ("who", "path", "module", "row", "key"),
    [
        ("officer", "/en/authority?show=open", queue, r'href="/en/authority/applications/([^"]+)"', "id"),
        ("auditor", "/en/authority/account-acts?", of_log, r'<td class="n">(\d+)</td>', "position"),
        ("administrator", "/en/authority/accounts?", administration, r'<th scope="row">([a-z_]+)', "name"),
    ],
)
def test_the_pages_of_a_list_go_on_to_its_end(
    country: Portal, monkeypatch: pytest.MonkeyPatch, who: str, path: str, module: ModuleType, row: str, key: str
) -> None:
    client, pages, shown = country.as_user(who), 0, []
    items = client.get(f"{path}&as=json").json()["items"]
    monkeypatch.setattr(module, "PAGE", 1 if len(items) < 4 else 3)
    while path:
        page, pages = client.get(path).text, pages + 1
        shown += re.findall(row, page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(following[1]) if following else ""
    assert shown == [str(i[key]) for i in items]
    assert pages > 1


def test_only_a_list_with_filters_is_told_to_drop_them(country: Portal) -> None:
    nothing, yet = (Message(code).text("en") for code in ("portal_nothing", "portal_none_yet"))
    auditor = country.as_user("auditor")
    for path, said in (
        ("/looks", yet),
        ("/proposals", yet),
        ("?show=over&procedure=mining_licence_revocation", nothing),
        ("/filings?kind=880.00", nothing),
    ):
        assert said in auditor.get(f"/en/authority{path}").text, path
    assert yet in country.as_user("afm_officer").get("/en/authority?show=mine").text
