"""The pilots: an event with all that followed from it, a holder's statement, the corridor, the city, and the ledger."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from salyq.civil.days import kz_day
from salyq.civil.errors import InputError, SalyqError
from salyq.office.ledger.model import Request as LedgerRequest
from salyq.office.ledger.model import Result
from salyq.office.ledger.reading import read_line
from salyq.office.pilots.card.statement import statement
from salyq.office.pilots.city.invoices import City, CityRefused, read
from salyq.office.pilots.city.rules import rules
from salyq.office.pilots.city.statistics import statistics
from salyq.office.pilots.corridor.monitor import monitor
from salyq.office.pilots.sandbox.participant import participant
from salyq.office.portal.api.asking import Asks
from salyq.office.portal.headers import problem
from salyq.office.portal.pilot.seen import gate_of, seen_contract, seen_contracts, sees_holder, told_of, working
from salyq.office.portal.public.asked import as_of, whole

router = APIRouter(tags=["pilots"])
Key = Annotated[str, Header(alias="Idempotency-Key", description="The same key and content give the same answer")]
Number = Annotated[str, Field(max_length=100)]
_LARGEST = 1_000  # transfers or steps of one request


@router.get("/events/{id:path}")
def event(caller: Asks, id: str) -> dict[str, Any]:
    """What followed: holds, transfers, sales, lots, tax so far, reports, travel data, limits, the register's word."""
    caller.signed_in()
    told = told_of(caller, id)
    if told is None:
        raise HTTPException(404)
    return told


@router.get("/cards/{holder}")
def card(caller: Asks, holder: str, year: str = "") -> dict[str, Any]:
    """A holder's statement of a year, with each payment's gain and the tax so far."""
    caller.signed_in()
    if not sees_holder(caller, holder):
        raise HTTPException(404)
    with working(caller) as tx:
        wanted = whole("year", year, kz_day(tx.now).year, 2020, 2100)
        try:
            return statement(tx, holder, wanted)
        except InputError:
            raise HTTPException(404) from None


@router.get("/corridor")
def corridor(caller: Asks) -> dict[str, Any]:
    """The monitor: volume, time to finality, failures by cause, liquidity, limits used."""
    caller.signed_in()
    if not seen_contracts(caller, "corridor"):
        raise HTTPException(404)
    with working(caller) as tx:
        return monitor(tx)


@router.get("/sandbox/{number}")
def sandbox(caller: Asks, number: str) -> dict[str, Any]:
    """A contract: the register's word, limits, months, events."""
    caller.signed_in()
    found = seen_contract(caller, number)
    if found is None:
        raise HTTPException(404)
    with working(caller) as tx:
        return participant(tx, found)


# --- the city ---------------------------------------------------------------------------------------------------------


class NewInvoice(BaseModel):
    """`amount_kzt` is what the merchant gets."""

    model_config = ConfigDict(extra="forbid")
    contract: Number
    merchant: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    amount_kzt: Annotated[str, Field(pattern=r"^[0-9]{1,13}(\.[0-9]{1,2})?$")]
    what: Annotated[str, Field(max_length=140)] = ""


class NewPayment(BaseModel):
    """`most` whole units of the asset at most, if the price moved meanwhile."""

    model_config = ConfigDict(extra="forbid")
    payer: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    asset: Annotated[str, Field(max_length=12)] = "USDT"
    most: Annotated[int, Field(ge=0, le=10**24)] | None = None


@router.get("/city/rules")
def city_rules(caller: Asks, on: str = "") -> dict[str, Any]:
    """What may be done in the city on a day; what law does not say is a question."""
    with caller.transaction() as tx:
        day = as_of({"on": on} if on else {}, tx.now).on
    return rules(day).told()


@router.get("/city/statistics")
def city_statistics(caller: Asks) -> dict[str, Any]:
    with working(caller) as tx:
        return statistics(tx)


@router.post("/city/invoices", status_code=201)
def city_invoice(caller: Asks, new: NewInvoice, key: Key = "") -> Response:
    """By the merchant himself; the same key gives the same invoice."""
    caller.signed_in()
    if new.merchant not in caller.access.organisations:
        raise HTTPException(403)
    whole_part, _, part = new.amount_kzt.partition(".")
    tiyn = int(whole_part) * 100 + int(part.ljust(2, "0") or "0")
    once = key or str(caller.site.work.ids.uuid(caller.site.work.clock.now()))
    try:
        made = _city(caller, new.contract).invoice(new.merchant, tiyn, new.what, once)
    except CityRefused as error:
        return _refused(error)
    return Response(json.dumps(made.told(), ensure_ascii=False), 201, media_type="application/json")


@router.get("/city/invoices/{number}")
def city_one(caller: Asks, number: str) -> dict[str, Any]:
    if "\x00" in number:
        raise HTTPException(404)
    with working(caller) as tx:
        found = read(tx, number)
    if found is None:
        raise HTTPException(404)
    return found.told()


@router.post("/city/invoices/{number}/payments")
def city_pay(caller: Asks, number: str, new: NewPayment, key: Key = "") -> Response:
    """By the payer himself, from his coins."""
    caller.signed_in()
    if new.payer not in caller.access.organisations:
        raise HTTPException(403)
    if "\x00" in number or "\x00" in new.asset:
        raise HTTPException(404)
    with working(caller) as tx:
        found = read(tx, number)
    if found is None:
        raise HTTPException(404)
    once = key or str(caller.site.work.ids.uuid(caller.site.work.clock.now()))
    try:
        paid = _city(caller, found.contract).pay(number, new.payer, new.asset, once, new.most)
    except CityRefused as error:
        return _refused(error)
    return Response(json.dumps(paid.told(), ensure_ascii=False), media_type="application/json")


def _city(caller: Asks, contract: str) -> City:
    if "\x00" in contract:
        raise HTTPException(404)
    return City(caller.site.work, gate_of(caller.site), contract)


def _refused(error: CityRefused) -> Response:
    status = 409 if error.reason in ("already_paid", "different_content") else 422
    return problem(status, f"city_{error.reason}", error.message, "", detail=error.cite)


# --- the ledger -------------------------------------------------------------------------------------------------------


@router.post("/ledger/requests")
def ledger(caller: Asks, body: dict[str, Any]) -> Response:
    """One request as a line of a ledger file has it, answered as there. For the ledger's operator (administrator)."""
    if caller.signed_in().role != "administrator":
        raise HTTPException(403)
    steps = body.get("transfers") or body.get("linked") or body.get("accounts") or ()
    if isinstance(steps, list) and len(steps) > _LARGEST:
        raise HTTPException(413)
    asked = read_line(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    try:
        if not isinstance(asked, LedgerRequest):
            told = {"request": None, "result": Result.INVALID.value}
            return Response(json.dumps(told), 422, media_type="application/json")
        answer = gate_of(caller.site).ask(asked)
    except SalyqError:
        raise HTTPException(503) from None
    return Response(json.dumps(answer.as_json()), 200 if answer.accepted else 409, media_type="application/json")
