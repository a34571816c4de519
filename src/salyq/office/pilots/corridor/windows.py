"""The net of a window: the origin says which payments and how much, the destination agrees only where its own books say
so, and each takes it out of transit. A payment is settled in one window and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from salyq.office.ledger.model import Answer, Standing, Written
from salyq.office.pilots import events
from salyq.office.pilots.corridor import accounts
from salyq.office.pilots.corridor.node import ACCESS, Node, Reply, amount, needs
from salyq.office.pilots.corridor.problems import ProblemError
from salyq.office.pilots.events import Event, New
from salyq.office.store.store import Transaction

if TYPE_CHECKING:
    from salyq.office.pilots.corridor.origin import Origin


def propose(node: Origin, contract: str, moment: str) -> Reply:
    """What is fulfilled and not settled under a contract, agreed with the destination, then out of transit here. The
    window's name says whose it is: two contracts may settle at one moment. A window whose answer never came is asked
    for again before there is another: the destination may have settled it. LostError where nobody answers."""
    with node.store.transaction(ACCESS) as tx:
        meant = _meant(node, tx, contract, f"{contract}:{moment}")
    if meant is None:
        return 200, {"window": f"{contract}:{moment}", "net": "0", "payments": 0}
    window = meant.subject.removeprefix("window/")
    asked = {"window": window, "payments": meant.body["payments"], "net": meant.body["net"]}
    status, far = node.peer.call("POST", "/settlements", asked)
    if status == 200 and (far.get("window"), far.get("net")) == (window, asked["net"]):
        _settle(node, window, asked["payments"], int(asked["net"]), accounts.transit(), accounts.settled())
    return status, far


def _meant(node: Origin, tx: Transaction, contract: str, window: str) -> Event | None:
    """The window that is to be agreed now: an open one, this one, or a new one of what is in none."""
    what = "corridor_window_open"
    meant = tx.one(Event, events.SQL[what], {"contract": contract, "since": node.since(what)})
    node.looked(tx, what, None if meant is None else meant.n)
    meant = meant or events.by_id(tx, f"corridor/window/{window}")
    if meant is not None:
        return meant
    ids = node.waiting(tx, "corridor_unsettled")
    if not ids:
        return None
    net = sum(int(p.body["leg_amount"]) for p in map(node.payment, ids) if p is not None)
    body = {"payments": ids, "net": str(net)}
    new = New(f"corridor/window/{window}", "corridor", "window", f"window/{window}", tx.now, body, None, contract)
    events.add(tx, [new])
    return events.by_id(tx, new.id)


def agree(node: Node, body: Mapping[str, Any]) -> Reply:
    """What the origin proposes: only where every payment is fulfilled here, in no other window, and the sum is ours."""
    window, ids = needs(body, "window"), body.get("payments")
    if not isinstance(ids, list) or not ids or not all(isinstance(i, str) for i in ids) or len(set(ids)) != len(ids):
        raise ProblemError(422, "field_wrong", "payments")
    with node.lock("windows"):
        total = 0
        for pid in ids:
            p = node.payment(pid)
            if p is None or p.state not in ("fulfilled", "settled") or not p.done:
                raise ProblemError(409, "not_fulfilled", "payments", str(pid))
            if p.window not in ("", window):
                raise ProblemError(409, "settled_before", "payments", str(pid))
            total += int(p.body["leg_amount"])
        if total != amount(body, "net"):
            raise ProblemError(409, "net_differs", "net", str(total))
        _settle(node, window, ids, total, accounts.settled(), accounts.transit())
    return 200, {"window": window, "net": str(total), "payments": len(ids)}


def _settle(node: Node, window: str, ids: Sequence[str], total: int, debit: str, credit: str) -> None:
    """Transit is emptied of a window's net and its payments are settled, both or neither."""
    now, of = node.now(), node.contract
    body = {"payments": list(ids), "net": str(total)}
    news = [New(f"corridor/window/{window}", "corridor", "window", f"window/{window}", now, body, None, of)]
    news += [
        New(f"corridor/{pid}/settled", "corridor", "settled", f"corridor/{pid}", now, {"window": window}, None, of)
        for pid in ids
    ]

    def along(answers: Sequence[Answer], _: Standing) -> Sequence[Written]:
        return events.along(news) if answers[0].accepted else ()

    move = {"debit": debit, "credit": credit, "amount": str(total), "code": "settle"}
    name = f"corridor/window/{window}"
    if not node.ledger(name, along, transfers=[move]).accepted:
        raise ProblemError(409, "different_content", "window")
