"""What both sides of the corridor share: a payment is a fold over its events, each written once."""

from __future__ import annotations

import hashlib
import re
import threading
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.office.ledger import books
from salyq.office.ledger.assets import SCALES
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Along, Answer
from salyq.office.pilots import events
from salyq.office.pilots.corridor import iso20022, ivms
from salyq.office.pilots.corridor.banks import Bank
from salyq.office.pilots.corridor.problems import ProblemError
from salyq.office.pilots.corridor.questions import questions
from salyq.office.pilots.events import Event, New
from salyq.office.pilots.sandbox import reports
from salyq.office.store.store import Access, Store, Transaction

ACCESS = Access(user="corridor", role="work")
HOLD = "P3650D"  # never let go by the ledger's clock: only a decision ends it
QUOTE_LASTS = timedelta(minutes=10)
SKEW = timedelta(minutes=5)  # between the clocks of who signs and who reads it
DECIDES_WITHIN = timedelta(minutes=30)  # the destination, after it prepared
ENDED = ("fulfilled", "rejected", "expired", "settled")
_OUT_OF_TURN = 10_000  # positions
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_AMOUNT = re.compile(r"[1-9][0-9]{0,29}")
Reply = tuple[int, dict[str, Any]]


class LostError(Exception):
    """No answer from the other side: nobody knows whether it heard."""


class Peer(Protocol):
    def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """The other side's answer; LostError where there is none."""
        ...


@dataclass(slots=True)
class Payment:
    """A payment as this side knows it."""

    id: str
    body: dict[str, Any]
    state: str = "quoted"
    reason: str = ""
    held: bool = False
    done: bool = False  # the ledger did what was decided
    fulfilment: str = ""
    times: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    until: str = ""
    window: str = ""  # the one in which it was settled

    @property
    def ended(self) -> bool:
        return self.state in ENDED


def fold(found: Sequence[Event]) -> Payment | None:
    """The payment after these events."""
    p: Payment | None = None
    for e in found:
        if p is None:
            p = Payment(e.subject.removeprefix("corridor/"), dict(e.body))
        p.times.setdefault(e.kind if e.kind != "decision" else str(e.body["state"]), e.at.isoformat())
        if e.kind == "held_for_data":
            p.state, p.missing, p.until = "held_for_data", list(e.body["missing"]), str(e.body["until"])
        elif e.kind == "data" and p.state == "held_for_data":
            p.state, p.missing = "quoted", []
            p.body |= e.body
        elif e.kind == "held":
            p.held = True
        elif e.kind == "prepared" and not p.ended:
            p.state = "prepared"
        elif e.kind == "decision":
            p.state, p.reason = str(e.body["state"]), str(e.body.get("reason", ""))
            p.fulfilment = str(e.body.get("fulfilment", ""))
        elif e.kind == "done":
            p.done = True
        elif e.kind == "settled":
            p.state, p.window = "settled", str(e.body["window"])
    return p


