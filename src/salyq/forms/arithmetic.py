"""The formulas and checks of an edition over the sheets of one return, in the order they need each other."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from salyq.forms import formula
from salyq.forms.filled import Failed, Line, Sheet
from salyq.forms.load import resolve
from salyq.forms.model import Edition

Computed = Callable[[Line, formula.Value], None]


class Arithmetic:
    """Runs each formula once; `computed(line, value)` takes its result before another formula needs it."""

    def __init__(self, edition: Edition, sheets: list[Sheet]) -> None:
        self.edition, self.sheets = edition, sheets
        self._trees: dict[str, formula.Node] = {}
        self._done: set[str] = set()

    def run(self, computed: Computed) -> None:
        """Every formula of every sheet."""
        for sheet in self.sheets:
            for line in sheet.lines.values():
                self._one(sheet, line, computed)

    def failed(self) -> list[Failed]:
        """The checks of the form that do not hold."""
        found = []
        for sheet in self.sheets:
            for check in sheet.annex.check:
                lookup = self._lookup(sheet, f"{sheet.name}.")
                if formula.holds(self._tree(check.holds), lookup) is False:
                    found.append(Failed(sheet.name, check.holds, check.words))
        return found

    def _one(self, sheet: Sheet, line: Line, computed: Computed) -> None:
        if not line.cell.formula or line.name in self._done:
            return
        self._done.add(line.name)
        tree = self._tree(line.cell.formula)
        for reference in formula.references(tree):
            for other_sheet, other in self._meant(sheet, line.name, reference):
                self._one(other_sheet, other, computed)
        computed(line, formula.evaluate(tree, self._lookup(sheet, line.name)))

    def _lookup(self, sheet: Sheet, at: str) -> formula.Lookup:
        def lookup(reference: str) -> list[formula.Value]:
            return [_value(line) for _, line in self._meant(sheet, at, reference)]

        return lookup

    def _tree(self, text: str) -> formula.Node:
        if text not in self._trees:
            self._trees[text] = formula.parse(text)
        return self._trees[text]

    def _meant(self, sheet: Sheet, at: str, reference: str) -> list[tuple[Sheet, Line]]:
        """The lines a reference means: of the same sheet, or of every sheet of another annex."""
        base = at.replace(sheet.name, sheet.annex.code, 1)
        names = resolve(self.edition, sheet.annex, reference, base) or []
        annex = reference.partition(":")[0] if ":" in reference else sheet.annex.code
        sheets = [sheet] if annex == sheet.annex.code else [s for s in self.sheets if s.annex.code == annex]
        found = []
        for s in sheets:
            for name in names:
                line = s.lines.get(f"{s.name}.{name.removeprefix(annex + '.')}")
                if line is not None:
                    found.append((s, line))
        return found


def _value(line: Line) -> formula.Value:
    if line.unknown:
        return formula.Unknown((line.name,))
    return line.value if isinstance(line.value, Fraction) else None
