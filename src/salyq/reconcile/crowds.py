"""Equal amounts of one asset, perhaps tens of thousands of them: cut into sets that are far enough apart.

Rows are cut by time first, then by account; small sets are compared each with each (`edges`). A set that stays large is
settled only when all its outs stand in one account, all its ins in another, and they pair off in order of time; else
it is `unclear`. So the work stays near-linear whatever the input.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from salyq.reconcile.matching import CAP, Cluster

ACCOUNTS = 20  # more accounts than this in one large set are not told apart


class Seen(Protocol):
    """A row as a crowd sees it: seconds, and the account ("" when not told)."""

    @property
    def time(self) -> int: ...
    @property
    def account(self) -> str: ...


class Crowd:
    """Looks at outs and ins of equal amount, given in order of time. Window: in.time - out.time in [-before, after]."""

    def __init__(
        self, sides: Mapping[int, Seen], could_be: Callable[[int, int], bool], before: int, after: int
    ) -> None:
        self.sides, self.could_be, self.before, self.after = sides, could_be, before, after
        self.edges: dict[int, list[int]] = {}
        self.pairs: list[tuple[int, int]] = []
        self.unclear: list[Cluster] = []

    def look(self, outs: Sequence[int], ins: Sequence[int]) -> None:
        """Fill `edges` (to be settled), `pairs` (settled) and `unclear`."""
        for chain in self._chains(outs, ins):
            if self._small(chain):
                continue
            for part in self._by_account(chain):
                for link in self._chains(part.outs, part.ins):
                    if not self._small(link):
                        self._large(link)

    def _small(self, chain: Cluster) -> bool:
        if len(chain.outs) + len(chain.ins) > CAP:
            return False
        for o in chain.outs:
            self.edges[o] = [i for i in chain.ins if self._in_time(o, i) and self.could_be(o, i)]
        return True

    def _large(self, chain: Cluster) -> None:
        pairs = list(zip(chain.outs, chain.ins, strict=False))
        alike = len({self.sides[o].account for o in chain.outs}) == len({self.sides[i].account for i in chain.ins}) == 1
        if (
            alike
            and len(chain.outs) == len(chain.ins)
            and all(self._in_time(o, i) and self.could_be(o, i) for o, i in pairs)
        ):
            self.pairs += pairs
        else:
            self.unclear.append(chain)

    def _in_time(self, out: int, in_: int) -> bool:
        return -self.before <= self.sides[in_].time - self.sides[out].time <= self.after

    def _chains(self, outs: Sequence[int], ins: Sequence[int]) -> Iterator[Cluster]:
        """Sets that no row joins: the windows of neighbouring outs have no in in common. Sets without ins fall away."""
        times = [self.sides[i].time for i in ins]
        first = 0
        for k, o in enumerate(outs):
            end = bisect_right(times, self.sides[o].time + self.after)
            if k + 1 < len(outs) and bisect_left(times, self.sides[outs[k + 1]].time - self.before) < end:
                continue
            start = bisect_left(times, self.sides[outs[first]].time - self.before)
            if start < end:
                yield Cluster(list(outs[first : k + 1]), list(ins[start:end]))
            first = k + 1

    def _by_account(self, chain: Cluster) -> list[Cluster]:
        """The parts of a large set whose accounts can have to do with each other."""
        senders, receivers = self._accounts(chain.outs), self._accounts(chain.ins)
        if len(senders) + len(receivers) > ACCOUNTS:
            return [chain]
        parts: list[tuple[set[str], set[str]]] = []
        for a in sorted(senders):
            joined = ({a}, {b for b in receivers if a != b or not a})
            apart = []
            for part in parts:
                if part[1] & joined[1]:
                    joined = (joined[0] | part[0], joined[1] | part[1])
                else:
                    apart.append(part)
            parts = [*apart, joined]
        return [
            Cluster(
                sorted(n for a in part[0] for n in senders[a]),
                sorted(n for b in part[1] for n in receivers[b]),
            )
            for part in parts
        ]

    def _accounts(self, rows: Sequence[int]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for n in rows:
            found[self.sides[n].account].append(n)
        return found
