"""A second opinion on CARF: classes that somebody else made from the OECD's own schema read what we write, and what
they write our check takes. They know nothing of our code, nor of the schema that we rebuilt."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aeoi.schemas.carf_v1_5 import CarfOecd
from hypothesis import HealthCheck, given, settings
from tests.forms.test_forms_carf import NS, OPERATIONS, RCASP, SAMPLES, USERS, made, world
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer

from salyq.forms.carf.build import build
from salyq.forms.carf.check import check_message
from salyq.forms.carf.codes import KINDS
from salyq.forms.carf.rows import USER_COLUMNS

STRICT = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True)
# Their names of the eight kinds of operation.
THEIRS = {
    "crypto_to_crypto_in": "crypto_to_crypto_in",
    "crypto_to_crypto_out": "crypto_to_crypto_out",
    "crypto_fiat_in": "crypto_fiat_in",
    "crypto_fiat_out": "crypto_fiat_out",
    "transfer_in": "crypto_transfer_in",
    "transfer_out": "crypto_transfer_out",
    "transfer_wallet": "transfer_wallet",
    "retail_payment": "rrpt",
}


def theirs(path: Path) -> Any:
    """A message in their classes; raises where anything in it is unknown to them."""
    return XmlParser(config=STRICT).from_path(path, CarfOecd)


def units_by_kind(message: Any) -> Counter[tuple[str, str]]:
    """Units by asset and kind of operation, as they read them."""
    told: Counter[tuple[str, str]] = Counter()
    for user in message.carfbody[0].crypto_users:
        for asset in user.relevant_transactions:
            for ours, name in THEIRS.items():
                for line in getattr(asset, name):
                    told[asset.crypto_asset, ours] += line.numberof_units
    return told


def test_all_kinds_are_known_to_both() -> None:
    assert set(THEIRS) == set(KINDS)


def test_they_read_the_same_message(tmp_path: Path) -> None:
    message = theirs(made(tmp_path))
    head, body = message.message_spec, message.carfbody[0]
    assert (head.transmitting_country.value, head.message_type_indic.value) == ("GB", "CARF701")
    assert body.rcasp.rcasp_id.entity.name[0].value == RCASP.name
    assert [u.doc_spec.doc_type_indic.value for u in body.crypto_users] == ["OECD1", "OECD1"]
    alice, firm = body.crypto_users
    assert [c.value for c in alice.user_id.individual.res_country_code] == ["GB", "US"]
    assert [t.value for t in alice.user_id.individual.tin] == ["T1", "S1"]
    assert firm.controlling_person[0].ctrlg_person_type[0].value == "CARF801"
    coin = alice.relevant_transactions[0].crypto_fiat_in[0]
    # 20,000.005 + 10,000 = 30,000.005, half up to two decimals; 0.5 + 0.25; two operations
    assert (coin.amount.value, coin.numberof_units, coin.numberof_transactions) == (
        Decimal("30000.01"), Decimal("0.75"), 2,
    )  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world())
def test_they_count_the_same_units(tmp_path: Path, rows: tuple[list[list[str]], list[list[str]]]) -> None:
    for name, head, own in (
        ("users", ",".join(USER_COLUMNS), rows[0]),
        ("operations", OPERATIONS.splitlines()[0], rows[1]),
    ):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(head + "\n")
            csv.writer(file).writerows(own)
    to = tmp_path / "any.xml"
    files = tmp_path / "users.csv", tmp_path / "operations.csv"
    build(*files, RCASP, year=2026, transmitting="GB", receiving="US", to=to)
    expected: Counter[tuple[str, str]] = Counter()
    for row in rows[1]:
        expected[row[2], row[3]] += Decimal(row[4])
    assert units_by_kind(theirs(to)) == expected


def test_what_they_write_is_taken(tmp_path: Path) -> None:
    to = tmp_path / "theirs.xml"
    text = XmlSerializer().render(theirs(made(tmp_path)), ns_map={"": NS["c"], "stf": NS["s"]})
    to.write_text(text, encoding="utf-8")
    found = check_message(to)
    assert (found.users, found.problems) == (2, [])


@pytest.mark.parametrize("name", ["valid-carf"])
def test_they_take_the_public_sample_too(name: str) -> None:
    assert len(theirs(SAMPLES / f"{name}.xml").carfbody[0].crypto_users) == 1


def test_a_new_message_without_users_needs_another_nexus(tmp_path: Path) -> None:
    nil = made(tmp_path, USERS, OPERATIONS.splitlines()[0] + "\n")
    text = nil.read_text(encoding="utf-8").replace("CARF703", "CARF701")
    nil.write_text(text, encoding="utf-8")
    assert [p.code for p in check_message(nil).problems if not p.warning] == ["60011"]
    message = theirs(nil)
    rcasp = type(message.carfbody[0].rcasp)
    message.carfbody[0].rcasp.other_nexus = rcasp.OtherNexus(
        nexus=message.carfbody[0].rcasp.nexus, res_country_code=message.message_spec.transmitting_country
    )
    other = XmlSerializer().render(message, ns_map={"": NS["c"], "stf": NS["s"]})
    nil.write_text(other, encoding="utf-8")
    assert not check_message(nil).refused


def test_a_tax_number_names_its_country(tmp_path: Path) -> None:
    to = made(tmp_path)
    text = to.read_text(encoding="utf-8")
    assert '<TIN issuedBy="US">S1' in text
    to.write_text(text.replace('<TIN issuedBy="US">S1', "<TIN>S1"), encoding="utf-8")
    found = check_message(to)
    assert [(p.message.code, p.warning) for p in found.problems] == [("carf_tin_issuer", True)]
