"""Sign-in by a one-time link; sign-out. (Password and passkey stand in people/ and come to this page with them.)"""

from __future__ import annotations

import logging

from starlette.responses import Response

from salyq.office.people import accounts, sessions
from salyq.office.portal.visit import Visit

log = logging.getLogger("salyq.portal")


def sign_in(visit: Visit) -> Response:
    """GET with a token signs in at once (the link was handed over); without one it is the page that says how."""
    token = visit.query.get("token", "")
    if visit.request.method == "GET" and not token:
        visit.need_session()
        return visit.render("signin.html", wrong=False)
    given = token or visit.form.get("token", "").strip()
    with visit.site.web.transaction() as tx:
        who = accounts.use_link(tx, given[:200])
    if who is None:
        log.warning("sign-in refused: a link that does not hold")
        visit.need_session()
        return visit.render("signin.html", 403, wrong=True)
    visit.sign_in(who)
    return visit.redirect("")


def sign_out(visit: Visit) -> Response:
    if visit.session is not None:
        with visit.site.web.transaction() as tx:
            sessions.end(tx, visit.session)
    return visit.redirect("")
