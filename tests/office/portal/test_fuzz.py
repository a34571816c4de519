"""Every call of the API, with what its own OpenAPI lets through and what not: never a defect, always a problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from tests.office.conftest import Portal


def operations(country: Portal) -> Iterator[Any]:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", country.browser.app)
    for found in schema.get_all_operations():
        yield found.ok()


@pytest.mark.parametrize("who", ["", "officer"])
def test_no_call_finds_a_defect(country: Portal, who: str) -> None:
    headers = country.key(who) if who else {}
    seen = 0
    for operation in operations(country):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=2,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                answer = case.call(headers=headers)
                assert answer.status_code < 500, (case.as_curl_command(), answer.content[:300])
                if answer.status_code >= 400:
                    kind = answer.headers["content-type"][0]
                    assert kind.startswith(("application/problem+json", "text/plain")), (kind, answer.content[:200])

            try:
                ask()
            except Exception as error:
                if "Unsatisfiable" not in type(error).__name__:
                    raise
            seen += 1
    assert seen > 40


HOSTILE = st.text(max_size=60) | st.sampled_from(
    ["\x00", "'; drop table store.entry; --", "../../etc/passwd", "%00", "𝔘" * 50]
)
PATHS = (
    *("/kk/registers/{}", "/ru/registers/miners/{}", "/en/registers/miners?q={}", "/en/statistics?register={}"),
    *("/kk/registers/miners?cursor={}", "/kk/registers/miners?on={}", "/kk/sign-in?token={}", "/{}", "/api/v1/{}"),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(PATHS), HOSTILE, st.dictionaries(st.sampled_from(["cookie", "accept-language", "origin"]), HOSTILE)
)
def test_no_page_finds_a_defect(country: Portal, path: str, text: str, headers: dict[str, str]) -> None:
    plain = {
        k: v.encode("ascii", "ignore").decode().replace("\x00", "").replace("\n", "").replace("\r", "")
        for k, v in headers.items()
    }
    answer = country.browser.get(path.format(quote(text, safe="")), headers=plain)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    if text and any(c in text for c in "<>\"'") and "text/html" in answer.headers.get("content-type", ""):
        assert f'"{text}"' not in answer.text or "<" not in text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_answered_in_order(country: Portal, body: Any) -> None:
    for path in ("ask", "applications"):
        answer = country.browser.post(
            f"/api/v1/{path}",
            content=json.dumps(body),
            headers={**country.key("miner"), "content-type": "application/json"},
        )
        assert answer.status_code in (201, 401, 403, 404, 409, 422), answer.text
