"""Detached signatures: made by another program (the library's own PKCS #7 builder), judged by ours, never flattered."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.office.conftest import TODAY, Portal

from salyq.office.intake import revocation
from salyq.office.intake.signatures import INVALID, NOT_CHECKED, VALID, check

AT = datetime(2026, 6, 15, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certificate(
    name: str, key: Key, issuer: x509.Certificate | None = None, by: Key | None = None, days: int = 365
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=30))
        .not_valid_after(AT - timedelta(days=30) + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(key if by is None else by, hashes.SHA256())
    )


ROOT_KEY = rsa.generate_private_key(65537, 2048)
ROOT = certificate("Root", ROOT_KEY)
OWN_KEY = rsa.generate_private_key(65537, 2048)
OWN = certificate("Aidana", OWN_KEY, ROOT, ROOT_KEY)


def signed(content: bytes, own: x509.Certificate = OWN, key: Key = OWN_KEY) -> bytes:
    made = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(own, key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return made.sign(serialization.Encoding.DER, options)


def roots(folder: Path, *certificates: x509.Certificate) -> Path:
    path = folder / "roots.pem"
    path.write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates))
    return path


def test_a_good_signature_is_valid_and_every_other_says_why(tmp_path: Path) -> None:
    trusted, none = roots(tmp_path, ROOT), tmp_path / "none.pem"
    good = signed(b"return")
    assert check(b"return", good, trusted, AT) == (VALID, "CN=Aidana", "signature_revocation_unknown")
    assert check(b"return!", good, trusted, AT).reason == "signature_of_other_content"
    assert check(b"return", good, none, AT)[::2] == (NOT_CHECKED, "signature_no_roots")
    assert check(b"return", good, trusted, AT + timedelta(days=700))[::2] == (INVALID, "signature_certificate_over")
    stranger = certificate("Root", OWN_KEY)
    assert check(b"return", good, roots(tmp_path, stranger), AT)[::2] == (NOT_CHECKED, "signature_unknown_issuer")
    other = ec.generate_private_key(ec.SECP256R1())
    curve = signed(b"return", certificate("Ec", other, ROOT, ROOT_KEY), other)
    known = shutil.which("openssl") is not None  # it checks curves, where it is installed
    said = (VALID, "signature_revocation_unknown") if known else (NOT_CHECKED, "signature_other_algorithm")
    assert check(b"return", curve, roots(tmp_path, ROOT), AT)[::2] == said
    assert check(b"return", b"not one", trusted, AT)[::2] == (INVALID, "signature_not_cms")


GOOD = signed(b"return")


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=len(GOOD) - 1), st.integers(min_value=1, max_value=255))
def test_no_changed_byte_makes_another_content_valid(place: int, change: int) -> None:
    bad = bytearray(GOOD)
    bad[place] ^= change
    found = check(b"other", bytes(bad), Path("/nonexistent"), AT)
    assert found.state in (INVALID, NOT_CHECKED)


# --- revocation -------------------------------------------------------------------------------------------------------


def crl(
    folder: Path,
    name: str,
    *serials: int,
    issuer: x509.Certificate = ROOT,
    key: rsa.RSAPrivateKey = ROOT_KEY,
    days: int = 7,
    on: datetime = AT,
    more: x509.ExtensionType | None = None,
    made_on: datetime = AT - timedelta(days=1),
    reason: x509.ReasonFlags | None = None,
    form: serialization.Encoding = serialization.Encoding.DER,
) -> None:
    """A list of revoked certificates in the operator's folder."""
    made = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    made = made.last_update(made_on).next_update(made_on + timedelta(days=days))
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(on)
        entry = entry if reason is None else entry.add_extension(x509.CRLReason(reason), critical=False)
        made = made.add_revoked_certificate(entry.build())
    if more is not None:
        made = made.add_extension(more, critical=True)
    (folder / "crls").mkdir(exist_ok=True)
    (folder / "crls" / name).write_bytes(made.sign(key, hashes.SHA256()).public_bytes(form))


