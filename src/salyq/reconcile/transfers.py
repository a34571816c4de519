"""Own transfers: by hash, by exact amount, by an amount smaller by a network fee (architecture §5.4).

Three passes over what is still open, each more certain than the next. Within a pass a row is matched only where there
is one answer (matching.py); rows of an ambiguous set take part in no later pass. Out comes before in (clocks of two
venues may differ by CLOCKS); an exact amount may take EXACT, a smaller one NEAR.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from salyq.reconcile.crowds import Crowd
from salyq.reconcile.matching import CAP, Cluster, settle
from salyq.reconcile.network_fee import largest_fee
from salyq.reconcile.splits import Side, Split, Splits
from salyq.records.model import Record
from salyq.records.person import Person, address_key
from salyq.records.table import Records

CLOCKS = 5 * 60  # seconds
EXACT = 3 * 86_400
NEAR = 86_400
LOOKED_AT = 64  # near amounts examined for one row; a fuller neighbourhood is not searched to its end

_NONE: frozenset[int] = frozenset()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class Pair(NamedTuple):
    """A settled transfer by indices. `inside`: the quantity sent held the fee that the record tells apart."""

    out: int
    in_: int
    how: str
    inside: bool


class Transfers:
    """The open transfers of a list of records (in the order of semantics 4) and what has been settled of them.

    `apart`: rows that the person says are not one event with another (all of a set, or one alone with any)."""

    def __init__(self, records: Records, person: Person, apart: Sequence[frozenset[int]] = ()) -> None:
        self.records = records
        self.apart: dict[int, set[int]] = {}  # row -> which sets of rows it is in
        for number, rows in enumerate(rows for rows in apart if len(rows) > 1):
            for n in rows:
                self.apart.setdefault(n, set()).add(number)
        self.pairs: list[Pair] = []
        self.ambiguous: list[Cluster] = []
        self.splits: list[tuple[list[int], list[int]]] = []  # (outs, ins), one side of one row
        self.strangers: set[int] = set()  # rows whose other side the person says is not their own
        self.compared = 0  # pairs of rows looked at: what the time of a hostile input hangs on
        self.sides: dict[int, Side] = {}
        self.outs: list[int] = []
        self.ins: list[int] = []
        self._read(person)

    def _read(self, person: Person) -> None:
        known = {name.casefold(): name for name in person.accounts}
        self.told = {name for name in dict.fromkeys(self.records.column("account")) if name}
        known |= {name.casefold(): name for name in self.told}
        own = person.addresses
        others = {name.casefold() for name, account in person.accounts.items() if not account.own}
        moved = self.records.of_kinds("transfer_in", "transfer_out")
        for n, r in zip(moved, self.records.some(moved), strict=True):
            if is_p2p(r):
                continue
            party = (r.counterparty or "").strip().casefold()
            if party in others or r.account.casefold() in others:
                self.strangers.add(n)
                continue
            self.sides[n] = Side(
                time=(r.time - _EPOCH) // _SECOND,
                asset=r.asset,
                quantity=r.quantity,
                fee=r.fee or 0 if r.fee_asset in (None, r.asset) else 0,
                told_fee=bool(r.fee),
                account=r.account,
                to=known.get(party, own.get(address_key(r.counterparty or ""))) if party else None,
                hash=plain_hash(r.hash),
            )
            (self.outs if r.kind == "transfer_out" else self.ins).append(n)

    def drop(self, gone: Container[int]) -> None:
        """Rows that turned out to be something else take no part any more."""
        self.outs = [n for n in self.outs if n not in gone]
        self.ins = [n for n in self.ins if n not in gone]

    def reopen(self) -> None:
        """Take the ambiguous sets back among the open rows: some of their rows have been explained since."""
        self.outs = sorted({*self.outs, *(n for c in self.ambiguous for n in c.outs)})
        self.ins = sorted({*self.ins, *(n for c in self.ambiguous for n in c.ins)})
        self.ambiguous = []

    def account(self, n: int) -> str:
        return self.sides[n].account

    def silent(self, n: int) -> str | None:
        """The person's own account on the other side of a row, where no record of any file is of that account."""
        to = self.sides[n].to if n in self.sides else None
        return None if to is None or to in self.told else to

    def could_be(self, out: int, in_: int) -> bool:
        """Whether the facts other than amount and time allow the two rows to be one transfer."""
        self.compared += 1
        if not self.apart.get(out, _NONE).isdisjoint(self.apart.get(in_, _NONE)):
            return False
        o, i = self.sides[out], self.sides[in_]
        if o.account == i.account and o.account:
            return False
        if o.to is not None and i.account and o.to != i.account:
            return False
        if i.to is not None and o.account and i.to != o.account:
            return False
        return o.hash is None or i.hash is None or o.hash == i.hash

    def by_hash(self) -> None:
        """One transaction hash on both sides, in one asset: time does not matter, half the amount must arrive."""
        self._take_splits(Splits(self.sides, self.could_be).by_hash(self.outs, self.ins))
        buckets: dict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, rows in enumerate((self.outs, self.ins)):
            for n in rows:
                found = self.sides[n].hash
                if found is not None:
                    buckets[self.sides[n].asset, found][side].append(n)
        edges = {
            o: self._same_hash(o, ins)
            for outs, ins in buckets.values()
            if ins and len(outs) + len(ins) <= CAP
            for o in outs
        }
        self._accept(edges, "hash", ask=False)

    def _same_hash(self, out: int, ins: list[int]) -> list[int]:
        sent = self.sides[out].quantity
        fitting = [i for i in ins if sent // 2 <= self.sides[i].quantity <= sent and self.could_be(out, i)]
        equal = [i for i in fitting if self.sides[i].quantity == sent]
        return equal or fitting

    def exact(self) -> None:
        """Equal amounts; then amounts equal once the fee that the record tells is taken off."""
        self._equal(inside=False)
        self._equal(inside=True)

    def _equal(self, *, inside: bool) -> None:
        buckets: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for n in self.ins:
            buckets[self.sides[n].asset, self.sides[n].quantity][1].append(n)
        for n in self.outs:
            side = self.sides[n]
            key = (side.asset, side.quantity - side.fee * inside)
            if (side.fee or not inside) and key in buckets:
                buckets[key][0].append(n)
        crowd = Crowd(self.sides, self.could_be, CLOCKS, EXACT)
        for outs, ins in buckets.values():
            if outs:
                crowd.look(outs, ins)
        self._take(crowd.pairs, "exact", inside)
        self._ask(crowd.unclear)
        self._accept(crowd.edges, "exact", inside=inside)

    def near(self) -> None:
        """Amounts smaller by a plausible network fee, within a day, where the record tells no fee."""
        days: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        for n in self.ins:
            days[self.sides[n].asset, self.sides[n].time // NEAR].append((self.sides[n].quantity, n))
        for rows in days.values():
            rows.sort()
        edges = {o: self._smaller(o, days) for o in self.outs if not self.sides[o].told_fee}
        self._accept(edges, "near")

    def _smaller(self, out: int, days: dict[tuple[str, int], list[tuple[int, int]]]) -> list[int]:
        side = self.sides[out]
        low = side.quantity - largest_fee(side.asset, side.quantity)
        found: list[int] = []
        for day in (side.time // NEAR, side.time // NEAR + 1):
            rows = days.get((side.asset, day), [])
            end = bisect_left(rows, (side.quantity, -1))
            start = max(bisect_left(rows, (low, -1)), end - LOOKED_AT)  # the nearest amounts
            for _, n in rows[start:end]:
                if 0 <= self.sides[n].time - side.time <= NEAR and self.could_be(out, n):
                    found.append(n)
        return sorted(found)

    def split(self) -> None:
        """One row against a run of several of the other side that sums to it."""
        self._take_splits(Splits(self.sides, self.could_be).runs(self.outs, self.ins))

    def _take_splits(self, found: Sequence[Split]) -> None:
        for outs, ins in found:
            self.splits.append((outs, ins))
            self.drop({*outs, *ins})

    def _accept(self, edges: dict[int, list[int]], how: str, *, inside: bool = False, ask: bool = True) -> None:
        answer = settle(edges, self.account)
        self._take(answer.pairs, how, inside)
        if ask:
            self._ask(answer.ambiguous)

    def _take(self, pairs: Sequence[tuple[int, int]], how: str, inside: bool) -> None:
        self.pairs += [Pair(o, i, how, inside) for o, i in pairs]
        self.drop({n for pair in pairs for n in pair})

    def _ask(self, clusters: Sequence[Cluster]) -> None:
        self.ambiguous += clusters
        self.drop({n for c in clusters for n in (*c.outs, *c.ins)})


def is_p2p(record: Record) -> bool:
    """Whether a transfer is a venue's statement row of a P2P deal: never a transfer between own accounts."""
    party = (record.counterparty or "").strip().casefold()
    return party == "p2p" or (record.note or "").strip().casefold() == "p2p trading"


def plain_hash(text: str | None) -> str | None:
    """A transaction hash for comparison: hexadecimal ones without 0x and in small letters, others as they are."""
    if not text or not text.strip():
        return None
    text = text.strip()
    body = text[2:] if text[:2] in ("0x", "0X") else text
    return body.lower() if body and all(c in "0123456789abcdefABCDEF" for c in body) else text
