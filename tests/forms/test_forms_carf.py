"""CARF: the public samples as they should be taken, what is built is accepted, corrections make a chain."""

from __future__ import annotations

import csv
import json
import random
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from salyq.civil.errors import InputError, SalyqError
from salyq.cli.main import main
from salyq.forms.carf.build import build
from salyq.forms.carf.check import check_message
from salyq.forms.carf.codes import KINDS
from salyq.forms.carf.correct import correct
from salyq.forms.carf.rcasp import Rcasp
from salyq.forms.carf.rows import USER_COLUMNS
from salyq.forms.carf.status import read_status

SAMPLES = Path(__file__).parent / "samples_hmrc"
RCASP = Rcasp(name="Made-up Exchange & Co", tin="RC-1", country="GB", city="London")
USERS = (
    ",".join(USER_COLUMNS)
    + """
a,individual,Alice,Smith,,1990-05-06,1 Road,London,GB,GB;US,T1;S1,GB;US,,
b,entity,,,Firm <B>,,2 Road,Leeds,GB,GB,T2,GB,,
b-1,individual,Bob,Owner,,1970-01-01,,Leeds,GB,GB,,GB,b,CARF801
c,individual,Carol,Quiet,,1980-01-01,,York,GB,GB,T3,GB,,
"""
)
OPERATIONS = """user,time,asset,kind,units,amount,currency,transfer_type,exchange,wallet
a,2026-01-05T10:00:00Z,BTC,crypto_fiat_in,0.5,20000.005,USD,,,
a,2026-02-05T10:00:00Z,BTC,crypto_fiat_in,0.25,10000,USD,,,
a,2026-02-06T10:00:00Z,BTC,transfer_out,0.1,4000,USD,rcasp,,
a,2026-02-07T10:00:00Z,ETH,transfer_wallet,1,3000,USD,,,0xabc
b,2026-03-05T10:00:00Z,ETH,crypto_to_crypto_out,2,6000,USD,,staking,
b,2025-12-31T23:59:00Z,ETH,crypto_to_crypto_out,2,6000,USD,,,
"""
NS = {"c": "urn:oecd:ties:carf:v1", "s": "urn:oecd:ties:carfstf:v5"}


def made(folder: Path, users: str = USERS, operations: str = OPERATIONS, name: str = "out.xml") -> Path:
    (folder / "users.csv").write_text(users, encoding="utf-8")
    (folder / "operations.csv").write_text(operations, encoding="utf-8")
    to = folder / name
    build(
        folder / "users.csv", folder / "operations.csv", RCASP, year=2026, transmitting="GB", receiving="US", to=to,
        timestamp="2027-01-05T10:00:00Z",
    )  # fmt: skip
    return to


# ---- what is built ---------------------------------------------------------------------------------------------------
def test_a_message_adds_operations_up(tmp_path: Path) -> None:
    to = made(tmp_path)
    checked = check_message(to)
    assert (checked.users, checked.problems) == (2, [])  # Carol had no operation in the period
    root = etree.parse(str(to)).getroot()
    alice, firm = root.findall(".//c:CryptoUsers", NS)
    bitcoin, ether = alice.findall("c:RelevantTransactions", NS)
    assert [e.tag.split("}")[1] for e in bitcoin] == ["CryptoAsset", "CryptoFiatIn", "CryptoTransferOut"]
    fiat = bitcoin.find("c:CryptoFiatIn", NS)
    assert fiat is not None
    # 2 deals: 20,000.005 + 10,000 = 30,000.005 -> 30,000.01; 0.75 BTC
    told = [fiat.findtext(f"c:{n}", namespaces=NS) for n in ("NumberofTransactions", "Amount", "NumberofUnits")]
    assert told == ["2", "30000.01", "0.75"]
    assert bitcoin.findtext("c:CryptoTransferOut/c:TransferType", namespaces=NS) == "CARF601"
    assert ether.find("c:TransferWallet/c:NumberofTransactions", NS) is None
    assert firm.findtext(".//c:ControllingPerson/c:CtrlgPersonType", namespaces=NS) == "CARF801"
    assert firm.findtext(".//c:CryptoToCryptoOut/c:ExchangeType", namespaces=NS) == "CARF401"
    assert firm.findtext("c:UserID/c:Entity/c:Name", namespaces=NS) == "Firm <B>"
    unknown = firm.find(".//c:ControllingPerson//c:TIN", NS)
    assert unknown is not None
    assert (unknown.text, unknown.get("unknown")) == (None, "true")
    # of 2025 and of nobody else: the deal of 31.12.2025 is not told
    assert firm.findtext(".//c:CryptoToCryptoOut/c:NumberofTransactions", namespaces=NS) == "1"