def test_a_revoked_certificate_is_refused_and_a_list_that_says_nothing_is_no_proof(tmp_path: Path) -> None:
    trusted, good = roots(tmp_path, ROOT), signed(b"return")

    def told(at: datetime = AT) -> tuple[str, str]:
        found = check(b"return", good, trusted, at)
        return found.state, found.reason

    unknown = (VALID, "signature_revocation_unknown")
    crl(tmp_path, "a.crl", 1)
    assert told() == (VALID, "signature_good")
    assert told(AT + timedelta(days=30)) == unknown  # the list is too old
    for other in (
        x509.DeltaCRLIndicator(1),
        x509.IssuingDistributionPoint(None, None, False, True, None, False, False),
        x509.IssuingDistributionPoint(
            [x509.UniformResourceIdentifier("http://a/1")], None, *[False] * 2, None, *[False] * 2
        ),
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"),
    ):
        crl(tmp_path, "a.crl", more=other)
        assert told() == unknown  # changes alone, authorities alone, another part of them, or who knows what
    indirect = x509.IssuingDistributionPoint(None, None, False, False, None, True, False)
    crl(tmp_path, "a.crl", OWN.serial_number, more=indirect)
    assert told() == unknown  # the number may be of another issuer's certificate
    stranger_key = rsa.generate_private_key(65537, 2048)
    crl(tmp_path, "a.crl", OWN.serial_number, key=stranger_key)
    assert told() == unknown  # nobody's list: neither good nor bad follows
    crl(tmp_path, "b.crl", OWN.serial_number, form=serialization.Encoding.PEM)
    assert told() == (INVALID, "signature_certificate_revoked")
    crl(tmp_path, "b.crl", OWN.serial_number, on=AT + timedelta(hours=1))
    assert told() == (VALID, "signature_good")  # revoked later than the file came
    for broken in (b"not a list", b"-----BEGIN X509 CRL-----\nMII\n-----END X509 CRL-----\n"):
        (tmp_path / "crls" / "b.crl").write_bytes(broken)
        assert told() == unknown


def test_a_hold_ends_with_a_later_list_and_a_revocation_never(tmp_path: Path) -> None:
    trusted, good, number, long_ago = roots(tmp_path, ROOT), signed(b"return"), OWN.serial_number, AT - timedelta(9)
    hold, freed = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl
    crl(tmp_path, "old.crl", number, made_on=long_ago, on=long_ago, reason=hold)
    assert check(b"return", good, trusted, AT).reason == "signature_certificate_revoked"  # no list says otherwise
    crl(tmp_path, "new.crl")
    assert check(b"return", good, trusted, AT).reason == "signature_good"
    crl(tmp_path, "new.crl", number, reason=freed, more=x509.DeltaCRLIndicator(1))
    assert check(b"return", good, trusted, AT).reason == "signature_revocation_unknown"  # free, and no whole list
    crl(tmp_path, "new.crl", made_on=AT - timedelta(20), days=40)
    assert check(b"return", good, trusted, AT).reason == "signature_certificate_revoked"  # a list from before the hold
    crl(tmp_path, "new.crl", number, on=long_ago, made_on=long_ago)
    crl(tmp_path, "old.crl")
    assert check(b"return", good, trusted, AT).reason == "signature_certificate_revoked"


def test_lists_that_cannot_be_read_are_told_and_stop_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trusted, good = roots(tmp_path, ROOT), signed(b"return")
    crl(tmp_path, "a.crl")
    (tmp_path / "crls" / "b.crl").write_bytes(b"not a list")
    with (tmp_path / "crls" / "c.crl").open("wb") as large:
        large.truncate(revocation.LARGEST + 1)
    (tmp_path / "crls" / "gone.crl").symlink_to(tmp_path / "nowhere")
    for n in range(150):  # an operator's folder grows: the last of many counts as the first
        (tmp_path / "crls" / f"d{n:03}.crl").write_bytes((tmp_path / "crls" / "a.crl").read_bytes())
    crl(tmp_path, "z.crl", OWN.serial_number)
    assert check(b"return", good, trusted, AT).reason == "signature_certificate_revoked"
    assert sum("no list of revoked certificates" in r.getMessage() for r in caplog.records) == 2


