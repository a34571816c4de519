"""What a case holds before any law speaks: its rows as records, its questions, and what is held where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salyq.present.amounts import money, plain
from salyq.present.as_json import Json
from salyq.present.as_text import SEVERITIES, places
from salyq.present.page import Page
from salyq.present.rows_text import (
    FileRows,
    file_rows,
    notice_lines,
    notices,
    rejected_lines,
    rows_headline,
    rows_table,
    rule_lines,
    totals,
)
from salyq.present.units import quantity
from salyq.present.ways_text import command, way_json
from salyq.present.words import Words

if TYPE_CHECKING:
    from salyq.app.api import Case, Holding, Question, Record

SHOWN = 20  # records shown without --all
RECORD_COLUMNS = ("time", "kind", "asset", "quantity", "value", "currency", "fee", "account", "source")
KEYED = ("disposal", "lot")  # columns of `matches` whose key is the same in every run
MATCH_COLUMNS = (
    "disposal",
    "lot",
    "asset",
    "quantity",
    "proceeds",
    "cost",
    "currency",
    "gain",
    "gain_kzt",
    "disposal_day",
    "lot_day",
    "method",
    "status",
)
_MATCH_NUMBERS = (3, 4, 5, 7, 8)


# --- read -------------------------------------------------------------------------------------------------------------


def reading_page(
    case: Case,
    lang: str,
    *,
    everything: bool = False,
    records: bool = True,
    named: Callable[[str], str] | None = None,
) -> Page:
    """The conservation table, rejected rows, notices, then the `records` themselves where they are wanted. `named`:
    what a reader is called; rules are then told in words with their counts.
    """
    say = Words(lang)
    page = Page(lang=lang)
    files = file_rows(case)
    page.title(rows_headline(say, files, bool(case.reading.unread)))
    rows_table(page, say, files, named)
    for source, reason in case.reading.unread:
        page.line(f"{source.file}: {say.of(reason)}", style="warning")
    page.line(say("rows_sum", **totals(files)))
    rule_lines(page, say, files, counted=named is not None)
    rejected_lines(page, say, files, everything=everything)
    notice_lines(page, say, notices(case), everything=everything)
    if records:
        _records(page, say, case.reading.records, everything)
    return page


def _records(page: Page, say: Words, records: Sequence[Record], everything: bool) -> None:
    page.heading(say("records_heading", count=len(records)))
    shown = records if everything else records[:SHOWN]
    if shown:
        page.table([say(f"col_{name}") for name in RECORD_COLUMNS], map(_record_row, shown), right=(3, 4, 6))
    if len(shown) < len(records):
        page.line(say("more_rows", count=len(records) - len(shown)))


def _record_row(r: Record) -> list[str]:
    fee = " ".join(x for x in (quantity(r.fee), r.fee_asset) if x)
    return [
        r.time.isoformat(),
        r.kind,
        r.asset,
        quantity(r.quantity),
        quantity(r.value),
        r.currency or "",
        fee,
        r.account,
        str(r.source),
    ]


def reading_json(case: Case) -> Json:
    """Sums, files with their rules and rejected rows, notices, and every record with all its columns."""
    from salyq.app.api import record_keys

    files = file_rows(case)
    return {
        "rows": totals(files),
        "files": [_file_json(f) for f in files],
        "notices": [{"place": n.place, "code": n.message.code, "message": n.message.texts()} for n in notices(case)],
        "records": [
            {"key": key, **_record_json(r)}
            for key, r in zip(record_keys(case.reading.records), case.reading.records, strict=True)
        ],
    }


def _file_json(f: FileRows) -> Json:
    return {
        "file": f.file,
        "reader": f.reader,
        "sha256": f.sha256,
        "event": f.event,
        "read": f.read,
        "used": f.used,
        "ignored": dict(f.ignored),
        "rejected": [
            {"line": r.line, "column": r.column, "value": r.value, "code": r.reason.code, "message": r.reason.texts()}
            for r in f.rejected
        ],
    }


def _record_json(r: Record) -> Json:
    def amount(value: int | None) -> str | None:
        return None if value is None else quantity(value)

    return {
        "time": r.time.isoformat(),
        "day": r.day.isoformat(),
        "kind": r.kind,
        "asset": r.asset,
        "quantity": quantity(r.quantity),
        "value": amount(r.value),
        "currency": r.currency,
        "fee": amount(r.fee),
        "fee_asset": r.fee_asset,
        "account": r.account,
        "counterparty": r.counterparty,
        "group": r.group,
        "id": r.id,
        "note": r.note,
        "document": r.document,
        "lot": r.lot,
        "hash": r.hash,
        "source": str(r.source),
    }


# --- questions --------------------------------------------------------------------------------------------------------


def questions_page(questions: Sequence[Question], case: Case, lang: str) -> Page:
    """Questions by severity, each with its rows and what is at stake."""
    say = Words(lang)
    page = Page(lang=lang)
    if not questions:
        page.line(say("questions_none"))
        return page
    page.title(say("questions_heading", count=len(questions)))
    for severity in SEVERITIES:
        mine = [q for q in questions if q.severity == severity]
        if not mine:
            continue
        page.blank()
        page.line(say(f"severity_{severity}", count=len(mine)), style=severity)
        for q in mine:
            _question(page, say, q, case)
    return page


def _question(page: Page, say: Words, q: Question, case: Case) -> None:
    page.line("• " + say.of(q.message), indent=1)
    if q.quantity is not None:
        held = " ".join(x for x in (quantity(q.quantity), q.asset) if x)
        page.line(say("question_stake", amount=held), indent=3)
    if q.income_at_stake:
        page.line(say("question_income", amount=money(_tenge(q.income_at_stake), say.lang)), indent=3)
    if q.tax:
        low, high = (money(_tenge(x), say.lang) for x in q.tax)
        page.line(say("question_tax", year=q.tax_year, low=low, high=high), indent=3)
    if q.sources:
        page.line(places([str(s) for s in q.sources], say), indent=3, style="quiet")
    if q.ways:
        page.line(say("question_ways"), indent=3)
    for way in q.ways:
        page.line("- " + say.of(way.label), indent=4)
        typed = command(way, q.code, case)
        if typed:
            page.line(typed, indent=6, style="quiet")


def _tenge(tiyn: int) -> Decimal:
    return Decimal(tiyn).scaleb(-2)


def questions_json(questions: Sequence[Question], case: Case) -> Json:
    return {
        "questions": [
            {
                "key": q.key,
                "code": q.code,
                "severity": q.severity,
                "message": q.message.texts(),
                "records": [str(s) for s in q.sources],
                "asset": q.asset,
                "quantity": None if q.quantity is None else quantity(q.quantity),
                "income_at_stake": None if q.income_at_stake is None else plain(_tenge(q.income_at_stake), "KZT"),
                "year": q.year,
                "tax": None if q.tax is None else _tax_json(q),
                "answers": [way_json(w, q.code, case) for w in q.ways],
            }
            for q in questions
        ]
    }


def _tax_json(q: Question) -> Json:
    """The year's tax under the readings of a question, lowest and highest."""
    assert q.tax is not None
    low, high = (plain(_tenge(x), "KZT") for x in q.tax)
    return {"year": q.tax_year, "low": low, "high": high}


