"""What is different over https, and what an answer never says or believes: other origins, proxies, TRACE."""

from __future__ import annotations

from starlette.testclient import TestClient
from tests.office.conftest import Portal


def test_a_cookie_over_https_is_of_this_host_alone_and_the_browser_remembers_https(country: Portal) -> None:
    secure = TestClient(country.browser.app, base_url="https://office.example", follow_redirects=False)
    answer = secure.get(country.user("miner")["link"])
    cookie = answer.headers["set-cookie"]
    parts = {p.strip().lower() for p in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-salyq=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
    assert not [p for p in parts if p.startswith("domain")]
    age = dict(p.strip().partition("=")[::2] for p in answer.headers["strict-transport-security"].split(";"))
    assert int(age["max-age"]) >= 31_536_000
    assert "includeSubDomains" in age
    plain = country.browser.get("/en/sign-in")
    assert "strict-transport-security" not in plain.headers
    assert "secure" not in plain.headers.get("set-cookie", "").lower()


def test_no_other_origin_is_let_in_and_no_proxy_believed(country: Portal) -> None:
    said = {
        "origin": "https://elsewhere.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
        "x-forwarded-proto": "https",
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-host": "elsewhere.example",
        "forwarded": "proto=https;host=elsewhere.example",
    }
    for path in ("/en", "/en/registers/miners", "/api/v1/registers", "/api/v1/filings", "/static/salyq.css"):
        for method in ("GET", "OPTIONS"):
            answer = country.browser.request(method, path, headers=said, follow_redirects=False)
            assert not [name for name in answer.headers if name.startswith("access-control-")], (method, path)
            assert "strict-transport-security" not in answer.headers
            assert "elsewhere.example" not in answer.text + answer.headers.get("location", "")


def test_what_was_sent_is_never_sent_back_by_trace(country: Portal) -> None:
    for path in ("/", "/en", "/api/v1/registers", "/static/salyq.css"):
        answer = country.browser.request("TRACE", path, headers={"x-secret": "word-of-mine"})
        assert answer.status_code in (404, 405), path
        assert "word-of-mine" not in answer.text
