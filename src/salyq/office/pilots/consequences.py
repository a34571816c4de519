"""One event, all consequences: whatever followed from a payment, each with its source. Derived, never kept twice.

The page and `GET /api/v1/events/{id}` show `consequences(tx, id)`. What is computed from transfers alone must equal
what was written at the time; a property test holds both equal, and `agree` says so of every answer.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from salyq.civil.days import kz_day
from salyq.law.named import THRESHOLD_REPORT
from salyq.office.ledger import books, seals
from salyq.office.ledger.assets import shown
from salyq.office.ledger.books import Moved
from salyq.office.pilots import asks, derived, events, permission
from salyq.office.pilots.card import report
from salyq.office.pilots.card.reversing import group_of
from salyq.office.pilots.corridor import ivms
from salyq.office.pilots.corridor.questions import questions as corridor_questions
from salyq.office.pilots.events import Event
from salyq.office.pilots.sandbox import contracts
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.pilots.tax import taxed
from salyq.office.store.store import Transaction

_KINDS = ("plain", "hold", "post", "void", "expire")
_BY_HOLDER = ("authorisation", "clearing", "clearing_done", "paid")  # events of whoever sells coins
FIRST = ("authorisation", "payment", "invoice", "clearing", "bought")  # an event that a story may begin with


def consequences(tx: Transaction, name: str) -> dict[str, Any] | None:
    """What followed from the event called `name` (any event of a payment), or None where there is none."""
    event = events.by_id(tx, name)
    if event is None:
        return None
    story = story_of(tx, event)
    moves = books.transfers_of(tx, requests_of(story))
    contract = contracts.contract(tx, event.contract) if event.contract else None
    counted = derived.from_ledger(event.pilot, moves, tx.now)
    written = derived.as_written(event.pilot, story, tx.now)
    told: dict[str, Any] = {
        "id": event.id,
        "pilot": event.pilot,
        "subject": event.subject,
        "at": event.at.isoformat(),
        "happened": [{"kind": e.kind, "at": e.at.isoformat(), "id": e.id, **_reason(e)} for e in story],
        "payment": _payment(story[0]),
        "holds": derived.holds_of(moves),
        "transfers": [_move(m) for m in moves],
        "proofs": [],
        "limits_used": _limits(tx, contract, story[0], moves),
        "sales": [_sale(e) for e in story if _is_sale(e)],
        "from_ledger": counted,
        "written": written,
        "agree": counted == written,
        "lots": {"locked": [], "sold": []},
        "tax": None,
        "reports": [],
        "travel_data": _travel(event, story),
        "allowed_by": _allowed(tx, contract, story[0]),
        "questions": corridor_questions() if event.pilot == "corridor" else [],
    }
    seller = next((e.holder for e in story if e.holder and e.kind in _BY_HOLDER), None)
    told["holder"] = seller
    if seller is not None:
        told["lots"] = derived.lots_of(tx, seller, moves)
        told["agree"] = told["agree"] and derived.locked_as_written(story, told["lots"]["locked"])
        told["tax"] = _tax(tx, seller, story)
    _prove(tx, told, moves, contract)
    if contract is not None:
        told["reports"] = [_report(contract, e, tiyn) for e in story if (tiyn := _operation(e, story))]
    return told


def _prove(tx: Transaction, told: dict[str, Any], moves: list[Moved], contract: Contract | None) -> None:
    """The article of each hold, transfer and sale, and the entry of the log that seals it; none until the hour ends."""
    clauses = {x["account"]: x["cite"] for x in told["limits_used"]}
    article = "" if contract is None else contracts.ARTICLE
    found = seals.proofs(tx, [m.position for m in moves])
    told["proofs"] = [p.told() for p in found.values()]
    for row in (*told["transfers"], *told["holds"]):
        proof = found.get(int(row["position"].partition("/")[0]))
        row["cite"] = clauses.get(row.get("debit") or row.get("account"), article)
        row["entry"] = None if proof is None else proof.seal.entry
    for sale in told["sales"]:
        sale["cites"] = [] if told["tax"] is None else told["tax"]["cites"]


def without_holder(told: dict[str, Any]) -> dict[str, Any]:
    """For whoever sees a payment but may not know the payer's affairs (a merchant): no tax, no lots, no names."""
    holder = told["holder"]
    if holder is None:
        return told
    hidden: dict[str, Any] = {**told, "holder": None, "tax": None, "lots": {"locked": [], "sold": []}}

    def blank(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v.replace(holder, "…") if isinstance(v, str) else v for k, v in row.items()} for row in rows]

    hidden["proofs"] = [{k: v for k, v in p.items() if k != "body"} for p in told["proofs"]]
    return hidden | {k: blank(told[k]) for k in ("transfers", "holds", "limits_used", "happened")}


