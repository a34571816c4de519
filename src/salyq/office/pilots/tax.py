"""A holder's tax so far, as the engine computes it from the same records that the year's file holds."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from salyq.app import api
from salyq.civil.errors import SalyqError
from salyq.civil.messages import LANGUAGES
from salyq.law.regimes import PERSONAL


class Taxed(NamedTuple):
    """`tax` in tenge as text, empty where it is not known; `lots` are rows of `salyq matches`, by disposal; `cites` the
    articles of the figure; `verdict` and `fingerprint` of the assessment; `why` what stands in the way, by language."""

    year: int
    tax: str
    lots: Mapping[str, list[dict[str, str]]]
    cites: tuple[str, ...]
    verdict: str
    fingerprint: str
    why: Mapping[str, str] = {}


def taxed(year: int, files: Mapping[str, str]) -> Taxed:
    """The year of a case made of these files (records.csv, person.toml)."""
    return _taxed(year, tuple(sorted((n, t) for n, t in files.items() if n in ("records.csv", "person.toml"))))


@lru_cache(maxsize=64)
def _taxed(year: int, files: tuple[tuple[str, str], ...]) -> Taxed:
    with tempfile.TemporaryDirectory(prefix="salyq-tax-") as folder:
        for name, text in files:
            (Path(folder) / name).write_text(text, encoding="utf-8")
        try:
            case = api.read_case(folder)
            found = api.assess(case, year, alternatives=False)
            rows = api.matches(case, year)
        except SalyqError as error:
            return Taxed(year, "", {}, (), "unknown", "", {lang: error.text(lang) for lang in LANGUAGES})
    lots: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        lots.setdefault(row["disposal"], []).append(row)
    figure = next((f for f in found.figures if f.name == PERSONAL.tax), None)
    if figure is None:
        return Taxed(year, "", lots, (), found.verdict.state, found.fingerprint)
    amount = figure.value if figure.value is not None else figure.so_far
    missing = figure.missing
    why = {lang: "; ".join(m.text(lang) for m in missing) for lang in LANGUAGES} if missing else {}
    tax = "" if amount is None else f"{amount:.2f}"
    return Taxed(year, tax, lots, figure.cites, found.verdict.state, found.fingerprint, why)
