"""Cases of the cabinet: files in, rows, figures with their reasons, questions, choices, forms, the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.app.lawbook import whole
from salyq.assessing.result import Assessment
from salyq.civil.days import kz_day
from salyq.civil.errors import SalyqError, UsageError
from salyq.civil.messages import Message
from salyq.facts.case import Case
from salyq.office.cases import read, write
from salyq.office.cases.model import CaseState
from salyq.office.cases.workshop import Working
from salyq.office.intake.files import LARGEST
from salyq.office.people import accounts
from salyq.office.portal.cabinet import answers, person, rows
from salyq.office.portal.cabinet.files_of_return import file_of, hand_in, returns_of
from salyq.office.portal.cabinet.rows import namer
from salyq.office.portal.lists import listed_as, wanted_as
from salyq.office.portal.pieces import tree_html
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit
from salyq.office.registry import book
from salyq.present.as_text import shown_value
from salyq.present.explain_text import why_page
from salyq.present.short_text import main_figures
from salyq.present.words import Words
from salyq.records.person import PERSON_KINDS

YEAR_AHEAD = timedelta(days=365)


def every(visit: Visit) -> Response:
    wrong: SalyqError | None = None
    if visit.request.method == "POST":
        subject, kind = visit.form.get("subject", "")[:12], visit.form.get("kind", "")
        name = visit.form.get("name", "")[:120]
        try:
            text = person.checked(person.first_text(subject, kind, ""))
            with visit.transaction() as tx:
                id_ = write.make(tx, subject, name, text)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect(f"/cabinet/cases/{id_}")
    assert visit.account is not None
    with visit.transaction() as tx:
        mine, rows = accounts.organisations_of(tx, visit.account), read.listed(tx)
    if wanted_as(visit):
        return listed_as(visit, "cases", ("id", "name", "subject", "made_at"), [r._asdict() for r in rows])
    return visit.render(
        "case_list.html",
        status_of(wrong),
        rows=rows,
        mine=mine,
        own=visit.account.iin or "",
        kinds=PERSON_KINDS,
        wrong=wrong,
    )


def one(visit: Visit) -> Response:
    """The case: its files and what became of their rows; files are added and put aside here."""
    wrong: SalyqError | None = None
    now = _state(visit)
    if visit.request.method == "POST":
        try:
            _change_files(visit, now)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect(f"/cabinet/cases/{now.row.id}")
    return _worked(visit, now, lambda: _overview(visit, now, wrong))


def _change_files(visit: Visit, now: CaseState) -> None:
    with visit.transaction() as tx:
        if aside := visit.form.get("aside", ""):
            write.put_aside(tx, now.row.id, aside)
            return
        if not visit.files:
            raise UsageError(Message("portal_no_file"), column="files")
        for file in visit.uploads:
            write.add_file(tx, visit.site.folder, now.row.id, file.filename or "file", file.file.read(LARGEST + 1))


def _overview(visit: Visit, now: CaseState, wrong: SalyqError | None = None) -> Response:
    shop, rows, reports, years, asked, records = visit.site.workshop, [], [], [], 0, 0
    trouble: SalyqError | None = None
    if now.files:
        try:
            case = shop.case(now)
            reports, years, records = case.reading.files, years_of(case), len(case.reading.records)
            asked = len(shop.questions(now))
        except SalyqError as error:
            trouble = error
    by_name = {r.file: r for r in reports}
    rows = [(c, by_name.get(name)) for name, c in sorted(now.files.items())]
    return visit.render(
        "case.html",
        status_of(wrong),
        named=namer(visit.lang),
        now=now,
        rows=rows,
        years=years,
        asked=asked,
        records=records,
        wrong=wrong,
        trouble=trouble,
        tab="files",
    )


def years_of(case: Case) -> list[int]:
    """The years that the case tells of, as far as law was read."""
    reading = whole().reading
    found = {r.day.year for r in case.reading.records} | {p.day.year for p in case.reading.payouts}
    found |= {e.start.year for e in case.reading.energy} | {x.day.year for x in case.reading.expenses}
    last = max(found, default=reading["last_year"])
    return [y for y in range(min(found, default=last), last + 1) if reading["first_year"] <= y <= reading["last_year"]]


def facts_page(visit: Visit) -> Response:
    """The person's facts: the form, or the whole file for who knows it."""
    now, wrong = _state(visit), None
    text = now.text("person")
    if visit.request.method == "POST":
        try:
            whole_file = visit.form.get("text")
            made = person.checked(whole_file.replace("\r\n", "\n")) if whole_file else person.changed(text, visit.form)
            with visit.transaction() as tx:
                write.write_text(tx, now.row.id, "person", made)
        except SalyqError as error:
            wrong = error
            text = visit.form.get("text") or text
        else:
            return visit.redirect(f"/cabinet/cases/{now.row.id}")

    def shown() -> Response:
        accounts_told: list[str] = []
        years: list[int] = []
        if now.files:
            try:
                case = visit.site.workshop.case(now)
                accounts_told = sorted({r.account for r in case.reading.records if r.account})
                years = years_of(case)
            except SalyqError:
                pass  # the files page says what is wrong with them
        try:
            facts = person.facts(text, accounts_told, years)
        except SalyqError:
            facts = person.facts(now.text("person"), accounts_told, years)
        return visit.render(
            "case_person.html",
            status_of(wrong),
            now=now,
            facts=facts,
            text=text,
            wrong=wrong,
            kinds=PERSON_KINDS,
            regions=book.regions(),
            money=person.money_of(facts.kind),
            tab="person",
        )

    return _worked(visit, now, shown)


