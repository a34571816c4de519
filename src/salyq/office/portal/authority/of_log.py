"""What the log tells of those who act: who looked at restricted registers, what was done with accounts."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from salyq.office.portal.lists import LONGEST_LIST, listed_as, wanted_as, whole_list
from salyq.office.portal.public.asked import whole
from salyq.office.portal.visit import Visit
from salyq.office.store import entries

PAGE, _END = 100, 2**62
_DONE = {
    "closed": "portal_account_act_closed",
    "iin_stated": "portal_account_act_iin",
    "delegated": "portal_account_act_delegated",
    "delegation_ended": "portal_account_act_ended",
}


def looks(visit: Visit) -> Response:
    """Who looked at what in restricted registers."""
    return _newest(visit, "look", "looks", ("by", "register", "number"))


def account_acts(visit: Visit) -> Response:
    """What was done with accounts (closed, let speak for others), for auditors."""
    return _newest(visit, "account", "account-acts", ("by", "done", "name", "organisation", "first", "last"))


def _newest(visit: Visit, kind: str, name: str, said: Sequence[str]) -> Response:
    """Entries of a kind that the asker may see, the newest first: a page, or the file of all with what they `said`."""
    before = whole("cursor", visit.query.get("cursor", ""), _END, 0, _END)
    limit = LONGEST_LIST if wanted_as(visit) else PAGE
    with visit.transaction() as tx:
        found = entries.of_kind(tx, kind, limit + 1, before)
    if wanted_as(visit):
        told = ({"position": e.position, "recorded_at": e.recorded_at, **e.content} for e in whole_list(found))
        return listed_as(visit, name, ("position", "recorded_at", *said), told)
    next_ = found[PAGE - 1].position if len(found) > PAGE else None
    rows = [(e, e.content) for e in found[:PAGE]]
    return visit.render(f"{name.replace('-', '_')}.html", rows=rows, next=next_, done=_DONE)
