"""One transfer in several rows on one side: a venue that splits what it pays out, or a wallet that sends in one go.

By hash, all rows of one hash and asset belong together. Without, a run of up to LONGEST rows in order of time, in one
account, within WINDOW, whose sum is the one row's quantity (or that without the fee it tells): exactly, and in one way.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

LONGEST = 6
WINDOW = 86_400  # seconds, from the first row of a run to the one row, and between both
CLOCKS = 5 * 60
LOOKED_AT = 64  # rows near one row in time; a fuller neighbourhood is not searched to its end
MOST_NEAR = 512  # rows of all accounts near one row in time

Split = tuple[list[int], list[int]]  # (outs, ins), one of them of one row


class Side(NamedTuple):
    """What matching needs of one transfer. `to`: the account its counterparty names, if that is a known one."""

    time: int
    asset: str
    quantity: int
    fee: int
    told_fee: bool
    account: str
    to: str | None
    hash: str | None


class Splits:
    """Finds splits among open transfers; each row in one of them at most."""

    def __init__(self, sides: dict[int, Side], could_be: Callable[[int, int], bool]) -> None:
        self.sides, self.could_be = sides, could_be

    def runs(self, outs: Sequence[int], ins: Sequence[int]) -> list[Split]:
        """Splits by sums, of rows in order of time. Rows that two of them want stay open."""
        runs = [*self._runs(outs, ins, late=True), *(s[::-1] for s in self._runs(ins, outs, late=False))]
        wanted = Counter(n for split in runs for side in split for n in side)
        return [split for split in runs if all(wanted[n] == 1 for side in split for n in side)]

    def by_hash(self, outs: Sequence[int], ins: Sequence[int]) -> list[Split]:
        """One row and several of one hash and asset."""
        groups: dict[tuple[str, str], Split] = defaultdict(lambda: ([], []))
        for which, rows in enumerate((outs, ins)):
            for n in rows:
                side = self.sides[n]
                if side.hash is not None:
                    groups[side.asset, side.hash][which].append(n)
        return [s for s in groups.values() if self._one_to_many(*s) and self._sums_fit(*s)]

    def _one_to_many(self, outs: list[int], ins: list[int]) -> bool:
        return min(len(outs), len(ins)) == 1 < max(len(outs), len(ins)) <= LONGEST

    def _sums_fit(self, outs: list[int], ins: list[int]) -> bool:
        """No more arrives than was sent, and at least half; what is missing can be taken off one row."""
        sent, arrived = (sum(self.sides[n].quantity for n in rows) for rows in (outs, ins))
        short = sent - arrived
        whole = len(outs) == 1 or max(self.sides[n].quantity for n in outs) > short
        return 0 <= short <= sent // 2 and whole and all(self.could_be(o, i) for o in outs for i in ins)

    def _runs(self, ones: Sequence[int], many: Sequence[int], *, late: bool) -> list[Split]:
        """(one row, its run) where there is one such run. `late`: the run comes after the row (it was sent first)."""
        by_asset: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for n in many:  # in order of time
            rows, times = by_asset[self.sides[n].asset]
            rows.append(n)
            times.append(self.sides[n].time)
        found: list[Split] = []
        for one in ones:
            near = self._near(one, *by_asset[self.sides[one].asset], late=late)
            runs = [run for rows in near for run in self._fitting(one, rows, late=late)]
            if len(runs) == 1:
                found.append(([one], runs[0]))
        return found

    def _near(self, one: int, rows: list[int], times: list[int], *, late: bool) -> Iterable[list[int]]:
        """The rows within the window of `one`, account by account. Work is bounded whatever the number of accounts."""
        side = self.sides[one]
        low, high = (side.time - CLOCKS, side.time + WINDOW) if late else (side.time - WINDOW, side.time + CLOCKS)
        start = bisect_left(times, low)
        end = min(bisect_right(times, high), start + MOST_NEAR)
        accounts: dict[str, list[int]] = {}
        for n in rows[start:end]:
            accounts.setdefault(self.sides[n].account, []).append(n)
        return [own[:LOOKED_AT] for own in accounts.values() if len(own) > 1]

    def _fitting(self, one: int, rows: list[int], *, late: bool) -> list[list[int]]:
        side = self.sides[one]
        near = [n for n in rows if self.could_be(*((one, n) if late else (n, one)))]
        sums = {side.quantity, side.quantity - side.fee} if late else {side.quantity}
        found: list[list[int]] = []
        for first in range(len(near)):
            total = 0
            for last in range(first, min(first + LONGEST, len(near))):
                total += self.sides[near[last]].quantity
                if total in sums and last > first:
                    found.append(near[first : last + 1])
                if total >= side.quantity:
                    break
        return found
