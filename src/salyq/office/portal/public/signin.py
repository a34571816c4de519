"""Sign-in by a one-time link, by name and password, or by a passkey; the account's own page; sign-out."""

from __future__ import annotations

import base64
import binascii
import json
import logging
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from salyq.civil.errors import SalyqError
from salyq.office.people import accounts, keys, passkeys, passwords, sessions
from salyq.office.people.accounts import Account
from salyq.office.portal.public import delegations
from salyq.office.portal.site import plain
from salyq.office.portal.visit import Visit
from salyq.office.store.errors import StoreError

log = logging.getLogger("salyq.portal")
_LARGEST = 20_000
_FIELD = {"key": "label", "delegate": "d.name"}  # where the form of a deed that went wrong begins


def sign_in(visit: Visit) -> Response:
    """GET with a token signs in at once (the link was handed over); else the page, or its form."""
    token = visit.query.get("token", "")
    if visit.request.method == "GET" and not token:
        visit.need_session()
        return visit.render("signin.html", wrong="")
    if visit.form.get("name"):
        return _by_password(visit)
    given = token or visit.form.get("token", "").strip()
    with visit.site.web.transaction() as tx:
        who = accounts.use_link(tx, given[:200])
    if who is None:
        return _refused(visit, "link", 403)
    _welcome(visit, who, "link")
    return _onward(visit)


def _welcome(visit: Visit, who: Account, way: str) -> None:
    visit.sign_in(who, second_factor=way == "passkey")
    log.info("signed in: %s by %s from %s", who.name, way, visit.address)


def _by_password(visit: Visit) -> Response:
    with visit.site.web.transaction() as tx:
        who = passwords.check_password(tx, visit.form["name"], visit.form.get("password", ""))
    if who is None:
        return _refused(visit, "password", 403)
    _welcome(visit, who, "password")
    return _onward(visit)


def _refused(visit: Visit, wrong: str, status: int) -> Response:
    log.warning("sign-in refused: %s from %s", wrong, visit.address)
    visit.need_session()
    return visit.render("signin.html", status, wrong=wrong)


def _onward(visit: Visit) -> Response:
    """Where the visitor wanted to go: a path of this site, nothing else."""
    wanted = visit.query.get("next", visit.form.get("next", ""))
    if wanted.startswith(f"/{visit.lang}/") and "//" not in wanted and "\\" not in wanted:
        return visit.redirect(wanted[3:])
    return visit.redirect("")


def sign_out(visit: Visit) -> Response:
    if visit.session is not None:
        with visit.site.web.transaction() as tx:
            sessions.end(tx, visit.session)
    answer = visit.redirect("")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def account_page(visit: Visit) -> Response:
    """The account: its organisations, passkeys, a new password; every other session may be ended."""
    who = _signed_in(visit)
    told, wrong, made, at = "", "", "", _FIELD.get(visit.form.get("do", ""), "password")
    if visit.request.method == "POST":
        try:
            if visit.form.get("do") in ("key", "end_key"):
                told, made = _change_keys(visit, who)
            elif visit.form.get("do") in delegations.DOES:
                told = delegations.change(visit, who)
            else:
                told = _change(visit, who)
        except SalyqError as error:
            wrong = plain(error.message.shown(visit.lang), visit.lang)
            at = delegations.at_fault(error) if visit.form.get("do") == "delegate" else at
    with visit.transaction() as tx:
        mine = accounts.organisations_of(tx, who)
        devices, old = passkeys.passkeys_of(tx, who), passwords.has_password(tx, who)
        programs = keys.keys_of(tx, who)
        living, acting = sessions.open_of(tx, who), delegations.acting(tx, who)
    status = 422 if wrong else 200
    said = visit.form if wrong else {}
    shown = {"told": told, "wrong": wrong, "made": made, "at": at, "said": said}
    about = {"mine": mine, "keys": devices, "old": old, "programs": programs, "living": living}
    about |= {"acting": acting}
    return visit.render("account.html", status, **about, shown=shown)


