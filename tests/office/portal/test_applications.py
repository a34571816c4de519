"""Applications over the API: from filing to a licence, keys, wrong hands, what a page shows to whom."""

from __future__ import annotations

from typing import Any

from tests.office.conftest import Portal

FORM = {"kind": "II", "region": "350000000", "legal_form": "llp", "owns_hardware": True, "documents_complete": True}


def call(country: Portal, who: str, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
    headers = {**country.key(who), **({"idempotency-key": key} if key else {})}
    if body is None:
        return country.browser.get(f"/api/v1/{path}", headers=headers)
    return country.browser.post(f"/api/v1/{path}", json=body, headers=headers)


def file(country: Portal, key: str = "") -> Any:
    organisation = country.user("miner")["organisation"]
    body = {"procedure": "mining_licence", "organisation": organisation, "fields": FORM}
    return call(country, "miner", "applications", body, key)


def test_from_filing_to_a_licence(country: Portal) -> None:
    answer = file(country)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["status"] == "filed"
    assert made["clock"]["due"] > made["clock"]["started"]
    assert made["next_steps"] == ["accept", "return", "withdraw"]
    assert made["law"]["fingerprint"].startswith("sha256:")
    id_ = made["id"]
    assert call(country, "officer", f"applications/{id_}/steps/accept", {}).json()["status"] == "review"
    proposed = call(country, "officer", f"applications/{id_}/steps/propose_grant", {"article": "9.1"})
    assert proposed.json()["status"] == "proposed_grant"
    same = call(country, "officer", f"applications/{id_}/steps/confirm_grant", {})
    assert same.status_code == 403
    done = call(country, "second_officer", f"applications/{id_}/steps/confirm_grant", {}).json()
    assert done["status"] == "granted"
    shown = country.browser.get(f"/api/v1/registers/miners/records/{done['number']}").json()
    assert shown["status"] == "active"
    late = call(country, "second_officer", f"applications/{id_}/steps/confirm_grant", {})
    assert late.status_code == 409


def test_a_key_files_once(country: Portal) -> None:
    first, second = file(country, "a"), file(country, "a")
    assert first.json()["id"] == second.json()["id"]
    other = {"procedure": "mining_licence", "organisation": country.user("miner")["organisation"], "fields": {}}
    assert call(country, "miner", "applications", other, "a").status_code == 409
    assert file(country, "b").json()["id"] != first.json()["id"]
    step = f"applications/{first.json()['id']}/steps/accept"
    assert call(country, "officer", step, {}, "s").status_code == 200
    assert call(country, "officer", step, {}, "s").status_code == 200
    assert call(country, "officer", step, {}).status_code == 409


def test_wrong_questions_are_problems(country: Portal) -> None:
    id_ = file(country).json()["id"]
    organisation = country.user("miner")["organisation"]
    wrong = [
        ("applications", {"procedure": "none", "organisation": organisation}, 404),
        ("applications", {"procedure": "mining_licence", "organisation": organisation, "fields": {"kind": "II"}}, 422),
        ("applications", {"procedure": "mining_licence", "organisation": "230440900503", "fields": FORM}, 403),
        ("applications", {"procedure": "mining_licence", "unknown": 1}, 422),
        (f"applications/{id_}/steps/propose_grant", {}, 409),
        (f"applications/{id_}/steps/nonsense", {}, 409),
        (f"applications/{id_}/steps/withdraw", {"colour": "red"}, 422),
        ("applications/00000000-0000-7000-8000-000000000000/steps/withdraw", {}, 404),
        ("applications/x/steps/withdraw", {}, 422),
    ]
    for path, body, status in wrong:
        answer = call(country, "miner", path, body)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    faults = call(country, "miner", *wrong[1][:2]).json()
    assert faults["field"] == "region"
    assert country.browser.post("/api/v1/applications", json={}).status_code in (401, 422)


def test_an_id_of_another_organisation_is_not_found(country: Portal) -> None:
    id_ = file(country).json()["id"]
    for who in ("exchange", "afm_officer", "public"):
        assert call(country, who, f"applications/{id_}").status_code == 404, who
        assert call(country, who, f"applications/{id_}/steps/withdraw", {}).status_code == 404
        assert id_ not in call(country, who, "applications").text
    for who in ("miner", "officer", "auditor"):
        assert call(country, who, f"applications/{id_}").status_code == 200, who


def test_procedures_are_listed_with_their_documents_and_steps(country: Portal) -> None:
    items = call(country, "public", "procedures").json()["items"]
    assert len(items) == 35
    licence = next(i for i in items if i["code"] == "mining_licence")
    assert licence["documents"][0]["basis"] in ("secondary", "proposed")
    assert licence["steps"][0]["step"] == "file"


def test_law_can_be_asked(country: Portal) -> None:
    body = {"act": "transfer", "on": "2026-06-15", "facts": {"asset_kind": "unsecured", "amount_kzt": "5000000",
            "provider": "exchange_operator", "sender_data": "yes", "recipient_data": "yes"}}  # fmt: skip
    answer = country.browser.post("/api/v1/ask", json=body)
    assert answer.status_code == 200, answer.text
    assert "financial_monitoring.threshold_report" in {d["name"] for d in answer.json()["duties"]}
    flat = country.browser.post("/api/v1/ask", json={"act": "transfer", "on": "2026-06-15", **body["facts"]})  # type: ignore[dict-item]
    assert flat.json()["duties"] == answer.json()["duties"]
    assert country.browser.post("/api/v1/ask", json={"act": "none"}).status_code == 422
    assert country.browser.post("/api/v1/ask", json={"act": "transfer", "facts": {"x": "y"}}).status_code == 422


def test_the_demonstration_has_applications_at_every_step(country: Portal) -> None:
    items = call(country, "auditor", "applications?limit=200").json()["items"]
    assert {i["status"] for i in items} >= {
        *("filed", "review", "returned", "proposed_grant", "granted", "proposed_refusal", "appealed", "withdrawn"),
        *("proposed", "planned", "in_force"),
    }
    late = [i for i in items if i["status"] == "filed" and i["due"] and i["due"] < "2026-11-28"]
    assert late
    shown = call(country, "officer", f"applications/{late[0]['id']}").json()
    assert shown["clock"]["overdue"] is True
    filings = call(country, "auditor", "filings").json()["items"]
    assert {f["status"] for f in filings} == {"accepted", "refused"}
