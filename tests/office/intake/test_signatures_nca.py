"""Signatures with the object identifiers of the national certification authority (GOST in its own numbering), made of
keys of this test: nobody here can check them, so they are kept and shown as not checked, never as good or bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.office.conftest import Portal
from tests.office.intake.test_signatures import AT, OWN, ROOT, roots, signed

from salyq.office.intake import openssl
from salyq.office.intake.signatures import INVALID, NOT_CHECKED, VALID, check

RSA_KEY, RSA_SIGNATURE, SHA_256 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.1"
NCA = "1.2.398.3.10.1"  # the authority's arc: .1 keys and signatures, .3 digests
GENERATIONS = {
    "2004": {RSA_KEY: f"{NCA}.1.1.1.1", RSA_SIGNATURE: f"{NCA}.1.1.1.2", SHA_256: f"{NCA}.3.1.1.1"},
    "2015-256": {RSA_KEY: f"{NCA}.1.2.1.1", RSA_SIGNATURE: f"{NCA}.1.2.3.1", SHA_256: f"{NCA}.3.2"},
    "2015-512": {RSA_KEY: f"{NCA}.1.2.2.2", RSA_SIGNATURE: f"{NCA}.1.2.3.2", SHA_256: f"{NCA}.3.3"},
    "digest alone": {SHA_256: f"{NCA}.3.3"},
    "signature alone": {RSA_SIGNATURE: f"{NCA}.1.2.3.2", RSA_KEY: f"{NCA}.1.2.3.2"},
}


def encoded(oid: str) -> bytes:
    first, second, *rest = map(int, oid.split("."))
    out = bytearray()
    for number in (first * 40 + second, *rest):
        part = [number & 127]
        while number := number >> 7:
            part.append(128 | number & 127)
        out += bytes(reversed(part))
    return bytes(out)


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, content) of each element of DER, one after another."""
    at = 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 128:
            size = length & 127
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
        yield tag, data[at : at + length]
        at += length


def renumbered(data: bytes, oids: Mapping[bytes, bytes]) -> bytes:
    """The same structure with other object identifiers; lengths are counted anew."""
    out = b""
    for tag, content in elements(data):
        inner = renumbered(content, oids) if tag & 0x20 else oids.get(content, content) if tag == 6 else content
        size = len(inner)
        head = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
        out += bytes([tag]) + head + inner
    return out


def of_the_authority(content: bytes, generation: str) -> bytes:
    numbers = {encoded(old): encoded(new) for old, new in GENERATIONS[generation].items()}
    return renumbered(signed(content), numbers)


def test_the_structure_itself_stays_good(tmp_path: Path) -> None:
    assert check(b"return", renumbered(signed(b"return"), {}), roots(tmp_path, ROOT), AT).state == VALID


@pytest.mark.parametrize("program", ["openssl", ""], ids=["with-openssl", "without"])
@pytest.mark.parametrize("generation", GENERATIONS)
def test_what_nobody_here_can_check_is_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generation: str, program: str
) -> None:
    monkeypatch.setenv("SALYQ_OPENSSL", program)
    mark, trusted = of_the_authority(b"return", generation), roots(tmp_path, ROOT)
    for content in (b"return", b"another"):
        found = check(content, mark, trusted, AT)
        assert (found.state, found.reason) == (NOT_CHECKED, "signature_other_algorithm"), found
        assert found.signer == OWN.subject.rfc4514_string()
    cut = check(b"return", mark[:-20], trusted, datetime.now(UTC))
    assert cut.state == INVALID  # not a signature at all
    assert openssl.check(b"return", mark, trusted, AT) == openssl.CANNOT


def test_a_filing_with_such_a_signature_is_taken_and_says_so(country: Portal, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    roots(keys, ROOT)
    data = (Path(__file__).parents[2] / "forms" / "samples_hmrc" / "valid-carf.xml").read_bytes()
    form = {"kind": "carf", "organisation": country.user("exchange")["organisation"]}
    files = {"file": ("c.xml", data), "signature": ("c.p7s", of_the_authority(data, "2015-512"))}
    answer = country.browser.post("/api/v1/filings", data=form, files=files, headers=country.key("exchange"))
    assert answer.status_code == 201
    assert answer.json()["summary"]["signature"]["state"] == NOT_CHECKED
    for lang, said in (("kk", "тексерілмеді"), ("ru", "не проверена"), ("en", "not checked")):
        page = country.as_user("exchange").get(f"/{lang}/cabinet/filings/{answer.json()['id']}").text
        assert said in page, lang
