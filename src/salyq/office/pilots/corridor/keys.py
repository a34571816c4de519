"""Who may speak to a node: its own key, and the public keys of the other side and of customers' banks.

`corridor.key` holds the node's seed (hex), readable by its owner alone; `corridor-keys.toml` names public keys (hex).
The demonstration's keys are made from a word and protect nothing.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from pathlib import Path

from nacl.signing import SigningKey, VerifyKey

from salyq.civil.errors import InputError
from salyq.civil.messages import Message

KEY_FILE, KNOWN_FILE = "corridor.key", "corridor-keys.toml"


def made_up(name: str) -> SigningKey:
    """The demonstration's key of a name."""
    return SigningKey(hashlib.sha256(f"salyq demonstration {name}".encode()).digest())


def own(folder: Path) -> SigningKey:
    """The node's key; made when there is none."""
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(bytes(SigningKey.generate()).hex() + "\n")
    try:
        return SigningKey(bytes.fromhex(path.read_text().strip()))
    except ValueError:
        raise InputError(Message("corridor_key_wrong"), file=str(path)) from None


def known(folder: Path) -> dict[str, VerifyKey]:
    """Name -> public key."""
    path = folder / KNOWN_FILE
    if not path.exists():
        raise InputError(Message("corridor_no_keys", {"file": KNOWN_FILE}), file=str(path))
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: VerifyKey(bytes.fromhex(value)) for name, value in found.items()}
    except (tomllib.TOMLDecodeError, ValueError, TypeError, AttributeError):
        raise InputError(Message("corridor_key_wrong"), file=str(path)) from None