# --- holdings ---------------------------------------------------------------------------------------------------------


def holdings_page(holdings: Sequence[Holding], on: date, lang: str) -> Page:
    """What is held at the end of the Kazakhstan day `on`, by account and asset."""
    say = Words(lang)
    page = Page(lang=lang)
    if not holdings:
        page.line(say("holdings_none", on=on.isoformat()))
        return page
    page.title(say("holdings_heading", on=on.isoformat()))
    head = [say("col_account"), say("col_asset"), say("col_quantity")]
    page.table(head, ([_account(h.account, say), h.asset, quantity(h.quantity)] for h in holdings), right=[2])
    return page


def _account(name: str, say: Words) -> str:
    """The account as the person calls it; places that are no account (a transfer on its way) in words."""
    english = Words("en")
    for code in ("account_sent", "account_on_the_way", "account_elsewhere"):
        if name == english(code):
            return say(code)
    return name


def holdings_json(holdings: Sequence[Holding], on: date) -> Json:
    rows = [{"account": h.account, "asset": h.asset, "quantity": quantity(h.quantity)} for h in holdings]
    return {"on": on.isoformat(), "holdings": rows}


# --- matches ----------------------------------------------------------------------------------------------------------


def matches_page(rows: Sequence[dict[str, str]], year: int, lang: str, *, everything: bool = False) -> Page:
    """Every disposal × lot of the year, values as the CSV has them, but for its codes, which are in words."""
    say = Words(lang)
    page = Page(lang=lang)
    if not rows:
        page.line(say("matches_none", year=year))
        return page
    page.title(say("matches_heading", year=year, count=len(rows)))
    shown = rows if everything else rows[:SHOWN]
    told = [_match_row(row, say) for row in shown]
    page.table([say(f"col_{name}") for name in MATCH_COLUMNS], told, right=_MATCH_NUMBERS)
    if len(shown) < len(rows):
        page.line(say("more_rows", count=len(rows) - len(shown)))
    return page


def _match_row(row: dict[str, str], say: Words) -> list[str]:
    cells = {name: row.get(name) or "" for name in MATCH_COLUMNS}
    for name in ("method", "status"):
        cells[name] = say.known(f"match_{name}_{cells[name]}", cells[name])
    return list(cells.values())


def matches_json(rows: Sequence[dict[str, str]], year: int) -> Json:
    """The matches as the table has them; `keys`: in the same order, the keys for life of each disposal and lot."""
    table = [{name: row.get(name) or "" for name in MATCH_COLUMNS} for row in rows]
    return {"year": year, "matches": table, "keys": [{n: row.get(f"{n}_key") or "" for n in KEYED} for row in rows]}
