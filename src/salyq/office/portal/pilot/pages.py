"""The pages: plain functions of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.civil.days import kz_day
from salyq.civil.errors import InputError
from salyq.civil.ids import is_person
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_written
from salyq.office.pilots import events, reasons
from salyq.office.pilots.card import report
from salyq.office.pilots.card.statement import statement
from salyq.office.pilots.city import code
from salyq.office.pilots.city.invoices import City, CityRefused, place_of, read
from salyq.office.pilots.city.statistics import statistics
from salyq.office.pilots.consequences import recent
from salyq.office.pilots.corridor.monitor import monitor
from salyq.office.pilots.corridor.node import SKEW
from salyq.office.pilots.sandbox import reports
from salyq.office.pilots.sandbox.participant import participant
from salyq.office.portal.charts import bars
from salyq.office.portal.pilot.seen import (
    gate_of,
    seen_contract,
    seen_contracts,
    seen_holders,
    sees_holder,
    told_of,
    working,
)
from salyq.office.portal.readers import shown_at, shown_day, shown_moment
from salyq.office.portal.site import shown_sum
from salyq.office.portal.visit import Visit
from salyq.present.months import month_short, month_text

_FILES = ("records.csv", "carf.csv", "reports.json", "person.toml", "statement.pdf")
_LATEST = 30  # invoices of a merchant
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "toml": "text/plain; charset=utf-8"}


def index(visit: Visit) -> Response:
    """What there is, and what the visitor may see of it."""
    found, holders = seen_contracts(visit), seen_holders(visit)
    begun = []
    if found or holders:
        with visit.transaction() as tx:
            begun = recent(tx, kz_day(tx.now).replace(month=1, day=1), 15)
    mine = [h for h in holders if h[0] in visit.access.organisations]
    seen: dict[str, Any] = {"contracts": found, "holders": holders, "mine": mine, "begun": begun}
    seen["corridor"] = visit.account is None or any(c.pilot == "corridor" for c in found)
    return visit.render("pilot.html", **seen, notice=reports.notice()[visit.lang])


def cards(visit: Visit) -> Response:
    """The cards that the visitor may see; his own page at once where there is one."""
    holders = seen_holders(visit)
    own = {h[0] for h in holders}
    if len(own) == 1 and own <= set(visit.access.organisations):
        return visit.redirect(f"/pilot/card/{own.pop()}")
    return visit.render("pilot_cards.html", holders=holders, notice=reports.notice()[visit.lang])


def card(visit: Visit) -> Response:
    holder, year = visit.path["holder"], _year(visit)
    if not sees_holder(visit, holder):
        raise HTTPException(404)
    with working(visit) as tx:
        try:
            told = statement(tx, holder, year)
        except InputError:
            raise HTTPException(404) from None
        this_year = kz_day(tx.now).year
    return visit.render("pilot_card.html", told=told, years=range(this_year, this_year - 4, -1), files=_FILES)


def card_file(visit: Visit) -> Response:
    """A file of the year's folder: what the tax engine reads, CARF lines, reports, the statement as PDF."""
    holder, name, year = visit.path["holder"], visit.path["name"], _year(visit)
    if name not in _FILES or not sees_holder(visit, holder):
        raise HTTPException(404)
    with working(visit) as tx:
        try:
            found = report.year_of(tx, holder, year)
        except InputError:
            raise HTTPException(404) from None
    headers = {"content-disposition": f'attachment; filename="{year}-{name}"'}
    if name == "statement.pdf":
        made = report.pdf(found, report.pdf_words(visit.lang))
        return Response(made, media_type="application/pdf", headers=headers)
    return Response(report.files(found)[name], media_type=_TYPES[name.rsplit(".", 1)[1]], headers=headers)


def _year(visit: Visit) -> int:
    given = visit.query.get("year", "")[:10]
    with visit.site.work.transaction() as tx:
        today = kz_day(tx.now).year
    return int(given) if given.isascii() and given.isdigit() and 2020 <= int(given) <= today else today


