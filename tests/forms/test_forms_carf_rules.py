"""CARF beyond the schema: HMRC's public messages as they should be taken, chains over several messages, rules known."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.forms.shipped import ROOT
from tests.forms.test_forms_carf import OPERATIONS, RCASP, USERS

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.cli.main import main
from salyq.forms.carf.build import build
from salyq.forms.carf.check import check_message
from salyq.forms.carf.correct import correct
from salyq.forms.carf.known_rules import known

SAMPLES = Path(__file__).parent / "samples_hmrc"

# What each of HMRC's messages is, worked out by reading it. All call themselves MSG-… and their records DOC-…, not
# GB2024US… and GB…: 50008 and 80001 as remarks. "!" marks what refuses the message.
TAKEN = {
    "valid-carf": {"50008", "80001"},
    "new-info": {"50008", "80001"},
    "additional-info": {"50008", "80001"},  # the provider is resent (OECD0), a new user
    "reporting-outside-uk": {"50008", "80001"},  # no users, but another nexus
    "nil-report": {"50008"},  # no records at all
    "no-rcasp-id": {"50008", "80001"},  # from GB to US: only HMRC's own reports want SendingEntityIN
    # OECD2 and OECD3 without the record they correct
    "corrected-info": {"50008", "80001", "!80005"},
    "deleted-info": {"50008", "80001", "!80005"},
    # the provider goes (no chain), and whether users of its stay cannot be seen from this message alone
    "deleted-report": {"50008", "80001", "!80005", "80009"},
    # a second body with a new provider (OECD1) in a message of corrections
    "corrected-and-deleted-info": {"50008", "80001", "!80005", "!80010"},
    "fallback": {"50008", "80001", "!80005", "!80010"},
    "test-data-oecd11-user": {"50008", "80001", "!50010"},  # one record of test data among live ones
}
BROKEN = {  # not CARF 1.5, in one line that names the place
    "invalid-carf": "MessageTypeIndic",
    "too-many-schema-errors": "«ZZ»|'ZZ'",
    "data-error-carf": "GAAB",
    "fatal-invalid-format": "CARFMessage|Specc",
    "invalid-xml": "InvalidRoot",
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_public_message_is_taken_as_it_should_be(name: str) -> None:
    found = check_message(SAMPLES / f"{name}.xml")
    assert {("" if p.warning else "!") + p.code for p in found.problems} == TAKEN[name]
    assert found.refused == any(c.startswith("!") for c in TAKEN[name])


@pytest.mark.parametrize("name", BROKEN)
def test_a_public_message_that_breaks_the_schema_is_one_short_line(name: str) -> None:
    with pytest.raises(InputError) as caught:
        check_message(SAMPLES / f"{name}.xml")
    text = caught.value.text("en")
    assert re.search(BROKEN[name], text)
    assert re.search(r"\.xml:\d+: ", text)  # the line of the file
    assert "\n" not in text
    assert len(text.removeprefix(str(SAMPLES))) < 240  # not the list of all countries


def test_every_public_message_is_tested() -> None:
    assert {p.stem for p in SAMPLES.glob("*.xml")} == TAKEN.keys() | BROKEN.keys()


# ---- chains ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def sent(tmp_path: Path) -> tuple[Path, Path]:
    """A message and its correction, in which Alice changed."""
    users, operations = tmp_path / "users.csv", tmp_path / "operations.csv"
    users.write_text(USERS, encoding="utf-8")
    operations.write_text(OPERATIONS, encoding="utf-8")
    first, second = tmp_path / "first.xml", tmp_path / "second.xml"
    build(users, operations, RCASP, year=2026, transmitting="GB", receiving="US", to=first)
    operations.write_text(OPERATIONS.replace("0.25,10000", "0.25,11000"), encoding="utf-8")
    correct([first], users, operations, RCASP, to=second)
    return first, second


def codes(path: Path, *after: Path) -> set[str]:
    return {p.code for p in check_message(path, after=after).problems}


def part(path: Path, name: str, place: int = 0) -> str:
    return re.findall(rf"<stf:{name}>([^<]*)<", path.read_text(encoding="utf-8"))[place]


def changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    to = path.with_name("changed.xml")
    to.write_text(text.replace(old, new), encoding="utf-8")
    return to


def test_a_chain_that_holds(sent: tuple[Path, Path]) -> None:
    first, second = sent
    assert codes(first) == codes(second) == codes(second, first) == set()


def test_the_same_message_again(sent: tuple[Path, Path]) -> None:
    assert codes(sent[0], sent[0]) == {"50009", "80000"}


def test_a_correction_of_what_nobody_sent(sent: tuple[Path, Path]) -> None:
    first, second = sent
    unknown = changed(second, f"<stf:CorrDocRefId>{part(second, 'CorrDocRefId')}", "<stf:CorrDocRefId>GB-nobody")
    assert codes(unknown, first) == {"80002"}
    provider = changed(second, part(second, "CorrDocRefId"), part(first, "DocRefId"))
    assert codes(provider, first) == {"80002"}  # a provider's record is no user's


def test_a_correction_of_what_was_corrected_already(sent: tuple[Path, Path]) -> None:
    first, second = sent
    again = changed(second, "-12-31", "-12-31")
    text = again.read_text(encoding="utf-8")
    ref = re.search(r"<MessageRefId>([^<]*)<", text)
    assert ref is not None
    own = part(second, "DocRefId", 1)
    again.write_text(text.replace(own, own[:-3] + "abc").replace(f"<MessageRefId>{ref[1]}", f"<MessageRefId>{ref[1]}X"))
    assert codes(again, first, second) == {"80003"}


def test_a_correction_of_another_year(sent: tuple[Path, Path]) -> None:
    first, second = sent
    assert "80012" in codes(changed(second, "2026-12-31</Rep", "2027-12-31</Rep"), first)


def test_a_provider_is_resent_only_as_it_was_sent(sent: tuple[Path, Path]) -> None:
    first, second = sent
    assert codes(changed(second, f"{part(second, 'DocRefId')}<", "GB-new<"), first) == {"80013"}


def test_a_user_cannot_be_resent(sent: tuple[Path, Path]) -> None:
    first, _ = sent
    user = f"</stf:DocTypeIndic><stf:DocRefId>{part(first, 'DocRefId', 1)}"
    assert codes(changed(first, f"OECD1{user}", f"OECD0{user}")) == {"80008"}


def test_a_provider_goes_only_with_its_users(sent: tuple[Path, Path]) -> None:
    """The correction deletes the provider and, of two users, changes one: both would stay."""
    first, second = sent
    provider = part(first, "DocRefId")
    gone = changed(
        second,
        f"OECD0</stf:DocTypeIndic><stf:DocRefId>{provider}</stf:DocRefId>",
        f"OECD3</stf:DocTypeIndic><stf:DocRefId>GB-gone</stf:DocRefId><stf:CorrDocRefId>{provider}</stf:CorrDocRefId>",
    )
    found = {p.code: p for p in check_message(gone, after=[first]).problems}
    assert set(found) == {"80009"}
    assert found["80009"].message.params["count"] == 2


def test_only_a_nil_report_has_no_body(sent: tuple[Path, Path]) -> None:
    first, _ = sent
    text = first.read_text(encoding="utf-8")
    bare = first.with_name("bare.xml")
    bare.write_text(re.sub(r"<CARFBody>.*</CARFBody>", "", text, flags=re.S), encoding="utf-8")
    assert codes(bare) == {"80015"}
    bare.write_text(bare.read_text(encoding="utf-8").replace("CARF701", "CARF703"), encoding="utf-8")
    assert codes(bare) == set()


# ---- HMRC ------------------------------------------------------------------------------------------------------------
HOME = RCASP.__class__(name="Made-up Exchange", tin="RC-1", country="GB", city="London", sending_in="XRCAS1234567890")


def test_what_is_built_for_hmrc_is_as_hmrc_asks(tmp_path: Path) -> None:
    users, operations, to = tmp_path / "users.csv", tmp_path / "operations.csv", tmp_path / "home.xml"
    users.write_text(USERS, encoding="utf-8")
    operations.write_text(OPERATIONS, encoding="utf-8")
    build(users, operations, HOME, year=2026, transmitting="GB", receiving="GB", to=to)
    assert codes(to) == set()
    text = to.read_text(encoding="utf-8")
    assert re.search(r"<MessageRefId>GB2026GB-XRCAS1234567890-[0-9A-F]{24}<", text)
    assert '<TIN unknown="true">NOTIN</TIN>' in text  # Bob, whose number is not known
    for old, new, rule in (
        ("GB2026GB-XRCAS1234567890", "GB2026GB-XRCAS1234567891", "carf_ref_hmrc"),
        ("<SendingEntityIN>XRCAS1234567890</SendingEntityIN>", "", "carf_sender_hmrc"),
        ('<TIN unknown="true">NOTIN', '<TIN issuedBy="GB" unknown="true">', "carf_tin_hmrc"),
        ('<TIN unknown="true">', "<TIN>", "carf_tin_hmrc"),
        ("-RCASP</stf:DocRefId>", "</stf:DocRefId>", "carf_doc_format_hmrc"),
        ("CARF901</Nexus>", 'CARF905</Nexus><OtherNexus Nexus="CARF903" ResCountryCode="US"/>', "carf_other_nexus"),
        ("<Amount currCode=\"USD\">4000.00", "<Amount currCode=\"USD\">4000", "carf_decimals"),
    ):  # fmt: skip
        assert old in text
        assert rule in {p.message.code for p in check_message(changed(to, old, new)).problems}, rule


# ---- what is known ---------------------------------------------------------------------------------------------------
def test_every_rule_that_is_told_is_known_with_its_source() -> None:
    source = (ROOT / "src/salyq/forms/carf/beyond.py").read_text(encoding="utf-8")
    source += (ROOT / "src/salyq/forms/carf/earlier.py").read_text(encoding="utf-8")
    told = set(re.findall(r'"(carf_[a-z_]+|register_ref_used)"', source)) | {"carf_schema"}
    listed = [code for rule in known().rule for code in rule.rules]
    assert told == set(listed)
    assert len(listed) == len(set(listed))
    for rule in known().rule:
        assert set(rule.by) <= set(known().source)
        assert (rule.held == "no") == (not rule.rules)
        for code in rule.rules:
            assert Message(code, {}).code == code


def test_the_page_lists_the_same_rules(capfd: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/carf.md").read_text(encoding="utf-8")
    held = {"schema": "schema", "message": "message", "after": "message, `--after`", "register": "register, `--after`",
            "no": "**not held**"}  # fmt: skip
    rows = [f"| {r.code or '–'} | {r.en} | {held[r.held]} | {', '.join(r.by) or '–'} |" for r in known().rule]
    assert "\n".join(rows) in page
    assert main(["carf", "rules", "--format", "json"]) == 0
    assert len(json.loads(capfd.readouterr().out)["rules"]) == len(rows)
