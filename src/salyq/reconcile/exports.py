"""One account told by several exports of its venue: a ledger, its trades, its orders, its deposits (architecture §5.3).

The fullest export stays (a ledger counts every fee once); what another tells of the same deal is listed as matched.
Deals belong together by the venue's own id; else those of one second, account and pair whose sums agree: an export may
join fills that another tells one by one. Receipts, transfers, lone fees and
results of derivatives belong together by account, asset, quantity and time.
What agrees in the second but not in the sums is a question.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from salyq.reconcile.deals import Classes, Deal, deals, second, told_in
from salyq.reconcile.near_events import LOOKED_AT, Near
from salyq.reconcile.network_fee import largest_fee
from salyq.reconcile.told_twice import earliest, fee_in_kind
from salyq.reconcile.transfers import plain_hash
from salyq.records.neutral import read_origin
from salyq.records.reading import Tells
from salyq.records.table import Records

FREE = ("staked", "airdrop", "interest", "fork", "mined")
SINGLE = ("transfer_in", "transfer_out", "derivative_result", "fee")
SAME_SUM = 5  # seconds between two exports' times of deals with equal sums
RECEIVED = 60  # seconds, of receipts
MOVED = 10 * 60  # seconds, of transfers: sent and booked
ASKED = 86_400  # seconds, of transfers that might be one
_COMPARED = ((Tells.LEDGER, Tells.FILLS), (Tells.LEDGER, Tells.ORDERS), (Tells.FILLS, Tells.ORDERS))

Bundle = list[Deal]
Key = tuple[str, str, str]


class Exports:
    """`told`: index of a record -> index of the record that tells its event more fully; `near`: what to ask."""

    def __init__(self, records: Records, classes: Classes, skip: Iterable[int]) -> None:
        self.records = records
        self.told: dict[int, int] = {}
        self.near: list[Near] = []
        self.kept: set[int] = set()
        leave = set(skip)
        rows: dict[str, dict[Tells, list[int]]] = defaultdict(lambda: defaultdict(list))
        told_apart = classes.several() and not classes.all_own(records)
        for n, r in enumerate(records if told_apart else ()):
            kind = classes.of(r)
            if kind is not Tells.OWN and n not in leave:
                rows[r.account][kind].append(n)
        for account in sorted(rows):
            if len(rows[account]) > 1:
                self._account(rows[account])

    def _account(self, rows: Mapping[Tells, list[int]]) -> None:
        found = {kind: deals(self.records, own) for kind, own in rows.items()}
        for fuller, other in _COMPARED:
            if fuller in rows and other in rows:
                self._deals(found[fuller], found[other])
                self._singles(rows[fuller], rows[other])
        self._fees(rows)

    # deals ----------------------------------------------------------------------------------------------------------
    def _deals(self, fuller: Sequence[Deal], other: Sequence[Deal]) -> None:
        by_id = {(d.given, d.taken, d.id): d for d in fuller if d.id and self._open(d)}
        for deal in other:
            same = by_id.get((deal.given, deal.taken, deal.id)) if deal.id and self._open(deal) else None
            if same is not None:
                if _agree([same], [deal], 100):
                    self._tell([same], [deal])
                else:
                    self._ask(same, deal)
        ours, theirs = _bundles(filter(self._open, fuller)), _bundles(filter(self._open, other))
        left: dict[tuple[Key, int], Bundle] = {}
        for key, bundle in theirs.items():
            if key in ours and _agree(ours[key], bundle, 10**7):
                self._tell(ours.pop(key), bundle)
            else:
                left[key] = bundle
        self._a_moment_apart(ours, left)
        self._in_one_minute(ours, left)
        for key, bundle in left.items():
            if key in ours and self._open(bundle[0]) and ours[key][0].members[0] not in self.kept:
                self._ask(ours[key][0], bundle[0])

    def _a_moment_apart(self, ours: Mapping[tuple[Key, int], Bundle], theirs: Mapping[tuple[Key, int], Bundle]) -> None:
        """Bundles of equal sums whose times differ by a few seconds: earliest with earliest."""
        lists: dict[tuple[Key, int, int], tuple[list[Bundle], list[Bundle]]] = defaultdict(lambda: ([], []))
        for side, bundles in enumerate((ours, theirs)):
            for (key, _), bundle in sorted(bundles.items(), key=lambda item: item[0][1]):
                gave, took = _sums(bundle)
                lists[key, gave, took][side].append(bundle)
        for one, other in lists.values():

            def apart(a: int, b: int, one: list[Bundle] = one, other: list[Bundle] = other) -> int:
                return other[b][0].second - one[a][0].second

            for a, b in earliest(range(len(one)), range(len(other)), apart, -SAME_SUM, SAME_SUM):
                self._tell(one[a], other[b])

    def _in_one_minute(self, ours: Mapping[tuple[Key, int], Bundle], theirs: Mapping[tuple[Key, int], Bundle]) -> None:
        """An export that tells times to the minute: all deals of that minute together."""
        minutes: dict[tuple[Key, int], Bundle] = defaultdict(list)
        for (key, moment), bundle in ours.items():
            minutes[key, moment // 60] += bundle
        for (key, moment), bundle in theirs.items():
            if moment % 60 == 0 and self._open(bundle[0]):
                mine = [d for d in minutes.get((key, moment // 60), ()) if d.members[0] not in self.kept]
                if mine and _agree(mine, bundle, 10**7):
                    self._tell(mine, bundle)

    def _open(self, deal: Deal) -> bool:
        return deal.members[0] not in self.told

    def _tell(self, kept: Bundle, fallen: Bundle) -> None:
        """`fallen` is told by `kept`; the order that only it names joins the kept fills into one sale."""
        stays = [n for deal in kept for n in deal.members]
        self.kept.update(stays)
        by_kind = {self.records[n].kind: n for n in reversed(stays)}
        for deal in fallen:
            for n in deal.members:
                self.told[n] = by_kind.get(self.records[n].kind, stays[0])
        orders = {self.records[n].group for deal in fallen for n in deal.members}
        if len(orders) == 1:
            (order,) = orders
            for n in stays:
                r = self.records[n]
                if r.kind in ("buy", "sell") and r.group is None:
                    self.records[n] = r._replace(group=order)

    def _ask(self, one: Deal, other: Deal) -> None:
        self.near.append(Near(self.records[one.members[0]], self.records[other.members[0]]))

    # receipts and transfers -----------------------------------------------------------------------------------------
    def _singles(self, fuller: Sequence[int], other: Sequence[int]) -> None:
        self._moved(fuller, other, inside=False)
        self._moved(fuller, other, inside=True)
        self._ask_withdrawn(fuller, other)

    def _moved(self, fuller: Sequence[int], other: Sequence[int], *, inside: bool) -> None:
        """`inside`: one export tells the fee of a withdrawal apart, the other as a part of what was withdrawn."""
        ours, theirs = self._alike(fuller, inside=inside), self._alike(other, inside=inside)
        for key, rows in theirs.items():
            mine = ours.get(key, [])
            if not mine:
                continue
            limit = MOVED if key[0].startswith("transfer") else RECEIVED
            for a, b in earliest(mine, rows, self._apart, -limit, limit):
                if self._hashes_agree(a, b):
                    self.told[b] = a
                    self.kept.add(a)
                    self._fill(a, b)
            if key[0].startswith("transfer"):
                self._ask_moved([n for n in mine if n not in self.kept], rows, inside=inside)

    def _alike(self, rows: Sequence[int], *, inside: bool) -> dict[tuple[str, str, int], list[int]]:
        found: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for n in rows:
            r = self.records[n]
            if n in self.told or (inside and (r.kind != "transfer_out" or n in self.kept)):
                continue
            if r.kind in FREE or r.kind in SINGLE:
                whole = r.quantity + fee_in_kind(r) if inside else r.quantity
                if r.kind == "derivative_result":
                    whole = r.value or 0  # a gain is not a loss of the same size
                found["free" if r.kind in FREE else r.kind, r.asset, whole].append(n)
        return found

    def _apart(self, a: int, b: int) -> int:
        return second(self.records[b]) - second(self.records[a])

    def _hashes_agree(self, a: int, b: int) -> bool:
        one, other = plain_hash(self.records[a].hash), plain_hash(self.records[b].hash)
        return one is None or other is None or one == other

    def _fill(self, kept: int, fallen: int) -> None:
        """What only the other export knows of a transfer: its hash, its other side."""
        r, other = self.records[kept], self.records[fallen]
        r = r._replace(hash=r.hash or other.hash, counterparty=r.counterparty or other.counterparty)
        if not r.fee and r.quantity > other.quantity:  # a withdrawal whose fee only the other tells apart
            r = r._replace(quantity=other.quantity, fee=other.fee, fee_asset=other.fee_asset)
        self.records[kept] = r

    def _ask_moved(self, mine: Sequence[int], rows: Sequence[int], *, inside: bool) -> None:
        """Equal transfers within a day of each other, one in each export, may be one. `inside`: but for the fee."""
        times = [second(self.records[n]) for n in mine]
        for n in rows:
            if n in self.told or not mine:
                continue
            moment = second(self.records[n])
            start = bisect_left(times, moment - ASKED)
            if start < len(times) and times[start] <= moment + ASKED and self._hashes_agree(mine[start], n):
                one, other = self.records[mine[start]], self.records[n]
                if not inside or one.quantity != other.quantity:
                    self.near.append(Near(one, other))

    def _ask_withdrawn(self, fuller: Sequence[int], other: Sequence[int]) -> None:
        """Withdrawals of one moment that differ by a network fee at most, which neither export tells, may be one."""
        lists: dict[str, list[tuple[int, int, int]]] = defaultdict(list)  # (second, quantity, row), in order
        for n in self._bare(fuller):
            r = self.records[n]
            lists[r.asset].append((second(r), r.quantity, n))
        taken: set[int] = set()
        for n in self._bare(other) if lists else ():
            r = self.records[n]
            moment, near = second(r), lists.get(r.asset, [])
            start = bisect_left(near, (moment - MOVED, 0, 0))
            best = None
            for when, sent, m in near[start : start + LOOKED_AT]:
                fits = when <= moment + MOVED and 0 < sent - r.quantity <= largest_fee(r.asset, sent)
                if fits and m not in taken and self._hashes_agree(m, n):
                    best = min(best or (abs(when - moment), m), (abs(when - moment), m))
            if best is not None:
                taken.add(best[1])
                self.near.append(Near(self.records[best[1]], r))

    def _bare(self, rows: Sequence[int]) -> Iterator[int]:
        """Withdrawals that no other row tells, without a fee of their own."""
        told = zip(rows, self.records.told(rows, "kind", "fee"), strict=True)
        return (
            n
            for n, (kind, fee) in told
            if kind == "transfer_out" and not fee and n not in self.told and n not in self.kept
        )

    def _fees(self, rows: Mapping[Tells, list[int]]) -> None:
        """A fee that an export tells in the row of a deal goes where the deal goes."""
        gone = {self._row(n): kept for n, kept in self.told.items()}
        for own in rows.values():
            for n in own:
                r = self.records[n]
                if n not in self.told and r.kind in ("fee", "airdrop") and self._row(n) in gone:
                    self.told[n] = gone[self._row(n)]

    def _row(self, n: int) -> tuple[str, str]:
        """The row of a file that first told a record."""
        source = self.records[n].source
        origin = read_origin(source.origin) if source.origin else None
        return told_in(source), origin.line if origin else str(source.line)


def _bundles(found: Iterable[Deal]) -> dict[tuple[Key, int], Bundle]:
    """Deals of one account, pair and second."""
    bundles: dict[tuple[Key, int], Bundle] = defaultdict(list)
    for deal in found:
        bundles[(deal.account, deal.given, deal.taken), deal.second].append(deal)
    return dict(bundles)


def _sums(bundle: Bundle) -> tuple[int, int]:
    return sum(d.gave for d in bundle), sum(d.took for d in bundle)


def _agree(one: Bundle, other: Bundle, share: int) -> bool:
    """Whether the sums are equal, but for a `share`-th and a unit of the eighth decimal a row."""
    rows = len(one) + len(other)
    return all(abs(a - b) <= max(a, b) // share + rows * 10**10 for a, b in zip(_sums(one), _sums(other), strict=True))