def test_a_certificate_that_says_a_thing_twice_is_no_defect(tmp_path: Path) -> None:
    """An extension twice: the library refuses to read them, of the signer's own and of those above."""
    from asn1crypto import x509 as asn1

    def twice(one: x509.Certificate, key: rsa.RSAPrivateKey) -> x509.Certificate:
        told = asn1.Certificate.load(one.public_bytes(serialization.Encoding.DER))
        told["tbs_certificate"]["extensions"].append(told["tbs_certificate"]["extensions"][0])
        mark = key.sign(told["tbs_certificate"].dump(force=True), padding.PKCS1v15(), hashes.SHA256())
        told["signature_value"] = mark
        return x509.load_der_x509_certificate(told.dump(force=True))

    middle_key, own_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    middle = twice(certificate("Middle", middle_key, ROOT, ROOT_KEY), ROOT_KEY)
    own = certificate("Aidana", own_key, middle, middle_key)
    made = pkcs7.PKCS7SignatureBuilder().set_data(b"return").add_signer(own, own_key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    mark = made.add_certificate(middle).sign(serialization.Encoding.DER, options)
    assert check(b"return", mark, roots(tmp_path, ROOT), AT)[::2] == (INVALID, "signature_not_cms")
    strange = twice(OWN, ROOT_KEY)
    crl(tmp_path, "a.crl")
    found = check(b"return", signed(b"return", strange), roots(tmp_path, ROOT), AT)
    assert found.state in (VALID, INVALID, NOT_CHECKED)


def test_an_issuer_whose_key_the_library_does_not_know_makes_no_signature_false(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, rsa_key = ROOT.public_bytes(serialization.Encoding.DER), bytes.fromhex("06092a864886f70d010101")
    strange = x509.load_der_x509_certificate(plain.replace(rsa_key, rsa_key[:-1] + b"\x7f"))
    found = check(b"return", signed(b"return"), roots(tmp_path, strange), AT)
    assert (found.state, found.signer) == (NOT_CHECKED, "CN=Aidana")
    monkeypatch.setenv("SALYQ_OPENSSL", "")
    found = check(b"return", signed(b"return"), roots(tmp_path, strange), AT)
    assert (found.state, found.reason) == (NOT_CHECKED, "signature_other_algorithm")


def test_every_issuer_of_the_chain_must_have_its_list(tmp_path: Path) -> None:
    middle_key, own_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Middle")])
    middle = x509.CertificateBuilder().subject_name(subject).issuer_name(ROOT.subject).serial_number(77)
    middle = middle.public_key(middle_key.public_key()).not_valid_before(AT - timedelta(days=9))
    middle = middle.not_valid_after(AT + timedelta(days=99))
    above = middle.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        ROOT_KEY, hashes.SHA256()
    )
    own = certificate("Aidana", own_key, above, middle_key)
    made = pkcs7.PKCS7SignatureBuilder().set_data(b"return").add_signer(own, own_key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    mark = made.add_certificate(above).sign(serialization.Encoding.DER, options)
    trusted = roots(tmp_path, ROOT)
    crl(tmp_path, "middle.crl", issuer=above, key=middle_key)
    assert check(b"return", mark, trusted, AT).reason == "signature_revocation_unknown"
    crl(tmp_path, "root.crl")
    assert check(b"return", mark, trusted, AT).reason == "signature_good"
    crl(tmp_path, "root.crl", 77)  # the middle one was revoked
    assert check(b"return", mark, trusted, AT)[::2] == (INVALID, "signature_certificate_revoked")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL's program is not installed")
def test_openssl_asks_the_same_lists(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificate("Ec", key, ROOT, ROOT_KEY)
    mark, trusted = signed(b"return", own, key), roots(tmp_path, ROOT)
    crl(tmp_path, "a.crl", 1)
    assert check(b"return", mark, trusted, AT)[::2] == (VALID, "signature_good")
    assert check(b"return", mark, trusted, AT + timedelta(days=30)).reason == "signature_revocation_unknown"
    crl(tmp_path, "a.crl", own.serial_number, on=AT - timedelta(hours=1))
    (tmp_path / "crls" / "b.crl").write_bytes(b"not a list")  # takes nothing from the other
    assert check(b"return", mark, trusted, AT)[::2] == (INVALID, "signature_certificate_revoked")


def test_a_filing_tells_what_became_of_its_signature(country: Portal, tmp_path: Path) -> None:
    user = country.user("exchange")
    form = {"kind": "carf", "organisation": user["organisation"]}
    data = (Path(__file__).parents[2] / "forms" / "samples_hmrc" / "valid-carf.xml").read_bytes()
    assert OWN.not_valid_after_utc > TODAY

    def send(mark: bytes) -> dict[str, str]:
        files = {"file": ("c.xml", data), "signature": ("c.p7s", mark)}
        answer = country.browser.post("/api/v1/filings", data=form, files=files, headers=country.key("exchange"))
        found: dict[str, str] = answer.json()["summary"]["signature"]
        page = country.as_user("exchange").get(f"/en/cabinet/filings/{answer.json()['id']}").text
        assert found["reason"].startswith("signature_")
        assert "not checked" in page or "revoked" in page or "it holds" in page or "another file" in page
        return found

    assert send(signed(data))["state"] == NOT_CHECKED
    keys = tmp_path / "keys"
    keys.mkdir()
    roots(keys, ROOT)
    assert send(signed(data))["state"] == VALID
    assert send(signed(b"another"))["state"] == INVALID