def rows_page(visit: Visit) -> Response:
    now = _state(visit)
    return _worked(visit, now, lambda: rows.shown(visit, now))


def year_page(visit: Visit) -> Response:
    """Figures, what they rest on, other choices, duties. POST takes another choice."""
    now, year = _state(visit), _year(visit)
    if visit.request.method == "POST":
        made = person.elected(now.text("person"), visit.form.get("election", ""), visit.form.get("choice", ""))
        with visit.transaction() as tx:
            write.write_text(tx, now.row.id, "person", made)
        return visit.redirect(f"/cabinet/cases/{now.row.id}/{year}")

    def shown() -> Response:
        result = visit.site.workshop.assessment(now, year)
        say = Words(visit.lang)
        main = main_figures(result.figures)
        return visit.render(
            "case_year.html",
            now=now,
            year=year,
            a=result,
            say=say,
            main=main,
            value=lambda f: shown_value(f, say),
            figures=result.figures,
            choices={c.election: c for c in result.choices},
            tab="years",
        )

    return _worked(visit, now, shown)


def why(visit: Visit) -> Response:
    """The tree of one figure."""
    now, year = _state(visit), _year(visit)
    name, period = visit.query.get("figure", ""), visit.query.get("period", "")

    def shown() -> Response:
        result = visit.site.workshop.assessment(now, year)
        found = next((f for f in result.figures if (f.name, f.period) == (name, period)), None)
        if found is None:
            raise HTTPException(404)
        page = why_page(
            result.explain(name, period), visit.lang, acts=whole().acts, everything=visit.query.get("all") == "1"
        )
        say = Words(visit.lang)
        label = say.label(found.label, found.name)
        return visit.render(
            "case_why.html",
            now=now,
            year=year,
            f=found,
            label=label,
            tree=tree_html(page, 2),
            value=shown_value(found, say),
        )

    return _worked(visit, now, shown)


def questions(visit: Visit) -> Response:
    """What needs an answer, each with a form of the ways there are."""
    now, wrong = _state(visit), None
    if visit.request.method == "POST":
        try:
            _answer(visit, now)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect(f"/cabinet/cases/{now.row.id}/questions")

    def shown() -> Response:
        asked = visit.site.workshop.questions(now)
        told = [(q, answers.choices(q), answers.advice(q)) for q in asked]
        return visit.render(
            "case_questions.html",
            status_of(wrong),
            now=now,
            asked=told,
            wrong=wrong,
            wrong_key=visit.form.get("key", ""),
            given=visit.form,
            tab="questions",
        )

    return _worked(visit, now, shown)


