"""A second, slow way to match lots and to cost them: units one by one, and Fractions. Shares no code with salyq."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby


def nearest(value: Fraction) -> int:
    """Half up; the values here are never negative."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


class Heap:
    """One lot or pool as its single units; `sold` units have left it."""

    def __init__(self, label: object, kind: str, cost: int | None, size: int) -> None:
        self.label, self.kind, self.cost, self.size, self.sold = label, kind, cost, size, 0

    def worth(self, first: int, last: int) -> int | None:
        if self.cost is None:
            return None
        return nearest(Fraction(self.cost * last, self.size)) - nearest(Fraction(self.cost * first, self.size))

    def rest(self) -> int:
        return self.size - self.sold


def slow_match(movements, methods, costs):
    """{disposal key: ([(label or "pool", first, last, cost)], shortage)}; costs[key] is a number or None."""
    heaps: list[Heap] = []
    sales = {}
    years = [m.year for m in movements]
    method = None
    for year in range(min(years, default=0), max(years, default=-1) + 1):
        before, method = method, methods.get(year, method)
        if (method == "average") != (before == "average") and before is not None:
            heaps = pool_all(heaps)  # out of an average too: what is left is one lot of 31 December
        for m in [m for m in movements if m.year == year]:
            if m.acquisition:
                heaps.append(Heap(m.key, m.lot_class, costs[m.key], m.quantity))
                if method == "average" and m.quantity:
                    heaps = pool_all(heaps, m.lot_class)
            else:
                sales[m.key] = sell(heaps, m, method)
    return sales, [(h.label, h.sold, h.size) for h in heaps if h.rest()]


def pool_all(heaps, only=None):
    """Every class (or one) becomes one heap, standing where its class first appears among what is still held."""
    held = [h for h in heaps if h.rest()]
    pooled = []
    for heap in held:
        if only is not None and heap.kind != only:
            pooled.append(heap)
        elif all(heap.kind != done.kind for done in pooled):
            same = [h for h in held if h.kind == heap.kind]
            worths = [h.worth(h.sold, h.size) for h in same]
            cost = None if None in worths else sum(worths)
            pooled.append(Heap("pool", heap.kind, cost, sum(h.rest() for h in same)))
    return pooled


def sell(heaps, m, method):
    """The units sold, one at a time, as (heap, unit), then joined to runs."""
    units = []
    if method == "average":
        total = sum(h.rest() for h in heaps)
        sold = min(total, m.quantity)
        counted = 0
        for heap in heaps:
            start = nearest(Fraction(sold * counted, total)) if total else 0
            counted += heap.rest()
            end = nearest(Fraction(sold * counted, total)) if total else 0
            units += [heap] * (end - start)
    elif method == "specific" and can_pick(heaps, m):
        for key, _ in groupby(sorted(m.picks, key=lambda p: [k for k, _ in m.picks].index(p[0])), key=lambda p: p[0]):
            heap = next(h for h in heaps if h.label == key)
            units += [heap] * sum(q for k, q in m.picks if k == key)
    else:
        for heap in heaps:
            units += [heap] * min(heap.rest(), m.quantity - len(units))
    runs = []
    for heap, run in groupby(units, key=id):
        heap = next(h for h in heaps if id(h) == heap)
        first = heap.sold
        for _unit in run:
            heap.sold += 1
        runs.append((heap.label, first, heap.sold, heap.worth(first, heap.sold)))
    return runs, m.quantity - len(units)


def can_pick(heaps, m):
    if not m.picks or sum(q for _, q in m.picks) != m.quantity or any(q <= 0 for _, q in m.picks):
        return False
    held = {h.label: h.rest() for h in heaps if h.label != "pool"}
    return all(sum(q for k, q in m.picks if k == key) <= held.get(key, 0) for key, _ in m.picks)
