"""The same tables for another law: what does not hang on it keeps what was worked out."""

from __future__ import annotations

from salyq.population.noted_many import Noted
from salyq.rulebook.many_tables import Children, Table


class Copies:
    """Tables and what they lead to, once more for another reader."""

    def __init__(self, before: Noted, after: Noted, anew: frozenset[str]) -> None:
        self.before, self.after, self.anew = before, after, anew
        self.made: dict[int, Table] = {}

    def of(self, table: Table) -> Table:
        copy = self.made.get(id(table))
        if copy is not None:
            return copy
        kept = {name: memo for name, memo in table.memo.items() if name.partition(" (")[0] not in self.anew}
        copy = self.made[id(table)] = Table(table.kind, table.count, table.columns, memo=kept)
        copy.refs = {name: (self.of(there), rows) for name, (there, rows) in table.refs.items()}
        copy.rows = {name: Children(self.of(c.table), c.order, c.starts) for name, c in table.rows.items()}
        copy.parent = None if table.parent is None else (self.of(table.parent[0]), table.parent[1])
        if id(table) in self.before.periods:
            level, period = self.before.periods[id(table)]
            self.after.stand(copy, level, period, self.before.quarter_of.get(id(table)))
        return copy
