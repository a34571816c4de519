"""Sales, matches and disposals made of few movements, in plain Python; of many, moved.py makes the same as columns.

Both say the same (a test holds them to it): below LEAST movements the columns would cost more than they save.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from salyq.rulebook.stored import NONE

if TYPE_CHECKING:
    from salyq.facts.averages import Averaged
    from salyq.facts.taken import Parts
    from salyq.facts.world import World

LEAST = 4_000  # movements that are worth columns: to load NumPy takes as long as some thousand of them
NO_LOT, POOL = -1, -2  # in place of the key of an acquisition


class UsedPieces(NamedTuple):
    """What disposals of the year used up, a row a piece, those of a disposal in the order consumed. `lot`: the key of
    the acquisition, NO_LOT, or POOL with its place in `pools` (asset, number of the lot) or among those that `averages`
    tell. Positions in grains."""

    disposal: Any
    lot: Any
    pool: Any
    x0: Any
    x1: Any
    grain: int
    pools: Sequence[tuple[str, int]]
    averages: Averaged | None = None


class Fills(NamedTuple):
    """Disposals by sale: fills of one sale, kind and asset together, in the order in which they first come. Those of
    sale n are the movements order[starts[n]:starts[n + 1]]."""

    first: Any
    order: Any
    starts: Any


class Joined(NamedTuple):
    """Matches by sale: those of sale n are starts[n] to starts[n + 1]. `piece`: the first piece of each."""

    sale: Any
    piece: Any
    starts: Any
    x0: Any
    x1: Any
    y0: Any
    y1: Any


class Divided(NamedTuple):
    """Sales by how law treats their matches: of each part its sale and treatment; its matches are
    order[starts[n]:starts[n + 1]]."""

    sale: Any
    treatment: list[str]
    order: Any
    starts: Any


def fills(world: World, rows: Sequence[int]) -> Fills:
    """Of the movements `rows`, which rise."""
    found: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for n in rows:
        e = world.events[n]
        found[e.sale, e.kind, e.asset].append(n)
    groups = list(found.values())
    return Fills([own[0] for own in groups], [n for own in groups for n in own], _starts(groups))


def matches(used: UsedPieces, sold: Fills) -> Joined:
    """What fills took of one lot in a row is one match."""
    pieces: dict[int, list[int]] = defaultdict(list)
    for n, disposal in enumerate(used.disposal):
        pieces[disposal].append(n)
    found: list[list[int]] = []
    starts = [0]
    for number in range(len(sold.first)):
        last, y = None, 0
        own = sold.order[sold.starts[number] : sold.starts[number + 1]]
        for n in [n for disposal in own for n in pieces.get(disposal, ())]:
            lot, width = (used.lot[n], used.pool[n]), used.x1[n] - used.x0[n]
            if last == (lot, used.x0[n]):
                found[-1][3] = used.x1[n]
                found[-1][5] += width
            else:
                found.append([number, n, used.x0[n], used.x1[n], y, y + width])
            last, y = (lot, used.x1[n]), y + width
        starts.append(len(found))
    sale, piece, x0, x1, y0, y1 = map(list, zip(*found, strict=True)) if found else ([] for _ in range(6))
    return Joined(sale, piece, starts, x0, x1, y0, y1)


def parts(sale: Any, treated: Sequence[str], sales: Collection[int] | None) -> Divided:
    """`sales`: those to divide; None: all."""
    found: dict[tuple[int, str], list[int]] = {}
    for n, (number, way) in enumerate(zip(sale, treated, strict=True)):
        if sales is None or number in sales:
            found.setdefault((number, way), []).append(n)
    groups = list(found.values())
    own, ways = [number for number, _ in found], [way for _, way in found]
    return Divided(own, ways, [n for group in groups for n in group], _starts(groups))


def taxed_and_fees(world: World, parts: Parts) -> tuple[list[int], list[int]]:
    """The parts that are sales in law, and of the others the fees that were paid in assets."""
    rest = [n for n, treatment in enumerate(parts.treatment) if treatment == "no_sale"]
    sales = [parts.sold.fills.first[parts.sale[n]] for n in rest]
    kind, asset, pegs = world.events.kind, world.events.asset, world.person.stablecoins
    fees = [n for n, sale in zip(rest, sales, strict=True) if kind[sale] == "fee" and asset[sale] not in pegs]
    return [n for n, treatment in enumerate(parts.treatment) if treatment != "no_sale"], fees


def _starts(groups: Sequence[Sequence[int]]) -> list[int]:
    starts = [0]
    for own in groups:
        starts.append(starts[-1] + len(own))
    return starts


def acquired_at(came: array[int]) -> tuple[array[int], array[int]]:
    """The keys of acquisitions, and the place of each movement among them; NONE: it is none."""
    told = zip(accumulate(came), came, strict=True)
    places = array("q", [n - 1 if acquired else NONE for n, acquired in told])
    return array("q", [key for key, acquired in enumerate(came) if acquired]), places