def story_of(tx: Transaction, event: Event) -> list[Event]:
    """Everything that belongs to the same payment, in order: increments and clearings of a card's authorisation too."""
    if event.subject.startswith("auth/"):
        return sorted((e for found in group_of(tx, event.subject).values() for e in found), key=lambda e: e.n)
    return events.of_subject(tx, event.subject)


def requests_of(story: list[Event]) -> list[str]:
    """The ledger's requests that moved for it."""
    named = {e.request for e in story if e.request}
    for e in story:
        if e.kind in ("clearing", "clearing_done"):
            name = e.id.removesuffix("/done")
            parts = len(e.body.get("parts") or ())
            named |= {
                name,
                f"{name}/forced",
                f"{name}/guarantee",
                *(f"{name}/{n}/late/guarantee" for n in range(parts)),
            }
        elif e.pilot == "corridor" and e.kind == "payment":
            pid = e.subject.removeprefix("corridor/")
            named |= {f"corridor/{pid}/{what}" for what in ("hold", "fulfil", "undo")}
    return sorted(named)


def _reason(e: Event) -> dict[str, str]:
    keys = ("code", "reason", "cite", "state", "result")
    return {k: str(e.body[k]) for k in keys if e.body.get(k)}


def _payment(e: Event) -> dict[str, str]:
    """What the payment is, without numbers of cards or names of people."""
    b = e.body
    keys = ("place", "merchant", "mcc", "card", "asset", "price", "source", "quoted_at", "send_asset", "receive_asset")
    told = {k: str(b[k]) for k in keys if b.get(k)}
    amounts = {"tiyn": "amount_kzt", "fee": "fee_kzt", "send_amount": "send_kzt"}
    for key, name in amounts.items():
        if str(b.get(key, "")).isdigit():
            told[name] = shown(int(b[key]), "KZT")
    if b.get("receive_amount"):
        told["receive_amount"] = shown(int(b["receive_amount"]), str(b["receive_asset"]))
    return told


def _move(m: Moved) -> dict[str, str]:
    row = {"position": f"{m.position}/{m.n}", "kind": _KINDS[m.kind], "debit": m.debit, "credit": m.credit}
    scale = m.asset.removeprefix("limit:")  # what may be used is counted in tiyn too
    return {
        **row,
        "asset": m.asset,
        "amount": shown(m.amount, scale),
        "released": shown(m.released, scale),
        "code": m.code,
    }


def _limits(tx: Transaction, contract: Contract | None, first: Event, moves: list[Moved]) -> list[dict[str, str]]:
    """What each limit gave for this: posted, or still held; and its clause."""
    found = {} if contract is None else contracts.limits(tx, contract.id, kz_day(first.at))
    told = []
    for account, tiyn in sorted(derived.limits_of(moves).items()):
        name = account.split("/")[2]
        limit = found.get(name)
        row = {"limit": name, "account": account, "used_kzt": shown(tiyn, "KZT")}
        row["of_kzt"] = "" if limit is None else shown(limit.amount, "KZT")
        told.append({**row, "cite": contracts.ARTICLE if limit is None else limit.cite})
    return told


def _is_sale(e: Event) -> bool:
    return e.kind in ("clearing_done", "paid") and int(e.body.get("units", "0")) > 0


