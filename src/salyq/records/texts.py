"""Columns of texts of which nearly each is its own, such as ids: the letters of all together, and where each stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

from salyq.records.columns import MANY, picked

BITS = 16  # of a spot: the length of the text; those above it: where it begins
LONGEST = (1 << BITS) - 1  # letters that a text has at most; the bits of a spot that say how many


class Texts(Sequence[str | None]):
    """Texts in `letters`, a `spot` each: where it begins · 2¹⁶ + its length. One of no letters is None: none is there.
    A text is made when somebody asks for it; tables made of others share the letters."""

    def __init__(self, letters: str, spots: array[int]) -> None:
        self._letters, self.spots = [letters], spots

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Texts | None:
        """None where one is too long, or is empty and still said."""
        if any(text is not None and not 0 < len(text) <= LONGEST for text in texts):
            return None
        lengths = [len(text or "") for text in texts]
        begins = accumulate(lengths, initial=0)
        spots = [begin << BITS | length for begin, length in zip(begins, lengths, strict=False)]
        return cls("".join([text for text in texts if text]), array("q", spots))

    @classmethod
    def nothing(cls, size: int) -> Texts:
        return cls("", array("q", bytes(8 * size)))

    @property
    def letters(self) -> str:
        if len(self._letters) > 1:
            self._letters = ["".join(self._letters)]
        return self._letters[0]

    def __len__(self) -> int:
        return len(self.spots)

    def __iter__(self) -> Iterator[str | None]:
        for start in range(0, len(self.spots), MANY):
            yield from self._told(self.spots[start : start + MANY])

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> Texts: ...
    def __getitem__(self, place: int | slice) -> str | Texts | None:
        if isinstance(place, slice):
            return Texts(self.letters, self.spots[place])
        spot = self.spots[place]
        begin = spot >> BITS
        return self.letters[begin : begin + (spot & LONGEST)] or None

    def __contains__(self, text: object) -> bool:
        if text is None:
            return any(not spot & LONGEST for spot in self.spots)
        return any(own == text for own in self)

    def some(self, rows: Sequence[int]) -> Iterator[str | None]:
        """The texts of some rows, in their order."""
        return iter(self._told(picked(self.spots, rows)))

    def take(self, rows: Sequence[int]) -> Texts:
        return Texts(self.letters, picked(self.spots, rows))

    def extend(self, more: Texts) -> None:
        past = sum(map(len, self._letters)) << BITS
        self.spots.extend(array("q", [spot + past for spot in more.spots]) if past else more.spots)
        self._letters = [*self._letters, more.letters]

    def _told(self, spots: array[int]) -> list[str | None]:
        letters = self.letters
        return [letters[(b := spot >> BITS) : b + (spot & LONGEST)] or None for spot in spots]
