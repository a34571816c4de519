"""What a person should know beside the figures: from law, quotes, files and the person's own facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from salyq.assessing.figures import not_covered, subjects
from salyq.assessing.result import Finding
from salyq.civil.days import kz_day, kz_midnight
from salyq.civil.errors import place
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.facts.energy import split_places
from salyq.facts.taken import shortages
from salyq.facts.world import World
from salyq.law.named import applies
from salyq.records.columns import Times
from salyq.records.model import EnergyReading
from salyq.records.reading import Rejection
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.stored import below, joined

DOCUMENTED = "notice_counts_as_documented"
PLACES = 50  # of one finding; the rest is counted
ONE_DAY = timedelta(days=1)
EDGE = timedelta(hours=1)  # one zone for the whole country: an event this near a year's edge is said
SEVERITIES = ("error", "warning", "notice")


def findings(world: World) -> list[Finding]:
    """All findings of a year, by severity, then code."""
    found = [
        *_of_law(world),
        *(_of_law(world.business) if world.business and world.year.given.does_business else ()),
        *_of_quotes(world),
        *_of_lots(world),
        *_of_files(world),
        *_of_answers(world),
        *_of_days(world),
    ]
    found += [_refused(*r) for r in sorted(world.choices.refused)]
    return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.code, f.records))


def _of_law(world: World) -> Iterable[Finding]:
    """Findings that law itself declares: a flag for a year, a period or a row."""
    concerned = {s for s in subjects(world) if not not_covered(world, s)}
    if world.owner is not None:
        concerned = {world.regime.subject}
    for name, versions in world.graph.law.rules.items():
        subject, _, code = name.rpartition(".")
        first = versions[0]
        if first.role != "finding" or (applies(subject) in world.graph.law.rules and subject not in concerned):
            continue
        true = world.evaluator.where(name, _rows(world, first.per))
        if true:
            version = world.evaluator.version(name, true[0])
            assert version is not None
            places = (s.place or s.group for s in true if first.per != "year")
            params: dict[str, object] = {"year": world.year_number, "count": len(true)}
            yield _say(code, version.extra.get("severity", "notice"), params, places, (version.cite,))


def _rows(world: World, per: str) -> Sequence[Scope]:
    if per == "year":
        return [world.year]
    if per == "quarter":
        return world.quarters
    if per == "half":
        return world.halves
    if per == "reading":
        return [r for q in world.quarters for r in q.rows["readings"].rows]
    if per == "match":
        return below(world.rows["disposals"].rows, "matches")
    if per == "acquisition":
        return joined(world.rows["receipts"].rows, world.rows["payouts"].rows)
    names = {"sale": "sales", "expense": "expenses", "disposal": "disposals", "derivative": "derivatives"}
    names["loss"] = "losses"
    return world.rows[names[per]].rows


def _of_quotes(world: World) -> Iterable[Finding]:
    """One finding for each kind of thing that quotes had to say of an asset or currency."""
    for (code, _), said in sorted(world.lookups.findings.items()):
        said.sort(key=lambda m: str(m[0].params.get("day", "")))
        message = said[0][0]
        if len(said) > 1:
            message = Message("and_more", {"first": message, "more": len(said) - 1})
        yield Finding(code, "notice", message, (), tuple(dict.fromkeys(p for _, p in said))[:PLACES])


def _of_lots(world: World) -> Iterable[Finding]:
    """Sold with no known purchase: how much of what."""
    short: dict[str, tuple[int, list[str]]] = {}
    for disposal, quantity in shortages(world.rows["disposals"].rows):
        amount, places = short.setdefault(disposal.given.asset, (0, []))
        short[disposal.given.asset] = (amount + quantity, places)
        places.append(disposal.place)
    for asset, (amount, places) in sorted(short.items()):
        shown = f"{format_scaled(amount)} {asset}"
        yield Finding(
            "missing_acquisition",
            "warning",
            Message("missing_acquisition_amount", {"amount": shown}),
            world.regime.no_proof(world.last_day),
            tuple(dict.fromkeys(places))[:PLACES],
            shown,
        )
    for key in world.queues.invalid_picks:
        place = str(world.events[key].record.source)
        yield Finding("invalid_lot_choice", "warning", Message("invalid_lot_choice", {}), (), (place,))


def _of_files(world: World) -> Iterable[Finding]:
    rejected = [
        x for f in world.case.reading.files if f.event for x in f.rejected if x.year in (None, world.year_number)
    ]
    if rejected:
        yield _say("rows_rejected", "warning", {"count": len(rejected)}, [str(x.source) for x in rejected])
    yield from map(_rejected, rejected[:PLACES])
    for source, message in (*world.case.reading.notices, *world.case.ledger.notices):
        cites = world.regime.documents(world.last_day) if message.code == DOCUMENTED else ()
        yield Finding(message.code, "notice", message, cites, () if source is None else (str(source),))
    if not world.person.residence_stated:
        yield _say("residence_assumed", "notice", {"year": world.year_number}, [])
    asked = [q for q in world.case.ledger.questions if q.year in (None, world.year_number)]
    if asked:
        yield _say("open_questions", "warning", {"count": len(asked)}, [str(s) for q in asked for s in q.sources])


def _ends_after(reading: EnergyReading, read_until: date, year: int) -> bool:
    """Does a part of the reading that falls in the year lie after the last day whose law was read?"""
    first, after = kz_day(reading.start), min(reading.end, kz_midnight(date(year + 1, 1, 1)))
    return first.year <= year <= kz_day(reading.end).year and after > kz_midnight(read_until + ONE_DAY)


def _rejected(row: Rejection) -> Finding:
    """One row with its file, line, column, value and what would be right."""
    where = place(row.source.file, row.source.line, row.column, row.value).removesuffix(": ")
    message = Message("row_rejected_why", {"place": where, "reason": row.reason})
    return Finding("row_rejected", "warning", message, (), (str(row.source),))


def _of_answers(world: World) -> Iterable[Finding]:
    """What the person answered, and answers that fit nothing any more."""
    for state, code, severity in (("used", "answers_used", "notice"), ("unfit", "answers_unfit", "warning")):
        places = [str(a.answer.source) for a in world.case.ledger.answers if a.state == state]
        if places:
            params = {"count": len(places), "places": ", ".join(places[:5]) + (", …" if len(places) > 5 else "")}
            yield _say(code, severity, params, places)


def _of_days(world: World) -> Iterable[Finding]:
    law = world.graph.law
    read_until: date = law.reading["read_until"]
    own, records = world.events.of_year(world.year_number), world.case.ledger.records
    rows, days, micros = world.events.row[own.start : own.stop], records.column("day"), records.micros
    late = [str(records[n].source) for n in rows if days[n] > read_until]
    late += [str(r.source) for r in world.case.ledger.energy if _ends_after(r, read_until, world.year_number)]
    if late:
        params = {"day": read_until.isoformat(), "count": len(late)}
        yield _say("law_not_read_after", "notice", params, late, (law.reading["cite"],))
    first, last = kz_midnight(date(world.year_number, 1, 1)), kz_midnight(date(world.year_number + 1, 1, 1))
    begin, end = (Times.of([first + EDGE, last - EDGE])).micros
    near = [str(records[n].source) for n in rows if micros[n] < begin or micros[n] >= end]
    if near:
        yield _say("near_year_edge", "notice", {"count": len(near)}, near, ("salyq:one-zone",))
    split = split_places(world.case.ledger.energy, world.person, world.year_number, world.fee_changes)
    if split:
        yield _say("reading_split", "notice", {"count": len(split)}, split)


def _refused(name: str, choice: str, year: int) -> Finding:
    params = {"name": name, "choice": choice, "year": year}
    return Finding("election_not_available", "warning", Message("election_not_available", params))


def _say(
    code: str, severity: str, params: dict[str, object], places: Iterable[str], cites: tuple[str, ...] = ()
) -> Finding:
    found: dict[str, None] = {}
    for said in places:
        found[said] = None
        if len(found) == PLACES:
            break
    return Finding(code, severity, Message(code, params), cites, tuple(found))
