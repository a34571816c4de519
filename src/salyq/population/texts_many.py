"""A column of text as numbers of its distinct cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.rulebook.columns import code

if TYPE_CHECKING:
    import pyarrow as pa


class Texts:
    """A column of text as numbers of its distinct cells (`places`), stripped. `bad` marks cells that are not as they
    will be read; `codes` are those of the texts that cells mean."""

    def __init__(self, column: pa.Array, spelled: Callable[[str], str | None] | None = None) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
        self.given = encoded.dictionary
        self.places = encoded.indices.to_numpy()
        self.spelled = spelled
        # Without blanks at an end and the apostrophe of a spreadsheet, cells are as they stand: none is looked at.
        self.tidy = not pc.any(pc.match_substring_regex(self.given, r"^[^!-~]|[^!-~]$|'")).as_py()
        if not self.tidy:
            self._strip()
        self.bad = np.zeros(len(self.places), bool)
        if not self.tidy or spelled is not None:
            self.bad = self._each([t is None for t in self.read])

    def _strip(self) -> None:
        import pyarrow as pa

        given: list[str] = self.given.to_pylist()
        cells = [t.strip() for t in given]
        if cells != given:  # blanks around a cell say nothing
            number = {t: n for n, t in enumerate(dict.fromkeys(cells))}
            self.places = np.array([number[t] for t in cells], np.int64)[self.places]
            self.given = pa.array(list(number), pa.string())

    @cached_property
    def cells(self) -> list[str]:
        found: list[str] = self.given.to_pylist()
        return found

    @cached_property
    def read(self) -> list[str | None]:
        spelled = self.spelled
        return [None if "'" in t else t if spelled is None else spelled(t) for t in self.cells]

    @cached_property
    def codes(self) -> Any:
        found = np.array([code(t or "") for t in self.read], np.int64)
        return found[self.places] if len(found) else self.places.astype(np.int64)

    def marks(self, test: Callable[[str], bool]) -> Any:
        """Rows whose cell passes a test, asked once a distinct cell."""
        return self._each([bool(test(t)) for t in self.cells])

    def numbers(self) -> Any:
        """A number for each row, the same for the same text; −1 where there is none."""
        import pyarrow.compute as pc

        own = np.arange(len(self.given), dtype=np.int64)
        empty = pc.index(self.given, "").as_py()
        if empty >= 0:
            own[empty] = -1
        return own[self.places] if len(own) else self.places.astype(np.int64)

    def _each(self, marks: list[bool]) -> Any:
        if not any(marks):
            return np.zeros(len(self.places), bool)
        return np.array(marks, bool)[self.places]
