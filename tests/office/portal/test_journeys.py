"""Journeys in a real browser: a visitor, a miner with two officers, a trader; each in three languages, and in each with
script, without it, and by keyboard alone; axe finds nothing, in light and in dark. All walk in one country.
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
WAYS = {"script": {"script": True}, "noscript": {"script": False}, "keyboard": {"keyboard": True}}
Way = tuple[str, dict[str, bool]]  # a language, how the browser is used


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as made:
        yield made


@pytest.fixture(scope="module")
def address(one_country: Portal) -> Iterator[str]:
    with listening(one_country) as found:
        yield found


@pytest.fixture(params=[(lang, how) for lang in SAID for how in WAYS], ids="-".join)
def way(request: pytest.FixtureRequest) -> Way:
    return request.param[0], WAYS[request.param[1]]


def test_a_visitor_finds_a_miner_and_checks_his_extract(
    one_country: Portal, address: str, chromium: Any, way: Way, tmp_path: Path
) -> None:
    lang, how = way
    said = SAID[lang]
    with visitor(chromium, one_country, address, lang, **how) as here:
        here.go("")
        records = one_country.browser.get("/api/v1/registers/miners/records?limit=1").json()["items"]
        here.fill("q", re.sub(r"[«»]|ЖШС", "", records[0]["subject"]["name"]).strip())
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
    one_country: Portal, address: str, chromium: Any, way: Way
) -> None:
    lang, how = way
    said = SAID[lang]
    with (
        visitor(chromium, one_country, address, lang, "miner", **how) as miner,
        visitor(chromium, one_country, address, lang, "officer", **how) as officer,
        visitor(chromium, one_country, address, lang, "second_officer", **how) as second,
    ):
        miner.go("/cabinet/apply/mining_licence")
        for name, value in (("f.kind", "II"), ("f.region", "350000000"), ("f.legal_form", "llp")):
            miner.fill(name, value)
        miner.fill("f.owns_hardware", "yes")
        miner.press(said["file"], "main button")
        id_ = miner.path.rpartition("/")[2]
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
        officer.fill("s.article", "9.1", 'form:has(input[value="propose_grant"])')
        officer.press(said["grant"], "main button")
        assert said["confirm"] not in officer.main()
        second.go(desk)
        second.press(said["confirm"], "main button")
        found = re.search(r"M-20\d\d-\d{4}", second.main())
        assert found
        _suspend(officer, second, miner, found[0], said)


def _suspend(officer: Visitor, second: Visitor, miner: Visitor, number: str, said: dict[str, str]) -> None:
    officer.go(f"/registers/miners/{number}")
    officer.press(said["suspend"], "main a")
    officer.fill("f.months", "2")
    officer.fill("f.ground", "not_cured")
    officer.press(said["propose"], "main button")
    assert said["second"] not in [b.strip() for b in officer.page.locator("main button").all_inner_texts()]
    second.go(officer.path)
    second.press(said["second"], "main button")
    miner.go("/cabinet")
    row = miner.page.locator("tr", has_text=number)
    assert row.locator(".tag.suspended").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_place_of_the_keyboard_is_seen_wherever_it_stands(
    one_country: Portal, address: str, chromium: Any, theme: str
) -> None:
    unseen: list[str] = []
    with visitor(chromium, one_country, address, "en", "miner", theme=theme) as here:
        for path in ("", "/cabinet/apply/mining_licence", "/check", "/ask/apply?permit=pool&on=2026-06-15"):
            here.go(path)
            unseen += here.unseen()
    assert not unseen, "\n".join(dict.fromkeys(unseen))


@pytest.mark.parametrize(("lang", "who"), [("kk", "city_payer"), ("ru", "card_holder"), ("en", "city_merchant")])
def test_an_administrator_closes_an_account_by_keyboard(
    one_country: Portal, address: str, chromium: Any, lang: str, who: str
) -> None:
    with (
        visitor(chromium, one_country, address, lang, who) as closed,
        visitor(chromium, one_country, address, lang, "administrator", keyboard=True) as administrator,
    ):
        administrator.go("/authority/accounts")
        assert not administrator.faults()
        name = administrator.page.get_by_role("rowheader", name=re.compile(f"^{who}"))
        row = administrator.page.locator("tr", has=name)
        administrator.use(row.locator("summary"), leaves=False)
        administrator.use(row.locator('button[value="close"]'))
        assert administrator.page.locator('[role="status"]', has_text=who).count() == 1
        assert not administrator.faults()
        closed.go("/cabinet")
        assert "/sign-in" in closed.page.url


def test_a_trader_goes_from_files_to_a_handed_in_return(
    one_country: Portal, address: str, chromium: Any, way: Way
) -> None:
    lang, how = way
    said = SAID[lang]
    with visitor(chromium, one_country, address, lang, "trader", **how) as here:
        here.go("/cabinet/cases")
        here.fill("name", "2025")
        here.press(said["make"], "main button")
        case = here.path
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
def test_every_page_is_clean_for_axe_and_fits_a_narrow_screen(
    one_country: Portal, address: str, chromium: Any, who: str
) -> None:
    """Each page in light and in dark, on a wide screen and on one of 320 pixels."""
    faults: list[str] = []
    pages = PAGES[who](one_country)
    with visitor(chromium, one_country, address, "kk", who) as here:
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
    wallet = auditor.get("/kk/registers/criminal_wallets.json").json()[0]["number"]
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
