"""Lists of JSON that explorers' interfaces give out are read as their tables are; any other JSON is named as unread."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from salyq.facts.case import read_case
from salyq.records.model import UNIT

EVM, TRON = "0x" + "1" * 40, "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
PERSON = (
    f'kind = "individual"\nresident = true\n[[account]]\nname = "metamask"\naddresses = ["{EVM}"]\n'
    f'[[account]]\nname = "tron"\naddresses = ["{TRON}"]\n'
)


def tokentx(**other: str) -> dict[str, str]:
    return {
        "blockNumber": "1",
        "timeStamp": "1740823200",
        "hash": "0xaa",
        "from": "0x" + "2" * 40,
        "to": EVM,
        "contractAddress": "0xdac17f958d2ee523a2206206994597c13d831ec7",
        "value": "250500000",
        "tokenName": "Tether USD",
        "tokenSymbol": "USDT",
        "tokenDecimal": "6",
    } | other


def trc20(**other: Any) -> dict[str, Any]:
    token = {"symbol": "USDT", "address": "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "decimals": 6, "name": "Tether USD"}
    return {
        "transaction_id": "cc",
        "token_info": token,
        "block_timestamp": 1740823200000,
        "from": TRON,
        "to": "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf",
        "type": "Transfer",
        "value": "1500000",
    } | other


def read(folder: Path, **files: Any) -> Any:
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    for name, found in files.items():
        text = found if isinstance(found, str) else json.dumps(found)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return read_case(folder).reading


def test_token_transfers_of_both_interfaces_are_records_with_their_hash(tmp_path: Path) -> None:
    reading = read(tmp_path, eth={"status": "1", "result": [tokentx()]}, trx={"data": [trc20()]})
    told = [(r.kind, r.account, r.asset, r.quantity, r.hash, str(r.source)) for r in reading.records]
    assert told == [
        ("transfer_in", "metamask", "USDT", 2505 * UNIT // 10, "0xaa", "eth.json:1"),
        ("transfer_out", "tron", "USDT", 15 * UNIT // 10, "cc", "trx.json:1"),
    ]
    assert reading.unread == []
    whole = hashlib.sha256((tmp_path / "eth.json").read_bytes()).hexdigest()
    assert reading.files[0].sha256 == whole


def test_each_object_is_accounted_for_and_a_bad_one_says_why(tmp_path: Path) -> None:
    less = {k: v for k, v in tokentx().items() if k != "to"}
    rows = [tokentx(), tokentx(value="1e5"), tokentx(value="0"), less, tokentx(tokenDecimal="99"), 7]
    (report,) = read(tmp_path, eth=rows).files
    assert report.read == len(rows) == report.used + sum(report.ignored.values()) + len(report.rejected)
    assert [r.source.line for r in report.rejected] == [2, 4, 5, 6]


def test_an_approval_moves_nothing_and_a_page_of_several_is_said(tmp_path: Path) -> None:
    reading = read(tmp_path, trx={"data": [trc20(type="Approval")], "meta": {"fingerprint": "next"}})
    assert reading.records == []
    assert "notice_json_more_pages" in [m.code for _, m in reading.notices]


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"result": "Max rate limit reached"}', "[" * 100_000, '[{"hash": "0x1", "value": 1}]', "7"]
)
def test_other_json_is_named_as_unread(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, other=text)
    assert [(source.file, why.code) for source, why in reading.unread] == [("other.json", "file_kind_unread")]


def test_fees_under_keys_that_are_not_known_are_told(tmp_path: Path) -> None:
    reading = read(tmp_path, eth=[tokentx(transactionFee="1500"), tokentx(hash="0xab", transactionFee="500")])
    assert [r.fee for r in reading.records] == [None, None]
    (told,) = [m.params for _, m in reading.notices if m.code == "notice_fee_unread"]
    assert (told["column"], told["sum"]) == ("transactionFee", "2000")
