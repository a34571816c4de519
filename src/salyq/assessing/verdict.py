"""One verdict on a year (semantics 41): complete, or incomplete with the reasons in order of money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from salyq.assessing.result import COMPLETE, INCOMPLETE, NO_NUMBER, Figure, Obligation, Reason, Verdict
from salyq.assessing.standing import of_files, open_in
from salyq.civil.messages import Message
from salyq.facts.declared import holding_differences
from salyq.facts.lacking import nothing_read
from salyq.facts.taken import shortages
from salyq.facts.wording import label
from salyq.facts.world import World
from salyq.law.named import OWED
from salyq.reconcile.balances import OF_BALANCES
from salyq.reconcile.model import Ledger, Question
from salyq.rulebook.law import Law

_Cause = tuple[str, ...]  # code, and for quotes their kind and name
MISSING = "missing_acquisition"
_ASKED_OF_ROWS = ("row_rejected", "unmatched_transfer_in", "p2p_bought_without_order", "p2p_sold_without_order")
ANYTHING = ("no_events_read", "row_rejected", "unread_file")  # what was not read could tell of anything


def verdict(world: World, figures: Sequence[Figure], obligations: Sequence[Obligation]) -> Verdict:
    """What of the world's year is not known, each cause once, those that move most money first; reasons whose money
    nobody can say come last, first of them what was not read. Text, JSON, `check`, headings and exit codes all speak
    from it."""
    case, year = world.case, world.year_number
    asked = open_in(case, year, of_files(case, year))
    transfers = {s.place: q for q in asked if q.code in _ASKED_OF_ROWS for s in q.sources}
    reasons = _of_figures(figures, transfers)
    if case.reading.unread:  # that nothing else was read is the same cause
        reasons = [r for r in reasons if r.code != "nothing_read"]
    told = {r.code for r in reasons}
    reasons += _of_obligations(world.graph.law, obligations, figures)
    short = _sold_short(world, figures)
    reasons += _of_questions([q for q in asked if q.code not in told and not _of_coins(q, short)])
    wrong = holding_differences(case, year)
    if wrong:
        reasons.append(Reason("check_holding_differs", _once(wrong)))
    if nothing_read(case) and not case.reading.unread:
        reasons.append(Reason("no_events_read", Message("no_events_read", {})))
    if case.stated_person and not case.person.id:
        reasons.append(Reason(NO_NUMBER, Message("person_id_missing", {})))
    reasons.sort(key=lambda r: (r.amount is None, -(r.amount or 0), r.code not in ANYTHING, r.code))
    return Verdict(INCOMPLETE if reasons else COMPLETE, tuple(reasons))


def _sold_short(world: World, figures: Sequence[Figure]) -> set[tuple[str, str | None]]:
    """Accounts and assets of the sales whose purchase is missing, or is left as it is: their balances are wrong for
    the same coins."""
    missing = {m.params.get("place") for f in figures for m in f.missing if m.code == MISSING}
    found: set[tuple[str, str | None]] = set()
    for own in [w for w in (world, world.business) if missing and w is not None]:
        for sale, _ in shortages(own.rows["disposals"].rows):
            if sale.place in missing:
                found.add((own.event_of[id(sale.refs["sale"])].record.account, sale.given.asset))
    return found | _left_short(world.case.ledger)


def _left_short(ledger: Ledger) -> set[tuple[str, str | None]]:
    """Accounts, and what went out of them, by the rows whose missing purchase is left as it is."""
    places = {place for code, rows in ledger.left if code == MISSING for place in rows}
    rows = [n for n, r in enumerate(ledger.records) if {str(r.source), r.source.place} & places] if places else []
    return {(ledger.records[n].account, leg.asset) for n in rows for leg in ledger.legs().of(n) if leg.quantity < 0}


def _of_coins(q: Question, short: set[tuple[str, str | None]]) -> bool:
    return q.code in OF_BALANCES and (str(q.message.params["account"]), q.asset) in short


def _of_figures(figures: Sequence[Figure], transfers: Mapping[str, Question]) -> list[Reason]:
    """A reason for each cause of an unknown figure, with the tax that hangs on it over all periods."""
    unknown = [f for f in figures if f.status == "unknown"]
    said: dict[_Cause, dict[str, Message]] = defaultdict(dict)
    touched: dict[_Cause, dict[tuple[str, str], Figure]] = defaultdict(dict)
    for f in unknown:
        for m in f.missing or (Message("figure_unknown", {"name": f.name}),):
            asked = transfers.get(str(m.params.get("place")))
            message = asked.message if asked is not None else m
            cause = (asked.code,) if asked is not None else _cause(m)
            said[cause].setdefault(repr(message), message)
            key = f.name.partition(".")[0], f.period
            last = touched[cause].get(key)
            # The last that is to be paid, not a loss after it.
            if last is None or f.payable or not last.payable:
                touched[cause][key] = f
    return [Reason(cause[0], _once(list(own.values())), _money(touched[cause].values())) for cause, own in said.items()]


def _cause(m: Message) -> _Cause:
    if m.code.startswith(("missing_quote", "year_mean")):
        kind = m.params.get("kind", "year_mean")
        return "missing_quotes", str(kind), str(m.params.get("asset", ""))
    return (m.code,)


def _money(touched: Iterable[Figure]) -> Decimal | None:
    """How far apart the ends of what is to be paid are; None where one of them has no end."""
    total = Decimal("0.00")
    for f in touched:
        if f.unit != "KZT" or not f.payable:
            continue
        low, high = f.bounds or (None, None)
        if low is None or high is None:
            return None
        total += high - low
    return total


def _of_obligations(law: Law, obligations: Sequence[Obligation], figures: Sequence[Figure]) -> list[Reason]:
    """Duties of which nobody can say whether they are owed, where no unknown figure of their tax says why already; and
    those whose day no article that was read gives."""
    open_taxes = {f.name.partition(".")[0] for f in figures if f.status == "unknown"}
    own = [o for o in obligations if o.why is not None]
    left = [o for o in own if o.due is None or o.name.partition(".")[0] not in open_taxes]
    found = [{"name": label(law, o.duty), "period": o.period, "why": o.why} for o in left]
    said = [Message("obligation_cannot_be_told", params) for params in found]
    return [Reason("obligation_cannot_be_told", _once(said))] if said else []


def _of_questions(asked: Sequence[Question]) -> list[Reason]:
    by_code: dict[str, list[Message]] = defaultdict(list)
    for q in asked:
        by_code[q.code].append(q.message)
    return [Reason(code, _once(own)) for code, own in by_code.items()]


def _once(said: Sequence[Message]) -> Message:
    return said[0] if len(said) == 1 else Message("and_more", {"first": said[0], "more": len(said) - 1})


def headline(figures: Iterable[Figure]) -> Figure:
    """The figure a reader will ask about first: what is to be paid, else the last one that applies."""
    listed = list(figures)
    for ending in OWED:
        for f in listed:
            if f.name.endswith(ending) and f.status != "not_applicable":
                return f
    return listed[-1]
