"""What other programs rely on: every call of the API and every key that the contract of names lists is there."""

from __future__ import annotations

from typing import Any

import pytest
from tests.office.conftest import Portal

from salyq.office.registry.book import ORDER

REGISTERS = {
    *("miners", "mining_hardware", "data_centres", "pools", "dfa_platforms", "trading_platforms", "exchange_operators"),
    *("aifc_participants", "secured_issuers", "sandbox_participants", "city_residents", "city_permits"),
    *("criminal_wallets", "measures"),
}


def test_every_call_of_the_api_answers_with_its_keys(country: Portal) -> None:
    def get(path: str, **headers: str) -> Any:
        answer = country.browser.get(f"/api/v1{path}", headers=headers)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    assert set(ORDER) >= REGISTERS
    assert {r["code"] for r in get("/registers")["items"]} >= REGISTERS - {"criminal_wallets"}
    page = get("/registers/miners/records?limit=2")
    assert set(page) >= {"items", "total", "next"}
    one = page["items"][0]
    assert set(one) >= {"number", "status", "subject", "fields", "valid_from"}
    assert set(one["subject"]) >= {"id", "name"}
    record = get(f"/registers/miners/records/{one['number']}")
    assert record["entries"]
    feed = get("/entries?after=5&limit=3")
    assert set(feed) >= {"items", "next"}
    wanted = {"position", "register", "number", "event", "valid_from", "recorded_at", "ground", "fields", "leaf"}
    shown = [i for i in get("/entries?limit=500")["items"] if i.get("register")]
    assert set(shown[0]) >= wanted
    note = country.browser.get("/api/v1/log/checkpoint")
    assert note.headers["content-type"].startswith("text/plain")
    size = int(note.text.splitlines()[1])
    assert set(get(f"/log/proof?position=0&size={size}")) >= {"position", "size", "leaf", "path"}
    assert get(f"/log/consistency?from=1&to={size}")
    for by in ("month", "region", "kind", "status"):
        assert get(f"/registers/miners/statistics?by={by}")
    officer = country.key("officer")
    case = get("/applications?procedure=mining_licence&status=review", **officer)["items"][0]
    case = get(f"/applications/{case['id']}", **officer)
    assert set(case) >= {"status", "clock", "next_steps", "law"}
    assert set(case["clock"]) >= {"started", "stopped_days", "due"}
    assert set(case["law"]) >= {"fingerprint", "cites"}
    assert country.browser.post("/api/v1/ask", json={"act": "mine"}).status_code in (200, 422)


def test_the_openapi_has_the_calls_of_the_contract(country: Portal) -> None:
    paths = country.browser.get("/api/v1/openapi.json").json()["paths"]
    wanted = {
        "/registers": "get",
        "/registers/{code}/records": "get",
        "/registers/{code}/records/{number}": "get",
        "/entries": "get",
        "/log/checkpoint": "get",
        "/log/proof": "get",
        "/log/consistency": "get",
        "/registers/{code}/statistics": "get",
        "/applications": "post",
        "/applications/{id}": "get",
        "/applications/{id}/steps/{step}": "post",
        "/filings": "post",
        "/filings/{id}": "get",
        "/ledger/requests": "post",
        "/ask": "post",
    }
    missing = [(p, m) for p, m in wanted.items() if m not in paths.get(p, {})]
    assert not missing


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_watches_it_gets_an_answer(country: Portal, path: str) -> None:
    assert country.browser.get(path).status_code == 200


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_every_page_of_the_contract_answers(country: Portal, lang: str) -> None:
    number = country.demo["numbers"]["miners"][0]
    for page in (
        *("/registers", "/registers/miners", f"/registers/miners/{number}", "/statistics", "/law", "/check"),
        *("/calculators", "/brief", "/sign-in", "/cabinet", "/authority", "/pilot"),
    ):
        assert country.browser.get(f"/{lang}{page}").status_code == 200, page


def test_the_made_up_country_tells_its_users(country: Portal) -> None:
    names = {u["name"] for u in country.demo["users"]}
    assert names >= {"miner", "exchange", "officer", "second_officer", "card_issuer", "bank"}
    assert all(set(u) >= {"name", "role", "link"} for u in country.demo["users"])
    assert set(country.demo) >= {"users", "cards", "card_port", "corridor", "numbers"}