def test_nothing_to_report_is_a_nil_report(tmp_path: Path) -> None:
    to = made(tmp_path, operations=OPERATIONS.splitlines()[0] + "\n")
    found = check_message(to)
    assert (found.indic, found.users, found.problems) == ("CARF703", 0, [])


def test_the_order_of_files_changes_nothing_and_parquet_is_the_same(tmp_path: Path) -> None:
    first = made(tmp_path)
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    for name, text in (("users", USERS), ("operations", OPERATIONS)):
        head, *rows = text.splitlines()
        random.Random(3).shuffle(rows)
        (shuffled / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        columns = list(csv.DictReader((tmp_path / f"{name}.csv").open(encoding="utf-8")))
        pq.write_table(pa.Table.from_pylist(columns), shuffled / f"{name}.parquet")

    def content(path: Path) -> list[bytes]:
        users = etree.parse(str(path)).getroot().findall(".//c:CryptoUsers", NS)
        return [etree.tostring(e) for u in users for e in u if not e.tag.endswith("DocSpec")]

    for ending in ("csv", "parquet"):
        to = shuffled / f"{ending}.xml"
        build(
            shuffled / f"users.{ending}", shuffled / f"operations.{ending}", RCASP, year=2026, transmitting="GB",
            receiving="US", to=to,
        )  # fmt: skip
        assert content(to) == content(first)


def test_identities_are_never_the_same(tmp_path: Path) -> None:
    refs: set[str] = set()
    for n in range(5):
        root = etree.parse(str(made(tmp_path, name=f"{n}.xml"))).getroot()
        own = [e.text or "" for e in root.iter("{*}MessageRefId", "{*}DocRefId")]
        assert not refs & set(own)
        assert len(own) == len(set(own))
        refs |= set(own)


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=20
).filter(lambda t: t.strip() == t != "")


@st.composite
def world(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str]]]:
    ids = draw(st.lists(st.text("abcdef0123456789", min_size=1, max_size=5), min_size=1, max_size=6, unique=True))
    users = [
        [i, "individual", "F", draw(TEXT), "", "1990-01-01", "", "City", "GB", "GB", "T", "GB", "", ""] for i in ids
    ]
    number = st.decimals(Decimal("0.01"), Decimal("1000000"), places=8)
    operations = [
        [draw(st.sampled_from(ids)), "2026-05-05T00:00:00Z", draw(TEXT), draw(st.sampled_from(sorted(KINDS))),
         f"{draw(number):f}", f"{draw(number):f}", "USD", "", "", ""]
        for _ in range(draw(st.integers(1, 8)))
    ]  # fmt: skip
    return users, operations


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world())
def test_whatever_is_built_is_accepted_and_loses_no_unit(
    tmp_path: Path, rows: tuple[list[list[str]], list[list[str]]]
) -> None:
    users, operations = rows
    for name, head, own in (
        ("users", ",".join(USER_COLUMNS), users),
        ("operations", OPERATIONS.splitlines()[0], operations),
    ):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(head + "\n")
            csv.writer(file).writerows(own)
    to = tmp_path / "any.xml"
    build(
        tmp_path / "users.csv", tmp_path / "operations.csv", RCASP, year=2026, transmitting="GB", receiving="US", to=to
    )
    assert check_message(to).problems == []
    told = [Decimal(e.text or "0") for e in etree.parse(str(to)).getroot().iter("{*}NumberofUnits")]
    assert sum(told) == sum(Decimal(o[4]) for o in operations)