def _change_keys(visit: Visit, who: Account) -> tuple[str, str]:
    """A new key for programs, whose secret is shown this once, or the end of one."""
    if visit.held:
        raise HTTPException(403)
    if visit.form.get("do") == "key" and not visit.fresh:
        raise StoreError("portal_sign_in_anew")
    with visit.site.web.transaction(visit.access) as tx:
        if visit.form.get("do") == "end_key":
            try:
                ended = keys.end_key(tx, who, UUID(visit.form.get("id", "")))
            except ValueError:
                ended = False
            if not ended:
                raise visit.not_there()
            return visit.say("portal_key_ended"), ""
        organisation = visit.form.get("organisation", "") or None
        if organisation is not None and organisation not in visit.access.organisations:
            raise visit.not_there()
        strong = visit.session is not None and visit.session.second_factor
        made = keys.make_key(tx, who, visit.form.get("label", "").strip(), organisation, second_factor=strong)
    log.info("key for programs made by %s", who.name)
    return visit.say("portal_key_made"), made


def _change(visit: Visit, who: Account) -> str:
    if visit.form.get("do") == "password":
        _check_old(visit, who)
    if visit.form.get("do") == "end_session":
        with visit.site.web.transaction(visit.access) as tx:
            if not sessions.end_own(tx, who, visit.form.get("id", "")):
                raise visit.not_there()
        return visit.say("portal_account_changed")
    with visit.site.web.transaction(visit.access) as tx:
        if visit.form.get("do") == "end_sessions":
            sessions.end_all(tx, who)
        elif visit.form.get("do") == "password":
            passwords.set_password(tx, who, visit.form.get("password", ""))
            sessions.end_all(tx, who)
        else:
            raise HTTPException(400)
    strong = visit.session is not None and visit.session.second_factor
    visit.sign_in(who, second_factor=strong)  # the others are gone; this one goes on, anew
    return visit.say("portal_account_changed")


def _check_old(visit: Visit, who: Account) -> None:
    """A new password asks for the one there is; a failure is counted, so it is kept."""
    with visit.site.web.transaction(visit.access) as tx:
        good = not passwords.has_password(tx, who) or passwords.check_password(tx, who.name, visit.form.get("old", ""))
    if not good:
        raise StoreError("people_sign_in_bad")


# --- passkeys: JSON between the page's script and us -----------------------------------------------------------------


def _site(visit: Visit) -> passkeys.Site:
    host = visit.request.headers.get("host", "")
    return passkeys.Site(host.partition(":")[0], f"{visit.request.url.scheme}://{host}")


def passkey_new(visit: Visit) -> Response:
    """POST without a credential: the options; with one: keeps it."""
    who = _signed_in(visit)
    assert visit.session is not None
    if not visit.fresh:
        raise HTTPException(403)
    credential = visit.form.get("credential", "")
    with visit.site.web.transaction(visit.access) as tx:
        if visit.held and passkeys.passkeys_of(tx, who):
            raise HTTPException(403)
        if not credential:
            options = passkeys.begin_registration(tx, visit.session, who, _site(visit))
            return Response(options, media_type="application/json")
    with visit.site.web.transaction(visit.access) as tx:
        if visit.held and passkeys.passkeys_of(tx, who):
            raise HTTPException(403)  # a stolen link or password must not bring a passkey of its own
    with visit.site.web.transaction(visit.access) as tx:
        name = visit.form.get("label", "")
        passkeys.finish_registration(tx, visit.session, who, _site(visit), credential[:_LARGEST], name)
    if visit.held:
        visit.sign_in(who, second_factor=True)
    return visit.with_cookie(JSONResponse({"ok": True}))


def passkey_use(visit: Visit) -> Response:
    """POST without a credential: the options; with one: signs in."""
    visit.need_session()
    assert visit.session is not None
    credential = visit.form.get("credential", "")[:_LARGEST]
    if not credential:
        with visit.site.web.transaction() as tx:
            return Response(passkeys.begin_sign_in(tx, visit.session, _site(visit)), media_type="application/json")
    try:
        raw = json.loads(credential)["rawId"]
        id_ = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise HTTPException(422) from None
    with visit.site.web.transaction() as tx:
        who = passkeys.finish_sign_in(tx, visit.session, _site(visit), credential, id_)
    _welcome(visit, who, "passkey")
    return visit.with_cookie(JSONResponse({"ok": True, "next": f"/{visit.lang}"}))


def _signed_in(visit: Visit) -> Account:
    if visit.account is None:
        raise HTTPException(404)
    return visit.account
