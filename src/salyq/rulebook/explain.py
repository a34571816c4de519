"""The tree behind a figure: what decided it, down to records (file and line) and dated, cited values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Why:
    """One step. `value` is shown text (exact), e.g. "200000.00"; None is unknown. `how` is the kind of step: rule |
    value | input | row | sum | add | subtract | choose | election | scale | round | lookup | missing | constant …
    `place` is file:line for a record, or the origin of a quote; `label` has kk, ru, en where the law names the thing.
    `detail` holds parameters for the words of the step (e.g. the slices of a scale). `by` is the act that made the rule
    or value, where it is not the act cited. `said` has the value in words where the law has them: the choice of an
    election, a rate in per cent. `ends`: the least and the greatest value of one that is not known, where both can be
    told (of a figure, one is enough). `whose` stands at the first step: the name of the person whose figure it is.
    """

    name: str
    value: str | None
    unit: str = ""
    cite: str = ""
    basis: str = ""
    how: str = ""
    inputs: list[Why] = field(default_factory=list)
    label: Mapping[str, str] | None = None
    place: str = ""
    detail: str = ""
    by: str = ""
    said: Mapping[str, str] | None = None
    whose: str = ""
    ends: tuple[str | None, str | None] | None = None

    @property
    def amended(self) -> bool:
        """Whether another act than the one cited made this rule or value."""
        return bool(self.by) and self.by != self.cite.partition(":")[0]

    def as_json(self) -> dict[str, object]:
        """name, value, unit, cite, basis, how, inputs[] (interfaces §4), with what else there is of label, place …"""
        out: dict[str, object] = {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "cite": self.cite,
            "basis": self.basis,
            "how": self.how,
        }
        if self.label:
            out["label"] = dict(self.label)
        if self.place:
            out["place"] = self.place
        if self.detail:
            out["detail"] = self.detail
        if self.amended:
            out["by"] = self.by
        if self.whose:
            out["whose"] = self.whose
        out["inputs"] = [w.as_json() for w in self.inputs]
        return out

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, lang: str = "en", depth: int = 0) -> list[str]:
        """The tree as indented text, a step a line."""
        label = (self.label or {}).get(lang) or self.name
        shown = "?" if self.value is None else self.value
        tail = " ".join(p for p in (self.unit, f"[{self.cite}]" if self.cite else "", self.detail, self.place) if p)
        own = [f"{'  ' * depth}{label}: {shown} {tail}".rstrip()]
        return own + [line for w in self.inputs for line in w.lines(lang, depth + 1)]