def _sale(e: Event) -> dict[str, str]:
    """The taxable disposal: a line of the year's file under the clearing's id."""
    b = e.body
    proceeds = int(b["settled"]) - int(b.get("covered", "0")) + int(b["fee"])
    row = {"id": report.name_of(e), "day": kz_day(e.at).isoformat()}
    row |= {"asset": b["asset"], "quantity": shown(int(b["units"]), b["asset"]), "proceeds_kzt": shown(proceeds, "KZT")}
    return {**row, "fee_kzt": shown(int(b["fee"]), "KZT"), "price": str(b["price"]), "merchant": str(b["merchant"])}


def _tax(tx: Transaction, holder: str, story: list[Event]) -> dict[str, Any] | None:
    """The tax of the year up to this payment's last sale, and without it; lots as the engine has them."""
    sales = [e for e in story if _is_sale(e)]
    if not sales:
        return None
    year = kz_day(sales[-1].at).year
    whole = report.year_of(tx, holder, year)
    ours = {e.id for e in sales}
    upto = [x for x in whole.lines if x.event.n <= sales[-1].n]
    after = taxed(year, report.files(whole._replace(lines=upto)))
    before = taxed(year, report.files(whole._replace(lines=[x for x in upto if x.event.id not in ours])))
    rows = [row for e in sales for row in after.lots.get(report.name_of(e), ())]
    keys = ("lot", "quantity", "proceeds", "cost", "gain_kzt", "method", "status")
    return {
        "year": year,
        "tax_so_far_kzt": after.tax,
        "without_it_kzt": before.tax,
        "cites": list(after.cites),
        "verdict": after.verdict,
        "law": after.fingerprint,
        "why": dict(after.why),
        "lots": [{k: row.get(k, "") for k in keys} for row in rows],
    }


def _operation(e: Event, story: list[Event]) -> int:
    """The tiyn of an event that a report may have to tell of; a payment abroad is an operation when it was carried out,
    none where it was refused."""
    if e.pilot != "corridor":
        return report.operation(e)
    sent = e.kind == "done" and e.body.get("state") in ("fulfilled", "settled")
    return int(story[0].body["send_amount"]) if sent else 0


def _report(contract: Contract, e: Event, tiyn: int) -> dict[str, Any]:
    asked = asks.threshold_report(contract.terms, tiyn, e.at)
    return {"event": e.id, "name": THRESHOLD_REPORT, "amount_kzt": shown(tiyn, "KZT"), **asked.told()}


def _travel(event: Event, story: list[Event]) -> dict[str, Any] | None:
    """Sender's and receiver's data: whole or what was missing, until when it was waited for, and by which article."""
    if event.pilot != "corridor":
        return None
    held = next((e for e in story if e.kind == "held_for_data"), None)
    latest: dict[str, Any] = {}
    for e in story:
        if e.kind in ("payment", "data"):
            latest |= {k: e.body[k] for k in ("sender", "receiver") if k in e.body}
    lacking = ivms.missing(latest.get("sender", {}), latest.get("receiver", {}))
    told: dict[str, Any] = {"complete": not lacking, "missing": lacking, "held_until": "", "cites": []}
    if held is not None:
        told |= {"was_missing": list(held.body["missing"]), "held_until": str(held.body["until"])}
        told["cites"] = list(held.body.get("cites", ()))
    return told


def _allowed(tx: Transaction, contract: Contract | None, first: Event) -> dict[str, Any] | None:
    """The contract's state at that time, and what the register said then: its entry and where its proof is."""
    if contract is None:
        return None
    state = contracts.state(tx, contract, first.at)
    kept = first.body.get("allowed_by")
    said = kept or permission.asked(tx, permission.SANDBOX, contract.id, kz_day(first.at)).told()
    told = {"contract": contract.id, "state": state.name, "cite": contracts.ARTICLE, **said}
    if first.body.get("city"):
        told["city"] = first.body["city"]
    return told


def recent(tx: Transaction, since: date, limit: int = 50) -> list[Event]:
    """The last events that a story began with, newest first, for a list of links."""
    begun = datetime(since.year, since.month, since.day, tzinfo=UTC)
    found = [e for pilot in ("card", "corridor", "city") for e in events.latest(tx, pilot, FIRST[:3], limit)]
    return sorted((e for e in found if e.at >= begun), key=lambda e: e.n, reverse=True)[:limit]
