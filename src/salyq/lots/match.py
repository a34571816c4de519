"""Matching: which positions of which lots each disposal consumed (architecture §6). Exact integers, linear time.

What the result promises (tests hold each):

1. Every position of every lot ends in exactly one place: in one piece, in one pool's part, or in one open slice.
   So pieces + open = acquired, and nothing is consumed twice.
2. The pieces of a disposal, its shortage among them, sum to its quantity. They are never empty. A shortage comes
   last, and only when nothing is left; what is bought later never fills it.
3. A lot is consumed from position 0 upwards without a hole, so the cumulative rule (`civil.numbers.part`) gives each
   piece its share of cost and all shares sum to the lot's cost.
4. A lot's number is its index in `Matched.lots`. A pool's parts name only lots of smaller numbers.
5. The order of `movements` decides alone (semantics 4 is the caller's to apply): a lot serves only what comes after.

The methods differ in one thing, how a disposal chooses:
fifo      the oldest open lot first;
specific  the lots that `picks` name; without picks, or when they cannot be followed, as fifo;
average   each class of lots is one pool, made anew at each acquisition; a disposal takes from every class in
          proportion to what it holds, by cumulative rounding, so that the parts sum exactly.
A method of a year holds from its first to its last day. Into average, the open lots become pools; out of it, a pool is
one lot like any other and stands in the queue before what is acquired later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from salyq.civil.numbers import round_half_up
from salyq.lots.model import Lot, Matched, Movement, Piece, Slice

METHODS = ("fifo", "average", "specific")


def match(movements: Sequence[Movement], methods: Mapping[int, str]) -> Matched:
    """The pieces of one asset's queue; `movements` stand in time order, `methods` names the method of each year.

    Quantities are whole 10⁻¹⁸ units. A movement of quantity 0 leaves no piece and opens nothing. ValueError for what
    only a defect can bring: a negative quantity, years that go back, a year without a method or an unknown method.
    """
    matcher = _Matcher(methods)
    for movement in movements:
        if movement.year != matcher.year:
            matcher.turn_to(movement.year)
        if movement.quantity < 0:
            raise ValueError(f"movement {movement.key} has a negative quantity")
        if movement.acquisition:
            matcher.acquire(movement)
        else:
            matcher.dispose(movement)
    return matcher.result()


class Fifo(NamedTuple):
    """Lots first in, first out: all lots, what each disposal wanted used up (by its key), what is open at the end."""

    lots: list[Lot]
    pieces: dict[int, list[Piece]]
    open: list[Slice]


def fifo(movements: Iterable[tuple[int, int, bool, bool]]) -> Fifo:
    """What `match` says where every year is fifo, of (key, quantity, acquisition, wanted) in time order; pieces of the
    wanted disposals alone. One pass without an object a step."""
    lots: list[Lot] = []
    pieces: dict[int, list[Piece]] = {}
    new, head, used = tuple.__new__, 0, 0  # the oldest open lot, and how far it is consumed
    for key, quantity, acquisition, wanted in movements:
        if quantity < 0:
            raise ValueError(f"movement {key} has a negative quantity")
        if acquisition:
            lots.append(new(Lot, (len(lots), key, quantity, "", ())))
            continue
        need = quantity
        own: list[Piece] = []
        while need and head < len(lots):
            left = lots[head][2] - used
            taken = left if left <= need else need
            if taken and wanted:
                own.append(new(Piece, (key, head, used, used + taken)))
            need -= taken
            used += taken
            if taken == left:
                head, used = head + 1, 0
        if need and wanted:
            own.append(Piece(key, None, 0, need))
        if own:
            pieces[key] = own
    still = [Slice(n, used if n == head else 0, lots[n].quantity) for n in range(head, len(lots)) if lots[n].quantity]
    return Fifo(lots, pieces, still)


def pooled(movements: Iterable[tuple[int, int, bool, bool]]) -> tuple[Matched, dict[int, list[Piece]]]:
    """What `match` says where every year is average and all lots are of one class, of (key, quantity, acquisition,
    wanted) in time order; with the pieces of the wanted disposals by key."""
    lots: list[Lot] = []
    pieces: dict[int, list[Piece]] = {}
    new, held, size, left = tuple.__new__, -1, 0, 0  # the pool, its quantity, and how much of it is left
    for key, quantity, acquisition, wanted in movements:
        if quantity < 0:
            raise ValueError(f"movement {key} has a negative quantity")
        if acquisition:
            number = len(lots)
            lots.append(new(Lot, (number, key, quantity, "", ())))
            if not quantity:
                continue
            fresh = new(Slice, (number, 0, quantity))
            parts = (new(Slice, (held, size - left, size)), fresh) if left else (fresh,)
            left += quantity
            held, size = number + 1, left
            lots.append(new(Lot, (held, None, size, "", parts)))
            continue
        sold = quantity if quantity < left else left
        if wanted:
            own = [new(Piece, (key, held, size - left, size - left + sold))] if sold else []
            if quantity > sold:
                own.append(new(Piece, (key, None, 0, quantity - sold)))
            if own:
                pieces[key] = own
        left -= sold
    still = [Slice(held, size - left, size)] if left else []
    return Matched([p for own in pieces.values() for p in own], lots, still, []), pieces


class _Matcher:
    """Lots, how far each is consumed, and what is open: a queue, or (in average years) one pool a class."""

    def __init__(self, methods: Mapping[int, str]) -> None:
        self.methods = methods
        self.method = ""
        self.year: int | None = None
        self.lots: list[Lot] = []
        self.left: list[int] = []  # by lot number: how many positions, the last ones, are neither consumed nor pooled
        self.pieces: list[Piece] = []
        self.queue: deque[int] = deque()
        self.pools: dict[str, int] = {}  # class -> pool, in the order in which the classes were first held
        self.by_key: dict[int, int] = {}
        self.invalid_picks: list[int] = []

    def turn_to(self, year: int) -> None:
        """Start `year`, passing through the years between: one of them may pool what was held throughout it."""
        if self.year is not None and year < self.year:
            raise ValueError(f"movements are not in time order: {year} after {self.year}")
        if self.methods.get(year) not in METHODS:
            raise ValueError(f"{self.methods.get(year)!r} is no lot method (year {year})")
        first = year if self.year is None else self.year + 1
        for passed in range(first, year + 1):
            self._use(self.methods.get(passed, self.method))
        self.year = year

    def _use(self, method: str) -> None:
        if method == "average" and self.method != "average":
            classes: dict[str, list[int]] = {}
            for number in self.queue:
                if self.left[number]:
                    classes.setdefault(self.lots[number].lot_class, []).append(number)
            self.queue.clear()
            self.pools = {name: self.pool(name, numbers) for name, numbers in classes.items()}
        elif method != "average" and self.method == "average":
            # The pool becomes one lot of 31 December: what is left of it, with what is left of its cost.
            for name, number in self.pools.items():
                begun = 0 < self.left[number] < self.lots[number].quantity
                self.queue.append(self.pool(name, [number]) if begun else number)
            self.pools.clear()
        self.method = method

    def acquire(self, movement: Movement) -> None:
        number = self.add(movement.key, movement.quantity, movement.lot_class)
        self.by_key[movement.key] = number
        if self.method != "average":
            self.queue.append(number)
        elif movement.quantity:
            held = self.pools.get(movement.lot_class)
            if held is not None and not self.left[held]:
                del self.pools[movement.lot_class]  # sold out: the class is held anew from today
            members = [number] if held is None else [held, number]
            self.pools[movement.lot_class] = self.pool(movement.lot_class, members)

    def dispose(self, movement: Movement) -> None:
        if self.method == "average":
            short = self.from_pools(movement)
        elif self.method == "specific" and movement.picks and self.from_picks(movement):
            short = 0
        else:
            short = self.from_queue(movement)
        if short:
            self.pieces.append(Piece(movement.key, None, 0, short))

    def from_queue(self, movement: Movement) -> int:
        """First in, first out. Returns what no lot could cover."""
        need = movement.quantity
        queue = self.queue
        while need and queue:
            left = self.left[queue[0]]
            if left > need:
                self.take(movement.key, queue[0], need)
                return 0
            if left:  # else consumed by picks while it waited
                self.take(movement.key, queue[0], left)
                need -= left
            queue.popleft()
        return need

    def from_picks(self, movement: Movement) -> bool:
        """The lots that the person named, in their order; False, and nothing taken, when that is impossible."""
        wanted: dict[int, int] = {}
        possible = sum(quantity for _, quantity in movement.picks) == movement.quantity
        for key, quantity in movement.picks:
            number = self.by_key.get(key)
            if number is None or quantity <= 0:
                possible = False
                continue
            wanted[number] = wanted.get(number, 0) + quantity
        if not possible or any(self.left[number] < quantity for number, quantity in wanted.items()):
            self.invalid_picks.append(movement.key)
            return False
        for number, quantity in wanted.items():
            self.take(movement.key, number, quantity)
        return True

    def from_pools(self, movement: Movement) -> int:
        """From each class in proportion to what it holds. Returns what the pools could not cover."""
        held = [(number, self.left[number]) for number in self.pools.values()]
        total = sum([left for _, left in held])
        sold = min(movement.quantity, total)
        before = given = 0
        for number, left in held:
            # As sold <= total, the share of a class never exceeds what it holds.
            before += left
            upto = round_half_up(sold * before, total) if before < total else sold
            if upto > given:
                self.take(movement.key, number, upto - given)
            given = upto
        return movement.quantity - sold

    def add(self, key: int | None, quantity: int, lot_class: str, parts: tuple[Slice, ...] = ()) -> int:
        number = len(self.lots)
        self.lots.append(Lot(number, key, quantity, lot_class, parts))
        self.left.append(quantity)
        return number

    def pool(self, lot_class: str, members: Iterable[int]) -> int:
        """A new lot of what is left of `members`, which are spent by it."""
        parts = []
        for number in members:
            if self.left[number]:
                parts.append(self.open_slice(number))
                self.left[number] = 0
        return self.add(None, sum([piece.x1 - piece.x0 for piece in parts]), lot_class, tuple(parts))

    def take(self, disposal: int, number: int, quantity: int) -> None:
        left = self.left[number]
        x0 = self.lots[number].quantity - left
        self.left[number] = left - quantity
        self.pieces.append(Piece(disposal, number, x0, x0 + quantity))

    def open_slice(self, number: int) -> Slice:
        quantity = self.lots[number].quantity
        return Slice(number, quantity - self.left[number], quantity)

    def result(self) -> Matched:
        still = [*self.queue, *self.pools.values()]
        open_slices = [self.open_slice(number) for number in still if self.left[number]]
        return Matched(self.pieces, self.lots, open_slices, self.invalid_picks)
