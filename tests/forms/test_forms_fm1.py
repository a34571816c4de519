"""FM-1: what must be reported is asked of law; messages keep to the form; answers are read and kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salyq.civil.errors import InputError, SalyqError
from salyq.cli.main import main
from salyq.forms.fm1 import message
from salyq.forms.fm1.edition import edition_on
from salyq.forms.fm1.find import reportable
from salyq.forms.fm1.rows import FORBIDDEN, participants, read_subject
from salyq.forms.register import Register

SUBJECT = """
bin = "221140000000"
name = "Made-up Exchange LLP"
provider = "exchange_operator"
"""
OPERATIONS = """id,time,asset_kind,asset,quantity,amount,currency,amount_kzt,client,other,code,eknp,purpose
o1,2026-06-15T10:00:00+05:00,unsecured,BTC,0.1,10000,USD,4999999.99,c1,c2,,,
o2,2026-06-15T11:00:00+05:00,unsecured,BTC,0.1,10000,USD,5000000,c1,c2,,,
o3,2026-06-19T11:00:00+05:00,dfa_1,EVO,1,1,KZT,6999999,c1,,,,
o4,2026-06-19T11:00:00+05:00,dfa_1,EVO,1,1,KZT,7000000,c1,,,,
"""
PEOPLE = """id,kind,resident,pep,last_name,first_name,iin_bin,country,document_code
c1,individual,yes,no,Made,Up,900101300017,KZ,01
c2,entity,yes,no,,,221140000000,KZ,
"""


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "store"))
    (tmp_path / "subject.toml").write_text(SUBJECT, encoding="utf-8")
    (tmp_path / "operations.csv").write_text(OPERATIONS, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return tmp_path


def test_law_says_which_operations_are_reported_and_by_when(firm: Path) -> None:
    found = list(reportable(firm / "operations.csv", read_subject(firm / "subject.toml")))
    # unsecured from 5,000,000 (o1 is a tiyn below), DFA kind 1 from 7,000,000; 15.06 is a Monday, 19.06 a Friday
    assert [(r.operation.cells["id"], r.due) for r in found] == [("o2", "2026-06-16"), ("o4", "2026-06-22")]
    assert "law-191-iv:10.2" in found[0].cites


def test_a_message_reads_back_whole(firm: Path) -> None:
    subject = read_subject(firm / "subject.toml")
    found = next(reportable(firm / "operations.csv", subject))
    made = message.build(found, subject, participants(firm / "people.csv"), datetime(2026, 6, 15, 12, tzinfo=UTC))
    assert made.data[:2] in (b"\xff\xfe", b"\xfe\xff")
    path = firm / "m.xml"
    path.write_bytes(made.data)
    root = message.read(path)
    assert root.tag == "ExportData"
    assert root.findtext("SignedData/Data/Receiver") == "AFM"
    assert root.findtext("SignedData/Data/TimeStamp") == "15.06.2026 17:00:00"
    assert root.findtext(".//AmountCurrencyTenge") == "5000000"
    assert [p.get("role") for p in root.iter("Participant")] == ["client", "other"]
    assert message.GUID.match(made.guid)
    # codes in force from 01.04.2026 were not read: they are left to the person, by name
    assert {e for e, _ in made.by_hand} == {"SubjectCode", "ViewOperationId", "EknpId"}
    assert {p.element for p in message.check(root)} == {"SubjectCode", "ViewOperationId", "EknpId"}


def test_codes_are_those_of_the_edition_in_force() -> None:
    old, new = edition_on(datetime(2026, 3, 31, tzinfo=UTC).date()), edition_on(datetime(2026, 4, 1, tzinfo=UTC).date())
    assert old is not None
    assert new is not None
    assert old.has_operation("6030")
    assert not old.has_operation("6099")
    assert new.unread


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("5000000,c1", "5 000 000,c1", "operations.csv:3: amount_kzt"),
        ("2026-06-15T11:00:00+05:00", "2026-06-15", "operations.csv:3: time"),
        ("o2,", "o1,", "operations.csv:3: id «o1»"),
        ("BTC,0.1,10000,USD,5000000", "B&C,0.1,10000,USD,5000000", "operations.csv:3: asset «B&C»"),
        ("USD,5000000", "XXQ,5000000", "operations.csv:3: currency «XXQ»"),
        ("T11:00:00+05:00,unsecured", "T11:00:00+05:00,gold", "operations.csv:3"),
        ("eknp", "enkp", "operations.csv:1: enkp"),
    ],
)
def test_a_row_that_cannot_be_used_is_one_line(firm: Path, old: str, new: str, told: str) -> None:
    assert old in OPERATIONS
    (firm / "operations.csv").write_text(OPERATIONS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(reportable(firm / "operations.csv", read_subject(firm / "subject.toml")))
    assert told in caught.value.text("en")


ANSWER = """<?xml version="1.0" encoding="UTF-16"?>
<ExportData><SignedData><Data><MessageId>{own}</MessageId><MessageType>{kind}</MessageType><Sender>AFM</Sender>
<Related>{about}</Related><Description>wrong code</Description></Data></SignedData></ExportData>
"""


def test_from_operations_to_a_rejection(firm: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--operations", str(firm / "operations.csv"), "--subject", str(firm / "subject.toml")]
    assert main(["fm1", "find", *words, "--format", "json"]) == 0
    assert [r["id"] for r in json.loads(capfd.readouterr().out)] == ["o2", "o4"]
    people = ["--participants", str(firm / "people.csv"), "--to", str(firm / "out"), "--lang", "en"]
    assert main(["fm1", "build", *words, *people]) == 0
    assert "element" in capfd.readouterr().out  # the message says that some names were not read
    messages = sorted((firm / "out").iterdir())
    assert len(messages) == 2  # one message an operation
    assert main(["fm1", "check", str(messages[0]), "--lang", "en"]) == 3  # codes are still blank
    capfd.readouterr()
    answer = firm / "ack2.xml"
    text = ANSWER.format(own=message.new_guid(), kind="Ack2", about=messages[0].stem)
    answer.write_bytes(text.encode("utf-16"))
    assert main(["fm1", "check", str(answer), "--received", "2026-06-19", "--lang", "en"]) == 3
    assert "2026-06-22" in capfd.readouterr().out  # the next working day after a Friday
    assert {(m.ref, m.state) for m in Register().messages()} == {
        (messages[0].stem, "rejected"),
        (messages[1].stem, "built"),
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff"]))
def test_any_bytes_end_in_one_line(tmp_path: Path, data: bytes, mark: bytes) -> None:
    path = tmp_path / "any.xml"
    path.write_bytes(mark + data)
    with pytest.raises(SalyqError) as caught:
        message.read(path)
    assert "\n" not in caught.value.text("en")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_any_text_is_written_exactly_or_refused_by_name(firm: Path, text: str) -> None:
    quoted = text.replace('"', '""')
    (firm / "operations.csv").write_text(OPERATIONS.replace("c2,,,\no3", f'c2,,,"{quoted}"\no3'), encoding="utf-8")
    subject = read_subject(firm / "subject.toml")
    people = participants(firm / "people.csv")
    now = datetime(2026, 6, 15, tzinfo=UTC)
    if any(c in FORBIDDEN or c in "\ufffe\uffff" for c in text):
        with pytest.raises(InputError, match="not allowed"):
            next(reportable(firm / "operations.csv", subject))
        return
    made = message.build(next(reportable(firm / "operations.csv", subject)), subject, people, now)
    (firm / "m.xml").write_bytes(made.data)
    assert (message.read(firm / "m.xml").findtext(".//Purpose") or "") == text.strip()


def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><ExportData>&b;</ExportData>'
    path.write_bytes(text.encode("utf-16"))
    with pytest.raises(SalyqError, match="DOCTYPE"):
        message.read(path)
