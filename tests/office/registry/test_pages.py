"""A page of a register reads its own rows, however large the register is: of a hundred thousand records, a few blocks.

Blocks, not milliseconds: they do not know who else works. Each statement is planned once for every page alike (a plan
without its values), as a connection that was asked often does it, and once for its own values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from tests.office.conftest import START

from salyq.office.registry.read import SQL
from salyq.office.store.clock import FixedClock
from salyq.office.store.migrate import make_database
from salyq.office.store.server import Server
from salyq.office.store.store import PUBLIC, WEB, Access, Store

RECORDS = 100_000
OFFICER = Access("officer", "officer", "ministry")
# Every fifth record was corrected a day after it was granted.
FILL = """
insert into store.entry(position, kind, stream, public, recorded_at, body, leaf)
values (0, 'note', 'x', true, '2023-01-01', '{}', sha256('\\x00'::bytea || '{}'::bytea));
alter table registry.span drop constraint span_register_number_valid_recorded_excl;
insert into registry.span(register, number, valid, recorded, status, subject_id, subject_name, key, kind, region, granted, fields,
                          entry, public, office)
select 'miners', 'M-2026-' || lpad(g::text, 7, '0'), daterange('2023-01-01', null),
       tstzrange(t + k * interval '1 day', case when k = 0 and g % 5 = 0 then t + interval '1 day' end), 'active', '', 'Firm', 'firm', 'II', '350000000',
       '2023-01-01', '{}', 0, true, 'ministry'
from generate_series(1, $RECORDS) g, generate_series(0, (g % 5 = 0)::int) k, lateral (select '2023-01-01'::timestamptz + g * interval '10 minutes' as t) at;
analyze registry.span
""".replace("$RECORDS", str(RECORDS))


@pytest.fixture(scope="module")
def many(server: Server, template: str) -> Iterator[Store]:
    make_database(server.url("postgres"), "many_records", template)
    with psycopg.connect(server.url("many_records"), autocommit=True) as owner:
        owner.execute(FILL.encode())
    with Store(server.url("many_records"), role=WEB, clock=FixedClock(START)) as store:
        yield store
    with psycopg.connect(server.url("postgres"), autocommit=True) as owner:
        owner.execute(b"drop database many_records with (force)")


def blocks(store: Store, access: Access, query: bytes, params: dict[str, Any], plans: str) -> tuple[int, int]:
    """How many blocks it read, and how many rows it gave."""
    names = [n for n in params if b"%(" + n.encode() + b")s" in query]
    numbered = re.sub(rb"%\((\w+)\)s", lambda m: b"$%d" % (names.index(m[1].decode()) + 1), query)
    given = ", ".join("null" if params[n] is None else f"'{params[n]}'" for n in names)
    with store.transaction(access) as tx:
        tx.run(f"set local plan_cache_mode = {plans}".encode())
        tx.run(b"prepare a_page as " + numbered)
        [(told,)] = tx.values(f"explain (analyze, buffers, format json) execute a_page({given})".encode())
        tx.run(b"deallocate a_page")
    plan = told[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], int(plan["Actual Rows"])


@pytest.mark.parametrize("plans", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize("access", [PUBLIC, OFFICER], ids=lambda a: a.role)
@pytest.mark.parametrize("known", [None, datetime(2024, 6, 1, tzinfo=UTC), datetime(2023, 1, 3, tzinfo=UTC)])
def test_a_page_reads_its_own_rows(many: Store, known: datetime | None, access: Access, plans: str) -> None:
    query = SQL["records_now" if known is None else "records_known"]
    for after in ("", "M-2026-0000200", "M-2026-0050000", "M-2026-0099990"):
        params = {"register": "miners", "on": date(2026, 6, 1), "known": known, "after": after, "limit": 26}
        params |= {"status": None, "region": None, "kind": None}
        read, rows = blocks(many, access, query, params, plans)
        last = {None: RECORDS, 2024: 74_304, 2023: 288}[known and known.year]
        assert rows == max(0, min(26, last - int(after[-7:] or 0))), (after, rows)
        # A list as known walks the entries of the index behind its last row, but not their records.
        assert read < (1000 if known and known.year == 2023 else 60), (after, read)


def test_a_record_is_found_by_its_number(many: Store) -> None:
    params = {
        "register": "miners",
        "number": "M-2026-0077777",
        "on": date(2026, 6, 1),
        "known": datetime(2026, 1, 1, tzinfo=UTC),
    }
    for name in ("record", "record_now"):
        assert blocks(many, PUBLIC, SQL[name], params, "force_generic_plan") <= (60, 1)