class Node(ABC):
    """One side. `peer` is the other; `probe` is where a simulator stops the world."""

    side = ""
    customer = ""  # whose bank may ask for a payment here: its sender or its receiver
    contract: str | None = None  # only the side that runs under the special regime has one

    def __init__(self, store: Store, gate: Gate, peer: Peer) -> None:
        self.store, self.gate, self.peer = store, gate, peer
        self._locks: dict[str, threading.RLock] = defaultdict(threading.RLock)
        self._guard = threading.Lock()
        self._since: dict[str, int] = defaultdict(int)

    def probe(self, point: str) -> None:  # noqa: B027  # only a simulator has something to do here
        """Nothing; a simulator raises here."""

    # --- what both sides answer ----------------------------------------------------------------------------------

    def handle(self, method: str, path: str, body: Mapping[str, Any], *, peer: bool, bank: Bank | None = None) -> Reply:
        """One request. `peer` says that the other node signed it, `bank` which bank did; neither: this process asks."""
        try:
            if not _printable([path, body]):
                raise ProblemError(422, "field_wrong", why=Message("corridor_depth"))
            parts = path.strip("/").split("/")
            if bank is not None and parts[0] == "payments" and len(parts) > 1:
                self._is_of(bank, parts[1])
            return self._route(method, parts, body, peer, bank)
        except ProblemError as problem:
            return problem.reply

    def _is_of(self, bank: Bank, pid: str) -> None:
        """ProblemError where a payment is not of this bank's customer."""
        p = self.payment(pid)
        party = None if p is None else p.body.get(self.customer)
        number = ivms.account_of(party) if isinstance(party, Mapping) else ""
        if p is None or not number:  # or known only as refused, before anybody knew whose it was
            raise ProblemError(404, "payment_not_found")
        if not bank.keeps(number) or p.body.get("bank", bank.name) != bank.name:
            raise ProblemError(403, "other_bank")

    @abstractmethod
    def _route(self, method: str, parts: list[str], body: Mapping[str, Any], peer: bool, bank: Bank | None) -> Reply:
        """One request to whatever this side answers it with."""

    def show(self, pid: str) -> Reply:
        """A payment's state with its times and messages."""
        p = self.payment(pid)
        if p is None:
            raise ProblemError(404, "payment_not_found")
        return 200, self.told(p)

    @abstractmethod
    def run_due(self) -> None:
        """What is late or was left half done."""

    def told(self, p: Payment) -> dict[str, Any]:
        shown = {"payment": p.id, "state": p.state, "reason": p.reason, "times": p.times, "missing": p.missing}
        keys = ("send_asset", "send_amount", "receive_asset", "receive_amount", "fee", "leg_amount", "condition")
        amounts = {k: p.body[k] for k in keys if k in p.body}
        more = {"fulfilment": p.fulfilment} if p.fulfilment else {}
        return {
            **shown,
            **amounts,
            **more,
            "until": p.until,
            "messages": self.messages(p),
            "questions": questions(),
        } | self.notice()

    def notice(self) -> dict[str, Any]:
        """What consumers are told first (51-5.2); only the side that runs under the special regime says it."""
        return {"notice": reports.notice()} if self.contract else {}

    def messages(self, p: Payment) -> list[dict[str, str]]:
        """The ISO 20022 messages that belong to what happened so far."""
        body = {**p.body, "id": p.id}
        if "receiver" not in body:  # known only as refused
            return []
        begun = next(iter(p.times.values()), "")
        made = [{"type": "pacs.008", "xml": iso20022.pacs008(body, begun)}]
        for state in ("prepared", "fulfilled", "rejected", "expired"):
            if state in p.times:
                made.append({"type": "pacs.002", "xml": iso20022.pacs002(body, state, p.reason, p.times[state])})
        if "fulfilled" in p.times:
            made.append({"type": "camt.054", "xml": iso20022.camt054(body, p.times["fulfilled"])})
        if p.held and p.state in ("rejected", "expired"):
            made.append({"type": "pacs.004", "xml": iso20022.pacs004(body, p.reason, p.times[p.state])})
        return made

    # --- plumbing ---------------------------------------------------------------------------------------------------

    def payment(self, pid: str) -> Payment | None:
        with self.store.transaction(ACCESS) as tx:
            return fold(events.of_subject(tx, f"corridor/{pid}"))

    def lock(self, pid: str) -> threading.RLock:
        with self._guard:
            return self._locks[pid]

    def write(self, pid: str, kind: str, body: Mapping[str, Any], once: str | None = None) -> bool:
        """Keeps an event; False where one of its name was there already."""
        self.probe(f"before {kind}")
        name = f"corridor/{pid}/{once or kind}"
        with self.store.transaction(ACCESS) as tx:
            if events.by_id(tx, name) is not None:
                return False
            request = f"corridor/{pid}/hold" if kind in ("held", "done") else None
            new = New(name, "corridor", kind, f"corridor/{pid}", tx.now, body, None, self.contract, request)
            events.add(tx, [new])
        self.probe(f"after {kind}")
        return True

    def decide(self, pid: str, state: str, reason: str = "", **more: str) -> Payment:
        """The one decision about a payment: the first that is written stands, whatever comes later."""
        self.write(pid, "decision", {"state": state, "reason": reason, **more})
        p = self.payment(pid)
        assert p is not None
        return p

    def ledger(self, name: str, along: Along | None = None, **content: object) -> Answer:
        """One request; what `along` says is kept with it, both or neither."""
        from salyq.office.ledger.reading import request

        self.probe(f"before ledger {name}")
        [answer] = self.gate.submit([request(name, **content)], along)
        self.probe(f"after ledger {name}")
        return answer

    def now(self) -> datetime:
        return self.store.clock.now()

    def steps_held(self, pid: str) -> int:
        """How many holds the ledger made for it, whether or not this node lived to write that down."""
        with self.store.transaction(ACCESS) as tx:
            return sum(m.kind == 1 for m in books.transfers_of(tx, [f"corridor/{pid}/hold"]))

    def open_payments(self, tx: Transaction) -> list[str]:
        """Payments under this node's contract that still need something: undecided, or decided and not yet done."""
        return self.waiting(tx, "corridor_open")

    def waiting(self, tx: Transaction, what: str) -> list[str]:
        """Payments that a statement finds waiting, the first first."""
        found = tx.values(events.SQL[what], {"contract": self.contract, "since": self.since(what)})
        self.looked(tx, what, int(found[0][1]) if found else None)
        return [str(row[0]).removeprefix("corridor/") for row in found]

    def since(self, what: str) -> int:
        """The position up to which nothing waited at the last look; a new process looks at everything once."""
        return self._since[what]

    def looked(self, tx: Transaction, what: str, first: int | None) -> None:
        """`first` is the position of what waits longest, or None. Transactions that are kept out of turn lie within a
        few positions of each other."""
        last = int(tx.value(events.SQL["last"]) or 0)
        self._since[what] = max(self._since[what], (last - _OUT_OF_TURN if first is None else first - 1))


