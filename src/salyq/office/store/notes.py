"""Checkpoints of the log as signed notes (C2SP tlog-checkpoint, signed-note; Ed25519).

salyq.office/0123abcd
17
<base64 of the root>

— salyq.office/0123abcd <base64 of the key's hash and the signature>
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from salyq.office.store.errors import StoreError

_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


class Signer:
    """The key of one log. `verifier` is what everybody may know: name+hash+base64 of the public key."""

    def __init__(self, seed: bytes, name: str = "") -> None:
        self._key = SigningKey(seed)
        public = bytes(self._key.verify_key)
        self.name = name or f"salyq.office/{hashlib.sha256(public).hexdigest()[:8]}"
        self.verifier = verifier_text(self.name, public)

    def sign(self, size: int, root: bytes) -> str:
        """The signed note for a tree of `size` leaves."""
        text = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        public = bytes(self._key.verify_key)
        signature = key_hash(self.name, public) + self._key.sign(text.encode()).signature
        return f"{text}\n— {self.name} {base64.b64encode(signature).decode()}\n"


def key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def verifier_text(name: str, public: bytes) -> str:
    return f"{name}+{key_hash(name, public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"


def read_verifier(text: str) -> tuple[str, bytes]:
    """(name, public key) of a verifier; ValueError where it is none."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise ValueError("not a verifier")
    name, hashed, encoded = parts
    raw = base64.b64decode(encoded, validate=True)
    if len(raw) != 33 or raw[:1] != _ED25519 or key_hash(name, raw[1:]).hex() != hashed:
        raise ValueError("not a verifier")
    return name, raw[1:]


def open_note(note: str, verifier: str) -> Checkpoint:
    """The checkpoint of a note whose signature by `verifier` is good; ValueError says what is not."""
    name, public = read_verifier(verifier)
    text, blank, signatures = note.partition("\n\n")
    if not blank:
        raise ValueError("not a signed note")
    lines = text.split("\n")
    if len(lines) < 3 or not (lines[1].isascii() and lines[1].isdigit()):
        raise ValueError("not a checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        raise ValueError("not a checkpoint") from None
    if lines[0] != name or len(root) != 32:
        raise ValueError("a checkpoint of another log")
    for line in signatures.splitlines():
        if line.startswith(f"— {name} ") and _signed(text + "\n", line.split(" ")[2], name, public):
            return Checkpoint(name, int(lines[1]), root)
    raise ValueError("no good signature")


def _signed(text: str, encoded: str, name: str, public: bytes) -> bool:
    try:
        raw = base64.b64decode(encoded, validate=True)
        if raw[:4] != key_hash(name, public):
            return False
        VerifyKey(public).verify(text.encode(), raw[4:])
    except (BadSignatureError, binascii.Error, ValueError):
        return False
    return True


def signer_of(folder: Path, seed: bytes | None = None) -> Signer:
    """The log's key in `folder`/keys/log.key (made once, readable by its owner only)."""
    path = folder / "keys" / "log.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write((seed or os.urandom(32)).hex().encode())
    try:
        return Signer(bytes.fromhex(path.read_text().strip()))
    except ValueError:
        raise StoreError("store_bad_key", file=str(path)) from None
