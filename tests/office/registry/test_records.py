"""E1, E2: a record's state on any day as known at any time, against a plain model; refusals; corrections; spans."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.registry.model_records import Kept, Model

from salyq.office.registry.model import Subject
from salyq.office.registry.read import AsOf, Wanted, every_record, history, record, records, statistics
from salyq.office.registry.verify import verify_spans
from salyq.office.registry.write import Proposed, Refused, next_number, write
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Access, Store, Transaction
from salyq.office.store.verify import verify

LAW = {"act": "law-193-vii", "article": "9"}
FIRM = Subject("230440900503", "«Алтын Дала» ЖШС")
FIELDS = {"kind": "II", "until": "2027-03-01", "region": "350000000"}
FIRST = date(2024, 3, 2)


def put(store: Store, number: str, event: str, day: date, fields: dict[str, Any] | None = None, **more: Any) -> int:
    proposed = Proposed("miners", number, event, day, more.pop("subject", FIRM), fields or {}, LAW, **more)
    with store.transaction() as tx:
        return write(tx, [proposed])[0].position


def status(store: Store, number: str, on: date, known: datetime | None = None) -> str | None:
    with store.transaction() as tx:
        found = record(tx, "miners", number, AsOf(on, known))
    return None if found is None else found.status


def test_the_life_of_a_licence(store: Store, clock: FixedClock) -> None:
    n = "M-2024-0001"
    put(store, n, "granted", FIRST, FIELDS)
    assert status(store, n, FIRST - timedelta(days=1)) is None
    assert status(store, n, date(2027, 3, 1)) == "active"
    assert status(store, n, date(2027, 3, 2)) == "expired"
    before = clock.now()
    clock.move(before + timedelta(days=1))
    suspension = put(store, n, "suspended", date(2026, 5, 1), {"suspended_until": "2026-08-01", "reason": "9.4.2"})
    assert status(store, n, date(2026, 6, 1)) == "suspended"
    assert status(store, n, date(2026, 6, 1), known=before) == "active"
    clock.move(before + timedelta(days=2))
    put(store, n, "corrected", date(2026, 6, 10), {}, corrects=suspension)
    assert status(store, n, date(2026, 6, 1)) == "active"
    assert status(store, n, date(2026, 6, 11)) == "suspended"
    clock.move(before + timedelta(days=3))
    put(store, n, "annulled", date(2026, 6, 10), corrects=suspension)
    assert status(store, n, date(2026, 6, 11)) == "active"
    assert status(store, n, date(2026, 6, 11), known=before + timedelta(days=2)) == "suspended"
    with store.transaction() as tx:
        assert [e.event for e in history(tx, "miners", n)] == ["granted", "suspended", "corrected", "annulled"]
        assert verify(tx) is None
        assert verify_spans(tx) is None


def test_the_end_of_a_suspension_goes_with_it_when_the_term_ends_on_that_very_day(store: Store) -> None:
    n, last = "M-2024-0002", FIRST + timedelta(days=30)
    put(store, n, "granted", FIRST, {**FIELDS, "until": last.isoformat()})
    put(store, n, "suspended", FIRST, {"suspended_until": last.isoformat(), "reason": "9.4.2"})
    with store.transaction() as tx:
        on_the_day, after = (record(tx, "miners", n, AsOf(last + timedelta(days=d))) for d in (0, 1))
    assert on_the_day is not None
    assert (on_the_day.status, on_the_day.fields["suspended_until"]) == ("suspended", last.isoformat())
    assert after is not None
    assert (after.status, "suspended_until" in after.fields) == ("expired", False)


WRONG = [
    ({"number": "M 1"}, "number"),
    ({"event": "blessed"}, "event"),
    ({"day": date(2023, 3, 31)}, "valid_from"),
    ({"subject": Subject("230440900504", "X")}, "subject"),
    ({"subject": Subject("", " ")}, "subject"),
    ({"fields": {**FIELDS, "kind": "III"}}, "kind"),
    ({"fields": {**FIELDS, "until": "2027-02-30"}}, "until"),
    ({"fields": {**FIELDS, "region": "510000000"}}, "region"),
    ({"fields": {"kind": "I", "region": "350000000"}}, "until"),
    ({"fields": {**FIELDS, "colour": "red"}}, "colour"),
    ({"fields": {**FIELDS, "capacity_mw": "1e3"}}, "capacity_mw"),
    ({"event": "suspended", "fields": {}}, "event"),
    ({"event": "corrected"}, "corrects"),
]


@pytest.mark.parametrize(("change", "field"), WRONG, ids=lambda x: x if isinstance(x, str) else "")
def test_what_a_register_may_not_hold_is_refused_whole(store: Store, change: dict[str, Any], field: str) -> None:
    said = {"number": "M-2024-0002", "event": "granted", "day": FIRST, "fields": FIELDS, **change}
    with pytest.raises(Refused) as refused:
        put(store, said.pop("number"), said.pop("event"), said.pop("day"), said.pop("fields"), **said)
    assert field in {f.field for f in refused.value.faults}
    for lang in ("kk", "ru", "en"):
        assert refused.value.text(lang)
    with store.transaction() as tx:
        assert tx.value(b"select count(*) from store.entry") == 0
        assert tx.value(b"select count(*) from registry.span") == 0


def test_one_bad_entry_of_many_writes_none(store: Store) -> None:
    good = Proposed("miners", "M-2024-0003", "granted", FIRST, FIRM, FIELDS, LAW)
    bad = Proposed("miners", "M-2024-0003", "resumed", FIRST, FIRM, {}, LAW)
    with pytest.raises(Refused), store.transaction() as tx:
        write(tx, [good, bad])
    assert status(store, "M-2024-0003", FIRST) is None


def test_restricted_fields_and_registers_stay_with_those_who_may(store: Store, web: Store) -> None:
    put(store, "M-2024-0004", "granted", FIRST, {**FIELDS, "contact": "+7 700 000 00 00"})
    wallet = Proposed(
        "criminal_wallets",
        "TQ1kP2v9cXyZ8mN4bR7sD6fG3hJ5kL0wEa",
        "granted",
        date(2026, 6, 1),
        Subject("", "—"),
        {"network": "tron", "crime": "fraud"},
        {"act": "law-193-vii", "article": "4.4"},
    )
    with store.transaction() as tx:
        write(tx, [wallet])
    everybody, afm = Access(), Access(user="o", role="officer", office="afm")
    for access, seen in ((everybody, 0), (afm, 1)):
        with web.transaction(access) as tx:
            assert records(tx, "criminal_wallets", Wanted(), AsOf(date(2026, 6, 2))).total == seen
            assert len(tx.dicts(b"select number from registry.span where register = 'criminal_wallets'")) == seen
            found = record(tx, "miners", "M-2024-0004", AsOf(date(2026, 6, 2)))
            assert found is not None
            assert "contact" not in found.fields
    with web.transaction(everybody) as tx:
        assert "+7 700" not in str(tx.values(b"select * from store.entry"))


def test_spans_are_only_closed(store: Store, database: str) -> None:
    put(store, "M-2024-0005", "granted", FIRST, FIELDS)
    changes = ("set status = 'revoked'", "set recorded = tstzrange(null, now())", "set recorded = recorded")
    for change in changes:
        with psycopg.connect(database) as c, pytest.raises(psycopg.errors.RestrictViolation):
            c.execute(f"update registry.span {change}".encode())
    with psycopg.connect(database) as c, pytest.raises(psycopg.errors.RestrictViolation):
        c.execute("delete from registry.span")


def test_a_planted_state_is_found(store: Store, database: str) -> None:
    put(store, "M-2024-0006", "granted", FIRST, FIELDS)
    with psycopg.connect(database) as c:
        c.execute("set session_replication_role = replica")
        c.execute("update registry.span set status = 'revoked' where status = 'active'")
    with store.transaction() as tx:
        found = verify_spans(tx)
    assert found is not None
    assert found.where == "miners/M-2024-0006"


def test_numbers_follow_one_another(store: Store) -> None:
    with store.transaction() as tx:
        first = next_number(tx, "miners", 2026)
        write(tx, [Proposed("miners", first, "granted", date(2026, 2, 1), FIRM, FIELDS, LAW)])
        second = next_number(tx, "miners", 2026)
    assert (first, second) == ("M-2026-0001", "M-2026-0002")


def test_lists_filters_pages_and_counts(store: Store) -> None:
    with store.transaction() as tx:
        many = [
            Proposed(
                "miners",
                f"M-2024-{n:04}",
                "granted",
                FIRST,
                Subject("", f"Фирма {n}"),
                {**FIELDS, "kind": "I" if n % 3 == 0 else "II", "region": "710000000" if n % 2 else "350000000"},
                LAW,
            )
            for n in range(1, 61)
        ]
        write(tx, many)
        day = AsOf(date(2026, 6, 1))
        got: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = records(tx, "miners", Wanted(limit=25, cursor=cursor), day)
            assert page.total == 60
            got += [r.number for r in page.items]
            cursor = page.next
        assert got == [f"M-2024-{n:04}" for n in range(1, 61)]
        assert records(tx, "miners", Wanted(kind="I", region="710000000"), day).total == 10
        assert records(tx, "miners", Wanted(q="M-2024-0017"), day).items[0].number == "M-2024-0017"
        assert records(tx, "miners", Wanted(q="%_\\"), day).total == 0
        assert dict(statistics(tx, "miners", "kind", day)) == {"I": 20, "II": 40}
        months = statistics(tx, "miners", "month", day)
        assert (months[0], months[-1]) == (("2024-03", 60), ("2026-06", 60))
        assert dict(statistics(tx, "miners", "status", AsOf(date(2027, 3, 2)))) == {"expired": 60}


# --- against the model --------------------------------------------------------------------------------------------

DAYS = st.integers(0, 40).map(lambda d: FIRST + timedelta(days=d))
EVENTS = st.sampled_from(
    [
        "granted",
        "changed",
        "suspended",
        "resumed",
        "renewed",
        "surrendered",
        "revoked",
        "expired",
        "corrected",
        "annulled",
    ]
)
STEP = st.tuples(EVENTS, DAYS, st.integers(0, 6), st.integers(0, 45), st.booleans())
_numbers = count(1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=9), st.data())
def test_every_day_as_known_at_every_time_is_the_models(
    store: Store, clock: FixedClock, steps: list[tuple[str, date, int, int, bool]], data: st.DataObject
) -> None:
    number = f"M-2024-{next(_numbers)}"
    model, positions, times = Model(), list[int](), list[datetime]()
    for event, day, about, term, soon in [("granted", FIRST, 0, 30, True), *steps]:
        clock.move(clock.now() + timedelta(hours=1))
        fields: dict[str, Any] = {"reason": f"r{about}"}
        if event in ("granted", "renewed", "corrected"):
            fields |= {"until": (day + timedelta(days=term)).isoformat(), "kind": "II", "region": "350000000"}
        if event == "suspended" and soon:
            fields["suspended_until"] = (day + timedelta(days=30)).isoformat()
        target = about % len(positions) if event in ("corrected", "annulled") and positions else None
        new = Kept(clock.now(), event, day, fields, target)
        allowed = model.may(new) and not (event in ("corrected", "annulled") and target is None)
        try:
            where = None if target is None else positions[target]
            positions.append(put(store, number, event, day, fields, corrects=where))
        except Refused:
            assert not allowed
            continue
        assert allowed
        model.add(new)
        times.append(clock.now())
    asked = data.draw(st.lists(st.tuples(DAYS, st.sampled_from(times)), min_size=1, max_size=8))
    with store.transaction() as tx:
        for day, known in asked:
            found = record(tx, "miners", number, AsOf(day, known))
            assert (None if found is None else (found.status, found.fields)) == model.status(day, known)


def test_after_everything_the_log_and_the_spans_still_agree(store: Store, clock: FixedClock) -> None:
    for n in range(3):
        put(store, f"M-2025-{n}", "granted", FIRST, FIELDS)
        clock.move(clock.now() + timedelta(hours=1))
        put(store, f"M-2025-{n}", "suspended", date(2026, 1, 1))
    with store.transaction() as tx:
        assert verify(tx) is None
        assert verify_spans(tx) is None


def test_what_expires_while_it_is_suspended_is_suspended_no_more(store: Store) -> None:
    put(store, "M-2023-0001", "granted", date(2023, 5, 1), {**FIELDS, "until": "2026-05-31"})
    put(store, "M-2023-0001", "suspended", date(2026, 5, 1), {"suspended_until": "2026-08-01", "reason": "9.4.2"})
    with store.transaction() as tx:
        during, after = (record(tx, "miners", "M-2023-0001", AsOf(d)) for d in (date(2026, 5, 31), date(2026, 6, 1)))
    assert during is not None
    assert after is not None
    assert (during.status, during.fields["suspended_until"]) == ("suspended", "2026-08-01")
    assert (after.status, after.fields.get("suspended_until")) == ("expired", None)


REALLY = {"Астана Майнинг": 300, "Maining": 300, "Kuat Майнинг": 300}


def test_a_search_is_paged_like_a_list(store: Store) -> None:
    """The pages together are the whole answer, in one order and without repeats; what lies behind it is empty."""
    many = [
        Proposed("miners", f"M-2024-{n:04}", "granted", FIRST, Subject("", name), FIELDS, LAW)
        for n in range(1, 301)
        for name in ("«Қуат Майнинг»" if n <= 40 else "«Астана Майнинг»",)
    ]
    totals = {"Астана Майнинг": 200, "Maining": 200, "Қуат": 40, "Kuat Майнинг": 200, "Куат": 40, "Жоқжерде": 0}
    with store.transaction() as tx:
        write(tx, many)
        for known in (None, datetime(2027, 1, 1, tzinfo=UTC)):
            day = AsOf(date(2026, 6, 1), known)
            for q, total in totals.items():
                whole = [r.number for r in records(tx, "miners", Wanted(q=q, limit=500), day).items]
                got: list[str] = []
                cursor: str | None = ""
                while cursor is not None:
                    page = records(tx, "miners", Wanted(q=q, limit=30, cursor=cursor), day)
                    assert (q, page.total, page.more) == (q, total, total == 200)
                    got += [r.number for r in page.items]
                    cursor = page.next
                assert got == whole
                rows = [r.number for r in every_record(tx, "miners", Wanted(q=q), day)]
                # A file holds all that is found, in the same order: here all bear the name, or its second word.
                assert rows[:total] == whole
                assert len(set(rows)) == len(rows) == (REALLY[q] if total == 200 else total)
                assert len(set(got)) == total
            for behind in ("200", "199999"):
                page = records(tx, "miners", Wanted(q="Maining", cursor=behind), day)
                assert (page.items, page.total, page.next) == ([], 200, None)
            for strange in ("9" * 30, "²", "-1", "next"):
                assert records(tx, "miners", Wanted(q="Maining", cursor=strange), day).items[0].number == "M-2024-0001"


def test_a_page_of_search_keeps_its_filters(store: Store) -> None:
    """Where a filter takes most away, what is left is found however many bear the word."""
    with store.transaction() as tx:
        write(
            tx,
            [
                Proposed("miners", f"M-2024-{n:04}", "granted", FIRST, Subject("", "«Дата»"), fields, LAW)
                for n in range(1, 701)
                for fields in ({**FIELDS, "region": "710000000" if n == 700 else "350000000"},)
            ],
        )
        found = records(tx, "miners", Wanted(q="дата", region="710000000"), AsOf(date(2026, 6, 1)))
    assert [r.number for r in found.items] == ["M-2024-0700"]


def test_part_of_a_number_is_found_with_its_filters_and_on_its_day(store: Store) -> None:
    """However many numbers hold the part: what the filters or the day leave is found, whole, in order."""
    firms = [Subject("", f"«Дата {'Бір' if n % 2 else 'Екі'}»") for n in range(600)]
    with store.transaction() as tx:
        write(
            tx,
            [
                Proposed("miners", f"M-2024-{n:04}", "granted", FIRST + timedelta(days=n >= 500), firm, fields, LAW)
                for n, firm in enumerate(firms)
                for fields in ({**FIELDS, "region": "710000000" if n == 599 else "350000000"},)
            ],
        )
        late, first = AsOf(date(2026, 6, 1)), AsOf(FIRST)
        for q in ("2024-", "Дата"):
            assert [r.number for r in records(tx, "miners", Wanted(q=q, region="710000000"), late).items] == [
                "M-2024-0599"
            ]
            page = records(tx, "miners", Wanted(q=q, limit=500), late)
            assert (len(page.items), page.total, page.more) == (200, 200, True)
            assert len(list(every_record(tx, "miners", Wanted(q=q), late))) == 600
            assert len(list(every_record(tx, "miners", Wanted(q=q), first))) == 500


def test_a_search_on_a_day_finds_what_was_there_though_most_came_later(store: Store) -> None:
    with store.transaction() as tx:
        write(
            tx,
            [
                Proposed("miners", f"M-2024-{n:04}", "granted", day, Subject("", "«Дата»"), FIELDS, LAW)
                for n in range(400)
                for day in (FIRST if n >= 390 else FIRST + timedelta(days=90),)
            ],
        )
        found = records(tx, "miners", Wanted(q="дата"), AsOf(FIRST + timedelta(days=1)))
    assert [r.number for r in found.items] == [f"M-2024-{n:04}" for n in range(390, 400)]


def test_a_restricted_register_is_searched_as_it_was_known(store: Store, clock: FixedClock) -> None:
    number, before, afm = "TQ1kP2v9cXyZ8mN4bR7sD6fG3hJ5kL0wEa", clock.now(), Access("o", "officer", "afm")
    day, whose = date(2026, 6, 1), Subject("", "Wallet of a ring")

    def happened(tx: Transaction, event: str, on: date, fields: dict[str, Any]) -> None:
        write(tx, [Proposed("criminal_wallets", number, event, on, whose, fields, LAW)])

    with store.transaction(afm) as tx:
        happened(tx, "granted", day, {"network": "tron", "crime": "fraud"})
    clock.move(clock.now() + timedelta(hours=2))
    with store.transaction(afm) as tx:
        happened(tx, "surrendered", day + timedelta(days=1), {})
        for q in (number, number[:9], "wallet"):
            for known, said in ((None, ["surrendered"]), (before, ["active"])):
                found = records(tx, "criminal_wallets", Wanted(q=q), AsOf(day + timedelta(days=9), known))
                assert [r.status for r in found.items] == said, (q, known)
