"""Every duty of law for one person between two days: day, form, amount known so far; as iCalendar too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path

from salyq.assessing.duties import deadline
from salyq.assessing.figures import scopes
from salyq.civil.citing import cites_text
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message, Words
from salyq.facts.case import Case
from salyq.forms.asked import Asked
from salyq.forms.load import edition_for, editions
from salyq.forms.model import Edition
from salyq.law import shipped
from salyq.law.asked.asking import ask_act
from salyq.law.facts import STATED
from salyq.law.named import LEVY
from salyq.law.regimes import reports_as
from salyq.prices.book import PriceBook
from salyq.reconcile.model import Ledger
from salyq.records.person import Person
from salyq.records.person_file import read_person
from salyq.records.reading import Reading

LONGEST = 366 * 6  # days of one calendar: a slip of the pen is not a hundred years
WARNING = timedelta(days=-7)


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty. `sure`: law says so from the data; else it arises only if its ground does (`note`)."""

    day: date
    name: str
    label: Words | str
    period: str
    form: str
    amount: Decimal | None
    cites: tuple[str, ...]
    sure: bool
    note: Message | None = None


def case_of_person(path: Path) -> Case:
    """A case that has nothing but its person."""
    person = read_person(path, STATED)
    return Case(str(path), person, Reading(), Ledger(), PriceBook([], []), True)


def entries(case: Case, first: date, last: date) -> list[Entry]:
    """All duties due from `first` to `last`, by day. UsageError: the days are the wrong way round, or too far apart."""
    if last < first:
        raise UsageError(Message("cli_days_backwards", {"first": first}), column="--to", value=last.isoformat())
    if (last - first).days > LONGEST:
        raise UsageError(Message("calendar_too_long", {"days": LONGEST}), column="--to", value=last.isoformat())
    reading = shipped().reading
    found: dict[tuple[str, str], Entry] = {}
    for year in range(max(first.year - 1, reading["first_year"]), min(last.year, reading["last_year"]) + 1):
        asked = Asked(case, year)
        for entry in (*_of_taxes(asked), *_of_reports(case.person, year)):
            found.setdefault((entry.name, entry.period), entry)
    return sorted((e for e in found.values() if first <= e.day <= last), key=lambda e: (e.day, e.name, e.period))


def _of_taxes(asked: Asked) -> Iterator[Entry]:
    labels = asked.world.graph.law.labels
    told: set[tuple[str, str]] = set()
    for o in asked.assessment.obligations:
        told.add((o.duty, o.period))
        if o.due is not None:
            text = labels.get(o.name)
            label = Words(text["kk"], text["ru"], text["en"]) if text else o.name
            note = o.why or o.note
            yield Entry(
                o.due, o.name, label, o.period, _form(o.duty, asked.year), o.amount, o.cites, o.why is None, note
            )
    yield from _conditional(asked, told)


def _conditional(asked: Asked, told: set[tuple[str, str]]) -> Iterator[Entry]:
    """Returns of this kind of person that the data do not call for (yet): a person without files has only these."""
    if asked.case.ledger.records or asked.case.ledger.energy or asked.case.ledger.payouts:
        return
    world = asked.world
    for edition in _editions(asked.case.person.kind, asked.year):
        for name in filter(None, (edition.duty, edition.payment)):
            versions = world.graph.law.rules[name]
            for scope in scopes(world, versions[0].per):
                version = world.evaluator.version(name, scope)
                if version is None or (name, scope.group) in told or not _concerns(asked.case.person, name):
                    continue
                day, cite, _, _ = deadline(world, version.extra["due"], scope.group)
                if day is not None:
                    text = world.graph.law.labels[name]
                    label = Words(text["kk"], text["ru"], text["en"])
                    cites = tuple(dict.fromkeys((version.cite, cite)))
                    note = Message("calendar_if")
                    yield Entry(day, name, label, scope.group, edition.form, None, cites, False, note)


def _concerns(person: Person, name: str) -> bool:
    """The mining fee concerns whoever may mine; other returns of the kind concern all of it."""
    return not name.startswith(LEVY) or any(x.mines for x in person.licences)


def _editions(kind: str, year: int) -> Iterator[Edition]:
    for form in dict.fromkeys(e.form for e in editions()):
        try:
            edition = edition_for(form, year)
        except UsageError:
            continue
        if kind in edition.persons:
            yield edition


def _form(duty: str, year: int) -> str:
    for edition in editions():
        if duty in (edition.duty, edition.payment):
            try:
                edition_for(edition.form, year)
            except UsageError:
                continue
            return edition.form
    return ""


def _of_reports(person: Person, year: int) -> Iterator[Entry]:
    """Reports of pools and exchanges, as law answers for each period of the year."""
    reporters = reports_as(person.kind)
    periods = [*(f"{year}-{m:02d}" for m in range(1, 13)), *(f"{year}-Q{q}" for q in (1, 2, 3, 4)), str(year)]
    for reporter in reporters:
        for period in periods:
            for duty in ask_act("report", {"reporter": reporter, "period": period}).duties:
                if duty.due and _suits(duty.name, period):
                    label = Words(duty.label["kk"], duty.label["ru"], duty.label["en"]) if duty.label else duty.name
                    day = date.fromisoformat(str(duty.due)[:10])
                    yield Entry(day, duty.name, label, period, "", None, tuple(duty.cites), True)


def _suits(name: str, period: str) -> bool:
    """A duty of reporting is asked of each kind of period; the pools' table is monthly, the exchanges' quarterly."""
    monthly, quarterly = name.endswith(".pool"), name.endswith((".exchange", "_quarterly"))
    if monthly:
        return "-" in period and "-Q" not in period
    return "-Q" in period if quarterly else period.isdigit()


def icalendar(found: list[Entry], person: Person, lang: str) -> bytes:
    """All-day events with an alarm a week before; the same duties give the same bytes."""
    try:
        from icalendar import Alarm, Calendar, Event
    except ImportError:
        raise UsageError(Message("form_needs_package", {"package": "icalendar"})) from None
    calendar = Calendar()
    calendar.add("prodid", f"-//Salyq//calendar//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Salyq {person.id}".strip())
    for entry in found:
        event = Event()
        key = f"{person.id}|{entry.name}|{entry.period}"
        event.add("uid", f"{blake2b(key.encode(), digest_size=16).hexdigest()}@salyq")
        event.add("dtstamp", datetime.combine(entry.day, time(), UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", summary(entry, lang))
        event.add("description", description(entry, lang))
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary(entry, lang))
        alarm.add("trigger", WARNING)
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def label_of(entry: Entry, lang: str) -> str:
    """The duty in words."""
    return entry.label.text(lang) if isinstance(entry.label, Words) else entry.label


def summary(entry: Entry, lang: str) -> str:
    """The title of an event."""
    unsure = "" if entry.sure else "? "
    return f"{unsure}{label_of(entry, lang)} · {entry.period}"


def description(entry: Entry, lang: str) -> str:
    """Form, amount, articles, and what is not sure."""
    parts = [
        f"{Message('calendar_form').text(lang)}: {entry.form}" if entry.form else "",
        f"{Message('calendar_amount').text(lang)}: {entry.amount} KZT" if entry.amount is not None else "",
        entry.note.text(lang) if entry.note is not None else "",
        cites_text(entry.cites, shipped().acts, lang),
    ]
    return "\n".join(p for p in parts if p)
