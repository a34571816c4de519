"""Exports of chains and wallets: whose an address is, what a failure costs, which token is which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from venue_golden import lines, noticed, rejected

from salyq.civil.errors import InputError
from salyq.cli.main import main
from salyq.facts.case import read_case
from salyq.law.facts import STATED
from salyq.records.person_file import read_person
from salyq.records.reading import Reading
from salyq.sources import read_files

Read = Callable[..., Reading]
OWN = "0x" + "ab" * 20
SECOND = "0x" + "cd" * 20
OTHER = "0x" + "12" * 20
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"
TOKENS = "Txhash,Blockno,UnixTimestamp,DateTime,From,To,TokenValue,ContractAddress,TokenName,TokenSymbol\n"
COINS = (
    "Txhash,Blockno,UnixTimestamp,DateTime,From,To,ContractAddress,Value_IN(ETH),Value_OUT(ETH),TxnFee(ETH),"
    "TxnFee(USD),Historical $Price/Eth,Status,ErrCode,Method\n"
)
PERSON = 'kind = "individual"\nresident = true\n'


def token(sender: str, to: str, value: str, contract: str = USDT, symbol: str = "USDT", chain: str = "0xaa") -> str:
    return f"{chain},1,1706200000,2024-01-25 16:26:40,{sender},{to},{value},{contract},Token,{symbol}\n"


def coin(sender: str, to: str, came: str, went: str, fee: str, status: str = "") -> str:
    return f"0xbb,1,1706200000,2024-01-25 16:26:40,{sender},{to},,{came},{went},{fee},1,2240,{status},,\n"


def test_without_an_own_address_a_token_has_no_way(read: Read) -> None:
    reading = read(TOKENS + token(OTHER, OWN, "5"))
    assert rejected(reading) == [(2, "From", "address_not_own")]
    assert reading.files[0].rejected[0].assets == {"USDT"}
    assert "addresses" in reading.files[0].rejected[0].reason.text("en")


def test_the_file_name_or_the_person_tells_whose_it_is(read: Read, tmp_path: Path) -> None:
    text = TOKENS + token(OTHER, OWN.upper().replace("0X", "0x"), "5") + token(OWN, OTHER, "2")
    named = read(text, f"export-token-{OWN}.csv")
    assert [(r.kind, r.account) for r in named.records] == [("transfer_in", OWN), ("transfer_out", OWN)]
    (tmp_path / "file.csv").write_text(text)
    told = read_files([tmp_path / "file.csv"], base=tmp_path, addresses={OWN: "metamask"})
    assert [(r.kind, r.account) for r in told.records] == [("transfer_in", "metamask"), ("transfer_out", "metamask")]


def test_between_two_own_addresses_each_file_tells_its_side(tmp_path: Path) -> None:
    row = TOKENS + token(OWN, SECOND, "5")
    own = {OWN: "one", SECOND: "two"}
    for name, kinds in ((f"{OWN}.csv", ["transfer_out"]), ("both.csv", ["transfer_out", "transfer_in"])):
        (tmp_path / name).write_text(row)
        reading = read_files([tmp_path / name], base=tmp_path, addresses=own)
        assert [r.kind for r in reading.records] == kinds
        assert all(report.balanced() for report in reading.files)


def test_a_file_about_somebody_else_says_nothing_of_own_addresses(tmp_path: Path) -> None:
    (tmp_path / f"export-{OTHER}.csv").write_text(TOKENS + token(OTHER, OWN, "5"))
    reading = read_files([tmp_path / f"export-{OTHER}.csv"], base=tmp_path, addresses={OWN: "mine"})
    assert [(r.kind, r.account) for r in reading.records] == [("transfer_out", OTHER)]


@pytest.mark.parametrize(
    ("contract", "symbol", "asset", "notices"),
    [
        (USDT, "USDT", "USDT", []),
        (USDT.upper().replace("0X", "0x"), "whatever", "USDT", []),
        (OTHER, "USDT", "USDT@0X1212121212", ["notice_token_of_a_name"]),
        (OTHER, "KZT", "KZT@0X1212121212", ["notice_token_of_a_name"]),
        (OTHER, "UNI", "UNI", []),
        (OTHER, "visit " + "x" * 90, "TOKEN@0X1212121212", []),
    ],
)
def test_a_token_is_what_its_contract_says(
    read: Read, contract: str, symbol: str, asset: str, notices: list[str]
) -> None:
    reading = read(TOKENS + token(OTHER, OWN, "5", contract, symbol), f"{OWN}.csv")
    assert [r.asset for r in reading.records] == [asset]
    assert [code for _, code in noticed(reading)] == notices


def test_what_failed_costs_the_sender_its_fee_alone(read: Read) -> None:
    text = COINS + coin(OWN, OTHER, "0", "3", "0.01", "Error(0)") + coin(OTHER, OWN, "3", "0", "0.01", "Error(0)")
    text += coin(OWN, OTHER, "0", "0", "0.002") + coin(OTHER, OWN, "0", "0", "0.5")
    reading = read(text, f"export-{OWN}.csv")
    assert [(r.kind, r.quantity) for r in reading.records] == [("fee", 10**16), ("fee", 2 * 10**15)]
    assert dict(reading.files[0].ignored) == {"not_completed": 1, "zero_change": 1}


def test_a_row_with_a_value_tells_whose_file_it_is(read: Read) -> None:
    text = COINS + coin(OWN, OTHER, "0", "0", "0.002") + coin(OWN, OTHER, "0", "1", "0.001")
    reading = read(text)
    assert lines(reading)[0].startswith("2 2024-01-25T16:26:40 fee ETH 0.002")
    lone = read(COINS + coin(OWN, OTHER, "0", "0", "0.002"))
    assert rejected(lone) == [(2, "From", "address_not_own")]


def test_value_on_both_sides_is_no_row(read: Read) -> None:
    assert rejected(read(COINS + coin(OWN, OTHER, "1", "1", "0"))) == [(2, "Value_IN", "chain_two_ways")]


def test_a_withdrawal_to_an_own_address_is_an_own_transfer(tmp_path: Path) -> None:
    """Without a hash, at amounts that two wallets received: the address tells which."""
    (tmp_path / "person.toml").write_text(
        PERSON + f'[[account]]\nname = "metamask"\naddresses = ["{OWN}"]\n'
        f'[[account]]\nname = "cold"\naddresses = ["{SECOND}"]\n'
    )
    records = "time,kind,asset,quantity,account,counterparty\n"
    records += f"2024-01-25T16:20:00Z,transfer_out,USDT,5,binance,{OWN}\n"
    records += f"2024-01-25T16:20:00Z,transfer_out,USDT,5,bybit,{SECOND}\n"
    (tmp_path / "records.csv").write_text(records)
    (tmp_path / "tokens.csv").write_text(
        TOKENS + token(OTHER, OWN, "5", chain="0xa1") + token(OTHER, SECOND, "5", chain="0xa2")
    )
    ledger = read_case(tmp_path).ledger
    assert sorted((t.sent.account, t.received.account) for t in ledger.transfers) == [
        ("binance", "metamask"),
        ("bybit", "cold"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("addresses = 5", "person_addresses"),
        ('addresses = ["x"]', "person_addresses"),
        (f'addresses = ["{OWN}", "{OWN.upper().replace("0X", "0x")}"]', "person_address_twice"),
    ],
)
def test_addresses_that_are_none_are_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "person.toml").write_text(PERSON + f'[[account]]\nname = "a"\n{text}\n')
    with pytest.raises(InputError) as caught:
        read_person(tmp_path / "person.toml", STATED)
    assert caught.value.message.code == code


LIVE = (
    "Operation Date,Status,Currency Ticker,Operation Type,Operation Amount,Operation Fees,Operation Hash,"
    "Account Name,Account xpub\n"
)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2024-05-01T08:00:00Z,Confirmed,BTC,BEAM,1,0,h,a,x\n", "Operation Type", "operation_unknown"),
        ("2024-05-01T08:00:00Z,Perhaps,BTC,IN,1,0,h,a,x\n", "Status", "row_bad_choice"),
        ("2024-05-01T08:00:00Z,Confirmed,BTC,OUT,1,2,h,a,x\n", "Operation Fees", "fee_above_amount"),
        ("2024-05-01T08:00:00Z,Confirmed,BTC,IN,-1,0,h,a,x\n", "Operation Amount", "row_negative"),
        ("1/2/2024,Confirmed,BTC,IN,1,0,h,a,x\n", "Operation Date", "row_bad_venue_time"),
    ],
)
def test_ledger_live_rejects_what_it_does_not_know(read: Read, row: str, column: str, code: str) -> None:
    assert rejected(read(LIVE + row)) == [(2, column, code)]


def test_sent_to_oneself_leaves_the_fee_alone(read: Read) -> None:
    rows = "2024-05-01T08:00:00Z,Confirmed,BTC,OUT,1.001,0.001,h,a,x\n"
    rows += "2024-05-01T08:00:00Z,Confirmed,BTC,IN,1,0.001,h,a,x\n"
    reading = read(LIVE + rows)
    assert [(r.kind, r.quantity) for r in reading.records] == [("fee", 10**15)]
    assert reading.files[0].used == 2


def test_a_browsers_time_is_read_and_another_one_is_not(read: Read) -> None:
    head = "TXID,TXURL,DATE,TYPE,FROMPORTFOLIO,TOPORTFOLIO,COINAMOUNT,FEE,BALANCE,EXCHANGE,PERSONALNOTE\n"
    row = "x,,{},deposit,,exodus_0,1 BTC,,,,\n"
    good = read(head + row.format("Wed Mar 03 2021 23:30:00 GMT-0200 (x)"))
    assert [f"{r.time:%d %H:%M}" for r in good.records] == ["04 01:30"]
    for bad in ("Wed Foo 03 2021 23:30:00 GMT-0200", "Wed Mar 33 2021 23:30:00 GMT-0200", "03/04/2021"):
        assert rejected(read(head + row.format(bad))) == [(2, "DATE", "row_bad_venue_time")]


def test_a_swap_on_a_chain_is_one_when_the_person_says_so(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text(PERSON)
    (tmp_path / f"export-{OWN}.csv").write_text(COINS + coin(OWN, OTHER, "0", "1", "0.001"))
    (tmp_path / f"export-token-{OWN}.csv").write_text(TOKENS + token(OTHER, OWN, "400", OTHER, "UNI", "0xbb"))
    places = [str(r.source.place) for r in read_case(tmp_path).ledger.records]
    assert main(["answer", str(tmp_path), "row", *places, "--together", "--lang", "en"]) == 0
    case = read_case(tmp_path)
    assert sorted((r.kind, r.asset) for r in case.ledger.records) == [("swap_in", "UNI"), ("swap_out", "ETH")]
    assert len({r.group for r in case.ledger.records}) == 1
    assert "answer_does_not_fit" not in {q.code for q in case.ledger.questions}
