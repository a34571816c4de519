"""The office attacked through its own routes: ids of others, forms of other sites, numbers that are none, slow bodies,
tables of the database.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.routing import Route, compile_path
from tests.office.conftest import Portal

from salyq.office.portal.authority import routes as authority
from salyq.office.portal.cabinet import routes as cabinet
from salyq.office.portal.headers import in_time
from salyq.office.portal.law import routes as law
from salyq.office.portal.pilot import routes as pilot
from salyq.office.portal.public import routes as public

# Open to everybody, or of no organisation: an id in them opens nothing that is somebody's.
OPEN = re.compile(
    r"/\{lang\}/(registers|law|ask|calculators|sign-in|pilot/city|cabinet/apply|authority/open)\b|^/book/"
)
# A case of tax is tried by test_cabinet: only its owner has one.
ELSEWHERE = re.compile(r"/\{lang\}/cabinet/cases/")


def routes() -> list[Route]:
    return [r for room in (public, cabinet, authority, pilot, law) for r in room.ROUTES if isinstance(r, Route)]


def of_others(country: Portal) -> Iterator[str]:
    """Paths with ids of the miner, the pool, the card's holder, the issuer."""
    seen = country.browser.get("/api/v1/applications?limit=100", headers=country.key("officer")).json()["items"]
    for one in seen[:4]:
        yield f"/en/cabinet/applications/{one['id']}"
        yield f"/en/cabinet/applications/{one['id']}/documents/{'0' * 64}"
        yield f"/en/authority/applications/{one['id']}"
        yield f"/en/authority/applications/{one['id']}/documents/{'0' * 64}"
        yield f"/api/v1/applications/{one['id']}"
    for one in country.browser.get("/api/v1/filings", headers=country.key("pool")).json()["items"]:
        yield f"/en/cabinet/filings/{one['id']}"
        yield f"/en/authority/filings/{one['id']}"
        yield f"/api/v1/filings/{one['id']}"
        yield f"/api/v1/filings/{one['id']}/file"
    holder = country.user("card_holder")["organisation"]
    yield f"/en/pilot/card/{holder}"
    yield f"/en/pilot/card/{holder}/records.csv"
    yield f"/api/v1/cards/{holder}"
    page = country.as_user("card_issuer").get("/en/pilot").text
    event = re.search(r'/en/pilot(/events/[^"]+)"', page)
    contract = re.search(r'/en/pilot(/sandbox/[^"]+)"', country.as_user("card_issuer").get("/en/pilot/sandbox").text)
    assert event
    assert contract
    yield from (f"{door}{path[1]}" for path in (event, contract) for door in ("/en/pilot", "/api/v1"))
    yield "/en/authority/correct/miners/M-2026-0001"


def test_no_id_of_another_organisation_opens_anything(country: Portal, caplog: pytest.LogCaptureFixture) -> None:
    stranger, key = country.as_user("exchange"), country.key("exchange")
    paths = list(of_others(country))
    with caplog.at_level(logging.WARNING, "salyq.portal"):
        for path in paths:
            answer = stranger.get(path, headers=key if path.startswith("/api") else {}, follow_redirects=False)
            assert answer.status_code == 404, path
    told = [r.getMessage() for r in caplog.records if r.getMessage().startswith("not there, or not theirs: GET")]
    assert len(told) == len(paths)
    assert all(line.endswith("for exchange") for line in told)
    tried = [re.sub(r"^/en", "/{lang}", p) for p in paths]
    missed = [
        r.path
        for r in routes()
        if "{" in r.path.replace("{lang}", "") and not OPEN.search(r.path) and not ELSEWHERE.search(r.path)
        if not any(compile_path(r.path)[0].match(p.replace("/{lang}", "/en")) for p in tried)
    ]
    assert not missed  # a new page with an id is tried here, or said to be open


def test_no_form_of_another_site_does_anything(country: Portal) -> None:
    """Every page that takes a POST, without a token, with a stranger's, and from another origin."""
    users = {"authority/accounts": "administrator", "authority": "officer", "cabinet": "miner"}
    signed = {who: country.as_user(who) for who in ("administrator", "officer", "miner", "card_holder")}
    foreign = re.search(r'name="csrf" value="([^"]+)"', country.as_user("pool").get("/en/account").text)
    assert foreign
    for route in routes():
        if "POST" not in (route.methods or ()):
            continue
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda m: {"lang": "en", "year": "2025"}.get(m[1], "x"), route.path)
        own = next((u for door, u in users.items() if f"/{door}" in path), "card_holder")
        token = re.search(r'name="csrf" value="([^"]+)"', signed[own].get("/en/account").text)
        assert token
        tries: list[tuple[dict[str, str], dict[str, str]]] = [
            ({}, {}),
            ({"csrf": foreign[1]}, {}),
            ({"csrf": token[1]}, {"origin": "https://evil.example"}),
            ({"csrf": token[1]}, {"origin": "null"}),
        ]
        for form, headers in tries:
            answer = signed[own].post(path, data=form, headers=headers, follow_redirects=False)
            assert answer.status_code == 403, (path, form, headers)


