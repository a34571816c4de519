"""Who may speak to a node: its own key, and the public keys of the other side and of customers' banks.

`corridor.key` holds the node's seed (hex), readable by its owner alone; `corridor-keys.toml` names public keys (hex):
of the other side `abroad = "…"`, of a bank a table with its `key` and the `accounts` it keeps.
The demonstration's keys are made from a word and protect nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from nacl.signing import SigningKey, VerifyKey

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.toml_files import load_toml
from salyq.office.pilots.corridor.banks import Bank

KEY_FILE, KNOWN_FILE = "corridor.key", "corridor-keys.toml"
SIDES = ("kz", "abroad")


class Known(NamedTuple):
    """Name -> public key; and what the banks among them keep."""

    keys: Mapping[str, VerifyKey]
    banks: Mapping[str, Bank] = {}

    def bank(self, name: str) -> Bank:
        """Who is known by a key alone keeps nothing."""
        return self.banks.get(name) or Bank(name)


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


def made_up_known() -> Known:
    """The demonstration's: both sides, and one bank for all accounts."""
    return Known({name: made_up(name).verify_key for name in (*SIDES, "bank")}, {"bank": Bank("bank", ("*",))})


def known(folder: Path) -> Known:
    """Who may speak. InputError for a key that is none, or a bank without the accounts that it keeps."""
    path = folder / KNOWN_FILE
    if not path.exists():
        raise InputError(Message("corridor_no_keys", {"file": KNOWN_FILE}), file=str(path))
    keys: dict[str, VerifyKey] = {}
    banks: dict[str, Bank] = {}
    for name, value in load_toml(path, str(path))[1].items():
        if name not in SIDES:
            banks[name] = _bank(name, value, path)
        try:
            keys[name] = VerifyKey(bytes.fromhex(value["key"] if name in banks else value))
        except (ValueError, TypeError, KeyError):
            raise InputError(Message("corridor_key_wrong"), file=str(path), column=name) from None
    return Known(keys, banks)


def _bank(name: str, value: object, path: Path) -> Bank:
    kept = value.get("accounts") if isinstance(value, dict) else None
    if not isinstance(kept, list) or not kept or not all(isinstance(x, str) and x for x in kept):
        raise InputError(Message("corridor_bank_accounts", {"name": name}), file=str(path), column=name)
    return Bank(name, tuple(kept))
