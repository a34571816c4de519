"""Journeys in a real browser: a visitor, a miner with two officers, a trader; in three languages, with and without
script, by keyboard alone; axe finds nothing, in light and in dark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.browser import browser
from tests.office.conftest import Portal
from tests.office.people.test_signing_in import token
from tests.office.portal.journey import Visitor, listening, visitor
from tests.office.portal.test_cabinet import ready

ALIYA = Path(__file__).resolve().parents[3] / "examples" / "aliya"
SAID = {
    "kk": {
        "search": "Іздеу", "extract": "JSON", "check": "Тексеру", "file": "Өтінішті беру", "accept": "Қарауға қабылдау",
        "return": "Түзетуге қайтару", "again": "Түзетіп қайта беру", "grant": "Беруді ұсыну",
        "confirm": "Беруді бекіту", "suspend": "Лицензияны тоқтата тұру", "propose": "Ұсыну", "second": "Бекіту",
        "make": "Іс ашу", "upload": "Жүктеу", "hand": "Тапсыру", "taken": "қабылданды", "active": "қолданыста",
    },
    "ru": {
        "search": "Найти", "extract": "JSON", "check": "Проверить", "file": "Подать заявление",
        "accept": "Принять к рассмотрению", "return": "Вернуть на исправление", "again": "Подать исправленное",
        "grant": "Предложить выдать", "confirm": "Утвердить выдачу", "suspend": "Приостановление лицензии",
        "propose": "Предложить", "second": "Утвердить", "make": "Завести дело", "upload": "Загрузить",
        "hand": "Сдать", "taken": "принято", "active": "действует",
    },
    "en": {
        "search": "Search", "extract": "JSON", "check": "Check", "file": "File the application",
        "accept": "Accept for examination", "return": "Return to be mended", "again": "File again",
        "grant": "Propose to grant", "confirm": "Confirm the grant", "suspend": "Suspension of a licence",
        "propose": "Propose", "second": "Confirm", "make": "Make the case", "upload": "Upload", "hand": "Hand in",
        "taken": "accepted", "active": "active",
    },
}  # fmt: skip
WAYS = [("kk", True, False), ("ru", False, False), ("en", True, True)]  # language, script, keyboard alone


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as made:
        yield made


@pytest.fixture(params=WAYS, ids=lambda w: f"{w[0]}{'' if w[1] else '-noscript'}{'-keyboard' if w[2] else ''}")
def way(request: pytest.FixtureRequest) -> tuple[str, bool, bool]:
    found: tuple[str, bool, bool] = request.param
    return found


def test_a_visitor_finds_a_miner_and_checks_his_extract(
    country: Portal, chromium: Any, way: tuple[str, bool, bool], tmp_path: Path
) -> None:
    lang, script, keyboard = way
    said = SAID[lang]
    with (
        listening(country) as address,
        visitor(chromium, country, address, lang, script=script, keyboard=keyboard) as here,
    ):
        here.go("")
        name = country.browser.get("/api/v1/registers/miners/records?limit=1").json()["items"][0]["subject"]["name"]
        here.fill("q", re.sub(r"[«»]|ЖШС", "", name).strip())
        here.press(said["search"])
        here.press("M-20", "td a, th a")
        with here.page.expect_download() as got:
            here.use(here.page.locator("main a", has_text=said["extract"]).first, leaves=False)
        extract = tmp_path / "extract.json"
        got.value.save_as(extract)
        here.go("/check")
        here.choose("file", [str(extract)])
        here.press(said["check"], "main button")
        assert here.page.locator(".good").count() == 1
        document = json.loads(extract.read_text(encoding="utf-8"))
        document["state"]["status"] = "revoked"
        extract.write_text(json.dumps(document), encoding="utf-8")
        here.choose("file", [str(extract)])
        here.press(said["check"], "main button")
        assert here.page.locator(".summary").count() == 1


def test_a_miner_is_asked_to_mend_gets_a_licence_and_is_suspended(
    country: Portal, chromium: Any, way: tuple[str, bool, bool]
) -> None:
    lang, script, keyboard = way
    said = SAID[lang]
    how: dict[str, Any] = {"script": script, "keyboard": keyboard}
    with (
        listening(country) as address,
        visitor(chromium, country, address, lang, "miner", **how) as miner,
        visitor(chromium, country, address, lang, "officer", **how) as officer,
        visitor(chromium, country, address, lang, "second_officer", **how) as second,
    ):
        miner.go("/cabinet/apply/mining_licence")
        for name, value in (("f.kind", "II"), ("f.region", "350000000"), ("f.legal_form", "llp")):
            miner.fill(name, value)
        miner.fill("f.owns_hardware", "yes")
        miner.press(said["file"], "main button")
        id_ = miner.page.url.partition("?")[0].rpartition("/")[2]
        mine, desk = f"/cabinet/applications/{id_}", f"/authority/applications/{id_}"
        officer.go(desk)
        officer.press(said["accept"], "main button")
        officer.fill("s.faults", "MW?")
        officer.press(said["return"], "main button")
        miner.go(mine)
        assert "MW?" in miner.main()
        miner.fill("f.capacity_mw", "9")
        miner.press(said["again"], "main button")
        officer.go(desk)
        officer.page.locator('form:has(input[value="propose_grant"]) [name="s.article"]').fill("9.1")
        officer.press(said["grant"], "main button")
        assert said["confirm"] not in officer.main()
        second.go(desk)
        second.press(said["confirm"], "main button")
        found = re.search(r"M-20\d\d-\d{4}", second.main())
        assert found
        _suspend(officer, second, miner, found[0], said)
        if keyboard:  # an administrator's page: once, where nothing helps
            with visitor(chromium, country, address, lang, "administrator", **how) as administrator:
                _close(administrator, miner)


def _close(administrator: Visitor, miner: Visitor) -> None:
    administrator.go("/authority/accounts")
    assert not administrator.faults()
    row = administrator.page.locator("tr", has=administrator.page.get_by_role("rowheader", name=re.compile("^miner")))
    administrator.use(row.locator("summary"), leaves=False)
    administrator.use(row.locator('button[value="close"]'))
    assert administrator.page.locator('[role="status"]', has_text="miner").count() == 1
    assert not administrator.faults()
    miner.go("/cabinet")
    assert "/sign-in" in miner.page.url


def _suspend(officer: Visitor, second: Visitor, miner: Visitor, number: str, said: dict[str, str]) -> None:
    officer.go(f"/registers/miners/{number}")
    officer.press(said["suspend"], "main a")
    officer.fill("f.months", "2")
    officer.fill("f.ground", "not_cured")
    officer.press(said["propose"], "main button")
    second.go(officer.page.url.partition("?")[0].partition(officer.lang)[2])
    second.press(said["second"], "main button")
    miner.go("/cabinet")
    row = miner.page.locator("tr", has_text=number)
    assert row.locator(".tag.suspended").count() == 1


def test_a_trader_goes_from_files_to_a_handed_in_return(
    country: Portal, chromium: Any, way: tuple[str, bool, bool]
) -> None:
    lang, script, keyboard = way
    said = SAID[lang]
    with (
        listening(country) as address,
        visitor(chromium, country, address, lang, "trader", script=script, keyboard=keyboard) as here,
    ):
        here.go("/cabinet/cases")
        here.fill("name", "2025")
        here.press(said["make"], "main button")
        case = here.page.url.partition(f"/{lang}")[2]
        files = [str(p) for p in sorted(ALIYA.rglob("*")) if p.suffix in (".csv", ".toml")]
        here.choose("files", files)
        here.press(said["upload"], "main button")
        here.until("transactions_2025.csv", case)
        year = here.until("476", f"{case}/2025")
        assert "790" in year
        here.until("270.00", f"{case}/2025/forms")
        here.use(here.page.locator("section", has_text="270.00").locator("button").last)
        assert said["taken"] in here.main()


@pytest.mark.parametrize(
    "who",
    ["", "miner", "trader", "officer", "auditor", "administrator", "representative", "dfa_operator"],
    ids=lambda w: w or "visitor",
)
def test_every_page_is_clean_for_axe_and_fits_a_narrow_screen(country: Portal, chromium: Any, who: str) -> None:
    """Each page in light and in dark, on a wide screen and on one of 320 pixels."""
    faults: list[str] = []
    pages = PAGES[who](country)
    with listening(country) as address, visitor(chromium, country, address, "kk", who) as here:
        for path in pages:
            answer = here.page.goto(address + path if path.startswith("/book/") else f"{address}/kk{path}")
            assert answer.status == 200, path
            faults += here.faults_everywhere()
    assert not faults, "\n".join(faults)


def _public(country: Portal) -> list[str]:
    miner = country.demo["numbers"]["miners"][20]
    return [
        *(
            "",
            "/registers",
            "/registers/miners?q=алтын",
            f"/registers/miners/{miner}",
            "/statistics",
            "/statistics/history",
            "/check",
        ),
        *("/sign-in", "/ask", "/ask/apply?permit=pool&on=2026-06-15", "/brief", "/calculators"),
        "/calculators/levy?quarter=2026-Q1&kwh=1000&own_plant=no&renewable=no&grid_connected=yes",
        *("/book/kk/index.html", "/book/kk/late_interest.html"),
    ]


def _cabinet(country: Portal) -> list[str]:
    miner = country.as_user("miner")
    sent = {"csrf": token(miner, "/kk/account"), "kind": "pool_table"}
    filed = miner.post("/kk/cabinet/filings", data=sent, files={"file": ("a.csv", b"a;b;c\n1;2;3", "text/csv")})
    forms = [
        "/cabinet",
        "/cabinet/messages",
        "/cabinet/apply",
        "/cabinet/apply/mining_licence",
        "/cabinet/filings",
        "/cabinet/cases",
    ]
    return [*forms, str(filed.url).partition("?")[0].partition("/kk")[2], "/account"]


def _trader(country: Portal) -> list[str]:
    """A case with its files, worked out: every page that it has."""
    trader = country.as_user("trader")
    csrf = token(trader, "/kk/account")
    made = trader.post("/kk/cabinet/cases", data={"csrf": csrf, "name": "2025", "kind": "individual"})
    case = str(made.url).partition("?")[0].partition("/kk")[2]
    files = [
        ("files", (p.name, p.read_bytes(), "text/plain"))
        for p in sorted(ALIYA.rglob("*"))
        if p.suffix in (".csv", ".toml")
    ]
    trader.post("/kk" + case, data={"csrf": csrf}, files=files)
    year = ready(trader, f"/kk{case}/2025")
    why = re.findall(rf'href="/kk({re.escape(case)}/2025/why[^"]*)"', year.text)
    assert why
    parts = ("", "/person", "/rows", "/questions", "/calendar", "/2025", "/2025/forms")
    return [*(case + part for part in parts), unescape(why[0]), "/cabinet/cases"]


def _officer(country: Portal) -> list[str]:
    active = country.browser.get("/api/v1/registers/miners/records?status=active").json()["items"][0]["number"]
    headers = country.key("officer")
    case = country.browser.get("/api/v1/applications?procedure=mining_licence&status=review", headers=headers).json()
    return [
        *("/authority", f"/authority/applications/{case['items'][0]['id']}", "/authority/proposals"),
        *(f"/authority/open/mining_licence_suspension?number={active}", f"/authority/correct/miners/{active}"),
        *(f"/registers/miners/{active}", "/authority/looks", "/authority/filings"),
    ]


def _auditor(country: Portal) -> list[str]:
    auditor = country.as_user("auditor")
    case = auditor.get("/kk/authority?as=json").json()["items"][0]["id"]
    wallet = auditor.get("/kk/registers/criminal_wallets.json").json()["items"][0]["number"]
    lists = ["/authority", "/authority/account-acts", "/authority/looks", "/authority/filings", "/account"]
    return [*lists, f"/authority/applications/{case}", f"/registers/criminal_wallets/{wallet}"]


def _theirs(country: Portal, who: str) -> list[str]:
    """The cabinet of somebody who acts for others, and what waits for him there."""
    items = country.as_user(who).get("/kk/cabinet?as=json").json()["items"]
    blocked = ["/cabinet/apply/alatau_residency", "/cabinet/apply/fintech_lab_extension"]
    return ["/cabinet", "/account", f"/cabinet/applications/{items[0]['id']}", *blocked]


PAGES = {
    "": _public,
    "miner": _cabinet,
    "trader": _trader,
    "officer": _officer,
    "auditor": _auditor,
    "administrator": lambda country: ["/authority/accounts", "/account"],
    "representative": lambda country: _theirs(country, "representative"),
    "dfa_operator": lambda country: _theirs(country, "dfa_operator"),
}