NUMBERS = ["²", "٣", "-1", "0", "1e9", "9" * 5000, "9" * 19, "\u202e1", "NaN", "' or 1=1 --", "%00", ""]


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_no_number_is_no_defect(country: Portal, number: str) -> None:
    holder = country.user("card_holder")["organisation"]
    client, key = country.as_user("card_holder"), country.key("card_holder")
    asked: list[httpx.Response] = [
        client.get(f"/en/pilot/card/{holder}", params={"year": number}),
        client.get(f"/api/v1/cards/{holder}", params={"year": number}, headers=key),
        client.get("/en/registers/miners", params={"cursor": number, "on": number, "known": number}),
        client.get("/api/v1/entries", params={"after": number, "limit": number}),
        client.get("/api/v1/log/proof", params={"position": number, "size": number}),
        client.get("/en/calculators/gain", params={"income": number, "year": number}),
        client.get("/en/brief", params={"day": number}),
        client.get("/en/cabinet/filings", params={"cursor": number}),
        client.get(f"/api/v1/applications/{number or 'x'}".replace("%00", "x"), headers=key),
    ]
    for answer in asked:
        assert answer.status_code < 500, (answer.url, answer.status_code)
        assert "Traceback" not in answer.text


def test_a_body_that_comes_drop_by_drop_is_given_up() -> None:
    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.request"}

    async def drops() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def read(receive: Any) -> int:
        count = 0
        while (await receive()).get("more_body"):
            count += 1
        return count

    for slow in (never, drops):
        with pytest.raises(HTTPException) as told:
            asyncio.run(read(in_time(slow, 0.1)))
        assert told.value.status_code == 408
    parts = [{"type": "http.request", "body": b"x", "more_body": more} for more in (True, True, False)]

    async def quick() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    received = in_time(quick, 5)
    assert asyncio.run(read(received)) == 2
    assert asyncio.run(received())["type"] == "http.disconnect"  # the end is waited for as long as it takes


def test_a_body_without_end_is_refused_before_it_fills_a_disk() -> None:
    async def endless() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def read(receive: Any) -> int:
        count = 0
        while (await receive()).get("more_body"):
            count += 1
            assert count < 20
        return count

    with pytest.raises(HTTPException) as told:
        asyncio.run(read(in_time(endless, 30, 9_500)))
    assert told.value.status_code == 413


def test_an_upload_without_end_is_413_over_the_api_and_on_a_page(
    country: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "salyq.office.portal.headers.in_time", lambda receive, seconds: in_time(receive, seconds, 50_000)
    )

    def parts() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\npool_table\r\n--x\r\n'
        yield b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(100):
            yield b"a,b\n" * 1000

    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = country.browser.post("/api/v1/filings", content=parts(), headers={**country.key("pool"), **kind})
    assert (answer.status_code, answer.json()["code"]) == (413, "portal_413")
    text = country.browser.post("/api/v1/ask", content=b'{"act": "' + b"x" * 60_000 + b'"}')
    assert text.status_code == 413
    page = country.as_user("pool").post("/en/cabinet/filings", content=b"".join(parts()), headers=kind)
    assert page.status_code == 413


def test_no_page_of_another_site_calls_the_api_with_a_visitors_cookie(country: Portal) -> None:
    """What a form or a script of another site can send: with its origin, without one, with what browsers say of it."""
    pool = country.as_user("pool")
    before = len(pool.get("/en/cabinet/filings?as=json").json()["items"])
    own = str(pool.base_url).rstrip("/")
    for headers in ({}, {"origin": "null"}, {"origin": "https://evil.example"},
                    {"origin": own, "sec-fetch-site": "cross-site"}):  # fmt: skip
        sent = {"data": {"kind": "pool_table"}, "files": {"file": ("a.csv", b"x")}}
        assert pool.post("/api/v1/filings", headers=headers, **sent).status_code == 403, headers  # type: ignore[arg-type]
    assert len(pool.get("/en/cabinet/filings?as=json").json()["items"]) == before
    mine = {"origin": own, "sec-fetch-site": "same-origin"}
    sent = {"data": {"kind": "pool_table"}, "files": {"file": ("a.csv", b"x")}}
    assert pool.post("/api/v1/filings", headers=mine, **sent).status_code == 201  # type: ignore[arg-type]


# Tables that the pages may read without a policy by row, and why nobody's secret stands in them.
WITHOUT_POLICY = {
    "people.account",  # who signs in is not known before
    "people.api_key",  # secrets are hashes
    "people.delegation",
    "people.link",
    "people.organisation",
    "people.passkey",
    "people.password",
    "people.session",
    "registry.sought",  # words of public records only
    "registry.vocabulary",
    "registry.word",
    "store.checkpoint",  # the log's own, published
    "store.clock",
    "store.fact",
    "store.head",
    "store.job",
    "store.node",
}


def test_every_table_of_the_pages_has_a_policy_or_a_reason(country: Portal) -> None:
    asked = b"""
        select n.nspname || '.' || c.relname, c.relrowsecurity,
               has_table_privilege('salyq_web', c.oid, 'update'), has_table_privilege('salyq_web', c.oid, 'delete')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and has_table_privilege('salyq_web', c.oid, 'select')
          and n.nspname not in ('pg_catalog', 'information_schema')"""
    with country.work.transaction() as tx:
        found = tx.values(asked)
        restricted = tx.value(
            b"select count(*) from registry.sought s where not exists (select 1 from registry.span p"
            b" where p.public and p.register = s.register and p.number = s.number)"
        )
    assert {name for name, policy, *_ in found if not policy} == WITHOUT_POLICY
    assert not [name for name, _, update, delete in found if delete or (update and "people." not in name)]
    assert restricted == 0
    with country.web.transaction() as tx:  # as nobody
        empty = (
            "intake.filing",
            "procedures.application",
            "cases.case",
            "pilots.event",
            "store.answer",
            "store.sealed",
        )
        for name in empty:
            assert tx.value(f"select count(*) from {name}".encode()) == 0, name