def _answer(visit: Visit, now: CaseState) -> None:
    from salyq.dialogue.answering import write_answer

    shop = visit.site.workshop
    asked = shop.questions(now)
    question = next((q for q in asked if q.key == visit.form.get("key", "")), None)
    if question is None:
        raise UsageError(Message("portal_question_gone"), column="key")
    chosen = next((c for c in answers.choices(question) if str(c.n) == visit.form.get("way", "")), None)
    if chosen is None:
        raise UsageError(Message("portal_choose_way"), column="way")
    said, rows = answers.said(chosen, visit.form)
    written = write_answer(shop.case(now), shop.lay_out(now), asked, chosen.code, rows, said)
    with visit.transaction() as tx:
        write.write_text(tx, now.row.id, "answers", written.text)


def forms(visit: Visit) -> Response:
    """The returns of a year: what each says, what is to be filled by hand; POST hands one in."""
    now, year, wrong = _state(visit), _year(visit), None

    def shown() -> Response:
        nonlocal wrong
        made = visit.site.workshop.other(now, f"forms/{year}", lambda case: returns_of(case, year))
        if visit.request.method == "POST":
            try:
                filed = hand_in(visit, now, made, visit.form.get("form", ""), visit.form.get("period", ""))
            except SalyqError as error:
                wrong = error
            else:
                return visit.redirect(f"/cabinet/filings/{filed.id}")
        return visit.render(
            "case_forms.html", status_of(wrong), now=now, year=year, made=made, wrong=wrong, tab="years"
        )

    return _worked(visit, now, shown)


def form_file(visit: Visit) -> Response:
    now, year = _state(visit), _year(visit)

    def shown() -> Response:
        made = visit.site.workshop.other(now, f"forms/{year}", lambda case: returns_of(case, year))
        return file_of(made, visit.path["form"], visit.query.get("period", ""), visit.path["ending"], visit.lang)

    return _worked(visit, now, shown)


def calendar(visit: Visit) -> Response:
    from salyq.forms.calendar import description, entries, icalendar, label_of

    now = _state(visit)
    with visit.transaction() as tx:
        today = kz_day(tx.now)
    first, last = _first(today), today + YEAR_AHEAD
    as_file = visit.path.get("ending") == "ics"

    def shown() -> Response:
        def work(case: Case) -> tuple[Case, Any]:
            return case, entries(case, first, last)

        case, found = visit.site.workshop.other(now, f"calendar/{first}", work)
        if as_file:
            headers = {"content-disposition": 'attachment; filename="salyq.ics"'}
            return Response(icalendar(found, case.person, visit.lang), media_type="text/calendar", headers=headers)
        if wanted_as(visit):
            columns = ("day", "name", "period", "form", "amount", "sure", "cites")
            return listed_as(visit, "calendar", columns, [asdict(e) for e in found])
        rows = [(e, label_of(e, visit.lang), description(replace(e, amount=None), visit.lang)) for e in found]
        return visit.render("case_calendar.html", now=now, rows=rows, today=today, tab="calendar")

    return _worked(visit, now, shown)


def _first(today: date) -> date:
    return today - timedelta(days=60)


# --- what they share --------------------------------------------------------------------------------------------------


def _state(visit: Visit) -> CaseState:
    try:
        id_ = UUID(visit.path["id"])
    except ValueError:
        raise HTTPException(404) from None
    with visit.transaction() as tx:
        found = read.state(tx, id_)
    if found is None:
        raise visit.not_there()
    return found


def _year(visit: Visit) -> int:
    year, reading = int(visit.path["year"]), whole().reading
    if not reading["first_year"] <= year <= reading["last_year"]:
        raise HTTPException(404)
    return year


def _worked(visit: Visit, now: CaseState, shown: Callable[[], Response]) -> Response:
    """The page; where the case is still being worked out, one that asks again by itself, and one that says what is
    wrong with a file."""
    try:
        return shown()
    except Working:
        response = visit.render("case_working.html", 202, now=now)
        response.headers["refresh"] = "3"
        return response
    except SalyqError as error:
        return visit.render("case_trouble.html", 422, now=now, trouble=error, tab="")


def assessment(visit: Visit, now: CaseState, year: int) -> Assessment:
    return visit.site.workshop.assessment(now, year)
