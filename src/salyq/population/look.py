"""Looking one person of a finished run up again: nothing is stored of an explanation, it is worked out anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.population.engine import Result, Rows, assess_person, cells_of, person_of, setting
from salyq.population.part import QUOTES, ROWS, quotes_of
from salyq.population.run import PLAN, left
from salyq.population.spill import laid, part_of
from salyq.population.tables import FILE, PERSON, PERSONS, ROW, tables_in

if TYPE_CHECKING:
    import pyarrow as pa


def one_of(out: Path, person: str) -> Result:
    """One person of the run in `out`, assessed again from the rows and quotes that the run laid aside.

    InputError: no run, or nobody of that name.
    """
    path = out / PLAN
    if not path.is_file():
        raise InputError(Message("population_no_run"), file=str(out))
    plan = left(path)
    found = _rows(out / ROWS, part_of(person, plan["parts"]), person)
    stated = found.pop(PERSONS, None)
    if stated is None:
        raise InputError(Message("population_nobody", {"person": person}), file=str(out))
    cells = dict(zip(stated.header, stated.rows[0][1], strict=True))
    common = setting(plan["year"], quotes_of(tables_in(out / ROWS / QUOTES)), plan["choices"])
    return assess_person(person_of(cells, plan["year"], person), found, common)


def _rows(folder: Path, part: int, person: str) -> dict[str, Rows]:
    import pyarrow as pa

    found: dict[str, Rows] = {}
    for table in sorted(p for p in folder.iterdir() if p.is_dir()):
        pieces = [_of(path, person) for path in sorted(table.glob(f"{part:05d}-*.arrow"))]
        if not any(piece.num_rows for piece in pieces):
            continue
        own = pa.concat_tables(pieces).combine_chunks().sort_by([(FILE, "ascending"), (ROW, "ascending")])
        names = [n for n in own.column_names if n not in (PERSON, FILE, ROW)]
        places = list(zip(own.column(FILE).to_pylist(), own.column(ROW).to_pylist(), strict=True))
        found[table.name] = Rows(names, list(zip(places, cells_of(own, names, 0, own.num_rows), strict=True)))
    return found


def _of(path: Path, person: str) -> pa.Table:
    """The rows of a person in a file of rows laid aside: names first, then only the batches in which one stands."""
    import pyarrow as pa
    import pyarrow.compute as pc

    with laid(path) as source, pa.ipc.open_stream(source) as stream:
        place = stream.schema.get_field_index(PERSON)
        own = []
        for batch in stream:
            names = batch.column(place)
            at = pc.index(names.dictionary, person).as_py()
            if at >= 0:
                own.append(batch.filter(pc.equal(names.indices, at)))
    return pa.Table.from_batches(own, stream.schema)