def corridor(visit: Visit) -> Response:
    """The monitor, for the supervisor and for whoever runs the corridor."""
    found = seen_contracts(visit, "corridor")
    if not found:
        raise HTTPException(404)
    with working(visit) as tx:
        told = monitor(tx)
        latest = events.latest(tx, "corridor", ["payment"], 30)
    states = {visit.say(f"pilot_cstate_{name}"): count for name, count in sorted(told["states"].items())}
    chart = bars(list(states.items()), visit.say("pilot_corridor_states"))
    return visit.render(
        "pilot_corridor.html",
        told=told,
        causes={_cause(visit, name): count for name, count in sorted(told["failures"].items())},
        liquidity={_place(visit, name): shown_sum(amount, visit.lang) for name, amount in told["liquidity"].items()},
        used={
            _limit(visit, name): f"{shown_sum(amount, visit.lang)} ₸" for name, amount in told["limits_used"].items()
        },
        remedies={
            reasons.said(name, visit.lang): todo
            for name in sorted(told["failures"])
            if (todo := reasons.remedy(name, visit.lang))
        },
        windows={
            _window(visit, w["window"], w["settled_at"]): visit.say(
                "pilot_window", count=w["payments"], net=shown_sum(w["net"], visit.lang), asset=w["asset"]
            )
            for w in told["windows"]
        },
        since=shown_at(told["waiting"]["since"], visit.lang) if told["waiting"]["since"] else "",
        silent=visit.say("pilot_do_silent", minutes=SKEW // timedelta(minutes=1)),
        states=states,
        contracts=found,
        latest=latest,
        chart=chart,
        notice=reports.notice()[visit.lang],
    )


def _window(visit: Visit, name: str, at: str) -> str:
    """Which window it was and when it was settled, if it was, in Kazakhstan's time: nodes name a window by its contract
    and its minute in UTC; another name stays.
    """
    contract, _, minute = name.rpartition(":")
    try:
        begun = datetime.strptime(minute, "%Y%m%dT%H%M").replace(tzinfo=UTC)
    except ValueError:
        return f"{shown_at(at, visit.lang) if at else visit.say('pilot_window_open')} · {name}"
    told = shown_moment(begun, visit.lang)
    if at:
        told = visit.say("pilot_window_of", window=told, settled=shown_at(at, visit.lang))
    else:
        told = f"{told} · {visit.say('pilot_window_open')}"
    return f"{contract} · {told}" if contract else told


def _cause(visit: Visit, name: str) -> str:
    """Why payments ended: in words and in the protocol's own code; whoever is asked to refuse may give any code."""
    words = reasons.said(name, visit.lang)
    return name if words == name else f"{words} ({name})"


def _place(visit: Visit, account: str) -> str:
    """`corridor/provider/USDT` in words."""
    _, place, asset = account.split("/", 2)
    return f"{visit.say(f'pilot_place_{place}')}, {asset}"


def _limit(visit: Visit, account: str) -> str:
    """`limit/<contract>/day/<day>` in words."""
    _, contract, name, *period = account.split("/")
    days = [shown_day(p, visit.lang) if len(p) == len("2026-11-29") else month_text(p, visit.lang) for p in period]
    return " · ".join([visit.say(f"pilot_limit_{name}"), contract, *days])


def sandbox(visit: Visit) -> Response:
    found = seen_contracts(visit)
    return visit.render("pilot_sandbox.html", contracts=found, notice=reports.notice()[visit.lang])


def sandbox_one(visit: Visit) -> Response:
    contract = seen_contract(visit, visit.path["number"])
    if contract is None:
        raise HTTPException(404)
    with working(visit) as tx:
        told = participant(tx, contract)
    return visit.render("pilot_participant.html", told=told, said=reasons.said, remedy=reasons.remedy)


def city(visit: Visit) -> Response:
    """Open to everybody: nobody is named. A merchant sees his invoices and makes a new one."""
    shops = [o for o in visit.access.organisations if not is_person(o)]
    refused = ""
    if visit.request.method == "POST":
        if not shops:
            raise HTTPException(404)
        try:
            return visit.redirect(f"/pilot/city/invoices/{_made(visit, shops)}")
        except CityRefused as error:
            refused = error.shown(visit.lang)
        except NumberError as error:
            refused = error.message.shown(visit.lang)
    with visit.site.work.transaction() as tx:
        told = statistics(tx)
        made = [e for shop in shops for e in events.of_holder_kind(tx, shop, ["invoice"], _LATEST)]
        own = [x for e in made if (x := read(tx, str(e.body["number"]))) is not None]
        sells = bool(own or place_of(tx, shops))
    if sells:
        visit.need_session()
    rows = [(month_short(row["month"]), int(row["paid"])) for row in told["months"]]
    context: dict[str, Any] = {"told": told, "own": own, "sells": sells, "why": _why, "refused": refused}
    context |= {"chart": bars(rows, visit.say("city_paid")), "notice": reports.notice()[visit.lang]}
    context |= {"once": str(visit.site.work.ids.uuid(visit.site.work.clock.now())) if sells else ""}
    return visit.render("pilot_city.html", 422 if refused else 200, **context)


def _made(visit: Visit, shops: Sequence[str]) -> str:
    """The number of a merchant's new invoice. CityRefused where law or contract says no, NumberError where the amount
    cannot be read."""
    tiyn = parse_written(visit.form.get("amount", "").strip(), 2)
    with visit.site.work.transaction() as tx:
        found = place_of(tx, shops)
    if found is None:
        raise HTTPException(404)
    shop, contract = found
    office = City(visit.site.work, gate_of(visit.site), contract)
    key = f"page/{visit.form.get('once', '')[:64]}"
    what = visit.form.get("what", "").replace("\x00", "")
    return office.invoice(shop, tiyn, what, key).number


def _why(code_: str, lang: str) -> str:
    """A refusal's words without what it was about."""
    blank = dict.fromkeys(("merchant", "number", "asset", "contract", "state", "amount", "limit"), "…")
    return Message(f"city_why_{code_}", blank).text(lang)


def invoice(visit: Visit) -> Response:
    """Whoever has an invoice's code sees it; who is signed in pays it from coins of his own."""
    number = visit.path["number"]
    if "\x00" in number:
        raise HTTPException(404)
    with visit.site.work.transaction() as tx:
        found = read(tx, number)
    if found is None:
        raise HTTPException(404)
    refused = ""
    made = City(visit.site.work, gate_of(visit.site), found.contract)
    asset = (visit.form if visit.request.method == "POST" else visit.query).get("asset", "USDT")[:12]
    people = [o for o in visit.access.organisations if is_person(o)]
    if visit.request.method == "POST":
        if not people:
            raise HTTPException(404)
        try:
            most = visit.form.get("most", "")
            units = int(most) if most.isascii() and most.isdigit() and len(most) < 40 else None
            key = f"page/{number}/{visit.form.get('once', '')[:64]}"
            found = made.pay(number, people[0], asset, key, units)
            return visit.redirect(f"/pilot/city/invoices/{number}")
        except CityRefused as error:
            refused = error.shown(visit.lang)
    offer = None
    if found.state == "open":
        try:
            offer = made.offer(number, asset)
        except CityRefused as error:
            refused = refused or error.shown(visit.lang)
    drawn = Markup(code.svg(str(visit.request.url.replace(query=""))))  # noqa: S704 - our own drawing
    once = str(visit.site.work.ids.uuid(visit.site.work.clock.now())) if people and found.state == "open" else ""
    if people:
        visit.need_session()
    status = 422 if refused and visit.request.method == "POST" else 200
    context: dict[str, Any] = {"invoice": found, "told": found.told(), "offer": offer, "drawn": drawn, "asset": asset}
    context |= {"refused": refused, "people": people, "once": once, "notice": reports.notice()[visit.lang]}
    return visit.render("pilot_invoice.html", status, **context)


def event(visit: Visit) -> Response:
    """One event, all consequences."""
    told = told_of(visit, visit.path["id"])
    if told is None:
        raise HTTPException(404)
    allowed = told.get("allowed_by") or {}
    open_ = seen_contract(visit, str(allowed.get("contract", ""))) is not None
    words: dict[str, Any] = {"said": reasons.said, "remedy": reasons.remedy, "move": reasons.move}
    words["lacking"] = reasons.lacking
    notice = reports.notice()[visit.lang]
    return visit.render("pilot_event.html", told=told, contract_open=open_, notice=notice, **words)
