"""The Merkle tree of RFC 6962 over the entries: kept as whole nodes, read in O(log n).

leaf(b) = SHA-256(0x00 ‖ b), node(l, r) = SHA-256(0x01 ‖ l ‖ r). Node (level, n) is the root of the leaves
n·2^level … (n+1)·2^level − 1 and is stored when they are all there; it never changes. What this module needs of the
store is one function: the stored nodes of the places asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

Place = tuple[int, int]  # (level, n)
Nodes = Callable[[Sequence[Place]], Mapping[Place, bytes]]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[Place]:
    """The whole subtrees that make up a tree of `size` leaves, the largest first."""
    found: list[Place] = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def grow(size: int, known: Mapping[Place, bytes], leaves: Iterable[bytes]) -> dict[Place, bytes]:
    """The new nodes when `leaves` (hashes) are added to a tree of `size`; `known` holds its peaks."""
    cache = dict(known)
    made: dict[Place, bytes] = {}
    for n, leaf in enumerate(leaves, size):
        level, index, value = 0, n, leaf
        made[level, index] = cache[level, index] = value
        while index & 1:
            value = node_hash(cache[level, index - 1], value)
            level, index = level + 1, index >> 1
            made[level, index] = cache[level, index] = value
    return made


def root_of(values: Sequence[bytes]) -> bytes:
    """The root over the values of the peaks."""
    if not values:
        return EMPTY_ROOT
    root = values[-1]
    for value in reversed(values[:-1]):
        root = node_hash(value, root)
    return root


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the first `size` leaves."""
    places = peaks(size)
    found = nodes(places)
    return root_of([found[p] for p in places])


def inclusion_path(position: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH(position, D[size]) of RFC 6962 §2.1.1, from the leaf upwards."""
    if not 0 <= position < size:
        raise ValueError(f"position {position} is not in a tree of {size}")
    return _joined(_inclusion(position, 0, size), nodes)


def consistency_path(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 §2.1.2."""
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new}")
    return _joined(_consistency(old, 0, new, True), nodes)


def _inclusion(position: int, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges [start, end) whose roots make the path."""
    if end - start == 1:
        return []
    half = start + _split(end - start)
    if position < half:
        return [*_inclusion(position, start, half), (half, end)]
    return [*_inclusion(position, half, end), (start, half)]


def _consistency(old: int, start: int, end: int, whole: bool) -> list[tuple[int, int]]:
    if old == end - start:
        return [] if whole else [(start, end)]
    half = _split(end - start)
    if old <= half:
        return [*_consistency(old, start, start + half, whole), (start + half, end)]
    return [*_consistency(old - half, start + half, end, False), (start, start + half)]


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _joined(ranges: Sequence[tuple[int, int]], nodes: Nodes) -> list[bytes]:
    """The root of each range from stored nodes, all read at once."""
    places = [[(level, n + (start >> level)) for level, n in peaks(end - start)] for start, end in ranges]
    found = nodes([p for group in places for p in group])
    return [root_of([found[p] for p in group]) for group in places]


# --- what a stranger checks -------------------------------------------------------------------------------------------


def root_from_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to; None where the path does not fit (RFC 9162 §2.1.3.2)."""
    if not 0 <= position < size:
        return None
    first, last, value = position, size - 1, leaf
    for part in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            value = node_hash(part, value)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            value = node_hash(value, part)
        first, last = first >> 1, last >> 1
    return value if last == 0 else None


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a tree of `new` leaves begins with the tree of `old` (RFC 9162 §2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    was = now = steps[0]
    for part in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            was, now = node_hash(part, was), node_hash(part, now)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            now = node_hash(now, part)
        first, last = first >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root