_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 cannot hold


_DEEPEST = 32  # levels of a JSON value; IVMS101 has nine


def _printable(found: object) -> bool:
    """Whether every text in a JSON value can be kept and can stand in an XML message, and none lies too deep."""
    waiting: list[tuple[object, int]] = [(found, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST or (isinstance(value, str) and _NO_TEXT.search(value)):
            return False
        if isinstance(value, Mapping):
            waiting += [(x, depth + 1) for x in (*value.keys(), *value.values())]
        elif isinstance(value, list):
            waiting += [(x, depth + 1) for x in value]
    return True


def fee_of(amount: int, points: int) -> int:
    return (amount * points * 2 + 10_000) // 20_000


def needs(body: Mapping[str, Any], name: str, pattern: re.Pattern[str] = _NAME) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ProblemError(422, "field_wrong", name, why=Message("corridor_pattern", {"pattern": pattern.pattern}))
    return value


def amount(body: Mapping[str, Any], name: str) -> int:
    return int(needs(body, name, _AMOUNT))


def condition(body: Mapping[str, Any]) -> str:
    return needs(body, "condition", _DIGEST)


def digest(said: Mapping[str, Any]) -> str:
    """Of content as JSON, in one order."""
    from salyq.office.store.entries import canonical

    try:
        return hashlib.sha256(canonical(said).encode()).hexdigest()
    except TypeError:
        raise ProblemError(422, "field_wrong", "sender") from None


def fulfils(condition_hex: str, fulfilment: str) -> bool:
    """Whether the SHA-256 of a fulfilment (hex) is the condition."""
    try:
        raw = bytes.fromhex(fulfilment)
    except ValueError:
        return False
    return hashlib.sha256(raw).hexdigest() == condition_hex


def fields_right(sender: object, receiver: object, today: date) -> None:
    """ProblemError where a field of the parties' data holds what IVMS101 does not let it hold."""
    if fault := ivms.wrong(sender, receiver, today):
        raise ProblemError(422, "field_wrong", fault.field, why=fault.why)


def currency(body: Mapping[str, Any], name: str) -> str:
    """A money that messages can name (ISO 4217) and books count."""
    found = needs(body, name)
    if found not in SCALES or not is_currency(found):
        raise ProblemError(422, "asset_unknown", name)
    return found
