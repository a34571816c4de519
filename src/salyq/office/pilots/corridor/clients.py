"""Whose an account is that money is sent from: the person whom its bank named first. Limits count by him, so that one
account under many names is one client, and one person with many accounts is one too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salyq.office.pilots import events
from salyq.office.pilots.corridor import ivms
from salyq.office.store.store import Transaction


def client(tx: Transaction, contract: str, sender: Mapping[str, Any]) -> str | None:
    """The sender's IIN or BIN, or his account number where none was told when the account was first used; None where
    the account is known as another person's. The first word is kept."""
    account, told = ivms.account_of(sender), ivms.client_of(sender)
    subject = f"corridor/{contract}/client_of/{account}"
    events.add(tx, [events.New(subject, "corridor", "client", subject, tx.now, {"client": told}, None, contract)])
    first = events.by_id(tx, subject)
    kept = str(first.body["client"]) if first else told  # another who wrote at this moment may have been the first
    return kept if account in (kept, told) or kept == told else None
