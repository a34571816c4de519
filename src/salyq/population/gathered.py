"""Rows of an output as columns in pieces, put together once: text as numbers of its distinct cells, as Parquet keeps
it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.population.coded import ranks

if TYPE_CHECKING:
    import pyarrow as pa

Cells = tuple[Any, Sequence[str]]  # (numbers, the texts that they stand for)


class Gathered:
    """The rows of one output table. A column of text is given as a text (or None) for all rows of a piece, as
    (numbers, texts), or as an array; others as a value for all or as an array."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self._words: list[dict[str | None, int]] = [{None: -1} for _ in schema]
        self._pieces: list[list[Any]] = [[] for _ in schema]
        # By column: texts, as persons' names, that come again.
        self._last: dict[int, tuple[Sequence[str | None], Any]] = {}

    def add(self, count: int, kept: Any, columns: Sequence[Any]) -> None:
        """Rows more: `kept` of the `count` that the columns have."""
        import pyarrow as pa

        for n, (field, given) in enumerate(zip(self.schema, columns, strict=True)):
            if pa.types.is_string(field.type):
                piece = self._coded(n, given, count)[kept]
            elif isinstance(given, np.ndarray):
                piece = pa.array(given[kept], field.type)
            elif isinstance(given, pa.Array):
                piece = given if len(kept) == count else given.take(pa.array(kept))
            else:
                piece = pa.repeat(pa.scalar(given, field.type), len(kept))
            self._pieces[n].append(piece)

    def _coded(self, n: int, given: Any, count: int) -> Any:
        import pyarrow as pa

        if given is None or isinstance(given, str):
            return np.full(count, self._number(n, given), np.int32)
        if isinstance(given, tuple):
            numbers, texts = given
        else:
            column = given if isinstance(given, pa.Array) else pa.array(given, pa.string())
            encoded = column.dictionary_encode()
            texts = [*encoded.dictionary.to_pylist(), None]
            numbers = encoded.indices.fill_null(len(texts) - 1).to_numpy()
        known = self._last.get(n)
        if known is None or known[0] is not texts:
            known = self._last[n] = texts, self._numbers(n, texts)
        return known[1][numbers] if len(texts) else np.zeros(0, np.int32)

    def _numbers(self, n: int, texts: Sequence[str | None]) -> Any:
        words = self._words[n]
        if len(words) == 1 and None not in texts:  # the first texts, as names: numbered at once, unless one is twice
            words.update(zip(texts, range(len(texts)), strict=True))
            if len(words) == len(texts) + 1:
                return np.arange(len(texts), dtype=np.int32)
            self._words[n] = {None: -1}
        return np.array([self._number(n, text) for text in texts], np.int32)

    def _number(self, n: int, text: str | None) -> int:
        words = self._words[n]
        return words.setdefault(text, len(words) - 1)

    def table(self) -> pa.Table:
        """All rows, by the text of their first column, and those of one as they came."""
        import pyarrow as pa

        columns: list[Any] = []
        order: Any = None
        for field, words, pieces in zip(self.schema, self._words, self._pieces, strict=True):
            if pa.types.is_string(field.type):
                numbers, texts = np.concatenate([np.zeros(0, np.int32), *pieces]), [*words][1:]
                if order is None:
                    order = np.argsort(ranks(texts)[numbers], kind="stable")
                numbers = pa.array(numbers[order], mask=numbers[order] < 0)
                columns.append(pa.DictionaryArray.from_arrays(numbers, pa.array(texts, pa.string())))
            else:
                whole = pa.concat_arrays([pa.nulls(0, field.type), *pieces])
                columns.append(whole.take(pa.array(order)))
        return pa.Table.from_arrays(columns, names=self.schema.names)
