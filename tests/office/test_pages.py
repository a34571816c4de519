"""A page of a list reads its own rows, however long the list is: of a hundred thousand, a few blocks.

Blocks, not milliseconds: they do not know who else works. Each statement is asked for the first time, and as a
connection does that asked it often (it may then keep a plan without values).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.office.conftest import START

from salyq.office.intake.receive import SQL as FILINGS
from salyq.office.procedures.read import SQL as APPLICATIONS
from salyq.office.procedures.read import Queue, Row, after, after_own, own, queue, queue_length
from salyq.office.registry.read import SQL as RECORDS
from salyq.office.registry.search import SQL as SEARCH
from salyq.office.store.clock import FixedClock
from salyq.office.store.migrate import make_database
from salyq.office.store.server import Server
from salyq.office.store.store import PUBLIC, WEB, Access, Store, Transaction

MANY, OPEN = 100_000, 2_500
OFFICER = Access("officer", "officer", "ministry")
MINER = Access("miner", "applicant", organisations=("000000000077",))
EVERY = {"status": None, "organisation": None, "mine": None}
# Every fifth record was corrected a day after it was granted. Of the applications the first are open, the rest granted.
FILL = f"""
insert into store.entry(position, kind, stream, public, recorded_at, body, leaf)
values (0, 'note', 'x', true, '2023-01-01', '{{}}', sha256('\\x00'::bytea || '{{}}'::bytea));

alter table registry.span drop constraint span_register_number_valid_recorded_excl;
insert into registry.span(register, number, valid, recorded, status, subject_id, subject_name, key, kind, region,
                          granted, fields, entry, public, office)
select 'miners', 'M-2026-' || lpad(g::text, 7, '0'), daterange('2023-01-01', null),
       tstzrange(t + k * interval '1 day', case when k = 0 and g % 5 = 0 then t + interval '1 day' end),
       'active', '', 'Firm', 'firm', 'II', '350000000', '2023-01-01', '{{}}', 0, true, 'ministry'
from generate_series(1, {MANY}) g, generate_series(0, (g % 5 = 0)::int) k,
     lateral (select '2023-01-01'::timestamptz + g * interval '10 minutes' as t) at;

alter table procedures.application disable trigger opened;
create temporary table made as
select gen_random_uuid() as id, g, lpad((g % 5000)::text, 12, '0') as organisation,
       '2025-01-01'::timestamptz + g * interval '5 minutes' as at
from generate_series(1, {MANY}) g;
insert into procedures.application(id, procedure, office, organisation, subject_name, opened_by, opened_at)
select id, 'mining_licence', 'ministry', organisation, 'Firm', 'somebody', at from made;
insert into procedures.standing(application, procedure, office, organisation, opened_at, status, over, due, day, n)
select id, 'mining_licence', 'ministry', organisation, at, case when g <= {OPEN} then 'filed' else 'granted' end,
       g > {OPEN}, case when g <= {OPEN} then '2026-07-01'::date + (g * 37 % 100)::int end, at::date, 1
from made;
alter table procedures.application enable trigger opened;
insert into intake.filing(id, number, kind, organisation, filed_by, filed_at, file_name, file_sha256, file_bytes,
                          status, faults, findings, summary, entry, offices)
select id, 'F-' || lpad(g::text, 7, '0'), 'pool-table', organisation, 'x', at, 'f', repeat('0', 64), 1, 'accepted',
       '[]', '[]', '{{}}', 0, '{{ministry}}' from made;