# ---- corrections -----------------------------------------------------------------------------------------------------
def test_corrections_make_a_chain(tmp_path: Path) -> None:
    first = made(tmp_path)
    changed = OPERATIONS.replace("0.25,10000", "0.25,11000")
    (tmp_path / "operations.csv").write_text(changed, encoding="utf-8")
    files = tmp_path / "users.csv", tmp_path / "operations.csv"
    second = tmp_path / "second.xml"
    done = correct([first], *files, RCASP, to=second)
    assert (done.changed, done.deleted, done.same, done.new) == (1, 0, 1, 0)
    assert check_message(second).problems == []
    # then the firm leaves: its record is deleted, and Alice is corrected again, upon the correction
    again = "\n".join(x for x in changed.replace("11000", "12000").splitlines() if not x.startswith("b,")) + "\n"
    (tmp_path / "operations.csv").write_text(again, encoding="utf-8")
    third = tmp_path / "third.xml"
    done = correct([first, second], *files, RCASP, to=third)
    assert (done.changed, done.deleted) == (1, 1)
    assert check_message(third).problems == []

    def refs(path: Path, name: str) -> list[str]:
        return [e.text or "" for e in etree.parse(str(path)).getroot().iter(f"{{*}}{name}")]

    assert set(refs(second, "CorrDocRefId")) <= set(refs(first, "DocRefId"))
    assert refs(third, "CorrDocRefId")[0] in refs(second, "DocRefId")  # Alice, upon the correction
    assert refs(third, "CorrDocRefId")[1] in refs(first, "DocRefId")  # the firm, upon what was first sent
    assert refs(third, "DocTypeIndic") == ["OECD0", "OECD2", "OECD3"]
    with pytest.raises(SalyqError, match="chain"):
        correct([first, third], *files, RCASP, to=tmp_path / "x.xml")  # a link is missing
    with pytest.raises(SalyqError, match="nothing to correct"):
        correct([first, second, third], *files, RCASP, to=tmp_path / "x.xml")
    assert not (tmp_path / "x.xml").exists()


# ---- how it fails ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("where", "old", "new", "told"),
    [
        ("users", "1990-05-06", "2090-05-06x", "users.csv:2: birth_date"),
        ("users", "GB;US,T1;S1", "GB;ZZ,T1;S1", "users.csv:2: residence «ZZ»"),
        ("users", "b,CARF801", "b,CARF999", "users.csv:4: ctrlg_type"),
        ("users", "b,CARF801", "zz,CARF801", "controlling_of"),
        ("users", "\nc,", "\na,", "given twice"),
        ("users", "ctrlg_type", "role", "users.csv:1: role"),
        ("operations", "0.25,10000", "1e3,10000", "operations.csv:3: units «1e3»"),
        ("operations", "0.25,10000,USD", "0.25,10000,BTC", "operations.csv:3: currency «BTC»"),
        ("operations", "transfer_wallet", "transfer_away", "operations.csv:5: kind «transfer_away»"),
        ("operations", "\nb,2026", "\nx,2026", "user «x»"),
        ("operations", "rcasp", "gift", "operations.csv:4: transfer_type «gift»"),
        ("operations", "0.25,10000", "-0.25,10000", "operations.csv:3: units"),
        ("operations", "05T10:00:00Z,BTC", "05T10:00:00Z,B\x08C", "operations.csv:2: asset"),
        ("users", "Alice", "A" * 201, "201 characters"),
    ],
)
def test_a_row_that_cannot_be_used_is_one_line_and_leaves_nothing(
    tmp_path: Path, where: str, old: str, new: str, told: str
) -> None:
    texts = {"users": USERS, "operations": OPERATIONS}
    assert old in texts[where]
    texts[where] = texts[where].replace(old, new, 1)
    with pytest.raises(InputError) as caught:
        made(tmp_path, **texts)
    assert told in caught.value.text("en")
    assert {p.suffix for p in tmp_path.iterdir()} == {".csv"}  # neither the message nor a part of it


RULES = {
    "80004": ("{r}</stf:DocRefId>", "{r}</stf:DocRefId><stf:CorrDocRefId>x</stf:CorrDocRefId>"),
    "80005": ("<stf:DocTypeIndic>OECD1", "<stf:DocTypeIndic>OECD2"),
    "80010": ("CARF701", "CARF702"),
}


@pytest.mark.parametrize("code", RULES)
def test_rules_beyond_the_schema(tmp_path: Path, code: str) -> None:
    to = made(tmp_path)
    text = to.read_text(encoding="utf-8")
    ref = text.split("<CryptoUsers>")[1].split("<stf:DocRefId>")[1].split("<")[0]
    old, new = (t.format(r=ref) for t in RULES[code])
    to.write_text(text.replace(old, new), encoding="utf-8")
    found = check_message(to)
    assert found.refused
    assert code in {p.code for p in found.problems}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<BirthDate>1990-05-06", "<BirthDate>1890-05-06", "carf_birth"),
        ("<NumberofUnits>0.75", "<NumberofUnits>0.00", "carf_not_positive"),
        ("<NumberofTransactions>2", "<NumberofTransactions>-2", "carf_not_positive"),
        (">S1</TIN>", "></TIN>", "carf_tin"),
    ],
)
def test_numbers_and_dates_beyond_the_schema(tmp_path: Path, old: str, new: str, rule: str) -> None:
    to = made(tmp_path)
    text = to.read_text(encoding="utf-8")
    assert old in text
    to.write_text(text.replace(old, new), encoding="utf-8")
    assert rule in {p.message.code for p in check_message(to).problems}


