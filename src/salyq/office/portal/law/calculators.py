"""Calculators: a small case is made of what the visitor says, and assessed by the engine like any other.

Nothing is computed here: the figures, their articles and their trees are the assessment's.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.app import api
from salyq.app.lawbook import whole
from salyq.civil.days import period_days
from salyq.civil.errors import SalyqError, UsageError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.law.named import LEVY
from salyq.office.portal.pieces import tree_html
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit
from salyq.present.as_text import shown_value
from salyq.present.explain_text import why_page
from salyq.present.short_text import main_figures
from salyq.present.words import Words
from salyq.records.person import COMPANY, FULL_MINING_LICENCE, INDIVIDUAL


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a calculator: `kind` is day, quarter, number or choice (its words: portal_calc_<name>_<choice>)."""

    name: str
    kind: str
    example: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Calculator:
    fields: tuple[Asked, ...]
    make: Callable[[Path, Mapping[str, str]], int]  # writes the case into a folder; the year to assess


_YES = ("no", "yes")


def _levy(folder: Path, given: Mapping[str, str]) -> int:
    first, last = period_days(given["quarter"])
    licence = f'[[licence]]\nkind = "{FULL_MINING_LICENCE}"\nfrom = {first.isoformat()}\n'
    (folder / "person.toml").write_text(f'kind = "{COMPANY}"\nresident = true\n{licence}', "utf-8")
    head = "start,end,kwh,meter,meter_state,own_plant,renewable,grid_connected,price_per_kwh,max_power_kw"
    row = [first, _next(last), given["kwh"], "M1", "ok"]
    row += [given.get(name) or "" for name in ("own_plant", "renewable", "grid_connected", "price")]
    _table(folder / "energy.csv", head, [[*map(str, row), ""]])
    return first.year


def _gain(folder: Path, given: Mapping[str, str]) -> int:
    aifc = "true" if given.get("aifc") == "yes" else "false"
    account = f'[[account]]\nname = "venue"\ncountry = "KZ"\naifc_exchange = {aifc}\n'
    (folder / "person.toml").write_text(f'kind = "{INDIVIDUAL}"\nresident = true\n{account}', "utf-8")
    head = "time,kind,asset,quantity,value,currency,fee,fee_asset,account,counterparty,group,id,note,document,hash"
    rows = [
        [f"{given['bought']}T12:00:00+05:00", "buy", "BTC", "1", given["cost"], "KZT", "", "", "venue", "", "", "1"],
        [f"{given['sold']}T12:00:01+05:00", "sell", "BTC", "1", given["proceeds"], "KZT", "", "", "venue", "", "", "2"],
    ]
    _table(folder / "records.csv", head, [[*row, "", "d", ""] for row in rows])
    return int(given["sold"][:4])


CALCULATORS: Mapping[str, Calculator] = {
    "levy": Calculator(
        (
            Asked("quarter", "quarter", "2026-Q1"),
            Asked("kwh", "number", "1000000"),
            Asked("price", "number", "20.35", optional=True),
            *(Asked(name, "choice", choices=_YES) for name in ("own_plant", "renewable")),
            Asked("grid_connected", "choice", choices=("yes", "no")),
        ),
        _levy,
    ),
    "gain": Calculator(
        (
            Asked("bought", "day", "2025-03-01"),
            Asked("cost", "number", "1000000"),
            Asked("sold", "day", "2026-05-01"),
            Asked("proceeds", "number", "1500000"),
            Asked("aifc", "choice", choices=("yes", "no")),
        ),
        _gain,
    ),
}


def every(visit: Visit) -> Response:
    return visit.render("calculators.html", names=tuple(CALCULATORS))


def one(visit: Visit) -> Response:
    name = visit.path["name"]
    found = CALCULATORS.get(name)
    if found is None:
        raise HTTPException(404)
    given = {f.name: visit.query.get(f.name, "").strip()[:40] for f in found.fields}
    result, wrong = None, None
    if any(name in visit.query for name in given):
        try:
            _check(found, given)
            result = _assessed(visit, found, given)
        except SalyqError as error:
            wrong = error
    return visit.render(
        "calculator.html",
        status_of(wrong),
        name=name,
        fields=found.fields,
        given=given,
        wrong=wrong,
        result=result,
    )


def _check(found: Calculator, given: Mapping[str, str]) -> None:
    reading = whole().reading
    for f in found.fields:
        value = given[f.name]
        if not value and f.optional:
            continue
        right = f.example or ", ".join(f.choices)
        good = bool(value)
        if f.kind == "number" and good:
            try:
                good = 0 < parse_scaled(value) < 10**36
            except NumberError:
                good = False
        elif f.kind == "day" and good:
            good = bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) and _is_day(value)
            good = good and reading["first_year"] <= int(value[:4]) <= reading["last_year"]
        elif f.kind == "quarter" and good:
            good = bool(re.fullmatch(r"20[0-9]{2}-Q[1-4]", value))
            good = good and reading["first_year"] <= int(value[:4]) <= reading["last_year"]
        elif f.kind == "choice":
            good = value in f.choices
        if not good:
            params = {"name": f.name, "value": value, "right": right}
            raise UsageError(Message("portal_bad_value", params), column=f.name, value=value)
    if "bought" in given and given["bought"] > given["sold"]:
        params = {"name": "sold", "value": given["sold"], "right": f"{given['bought']} …"}
        raise UsageError(Message("portal_bad_value", params), column="sold", value=given["sold"])


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _assessed(visit: Visit, found: Calculator, given: Mapping[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="salyq-") as made:
        folder = Path(made)
        year = found.make(folder, given)
        result = api.assess(api.read_case(folder), year, alternatives=False)
        figures = list(main_figures(result.figures))
        if "quarter" in given:
            figures = [f for f in figures if f.name.startswith(LEVY) and f.period == given["quarter"]]
        say, acts = Words(visit.lang), whole().acts
        shown = [
            {
                "label": say.label(f.label, f.name),
                "period": f.period,
                "value": shown_value(f, say),
                "missing": [say.of(m) for m in f.missing],
                "why": tree_html(why_page(result.explain(f.name, f.period), visit.lang, acts=acts)),
            }
            for f in figures
        ]
    return {"figures": shown, "year": year}


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _table(path: Path, head: str, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head.split(","))
        writer.writerows(rows)
