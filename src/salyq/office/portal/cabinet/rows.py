"""What was read from the files of a case: what became of the rows of each, and the records; as files too."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from salyq.facts.known_sources import reader_title
from salyq.office.cases.model import CaseState
from salyq.office.portal.lists import listed_as, wanted_as
from salyq.office.portal.pieces import page_html
from salyq.office.portal.visit import Visit
from salyq.present.case_text import RECORD_COLUMNS, SHOWN, reading_page
from salyq.present.units import quantity
from salyq.present.words import Words
from salyq.records.kinds import KINDS


def namer(lang: str) -> Callable[[str], str]:
    """What a reader is called: its venue, and which of its lists it reads."""
    return lambda reader: reader_title(reader, lang)


def shown(visit: Visit, now: CaseState) -> Response:
    """The page, or its records as CSV or JSON."""
    case = visit.site.workshop.case(now)
    records = case.reading.records
    if wanted_as(visit):
        amounts = ("quantity", "value", "fee")
        rows = [
            {**r._asdict(), **{c: quantity(getattr(r, c)) for c in amounts}, "time": r.time.isoformat()}
            for r in records
        ]
        return listed_as(visit, "rows", RECORD_COLUMNS, rows)
    page = reading_page(
        case,
        visit.lang,
        everything=True,
        records=False,
        named=namer(visit.lang),
    )
    some = records if visit.query.get("all") == "1" else records[:SHOWN]
    kinds = {name: kind.label[visit.lang] for name, kind in KINDS.items()}
    return visit.render(
        "case_rows.html",
        now=now,
        html=page_html(page),
        tab="rows",
        records=some,
        count=len(records),
        say=Words(visit.lang),
        quantity=quantity,
        kinds=kinds,
    )