def test_a_repeated_record_is_seen(tmp_path: Path) -> None:
    to = made(tmp_path)
    text = to.read_text(encoding="utf-8")
    user = text[text.index("<CryptoUsers>") : text.index("</CryptoUsers>") + len("</CryptoUsers>")]
    to.write_text(text.replace(user, user + user), encoding="utf-8")
    assert "80000" in {p.code for p in check_message(to).problems}


@pytest.mark.parametrize(
    "head",
    [b'<!DOCTYPE x [<!ENTITY a "b">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', b"\xff\xfe", b"<" * 9000],
)
def test_hostile_messages_are_one_line(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "hostile.xml"
    path.write_bytes(head + (SAMPLES / "valid-carf.xml").read_bytes().partition(b"?>")[2])
    with pytest.raises(SalyqError) as caught:
        check_message(path)
    assert "\n" not in caught.value.text("en")


# ---- status messages, the command line -------------------------------------------------------------------------------
STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<csm:CARFStatusMessage_OECD xmlns:csm="urn:oecd:ties:csm:v2" version="1.1">
<csm:MessageSpec><csm:TransmittingCountry>US</csm:TransmittingCountry><csm:ReceivingCountry>GB</csm:ReceivingCountry>
<csm:MessageType>CARFMessageStatus</csm:MessageType><csm:MessageRefId>S-1</csm:MessageRefId>
<csm:Timestamp>2027-02-01T00:00:00Z</csm:Timestamp></csm:MessageSpec>
<csm:CARFStatusMessage><csm:OriginalMessage><csm:OriginalMessageRefID>{ref}</csm:OriginalMessageRefID></csm:OriginalMessage>
<csm:ValidationErrors><csm:RecordError><csm:Code>80000</csm:Code><csm:Details Language="EN">used</csm:Details>
<csm:DocRefIDInError>D-1</csm:DocRefIDInError></csm:RecordError></csm:ValidationErrors>
<csm:ValidationResult><csm:Status>Rejected</csm:Status><csm:ValidatedBy>X</csm:ValidatedBy></csm:ValidationResult></csm:CARFStatusMessage>
</csm:CARFStatusMessage_OECD>
"""


def test_the_command_line_end_to_end(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    made(tmp_path)
    rcasp = tmp_path / "rcasp.toml"
    rcasp.write_text('name = "X"\ntin = "R"\ncountry = "GB"\ncity = "London"\n', encoding="utf-8")
    to = tmp_path / "m.xml"
    files = ["--users", str(tmp_path / "users.csv"), "--operations", str(tmp_path / "operations.csv")]
    words = ["carf", "build", *files, "--rcasp", str(rcasp), "--period", "2026"]
    words += ["--to", str(to), "--lang", "en"]
    assert main(words) == 2  # off for Kazakhstan: the command says so
    assert "no commitment" in capfd.readouterr().err
    words += ["--transmitting", "GB", "--receiving", "US", "--message-id", "GB2026US-1"]
    assert main(words) == 0
    assert main(words) == 2  # the identity was used
    assert "50009" in capfd.readouterr().err
    assert main(["carf", "check", str(to), "--format", "json"]) == 0
    assert json.loads(capfd.readouterr().out)["accepted"] is True
    status = tmp_path / "status.xml"
    status.write_text(STATUS.format(ref="GB2026US-1"), encoding="utf-8")
    assert read_status(status).errors[0].code == "80000"
    assert main(["carf", "status", str(status), "--lang", "en"]) == 3
    from salyq.forms.register import Register

    assert [(m.ref, m.state) for m in Register().messages()] == [("GB2026US-1", "rejected")]


@pytest.mark.parametrize(
    "data", [b"", b"a;b\n", b"PK\x03\x04", b"{}", b"\n", b"<", b"<?xml version='1.0'?>", b"\xff\xfe"]
)
def test_what_is_no_xml_is_no_message(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "message.xml"
    path.write_bytes(data)
    with pytest.raises(InputError):
        check_message(path)
