"""The API: the contract's shapes, two times, the feed and its tree, proofs, problems; fuzzed from its own OpenAPI."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.office.conftest import SIGNER, Portal

from salyq.office.store import tree
from salyq.office.store.notes import open_note


def test_registers_and_records(country: Portal) -> None:
    items = country.browser.get("/api/v1/registers").json()["items"]
    assert {i["code"] for i in items} >= {"miners", "pools", "measures"}
    assert "criminal_wallets" not in {i["code"] for i in items}
    page = country.browser.get("/api/v1/registers/miners/records?limit=30").json()
    assert (len(page["items"]), page["total"]) == (30, 80)
    numbers, cursor = [], ""
    while cursor is not None:
        page = country.browser.get(f"/api/v1/registers/miners/records?limit=30&cursor={cursor}").json()
        numbers += [i["number"] for i in page["items"]]
        cursor = page["next"]
    assert sorted(numbers) == sorted(set(country.demo["numbers"]["miners"]))
    one = country.browser.get(f"/api/v1/registers/miners/records/{numbers[0]}").json()
    assert one["entries"][0]["event"] == "granted"
    assert set(page["items"][0]) >= {"number", "status", "subject", "fields", "valid_from"}
    before = country.browser.get(f"/api/v1/registers/miners/records/{numbers[0]}?on=2023-04-01")
    assert before.status_code == 404
    assert before.headers["content-type"] == "application/problem+json"
    assert set(before.json()["words"]) == {"kk", "ru", "en"}


def test_known_shows_what_was_known_then(country: Portal) -> None:
    for known, total in (("2023-04-01", 0), ("2023-12-31", None), ("2026-11-27", 80)):
        found = country.browser.get(f"/api/v1/registers/miners/records?on=2026-11-27&known={known}").json()["total"]
        assert found == total if total is not None else 0 < found < 80


def test_the_feed_holds_every_position_and_gives_the_checkpoints_root(country: Portal) -> None:
    note = country.browser.get("/api/v1/log/checkpoint").text
    checkpoint = open_note(note, SIGNER.verifier)
    leaves: list[bytes] = []
    after: int | None = -1
    hidden = 0
    while after is not None:
        page = country.browser.get(f"/api/v1/entries?after={after}&limit=100").json()
        for item in page["items"]:
            assert item["position"] == len(leaves)
            leaf = bytes.fromhex(item["leaf"])
            if item["entry"] is None:
                hidden += 1
                assert item["register"] is None
            else:
                assert tree.leaf_hash(item["entry"].encode()) == leaf
            leaves.append(leaf)
        after = page["next"]
    assert len(leaves) == checkpoint.size
    assert hidden >= 12
    nodes = tree.grow(0, {}, leaves)
    assert tree.root_of([nodes[p] for p in tree.peaks(len(leaves))]) == checkpoint.root
    for position, size in ((0, 1), (5, 100), (len(leaves) - 1, len(leaves))):
        proof = country.browser.get(f"/api/v1/log/proof?position={position}&size={size}").json()
        path = [bytes.fromhex(p) for p in proof["path"]]
        root = tree.root_of([nodes[p] for p in tree.peaks(size)])
        assert tree.root_from_inclusion(bytes.fromhex(proof["leaf"]), position, size, path) == root
    steps = country.browser.get(f"/api/v1/log/consistency?from=100&to={len(leaves)}").json()["path"]
    old = tree.root_of([nodes[p] for p in tree.peaks(100)])
    assert tree.consistent(100, len(leaves), old, checkpoint.root, [bytes.fromhex(p) for p in steps])


def test_statistics(country: Portal) -> None:
    for by in ("month", "region", "kind", "status"):
        series = country.browser.get(f"/api/v1/registers/miners/statistics?by={by}").json()["series"]
        assert series
    total = sum(
        s["count"] for s in country.browser.get("/api/v1/registers/miners/statistics?by=status").json()["series"]
    )
    assert total == 80


def test_a_key_that_does_not_hold_is_refused(country: Portal) -> None:
    for given in ("Bearer nonsense", "Basic eA==", "Bearer ", "x"):
        answer = country.browser.get("/api/v1/registers", headers={"authorization": given})
        assert answer.status_code == 401
    assert country.browser.get("/api/v1/registers", headers=country.key("officer")).status_code == 200


WRONG = [
    "/api/v1/entries?after=x",
    "/api/v1/entries?limit=0",
    "/api/v1/entries?after=99999999999999999999",
    "/api/v1/log/proof?position=-1",
    "/api/v1/log/proof?position=999999",
    "/api/v1/log/proof",
    "/api/v1/log/consistency?from=0",
    "/api/v1/registers/none/records",
    "/api/v1/registers/miners/records?limit=x",
    "/api/v1/registers/miners/records?cursor=%00",
    "/api/v1/registers/miners/records?q=%00",
    "/api/v1/registers/miners/records/%00",
    "/api/v1/registers/miners/statistics?by=colour",
    "/api/v1/registers/miners/records?known=2026",
]


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_question_is_a_problem(country: Portal, path: str) -> None:
    answer = country.browser.get(path)
    assert answer.status_code in (404, 422), answer.text
    body = answer.json()
    assert body["code"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text


def test_the_time_of_a_correction_is_not_lost(country: Portal) -> None:
    number = country.demo["numbers"]["miners"][0]
    one = country.browser.get(f"/api/v1/registers/miners/records/{number}").json()
    at = datetime.fromisoformat(one["entries"][0]["recorded_at"])
    assert at.tzinfo is not None
    assert at < datetime(2026, 11, 28, tzinfo=UTC)
