"""`office verify` for procedures: the steps that people read are what the log says, and lists show how each stands."""

from __future__ import annotations

from typing import Any, NamedTuple

from salyq.office.procedures.book import ended, procedures
from salyq.office.procedures.read import SQL
from salyq.office.store.entries import canonical
from salyq.office.store.store import Transaction
from salyq.office.store.verify import Difference


class _Unlike(NamedTuple):
    place: str
    wanted: dict[str, Any] | None
    found: dict[str, Any] | None


def verify_steps(tx: Transaction) -> Difference | None:
    """None, or the first step that its entry does not tell, the first entry without its step, the first application
    that does not stand as its last step says. (The fields of a form may hold what is private: they are not in the log.)
    """
    over = [f"{spec.code}/{status}" for spec in procedures().values() for status in ended(spec)]
    for what in ("step", "standing"):
        found = tx.one(_Unlike, SQL[f"unlike_{what}"], {"over": over})
        if found is not None:
            wanted, kept = (canonical(side) if side is not None else "none" for side in (found.wanted, found.found))
            return Difference(what, found.place, wanted, kept)
    return None
