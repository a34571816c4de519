"""Passkeys (WebAuthn): registering one, and signing in with one; the user is verified by the device.

The challenge stands in the session and is used once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import webauthn
from webauthn.helpers import options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from salyq.office.people.accounts import SQL, Account, account
from salyq.office.people.sessions import Session
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

_NAME = "Salyq"


class Site(NamedTuple):
    """`rp_id` is the host (no port), `origin` scheme, host and port of the pages."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Passkey:
    id: bytes
    account: UUID
    public_key: bytes
    count: int
    name: str


def passkeys_of(tx: Transaction, who: Account) -> list[Passkey]:
    return tx.all(Passkey, SQL["passkeys"], {"account": who.id})


def begin_registration(tx: Transaction, session: Session, who: Account, site: Site) -> str:
    """The options for the browser, as JSON; the challenge stays in the session."""
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name=_NAME,
        user_id=who.id.bytes,
        user_name=who.name,
        user_display_name=who.shown,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(k.id)) for k in passkeys_of(tx, who)],
    )
    tx.run(SQL["set_challenge"], {"secret": session.secret, "challenge": options.challenge})
    return options_to_json(options)


def finish_registration(
    tx: Transaction, session: Session, who: Account, site: Site, credential: str, name: str
) -> None:
    """Keeps the new passkey; StoreError where the device's answer does not hold."""
    challenge = _used(tx, session)
    try:
        done = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise StoreError("people_passkey_bad") from error
    row = {"id": done.credential_id, "account": who.id, "public_key": done.credential_public_key}
    tx.run(SQL["add_passkey"], {**row, "count": done.sign_count, "name": name.strip()[:60] or "passkey", "at": tx.now})


def begin_sign_in(tx: Transaction, session: Session, site: Site) -> str:
    """The options for the browser; any passkey of the site may answer."""
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id, user_verification=UserVerificationRequirement.REQUIRED
    )
    tx.run(SQL["set_challenge"], {"secret": session.secret, "challenge": options.challenge})
    return options_to_json(options)


def finish_sign_in(tx: Transaction, session: Session, site: Site, credential: str, credential_id: bytes) -> Account:
    """The account whose passkey answered; StoreError where it does not hold (a copied key shows by its counter)."""
    challenge = _used(tx, session)
    kept = tx.one(Passkey, SQL["passkey"], {"id": credential_id})
    if kept is None:
        raise StoreError("people_passkey_bad")
    try:
        done = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=bytes(kept.public_key),
            credential_current_sign_count=kept.count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise StoreError("people_passkey_bad") from error
    tx.run(SQL["count_passkey"], {"id": credential_id, "count": done.new_sign_count})
    who = account(tx, kept.account)
    if who is None:
        raise StoreError("people_passkey_bad")
    return who


def _used(tx: Transaction, session: Session) -> bytes:
    """The session's challenge, which does not hold a second time."""
    found = tx.one(Session, SQL["session"], {"secret": session.secret, "at": tx.now})
    tx.run(SQL["set_challenge"], {"secret": session.secret, "challenge": None})
    if found is None or found.challenge is None:
        raise StoreError("people_passkey_bad")
    return bytes(found.challenge)
