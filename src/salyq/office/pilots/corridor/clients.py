"""Whose an account is that money is sent from: the person whom its bank named first. Limits count by him, so that one
account under many names is one client, and one person with many accounts is one too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salyq.office.pilots import events
from salyq.office.pilots.corridor import ivms
from salyq.office.pilots.sandbox import limits
from salyq.office.store.store import Transaction


def client(tx: Transaction, contract: str, sender: Mapping[str, Any]) -> str | None:
    """Under which name limits count the sender: his IIN or BIN, or his account number where none was told when the
    account was first used; None where the account is known as another person's. The first word is kept."""
    account, told = ivms.account_of(sender), ivms.client_of(sender)
    subject, counted = f"corridor/{contract}/client_of/{account}", f"corridor/{contract}/counted_as/{told}"
    new = [events.New(subject, "corridor", "client", subject, tx.now, {"client": told}, None, contract)]
    if told != account and events.by_id(tx, subject) is None and limits.known(tx, contract, account):
        # counted by his account before persons were: what he used, and his place, stay his
        new.append(events.New(counted, "corridor", "client", counted, tx.now, {"client": account}, None, contract))
    events.add(tx, new)
    first = events.by_id(tx, subject)
    kept = str(first.body["client"]) if first else told  # another who wrote at this moment may have been the first
    if account not in (kept, told) and kept != told:
        return None
    before = events.by_id(tx, f"corridor/{contract}/counted_as/{kept}") if kept != account else None
    return str(before.body["client"]) if before else kept