analyze registry.span; analyze procedures.application; analyze procedures.standing; analyze intake.filing
"""


@pytest.fixture(scope="module")
def many(server: Server, template: str) -> Iterator[Store]:
    make_database(server.url("postgres"), "many", template)
    with psycopg.connect(server.url("many"), autocommit=True) as owner:
        owner.execute(FILL.encode())
    with Store(server.url("many"), role=WEB, clock=FixedClock(START)) as store:
        yield store
    with psycopg.connect(server.url("postgres"), autocommit=True) as owner:
        owner.execute(b"drop database many with (force)")


def blocks(store: Store, access: Access, query: bytes, params: dict[str, Any], times: int) -> tuple[int, int]:
    """How many blocks it read, and how many rows it gave."""
    names = [n for n in params if b"%(" + n.encode() + b")s" in query]
    numbered = re.sub(rb"%\((\w+)\)s", lambda m: b"$%d" % (names.index(m[1].decode()) + 1), query)
    given = ", ".join("null" if params[n] is None else f"'{params[n]}'" for n in names)
    with store.transaction(access) as tx:
        tx.run(b"prepare a_page as " + numbered)
        for _ in range(times):
            tx.run(f"execute a_page({given})".encode())
        [(told,)] = tx.values(f"explain (analyze, buffers, format json) execute a_page({given})".encode())
        tx.run(b"deallocate a_page")
    plan = told[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], int(plan["Actual Rows"])


TIMES = pytest.mark.parametrize("times", [0, 6])  # from the sixth on the planner may keep one plan for all values


@TIMES
@pytest.mark.parametrize("access", [PUBLIC, OFFICER], ids=lambda a: a.role)
@pytest.mark.parametrize("known", [None, datetime(2024, 6, 1, tzinfo=UTC), datetime(2023, 1, 3, tzinfo=UTC)])
def test_a_page_of_a_register(many: Store, known: datetime | None, access: Access, times: int) -> None:
    query = RECORDS["records_now" if known is None else "records_known"]
    for behind in ("", "M-2026-0000200", "M-2026-0050000", "M-2026-0099990"):
        params = {"register": "miners", "on": date(2026, 6, 1), "known": known, "after": behind, "limit": 26}
        params |= {"status": None, "region": None, "kind": None}
        read, rows = blocks(many, access, query, params, times)
        last = {None: MANY, 2024: 74_304, 2023: 288}[known and known.year]
        assert rows == max(0, min(26, last - int(behind[-7:] or 0))), (behind, rows)
        # A list as known early walks the entries of the index behind its last row, but not their records.
        assert read < (1000 if known and known.year == 2023 else 60), (behind, read)


_FIRST = {"due": "-infinity", "opened": "-infinity", "id": UUID(int=0), "filed": "infinity", "number": "", "over": None}
_OVER = {"due": "infinity", "opened": "infinity", "id": UUID(int=2**128 - 1)}


@TIMES
@pytest.mark.parametrize(
    ("access", "query", "some", "rows"),
    [
        (OFFICER, APPLICATIONS["queue_open"], {"procedure": None, "states": None}, 51),
        (OFFICER, APPLICATIONS["queue_open"], {"procedure": None, "states": "{mining_licence/filed}"}, 51),
        (OFFICER, APPLICATIONS["queue_over"], {**_OVER, "procedure": None}, 51),
        (OFFICER, APPLICATIONS["queue_over"], {**_OVER, "procedure": "mining_licence"}, 51),
        (OFFICER, APPLICATIONS["listed"], {**EVERY, "procedure": None}, 51),
        (MINER, APPLICATIONS["listed"], {**EVERY, "procedure": None, "mine": "{000000000077}"}, 20),
        (MINER, APPLICATIONS["of_organisations"], {"organisations": "{000000000077}"}, 20),
        (OFFICER, FILINGS["listed"], {**EVERY, "kind": None}, 51),
        (MINER, FILINGS["listed"], {**EVERY, "kind": None, "mine": "{000000000077}"}, 20),
    ],
)
def test_a_page_of_a_queue(
    many: Store, access: Access, query: bytes, some: dict[str, Any], rows: int, times: int
) -> None:
    read, got = blocks(many, access, query, {**_FIRST, **some, "limit": 51}, times)
    assert got == rows
    assert read < 600, read  # each row is looked up in two tables; either table alone has twice as many


def test_nothing_of_a_long_queue_is_left_out(many: Store) -> None:
    with many.transaction(OFFICER) as tx:
        assert queue_length(tx, Queue(by=("officer",))) == queue_length(tx, Queue()) == OPEN
        assert queue_length(tx, Queue(over=True)) == MANY - OPEN
        assert queue_length(tx, Queue(by=("second",))) == 0
        shown = [r for page in _pages(tx, Queue(by=("officer",))) for r in page]
        assert len({r.id for r in shown}) == len(shown) == OPEN
        assert [r.due for r in shown] == sorted(r.due for r in shown if r.due)


def _pages(tx: Transaction, asked: Queue, size: int = 500) -> Iterator[list[Row]]:
    rows = queue(tx, asked, limit=size)
    while rows:
        yield rows
        rows = queue(tx, asked, limit=size, cursor=after(rows[-1], over=asked.over))


@pytest.mark.parametrize("over", [False, True])
def test_what_leaves_a_queue_between_two_pages_shifts_no_other(many: Store, server: Server, over: bool) -> None:
    with psycopg.connect(server.url("many"), autocommit=True) as owner, many.transaction(OFFICER) as tx:
        pages = _pages(tx, Queue(over=over), OPEN // 3)
        shown = [r.id for r in next(pages)]
        moved = {"gone": shown[:7]}
        owner.execute("update procedures.standing set over = not over where application = any(%(gone)s)", moved)
        try:
            shown += [r.id for page in itertools.islice(pages, 3) for r in page]
        finally:
            owner.execute("update procedures.standing set over = not over where application = any(%(gone)s)", moved)
        assert shown == [r.id for r in queue(tx, Queue(over=over), limit=len(shown))]


def test_the_pages_of_a_cabinet_are_its_list(many: Store) -> None:
    """Open ones, then those that are over, across the border between them."""
    firms = [f"{n:012d}" for n in range(60, 80)]
    with many.transaction(Access("miner", "applicant", organisations=tuple(firms))) as tx:
        every, shown = own(tx, firms, limit=1000), own(tx, firms, limit=7)
        while rows := own(tx, firms, limit=7, cursor=after_own(shown[-1])):
            shown += rows
    assert [r.over for r in every] == sorted(r.over for r in every)
    assert len({r.over for r in every}) == 2
    assert shown == every


@TIMES
def test_a_record_by_its_number(many: Store, times: int) -> None:
    params: dict[str, Any] = {"register": "miners", "number": "M-2026-0077777", "on": date(2026, 6, 1)}
    for name in ("record", "record_now"):
        read, rows = blocks(many, PUBLIC, RECORDS[name], {**params, "known": datetime(2026, 1, 1, tzinfo=UTC)}, times)
        assert rows == 1
        assert read < 60


def test_records_that_a_search_found_right_after_a_large_import(many: Store, server: Server) -> None:
    """The database has not counted the rows yet: what was found is looked up by number all the same."""
    numbers = ",".join(f"M-2026-{n:07}" for n in range(1, 51))
    params: dict[str, Any] = {"register": "miners", "on": date(2026, 6, 1), "limit": 50, "numbers": f"{{{numbers}}}"}
    params |= {"scores": "{" + ",".join(["1"] * 50) + "}", "status": None, "region": None, "kind": None}
    with psycopg.connect(server.url("many"), autocommit=True) as owner:
        owner.execute(b"delete from pg_statistic where starelid = 'registry.span'::regclass")
        owner.execute(b"update pg_class set relpages = 0, reltuples = -1 where oid = 'registry.span'::regclass")
    try:
        read, rows = blocks(many, PUBLIC, SEARCH["found_now"], params, 0)
    finally:
        with psycopg.connect(server.url("many"), autocommit=True) as owner:
            owner.execute(b"analyze registry.span")
    assert rows == 50
    assert read < 1_000
