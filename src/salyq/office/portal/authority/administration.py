"""Who has an account, and how the office stands: for its administrator. He ends sessions and closes accounts; he sees
no application, no filing and no case.
"""

from __future__ import annotations

import logging

from starlette.responses import Response

from salyq.civil.errors import SalyqError
from salyq.office.people import accounts, sessions
from salyq.office.portal.lists import LONGEST_LIST, listed_as, wanted_as, whole_list
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit
from salyq.office.store import entries, jobs
from salyq.office.store.errors import StoreError

PAGE = 100
_COLUMNS = ("name", "shown", "role", "office", "organisations", "sessions", "seen_at")
log = logging.getLogger("salyq.portal")


def page(visit: Visit) -> Response:
    wrong: SalyqError | None = None
    told = ""
    if visit.request.method == "POST":
        try:
            told = _change(visit)
        except SalyqError as error:
            wrong = error
    after = visit.query.get("cursor", "")[:60].replace("\x00", "")
    limit = LONGEST_LIST if wanted_as(visit) else PAGE
    with visit.transaction() as tx:
        found = accounts.every(tx, sessions.IDLE, after, limit + 1)
        size, signed = entries.size(tx), tx.one(entries.SignedNote, entries.SQL["checkpoint"])
        [work] = tx.dicts(jobs.SQL["counts"])
    if wanted_as(visit):
        return listed_as(visit, "accounts", _COLUMNS, [a._asdict() for a in whole_list(found)])
    rows = found[:PAGE]
    next_ = rows[-1].name if len(found) > PAGE else None
    shown = {"rows": rows, "next": next_, "size": size, "signed": signed, "jobs": work}
    return visit.render("administration.html", status_of(wrong), **shown, told=told, wrong=wrong)


def _change(visit: Visit) -> str:
    """Ends the sessions of an account, or closes it; what happened in words."""
    assert visit.account is not None
    name = visit.form.get("name", "").strip()[:60].replace("\x00", "")
    with visit.site.work.transaction(visit.access) as tx:
        who = accounts.named(tx, name)
        if who is None:
            raise StoreError("people_no_user", name=name or "—")
        if visit.form.get("do") == "close":
            if who.id == visit.account.id:
                raise StoreError("people_not_yourself")
            accounts.close(tx, who)
            log.warning("account %s closed by %s", who.name, visit.account.name)
            return visit.say("people_closed", name=who.name)
        ended = sessions.end_all(tx, who)
        log.info("sessions of %s ended by %s", who.name, visit.account.name)
        return visit.say("people_signed_out", name=who.name, ended=ended)
