"""A small software authenticator (WebAuthn, attestation none, ES256): what a phone would answer."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """One passkey. `verified` false is a device that did not ask for finger or code."""

    def __init__(self, origin: str = "http://127.0.0.1", rp_id: str = "127.0.0.1") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.origin, self.rp_id = b"passkey-0000001", origin, rp_id
        self.count, self.verified, self.user = 0, True, b""

    def _data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _head(self, flags: int) -> bytes:
        self.count += 1
        flags |= 0x01 | (0x04 if self.verified else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def create(self, options: dict[str, Any]) -> str:
        self.user = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data("webauthn.create", options["challenge"])
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._head(0x40) + attested})
        return self._packed({"clientDataJSON": b64(data), "attestationObject": b64(made)})

    def get(self, options: dict[str, Any]) -> str:
        data, head = self._data("webauthn.get", options["challenge"]), self._head(0)
        signed = self.key.sign(head + hashlib.sha256(data).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": b64(data), "authenticatorData": b64(head), "signature": b64(signed)}
        return self._packed({**said, "userHandle": b64(self.user)})

    def _packed(self, response: dict[str, str]) -> str:
        id_ = b64(self.id)
        return json.dumps(
            {"id": id_, "rawId": id_, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
