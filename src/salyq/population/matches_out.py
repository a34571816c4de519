"""Every disposal × lot of a year as rows: who, of what, how much, when sold and bought, how law treats it, and the rows
of the input that say so. A lot that was never bought has neither day nor row, nor has a pool of several acquisitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.assessing.explaining import Explainer
from salyq.population.engine import Result, Rows
from salyq.rulebook.columns import text_of
from salyq.rulebook.states import Unknown

if TYPE_CHECKING:
    import pyarrow as pa

    from salyq.population.world_many import WorldMany

Place = tuple[str | None, int | None]
NOWHERE: Place = (None, None)
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class MatchColumns:
    """The matches of many persons; `places` and `lots`: (number of the file, row) of the disposal's record, and of the
    lot's, null where there is none."""

    persons: Any
    asset: pa.Array
    quantity: Any  # grain · 10⁻¹⁸
    sold: pa.Array
    bought: pa.Array
    treatment: pa.Array
    places: tuple[pa.Array, pa.Array]
    lots: tuple[pa.Array, pa.Array]
    grain: int

    def columns(self, files: Sequence[str]) -> dict[str, pa.Array]:
        """The columns of the output behind `person`."""
        import pyarrow as pa

        names = pa.array(files, pa.string())
        return {
            "asset": self.asset, "quantity": _units(self.quantity, self.grain), "sold": self.sold,
            "bought": self.bought, "treatment": self.treatment,
            "file": names.take(self.places[0]), "row": self.places[1],
            "lot_file": names.take(self.lots[0]), "lot_row": self.lots[1],
        }  # fmt: skip


def columns_of(world: WorldMany, records: Any, files: Any, rows: Any) -> MatchColumns:
    """What columns say. `files`, `rows`: the place of every row of the records as they were read."""
    f, m, sale = world.matches, world.moves, world.sale
    there = f.lot >= 0
    lot = np.where(there, f.lot, 0)
    own, came = records.row[m.record[f.first[f.sale]]], records.row[m.record[lot]]
    return MatchColumns(
        sale.parent[1][f.sale],  # type: ignore[index]
        _texts(sale.columns["asset"].parts[0][f.sale]),
        f.x1 - f.x0,
        _days(records.day[m.record[f.first[f.sale]]], None),
        _days(records.day[m.record[lot]], ~there),
        _texts(world.ways),
        (_numbers(files[own], None), _numbers(rows[own], None)),
        (_numbers(files[came], ~there), _numbers(rows[came], ~there)),
        records.grain,
    )


def _texts(codes: Any) -> pa.Array:
    import pyarrow as pa

    distinct, places = np.unique(codes, return_inverse=True)
    return pa.array([text_of(c) for c in distinct.tolist()], pa.string()).take(pa.array(places))


def _days(ordinals: Any, none: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array((ordinals - EPOCH).astype(np.int32), pa.int32(), mask=none).cast(pa.date32())


def _units(quantities: Any, grain: int) -> pa.Array:
    """Counts of grain · 10⁻¹⁸ as exact decimals."""
    import pyarrow as pa

    from salyq.lots.kernel import packed

    kind = pa.decimal128(38, 19 - len(str(grain)))  # a grain is a power of ten
    made = pa.Array.from_buffers(kind, len(quantities), [None, pa.py_buffer(packed(quantities))])
    return made.cast(pa.decimal128(38, 18))


def _numbers(values: Any, none: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array(np.asarray(values, np.int64), mask=none)


def matches_of(result: Result, files: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The matches of one person who was assessed alone, in the columns of the output behind `person`."""
    assert result.assessment is not None
    explainer = result.assessment.explainer
    assert isinstance(explainer, Explainer)
    first = explainer.world
    for world in (first,) if first.business is None else (first, first.business):
        for key in sorted(world.sales):
            sale = world.sales[key]
            place = _place(world.event_of[id(sale)].record.source, result.tables, files)
            for match in world.matches[key]:
                treatment = world.evaluator.value(world.regime.treatment, match) or "no_sale"
                lot = match.refs.get("lot")
                event = None if lot is None else world.event_of.get(id(lot))
                came = NOWHERE if event is None else _place(event.record.source, result.tables, files)
                row = match.given
                yield (
                    sale.given.asset, Decimal(row.x1 - row.x0).scaleb(-18), sale.given.day,
                    None if event is None else event.record.day,
                    "unknown" if type(treatment) is Unknown else treatment, *place, *came,
                )  # fmt: skip


def _place(source: Any, tables: dict[str, Rows], files: Sequence[str]) -> Place:
    given = tables.get(source.file)
    if given is None or not 0 <= source.line < len(given.rows):
        return NOWHERE
    file, row = given.rows[source.line][0]
    return files[file], row
