"""Who acts for an organisation, on the account's page: its own people let others act between two days, and end it."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from salyq.civil.days import kz_day
from salyq.civil.errors import SalyqError
from salyq.office.people import accounts
from salyq.office.people.accounts import Account, Organisation
from salyq.office.portal.public.asked import day_of
from salyq.office.portal.visit import Visit
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

log = logging.getLogger("salyq.portal")
DOES = ("delegate", "end_delegation")


def own(tx: Transaction, who: Account) -> list[Organisation]:
    """The organisations whose own person this is: he lets others act for them."""
    return [o for o in accounts.organisations_of(tx, who) if o.capacity == "own"]


def acting(tx: Transaction, who: Account) -> list[tuple[Organisation, list[dict[str, Any]]]]:
    """(organisation, who acts for it by delegation) for each of the visitor's own."""
    found = []
    for mine in own(tx, who):
        rows = tx.dicts(accounts.SQL["delegates_of"], {"organisation": mine.bin})
        found.append((mine, [r for r in rows if r["capacity"] == "delegated"]))
    return found


def at_fault(error: SalyqError) -> str:
    """The field of the form that an error is about: its day, or the name."""
    if error.message.code == "people_bad_days":
        return "d.last"
    named = error.message.params.get("name")
    return f"d.{named}" if error.message.code == "portal_bad_value" and named in ("first", "last") else "d.name"


def change(visit: Visit, who: Account) -> str:
    """Gives or ends a delegation; it holds, or holds no more, from this moment."""
    with visit.site.web.transaction(visit.access) as tx:
        mine = [o.bin for o in own(tx, who)]
        if visit.form.get("do") == "end_delegation":
            try:
                id_ = UUID(visit.form.get("id", ""))
            except ValueError:
                raise visit.not_there() from None
            if not accounts.end_delegation(tx, id_, mine):
                raise visit.not_there()
            log.info("delegation ended by %s", who.name)
            return visit.say("portal_delegation_ended")
        bin_ = visit.form.get("organisation", "")
        if bin_ not in mine:
            raise visit.not_there()
        to = accounts.named(tx, visit.form.get("name", "").strip()[:60])
        if to is None or to.role not in ("applicant", "representative") or to.id == who.id:
            raise StoreError("portal_delegation_nobody", name=visit.form.get("name", "").strip()[:60] or "—")
        first = day_of("first", visit.form.get("first", "")) or kz_day(tx.now)
        last = day_of("last", visit.form.get("last", ""))
        accounts.delegate(tx, to, bin_, first=first, last=last, given_by=who.id)
        log.info("delegation to %s by %s", to.name, who.name)
    return visit.say("portal_delegation_given")
