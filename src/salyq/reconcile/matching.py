"""Which outgoing row belongs to which incoming row, where only one answer is possible.

A cluster is a connected set of outs and ins that could belong together. It is settled when every row of it finds its
partner in exactly one way, apart from swapping equal rows (all outs, or all ins, of those in question stand in one
account, so that balances and what is owned come out the same). Otherwise it is ambiguous and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

CAP = 40  # rows of a cluster that are compared each with each; more of them are settled only if they are all alike


class Cluster(NamedTuple):
    """Outs and ins (indices, in order) of one connected set."""

    outs: list[int]
    ins: list[int]


class Answer(NamedTuple):
    """`pairs` (out, in) that are certain, and clusters that are not."""

    pairs: list[tuple[int, int]]
    ambiguous: list[Cluster]


Edges = Mapping[int, Sequence[int]]  # out -> ins it may belong to, in order


def settle(edges: Edges, account: Callable[[int], str]) -> Answer:
    """Settle every connected set of `edges`. Each set is small or fails fast: near-linear in the number of edges."""
    pairs: list[tuple[int, int]] = []
    ambiguous: list[Cluster] = []
    for cluster in components(edges):
        found = None
        if len(cluster.outs) == len(cluster.ins) and len(cluster.outs) + len(cluster.ins) <= CAP:
            found = _only_way(cluster, edges, account)
        if found is None:
            ambiguous.append(cluster)
        else:
            pairs += found
    return Answer(pairs, ambiguous)


def components(edges: Edges) -> list[Cluster]:
    """Connected sets, in the order of their first out; outs without any edge are in none."""
    back: dict[int, list[int]] = {}
    for out, ins in edges.items():
        for i in ins:
            back.setdefault(i, []).append(out)
    seen: set[int] = set()
    found: list[Cluster] = []
    for first in sorted(edges):
        if first in seen or not edges[first]:
            continue
        seen.add(first)
        outs, reached, todo = [first], set[int](), [first]
        while todo:
            for i in edges[todo.pop()]:
                if i in reached:
                    continue
                reached.add(i)
                fresh = [o for o in back[i] if o not in seen]
                seen.update(fresh)
                outs += fresh
                todo += fresh
        found.append(Cluster(sorted(outs), sorted(reached)))
    return found


def _only_way(cluster: Cluster, edges: Edges, account: Callable[[int], str]) -> list[tuple[int, int]] | None:
    """The pairs, if all rows can be paired and no other pairing would move anything between other accounts."""
    partner = _perfect(cluster.outs, edges)
    if partner is None:
        return None
    mate = {i: o for o, i in partner.items()}
    for ring in _rings(cluster.outs, {o: [mate[i] for i in edges[o]] for o in cluster.outs}):
        if len({account(o) for o in ring}) > 1 and len({account(partner[o]) for o in ring}) > 1:
            return None
    return sorted(partner.items())


def _perfect(outs: Sequence[int], edges: Edges) -> dict[int, int] | None:
    """A pairing of all outs (augmenting paths, earliest first), or None."""
    mate: dict[int, int] = {}

    def place(out: int, tried: set[int]) -> bool:
        for i in edges[out]:
            if i not in mate:
                mate[i] = out
                return True
        for i in edges[out]:
            if i not in tried:
                tried.add(i)
                if place(mate[i], tried):
                    mate[i] = out
                    return True
        return False

    if all(place(out, set()) for out in outs):
        return {o: i for i, o in mate.items()}
    return None


def _rings(nodes: Sequence[int], follows: Mapping[int, Iterable[int]]) -> list[set[int]]:
    """Strongly connected sets of more than one node: pairs that could trade partners among themselves."""
    reach: dict[int, set[int]] = {}
    for start in nodes:
        seen: set[int] = set()
        todo = [start]
        while todo:
            for n in follows[todo.pop()]:
                if n not in seen:
                    seen.add(n)
                    todo.append(n)
        reach[start] = seen
    rings: list[set[int]] = []
    done: set[int] = set()
    for n in nodes:
        if n not in done:
            ring = {m for m in reach[n] if n in reach[m]} | {n}
            done |= ring
            if len(ring) > 1:
                rings.append(ring)
    return rings
