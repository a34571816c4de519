"""Numbered SQL files, each in a transaction, under one lock, their digests kept.

Every room has its own folder `migrations/NNNN_name.sql`; rooms come in the order of ROOMS. A file that was applied
never changes: a later one does.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import NamedTuple

import psycopg
from psycopg import sql

from salyq.office.store.errors import StoreError

ROOMS = ("store", "people", "registry", "procedures", "intake", "ledger", "pilots", "cases")
_LOCK = 7_310_000


class Migration(NamedTuple):
    name: str  # "registry/0001_records.sql"
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def shipped() -> list[Migration]:
    """All migrations of this Salyq, in order."""
    found: list[Migration] = []
    for room in ROOMS:
        folder = files("salyq.office") / room / "migrations"
        if not folder.is_dir():
            continue
        names = sorted(p.name for p in folder.iterdir() if p.name.endswith(".sql"))
        found += [Migration(f"{room}/{n}", (folder / n).read_text(encoding="utf-8")) for n in names]
    return found


def migrate(url: str, migrations: list[Migration] | None = None) -> list[str]:
    """Applies what is missing and names it. StoreError where the database is newer, or an applied file was changed."""
    wanted = shipped() if migrations is None else migrations
    done: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        make_roles(connection)
        connection.execute(
            "create table if not exists public.salyq_migration"
            "(name text primary key, digest text not null, at timestamptz not null default now())"
        )
        applied = connection.execute("select name, digest from public.salyq_migration").fetchall()
        had: dict[str, str] = {str(name): str(digest) for name, digest in applied}
        if newer := sorted(set(had) - {m.name for m in wanted}):
            raise StoreError("store_newer", names=", ".join(newer))
        for migration in wanted:
            if migration.name in had:
                if had[migration.name] != migration.digest:
                    raise StoreError("store_migration_changed", name=migration.name)
                continue
            with connection.transaction():
                connection.execute(migration.text.encode())
                connection.execute(
                    "insert into public.salyq_migration(name, digest) values (%s, %s)",
                    (migration.name, migration.digest),
                )
            done.append(migration.name)
    return done


def make_roles(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The roles of the office in this cluster, where they are not there yet; whoever migrates may take them on."""
    for role in ("salyq_web", "salyq_work", "salyq_ledger"):
        try:
            with connection.transaction():
                connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            continue
        connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(role)))


def make_database(url: str, name: str, template: str | None = None) -> None:
    """`create database`, empty or as a copy of `template`, where it is not there yet; `url` names another database."""
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return
        words = sql.SQL("create database {}").format(sql.Identifier(name))
        if template is not None:
            # As files, not by way of the log: half the work, and nobody writes to a template meanwhile.
            words += sql.SQL(" template {} strategy file_copy").format(sql.Identifier(template))
        connection.execute(words)
