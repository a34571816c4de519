"""E1 and E5 against plain models: no kept row changes, whoever asks and whatever is asked; who sees a row is what the
model says. Each with a planted violation that is seen.
"""

from __future__ import annotations

from typing import NamedTuple

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salyq.office.store import entries
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Access, Store

# What may change, and why: the rest of the office's tables only grow.
CHANGES = {
    "store.head",  # how many entries there are
    "store.clock",
    "store.job",
    "people.account",  # closed, renamed
    "people.api_key",
    "people.delegation",
    "people.link",
    "people.organisation",
    "people.passkey",
    "people.password",
    "people.session",
    "registry.span",  # only closed, by a trigger of its own
    "registry.vocabulary",
    "registry.word",
    "ledger.sequencer",
    "ledger.open_hold",
    "ledger.switch",
    "ledger.recount",
    "pilots.contract",
    "pilots.contract_limit",
    "pilots.card",
    "pilots.quote",
}
PROJECTIONS = {"procedures.standing"}  # kept by triggers of what they are made from, and by nobody else
ROLES = ("", "salyq_web", "salyq_work", "salyq_ledger")


def tables(connection: psycopg.Connection[tuple[str, str]]) -> dict[str, list[str]]:
    rows = connection.execute(
        "select table_schema || '.' || table_name, column_name from information_schema.columns"
        " where table_schema in ('store','people','registry','procedures','intake','cases','ledger','pilots')"
    )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def changed(connection: psycopg.Connection[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """(table, role, statement) of every change that the database does not refuse."""
    found = []
    for table, columns in tables(connection).items():
        if table in CHANGES:
            continue
        tries = [f"update {table} set {c} = {c}" for c in columns]
        tries += [f"delete from {table}", f"truncate {table} cascade"]
        for role in ROLES[1:] if table in PROJECTIONS else ROLES:
            for statement in tries:
                try:
                    with connection.transaction(force_rollback=True):
                        connection.execute(f"set local role {role or 'none'}".encode())
                        connection.execute(statement.encode())
                except psycopg.Error:
                    continue
                found.append((table, role, statement))
    return found


def test_no_kept_table_lets_anybody_change_a_row(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        assert not CHANGES - set(tables(connection))
        assert changed(connection) == []


def test_a_planted_table_that_forgets_its_rows_is_seen(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("drop trigger append_only on intake.filing")
        connection.execute("create table cases.planted(n integer)")
        assert {(t, r) for t, r, _ in changed(connection)} == {("intake.filing", ""), ("cases.planted", "")}


# --- E5 -----

OFFICES, FIRMS = ("", "nbk", "afm"), ("", "230440900503", "211140900363")


class Row(NamedTuple):
    public: bool
    office: str
    organisation: str


def sees(row: Row, who: Access) -> bool:
    """The rule in plain words: public, of my office, of an organisation that I speak for, or I audit."""
    if row.public or who.role == "auditor":
        return True
    return (row.office != "" and row.office in who.offices) or row.organisation in who.organisations


ROWS = st.lists(st.builds(Row, st.booleans(), st.sampled_from(OFFICES), st.sampled_from(FIRMS)), min_size=1, max_size=8)
PEOPLE = st.builds(
    lambda role, office, firms: Access("x", role, office if role not in ("public", "applicant") else "", firms),
    st.sampled_from(["public", "applicant", "officer", "head", "auditor", "administrator"]),
    st.sampled_from(["", "nbk", "afm", "nbk,afm"]),
    st.lists(st.sampled_from(FIRMS[1:]), max_size=2, unique=True).map(tuple),
)


def differences(store: Store, web: Store, rows: list[Row], people: list[Access]) -> list[tuple[Access, Row]]:
    """Who saw what he may not, or did not see what he may."""
    acts = [
        entries.Act("test", "test", {"n": n}, r.public, r.office or None, r.organisation or None)
        for n, r in enumerate(rows)
    ]
    with store.transaction() as tx:
        written = entries.append(tx, acts)
    found = []
    for who in people:
        with web.transaction(who) as tx:
            seen = {w.position for w in written if entries.entry(tx, w.position)}
        found += [(who, r) for w, r in zip(written, rows, strict=True) if (w.position in seen) != sees(r, who)]
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, people=st.lists(PEOPLE, min_size=1, max_size=5))
def test_who_sees_a_row_is_what_the_model_says(
    store: Store, web: Store, clock: FixedClock, rows: list[Row], people: list[Access]
) -> None:
    assert not differences(store, web, rows, people)


@pytest.mark.parametrize("rule", ["true", "public", "public or office = any(store.offices())"])
def test_a_planted_rule_that_shows_too_much_or_too_little_is_seen(
    store: Store, web: Store, database: str, rule: str
) -> None:
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("drop policy seen on store.entry")
        owner.execute(f"create policy seen on store.entry for select to salyq_web using ({rule})".encode())
    rows = [Row(False, "nbk", FIRMS[1]), Row(False, "", FIRMS[2]), Row(True, "", "")]
    people = [Access(), Access("m", "applicant", organisations=(FIRMS[1],)), Access("o", "officer", "nbk")]
    assert differences(store, web, rows, people)
